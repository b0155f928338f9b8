"""Real nights on a site that is another than the night before: what is found, what is held, what is published."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest
from support.mutant_catalogue import NOTICED, QUIET, page
from support.mutants import CONTAINER, DANGEROUS, GDP
from support.mutated import Stage, above_note, stage
from support.mutating import Mutant, sent, swap
from support.nights import loaded, table, versions
from support.release_store import earlier_reader
from support.requires import ROOT

from flows.operator.history import open_history
from flows.operator.rebuild import rebuild
from infra.store import open_store
from publish.alerts.lifecycle import AlertEvent
from schemas.codelists import Outcome, Severity
from schemas.registry.sources import load_sources, pick

if TYPE_CHECKING:
    from flows.run.context import RunResult
    from infra.store import Store
    from schemas.observation import Observation

# What a number says, whatever its series is called and wherever it stands.
SAID = ("measure", "period", "status", "value_base", "value_upper", "bound", "unit_code", "document")
CORRECTED = swap((GDP, GDP.replace("573.72", "575.80")))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Stage, Path]]:
    """The site, and a store with one release of it as it is without any change."""
    folder = tmp_path_factory.mktemp("site")
    with pytest.MonkeyPatch.context() as patch, stage(folder) as made:
        for name, value in {"PACE": "0", "TRIES": "2", "SPOOL": str(folder / "spool")}.items():
            patch.setenv(f"GONGBAO_{name}", value)
        assert made.night(str(folder / "released")).outcome is Outcome.PUBLISHED
        yield made, folder / "released"


@pytest.fixture
def released(site: tuple[Stage, Path], tmp_path: Path) -> tuple[Stage, str]:
    """The site, and a store of one's own with that release."""
    shutil.copytree(site[1], tmp_path / "store")
    return site[0], str(tmp_path / "store")


def after(released: tuple[Stage, str], mutant: Mutant) -> RunResult:
    """The result of a night on a mutant."""
    released[0].show(mutant)
    return released[0].night(released[1])


def said(url: str) -> pl.DataFrame:
    return table(open_store(url), "observations").select(SAID)


def told(result: RunResult) -> list[str]:
    """The alarms of the alerts that a night told of, all of them new."""
    assert result.alert_changes
    assert {event for event, _ in result.alert_changes.events} <= {AlertEvent.RAISED}
    return [alert.code for _, alert in result.alert_changes.events]


def state(url: str) -> str:
    """How the source stands, as the status has it."""
    return str(loaded(open_store(url), "status.json")["sources"]["seed"]["state"])


def raised(store: Store) -> list[str]:
    """The alarms that stand open in the status of the source."""
    return [alert["code"] for alert in loaded(store, "status.json")["sources"]["seed"]["alerts"]]


@pytest.mark.parametrize("mutant", NOTICED, ids=str)
def test_a_drift_is_found_and_no_number_is_published_that_was_not_read_rightly(
    mutant: Mutant, released: tuple[Stage, str]
) -> None:
    store, before = open_store(released[1]), said(released[1])
    result = after(released, mutant)
    assert (result.outcome, above_note(result)) == (mutant.outcome, set(mutant.codes))
    assert (result.error is None) == bool(mutant.codes)
    assert (told(result), raised(store)) == ([mutant.alert], [mutant.alert])
    assert len(versions(store)) == (2 if mutant.outcome is Outcome.PUBLISHED else 1)
    assert loaded(store, "seed/latest.json")["version"] == versions(store)[-1]
    assert said(released[1]).join(before, on=SAID, how="anti", nulls_equal=True).is_empty()


PUT_RIGHT = tuple({mutant.alert: mutant for mutant in NOTICED if mutant.outcome is not Outcome.PUBLISHED}.values())
"""One mutant for each alarm that mutants raise, but those that are published: the page put right changes them again."""


@pytest.mark.parametrize("mutant", PUT_RIGHT, ids=str)
def test_the_page_put_right_clears_the_one_alert_and_raises_none(mutant: Mutant, released: tuple[Stage, str]) -> None:
    after(released, mutant)
    released[0].show()
    right, quiet = (released[0].night(released[1]) for _ in range(2))
    assert right.alert_changes
    assert quiet.alert_changes
    assert (right.outcome, right.rows_checked) == (Outcome.UNCHANGED, False)
    assert [(event, alert.code) for event, alert in right.alert_changes.events] == [(AlertEvent.CLEARED, mutant.alert)]
    assert (raised(open_store(released[1])), quiet.alert_changes.messages) == ([], ())


@pytest.mark.parametrize("mutant", QUIET, ids=str)
def test_what_moves_by_itself_is_not_found(mutant: Mutant, released: tuple[Stage, str]) -> None:
    pointer = open_store(released[1]).get("seed/latest.json")
    result = after(released, mutant)
    assert (result.outcome, above_note(result), result.error) == (Outcome.UNCHANGED, set(), None)
    assert told(result) == []
    assert open_store(released[1]).get("seed/latest.json") == pointer


def test_there_are_mutants_enough_and_each_has_a_name_of_its_own() -> None:
    names = [mutant.name for mutant in (*NOTICED, *QUIET)]
    assert len(set(names)) == len(names)
    assert (len(NOTICED) >= 50, len(QUIET) >= 15) == (True, True)


def test_the_page_on_mutants_is_made_of_these() -> None:
    assert (ROOT / "docs" / "mutants.md").read_text(encoding="utf-8") == page()


def test_evidence_says_what_was_what_is_and_where(released: tuple[Stage, str]) -> None:
    (unit,) = [mutant for mutant in DANGEROUS if mutant.name == "亿元 to 万元"]
    (found,) = [one for one in after(released, unit).findings if one.code == "unit_moved"]
    (line,) = found.evidence
    assert "was 573.72亿元 | is 573.72万元" in line
    assert "gdp|level||2024|actual" in line
    assert found.where == "post-2495310"
    assert "post-2495310:" in line


def test_a_correction_is_published_without_a_word(released: tuple[Stage, str]) -> None:
    corrected = Mutant(name="a correction", outcome=Outcome.PUBLISHED, text=CORRECTED)
    result = after(released, corrected)
    assert (result.outcome, above_note(result)) == (Outcome.PUBLISHED, set())


def test_a_form_that_stays_changed_is_told_each_run_until_the_next_release(released: tuple[Stage, str]) -> None:
    moved = Mutant(name="container", outcome=Outcome.UNCHANGED, older=sent(CONTAINER))
    first, second = after(released, moved), after(released, moved)
    assert above_note(first) == above_note(second) == {"form_container", "form_rendering"}
    assert first.findings == second.findings
    assert state(released[1]) == "drifted"

    third = after(released, replace(moved, text=CORRECTED))
    assert (third.outcome, above_note(third)) == (Outcome.PUBLISHED, {"form_container", "form_rendering"})
    fourth = after(released, replace(moved, text=CORRECTED))
    assert (fourth.outcome, above_note(fourth)) == (Outcome.UNCHANGED, set())
    assert state(released[1]) == "ok"


def test_a_release_cut_while_the_form_of_another_page_changed_is_built_again_byte_for_byte(
    released: tuple[Stage, str],
) -> None:
    both = Mutant(name="both", outcome=Outcome.PUBLISHED, older=sent(CONTAINER), text=CORRECTED)
    assert after(released, both).outcome is Outcome.PUBLISHED
    (source,) = pick(load_sources(Path(released[0].sources)), ["seed"])
    history = open_history(released[1], "seed")
    assert len(history.releases) == 2
    assert rebuild(history, source) == ()


def test_a_held_release_waits_once_and_the_page_put_right_lets_it_go(released: tuple[Stage, str]) -> None:
    half = next(mutant for mutant in DANGEROUS if mutant.name == "second half missing")
    first, second = after(released, half), after(released, half)
    assert (first.outcome, second.outcome, first.version) == (Outcome.HELD, Outcome.HELD, second.version)
    released[0].show()
    assert released[0].night(released[1]).outcome is Outcome.UNCHANGED


@pytest.fixture
def misread(released: tuple[Stage, str], tmp_path: Path) -> tuple[Stage, str]:
    """The site, and a store whose release was made by a reader that took 亿 for 万 and did not see shares."""

    def slip(one: Observation) -> Observation | None:
        if one.measure == "share":
            return None
        return replace(one, unit="万元", unit_mult=4) if one.unit == "亿元" and one.indicator.startswith("x:") else one

    released[0].show()
    with earlier_reader("0.0.9+former", slip):
        assert released[0].night(str(tmp_path / "misread")).outcome is Outcome.PUBLISHED
    return released[0], str(tmp_path / "misread")


def test_what_only_our_reader_changed_warns_and_holds_nothing(misread: tuple[Stage, str]) -> None:
    result = misread[0].night(misread[1])
    found = {str(one.code): one for one in result.findings if one.severity is not Severity.NOTE}
    assert (result.outcome, set(found)) == (Outcome.PUBLISHED, {"reader_drift"})
    assert found["reader_drift"].count > 5
    assert any("(changed)" in line for line in found["reader_drift"].evidence)


def test_what_the_source_changed_is_held_though_the_reader_changed_in_the_same_run(
    misread: tuple[Stage, str],
) -> None:
    (unit,) = [mutant for mutant in DANGEROUS if mutant.name == "another unit"]
    result = after(misread, unit)
    assert (result.outcome, above_note(result)) == (Outcome.HELD, {"unit_moved", "reader_drift"})
    (held,) = [one for one in result.findings if one.code == "unit_moved"]
    assert held.count == 1
