"""The end of a run, however it went: sightings and status, and a record that is left in any case."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from flows.notify.alerts import clear_spool, notify_store_failure, notify_store_recovery, spool_state
from flows.run.context import RunContext, RunResult, run_record
from flows.run.previous_state import PreviousState
from infra.logs import LOGGER
from infra.spool import write
from publish.alerts.lifecycle import AlertChanges
from publish.alerts.status import SourceStatus, open_findings, read_status, write_status
from publish.bucket.layout import run_key
from publish.bucket.manifest import to_json
from publish.bucket.pointer import iso_utc
from publish.release.atom_feed import write_feed
from publish.release.decisions import is_rejected
from publish.release.publish import write_run_record
from schemas.codelists import Outcome, RunKind, Severity, SourceState
from schemas.errors import SourceGone, SourceMalformed, StoreError
from schemas.finding import PAGE_STRUCTURE_CODES, SOURCE_DRIFT_CODES

_GOOD = frozenset({Outcome.PUBLISHED, Outcome.UNCHANGED, Outcome.YIELDED})
_READ = _GOOD | {Outcome.HELD}
"""Outcomes of runs that could fetch and read everything: what waits is there, and was read."""
_CUT = frozenset({Outcome.PUBLISHED, Outcome.YIELDED})
_SEEN = frozenset({Outcome.PUBLISHED, Outcome.UNCHANGED, Outcome.HELD})
"""Outcomes of runs that know what the source says, so that they know whether it is still what was rejected."""


def close(run: RunContext, before: PreviousState | None, result: RunResult) -> RunResult:
    """Write what the run saw; where the store takes nothing, its record goes to the local spool.

    The result that comes back knows who was told of that, or that the store works again; a run that went well up to
    here raises, so that it can be tried again before anybody is told.
    """
    try:
        return _write(run, before, result)
    except StoreError as error:
        if result.exit_status == 0:
            _spool(run, result, error)
            spool_state(run, result)
            raise
        return record_in_spool(run, result, error)


def record_in_spool(run: RunContext, result: RunResult, error: StoreError) -> RunResult:
    """The result of a run whose end the store does not take: that is told, and its record lies in the spool."""
    failed = result if result.exit_status else replace(result, outcome=Outcome.STORE_FAILED, error=error)
    told = replace(notify_store_failure(run, result, error), outcome=failed.outcome, error=failed.error)
    _spool(run, told, error)
    return told


def _spool(run: RunContext, result: RunResult, error: StoreError) -> None:
    path = write(run.settings.spool, f"{run.source.id}-{run.id}.json", to_json(run_record(run, result)))
    LOGGER.warning("the store takes no record of the run (%s); it lies in %s", error, path)


def _write(run: RunContext, before: PreviousState | None, result: RunResult) -> RunResult:
    """Sightings, status, feed and record, in this order: the record comes last and says that all is written."""
    if before:
        before.archive.flush(run.clock())
        status = before.status.of(run.source.id)
        after = next_status(run, status, result)
        write_status(run.store, run.source.id, after, seen=before.status)
        result = _announce_store_recovery(run, result)
        if _feed_changed(status, after):
            write_feed(run.store)
        if (
            result.alert_changes
        ):  # a run that looked at no alert has put none of those that the spool knows into the status
            clear_spool(run)
    else:
        spool_state(run, result)
    write_run_record(run.store, run_key(run.source.id, run.started, result.outcome, run.id), run_record(run, result))
    return result


def _announce_store_recovery(run: RunContext, result: RunResult) -> RunResult:
    """The result once it was told that the store takes what it did not take before, which the status says then too."""
    told = notify_store_recovery(run, result)
    if told is not result and told.alert_changes:
        seen = read_status(run.store)
        later = told.alert_changes.difference(result.alert_changes or AlertChanges())
        write_status(
            run.store, run.source.id, seen.of(run.source.id).with_alert_changes(later, iso_utc(run.clock())), seen=seen
        )
    return told


def _feed_changed(before: SourceStatus, after: SourceStatus) -> bool:
    """Whether a state or an alert turned in this run, or in the last, which may have been killed on the way."""
    if (after.changes, after.news) != (before.changes, before.news):
        return True
    last = {one.at for one in after.changes[-1:]} | {one.at for one in after.news[-1:]}
    return before.last_checked in last


def next_status(run: RunContext, status: SourceStatus, result: RunResult) -> SourceStatus:
    """The source's entry after this run."""
    if run.kind is RunKind.REPLAY:
        return _after_replay(run, status, result)
    now = iso_utc(run.clock())
    decided = is_rejected(result.findings) or result.outcome not in _SEEN
    held = result.held_candidate if result.outcome is Outcome.HELD else None if result.outcome in _GOOD else status.held
    return replace(
        status.with_state(_state(result, status.state), now).with_alert_changes(result.alert_changes, now),
        last_checked=now,
        last_good=now if result.outcome in _READ else status.last_good,
        last_changed=now if result.outcome is Outcome.PUBLISHED else status.last_changed,
        published=result.version if result.outcome in {Outcome.PUBLISHED, Outcome.UNCHANGED} else status.published,
        last_outcome=result.outcome.value,
        next_due=_next_due(run),
        held=held,
        rejected=status.rejected if decided else None,
        findings=open_findings(result.findings),
    )


def _after_replay(run: RunContext, status: SourceStatus, result: RunResult) -> SourceStatus:
    """The entry after a run that did not look at the source: what only a look can tell stays, a held candidate too."""
    if result.outcome is Outcome.HELD:
        held, outcome = result.held_candidate, result.outcome.value
        return replace(status, held=held, last_outcome=outcome, findings=open_findings(result.findings))
    if result.outcome is not Outcome.PUBLISHED:
        return status
    now, outcome = iso_utc(run.clock()), result.outcome.value
    return replace(status, last_changed=now, published=result.version, last_outcome=outcome)


def _next_due(run: RunContext) -> str:
    """When the next run is due; never for a source that takes part only where a run names it."""
    return iso_utc(run.started + timedelta(hours=run.source.every_hours)) if run.source.nightly else ""


def _state(result: RunResult, former: SourceState) -> SourceState:
    """How the source stands: an error that says nothing of it leaves what was known."""
    if result.error is None:
        return SourceState.DRIFTED if _drifted(result) else SourceState.OK
    if isinstance(result.error, SourceGone):
        return SourceState.GONE
    return SourceState.DRIFTED if isinstance(result.error, SourceMalformed) else former


def _drifted(result: RunResult) -> bool:
    """Whether a page has another form than in the latest release, or a release waits because its content drifted.

    A night that publishes, or sees another do so, leaves a latest release that has the form of today.
    """
    formed = any(one.code in PAGE_STRUCTURE_CODES and one.severity is not Severity.NOTE for one in result.findings)
    waits = any(one.code in SOURCE_DRIFT_CODES and one.severity is Severity.HOLD for one in result.findings)
    return (formed and result.outcome not in _CUT) or (waits and result.outcome is Outcome.HELD)
