"""The life of an alert: raised, changed, cleared; each event is sent once.

Pure functions: the alerts of a run and the open ones go in; what is raised, changed, unchanged and cleared comes out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from schemas.alarms.catalogue import Stage, alarm, alarm_for
from schemas.codelists import CodeList, Severity
from schemas.errors import (
    GongbaoError,
    SourceError,
    SourceGone,
    SourceMalformed,
    SourceRefused,
    SourceUnreachable,
    StoreCorrupt,
    StoreDenied,
    StoreError,
    StoreUnavailable,
)

_SEVERITIES = MappingProxyType({one.value: one for one in Severity})
_STAGES = tuple(Stage)
# Errors that end a run where they show. `source_empty` is none of them: once there is a release it is a finding, and an
# error further on takes the findings of its run along.
_ENDS = frozenset(one.code for one in (SourceError, SourceGone, SourceMalformed, SourceRefused, SourceUnreachable))
_STORE = frozenset(one.code for one in (StoreError, StoreUnavailable, StoreDenied, StoreCorrupt))


class AlertEvent(CodeList):
    """What became of an alert in a run (`event`)."""

    RAISED = "raised", "It is new."
    CHANGED = "changed", "It was there before and rests on something else now."
    CLEARED = "cleared", "A run that looked found it no more."


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One cause that an operator should know of: at most one a source for each rule.

    Attributes:
        since: When it was raised.
        fingerprint: A hash of what it is based on.
        last_delivery_ok: Whether a channel took the last message, or there is no channel.
        ever_delivered: Whether a channel ever took a message: then the clearing is sent, too.
        rejected: Whether it ended because an operator rejected the candidate that it was about.
        codes: The codes of the findings or of the error that raised it.
    """

    code: str
    severity: Severity
    where: str
    message: str
    evidence: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    fingerprint: str = ""
    since: str = ""
    last_delivery_ok: bool = True
    ever_delivered: bool = True
    rejected: bool = False

    @property
    def is_store_alert(self) -> bool:
        """Whether it says that the store fails."""
        return not _STORE.isdisjoint(self.codes)

    def as_record(self) -> dict[str, Any]:
        """Return the alert as it is written to `status.json` and to run records."""
        return {
            "code": self.code,
            "severity": self.severity.value,
            "where": self.where,
            "message": self.message,
            "evidence": list(self.evidence),
            "codes": list(self.codes),
            "fingerprint": self.fingerprint,
            "since": self.since,
            "told": self.last_delivery_ok,
            "known": self.ever_delivered,
            "rejected": self.rejected,
        }

    @classmethod
    def of_record(cls, record: Mapping[str, Any]) -> Alert:
        """Parse such a record; only its code is required."""
        texts = {name: str(record.get(name, "")) for name in ("where", "message", "fingerprint", "since")}
        return cls(
            code=str(record["code"]),
            severity=_SEVERITIES[record.get("severity", Severity.WARN.value)],
            evidence=tuple(map(str, record.get("evidence", ()))),
            codes=tuple(map(str, record.get("codes", ()))),
            last_delivery_ok=bool(told := record.get("told", True)),
            ever_delivered=bool(record.get("known", told)),
            rejected=bool(record.get("rejected", False)),
            **texts,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertChanges:
    """What a run changes in the alerts of a source.

    `unsent_clearings` are those that cleared while no channel took the message.
    """

    raised: tuple[Alert, ...] = ()
    changed: tuple[Alert, ...] = ()
    unchanged: tuple[Alert, ...] = ()
    cleared: tuple[Alert, ...] = ()
    unsent_clearings: tuple[Alert, ...] = ()

    @property
    def open(self) -> tuple[Alert, ...]:
        """The alerts that are open afterwards, ordered by code."""
        return tuple(sorted((*self.raised, *self.changed, *self.unchanged), key=lambda one: one.code))

    @property
    def events(self) -> tuple[tuple[AlertEvent, Alert], ...]:
        """The events of this run: raised, changed, cleared."""
        kinds = (
            (AlertEvent.RAISED, self.raised),
            (AlertEvent.CHANGED, self.changed),
            (AlertEvent.CLEARED, self.cleared),
        )
        return tuple((kind, one) for kind, several in kinds for one in several)

    @property
    def messages(self) -> tuple[tuple[AlertEvent, Alert], ...]:
        """What is to be sent: the events, and the clearings of earlier runs that no channel took."""
        return (*self.events, *((AlertEvent.CLEARED, one) for one in self.unsent_clearings))

    def mark_delivered(self, lost: Iterable[str]) -> AlertChanges:
        """Record that the messages were sent, except those of the codes `lost`, which the next run sends again."""
        missed = frozenset(lost)
        heard = {one.code: one.code not in missed for one in (*self.raised, *self.changed)}
        return replace(
            self,
            raised=tuple(
                replace(one, last_delivery_ok=heard[one.code], ever_delivered=one.ever_delivered or heard[one.code])
                for one in self.raised
            ),
            changed=tuple(replace(one, last_delivery_ok=heard[one.code]) for one in self.changed),
            unsent_clearings=tuple(one for one in (*self.cleared, *self.unsent_clearings) if one.code in missed),
        )

    def merge(self, later: AlertChanges) -> AlertChanges:
        """Combine these changes and later ones of the same run."""
        turned = {one.code for one in (*self.raised, *self.changed, *later.cleared)}
        return AlertChanges(
            raised=(*self.raised, *later.raised),
            changed=(*self.changed, *later.changed),
            unchanged=tuple(one for one in later.unchanged if one.code not in turned),
            cleared=(*self.cleared, *later.cleared),
            unsent_clearings=later.unsent_clearings,
        )

    def difference(self, earlier: AlertChanges) -> AlertChanges:
        """Return what changed after earlier changes of the same run."""
        raised, changed, cleared = (
            tuple(one for one in ours if one not in theirs)
            for ours, theirs in (
                (self.raised, earlier.raised),
                (self.changed, earlier.changed),
                (self.cleared, earlier.cleared),
            )
        )
        still = tuple(one for one in self.open if one not in (*raised, *changed))
        return AlertChanges(
            raised=raised, changed=changed, unchanged=still, cleared=cleared, unsent_clearings=self.unsent_clearings
        )


ClearPolicy = Callable[[Alert], bool]
"""Whether a run that did not find an alert looked at what it is about."""


def mark_rejected_by_operator(now: AlertChanges, since: str) -> AlertChanges:
    """Mark the cleared alerts of a candidate that was rejected, and held since then."""

    def theirs(one: Alert) -> bool:
        return one.since >= since and about_candidate(one.code, one.severity)

    return replace(now, cleared=tuple(replace(one, rejected=theirs(one)) for one in now.cleared))


def about_candidate(code: str, severity: Severity) -> bool:
    """Return whether an alert is about the candidate and not about its source; what holds it is."""
    return alarm(code).stage is Stage.RELEASE or severity is Severity.HOLD


def diff_alerts(
    before: Sequence[Alert], found: Sequence[Alert], clears: ClearPolicy, owed: Sequence[Alert] = ()
) -> AlertChanges:
    """Compare the alerts of a run with the open ones; an alert that was never delivered clears silently.

    An alert that recurs before its "cleared" message was delivered is raised again, and the pending message is dropped.
    New alerts count as undelivered until they are sent.

    Args:
        before: The alerts that are open.
        found: The alerts of this run.
        clears: Whether this run may clear an alert.
        owed: The clearings that no channel has taken yet.
    """
    due = {one.code for one in owed}
    known, now = {one.code: one for one in before}, {one.code for one in found}
    again = [one for one in found if one.code in known and known[one.code].ever_delivered]
    same = [one for one in again if known[one.code].last_delivery_ok and one.fingerprint == known[one.code].fingerprint]
    absent = [one for one in known.values() if one.code not in now]
    return AlertChanges(
        raised=tuple(replace(_since(one, known), ever_delivered=one.code in due) for one in found if one not in again),
        changed=tuple(_since(one, known) for one in again if one not in same),
        unchanged=(*(known[one.code] for one in same), *(one for one in absent if not clears(one))),
        cleared=tuple(one for one in absent if clears(one) and one.ever_delivered),
        unsent_clearings=tuple(one for one in owed if one.code not in now and one.code not in known),
    )


def clear_policy(error: GongbaoError | None, *, weighed: bool) -> ClearPolicy:
    """Return which alerts a run may clear: all it checked if it ended well, else those that its failure disproves.

    Args:
        error: The error that ended the run. Such a run passed all stages before that of the error.
        weighed: Whether the rows were checked; they are not where the inputs are those of the latest release.
    """
    if error is None:
        return lambda one: weighed or not (alarm(one.code).sticky and one.severity is Severity.WARN)
    stage = alarm_for(error.code).stage
    if stage in {Stage.RUN, Stage.CHECK}:
        return lambda _: False
    return lambda one: _STAGES.index(alarm(one.code).stage) < _STAGES.index(stage) and _ENDS.issuperset(one.codes)


def _since(one: Alert, known: Mapping[str, Alert]) -> Alert:
    return replace(one, since=known[one.code].since) if one.code in known else one
