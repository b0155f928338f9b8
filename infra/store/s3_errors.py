"""What the errors of boto3 mean to a run: refused, not there, or a race that somebody else won."""

from __future__ import annotations

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
"""Codes of a server that knows the caller or the right not; S3 says some of them with status 400."""

DAMAGED = frozenset({"BadDigest", "InvalidDigest", "XAmzContentChecksumMismatch", "XAmzContentSHA256Mismatch"})
"""Codes of a server that received other bytes than were sent."""

CONFLICT = "ConditionalRequestConflict"
"""The code of a conditional write that met another one under way; S3 asks to try again."""

LOST = frozenset({"PreconditionFailed", CONFLICT, "NoSuchKey"})
"""Codes of a conditional write that came too late; S3 says NoSuchKey when the object to replace is gone."""

REMEDIES = MappingProxyType(
    {
        "NoSuchBucket": "make the bucket, or correct the address of the store",
        "PermanentRedirect": "set AWS_DEFAULT_REGION to the region of the bucket",
    }
)
"""What to do about a code that has a remedy of its own."""

CREDENTIALS = "check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (or the profile), and what they may do in this bucket"
WAIT = "check AWS_ENDPOINT_URL, the network and the server, then run again"

_NO_CREDENTIALS = (NoCredentialsError, PartialCredentialsError, CredentialRetrievalError, TokenRetrievalError)


def is_conflict(error: BaseException) -> bool:
    """Whether a write met another one under way."""
    return isinstance(error, ClientError) and _code(error) == CONFLICT


def is_lost_race(error: ClientError) -> bool:
    """Whether a conditional write came too late."""
    return _code(error) in LOST


def was_retried(error: ClientError) -> bool:
    """Whether the SDK had sent the request before, so that its first try may have been carried out."""
    return error.response["ResponseMetadata"].get("RetryAttempts", 0) > 0


@contextmanager
def clear_errors(place: str, endpoint: str) -> Iterator[None]:
    """Raise errors of a store in the place of the SDK's."""
    server = urlsplit(endpoint)
    where = f"{place} at {server.scheme}://{server.hostname}{f':{server.port}' if server.port else ''}"
    try:
        yield
    except ClientError as error:
        raise _answered(error, where) from error
    except BotoCoreError as error:
        raise _unanswered(error, where) from error


def _answered(error: ClientError, where: str) -> StoreError:
    """The error for an answer of the server that says no."""
    code, status = _code(error), error.response["ResponseMetadata"].get("HTTPStatusCode", 0)
    told = f"{code}, status {status}"
    if status in {401, 403} or code in DENIED:
        return StoreDenied(f"the store refuses ({told})", where=where, remedy=CREDENTIALS)
    if code in DAMAGED:
        return StoreCorrupt(f"the bytes were damaged on the way ({told})", where=where, remedy="run again")
    return StoreUnavailable(f"the store could not ({told})", where=where, remedy=REMEDIES.get(code, WAIT))


def _unanswered(error: BotoCoreError, where: str) -> StoreError:
    """The error for a request that brought no whole answer."""
    told = type(error).__name__
    if isinstance(error, _NO_CREDENTIALS):
        return StoreDenied(f"no credentials for the store ({told})", where=where, remedy=CREDENTIALS)
    if isinstance(error, FlexibleChecksumError):
        return StoreCorrupt("what was read does not match its checksum", where=where, remedy="run again")
    return StoreUnavailable(f"no answer from the store ({told})", where=where, remedy=WAIT)


def _code(error: ClientError) -> str:
    """The server's word for what went wrong."""
    return error.response["Error"].get("Code", "")
