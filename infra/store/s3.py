"""A store in an S3 bucket, or under a prefix of one, through boto3.

The server must support conditional writes (`If-None-Match: *`, `If-Match`), as S3 itself and SeaweedFS do. Every write
carries the SHA-256 of its bytes, which the server checks. The SDK retries on its own (`AWS_MAX_ATTEMPTS`). If the
answer to a write was lost, the retry finds the object of the first attempt and gets 412: after a retry the store reads
the key and treats equal bytes as its own write.
"""

from __future__ import annotations

import hashlib
import os
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    CredentialRetrievalError,
    FlexibleChecksumError,
    NoCredentialsError,
    PartialCredentialsError,
    TokenRetrievalError,
)
from tenacity import retry, retry_if_exception, stop_after_attempt, wait_random_exponential

from infra.store.keys import check_key, check_prefix
from infra.store.protocol import Entry, Headers, Stored
from schemas.errors import StoreCorrupt, StoreDenied, StoreError, StoreUnavailable, UsageError

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client
    from mypy_boto3_s3.type_defs import PutObjectRequestTypeDef

CONNECT_SECONDS = 10
"""How long to wait for a connection; a running store accepts one within a second."""

READ_SECONDS = 60
"""How long to wait for a byte of an answer: some servers flush to disk before they answer."""

CONFLICT_TRIES = 5
"""How often a write that conflicts with another is tried; then the race counts as lost."""

PAGE = 1000
"""Keys per page of a listing, the maximum of S3."""

DENIED = frozenset({"AccessDenied", "ExpiredToken", "InvalidAccessKeyId", "InvalidToken", "SignatureDoesNotMatch"})
"""Codes for unknown callers or missing permissions; S3 sends some of them with status 400."""
DAMAGED = frozenset({"BadDigest", "InvalidDigest", "XAmzContentChecksumMismatch", "XAmzContentSHA256Mismatch"})
"""Codes for bytes that were damaged in transit."""
CONFLICT = "ConditionalRequestConflict"
"""The code of a conditional write during another one; it should be retried."""
LOST = frozenset({"PreconditionFailed", CONFLICT, "NoSuchKey"})
"""Codes of a conditional write that lost a race; S3 sends NoSuchKey if the object was deleted."""
REMEDIES = MappingProxyType(
    {
        "NoSuchBucket": "create the bucket, or correct the address of the store",
        "PermanentRedirect": "set AWS_DEFAULT_REGION to the region of the bucket",
    }
)
"""The remedies of particular codes."""
CREDENTIALS = "check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (or the profile), and their rights for this bucket"
WAIT = "check AWS_ENDPOINT_URL, the network and the server, then run again"
_NO_CREDENTIALS = (NoCredentialsError, PartialCredentialsError, CredentialRetrievalError, TokenRetrievalError)


def is_conflict(error: BaseException) -> bool:
    """Return whether a write conflicted with another in progress."""
    return isinstance(error, ClientError) and _code(error) == CONFLICT


def is_lost_race(error: ClientError) -> bool:
    """Return whether a conditional write lost a race."""
    return _code(error) in LOST


def was_retried(error: ClientError) -> bool:
    """Return whether the SDK retried the request, so that its first attempt may have succeeded."""
    return error.response["ResponseMetadata"].get("RetryAttempts", 0) > 0


class S3Store:
    """Objects of a bucket below a prefix."""

    def __init__(self, bucket: str, prefix: str = "", *, page: int = PAGE) -> None:
        """Create a client with the endpoint, region and credentials that the SDK finds; no request is made."""
        self._bucket = bucket
        self._prefix = f"{prefix}/" if prefix else ""
        self._page = page
        self._client = _client()

    @property
    def url(self) -> str:
        """`s3://bucket/prefix`."""
        return f"s3://{self._bucket}/{self._prefix}".rstrip("/")

    def get(self, key: str) -> Stored | None:
        """Return an object, None if it does not exist."""
        name = self._name(key)
        with self._store_errors(name):
            try:
                answer = self._client.get_object(Bucket=self._bucket, Key=name)
            except self._client.exceptions.NoSuchKey:
                return None
            return Stored(data=answer["Body"].read(), etag=answer["ETag"])

    def put_new(self, key: str, data: bytes, headers: Headers) -> bool:
        """Write an object that must not exist yet; return False, with nothing written, if it does."""
        return self.swap(key, data, headers, expected=None) is not None

    def swap(self, key: str, data: bytes, headers: Headers, *, expected: str | None) -> str | None:
        """Replace the object with the etag `expected`; return the new etag, None if somebody else was first."""
        request = self._request(key, data, headers)
        if expected is None:
            request["IfNoneMatch"] = "*"
        else:
            request["IfMatch"] = expected
        with self._store_errors(request["Key"]):
            try:
                return self._put(request)
            except ClientError as error:
                if not is_lost_race(error):
                    raise
                return self._own(key, data) if was_retried(error) else None

    def list(self, prefix: str) -> tuple[Entry, ...]:
        """Return all objects whose key starts with the prefix, sorted by key."""
        name = self._prefix + check_prefix(prefix)
        pages = self._client.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket, Prefix=name, PaginationConfig={"PageSize": self._page}
        )
        with self._store_errors(name):
            entries = [
                Entry(key=item["Key"].removeprefix(self._prefix), etag=item["ETag"], size=item["Size"])
                for page in pages
                for item in page.get("Contents", ())
            ]
        return tuple(sorted(entries, key=lambda entry: entry.key))

    def _name(self, key: str) -> str:
        return self._prefix + check_key(key)

    def _request(self, key: str, data: bytes, headers: Headers) -> PutObjectRequestTypeDef:
        return {
            "Bucket": self._bucket,
            "Key": self._name(key),
            "Body": data,
            "ChecksumSHA256": b64encode(hashlib.sha256(data).digest()).decode(),
            "ContentType": headers.content_type,
            "CacheControl": headers.cache_control,
        }

    @retry(
        retry=retry_if_exception(is_conflict),
        stop=stop_after_attempt(CONFLICT_TRIES),
        wait=wait_random_exponential(multiplier=0.05, max=1),
        reraise=True,
    )
    def _put(self, request: PutObjectRequestTypeDef) -> str:
        """Write, again while another write to the key is in progress; return the new etag."""
        return self._client.put_object(**request)["ETag"]

    def _own(self, key: str, data: bytes) -> str | None:
        """Return the etag of our own write whose answer was lost, None if the bytes are somebody else's."""
        current = self.get(key)
        return current.etag if current and current.data == data else None

    @contextmanager
    def _store_errors(self, name: str) -> Iterator[None]:
        """Translate errors of the SDK into errors of a store."""
        server = urlsplit(self._client.meta.endpoint_url)
        port = f":{server.port}" if server.port else ""
        where = f"s3://{self._bucket}/{name} at {server.scheme}://{server.hostname}{port}"
        try:
            yield
        except ClientError as error:
            raise _answer_error(error, where) from error
        except BotoCoreError as error:
            raise _connection_error(error, where) from error


def _client() -> S3Client:
    """Create a client with a session of its own: building from the shared session is not thread-safe."""
    endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL")
    # Other servers rarely have a host name for every bucket; S3 itself prefers one.
    style: Literal["path", "auto"] = "path" if endpoint else "auto"
    config = Config(connect_timeout=CONNECT_SECONDS, read_timeout=READ_SECONDS, s3={"addressing_style": style})
    try:
        return boto3.session.Session().client("s3", config=config)
    except (ValueError, BotoCoreError) as error:
        what = f"the S3 client could not be created ({type(error).__name__})"
        remedy = "check the endpoint (with its http:// or https://), the region and the profile"
        raise UsageError(what, where="AWS_* variables or ~/.aws/config", remedy=remedy) from error


def _answer_error(error: ClientError, where: str) -> StoreError:
    code, status = _code(error), error.response["ResponseMetadata"].get("HTTPStatusCode", 0)
    detail = f"{code}, status {status}"
    if status in {401, 403} or code in DENIED:
        return StoreDenied(f"the store denies access ({detail})", where=where, remedy=CREDENTIALS)
    if code in DAMAGED:
        return StoreCorrupt(f"the bytes were damaged in transit ({detail})", where=where, remedy="run again")
    return StoreUnavailable(f"the store returned an error ({detail})", where=where, remedy=REMEDIES.get(code, WAIT))


def _connection_error(error: BotoCoreError, where: str) -> StoreError:
    detail = type(error).__name__
    if isinstance(error, _NO_CREDENTIALS):
        return StoreDenied(f"no credentials for the store ({detail})", where=where, remedy=CREDENTIALS)
    if isinstance(error, FlexibleChecksumError):
        return StoreCorrupt("the bytes do not match their checksum", where=where, remedy="run again")
    return StoreUnavailable(f"no answer from the store ({detail})", where=where, remedy=WAIT)


def _code(error: ClientError) -> str:
    return error.response["Error"].get("Code", "")
