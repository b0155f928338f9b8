from __future__ import annotations

import re
from pathlib import Path

from click.testing import CliRunner
from selectolax.lexbor import LexborHTMLParser, LexborNode

from flows.cli.read import read

REPORT = (
    "样本区2024年工作总结暨2025年工作部署\n一、2024年工作总结\n"
    "完成地区生产总值88.6亿元，增长4.2%。实施“一网统管”。<script>alert(1)</script>“三问”合计：77。\n"
    "二、2025年工作部署\n力争新增企业不少于30家。"
)


def page(folder: Path, text: str = REPORT) -> LexborHTMLParser:
    (folder / "report.txt").write_text(text, encoding="utf-8")
    out = folder / "out.html"
    result = CliRunner().invoke(read, [str(folder / "report.txt"), "--html", str(out)], catch_exceptions=False)
    assert (result.exit_code, result.output) == (0, "")
    return LexborHTMLParser(out.read_text(encoding="utf-8"))


def first(tree: LexborHTMLParser | LexborNode, selector: str) -> LexborNode:
    found = tree.css_first(selector)
    assert found is not None
    return found


def test_the_text_stands_in_the_page_character_for_character(tmp_path: Path) -> None:
    tree = page(tmp_path)
    for tooltip in tree.css(".reading"):
        tooltip.decompose()
    assert first(tree, "article").text() == REPORT


def test_each_number_shows_its_reading_or_the_reason_why_it_is_ignored(tmp_path: Path) -> None:
    tree = page(tmp_path)
    readings = {mark.text(deep=False): first(mark, ".reading").text() for mark in tree.css("article mark")}
    parts = ("地区生产总值", "level", "88.6", "亿元", "2024", "actual", "gdp")
    assert [part for part in parts if part not in readings["88.6亿元"]] == []
    assert readings["2024年"].startswith("date: ")


def test_every_number_can_be_reached_by_the_keyboard_and_shows_its_reading_there(tmp_path: Path) -> None:
    tree = page(tmp_path)
    assert all(mark.attributes["tabindex"] == "0" for mark in tree.css("article mark"))
    rule = re.search(r"([^{}]*)\{ display: block; \}\s*@media", first(tree, "style").text())
    assert rule is not None
    assert {part.strip() for part in rule[1].split(",")} >= {"mark:hover .reading", "mark:focus .reading"}


def test_the_legend_counts_every_number_of_the_account(tmp_path: Path) -> None:
    tree = page(tmp_path)
    counts = {first(li, "mark").text(): int(re.findall(r"\d+", li.text().split("·")[0])[0]) for li in tree.css("li")}
    assert sum(counts.values()) == len(tree.css("article mark"))
    assert set(counts) == {"claimed", "ignored", "unread"}


def test_what_a_report_writes_stays_text(tmp_path: Path) -> None:
    tree = page(tmp_path, REPORT.replace("样本区", '"><img src=x onerror=alert(1)>'))
    assert not tree.css("script, img")
    policy = first(tree, 'meta[http-equiv="Content-Security-Policy"]').attributes["content"]
    assert policy == "default-src 'none'; style-src 'unsafe-inline'"


def test_two_files_for_one_page_and_a_page_that_cannot_be_written_are_refused(tmp_path: Path) -> None:
    report, out = tmp_path / "report.txt", tmp_path / "out.html"
    report.write_text(REPORT, encoding="utf-8")
    result = CliRunner().invoke(read, [str(report), str(report), "--html", str(out)])
    assert "--html takes one FILE" in str(result.exception)
    assert not out.exists()
    result = CliRunner().invoke(read, [str(report), "--html", str(tmp_path / "no" / "out.html")])
    assert "cannot be written" in str(result.exception)
