"""Whose number it is: each mention bound to its subject, clause by clause, elided subjects carried on.

Within a sentence the subject that was last named stands until another is (完成GDP573.72亿元，增长3.5%: both are GDP's);
分别 deals a list of subjects out to a list of numbers; 均 gives one number to every subject.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from raw.clauses import clauses, following_noun
from raw.lexicon import Role
from raw.mentions import Kind, Mention
from raw.phrases import Phrase, clean, is_attribute, peel
from schemas.document import Span

_ITEMS = re.compile(r"[、和与及,，]|以及")
_JOIN = re.compile(r"[、和与及,，\s]*(?:同比|均)?")
_HEAD = re.compile(
    r"(?:增加值|产值|产量|销售额|销售收入|营业收入|收入|支出|总额|总量|投资|面积|人数|数量|占比|比重|贷款|存款|余额|进出口|出口|进口|"
    r"能力|率|指数|水平|项目数|排名|里程|规模|增速|完成进度)$"
)
_PREDICATE = re.compile(r"实现|保持|位居|稳步|持续|再|取得|获|加快|迈|明显|全面|突破|创|达|稳|更|较|不断|有")
_PARALLEL = 3
_NOUN_LIMIT = 24
_COUNTED = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """A mention with its subject and the phrase that leads to it; `clause` is where it stands."""

    mention: Mention
    subject: str
    phrase: Phrase
    clause: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """What a sentence speaks of: the subject last named, those of the list last dealt out, where reading stopped."""

    subject: str = ""
    dealt: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    phrase: Phrase | None = None


def bind(text: str, sentence: Span, mentions: Iterable[Mention]) -> Iterator[Bound]:
    """Bind the mentions of one sentence, in order."""
    topic = Topic()
    waiting = list(mentions)
    for clause in clauses(text, sentence):
        inside = [m for m in waiting if clause.start <= m.start < clause.end]
        if not inside:
            topic = _heard(text, clause, topic)
            continue
        for bound, after in _bind_clause(text, clause, inside, topic):
            topic = after
            yield bound


def _heard(text: str, clause: Span, topic: Topic) -> Topic:
    """A clause without numbers can still name the subject: 国家高新区排名实现争先进位，…提升四位."""
    words = clean(clause.cut(text)[:_NOUN_LIMIT])
    noun = _PREDICATE.split(words)[0]
    return Topic(subject=noun, dealt=topic.dealt) if len(noun) > 1 else topic


def _bind_clause(text: str, clause: Span, inside: list[Mention], topic: Topic) -> Iterator[tuple[Bound, Topic]]:
    """Bind the mentions of one clause; yields each with the topic it leaves behind."""
    read = clause.start
    for at, mention in enumerate(inside):
        limit = inside[at + 1].start if at + 1 < len(inside) else clause.end
        counted = _counted(text, mention, limit)
        before = text[read : mention.start - mention.ordinal]
        for subject, phrase in _subjects(before, counted.cut(text), topic):
            bound = Bound(mention=mention, subject=subject, phrase=phrase, clause=clause)
            topic = _after(topic, subject, phrase, mention)
            yield bound, topic
        topic = _deal(before, topic)
        read = max(mention.tail, counted.end)


def _counted(text: str, mention: Mention, limit: int) -> Span:
    """The noun behind a number, where its unit counts things or measures them."""
    if mention.kind not in {Kind.QUANTITY, Kind.BARE} or mention.unit in {"元", "亿元", "万元", "年"}:
        return Span(start=mention.tail, end=mention.tail)
    return following_noun(text, mention.tail, limit)


def _subjects(before: str, counted: str, topic: Topic) -> Iterator[tuple[str, Phrase]]:
    """The subject, or the subjects that share the number."""
    if topic.phrase and topic.left and _JOIN.fullmatch(before):
        yield topic.left[0], topic.phrase
        return
    phrase = peel(before)
    if Role.RESPECTIVELY in phrase.flags:
        yield _dealt(phrase, topic)[0], phrase
    elif Role.EACH in phrase.flags and len(_ITEMS.split(phrase.noun)) > 1:
        for item in expand(phrase.noun):
            yield item, phrase
    else:
        yield _subject(phrase, counted, topic), _inherit(phrase, before, topic)


def _inherit(phrase: Phrase, before: str, topic: Topic) -> Phrase:
    """A number that only 、 or 和 separates from the one before it is said of by the same words."""
    return topic.phrase if topic.phrase and before and _JOIN.fullmatch(before) else phrase


def _dealt(phrase: Phrase, topic: Topic) -> tuple[str, ...]:
    """The subjects that 分别 deals out: those of its own clause, else those that the sentence has named."""
    return expand(phrase.noun) if phrase.noun else topic.dealt[-2:] or (topic.subject,)


def _deal(before: str, topic: Topic) -> Topic:
    """Lay out what 分别 has still to deal after this number."""
    if topic.left and _JOIN.fullmatch(before):
        return Topic(subject=topic.subject, dealt=topic.dealt, left=topic.left[1:], phrase=topic.phrase)
    phrase = peel(before)
    if Role.RESPECTIVELY not in phrase.flags:
        return topic
    return Topic(subject=topic.subject, dealt=topic.dealt, left=_dealt(phrase, topic)[1:], phrase=phrase)


def _after(topic: Topic, subject: str, phrase: Phrase, mention: Mention) -> Topic:
    """The topic that a bound number leaves behind: a bare property (增速) keeps the thing it is a property of."""
    keeps = not phrase.noun or is_attribute(phrase.noun) or phrase.move == Role.STREAK
    return Topic(
        subject=topic.subject if keeps and topic.subject else subject,
        dealt=(*topic.dealt, subject)[-4:] if mention.kind != Kind.POINTS else topic.dealt,
        left=topic.left,
        phrase=phrase,
    )


def _subject(phrase: Phrase, counted: str, topic: Topic) -> str:
    """The subject of one number: the noun before it, what it counts behind it, or the one carried on."""
    noun = phrase.noun[-_NOUN_LIMIT:]
    if counted:
        return noun[-_COUNTED:] + counted
    if is_attribute(noun) and topic.subject:
        return topic.subject + noun
    return noun or topic.subject


def expand(noun: str) -> tuple[str, ...]:
    """The items of an enumeration, each with the head that only the last one bears (城镇、农村居民收入)."""
    items = [item for item in _ITEMS.split(noun) if item]
    if not items:
        return ("",)
    last = items[-1]
    head = _HEAD.search(last)
    return (*(_whole(item, last, head.group() if head else "") for item in items[:-1]), last)


def _whole(item: str, last: str, head: str) -> str:
    """An item of an enumeration, completed from the last one where it lacks a head."""
    if _HEAD.search(item) or not head:
        return item
    if len(last) - len(item) >= _PARALLEL:
        return item + last[len(item) :]
    return item + head
