"""The platform files: reports in a folder of this machine, and what its `files.csv` states of them.

`files.csv` is optional, and so is every column but `file`: `file,url,title,published_on,publisher`. A mistake in it is
a `RegistryError` that names file, line and column.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from urllib.parse import quote

from raw.attachments.formats import media_type
from schemas.errors import RegistryError, SourceEmpty, SourceRefused, SourceUnreachable
from schemas.registry.source_rules import check_address
from schemas.registry.sources import Source

LIST = "files.csv"
COLUMNS = ("file", "url", "title", "published_on", "publisher")
_LONGEST_ID = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalFile:
    """A report in a folder: its stable id, its address, its bytes, and its row of `files.csv`, b"" without one."""

    document: str
    url: str
    content_type: str
    body: bytes
    row: bytes


def local_files(source: Source, *, largest: int) -> Iterator[LocalFile]:
    """Yield the reports of a folder and its subfolders in the order of their names; other files are left out.

    Args:
        source: A source of the platform `files`.
        largest: The most bytes of a file.

    Raises:
        RegistryError: If `files.csv` is wrong.
        SourceUnreachable: If the folder does not exist.
        SourceEmpty: If it holds no report.
        SourceRefused: If a file is too large.
    """
    folder = Path(source.folder)
    if not folder.is_dir():
        remedy = "check `folder` in the registry, and whether the disk is there"
        raise SourceUnreachable("the folder does not exist", where=source.folder, remedy=remedy)
    names = {
        path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if _is_report(path, folder)
    }
    if not names:
        remedy = "put reports into it: .html .txt .md .docx .xlsx .xls .pdf"
        raise SourceEmpty("the folder holds no report", where=source.folder, remedy=remedy)
    rows = _rows(folder / LIST)
    for name, (line, _) in rows.items():
        if name not in names:
            remedy = "allowed: the path of a file below the folder, with /"
            raise RegistryError(
                f"there is no file {name!r}", where=f"{folder / LIST}, line {line}, column file", remedy=remedy
            )
    taken: set[str] = set()
    for name, path in names.items():
        document = _document_id(name, taken)
        taken.add(document)
        _, row = rows.get(name, (0, MappingProxyType({})))
        yield LocalFile(
            document=document,
            url=row.get("url") or f"file:///{quote(name)}",
            content_type=media_type(name),
            body=_read(path, largest),
            row=_as_csv(row) if row else b"",
        )


def _is_report(path: Path, folder: Path) -> bool:
    """Return whether a path is a report: a file of a known ending, not hidden, and not a link to elsewhere."""
    hidden = any(part.startswith((".", "~$")) for part in path.relative_to(folder).parts)
    return not hidden and path.is_file() and not path.is_symlink() and bool(media_type(path.name))


def _document_id(name: str, taken: set[str]) -> str:
    """Return the id of a file: its path, with a hash where letters of the path are lost in it."""
    plain = re.sub(r"[./]", "-", name.lower())
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if slug == plain and slug not in taken and len(slug) <= _LONGEST_ID:
        return slug
    return f"{slug[:_LONGEST_ID].strip('-') or 'file'}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def _read(path: Path, largest: int) -> bytes:
    try:
        size = path.stat().st_size
        if size > largest:
            remedy = "raise GONGBAO_MAX_PAGE_MB, or move the file out of the folder"
            raise SourceRefused(f"the file has {size} bytes, the limit is {largest}", where=str(path), remedy=remedy)
        return path.read_bytes()
    except OSError as error:
        remedy = "check its permissions"
        raise SourceUnreachable(f"it cannot be read ({error.strerror})", where=str(path), remedy=remedy) from error


def _as_csv(row: Mapping[str, str]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerows([COLUMNS, [row.get(name, "") for name in COLUMNS]])
    return out.getvalue().encode()


def _rows(file: Path) -> dict[str, tuple[int, Mapping[str, str]]]:
    """Return the line and the cells of each file that `files.csv` names, none where there is no `files.csv`."""
    if not file.exists():
        return {}
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        remedy = "save it as CSV UTF-8"
        raise RegistryError(f"byte {error.start} is not UTF-8", where=str(file), remedy=remedy) from error
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    rows: dict[str, tuple[int, Mapping[str, str]]] = {}
    try:
        header = list(reader.fieldnames or ())
        unknown = next((name for name in header if name not in COLUMNS or header.count(name) > 1), None)
        if unknown is not None or "file" not in header:
            what = "the column file is missing" if unknown is None else f"the column {unknown!r} is unknown or twice"
            raise RegistryError(what, where=f"{file}, line 1", remedy="allowed: the columns " + ", ".join(COLUMNS))
        for row in reader:
            cells = _cells(row, f"{file}, line {reader.line_num}")
            earlier = rows.setdefault(cells["file"], (reader.line_num, cells))
            if earlier[1] is not cells:
                where = f"{file}, line {reader.line_num}, column file"
                raise RegistryError(f"line {earlier[0]} names the same file", where=where, remedy="keep one of them")
    except csv.Error as error:
        remedy = 'put a cell that holds a comma between quotes ("…")'
        raise RegistryError(
            f"it is not CSV ({error})", where=f"{file}, line {reader.line_num}", remedy=remedy
        ) from error
    return rows


def _cells(row: Mapping[str | None, str | None], where: str) -> Mapping[str, str]:
    if None in row or None in row.values():
        raise RegistryError("the row has more or fewer cells than the header", where=where, remedy="correct the line")
    cells = {name: cell.strip() for name, cell in row.items() if name is not None and cell is not None}
    if cells.get("url") and (fault := check_address(cells["url"])):
        raise RegistryError(fault, where=f"{where}, column url", remedy="allowed: an http(s) address, or nothing")
    if cells.get("published_on"):
        try:
            date.fromisoformat(cells["published_on"])
        except ValueError as error:
            remedy = "allowed: a day such as 2026-01-31, or nothing"
            raise RegistryError(f"{error}", where=f"{where}, column published_on", remedy=remedy) from error
    return cells
