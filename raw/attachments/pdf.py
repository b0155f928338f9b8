"""The text layer of a PDF file: paragraphs put together again from their lines, and ruled tables as rows.

A line goes on the paragraph before it where it starts at the left margin and its first word had no room in the line
before it, as a printed paragraph is broken; page numbers are left out.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfminer.pdfparser import PDFSyntaxError
from pdfplumber.page import Page
from pdfplumber.pdf import PDF
from pdfplumber.utils.exceptions import PdfminerException

from raw.attachments.decoder import MAX_CELLS, Decoded, Unreadable

MAX_PAGES = 300

_END = b"%%EOF"
_TAIL = 2048
_PAGE_NUMBER = re.compile(r"[-—–－\s第]*[0-9]{1,4}[-—–－\s页]*")
_SENTENCE_END = re.compile(r"[。；：！？]\Z")
_NUMBERED = re.compile(r"[（(]?[一二三四五六七八九十0-9]{1,3}[）)、.．是]")
_UNBROKEN = re.compile(r"[!-~]+[，。；：、）》”％]*|.[，。；：、）》”％]*")
_LATIN = re.compile(r"[A-Za-z],?\Z")
# In characters: how far a line may stay from a margin, and how wide a gap in a line is a blank.
_SLACK = 1.2
_GAP = 0.6
_SAME_LINE = 0.5
# The share of the page's width that the right margin is at least away from its left edge.
_NARROWEST = 0.6

Character = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of print: its text, its edges from the left and the top of the page, and the size of its characters.

    `lead` is the width of its first word, which is not broken: a number, a Latin word, or one Chinese character.
    """

    text: str
    lead: float
    left: float
    right: float
    top: float
    size: float


def decode_pdf(body: bytes) -> Decoded:
    """Return the text of a file, page by page.

    Raises:
        Unreadable: If the file is encrypted or truncated, exceeds a limit, or is a scan.
    """
    if _END not in body[-_TAIL:]:
        raise Unreadable("the file ends before its end: it is truncated", "fetch it again")
    try:
        with pdfplumber.open(io.BytesIO(body)) as document:
            return _decode(document)
    except (PDFPasswordIncorrect, PDFSyntaxError, PdfminerException) as error:
        cause = error.args[0] if isinstance(error, PdfminerException) and error.args else error
        if isinstance(cause, PDFPasswordIncorrect):
            raise Unreadable("it is encrypted", "ask the publisher for a file without a password") from error
        what = f"the file is damaged or truncated ({type(cause).__name__}: {cause})"
        raise Unreadable(what, "open it in a program that reads such files; fetch it again") from error


def _decode(document: PDF) -> Decoded:
    if len(document.pages) > MAX_PAGES:
        what = f"the file has {len(document.pages)} pages, the limit is {MAX_PAGES}"
        raise Unreadable(what, "give the part that holds the report as a file of its own")
    decoded, pictures, last = Decoded(), list[int](), None
    for number, page in enumerate(document.pages, start=1):
        if not page.chars and page.images:
            pictures.append(number)
        decoded.begin(f"page {number}")
        last = _add_page(page, decoded, last)
        page.close()
    if not decoded.text.strip():
        remedy = "its text must be recognised first (OCR): give the result as .txt, .docx or .pdf"
        raise Unreadable("the pages are pictures (a scan) or hold no text", remedy)
    if pictures:
        decoded.missing.append(f"pages that are pictures: {', '.join(map(str, pictures))}")
    return decoded


def _add_page(page: Page, decoded: Decoded, last: Line | None) -> Line | None:
    """Add the lines and tables of a page; return the line that the next page may go on, None after a table."""
    tables = page.find_tables() if page.rects or page.lines or page.curves else []
    boxes = [table.bbox for table in tables]
    free = [char for char in page.chars if not any(_is_inside(char, box) for box in boxes)]
    lines = [line for line in _lines(free) if not _is_page_number(line, page)]
    right = max((line.right for line in lines), default=0.0)
    margins = min((line.left for line in lines), default=0.0), max(right, _NARROWEST * page.width)
    parts: list[Line | Any] = sorted(
        [*lines, *tables], key=lambda part: part.top if isinstance(part, Line) else part.bbox[1]
    )
    for part in parts:
        if not isinstance(part, Line):
            rows = part.extract()
            if sum(map(len, rows)) > MAX_CELLS:
                raise Unreadable(f"a table has more than {MAX_CELLS} cells", "give the table as .xlsx")
            for row in rows:
                decoded.row((cell or "").replace("\n", "") for cell in row)
            last = None
        elif last and decoded.lines and _goes_on(last, part, margins):
            between = " " if _LATIN.search(decoded.lines[-1]) and part.text[:1].isascii() else ""
            decoded.lines[-1] += between + part.text
            last = part
        else:
            decoded.lines.append(part.text)
            last = part
    return last


def _goes_on(last: Line, line: Line, margins: tuple[float, float]) -> bool:
    left, right = margins
    if abs(last.size - line.size) > 1 or line.left > left + _SLACK * line.size:
        return False
    if _SENTENCE_END.search(last.text) and _NUMBERED.match(line.text):
        return False
    return right - last.right < line.lead + _SLACK * last.size


def _lines(chars: Sequence[Character]) -> Iterator[Line]:
    """Yield the lines of some characters, from the top."""
    rows: list[list[Character]] = []
    for char in sorted(chars, key=lambda char: ((char["top"] + char["bottom"]) / 2, char["x0"])):
        middle = (char["top"] + char["bottom"]) / 2
        first = rows[-1][0] if rows else None
        if first and middle - (first["top"] + first["bottom"]) / 2 <= _SAME_LINE * first["size"]:
            rows[-1].append(char)
        else:
            rows.append([char])
    for row in rows:
        line = _line(sorted(row, key=lambda char: char["x0"]))
        if line.text:
            yield line


def _line(chars: list[Character]) -> Line:
    size = max(char["size"] for char in chars)
    pieces = [chars[0]["text"]]
    for before, char in pairwise(chars):
        gap = char["x0"] - before["x1"]
        pieces.append(f" {char['text']}" if gap > _GAP * size else char["text"])
    printed = [char for char in chars if char["text"].strip()] or chars
    word = _UNBROKEN.match("".join(char["text"] for char in printed))
    return Line(
        text="".join(pieces).strip(),
        lead=printed[min(len(word[0]), len(printed)) - 1]["x1"] - printed[0]["x0"] if word else 0.0,
        left=printed[0]["x0"],
        right=max(char["x1"] for char in printed),
        top=min(char["top"] for char in chars),
        size=size,
    )


def _is_inside(char: Character, box: tuple[float, float, float, float]) -> bool:
    x, y = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
    return bool(box[0] <= x <= box[2] and box[1] <= y <= box[3])


def _is_page_number(line: Line, page: Page) -> bool:
    """Return whether a line is the number of its page: in the margin, and nothing else."""
    at_edge = line.top < page.height / 10 or line.top > page.height * 9 / 10
    return at_edge and bool(_PAGE_NUMBER.fullmatch(line.text))
