"""The end of a run, however it went: the archive's visit log, the status, the feed, and the record of the run."""

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
"""Outcomes of runs that could fetch and read everything."""
_CUT = frozenset({Outcome.PUBLISHED, Outcome.YIELDED})
_CHECKED = frozenset({Outcome.PUBLISHED, Outcome.UNCHANGED, Outcome.HELD})
"""Outcomes of runs that can tell whether the source still says what was rejected."""


def finalize(run: RunContext, previous: PreviousState | None, result: RunResult) -> RunResult:
    """Write what the run saw and did; if the store takes nothing, the record goes to the local spool.

    Returns:
        The result, with the alerts that were sent because the store failed or works again.

    Raises:
        StoreError: The store takes nothing and the run has not failed so far: the caller may try again, and calls
            `finalize_offline` if it gives up.
    """
    try:
        return _write(run, previous, result)
    except StoreError as error:
        if result.exit_status == 0:
            _spool_record(run, result, error)
            spool_state(run, result)
            raise
        return finalize_offline(run, result, error)


def finalize_offline(run: RunContext, result: RunResult, error: StoreError) -> RunResult:
    """Send an alert that the store takes nothing, and save the record to the spool."""
    failed = result if result.exit_status else replace(result, outcome=Outcome.STORE_FAILED, error=error)
    result = replace(notify_store_failure(run, result, error), outcome=failed.outcome, error=failed.error)
    _spool_record(run, result, error)
    return result


def _spool_record(run: RunContext, result: RunResult, error: StoreError) -> None:
    path = write(run.settings.spool, f"{run.source.id}-{run.id}.json", to_json(run_record(run, result)))
    LOGGER.warning("could not write the run record to the store (%s); saved to %s", error, path)


def _write(run: RunContext, previous: PreviousState | None, result: RunResult) -> RunResult:
    """Write visit log, status, feed and record in this order: the record comes last and says that all is written."""
    if previous:
        previous.archive.flush(run.clock())
        status = next_status(run, previous.status, result)
        write_status(run.store, run.source.id, status, seen=previous.status_file)
        result = _announce_store_recovery(run, result)
        if _feed_changed(previous.status, status):
            write_feed(run.store)
        if result.alert_changes:  # otherwise the status does not hold the alerts that are in the spool
            clear_spool(run)
    else:
        spool_state(run, result)
    write_run_record(run.store, run_key(run.source.id, run.started, result.outcome, run.id), run_record(run, result))
    return result


def _announce_store_recovery(run: RunContext, result: RunResult) -> RunResult:
    """Clear the alert that the store took nothing, now that it has taken the status, and write that to the status."""
    recovered = notify_store_recovery(run, result)
    if recovered is not result and recovered.alert_changes:
        file = read_status(run.store)
        later = recovered.alert_changes.difference(result.alert_changes or AlertChanges())
        status = file.of(run.source.id).with_alert_changes(later, iso_utc(run.clock()))
        write_status(run.store, run.source.id, status, seen=file)
    return recovered


def _feed_changed(previous: SourceStatus, status: SourceStatus) -> bool:
    """Return whether a state or an alert changed in this run, or in the last, which may have been killed before it."""
    if (status.changes, status.news) != (previous.changes, previous.news):
        return True
    last = {change.at for change in previous.changes[-1:]} | {entry.at for entry in previous.news[-1:]}
    return previous.last_checked in last


def next_status(run: RunContext, status: SourceStatus, result: RunResult) -> SourceStatus:
    """Return the status of the source after this run."""
    if run.kind is RunKind.REPLAY:
        return _status_after_replay(run, status, result)
    now = iso_utc(run.clock())
    still_rejected = is_rejected(result.findings) or result.outcome not in _CHECKED
    held = result.held_candidate if result.outcome is Outcome.HELD else None if result.outcome in _GOOD else status.held
    next_due = run.started + timedelta(hours=run.source.every_hours) if run.source.nightly else None
    return replace(
        status.with_state(_state(result, status.state), now).with_alert_changes(result.alert_changes, now),
        last_checked=now,
        last_good=now if result.outcome in _READ else status.last_good,
        last_changed=now if result.outcome is Outcome.PUBLISHED else status.last_changed,
        published=result.version if result.outcome in {Outcome.PUBLISHED, Outcome.UNCHANGED} else status.published,
        last_outcome=result.outcome.value,
        next_due=iso_utc(next_due) if next_due else "",
        held=held,
        rejected=status.rejected if still_rejected else None,
        findings=open_findings(result.findings),
    )


def _status_after_replay(run: RunContext, status: SourceStatus, result: RunResult) -> SourceStatus:
    """Return the status after a run that did not fetch: what only a fetch can tell stays, and a held candidate too."""
    outcome = result.outcome.value
    if result.outcome is Outcome.HELD:
        findings = open_findings(result.findings)
        return replace(status, held=result.held_candidate, last_outcome=outcome, findings=findings)
    if result.outcome is Outcome.PUBLISHED:
        return replace(status, last_changed=iso_utc(run.clock()), published=result.version, last_outcome=outcome)
    return status


def _state(result: RunResult, previous: SourceState) -> SourceState:
    """Return the state of the source; an error that says nothing about it leaves the previous state."""
    if result.error is None:
        return SourceState.DRIFTED if _drifted(result) else SourceState.OK
    if isinstance(result.error, SourceGone):
        return SourceState.GONE
    return SourceState.DRIFTED if isinstance(result.error, SourceMalformed) else previous


def _drifted(result: RunResult) -> bool:
    """Return whether a page has another structure than in the latest release, or its content drifted and is held.

    A run that publishes, or yields to another that does, leaves a latest release with the structure of today.
    """
    restructured = any(
        finding.code in PAGE_STRUCTURE_CODES and finding.severity is not Severity.NOTE for finding in result.findings
    )
    held = any(finding.code in SOURCE_DRIFT_CODES and finding.severity is Severity.HOLD for finding in result.findings)
    return (restructured and result.outcome not in _CUT) or (held and result.outcome is Outcome.HELD)
