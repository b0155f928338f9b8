"""Runs on a site that has changed since the last release: what is found, held and published."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from support.june_runs import earlier_reader
from support.mutant_site import ORIGINAL, Mutant, MutantSite, changed, codes_above_note, mutant, mutant_site, swap
from support.mutants import CONTAINER, GDP, HARMLESS, NOTICED, documentation
from support.requires import ROOT
from support.runs import Record, loaded, table, versions

from flows.operator.history import open_history
from flows.operator.rebuild import rebuild
from infra.store import Store, open_store
from publish.alerts.lifecycle import AlertEvent
from schemas.codelists import Outcome, Severity
from schemas.registry.sources import load_sources, pick

if TYPE_CHECKING:
    import polars as pl

    from flows.run.context import RunResult
    from schemas.observation import Observation

# What a number says, whatever its series is called and wherever it stands.
STATED = ("measure", "period", "status", "value_base", "value_upper", "bound", "unit_code", "document")
BY_NAME = {each.name: each for each in NOTICED}
CORRECTED = swap(GDP, GDP.replace("573.72", "575.80"))
FORM = {"form_container", "form_rendering"}
# One mutant for each alert, but those that are published: putting the page right publishes again.
PUT_RIGHT = {each.alert: each for each in NOTICED if each.outcome is not Outcome.PUBLISHED}.values()


@dataclass(frozen=True, slots=True, kw_only=True)
class Released:
    """The site, and a store of the test's own with a release of it."""

    site: MutantSite
    store: Store

    def after(self, mutant: Mutant = ORIGINAL) -> RunResult:
        """Run on a mutant."""
        self.site.show(mutant)
        return self.site.run(self.store.url)

    @property
    def status(self) -> Record:
        return dict(loaded(self.store, "status.json")["sources"]["seed"])

    def alerts(self) -> list[str]:
        """The alerts that the status of the source lists."""
        return [alert["code"] for alert in self.status["alerts"]]

    def statements(self) -> pl.DataFrame:
        return table(self.store, "observations").select(STATED)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[MutantSite, Path]]:
    """The site, and a store with one release of it as it is without any change."""
    folder = tmp_path_factory.mktemp("site")
    with pytest.MonkeyPatch.context() as patch, mutant_site(folder) as running:
        for name, value in {"PACE": "0", "TRIES": "2", "SPOOL": str(folder / "spool")}.items():
            patch.setenv(f"GONGBAO_{name}", value)
        assert running.run(str(folder / "released")).outcome is Outcome.PUBLISHED
        yield running, folder / "released"


@pytest.fixture
def released(site: tuple[MutantSite, Path], tmp_path: Path) -> Released:
    shutil.copytree(site[1], tmp_path / "store")
    return Released(site=site[0], store=open_store(str(tmp_path / "store")))


def events(result: RunResult) -> list[tuple[AlertEvent, str]]:
    """The alerts of a run."""
    assert result.alert_changes
    return [(event, alert.code) for event, alert in result.alert_changes.events]


@pytest.mark.parametrize("noticed", NOTICED, ids=str)
def test_a_drift_is_found_and_alerted_once_and_no_misread_number_is_published(
    noticed: Mutant, released: Released
) -> None:
    before = released.statements()
    result = released.after(noticed)
    assert (result.outcome, codes_above_note(result)) == (noticed.outcome, set(noticed.codes))
    assert (result.error is None) == bool(noticed.codes)
    assert (events(result), released.alerts()) == ([(AlertEvent.RAISED, noticed.alert)], [noticed.alert])
    assert len(versions(released.store)) == 1 + (noticed.outcome is Outcome.PUBLISHED)
    assert loaded(released.store, "seed/latest.json")["version"] == versions(released.store)[-1]
    assert released.statements().join(before, on=STATED, how="anti", nulls_equal=True).is_empty()
    if noticed in PUT_RIGHT:
        right, quiet = released.after(), released.after()
        assert (right.outcome, right.rows_checked) == (Outcome.UNCHANGED, False)
        assert events(right) == [(AlertEvent.CLEARED, noticed.alert)]
        assert quiet.alert_changes
        assert (released.alerts(), quiet.alert_changes.messages) == ([], ())


@pytest.mark.parametrize("harmless", HARMLESS, ids=str)
def test_what_moves_by_itself_is_not_found(harmless: Mutant, released: Released) -> None:
    pointer = released.store.get("seed/latest.json")
    result = released.after(harmless)
    assert (result.outcome, codes_above_note(result), result.error) == (Outcome.UNCHANGED, set(), None)
    assert events(result) == []
    assert released.store.get("seed/latest.json") == pointer


def test_the_mutants_are_many_and_the_documentation_lists_them() -> None:
    assert len({each.name for each in (*NOTICED, *HARMLESS)}) == len(NOTICED) + len(HARMLESS)
    assert (len(NOTICED) >= 50, len(HARMLESS) >= 15) == (True, True)
    assert (ROOT / "docs" / "mutants.md").read_text(encoding="utf-8") == documentation()


def test_evidence_says_what_was_what_is_and_where(released: Released) -> None:
    (finding,) = [each for each in released.after(BY_NAME["亿元 to 万元"]).findings if each.code == "unit_moved"]
    (line,) = finding.evidence
    assert "was 573.72亿元 | is 573.72万元" in line
    assert "gdp|level||2024|actual" in line
    assert finding.where == "post-2495310"
    assert "post-2495310:" in line


def test_a_correction_is_published_without_a_finding(released: Released) -> None:
    result = released.after(mutant("a correction", text=CORRECTED))
    assert (result.outcome, codes_above_note(result)) == (Outcome.PUBLISHED, set())


def test_a_form_that_stays_changed_is_found_in_each_run_until_the_next_release_which_can_be_rebuilt(
    released: Released,
) -> None:
    moved = mutant("container", older=changed(CONTAINER))
    first, second = released.after(moved), released.after(moved)
    assert codes_above_note(first) == FORM
    assert first.findings == second.findings
    assert released.status["state"] == "drifted"

    third, fourth = (released.after(replace(moved, text=CORRECTED)) for _ in range(2))
    assert (third.outcome, codes_above_note(third)) == (Outcome.PUBLISHED, FORM)
    assert (fourth.outcome, codes_above_note(fourth)) == (Outcome.UNCHANGED, set())
    assert released.status["state"] == "ok"
    history = open_history(released.store.url, "seed")
    assert len(history.releases) == 2
    assert rebuild(history, pick(load_sources(Path(released.site.sources)), ["seed"])[0]) == ()


def test_a_held_release_waits_under_one_version(released: Released) -> None:
    first, second = (released.after(BY_NAME["second half missing"]) for _ in range(2))
    assert (first.outcome, second.outcome, first.version) == (Outcome.HELD, Outcome.HELD, second.version)


@pytest.fixture
def misread(site: tuple[MutantSite, Path], tmp_path: Path) -> Released:
    """The site, and a store whose release was made by a reader that took 亿 for 万 and did not see shares."""

    def slip(observation: Observation) -> Observation | None:
        if observation.measure == "share":
            return None
        unknown = observation.indicator.startswith("x:")
        return replace(observation, unit="万元", unit_mult=4) if observation.unit == "亿元" and unknown else observation

    found = Released(site=site[0], store=open_store(str(tmp_path / "misread")))
    with earlier_reader("0.0.9+former", slip):
        assert found.after().outcome is Outcome.PUBLISHED
    return found


def test_what_only_our_reader_changed_warns_and_holds_nothing(misread: Released) -> None:
    result = misread.after()
    (finding,) = [each for each in result.findings if each.severity is not Severity.NOTE]
    assert (result.outcome, finding.code) == (Outcome.PUBLISHED, "reader_drift")
    assert finding.count > 5
    assert any("(changed)" in line for line in finding.evidence)


def test_what_the_source_changed_is_held_though_the_reader_changed_in_the_same_run(misread: Released) -> None:
    result = misread.after(BY_NAME["another unit"])
    assert (result.outcome, codes_above_note(result)) == (Outcome.HELD, {"unit_moved", "reader_drift"})
    assert [each.count for each in result.findings if each.code == "unit_moved"] == [1]
