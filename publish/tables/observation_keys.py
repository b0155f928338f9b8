"""Which key each observation gets: two different numbers of one document never share one.

The first mention in the text keeps the plain key. A later one that states the same amount is a further mention of it.
A later one that states another amount gets its own indicator: the plain one, `~`, and the first of these that is free:
its subject, where that is not the subject of the first; the words before it in its clause; its place in the row, from
2. Digits take no part in these words, nor do numerals in the words of the clause, so that a changed number keeps its
key.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import count

from schemas.codelists import Origin
from schemas.observation import Observation
from schemas.reading import Reading

_NO_WORD = re.compile(r"[^\w-]+|_")
_DIGITS = re.compile(r"[\d.,%]+")
_NUMERALS = re.compile("(?:百分之)?[〇零一二两三四五六七八九十百千万亿点]{2,}")
_LONGEST_SUBJECT = 40
_LONGEST_LEAD = 12

Amount = tuple[float, float | None, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyedObservation:
    """An observation of a document under its final key."""

    reading: Reading
    observation: Observation
    obs_id: str


def base_value(value: float, unit_mult: int) -> float:
    """Return the value without the magnitude of its unit, rounded once: 573.72 and 8 are 57372000000."""
    return float(Decimal(repr(value)).scaleb(unit_mult))


def statements(reading: Reading, ref_area: str) -> tuple[KeyedObservation, ...]:
    """Return every observation of a document with its key, in the order of the text."""
    holders: dict[str, Observation] = {}
    keyed_observations = []
    for observation in sorted(reading.observations, key=lambda item: (item.span.start, item.span.end)):
        keyed = _keyed(observation, ref_area, holders)
        key = keyed.key(ref_area)
        holders.setdefault(key, observation)
        keyed_observations.append(KeyedObservation(reading=reading, observation=keyed, obs_id=key))
    return tuple(keyed_observations)


def current_by_key(keyed_observations: Iterable[KeyedObservation]) -> dict[str, KeyedObservation]:
    """Return the observation that holds for each key: the first mention in the report published last.

    A fact entered by hand holds only where no report states the key.
    """
    rows: dict[str, KeyedObservation] = {}
    for statement in keyed_observations:
        holder = rows.get(statement.obs_id)
        if holder is None or _age(statement.reading) > _age(holder.reading):
            rows[statement.obs_id] = statement
    return rows


def _age(reading: Reading) -> tuple[bool, date, str]:
    return reading.origin is Origin.REPORT, reading.document.published_on or date.min, reading.document_id


def _keyed(observation: Observation, ref_area: str, holders: dict[str, Observation]) -> Observation:
    first = holders.get(observation.key(ref_area))
    for indicator in _indicators(observation, first):
        keyed = replace(observation, indicator=indicator)
        holder = holders.get(keyed.key(ref_area))
        if holder is None or _amount(holder) == _amount(observation):
            return keyed
    return observation


def _indicators(observation: Observation, first: Observation | None) -> Iterator[str]:
    plain = observation.indicator
    yield plain
    if first is not None and first.subject != observation.subject:
        yield from _disambiguated(plain, _slug(observation.subject)[:_LONGEST_SUBJECT])
    lead = observation.quote.partition(observation.obs_text)[0]
    yield from _disambiguated(plain, _slug(_NUMERALS.sub("", lead))[-_LONGEST_LEAD:])
    yield from (f"{plain}~{place}" for place in count(2))


def _disambiguated(plain: str, words: str) -> Iterator[str]:
    if words:
        yield f"{plain}~{words}"


def _slug(words: str) -> str:
    return _NO_WORD.sub("", _DIGITS.sub("", words))


def _amount(observation: Observation) -> Amount:
    upper = observation.value_upper
    return (
        base_value(observation.value, observation.unit_mult),
        None if upper is None else base_value(upper, observation.unit_mult),
        observation.bound.value,
        observation.unit_code,
    )
