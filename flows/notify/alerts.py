"""Who is told what: a run's alerts are held against the open ones, told on every channel, and kept for the next run.

They are told before the status says so: a run that is killed in between, or whose spool takes nothing either, tells
them twice, never not at all. That goes for clearings too. Where the store gives or takes no status, the spool remembers
what was told: a store that is down is one message and not one a night.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from flows.notify.spooled_alerts import BEGINS, NIGHTS, Remembered, forget, remember, remembered
from flows.run.context import Result, Run
from flows.run.previous_state import Before
from infra.logs import LOGGER
from infra.notifications import Delivery, addresses, deliver
from infra.settings import Settings
from publish.alerts.grouping import found_alerts
from publish.alerts.lifecycle import Alert, Clears, Turn, clears_after, ended_by_operator, turn
from publish.alerts.message import Place, message
from publish.alerts.status import SourceStatus
from publish.bucket.pointer import instant
from publish.release.decisions import is_rejected
from schemas.alarms.catalogue import alarm
from schemas.codelists import Outcome, RunKind
from schemas.errors import GongbaoError, SettingsError, StoreError

_LATEST = frozenset({Outcome.PUBLISHED, Outcome.UNCHANGED})


def alerted(run: Run, before: Before | None, result: Result) -> Result:
    """The result with what became of the alerts of the source, once everybody was told."""
    if run.kind is not RunKind.NIGHTLY:
        return result
    status = before.status.of(run.source.id) if before else SourceStatus()
    kept = remembered(run.settings, NIGHTS, run.source.id)
    found = found_alerts(result.findings, result.error, instant(run.clock()))
    since = status.rejected.since if status.rejected and is_rejected(result.findings) else None
    owed = status.owed if kept.owed is None else kept.owed
    now = turn(kept.on_top_of(status.alerts), found, _clears(result, kept, since), owed)
    place = _place(run, result, status.published)
    told, deliveries = _told(now if since is None else ended_by_operator(now, since), place, run.settings)
    return replace(result, turn=told, deliveries=deliveries)


def unwritten(run: Run, result: Result, error: StoreError) -> Result:
    """The result of a run whose end the store does not take, once that was told; the spool remembers who was told."""
    told = result
    if result.turn and not isinstance(result.error, StoreError):
        found = found_alerts((), error, instant(run.clock()))
        now = turn(result.turn.open, found, clears_after(error, weighed=False), result.turn.owed)
        told = _once_more(run, result, result.turn, now)
    keep(run, told)
    return told


def written(run: Run, result: Result) -> Result:
    """The result of a run whose end the store has taken: where the spool knows of one that took none, that is told."""
    kept = remembered(run.settings, NIGHTS, run.source.id)
    over = {one.code for one in kept.alerts if one.of_store}
    if not (result.turn and over) or isinstance(result.error, StoreError):
        return result
    now = turn(result.turn.open, (), lambda one: one.code in over, result.turn.owed)
    return _once_more(run, result, result.turn, now)


def keep(run: Run, result: Result) -> None:
    """Remember in the spool what was told, where the status could not be written."""
    if result.turn:
        kept = remembered(run.settings, NIGHTS, run.source.id)
        remember(run.settings, NIGHTS, run.source.id, kept.after(result.turn))


def settled(run: Run) -> None:
    """Forget what the spool remembers: the status says it now."""
    forget(run.settings, NIGHTS, run.source.id)


def unbegun(source: str, error: GongbaoError | None, environ: Mapping[str, str], kind: str = BEGINS) -> Turn:
    """Tell that a run could not even begin, as far as the settings can be read; None for one that can begin again.

    Each `kind` of what comes before a run clears what it has told itself, and nothing that it does not look at.
    """
    settings = _readable(environ)
    kept = remembered(settings, kind, source)
    found = found_alerts((), error, instant(datetime.now(UTC)))
    now = turn(kept.alerts, found, clears_after(error, weighed=True), kept.owed or ())
    told, _ = _told(now, Place(source=source, store=settings.store, runbook=settings.runbook_url), settings)
    if told.open or told.owed:
        remember(settings, kind, source, Remembered(alerts=told.open, owed=told.owed))
    else:
        forget(settings, kind, source)
    return told


def heard_of(turn: Turn, environ: Mapping[str, str]) -> bool:
    """Whether somebody was told of all that is open after a turn; where no channel is named nobody was."""
    return bool(addresses(_readable(environ).alert_urls)) and all(one.known for one in turn.open)


def _clears(result: Result, kept: Remembered, since: str | None) -> Clears:
    """What this run clears, as far as it is known before its end is written.

    Of a store that took nothing only the spool knows: it works again once it takes the status of this run. Rows that
    an operator has rejected, `since` when they were held, disprove nothing that was told of released ones before.
    """
    clears = clears_after(result.error, weighed=result.weighed)
    unproven = {one.code for one in kept.alerts if one.of_store}

    def cleared(one: Alert) -> bool:
        released = since is not None and alarm(one.code).lasting and one.since < since
        return clears(one) and one.code not in unproven and not released

    return cleared


def _once_more(run: Run, result: Result, first: Turn, now: Turn) -> Result:
    """Tell of a second turn in one run; what no channel took of the first waits for the next night."""
    told, deliveries = _told(replace(now, owed=()), _place(run, result, result.version), run.settings)
    both = first.then(replace(told, owed=(*now.owed, *told.owed)))
    return replace(result, turn=both, deliveries=(*result.deliveries, *deliveries))


def _place(run: Run, result: Result, published: str) -> Place:
    return Place(
        source=run.source.id,
        store=run.store.url,
        version=result.version if result.outcome in _LATEST else published,
        candidate=result.held.version if result.held else "",
        runbook=run.settings.runbook_url,
    )


def _told(now: Turn, place: Place, settings: Settings) -> tuple[Turn, tuple[Delivery, ...]]:
    """Tell the news; what no channel took counts as untold."""
    messages = [message(event, alert, place) for event, alert in now.messages]
    deliveries = deliver(addresses(settings.alert_urls), messages)
    for one in deliveries:
        if one.error:
            LOGGER.warning("channel %d (%s) was not told of %s: %s", one.place, one.channel, one.message, one.error)
    taken = {one.message for one in deliveries if not one.error}
    return now.sent({one.message for one in deliveries} - taken), deliveries


def _readable(environ: Mapping[str, str]) -> Settings:
    """The settings, or of wrong ones those that alerts need."""
    try:
        return Settings.from_env(environ)
    except SettingsError:
        names = ("GONGBAO_ALERT_URLS", "GONGBAO_SPOOL")
        return Settings.from_env({name: environ[name] for name in names if environ.get(name, "").isprintable()})
