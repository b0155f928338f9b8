"""What every description of a release says, whatever its format: names, years, origins, identity.

The descriptions for other programs (`datapackage.json`, `croissant.json`, `dcat.jsonld`, `csv-metadata.json`,
`CITATION.cff`) are each a pure function of one `ReleaseDescription`. They name the files beside them by relative URLs,
and the release itself by a `urn:uuid`, so that a copy of the bucket stays true wherever it is.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

from publish.bucket.layout import media_type
from schemas.registry.sources import Source
from schemas.release import Release
from schemas.tables.columns import TABLES
from schemas.tables.frames import Tables

CREATOR = "Gongbao"
KEYWORDS = ("China", "government work reports", "statistics", "vintages", "政府工作报告", "统计数据")
KINDS: Mapping[str, str] = MappingProxyType({"csv": "CSV", "parquet": "Parquet", "xlsx": "Excel workbook"})

# What RFC 3987 lets stand in an address; everything else is written as bytes in percent.
_ADDRESS = ":/?#[]@!$&'()*+,;=-._~%"
_MAIL = re.compile(r"(?:mailto:)?([\w.+-]+@[\w-]+(?:\.[\w-]+)+)", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceDocument:
    """A source document as a reference: never without a title, and with a date only where the page prints one."""

    title: str
    publisher: str
    url: str
    published_on: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DataFile:
    """A file with data: its name, its kind (csv, parquet, xlsx), the table in it ("" for all) and its bytes."""

    name: str
    kind: str
    table: str
    data: bytes

    @property
    def media_type(self) -> str:
        """Its registered media type."""
        return media_type(self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseDescription:
    """A release with its source, its tables and the files made of them."""

    release: Release
    source: Source
    tables: Tables
    files: Mapping[str, bytes]

    @property
    def title(self) -> Mapping[str, str]:
        """The title by language."""
        en = f"{self.source.area_en}: the numbers of its government reports"
        return MappingProxyType({"zh": f"{self.source.area_zh}政府工作报告数据", "en": en})

    @property
    def description(self) -> Mapping[str, str]:
        """The description by language."""
        zh = (
            f"{self.source.area_zh}政府工作报告中的数据，每个数字都标明其在存档网页中的位置；"
            "附历次版本、年度比较、目标与实绩、不再公布的指标。"
        )
        en = (
            f"Every number of the government reports of {self.source.area_en}, each with its place in the archived "
            "page; with vintages, comparisons with the year before, targets and their outcomes, and what is no longer "
            "published."
        )
        return MappingProxyType({"zh": zh, "en": en})

    @property
    def urn(self) -> str:
        """The name of this release, the same in every copy."""
        return urn(self.release.dataset, self.release.version)

    @property
    def previous_urn(self) -> str:
        """The name of the previous release, "" for a first one."""
        return urn(self.release.dataset, self.release.previous) if self.release.previous else ""

    @property
    def years(self) -> tuple[str, str] | None:
        """The first and the last year of all numbers, targets included; None where there is no number."""
        periods = self.tables["observations"]["period"]
        years = sorted(year for period in periods.unique() for year in re.findall(r"\d{4}", period))
        return (years[0], years[-1]) if years else None

    @property
    def documents(self) -> tuple[SourceDocument, ...]:
        """The source documents, in the order of their table, each URL once."""
        rows = self.tables["documents"].unique("url", keep="first", maintain_order=True).iter_rows(named=True)
        return tuple(_cited(row, self.source.publisher) for row in rows)

    @property
    def data_files(self) -> tuple[DataFile, ...]:
        """The files with data: each table in its formats, in the order of the tables, then the workbook."""
        named = [f"{table}.{kind}" for table in TABLES for kind in KINDS]
        rest = [name for name in sorted(self.files) if name not in named and name.rpartition(".")[2] in KINDS]
        return tuple(
            DataFile(name=name, kind=kind, table=stem if name in named else "", data=self.files[name])
            for name in (*named, *rest)
            if name in self.files
            for stem, _, kind in [name.rpartition(".")]
        )

    @property
    def mail(self) -> str:
        """The contact as a `mailto:`, "" where it is not a mail address."""
        match = _MAIL.fullmatch(self.release.contact.strip())
        return f"mailto:{match[1]}" if match else ""

    @property
    def citation(self) -> str:
        """One line to cite the release by."""
        day = self.release.released_on
        return f"{CREATOR} ({day.year}): {self.title['en']}. Version {self.release.version} [data set]. {self.urn}"


def urn(dataset: str, version: str) -> str:
    """Return the name of a release, which needs no URL."""
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'gongbao:{dataset}/v/{version}')}"


def percent_encode(url: str) -> str:
    """Return a URL without characters that a URL parser refuses."""
    return quote(url, safe=_ADDRESS)


def _cited(row: Mapping[str, Any], publisher: str) -> SourceDocument:
    return SourceDocument(
        title=row["title"].strip() or row["document"],
        publisher=(row["publisher"] or "").strip() or publisher,
        url=percent_encode(row["url"]),
        published_on=_day(row["published_on"]),
    )


def _day(printed: str | None) -> str:
    """Return the printed date if it is one, else ""."""
    match = re.match(r"\d{4}-\d\d-\d\d", printed or "")
    try:
        return date.fromisoformat(match[0]).isoformat() if match else ""
    except ValueError:
        return ""
