"""The columns of the tables of comparisons, targets, silences, revisions and vintages."""

from __future__ import annotations

from dataclasses import replace

from schemas.codelists import (
    Ambition,
    ComparisonKind,
    ComparisonVerdict,
    Direction,
    Horizon,
    MarginKind,
    Origin,
    OutcomeMatch,
    RevisionCause,
    RevisionKind,
    SilenceKind,
    TargetVerdict,
    ToleranceKind,
)
from schemas.observation import DIMENSIONS
from schemas.tables.column import Column, count, day, number, text
from schemas.tables.reading_columns import OBSERVATIONS

# What a row states besides its key: rows that agree in these state the same, wherever they are in the text.
STATED = (
    "value",
    "value_upper",
    "bound",
    "unit",
    "unit_code",
    "unit_mult",
    "value_base",
    "decimals",
    "obs_status",
    "price_basis",
)
PLACE = ("document", "char_start", "char_end", "quote")
LABELS = ("label_zh", "label_en", "theme")


def _as_observed(*names: str) -> tuple[Column, ...]:
    columns = {column.name: column for column in OBSERVATIONS}
    return tuple(columns[name] for name in names)


def _of(prefix: str, label_zh: str, whose: str, *names: str, nullable: bool = True) -> tuple[Column, ...]:
    """Return columns of `observations` for another number, with a prefix."""
    return tuple(
        replace(
            column,
            name=f"{prefix}_{column.name}",
            label_zh=f"{label_zh}{column.label_zh}",
            description=f"{whose}: {column.description[0].lower()}{column.description[1:]}",
            nullable=nullable or column.nullable,
        )
        for column in _as_observed(*names)
    )


VINTAGES = (
    *_as_observed("obs_id", *DIMENSIONS, *STATED),
    *_of("first", "首次", "When it was first read so", *PLACE, nullable=False),
    *_as_observed("origin"),
    day("realtime_start", "起始知晓日", "The first day on which the releases state this."),
    day("realtime_end", "终止知晓日", "The last day on which they do, 9999-12-31 where they still do."),
)

COMPARISONS = (
    *_as_observed("obs_id"),
    text("base_obs_id", "基数编号", "The number that the row is held against."),
    text(
        "kind",
        "比较种类",
        "year_on_year against the year before, part_of_whole against the whole of the same year.",
        codes=ComparisonKind,
    ),
    *_as_observed("ref_area", "indicator", *LABELS, "measure", "scope", "period"),
    text("base_period", "基数时期", "The period of the other number."),
    *_as_observed("value", "bound", "unit", "unit_code", "unit_mult", "value_base", "decimals", "document"),
    *_of(
        "base",
        "基数",
        "The other number",
        *("value", "bound", "unit", "unit_code", "unit_mult", "value_base", "decimals", "document"),
        nullable=False,
    ),
    number(
        "change",
        "变动",
        "The number minus that of the year before, without magnitudes; empty where the two do not fit or one is a "
        "bound or a range.",
        nullable=True,
    ),
    text("stated_obs_id", "所述关系编号", "The observation that states how the two relate.", nullable=True),
    number(
        "stated_growth",
        "所述增速",
        "The growth that the report states, in per cent; of a range the lower end.",
        nullable=True,
    ),
    number(
        "stated_change",
        "所述变动",
        "The change that the report states, without magnitude; 4 for a rank that rose by four places.",
        nullable=True,
    ),
    number("stated_share", "所述比重", "The share of the whole that the report states, in per cent.", nullable=True),
    number(
        "implied_base_low",
        "推算基数下限",
        "The least base that the printed decimals allow, no magnitude; empty where a bound leaves this side open.",
        nullable=True,
    ),
    number(
        "implied_base_high",
        "推算基数上限",
        "The greatest base that they allow, no magnitude; empty where a bound leaves this side open.",
        nullable=True,
    ),
    number(
        "gap",
        "偏差",
        "By how many per cent of the implied base the base lies outside of it, decimals allowed for; 0 where it fits.",
        nullable=True,
    ),
    text(
        "verdict",
        "结论",
        "consistent, revised, price_basis, scope_break, not_comparable or unchecked.",
        codes=ComparisonVerdict,
    ),
    text("origin", "数据来历", "reviewed where one of the numbers was entered by hand, else report.", codes=Origin),
)

_PLANNED = ("value", "value_upper", "bound", "unit", "unit_code", "unit_mult", "value_base", "decimals", *PLACE)

TARGETS = (
    *_as_observed("obs_id", "ref_area", "indicator", *LABELS),
    text("direction", "方向", "Which way the promise is kept: up, down or none.", codes=Direction),
    text("horizon", "期限", "year for a target of the next year, years for another one.", codes=Horizon),
    text("ambition", "力度", "stretch for 力争 beside a firmer number, else target.", codes=Ambition),
    *_as_observed("measure", "scope", "period", *_PLANNED, "sentence"),
    text("wording", "限定用语", "The qualifiers of the promise verbatim, joined by 、: 力争、以上; often empty."),
    text("outcome_obs_id", "实绩编号", "The observation that states what came of it.", nullable=True),
    *_of("outcome", "实绩", "What came of it", *_PLANNED, "sentence"),
    text("match", "匹配方式", "same_series, same_words or near_words.", nullable=True, codes=OutcomeMatch),
    text("evidence", "匹配依据", "What the match rests on: the indicator, or the words of both.", nullable=True),
    count("alternatives", "其他候选", "How many other numbers of the year resemble the promise and were passed over."),
    number("tolerance", "容差", "By how much an outcome may fall short and be near, in margin_unit.", nullable=True),
    text(
        "tolerance_kind",
        "容差依据",
        "rounding for half a unit of the last decimal, about for a promise of 左右 or 约.",
        nullable=True,
        codes=ToleranceKind,
    ),
    number("margin", "差距", "The outcome minus the promise, exact in decimal, in margin_unit.", nullable=True),
    text("margin_unit", "差距单位", "The unit of the margin: 个百分点, else the promise's.", nullable=True),
    text("margin_kind", "差距种类", "points, places or amount.", nullable=True, codes=MarginKind),
    count("margin_decimals", "差距小数位数", "How many decimals the margin has.", nullable=True),
    text(
        "verdict",
        "结论",
        "kept, near, missed, claimed_done, not_quantified, fell_silent, untraced, open or superseded.",
        codes=TargetVerdict,
    ),
    text("origin", "数据来历", "reviewed where one of the numbers was entered by hand, else report.", codes=Origin),
)

SILENCES = (
    text("document", "文件编号", "The report that is silent."),
    *_as_observed("ref_area", "indicator", *LABELS),
    text("period", "时期", "The year that the report covers and gives no number for."),
    text(
        "kind",
        "种类",
        "in_words where words stand in the number's place, absent where nothing does.",
        codes=SilenceKind,
    ),
    *_of("last", "上次", "The last number", "obs_id", "measure", "period", "value", "value_upper", nullable=False),
    *_of("last", "上次", "The last number", "bound", "unit", "document", "quote", nullable=False),
    count("years", "此前年数", "For how many earlier years the indicator was quantified."),
    text("words", "原文措辞", "The clause that stands in the number's place.", nullable=True),
    count(
        "char_start", "起始字符", "Where the words start in the document's text, in characters from 0.", nullable=True
    ),
    count("char_end", "结束字符", "Where they end, exclusive.", nullable=True),
    text("origin", "数据来历", "reviewed where the last number was entered by hand, else report.", codes=Origin),
)

REVISIONS = (
    *_as_observed("obs_id"),
    text("kind", "变动种类", "added, removed or changed.", codes=RevisionKind),
    text("cause", "原因", "source, reader, registry or correction.", codes=RevisionCause),
    *_as_observed(*DIMENSIONS, *LABELS),
    *_of("before", "此前", "Before", *STATED, *PLACE, "origin"),
    *_of("after", "此后", "After", *STATED, *PLACE, "origin"),
)
