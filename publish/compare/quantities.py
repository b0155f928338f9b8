"""Stated numbers in decimal: what a promise accepts, what an outcome states, and how the two differ.

Numbers are compared in the base of their unit kind (亿斤 and 万吨 in tonnes), computed in decimal, and given back in
the unit of the promise. An outcome below the promise by no more than the tolerance is `near`. The tolerance is half a
unit of the last decimal that either side prints, and where the promise says 左右 or 约 at least `Tolerances`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from schemas.codelists import Bound, Direction, MarginKind, Measure, TargetVerdict, ToleranceKind
from schemas.registry.indicators import by_id
from schemas.registry.units import conversion

Row = Mapping[str, Any]

_LEAST, _MOST = frozenset({Bound.AT_LEAST, Bound.ABOVE}), frozenset({Bound.AT_MOST, Bound.BELOW})
_MIRROR: Mapping[str, str] = MappingProxyType({">=": "<=", ">": "<", "<=": ">=", "<": ">"})
_MOVES = frozenset({Measure.GROWTH, Measure.CAGR, Measure.CHANGE, Measure.GAP})
_RATIOS: Mapping[str, Decimal] = MappingProxyType(
    {"percent": Decimal(1), "permille": Decimal("0.1"), "permyriad": Decimal("0.01")}
)
_POINTS: Mapping[str, str] = MappingProxyType({"percent": "个百分点", "permille": "个千分点", "permyriad": "个万分点"})
_HALF = Decimal("0.5")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tolerances:
    """How far below a promise of 左右 or 约 an outcome may lie and still be `near`.

    Attributes:
        points: For rates and growth, in percentage points: reports call a growth of 4.5 about 5.
        share: For amounts, as a part of the promise: a twentieth is what reports still call about when the exact number
            is known later. It also limits what rounding may excuse: a promise of 2万户 is printed without decimals, and
            1.6万户 does not come near it.
    """

    points: Decimal = Decimal("0.5")
    share: Decimal = Decimal("0.05")


TOLERANCES = Tolerances()


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A stated number in the base of its unit kind; `low` and `high` are its ends, `step` is its last decimal."""

    kind: str
    low: Decimal
    high: Decimal
    bound: str
    step: Decimal
    factor: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What two numbers say: a verdict or none, and the tolerance and the margin in the unit of the promise."""

    verdict: TargetVerdict | None
    tolerance: Decimal
    tolerance_kind: ToleranceKind
    margin: Decimal
    margin_unit: str
    margin_kind: MarginKind


def quantity(row: Row, *, firms: bool = False) -> Quantity:
    """Return the number of a row; `firms` says that its series counts firms, of which 户 and 家 count the same."""
    code = row["unit_code"]
    if code in _RATIOS:
        kind, factor = "percent", _RATIOS[code]
    else:
        kind, base = conversion(code)
        kind = "count" if firms and kind == "household" else kind
        factor = base.scaleb(row["unit_mult"])
    if kind == "other":
        kind = f"other {row['unit']}"
    value = Decimal(repr(row["value"]))
    upper = value if row["value_upper"] is None else Decimal(repr(row["value_upper"]))
    low, high = sorted((value * factor, upper * factor))
    falls = value < 0 and row["measure"] in _MOVES
    bound = _MIRROR.get(row["bound"], row["bound"]) if falls else row["bound"]
    return Quantity(kind=kind, low=low, high=high, bound=bound, step=factor.scaleb(-row["decimals"]), factor=factor)


def direction(row: Row) -> Direction:
    """Return the direction in which a target is met: that of its bound, else that of its series.

    A smaller number is the better rank. An unknown series is met by more, or by less where it is planned to fall.
    """
    falls = row["value"] < 0 and row["measure"] in _MOVES
    bound = _MIRROR.get(row["bound"], row["bound"]) if falls else row["bound"]
    if bound in _LEAST:
        return Direction.UP
    if bound in _MOST or row["measure"] == Measure.RANK:
        return Direction.DOWN
    if row["unit_code"] == "rank" and row["measure"] == Measure.CHANGE:
        return Direction.UP
    entry = by_id().get(row["indicator"].partition("~")[0])
    return entry.direction if entry else Direction.DOWN if falls else Direction.UP


def judge(
    promise: Row, outcome: Row, *, firms: bool = False, nearly: bool = False, tolerances: Tolerances = TOLERANCES
) -> Judgement | None:
    """Return what an outcome says of a promise, None where their units are of different kinds.

    Args:
        promise: A row of `observations`.
        outcome: Another one.
        firms: Whether the series counts firms.
        nearly: Whether the outcome is called nearly so much (近1000), which is below it.
        tolerances: The tolerances of 左右 and 约.
    """
    planned, stated = quantity(promise, firms=firms), quantity(outcome, firms=firms)
    if planned.kind != stated.kind or planned.kind == "none":
        return None
    tolerance, tolerance_kind = _tolerance(planned, stated, tolerances)
    return Judgement(
        verdict=_verdict(direction(promise), planned, stated, tolerance, nearly=nearly, tolerances=tolerances),
        tolerance=tolerance / planned.factor,
        tolerance_kind=tolerance_kind,
        margin=(_first(stated, outcome) - _first(planned, promise)) / planned.factor,
        margin_unit=_POINTS.get(promise["unit_code"], promise["unit"]),
        margin_kind=_margin_kind(promise["unit_code"]),
    )


def decimals_of(number: Decimal) -> int:
    """Return how many decimals a number has."""
    exponent = number.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _first(of: Quantity, row: Row) -> Decimal:
    return Decimal(repr(row["value"])) * of.factor


def _margin_kind(unit_code: str) -> MarginKind:
    if unit_code in _POINTS or unit_code in {"percentage_point", "permille_point"}:
        return MarginKind.POINTS
    return MarginKind.PLACES if unit_code == "rank" else MarginKind.AMOUNT


def _tolerance(planned: Quantity, stated: Quantity, tolerances: Tolerances) -> tuple[Decimal, ToleranceKind]:
    if planned.kind == "rank":
        return Decimal(0), ToleranceKind.ROUNDING
    rounding = max(planned.step, stated.step) * _HALF
    about = tolerances.points if planned.kind == "percent" else abs(planned.low) * tolerances.share
    if planned.kind != "percent":
        rounding = min(rounding, about)
    if planned.bound == Bound.ABOUT and about >= rounding:
        return about, ToleranceKind.ABOUT
    return rounding, ToleranceKind.ROUNDING


def _verdict(  # noqa: PLR0913 - the two numbers and what is known of them
    way: Direction,
    planned: Quantity,
    stated: Quantity,
    tolerance: Decimal,
    *,
    nearly: bool,
    tolerances: Tolerances,
) -> TargetVerdict | None:
    """Return `kept`, `near` or `missed`, None where the two decide nothing.

    An outcome that is only a bound on the wrong side of the promise (250多 against 300) decides nothing, nor does one
    beyond a promise whose series has no better direction.
    """
    if way is Direction.NONE:
        inside = planned.low - tolerance <= stated.low and stated.high <= planned.high + tolerance
        return TargetVerdict.KEPT if inside and stated.bound not in _LEAST | _MOST else None
    # Seen upwards: a promise of at most is one of at least the opposite.
    sign = 1 if way is Direction.UP else -1
    wanted = planned.low if sign > 0 else -planned.high
    reached = stated.low if sign > 0 else -stated.high
    open_above = _LEAST if sign > 0 else _MOST
    open_below = _MOST if sign > 0 else _LEAST
    exceeds = planned.bound in {Bound.ABOVE, Bound.BELOW} and stated.bound not in {Bound.ABOVE, Bound.BELOW}
    short = wanted - reached
    if stated.bound in open_below:
        beyond = short > 0 or (short == 0 and stated.bound in {Bound.ABOVE, Bound.BELOW})
        return TargetVerdict.MISSED if beyond and short > tolerance else None
    if short < 0 or (short == 0 and not exceeds and not nearly):
        return TargetVerdict.KEPT
    if stated.bound in open_above:
        return None
    if short <= tolerance:
        return TargetVerdict.NEAR
    about = tolerances.points if stated.kind == "percent" else abs(stated.low) * tolerances.share
    vague = about if stated.bound == Bound.ABOUT else Decimal(0)
    return TargetVerdict.MISSED if short > max(tolerance, vague) else None
