"""The text of a file, read in a process of its own with limits, so that a hostile file costs an error and no more."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass, replace

from raw.attachments.formats import READ, REMEDIES, FileFormat, format_of
from schemas.codelists import Severity
from schemas.errors import ArticleError, ContentError
from schemas.finding import Finding, FindingCode, examples
from schemas.reading import CapturedDocument

SECONDS = 10
"""The most time that a file may take, the start of the process included."""
MEGABYTES = 500
"""The most memory that the process may have."""

_SIMPLER = "open it: if it is sound, save it in smaller parts, or as .txt"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileText:
    """The text of a file.

    Attributes:
        text: A line for each paragraph and for each row of a table, the cells of a row joined by tabs.
        places: Where a page or a sheet begins in the text, and its name, such as `page 3`.
        missing: What could not be read, in sentences.
    """

    text: str
    places: tuple[tuple[int, str], ...] = ()
    missing: tuple[str, ...] = ()

    def place(self, position: int) -> str:
        """Return the page or the sheet of a character, "" where the file has none."""
        return next((name for start, name in reversed(self.places) if start <= position), "")


def decode(body: bytes, file_format: FileFormat) -> FileText:
    """Return the text of a file.

    Raises:
        ArticleError: If the format is not read, the file is damaged, encrypted or a scan, or exceeds a limit.
    """
    if file_format not in READ:
        what = f"the file is not read: {_NAMES[file_format]}"
        raise ArticleError(what, where="file", remedy=REMEDIES[file_format])
    command = [sys.executable, "-I", "-m", "raw.attachments.worker", file_format, str(SECONDS), str(MEGABYTES)]
    try:
        done = subprocess.run(command, input=body, capture_output=True, timeout=SECONDS, check=False)  # noqa: S603 - our own module
    except subprocess.TimeoutExpired as error:
        raise ArticleError(f"reading it takes more than {SECONDS} s", where="file", remedy=_SIMPLER) from error
    try:
        answer = json.loads(done.stdout)
    except ValueError as error:
        what = f"reading it takes more than {SECONDS} s or {MEGABYTES} MB (exit status {done.returncode})"
        raise ArticleError(what, where="file", remedy=_SIMPLER) from error
    if "error" in answer:
        raise ArticleError(answer["error"], where="file", remedy=answer["remedy"])
    places = tuple((start, name) for start, name in answer["places"])
    return FileText(text=answer["text"], places=places, missing=tuple(answer["missing"]))


def with_text(captured: CapturedDocument) -> CapturedDocument:
    """Return a capture with its text if it is a file; one that cannot be read has no text and a finding."""
    file_format = format_of(captured.body)
    if file_format is None:
        return captured
    try:
        found = decode(captured.body, file_format)
    except ContentError as error:
        message = "The file cannot be read; what would be needed stands in the evidence."
        unread = _finding(FindingCode.FILE_UNREAD, captured, message, (f"{error.what}; {error.remedy}",))
        return replace(captured, text="", findings=(unread,))
    if not found.missing:
        return replace(captured, text=found.text)
    message = "Parts of the file cannot be read."
    incomplete = _finding(FindingCode.FILE_INCOMPLETE, captured, message, found.missing)
    return replace(captured, text=found.text, findings=(incomplete,))


def _finding(code: FindingCode, captured: CapturedDocument, message: str, evidence: tuple[str, ...]) -> Finding:
    return Finding(
        code=code,
        severity=Severity.WARN,
        where=captured.document_id,
        message=message,
        count=len(evidence),
        evidence=examples(evidence),
    )


_NAMES = {
    FileFormat.DOC: "a Word document of the format before 2007 (.doc)",
    FileFormat.ENCRYPTED: "it is encrypted",
    FileFormat.OFFICE: "an office file of an old or unknown format",
    FileFormat.OFD: "an OFD file",
    FileFormat.ARCHIVE: "an archive (.zip, .rar, .7z)",
    FileFormat.PICTURE: "a picture",
}
