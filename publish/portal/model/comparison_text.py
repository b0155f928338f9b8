"""A comparison in one to three sentences: what the stated growth implies, and whether the base agrees."""

from collections.abc import Mapping

from publish.portal.html.translations import translations
from publish.portal.model.cross_references import CrossReferences
from publish.portal.text.amounts import Row, amount, label, year
from schemas.codelists import Bound, ComparisonKind, ComparisonVerdict

_RELATIONS = ("growth", "change", "share")
_VERDICTS_OF_PARTS = (ComparisonVerdict.SCOPE_BREAK.value, ComparisonVerdict.NOT_COMPARABLE.value)
_LEAST_GAP = 0.1
_NO_DIFFERENCES = ("percent", "rank", "none")


def explain_comparison(row: Row, references: CrossReferences, language: str) -> str:
    """Return the sentences of a row of `comparisons` as plain text."""
    t = translations(language)
    whole = references.observations.get(row["base_obs_id"])
    gap = row["gap"] or 0.0
    values = {
        "value": amount(row, "", language),
        "year": year(row["period"], language),
        "base": amount(row, "base_", language),
        "base_year": year(row["base_period"], language),
        "whole": label(whole, language).text if whole else row["base_obs_id"],
        "gap": _percent(abs(gap)),
        "way": t("num_below" if gap < 0 else "num_above"),
    }
    # A part and its whole are of the same year, so that no revision lies between them.
    is_part = row["kind"] == ComparisonKind.PART_OF_WHOLE.value and row["verdict"] in _VERDICTS_OF_PARTS
    verdict = t(f"num_{'part' if is_part else 'found'}_{row['verdict']}", **values)
    sentences = [_implied_sentence(row, references, language, values), verdict, _change_sentence(row, language)]
    return ("" if language == "zh" else " ").join(sentence for sentence in sentences if sentence)


def _implied_sentence(row: Row, references: CrossReferences, language: str, values: Mapping[str, str]) -> str:
    stated = references.observations.get(row["stated_obs_id"] or "")
    ends = row["implied_base_low"], row["implied_base_high"]
    if stated is None or ends == (None, None):
        return ""
    relation = next((relation for relation in _RELATIONS if row[f"stated_{relation}"] is not None), _RELATIONS[0])
    implied = amount(_implied_base(row, *ends), "", language)
    t = translations(language)
    return t(f"num_implied_{relation}", **values, stated=amount(stated, "", language), implied=implied)


def _implied_base(row: Row, low: float | None, high: float | None) -> Row:
    """Return the implied base as an amount in the unit of the base, with one decimal more."""
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


def _change_sentence(row: Row, language: str) -> str:
    # A difference is as fine as the finer of the two numbers: 12万人 is 0.5万人 more than 11.5万人.
    change = row["change"]
    unchecked = row["verdict"] == ComparisonVerdict.UNCHECKED.value
    if change is None or row["unit_code"] in _NO_DIFFERENCES or not unchecked:
        return ""
    scaled = abs(change) / 10.0 ** row["unit_mult"]
    finest = min(row["unit_mult"] - row["decimals"], row["base_unit_mult"] - row["base_decimals"])
    value = round(scaled, row["unit_mult"] - finest)
    number = {**row, "value": value, "value_upper": None, "bound": Bound.EXACT.value}
    key = "num_changed_same" if change == 0 else "num_changed_up" if change > 0 else "num_changed_down"
    return translations(language)(key, change=amount(number, "", language))


def _percent(gap: float) -> str:
    """Return a gap with one decimal, or with its first digit if that would be zero."""
    return f"{gap:,.1f}" if gap >= _LEAST_GAP else f"{gap:.1g}"
