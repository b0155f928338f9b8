"""A store in which a release is held, by the real stages and without Prefect, and what an operator says of it."""

from __future__ import annotations

import asyncio
import os
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from support.nights import loaded
from support.release_store import site
from support.scenario import FIRST_REPORT, night

from flows.operator.review import ReviewContext
from flows.pipeline import LOCAL_STAGES, run_pipeline
from flows.run.context import RunResult, create_context
from infra.settings import Settings
from infra.store import Store, open_store
from publish.signing.schemes import load_signers
from schemas.codelists import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from support.cms import SiteEditor
    from support.nights import Record


JUMPED = "地区生产总值5737.2亿元"
"""Ten times what the first report says: a night holds it."""

BY, WHY = "Li Wei", "检查过原文: the page says so"


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldRelease:
    """The editor of a site, its registry file, and the store where a candidate waits."""

    editor: SiteEditor
    sources: str
    url: str

    @property
    def store(self) -> Store:
        return open_store(self.url)

    @property
    def status(self) -> Record:
        found = loaded(self.store, "status.json")["sources"]["seed"]
        assert isinstance(found, dict)
        return found

    @property
    def waiting(self) -> str:
        """The version that waits, "" for none."""
        return str(self.status["held"]["version"]) if self.status["held"] else ""

    def live(self, day: int) -> RunResult:
        """A night of June 2026, whatever comes of it."""
        return asyncio.run(run_pipeline(create_context("seed", self.url, self.sources, night(day)), LOCAL_STAGES))

    def hearing(self, version: str = "", *, day: int = 8, store: Store | None = None) -> ReviewContext:
        """Where an operator decides, at noon of that day."""
        settings = Settings.from_env(os.environ)
        return ReviewContext(
            store=store or self.store,
            dataset="seed",
            version=version or self.waiting,
            by=BY,
            why=WHY,
            now=night(day).replace(hour=4),
            settings=settings,
            signers=load_signers(settings),
        )


@contextmanager
def held(folder: Path, *, store: str = "") -> Iterator[HeldRelease]:
    """A first release on the first of June, and on the third a page whose output is ten times as high."""
    with site(folder, store=store) as (editor, sources, url):
        editor.articles[:] = [FIRST_REPORT]
        held_release = HeldRelease(editor=editor, sources=sources, url=url)
        assert held_release.live(1).outcome is Outcome.PUBLISHED
        editor.correct("地区生产总值573.72亿元", JUMPED)
        result = held_release.live(3)
        assert result.outcome is Outcome.HELD, result
        assert "magnitude_jump" in {finding.code for finding in result.findings}
        yield held_release
