"""Every error that Gongbao raises on purpose, each with what happened, where, and what to do.

::

    GongbaoError
    ├── UsageError            exit 2: the call, a registry or a setting is wrong
    │   ├── RegistryError     a sources or indicators file: file, entry, key
    │   └── SettingsError     an environment variable
    ├── SourceError           exit 5: the source could not be had
    │   ├── SourceUnreachable no answer, a cut connection, 429 or 5xx to the end
    │   ├── SourceGone        404 or 410: withdrawn; what was released stays released
    │   ├── SourceRefused     another host, a private address, a size over the cap, 401 or 403
    │   └── SourceMalformed   an answer, but not the platform's: no config, no JSON listing
    │       └── SourceEmpty   the platform's answer, but no report among the articles that it lists
    ├── ContentError          exit 4: the bytes came, and must not be published
    │   ├── CharsetError      not the charset that the page declares
    │   └── ArticleError      no article in the page, or an empty one
    └── StoreError            exit 6: the object store could not
        ├── StoreDenied       credentials or policy
        ├── StoreUnavailable  no answer, or an error of the server
        └── StoreCorrupt      what was read back is not what was written
"""

from __future__ import annotations

from typing import ClassVar, NewType

ErrorCode = NewType("ErrorCode", str)
"""The code of an error; each class of the tree has its own."""


class GongbaoError(Exception):
    """An error that says what happened, where, and what to do about it."""

    code: ClassVar[ErrorCode] = ErrorCode("internal_error")
    exit_status: ClassVar[int] = 1

    def __init__(self, what: str, *, where: str = "", remedy: str = "") -> None:
        """Keep the three parts; `str()` joins them into one line."""
        super().__init__(what, where, remedy)
        self.what = what
        self.where = where
        self.remedy = remedy

    def __str__(self) -> str:
        """The parts as one line: `where: what; remedy`."""
        head = f"{self.where}: {self.what}" if self.where else self.what
        return f"{head}; {self.remedy}" if self.remedy else head


class UsageError(GongbaoError):
    """The call cannot be carried out as it was given."""

    code = ErrorCode("usage")
    exit_status = 2


class RegistryError(UsageError):
    """An entry of a registry file is wrong."""

    code = ErrorCode("registry")


class SettingsError(UsageError):
    """A setting is wrong."""

    code = ErrorCode("settings")


class SourceError(GongbaoError):
    """The source could not be had."""

    code = ErrorCode("source_error")
    exit_status = 5


class SourceUnreachable(SourceError):
    """No answer, a connection cut in the middle, or 429 and 5xx to the last try."""

    code = ErrorCode("source_unreachable")


class SourceGone(SourceError):
    """The page answers 404 or 410."""

    code = ErrorCode("source_gone")


class SourceRefused(SourceError):
    """An answer that must not be followed or is too large to take, or a server that forbids."""

    code = ErrorCode("source_refused")


class SourceMalformed(SourceError):
    """An answer that is not the platform's."""

    code = ErrorCode("source_malformed")


class SourceEmpty(SourceMalformed):
    """The listings are the platform's, and no article in them is a report."""

    code = ErrorCode("source_empty")


class ContentError(GongbaoError):
    """The bytes came, and must not be published."""

    code = ErrorCode("content_error")
    exit_status = 4


class CharsetError(ContentError):
    """The bytes are not text in the charset that the page declares."""

    code = ErrorCode("charset_mismatch")


class ArticleError(ContentError):
    """The page holds no article, or an empty one."""

    code = ErrorCode("article_empty")


class StoreError(GongbaoError):
    """The object store could not do what it was asked."""

    code = ErrorCode("store_error")
    exit_status = 6


class StoreDenied(StoreError):
    """The store refuses the credentials or the operation."""

    code = ErrorCode("store_denied")


class StoreUnavailable(StoreError):
    """The store does not answer, or answers with an error of its own."""

    code = ErrorCode("store_unavailable")


class StoreCorrupt(StoreError):
    """What was read back is not what was written."""

    code = ErrorCode("store_corrupt")
