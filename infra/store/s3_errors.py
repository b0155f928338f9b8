"""Translation of the errors of boto3 into errors of a store."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import MappingProxyType
from urllib.parse import urlsplit

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    CredentialRetrievalError,
    FlexibleChecksumError,
    NoCredentialsError,
    PartialCredentialsError,
    TokenRetrievalError,
)

from schemas.errors import StoreCorrupt, StoreDenied, StoreError, StoreUnavailable

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


@contextmanager
def translate_errors(place: str, endpoint: str) -> Iterator[None]:
    """Translate errors of the SDK into errors of a store.

    Raises:
        StoreError: Of the kind of the SDK's error.
    """
    server = urlsplit(endpoint)
    where = f"{place} at {server.scheme}://{server.hostname}{f':{server.port}' if server.port else ''}"
    try:
        yield
    except ClientError as error:
        raise _answer_error(error, where) from error
    except BotoCoreError as error:
        raise _connection_error(error, where) from error


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
