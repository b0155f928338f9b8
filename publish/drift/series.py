"""Series that came, went or changed their name since the release before, and numbers that changed their year."""

import polars as pl

from publish.drift.rows import PLAIN, DriftRule, ReleaseDelta
from schemas.codelists import Severity
from schemas.finding import Finding, FindingCode

# What a number keeps where only the name of its series changed.
_KEPT = ("document", "value_base", "value_upper", "unit_code", "measure", "scope", "period", "status", "obs_text")
# What a number keeps where the words around it stayed and only what governs them changed: a heading.
_SAID = ("document", "quote", "obs_text", "value_base", "value_upper", "unit_code", "measure")
_PERIOD = DriftRule(
    code=FindingCode.PERIOD_MOVED,
    severity=Severity.HOLD,
    message="The same words are read of another year, or as planned and not as done: a heading over them changed.",
    line="{obs_id}: was {was} | is {now} ({document}:{char_start})",
)
_RENAMED = DriftRule(
    code=FindingCode.INDICATORS_RENAMED,
    severity=Severity.WARN,
    message="The same number stands at the same place under another name.",
    line="{document}: was {before} | is {after}",
)
_VANISHED = DriftRule(
    code=FindingCode.INDICATORS_VANISHED,
    severity=Severity.WARN,
    message="A series that the last release had is stated nowhere any more.",
    line="{document}: was {indicator}, {obs_text} | is nothing",
)
_NEW = DriftRule(
    code=FindingCode.INDICATORS_NEW,
    severity=Severity.NOTE,
    message="A series is stated that the last release did not have.",
    line="{document}: was nothing | is {indicator}, {obs_text}",
)


def series_moved(drift: ReleaseDelta, was: pl.DataFrame, now: pl.DataFrame) -> tuple[Finding, ...]:
    """Return findings on new, vanished and renamed series and on changed periods.

    `was` and `now` are the documents of either release.
    """
    renamed = _renamed(drift, was, now)
    old, new = (_series(drift.rows, side) for side in ("before", "after"))
    had, has = (frame.select(_plain("indicator")).to_series().unique() for frame in (drift.before, drift.after))
    vanished = old.filter(~pl.col("indicator").is_in(pl.concat([has, renamed["before"]]).implode()))
    came = new.filter(~pl.col("indicator").is_in(pl.concat([had, renamed["after"]]).implode()))
    return (
        *_PERIOD.found(_moved_period_rows(drift)),
        *_RENAMED.found(renamed),
        *_VANISHED.found(vanished),
        *_NEW.found(came),
    )


def _series(rows: pl.DataFrame, side: str) -> pl.DataFrame:
    """Return the series of the rows that one side has alone, each with its first document and number."""
    other = "after" if side == "before" else "before"
    alone = rows.filter(pl.col(f"{side}:document").is_not_null() & pl.col(f"{other}:document").is_null())
    series = alone.select(_plain(f"{side}:indicator"), document=f"{side}:document", obs_text=f"{side}:obs_text")
    return series.rename({f"{side}:indicator": "indicator"}).unique("indicator", keep="first", maintain_order=True)


def _renamed(drift: ReleaseDelta, was: pl.DataFrame, now: pl.DataFrame) -> pl.DataFrame:
    """Pairs of names under which a document states the same number at the same place, before and after.

    A place moves by what the text before it gained or lost, at most by as much as the whole text did; a clause more or
    less is allowed for words that moved within it.
    """
    lengths = was.select("document", "characters").join(now.select("document", "characters"), on="document")
    grown = lengths.select("document", grown=(pl.col("characters_right") - pl.col("characters")).abs())
    old, new = (_rows_on_one_side(drift.rows, side) for side in ("before", "after"))
    pairs = old.join(new, on=_KEPT, nulls_equal=True, suffix=":after").join(grown, on="document")
    shift = (pl.col("char_start:after") - pl.col("char_start")).abs()
    clause = pl.max_horizontal(pl.col("quote").str.len_chars(), pl.col("quote:after").str.len_chars())
    near = pairs.filter((shift <= pl.col("grown") + clause) & (pl.col("indicator") != pl.col("indicator:after")))
    single = near.sort(shift, "obs_id").unique("obs_id", keep="first", maintain_order=True)
    return single.select(before="indicator", after="indicator:after", document="document").unique(maintain_order=True)


def _moved_period_rows(drift: ReleaseDelta) -> pl.DataFrame:
    """Numbers whose clause is the same, and whose year or status is not."""
    old, new = (_rows_on_one_side(drift.rows, side) for side in ("before", "after"))
    pairs = old.join(new, on=_SAID, nulls_equal=True, suffix=":after")
    before, after = (pl.concat_str(f"period{end}", f"status{end}", separator=" ") for end in ("", ":after"))
    moved = pairs.with_columns(was=before, now=after).filter(pl.col("was") != pl.col("now"))
    return moved.sort("char_start:after", "obs_id").unique("obs_id", keep="first", maintain_order=True)


def _rows_on_one_side(rows: pl.DataFrame, side: str) -> pl.DataFrame:
    """Return the numbers whose key only one side has, under its own column names."""
    other = "after" if side == "before" else "before"
    alone = rows.filter(pl.col(f"{side}:document").is_not_null() & pl.col(f"{other}:document").is_null())
    names = dict.fromkeys((*_KEPT, *_SAID, "indicator", "char_start"))
    columns = {f"{side}:{name}": name for name in names}
    return alone.select("obs_id", *columns).rename(columns).with_columns(_plain("indicator"))


def _plain(column: str) -> pl.Expr:
    return pl.col(column).str.extract(PLAIN)
