"""Sentences and clauses, and the noun phrases around a number inside a clause."""

from __future__ import annotations

import re
from collections.abc import Iterator

from schemas.document import Span

_SENTENCE = re.compile(r"[。！？!?；;\n]")
# A comma, a colon or a dash between digits belongs to the number (1,234; 1:1; 2—4家).
_CLAUSE = re.compile(r"，|(?<!\d),|,(?!\d)|(?<![\d%‰])[：:—]|[：:—](?!\d)")
_FOLLOWING = re.compile(
    r"(?:\d{1,2}(?:-\d{1,2})?岁(?:及?以[上下])?)?[“”\"‘’]?(?:[345]G)?[\u4e00-\u9fffA-Za-z]"
    r"(?:(?<=[省市县区家])、(?=[省市县区乡])|[\u4e00-\u9fffA-Za-z“”（）()·\-]|(?<=PM)(?:2\.5|10)|\(市、区\)){0,23}"
)
_CUT = re.compile(
    r"(?:全国|全省|全市|全球|世界|全区)(?=第|前|首|领先|最)|(?<!规模)(?<!限额)(?<!元)(?<!岁)(?<!级)以上|"
    r"获评|获得|获批|荣获|被评|被列|入选|排全|居全|位居|启动|完成|通过|顺利|实现|建成|投产|开工|落地|突破|达到|"
    r"增长|改善|下降|上升|同比|左右|以内|同时|基本|全部|和(?=\d)|(?<![省市县区家])、|、(?![省市县区乡])|及(?=\d)|，|,"
)
# Verbs that lead to a further number, which this number does not count.
_LEADING = re.compile(r"(?:达|为|占|至|均|超)+$")
_ATTRIBUTES = re.compile(r"、[^，,。；;、\d]{1,12}的[\u4e00-\u9fff]{2,10}")
_VERBAL = re.compile(r"^(?:以上|左右|以内|以下|的|等(?!级)|时|来|元|起|后(?!备)|前(?!沿)|至|到|、|和|及|与|且|并|或)+")
_NOT_NOUN = re.compile(
    r"^(?:增(?![值设量])|减(?=[至到少])|台阶|大关|关口|整合|调整|压减|增加|减少|上升|增长|同比|比|较|占|居(?![家民住])|位居|位列|分别|均|全力|达|为|是|建成|投产|开工|"
    r"落地|运营|投入|顺利|升|降|下降|提高|提升|同|名列|扩大|惠及|覆盖|获|超|创(?![业新意])|实现|完成)"
)


def sentences(text: str, body: Span) -> Iterator[Span]:
    """Yield the sentences of a span, without their end marks; a semicolon ends a sentence too."""
    start = body.start
    for mark in _SENTENCE.finditer(text, body.start, body.end):
        yield Span(start=start, end=mark.start())
        start = mark.end()
    yield Span(start=start, end=body.end)


def clauses(text: str, sentence: Span) -> Iterator[Span]:
    """Yield the clauses of a sentence."""
    start = sentence.start
    for mark in _CLAUSE.finditer(text, sentence.start, sentence.end):
        yield Span(start=start, end=mark.start())
        start = mark.end()
    yield Span(start=start, end=sentence.end)


def following_noun(text: str, start: int, end: int) -> Span:
    """Return the noun phrase after a number that it counts (12家|强村公司), empty where there is none."""
    lead = _VERBAL.match(text[start:end])
    match = None if lead else _FOLLOWING.match(text, start, end)
    if not match or _NOT_NOUN.match(match.group()):
        return Span(start=start, end=start)
    cut = _CUT.search(match.group())
    noun = _LEADING.sub("", match.group()[: cut.start()] if cut else match.group())
    if attributes := _ATTRIBUTES.match(text, start + len(noun), end):
        return Span(start=start, end=attributes.end())
    return Span(start=start, end=start + len(noun.rstrip("和与及")))
