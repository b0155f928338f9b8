"""Signs that a page is incomplete: cut off before its end, or with lost characters."""

import re
from collections.abc import Iterator

from schemas.codelists import Severity
from schemas.finding import Finding, FindingCode, examples

_LOST = "\ufffd"
_AROUND = 8
_SHOWN = 60
_OPENED = re.compile(r"<(?:!doctype\s+html|html|body)\b", re.IGNORECASE)
# A complete page closes one of the two, whatever follows it.
_CLOSED = re.compile(r"</(?:html|body)\s*>", re.IGNORECASE)


def damaged(markup: str, text: str) -> tuple[Finding, ...]:
    """Return the findings on markup without an end and on characters lost from the text."""
    return (*_cut(markup), *_lossy(text))


def _cut(markup: str) -> Iterator[Finding]:
    if _OPENED.search(markup) and not _CLOSED.search(markup):
        yield Finding(
            code=FindingCode.PAGE_CUT,
            severity=Severity.HOLD,
            where="page",
            message="The page ends before it closes: the end of its article may be missing.",
            evidence=(f"…{' '.join(markup[-_SHOWN:].split())}",),
        )


def _lossy(text: str) -> Iterator[Finding]:
    """Look for U+FFFD, which a program wrote in place of a character that it could not decode."""
    if count := text.count(_LOST):
        places = (match.start() for match in re.finditer(f"{_LOST}+", text))
        yield Finding(
            code=FindingCode.TEXT_LOSSY,
            severity=Severity.HOLD,
            where="page",
            message="Characters of the article were lost before the page was sent; what they said cannot be read.",
            count=count,
            evidence=examples(text[max(at - _AROUND, 0) : at + _AROUND] for at in places),
        )
