"""A local folder for what must be left behind, and found again, though the store takes and gives nothing."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from schemas.errors import SettingsError


def write(folder: str, name: str, data: bytes) -> Path:
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


def read(folder: str, name: str) -> bytes:
    """What was written under a name; nothing where it cannot be had."""
    try:
        return (Path(folder).expanduser() / name).read_bytes()
    except OSError:
        return b""


def delete(folder: str, name: str) -> None:
    """Take a file out of the spool, if it can be done."""
    with suppress(OSError):
        (Path(folder).expanduser() / name).unlink(missing_ok=True)
