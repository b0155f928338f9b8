"""What the documentation says is there: commands, options, exit statuses, targets, files; and its examples run."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from support.requires import ROOT, program

from flows.cli.main import cli
from flows.run.context import EXIT_STATUS
from schemas.errors import GongbaoError
from schemas.registry.sources import load_sources
from schemas.tables.columns import TABLES

README = (ROOT / "README.md").read_text("utf-8")
DOCUMENTS = ("README.md", "CONTRIBUTING.md", "docs/architecture.md", "docs/decisions.md", "docs/verify.md")
GROUPS = {name: command for name, command in cli.commands.items() if isinstance(command, click.Group)}
COMMANDS = sorted(
    [(name, command) for name, command in cli.commands.items() if name not in GROUPS]
    + [(f"{group} {name}", command) for group in GROUPS for name, command in GROUPS[group].commands.items()]
)


def rows(first_cell: str) -> list[str]:
    """The rows of the README's tables whose first cell has this form."""
    return re.findall(rf"^\| {first_cell} \|.*$", README, re.MULTILINE)


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def long_options(command: click.Command) -> set[str]:
    return {name for option in command.params for name in option.opts if name.startswith("--")}


def kinds(of: type[GongbaoError] = GongbaoError) -> Iterator[type[GongbaoError]]:
    yield of
    for below in of.__subclasses__():
        yield from kinds(below)


def test_each_command_stands_in_the_readme_with_exactly_its_options_and_takes_json() -> None:
    for name, command in COMMANDS:
        (row,) = rows(rf"`gongbao {name} ?[^`]*`")
        options = long_options(command)
        assert set(re.findall(r"--[a-z-]+", row.split(" | ")[0])) == options - {"--json"}, name
        assert "--json" in options, name
        assert command.help, name
    words = "|".join(f"{group} [a-z]+" for group in GROUPS)
    named = set(re.findall(rf"gongbao ({words}|[a-z]+)", "\n".join([*rows("`gongbao [^`]*`"), *blocks("sh")])))
    assert named == {name for name, _ in COMMANDS}


def test_the_readme_lists_every_exit_status() -> None:
    listed = [int(row.split("|")[1]) for row in rows(r"\d")]
    assert listed == sorted({kind.exit_status for kind in kinds()} | set(EXIT_STATUS.values()))


def test_the_readme_lists_every_table() -> None:
    section = README.partition("| table | a row is |")[2].partition("\n\n")[0]
    assert re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE) == list(TABLES)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_make_target_link_and_file_that_is_named_is_there(document: str) -> None:
    path = ROOT / document
    text = path.read_text("utf-8")
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert set(re.findall(r"(?:`|^)make ([a-z]+)", text, re.MULTILINE)) <= set(targets)
    links = re.findall(r"\]\(([^)#:]+)\)", text)
    assert [link for link in links if not (path.parent / link).exists()] == []
    named = set(re.findall(r"`((?:flows|raw|publish|schemas|infra|tests|docs|benchmarks)/[\w./-]*\.\w+)`", text))
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []


def test_the_example_of_a_source_is_taken_as_it_stands(tmp_path: Path) -> None:
    (example,) = blocks("toml")
    (tmp_path / "own.toml").write_text(example, "utf-8")
    assert load_sources(tmp_path / "own.toml")[-1].id == "torch-town"


@pytest.mark.xdist_group("samples")  # their site has one port
def test_the_examples_in_python_read_what_make_run_publishes(tmp_path: Path) -> None:
    command = ["run", "--source", "samples", "--store", "data/store"]
    assert f"gongbao {' '.join(command)}".replace("data/store", "$(STORE)") in (ROOT / "Makefile").read_text("utf-8")
    subprocess.run([program("gongbao"), *command], cwd=tmp_path, check=True, capture_output=True)
    with_pandas, with_duckdb = (python(example, tmp_path) for example in blocks("python"))
    assert "531.48" in with_pandas
    assert re.search(r"2024 .* actual .* 3.5 .*\n.*2024 .* target .* 5.0 ", with_duckdb)


def python(example: str, folder: Path) -> str:
    """What an example prints where `data/store` is."""
    done = subprocess.run([sys.executable, "-c", example], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout
