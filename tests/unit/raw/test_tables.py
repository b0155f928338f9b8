"""Tables: every cell that says how large something is, with subject, unit, measure, period and status."""

from __future__ import annotations

import re

import pytest
from support.table_pages import Row, account, line, markup, page_document, stated, text_document

from raw.extract.observations import read
from raw.numerals.scan import plain
from schemas.codelists import IgnoreReason, NumberStatus

COMMUNIQUE = "甲市2025年国民经济和社会发展统计公报"
BUDGET = "甲县2025年预算执行情况和2026年预算草案的报告"
PLAN = "乙市2025年国民经济和社会发展计划执行情况与2026年国民经济和社会发展计划草案的报告"
RUN = "丙区2025年前三季度经济运行情况"

CASES: dict[str, tuple[str, list[Row], list[str]]] = {
    "the unit in a column of its own": (
        COMMUNIQUE,
        [
            ["指标", "单位", "2025年", "比上年增长（%）"],
            ["进出口总额", "亿元", "71.4", "-8.2"],
            ["用电量", "亿千瓦时", "1,055.1", "0.0"],
            ["电话用户", "万户", "130", "—"],
        ],
        [
            "进出口总额 level 71.4亿元 2025",
            "进出口总额 growth -8.2% 2025",
            "用电量 level 1055.1亿千瓦时 2025",
            "用电量 growth 0% 2025",
            "电话用户 level 130万户 2025",
        ],
    ),
    "a header of two levels": (
        COMMUNIQUE,
        [
            [("地区", "rowspan=2"), ("总量（亿元）", "colspan=2"), ("增长（%）", "colspan=2")],
            ["生产总值", "第二产业增加值", "生产总值", "第二产业增加值"],
            ["东区", "412.30", "98.10", "3.8", "-6.3"],
        ],
        [
            "东区生产总值 level 412.3亿元 2025",
            "东区第二产业增加值 level 98.1亿元 2025",
            "东区生产总值 growth 3.8% 2025",
            "东区第二产业增加值 growth -6.3% 2025",
        ],
    ),
    "two halves side by side, the unit in a row over all columns": (
        BUDGET,
        [
            [("单位：万元", "colspan=8")],
            ["科目", "2024年决算数", "2025年执行数", "增长%", "科目", "2024年决算数", "2025年执行数", "增长%"],
            ["税收收入", "5674", "5301", "-6.57%", "教育支出", "9195", "9245", "0.54%"],
        ],
        [
            "税收收入 level 5674万元 2024",
            "税收收入 level 5301万元 2025",
            "税收收入 growth -6.57% 2025",
            "教育支出 level 9195万元 2024",
            "教育支出 level 9245万元 2025",
            "教育支出 growth 0.54% 2025",
        ],
    ),
    "planned and carried out": (
        BUDGET,
        [
            [("单位：万元", "colspan=6")],
            [("项目", "rowspan=2"), ("2025年", "colspan=3"), ("2026年预算数", "rowspan=2"), ("备注", "rowspan=2")],
            ["预算数", "执行数", "占预算%"],
            ["一、非税收入", "800", "790", "98.8", "760", "按5%安排"],
            ["其中：专项收入", "80", "79", "98.8", "76", ""],
        ],
        [
            "非税收入 level 800万元 2025 target",
            "非税收入 level 790万元 2025",
            "非税收入 rate 98.8% 2025 [预算]",
            "非税收入 level 760万元 2026 target",
            "专项收入 level 80万元 2025 target",
            "专项收入 level 79万元 2025",
            "专项收入 rate 98.8% 2025 [预算]",
            "专项收入 level 76万元 2026 target",
        ],
    ),
    "targets, each with a unit of its own, some in words": (
        PLAN,
        [
            ["序号", "指标", "计量单位", "2025年预计完成", "2026年目标", "属性"],
            ["1", "地区生产总值增长", "%", "5.2", "5左右", "预期性"],
            ["2", "城镇新增就业", "万人", "3.2", "≥3", "约束性"],
            ["3", "单位能耗下降", "%", "2.7", "完成省下达任务", "约束性"],
            ["4", "社会消费品零售总额", "亿元", "409.5", "增长5%-6%", "预期性"],
        ],
        [
            "地区生产总值 growth 5.2% 2025",
            "地区生产总值 growth ~5% 2026 target",
            "城镇新增就业 level 3.2万人 2025",
            "城镇新增就业 level >=3万人 2026 target",
            "单位能耗 growth -2.7% 2025",
            "社会消费品零售总额 level 409.5亿元 2025",
            "社会消费品零售总额 growth 5–6% 2026 target",
        ],
    ),
    "months": (
        RUN,
        [
            ["指标", "单位", "1-9月", "同比增长（%）", "9月", "同比±%"],
            ["用电量", "亿千瓦时", "33.2", "2.1", "3.9", "-1.4"],
        ],
        [
            "用电量 level 33.2亿千瓦时 2025-01/2025-09",
            "用电量 growth 2.1% 2025-01/2025-09",
            "用电量 level 3.9亿千瓦时 2025-09",
            "用电量 growth -1.4% 2025-09",
        ],
    ),
    "years down the side": (
        COMMUNIQUE,
        [
            ["年份", "粮食产量（万吨）", "森林覆盖率（%）", "财政收入占GDP比重（%）"],
            ["2024", "33.5", "41.0", "8.1"],
            ["2025年", "33.9", "41.2", "8.0"],
        ],
        [
            "粮食产量 level 33.5万吨 2024",
            "森林覆盖率 rate 41% 2024",
            "财政收入 share 8.1% 2024 [GDP]",
            "粮食产量 level 33.9万吨 2025",
            "森林覆盖率 rate 41.2% 2025",
            "财政收入 share 8% 2025 [GDP]",
        ],
    ),
    "parts of a row above, a share and a rank": (
        COMMUNIQUE,
        [
            ["指标", "年末数（万人）", "比重（%）", "全省位次"],
            ["常住人口", "60.0", "100.0", "3"],
            ["其中：城镇", "40.0", "66.7", ""],
            ["乡村", "20.0", "33.3", ""],
        ],
        [
            "常住人口 level 60万人 2025",
            "常住人口 share 100% 2025",
            "常住人口 rank 3位 2025 [全省]",
            "常住人口城镇 level 40万人 2025",
            "常住人口城镇 share 66.7% 2025",
            "常住人口乡村 level 20万人 2025",
            "常住人口乡村 share 33.3% 2025",
        ],
    ),
    "parts by indentation inherit the unit": (
        COMMUNIQUE,
        [
            ["指标", "绝对数", "比上年增长（%）"],
            ["生产总值（亿元）", "90.1", "5.1"],
            ["　第二产业", "40", "5.2"],
            ["　　工业", "35", "5.9"],
        ],
        [
            "生产总值 level 90.1亿元 2025",
            "生产总值 growth 5.1% 2025",
            "第二产业 level 40亿元 2025",
            "第二产业 growth 5.2% 2025",
            "第二产业工业 level 35亿元 2025",
            "第二产业工业 growth 5.9% 2025",
        ],
    ),
    "a yearly average over the years of a plan, and a label that only sorts rows": (
        COMMUNIQUE,
        [
            ["类别", "指标", "2020年", "2025年", "年均增长（%）"],
            [("经济", "rowspan=2"), "生产总值（亿元）", "70", "90", "5.2"],
            ["劳动生产率（万元/人）", "12", "16", "5.9"],
        ],
        [
            "生产总值 level 70亿元 2020",
            "生产总值 level 90亿元 2025",
            "生产总值 cagr 5.2% 2021/2025",
            "劳动生产率 level 12万元/人 2020",
            "劳动生产率 level 16万元/人 2025",
            "劳动生产率 cagr 5.9% 2021/2025",
        ],
    ),
    "the month of the title and the months up to it": (
        "丙区2025年1-11月主要经济指标",
        [
            ["指标", "单位", "本月", "本月止累计", "比上年同期增长（%）"],
            ["用电量", "亿千瓦时", "3.3", "30.3", "5.5"],
        ],
        [
            "用电量 level 3.3亿千瓦时 2025-11",
            "用电量 level 30.3亿千瓦时 2025-01/2025-11",
            "用电量 growth 5.5% 2025-01/2025-11",
        ],
    ),
    "a change in the unit itself": (
        BUDGET,
        [
            ["项目（万元）", "2025年预算数", "2026年预算数", "比2025年预算数增减"],
            ["公务接待费（万元）", "389", "388.4", "-0.6"],
        ],
        [
            "公务接待费 level 389万元 2025 target",
            "公务接待费 level 388.4万元 2026 target",
            "公务接待费 change -0.6万元 2026 target",
        ],
    ),
    "a header whose cells cover a row that has cells of its own": (
        COMMUNIQUE,
        [
            [("2025年主要产品产量", "colspan=3")],
            [("产品", "rowspan=2"), ("单位", "rowspan=2"), ("数 量", "rowspan=2")],
            ["大 米", "万吨", "26.7"],
        ],
        ["大米产量 level 26.7万吨 2025"],
    ),
    "a header that repeats over other columns": (
        COMMUNIQUE,
        [
            ["指标", "产量（万吨）"],
            ["油料", "4.8"],
            ["指标", "面积（万亩）"],
            ["油料", "9.1"],
        ],
        ["油料产量 level 4.8万吨 2025", "油料面积 level 9.1万亩 2025"],
    ),
    "a row of numbers of columns and the title over the table": (
        "丁局2025年决算公开",
        [
            [("2025年财政拨款收入决算表", "colspan=3")],
            [("金额单位：元", "colspan=3")],
            ["项目", "行次", "决算数"],
            ["栏次", "", "1"],
            ["一、基本支出", "31", "11,228,813.22"],
            ["合计", "32", "11,228,813.22"],
        ],
        ["基本支出 level 1.12288e+07元 2025", "财政拨款收入 level 1.12288e+07元 2025"],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_table_is_read_cell_by_cell(case: str) -> None:
    title, rows, expected = CASES[case]
    assert stated(page_document(title, markup(rows))) == expected


GRID = [
    ["指标", "单位", "数量", "比上年增长（%）"],
    ["粮食产量", "万吨", "33.1", "2.0"],
    ["棉花产量", "万吨", "1.1", "-2.0"],
    ["水果产量", "万吨", "7.3", "0.4"],
]
TEXTS = {
    "bars": "\n".join("| " + " | ".join(row) + " |" for row in [GRID[0], ["---"] * 4, *GRID[1:]]),
    "tabs": "\n".join("\t".join(row) for row in GRID),
    "aligned blanks": "\n".join("    ".join(row) for row in GRID),
    "single blanks": "\n".join(" ".join(row) for row in GRID),
    "a header on several lines": "\n".join(
        ["指 标 单位", "数 量", "比上年增长", "（%）", *(" ".join(row) for row in GRID[1:])]
    ),
    "a cell a line": "\n".join(cell for row in GRID for cell in row),
}


@pytest.mark.parametrize("text", TEXTS)
def test_a_table_set_as_text_is_the_same_table(text: str) -> None:
    expected = stated(page_document(COMMUNIQUE, markup(GRID)))
    assert len(expected) == 6
    content = f"一、综合\n{TEXTS[text]}\n全年粮食播种面积50.2万亩。"
    assert stated(text_document(COMMUNIQUE, content)) == [*expected, "粮食播种面积 level 50.2万亩 2025"]


PROSE = "<p>全年粮食产量31.5万吨，增长2.2%。</p>"
SPOKEN = ["粮食产量 level 31.5万吨 2025", "粮食产量 growth 2.2% 2025"]


def test_a_table_that_lays_out_the_page_is_prose() -> None:
    layout = markup([["栏目", "编号：12"], [PROSE, "第3期"]])
    assert stated(page_document(COMMUNIQUE, layout)) == SPOKEN


def test_a_data_table_inside_a_layout_table_is_a_table() -> None:
    inner = markup([["指标", "产量（万吨）"], ["油料", "4.8"]])
    assert stated(page_document(COMMUNIQUE, markup([[PROSE + inner]]))) == [*SPOKEN, "油料产量 level 4.8万吨 2025"]


def test_a_nested_table_without_data_is_the_text_of_its_cell() -> None:
    nested = markup([["比上年涨幅（%）"]])
    rows = [["类别", nested], ["食品价格", "-1.2"]]
    assert stated(page_document(COMMUNIQUE, markup(rows))) == ["食品价格 growth -1.2% 2025"]


def test_rows_that_begin_like_headings_are_no_chapters() -> None:
    rows = [["类别", "增长（%）"], ["一、食品产值", "1.2"], ["二、衣着产值", "0.7"]]
    document = page_document(COMMUNIQUE, markup(rows) + "<p>二、农业</p>" + PROSE)
    assert [section.title for section in document.sections[1:]] == ["综合", "农业"]


def test_a_note_below_a_table_is_no_part_of_it() -> None:
    rows: list[Row] = [["类别", "增长（%）"], ["食品产值", "1.2"], [("注：按可比价格计算，共3类。", "colspan=2")]]
    document = page_document(COMMUNIQUE, markup(rows))
    assert [table.span.cut(document.text) for table in document.tables] == ["类别\t增长（%）\n食品产值\t1.2"]


UNNAMED = {
    "no unit": [["指标", "2025年"], ["甲类产品", "12.5"]],
    "no label": [["单位：万元", ""], ["2024年", "2025年"], ["12.5", "13.5"]],
    "a sum of nothing that is named": [["项目", "金额（万元）"], ["合计", "12.5"]],
    "a place and nothing that is measured there": [["乡镇", "完成数（万元）"], ["东镇", "12.5"]],
    "a month that the page does not name": [["指标", "本月（万元）"], ["税收收入", "12.5"]],
    "growth of a rate, in per cent or in points": [["指标", "单位", "增长"], ["登记率", "%", "1.2"]],
}


@pytest.mark.parametrize("case", UNNAMED)
def test_what_the_table_does_not_name_is_unread(case: str) -> None:
    numbers = [number for number in account(page_document(COMMUNIQUE, markup(UNNAMED[case]))) if "." in number.text]
    assert {number.fate for number in numbers} == {NumberStatus.UNREAD}


def test_an_index_has_no_unit_and_a_change_of_prices_is_no_index() -> None:
    title: Row = [("2025年价格指数", "colspan=2")]
    indices: list[Row] = [title, ["类别", "上年=100"], ["粮食", "98.5"], ["蛋类", "101.4"]]
    changes: list[Row] = [title, ["类别", "指数"], ["粮食", "-1.5"], ["蛋类", "1.4"]]
    assert stated(page_document(COMMUNIQUE, markup(indices))) == [
        "粮食价格指数 level 98.5 2025",
        "蛋类价格指数 level 101.4 2025",
    ]
    assert stated(page_document(COMMUNIQUE, markup(changes))) == []


def test_every_number_of_a_table_is_in_the_account_once_and_in_order() -> None:
    rows = [["序号", "指标", "2025年（万人）"], ["1", "16—59岁人口", "12.5"], ["2", "4G用户", "8"]]
    document = page_document(COMMUNIQUE, markup(rows))
    numbers = [number for number in account(document) if number.span.start >= document.tables[0].span.start]
    assert [(number.text, number.reason) for number in numbers] == [
        ("2025年", IgnoreReason.DATE),
        ("万人", IgnoreReason.THRESHOLD),
        ("1", IgnoreReason.ORDINAL),
        ("16—59岁", IgnoreReason.THRESHOLD),
        ("12.5", None),
        ("2", IgnoreReason.ORDINAL),
        ("4", IgnoreReason.NAME),
        ("8", None),
    ]
    digits = [match.span() for match in re.finditer(r"\d+", plain(document.text))]
    places = {place for number in account(document) for place in range(number.span.start, number.span.end)}
    assert [document.text[slice(*span)] for span in digits if not set(range(*span)) <= places] == []


def test_the_quote_is_the_row_and_the_sentence_has_caption_header_and_row() -> None:
    rows = [["指标", "金额（亿元）"], ["　出口", "16.1"]]
    document = page_document(COMMUNIQUE, "<p>表5　2025年进出口</p>" + markup(rows))
    (observation,) = read(document)[0]
    assert line(observation) == "出口 level 16.1亿元 2025"
    assert observation.quote in document.text
    assert observation.obs_text in observation.quote
    assert observation.sentence == "表5　2025年进出口\n金额（亿元）\n出口\t16.1"
