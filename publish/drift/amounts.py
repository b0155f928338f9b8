"""Numbers that moved by more than a source corrects: another unit, ten times as much, a tenth of the year before.

Three things are compared. A number and what the last release said under the same key: any number where it is of the
same document, for a document is corrected by little; a level of the registry where a newer document states it. A level
of the registry and that of the year before, where one of the two is news. A number that became known in a document
already released, and the same digits under the same name in it with another power of ten.
"""

import polars as pl

from publish.drift.rows import PLAIN, DriftRule, ReleaseDelta
from schemas.codelists import Measure, Severity, Status
from schemas.finding import Finding, FindingCode
from schemas.registry.units import same_dimension

# What is restated in a larger unit is rounded (573.72亿元 as 0.06万亿元, by a twentieth). By more than a tenth it can
# be off only where a single small digit is left of it, and that is worth a look. Arithmetic sets it, no operator.
_ROUNDED = 0.1
# With fewer digits two numbers of one name can be ten times each other by chance.
_TELLING_DIGITS = 3
_ONE_YEAR = r"^[0-9]{4}$"
_ONLY_ITS_PLACE = r"~[0-9]+$"
_SERIES = ("ref_area", "indicator", "measure", "scope", "status", "unit_code")
_SAME = ("document", "plain", "measure", "scope", "period", "status", "unit_code")
_LINE = "{obs_id}: was {was} | is {now} ({document}:{char_start})"
_UNIT = DriftRule(
    code=FindingCode.UNIT_MOVED,
    severity=Severity.HOLD,
    message="A number changed its unit, and its amount with it.",
    line=_LINE,
)
_JUMP = DriftRule(
    code=FindingCode.MAGNITUDE_JUMP,
    severity=Severity.HOLD,
    message="A number is many times what it was before, or what it was the year before, or as many times less.",
    line=_LINE,
)
_TELLS = ("obs_id", "was", "now", "document", "char_start")


def amounts_moved(drift: ReleaseDelta, known: pl.Series, *, jump: float, floor: float) -> tuple[Finding, ...]:
    """Return findings on changed units and magnitudes, each number under one of the two.

    Args:
        drift: What changed since the previous release.
        known: The ids of the registry.
        jump: How many times larger or smaller a number is implausible.
        floor: The amount from which a number of another document or year is compared.
    """
    same_key = _same_key(drift.rows, known)
    units = pl.concat([same_key.filter(_unit_moved()).select(_shown()), _shifted_decimal_pairs(drift, same_unit=False)])
    jumped = same_key.filter(~_unit_moved() & _jumped(floor, jump))
    jumps = pl.concat([jumped.select(_shown()), _shifted_decimal_pairs(drift, same_unit=True)])
    reported = pl.concat([units, jumps])["obs_id"]
    year_jumps = _beside_last_year(drift, known, jump, floor)
    year_jumps = year_jumps.filter(~pl.any_horizontal(pl.col("obs_id", "obs_id:base").is_in(reported.implode())))
    return (
        *_one_finding_per_number(_UNIT, units),
        *_one_finding_per_number(_JUMP, pl.concat([jumps, year_jumps.select(_TELLS)])),
    )


def _one_finding_per_number(cause: DriftRule, rows: pl.DataFrame) -> tuple[Finding, ...]:
    return cause.found(rows.unique("obs_id", keep="first", maintain_order=True))


def _shown() -> list[pl.Expr]:
    names = {"was": "before:obs_text", "now": "after:obs_text", "document": "after:document"}
    place_in_text = pl.col("after:char_start").alias("char_start")
    return [pl.col("obs_id"), *(pl.col(name).alias(alias) for alias, name in names.items()), place_in_text]


def _same_key(rows: pl.DataFrame, known: pl.Series) -> pl.DataFrame:
    """Return the keys that both sides state, with whether one document does and whether the units are of one kind."""
    both = rows.filter(pl.col("before:document").is_not_null() & pl.col("after:document").is_not_null())
    one_document = pl.col("before:document") == pl.col("after:document")
    level = (pl.col("after:measure") == Measure.LEVEL.value) & _registered("after:indicator", known)
    units = both.select("before:unit_code", "after:unit_code").iter_rows()
    alike = pl.Series([was == now or same_dimension(was, now) for was, now in units], dtype=pl.Boolean)
    return both.with_columns(alike=alike, own=one_document).filter(one_document | level)


def _unit_moved() -> pl.Expr:
    """Another kind of unit; in one document any other code; or another magnitude with another amount."""
    another = pl.col("before:unit_code") != pl.col("after:unit_code")
    scaled = pl.col("before:unit_mult") != pl.col("after:unit_mult")
    was, now = pl.col("before:value_base"), pl.col("after:value_base")
    restated = (now - was).abs() <= _ROUNDED * was.abs()
    return (another & (pl.col("own") | ~pl.col("alike"))) | (~another & scaled & ~restated)


def _jumped(floor: float, jump: float) -> pl.Expr:
    """Whether a key's amount jumped; across documents only an amount that is a measure counts."""
    was, now = pl.col("before:value_base"), pl.col("after:value_base")
    same_unit = pl.col("before:unit_code") == pl.col("after:unit_code")
    return same_unit & (pl.col("own") | (was.abs() >= floor)) & _ratio_exceeds(was, now, jump)


def _ratio_exceeds(was: pl.Expr, now: pl.Expr, jump: float) -> pl.Expr:
    """Whether one is so many times the other; nothing is a multiple of zero."""
    return (was != 0) & ((now.abs() >= jump * was.abs()) | (now.abs() * jump <= was.abs()))


def _beside_last_year(drift: ReleaseDelta, known: pl.Series, jump: float, floor: float) -> pl.DataFrame:
    """Levels of the registry that are far from those of the year before, where one of the two is new.

    Both keys are in the row: a number that has a finding already is the cause, and has no second one.
    """
    one_year = pl.col("period").str.contains(_ONE_YEAR) & ~pl.col("indicator").str.contains(_ONLY_ITS_PLACE)
    what_was = (pl.col("status") == Status.ACTUAL.value) & (pl.col("measure") == Measure.LEVEL.value)
    is_new = pl.col("obs_id").is_in(drift.rows.filter(pl.col("after:document").is_not_null())["obs_id"].implode())
    levels = drift.after.filter(one_year & what_was & _registered("indicator", known)).select(
        "obs_id", *_SERIES, "value_base", "obs_text", "document", "char_start", year=pl.col("period"), news=is_new
    )
    next_year = (pl.col("year").cast(pl.Int64) + 1).cast(pl.String).str.zfill(4)
    pairs = levels.join(levels.with_columns(year=next_year), on=[*_SERIES, "year"], suffix=":base")
    far = _ratio_exceeds(pl.col("value_base:base"), pl.col("value_base"), jump)
    jumps = pairs.filter((pl.col("news") | pl.col("news:base")) & far & (pl.col("value_base:base").abs() >= floor))
    was = pl.format("{} ({})", "obs_text:base", "obs_id:base")
    return jumps.sort("obs_id").with_columns(was=was, now="obs_text").select(*_TELLS, "obs_id:base")


def _shifted_decimal_pairs(drift: ReleaseDelta, *, same_unit: bool) -> pl.DataFrame:
    """Return new numbers of an edited document beside the same digits under the same name with another power of ten."""
    edited = drift.after.filter(pl.col("document").is_in(drift.edited.implode()) & (pl.col("value_base") != 0))
    printed = pl.col("value_base").abs().round_sig_figs(12).cast(pl.String).str.replace(r"e.*$", "")
    digits = printed.str.replace(".", "", literal=True).str.strip_chars("0")
    stated = edited.with_columns(plain=pl.col("indicator").str.extract(PLAIN), digits=digits)
    added = drift.rows.filter(pl.col("before:document").is_null())["obs_id"]
    new = stated.filter(pl.col("obs_id").is_in(added.implode()))
    pairs = new.join(stated, on=[*_SAME, "digits"], suffix=":first").filter(
        (pl.col("obs_id") != pl.col("obs_id:first"))
        & (pl.col("digits").str.len_chars() >= _TELLING_DIGITS)
        & (pl.col("value_base") != pl.col("value_base:first"))
        & ((pl.col("unit_mult") == pl.col("unit_mult:first")) == same_unit)
    )
    shifted = pairs.sort("obs_id").unique("obs_id", keep="first", maintain_order=True)
    return shifted.with_columns(was="obs_text:first", now="obs_text").select(_TELLS)


def _registered(column: str, known: pl.Series) -> pl.Expr:
    return pl.col(column).str.extract(PLAIN).is_in(known.implode())
