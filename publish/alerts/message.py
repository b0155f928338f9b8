"""The message of an alert, in Chinese and English: what it is, where, the evidence, what to do.

What a source wrote can be hostile: it appears as evidence only, in one line, without what a chat program would turn
into a link, a mention or a tag.
"""

import re
import shlex
import unicodedata
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from infra.notifications import Importance, Message
from publish.alerts.lifecycle import Alert, AlertEvent
from schemas.alarms.catalogue import AlertRule, alarm
from schemas.codelists import Severity

LONGEST = 200
_EVENTS = MappingProxyType(
    {
        AlertEvent.RAISED: ("报警", "alert"),
        AlertEvent.CHANGED: ("报警有变", "alert changed"),
        AlertEvent.CLEARED: ("报警解除", "alert cleared"),
    }
)
_SEVERITIES = MappingProxyType(
    {
        Severity.NOTE: "仅供记录",
        Severity.WARN: "需要查看",
        Severity.HOLD: "候选版本待人工决定",
        Severity.REJECT: "不予发布",
    }
)
_TAGS: Final = str.maketrans({"<": "＜", ">": "＞", "@": "＠", "`": "'", "\\": "＼"})
_ADDRESS = re.compile(r"(?i)\b([a-z][a-z0-9+.-]*):(?=//)|\b(mailto|javascript|data):")


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertContext:
    """What an alert is about beyond itself: source, store, latest release, held candidate, runbook."""

    source: str
    store: str = ""
    version: str = ""
    candidate: str = ""
    runbook: str = ""


def message(event: AlertEvent, alert: Alert, context: AlertContext) -> Message:
    """Return the message that all channels get."""
    rule, (zh, en) = alarm(alert.code), _EVENTS[event]
    title = f"公报{zh} {context.source}：{rule.zh} | Gongbao {en}, {context.source}: {rule.en}"
    parts = [_chinese(event, alert, context), _english(event, alert, context)]
    if event is not AlertEvent.CLEARED:
        parts += [_advice(rule, alert, context), _evidence(alert)]  # what a service cuts off is evidence
    body = "\n\n".join(filter(None, parts))
    return Message(key=alert.code, title=title, body=body, importance=_importance(event, alert))


def plain(text: str) -> str:
    """Return somebody else's text as one line in which no program sees anything but text."""
    visible = "".join(" " if unicodedata.category(sign)[0] in "CZ" else sign for sign in text)
    line = _ADDRESS.sub(lambda match: f"{match[1] or match[2]}[:]", " ".join(visible.split())).translate(_TAGS)
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"


def _chinese(event: AlertEvent, alert: Alert, context: AlertContext) -> str:
    lines = [f"公报{_EVENTS[event][0]}：{context.source}", f"{alarm(alert.code).zh}。"]
    if event is AlertEvent.CLEARED:
        return "\n".join([*lines, _end_in_chinese(alert)])
    lines += [f"级别：{_SEVERITIES[alert.severity]}", f"位置：{plain(alert.where) or '—'}", f"开始：{alert.since}"]
    lines += [f"最新版本：{context.version}"] if context.version else []
    return "\n".join([*lines, *([f"候选版本 {context.candidate} 等待决定。"] if context.candidate else [])])


def _english(event: AlertEvent, alert: Alert, context: AlertContext) -> str:
    lines = [f"Gongbao {_EVENTS[event][1]}: {context.source}", f"{alarm(alert.code).en}."]
    if event is AlertEvent.CLEARED:
        return "\n".join([*lines, _end_in_english(alert)])
    lines += [
        plain(alert.message),
        f"Severity: {alert.severity.value}. {alert.severity.meaning}",
        f"Where: {plain(alert.where) or '-'}",
        f"Since: {alert.since}",
    ]
    lines += [f"Latest release: {context.version}"] if context.version else []
    return "\n".join([*lines, *([f"Candidate {context.candidate} waits for a decision."] if context.candidate else [])])


def _end_in_chinese(alert: Alert) -> str:
    if alert.rejected:
        return f"它自 {alert.since} 起所涉的候选版本已由运维人员拒绝；来源页面并未因此改变。"
    return f"自 {alert.since} 起的这一情况已不再出现。"


def _end_in_english(alert: Alert) -> str:
    if alert.rejected:
        return f"Resolved: an operator rejected the candidate (alert of {alert.since}); the source has not changed."
    return f"Resolved: the condition first seen at {alert.since} no longer occurs."


def _evidence(alert: Alert) -> str:
    return "\n".join(["证据 Evidence:", *(f"- {plain(line)}" for line in alert.evidence)]) if alert.evidence else ""


def _advice(rule: AlertRule, alert: Alert, context: AlertContext) -> str:
    """Return the first command to type, with its placeholders filled in, and the entry of the runbook."""
    values = {"SOURCE": context.source, "STORE": context.store, "ADDRESS": alert.where if "://" in alert.where else ""}
    command = rule.first_look
    for name, value in values.items():
        if value:
            quoted = shlex.quote("".join(sign for sign in value if unicodedata.category(sign)[0] not in "CZ"))
            command = re.sub(rf"\b{name}\b", quoted.replace("\\", r"\\"), command)
    return f"先看 Look first:\n{command}\n\n怎么办 What to do:\n{context.runbook}#{rule.code}"


def _importance(event: AlertEvent, alert: Alert) -> Importance:
    if event is AlertEvent.CLEARED:
        return "success"
    return "warning" if alert.severity is Severity.WARN else "failure"
