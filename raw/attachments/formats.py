"""What a file is, by its first bytes and never by its name alone, and what to do with one that is not read."""

from __future__ import annotations

from enum import StrEnum
from pathlib import PurePosixPath
from types import MappingProxyType

HTML_TYPE = "text/html"
TEXT_TYPE = "text/plain"
MARKDOWN_TYPE = "text/markdown"


class FileFormat(StrEnum):
    """A format that is recognised; the first four are read."""

    DOCX = "docx"
    XLSX = "xlsx"
    XLS = "xls"
    PDF = "pdf"
    DOC = "doc"
    ENCRYPTED = "encrypted"
    OFFICE = "office"
    OFD = "ofd"
    ARCHIVE = "archive"
    PICTURE = "picture"


READ = frozenset({FileFormat.DOCX, FileFormat.XLSX, FileFormat.XLS, FileFormat.PDF})
REMEDIES = MappingProxyType(
    {
        FileFormat.DOC: "open it in a word processor and save it as .docx",
        FileFormat.ENCRYPTED: "ask the publisher for a file without a password",
        FileFormat.OFFICE: "save it as .docx, .xlsx or .pdf",
        FileFormat.OFD: "save it as .pdf",
        FileFormat.ARCHIVE: "unpack it; the files in it can be read one by one",
        FileFormat.PICTURE: "its text must be recognised first (OCR): give the result as .txt, .docx or .pdf",
    }
)
"""What an operator can do with a file that is not read."""

_OOXML = "application/vnd.openxmlformats-officedocument"
MEDIA_TYPES = MappingProxyType(
    {
        ".html": HTML_TYPE,
        ".htm": HTML_TYPE,
        ".txt": TEXT_TYPE,
        ".md": MARKDOWN_TYPE,
        ".docx": f"{_OOXML}.wordprocessingml.document",
        ".xlsx": f"{_OOXML}.spreadsheetml.sheet",
        ".xls": "application/vnd.ms-excel",
        ".pdf": "application/pdf",
        ".doc": "application/msword",
        ".wps": "application/vnd.ms-works",
        ".et": "application/vnd.ms-excel",
        ".ofd": "application/ofd",
        ".zip": "application/zip",
        ".rar": "application/vnd.rar",
        ".7z": "application/x-7z-compressed",
        ".jpg": "image/jpeg",
        ".jpeg": "image/jpeg",
        ".png": "image/png",
        ".tif": "image/tiff",
        ".tiff": "image/tiff",
    }
)
"""The media types of the names that files of reports end in."""
READ_SUFFIXES = (".html", ".htm", ".txt", ".md", ".docx", ".xlsx", ".xls", ".pdf")

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_FIRST_BYTES = (
    (b"%PDF-", FileFormat.PDF),
    (b"Rar!\x1a\x07", FileFormat.ARCHIVE),
    (b"7z\xbc\xaf\x27\x1c", FileFormat.ARCHIVE),
    (b"PK\x05\x06", FileFormat.ARCHIVE),
    (b"\xff\xd8\xff", FileFormat.PICTURE),
    (b"\x89PNG\r\n", FileFormat.PICTURE),
    (b"GIF8", FileFormat.PICTURE),
    (b"BM", FileFormat.PICTURE),
    (b"II*\x00", FileFormat.PICTURE),
    (b"MM\x00*", FileFormat.PICTURE),
)
# Parts of a ZIP file and streams of an OLE file, whose names stand in it uncompressed; the first that is found counts.
_PARTS = ((b"word/document.xml", FileFormat.DOCX), (b"xl/workbook.xml", FileFormat.XLSX), (b"OFD.xml", FileFormat.OFD))
_STREAMS = (
    ("EncryptedPackage", FileFormat.ENCRYPTED),
    ("WordDocument", FileFormat.DOC),
    ("Workbook", FileFormat.XLS),
    ("Book", FileFormat.XLS),
)
_PDF_LEAD = 1024  # a PDF may have other bytes before its header


def media_type(name: str) -> str:
    """Return the media type of a file by its name, "" if the ending is unknown."""
    return MEDIA_TYPES.get(PurePosixPath(name).suffix.lower(), "")


def format_of(body: bytes) -> FileFormat | None:
    """Return the format of a file, None for text: a page, a plain text or anything unknown."""
    if body.startswith(_ZIP):
        return next((found for part, found in _PARTS if part in body), FileFormat.ARCHIVE)
    if body.startswith(_OLE):
        return next((found for name, found in _STREAMS if name.encode("utf-16-le") in body), FileFormat.OFFICE)
    if found := next((found for first, found in _FIRST_BYTES if body.startswith(first)), None):
        return found
    return FileFormat.PDF if b"%PDF-1." in body[:_PDF_LEAD] and b"\x00" in body else None
