"""A store in which a release is held, by the real stages and without Prefect, and what an operator says of it."""

from __future__ import annotations

import asyncio
import os
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from support.nights import loaded
from support.release_store import site
from support.scenario import FIRST_REPORT, night

from flows.notify.alerts import update_and_send
from flows.operator.review import ReviewContext
from flows.run import previous_state
from flows.run.context import RunResult, create_context
from flows.stages import fetch, finalize
from flows.stages import read_and_publish as stages
from flows.stages.outcome import apply_gate, capture_errors, unchanged_result
from infra.settings import Settings
from infra.store import Store, open_store
from publish.signing.schemes import load_signers
from schemas.codelists import Outcome, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from support.nights import Record
    from support.seed import Desk

    from flows.run.context import RunContext
    from flows.stages.candidate import ReleaseCandidate

JUMPED = "地区生产总值5737.2亿元"
"""Ten times what the first report says: a night holds it."""

BY, WHY = "Li Wei", "检查过原文: the page says so"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """The desk of a site, its registry file, and the store where a candidate waits."""

    desk: Desk
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
        return lived(create_context("seed", self.url, self.sources, night(day)))

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


def lived(run: RunContext) -> RunResult:
    """The stages of a night in their order, with every end that it can have."""
    before = None
    with capture_errors() as end:
        before = previous_state.load_and_repair(run)
        readings = stages.read(run, asyncio.run(fetch.capture(run, before)))
        if stages.inputs_unchanged(run, before, readings):
            end.result = unchanged_result(before, readings)
        else:
            end.result = _decided(run, before, stages.build_candidate(run, before, readings))
    result = update_and_send(run, before, end.result)
    finalize.close(run, before, result)
    return result


def _decided(run: RunContext, before: previous_state.PreviousState, proposal: ReleaseCandidate) -> RunResult:
    verdict, result = apply_gate(before, proposal)
    if verdict is Verdict.HOLD:
        held = stages.hold_candidate(run, before, proposal)
        return replace(result, version=held.version, held_candidate=held)
    if verdict is Verdict.PUBLISH:
        shipped = stages.publish(run, before, proposal)
        return replace(result, outcome=shipped.outcome, version=shipped.version)
    return result


@contextmanager
def held(folder: Path, *, store: str = "") -> Iterator[Bench]:
    """A first release on the first of June, and on the third a page whose output is ten times as high."""
    with site(folder, store=store) as (desk, sources, url):
        desk.articles[:] = [FIRST_REPORT]
        bench = Bench(desk=desk, sources=sources, url=url)
        assert bench.live(1).outcome is Outcome.PUBLISHED
        desk.correct("地区生产总值573.72亿元", JUMPED)
        result = bench.live(3)
        assert result.outcome is Outcome.HELD, result
        assert "magnitude_jump" in {finding.code for finding in result.findings}
        yield bench
