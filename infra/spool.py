"""A local folder for what must be left behind though the store takes nothing."""

from __future__ import annotations

from pathlib import Path

from schemas.errors import SettingsError


def spool(folder: str, name: str, data: bytes) -> Path:
    """Write a file into the spool and say where it lies."""
    path = Path(folder).expanduser() / name
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    except OSError as error:
        raise SettingsError(
            f"the spool cannot be written ({error.strerror})", where=str(path.parent), remedy="set GONGBAO_SPOOL"
        ) from error
    return path
