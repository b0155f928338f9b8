"""The years that a document is about: from its title, the day of its meeting and its kind; and those of a plan."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from raw.numerals.chinese import words_value
from schemas.codelists import DocumentKind
from schemas.document import Period

# The first year of each five-year plan, from the sixth on.
_PLANS = MappingProxyType(
    {
        name: 1981 + 5 * at
        for at, name in enumerate(
            ("六五", "七五", "八五", "九五", "十五", "十一五", "十二五", "十三五", "十四五", "十五五", "十六五")
        )
    }
)
# 九五 and the like are also parts of other numbers: they need quotation marks, or 时期 and the like behind them.
PLAN_NAME = (
    r"(?:十[一二三四五六]五|(?<=[“\"])[六七八九十]五(?=[”\"])"
    r"|(?<![一二三四五六七八九十])[六七八九十]五(?=时期|期间|期末|计划))"
)
YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?:年|(?=[-—–~]{1,2}(?:19|20)\d\d年))")
_DAY = re.compile(r"(?<!\d)((?:19|20)\d\d)年(\d{1,2})月\d{0,2}日")
_PLAN = re.compile(PLAN_NAME)
_MEETING = re.compile(
    r"(?<!\d)((?:19|20)\d\d)年(\d{1,2})月\d{0,2}日?[^\n]{0,12}(?:在|于|会议|大会|通过|市长|省长|主席)"
)
# 二〇二六年一月二十四日
_WRITTEN_DATE = re.compile(
    r"[一二][〇零○０Ｏ一二三四五六七八九]{3}年[一二三四五六七八九十]{1,2}月(?:[一二三四五六七八九十]{1,3}日)?"
)
_WRITTEN = re.compile("[〇零○０Ｏ一二三四五六七八九十]+")
_NULL = str.maketrans(dict.fromkeys("零○０Ｏ", "〇"))
_REVIEW = re.compile("总结|回顾|完成情况|执行情况|运行|公报|决算")
# A report that is given in one of the last months of a year is on that year (a people's congress in December).
_LATE = 11
_HEAD = 2000
# Kinds that are about the year of their title and no other.
OF_ONE_YEAR = frozenset({DocumentKind.COMMUNIQUE, DocumentKind.ECONOMIC_RUN, DocumentKind.FINAL_ACCOUNTS})
_QUARTERS = MappingProxyType({"一": (1, 3), "二": (4, 6), "三": (7, 9), "四": (10, 12)})
MONTHS = (
    r"(?:(?P<quarter>[一二三四])季度|(?P<half>[上下])半年|前(?P<quarters>三)季度"
    r"|(?P<low>\d{1,2})(?:月份?)?(?:[-—–~至到]{1,2})(?P<high>\d{1,2})月份?|(?P<month>\d{1,2})月(?:份|末|底|(?P<upto>止)|(?=预算|财政|全)))"
)
_MONTHS = re.compile(MONTHS)
_DECEMBER = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceYears:
    """The years that a document speaks of.

    Attributes:
        back: The year that it looks back on.
        ahead: The year that it plans.
        given: The year in which it speaks: its 今年.
        months: The first and the last month of `back` that it is about, None for the whole year.
    """

    back: int
    ahead: int
    given: int
    months: tuple[int, int] | None = None

    @classmethod
    def of(cls, kind: DocumentKind, title: str, published_on: date | None, text: str) -> ReferenceYears:
        """Read the years from the title, else the day of the meeting, else the date of publication.

        A text without any date gets the year 1.
        """
        title, text = dates_in_digits(title), dates_in_digits(text[:_HEAD])
        years = [int(year) for year in YEAR.findall(_DAY.sub("", title))]
        if kind in OF_ONE_YEAR and not years:
            years = [int(year) for year in YEAR.findall(_DAY.sub("", text))][:1]
        if years and (kind in OF_ONE_YEAR or kind == DocumentKind.OTHER):
            return cls(back=years[0], ahead=years[0] + 1, given=years[0], months=title_months(kind, title))
        if years and (years[0] < years[-1] or _REVIEW.search(title)):
            return cls(back=years[0], ahead=years[0] + 1, given=years[0] + 1)
        day = _DAY.search(title) or _MEETING.search(text)
        given, month = (int(day[1]), int(day[2])) if day else (0, 1)
        if years:
            return cls(back=years[-1] - 1, ahead=years[-1], given=given or years[-1])
        if not day and published_on:
            given, month = published_on.year, published_on.month
        if not given:
            dated = YEAR.search(text)
            given = int(dated[1]) if dated else 2
        late = month >= _LATE
        return cls(back=given if late else given - 1, ahead=given + 1 if late else given, given=given)


def dates_in_digits(words: str) -> str:
    """Return words with the dates that they write in characters in digits: 2026年1月24日."""
    return _WRITTEN_DATE.sub(lambda date: _WRITTEN.sub(_number, date.group()), words)


def _number(match: re.Match[str]) -> str:
    value = words_value(match.group().translate(_NULL))
    return match.group() if value is None else f"{value:.0f}"


def title_months(kind: DocumentKind, title: str) -> tuple[int, int] | None:
    """Return the months that a title names, None for a whole year: 2025年前三季度经济运行情况."""
    match = _MONTHS.search(title) if kind == DocumentKind.ECONOMIC_RUN else None
    months = months_of(match) if match else None
    # 2025年12月预算执行情况 counts from the first of January, as such pages do.
    return None if months is None or months[1] == _DECEMBER else (1, months[1])


def months_of(match: re.Match[str]) -> tuple[int, int] | None:
    """Return the months of a match of `MONTHS`, None where they are no months."""
    if match["quarters"]:
        return 1, 9
    if match["quarter"]:
        return _QUARTERS[match["quarter"]]
    if match["half"]:
        return (1, 6) if match["half"] == "上" else (7, 12)
    low, high = int(match["low"] or match["month"]), int(match["high"] or match["month"])
    low = 1 if match["upto"] else low
    return (low, high) if 1 <= low <= high <= _DECEMBER and high - low + 1 < _DECEMBER else None


def plan_period(name: str) -> Period:
    """Return the five years of a plan: 2021/2025 for 十四五."""
    first = _PLANS[name]
    return Period(first=first, last=first + 4)


def plan_named(words: str) -> Period | None:
    """Return the years of the first plan that some words name, None where they name none."""
    match = _PLAN.search(words)
    return plan_period(match.group()) if match else None
