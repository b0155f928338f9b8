"""Who is told what: a run's alerts are held against the open ones, told on every channel, and kept for the next run.

They are told before the status says so: a run that is killed in between, or whose spool takes nothing either, tells
them twice, never not at all. That goes for clearings too. Where the store gives or takes no status, the spool remembers
what was told: a store that is down is one message and not one a night.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from flows.notify.spooled_alerts import BEGINS, NIGHTS, SpooledAlerts, delete, load, save
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


def update_and_send(run: RunContext, before: PreviousState | None, result: RunResult) -> RunResult:
    """The result with what became of the alerts of the source, once everybody was told."""
    if run.kind is not RunKind.NIGHTLY:
        return result
    status = before.status.of(run.source.id) if before else SourceStatus()
    kept = load(run.settings, NIGHTS, run.source.id)
    found = group_into_alerts(result.findings, result.error, iso_utc(run.clock()))
    since = status.rejected.since if status.rejected and is_rejected(result.findings) else None
    owed = status.unsent_clearings if kept.unsent_clearings is None else kept.unsent_clearings
    now = diff_alerts(kept.merge_into(status.alerts), found, _clear_policy(result, kept, since), owed)
    place = _alert_context(run, result, status.published)
    told, deliveries = _send(now if since is None else mark_rejected_by_operator(now, since), place, run.settings)
    return replace(result, alert_changes=told, deliveries=deliveries)


def notify_store_failure(run: RunContext, result: RunResult, error: StoreError) -> RunResult:
    """The result of a run whose end the store does not take, once that was told; the spool remembers who was told."""
    told = result
    if result.alert_changes and not isinstance(result.error, StoreError):
        found = group_into_alerts((), error, iso_utc(run.clock()))
        now = diff_alerts(
            result.alert_changes.open, found, clear_policy(error, weighed=False), result.alert_changes.unsent_clearings
        )
        told = _send_second_round(run, result, result.alert_changes, now)
    spool_state(run, told)
    return told


def notify_store_recovery(run: RunContext, result: RunResult) -> RunResult:
    """The result of a run whose end the store has taken: where the spool knows of one that took none, that is told."""
    kept = load(run.settings, NIGHTS, run.source.id)
    over = {one.code for one in kept.alerts if one.is_store_alert}
    if not (result.alert_changes and over) or isinstance(result.error, StoreError):
        return result
    now = diff_alerts(
        result.alert_changes.open, (), lambda one: one.code in over, result.alert_changes.unsent_clearings
    )
    return _send_second_round(run, result, result.alert_changes, now)


def spool_state(run: RunContext, result: RunResult) -> None:
    """Remember in the spool what was told, where the status could not be written."""
    if result.alert_changes:
        kept = load(run.settings, NIGHTS, run.source.id)
        save(run.settings, NIGHTS, run.source.id, kept.after(result.alert_changes))


def clear_spool(run: RunContext) -> None:
    """Forget what the spool remembers: the status says it now."""
    delete(run.settings, NIGHTS, run.source.id)


def notify_start_failure(
    source: str, error: GongbaoError | None, environ: Mapping[str, str], kind: str = BEGINS
) -> AlertChanges:
    """Tell that a run could not even begin, as far as the settings can be read; None for one that can begin again.

    Each `kind` of what comes before a run clears what it has told itself, and nothing that it does not look at.
    """
    settings = _readable(environ)
    kept = load(settings, kind, source)
    found = group_into_alerts((), error, iso_utc(datetime.now(UTC)))
    now = diff_alerts(kept.alerts, found, clear_policy(error, weighed=True), kept.unsent_clearings or ())
    told, _ = _send(now, AlertContext(source=source, store=settings.store, runbook=settings.runbook_url), settings)
    if told.open or told.unsent_clearings:
        save(settings, kind, source, SpooledAlerts(alerts=told.open, unsent_clearings=told.unsent_clearings))
    else:
        delete(settings, kind, source)
    return told


def all_delivered(diff_alerts: AlertChanges, environ: Mapping[str, str]) -> bool:
    """Whether somebody was told of all that is open after a turn; where no channel is named nobody was."""
    return bool(addresses(_readable(environ).alert_urls)) and all(one.ever_delivered for one in diff_alerts.open)


def _clear_policy(result: RunResult, kept: SpooledAlerts, since: str | None) -> ClearPolicy:
    """What this run clears, as far as it is known before its end is written.

    Of a store that took nothing only the spool knows: it works again once it takes the status of this run. Rows that
    an operator has rejected, `since` when they were held, disprove nothing that was told of released ones before.
    """
    clears = clear_policy(result.error, weighed=result.rows_checked)
    unproven = {one.code for one in kept.alerts if one.is_store_alert}

    def cleared(one: Alert) -> bool:
        released = since is not None and alarm(one.code).sticky and one.since < since
        return clears(one) and one.code not in unproven and not released

    return cleared


def _send_second_round(run: RunContext, result: RunResult, first: AlertChanges, now: AlertChanges) -> RunResult:
    """Tell of a second turn in one run; what no channel took of the first waits for the next night."""
    told, deliveries = _send(
        replace(now, unsent_clearings=()), _alert_context(run, result, result.version), run.settings
    )
    both = first.merge(replace(told, unsent_clearings=(*now.unsent_clearings, *told.unsent_clearings)))
    return replace(result, alert_changes=both, deliveries=(*result.deliveries, *deliveries))


def _alert_context(run: RunContext, result: RunResult, published: str) -> AlertContext:
    return AlertContext(
        source=run.source.id,
        store=run.store.url,
        version=result.version if result.outcome in _LATEST else published,
        candidate=result.held_candidate.version if result.held_candidate else "",
        runbook=run.settings.runbook_url,
    )


def _send(now: AlertChanges, place: AlertContext, settings: Settings) -> tuple[AlertChanges, tuple[Delivery, ...]]:
    """Tell the news; what no channel took counts as untold."""
    messages = [message(event, alert, place) for event, alert in now.messages]
    deliveries = deliver(addresses(settings.alert_urls), messages)
    for one in deliveries:
        if one.error:
            LOGGER.warning("channel %d (%s) was not told of %s: %s", one.place, one.channel, one.message, one.error)
    taken = {one.message for one in deliveries if not one.error}
    return now.mark_delivered({one.message for one in deliveries} - taken), deliveries


def _readable(environ: Mapping[str, str]) -> Settings:
    """The settings, or of wrong ones those that alerts need."""
    try:
        return Settings.from_env(environ)
    except SettingsError:
        names = ("GONGBAO_ALERT_URLS", "GONGBAO_SPOOL")
        return Settings.from_env({name: environ[name] for name in names if environ.get(name, "").isprintable()})
