"""Object stores: one small protocol, on a folder and on S3, with the same promises.

::

    protocol   Store, and what passes through it: Stored, Entry, Headers
    keys       which keys a store takes
    update     update of an object by compare-and-swap
    folder     FolderStore: a directory of this machine
    s3         S3Store: a bucket, or a prefix of one; the only home of boto3
"""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from infra.store.folder import FolderStore
from infra.store.keys import check_prefix
from infra.store.protocol import Entry, Headers, Store, Stored
from schemas.errors import UsageError

__all__ = ["Entry", "Headers", "Store", "Stored", "open_store"]

_S3 = re.compile(r"s3://(?P<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(/(?P<prefix>.*))?")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:/")


def open_store(url: str) -> Store:
    """The store at an address: a folder's path, `file:///path` or `s3://bucket/prefix`; nothing is written yet.

    Endpoint, region and credentials of S3 are those that the SDK finds by its usual variables and files
    (`AWS_ENDPOINT_URL`, `AWS_ACCESS_KEY_ID`, ...).
    """
    place = _S3.fullmatch(url)
    if place:
        return _s3(place["bucket"], check_prefix((place["prefix"] or "").removesuffix("/")))
    if url.startswith("file:///"):
        return FolderStore(Path(url2pathname(urlsplit(url).path)))
    if not url.strip() or _SCHEME.match(url):
        raise UsageError("not the address of a store", where=repr(url), remedy="give a folder, or s3://bucket/prefix")
    return FolderStore(Path(url).expanduser())


def _s3(bucket: str, prefix: str) -> Store:
    """The store on S3."""
    from infra.store.s3 import S3Store  # noqa: PLC0415 - boto3 takes a third of a second, and a folder needs none of it

    return S3Store(bucket, prefix)
