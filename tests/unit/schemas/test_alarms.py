"""The alarms: each code that the program can raise has one, none is there for nothing, and the runbook is theirs."""

from __future__ import annotations

import re

import pytest
from support import codes
from support.requires import ROOT

from flows.cli.main import cli
from schemas.alarms.catalogue import UNFORESEEN, AlertRule, Stage, alarm, alarm_for, alarms, alarms_for, parse_alarms
from schemas.alarms.runbook import runbook
from schemas.codelists import ContractChange, IndexNote, Severity
from schemas.errors import RegistryError
from schemas.finding import FindingCode

EVERY = codes.every_code()
ENTRY = """
[[alarm]]
code = "one"
stage = "run"
stands_for = ["store_denied"]
zh = "甲"
en = "One"
meaning = "It is so."
first_look = "ls"
remedy = "Mend it."
"""
CHINESE = re.compile("[\u4e00-\u9fff]")


def test_every_member_of_the_finding_codes_is_raised() -> None:
    composed = {f"index_number_{note}" for note in IndexNote} | {f"contract_{kind}" for kind in ContractChange}
    expectations = (ROOT / "publish/gate/release_expectations.py").read_text("utf-8")
    composed |= set(re.findall(r'"((?:observations|numbers|documents)_[a-z]+)"', expectations))
    files = [path for package in codes.PACKAGES for path in (ROOT / package).rglob("*.py")]
    sources = "".join(path.read_text("utf-8") for path in files if path.name != "finding.py")
    raised = set(re.findall(r"\bFindingCode\.(\w+)", sources))
    assert [code for code in FindingCode if code.name not in raised and code not in composed] == []


def test_the_codes_that_are_composed_are_members_and_errors_findings_and_row_checks_share_no_code() -> None:
    notes, changes = set(IndexNote) - {IndexNote.VALID}, set(ContractChange) - {ContractChange.SAME}
    composed = {f"index_number_{note}" for note in notes} | {f"contract_{change}" for change in changes}
    assert composed <= set(FindingCode)
    errors = set(codes.error_codes())
    assert not errors & codes.ROW_CODES
    assert errors & set(FindingCode) == {"source_empty"}
    assert codes.ROW_CODES & set(FindingCode) == {"observations_unique"}


def test_each_code_has_exactly_one_alarm_and_each_alarm_a_code() -> None:
    assert [code for code in EVERY if len(alarms_for(code, alarms())) != 1] == []
    assert {alarm_for(code).code for code in EVERY} == {one.code for one in alarms()}
    named = {code for one in alarms() for code in one.stands_for if "*" not in code}
    assert named - EVERY == set()


def test_a_star_stands_only_for_rows_for_an_index_number_and_for_what_commands_find() -> None:
    families = ("index_number_", "verify_", "rebuild_")
    by_star = {code for code in EVERY if not any(one.names(code) for one in alarms())}
    strangers = by_star - codes.ROW_CODES
    assert sorted(code for code in strangers if not code.startswith(families)) == []


def test_a_check_that_only_warns_is_not_among_those_that_refuse_a_release() -> None:
    assert codes.WARNING_ROW_CODES
    assert {alarm_for(code).code for code in codes.WARNING_ROW_CODES} == {"rows_doubtful"}
    assert alarm_for("observations_key").code == "rows_broken"
    assert alarm("rows_doubtful").sticky


def test_no_alarm_explains_itself_by_way_of_others() -> None:
    for one in alarms():
        reached, front = set[str](), set(one.explains)
        while front:
            reached |= front
            front = {code for known in front for code in alarm(known).explains} - reached
        assert one.code not in reached


def test_what_nobody_knows_is_unforeseen() -> None:
    assert alarm_for("of_a_later_version").code == UNFORESEEN
    assert alarm("renamed_since").code == UNFORESEEN


@pytest.mark.parametrize("one", alarms(), ids=lambda one: one.code)
def test_an_entry_says_in_both_languages_what_it_is_and_helps(one: AlertRule) -> None:
    assert CHINESE.search(one.zh)
    assert not CHINESE.search(one.en)
    assert not one.en.endswith(".")
    assert one.meaning.endswith((".", ")."))
    assert min(len(one.meaning), len(one.remedy)) > 60
    assert re.match(r"(gongbao|curl|aws) ", one.first_look)


@pytest.mark.parametrize("one", alarms(), ids=lambda one: one.code)
def test_what_an_entry_bids_to_type_is_a_command_and_what_it_bids_to_set_is_a_setting(one: AlertRule) -> None:
    text = f"{one.first_look} {one.meaning} {one.remedy}"
    assert set(re.findall(r"\bgongbao ([a-z]+)", text)) <= set(cli.commands)
    settings = (ROOT / "infra" / "settings.py").read_text("utf-8")
    assert all(name in settings for name in re.findall(r"GONGBAO_[A-Z_]+", text))
    files = re.findall(r"\b(?:raw|schemas|infra|publish)/[a-z_/0-9]+\.(?:py|toml)", text)
    assert [name for name in files if not (ROOT / name).is_file()] == []


def test_the_runbook_in_the_docs_is_the_one_that_the_alarms_make_with_an_entry_and_a_line_for_each() -> None:
    text = runbook(alarms())
    assert (ROOT / "docs" / "RUNBOOK.md").read_text("utf-8") == text
    assert re.findall("^## (.+)$", text, re.MULTILINE) == [one.code for one in alarms()]
    assert re.findall(r"^\| \[.+\]\(#(.+?)\)", text, re.MULTILINE) == [one.code for one in alarms()]


def test_an_entry_is_read_with_what_it_leaves_out() -> None:
    (one,) = parse_alarms(ENTRY)
    assert (one.stage, one.severity, one.explains, one.sticky) == (Stage.RUN, Severity.WARN, (), False)


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ('zh = "甲"', "", "zh is missing"),
        ('zh = "甲"', 'zh = ""', "zh is missing"),
        ('["store_denied"]', "[]", "stands_for is missing"),
        ('"run"', '"night"', "'night' is not a valid Stage"),
        ('en = "One"', 'en = "One"\nseverity = "loud"', "'loud' is not a valid Severity"),
        ('en = "One"', 'en = "One"\ncolour = "red"', "unknown key colour"),
        ('en = "One"', 'en = "One"\nexplains = ["two"]', "explains two, which is not an alarm"),
        ("", ENTRY, "taken twice"),
    ],
)
def test_a_wrong_entry_is_an_error_that_names_it(old: str, new: str, what: str) -> None:
    with pytest.raises(RegistryError, match=what) as caught:
        parse_alarms(ENTRY.replace(old, new) if old else ENTRY + new)
    assert caught.value.where == "schemas/alarms/alarms.toml, alarm one"
