"""Which number answers a promise: all actual numbers of its period are candidates, ranked by how they match.

A candidate has the same indicator (`same_series`), the same words (`same_words`) or nearly the same (`near_words`), and
the measure, the kind of unit and the period of the promise. Words that make another thing of it (`statements.conflict`)
rule it out. Where the best candidate is not certain, nothing answers the promise:

- an amount many times the promise, or a small part of it, is likely to be of something else;
- only a candidate of the same series, or of the same words that are many enough, can say that a promise was missed, and
  only if no other candidate would have kept it;
- two candidates that match equally well and say different things decide nothing.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from publish.compare.promises import Promise
from publish.compare.quantities import Judgement, judge
from publish.compare.statements import Row, Statement, conflict, is_addition, likeness
from schemas.codelists import Horizon, Measure, OutcomeMatch, TargetVerdict
from schemas.registry.indicators import by_id, identify

_RATIOS = frozenset({Measure.SHARE, Measure.RATE})
_SCOPED = frozenset({Measure.RANK, Measure.GAP})
# 研发经费28亿元，相当于地区生产总值的7.1%
_WHOLE = re.compile(r"(?:相当于|占)(?P<whole>[^，。；、\d]{2,20}?)(?:的|比重|之?比)*$")
_FIRMS = ("企业", "主体", "商户", "公司", "户数")
_MATCHES = tuple(OutcomeMatch)
# Words with less in common are too often of something else (judged on forty pairs of reports).
_LEAST_LIKENESS = 0.75
# Names that are shorter stand for many things: 投资, 项目, 出栏.
_SHORTEST_NAME = 4
_MOST_EXTRA, _MOST_EXTRA_KNOWN = 3, 1
# How many times a promised amount an outcome may be, and what part of it, before it is taken for something else.
_MOST_TIMES: Mapping[OutcomeMatch, float] = MappingProxyType(
    {OutcomeMatch.SAME_SERIES: 4.0, OutcomeMatch.SAME_WORDS: 3.0, OutcomeMatch.NEAR_WORDS: 1.5}
)
_LEAST_PART = 0.5
_NEARLY = ("近", "接近", "将近")
_AT_ONE_TIME = frozenset({Measure.RATE, Measure.SHARE, Measure.RANK})


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The number that answers a promise.

    Attributes:
        evidence: What the match rests on: the indicator, or the words that both have.
        alternatives: How many other numbers of the period were passed over.
        is_certain: Whether its verdict may be published.
    """

    statement: Statement
    match: OutcomeMatch
    evidence: str
    alternatives: int
    judgement: Judgement | None
    is_certain: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Candidate:
    statement: Statement
    match: OutcomeMatch
    alike: float
    conflict: str
    judgement: Judgement | None

    @property
    def verdict(self) -> TargetVerdict | None:
        return self.judgement.verdict if self.judgement else None


class Outcomes:
    """The actual numbers of all periods, by series, by words and by pairs of characters."""

    def __init__(self, statements: Iterable[Statement]) -> None:
        """Index the numbers; the order in which they come decides nothing."""
        self._all: list[Statement] = sorted(statements, key=_position)
        self._by_series: dict[tuple[str, str], list[int]] = defaultdict(list)
        self._by_pair: dict[tuple[str, str], list[int]] = defaultdict(list)
        self._by_core: dict[tuple[str, str], list[int]] = defaultdict(list)
        for index, one in enumerate(self._all):
            period = one.row["period"]
            for series in _series_of(one):
                self._by_series[period, series].append(index)
            self._by_core[period, one.core].append(index)
            for pair in one.pairs:
                self._by_pair[period, pair].append(index)

    def of_series(self, promise: Promise) -> Sequence[Statement]:
        """Return the numbers of the series of a promise, of any measure, in its last year or in its period."""
        row = promise.statement.row
        series = row["indicator"].partition("~")[0]
        kin = dict.fromkeys((series, series.removesuffix("_new"), f"{series}_new"))
        periods = dict.fromkeys((row["period"], str(promise.due)))
        places = [place for period in periods for name in kin for place in self._by_series.get((period, name), ())]
        return [self._all[place] for place in dict.fromkeys(places)]

    def answer(self, promise: Promise) -> Answer | None:
        """Return the number that answers a promise, None where none is like it."""
        candidates = self._candidates(promise)
        fitting = sorted((one for one in candidates if not one.conflict), key=_rank)
        if not fitting:
            return None
        best = fitting[0]
        return Answer(
            statement=best.statement,
            match=best.match,
            evidence=_evidence(promise, best),
            alternatives=len(candidates) - 1,
            judgement=best.judgement,
            is_certain=_is_certain(promise, best, fitting, candidates),
        )

    def _candidates(self, promise: Promise) -> list[_Candidate]:
        found = (self._candidate(promise, index) for index in self._places(promise))
        return [one for one in found if one]

    def _places(self, promise: Promise) -> list[int]:
        statement = promise.statement
        period = statement.row["period"]
        places = {*self._by_series.get((period, _series(statement.row)), ())}
        places.update(self._by_core.get((period, statement.core), ()))
        shared = Counter(place for pair in statement.pairs for place in self._by_pair.get((period, pair), ()))
        places.update(place for place, count in shared.items() if 2 * count >= len(statement.pairs))
        return sorted(places)

    def _candidate(self, promise: Promise, index: int) -> _Candidate | None:
        outcome = self._all[index]
        planned, stated = promise.statement.row, outcome.row
        if not _comparable(planned, stated) or not _same_time(promise):
            return None
        match, alike = _match(promise.statement, outcome)
        if match is None:
            return None
        same_series = match is OutcomeMatch.SAME_SERIES and not planned["indicator"].startswith("x:")
        firms = any(word in promise.statement.core for word in _FIRMS)
        nearly = stated["bound"] == "~" and outcome.before.endswith(_NEARLY)
        return _Candidate(
            statement=outcome,
            match=match,
            alike=alike,
            conflict=conflict(promise.statement, outcome, same_series=same_series),
            judgement=judge(planned, stated, firms=firms, nearly=nearly),
        )


def _position(of: Statement) -> tuple[str, int, str]:
    return of.row["document"], of.row["char_start"], of.row["obs_id"]


def _series(row: Row) -> str:
    return str(row["indicator"].partition("~")[0])


def _series_of(of: Statement) -> tuple[str, ...]:
    """Return the indicator of a number, and the ratio that it is where it is the share of a known part of its whole."""
    row = of.row
    series = _series(row)
    if row["measure"] not in _RATIOS:
        return (series,)
    named = _WHOLE.search(of.before)
    whole = identify(row["scope"] or (named["whole"] if named else ""))
    return series, *(entry.id for entry in by_id().values() if entry.part == series and entry.whole == whole)


def _comparable(planned: Row, stated: Row) -> bool:
    """Whether two numbers say the same kind of thing of their subjects."""
    measures = planned["measure"], stated["measure"]
    if measures[0] != measures[1] and not {*measures} <= _RATIOS:
        return False
    if planned["unit_code"] == "rank" != stated["unit_code"]:
        return False
    scopes = planned["scope"], stated["scope"]
    return scopes[0] == scopes[1] or (measures[0] not in _SCOPED and not all(scopes))


def _same_time(promise: Promise) -> bool:
    """Whether a number of the same period can answer a promise: one for later years is not answered by a yearly one."""
    row = promise.statement.row
    if promise.horizon is Horizon.YEAR or "/" in row["period"]:
        return True
    at_one_time = row["measure"] in _AT_ONE_TIME or (
        row["measure"] == Measure.LEVEL and not row["indicator"].startswith("x:")
    )
    return at_one_time and not is_addition(promise.statement)


def _match(promise: Statement, outcome: Statement) -> tuple[OutcomeMatch | None, float]:
    planned = _series(promise.row)
    alike = likeness(promise, outcome)
    if planned in _series_of(outcome):
        return OutcomeMatch.SAME_SERIES, alike
    known = [not _series(one.row).startswith("x:") for one in (promise, outcome)]
    if all(known):
        return None, alike
    if alike == 1.0 and len(promise.core) >= _SHORTEST_NAME and not any(known):
        return OutcomeMatch.SAME_WORDS, alike
    long_enough = min(len(promise.core), len(outcome.core)) >= _SHORTEST_NAME
    extra = len({*outcome.core} - {*promise.core})
    near = long_enough and alike >= _LEAST_LIKENESS and extra <= (_MOST_EXTRA_KNOWN if any(known) else _MOST_EXTRA)
    return (OutcomeMatch.NEAR_WORDS if near else None), alike


def _rank(one: _Candidate) -> tuple[int, bool, bool, float, tuple[str, int, str]]:
    row = one.statement.row
    return (
        _MATCHES.index(one.match),
        one.judgement is None,
        "~" in row["indicator"],
        -one.alike,
        _position(one.statement),
    )


def _evidence(promise: Promise, one: _Candidate) -> str:
    if one.match is OutcomeMatch.SAME_SERIES:
        return _series(promise.statement.row)
    if one.match is OutcomeMatch.SAME_WORDS:
        return promise.statement.core
    return f"{promise.statement.core} / {one.statement.core}"


def _is_certain(
    promise: Promise, best: _Candidate, fitting: Sequence[_Candidate], candidates: Sequence[_Candidate]
) -> bool:
    """Whether the verdict of the best candidate may be published."""
    row = promise.statement.row
    unnamed = row["indicator"].startswith("x:")
    name = row["indicator"].removeprefix("x:") if best.match is OutcomeMatch.SAME_SERIES else promise.statement.core
    if best.verdict is None or not _is_plausible(promise, best) or (unnamed and len(name) < _SHORTEST_NAME):
        return False
    equal = {one.verdict for one in fitting if _rank(one)[:4] == _rank(best)[:4]}
    if best.verdict is not TargetVerdict.MISSED:
        return len(equal) == 1
    told_apart = "~" in f"{best.statement.row['indicator']}{row['indicator']}"
    named = not unnamed or len(promise.statement.core) >= _SHORTEST_NAME
    reaching = {TargetVerdict.KEPT, TargetVerdict.NEAR}
    reached = any(one.verdict in reaching for one in candidates)
    return named and best.match is not OutcomeMatch.NEAR_WORDS and not told_apart and not reached


def _is_plausible(promise: Promise, one: _Candidate) -> bool:
    """Whether an amount is of the size of the promise."""
    row = promise.statement.row
    if row["measure"] != Measure.LEVEL or not one.judgement or not row["value"]:
        return True
    planned = float(row["value"])
    reached = (float(one.judgement.margin) + planned) / planned
    return _LEAST_PART <= reached <= _MOST_TIMES[one.match]
