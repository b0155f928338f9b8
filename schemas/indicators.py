"""The registry of indicators: which series a subject's words name."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

_AREA = re.compile(
    r"^(?:全省|全市|全区|全县|全州|全国|我省|我市|我区|全年|年度|省|市|区|地方|完成|实现|预计|其中|累计|今年|去年|本年|我们|上半年|\d{4}年)+"
)
_TAIL = re.compile(r"(?:总量|增速|增幅|增长目标|预期目标|增长|涨幅|控制|规模|总规模|达|实现|完成)+$")
_NOISE = re.compile(r"[\s“”\"'‘’《》()（）\[\]【】、,，。;；:：·|/\\~]+")
SLUG_LIMIT = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """One series that reports quantify.

    `id` is stable and never reused; `cues` are the words that name it, alone; `unit` is the usual unit of its level as
    stated (亿元); `direction` says which way is good (`up`, `down`, `none`); `range_min` and `range_max` bound its
    level in that unit for a zone, a city or a province; `nbs_code` is the code of the National Bureau of Statistics.
    """

    id: str
    label_zh: str
    label_en: str
    definition: str
    unit: str
    theme: str
    direction: str
    cues: tuple[str, ...]
    range_min: float | None = None
    range_max: float | None = None
    nbs_code: str = ""


@cache
def load_indicators() -> tuple[Indicator, ...]:
    """The registry as shipped, sorted by id."""
    table = tomllib.loads(files("schemas").joinpath("indicators.toml").read_text(encoding="utf-8"))
    entries = (_entry(key, row) for key, row in table.items())
    return tuple(sorted(entries, key=lambda entry: entry.id))


def _entry(key: str, row: dict[str, object]) -> Indicator:
    """One indicator of the file; its labels are cues too."""
    cues = row.pop("cues", [])
    named = (str(row["label_zh"]), *(str(cue) for cue in cues)) if isinstance(cues, list) else ()
    return Indicator(id=key, cues=named, **row)  # type: ignore[arg-type] # the registry's test holds the types


@cache
def by_cue() -> MappingProxyType[str, Indicator]:
    """Each cue with its indicator."""
    return MappingProxyType({cue: entry for entry in load_indicators() for cue in entry.cues})


@cache
def by_id() -> MappingProxyType[str, Indicator]:
    """Each id with its indicator."""
    return MappingProxyType({entry.id: entry for entry in load_indicators()})


def identify(subject: str) -> str:
    """The registry id of a subject's words, or `x:` and their slug where the registry has none.

    The words have to name the series and nothing else (海洋生产总值 is not 生产总值); what only says where and how
    (全市, 总量, 增速) is left aside.
    """
    words = slug(subject)
    core = _AREA.sub("", words)
    for candidate in (words, core, _TAIL.sub("", core)):
        if candidate in by_cue():
            return by_cue()[candidate].id
    return f"x:{words or 'unnamed'}"


def slug(subject: str) -> str:
    """The words of a subject without marks and spaces, at most `SLUG_LIMIT` characters, Latin in lower case."""
    return _NOISE.sub("", subject).lower()[-SLUG_LIMIT:]
