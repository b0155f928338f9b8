"""The gate: each fault of a release is found by its own check, and all findings fold to one verdict."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from dataclasses import asdict, replace
from functools import cache
from math import ceil
from pathlib import Path

import polars as pl
import pytest
from support.codes import finding_code
from support.report_readings import MARKS_2024, TEXT_2024, reading, report_2023, report_2024, tables, texts
from support.requires import ROOT

from publish.bucket.manifest import to_json
from publish.drift.content import DriftLimits
from publish.gate.expectations import evaluate
from publish.gate.measures import check_columns
from publish.gate.release_expectations import release_expectations
from publish.gate.verdict import GateLimits, GateReport, decide_verdict, deduplicate, run_checks
from schemas.codelists import NumberStatus, Severity, Verdict
from schemas.finding import Finding, FindingCode
from schemas.observation import Number
from schemas.reading import Reading
from schemas.tables.frames import Tables

LIMITS = GateLimits()


def seen(
    built: Tables, *, said: dict[str, str] | None = None, previous_rows: int = 0, limits: GateLimits = LIMITS
) -> GateReport:
    found = texts() if said is None else said
    return run_checks(built, found, limits, previous=earlier(previous_rows))


def earlier(rows: int) -> Tables:
    """The tables of a previous release of so many observations, none before the first release."""
    if not rows:
        return {}
    frame = tables()["observations"]
    return {**tables(), "observations": pl.concat([frame] * ceil(rows / frame.height))[:rows]}


@cache
def sound() -> GateReport:
    """What the gate says of a sound release that follows one of as many rows."""
    return seen(tables(), previous_rows=8)


def codes(inspection: GateReport) -> dict[str, Severity]:
    return {finding.code: finding.severity for finding in inspection.findings}


def with_observations(frame: pl.DataFrame) -> Tables:
    return {**tables(), "observations": frame}


def finding(code: str, severity: Severity, where: str = "observations", count: int = 1) -> Finding:
    return Finding(code=finding_code(code), severity=severity, where=where, message="Something is wrong.", count=count)


class TestInspection:
    def test_a_sound_release_has_no_finding_and_those_of_the_readings_come_along(self) -> None:
        brought = finding("page_renderings_differ", Severity.WARN, "post-2")
        assert sound().findings == ()
        report = run_checks(tables(), texts(), LIMITS, previous=earlier(11), brought=(brought,))
        assert report.findings == (brought,)

    def test_an_empty_release_is_rejected(self) -> None:
        built = tables(replace(report_2024(), observations=(), numbers=unread(report_2024())))
        assert codes(seen(built, limits=replace(LIMITS, most_unread=1.0))) == {"observations_empty": Severity.REJECT}

    def test_far_fewer_rows_than_before_hold_with_what_was_seen_beside_what_was_expected(self) -> None:
        report = seen(tables(), previous_rows=12)
        assert codes(report) == {"observations_volume": Severity.HOLD}
        volume = results(report)["observations_volume"]
        assert (volume["success"], volume["observed"], volume["arguments"]) == (False, 8.0, {"min_value": 9})

    def test_the_same_key_twice_is_one_finding_whoever_saw_it(self) -> None:
        frame = tables()["observations"]
        inspection = seen(with_observations(pl.concat([frame, frame[:1]])))
        assert codes(inspection) == {"observations_unique": Severity.REJECT}
        assert not results(inspection)["observations_unique"]["success"]

    def test_a_span_that_cuts_something_else_is_rejected_and_named(self) -> None:
        said = texts() | {"post-2": TEXT_2024.replace("573.72亿元", "573.72万元")}
        (found,) = seen(tables(), said=said).findings
        assert (found.code, found.severity, found.count) == ("observations_spans", Severity.REJECT, 1)
        assert found.evidence == ("CN-442000-torch|gdp|level||2024|actual",)

    def test_a_document_without_its_text_is_rejected(self) -> None:
        said = {"post-1": texts()["post-1"]}
        assert codes(seen(tables(), said=said))["observations_spans"] is Severity.REJECT

    def test_a_claimed_number_without_its_observation_is_rejected(self) -> None:
        built = with_observations(tables()["observations"][1:])
        (found,) = seen(built).findings
        assert (found.code, found.count) == ("numbers_accounted", 1)
        assert found.evidence == ("post-1 26 27",)

    def test_an_observation_that_is_no_number_of_its_document_is_rejected(self) -> None:
        built = tables()
        lost = built["numbers"].filter(pl.col("obs_text") != "510")
        said = texts() | {"post-1": texts()["post-1"].replace("510", "〇〇〇")}
        found = codes(seen({**built, "numbers": lost}, said=said))
        assert found["observations_stated"] is Severity.REJECT

    @pytest.mark.parametrize("digit", ["7", "７"])
    def test_a_digit_outside_the_account_holds_in_any_script(self, digit: str) -> None:
        said = texts() | {"post-1": texts()["post-1"] + f"另有{digit}家。"}
        (found,) = seen(tables(), said=said).findings
        assert (found.code, found.severity, found.evidence) == ("documents_complete", Severity.HOLD, ("post-1",))

    def test_too_many_unread_numbers_of_one_document_hold_however_many_of_others_were_read(self) -> None:
        built = tables(report_2023(), replace(report_2024(), observations=(), numbers=unread(report_2024())))
        assert built["documents"]["unread"].to_list() == [0, 5]
        (found,) = seen(built, limits=replace(LIMITS, most_unread=0.7)).findings
        assert (found.code, found.severity, found.evidence) == ("documents_unread", Severity.HOLD, ("post-2",))
        assert seen(built, limits=replace(LIMITS, most_unread=0.72)).findings == ()

    def test_a_few_unlikely_levels_warn_and_many_hold(self) -> None:
        unlikely = replace(MARKS_2024[0], printed="573.72亿元", value=5.7e9)
        built = tables(report_2023(), reading("post-2", TEXT_2024, (unlikely, *MARKS_2024[1:])))
        strict, mild = (replace(LIMITS, most_unlikely=share) for share in (0.05, 0.2))
        assert codes(seen(built, limits=strict)) == {"observations_likely": Severity.HOLD}
        (found,) = seen(built, limits=mild).findings
        assert (found.code, found.severity) == ("observations_likely", Severity.WARN)
        assert found.evidence == ("CN-442000-torch|gdp|level||2024|actual",)

    def test_a_table_of_another_form_is_rejected_before_anything_is_measured(self) -> None:
        inspection = seen(with_observations(tables()["observations"].drop("theme")))
        assert codes(inspection) == {"observations_form": Severity.REJECT}
        assert inspection.quality["great_expectations"] == []


class TestQuality:
    def test_every_check_and_its_result_is_written_down(self) -> None:
        quality = sound().quality
        assert json.loads(json.dumps(quality)) == quality
        assert set(quality["pandera"]) == set(tables())
        assert "bound" in quality["pandera"]["observations"]
        assert [record["success"] for record in quality["great_expectations"]] == [True] * 17
        drift = {"least_numbers": 0.8, "unread_rise": 0.03, "jump": 10.0, "jump_floor": 100.0, "most_added": 0}
        gate = {"least_of_previous": 0.7, "most_unread": 0.1, "most_unlikely": 0.05}
        gate |= {"most_misdated": 0.1, "most_colliding": 0.1, "most_incomplete": 0.1}
        gate |= {"most_moved": 0.2, "most_shifted": 0.2, "most_themes_shifted": 1.0}
        assert quality["limits"] == {**gate, "drift": drift}

    def test_the_limits_are_read_back_from_what_was_written_with_or_without_those_of_drift(self) -> None:
        limits = GateLimits(most_unread=0.2, drift=DriftLimits(jump=7))
        assert GateLimits.of_record(json.loads(json.dumps(asdict(limits)))) == limits
        assert GateLimits.of_record({"most_unread": 0.2}) == GateLimits(most_unread=0.2)

    def test_the_same_release_gives_the_same_words(self) -> None:
        again = seen(tables(), previous_rows=8)
        assert again.quality == sound().quality
        assert to_json(dict(again.validation)) == to_json(dict(sound().validation))

    def test_the_validation_result_is_that_of_the_library_by_table_without_a_time(self) -> None:
        validation = sound().validation
        assert list(validation) == ["observations", "numbers", "documents"]
        for table, suite in validation.items():
            assert (suite["success"], suite["suite_name"]) == (True, table)
            assert suite["statistics"]["evaluated_expectations"] == len(suite["results"])
            assert "batch_markers" not in suite["meta"]
        names = [one["expectation_config"]["meta"]["name"] for suite in validation.values() for one in suite["results"]]
        assert names == [record["name"] for record in sound().quality["great_expectations"]]


class TestVerdict:
    @pytest.mark.parametrize(
        ("severities", "verdict", "of_published_content"),
        [
            ("", Verdict.PUBLISH, Verdict.UNCHANGED),
            ("note warn", Verdict.PUBLISH, Verdict.UNCHANGED),
            ("note warn hold", Verdict.HOLD, Verdict.UNCHANGED),
            ("note warn hold reject", Verdict.REJECT, Verdict.REJECT),
        ],
        ids=["nothing", "warnings", "hold", "reject"],
    )
    def test_the_heaviest_finding_decides_in_any_order_and_published_content_needs_nobody_unless_rejected(
        self, severities: str, verdict: Verdict, of_published_content: Verdict
    ) -> None:
        findings = [finding(severity, Severity(severity)) for severity in severities.split()]
        for order in (findings, findings[::-1]):
            assert decide_verdict(order, same_content=False) is verdict
            assert decide_verdict(order, same_content=True) is of_published_content


class TestFold:
    def test_one_cause_is_one_finding_and_the_same_code_elsewhere_another(self) -> None:
        one, again = finding("a", Severity.WARN, count=3), finding("a", Severity.WARN)
        elsewhere = finding("a", Severity.WARN, "post-2")
        assert deduplicate((one, again, elsewhere)) == (one, elsewhere)

    def test_the_heaviest_comes_first_in_whatever_order_they_came(self) -> None:
        findings = [finding(code, severity) for code, severity in zip("dcba", Severity, strict=True)]
        assert [one.severity for one in deduplicate(findings)] == list(reversed(Severity))
        assert deduplicate(findings) == deduplicate(findings[::-1])


class TestLibrary:
    def test_a_check_that_cannot_be_carried_out_does_not_pass(self) -> None:
        frame = pl.DataFrame({"a": [1]})
        expected = release_expectations(check_columns(tables(), texts()), LIMITS, previous={}, same_reader=True)
        (unique,) = (spec for spec in expected if spec.code is FindingCode.OBSERVATIONS_UNIQUE)
        evaluation = evaluate({unique.table: frame}, (unique,))
        assert [result.success for result in evaluation.results] == [False]
        assert "Traceback" not in json.dumps(evaluation.validation)

    def test_importing_the_gate_does_not_import_great_expectations(self) -> None:
        script = "import sys, publish.gate.verdict; sys.exit('great_expectations' in sys.modules)"
        assert subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=False).returncode == 0

    def test_it_writes_no_file_opens_no_connection_and_prints_nothing(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
    ) -> None:
        calls: list[object] = []
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("HOME", str(tmp_path))
        monkeypatch.setattr(socket.socket, "connect", lambda _, address: calls.append(address))
        seen(tables())
        assert calls == []
        assert list(tmp_path.iterdir()) == []
        assert capfd.readouterr() == ("", "")


def unread(report: Reading) -> tuple[Number, ...]:
    """The numbers of a report as a reader leaves them that could place none."""
    return tuple(
        replace(one, fate=NumberStatus.UNREAD) if one.fate is NumberStatus.CLAIMED else one for one in report.numbers
    )


def results(inspection: GateReport) -> dict[str, dict[str, object]]:
    return {record["code"]: record for record in inspection.quality["great_expectations"]}
