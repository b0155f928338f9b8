"""Runs of June 2026 on a site that reports, corrects itself and reports again, and the stores that they leave."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from support.runs import Record, apart, loaded, table
from support.site_editor import SiteEditor, registry, short_article

from flows.operator.review import ReviewContext
from flows.pipeline import LOCAL_STAGES, run_pipeline
from flows.run.context import RunContext, RunResult, create_context
from infra.settings import Settings
from infra.store import Store, open_store
from publish.signing.schemes import load_signers
from raw.reading import read_capture
from schemas.codelists import NumberStatus, Outcome
from schemas.observation import Observation

if TYPE_CHECKING:
    from schemas.reading import CapturedDocument, Reading
    from schemas.registry.sources import Source

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
VERSIONS = ("2026.06.01.1", "2026.06.03.1", "2026.06.04.1")
"""The releases that `publish_three` makes; the second is also the version of a release that is held."""
FIRST, HELD = VERSIONS[:2]
INVESTMENT = ("固定资产投资增长5.0%", "固定资产投资增长5.2%")
TRADE = ("进出口总额410.5亿元", "进出口总额411.5亿元")
GDP, JUMPED = 573.72, 5737.2
"""The output of 2024, and ten times as much: a run holds it."""
BY, WHY = "Li Wei", "检查过原文: the page says so"
FORMER_READER = "0.0.9+old"
Misread = Callable[[Observation], Observation | None]
"""What an earlier reader made of an observation, None where it saw none."""


def june(day: int) -> datetime:
    """Half past ten in China on a day of June 2026."""
    return datetime(2026, 6, day, 2, 30, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteStore:
    """The editor of a site, the registry file that names it `seed`, and a store of its releases."""

    editor: SiteEditor
    sources: str
    url: str

    @property
    def store(self) -> Store:
        return open_store(self.url)

    @property
    def status(self) -> Record:
        return dict(loaded(self.store, "status.json")["sources"]["seed"])

    def context(self, day: int, store: Store | None = None) -> RunContext:
        context = create_context("seed", self.url, self.sources, june(day))
        return replace(context, store=store) if store else context

    def run(self, day: int, store: Store | None = None) -> RunResult:
        """Run the pipeline without Prefect, whatever comes of it."""
        return apart(run_pipeline(self.context(day, store), LOCAL_STAGES))

    def publish(self, day: int, store: Store | None = None) -> None:
        result = self.run(day, store)
        assert result.outcome is Outcome.PUBLISHED, result

    def publish_three(self) -> None:
        """A first report, an edit of one number two days later, and the report of the next year the day after."""
        self.publish(1)
        self.editor.correct(*INVESTMENT)
        self.publish(3)
        self.editor.articles.append(NEXT_REPORT)
        self.publish(4)

    def copied(self, folder: Path) -> SiteStore:
        """The same site with a copy of the store."""
        return replace(self, url=str(shutil.copytree(self.url, folder)))

    def review(self, version: str = HELD, *, day: int = 8, store: Store | None = None) -> ReviewContext:
        """What an operator decides on, at noon of that day."""
        settings = Settings.from_env(os.environ)
        return ReviewContext(
            store=store or self.store,
            dataset="seed",
            version=version,
            by=BY,
            why=WHY,
            now=june(day).replace(hour=4),
            settings=settings,
            signers=load_signers(settings),
        )


@contextmanager
def site(folder: Path, *, store: str = "") -> Iterator[SiteStore]:
    """A site that shows the first report, and an empty store, with settings for quick runs."""
    editor = SiteEditor(articles=[FIRST_REPORT])
    folder.mkdir(parents=True, exist_ok=True)
    with pytest.MonkeyPatch.context() as patch, editor.served() as base:
        for name, value in {"PACE": "0", "TRIES": "2", "SPOOL": str(folder / "spool")}.items():
            patch.setenv(f"GONGBAO_{name}", value)
        yield SiteStore(editor=editor, sources=registry(folder, base), url=store or str(folder / "store"))


@contextmanager
def held(folder: Path, *, store: str = "") -> Iterator[SiteStore]:
    """A first release on the first of June, and on the third a page whose output is ten times as high."""
    with site(folder, store=store) as found:
        found.publish(1)
        found.editor.correct(f"地区生产总值{GDP}亿元", f"地区生产总值{JUMPED}亿元")
        result = found.run(3)
        assert (result.outcome, result.version) == (Outcome.HELD, HELD), result
        assert "magnitude_jump" in {finding.code for finding in result.findings}
        yield found


def published_gdp(store: Store) -> float:
    """The output of 2024 as a consumer reads it, each file checked by its hash."""
    rows = table(store, "observations").filter(indicator="gdp", measure="level", period="2024", status="actual")
    return float(rows["value"][0])


@contextmanager
def earlier_reader(version: str, misread: Misread) -> Iterator[None]:
    """Let everything be read as an earlier reader did, under its name."""

    def read(captured: CapturedDocument, source: Source) -> Reading:
        reading = read_capture(captured, source)
        observations = tuple(changed for observation in reading.observations if (changed := misread(observation)))
        lost = {observation.span for observation in reading.observations} - {each.span for each in observations}
        numbers = (replace(each, fate=NumberStatus.UNREAD) if each.span in lost else each for each in reading.numbers)
        return replace(reading, observations=observations, numbers=tuple(numbers))

    reads = ("flows.stages.read_and_publish", "flows.stages.reread", "flows.operator.rebuild")
    names = ("flows.stages.candidate", "flows.run.context", "flows.stages.read_and_publish", "flows.operator.rebuild")
    with pytest.MonkeyPatch.context() as patch:
        for module in reads:
            patch.setattr(f"{module}.read_capture", read)
        for module in names:
            patch.setattr(f"{module}.reader_version", lambda: version)
        yield


def without_enterprises(observation: Observation) -> Observation | None:
    """What a reader makes of the first report that sees no number of enterprises."""
    return None if observation.obs_text == "8700户" else observation


def rewrite(store: Store, key: str, change: Callable[[bytes], bytes]) -> None:
    """Change an object of a folder store behind its back."""
    path = Path(store.url) / key
    data = change(path.read_bytes())
    path.chmod(0o644)
    path.write_bytes(data)


def objects(store: Store, prefix: str = "") -> dict[str, str]:
    """What lies in a store: the tag of each object."""
    return {entry.key: entry.etag for entry in store.list(prefix)}
