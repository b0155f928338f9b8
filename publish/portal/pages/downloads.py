"""The files of a release as its front page offers them: format, size and hash, and the line that reads them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from types import MappingProxyType
from typing import Any

from publish.bucket.serialize import sha256
from publish.metadata.description import DataFile, ReleaseDescription
from publish.portal.html.translations import translate
from schemas.tables.columns import ROWS, ROWS_ZH, SHEETS

FORMATS: Mapping[str, str] = MappingProxyType({"csv": "CSV", "parquet": "Parquet", "xlsx": "XLSX"})
_EXAMPLE = "observations"
_PRINTED = frozenset({"name", "content", "rows", "files"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """One file with its format, its size and its hash."""

    name: str
    format: str
    size: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One table, or all of them, in each of its formats; `rows` is none for all of them."""

    name: Mapping[str, str]
    content: Mapping[str, str]
    rows: int | None
    files: Sequence[Download]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How a program reads the data: lines to copy, in which `address` stands where the file lies."""

    program: str
    code: str
    file: str


def download_rows(about: ReleaseDescription) -> list[Offer]:
    """What can be downloaded: all tables in one file, then each table."""
    groups = [(table, [_download(file) for file in files]) for table, files in groupby(about.data_files, _table)]
    found = [_offer(about, table, files) for table, files in groups]
    return sorted(found, key=lambda offer: offer.rows is not None)


def first_offers(about: ReleaseDescription) -> list[Mapping[str, Any]]:
    """What most people come for, as records: all tables in one file, and the observations."""
    found = [one for one in download_rows(about) if one.rows is None or one.name["en"] == _EXAMPLE]
    return [
        {
            "name": dict(one.name),
            "content": dict(one.content),
            "rows": one.rows,
            "files": [asdict(file) for file in one.files],
        }
        for one in found
    ]


def readable_offers(file: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The records of a file that another Gongbao may have written: those of which a page can print everything."""
    return [one for one in file.get("offers", ()) if one.keys() >= _PRINTED]


def recipes(about: ReleaseDescription) -> list[Recipe]:
    """Lines for the programs that people use."""
    parquet, csv = f"{_EXAMPLE}.parquet", f"{_EXAMPLE}.csv"
    book = f"{about.release.dataset}.xlsx"
    return [
        Recipe(program="pandas", code='import pandas\n\ndf = pandas.read_parquet("{address}")', file=parquet),
        Recipe(program="Polars", code='import polars\n\ndf = polars.read_parquet("{address}")', file=parquet),
        Recipe(program="DuckDB", code="SELECT * FROM '{address}' WHERE indicator = 'gdp';", file=parquet),
        Recipe(program="R", code='df <- read.csv("{address}", encoding = "UTF-8")', file=csv),
        Recipe(program="Excel", code='= Excel.Workbook(Web.Contents("{address}"), true)', file=book),
    ]


def human_size(size: int) -> str:
    """A size as people say it."""
    for unit, power in (("MB", 6), ("kB", 3)):
        if size >= 10**power:
            return f"{size / 10**power:.{1 if size < 10 ** (power + 1) else 0}f} {unit}"
    return f"{size} B"


def _table(file: DataFile) -> str:
    return file.table


def _download(file: DataFile) -> Download:
    return Download(
        name=file.name, format=FORMATS[file.kind], size=human_size(len(file.data)), sha256=sha256(file.data)
    )


def _offer(about: ReleaseDescription, table: str, files: Sequence[Download]) -> Offer:
    if not table:
        return Offer(name=translate("front_all_tables"), content=translate("front_workbook"), rows=None, files=files)
    return Offer(
        name={"zh": SHEETS[table], "en": table},
        content={"zh": ROWS_ZH[table].removeprefix("每行"), "en": ROWS[table]},
        rows=about.tables[table].height,
        files=files,
    )
