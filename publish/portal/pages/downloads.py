"""The files of a release for download, with format, size and hash, and the code that reads them."""

from collections.abc import Iterable, Mapping
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

Offer = Mapping[str, Any]
"""A table with its `files`, one in each format, or all tables in one file; `rows` is None for all tables."""


def download_rows(about: ReleaseDescription) -> list[Offer]:
    """Return what can be downloaded: all tables in one file, then each table."""
    offers = [_offer(about, table, files) for table, files in groupby(about.data_files, attrgetter("table"))]
    return sorted(offers, key=lambda offer: offer["rows"] is not None)


def first_offers(about: ReleaseDescription) -> list[Offer]:
    """Return the downloads for the front page of the store: all tables in one file, and the observations."""
    return [offer for offer in download_rows(about) if offer["rows"] is None or offer["name"]["en"] == _EXAMPLE]


def readable_offers(headlines: Mapping[str, Any]) -> list[Offer]:
    """Return the offers of a `headlines.json` that a page can print: another version of Gongbao may have written it."""
    return [offer for offer in headlines.get("offers", ()) if offer.keys() >= _PRINTED]


def recipes(about: ReleaseDescription) -> list[Mapping[str, str]]:
    """Return the code that reads the data in each program; `{address}` stands for the address of the file."""
    codes = (
        ("pandas", 'import pandas\n\ndf = pandas.read_parquet("{address}")', f"{_EXAMPLE}.parquet"),
        ("Polars", 'import polars\n\ndf = polars.read_parquet("{address}")', f"{_EXAMPLE}.parquet"),
        ("DuckDB", "SELECT * FROM '{address}' WHERE indicator = 'gdp';", f"{_EXAMPLE}.parquet"),
        ("R", 'df <- read.csv("{address}", encoding = "UTF-8")', f"{_EXAMPLE}.csv"),
        ("Excel", '= Excel.Workbook(Web.Contents("{address}"), true)', f"{about.release.dataset}.xlsx"),
    )
    return [{"program": program, "code": code, "file": file} for program, code, file in codes]


def human_size(size: int) -> str:
    """Return a size in bytes, kB or MB."""
    for unit, power in (("MB", 6), ("kB", 3)):
        if size >= 10**power:
            return f"{size / 10**power:.{1 if size < 10 ** (power + 1) else 0}f} {unit}"
    return f"{size} B"


def _download(file: DataFile) -> Mapping[str, str]:
    size, digest = human_size(len(file.data)), sha256(file.data)
    return {"name": file.name, "format": FORMATS[file.kind], "size": size, "sha256": digest}


def _offer(about: ReleaseDescription, table: str, files: Iterable[DataFile]) -> Offer:
    name, content, rows = translate("front_all_tables"), translate("front_workbook"), None
    if table:
        name, content = (
            {"zh": SHEETS[table], "en": table},
            {"zh": ROWS_ZH[table].removeprefix("每行"), "en": ROWS[table]},
        )
        rows = about.tables[table].height
    return {"name": name, "content": content, "rows": rows, "files": [_download(file) for file in files]}
