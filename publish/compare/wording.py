"""Where a report names an indicator in words.

A clause names it where the whole name stands there, in any of its spellings, as a thing of its own: what stands before
it may only say where, when and how (全区, 实现), and what follows may not make another thing of it (海洋生产总值 and
生产总值能耗 are not 生产总值). Failing that, a clause counts that has nearly all of the name and speaks of no other
series. One outside the registry has only the words of one report, which the next one hardly repeats: for it half of the
words are a hint, too weak to be quoted and too strong to call the report silent.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import cache

from schemas.document import Document, Span, TimeOrientation
from schemas.registry.indicators import by_id, is_circumstance, normalise_spelling

# A comma, a colon or a dash between digits belongs to the number.
_MARKS = "。！？!?；;\n，,：:—"
_CLAUSE = re.compile(rf"[^{_MARKS}]+(?:(?<=\d)[,：:—](?=\d)[^{_MARKS}]+)*")
_YEAR = re.compile(r"(?:19|20)\d\d年")
# What may lead to a name, whatever stands before it: marks of a list, verbs, a count (20项民生实事).
_LEAD = re.compile(
    r".*(?:[、/及和与]|以及|推动|促进|推进|带动|拉动|支撑|引领|确保|稳定|稳住|扩大|提高|提升|增加|做大|壮大|加快|加大|加强|争取|力争|降低|减少|压减|"
    r"控制|坚持|努力|使|让|将|对|在|了|是|年[末底初]|落实|落户|引进|培育|建成|建设|改造|获批|拥有|接受|参加|发放|开展|布局|组建|认定|打造|办好|办成|实施|"
    r"\d[万亿]?[\u4e00-\u9fff])"
)
# What says how a series is: behind a short name nothing else may stand.
_PREDICATE = re.compile(
    r"总量|总额|总值|规模|总数|数量|增(?!加值)|温和|稳|平稳|持续|连续|较|快速|加快|保持|实现|完成|达|突破|超|提[高升]|上[升涨扬]|[下回]降|降|减|回|扩大|"
    r"改善|好转|居|位[居列于]|排|占|[同环]比|明显|显著|大幅|[小微略]|再|创|首|不断|逐|总体|基本|全面|全部|双|均|分别|为|有所|进一步|继续|好于|高于|"
    r"低于|快于|由|从|[迈跨跃]|翻|约|近|也|未|[涨跌降]幅|\d|[、及和与]|以及"
)
_OTHER_THING = re.compile(r"率|占?比[重例率]|占.{0,12}比|之比|的?比|强度|能耗|电耗|水耗|用水|二氧化碳")
_VERBS = re.compile(
    r"^(?:新|再|力争|确保|全年|计划|加快|推动|推进|实施|建设|建成|完成|新建|改建|扩建|改造|培育|引进|新增|打造|开展|组织|举办|支持|落实|用好|争取|"
    r"筹建|发放|治理|整治|提升|建立|启动|开工|投产|安排|投入|达到|突破|更新|净增|实现|促进|扩大|提高)+"
)
_CODE = re.compile("[a-z0-9][a-z0-9.&]+")
_BRACKETS = " \u3000“”‘’\"'《》（）()"
_OPENING = ("“", "‘", "《", "(", "（")
_SHORT = 5
_NEARLY, _HALF = 0.8, 0.5
_SOME = 0.33
_VAGUE = 3


class Confidence(IntEnum):
    """How surely words say how a series did in the year of the report, the surest first."""

    SAID = 0
    MENTIONED = 1
    ALIKE = 2
    PLANNED = 3
    HINTED = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberPositions:
    """The places of the numbers that were read in a report, in their order.

    Those that it promises, the actual ones of series of the registry, and the actual ones of others.
    """

    promised: tuple[int, ...] = ()
    known: tuple[int, ...] = ()
    unknown: tuple[int, ...] = ()


UNREAD = NumberPositions()


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchableClause:
    """A clause of a report: where it starts, its text, the same in the common spelling, and where that comes from.

    `ahead` says that it looks ahead, `taken` that all numbers read in it are of series of the registry.
    """

    start: int
    text: str
    words: str
    places: tuple[int, ...]
    ahead: bool
    taken: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorMention:
    """Words that name a series, from its name to the end of the clause, and whether a number stands in them."""

    span: Span
    firmness: Confidence
    has_number: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchableReport:
    """The clauses of a report that can say how things are, and in which of them two characters are neighbours."""

    clauses: tuple[SearchableClause, ...]
    pairs: Mapping[str, tuple[int, ...]]


def wording(document: Document, read: NumberPositions = UNREAD) -> SearchableReport:
    """Prepare a report for searches, with the positions of its numbers.

    A clause that states a target cannot say how things are: neither one that holds its number nor one with a number
    where the report looks ahead. Nor can the explanation of a term.
    """
    clauses = tuple(_clauses(document, read))
    pairs: dict[str, list[int]] = {}
    for index, clause in enumerate(clauses):
        for pair in _bigrams(clause.words):
            pairs.setdefault(pair, []).append(index)
    return SearchableReport(clauses=clauses, pairs={pair: tuple(places) for pair, places in pairs.items()})


def whole_text(document: Document) -> SearchableReport:
    """Prepare a report for the search of anything at all about a series: its whole body, plans and terms included."""
    clauses: list[SearchableClause] = []
    pairs: dict[str, list[int]] = {}
    for match in _CLAUSE.finditer(document.text, document.body.start, document.body.end):
        text = match.group().rstrip()
        words, places = normalise_spelling(text)
        for pair in _bigrams(words):
            pairs.setdefault(pair, []).append(len(clauses))
        one = SearchableClause(start=match.start(), text=text, words=words, places=places, ahead=False, taken=False)
        clauses.append(one)
    return SearchableReport(clauses=tuple(clauses), pairs={pair: tuple(places) for pair, places in pairs.items()})


def resembles(among: SearchableReport, series: str, share: float = _SOME) -> bool:
    """Return whether any clause has at least a share of the characters of any name of a series, in their order."""
    kin = _kin(series)
    names = _cues(kin) if kin else _spelling_variants(series)
    codes = {code for name in names for code in _CODE.findall(name)} - {"gdp"}
    if any(code in clause.words for code in codes for clause in among.clauses):
        return True
    return any(True for name in names for _ in _places(among, name, share if len(name) > _VAGUE else 1.0))


def find_mentions(among: SearchableReport, series: str) -> tuple[IndicatorMention, ...]:
    """Return every clause that names a series, by its registry id or by `x:` and its words, in the order of the text.

    New ones of a thing are named by the thing, too (新增高新技术企业, 高新技术企业).
    """
    kin = _kin(series)
    names = _cues(kin) if kin else _spelling_variants(series)
    mentions = {}
    for name in names:
        for index in _places(among, name, 1.0):
            if index not in mentions and (mention := _occurrence(among.clauses[index], name)):
                mentions[index] = mention
    for index, mention in _known_alike(among, names) if kin else _unknown_alike(among, names[-1]):
        mentions.setdefault(index, mention)
    return tuple(mentions[index] for index in sorted(mentions))


def best_mention(mentions: Iterable[IndicatorMention]) -> IndicatorMention | None:
    """Return the mention that says most surely how the series did, the first of several."""
    return min(mentions, key=lambda one: (one.firmness, one.span.start), default=None)


def clause_at(among: SearchableReport, place: int) -> SearchableClause:
    """Return the clause of a report at a place that one of its mentions names."""
    starts = [clause.start for clause in among.clauses]
    return among.clauses[bisect_right(starts, place) - 1]


def is_vague(series: str) -> bool:
    """Return whether a series outside the registry has too few words of its own to be searched for."""
    return series not in by_id() and len(_spelling_variants(series)[-1]) <= _VAGUE


def _clauses(document: Document, read: NumberPositions) -> Iterator[SearchableClause]:
    starts = [section.span.start for section in document.sections]
    for match in _CLAUSE.finditer(document.text, document.body.start, document.body.end):
        outlook = _outlook(document, starts, match.start())
        ahead = outlook is TimeOrientation.AHEAD
        if outlook is TimeOrientation.NONE or _hold(read.promised, match) or (ahead and _has_number(match.group())):
            continue
        text = match.group().rstrip()
        spelling, places = normalise_spelling(text)
        taken = _hold(read.known, match) and not _hold(read.unknown, match)
        yield SearchableClause(start=match.start(), text=text, words=spelling, places=places, ahead=ahead, taken=taken)


def _hold(places: tuple[int, ...], found: re.Match[str]) -> bool:
    """Whether one of some places, in their order, lies in a stretch."""
    return bisect_right(places, found.end() - 1) > bisect_right(places, found.start() - 1)


def _outlook(document: Document, starts: list[int], place: int) -> TimeOrientation:
    """Of the innermost section around a place; a document without sections is one that looks back."""
    before = document.sections[: bisect_right(starts, place)]
    return next((one.outlook for one in reversed(before) if place < one.span.end), TimeOrientation.BACK)


def _kin(series: str) -> frozenset[str]:
    """Return a series of the registry and that of its additions or its stock; none outside the registry."""
    return frozenset({series, series.removesuffix("_new"), f"{series}_new"} & by_id().keys())


@cache
def _cues(kin: frozenset[str]) -> tuple[str, ...]:
    """Return the names of series of the registry in the common spelling, the longest first."""
    names = {normalise_spelling(cue)[0] for series in kin for cue in by_id()[series].cues}
    return tuple(sorted(names, key=lambda name: (-len(name), name)))


def _spelling_variants(series: str) -> tuple[str, ...]:
    """Return the words of a series outside the registry in the common spelling, and the same without their verbs."""
    words = normalise_spelling(series.removeprefix("x:"))[0]
    return words, _VERBS.sub("", words)


def _known_alike(among: SearchableReport, names: Iterable[str]) -> Iterator[tuple[int, IndicatorMention]]:
    """Clauses that look back, state no other known series and have nearly all of a name.

    One that has the whole name as a part of something else says nothing of the series, unless a number stands in it
    that the reader could not place: then it may (登记技术合同成交额增长19.5%).
    """
    for name in names:
        for index in _places(among, name, _NEARLY if len(name) > _SHORT else 1.0):
            clause = among.clauses[index]
            mention = _naming(clause, 0, Confidence.HINTED if name in clause.words else Confidence.ALIKE)
            vague = mention.firmness is Confidence.HINTED and not (mention.has_number and len(name) >= _VAGUE)
            if not (clause.taken or clause.ahead or vague):
                yield index, mention


def _unknown_alike(among: SearchableReport, name: str) -> Iterator[tuple[int, IndicatorMention]]:
    """Clauses that have nearly all, or half, of the words of a series outside the registry."""
    nearly = set(_places(among, name, _NEARLY))
    for index in _places(among, name, _HALF):
        clause = among.clauses[index]
        alike = index in nearly and not clause.ahead and len(name) > _VAGUE
        yield index, _naming(clause, 0, Confidence.ALIKE if alike else Confidence.HINTED)


def _occurrence(clause: SearchableClause, name: str) -> IndicatorMention | None:
    """Where the whole name first stands in a clause, by itself."""
    at = clause.words.find(name)
    while at >= 0:
        start, end = clause.places[at], clause.places[at + len(name) - 1] + 1
        behind = clause.text[end:].lstrip(_BRACKETS)
        has_predicate = _PREDICATE.match(behind) is not None
        if (has_predicate or len(name) >= _SHORT) and _stands_alone(clause.text[:start], behind):
            confidence = Confidence.SAID if has_predicate else Confidence.MENTIONED
            opened = start - (clause.text[start - 1 : start] in _OPENING)
            return _naming(clause, opened, Confidence.PLANNED if clause.ahead else confidence)
        at = clause.words.find(name, at + 1)
    return None


def _stands_alone(before: str, behind: str) -> bool:
    """Whether nothing around a name makes another series of it."""
    lead = _LEAD.sub("", before)
    return is_circumstance(normalise_spelling(lead)[0]) and not _OTHER_THING.match(behind)


def _naming(clause: SearchableClause, start: int, firmness: Confidence) -> IndicatorMention:
    span = Span(start=clause.start + start, end=clause.start + len(clause.text))
    return IndicatorMention(span=span, firmness=firmness, has_number=_has_number(clause.text[start:]))


def _has_number(words: str) -> bool:
    """Whether digits stand in words that are no year."""
    return any(char.isdigit() for char in _YEAR.sub("", words))


def _places(among: SearchableReport, name: str, share: float) -> Iterator[int]:
    """Return the clauses that have at least a share of a name's bigrams."""
    pairs = _bigrams(name)
    shared = Counter(place for pair in pairs for place in among.pairs.get(pair, ()))
    return (place for place, count in shared.items() if count >= share * len(pairs))


def _bigrams(words: str) -> frozenset[str]:
    return frozenset(words[place : place + 2] for place in range(len(words) - 1))
