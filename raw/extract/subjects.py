"""The subject of each number, clause by clause, elided subjects carried on.

Within a sentence the last subject holds until another is named (完成GDP573.72亿元，增长3.5%: both are GDP's); a list of
subjects is distributed over a list of numbers (分别, or lists of the same length); 均 gives them all the same number.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from raw.extract.clauses import clauses
from raw.extract.cue_words import CueRole
from raw.extract.mentions import Mention, MentionKind
from raw.extract.noun_lists import expand, expand_compound, has_head, items, owner_of, with_owner
from raw.extract.phrases import Phrase, clean, is_attribute, parse_prefix
from raw.extract.slots import NumberSlot, slots
from schemas.document import Span
from schemas.registry.indicators import identify
from schemas.registry.units import resolve

_VERB = re.compile(
    r"实现|保持|位居|稳步|持续|再|取得|获|加快|迈|明显|全面|突破|创|达|稳|更|较|不断|有|建成|成为|增长|提升|提高"
)
_NOUN_LIMIT = 24
# How far back a bracket may open, and where a long noun phrase may be cut.
_BRACKET = 60
_BOUNDARY = re.compile(r"[，,：:；的]")
_LONGEST_NOUN = 40
# Verbs of spending: what the money is for stands behind the amount.
_SPENDING = re.compile(
    r"(?:[^，,]{0,8}?(?:共|累计|统筹|市级|省级|财政|全市|市本级|全年|进一步))?"
    r"(?:安排|设立|投入|筹集|拨付|下达|发放|支持|争取(?:到位)?|获得|获批|统筹|落实|整合|兑现|追加|筹措|争取到)(?:资金)?"
)
# Heads that are series of their own too (投资): they belong to a topic, and not to another aggregate (进口、投资).
_SERIES_LIKE = frozenset({"投资", "投资额", "总投资", "利润", "面积", "床位", "产能", "增加值", "产值", "产量", "税收"})
# 新增17个博士点、45个硕士点: both are additions.
_ADDS = re.compile(r"(?:新增|新建|净增|新认定|新获批|改善|扶持|整治|改造|改扩建|关停|引进|淘汰|拆除|修复)$")
# 新增过会企业16家、上市企业10家: an addition holds for the items of its list, whose nouns have no verb of their own.
_ADDED = re.compile(r"(?:新增|净增|新认定|新获批|新登记|新培育|新设立?|新引进|新签约)(?!长|值|设)")
_HAS_VERB = re.compile(
    r"[新净共总实完建改培引获创打入评启开投搬扩关淘取调成修治推组整转支发补带累吸惠覆减处查办]|[^，]{0,3}(?:存量|余额|保有量|总|率$)"
)
_GROWN = frozenset({"新增", "净增"})
_TOTALS = frozenset({"总量", "总数", "总额", "存量", "数量", "规模"})
_COUNTS = frozenset({"count", "household", "person"})
_AREAS = frozenset(
    {"省", "市", "县", "区", "省级", "市级", "县级", "区级", "市本级", "县区", "城镇", "农村", "乡村", "中央"}
)
_PART_OF_AREA = re.compile(r"[，,(]?其中[:：]?")
_AREA = re.compile(r"(?:中心)?城区|县城|农村|城镇|乡镇|市区|主城区|[\u4e00-\u9fff]{1,5}(?:[市县区州]|开发区|高新区)")
# A part of the area whose series are not those of the area, and the words for the whole of it.
_PLACE = re.compile(
    r"[^，,、]{0,14}(?:片区|园区|开发区|新区|高新区|经开区|自贸区|功能区|集聚区|港区|示范区|试验区|城区|县城|县域|"
    r"(?<![全我本各])(?:县市区|县区|县(?!级|以)|[\u4e00-\u9fff]{2}[州旗]))"
)
_WHOLE_AREA = re.compile(r"全[国省市区县州盟旗]|[我本](?:省|市|区|县|州)")
# 连续17年获评…城市 counts the years of an award, not of the subject before it.
_AWARD = re.compile("获|荣获|入选|入围|被评|被授|蝉联|上榜|进入|捧得|无|未|没有|实现")
_ONLY_VERBS = re.compile(
    r"(?:全面|加快|着力|有序|大力|积极|深入|持续|稳步|重点|统筹|扎实|抓紧)*"
    r"(?:推进|开展|实施|抓好|启动|支持|推动|打造|落实|组织|谋划|深化|加强|培育)"
)
_JOINED = re.compile(r"(?:和|与|(?<![惠普涉])及)$")
# 等15家企业: a noun this short says nothing without an example.
_GENERIC = 2
_SIZE = re.compile(r"(?:价值|总投资|投资额|投资|总规模|规模|总面积|面积|装机|产值|资金)$")
# The structure of output; that of investment or employment is another.
_STRUCTURE = re.compile(r"^(?!.*(?:投资|就业|从业|用电|贷款|税收)).*产业.*(?:结构|比例|占比|比重|之比)")
_SECTORS = ("第一产业", "第二产业", "第三产业")
_PREFIX_LIMIT = 10
_MOST_NAMED = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectMatch:
    """A mention with its subject, the phrase before it and its clause.

    `counted` is set where the subject ends in the noun after the number (增加|学位 of 增加2500个学位).
    """

    mention: Mention
    subject: str
    phrase: Phrase
    clause: Span
    counted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceContext:
    """What a sentence has named so far.

    Attributes:
        subject: The topic, of which a bare property is (高新技术企业).
        named: The subjects of its numbers.
        undistributed: The subjects of a list that still await their number.
        phrase: The words before the last number.
        listed: Whether its last numbers were a list over a list of subjects.
        mention: Its last number.
        place: The part of the area that its subjects belong to (自贸区|规上工业总产值), until the whole area is named.
        amount: The property of the topic that the last number was (高新技术企业|产值), which what follows it is of.
    """

    subject: str = ""
    named: tuple[str, ...] = ()
    undistributed: tuple[str, ...] = ()
    phrase: Phrase | None = None
    listed: bool = False
    mention: Mention | None = None
    place: str = ""
    amount: str = ""


def match_subjects(text: str, sentence: Span, mentions: Iterable[Mention]) -> Iterator[SubjectMatch]:
    """Yield the mentions of a sentence with their subjects, in order; twice or more where subjects share a number."""
    context, outside = SentenceContext(), None
    waiting = deque(mentions)
    for clause in clauses(text, sentence):
        inside = []
        while waiting and waiting[0].start < clause.end:
            inside.append(waiting.popleft())
        if not inside:
            # A clause without numbers can still name the subject: 国家高新区排名实现争先进位，…提升四位.
            words = clean(text[clause.start : min(clause.end, clause.start + _NOUN_LIMIT)])
            noun = _VERB.split(words)[0]
            context = SentenceContext(subject=noun, named=context.named) if len(noun) > 1 else context
            continue
        for slot in slots(text, clause, inside):
            # What stands in brackets is a remark: behind them the sentence goes on with its own subject.
            bracketed = _is_bracketed(text, sentence, slot.mention)
            if bracketed and outside is None:
                outside = context
            elif outside is not None and not bracketed:
                context, outside = outside, None
            subjects = tuple(
                (_complete(name, phrase, slot, context), phrase) for name, phrase in _subjects(slot, context)
            )
            counted = bool(slot.counted)
            for subject, phrase in subjects:
                yield SubjectMatch(mention=slot.mention, subject=subject, phrase=phrase, clause=clause, counted=counted)
            context = _next_context(context, slot, subjects)


def _complete(subject: str, phrase: Phrase, slot: NumberSlot, context: SentenceContext) -> str:
    """Return a subject with what the sentence said before and holds for it too: an addition, a place.

    A total behind an addition is of all (新增实验室5家、达到14家).
    """
    added = _ADDED.search(subject)
    if added and _is_total(phrase, slot, context):
        return subject[: added.start()] + subject[added.end() :]
    if context.place and not identify(subject).startswith("x:"):
        return context.place + subject
    before = _ADDED.match(context.phrase.noun) if context.phrase else None
    joins = slot.before.startswith(("、", "和")) and phrase.move is None and phrase.noun and not slot.starts_clause
    if before and joins and not _HAS_VERB.match(phrase.noun) and _is_alike(slot.mention, context.mention):
        return before.group() + subject
    return subject


def _is_total(phrase: Phrase, slot: NumberSlot, context: SentenceContext) -> bool:
    """Return whether a number is what an addition made: it has no noun of its own, and is larger in the same unit."""
    last = context.mention
    if last is None or not _is_alike(slot.mention, last):
        return phrase.noun in _TOTALS
    reaches = phrase.noun in _TOTALS or (not phrase.noun and phrase.move in {CueRole.REACH, CueRole.TO})
    return reaches and _amount(slot.mention) > _amount(last)


def _is_alike(mention: Mention, other: Mention | None) -> bool:
    """Return whether two numbers count in the same kind of unit."""
    if other is None or not mention.kind == other.kind == MentionKind.QUANTITY:
        return False
    codes = {resolve(mention.unit).code, resolve(other.unit).code}
    return len(codes) == 1 or codes <= _COUNTS


def _amount(mention: Mention) -> float:
    return mention.value * 10.0 ** resolve(mention.unit).mult


def _is_bracketed(text: str, sentence: Span, mention: Mention) -> bool:
    before = text[max(sentence.start, mention.start - _BRACKET) : mention.start]
    return before.count("(") > before.count(")")


def _subjects(slot: NumberSlot, context: SentenceContext) -> Iterator[tuple[str, Phrase]]:
    """Yield the subject of a number, or the subjects that share it, each with the phrase before it."""
    if slot.continues_list and context.undistributed and context.phrase:
        yield context.undistributed[0], context.phrase
        return
    phrase = _split_prefix(slot, context)
    if slot.continues_list and context.phrase and not phrase.noun:
        shared = not slot.counted or _ADDS.search(context.phrase.noun)
        phrase = replace(context.phrase, noun=context.phrase.noun if shared else "")
    distributed = _distribute_subjects(phrase, slot, context)
    if distributed:
        yield distributed[0], phrase
    elif slot.mention.part and _STRUCTURE.search(phrase.noun or context.subject):
        yield f"{_SECTORS[slot.mention.part - 1]}占比", phrase
    elif _applies_to_each(phrase, slot):
        for item in expand(phrase.noun):
            yield item, phrase
    elif CueRole.EACH in phrase.flags and (not phrase.noun or is_attribute(phrase.noun)) and context.named:
        for item in dict.fromkeys(context.named):
            yield item, phrase
    else:
        yield _subject(phrase, slot, context), phrase


def _split_prefix(slot: NumberSlot, context: SentenceContext) -> Phrase:
    """Return the phrase before a number; after a remark (、稳居前列、增长) the subject is the previous one.

    A remark at the start of its clause has a subject of its own (高新技术企业数量实现翻番、达1.8万家).
    """
    percent = slot.mention.kind == MentionKind.PERCENT
    phrase = parse_prefix(slot.before, is_percent=percent)
    if phrase.noun in _GROWN and not slot.counted and context.subject:  # 贷款余额801亿元，新增160亿元
        return replace(phrase, noun="", move=CueRole.RISE)
    remark, mark, end = slot.before.rpartition("、")
    last = parse_prefix(end, is_percent=percent)
    if not mark or last.noun or not phrase.noun or not last.flags.isdisjoint({CueRole.RESPECTIVELY, CueRole.EACH}):
        return phrase
    if slot.starts_clause:
        return replace(last, noun=_VERB.split(clean(remark))[0])
    return last if context.subject else phrase


def _distribute_subjects(phrase: Phrase, slot: NumberSlot, context: SentenceContext) -> tuple[str, ...]:
    """Return the subjects of a list before a list of numbers: 分别 says so, or the lists have the same length."""
    count = slot.following + 1
    if count > 1 and (pair := expand_compound(phrase.noun, count)):
        return pair
    # …分别达到A和B，比上年增长C和D: the second list is of the same series.
    latest = tuple(dict.fromkeys(context.named[-count:]))
    if count > 1 and not phrase.noun and not slot.counted and len(latest) == count and context.listed:
        return latest
    if CueRole.RESPECTIVELY in phrase.flags:
        if phrase.noun and context.subject and all(item in _AREAS for item in items(phrase.noun)):
            return tuple(item + context.subject for item in items(phrase.noun))
        return expand(phrase.noun) if phrase.noun else context.named[-max(count, 2) :] or (context.subject,)
    if count > 1 and not slot.counted and len(items(phrase.noun)) == count:
        return expand(phrase.noun)
    return ()


def _applies_to_each(phrase: Phrase, slot: NumberSlot) -> bool:
    """Return whether each item of the subject has the number: 均 says so, or it is a rank of two properties."""
    count = len(items(phrase.noun))
    if CueRole.EACH in phrase.flags:
        return count > 1
    if slot.mention.kind == MentionKind.PERCENT and count > 1 and phrase.move in {CueRole.RISE, CueRole.FALL}:
        paced = CueRole.REACH in phrase.flags and slot.following == 0  # 海洋电力、海洋旅游增速保持在10%以上
        return paced or all(not identify(item).startswith("x:") for item in expand(phrase.noun))
    if slot.mention.kind == MentionKind.PERCENT and slot.following == 0 and count > 1:
        return all(item.endswith("率") for item in items(phrase.noun))
    ranked = slot.mention.ordinal and CueRole.RANKING in phrase.flags
    return ranked and count > 1 and all(has_head(item) for item in items(phrase.noun))


def _next_context(
    context: SentenceContext, slot: NumberSlot, subjects: tuple[tuple[str, Phrase], ...]
) -> SentenceContext:
    """Return the context after a number: a bare property (增速) keeps the thing it is a property of."""
    subject, phrase = subjects[-1]
    related = phrase.noun.startswith("占") or CueRole.COMPLETION in phrase.flags
    keeps_subject = not slot.counted and (not phrase.noun or is_attribute(phrase.noun) or related)
    named = () if slot.mention.kind == MentionKind.POINTS else tuple(subject for subject, _ in subjects)
    is_amount = phrase.noun in _SERIES_LIKE or phrase.noun in _TOTALS or phrase.noun == "人均"
    return SentenceContext(
        subject=context.subject if keeps_subject and context.subject else subject,
        amount=subject if is_amount and keeps_subject else context.amount if not phrase.noun else "",
        named=(*context.named, *named)[-_MOST_NAMED:],
        undistributed=context.undistributed[1:]
        if slot.continues_list
        else _distribute_subjects(phrase, slot, context)[1:],
        phrase=phrase,
        listed=CueRole.RESPECTIVELY in phrase.flags or (context.listed and not phrase.noun),
        mention=slot.mention,
        place=_place(subject, slot, context),
    )


def _place(subject: str, slot: NumberSlot, context: SentenceContext) -> str:
    """Return the part of the area that what follows belongs to: its series would else be taken for the whole area's."""
    if _WHOLE_AREA.search(slot.before):
        return ""
    for noun in (slot.counted, subject):
        place = _PLACE.match(noun)
        if place and (place.group() == slot.counted or not identify(noun[place.end() :]).startswith("x:")):
            return place.group() if identify(noun).startswith("x:") else context.place
    return context.place


def _subject(phrase: Phrase, slot: NumberSlot, context: SentenceContext) -> str:
    """Return the subject of a number: the noun that it counts, the noun before it, or the previous subject."""
    noun = _cut(phrase.noun)
    if phrase.move == CueRole.STREAK:
        return noun or (slot.counted if _AWARD.match(slot.counted) else "") or context.subject or slot.counted
    if slot.counted:
        return _counted_subject(noun, slot)
    related = _related_subject(noun, slot, context, completes=CueRole.COMPLETION in phrase.flags)
    if related:
        return related
    if _SPENDING.fullmatch(noun):
        return slot.purpose or noun
    if slot.qualified and (size := _SIZE.search(noun)):  # 总投资310亿元的项目
        return slot.qualified + size.group()
    # A number that starts its clause is what the predicate is about: 47人入选…, 其中1项获….
    leads = not slot.continues_list and clean(slot.before) == ""
    return noun or (slot.predicate if leads else "") or context.amount or context.subject


def _counted_subject(noun: str, slot: NumberSlot) -> str:
    """Return the subject of a number that counts the noun behind it."""
    if noun.endswith("等") and len(slot.counted) <= _GENERIC:
        return items(noun)[-1] + slot.counted
    names_nothing = _SPENDING.fullmatch(noun) or _ONLY_VERBS.fullmatch(noun) or _JOINED.search(slot.before)
    if noun.endswith("等") or names_nothing:
        return slot.counted
    if noun:
        return (noun if len(items(noun)) == 1 and len(noun) <= _PREFIX_LIMIT else "") + slot.counted
    return slot.predicate + slot.counted


def _related_subject(noun: str, slot: NumberSlot, context: SentenceContext, *, completes: bool) -> str:
    """Return the subject of a number that is a property of the topic of its sentence; empty where it is not."""
    if completes:
        return noun or context.subject
    if not context.subject:
        return ""
    if noun.startswith("占"):
        return context.subject + noun
    if _PART_OF_AREA.match(slot.before) and _AREA.fullmatch(noun):  # 其中中心城区
        return noun + context.subject
    if owned := with_owner(noun, context.subject):  # 预算收入75亿元、支出194亿元
        return owned
    is_property = is_attribute(noun) and not _is_series_of_its_own(noun, context.subject)
    return _with_topic(context.subject, noun) if is_property else ""


def _is_series_of_its_own(noun: str, topic: str) -> bool:
    """Return whether a head names another series than one of the topic: 投资 after 进口 is all investment."""
    return noun in _SERIES_LIKE and (not identify(topic).startswith("x:") or not owner_of(topic))


def _with_topic(topic: str, noun: str) -> str:
    """Return a property with the thing that it is a property of; another property of that thing is left out."""
    if noun == "人均":
        return noun + topic
    owner, of, _ = topic.rpartition("的")
    return (owner + of if of else owner_of(topic) if noun in _SERIES_LIKE else topic) + noun


def _cut(noun: str) -> str:
    """Return the end of a long noun phrase, cut where a phrase ends."""
    words = clean(noun)
    if len(words) <= _NOUN_LIMIT:
        return words
    cuts = [match.end() for match in _BOUNDARY.finditer(words, len(words) - _NOUN_LIMIT, len(words) - 1)]
    return clean(words[cuts[0] :] if cuts else words[-_LONGEST_NOUN:])
