"""Who is told what: a run's alerts are held against the open ones, told on every channel, and kept for the next run.

They are told before the status says so: a run that is killed in between tells them twice, never not at all. Where the
store gives no status, the spool remembers what was told: a store that is down is one message and not one a night.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from flows.known import Before
from flows.run import Result, Run
from infra.alerts import Delivery, addresses, deliver
from infra.logs import LOGGER
from infra.settings import Settings
from infra.spool import forget, recall, spool
from publish.manifest import to_json
from publish.pointer import instant
from publish.watch.alert_text import Place, message
from publish.watch.alerts import Alert, Turn, clears_after, found_alerts, turn
from schemas.codelists import Outcome, RunKind
from schemas.errors import GongbaoError, SettingsError

_LATEST = frozenset({Outcome.PUBLISHED, Outcome.UNCHANGED})
_NO_SLUG = re.compile(r"[^a-z0-9-]+")


def alerted(run: Run, before: Before | None, result: Result) -> Result:
    """The result with what became of the alerts of the source, once everybody was told."""
    if run.kind is not RunKind.NIGHTLY:
        return result
    status = before.status.of(run.source.id) if before else None
    kept = _kept(run.settings, run.source.id)
    known = {one.code: one for one in (*(status.alerts if status else ()), *kept)}
    found = found_alerts(result.findings, result.error, instant(run.clock()))
    now = turn(tuple(known.values()), found, clears_after(result.error, weighed=result.weighed))
    place = Place(
        source=run.source.id,
        store=run.store.url,
        version=result.version if result.outcome in _LATEST else status.published if status else "",
        candidate=result.held.version if result.held else "",
        runbook=run.settings.runbook_url,
    )
    told, deliveries = _told(now, place, run.settings)
    return replace(result, turn=told, deliveries=deliveries)


def keep(run: Run, result: Result) -> None:
    """Remember in the spool what was told, where the status could not be written."""
    if result.turn:
        _keep(run.settings, run.source.id, result.turn)


def settled(run: Run) -> None:
    """Forget what the spool remembers: the status says it now."""
    forget(run.settings.spool, _name(run.source.id))


def unbegun(source: str, error: GongbaoError | None, environ: Mapping[str, str]) -> Turn:
    """Tell that a run could not even begin, as far as the settings can be read; None for one that can begin again."""
    settings = _readable(environ)
    found = found_alerts((), error, instant(datetime.now(UTC)))
    now = turn(_kept(settings, source), found, clears_after(error, weighed=True))
    told, _ = _told(now, Place(source=source, store=settings.store, runbook=settings.runbook_url), settings)
    if told.open:
        _keep(settings, source, told)
    else:
        forget(settings.spool, _name(source))
    return told


def _told(now: Turn, place: Place, settings: Settings) -> tuple[Turn, tuple[Delivery, ...]]:
    """Tell the news; what no channel took counts as untold."""
    messages = [message(event, alert, place) for event, alert in now.events]
    deliveries = deliver(addresses(settings.alert_urls), messages)
    for one in deliveries:
        if one.error:
            LOGGER.warning("channel %d (%s) was not told of %s: %s", one.place, one.channel, one.message, one.error)
    taken = {one.message for one in deliveries if not one.error}
    return now.untold({one.message for one in deliveries} - taken), deliveries


def _readable(environ: Mapping[str, str]) -> Settings:
    """The settings, or of wrong ones those that alerts need."""
    try:
        return Settings.from_env(environ)
    except SettingsError:
        names = ("GONGBAO_ALERT_URLS", "GONGBAO_SPOOL")
        return Settings.from_env({name: environ[name] for name in names if environ.get(name, "").isprintable()})


def _kept(settings: Settings, source: str) -> tuple[Alert, ...]:
    """What the spool remembers; a file that is none remembers nothing."""
    try:
        records = json.loads(recall(settings.spool, _name(source)) or b'{"alerts": []}')["alerts"]
        return tuple(map(Alert.of_record, records))
    except (ValueError, KeyError, TypeError):
        return ()


def _keep(settings: Settings, source: str, now: Turn) -> None:
    try:
        spool(settings.spool, _name(source), to_json({"alerts": [one.as_record() for one in now.open]}))
    except SettingsError as error:
        LOGGER.warning("what was told is not remembered (%s)", error)


def _name(source: str) -> str:
    return f"alerts-{_NO_SLUG.sub('-', source)[:64]}.json"
