"""A store in a directory of this machine.

Objects are plain files under their keys. `.gongbao/` beside them holds the lock and what is being written: an object
is written there, flushed to the disk, and only then appears under its key, by a hard link (which never overwrites) or
by a rename under the lock. Readers need neither lock nor write permission. Whoever writes holds the lock, shared to add
a new object, alone to replace one: so a lone holder knows that a draft it finds was left by a kill, and clears it away.
"""

from __future__ import annotations

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
    """Objects as files below one directory, which is made at the first write."""

    def __init__(self, root: Path) -> None:
        """Remember the place; nothing is read or written."""
        self._root = root.absolute()
        self._workshop = self._root / HIDDEN

    @property
    def url(self) -> str:
        """The path of the directory."""
        return str(self._root)

    def get(self, key: str) -> Stored | None:
        """The object, or None where there is none."""
        path = self._path(key)
        with _disk(path):
            if self._root.exists() and not self._root.is_dir():
                raise NotADirectoryError
            try:
                data = path.read_bytes()
            except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
                return None
        return Stored(data=data, etag=_etag(data))

    def put_new(self, key: str, data: bytes, headers: Headers) -> bool:  # noqa: ARG002 - a folder serves no headers
        """Write an object that must not exist yet; False, and nothing written, when it does."""
        path = self._path(key)
        with _disk(path), self._lock("shared"), self._written(data) as draft:
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                os.link(draft, path)
            except FileExistsError:
                if path.is_dir():
                    raise IsADirectoryError from None
                return False
            self._settle(path.parent)
        return True

    def swap(self, key: str, data: bytes, headers: Headers, *, expected: str | None) -> str | None:  # noqa: ARG002 - as put_new
        """Replace the object whose tag is `expected`; its new tag, or None when somebody else was first."""
        path = self._path(key)
        with _disk(path), self._lock("alone"):
            self._clear()
            current = self.get(key)
            if (current.etag if current else None) != expected:
                return None
            with self._written(data) as draft:
                path.parent.mkdir(parents=True, exist_ok=True)
                draft.replace(path)
            self._settle(path.parent)
        return _etag(data)

    def list(self, prefix: str) -> tuple[Entry, ...]:
        """All objects whose key begins with the prefix, sorted by key."""
        check_prefix(prefix)
        top = self._root / prefix.rpartition("/")[0]
        with _disk(top):
            keys = sorted(key for key in self._keys(top) if key.startswith(prefix))
            return tuple(entry for key in keys for entry in self._entry(key))

    def _path(self, key: str) -> Path:
        """Where the object of a key lies."""
        return self._root / check_key(key)

    def _keys(self, top: Path) -> Iterator[str]:
        """The keys of all files below a directory, the store's own left out."""
        for folder, folders, files in os.walk(top, onerror=_unless_missing):
            if Path(folder) == self._root and HIDDEN in folders:
                folders.remove(HIDDEN)
            place = Path(folder).relative_to(self._root)
            yield from ((place / name).as_posix() for name in files)

    def _entry(self, key: str) -> Iterator[Entry]:
        """The line of a listing, or none for a file that was taken away meanwhile."""
        stored = self.get(key)
        if stored:
            yield Entry(key=key, etag=stored.etag, size=len(stored.data))

    @contextmanager
    def _lock(self, hold: Literal["shared", "alone"]) -> Iterator[None]:
        """Hold the store's lock; the system takes it back from a process that dies."""
        self._workshop.mkdir(parents=True, exist_ok=True)
        with (self._workshop / "lock").open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX if hold == "alone" else fcntl.LOCK_SH)
            yield

    @contextmanager
    def _written(self, data: bytes) -> Iterator[Path]:
        """A file outside every key that holds the bytes, on the disk and not only in memory."""
        draft = self._workshop / f"{uuid.uuid4().hex}.draft"
        try:
            with draft.open("xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            yield draft
        finally:
            draft.unlink(missing_ok=True)

    def _clear(self) -> None:
        """Take away what killed writers left; only for who holds the lock alone."""
        for draft in self._workshop.glob("*.draft"):
            draft.unlink()

    def _settle(self, folder: Path) -> None:
        """Bring the names up to the root onto the disk too, so that no power cut can reorder what was written."""
        for place in (folder, *folder.parents):
            descriptor = os.open(place, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            if place == self._root:
                return


def _etag(data: bytes) -> str:
    """The tag of an object: the SHA-256 of its bytes."""
    return hashlib.sha256(data).hexdigest()


def _unless_missing(error: OSError) -> None:
    """Raise what stops a listing; a directory that is not there lists as empty."""
    if not isinstance(error, FileNotFoundError):
        raise error


@contextmanager
def _disk(place: Path) -> Iterator[None]:
    """Raise errors of a store in the place of the operating system's."""
    try:
        yield
    except OSError as error:
        raise _store_error(error, place) from error


def _store_error(error: OSError, place: Path) -> StoreError:
    """What the operating system refused, where, and what to do."""
    where = str(place)
    if isinstance(error, PermissionError) or error.errno == errno.EROFS:
        return StoreDenied(
            f"the folder may not be used so ({error.strerror})",
            where=where,
            remedy="let the user of this run write there, on a file system with hard links, or name another folder",
        )
    if isinstance(error, NotADirectoryError | FileExistsError | IsADirectoryError):
        return StoreUnavailable(
            "a file stands where a folder should be, or a folder where a file should be",
            where=where,
            remedy="name another folder, or move what stands in the way",
        )
    return StoreUnavailable(
        f"the disk refuses ({error.strerror})",
        where=where,
        remedy="look at its free space and health, then run again",
    )
