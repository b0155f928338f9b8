"""Every error that Gongbao raises on purpose: what happened, where, and what to do.

::

    GongbaoError
    ├── UsageError            exit 2: the call, a registry or a setting is wrong
    │   ├── RegistryError     a sources or indicators file: file, entry, key
    │   └── SettingsError     an environment variable
    ├── SourceError           exit 5: the source could not be fetched
    │   ├── SourceUnreachable no answer, a broken connection, 429 or 5xx
    │   ├── SourceGone        404 or 410: withdrawn; what was released stays released
    │   ├── SourceRefused     another host, a private address, a size over the cap, 401 or 403
    │   └── SourceMalformed   an answer, but not the platform's
    │       └── SourceEmpty   the platform's answer, but no report in it
    ├── ContentError          exit 4: the content must not be published
    │   ├── CharsetError      not in the charset that the page declares
    │   └── ArticleError      no article in the page, or an empty one
    └── StoreError            exit 6: an operation of the object store failed
        ├── StoreDenied       credentials or policy
        ├── StoreUnavailable  no answer, or an error of the server
        └── StoreCorrupt      what was read back is not what was written
"""

from typing import ClassVar, NewType

ErrorCode = NewType("ErrorCode", str)
"""The code of an error; each class of the tree has its own."""


class GongbaoError(Exception):
    """An error that says what happened, where, and what to do about it."""

    code: ClassVar[ErrorCode] = ErrorCode("internal_error")
    exit_status: ClassVar[int] = 1

    def __init__(self, what: str, *, where: str = "", remedy: str = "") -> None:
        """Store the parts; `str()` joins them into one line."""
        super().__init__(what, where, remedy)
        self.what = what
        self.where = where
        self.remedy = remedy

    def __str__(self) -> str:
        """Return the parts as one line: `where: what; remedy`."""
        head = f"{self.where}: {self.what}" if self.where else self.what
        return f"{head}; {self.remedy}" if self.remedy else head


class UsageError(GongbaoError):
    """The command or call is wrong."""

    code = ErrorCode("usage")
    exit_status = 2


class RegistryError(UsageError):
    """An entry of a registry file is wrong."""

    code = ErrorCode("registry")


class SettingsError(UsageError):
    """A setting is wrong."""

    code = ErrorCode("settings")


class SourceError(GongbaoError):
    """The source could not be fetched."""

    code = ErrorCode("source_error")
    exit_status = 5


class SourceUnreachable(SourceError):
    """No answer, a broken connection, or 429 or 5xx until the last attempt."""

    code = ErrorCode("source_unreachable")


class SourceGone(SourceError):
    """The page answers 404 or 410."""

    code = ErrorCode("source_gone")


class SourceRefused(SourceError):
    """An answer that must not be followed, is too large, or denies access."""

    code = ErrorCode("source_refused")


class SourceMalformed(SourceError):
    """An answer that is not like the platform's."""

    code = ErrorCode("source_malformed")


class SourceEmpty(SourceMalformed):
    """The listings contain no report."""

    code = ErrorCode("source_empty")


class ContentError(GongbaoError):
    """The content must not be published."""

    code = ErrorCode("content_error")
    exit_status = 4


class CharsetError(ContentError):
    """The bytes are not in the charset that the page declares."""

    code = ErrorCode("charset_mismatch")


class ArticleError(ContentError):
    """The page contains no article, or an empty one."""

    code = ErrorCode("article_empty")


class StoreError(GongbaoError):
    """An operation of the object store failed."""

    code = ErrorCode("store_error")
    exit_status = 6


class StoreDenied(StoreError):
    """The store rejects the credentials or the operation."""

    code = ErrorCode("store_denied")


class StoreUnavailable(StoreError):
    """The store does not answer, or answers with a server error."""

    code = ErrorCode("store_unavailable")


class StoreCorrupt(StoreError):
    """The stored bytes are not those that were written."""

    code = ErrorCode("store_corrupt")
