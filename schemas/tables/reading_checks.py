"""The row checks of the published tables, as Polars expressions that are true for valid rows.

Empty cells pass; whether a cell may be empty is a property of its column.
"""

import polars as pl

from schemas.codelists import (
    Bound,
    DocumentKind,
    IgnoreReason,
    IndexNote,
    Measure,
    NumberStatus,
    ObsStatus,
    Origin,
    PriceBasis,
    PublisherEvidence,
    Severity,
    SourceState,
    Status,
)
from schemas.observation import DIMENSIONS
from schemas.tables.check import RowCheck, check, coded, like
from schemas.tables.comparison_checks import comparisons, revisions, silences, targets, vintages

FIRST_YEAR = 1800
LAST_YEAR = 2100
FAULT_OF_ROUNDING = 1e-9
WHOLE = 100

REF_AREA = r"^CN-[0-9]{6}(-[a-z0-9-]+)?$"
INDICATOR = r"^(x:[^\s|~]+|[a-z][a-z0-9_]*)(~[^\s|~]+)?$"
REGISTRY_ID = r"^[a-z][a-z0-9_]*$"
# The measures that relate to others: a rank, a gap, a share, a completion.
_SCOPED = ["rank", "gap", "share", "rate", "change"]
PERIOD = r"^[0-9]{4}(/[0-9]{4}|-(0[1-9]|1[0-2])(/[0-9]{4}-(0[1-9]|1[0-2]))?)?$"
YEAR = r"^[0-9]{4}$"
SHA256 = r"^[0-9a-f]{64}$"
INSTANT = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$"


def row_checks(table: str) -> tuple[RowCheck, ...]:
    """Return the checks of a table."""
    return {
        "observations": (*_identity(), *_codes(), *_amounts(), *_position(), *_plausibility()),
        "documents": _documents(),
        "numbers": _numbers(),
        "indicators": _indicators(),
        "glossary": _glossary(),
        "vintages": vintages(),
        "comparisons": comparisons(),
        "targets": targets(),
        "silences": silences(),
        "revisions": revisions(),
    }[table]


def _identity() -> tuple[RowCheck, ...]:
    joined = pl.concat_str([pl.col(name) for name in DIMENSIONS], separator="|")
    first, last = _year("first"), _year("last")
    one_year = ~pl.col("period").str.contains("/", literal=True)
    months = pl.col("period").str.split("/").list
    ordered = (last > first) | one_year | ((last == first) & (months.last() > months.first()))
    return (
        check("key", "obs_id is not the six dimensions joined by |", pl.col("obs_id") == joined),
        check("ref_area", "ref_area is not an area", like("ref_area", REF_AREA)),
        check("indicator", "indicator is neither an id nor x: and a slug", like("indicator", INDICATOR)),
        check("scope_bar", "scope contains the separator of the key", ~pl.col("scope").str.contains("|", literal=True)),
        check("period", "period is neither years nor months", like("period", PERIOD)),
        check("period_order", "period ends before it starts", ordered),
        check("period_year", "period is outside the possible years", first.ge(FIRST_YEAR) & last.le(LAST_YEAR)),
        check("year", "year is not the last year of the period", pl.col("year") == last),
    )


def _codes() -> tuple[RowCheck, ...]:
    target, forecast = pl.col("status") == Status.TARGET.value, pl.col("obs_status") == ObsStatus.FORECAST.value
    unscoped = pl.col("scope") == ""
    return (
        *coded(
            measure=Measure, origin=Origin, status=Status, bound=Bound, obs_status=ObsStatus, price_basis=PriceBasis
        ),
        check("planned", "a target without obs_status F, or F without a target", target == forecast),
        check("scope", "a measure that has no scope has one", pl.col("measure").is_in(_SCOPED) | unscoped),
        check("rank_of", "rank_of is not a measure of a rank", _ranked_measure()),
    )


def _ranked_measure() -> pl.Expr:
    ranked = pl.col("rank_of").is_in([code.value for code in Measure])
    return (
        pl.when(pl.col("measure") == Measure.RANK.value)
        .then(ranked | (pl.col("rank_of") == ""))
        .otherwise(pl.col("rank_of") == "")
    )


def _amounts() -> tuple[RowCheck, ...]:
    value, upper, base = pl.col("value"), pl.col("value_upper"), pl.col("value_base")
    scaled = value * pl.lit(10.0).pow(pl.col("unit_mult"))
    rank = (pl.col("measure") != "rank") | ((value >= 1) & (value == value.round()))
    finite = [~amount.is_infinite().fill_null(value=False) for amount in (value, base, upper)]
    finite.append(~upper.is_nan().fill_null(value=False))
    near = (base - scaled).abs() <= scaled.abs() * FAULT_OF_ROUNDING
    return (
        check("finite", "value, value_upper or value_base is not finite", pl.all_horizontal(finite)),
        check("upper", "value_upper is not above value", upper > value),
        check("unit_mult", "unit_mult is out of range", pl.col("unit_mult").is_between(-12, 16)),
        check("base", "value_base is not value times ten to the power of unit_mult", ~scaled.is_finite() | near),
        check("decimals", "decimals is out of range", pl.col("decimals").is_between(0, 12)),
        check("rank", "a rank is not a whole number from 1", rank),
    )


def _position() -> tuple[RowCheck, ...]:
    length, text = pl.col("char_end") - pl.col("char_start"), pl.col("obs_text")
    return (
        _span(),
        check("span_length", "the span is not as long as obs_text", text.str.len_chars().cast(pl.Int64) == length),
        check("obs_text", "obs_text is empty", text != ""),
        check("quote", "quote does not contain obs_text", pl.col("quote").str.contains(text, literal=True)),
        check("named", "label_zh or document is empty", pl.all_horizontal(pl.col("label_zh", "document") != "")),
    )


def _plausibility() -> tuple[RowCheck, ...]:
    value, percent = pl.col("value"), pl.col("unit_code") == "percent"
    share = (pl.col("measure") != "share") | ~percent | value.is_between(0, WHOLE)
    growth = ~pl.col("measure").is_in(["growth", "cagr"]) | ~percent | (value >= -WHOLE)
    return (
        check("share", "a share outside 0 to 100 per cent", share, Severity.WARN),
        check("subject", "subject is empty", pl.col("subject") != "", Severity.WARN),
        check("growth", "a decrease of more than 100 per cent", growth, Severity.WARN),
    )


def _documents() -> tuple[RowCheck, ...]:
    counts = ("characters", "claimed", "ignored", "unread")
    hashes = like("payload_sha256", SHA256) & like("text_sha256", SHA256)
    return (
        check("sha256", "payload_sha256 or text_sha256 is not a SHA-256", hashes),
        check("captured_at", "captured_at is not a UTC time", like("captured_at", INSTANT)),
        *coded(origin=Origin),
        check("reference_period", "reference_period is not a year", like("reference_period", YEAR)),
        *coded(state=SourceState, index_note=IndexNote, kind=DocumentKind, publisher_evidence=PublisherEvidence),
        check("counts", "a count is negative", pl.all_horizontal(pl.col(*counts) >= 0)),
    )


def _numbers() -> tuple[RowCheck, ...]:
    ignored, claimed = pl.col("fate") == "ignored", pl.col("fate") == "claimed"
    explained, stated = pl.col("reason").is_not_null(), pl.col("obs_id").is_not_null()
    return (
        _span(),
        check("obs_text", "obs_text is empty", pl.col("obs_text") != ""),
        *coded(fate=NumberStatus, reason=IgnoreReason),
        check("ignored", "ignored without a reason, or a reason without ignored", ignored == explained),
        check("claimed", "claimed without an observation, or an observation without claimed", claimed == stated),
    )


def _indicators() -> tuple[RowCheck, ...]:
    names = pl.col("label_zh", "label_en", "definition", "definition_zh")
    return (
        check("id", "id is not a slug", like("id", REGISTRY_ID)),
        check("range", "range_min is not below range_max", pl.col("range_min") < pl.col("range_max")),
        *coded(growth_prices=PriceBasis),
        check("ratio", "part or whole without the other", pl.col("part").is_null() == pl.col("whole").is_null()),
        check("named", "a label or a definition is empty", pl.all_horizontal(names != "")),
    )


def _glossary() -> tuple[RowCheck, ...]:
    return (
        _span(),
        check("named", "term or explanation is empty", pl.all_horizontal(pl.col("term", "explanation") != "")),
    )


def _span() -> RowCheck:
    start, end = pl.col("char_start"), pl.col("char_end")
    return check("span", "char_start and char_end are not a span", (start >= 0) & (start < end))


def _year(end: str) -> pl.Expr:
    years = pl.col("period").str.split("/").list
    return (years.first() if end == "first" else years.last()).str.slice(0, 4).cast(pl.Int64, strict=False)
