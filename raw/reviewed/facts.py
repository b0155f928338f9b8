"""The files of reviewed facts as payloads for the archive: one for each citation, the same bytes for the same facts.

The package's file of a dataset lies here, an operator's in a folder of his own, both as `{dataset}.csv` with the
columns of `raw.reviewed.columns`. What the operator says of a key takes the place of what the package says of it.
A mistake is a `RegistryError` that names file, line and column and says what is allowed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
    """A row of a file, with what is needed to point at it."""

    file: Path
    line: int
    cells: Mapping[str, str]

    @property
    def key(self) -> Key:
        """What the row states a value of; two spellings of one series are one."""
        named = (self.cells[name] for name in ("period", "measure", "scope", "status"))
        return (identify(self.cells["subject"]), *named)

    def error(self, column: str, what: str, remedy: str) -> RegistryError:
        """The error that points at one cell."""
        return RegistryError(what, where=f"{self.file}, line {self.line}, column {column}", remedy=remedy)


def reviewed_payloads(dataset: str, folder: Path | None) -> tuple[ReviewedFile, ...]:
    """The payloads of a dataset, in the order of their ids; none where nobody entered a fact."""
    if folder is not None and not folder.is_dir():
        raise RegistryError("the folder of reviewed facts does not exist", where=str(folder), remedy="check its path")
    shipped = _load(SHIPPED / f"{dataset}.csv")
    added = _load(folder / f"{dataset}.csv") if folder else {}
    cited: dict[str, list[_Fact]] = {}
    for fact in {**shipped, **added}.values():
        cited.setdefault(fact.cells["source_url"], []).append(fact)
    payloads = (_payload(url, facts) for url, facts in cited.items())
    return tuple(sorted(payloads, key=lambda payload: payload.document_id))


def _payload(url: str, facts: list[_Fact]) -> ReviewedFile:
    """The facts of one citation, which is one whatever the order of its rows."""
    _refuse_two_citations(facts)
    lines = sorted(tuple(fact.cells[name] for name in NAMES) for fact in facts)
    body = "".join(joined(line) for line in (NAMES, *lines))
    return ReviewedFile(document_id=PREFIX + sha256(url.encode()).hexdigest()[:12], url=url, body=body.encode())


def _refuse_two_citations(facts: Iterable[_Fact]) -> None:
    first, *others = facts
    for other in others:
        for name in CITATION:
            if other.cells[name] != first.cells[name]:
                what = f"{other.cells[name]!r} stands here, {first.cells[name]!r} in line {first.line} of {first.file}"
                raise other.error(name, what, "one address is one source: give it one title and one date")


def _load(file: Path) -> dict[Key, _Fact]:
    """The facts of a file by their keys; a file that is not there holds none."""
    found: dict[Key, _Fact] = {}
    for fact in _facts(file, _text(file)):
        earlier = found.setdefault(fact.key, fact)
        if earlier is not fact:
            what = f"line {earlier.line} states the same: {', '.join(part for part in fact.key if part)}"
            raise fact.error("subject", what, "keep one of the two lines")
    return found


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
        found = list(rows(text))
    except ArticleError as error:
        raise RegistryError(error.what, where=f"{file}, {error.where}", remedy=error.remedy) from error
    if not found:
        return []
    header = _header(file, found[0])
    return [_fact(file, header, row) for row in found[1:]]


def _header(file: Path, row: Row) -> tuple[str, ...]:
    """The names of the columns, in the order of the file."""
    names = tuple(cell.text for cell in row.cells)
    unknown = [name for name in names if name not in NAMES or names.count(name) > 1]
    missing = [name for name in NAMES if name not in names]
    for column, what in ((unknown, "the column is unknown or stands there twice"), (missing, "the column is missing")):
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
