"""The change notes: one sentence a change in two languages, the most important first, the rest counted."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import polars as pl
import pytest
from support.report_readings import DAY, Mark, corrected, material, reading, report_2023, report_2024, tables

from publish.changelog.format import MOST_CHARACTERS
from publish.changelog.markdown import MOST_NAMES, MOST_SENTENCES, changes
from publish.compare.diff import evidence, revisions
from publish.tables.build import build_tables
from schemas.codelists import SourceState, Status
from schemas.reading import Reading
from schemas.tables.columns import frame_schema
from schemas.tables.frames import Tables

GDP = "CN-442000-torch|gdp|level||2024|actual"
LATER = DAY + timedelta(days=1)
DERIVED = ("comparisons", "targets", "silences", "vintages")


def numbers_alone(built: Tables) -> Tables:
    """The tables without what follows from the numbers: only these are news."""
    return {**built, **{name: pl.DataFrame(schema=frame_schema(name)) for name in DERIVED}}


def notes(before: Tables, after: Tables) -> str:
    seen = evidence(before, after, same_reader=True)
    changed = revisions(before["observations"], after["observations"], seen)
    return changes("torch 2026.11.24.1", {**after, "revisions": changed}, before)


def of_numbers(before: Tables, after: Tables) -> str:
    """The notes where nothing but numbers is news."""
    same = {**numbers_alone(after), "documents": before["documents"]}
    return notes(numbers_alone(before), {**same, "revisions": after["revisions"]})


def sentences(text: str) -> list[str]:
    return [line.removeprefix("- ") for line in text.splitlines() if line.startswith("- ")]


def english(text: str) -> list[str]:
    return sentences(text.partition("## English")[2])


def chinese(text: str) -> list[str]:
    return sentences(text.partition("## English")[0])


def park(value: float, subject: str = "公园", printed: str = "3个", nth: int = 0, indicator: str = "") -> Mark:
    named = indicator or f"x:{subject[:4]}"
    return Mark(printed=printed, value=value, unit="个", subject=subject, indicator=named, nth=nth)


def districts() -> Reading:
    """A report of forty numbers, each of another thing."""
    numbers = range(100, 140)
    marks = tuple(park(place, f"片{chr(0x4E00 + place)}", f"{place}家") for place in numbers)
    return reading("post-9", "".join(f"片区{place}家，" for place in numbers), marks)


class TestNumbers:
    def test_one_changed_number_is_one_sentence_in_each_language(self) -> None:
        text = notes(tables(), tables(report_2023(), corrected(), previous=tables(), released_on=LATER))
        assert text == (
            "# torch 2026.11.24.1\n\n## 中文\n\n- 2024年地区生产总值由 573.72亿元 改为 575.8亿元（来源变动）。\n\n"
            "## English\n\n- Gross regional product, 2024: 573.72亿元 became 575.8亿元 (the source changed).\n"
        )

    def test_a_first_release_says_what_it_holds_and_one_without_changed_numbers_says_so(self) -> None:
        zh, en = sentences(changes("torch 2026.11.23.1", tables(), {}))
        assert en.startswith("The first release: 2 documents with 8 observations. Of 11 numbers, 8 are read as data, ")
        assert en.endswith(", 3 are not data and 0 could not be read.")
        assert "2 份文件，8 条数据，11 个数字" in zh
        zh, en = sentences(notes(tables(), tables()))
        assert (en.startswith("No number changed"), zh.startswith("没有数据变动")) == (True, True)

    def test_targets_ranks_and_bounds_are_named(self) -> None:
        text = notes(tables(report_2023()), tables())
        assert "新增2025年地区生产总值目标：>=600亿元（来源变动）。" in text
        assert "Gross regional product, 2025, target: new, >=600亿元 (the source changed)." in text
        assert "Gross regional product, rank, 全市, 2024: new, 6位 (the source changed)." in text
        assert "新增2024年地区生产总值增速：3.5%（来源变动）。" in text

    def test_a_change_that_the_amount_does_not_show_is_spelt_out(self) -> None:
        before = tables()
        frame = before["observations"]
        settled = pl.when(pl.col("obs_id") == GDP).then(pl.lit("A")).otherwise("obs_status").alias("obs_status")
        text = notes(before, {**before, "observations": frame.with_columns(settled)})
        assert "Gross regional product, 2024: 573.72亿元 (obs\\_status P) became 573.72亿元 (obs\\_status A)" in text

    def test_numbers_that_only_their_words_tell_apart_are_named_by_these(self) -> None:
        report = reading("post-9", "公园3个，民众公园9个。", (park(3), park(9, "民众公园", "9个", indicator="x:公园")))
        text = notes(tables(report_2023()), tables(report_2023(), report))
        assert "新增2024年公园：3个（来源变动）。" in text
        assert "新增2024年民众公园（民众公园）：9个（来源变动）。" in text
        assert "民众公园 (民众公园), 2024: new, 9个 (the source changed)." in text

    def test_a_range_shows_both_its_ends(self) -> None:
        mark = Mark(printed="4.5-5%", value=4.5, upper=5.0, unit="%", subject="增长", indicator="x:增长", period=2025)
        report = reading("post-9", "预计2025年增长4.5-5%。", (replace(mark, status=Status.TARGET),))
        assert "4.5 - 5.0%" in notes(tables(report_2023()), tables(report_2023(), report))


def repeated(sample: pl.DataFrame, count: int) -> pl.DataFrame:
    """A revision so many times, each of another key."""
    rows = sample.select(pl.all().gather(pl.zeros(count, dtype=pl.UInt32, eager=True)))
    key = pl.format("CN-442000-torch|x:{}|level||2024|actual", 10_000_000 + pl.int_range(pl.len()))
    return rows.with_columns(obs_id=key)


class TestOrder:
    def test_changes_come_before_losses_before_additions(self) -> None:
        before = tables(report_2024(), reading("post-4", "新建学校3所。", (park(3, "学校", "3所"),)))
        after = tables(corrected(), reading("post-5", "新建公园3个。", (park(3),)))
        changed, lost, added = english(of_numbers(before, after))
        assert ("became" in changed, "no longer" in lost, "new," in added) == (True, True, True)

    def test_of_changes_the_registry_comes_first_then_the_larger_step(self) -> None:
        squares = (park(3), park(3, "广场", nth=1))
        before = tables(report_2024(), reading("post-4", "新建公园3个，新建广场3个。", squares))
        fewer = reading("post-4", "新建公园4个，新建广场9个。", (park(4, printed="4个"), park(9, "广场", "9个")))
        names = [line.split(":")[0] for line in english(notes(before, tables(corrected(), fewer)))]
        assert names == ["Gross regional product, 2024", "广场, 2024", "公园, 2024"]

    def test_more_than_a_page_is_counted_by_kind_and_cause(self) -> None:
        after = tables(report_2024(), districts())
        told = of_numbers(tables(report_2024()), after)
        left = 40 - MOST_SENTENCES
        assert len(english(told)) == len(chinese(told)) == MOST_SENTENCES + 1
        assert english(told)[-1] == f"{left} more: {left} added (our registry changed)."
        assert chinese(told)[-1] == f"另有 {left} 处变动：新增 {left} 处（指标表更新）。"

    def test_the_rest_is_told_apart_by_cause(self) -> None:
        kinds, by = ["changed", "changed", "removed", "added"] * 10, ["source", "reader", "reader", "correction"] * 10
        rows = tables()["observations"][:1]
        sample = revisions(rows, rows.with_columns(value=pl.lit(1.0)), evidence(tables(), tables(), same_reader=True))
        many = repeated(sample, 40).with_columns(pl.Series("kind", kinds), pl.Series("cause", by))
        empty = pl.when(pl.col("kind") != "added").then(pl.col("before_value")).alias("before_value")
        gone = pl.when(pl.col("kind") != "removed").then(pl.col("after_value")).alias("after_value")
        (*_, last) = english(changes("x", {**tables(), "revisions": many.with_columns(empty, gone)}, tables()))
        told = [part.strip() for part in last.removesuffix(".").partition(":")[2].split(", ")]
        assert last.startswith(f"{40 - MOST_SENTENCES} more:")
        removed, added = "10 removed (our reader changed)", "10 added (corrected by hand)"
        assert told == ["1 changed (the source changed)", "1 changed (our reader changed)", removed, added]

    def test_the_same_releases_give_the_same_text(self) -> None:
        both = (report_2023(), report_2024())
        built = [build_tables(material(*order)) for order in (both, both[::-1])]
        assert notes(tables(report_2023()), built[0]) == notes(tables(report_2023()), built[1])


class TestHostileWords:
    def test_they_stay_words_and_cannot_fill_the_page(self) -> None:
        report = reading("post-9", "新建公园3个。", (park(3, "公园](http://a.b)<script>\n# `x`"),))
        text = of_numbers(tables(report_2023()), tables(report_2023(), report))
        assert "公园\\](http://a.b)\\<script> \\# \\`x\\`" in text
        assert len(sentences(text)) == 2
        report = reading("post-9", "新建公园3个。", (park(3, "公园" * 5000, indicator="x:公园"),))
        text = notes(tables(report_2023()), tables(report_2023(), report))
        assert max(map(len, sentences(text))) < 2 * MOST_CHARACTERS

    @pytest.mark.parametrize("title", ["总结](http://a.b)<b>", "总结\n\n# 总结", "- 总结"])
    def test_nor_do_the_titles_of_documents_act(self, title: str) -> None:
        report = report_2024()
        hostile = replace(report, document=replace(report.document, title=title))
        text = notes(tables(report_2023()), tables(report_2023(), hostile))
        assert sum(line.startswith("#") for line in text.splitlines()) == 3
        assert not any(mark in text.replace("\\<", "").replace("\\]", "") for mark in ("<b>", "]("))


class TestOtherNews:
    def test_new_documents_are_named_and_more_than_a_few_counted(self) -> None:
        more = [reading(f"post-{number}", "公园。", ()) for number in range(10, 15)]
        for count in (1, MOST_NAMES, MOST_NAMES + 2):
            found = english(notes(tables(), tables(report_2023(), report_2024(), *more[:count])))
            (line,) = [line for line in found if line.startswith("New documents")]
            assert line.startswith(f"New documents ({count}): 火炬高新区工作总结 post-10")
            assert line.count("火炬高新区工作总结") == min(count, MOST_NAMES)
            assert line.endswith("; and 2 more.") is (count > MOST_NAMES)

    def test_a_withdrawn_page_is_told_once(self) -> None:
        gone = tables(report_2023(), replace(report_2024(), state=SourceState.GONE))
        assert chinese(notes(tables(), gone)) == ["来源撤下的文件 1 份，已发布的数据保留：火炬高新区工作总结 post-2。"]
        assert english(notes(gone, gone))[0].startswith("No number changed")

    def test_promises_are_told_when_they_are_decided_and_not_again(self) -> None:
        before, after = (ledger(verdict) for verdict in ("open", "missed"))
        told = "Promises missed (1): Gross regional product, growth, 2025, target: 3.5% against >=5%."
        assert english(notes(before, after)) == [told]
        told = "未达成的目标 1 项：2025年地区生产总值增速目标（目标 >=5%，实绩 3.5%）。"
        assert chinese(notes(before, after)) == [told]
        assert english(notes(after, ledger("kept")))[0].startswith("Promises kept (1)")
        for later in (after, ledger("open")):
            assert english(notes(after, later))[0].startswith("No number changed")

    def test_an_indicator_fallen_silent_is_told_with_its_last_number(self) -> None:
        before = tables()
        silent = {**before, "silences": silences()}
        told = "Indicators without a number in the newer report (1): Gross regional product, 2023, last 550.1亿元."
        assert english(notes(before, silent)) == [told]
        told = "新一份报告不再给出数字的指标 1 项：2023年地区生产总值（上次为 550.1亿元）。"
        assert chinese(notes(before, silent)) == [told]
        assert english(notes(silent, silent))[0].startswith("No number changed")

    def test_they_stand_between_what_was_changed_and_what_was_added_and_take_its_room(self) -> None:
        after = {**tables(report_2023(), corrected(), districts()), "silences": silences()}
        found = english(notes(tables(), after))
        assert len(found) == MOST_SENTENCES + 1
        assert "became" in found[0]
        assert [line.split(" ")[0] for line in found[1:3]] == ["Indicators", "New"]
        assert all("new," in line for line in found[3:-1])


def row(table: str, **cells: object) -> pl.DataFrame:
    """One row of a table, empty but for these cells and the name of the indicator."""
    named = {"indicator": "gdp", "label_zh": "地区生产总值", "label_en": "Gross regional product"}
    empty = dict.fromkeys(frame_schema(table))
    return pl.DataFrame([{**empty, **named, **cells}], schema=frame_schema(table), orient="row")


def ledger(verdict: str) -> Tables:
    """The tables with one promise in their ledger: growth of five per cent or more, of which 3.5 came."""
    aim = {"value": 5.0, "bound": ">=", "unit": "%", "decimals": 0}
    outcome = {"outcome_value": 3.5, "outcome_bound": "=", "outcome_unit": "%", "outcome_decimals": 1}
    which = {"obs_id": "a|gdp|growth||2025|target", "measure": "growth", "scope": "", "period": "2025"}
    return {**tables(), "targets": row("targets", verdict=verdict, **which, **aim, **outcome)}


def silences() -> pl.DataFrame:
    """One indicator that was quantified for 2023 and no more."""
    last = {"last_measure": "level", "last_period": "2023", "last_value": 550.1, "last_bound": "=", "last_unit": "亿元"}
    return row("silences", document="post-2", period="2024", kind="absent", **last)
