from __future__ import annotations

import csv
import re
import unicodedata

import pytest
from support.requires import shared

from raw.samples.articles import Article, load_samples
from schemas.registry.sources import load_sources
from schemas.registry.uscc import parse_index_number

SAMPLES = load_samples()
NEWEST = SAMPLES[-1]


def plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def runs_of(text: str, length: int) -> set[str]:
    return {text[at : at + length] for at in range(len(text) - length + 1)}


def figure(row: dict[str, str]) -> str:
    return rf"(?<![\d.]){re.escape(row['value'].removesuffix('.0'))}(\.0)?{row['unit']}"


def test_the_samples_are_what_their_entry_of_the_registry_expects() -> None:
    source = next(source for source in load_sources() if source.bundled)
    numbers = [parse_index_number(article.index_number, source.division) for article in SAMPLES]
    assert all(re.search(source.title, article.title) and source.publisher in article.publisher for article in SAMPLES)
    assert {number.code for number in numbers} == {source.uscc}
    assert [number.note for number in numbers] == ["valid", "repaired"]


@pytest.mark.parametrize("article", SAMPLES, ids=["2023", "2024"])
def test_a_sample_has_the_form_of_such_a_report(article: Article) -> None:
    year = int(re.findall(r"\d{4}", article.title)[0])
    assert article.title == f"火炬高新区{year}年工作总结暨{year + 1}年工作部署"
    assert article.published_on.year == year + 1
    assert 1500 <= len("".join(article.paragraphs)) <= 2500
    heads = [text for text in article.paragraphs if re.match(r"[一二]、", text)]
    assert heads == [f"一、{year}年工作总结", f"二、{year + 1}年工作部署"]
    assert sum(text.startswith("（") for text in article.paragraphs) >= 8
    assert sum(bool(re.match("[一二三]是", text)) for text in article.paragraphs) >= 10
    glossary = article.paragraphs[article.paragraphs.index("名词解释") + 1 :]
    assert all(re.match(r"\d\.\S+：", text) for text in glossary)
    assert len(glossary) in {2, 3}


def test_the_second_sample_holds_the_rich_forms_of_such_reports() -> None:
    forms = """573.72亿元 增长3.5% 全市第一 分别增长115.6%和59% 下降40.9% 超310亿元|逾310亿元 约28万人次 以上 不少于10场
    左右 提高3个百分点 两年复合增长率 十件 超百万人次 投资总额和项目数均居全市第一 6.5%以上 60个亿元以上项目 力争"""
    assert [words for words in forms.split() if not re.search(words, "".join(NEWEST.paragraphs))] == []


def test_the_published_figures_of_both_years_stand_in_the_samples() -> None:
    path = shared("reference", "zone_facts.csv")
    stated = {"2023": "".join(SAMPLES[0].paragraphs), "2024": "".join(NEWEST.paragraphs)}
    stated["2025"] = stated["2024"]
    with path.open(encoding="utf-8-sig", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["entity"].startswith("中山火炬") and row["year"] in stated]
    otherwise = {("30", "%"): "近三成", ("1", "位"): "第一", ("4", "位"): "四位", ("573.7", "亿元"): r"573\.72亿元"}
    missing = [
        (row["year"], row["indicator_zh"], row["value"])
        for row in rows
        if not re.search(otherwise.get((row["value"], row["unit"]), figure(row)), stated[row["year"]])
    ]
    assert len(rows) > 20
    assert not missing


def test_no_sentence_of_the_samples_is_the_seeds() -> None:
    seed = plain(next(shared("seed").glob("*.txt")).read_text(encoding="utf-8"))
    for article in SAMPLES:
        text = plain("".join(article.paragraphs)).replace(plain(article.title), "")
        assert not runs_of(text, 25) & runs_of(seed, 25)
