"""Files of facts entered by hand: what becomes of them for the archive, and what is told of each mistake."""

from __future__ import annotations

import hashlib
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.reviewed_builders import DATASET, FALL, RANK, ROW, SHARE, URL, payloads, row, text, write

from raw.reviewed.columns import COLUMNS, NAMES, is_reviewed
from raw.reviewed.facts import SHIPPED, reviewed_payloads
from schemas.codelists import Bound, Measure, Status
from schemas.errors import RegistryError

OTHER = "http://example.org/yearbook/%E7%BB%8F.htm?id=2&x=3"


def refused(folder: Path, content: str | bytes) -> RegistryError:
    """The error that a file is refused with."""
    with pytest.raises(RegistryError) as caught:
        reviewed_payloads(DATASET, write(folder, content))
    return caught.value


class TestPayloads:
    def test_are_the_rows_of_one_citation_under_their_header(self, tmp_path: Path) -> None:
        (only,) = payloads(tmp_path, row(), row(**SHARE))
        header, *lines = only.body.decode().splitlines()
        assert header == ",".join(NAMES)
        assert lines == sorted(lines)
        assert len(lines) == 2
        assert "2023,地区生产总值,531.48,亿元,level,actual,,=,,provisional,某报,https" in lines[0]

    def test_bear_the_hash_of_the_address_as_their_id(self, tmp_path: Path) -> None:
        (only,) = payloads(tmp_path, row())
        assert only.document_id == f"reviewed-{hashlib.sha256(URL.encode()).hexdigest()[:12]}"
        assert only.url == URL
        assert is_reviewed(only.document_id)
        assert not is_reviewed("post-2345678")

    def test_are_one_for_each_address_in_the_order_of_their_ids(self, tmp_path: Path) -> None:
        found = payloads(tmp_path, row(), row(**FALL, source_url=OTHER), row(**SHARE), row(**RANK, source_url=OTHER))
        assert {one.url: one.body.count(b"\n") for one in found} == {URL: 3, OTHER: 3}
        assert [one.document_id for one in found] == sorted(one.document_id for one in found)

    def test_are_the_same_bytes_whatever_the_order_of_rows_and_columns(self, tmp_path: Path) -> None:
        rows = [row(), row(**SHARE), row(**RANK), row(**FALL, source_url=OTHER), row(period="2022")]
        expected = payloads(tmp_path, *rows)
        for seed in range(8):
            chance = random.Random(seed)
            shuffled, names = chance.sample(rows, len(rows)), tuple(chance.sample(NAMES, len(NAMES)))
            assert reviewed_payloads(DATASET, write(tmp_path, text(*shuffled, names=names))) == expected

    @pytest.mark.parametrize(
        "dress", ["\ufeff{}", "\n{}\n\n", "\r\n"], ids=["byte order mark", "empty lines", "line ends"]
    )
    def test_do_not_depend_on_what_a_spreadsheet_program_adds(self, tmp_path: Path, dress: str) -> None:
        plain = text(row(), row(**SHARE))
        dressed = dress.format(plain) if "{}" in dress else plain.replace("\n", dress)
        assert reviewed_payloads(DATASET, write(tmp_path, dressed)) == payloads(tmp_path, row(), row(**SHARE))

    def test_of_an_empty_file_or_of_one_that_is_not_there_are_none(self, tmp_path: Path) -> None:
        assert reviewed_payloads(DATASET, tmp_path) == reviewed_payloads(DATASET, None) == ()
        for content in ("", "\n\n", text()):
            assert reviewed_payloads(DATASET, write(tmp_path, content)) == ()

    def test_of_another_dataset_are_left_alone(self, tmp_path: Path) -> None:
        write(tmp_path, text(row()), dataset="another")
        assert reviewed_payloads(DATASET, tmp_path) == ()

    def test_hold_hostile_words_as_the_data_that_they_are(self, tmp_path: Path) -> None:
        for hostile in ('=HYPERLINK("http://x","点")', "+1,-1", "@SUM(A1)", "<script>", '"', "a|b"):
            (only,) = payloads(tmp_path, row(subject=hostile, note=hostile))
            assert only.body.decode() == text(row(subject=hostile, note=hostile))


class TestAnOperator:
    def test_adds_to_what_the_package_states(self, tmp_path: Path) -> None:
        shipped = reviewed_payloads("torch", None)
        both = reviewed_payloads("torch", write(tmp_path, text(row(period="2015")), dataset="torch"))
        assert len(both) == len(shipped) + 1
        assert set(shipped) < set(both)

    def test_corrects_a_fact_of_the_package_under_any_spelling_of_its_name(self, tmp_path: Path) -> None:
        own = row(subject="GDP", value="550.00")
        both = reviewed_payloads("torch", write(tmp_path, text(own), dataset="torch"))
        lines = [line for one in both for line in one.body.decode().splitlines() if ",level," in line]
        assert [line for line in lines if "531.48" in line] == []
        assert [line.split(",")[1] for line in lines if "550.00" in line] == ["GDP"]

    def test_is_told_where_the_folder_is_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(RegistryError, match=r"nowhere: the folder of reviewed facts does not exist"):
            reviewed_payloads(DATASET, tmp_path / "nowhere")


BAD = {
    "period": ["", "2023Q1", "23", "1799", "2101", "2023/2022", "2023/2023", "2023-2024", "２０２３"],
    "subject": ["", " GDP", "a\tb", "甲" * 401],
    "value": ["", "五", "1,000.5", "1e3", "+5", ".5", "5.", "007", "nan", "１２", "-", "4.5-5", "1" * 16, f"0.{1:013}"],
    "unit": ["亿圆", "x", "2%"],
    "measure": ["", "Level", "growth_pct"],
    "status": ["", "preliminary"],
    "scope": ["全市"],
    "bound": ["", "≥", "gt"],
    "price_basis": ["real"],
    "stage": ["preliminary"],
    "source_title": ["某报\x00", " "],
    "source_url": ["", "example.org/x", "ftp://h/x", "http://", "https://u:p@h/", "http://[::1", "zsnews.cn, a/index"],
    "source_date": ["", "2024-13", "2024-02-30", "30.1.2024", "2024-1-3", "20240130", "1600"],
    "entered_on": ["", "2026", "2026-11", "2026-11-31", "today"],
    "note": ["a\u2028b"],
}


class TestAMistake:
    @pytest.mark.parametrize("column", BAD)
    def test_in_a_cell_is_named_by_file_line_and_column(self, tmp_path: Path, column: str) -> None:
        for cell in BAD[column]:
            error = refused(tmp_path, text(row(**SHARE), row(**{column: cell})))
            assert error.where == f"{tmp_path / DATASET}.csv, line 3, column {column}", cell
            assert error.what
            assert error.remedy.startswith("allowed: ")

    def test_in_a_code_says_which_codes_there_are(self, tmp_path: Path) -> None:
        for column, codes in {"bound": "=, >, >=, ~, <=, <", "stage": "provisional, final"}.items():
            assert refused(tmp_path, text(row(**{column: "?"}))).remedy.startswith(f"allowed: {codes}")

    def test_in_a_rank_is_of_unit_or_number(self, tmp_path: Path) -> None:
        for column, cell in (("unit", "%"), ("value", "0"), ("value", "1.5")):
            assert f"column {column}" in refused(tmp_path, text(row(**RANK | {column: cell}))).where

    def test_is_a_column_that_is_missing(self, tmp_path: Path) -> None:
        for name in NAMES:
            error = refused(tmp_path, text(row(), names=tuple(other for other in NAMES if other != name)))
            assert (error.what, error.where.endswith(f"line 1, column {name}")) == ("the column is missing", True)

    def test_is_a_column_that_is_unknown_or_doubled(self, tmp_path: Path) -> None:
        for extra in ("comment", "period", "Value", ""):
            error = refused(tmp_path, f"{','.join(NAMES)},{extra}\n")
            assert f"line 1, column {extra}" in error.where
            assert ", ".join(NAMES) in error.remedy

    def test_is_a_row_of_another_length(self, tmp_path: Path) -> None:
        for cells in ([*ROW.values()][:-1], [*ROW.values()][:1]):
            error = refused(tmp_path, text(row(**SHARE)) + ",".join(cells) + "\n")
            assert "line 3" in error.where
            assert "cells and not 15" in error.what

    @pytest.mark.parametrize("broken", ['2023,"地区', '2023,"地区"生产', '2023,地区"生产"'])
    def test_is_a_quote_that_has_no_partner_or_a_line_break_in_a_cell(self, tmp_path: Path, broken: str) -> None:
        error = refused(tmp_path, text(row(**SHARE)) + broken + "\n")
        assert error.where == f"{tmp_path / DATASET}.csv, line 3"
        error = refused(tmp_path, text(row(note="one\ntwo"), row(**SHARE)))
        assert error.where.endswith("line 2, column note")

    def test_is_a_fact_that_stands_there_twice_under_any_name(self, tmp_path: Path) -> None:
        for name in ("地区生产总值", "GDP", "全区地区生产总值"):
            error = refused(tmp_path, text(row(), row(**SHARE), row(subject=name, value="1")))
            assert error.where.endswith("line 4, column subject")
            assert error.what == "line 2 states the same: gdp, 2023, level, actual"
        for changes in ({"period": "2022"}, {"status": "target"}, FALL):
            assert len(payloads(tmp_path, row(), row(**changes))) == 1

    def test_is_one_address_with_two_citations(self, tmp_path: Path) -> None:
        for column in ("source_title", "source_date"):
            error = refused(tmp_path, text(row(), row(**SHARE | {column: "2022"})))
            assert error.where.endswith(f"column {column}")
            assert "same title and date" in error.remedy

    def test_is_a_file_that_is_not_in_utf_8_or_a_folder_in_its_place(self, tmp_path: Path) -> None:
        assert "is not UTF-8" in refused(tmp_path, text(row()).encode("gb18030")).what
        file = tmp_path / f"{DATASET}.csv"
        file.unlink()
        file.mkdir()
        with pytest.raises(RegistryError, match="it cannot be read"):
            reviewed_payloads(DATASET, tmp_path)


@settings(max_examples=100)
@given(st.text(alphabet='2023,亿元"\n\r= actual', max_size=200))
def test_any_file_at_all_is_taken_or_refused_in_words(tmp_path_factory: pytest.TempPathFactory, content: str) -> None:
    folder = write(tmp_path_factory.getbasetemp() / "fuzz", text(row()) + content)
    told = ""
    try:
        reviewed_payloads(DATASET, folder)
    except RegistryError as error:
        told = str(error)
    assert (told == "") == (not content.strip("\r\n")) or told.startswith(str(folder))


def test_the_package_has_files_for_known_datasets_only_and_each_is_sound() -> None:
    names = sorted(file.stem for file in SHIPPED.glob("*.csv"))
    assert names == ["torch", "zhongshan"]
    assert [len(reviewed_payloads(name, None)) for name in names] == [1, 3]


def test_the_guide_beside_the_files_names_every_column_and_every_code() -> None:
    guide = (SHIPPED / "README.md").read_text("utf-8")
    cells = [line.split("|") for line in guide.splitlines() if line.startswith("| `")]
    assert tuple(name.strip(" `") for _, name, *_ in cells) == NAMES
    said = {name.strip(" `"): words for _, name, words, _ in cells}
    for column, codes in {"measure": Measure, "status": Status, "bound": Bound}.items():
        assert [code.value for code in codes if f"`{code.value}`" not in said[column]] == []
    optional = [column.name for column in COLUMNS if not column.required]
    assert [name for name in optional if "empty" not in said[name]] == []
