"""The pages of documents: each clause at its address, each number with its fate, each reading beside its paragraph."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from selectolax.lexbor import LexborHTMLParser
from support.portal_pages import attribute, editions, led_to, one, only, plain_site, sample_site, seed_site, seen, texts
from support.portal_pages import site as site_of
from support.report_releases import first, report_release
from support.reviewed_builders import RANK
from support.reviewed_builders import reading as entered_reading
from support.reviewed_builders import row as entered_row
from support.site_editor import short_article

from publish.metadata.description import ReleaseDescription
from publish.portal.html.page import SiteContext
from publish.portal.html.urls import document_page, former_anchor, observation_anchor
from publish.portal.pages.documents import document_pages
from schemas.codelists import NumberStatus

if TYPE_CHECKING:
    from collections.abc import Callable

    from publish.portal.html.page import Page

GDP_2024 = "CN-442000-torch|gdp|level||2024|actual"
INVESTMENT = "CN-442000-torch|investment_fixed|growth||2024|actual"


def site_pages(site: SiteContext) -> dict[str, Page]:
    return {page.name: page for page in document_pages(site)}


def page(site: SiteContext, document: str, language: str = "zh") -> LexborHTMLParser:
    return seen(site, site_pages(site)[document_page(document)], language)


def only_page(site: SiteContext, language: str = "zh") -> LexborHTMLParser:
    (document,) = site.documents
    return page(site, document, language)


def with_archive(site: SiteContext, archive: str) -> SiteContext:
    return replace(site, about=replace(site.about, release=replace(site.about.release, archive=archive)))


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("site", [sample_site, seed_site], ids=["samples", "seed"])
def test_the_element_at_the_address_of_an_observation_is_exactly_its_clause(
    site: Callable[[], SiteContext], language: str
) -> None:
    found = {name: page(site(), name, language) for name in site().documents}
    rows = site().about.tables["observations"].to_dicts()
    assert len(rows) >= 90
    for stated in rows:
        clause = one(found[stated["document"]], f"#{observation_anchor(stated['obs_id'])}")
        assert clause.text() == stated["quote"]
        assert stated["obs_text"] in "".join(mark.text() for mark in clause.css("mark.claimed"))


@pytest.mark.parametrize("site", [sample_site, seed_site], ids=["samples", "seed"])
def test_the_text_stands_there_whole_and_every_number_is_marked_with_its_fate(site: Callable[[], SiteContext]) -> None:
    for name, document in site().documents.items():
        report = one(page(site(), name), ".report")
        lines = [found.text() for found in report.css(".para > :is(p, h3, h4)")]
        assert lines == [line for line in document.text.split("\n") if line.strip()]
        numbers = site().about.tables["numbers"].filter(document=name)
        for fate in NumberStatus:
            marked = [mark.text() for mark in report.css(f"mark.{fate.value}")]
            assert marked == numbers.filter(fate=fate.value).sort("char_start")["obs_text"].to_list()


def test_an_ignored_number_says_why_and_the_legend_counts() -> None:
    found = only_page(seed_site())
    reasons = {str(mark.attributes["title"]) for mark in found.css(".report mark.ignored")}
    assert "非数据：日期、年份或时段" in reasons
    assert all(reason.startswith("非数据：") for reason in reasons)
    (row,) = seed_site().about.tables["documents"].to_dicts()
    assert [text for text in texts(found, ".legend li") if "（" in text] == [
        f"573.72 已读取为数据（{row['claimed']} 个），旁注是它的读法",
        f"2024 不是数据（{row['ignored']} 个），旁注说明原因",
        f"12 是数字但未能读出（{row['unread']} 个）",
    ]


def test_an_unread_number_is_marked_and_listed_as_such_and_a_promise_told_from_what_was_achieved() -> None:
    done = ("一、2024年工作总结", "全年完成573.72，其他一切照旧38。")
    site = site_of(short_article(*done, "二、2025年工作部署", "地区生产总值增长6%以上。"))
    unread = site.about.tables["numbers"].filter(fate="unread")["obs_text"].to_list()
    page_of = only_page(site)
    assert [mark.text() for mark in page_of.css(".report mark.unread")] == unread != []
    assert {f"{number} 未读出" for number in unread} <= {*texts(page_of, ".unused li")}
    assert texts(page_of, ".reading")[-1] == "地区生产总值 增速 2025 目标 6%以上"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_numbers_that_are_no_data_are_listed_with_their_reasons_for_who_has_no_mouse(language: str) -> None:
    found = only_page(seed_site(), language)
    for paragraph in found.css(".para"):
        marks = paragraph.css(":is(p, h3, h4) > mark.ignored, .clause mark.ignored")
        listed = [" ".join(item.text().split()) for item in paragraph.css(".unused details li")]
        assert listed == [f"{mark.text()} {mark.attributes['title']}" for mark in marks]
    assert len(found.css(".unused details > summary")) > 10


def test_beside_each_paragraph_the_official_page_and_the_capture_are_one_step_away() -> None:
    (row,) = seed_site().about.tables["documents"].to_dicts()
    capture = f"https://archive.example/warc/{row['archive_key']}"
    public, private = only_page(with_archive(seed_site(), "https://archive.example/warc/")), only_page(seed_site())
    for page_of, links in ((public, [row["url"], capture]), (private, [row["url"]])):
        for paragraph in page_of.css(".para:has(.reading)"):
            assert led_to(paragraph, ".proof a") == links
    assert "WARC" in one(public, f".facts a[href='{capture}']").text()
    assert row["url"] in led_to(public, ".facts a")
    keys_and_hashes = [row["archive_key"], row["payload_sha256"], row["text_sha256"]]
    assert texts(private, ".facts dd code") == keys_and_hashes
    assert led_to(only_page(with_archive(seed_site(), "javascript:alert(1)")), ".facts a") == [row["url"]]


def test_the_outline_leads_to_every_chapter_in_its_order() -> None:
    found = only_page(seed_site())
    assert texts(found, ".outline > ol > li > a") == ["一 2024年工作总结", "二 2025年工作部署"]
    assert texts(found, ".report h3") == ["一、2024年工作总结", "二、2025年工作部署"]
    targets = led_to(found, ".outline a")
    assert len(targets) > 6
    assert targets == [
        place for place in (f"#{node.attributes['id']}" for node in found.css(".place")) if place in targets
    ]


def test_the_note_of_a_number_leads_to_its_indicator_and_to_its_clause() -> None:
    found = only_page(seed_site())
    anchor = observation_anchor(GDP_2024)
    (note,) = [item for item in found.css(".notes .reading") if f"#{anchor}" in led_to(item, ".value")]
    assert " ".join(note.text().split()) == "地区生产总值 2024 573.72亿元"
    assert led_to(note) == ["../indicator/gdp.html", f"#{anchor}"]
    ordinal = only(kind for kind in str(note.attributes["class"]).split() if kind != "reading")
    clause = one(found, f"#{anchor}")
    assert ordinal in str(clause.attributes["class"]).split()
    assert [mark.text() for mark in clause.css(f"mark.{ordinal}")] == ["573.72亿元"]


def test_english_notes_stand_beside_the_chinese_text() -> None:
    found = only_page(seed_site(), "en")
    assert "Gross regional product 2024 CNY 57.372 billion" in texts(found, ".reading")
    assert "Fixed asset investment 全市 rank 2024 no. 6" in texts(found, ".reading")
    assert all(line.attributes.get("lang") == "zh-Hans" for line in found.css(".para > :is(p, h3, h4)"))


def test_the_labels_and_the_terms_of_a_report_are_listed() -> None:
    found = only_page(seed_site())
    facts = dict(zip(texts(found, ".facts dt"), texts(found, ".facts dd"), strict=True))
    assert facts["索引号"] == "1142000007333422Y/2025-00206 校正为 11442000007333422Y/2025-00206; 补回一个缺失的字符"
    assert (facts["发布机构"], facts["报告年份"]) == (
        "中山火炬开发区管理委员会 据“发布机构”栏",
        "2024",
    )
    terms = seed_site().about.tables["glossary"].sort("char_start")
    assert texts(found, "[aria-labelledby=terms] dt") == terms["term"].to_list()
    assert [node.text() for node in found.css("[aria-labelledby=terms] dd")] == terms["explanation"].to_list()
    for place in led_to(found, "[aria-labelledby=terms] dt a"):
        assert texts(found, place) != []


def test_where_only_quotes_are_allowed_no_word_stands_there_beside_the_clauses() -> None:
    clauses = "奋勇争先，全区完成地区生产总值573.72亿元，增长3.5%，成绩来之不易。"
    lines = ("一、2024年工作总结", clauses, "一段没有数字的话。", "名词解释", "1.“三新”：新经济、新业态。")
    site = site_of(short_article(*lines), text="quotes")
    found = only_page(site)
    assert texts(found, ".report .para > p") == ["… 全区完成地区生产总值573.72亿元 … 增长3.5% …"]
    assert found.css("h3, .outline, [aria-labelledby=terms]") == []
    for words in ("奋勇争先", "成绩来之不易", "没有数字", "新业态"):
        assert words not in (found.html or "")
    assert one(found, f"#{observation_anchor(GDP_2024)}").text() == "全区完成地区生产总值573.72亿元"


def test_words_that_took_the_place_of_a_number_have_an_address() -> None:
    last = editions()[2]
    silent = last.tables["silences"].drop_nulls("char_start").to_dicts()
    assert silent != []
    for row in silent:
        found = last.page(f"{document_page(row['document'])}.html")
        assert one(found, f"#words-{row['char_start']}").text() == row["words"]
        note = only(text for text in texts(found, ".reading") if "未再给出数字" in text and row["label_zh"] in text)
        assert note == f"{row['label_zh']} {row['period']} 上次的数字 未再给出数字"


def test_words_that_answer_a_promise_without_a_number_to_judge_by_do_not_say_that_there_is_none() -> None:
    tables = sample_site().about.tables
    (promised,) = tables["targets"].filter(outcome_quote="生产安全事故宗数和死亡人数双双减少").to_dicts()
    chinese, english = (page(sample_site(), promised["outcome_document"], language) for language in ("zh", "en"))
    assert "未再给出数字" not in one(chinese, ".report").text()
    note = only(text for text in texts(chinese, ".reading") if "没有可据以判断" in text)
    assert note.endswith("2024 目标的数值 目标：没有可据以判断的数字")
    assert one(chinese, f"#words-{promised['outcome_char_start']}").text() == promised["outcome_quote"]
    at = f"{promised['document']}.html#{observation_anchor(promised['obs_id'])}"
    assert at in led_to(chinese, ".reading a")
    note = "2024 the promised number target: no number to judge it by"
    assert any(text.endswith(note) for text in texts(english, ".reading"))


def test_a_number_that_a_newer_report_states_by_now_leads_there() -> None:
    last = editions()[2]
    (row,) = last.tables["observations"].filter(obs_id=GDP_2024).to_dicts()
    assert (row["document"], row["value"]) == ("post-2698765", 575.1)
    older = last.page("document/post-2612346.html")
    assert one(older, f"#{observation_anchor(GDP_2024)}").text() == "573.72亿元"
    note = only(text for text in texts(older, ".reading") if "现以另一份文件为准" in text)
    assert note == "地区生产总值 2024 现以另一份文件为准 573.72亿元"
    assert f"post-2698765.html#{observation_anchor(GDP_2024)}" in led_to(older, ".reading a")


def test_what_a_release_corrected_can_still_be_pointed_at() -> None:
    corrected = editions()[1].page("document/post-2612346.html")
    assert one(corrected, f"#{former_anchor(INVESTMENT)}").text() == "固定资产投资增长5.0%"
    assert one(corrected, f"#{observation_anchor(INVESTMENT)}").text() == "固定资产投资增长5.2%"
    assert texts(corrected, ".loose li") == ["固定资产投资增长5.0% 固定资产投资 增速 2024 5.0%"]


def test_facts_entered_by_hand_stand_there_as_they_were_entered() -> None:
    reading = entered_reading(entered_row(), entered_row(**RANK))
    made, files = report_release(reading), first()("2026.11.23.1")
    site = plain_site()
    about = ReleaseDescription(release=site.about.release, source=made.inputs.source, tables=made.tables, files=files)
    found = only_page(SiteContext(about=about, documents=made.inputs.documents_by_id(), previous_tables={}))
    assert [line.text() for line in found.css(".csv .para > p")] == reading.document.text.strip().split("\n")
    for stated in made.tables["observations"].to_dicts():
        assert one(found, f"#{observation_anchor(stated['obs_id'])}").text() == stated["quote"]
    assert "人工录入" in one(found, ".note").text()
    assert attribute(found, ".facts a", "href") == "https://example.org/2024/01/30.html"


def test_a_document_without_its_text_still_quotes_what_is_cited_of_it() -> None:
    site = replace(plain_site(), documents={})
    for stated in site.about.tables["observations"].to_dicts():
        found = page(site, stated["document"])
        assert one(found, f"#{observation_anchor(stated['obs_id'])}").text() == stated["quote"]


def test_the_list_of_documents_begins_with_the_latest() -> None:
    site = sample_site()
    found = seen(site, site_pages(site)["documents"])
    assert led_to(found, "tbody a") == ["document/post-2495310.html", "document/post-2371048.html"]
    (row,) = site.about.tables["documents"].filter(document="post-2495310").to_dicts()
    counts = [str(row[fate]) for fate in ("claimed", "ignored", "unread")]
    assert texts(found, "tbody tr:first-child :is(th, td)")[1:] == ["2024", "2025-05-27", *counts, "仍在网上"]
