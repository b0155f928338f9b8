"""`gongbao get` and `gongbao diff` as one calls them: what they print, what they write, how they refuse."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest
from support.commands import Done, environment, gongbao
from support.release_store import VERSIONS, site, three_releases
from support.requires import ROOT, program

from schemas.tables.columns import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator

FIRST, SECOND, THIRD = VERSIONS


@pytest.fixture(scope="module")
def environ(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return environment(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A store with three releases, which the tests only look at."""
    with site(tmp_path_factory.mktemp("history")) as (editor, sources, url):
        three_releases(editor, sources, url)
        yield Path(url)


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


def on_a_terminal(*arguments: str, environ: dict[str, str], columns: int = 80) -> str:
    """What a command shows on a terminal of this width."""
    ours, theirs = pty.openpty()
    width = {"COLUMNS": str(columns), "TERM": "dumb"}
    with subprocess.Popen([program("gongbao"), *arguments], env={**environ, **width}, stdout=theirs, stderr=theirs):
        os.close(theirs)
        shown = b""
        while chunk := _read(ours):
            shown += chunk
    os.close(ours)
    return shown.decode().replace("\r\n", "\n")


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # how Linux says that the other end is closed
        return b""


def rows(done: Done) -> list[dict[str, str]]:
    assert (done.status, done.err) == (0, "")
    return list(csv.DictReader(io.StringIO(done.out)))


class TestGet:
    def test_a_pipe_gets_the_csv_file_of_the_latest_release_as_it_was_published(
        self, store: Path, environ: dict[str, str]
    ) -> None:
        done = gongbao("get", str(store), "observations", environ=environ)
        assert (done.status, done.out.encode()) == (0, published(store, THIRD, "observations.csv"))

    def test_as_of_a_day_the_numbers_of_that_day_come(self, store: Path, environ: dict[str, str]) -> None:
        then = rows(gongbao("get", str(store), "observations", "--as-of", "2026-06-02", environ=environ))
        now = rows(gongbao("get", str(store), "observations", "--as-of", "2026-06-03", environ=environ))
        growth = [row["value"] for table in (then, now) for row in table if row["indicator"] == "investment_fixed"]
        assert growth == ["5.0", "8.0", "5.2", "8.0"]

    def test_a_version_is_had_by_its_name(self, store: Path, environ: dict[str, str]) -> None:
        done = gongbao("get", str(store), "revisions", "--version", SECOND, environ=environ)
        assert done.out.encode() == published(store, SECOND, "revisions.csv")

    def test_json_holds_every_row_and_column_of_the_table(self, store: Path, environ: dict[str, str]) -> None:
        frame = pl.read_parquet(io.BytesIO(published(store, THIRD, "vintages.parquet")))
        for how in (("--format", "json"), ("--json",)):
            done = gongbao("get", str(store), "vintages", *how, environ=environ)
            told = json.loads(done.out)
            assert [list(row) for row in told] == [frame.columns] * frame.height
            assert [row["value"] for row in told] == frame["value"].to_list()
            assert {row["realtime_end"] for row in told} == set(frame["realtime_end"].cast(str))
            assert "固定资产投资" in done.out

    @pytest.mark.parametrize("ending", ["csv", "parquet"])
    def test_a_file_gets_the_form_of_its_ending(
        self, store: Path, tmp_path: Path, environ: dict[str, str], ending: str
    ) -> None:
        out = tmp_path / f"growth.{ending}"
        done = gongbao("get", str(store), "numbers", "--out", str(out), environ=environ)
        assert (done.status, done.out, done.err) == (0, "", "")
        assert out.read_bytes() == published(store, THIRD, f"numbers.{ending}")

    def test_parquet_goes_through_a_pipe_untouched(self, store: Path, environ: dict[str, str]) -> None:
        done = subprocess.run(
            [program("gongbao"), "get", str(store), "targets", "--format", "parquet"],
            env=environ, capture_output=True, timeout=120, check=True,
        )  # fmt: skip
        assert done.stdout == published(store, THIRD, "targets.parquet")

    def test_parquet_is_refused_to_a_terminal_with_what_to_do(self, store: Path, environ: dict[str, str]) -> None:
        shown = on_a_terminal("get", str(store), "targets", "--format", "parquet", environ=environ)
        assert "--out FILE" in shown
        assert "PAR1" not in shown

    @pytest.mark.parametrize("columns", [60, 100, 160])
    def test_a_terminal_gets_a_table_that_fits_it(self, store: Path, environ: dict[str, str], columns: int) -> None:
        shown = on_a_terminal("get", str(store), "observations", environ=environ, columns=columns)
        heading, _, *lines = shown.splitlines()
        assert heading.split()[:2] == ["label_zh", "measure"]
        assert any(line.startswith("地区生产总值") for line in lines)
        assert "not shown for want of room: " in lines[-1]

    def test_the_table_form_has_room_for_every_column_in_a_pipe(self, store: Path, environ: dict[str, str]) -> None:
        done = gongbao("get", str(store), "observations", "--format", "table", environ=environ)
        assert set(done.out.splitlines()[0].split()) == {column.name for column in TABLES["observations"]}

    def test_a_store_of_several_datasets_asks_for_one(self, two_datasets: Path, environ: dict[str, str]) -> None:
        done = gongbao("get", str(two_datasets), "observations", environ=environ)
        assert (done.status, done.out) == (2, "")
        assert "--source: seed, torch" in done.err
        named = gongbao("get", str(two_datasets), "observations", "--source", "seed", environ=environ)
        assert (named.status, named.out.encode()) == (0, published(two_datasets, THIRD, "observations.csv"))

    @pytest.mark.parametrize(
        ("arguments", "says"),
        [
            (["observation"], "it has observations, vintages"),
            (["observations", "--as-of", "2026-05-31"], "its first release is 2026.06.01.1"),
            (["observations", "--as-of", "yesterday"], "yesterday"),
            (["observations", "--version", "2026.06.02.1"], f"it has {THIRD}, {SECOND}, {FIRST}"),
            (["observations", "--version", "../../etc"], "invalid version"),
            (["observations", "--version", FIRST, "--as-of", "2026-06-01"], "give one of them"),
            (["observations", "--source", "sead"], "published are: seed"),
            (["observations", "--format", "xml"], "xml"),
            (["observations", "--out", "no/such/folder/x.csv"], "it cannot be written"),
        ],
        ids=lambda given: " ".join(given) if isinstance(given, list) else "",
    )
    def test_wrong_usage_exits_with_2_and_says_what_there_is(
        self, store: Path, environ: dict[str, str], arguments: list[str], says: str
    ) -> None:
        done = gongbao("get", str(store), *arguments, environ=environ)
        assert (done.status, done.out) == (2, "")
        assert says in done.err
        assert "Traceback" not in done.err

    def test_a_file_that_was_tampered_with_is_not_given(
        self, store: Path, tmp_path: Path, environ: dict[str, str]
    ) -> None:
        copy = tmp_path / "store"
        shutil.copytree(store, copy)
        with (copy / "seed" / "v" / THIRD / "observations.csv").open("ab") as file:
            file.write(b"x")
        done = gongbao("get", str(copy), "observations", environ=environ)
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

    def test_the_rows_come_as_json_with_both_sides(self, store: Path, environ: dict[str, str]) -> None:
        done = gongbao("diff", str(store), FIRST, THIRD, "--source", "seed", "--json", environ=environ)
        told = json.loads(done.out)
        assert list(told[0]) == [column.name for column in TABLES["revisions"]]
        (changed,) = [row for row in told if row["indicator"] == "investment_fixed" and row["kind"] == "changed"]
        assert (changed["before_value"], changed["after_value"], changed["cause"]) == (5.0, 5.2, "source")

    def test_the_earlier_release_may_come_second(self, store: Path, environ: dict[str, str]) -> None:
        told = json.loads(gongbao("diff", str(store), SECOND, FIRST, "--json", environ=environ).out)
        assert [(row["before_value"], row["after_value"]) for row in told] == [(5.2, 5.0)]

    @pytest.mark.parametrize("version", VERSIONS)
    def test_a_release_against_itself_says_that_nothing_changed(
        self, store: Path, environ: dict[str, str], version: str
    ) -> None:
        done = gongbao("diff", str(store), version, version, environ=environ)
        assert (done.status, done.out) == (0, f"nothing changed from {version} to {version}\n")
        assert json.loads(gongbao("diff", str(store), version, version, "--json", environ=environ).out) == []

    @pytest.mark.parametrize(
        ("arguments", "says"),
        [
            ([FIRST], "B"),
            ([FIRST, "2026.06.02.1"], f"it has {THIRD}, {SECOND}, {FIRST}"),
            (["first", SECOND], "invalid version"),
            ([FIRST, SECOND, "--source", "torch"], "published are: seed"),
        ],
        ids=str,
    )
    def test_wrong_usage_exits_with_2_and_says_what_there_is(
        self, store: Path, environ: dict[str, str], arguments: list[str], says: str
    ) -> None:
        done = gongbao("diff", str(store), *arguments, environ=environ)
        assert (done.status, done.out) == (2, "")
        assert says in done.err


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
