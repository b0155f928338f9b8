"""Alerts of a run: compare its findings with the open alerts, send what changed, remember what was delivered.

Alerts are sent before `status.json` says so: after a crash they may be sent twice, but never lost (at-least-once), and
so may their "cleared" messages. While the store gives or takes no status, the spool remembers what was delivered, so
that a store that is down is one message and not one for each run.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from flows.notify.spooled_alerts import RUNS, STARTS, SpooledAlerts, delete, load, save
from flows.run.context import RunContext, RunResult
from flows.run.previous_state import PreviousState
from infra.logs import LOGGER
from infra.notifications import Delivery, addresses, deliver
from infra.settings import Settings
from publish.alerts.grouping import group_into_alerts
from publish.alerts.lifecycle import (
    Alert,
    AlertChanges,
    ClearPolicy,
    clear_policy,
    diff_alerts,
    mark_rejected_by_operator,
)
from publish.alerts.message import AlertContext, message
from publish.alerts.status import SourceStatus
from publish.bucket.pointer import iso_utc
from publish.release.decisions import is_rejected
from schemas.alarms.catalogue import alarm
from schemas.codelists import Outcome, RunKind
from schemas.errors import GongbaoError, SettingsError, StoreError

_LATEST = frozenset({Outcome.PUBLISHED, Outcome.UNCHANGED})


def update_and_send(run: RunContext, previous: PreviousState | None, result: RunResult) -> RunResult:
    """Return the result with the alert changes of the run, once they are sent; a replay has none."""
    if run.kind is not RunKind.NIGHTLY:
        return result
    status = previous.status if previous else SourceStatus()
    spooled = load(run.settings, RUNS, run.source.id)
    rejected_since = status.rejected.since if status.rejected and is_rejected(result.findings) else None
    changes = diff_alerts(
        spooled.merge_into(status.alerts),
        group_into_alerts(result.findings, result.error, iso_utc(run.clock())),
        _clear_policy(result, spooled, rejected_since),
        status.unsent_clearings if spooled.unsent_clearings is None else spooled.unsent_clearings,
    )
    if rejected_since is not None:
        changes = mark_rejected_by_operator(changes, rejected_since)
    sent, deliveries = _send(changes, _alert_context(run, result, status.published), run.settings)
    return replace(result, alert_changes=sent, deliveries=deliveries)


def notify_store_failure(run: RunContext, result: RunResult, error: StoreError) -> RunResult:
    """Return the result with the alert that the store takes nothing, once it is sent; the spool remembers it."""
    changes = result.alert_changes
    if changes and not isinstance(result.error, StoreError):
        alerts = group_into_alerts((), error, iso_utc(run.clock()))
        later = diff_alerts(changes.open, alerts, clear_policy(error, rows_checked=False), changes.unsent_clearings)
        result = _send_second_round(run, result, changes, later)
    spool_state(run, result)
    return result


def notify_store_recovery(run: RunContext, result: RunResult) -> RunResult:
    """Return the result with the clearing of the store alert that the spool remembers, if any, once it is sent."""
    changes = result.alert_changes
    spooled = {alert.code for alert in load(run.settings, RUNS, run.source.id).alerts if alert.is_store_alert}
    if not (changes and spooled) or isinstance(result.error, StoreError):
        return result
    later = diff_alerts(changes.open, (), lambda alert: alert.code in spooled, changes.unsent_clearings)
    return _send_second_round(run, result, changes, later)


def spool_state(run: RunContext, result: RunResult) -> None:
    """Save to the spool what was delivered, as the status could not be written."""
    if result.alert_changes:
        spooled = load(run.settings, RUNS, run.source.id)
        save(run.settings, RUNS, run.source.id, spooled.after(result.alert_changes))


def clear_spool(run: RunContext) -> None:
    """Delete what the spool remembers, as the status has it now."""
    delete(run.settings, RUNS, run.source.id)


def notify_start_failure(
    source: str, error: GongbaoError | None, environ: Mapping[str, str], kind: str = STARTS
) -> AlertChanges:
    """Send an alert that a run cannot start, or clear it if `error` is None, as far as the settings can be read.

    Args:
        source: The id of the source.
        error: Why the run cannot start.
        environ: The environment that names the channels.
        kind: What failed; each kind clears its own alerts and leaves the others.
    """
    settings = _readable_settings(environ)
    spooled = load(settings, kind, source)
    alerts = group_into_alerts((), error, iso_utc(datetime.now(UTC)))
    policy = clear_policy(error, rows_checked=True)
    changes = diff_alerts(spooled.alerts, alerts, policy, spooled.unsent_clearings or ())
    context = AlertContext(source=source, store=settings.store, runbook=settings.runbook_url)
    sent, _ = _send(changes, context, settings)
    if sent.open or sent.unsent_clearings:
        save(settings, kind, source, SpooledAlerts(alerts=sent.open, unsent_clearings=sent.unsent_clearings))
    else:
        delete(settings, kind, source)
    return sent


def all_delivered(changes: AlertChanges, environ: Mapping[str, str]) -> bool:
    """Return whether every open alert was delivered to a channel; False if no channel is set."""
    channels = addresses(_readable_settings(environ).alert_urls)
    return bool(channels) and all(alert.ever_delivered for alert in changes.open)


def _clear_policy(result: RunResult, spooled: SpooledAlerts, rejected_since: str | None) -> ClearPolicy:
    """Return which alerts this run clears, as far as that is known before its end is written.

    A store alert in the spool is cleared only once the store has taken the status of this run. Rows that an operator
    has rejected, held since `rejected_since`, disprove nothing that was reported of released rows before.
    """
    clears = clear_policy(result.error, rows_checked=result.rows_checked)
    store_alerts = {alert.code for alert in spooled.alerts if alert.is_store_alert}

    def cleared(alert: Alert) -> bool:
        about_released = rejected_since is not None and alarm(alert.code).sticky and alert.since < rejected_since
        return clears(alert) and alert.code not in store_alerts and not about_released

    return cleared


def _send_second_round(run: RunContext, result: RunResult, earlier: AlertChanges, later: AlertChanges) -> RunResult:
    """Send later changes of the same run; what no channel took of the earlier ones waits for the next run."""
    context = _alert_context(run, result, result.version)
    sent, deliveries = _send(replace(later, unsent_clearings=()), context, run.settings)
    sent = replace(sent, unsent_clearings=(*later.unsent_clearings, *sent.unsent_clearings))
    return replace(result, alert_changes=earlier.merge(sent), deliveries=(*result.deliveries, *deliveries))


def _alert_context(run: RunContext, result: RunResult, published: str) -> AlertContext:
    return AlertContext(
        source=run.source.id,
        store=run.store.url,
        version=result.version if result.outcome in _LATEST else published,
        candidate=result.held_candidate.version if result.held_candidate else "",
        runbook=run.settings.runbook_url,
    )


def _send(
    changes: AlertChanges, context: AlertContext, settings: Settings
) -> tuple[AlertChanges, tuple[Delivery, ...]]:
    """Send what changed; what no channel took counts as undelivered."""
    messages = [message(event, alert, context) for event, alert in changes.messages]
    deliveries = deliver(addresses(settings.alert_urls), messages)
    for one in deliveries:
        if one.error:
            LOGGER.warning("channel %d (%s) did not take %s: %s", one.place, one.channel, one.message, one.error)
    delivered = {delivery.message for delivery in deliveries if not delivery.error}
    return changes.mark_delivered({delivery.message for delivery in deliveries} - delivered), deliveries


def _readable_settings(environ: Mapping[str, str]) -> Settings:
    """Return the settings; if some are wrong, those that alerts need."""
    try:
        return Settings.from_env(environ)
    except SettingsError:
        names = ("GONGBAO_ALERT_URLS", "GONGBAO_SPOOL")
        return Settings.from_env({name: environ[name] for name in names if environ.get(name, "").isprintable()})
