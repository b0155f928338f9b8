"""The registry on real reports: the macro core is known wherever it stands, and an id serves one series only."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.case_tables import grouped, mapped
from support.requires import shared

from raw.extract.observations import read
from raw.page.parse import parse_text
from raw.reading import document_of
from schemas.codelists import Bound, Direction, Theme
from schemas.observation import Observation
from schemas.registry.indicators import by_id, identify, load_indicators
from schemas.registry.units import resolve

Readings = list[tuple[str, Observation]]
REGISTRY = load_indicators()
# The ids of the first registry: an id is never taken back.
FIRST = """
air_good_days budget_expenditure budget_revenue capacity_renewable contracts_signed contracts_value cpi deposits
employment_new_urban energy_intensity exports farmland_high_standard fdi_used firms_hightech firms_industry_scale
firms_little_giant firms_sme_tech forest_cover gdp gdp_per_capita grain_output housing_rental imports income_disposable
income_growth income_rural income_urban investment_fixed investment_hightech investment_industry
investment_infrastructure investment_mfg investment_private investment_realestate investment_tech_upgrade
land_idle_cleared livelihood_expenditure loans market_entities market_entities_new old_estates online_retail
output_construction output_industry_scale pm25 population_resident power_generation power_use profit_industry_scale
retail_sales rnd_expenditure rnd_intensity safety_accidents safety_deaths school_places_public sewer_network
talents_highlevel tax_revenue technology_contracts tourism_income tourists trade_total unemployment_registered
unemployment_surveyed urbanisation va_advanced_mfg va_construction va_digital_core va_equipment_mfg va_hightech_mfg
va_industry va_industry_scale va_mfg va_primary va_secondary va_strategic va_tertiary water_good zone_rank_national
"""


def test_the_file_holds_every_id_that_was_ever_given_and_uses_every_theme_and_direction() -> None:
    assert len(REGISTRY) >= 170
    assert set(FIRST.split()) <= by_id().keys()
    assert {entry.theme for entry in REGISTRY} == set(Theme)
    assert {entry.direction for entry in REGISTRY} == set(Direction)
    definitions = [entry.definition for entry in REGISTRY]
    assert [text for text in definitions if not re.fullmatch(r"[A-Z][^.]{15,220}\.", text)] == []
    assert [text for text in definitions if "source states" in text] == []


def test_a_code_of_the_bureau_names_its_database_and_a_table() -> None:
    codes = {entry.id: entry.nbs_code for entry in REGISTRY if entry.nbs_code}
    assert {id_: code for id_, code in codes.items() if not re.fullmatch(r"fsnd:A0[0-9A-Z]{1,5}", code)} == {}
    assert codes["retail_sales"] == "fsnd:A0H"
    assert len(codes) > 50


def test_percentages_of_a_whole_lie_between_none_and_all() -> None:
    shares = [entry for entry in REGISTRY if entry.id.startswith("share_")]
    ranges = [(entry.unit, entry.range_min, entry.range_max) for entry in shares]
    assert ranges
    assert all(low is not None and high is not None and 0 <= low < high <= 100 for _, low, high in ranges)
    assert {unit for unit, *_ in ranges} == {"%"}


def test_area_year_verb_and_change_around_a_name_leave_it_the_same_series() -> None:
    around = ("全省{}", "我市{}", "2024年全区完成{}", "{}增速", "预计全年{}总量增长目标")
    names = {words.format(entry.label_zh): entry.id for entry in REGISTRY for words in around}
    assert [words for words, id_ in names.items() if identify(words) != id_] == []


SPELLINGS = {
    "gdp": """地区生产总值 GDP 全市地区生产总值 全年完成地区生产总值 地区生产总值总量 地区生产总值增速 经济增长
        全省经济增长预期目标 广西壮族自治区地区生产总值 地区生产总值(GDP) ＧＤＰ 地区生产总值［3］ 国内生产总值总量""",
    "gdp_per_capita": "人均地区生产总值 人均ＧＤＰ",
    "va_industry_scale": "规上工业增加值 规模以上工业增加值 规模工业增加值",
    "budget_revenue": "“一般公共预算收入” 地方一般公共预算收入",
    "retail_sales": "全市_社会消费品零售总额",
    "trade_total": "外贸进出口总值 进出口规模",
    "rnd_expenditure": "全社会研究与试验发展（R＆D）经费",
    "rnd_intensity": "全社会研发经费投入强度 R&D经费支出占GDP比重",
    "income_rural": "农村常住居民人均可支配收入",
    "cpi": "居民消费价格指数涨幅",
    "pm25": "细颗粒物（PM2.5）平均浓度 PM2.5平均浓度",
    "market_entities": "登记在册各类经营主体 新增市场主体总量",
    "market_entities_new": "新增市场主体",
    "firms_little_giant": "新增专精特新“小巨人”企业总数",
    "exports_new_three": "“新三样”产品出口",
}


def test_every_usual_spelling_leads_to_the_series() -> None:
    missed = {subject: identify(subject.replace("_", " ")) for subject, _ in grouped(SPELLINGS)}
    assert missed == dict(grouped(SPELLINGS))


def test_a_part_a_place_or_a_time_before_a_name_makes_another_series() -> None:
    others = """广州地区生产总值 广州市地区生产总值 市区常住人口 成都平原经济区经济总量 南疆五地州地区生产总值
    脱贫县地区生产总值 开发区规上工业增加值 全国居民消费价格 一季度地区生产总值
    上半年固定资产投资 低空经济 新增经济总量 民营企业固定资产投资 民间投资占工业投资比重
    新能源汽车出口 带动进出口 对中亚五国进出口 工业对经济增长贡献率 一般公共预算收入同口径
    省级一般公共预算收入 常住人口省际净流入 高于全国平均水平"""
    assert [subject for subject in others.split() if not identify(subject).startswith("x:")] == []


def test_a_modifier_that_makes_another_series_has_an_indicator_of_its_own() -> None:
    special = mapped("""海洋生产总值 → gdp | 民营经济增加值 → gdp | 高技术产业投资 → investment_fixed
    新增高新技术企业 → firms_hightech | 新增规模以上工业企业 → firms_industry_scale | 户籍人口城镇化率 → urbanisation
    新建高标准农田 → farmland_high_standard | 接待入境游客 → tourists | 实物商品网上零售额 → online_retail
    农林牧渔业增加值 → va_primary | 空气质量优良天数 → air_good_days | 税收收入占一般公共预算收入比重 → tax_revenue""")
    assert [name for name, general in special.items() if identify(name) not in by_id().keys() - {general}] == []


def test_words_outside_the_registry_keep_their_id_whatever_the_marks_between_them() -> None:
    marked = [
        "低空经济产业规模",
        "“低空经济”产业规模",
        "低空经济 产业规模",
        "低空经济产业规模［7］",
        "低空经济产业，规模",
    ]
    assert {identify(other) for other in marked} == {"x:低空经济产业规模"}


@given(st.text(alphabet="全省市区新增经营主体总量增长GDP占比目标额数，（）[1]", max_size=200))
def test_any_run_of_the_grammars_own_words_has_an_id(subject: str) -> None:
    assert re.fullmatch(r"x:[^\s|~]{1,40}|[a-z][a-z0-9_]*", identify(subject))


# The names of the macro core with the word that may follow; made by hand, apart from the registry.
CORE = re.compile(
    r"(?:(?:地区|国内)?生产总值|GDP|经济总量|规(?:模以上|上|模)工业增加值|固定资产投资|工业投资|民间投资"
    r"|社会消费品零售总额|进出口(?:总额|总值|额)?|(?<!进)出口(?:总额|总值|额)?|一般公共预算收入|税收收入"
    r"|居民人均可支配收入|居民消费价格(?:总水平|指数)?|城镇新增就业(?:人数)?|新增城镇就业|城镇调查失业率|常住人口|城镇化率"
    r"|(?:研发|研究与试验发展)(?:经费)?(?:投入|支出)|研发(?:经费)?投入强度|森林覆盖率|PM2\.5(?:年)?(?:平均|均)?浓度"
    r"|优良天数比[例率]|(?:生产总值|GDP)能耗|第?[一二三]产业?增加值|服务业增加值|粮食(?:总产量|总产|产量)|实际使用外资"
    r")(?:增速|增幅|涨幅|增长|总量|规模)?$"
)
# Before such a name these words make it a part of the series, or another one.
PART = re.compile(
    r"园区|开发区|经济区|区域|地州|市场|五国|非洲|沿线|带动|贡献|新增经济|企业研发|扣除|正常年景|关中|果蔬|电路|零配件|电池"
    r"|中间品|[、]|[州江]经济总量"
)


@pytest.fixture(scope="module")
def provincial() -> Readings:
    """Every observation of the provincial reports, with the report's name."""
    return readings(shared("reports", "provincial"))


def readings(folder: Path) -> Readings:
    pages = {file.stem: parse_text(file.read_text("utf-8")) for file in sorted(folder.glob("*.txt"))}
    return [(name, observation) for name, page in pages.items() for observation in read(document_of(page))[0]]


def test_at_least_95_in_100_mentions_of_the_macro_core_carry_an_id_of_the_registry(provincial: Readings) -> None:
    subjects = [item.subject for _, item in provincial if CORE.search(item.subject) and not PART.search(item.subject)]
    missed = [subject for subject in subjects if identify(subject).startswith("x:")]
    assert len(subjects) > 700
    assert len(missed) <= 0.05 * len(subjects), missed


def test_no_part_of_a_core_series_carries_the_id_of_the_whole(provincial: Readings) -> None:
    parts = {item.subject for _, item in provincial if CORE.search(item.subject) and PART.search(item.subject)}
    core = {"gdp", "va_industry_scale", "trade_total", "exports", "investment_industry", "rnd_expenditure"}
    assert len(parts) > 10
    assert {subject for subject in parts if identify(subject) in core} == set()


def test_hardly_an_id_stands_for_two_numbers_of_one_document(provincial: Readings) -> None:
    """What is left has a wrong subject or year from the reader, or counts the same thing in 个 and in 户."""
    groups = defaultdict(list)
    for name, item in (*provincial, *readings(shared("seed"))):
        if item.indicator in by_id():
            groups[name, item.key("")].append(item)
    at_odds = [key for key, items in groups.items() if any(not agree(*pair) for pair in combinations(items, 2))]
    assert len(groups) > 1500
    assert len(at_odds) <= 0.025 * len(groups), at_odds


def agree(one: Observation, other: Observation) -> bool:
    """Whether two numbers can be the same amount: 突破3万亿元 and 达到3.6万亿元 can."""
    (low, high), (bottom, top) = limits(one), limits(other)
    return one.unit_code == other.unit_code and max(low, bottom) <= min(high, top) + 1e-6 * abs(low)


def limits(item: Observation) -> tuple[float, float]:
    """Between which amounts a number lies."""
    scale = 10.0 ** resolve(item.unit).mult
    low = item.value * scale
    high = low if item.value_upper is None else item.value_upper * scale
    slack = 0.1 * abs(high) if item.bound is Bound.ABOUT else 0.0
    below = item.bound in {Bound.BELOW, Bound.AT_MOST}
    above = item.bound in {Bound.ABOVE, Bound.AT_LEAST}
    return (-math.inf if below else low - slack, math.inf if above else high + slack)
