"""Release against release: which numbers changed, why, and the sentences that say so."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import polars as pl
import pytest
from reports import DAY, MARKS_2024, TEXT_2024, Mark, corrected, material, reading, report_2023, report_2024, tables

from publish.changelog import MOST_SENTENCES, changes
from publish.diff import Evidence, Revision, compare, evidence
from publish.tables import Tables, build_tables
from schemas.codelists import Bound, RevisionCause, RevisionKind, Status
from schemas.release import Release

GDP = "CN-442000-torch|gdp|level||2024|actual"
FORMER = Release(
    dataset="torch",
    version="2026.11.23.1",
    previous="",
    released_on=DAY,
    schema_version="0.1.0",
    reader_version="reader-1",
    registry_fingerprint="registry-1",
    inputs_sha256="0" * 64,
    content_sha256="0" * 64,
    tables=(),
    documents=(),
)
LATER = DAY + timedelta(days=1)


def revisions(before: Tables, after: Tables, reader: str = "reader-1") -> tuple[Revision, ...]:
    seen = evidence(before, after, FORMER, reader)
    return compare(before["observations"], after["observations"], seen)


def reread(*marks: Mark) -> Tables:
    """The same texts as before, with one document read otherwise."""
    return tables(report_2023(), reading("post-2", TEXT_2024, marks), previous=tables(), released_on=LATER)


class TestDiff:
    def test_equal_releases_have_no_revision(self) -> None:
        assert revisions(tables(), tables(previous=tables(), released_on=LATER)) == ()

    def test_one_changed_number_in_the_text_is_one_revision_by_the_source(self) -> None:
        (found,) = revisions(tables(), tables(report_2023(), corrected(), previous=tables(), released_on=LATER))
        assert (found.kind, found.key, found.cause) == (RevisionKind.CHANGED, GDP, RevisionCause.SOURCE)
        assert found.before is not None
        assert found.after is not None
        assert (found.before["value"], found.after["value"]) == (573.72, 575.8)

    def test_numbers_that_only_moved_are_no_revision(self) -> None:
        moved = reading("post-2", "　　" + TEXT_2024, MARKS_2024)
        after = tables(report_2023(), moved, previous=tables(), released_on=LATER)
        assert after["observations"]["char_start"].to_list() != tables()["observations"]["char_start"].to_list()
        assert revisions(tables(), after) == ()

    def test_a_new_document_adds_and_a_lost_one_removes(self) -> None:
        one, both = tables(report_2023()), tables()
        added, removed = revisions(one, both), revisions(both, one)
        assert {revision.kind for revision in added} == {RevisionKind.ADDED}
        assert {revision.kind for revision in removed} == {RevisionKind.REMOVED}
        assert [revision.key for revision in added] == [revision.key for revision in removed]
        assert len(added) == len(MARKS_2024)
        assert {revision.cause for revision in (*added, *removed)} == {RevisionCause.SOURCE}

    def test_the_same_text_read_otherwise_is_the_reader(self) -> None:
        marks = (replace(MARKS_2024[0], bound=Bound.ABOVE), *MARKS_2024[1:])
        (found,) = revisions(tables(), reread(*marks), reader="reader-2")
        assert (found.kind, found.cause) == (RevisionKind.CHANGED, RevisionCause.READER)

    def test_the_same_text_and_reader_leave_the_registry(self) -> None:
        marks = (*MARKS_2024[:3], replace(MARKS_2024[3], indicator="x:投资"), MARKS_2024[4])
        found = revisions(tables(), reread(*marks))
        assert {revision.kind for revision in found} == {RevisionKind.ADDED, RevisionKind.REMOVED}
        assert {revision.cause for revision in found} == {RevisionCause.REGISTRY}

    def test_a_newer_document_that_restates_a_number_is_the_source_whatever_the_reader(self) -> None:
        mark = replace(MARKS_2024[0], printed="570亿元", value=570.0)
        newer = reading("post-3", "去年地区生产总值570亿元。", (mark,), published_on=date(2026, 1, 20))
        found = revisions(tables(), tables(report_2023(), report_2024(), newer), reader="reader-2")
        assert [(one.key, one.kind, one.cause) for one in found] == [(GDP, RevisionKind.CHANGED, RevisionCause.SOURCE)]

    @pytest.mark.parametrize("column", ["quote", "section", "char_start", "document", "published_on", "realtime_start"])
    def test_where_a_number_stands_is_no_revision(self, column: str) -> None:
        before = tables()["observations"]
        other = before.with_columns(pl.col(column).reverse())
        assert compare(before, other, Evidence(moved=frozenset(), same_reader=True)) == ()


def notes(before: Tables, after: Tables) -> str:
    return changes("torch 2026.11.24.1", after, revisions(before, after))


def sentences(text: str) -> list[str]:
    return [line.removeprefix("- ") for line in text.splitlines() if line.startswith("- ")]


class TestChanges:
    def test_one_changed_number_is_one_sentence_in_each_language(self) -> None:
        text = notes(tables(), tables(report_2023(), corrected(), previous=tables(), released_on=LATER))
        assert text == (
            "# torch 2026.11.24.1\n\n"
            "## 中文\n\n"
            "- 2024年地区生产总值由 573.72亿元 改为 575.8亿元（来源变动）。\n\n"
            "## English\n\n"
            "- Gross regional product, 2024: 573.72亿元 became 575.8亿元 (the source changed).\n"
        )

    def test_a_first_release_says_what_it_holds(self) -> None:
        chinese, english = sentences(changes("torch 2026.11.23.1", tables(), None))
        assert english == (
            "The first release: 2 documents, 8 observations, 11 numbers, of which 8 are read, 3 are no data and "
            "0 could not be read."
        )
        assert "2 份文件，8 条数据，11 个数字" in chinese

    def test_a_release_without_changed_numbers_says_so(self) -> None:
        chinese, english = sentences(notes(tables(), tables()))
        assert english.startswith("No number changed")
        assert chinese.startswith("没有数据变动")

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
        text = "预计2025年增长4.5-5%。"
        mark = Mark(
            printed="4.5-5%",
            value=4.5,
            upper=5.0,
            unit="%",
            subject="增长",
            indicator="x:增长",
            period=2025,
            status=Status.TARGET,
        )
        assert "4.5 - 5.0%" in notes(tables(report_2023()), tables(report_2023(), reading("post-9", text, (mark,))))

    def test_changes_come_before_losses_before_additions(self) -> None:
        lost = (corrected(), reading("post-5", "新建公园3个。", (park(3),)))
        before = tables(report_2024(), reading("post-4", "新建学校3所。", (park(3, "学校", "3所"),)))
        found = sentences(notes(before, tables(*lost)))
        kinds = [
            next(word for word in ("became", "no longer", "new,") if word in line) for line in found[len(found) // 2 :]
        ]
        assert kinds == ["became", "no longer", "new,"]

    def test_of_changes_the_registry_comes_first_then_the_larger_step(self) -> None:
        text = "新建公园3个，新建广场3个。"
        squares = (park(3), park(3, "广场", nth=1))
        before = tables(report_2024(), reading("post-4", text, squares))
        fewer = "新建公园4个，新建广场9个。"
        after = tables(corrected(), reading("post-4", fewer, (park(4, printed="4个"), park(9, "广场", "9个"))))
        names = [line.split(":")[0] for line in sentences(notes(before, after))[3:]]
        assert names == ["Gross regional product, 2024", "广场, 2024", "公园, 2024"]

    def test_more_than_a_page_is_counted(self) -> None:
        text = "".join(f"片区{place}家，" for place in range(100, 140))
        marks = tuple(park(place, f"片{chr(0x4E00 + place)}", f"{place}家") for place in range(100, 140))
        before = tables(report_2023())
        found = sentences(notes(before, tables(report_2023(), reading("post-9", text, marks))))
        assert len(found) == 2 * (MOST_SENTENCES + 1)
        assert found[-1] == f"{40 - MOST_SENTENCES} more: {40 - MOST_SENTENCES} added."
        assert found[MOST_SENTENCES] == f"另有 {40 - MOST_SENTENCES} 处变动：新增 {40 - MOST_SENTENCES} 处。"

    def test_hostile_words_stay_words(self) -> None:
        subject = "公园](http://a.b)<script>\n# `x`"
        report = reading("post-9", "新建公园3个。", (park(3, subject),))
        text = notes(tables(report_2023()), tables(report_2023(), report))
        assert "公园\\](http://a.b)\\<script> \\# \\`x\\`" in text
        assert len(sentences(text)) == 2

    def test_the_same_releases_give_the_same_text(self) -> None:
        reports = (report_2023(), report_2024())
        built = [build_tables(material(*order)) for order in (reports, reports[::-1])]
        assert notes(tables(report_2023()), built[0]) == notes(tables(report_2023()), built[1])


def park(value: float, subject: str = "公园", printed: str = "3个", nth: int = 0, indicator: str = "") -> Mark:
    named = indicator or f"x:{subject[:4]}"
    return Mark(printed=printed, value=value, unit="个", subject=subject, indicator=named, nth=nth)
