"""The files of reviewed facts as payloads for the archive: one for each citation, the same bytes for the same facts.

The file of a dataset in this package and the one in the operator's folder are both `{dataset}.csv`, with the columns of
`raw.reviewed.columns`. A fact of the operator replaces that of the package with the same key. An error is a
`RegistryError` that names file, line and column and says what is allowed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TypeAlias

from raw.reviewed.cells import Row, joined, rows
from raw.reviewed.columns import CITATION, NAMES, PREFIX, fault
from schemas.errors import ArticleError, RegistryError
from schemas.registry.indicators import identify

SHIPPED = Path(__file__).parent

Key: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewedFile:
    """The facts of one citation, ready for the archive: header and rows as CSV in UTF-8."""

    document_id: str
    url: str
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fact:
    """A row of a file with its position."""

    file: Path
    line: int
    cells: Mapping[str, str]

    @property
    def key(self) -> Key:
        """What the value is of; two spellings of the same series have the same key."""
        others = (self.cells[name] for name in ("period", "measure", "scope", "status"))
        return (identify(self.cells["subject"]), *others)

    def error(self, column: str, what: str, remedy: str) -> RegistryError:
        """Return an error with the position of a cell."""
        return RegistryError(what, where=f"{self.file}, line {self.line}, column {column}", remedy=remedy)


def reviewed_payloads(dataset: str, folder: Path | None) -> tuple[ReviewedFile, ...]:
    """Return the payloads of a dataset, in the order of their ids.

    Raises:
        RegistryError: If the folder does not exist or a file is invalid.
    """
    if folder is not None and not folder.is_dir():
        raise RegistryError("the folder of reviewed facts does not exist", where=str(folder), remedy="check its path")
    shipped = _load(SHIPPED / f"{dataset}.csv")
    added = _load(folder / f"{dataset}.csv") if folder else {}
    by_url: dict[str, list[_Fact]] = {}
    for fact in {**shipped, **added}.values():
        by_url.setdefault(fact.cells["source_url"], []).append(fact)
    payloads = (_payload(url, facts) for url, facts in by_url.items())
    return tuple(sorted(payloads, key=lambda payload: payload.document_id))


def _payload(url: str, facts: list[_Fact]) -> ReviewedFile:
    """Return the payload of a citation, the same for any order of its rows."""
    first, *others = facts
    for other in others:
        for name in CITATION:
            if other.cells[name] != first.cells[name]:
                what = f"it is {other.cells[name]!r}, but {first.cells[name]!r} in line {first.line} of {first.file}"
                raise other.error(name, what, "give all facts of an address the same title and date")
    lines = sorted(tuple(fact.cells[name] for name in NAMES) for fact in facts)
    body = "".join(joined(line) for line in (NAMES, *lines))
    return ReviewedFile(document_id=PREFIX + sha256(url.encode()).hexdigest()[:12], url=url, body=body.encode())


def _load(file: Path) -> dict[Key, _Fact]:
    """Return the facts of a file by their keys, none where there is no file."""
    facts: dict[Key, _Fact] = {}
    for fact in _facts(file, _text(file)):
        earlier = facts.setdefault(fact.key, fact)
        if earlier is not fact:
            what = f"line {earlier.line} states the same: {', '.join(part for part in fact.key if part)}"
            raise fact.error("subject", what, "keep one of the two lines")
    return facts


def _text(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise RegistryError(f"it cannot be read ({error.strerror})", where=str(file), remedy="check it") from error
    except UnicodeDecodeError as error:
        raise RegistryError(f"byte {error.start} is not UTF-8", where=str(file), remedy="save it as UTF-8") from error


def _facts(file: Path, text: str) -> list[_Fact]:
    try:
        lines = list(rows(text))
    except ArticleError as error:
        raise RegistryError(error.what, where=f"{file}, {error.where}", remedy=error.remedy) from error
    if not lines:
        return []
    header = _header(file, lines[0])
    return [_fact(file, header, row) for row in lines[1:]]


def _header(file: Path, row: Row) -> tuple[str, ...]:
    """Return the names of the columns, in the order of the file."""
    names = tuple(cell.text for cell in row.cells)
    unknown = [name for name in names if name not in NAMES or names.count(name) > 1]
    missing = [name for name in NAMES if name not in names]
    for column, what in ((unknown, "the column is unknown or appears twice"), (missing, "the column is missing")):
        if column:
            where = f"{file}, line {row.line}, column {column[0]}"
            raise RegistryError(what, where=where, remedy="allowed: the columns " + ", ".join(NAMES))
    return names


def _fact(file: Path, header: tuple[str, ...], row: Row) -> _Fact:
    texts = tuple(cell.text for cell in row.cells)
    if len(texts) != len(header):
        last = header[min(len(texts), len(header)) - 1]
        what = f"the row has {len(texts)} cells and not {len(header)}"
        where = f"{file}, line {row.line}, column {last}"
        raise RegistryError(what, where=where, remedy="put a cell that holds a comma between quotes")
    fact = _Fact(file=file, line=row.line, cells=dict(zip(header, texts, strict=True)))
    if wrong := fault(fact.cells):
        raise fact.error(wrong.column, wrong.what, f"allowed: {wrong.allowed}")
    return fact
