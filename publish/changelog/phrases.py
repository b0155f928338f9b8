"""The words of the change notes in Chinese and English."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from types import MappingProxyType
from typing import Any

from schemas.codelists import Measure, RevisionCause, RevisionKind, Status

Row = Mapping[str, Any]


class HighlightKind(Enum):
    """What else a release may bring beside numbers."""

    MISSED = auto()
    KEPT = auto()
    SILENT = auto()
    WITHDRAWN = auto()
    DOCUMENTS = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tongue:
    """One language: `name` says which number a row is, the other words take their values in braces."""

    title: str
    first: str
    quiet: str
    rest: str
    joint: str
    counted: str
    listed: str
    more: str
    promise: str
    silence: str
    news: Mapping[HighlightKind, str]
    sentences: Mapping[RevisionKind, str]
    kinds: Mapping[RevisionKind, str]
    causes: Mapping[RevisionCause, str]
    name: Callable[[Row], str]


_MEASURES = MappingProxyType(
    {
        Measure.LEVEL.value: "",
        Measure.GROWTH.value: "增速",
        Measure.CAGR.value: "年均增速",
        Measure.CHANGE.value: "变动",
        Measure.SHARE.value: "占比",
        Measure.RATE.value: "比率",
        Measure.RANK.value: "排名",
        Measure.MULTIPLE.value: "倍数",
        Measure.RATIO.value: "比例",
        Measure.STREAK.value: "连续年数",
    }
)


def _chinese_name(row: Row) -> str:
    aim = "目标" if row["status"] == Status.TARGET.value else ""
    years = row["period"].replace("/", "-")
    apart = row["indicator"].partition("~")[2]
    parts = (
        f"{years}年{row['label_zh']}",
        f"（{apart}）" if apart else "",
        row["scope"],
        f"{_MEASURES[row['measure']]}{aim}",
    )
    return "".join(parts)


def _english_name(row: Row) -> str:
    measure = "" if row["measure"] == Measure.LEVEL.value else row["measure"]
    aim = "target" if row["status"] == Status.TARGET.value else ""
    apart = row["indicator"].partition("~")[2]
    label = row["label_en"] or row["label_zh"]
    parts = (f"{label} ({apart})" if apart else label, measure, row["scope"], row["period"].replace("/", "-"), aim)
    return ", ".join(part for part in parts if part)


CHINESE = Tongue(
    title="## 中文",
    first="首个版本：{documents} 份文件，{observations} 条数据，{numbers} 个数字，其中 {claimed} 个已读取、"
    "{ignored} 个不是数据、{unread} 个未读出。",
    quiet="没有数据变动；变动的是文件信息、数字清单或指标表。",
    rest="另有 {count} 处变动：{kinds}。",
    joint="、",
    counted="{kind}（{cause}）",
    listed="；",
    more="；等，此外还有 {count} 项",
    promise="{name}（目标 {aim}，实绩 {outcome}）",
    silence="{name}（上次为 {last}）",
    news=MappingProxyType(
        {
            HighlightKind.MISSED: "未达成的目标 {count} 项：{names}。",
            HighlightKind.KEPT: "达成的目标 {count} 项：{names}。",
            HighlightKind.SILENT: "新一份报告不再给出数字的指标 {count} 项：{names}。",
            HighlightKind.WITHDRAWN: "来源撤下的文件 {count} 份，已发布的数据保留：{names}。",
            HighlightKind.DOCUMENTS: "新收录的文件 {count} 份：{names}。",
        }
    ),
    sentences=MappingProxyType(
        {
            RevisionKind.CHANGED: "{name}由 {before} 改为 {after}（{cause}）。",
            RevisionKind.REMOVED: "{name}不再列出，此前为 {before}（{cause}）。",
            RevisionKind.ADDED: "新增{name}：{after}（{cause}）。",
        }
    ),
    kinds=MappingProxyType(
        {
            RevisionKind.CHANGED: "修改 {count} 处",
            RevisionKind.REMOVED: "移除 {count} 处",
            RevisionKind.ADDED: "新增 {count} 处",
        }
    ),
    causes=MappingProxyType(
        {
            RevisionCause.SOURCE: "来源变动",
            RevisionCause.READER: "读取程序更新",
            RevisionCause.REGISTRY: "指标表更新",
            RevisionCause.CORRECTION: "人工更正",
        }
    ),
    name=_chinese_name,
)

ENGLISH = Tongue(
    title="## English",
    first="The first release: {documents} documents, {observations} observations, {numbers} numbers, of which "
    "{claimed} are read, {ignored} are not data and {unread} could not be read.",
    quiet="No number changed; what changed is what is said of documents, numbers or indicators.",
    rest="{count} more: {kinds}.",
    joint=", ",
    counted="{kind} ({cause})",
    listed="; ",
    more="; and {count} more",
    promise="{name}: {outcome} against {aim}",
    silence="{name}, last {last}",
    news=MappingProxyType(
        {
            HighlightKind.MISSED: "Promises missed ({count}): {names}.",
            HighlightKind.KEPT: "Promises kept ({count}): {names}.",
            HighlightKind.SILENT: "Indicators for which the newer report gives no number ({count}): {names}.",
            HighlightKind.WITHDRAWN: (
                "Documents withdrawn by the source ({count}), what was released of them stays: {names}."
            ),
            HighlightKind.DOCUMENTS: "New documents ({count}): {names}.",
        }
    ),
    sentences=MappingProxyType(
        {
            RevisionKind.CHANGED: "{name}: {before} became {after} ({cause}).",
            RevisionKind.REMOVED: "{name}: no longer stated; it was {before} ({cause}).",
            RevisionKind.ADDED: "{name}: new, {after} ({cause}).",
        }
    ),
    kinds=MappingProxyType(
        {
            RevisionKind.CHANGED: "{count} changed",
            RevisionKind.REMOVED: "{count} removed",
            RevisionKind.ADDED: "{count} added",
        }
    ),
    causes=MappingProxyType(
        {
            RevisionCause.SOURCE: "the source changed",
            RevisionCause.READER: "our reader changed",
            RevisionCause.REGISTRY: "our registry changed",
            RevisionCause.CORRECTION: "corrected by hand",
        }
    ),
    name=_english_name,
)
