"""The measure, the sign and the bound of a number, from its form, its predicate and its subject."""

from __future__ import annotations

import re

from raw.extract.cue_words import CueRole
from raw.extract.mentions import Mention, MentionKind
from raw.extract.phrases import Phrase
from raw.extract.subjects import SubjectMatch
from raw.numerals.scan import NumeralStyle
from schemas.codelists import Bound as BoundCode
from schemas.codelists import Measure

_RATE = re.compile(r"(?:率|强度|指数|进度|密度|覆盖面|满意度|贡献率|浓度|比例)(?:为|达|均|提升|到)?$")
_SHARE = re.compile(r"占(?!地|用|领)|比重|占比|份额")
_GROWTH_NOUN = re.compile(r"(?:增速|增幅|涨幅|增长率|降幅)$")
_NEW = re.compile(r"新增|新建|净增|增加值")
_STREAKS = frozenset({"年", "次", "届", "个月", "个季度", "个"})
_SIGNED = (Measure.GROWTH, Measure.CAGR, Measure.CHANGE, Measure.GAP)
_NATURAL = "自然增长率"


def measure(match: SubjectMatch) -> Measure:
    """Return the measure of a number."""
    mention, phrase = match.mention, match.phrase
    versus = CueRole.VERSUS in phrase.flags and mention.kind in {MentionKind.POINTS, MentionKind.QUANTITY}
    if mention.part or versus:
        return Measure.SHARE if mention.part else Measure.GAP
    if phrase.move == CueRole.STREAK and mention.unit in _STREAKS:
        return Measure.STREAK
    moved = phrase.move in {CueRole.RISE, CueRole.FALL}
    rank = Measure.CHANGE if moved else Measure.RANK  # the places it moved by, or its position
    by_kind = {MentionKind.RATIO: Measure.RATIO, MentionKind.POINTS: Measure.CHANGE, MentionKind.RANK: rank}
    if mention.kind in by_kind:
        return by_kind[mention.kind]
    if mention.kind in {MentionKind.TIMES, MentionKind.FOLD}:
        return Measure.GROWTH if mention.kind == MentionKind.TIMES and phrase.move == CueRole.RISE else Measure.MULTIPLE
    if mention.kind == MentionKind.PERCENT:
        return (
            Measure.SHARE
            if match.counted
            else _percent(phrase, match.subject, fraction=mention.form == NumeralStyle.FRACTION)
        )
    # New additions and what is added are levels; 同比增加6天 is a change of its own series.
    return Measure.CHANGE if moved and not match.counted and not _NEW.search(match.subject) else Measure.LEVEL


def _percent(phrase: Phrase, subject: str, *, fraction: bool) -> Measure:
    if CueRole.COMPLETION in phrase.flags or (subject.endswith(_NATURAL) and phrase.move in {None, CueRole.REACH}):
        return Measure.RATE
    compared = phrase.move is None and CueRole.YEAR_ON_YEAR in phrase.flags
    grows = phrase.move in {CueRole.RISE, CueRole.FALL, CueRole.IMPROVE} or compared or _GROWTH_NOUN.search(subject)
    if (grows and phrase.flags & {CueRole.AVERAGE, CueRole.COMPOUND}) or CueRole.COMPOUND in phrase.flags:
        return Measure.CAGR
    if grows:
        return Measure.GROWTH
    if (
        CueRole.SHARE in phrase.flags
        or phrase.noun.startswith("占")
        or _SHARE.search(subject)
        or (phrase.scope and not _RATE.search(subject))
        or (fraction and not _RATE.search(subject))
    ):
        return Measure.SHARE
    return Measure.RATE


def sign(measure: Measure, phrase: Phrase) -> int:
    """Return -1 for a fall, else 1; only growth and changes have a sign."""
    if measure not in _SIGNED:
        return 1
    # What improves by so many per cent is a load: a concentration, a number of deaths.
    falls = phrase.move in {CueRole.FALL, CueRole.IMPROVE} or (
        phrase.move is None and CueRole.COMPARE_DOWN in phrase.flags
    )
    return -1 if falls else 1


def limit(mention: Mention, phrase: Phrase, measure: Measure) -> BoundCode:
    """Return how a number limits the true value: words after it take precedence over words before it."""
    if mention.bound != BoundCode.EXACT:
        return mention.bound
    compares = phrase.flags & {CueRole.COMPARE_UP, CueRole.COMPARE_DOWN}
    if measure == Measure.CHANGE and compares:
        return BoundCode.EXACT
    return phrase.bound
