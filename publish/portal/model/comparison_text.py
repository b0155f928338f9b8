"""What a comparison found, in one or two sentences: what the stated growth implies, and how the base fits that."""

from __future__ import annotations

from collections.abc import Mapping

from publish.portal.html.translations import translations
from publish.portal.model.cross_references import CrossReferences
from publish.portal.text.amounts import Row, amount, label, year
from schemas.codelists import Bound, ComparisonKind, ComparisonVerdict

_STATED = ("growth", "change", "share")
_OF_PARTS = (ComparisonVerdict.SCOPE_BREAK.value, ComparisonVerdict.NOT_COMPARABLE.value)
_LEAST_GAP = 0.1
_NO_DIFFERENCES = ("percent", "rank", "none")


def explain_comparison(row: Row, guide: CrossReferences, tongue: str) -> str:
    """The sentences of a row of `comparisons`, as plain text."""
    say = translations(tongue)
    sides = _sides(row, guide, tongue)
    parts = [_implied(row, guide, tongue, sides), say(_verdict_key(row), **sides), _change_sentence(row, tongue)]
    return ("" if tongue == "zh" else " ").join(part for part in parts if part)


def _verdict_key(row: Row) -> str:
    """The words for a verdict: a part and its whole are of the same year, and no revision lies between them."""
    of_whole = row["kind"] == ComparisonKind.PART_OF_WHOLE.value and row["verdict"] in _OF_PARTS
    return f"num_{'part' if of_whole else 'found'}_{row['verdict']}"


def _sides(row: Row, guide: CrossReferences, tongue: str) -> Mapping[str, str]:
    """The two numbers, their years, and how far the base lies outside of what is implied."""
    whole = guide.observations.get(row["base_obs_id"])
    gap = row["gap"] or 0.0
    return {
        "value": amount(row, "", tongue),
        "year": year(row["period"], tongue),
        "base": amount(row, "base_", tongue),
        "base_year": year(row["base_period"], tongue),
        "whole": label(whole, tongue).text if whole else row["base_obs_id"],
        "gap": _percent(abs(gap)),
        "way": translations(tongue)("num_below" if gap < 0 else "num_above"),
    }


def _implied(row: Row, guide: CrossReferences, tongue: str, sides: Mapping[str, str]) -> str:
    """What the number and the stated relation imply of the base, "" where they imply nothing."""
    stated = guide.observations.get(row["stated_obs_id"] or "")
    ends = row["implied_base_low"], row["implied_base_high"]
    if stated is None or ends == (None, None):
        return ""
    kind = next((one for one in _STATED if row[f"stated_{one}"] is not None), _STATED[0])
    told = {"stated": amount(stated, "", tongue), "implied": amount(_base(row, *ends), "", tongue)}
    return translations(tongue)(f"num_implied_{kind}", **sides, **told)


def _base(row: Row, low: float | None, high: float | None) -> Row:
    """An implied base as a number of its own, in the unit of the base, with a decimal more than that prints."""
    decimals = row["base_decimals"] + 1
    ends = [None if end is None else round(end / 10.0 ** row["base_unit_mult"], decimals) for end in (low, high)]
    single = None in ends or ends[0] == ends[1]
    bound = Bound.EXACT if None not in ends else Bound.AT_MOST if ends[0] is None else Bound.AT_LEAST
    return {
        **{name: row[f"base_{name}"] for name in ("unit", "unit_code", "unit_mult")},
        "measure": row["measure"],
        "value": ends[1] if ends[0] is None else ends[0],
        "value_upper": None if single else ends[1],
        "bound": bound.value,
        "decimals": decimals,
    }


def _change_sentence(row: Row, tongue: str) -> str:
    """By how much an amount differs from that of the year before, "" for what is no amount.

    A difference has the decimals of the number that has more of them: 12万人 is 0.5万人 more than 11.5万人.
    """
    change = row["change"]
    unchecked = row["verdict"] == ComparisonVerdict.UNCHECKED.value
    if change is None or row["unit_code"] in _NO_DIFFERENCES or not unchecked:
        return ""
    scaled = abs(change) / 10.0 ** row["unit_mult"]
    finest = min(row["unit_mult"] - row["decimals"], row["base_unit_mult"] - row["base_decimals"])
    value = round(scaled, row["unit_mult"] - finest)
    number = {**row, "value": value, "value_upper": None, "bound": Bound.EXACT.value}
    key = "num_changed_same" if change == 0 else "num_changed_up" if change > 0 else "num_changed_down"
    return translations(tongue)(key, change=amount(number, "", tongue))


def _percent(gap: float) -> str:
    """A gap in per cent with one decimal, or with its first digit where that would be nought."""
    return f"{gap:,.1f}" if gap >= _LEAST_GAP else f"{gap:.1g}"
