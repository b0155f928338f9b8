"""`gongbao get` and `gongbao diff` as one calls them: what they print, what they write, how they refuse."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from support.commands import Done, gongbao, on_a_terminal
from support.june_runs import VERSIONS
from support.requires import ROOT, program

from schemas.tables.columns import TABLES

FIRST, SECOND, THIRD = VERSIONS


@pytest.fixture(scope="module")
def store(three_releases: Path) -> Path:
    """A store with three releases, which the tests only look at."""
    return three_releases


@pytest.fixture(scope="module")
def two_datasets(store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same store with a dataset more in its list."""
    copy = tmp_path_factory.mktemp("two") / "store"
    shutil.copytree(store, copy)
    index = json.loads((copy / "index.json").read_bytes())
    index["datasets"]["torch"] = index["datasets"]["seed"]
    (copy / "index.json").write_text(json.dumps(index), "utf-8")
    return copy


def published(store: Path, version: str, name: str) -> bytes:
    return (store / "seed" / "v" / version / name).read_bytes()


def rows(done: Done) -> list[dict[str, str]]:
    assert (done.status, done.err) == (0, "")
    return list(csv.DictReader(io.StringIO(done.out)))


class TestGet:
    def test_a_pipe_gets_the_published_csv_file_of_the_latest_release_or_of_a_version(
        self, store: Path, environ: dict[str, str]
    ) -> None:
        latest = gongbao("get", str(store), "observations", environ=environ)
        assert (latest.status, latest.out.encode()) == (0, published(store, THIRD, "observations.csv"))
        named = gongbao("get", str(store), "revisions", "--version", SECOND, environ=environ)
        assert named.out.encode() == published(store, SECOND, "revisions.csv")

    def test_as_of_a_day_the_numbers_of_that_day_come(self, store: Path, environ: dict[str, str]) -> None:
        days = [gongbao("get", str(store), "observations", "--as-of", f"2026-06-0{d}", environ=environ) for d in (2, 3)]
        growth = [row["value"] for done in days for row in rows(done) if row["indicator"] == "investment_fixed"]
        assert growth == ["5.0", "8.0", "5.2", "8.0"]

    def test_json_holds_every_row_and_column_of_the_table(self, store: Path, environ: dict[str, str]) -> None:
        frame = pl.read_parquet(io.BytesIO(published(store, THIRD, "vintages.parquet")))
        done, same = (
            gongbao("get", str(store), "vintages", *how, environ=environ) for how in (("--format", "json"), ("--json",))
        )
        listed = json.loads(done.out)
        assert done.out == same.out
        assert [list(row) for row in listed] == [frame.columns] * frame.height
        assert [row["value"] for row in listed] == frame["value"].to_list()
        assert {row["realtime_end"] for row in listed} == set(frame["realtime_end"].cast(str))
        assert "固定资产投资" in done.out

    @pytest.mark.parametrize("ending", ["csv", "parquet"])
    def test_a_file_gets_the_form_of_its_ending(
        self, store: Path, tmp_path: Path, environ: dict[str, str], ending: str
    ) -> None:
        out = tmp_path / f"growth.{ending}"
        done = gongbao("get", str(store), "numbers", "--out", str(out), environ=environ)
        assert (done.status, done.out, done.err) == (0, "", "")
        assert out.read_bytes() == published(store, THIRD, f"numbers.{ending}")

    def test_parquet_goes_through_a_pipe_untouched_and_not_to_a_terminal(
        self, store: Path, environ: dict[str, str]
    ) -> None:
        arguments = ("get", str(store), "targets", "--format", "parquet")
        done = subprocess.run([program("gongbao"), *arguments], env=environ, capture_output=True, check=True)
        assert done.stdout == published(store, THIRD, "targets.parquet")
        _, shown = on_a_terminal(*arguments, environ=environ)
        assert "--out FILE" in shown
        assert "PAR1" not in shown

    @pytest.mark.parametrize("columns", [60, 160])
    def test_a_terminal_gets_a_table_that_fits_it(self, store: Path, environ: dict[str, str], columns: int) -> None:
        _, shown = on_a_terminal("get", str(store), "observations", environ=environ, columns=columns)
        heading, _, *lines = shown.splitlines()
        assert heading.split()[:2] == ["label_zh", "measure"]
        assert any(line.startswith("地区生产总值") for line in lines)
        assert "not shown for want of room: " in lines[-1]

    def test_the_table_form_has_room_for_every_column_in_a_pipe(self, store: Path, environ: dict[str, str]) -> None:
        done = gongbao("get", str(store), "observations", "--format", "table", environ=environ)
        assert set(done.out.splitlines()[0].split()) == {column.name for column in TABLES["observations"]}

    def test_a_store_of_several_datasets_asks_for_one(self, two_datasets: Path, environ: dict[str, str]) -> None:
        done = gongbao("get", str(two_datasets), "observations", environ=environ)
        assert "--source: seed, torch" in done.usage_error()
        named = gongbao("get", str(two_datasets), "observations", "--source", "seed", environ=environ)
        assert (named.status, named.out.encode()) == (0, published(two_datasets, THIRD, "observations.csv"))

    @pytest.mark.parametrize(
        ("arguments", "says"),
        [
            ("observation", "it has observations, vintages"),
            ("../manifest", "it has observations, vintages"),
            ("observations --as-of 2026-05-31", "its first release is 2026.06.01.1"),
            ("observations --as-of yesterday", "yesterday"),
            ("observations --version 2026.06.02.1", f"it has {THIRD}, {SECOND}, {FIRST}"),
            ("observations --version ../../etc", "invalid version"),
            (f"observations --version {FIRST} --as-of 2026-06-01", "give one of them"),
            ("observations --source sead", "published are: seed"),
            ("observations --format xml", "xml"),
            ("observations --out no/such/folder/x.csv", "it cannot be written"),
        ],
        ids=str,
    )
    def test_wrong_usage_says_what_there_is(
        self, store: Path, environ: dict[str, str], arguments: str, says: str
    ) -> None:
        assert says in gongbao("get", str(store), *arguments.split(), environ=environ).usage_error()

    def test_a_file_that_was_tampered_with_is_not_given(
        self, store: Path, tmp_path: Path, environ: dict[str, str]
    ) -> None:
        shutil.copytree(store, tmp_path / "store")
        with (tmp_path / "store" / "seed" / "v" / THIRD / "observations.csv").open("ab") as file:
            file.write(b"x")
        done = gongbao("get", str(tmp_path / "store"), "observations", environ=environ)
        assert (done.status, done.out) == (6, "")
        assert f"seed/v/{THIRD}/observations.csv" in done.err


class TestDiff:
    def test_each_change_is_a_sentence_with_its_cause(self, store: Path, environ: dict[str, str]) -> None:
        done = gongbao("diff", str(store), FIRST, SECOND, environ=environ)
        assert done.status == 0
        assert done.out.startswith(f"# seed {FIRST} → {SECOND}\n")
        chinese, english = done.out.split("## ")[1:]
        assert chinese.splitlines()[2] == "- 2024年固定资产投资增速由 5.0% 改为 5.2%（来源变动）。"
        assert english.splitlines()[2].endswith("5.0% became 5.2% (the source changed).")

    def test_the_rows_come_as_json_with_both_sides_and_the_earlier_release_may_come_second(
        self, store: Path, environ: dict[str, str]
    ) -> None:
        done = gongbao("diff", str(store), FIRST, THIRD, "--source", "seed", "--json", environ=environ)
        listed = json.loads(done.out)
        assert list(listed[0]) == [column.name for column in TABLES["revisions"]]
        (changed,) = [row for row in listed if row["indicator"] == "investment_fixed" and row["kind"] == "changed"]
        assert (changed["before_value"], changed["after_value"], changed["cause"]) == (5.0, 5.2, "source")
        back = json.loads(gongbao("diff", str(store), SECOND, FIRST, "--json", environ=environ).out)
        assert [(row["before_value"], row["after_value"]) for row in back] == [(5.2, 5.0)]

    def test_a_release_against_itself_says_that_nothing_changed(self, store: Path, environ: dict[str, str]) -> None:
        done = gongbao("diff", str(store), SECOND, SECOND, environ=environ)
        assert (done.status, done.out) == (0, f"nothing changed from {SECOND} to {SECOND}\n")
        assert json.loads(gongbao("diff", str(store), SECOND, SECOND, "--json", environ=environ).out) == []

    @pytest.mark.parametrize(
        ("arguments", "says"),
        [
            (FIRST, "B"),
            (f"{FIRST} 2026.06.02.1", f"it has {THIRD}, {SECOND}, {FIRST}"),
            (f"first {SECOND}", "invalid version"),
            (f"{FIRST} {SECOND} --source torch", "published are: seed"),
        ],
        ids=str,
    )
    def test_wrong_usage_says_what_there_is(
        self, store: Path, environ: dict[str, str], arguments: str, says: str
    ) -> None:
        assert says in gongbao("diff", str(store), *arguments.split(), environ=environ).usage_error()


@pytest.mark.parametrize("command", [["get", "x", "observations"], ["diff", "x", FIRST, SECOND]], ids=str)
def test_what_only_looks_needs_neither_prefect_nor_great_expectations(command: list[str], tmp_path: Path) -> None:
    script = (
        "import sys; from flows.cli.main import cli\n"
        "try: cli(sys.argv[1:], standalone_mode=False)\n"
        "except Exception as error: print(error)\n"
        "print(*sorted({name.partition('.')[0] for name in sys.modules}), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *command], cwd=tmp_path, capture_output=True, text=True, check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert "nothing is published there" in done.stdout
    assert not set(done.stderr.split()) & {"prefect", "great_expectations", "boto3"}


class TestExplain:
    def test_it_says_what_a_verdict_rests_on(self, store: Path, environ: dict[str, str]) -> None:
        named = ("explain", str(store), "CN-442000-torch|gdp|growth||2025|target")
        done = gongbao(*named, environ=environ)
        assert done.status == 0
        said = dict(line.split(": ", 1) for line in done.out.splitlines()[1:])
        assert said["verdict"].startswith("kept. ")
        assert said["match"].startswith("same_series. ")
        assert {"promised", "outcome", "tolerance", "margin", "passed over"} <= said.keys()
        row = json.loads(gongbao(*named, "--json", environ=environ).out)
        assert (row["verdict"], row["indicator"]) == ("kept", "gdp")

    def test_a_target_that_is_not_there_is_wrong_usage(self, store: Path, environ: dict[str, str]) -> None:
        assert "no target is called" in gongbao("explain", str(store), "x", environ=environ).usage_error()
