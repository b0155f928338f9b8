"""Whose number it is: each mention bound to its subject, clause by clause, elided subjects carried on.

Within a sentence the subject that was last named stands until another is (完成GDP573.72亿元，增长3.5%: both are GDP's);
a list of subjects is dealt out to a list of numbers (分别, or lists of one length); 均 gives one to all of them.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from raw.extract.clauses import clauses
from raw.extract.cue_words import CueRole
from raw.extract.mentions import Kind, Mention
from raw.extract.noun_lists import expand, expand_compound, has_head, items
from raw.extract.phrases import Phrase, clean, is_attribute, parse_prefix
from raw.extract.slots import NumberSlot, slots
from schemas.document import Span

_HEARD = re.compile(
    r"实现|保持|位居|稳步|持续|再|取得|获|加快|迈|明显|全面|突破|创|达|稳|更|较|不断|有|建成|成为|增长|提升|提高"
)
_NOUN_LIMIT = 24
_PREFIX_LIMIT = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectMatch:
    """A mention with its subject and the phrase that leads to it; `clause` is where it stands.

    `counted` says that the subject ends in what stands behind the number (增加|学位 of 增加2500个学位).
    """

    mention: Mention
    subject: str
    phrase: Phrase
    clause: Span
    counted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceContext:
    """What a sentence speaks of: the subject last named, those named so far, those still to be dealt out."""

    subject: str = ""
    named: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    phrase: Phrase | None = None


def match_subjects(text: str, sentence: Span, mentions: Iterable[Mention]) -> Iterator[SubjectMatch]:
    """Bind the mentions of one sentence, in order."""
    topic = SentenceContext()
    waiting = deque(mentions)
    for clause in clauses(text, sentence):
        inside = []
        while waiting and waiting[0].start < clause.end:
            inside.append(waiting.popleft())
        if not inside:
            topic = _subject_without_number(text, clause, topic)
            continue
        for slot in slots(text, clause, inside):
            found = tuple(_subjects(slot, topic))
            counted = bool(slot.counted)
            for subject, phrase in found:
                yield SubjectMatch(mention=slot.mention, subject=subject, phrase=phrase, clause=clause, counted=counted)
            topic = _next_context(topic, slot, found)


def _subject_without_number(text: str, clause: Span, topic: SentenceContext) -> SentenceContext:
    """A clause without numbers can still name the subject: 国家高新区排名实现争先进位，…提升四位."""
    words = clean(text[clause.start : min(clause.end, clause.start + _NOUN_LIMIT)])
    noun = _HEARD.split(words)[0]
    return SentenceContext(subject=noun, named=topic.named) if len(noun) > 1 else topic


def _subjects(slot: NumberSlot, topic: SentenceContext) -> Iterator[tuple[str, Phrase]]:
    """The subject, or the subjects that share the number, each with the words that lead to it."""
    if slot.continues_list and topic.left and topic.phrase:
        yield topic.left[0], topic.phrase
        return
    phrase = _split_prefix(slot, topic)
    if slot.continues_list and topic.phrase and not phrase.noun:
        phrase = replace(topic.phrase, noun="" if slot.counted else topic.phrase.noun)
    dealt = _distribute_subjects(phrase, slot, topic)
    if dealt:
        yield dealt[0], phrase
    elif _applies_to_each(phrase, slot):
        for item in expand(phrase.noun):
            yield item, phrase
    else:
        yield _subject(phrase, slot, topic), phrase


def _split_prefix(slot: NumberSlot, topic: SentenceContext) -> Phrase:
    """The words before a number taken apart; after a remark (、稳居前列、增长) the subject is that of before.

    A remark that opens its clause has a subject of its own (高新技术企业数量实现翻番、达1.8万家).
    """
    phrase = parse_prefix(slot.before)
    remark, mark, end = slot.before.rpartition("、")
    last = parse_prefix(end)
    if not mark or last.noun or not phrase.noun or not last.flags.isdisjoint({CueRole.RESPECTIVELY, CueRole.EACH}):
        return phrase
    if slot.starts_clause:
        return replace(last, noun=_HEARD.split(clean(remark))[0])
    return last if topic.subject else phrase


def _distribute_subjects(phrase: Phrase, slot: NumberSlot, topic: SentenceContext) -> tuple[str, ...]:
    """The subjects of a list that meets a list of numbers: 分别 says so, or the lists have one length."""
    count = slot.following + 1
    if count > 1 and (pair := expand_compound(phrase.noun, count)):
        return pair
    if CueRole.RESPECTIVELY in phrase.flags:
        return expand(phrase.noun) if phrase.noun else topic.named[-max(count, 2) :] or (topic.subject,)
    if count > 1 and not slot.counted and len(items(phrase.noun)) == count:
        return expand(phrase.noun)
    return ()


def _applies_to_each(phrase: Phrase, slot: NumberSlot) -> bool:
    """Whether every item of the subject has the number: 均 says so, and a rank of two properties."""
    count = len(items(phrase.noun))
    if CueRole.EACH in phrase.flags:
        return count > 1
    ranked = slot.mention.ordinal and CueRole.RANKING in phrase.flags
    return ranked and count > 1 and all(has_head(item) for item in items(phrase.noun))


def _next_context(topic: SentenceContext, slot: NumberSlot, found: tuple[tuple[str, Phrase], ...]) -> SentenceContext:
    """The topic that a bound number leaves behind: a bare property (增速) keeps the thing it is a property of."""
    subject, phrase = found[-1]
    keeps = not slot.counted and (not phrase.noun or is_attribute(phrase.noun))
    told = () if slot.mention.kind == Kind.POINTS else tuple(subject for subject, _ in found)
    return SentenceContext(
        subject=topic.subject if keeps and topic.subject else subject,
        named=(*topic.named, *told)[-6:],
        left=topic.left[1:] if slot.continues_list else _distribute_subjects(phrase, slot, topic)[1:],
        phrase=phrase,
    )


def _subject(phrase: Phrase, slot: NumberSlot, topic: SentenceContext) -> str:
    """The subject of one number: what it counts behind it, the noun before it, or the one carried on."""
    noun = clean(phrase.noun[-_NOUN_LIMIT:])
    if phrase.move == CueRole.STREAK:
        return noun or topic.subject or slot.counted
    if slot.counted:
        if noun:
            return (noun if len(items(noun)) == 1 and len(noun) <= _PREFIX_LIMIT else "") + slot.counted
        return slot.rest + slot.counted
    if is_attribute(noun) and topic.subject:
        return topic.subject + noun
    return noun or (slot.rest if opens(slot) else "") or topic.subject


def opens(slot: NumberSlot) -> bool:
    """Whether a number opens its clause, so that what follows is said of it: 47人入选…, 其中1项获…."""
    return not slot.continues_list and clean(slot.before) == ""
