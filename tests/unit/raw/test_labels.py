"""The eight labels over an article, in every layout that such tables have."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from raw.page.canonical_text import Canonical, locate
from raw.page.html_to_text import canonical
from raw.page.label_table import NAMES, find_date_line, find_labels, read_date
from schemas.document import Labels

VALUES = {
    "索引号": "11442000007333422Y/2025-00206",
    "分类": "",
    "发布机构": "中山火炬开发区管理委员会",
    "成文日期": "2025-05-29",
    "名称": "火炬高新区2024年工作总结暨2025年工作部署",
    "文号": "",
    "发布日期": "2025-05-30",
    "主题词": "",
}
EXPECTED = Labels(**{NAMES[name]: value for name, value in VALUES.items()})


def read(html: str) -> Canonical:
    body = LexborHTMLParser(html).body
    assert body is not None
    return canonical(body, "body")


def labels(html: str) -> Labels | None:
    table = find_labels(read(html))
    return table.labels if table else None


def rows(cell: str, per_row: int = 2) -> str:
    cells = [cell.format(name=name, value=value) for name, value in VALUES.items()]
    return "".join(f"<tr>{''.join(cells[start : start + per_row])}</tr>" for start in range(0, 8, per_row))


LAYOUTS = {
    "neighbouring cells": f"<table>{rows('<td>{name}:</td><td>{value}</td>')}</table>",
    "full-width colons": f"<table>{rows('<td>{name}：</td><td>{value}</td>')}</table>",
    "header cells without colons": f"<table>{rows('<th>{name}</th><td>{value}</td>', 4)}</table>",
    "paragraphs in cells": f"<table>{rows('<td><p><b>{name}：</b></p></td><td><p>{value}</p></td>', 1)}</table>",
    "one cell for both": f"<table>{rows('<td>{name}: {value}</td>')}</table>",
    "one cell, label in a span": f"<table>{rows('<td><span>{name}</span>：<span>{value}</span></td>', 1)}</table>",
    "a list": f"<ul>{rows('<li>{name}: {value}</li>').replace('tr>', 'ul>')}</ul>",
    "a list of definitions": "<dl>" + "".join(f"<dt>{n}:</dt><dd>{v}</dd>" for n, v in VALUES.items()) + "</dl>",
    "rows of two blocks": "".join(f"<div><div>{n}</div><div>{v}</div></div>" for n, v in VALUES.items()),
    "lines, as a saved page has them": "<pre>" + "\n".join(f"{n}: {v}" for n, v in VALUES.items()) + "</pre>",
    "two labels in a line": "<pre>{0}: {索引号} {1}: {分类}\n{2}: {发布机构} {3}: {成文日期}\n"
    "{5}: {文号} {6}: {发布日期}\n{4}: {名称} {7}: {主题词}</pre>".format(*VALUES, **VALUES),
}
AFTER = "<div>【打印】 【字体：大 中 小】</div><h1>题目</h1><p>正文第一段，全区经济增长3.5%。</p>"


def test_the_labels_are_read_from_every_layout() -> None:
    assert [name for name, layout in LAYOUTS.items() if labels(f"<div>{layout}</div>{AFTER}") != EXPECTED] == []


@pytest.mark.parametrize("gap", [" ", "\u3000", "\u00a0", " \u3000 "])
def test_a_label_may_be_spaced_out(gap: str) -> None:
    html = f"<table><tr><td>索{gap}引{gap}号：</td><td>1</td><td>文{gap}号{gap}：</td><td>2</td></tr></table>"
    assert labels(html) == Labels(index_number="1", document_number="2")


def test_a_value_that_is_missing_is_not_taken_from_the_next_label_or_from_beside() -> None:
    html = "<table><tr><td>文号:</td><td></td><td>发布日期:</td><td>2025-05-29</td></tr></table>"
    assert labels(html) == Labels(published_on="2025-05-29")
    html = "<div>索引号: 1</div><div>文号: 2</div><div>主题词:</div><div>【打印】</div>"
    assert labels(html) == Labels(index_number="1", document_number="2")


def test_the_first_table_counts_and_no_menu_before_it_nor_one_label_alone() -> None:
    menu = "<ul><li>分类</li><li>机构职能</li><li>名称</li></ul>"
    assert labels(menu + LAYOUTS["neighbouring cells"]) == EXPECTED
    again = LAYOUTS["neighbouring cells"].replace("火炬高新区", "另一个区")
    assert labels(LAYOUTS["one cell for both"] + again) == EXPECTED
    for text in ("正文", "发布日期:2025-05-29", "本目录的索引号与分类由机构编制。", "按分类:一是扩大投资。"):
        assert labels(f"<p>{text}</p>") is None


def test_no_value_reaches_into_the_view_counter_or_the_origin() -> None:
    html = "<p>索引号: 1 分类: 2</p><p>名称: 题目 来源：本网 文号: 3</p><p>发布日期:2025-05-29 浏览次数:{}</p>"
    expected = Labels(index_number="1", category="2", name="题目", document_number="3", published_on="2025-05-29")
    assert labels(html.format(17)) == labels(html.format("-")) == expected


def test_each_label_enters_the_text_as_a_line_with_the_way_back_to_its_value() -> None:
    html = "<table><tr><td>文号：</td><td>中府〔2025〕1号</td></tr><tr><td>索引号：</td><td></td></tr></table>"
    table = find_labels(read(html.replace("索引号", "分类")))
    assert table is not None
    assert [line.text for line in table.lines] == ["分类:", "文号: 中府〔2025〕1号"]
    path, offset = locate(table.lines[1].anchors, len("文号: 中"))
    (cell,) = LexborHTMLParser(html).css(path)
    assert cell.text()[offset:] == "府〔2025〕1号"


def test_the_date_line_is_found_outside_the_table_and_without_what_follows() -> None:
    lines = {
        "<p>发布日期:2025-05-29&nbsp;&nbsp;浏览次数:12</p>": "发布日期:2025-05-29",
        "<p>来源：本网 发布时间：2025年5月29日 字号：大</p>": "发布时间：2025年5月29日",
        "<span>时间：2025/5/29 10:30</span>": "时间：2025/5/29",
        LAYOUTS["neighbouring cells"] + "<p>发布日期:2025-05-31</p>": "发布日期:2025-05-31",
        **dict.fromkeys([LAYOUTS["neighbouring cells"], "<p>成文日期:2025-05-29</p>", "<p>发布日期:尽快</p>"]),
    }
    for html, line in lines.items():
        around = read(html)
        found = find_date_line(around, find_labels(around))
        assert (found.cut(around.text) if found else None) == line


def test_only_dates_that_the_calendar_knows_are_dates() -> None:
    for text in ("2025-05-29", "2025年5月29日", "2025/5/29 10:30:00", "2025.05.29", "2025-02-30, 2025-05-29"):
        assert read_date(text) == date(2025, 5, 29), text
    assert [text for text in ("0000-00-00", "2025年", "") if read_date(text)] == []


@given(st.text("索引号分类名称文发布日期机构:： \n\t\u3000浏览次数2025-", max_size=60))
def test_any_text_has_labels_or_none_and_every_value_stands_in_it(text: str) -> None:
    table = find_labels(Canonical(text=text))
    for line in table.lines if table else ():
        name, _, value = line.text.partition(":")
        assert name in NAMES
        assert value.strip() in text
