"""Local fallback storage, used while the object store is unreachable."""

from contextlib import suppress
from pathlib import Path

from schemas.errors import SettingsError


def write(folder: str, name: str, data: bytes) -> Path:
    """Write a file into the spool and return its path.

    Raises:
        SettingsError: The spool cannot be written.
    """
    path = Path(folder).expanduser() / name
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    except OSError as error:
        what = f"could not write to the spool ({error.strerror})"
        raise SettingsError(what, where=str(path.parent), remedy="set GONGBAO_SPOOL") from error
    return path


def read(folder: str, name: str) -> bytes:
    """Return the contents of a file, empty if it cannot be read."""
    try:
        return (Path(folder).expanduser() / name).read_bytes()
    except OSError:
        return b""


def delete(folder: str, name: str) -> None:
    """Delete a file of the spool, if possible."""
    with suppress(OSError):
        (Path(folder).expanduser() / name).unlink(missing_ok=True)
