"""What a message says: in both languages, with the evidence, the first command and the runbook, and safe to read."""

from __future__ import annotations

import shlex
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publish.alerts.lifecycle import Alert, AlertEvent
from publish.alerts.message import LONGEST, AlertContext, message, plain
from schemas.alarms.catalogue import alarms
from schemas.codelists import Severity

PLACE = AlertContext(
    source="torch", store="s3://gongbao/data", version="2026.06.01.1", runbook="https://a.example/RUNBOOK.md"
)
HELD = Alert(
    code="number_jumped",
    severity=Severity.HOLD,
    where="post-1",
    message="A number changed its unit, and its amount with it.",
    evidence=("gdp|level: was 573.72 | is 5737.2 (post-1:120)",),
    since="2026-06-02T02:30:00Z",
)
DOWN = Alert(code="source_down", severity=Severity.REJECT, where="http://a.example/1?a=$(id)&b='", message="no answer")


def test_a_message_says_in_both_languages_what_is_so_and_what_to_do() -> None:
    told = message(AlertEvent.RAISED, HELD, PLACE)
    assert told.key == "number_jumped"
    assert told.title == (
        "公报报警 torch：有数字的单位或数量级改变 | Gongbao alert, torch: A number changed its unit or its magnitude"
    )
    for words in (
        "有数字的单位或数量级改变。",
        "级别：候选版本待人工决定",
        "最新版本：2026.06.01.1",
        "A number changed its unit, and its amount with it.",
        "Severity: hold. The release waits for an operator.",
        "Latest release: 2026.06.01.1",
        "- gdp|level: was 573.72 | is 5737.2 (post-1:120)",
        "gongbao candidates s3://gongbao/data",
        "https://a.example/RUNBOOK.md#number_jumped",
    ):
        assert words in told.body


def test_a_candidate_that_waits_is_named() -> None:
    body = message(AlertEvent.RAISED, HELD, AlertContext(source="torch", candidate="2026.06.02.1")).body
    assert "候选版本 2026.06.02.1 等待决定。" in body
    assert "Candidate 2026.06.02.1 waits for a decision." in body


def test_each_alarm_has_its_three_messages() -> None:
    for one in alarms():
        alert = Alert(
            code=one.code, severity=Severity.WARN, where="", message="It is so.", since="2026-06-02T02:30:00Z"
        )
        raised, changed, cleared = (message(event, alert, PLACE) for event in AlertEvent)
        assert len({raised.title, changed.title, cleared.title}) == 3
        assert all(one.zh in told.title and one.en in told.title for told in (raised, changed, cleared))
        assert f"#{one.code}" in raised.body
        assert "解除" in cleared.title
        assert "no longer occurs" in cleared.body
        assert "What to do" not in cleared.body
        assert len(raised.body.encode()) < 2000, "without evidence it fits into what the smallest service takes"


def test_a_message_weighs_what_its_alert_weighs() -> None:
    for event, severity, importance in (
        (AlertEvent.RAISED, Severity.WARN, "warning"),
        (AlertEvent.CHANGED, Severity.HOLD, "failure"),
        (AlertEvent.RAISED, Severity.REJECT, "failure"),
        (AlertEvent.CLEARED, Severity.REJECT, "success"),
    ):
        alert = Alert(code="form_changed", severity=severity, where="", message="")
        assert message(event, alert, PLACE).importance == importance


def test_a_command_to_type_can_be_typed_whatever_an_address_holds() -> None:
    lines = message(AlertEvent.RAISED, DOWN, PLACE).body.splitlines()
    (command,) = [line for line in lines if line.startswith("curl")]
    assert shlex.split(command, comments=True)[-1] == DOWN.where


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ('<at user_id="all"></at>', '＜at user_id="all"＞＜/at＞'),
        ("@all @channel", "＠all ＠channel"),
        ("see http://evil.example/x", "see http[:]//evil.example/x"),
        ("JavaScript:alert(1) mailto:a", "JavaScript[:]alert(1) mailto[:]a"),
        ("a\r\nSubject: b\x00\x1b[31m", "a Subject: b [31m"),
        ("\u202egnp.exe\u2066", "gnp.exe"),
        ("`rm` \\u003c", "'rm' ＼u003c"),
        ("地区生产总值573.72亿元", "地区生产总值573.72亿元"),
    ],
)
def test_what_a_source_wrote_is_one_line_of_plain_text(hostile: str, shown: str) -> None:
    assert plain(hostile) == shown


@given(st.text(max_size=400))
def test_no_text_at_all_breaks_out_of_its_line(text: str) -> None:
    shown = plain(text)
    assert len(shown) <= LONGEST
    assert not set(shown) & set("<>@`\\")
    assert not [one for one in shown if unicodedata.category(one)[0] in "CZ" and one != " "]
    alert = Alert(code="form_changed", severity=Severity.WARN, where=text, message=text, evidence=(text,) * 5)
    body = message(AlertEvent.RAISED, alert, PLACE).body
    assert len(body.splitlines()) == len(message(AlertEvent.RAISED, HELD, PLACE).body.splitlines()) + 4
