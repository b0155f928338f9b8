"""The commands that only look: what they print, and how they end."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import run as start
from typing import Any

import pytest
from support.cms import REGISTRY, SiteEditor, registry, short_article
from support.commands import Done, environment, gongbao, process
from support.nights import plain
from support.requires import ROOT

from flows.run.context import create_context
from raw.samples import pages
from schemas.codelists import Outcome

TEXT = "2024年,完成地区生产总值573.72亿元,增长3.5%。"
COMMANDS = ("run", "read", "show", "verify", "sources")


@pytest.fixture(scope="module")
def environ(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return environment(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with one release."""
    folder = tmp_path_factory.mktemp("published")
    editor = SiteEditor(articles=[short_article(TEXT)])
    with editor.served() as base, pytest.MonkeyPatch.context() as patch:
        patch.setenv("GONGBAO_PACE", "0")
        run = create_context("seed", str(folder / "store"), registry(folder, base), None)
        assert plain(run) is Outcome.PUBLISHED
    return folder / "store"


@pytest.fixture
def report(tmp_path: Path) -> Path:
    file = tmp_path / "report.txt"
    file.write_text(f"{TEXT}\n", encoding="utf-8")
    return file


def rows(done: Done) -> list[dict[str, Any]]:
    assert (done.status, done.err) == (0, "")
    return [json.loads(line) for line in done.out.splitlines()]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_and_json(command: str, environ: dict[str, str]) -> None:
    done = process(command, "--help", environ=environ)
    assert done.status == 0
    assert "--json" in done.out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["frobnicate"], "frobnicate"),
        (["read"], "FILE"),
        (["read", "no-such-file.txt"], "no-such-file.txt"),
        (["read", "--format", "xml", "-"], "xml"),
        (["read", "--published", "yesterday", "-"], "yesterday"),
        (["show"], "STORE"),
        (["verify", "ftp://example.org/x"], "ftp"),
        (["verify", "no-such-store"], "no-such-store"),
        (["sources", "--sources", "no-such-file.toml"], "no-such-file.toml"),
    ],
    ids=str,
)
def test_wrong_usage_exits_with_2_and_names_what_is_wrong(
    arguments: list[str], says: str, environ: dict[str, str]
) -> None:
    done = gongbao(*arguments, environ=environ)
    assert (done.status, done.out) == (2, "")
    assert says in done.err
    assert "Traceback" not in done.err


def test_a_text_is_read_as_json_lines_with_the_fields_of_a_reading(report: Path, environ: dict[str, str]) -> None:
    first, second = rows(gongbao("read", str(report), environ=environ))
    assert (first["doc"], first["text"], first["value"], first["unit"]) == ("report", "573.72亿元", 573.72, "亿元")
    assert TEXT[first["start"] : first["end"]] == first["text"]
    assert (second["measure"], second["value"], second["period"], second["status"]) == (
        "growth",
        3.5,
        "2024",
        "actual",
    )
    assert {"value_upper", "bound", "subject", "scope", "indicator", "section", "quote"} <= first.keys()


def test_standard_input_is_read_as_text_or_as_html(environ: dict[str, str]) -> None:
    text = rows(gongbao("read", "-", environ=environ, given=TEXT.encode()))
    page = pages.article_page(short_article(TEXT), views=1)
    html = rows(gongbao("read", "-", environ=environ, given=page.encode()))
    assert [row["text"] for row in text] == [row["text"] for row in html] == ["573.72亿元", "3.5%"]
    assert {row["doc"] for row in text + html} == {"-"}


def test_several_files_are_read_in_their_order(report: Path, environ: dict[str, str]) -> None:
    page = report.with_name("page.html")
    page.write_text(pages.article_page(short_article("2024年,规上工业企业550家。"), views=1), encoding="utf-8")
    done = rows(gongbao("read", str(page), str(report), environ=environ))
    assert [row["doc"] for row in done] == ["page", "report", "report"]


def test_a_table_has_a_heading_and_a_line_for_each_number(report: Path, environ: dict[str, str]) -> None:
    done = gongbao("read", "--format", "table", str(report), environ=environ)
    heading, *lines = (line.split("\t") for line in done.out.splitlines())
    assert heading[0] == "start"
    assert [dict(zip(heading, line, strict=True))["value"] for line in lines] == ["573.72", "3.5"]


def test_what_a_bare_text_lacks_can_be_given(report: Path, environ: dict[str, str]) -> None:
    report.write_text("全年完成地区生产总值573.72亿元。\n", encoding="utf-8")
    (row,) = rows(gongbao("read", "--title", "2022年工作总结暨2023年工作部署", str(report), environ=environ))
    assert row["period"] == "2022"


def test_reading_needs_neither_prefect_nor_great_expectations(report: Path) -> None:
    script = (
        "import sys; from flows.cli.main import cli; cli(['read', sys.argv[1]], standalone_mode=False);"
        "print(*sorted({name.partition('.')[0] for name in sys.modules}), file=sys.stderr)"
    )
    done = start([sys.executable, "-c", script, str(report)], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "573.72" in done.stdout
    loaded = set(done.stderr.split())
    assert "flows" in loaded
    assert not loaded & {"prefect", "great_expectations", "pandera", "polars", "boto3"}


def test_what_is_published_is_shown(published: Path, environ: dict[str, str]) -> None:
    table = gongbao("show", str(published), environ=environ)
    heading, line = table.out.splitlines()
    assert heading.split("\t") == ["dataset", "version", "released_at", "previous"]
    (listed,) = json.loads(gongbao("show", str(published), "--json", environ=environ).out)
    assert line.split("\t") == list(listed.values())
    assert listed["dataset"] == "seed"

    shown = json.loads(gongbao("show", str(published), "--source", "seed", "--json", environ=environ).out)
    assert sorted(row["value"] for row in shown) == [3.5, 573.72]


def test_an_empty_store_shows_nothing_and_an_unknown_dataset_is_wrong_usage(
    published: Path, tmp_path: Path, environ: dict[str, str]
) -> None:
    nothing = gongbao("show", str(tmp_path / "empty"), environ=environ)
    assert (nothing.status, nothing.out) == (0, "nothing is published there yet\n")
    unknown = gongbao("show", str(published), "--source", "sead", environ=environ)
    assert (unknown.status, unknown.out) == (2, "")
    assert "'sead'" in unknown.err
    assert "published are: seed" in unknown.err


def test_a_sound_store_is_said_to_be_sound(published: Path, environ: dict[str, str]) -> None:
    done = gongbao("verify", str(published), environ=environ)
    assert (done.status, done.out) == (0, "sound: 1 releases of 1 datasets\n")
    assert json.loads(gongbao("verify", str(published), "--json", environ=environ).out) == []


@pytest.mark.parametrize("pattern", ["v/*/observations.csv", "v/*/numbers.parquet", "latest/CHANGES.md"])
def test_a_flipped_byte_is_named(pattern: str, published: Path, tmp_path: Path, environ: dict[str, str]) -> None:
    store = tmp_path / "store"
    shutil.copytree(published, store)
    (file,) = (store / "seed").glob(pattern)
    with flipped(file):
        done = gongbao("verify", str(store), environ=environ)
        told = json.loads(gongbao("verify", str(store), "--json", environ=environ).out)
    key = str(file.relative_to(store))
    assert done.status == 4
    assert key in done.out
    assert [finding["where"] for finding in told] == [key]
    assert gongbao("verify", str(store), environ=environ).status == 0


@contextmanager
def flipped(file: Path) -> Iterator[None]:
    """A file with one bit of its middle turned over, for a while."""
    whole = file.read_bytes()
    middle = len(whole) // 2
    file.chmod(0o644)
    file.write_bytes(whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :])
    yield
    file.write_bytes(whole)


def test_a_capture_that_is_lost_is_named(published: Path, tmp_path: Path, environ: dict[str, str]) -> None:
    store = tmp_path / "store"
    shutil.copytree(published, store)
    for capture in store.glob("raw/seed/warc/*/*"):
        capture.unlink()
    done = gongbao("verify", str(store), environ=environ)
    assert done.status == 4
    assert "post-2612346" in done.out
    assert "verify_text" in done.out


def test_the_registry_is_listed_with_an_operators_own_sources(tmp_path: Path, environ: dict[str, str]) -> None:
    shipped = json.loads(gongbao("sources", "--json", environ=environ).out)
    assert {"torch", "zhongshan", "cuiheng", "samples"} == {source["id"] for source in shipped}
    own = registry(tmp_path, "http://127.0.0.1:1/zshjq")
    listed = gongbao("sources", "--sources", own, environ=environ).out.splitlines()
    assert len(listed) == 1 + len(shipped) + 1
    assert listed[-1].split("\t")[0] == "seed"


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ('colour = "red"', "colour"),
        ('id = "Not A Slug"', "id"),
        ('title = "("', "title"),
        ('base = "ftp://x/"', "base"),
    ],
)
def test_a_wrong_registry_names_file_entry_and_key(
    line: str, key: str, tmp_path: Path, environ: dict[str, str]
) -> None:
    file = tmp_path / "mine.toml"
    good = REGISTRY.format(base="http://127.0.0.1:1/zshjq", publisher="中山火炬开发区管理委员会")
    kept = [text for text in good.splitlines() if not text.startswith(f"{key} =")]
    file.write_text("\n".join([*kept, line]) + "\n", encoding="utf-8")
    done = gongbao("sources", "--sources", str(file), environ=environ)
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith("gongbao: registry:")
    assert str(file) in done.err
    assert key in done.err.partition(str(file))[2]
