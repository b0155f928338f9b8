"""The life of an alert: raised, changed, cleared; each event is sent once.

Pure functions: the alerts of a run and the open ones go in; what is raised, changed, unchanged and cleared comes out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from types import MappingProxyType
from typing import Any

from schemas import errors
from schemas.alarms.catalogue import Stage, alarm, alarm_for
from schemas.codelists import CodeList, Severity

_SEVERITIES = MappingProxyType({severity.value: severity for severity in Severity})
_STAGES = tuple(Stage)
_RECORDED_AS = MappingProxyType({"last_delivery_ok": "told", "ever_delivered": "known"})
# Errors that end a run where they occur. Not `source_empty`: once there is a release it is a finding, and a later error
# takes the findings of its run along.
_FETCHING = (errors.SourceError, errors.SourceGone, errors.SourceMalformed, errors.SourceRefused)
_ENDS = frozenset(error.code for error in (*_FETCHING, errors.SourceUnreachable))
_STORING = (errors.StoreError, errors.StoreUnavailable, errors.StoreDenied, errors.StoreCorrupt)
_STORE = frozenset(error.code for error in _STORING)


class AlertEvent(CodeList):
    """What happened to an alert in a run (`event`)."""

    RAISED = "raised", "It is new."
    CHANGED = "changed", "It was open before and is based on something else now."
    CLEARED = "cleared", "A run that checked no longer has it."


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
        record = asdict(self) | {"severity": self.severity.value}
        record |= {"evidence": list(self.evidence), "codes": list(self.codes)}
        return {_RECORDED_AS.get(name, name): value for name, value in record.items()}

    @classmethod
    def of_record(cls, record: Mapping[str, Any]) -> Alert:
        """Parse such a record; only its code is required."""
        texts = {name: str(record.get(name, "")) for name in ("where", "message", "fingerprint", "since")}
        return cls(
            code=str(record["code"]),
            severity=_SEVERITIES[record.get("severity", Severity.WARN.value)],
            evidence=tuple(map(str, record.get("evidence", ()))),
            codes=tuple(map(str, record.get("codes", ()))),
            last_delivery_ok=bool(delivered := record.get("told", True)),
            ever_delivered=bool(record.get("known", delivered)),
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
        return tuple(sorted((*self.raised, *self.changed, *self.unchanged), key=lambda alert: alert.code))

    @property
    def events(self) -> tuple[tuple[AlertEvent, Alert], ...]:
        """The events of this run: raised, changed, cleared."""
        alerts_by_kind = zip(AlertEvent, (self.raised, self.changed, self.cleared), strict=True)
        return tuple((kind, alert) for kind, alerts in alerts_by_kind for alert in alerts)

    @property
    def messages(self) -> tuple[tuple[AlertEvent, Alert], ...]:
        """What is to be sent: the events, and the clearings of earlier runs that no channel took."""
        return (*self.events, *((AlertEvent.CLEARED, alert) for alert in self.unsent_clearings))

    def mark_delivered(self, undelivered: Iterable[str]) -> AlertChanges:
        """Record that messages were sent, except those of the codes `undelivered`, which the next run sends again."""
        codes = frozenset(undelivered)
        raised, changed = (
            tuple(replace(alert, last_delivery_ok=alert.code not in codes) for alert in alerts)
            for alerts in (self.raised, self.changed)
        )
        clearings = (*self.cleared, *self.unsent_clearings)
        return replace(
            self,
            raised=tuple(replace(one, ever_delivered=one.ever_delivered or one.last_delivery_ok) for one in raised),
            changed=changed,
            unsent_clearings=tuple(alert for alert in clearings if alert.code in codes),
        )

    def merge(self, later: AlertChanges) -> AlertChanges:
        """Combine these changes and later ones of the same run."""
        changed_codes = {alert.code for alert in (*self.raised, *self.changed, *later.cleared)}
        return AlertChanges(
            raised=(*self.raised, *later.raised),
            changed=(*self.changed, *later.changed),
            unchanged=tuple(alert for alert in later.unchanged if alert.code not in changed_codes),
            cleared=(*self.cleared, *later.cleared),
            unsent_clearings=later.unsent_clearings,
        )

    def difference(self, earlier: AlertChanges) -> AlertChanges:
        """Return what changed after earlier changes of the same run."""
        raised = tuple(alert for alert in self.raised if alert not in earlier.raised)
        changed = tuple(alert for alert in self.changed if alert not in earlier.changed)
        return replace(
            self,
            raised=raised,
            changed=changed,
            unchanged=tuple(alert for alert in self.open if alert not in (*raised, *changed)),
            cleared=tuple(alert for alert in self.cleared if alert not in earlier.cleared),
        )


ClearPolicy = Callable[[Alert], bool]
"""Whether a run without this alert may clear it: whether it checked what the alert is about."""


def mark_rejected_by_operator(changes: AlertChanges, since: str) -> AlertChanges:
    """Mark the cleared alerts of a candidate that was rejected, and held since then."""
    cleared = tuple(
        replace(alert, rejected=alert.since >= since and about_candidate(alert.code, alert.severity))
        for alert in changes.cleared
    )
    return replace(changes, cleared=cleared)


def about_candidate(code: str, severity: Severity) -> bool:
    """Return whether an alert is about the candidate and not about its source; what holds it is."""
    return alarm(code).stage is Stage.RELEASE or severity is Severity.HOLD


def diff_alerts(
    open_alerts: Sequence[Alert], current: Sequence[Alert], clears: ClearPolicy, unsent: Sequence[Alert] = ()
) -> AlertChanges:
    """Compare the alerts of a run with the open ones; an alert that was never delivered clears silently.

    An alert that recurs before its "cleared" message was delivered is raised again, and the pending message is dropped.
    New alerts count as undelivered until they are sent.

    Args:
        open_alerts: The alerts that were open before.
        current: The alerts of this run.
        clears: Whether this run may clear an alert.
        unsent: The clearings that no channel has taken yet.
    """
    unsent_codes = {alert.code for alert in unsent}
    open_by_code, current_codes = {alert.code: alert for alert in open_alerts}, {alert.code for alert in current}
    recurring = [alert for alert in current if alert.code in open_by_code and open_by_code[alert.code].ever_delivered]
    same_basis = [alert for alert in recurring if _is_known(alert, open_by_code[alert.code])]
    absent = [alert for alert in open_by_code.values() if alert.code not in current_codes]
    raised = (_since(alert, open_by_code) for alert in current if alert not in recurring)
    kept = (*(open_by_code[alert.code] for alert in same_basis), *(alert for alert in absent if not clears(alert)))
    return AlertChanges(
        raised=tuple(replace(alert, ever_delivered=alert.code in unsent_codes) for alert in raised),
        changed=tuple(_since(alert, open_by_code) for alert in recurring if alert not in same_basis),
        unchanged=kept,
        cleared=tuple(alert for alert in absent if clears(alert) and alert.ever_delivered),
        unsent_clearings=tuple(alert for alert in unsent if alert.code not in current_codes | open_by_code.keys()),
    )


def clear_policy(error: errors.GongbaoError | None, *, rows_checked: bool) -> ClearPolicy:
    """Return which alerts a run may clear: all it checked if it ended well, else those that its failure disproves.

    Args:
        error: The error that ended the run. Such a run passed all stages before that of the error.
        rows_checked: Whether the rows were checked; they are not where the inputs are those of the latest release.
    """
    if error is None:
        return lambda alert: rows_checked or not (alarm(alert.code).sticky and alert.severity is Severity.WARN)
    stage = alarm_for(error.code).stage
    if stage in {Stage.RUN, Stage.CHECK}:
        return lambda _: False
    return lambda alert: _STAGES.index(alarm(alert.code).stage) < _STAGES.index(stage) and _ENDS.issuperset(alert.codes)


def _is_known(alert: Alert, earlier: Alert) -> bool:
    return earlier.last_delivery_ok and alert.fingerprint == earlier.fingerprint


def _since(alert: Alert, open_by_code: Mapping[str, Alert]) -> Alert:
    return replace(alert, since=open_by_code[alert.code].since) if alert.code in open_by_code else alert
