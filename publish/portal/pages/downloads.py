"""The files of a release for download, with format, size and hash, and the code that reads them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from operator import attrgetter
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
    """A file with its format, its size and its hash."""

    name: str
    format: str
    size: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A table in each of its formats, or all tables in one file; `rows` is None for all tables."""

    name: Mapping[str, str]
    content: Mapping[str, str]
    rows: int | None
    files: Sequence[Download]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """Code that reads the data in a program; `{address}` in it stands for the address of the file."""

    program: str
    code: str
    file: str


def download_rows(about: ReleaseDescription) -> list[Offer]:
    """Return what can be downloaded: all tables in one file, then each table."""
    groups = groupby(about.data_files, attrgetter("table"))
    offers = [_offer(about, table, [_download(file) for file in files]) for table, files in groups]
    return sorted(offers, key=lambda offer: offer.rows is not None)


def first_offers(about: ReleaseDescription) -> list[Mapping[str, Any]]:
    """Return the downloads for the front page of the store: all tables in one file, and the observations."""
    offers = [offer for offer in download_rows(about) if offer.rows is None or offer.name["en"] == _EXAMPLE]
    return [asdict(offer) for offer in offers]


def readable_offers(headlines: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the offers of a `headlines.json` that a page can print: another version of Gongbao may have written it."""
    return [offer for offer in headlines.get("offers", ()) if offer.keys() >= _PRINTED]


def recipes(about: ReleaseDescription) -> list[Recipe]:
    """Return the code for each program."""
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
    """Return a size in bytes, kB or MB."""
    for unit, power in (("MB", 6), ("kB", 3)):
        if size >= 10**power:
            return f"{size / 10**power:.{1 if size < 10 ** (power + 1) else 0}f} {unit}"
    return f"{size} B"


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
