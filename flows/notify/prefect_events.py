"""What a run tells the Prefect server, for automations to act on: each turn of an alert, and how the run ended.

::

    gongbao.alert.raised | changed | cleared    payload: the alert, its alarm, the source, the store, the run
    gongbao.run.{outcome}                       payload: the source, the store, the run, the version, the counts

The resource is `gongbao.source.{id}`; its labels `gongbao.alarm` and `gongbao.severity` let an automation choose.
"""

from typing import Any

from prefect.events import emit_event
from prefect.settings import PREFECT_API_URL

from publish.alerts.lifecycle import AlertEvent
from schemas.alarms.catalogue import alarm


def emit_alert_events(record: dict[str, Any]) -> None:
    """Emit an event for each alert change, if a server is set."""
    if not PREFECT_API_URL.value():
        return
    run = _run_payload(record)
    for event in AlertEvent:
        for alert in record["alerts"][event.value]:
            labels = {"gongbao.alarm": alert["code"], "gongbao.severity": alert["severity"]}
            payload = {**run, "event": event.value, **_alert_payload(alert)}
            _emit(f"alert.{event.value}", record["source"], labels, payload)


def emit_run_event(record: dict[str, Any]) -> None:
    """Emit how a run ended, if a server is set."""
    if PREFECT_API_URL.value():
        _emit(f"run.{record['outcome']}", record["source"], {}, {**_run_payload(record), "counts": record["counts"]})


def _run_payload(record: dict[str, Any]) -> dict[str, Any]:
    return {name: record[name] for name in ("source", "store", "run", "outcome", "version")}


def _alert_payload(alert: dict[str, Any]) -> dict[str, Any]:
    rule = alarm(alert["code"])
    return {**alert, "zh": rule.zh, "en": rule.en, "first_look": rule.first_look}


def _emit(name: str, source: str, labels: dict[str, str], payload: dict[str, Any]) -> None:
    resource = {"prefect.resource.id": f"gongbao.source.{source}", "prefect.resource.name": source, **labels}
    emit_event(f"gongbao.{name}", resource, payload=payload)
