"""Five nights of a site that reports, corrects itself in silence, reports again and withdraws a page."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import polars as pl
from support.cms import SiteEditor, short_article
from support.nights import Record, data, local

from infra.store import Store, open_store

if TYPE_CHECKING:
    from collections.abc import Mapping

OLD, NEW = 2612346, 2698765
FIRST_REPORT = short_article(
    "一、2024年工作总结",
    "2024年，全区经济稳中有进。全年完成地区生产总值573.72亿元，增长3.5%。",
    "规上工业增加值343.64亿元，增长2.9%。固定资产投资增长5.0%。",
    "进出口总额410.5亿元。新增市场主体8700户。",
    "二、2025年工作部署",
    "2025年，地区生产总值增长6.5%以上，固定资产投资增长8%，社会消费品零售总额增长5%左右。",
    "新增公办学位3000个。",
    number=OLD,
)
NEXT_REPORT = replace(
    short_article(
        "一、2025年工作总结",
        "2025年，地区生产总值完成612.3亿元，增长7.1%。经最终核实，2024年地区生产总值为575.10亿元。",
        "规上工业增加值稳步增长。固定资产投资增长4.2%。",
        "社会消费品零售总额保持平稳。新增市场主体9100户。",
        "二、2026年工作部署",
        "2026年，地区生产总值增长6%以上。固定资产投资增长5%。",
        number=NEW,
        title="火炬高新区2025年工作总结暨2026年工作部署",
    ),
    published_on=date(2026, 5, 28),
    index_number="11442000007333422Y/2026-00151",
)


def night(day: int) -> datetime:
    """Half past two in China on a day of June 2026."""
    return datetime(2026, 6, day, tzinfo=UTC).replace(hour=2, minute=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreAfterRun:
    """What lay in the store after a night: the run's record and the tables of the latest release."""

    record: Record
    version: str
    tables: Mapping[str, pl.DataFrame]
    notes: str
    status: Record

    def rows(self, table: str, *columns: str, **where: str) -> list[tuple[object, ...]]:
        """The rows of a table that say this, these columns of them, in order."""
        return self.tables[table].filter(**where).select(columns).sort(columns).rows()


def store_after(store: Store, record: Record) -> StoreAfterRun:
    """Read the latest release as a consumer does."""
    version = json.loads(data(store, "seed/latest.json"))["version"]
    folder = f"seed/v/{version}/"
    names = [entry.key.rpartition("/")[2] for entry in store.list(folder)]
    tables = {
        name.removesuffix(".parquet"): pl.read_parquet(io.BytesIO(data(store, folder + name)))
        for name in names
        if name.endswith(".parquet")
    }
    return StoreAfterRun(
        record=record,
        version=version,
        tables=tables,
        notes=data(store, f"{folder}CHANGES.md").decode(),
        status=json.loads(data(store, "status.json"))["sources"]["seed"],
    )


def five_runs(editor: SiteEditor, store_url: str, sources: str) -> list[StoreAfterRun]:
    """Live through them; the first of the five is the first store_after of the list."""
    after_runs: list[StoreAfterRun] = []
    store = open_store(store_url)

    def sleep() -> None:
        record = local(store_url, sources, night(len(after_runs) + 1))
        after_runs.append(store_after(store, record))

    editor.articles = [FIRST_REPORT]
    sleep()
    sleep()
    editor.correct("固定资产投资增长5.0%", "固定资产投资增长5.2%")
    sleep()
    editor.articles.append(NEXT_REPORT)
    sleep()
    del editor.articles[0]
    sleep()
    return after_runs
