from __future__ import annotations

from typing import Any

from flows.cli.run import summary
from flows.notify.run_report import markdown

FINDING = {"severity": "warn", "code": "renderings_differ", "where": "post-1", "count": 2, "message": "They differ."}
ERROR = {"code": "source_gone", "what": "it answers 404", "where": "http://a.example/1", "remedy": "look again"}


def record(**changed: object) -> dict[str, Any]:
    run = {"source": "torch", "outcome": "published", "version": "2026.11.23.1", "store": "s3://gongbao/data"}
    times = {"started": "2026-11-23T02:30:00Z", "finished": "2026-11-23T02:30:09Z"}
    alerts = {name: list[str]() for name in ("raised", "changed", "cleared", "open")}
    counts = {"documents": 2, "observations": 126}
    return {
        **run,
        **times,
        "counts": counts,
        "findings": [],
        "error": None,
        "alerts": alerts,
        "deliveries": [],
        **changed,
    }


def test_a_quiet_night_is_a_heading_and_its_facts() -> None:
    page = markdown(record())
    assert page.startswith("# torch: published 2026.11.23.1\n")
    assert "- documents: 2\n- observations: 126" in page
    assert "|" not in page
    assert "What to do" not in page


def test_each_finding_is_a_row_of_a_table_and_cannot_break_out_of_its_cell() -> None:
    hostile = FINDING | {"where": "a | b\n<script>", "message": "c|d"}
    lines = markdown(record(findings=[FINDING, hostile])).splitlines()
    assert [line for line in lines if line.startswith("|")][2:] == [
        "| warn | renderings_differ | post-1 | 2 | They differ. |",
        "| warn | renderings_differ | a \\| b &lt;script> | 2 | c\\|d |",
    ]


def test_alerts_and_messages_stand_below_the_findings() -> None:
    alert = {"code": "source_down", "severity": "reject", "where": "http://a.example/<b>", "message": "no answer"}
    alerts = {"raised": [alert], "changed": [], "cleared": [alert | {"code": "unit_moved"}], "open": ["source_down"]}
    sent = {"place": 1, "channel": "mailto", "message": "raised source_down", "error": ""}
    failed = sent | {"place": 2, "channel": "json", "error": "503 | try later"}
    lines = markdown(record(alerts=alerts, deliveries=[sent, failed], findings=[FINDING])).splitlines()
    assert lines[-10:] == [
        "## Alerts",
        "",
        "- raised: **source_down** http://a.example/&lt;b>: no answer",
        "- cleared: **unit_moved** http://a.example/&lt;b>: no answer",
        "- open: source_down",
        "",
        "## Messages",
        "",
        "- mailto (1): raised source_down: delivered",
        "- json (2): raised source_down: 503 \\| try later",
    ]


def test_an_error_says_what_where_and_what_to_do() -> None:
    failed = record(outcome="source_failed", version="", counts={}, error=ERROR)
    page = markdown(failed)
    assert page.startswith("# torch: source_failed\n")
    assert "**source_gone** http://a.example/1: it answers 404" in page
    assert "What to do: look again" in page
    assert summary(failed).splitlines() == [
        "torch: source_failed",
        "  source_gone: http://a.example/1: it answers 404; look again",
    ]


def test_a_summary_ends_with_the_release_and_the_next_command() -> None:
    lines = summary(record()).splitlines()
    assert lines[0] == "torch: published 2026.11.23.1 (2 documents, 126 observations)"
    assert lines[-2:] == [
        "  release: s3://gongbao/data/torch/v/2026.11.23.1/",
        "  next:    gongbao show s3://gongbao/data",
    ]


def test_findings_stand_in_the_summary() -> None:
    told = summary(record(outcome="held", findings=[FINDING]))
    assert "  warn: They differ. [renderings_differ, post-1]" in told
    assert told.endswith("  next:    gongbao candidate show s3://gongbao/data 2026.11.23.1 --source torch")
