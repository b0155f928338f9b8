"""The record of a run as a page to read: the Markdown artifact of a flow run."""

from typing import Any


def markdown(record: dict[str, Any]) -> str:
    """Return what a run did as Markdown."""
    head = f"# {record['source']}: {record['outcome']} {record['version']}".rstrip()
    facts = [f"- started {record['started']}, finished {record['finished']}", f"- store `{record['store']}`"]
    facts += [f"- {name}: {count}" for name, count in record["counts"].items()]
    parts = [head, "\n".join(facts), _error(record["error"]), _findings(record["findings"])]
    parts += [_alerts(record["alerts"]), _deliveries(record["deliveries"])]
    return "\n\n".join(part for part in parts if part) + "\n"


def _error(error: dict[str, str] | None) -> str:
    if not error:
        return ""
    where, what, remedy = (_cell(error[name]) for name in ("where", "what", "remedy"))
    return f"**{error['code']}** {where}: {what}\n\nWhat to do: {remedy}"


def _findings(findings: list[dict[str, Any]]) -> str:
    if not findings:
        return ""
    rows = [
        f"| {one['severity']} | {one['code']} | {_cell(one['where'])} | {one['count']} | {_cell(one['message'])} |"
        for one in findings
    ]
    return "\n".join(("| severity | code | where | count | message |", "| --- | --- | --- | ---: | --- |", *rows))


def _alerts(alerts: dict[str, Any]) -> str:
    """Return the alert changes, one a line, and which alerts are open."""
    turned = [
        f"- {event}: **{one['code']}** {_cell(one['where'])}: {_cell(one['message'])}"
        for event in ("raised", "changed", "cleared")
        for one in alerts[event]
    ]
    still = [f"- open: {', '.join(alerts['open'])}"] if alerts["open"] else []
    return "\n".join(["## Alerts", "", *turned, *still]) if turned or still else ""


def _deliveries(deliveries: list[dict[str, Any]]) -> str:
    lines = [
        f"- {one['channel']} ({one['place']}): {_cell(one['message'])}: {_cell(one['error']) or 'delivered'}"
        for one in deliveries
    ]
    return "\n".join(["## Messages", "", *lines]) if lines else ""


def _cell(text: str) -> str:
    """Escape a text so that it cannot break out of its cell: what a source wrote can be hostile."""
    return text.replace("|", "\\|").replace("<", "&lt;").replace("\n", " ")
