"""A document to its observations and to the account of its numbers; a pure function.

Each stage goes over the whole text once: mentions (numbers with units), ignored numbers (which are not observations),
subjects (what each number measures), measures and periods, and the account, in which every number appears.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import isfinite

from raw.extract import measures
from raw.extract.clauses import sentences
from raw.extract.cue_words import CueRole
from raw.extract.ignored_numbers import ignore_reasons, is_rank
from raw.extract.mentions import Mention, MentionKind, find_mentions
from raw.extract.periods import Clock, Passage, PeriodStatus, adjust_for_measure, passage_of, resolve
from raw.extract.sections import GLOSSARY, without_tables, years_of
from raw.extract.series import confirm_series, series
from raw.extract.subjects import SubjectMatch, match_subjects
from raw.extract.years import ReferenceYears
from raw.numerals.scan import NumeralStyle, plain
from raw.tables.reader import read_tables
from schemas.codelists import Bound as BoundCode
from schemas.codelists import DocumentKind, IgnoreReason, Measure, NumberStatus, PriceBasis, Status
from schemas.document import Document, Span, TimeOrientation
from schemas.observation import Number, Observation
from schemas.registry.indicators import by_id
from schemas.registry.units import Unit
from schemas.registry.units import resolve as resolve_unit

# How far back in its sentence a number looks for a year, and how much of it a quote shows: the cost stays bounded.
_CONTEXT = 240
_BEHIND = 20
# How far into a paragraph its opening goes (回顾“十三五”这五年，我们…), where no number ends it before.
_OPENING = 160
# How much of a very long sentence is published on each side of its number.
_SENTENCE = 400
# 超额完成年度9.6万人的目标, 高于5%的预期目标: the number is the target, and not what was reached.
_SURPASSED = re.compile(r"(?:超额(?:完成|实现)|高于|超过|低于|好于|优于|快于|超出)[^，,。；;、\d]{0,10}$")
_AS_TARGET = re.compile(r"的?[^，,。；;、\d]{0,10}(?:目标|任务)")
_RANKED_WORDS = (
    (re.compile("增速|增幅|涨幅|增长率|增长"), Measure.GROWTH),
    (re.compile("占比|比重|份额"), Measure.SHARE),
    (re.compile("率$|强度|指数|满意度"), Measure.RATE),
)

# 增长1.2倍 is growth of 120 per cent.
_AS_PERCENT = Unit(name="倍", code="percent", mult=2)
# What stands for characters that a page has lost.
_LOST = frozenset("$�?")
_PRICES = (
    (PriceBasis.CONSTANT, re.compile("可比价|不变价|扣除价格|实际增长")),
    (PriceBasis.CURRENT, re.compile("现价|现行价|当年价|名义")),
)

# The kinds whose paragraphs go on about the years that an earlier one opened with.
_WITH_PASSAGES = frozenset(
    {DocumentKind.WORK_REPORT, DocumentKind.DEPARTMENT_SUMMARY, DocumentKind.PLAN_REPORT, DocumentKind.FIVE_YEAR_PLAN}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence with what decides its time.

    `context` is where the words begin that say its time: a semicolon ends a sentence and not what it says of time.
    """

    span: Span
    context: int
    clock: Clock


def read(document: Document) -> tuple[tuple[Observation, ...], tuple[Number, ...]]:
    """Read every number of a document.

    Returns:
        The observations in the order of the text, and what became of each number.
    """
    whole = plain(document.text)
    tables = read_tables(document, whole)
    text = without_tables(whole, document.tables)
    mentions = find_mentions(text)
    ignored = _ignored(document, text, mentions)
    measured = [mention for mention in mentions if mention.start not in ignored]
    prose = tuple(_observations(document, text, measured))
    claimed = frozenset(observation.span.start for observation in prose)
    numbers = (_number(document.text, mention, claimed, ignored) for mention in mentions)
    found = sorted((*prose, *tables.observations), key=lambda observation: observation.span.start)
    return (
        confirm_series(document, found),
        tuple(sorted((*numbers, *tables.numbers), key=lambda number: number.span.start)),
    )


def _ignored(document: Document, text: str, mentions: tuple[Mention, ...]) -> dict[int, IgnoreReason]:
    """Return the numbers that are not observations: by their place in the document, else by their form."""
    glossary = next((s.span.start for s in document.sections if s.label == GLOSSARY), document.body.end)
    reasons = dict(ignore_reasons(text, mentions))
    for mention in mentions:
        if mention.start < document.body.start or mention.start >= document.body.end:
            reasons[mention.start] = IgnoreReason.HEADER
        elif mention.start >= glossary:
            reasons.setdefault(mention.start, IgnoreReason.GLOSSARY)
    return reasons


def _number(text: str, mention: Mention, claimed: frozenset[int], ignored: dict[int, IgnoreReason]) -> Number:
    reason = ignored.get(mention.start)
    fate = NumberStatus.CLAIMED if mention.start in claimed else NumberStatus.IGNORED if reason else NumberStatus.UNREAD
    span = Span(start=mention.start, end=mention.end)
    return Number(span=span, text=span.cut(text), fate=fate, reason=reason)


def _observations(document: Document, text: str, mentions: list[Mention]) -> Iterator[Observation]:
    years = years_of(document)
    at = 0
    for sentence in _sentences(document, text, mentions, years):
        inside = []
        while at < len(mentions) and mentions[at].start < sentence.span.end:
            inside.append(mentions[at])
            at += 1
        previous: Observation | None = None
        for match in match_subjects(text, sentence.span, inside) if inside else ():
            observation = _observation(document, text, match, sentence, previous)
            if observation:
                yield observation
                previous = observation
                if observation.measure == Measure.CAGR:  # what follows a yearly average is of the same years
                    passage = replace(sentence.clock.passage, period=observation.period)
                    sentence = replace(sentence, clock=replace(sentence.clock, passage=passage))  # noqa: PLW2901


def _sentences(document: Document, text: str, mentions: list[Mention], years: ReferenceYears) -> Iterator[Sentence]:
    """Yield the sentences of the body, each with the time of its paragraph.

    What a paragraph opens with holds until another opens with something else, or the chapter ends.
    """
    starts = [section.span.start for section in document.sections[1:]]
    numbers = [mention.start for mention in mentions]
    passage: Passage | None = None
    chapter: tuple[str, TimeOrientation] | None = None
    context = document.body.start
    for span in sentences(text, document.body):
        section = document.sections[bisect_right(starts, span.start)]
        outermost = section.path.partition("/")[0], section.outlook
        if outermost != chapter:
            passage, chapter = None, outermost
        heading = span.start == section.span.start and section.title and section.level
        if passage is None or (not heading and (span.start == 0 or text[span.start - 1] == "\n")):
            first = bisect_right(numbers, span.start - 1)
            end = numbers[first] if first < len(numbers) else document.body.end
            opening = text[span.start : min(end, span.start + _OPENING)].partition("\n")[0]
            kept = passage if document.kind in _WITH_PASSAGES else None
            passage = passage_of(opening, years, section, kept)
        if span.start == 0 or text[span.start - 1] not in "；;":
            context = span.start
        clock = Clock(years=years, kind=document.kind, section=section, passage=passage)
        yield Sentence(span=span, context=context, clock=clock)


def _observation(
    document: Document,
    text: str,
    match: SubjectMatch,
    sentence: Sentence,
    previous: Observation | None,
) -> Observation | None:
    """Return the observation of a number, None where the words do not say what it measures."""
    mention = match.mention
    unclear = mention.kind == MentionKind.BARE and not _may_be_bare(text, match)
    damaged = _is_damaged(text, mention)
    if unclear or damaged or not match.subject or not isfinite(mention.value):
        return None
    placed = mention.ordinal or mention.kind == MentionKind.BARE or text.startswith("首", mention.start)
    measure = Measure.RANK if placed and is_rank(text, mention) else measures.measure(match)
    before = text[max(sentence.context, mention.start - _CONTEXT) : mention.start]
    behind = text[mention.tail : mention.tail + _BEHIND]
    surpassed = bool(_SURPASSED.search(before) and _AS_TARGET.match(behind))
    if surpassed and previous and not match.phrase.noun and mention.unit == previous.unit:
        measure = previous.measure
    stated = resolve(before, sentence.clock)
    period_status = adjust_for_measure(stated, match, measure, (before, behind), sentence.clock)
    if surpassed:
        period_status = replace(period_status, status=Status.TARGET)
    observation = _build_observation(document, match, measure, period_status, sentence)
    if surpassed:  # 高于 limits what was reached, and not the target
        observation = replace(observation, bound=mention.bound)
    ranked = measure == Measure.RANK
    return replace(observation, rank_of=str(_ranked_measure(match, previous))) if ranked else observation


def _is_damaged(text: str, mention: Mention) -> bool:
    """Return whether a mark beside a number shows that the page lost some of its digits (增长１$1.$2％)."""
    return text[max(0, mention.start - 1)] in _LOST or text[mention.end : mention.end + 1] in {"$", "�"}


def _may_be_bare(text: str, match: SubjectMatch) -> bool:
    """Return whether a number without a unit is clear.

    A rank, a number after a verb, or the last word of its clause.
    """
    mention = match.mention
    if text.startswith(":", mention.end):  # 5.2:41.3:53.5 says what shares of what only as a whole
        return False
    last = mention.form == NumeralStyle.DIGITS and mention.tail == match.clause.end and bool(match.phrase.noun)
    return is_rank(text, mention) or match.phrase.move is not None or last


def _build_observation(
    document: Document,
    match: SubjectMatch,
    measure: Measure,
    period_status: PeriodStatus,
    sentence: Sentence,
) -> Observation:
    mention, clause = match.mention, match.clause
    low, high = _signed_range(mention, measures.sign(measure, match.phrase))
    ranked = measure == Measure.RANK
    unit = "位" if ranked or mention.kind == MentionKind.RANK else mention.unit
    grows = measure in {Measure.GROWTH, Measure.CAGR}
    resolved = _AS_PERCENT if grows and unit == "倍" else resolve_unit(unit)
    indicator = series(match.subject, measure, resolved.code)
    span = Span(start=mention.start, end=mention.end)
    top = ranked and document.text[mention.start - 1 : mention.start] == "前"  # 前三 is a rank of at most three
    quote = document.text[max(clause.start, mention.start - _CONTEXT) : min(clause.end, mention.tail + _CONTEXT)]
    return Observation(
        span=span,
        obs_text=span.cut(document.text),
        value=low,
        value_upper=high,
        decimals=mention.decimals,
        unit=unit,
        unit_code=resolved.code,
        unit_mult=resolved.mult,
        measure=measure,
        bound=BoundCode.AT_MOST if top else measures.limit(mention, match.phrase, measure),
        subject=match.subject,
        indicator=indicator,
        scope=_scope(match, measure),
        period=period_status.period,
        status=period_status.status,
        price_basis=_price_basis(indicator, measure, resolved.code, quote),
        section=sentence.clock.section.path,
        quote=quote.strip(),
        sentence=document.text[
            max(sentence.span.start, mention.start - _SENTENCE) : min(sentence.span.end, mention.tail + _SENTENCE)
        ].strip(),
    )


def _price_basis(indicator: str, measure: Measure, unit_code: str, quote: str) -> str | None:
    """Return in which prices a number is: its clause says so, else the convention of its series, else it is unknown."""
    if stated := next((basis for basis, pattern in _PRICES if pattern.search(quote)), None):
        return stated.value
    entry = by_id().get(indicator)
    if entry is None or not entry.growth_prices:
        return None
    if measure in {Measure.GROWTH, Measure.CAGR}:
        return entry.growth_prices
    return PriceBasis.CURRENT.value if measure == Measure.LEVEL and unit_code.startswith("CNY") else None


def _scope(match: SubjectMatch, measure: Measure) -> str:
    """Return among whom a rank holds, from whom a gap is, of what a share or a completion is; else nothing."""
    scoped = measure in {Measure.RANK, Measure.GAP, Measure.SHARE}
    completes = measure == Measure.RATE and CueRole.COMPLETION in match.phrase.flags
    # A key holds no blank: the account of numbers separates keys by them.
    return "".join(match.phrase.scope.replace("|", "").split()) if scoped or completes else ""


def _ranked_measure(match: SubjectMatch, before: Observation | None) -> Measure | str:
    """Return which measure a rank is of: its own words say so, else it is of the number before it."""
    words = match.phrase.noun or match.subject
    own = next((measure for pattern, measure in _RANKED_WORDS if pattern.search(words)), None)
    if own or match.phrase.noun or before is None:
        return own or Measure.LEVEL
    return before.rank_of or before.measure


def _signed_range(mention: Mention, sign: int) -> tuple[float, float | None]:
    """Return the value and the upper end of its range; a fall of 5 to 6 is between -6 and -5."""
    if mention.upper is None:
        return sign * mention.value, None
    low, high = sorted((sign * mention.value, sign * mention.upper))
    return low, high
