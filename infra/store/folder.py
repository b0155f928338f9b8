"""A store in a local directory.

Objects are plain files under their keys. `.gongbao/` contains the lock and files being written: an object is written
there, flushed to disk, and only then appears under its key, by a hard link (which never overwrites) or by a rename
under the lock. Readers need neither lock nor write permission. Writers hold the lock, shared to add an object,
exclusive to replace one; the holder of the exclusive lock knows that any draft was left by a killed process, and
deletes it.
"""

import errno
import fcntl
import hashlib
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from infra.store.keys import HIDDEN, check_key, check_prefix
from infra.store.protocol import Entry, Headers, Stored
from schemas.errors import StoreDenied, StoreError, StoreUnavailable


class FolderStore:
    """Objects as files below one directory, which is created by the first write."""

    def __init__(self, root: Path) -> None:
        """Store the path; nothing is read or written."""
        self._root = root.absolute()
        self._drafts = self._root / HIDDEN

    @property
    def url(self) -> str:
        """The path of the directory."""
        return str(self._root)

    def get(self, key: str) -> Stored | None:
        """Return an object, None if it does not exist."""
        path = self._path(key)
        with _store_errors(path):
            if self._root.exists() and not self._root.is_dir():
                raise NotADirectoryError
            try:
                data = path.read_bytes()
            except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
                return None
        return Stored(data=data, etag=_etag(data))

    def put_new(self, key: str, data: bytes, headers: Headers) -> bool:  # noqa: ARG002 - a folder serves no headers
        """Write an object that must not exist yet; return False, with nothing written, if it does."""
        path = self._path(key)
        with _store_errors(path), self._lock("shared"), self._draft(data) as draft:
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                os.link(draft, path)
            except FileExistsError:
                if path.is_dir():
                    raise IsADirectoryError from None
                return False
            self._fsync_folders(path.parent)
        return True

    def swap(self, key: str, data: bytes, headers: Headers, *, expected: str | None) -> str | None:  # noqa: ARG002 - as put_new
        """Replace the object with the etag `expected`; return the new etag, None if somebody else was first."""
        path = self._path(key)
        with _store_errors(path), self._lock("exclusive"):
            self._delete_drafts()
            current = self.get(key)
            if (current.etag if current else None) != expected:
                return None
            with self._draft(data) as draft:
                path.parent.mkdir(parents=True, exist_ok=True)
                draft.replace(path)
            self._fsync_folders(path.parent)
        return _etag(data)

    def list(self, prefix: str) -> tuple[Entry, ...]:
        """Return all objects whose key starts with the prefix, sorted by key."""
        check_prefix(prefix)
        top = self._root / prefix.rpartition("/")[0]
        with _store_errors(top):
            keys = sorted(key for key in self._keys(top) if key.startswith(prefix))
            return tuple(entry for key in keys for entry in self._entry(key))

    def _path(self, key: str) -> Path:
        return self._root / check_key(key)

    def _keys(self, top: Path) -> Iterator[str]:
        for folder, folders, files in os.walk(top, onerror=_unless_missing):
            if Path(folder) == self._root and HIDDEN in folders:
                folders.remove(HIDDEN)
            place = Path(folder).relative_to(self._root)
            yield from ((place / name).as_posix() for name in files)

    def _entry(self, key: str) -> Iterator[Entry]:
        stored = self.get(key)
        if stored:
            yield Entry(key=key, etag=stored.etag, size=len(stored.data))

    @contextmanager
    def _lock(self, hold: Literal["shared", "exclusive"]) -> Iterator[None]:
        """Hold the store's lock; the system releases it when a process dies."""
        self._drafts.mkdir(parents=True, exist_ok=True)
        with (self._drafts / "lock").open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX if hold == "exclusive" else fcntl.LOCK_SH)
            yield

    @contextmanager
    def _draft(self, data: bytes) -> Iterator[Path]:
        """Write the bytes to a draft outside all keys and flush it to disk."""
        draft = self._drafts / f"{uuid.uuid4().hex}.draft"
        try:
            with draft.open("xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            yield draft
        finally:
            draft.unlink(missing_ok=True)

    def _delete_drafts(self) -> None:
        """Delete the drafts of killed writers; requires the exclusive lock."""
        for draft in self._drafts.glob("*.draft"):
            draft.unlink()

    def _fsync_folders(self, folder: Path) -> None:
        """Flush the directories up to the root to disk, so that a power failure cannot reorder writes."""
        for place in (folder, *folder.parents):
            descriptor = os.open(place, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            if place == self._root:
                return


def _etag(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _unless_missing(error: OSError) -> None:
    """Raise an error of a listing, except for a missing directory, which is empty."""
    if not isinstance(error, FileNotFoundError):
        raise error


@contextmanager
def _store_errors(place: Path) -> Iterator[None]:
    """Translate errors of the operating system into errors of a store."""
    try:
        yield
    except OSError as error:
        raise _store_error(error, place) from error


def _store_error(error: OSError, place: Path) -> StoreError:
    if isinstance(error, PermissionError) or error.errno == errno.EROFS:
        remedy = "let the user of this run write there, on a file system with hard links, or set another folder"
        return StoreDenied(f"no permission for the folder ({error.strerror})", where=str(place), remedy=remedy)
    what, remedy = f"an error of the disk ({error.strerror})", "check its free space and health, then run again"
    if isinstance(error, NotADirectoryError | FileExistsError | IsADirectoryError):
        what = "a file is in the place of a folder, or a folder in the place of a file"
        remedy = "set another folder, or move what is in the way"
    return StoreUnavailable(what, where=str(place), remedy=remedy)
