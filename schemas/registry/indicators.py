"""The registry of indicators, and which of them the words of a subject name."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from schemas.codelists import Direction, Theme
from schemas.registry.units import resolve

_PROVINCES = (
    "北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|"
    "陕西|甘肃|青海|内蒙古|广西|西藏|宁夏|新疆"
)
# Words before the name of a series that do not change it: the whole area, the year, a verb, an emphasis.
# A place inside the area (广州, 市区, 南疆), the nation and a part of the year denote other series and are not removed.
_FRONT = re.compile(
    rf"^(?:[省市区](?![省市区县级属直管内外域]))?(?:全(?:省|市|区|县|州|盟|旗|疆|岛)|[我本](?:省|市|区|县|州)"
    rf"|(?:{_PROVINCES})(?:(?:壮族|回族|维吾尔)?自治区|省|市)?|地方|全社会|完成|实现|达到|保持|预计|预期|力争|确保|争取|提出"
    r"|其中|累计|全年|年末|年内|年底|年度|年均|每年|今年|去年|本年|当年|明年|\d{4}年|我们)*"
)
# Words after it: those for its size, its change and its target.
_TAIL = re.compile(
    r"(?:总量|总?规模|总水平|总额|总值|金额|额|值|平均值?|均值|总数|数量?|增速|增幅|增长率?|增至|涨幅|降幅|目标|预期|控制|同比|累计|达到?|"
    r"实现|完成)$"
)
# The total after an addition is the series itself, not an addition: 新增经营主体8700户、总量达5.1万户.
_TOTAL = re.compile(r"(?:新增|净增|新认定|新结对)(?P<series>.+?)(?:总量|总数)")
# Spellings of one word; the longest is tried first.
_SPELLINGS = MappingProxyType(
    {
        "地区生产总值gdp": "生产总值",
        "地区生产总值": "生产总值",
        "国内生产总值": "生产总值",
        "生产总值gdp": "生产总值",
        "gdp": "生产总值",
        "规模以上": "规上",
        "规模工业": "规上工业",
        "限额以上": "限上",
        "第一产业": "一产",
        "第二产业": "二产",
        "第三产业": "三产",
        "一产业": "一产",
        "二产业": "二产",
        "三产业": "三产",
        "常住居民": "居民",
        "市场经营主体": "经营主体",
        "市场主体": "经营主体",
        "出口总值": "出口总额",
        "进口总值": "进口总额",
        "研究与试验发展r&d": "研发",
        "研究与试验发展": "研发",
        "r&d": "研发",
        "细颗粒物pm2.5": "pm2.5",
        "细颗粒物": "pm2.5",
        "的占比": "比例",
        "的比重": "比例",
        "的比例": "比例",
        "的比率": "比例",
        "占比": "比例",
        "比重": "比例",
        "比率": "比例",
        "各类": "",
        "各项": "",
    }
)
_SPELLING = re.compile("|".join(re.escape(word) for word in sorted(_SPELLINGS, key=len, reverse=True)))
_WIDE = MappingProxyType({code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)})
_NOTE = re.compile(r"[\[［【〔]\d+[\]］】〕]")
_THEMES: MappingProxyType[object, Theme] = MappingProxyType({theme.value: theme for theme in Theme})
_DIRECTIONS: MappingProxyType[object, Direction] = MappingProxyType({code.value: code for code in Direction})
_COUNTED = frozenset({"count", "household", "person"})
_NOISE = re.compile(r"[\s“”\"'‘’《》()（）\[\]【】、,，。;；:：·|/\\~]+")
SLUG_LIMIT = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """One series that reports quantify.

    Attributes:
        id: Stable and never reused.
        cues: The words that name it on their own.
        unit: The usual unit of its level, as stated (亿元).
        range_min: The lower bound of its level in that unit, for a zone.
        range_max: The upper bound of its level in that unit, for a large province.
        nbs_code: The table of the National Bureau's database that contains it (`fsnd:A0201`: yearly data by province,
            table A0201).
        growth_prices: `constant` if growth is by convention at constant prices.
        part: The indicator of the numerator, for a ratio.
        whole: The indicator of the denominator, for a ratio.
    """

    id: str
    label_zh: str
    label_en: str
    definition: str
    definition_zh: str
    unit: str
    theme: Theme
    direction: Direction
    cues: tuple[str, ...]
    range_min: float | None = None
    range_max: float | None = None
    nbs_code: str = ""
    growth_prices: str = ""
    part: str = ""
    whole: str = ""


@cache
def load_indicators() -> tuple[Indicator, ...]:
    """Return the indicators of the package, sorted by id."""
    table = tomllib.loads(files("schemas.registry").joinpath("indicators.toml").read_text(encoding="utf-8"))
    entries = (_entry(key, row) for key, row in table.items())
    return tuple(sorted(entries, key=lambda entry: entry.id))


def _entry(key: str, row: dict[str, object]) -> Indicator:
    cues = row.pop("cues", [])
    named = (str(row["label_zh"]), *(str(cue) for cue in cues)) if isinstance(cues, list) else ()
    codes = {"theme": _THEMES[row.pop("theme")], "direction": _DIRECTIONS[row.pop("direction")]}
    return Indicator(id=key, cues=named, **codes, **row)  # type: ignore[arg-type] # the registry's test holds the types


@cache
def by_cue() -> MappingProxyType[str, Indicator]:
    """Return the indicator of each cue in its common spelling."""
    return MappingProxyType({_respell(indicator_slug(cue)): entry for entry in load_indicators() for cue in entry.cues})


@cache
def by_id() -> MappingProxyType[str, Indicator]:
    """Return the indicator of each id."""
    return MappingProxyType({entry.id: entry for entry in load_indicators()})


def identify(subject: str) -> str:
    """Return the registry id of the words of a subject, or `x:` and their slug if the registry has none.

    The words must name the series and nothing else (海洋生产总值 is not 生产总值); words for place, time and manner
    (全市, 完成, 增速) are ignored.
    """
    words = indicator_slug(subject)
    cues = by_cue()
    indicator = next((cues[name] for name in _names(_respell(words)) if name in cues), None)
    return indicator.id if indicator else f"x:{words or 'unnamed'}"


def _names(words: str) -> Iterator[str]:
    """Yield possible names of the series: the words, then without those before the name, each without its tail."""
    core = _FRONT.sub("", words)
    total = _TOTAL.fullmatch(core)
    if total and _is_counted(total["series"]):
        yield total["series"]
    yield from _shortened(words)
    yield from _shortened(core)


def _shortened(words: str) -> Iterator[str]:
    """Yield the words, then the words without each trailing word for size, change or target."""
    while words:
        yield words
        tail = _TAIL.search(words)
        words = words[: tail.start()] if tail else ""


def _is_counted(name: str) -> bool:
    entry = by_cue().get(name)
    return entry is not None and resolve(entry.unit).code in _COUNTED


def indicator_slug(subject: str) -> str:
    """Return the words of a subject in lower case, without punctuation and note numbers, cut to `SLUG_LIMIT`."""
    return _NOISE.sub("", _NOTE.sub("", subject).translate(_WIDE)).lower()[-SLUG_LIMIT:]


def _respell(words: str) -> str:
    return _SPELLING.sub(lambda match: _SPELLINGS[match.group()], words)


def normalise_spelling(words: str) -> tuple[str, tuple[int, ...]]:
    """Return words in the common spelling without punctuation, and the position of each character in the input."""
    chars = [(char, place) for place, mark in enumerate(words) for char in mark.translate(_WIDE).lower()]
    chars = [(char, place) for char, place in chars if not _NOISE.match(char)]
    plain, places = "".join(char for char, _ in chars), [place for _, place in chars]
    text, origins, done = "", list[int](), 0
    for match in _SPELLING.finditer(plain):
        common = _SPELLINGS[match.group()]
        first, last = places[match.start()], places[match.end() - 1]
        text += plain[done : match.start()] + common
        origins += [*places[done : match.start()], *([first] * (len(common) - 1)), *([last] if common else [])]
        done = match.end()
    return text + plain[done:], (*origins, *places[done:])


def without_circumstance(words: str) -> str:
    """Return words in the common spelling without what leads to the name of a series: place, time and manner."""
    return _FRONT.sub("", words)


def is_circumstance(words: str) -> bool:
    """Return whether words in the common spelling only state place, time and manner."""
    return not _FRONT.sub("", words)
