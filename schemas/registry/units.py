"""Units as reports state them, with their codes and powers of ten (万平方米 is `m2` times 10^4)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from types import MappingProxyType

# Grouped by what they measure; `base_pattern` sorts them by length.
BASE_UNITS = MappingProxyType(
    {
        "CNY": "元 块钱 元人民币",
        "USD": "美元",
        "HKD": "港元 港币",
        "EUR": "欧元",
        "JPY": "日元",
        "percent": "%",
        "permille": "‰",
        "permyriad": "‱",
        "percentage_point": "个百分点 百分点",
        "permille_point": "个千分点 千分点",
        "times": "倍 番",
        "rank": "位 名次",
        "m2": "平方米 平米",
        "km2": "平方公里 平方千米",
        "mu": "亩 亩次",
        "ha": "公顷",
        "km": "公里 千米 车道公里",
        "m": "米 延米",
        "nmi": "海里",
        "t": "吨 载重吨 吨级",
        "tkm": "吨公里",
        "pkm": "人公里",
        "dan": "担",
        "mm": "毫米",
        "t_sce": "吨标准煤 吨标煤",
        "jin": "斤 市斤",
        "g": "克",
        "kg": "公斤 千克",
        "point": "分",
        "m3": "立方米 方 立方",
        "kW": "千瓦",
        "MW": "兆瓦 MW",
        "GW": "吉瓦 GW",
        "kWh": "千瓦时 度",
        "MWh": "兆瓦时 MWh",
        "GWh": "吉瓦时 GWh",
        "ug": "微克",
        "year_of_age": "岁",
        "kVA": "千伏安",
        "kV": "千伏",
        "TEU": "标准箱 标箱 TEU",
        "person": "人 名",
        "person_time": "人次",
        "household": "户 户次",
        "year": "年 周年",
        "month": "个月",
        "day": "天 日 个工作日 工作日",
        "hour": "小时 个小时",
        "minute": "分钟",
        "bed": "张床位 床 床位 张",
        "vehicle": "辆 车次 辆次",
        "flight": "架次 班次 列次 列 航班 班列 班",
        "vessel": "艘 艘次",
        "PFLOPS": "P PFLOPS",
        "EFLOPS": "EFLOPS Eflops EFlops",
        "degree_celsius": "℃ 摄氏度",
        "dB": "分贝",
        "share": "股",
        "weight_case": "重量箱",
        "count": (
            "个 家 家次 项 项次 件 件次 条 次 场 场次 套 株 棵 枝 所 座 台 台次 枪 期 台套 台（套） 套（台） "
            "间 间（套） 套（间） 批 批次 支 只 头 羽 架 类 种 宗 起 例 "
            "篇 部 本 册 处 片 对 组 层 轮 幅 笔 单 份 款 门 颗 枚 盏 口 眼 栋 幢 道 面 村 县 "
            "市 区 镇 乡 街道 门类 站 孔 路 卷 集 人份 标段 块 段"
        ),
    }
)
MAGNITUDES = MappingProxyType({"": 0, "百": 2, "千": 3, "万": 4, "百万": 6, "千万": 7, "亿": 8, "万亿": 12, "兆": 12})


_FAMILIES = (
    ("CNY", "USD", "HKD", "EUR", "JPY"),
    ("person", "person_time"),
    ("m2", "km2", "mu", "ha"),
    ("km", "m", "nmi"),
    ("t", "kg", "g", "jin", "t_sce"),
    ("kW", "MW", "GW"),
    ("kWh", "MWh", "GWh"),
)
# What one of a unit is in another, by which both are compared.
_CONVERSIONS = MappingProxyType(
    {
        "jin": ("t", "0.0005"),
        "dan": ("t", "0.05"),
        "kg": ("t", "0.001"),
        "g": ("t", "0.000001"),
        "km2": ("m2", "1000000"),
        "ha": ("m2", "10000"),
        "km": ("m", "1000"),
        "MW": ("kW", "1000"),
        "GW": ("kW", "1000000"),
        "MWh": ("kWh", "1000"),
        "GWh": ("kWh", "1000000"),
        "EFLOPS": ("PFLOPS", "1000"),
    }
)
# Units that also start words which count nothing (分别, 分之, 位数).
_GUARDED = MappingProxyType(
    {
        "分": "分(?![别之钟布类])",
        "位": "位(?![数于居])",
        "本": "本(?!项目|级|年|市|县|区|省|地)",
        "股": "股(?![份权东])",
        "担": "担(?![保任当负])",
        "项": "项(?!目)",
        "期": "期(?=[，。、；,;]|$)",
    }
)
# What a unit can be per, longest first.
_PER = MappingProxyType(
    {
        "平方公里": "km2",
        "平方米": "m2",
        "立方米": "m3",
        "千瓦时": "kWh",
        "万元": "10kCNY",
        "千克": "kg",
        "百户": "100household",
        "百人": "100person",
        "千人": "1000person",
        "万人": "10kperson",
        "10万": "100kperson",
        "百平方公里": "100km2",
        "小时": "hour",
        "公里": "km",
        "人": "person",
        "月": "month",
        "年": "year",
        "日": "day",
        "天": "day",
        "亩": "mu",
        "吨": "t",
        "户": "household",
        "次": "time",
        "升": "l",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A parsed unit: its name as stated, its code, and the power of ten of its magnitude."""

    name: str
    code: str
    mult: int


@cache
def codes() -> MappingProxyType[str, str]:
    """Return the code of each base unit as stated; a word listed for two codes belongs to the first."""
    table: dict[str, str] = {}
    for code, names in BASE_UNITS.items():
        for name in names.split():
            table.setdefault(name, code)
    return MappingProxyType(table)


@cache
def base_pattern() -> str:
    """Return a pattern of all base units, longest first."""
    return "|".join(
        _GUARDED.get(name) or re.escape(name).replace("（", "[（(]").replace("）", "[）)]")
        for name in sorted(codes(), key=len, reverse=True)
    )


def pattern() -> str:
    """Return a pattern of all units: a base unit, optionally per another (元/月)."""
    per = "|".join(_PER)
    return f"(?:{base_pattern()})(?:/(?:{per})(?:[/·](?:{per}))?)?"


def same_dimension(code: str, other: str) -> bool:
    """Return whether two codes measure the same kind of thing, so that one series can be stated in either."""
    return "none" in {code, other} or _family(code) == _family(other)


def _family(code: str) -> str:
    """Return the first code of the family that a code belongs to, or the code itself."""
    over, slash, under = code.partition("/")
    kind = next((codes_of_kind[0] for codes_of_kind in _FAMILIES if over in codes_of_kind), over)
    return kind + slash + under


def conversion(code: str) -> tuple[str, Decimal]:
    """Return the unit in which amounts of a code are compared, and by what they are multiplied for that."""
    base, factor = _CONVERSIONS.get(code, (code, "1"))
    return base, Decimal(factor)


def resolve(stated: str) -> Unit:
    """Parse a unit as stated.

    Returns:
        The unit; its code is `other` if the tables do not contain it and `none` if it is empty. A unit per another
        has both codes (元/月 is `CNY/month`).
    """
    if stated in codes():
        return Unit(name=stated, code=codes()[stated], mult=0)
    over, slash, under = stated.replace("·", "/").rpartition("/")
    if slash and under in _PER and resolve(over).code != "other":
        unit = resolve(over)
        return Unit(name=stated, code=f"{unit.code}/{_PER[under]}", mult=unit.mult)
    for magnitude in sorted(MAGNITUDES, key=len, reverse=True):
        base = stated.removeprefix(magnitude)
        if stated.startswith(magnitude) and (base in codes() or not base):
            code = codes().get(base, "none")
            return Unit(name=stated, code=code, mult=MAGNITUDES[magnitude])
    return Unit(name=stated, code="other", mult=0)
