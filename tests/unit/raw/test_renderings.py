"""Two renderings of one article: the fuller is read, and what they do not share is shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.growth import grows_linearly

from raw.page.canonical_text import Canonical
from raw.page.renderings import ChosenRendering, choose
from schemas.codelists import Severity


def of(page: str | None, script: str | None) -> ChosenRendering:
    return choose(*(None if text is None else Canonical(text=text) for text in (page, script)))


def test_renderings_that_differ_in_white_space_alone_do_not_differ() -> None:
    for script in ("一二\n三", "一\u00a0二\n\n三", "一\n二三"):
        choice = of("一二\n三", script)
        assert (choice.rendering, choice.body.text, choice.findings) == ("dom", "一二\n三", ())


def test_the_fuller_rendering_is_read_and_the_loss_of_the_other_shown() -> None:
    page = "一、工作总结\n省、市重点项目完成进度分别为107.8%118%。进出口总额占比超1/4。"
    choice = of(page, page.replace("107.8%", "107.8%、"))
    assert choice.rendering == "detail"
    (finding,) = choice.findings
    assert (finding.code, finding.severity, finding.count) == ("renderings_differ", Severity.WARN, 1)
    assert finding.evidence == ("page: …别为107.8%118%。进出口… | script: …别为107.8%、118%。进出口…",)


def test_the_page_itself_is_read_where_it_is_fuller() -> None:
    choice = of("增长3.5%。\n学习28次。", "增长3.5%。\n学习28。")
    assert choice.rendering == "dom"
    assert choice.findings[0].evidence == ("page: 学习28次。 | script: 学习28。",)
    assert of("一\u3000\u3000\u00a0  \n\n\n二", "一二三").rendering == "detail", "blanks make it no fuller"


def test_a_paragraph_that_only_one_has_is_shown_beside_nothing_and_another_order_as_one_difference() -> None:
    (alone,), (turned,) = of("一\n二二二\n三", "一\n三").findings, of("一\n二", "二\n一").findings
    assert alone.evidence == ("page: 二二二 | script: ",)
    assert (turned.count, turned.evidence) == (1, ("page: 一二 | script: 二一",))


def test_at_most_five_examples_are_shown_of_all_that_are_counted() -> None:
    lines = [f"第{number}段" for number in range(9)]
    finding = of("\n".join(lines), "\n".join(line + "。" for line in lines)).findings[0]
    assert (finding.count, len(finding.evidence)) == (9, 5)


def test_an_example_stays_short_however_long_the_lines() -> None:
    finding = of("一" * 50_000 + "二" * 50_000, "一" * 50_000 + "三" * 50_000).findings[0]
    assert len(finding.evidence[0]) < 200


@pytest.mark.parametrize("empty", ["", " \n", None])
def test_one_rendering_is_enough_and_that_the_other_is_missing_is_noted(empty: str | None) -> None:
    cases = [(of(empty, "一"), "detail", "The page's own markup holds no article")]
    if empty is not None:
        cases.append((of("一", empty), "dom", "_CONFIG.DETAIL holds no content"))
    for choice, rendering, says in cases:
        assert (choice.rendering, choice.body.text) == (rendering, "一")
        (finding,) = choice.findings
        assert (finding.code, finding.severity) == ("rendering_missing", Severity.NOTE)
        assert says in finding.message


@pytest.mark.parametrize(("page", "script"), [(None, None), ("", None), (None, ""), ("\u00a0", "\n"), ("一", None)])
def test_where_both_are_empty_or_one_is_promised_nothing_is_missed(page: str | None, script: str | None) -> None:
    choice = of(page, script)
    assert choice.body.weight == (page == "一")
    assert choice.findings == ()


@given(st.text("一二3\n ", max_size=30), st.text("一二3\n ", max_size=30))
def test_the_body_is_one_of_the_two_and_the_heavier(page: str, script: str) -> None:
    choice = of(page, script)
    assert choice.body.weight == max(Canonical(text=page).weight, Canonical(text=script).weight)
    assert choice.body.text == (page if choice.rendering == "dom" else script)
    differ = "".join(page.split()) != "".join(script.split())
    assert bool(choice.findings) == differ


def test_the_cost_of_comparing_grows_with_the_number_of_lines() -> None:
    def compare(lines: int) -> None:
        page = "\n".join(f"{number}{'一' * 40}" for number in range(lines))
        assert of(page, page.replace("一", "二")).findings[0].count == lines

    assert grows_linearly(compare, 40_000)
