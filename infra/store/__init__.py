"""Object stores: one small protocol with the same guarantees on a folder and on S3.

::

    protocol   Store and its values: Stored, Entry, Headers
    keys       valid keys
    update     update of an object by compare-and-swap
    folder     FolderStore: a local directory
    s3         S3Store: a bucket, or a prefix of one; only here is boto3 imported

A store never overwrites an object unnoticed, and knows nothing of what its objects mean.
"""

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
    """Open the store at an address; nothing is written.

    The SDK finds endpoint, region and credentials of S3 in its usual variables and files (`AWS_ENDPOINT_URL`,
    `AWS_ACCESS_KEY_ID`, ...).

    Args:
        url: The path of a folder, `file:///path` or `s3://bucket/prefix`.

    Raises:
        UsageError: It is not the address of a store.
    """
    if match := _S3.fullmatch(url):
        from infra.store.s3 import S3Store  # noqa: PLC0415 - boto3 takes a third of a second, and folders do not need it

        return S3Store(match["bucket"], check_prefix((match["prefix"] or "").removesuffix("/")))
    if url.startswith("file:///"):
        return FolderStore(Path(url2pathname(urlsplit(url).path)))
    if not url.strip() or _SCHEME.match(url):
        raise UsageError("not the address of a store", where=repr(url), remedy="give a folder, or s3://bucket/prefix")
    return FolderStore(Path(url).expanduser())
