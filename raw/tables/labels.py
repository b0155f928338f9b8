"""The labels of rows: their words, and the row that each is a part of."""

from __future__ import annotations

import re
from dataclasses import dataclass

from raw.tables.headers import without_change
from raw.tables.units import unit_of, without_unit
from schemas.registry.indicators import identify

_BLANKS = re.compile(r"[\s\u00a0\u2002\u2003\u3000\u200b]+")
_ENUMERATED = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}[、.．]|[(（](?:[一二三四五六七八九十]{1,3}|\d{1,2})[)）]|\d{1,2}(?:[、．](?!\d)|\.(?![\d]))|[①-⑳]|[(（][①-⑳][)）]"
    r"|[IVXⅠ-Ⅻ]{1,4}[、.])"
)
_PART = re.compile(r"^(?:(?:在总计中|在合计中|总计中|其中)[:：,，]?|中[:：]|[#＃△▲●·*—–－-]{1,3})")
_NOTES = re.compile(r"(?:\[\d{1,2}\]|［\d{1,2}］|[*＊①-⑳]+|注\d{0,2})$")
_ABBREVIATION = re.compile(r"[(（][A-Za-z.&]{2,8}[)）]$")
_REMARK = re.compile(r"[(（][^()（）]*[)）]$")
# Words that name a part of a whole and nothing alone.
_GENERIC = re.compile(r"(?:合|总|小)计|总额|总数|全部|总指数|其他|其它|本年|上年|数量|金额")
# What a series is: a label with such an end names one on its own.
_SERIES = re.compile(
    r"(?:[额值量数费税款率]|收入|支出|投资|余额|面积|人口|利润|用户|指数|价格|出口|进口|资产|负债|里程|经费|基金|强度|密度|总产出|"
    r"总值|比重|占比|增加值|资金|补助|结余|结转|债务|项目|床位)$"
)
_AREA = re.compile(r".{1,10}(?:[省市县区镇乡州盟旗村]|街道)|全国|城镇|农村|乡村")
# A longer label is no name: the rest of it is not read.
_LONGEST = 100
_NOT_SERIES = re.compile(r"其他|其它")


@dataclass(frozen=True, slots=True, kw_only=True)
class RowLabel:
    """The label of a row.

    Attributes:
        words: Its words without number, 其中 and unit.
        unit: The unit that it states.
        indent: How many blanks stand before it.
        is_part: Whether it says that it is a part of a row above (其中, #).
        is_series: Whether it names a series on its own.
    """

    words: str
    unit: str
    indent: int
    is_part: bool
    is_series: bool

    @property
    def is_total(self) -> bool:
        """Whether it only says that the row is the whole."""
        return _GENERIC.fullmatch(self.words) is not None

    @property
    def is_area(self) -> bool:
        """Whether it names only a place."""
        return _AREA.fullmatch(self.words) is not None


def label_of(words: str) -> RowLabel:
    """Return the label in the plain words of a cell, or of the cells of several label columns joined."""
    rest = _BLANKS.sub("", words[:_LONGEST])
    is_part = False
    while True:
        if part := _PART.match(rest):
            is_part, rest = True, rest[part.end() :]
        elif number := _ENUMERATED.match(rest):
            rest = rest[number.end() :]
        else:
            break
    rest = _NOTES.sub("", rest)
    unit = unit_of(rest)
    name = _ABBREVIATION.sub("", without_unit(rest)).strip(":：,，、;；")
    known = not identify(name).startswith("x:")
    is_series = bool(
        known or (_SERIES.search(without_change(_REMARK.sub("", name))) and not _NOT_SERIES.match(name))
    ) and not _GENERIC.fullmatch(name)
    return RowLabel(
        words=name, unit=unit, indent=len(words) - len(words.lstrip()), is_part=is_part, is_series=is_series
    )
