"""The commands that only look: what they print, and how they end."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from support.commands import Done, environment, gongbao, process
from support.runs import plain
from support.site_editor import REGISTRY, SiteEditor, registry, short_article

from flows.run.context import create_context
from raw.samples import pages
from schemas.codelists import Outcome

TEXT = "2024年,完成地区生产总值573.72亿元,增长3.5%。"


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


def test_every_command_has_help_and_json(environ: dict[str, str]) -> None:
    assert "--json" in process("run", "--help", environ=environ).out
    for command in ("read", "show", "verify", "sources"):
        done = gongbao(command, "--help", environ=environ)
        assert (done.status, "--json" in done.out) == (0, True), command


@pytest.mark.parametrize(
    ("command", "says"),
    [
        *(("frobnicate", "frobnicate"), ("read", "FILE"), ("read no-such-file.txt", "no-such-file.txt")),
        *(("read --format xml -", "xml"), ("read --published yesterday -", "yesterday"), ("show", "STORE")),
        *(("verify ftp://example.org/x", "ftp"), ("verify no-such-store", "no-such-store")),
        ("sources --sources no-such-file.toml", "no-such-file.toml"),
    ],
)
def test_wrong_usage_exits_with_2_and_names_what_is_wrong(command: str, says: str, environ: dict[str, str]) -> None:
    done = gongbao(*command.split(), environ=environ)
    assert (done.status, done.out) == (2, "")
    assert says in done.err
    assert "Traceback" not in done.err


def test_a_text_is_read_as_json_lines_with_the_fields_of_a_reading(report: Path, environ: dict[str, str]) -> None:
    first, second = rows(gongbao("read", str(report), environ=environ))
    assert (first["doc"], first["text"], first["value"], first["unit"]) == ("report", "573.72亿元", 573.72, "亿元")
    assert TEXT[first["start"] : first["end"]] == first["text"]
    assert [second[name] for name in ("measure", "value", "period", "status")] == ["growth", 3.5, "2024", "actual"]
    assert {"value_upper", "bound", "subject", "scope", "indicator", "section", "quote"} <= first.keys()


def test_text_and_html_are_read_from_standard_input_and_files(report: Path, environ: dict[str, str]) -> None:
    page = report.with_name("page.html")
    page.write_text(pages.article_page(short_article(TEXT), views=1), encoding="utf-8")
    for given in (TEXT.encode(), page.read_bytes()):
        read = rows(gongbao("read", "-", environ=environ, given=given))
        assert [(row["doc"], row["text"]) for row in read] == [("-", "573.72亿元"), ("-", "3.5%")]
    read = rows(gongbao("read", str(page), str(report), environ=environ))
    assert [(row["doc"], row["text"]) for row in read] == [
        (name, text) for name in ("page", "report") for text in ("573.72亿元", "3.5%")
    ]


def test_a_table_has_a_heading_and_a_line_for_each_number(report: Path, environ: dict[str, str]) -> None:
    done = gongbao("read", "--format", "table", str(report), environ=environ)
    heading, *lines = (line.split("\t") for line in done.out.splitlines())
    assert heading[0] == "start"
    assert [dict(zip(heading, line, strict=True))["value"] for line in lines] == ["573.72", "3.5"]


def test_what_a_bare_text_lacks_can_be_given(report: Path, environ: dict[str, str]) -> None:
    report.write_text("全年完成地区生产总值573.72亿元。\n", encoding="utf-8")
    (row,) = rows(gongbao("read", "--title", "2022年工作总结暨2023年工作部署", str(report), environ=environ))
    assert row["period"] == "2022"


def test_what_is_published_is_shown(published: Path, environ: dict[str, str]) -> None:
    table = gongbao("show", str(published), environ=environ)
    heading, line = table.out.splitlines()
    assert heading.split("\t") == ["dataset", "version", "released_at", "previous"]
    (listed,) = json.loads(gongbao("show", str(published), "--json", environ=environ).out)
    assert line.split("\t") == list(listed.values())
    assert listed["dataset"] == "seed"

    shown = json.loads(gongbao("show", str(published), "--source", "seed", "--json", environ=environ).out)
    assert sorted(row["value"] for row in shown) == [3.5, 573.72]


def test_an_unknown_dataset_is_wrong_usage_and_an_empty_store_is_not(
    published: Path, tmp_path: Path, environ: dict[str, str]
) -> None:
    nothing = gongbao("show", str(tmp_path / "empty"), environ=environ)
    assert (nothing.status, nothing.out) == (0, "nothing is published there yet\n")
    unknown = gongbao("show", str(published), "--source", "sead", environ=environ)
    assert (unknown.status, unknown.out) == (2, "")
    assert "'sead'" in unknown.err
    assert "published are: seed" in unknown.err


def test_a_flipped_byte_and_a_lost_capture_are_named(published: Path, tmp_path: Path, environ: dict[str, str]) -> None:
    done = gongbao("verify", str(published), environ=environ)
    assert (done.status, done.out) == (0, "sound: 1 releases of 1 datasets\n")
    store = shutil.copytree(published, tmp_path / "store")
    for pattern in ("v/*/observations.csv", "v/*/numbers.parquet", "latest/CHANGES.md"):
        (file,) = (store / "seed").glob(pattern)
        whole, middle = file.read_bytes(), file.stat().st_size // 2
        file.chmod(0o644)
        file.write_bytes(whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :])
        done = gongbao("verify", str(store), environ=environ)
        findings = json.loads(gongbao("verify", str(store), "--json", environ=environ).out)
        file.write_bytes(whole)
        key = str(file.relative_to(store))
        assert (done.status, [finding["where"] for finding in findings]) == (4, [key])
        assert key in done.out
    assert gongbao("verify", str(store), environ=environ).status == 0
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


@pytest.mark.parametrize("line", ['colour = "red"', 'id = "Not A Slug"', 'title = "("', 'base = "ftp://x/"'])
def test_a_wrong_registry_names_file_entry_and_key(line: str, tmp_path: Path, environ: dict[str, str]) -> None:
    key = line.partition(" ")[0]
    file = tmp_path / "mine.toml"
    good = REGISTRY.format(base="http://127.0.0.1:1/zshjq", publisher="中山火炬开发区管理委员会")
    kept = [text for text in good.splitlines() if not text.startswith(f"{key} =")]
    file.write_text("\n".join([*kept, line]) + "\n", encoding="utf-8")
    done = gongbao("sources", "--sources", str(file), environ=environ)
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith("gongbao: registry:")
    assert str(file) in done.err
    assert key in done.err.partition(str(file))[2]
