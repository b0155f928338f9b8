"""The reader: a document in, its observations and the account of its numbers out; a pure function.

Stages, each over the whole text once: mentions (numbers with units), residue (which are no observation), binding
(whose number it is), measures and periods, and the account that leaves no number out.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import isfinite

from raw.extract import measures
from raw.extract.clauses import sentences
from raw.extract.ignored_numbers import ignore_reasons, is_rank
from raw.extract.mentions import Kind, Mention, mentions
from raw.extract.periods import PeriodStatus, adjust_for_measure, clock_of, last_period_cue, resolve
from raw.extract.sections import GLOSSARY, ReferenceYears
from raw.extract.subjects import SubjectMatch, match_subjects
from raw.numerals.scan import NumeralStyle, plain
from schemas.codelists import Bound as BoundCode
from schemas.codelists import IgnoreReason, Measure, NumberStatus
from schemas.document import Document, Period, Section, Span
from schemas.observation import Number, Observation
from schemas.registry.indicators import by_id, identify, indicator_slug
from schemas.registry.units import resolve as resolve_unit
from schemas.registry.units import same_dimension

# How far back in its sentence a number looks for a year: the cost per number stays bounded.
_SAID = 200
# How far into a paragraph its opening goes (过去五年，是…).
_OPENING = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence with its section and the span of years that its paragraph opened with."""

    span: Span
    section: Section
    standing: Period | None


def read(document: Document) -> tuple[tuple[Observation, ...], tuple[Number, ...]]:
    """Read every number of a document: the observations in the order of the text, and what became of each number."""
    text = plain(document.text)
    found = mentions(text)
    ignored = _ignored(document, text, found)
    kept = [mention for mention in found if mention.start not in ignored]
    observations = tuple(_observations(document, text, kept))
    claimed = frozenset(item.span.start for item in observations)
    numbers = tuple(_number(document.text, mention, claimed, ignored) for mention in found)
    return observations, numbers


def _ignored(document: Document, text: str, found: tuple[Mention, ...]) -> dict[int, IgnoreReason]:
    """The numbers that are no observation: by their place in the document, else by their form."""
    gloss = next((s.span.start for s in document.sections if s.label == GLOSSARY), document.body.end)
    table = dict(ignore_reasons(text, found))
    for mention in found:
        if mention.start < document.body.start or mention.start >= document.body.end:
            table[mention.start] = IgnoreReason.HEADER
        elif mention.start >= gloss:
            table.setdefault(mention.start, IgnoreReason.GLOSSARY)
    return table


def _number(text: str, mention: Mention, claimed: frozenset[int], ignored: dict[int, IgnoreReason]) -> Number:
    """What became of one number."""
    reason = ignored.get(mention.start)
    fate = NumberStatus.CLAIMED if mention.start in claimed else NumberStatus.IGNORED if reason else NumberStatus.UNREAD
    span = Span(start=mention.start, end=mention.end)
    return Number(span=span, text=span.cut(text), fate=fate, reason=reason)


def _observations(document: Document, text: str, kept: list[Mention]) -> Iterator[Observation]:
    """Bind the kept mentions sentence by sentence and state what each says."""
    clock = clock_of(document)
    at = 0
    for sentence in _sentences(document, text, clock):
        inside = []
        while at < len(kept) and kept[at].start < sentence.span.end:
            inside.append(kept[at])
            at += 1
        yield from _of_sentence(document, text, inside, sentence, clock)


def _of_sentence(
    document: Document, text: str, inside: list[Mention], sentence: Sentence, clock: ReferenceYears
) -> Iterator[Observation]:
    """What one sentence says; after a yearly average what follows in it is of the same years."""
    for bound in match_subjects(text, sentence.span, inside) if inside else ():
        observation = _observation(document, text, bound, sentence, clock)
        if observation:
            yield observation
            if observation.measure == Measure.CAGR:
                sentence = replace(sentence, standing=observation.period)


def _sentences(document: Document, text: str, clock: ReferenceYears) -> Iterator[Sentence]:
    """The sentences of the body; the years that a paragraph opens with stand until another paragraph names its own."""
    starts = [section.span.start for section in document.sections[1:]]
    standing, chapter = None, ""
    for span in sentences(text, document.body):
        section = document.sections[bisect_right(starts, span.start)]
        if section.path.partition("/")[0] != chapter:
            standing, chapter = None, section.path.partition("/")[0]
        heading = span.start == section.span.start and section.title
        if not heading and (span.start == 0 or text[span.start - 1] == "\n"):
            standing = (
                last_period_cue(text[span.start : min(span.end, span.start + _OPENING)], clock, section) or standing
            )
        yield Sentence(span=span, section=section, standing=standing)


def _observation(
    document: Document, text: str, bound: SubjectMatch, sentence: Sentence, clock: ReferenceYears
) -> Observation | None:
    """One observation, or None where the words do not say what the number measures."""
    mention = bound.mention
    mute = mention.kind == Kind.BARE and not _may_be_bare(text, bound)
    if mute or not bound.subject or not isfinite(mention.value):
        return None
    placed = mention.ordinal or mention.kind == Kind.BARE or text.startswith("首", mention.start)
    ranked = placed and is_rank(text, mention)
    measured = Measure.RANK if ranked else measures.measure(bound)
    said = text[max(sentence.span.start, mention.start - _SAID) : mention.start]
    when = adjust_for_measure(resolve(said, sentence.section, clock, sentence.standing), measured, bound.phrase)
    return _build_observation(document, bound, measured, when, sentence.section)


def _may_be_bare(text: str, bound: SubjectMatch) -> bool:
    """Whether a number without a unit still says something: a rank, what a verb leads to, or the clause's last word."""
    ends = (
        bound.mention.form == NumeralStyle.DIGITS and bound.mention.tail == bound.clause.end and bool(bound.phrase.noun)
    )
    if text.startswith(":", bound.mention.end):  # 5.2:41.3:53.5 says what shares of what only as a whole
        return False
    return is_rank(text, bound.mention) or bound.phrase.move is not None or ends


def _build_observation(
    document: Document, bound: SubjectMatch, measured: Measure, when: PeriodStatus, section: Section
) -> Observation:
    """Put an observation together."""
    mention = bound.mention
    low, high = _signed_range(mention, measures.sign(measured, bound.phrase))
    unit = "位" if measured == Measure.RANK or (mention.kind == Kind.RANK) else mention.unit
    resolved = resolve_unit(unit)
    span = Span(start=mention.start, end=mention.end)
    return Observation(
        span=span,
        obs_text=span.cut(document.text),
        value=low,
        value_upper=high,
        decimals=mention.decimals,
        unit=unit,
        unit_code=resolved.code,
        unit_mult=resolved.mult,
        measure=measured,
        bound=_bound(document.text, mention, bound, measured),
        subject=bound.subject,
        indicator=series(bound.subject, measured, resolved.code),
        scope=bound.phrase.scope if measured == Measure.RANK else "",
        period=when.period,
        status=when.status,
        price_basis=None,
        section=section.path,
        quote=_quote(document.text, bound),
    )


def series(subject: str, measured: Measure, unit_code: str) -> str:
    """The id of the subject; households that a count of estates stands beside are another series than the estates."""
    found = identify(subject)
    entry = by_id().get(found)
    if entry is None or measured != Measure.LEVEL or same_dimension(unit_code, resolve_unit(entry.unit).code):
        return found
    return f"x:{indicator_slug(subject)}"


def _quote(text: str, bound: SubjectMatch) -> str:
    """The clause that holds the number; of one without an end what stands around the number."""
    mention, clause = bound.mention, bound.clause
    return text[max(clause.start, mention.start - _SAID) : min(clause.end, mention.tail + _SAID)].strip()


def _signed_range(mention: Mention, sign: int) -> tuple[float, float | None]:
    """The value and the upper end of its range; a fall of 5 to 6 is between -6 and -5."""
    if mention.upper is None:
        return sign * mention.value, None
    low, high = sorted((sign * mention.value, sign * mention.upper))
    return low, high


def _bound(text: str, mention: Mention, bound: SubjectMatch, measured: Measure) -> BoundCode:
    """The bound; 前三 is a rank of at most three."""
    if measured == Measure.RANK and text[mention.start - 1 : mention.start] == "前":
        return BoundCode.AT_MOST
    return measures.limit(mention, bound.phrase, measured)
