"""The edition of the reader: whoever changes a module that decides a reading changes it too."""

from __future__ import annotations

import ast
import hashlib
import re
import shutil
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import pytest
from need import ROOT

from raw import edition
from schemas.sources import load_sources, pick

ROOMS = ("raw", "schemas")
# What a reading passes through without being decided by it: errors, findings, the frames that it is put into, and
# the registry of sources, which stands beside a reading and not in it.
UNDECIDING = frozenset(
    f"schemas.{name}" for name in ("errors", "finding", "form", "observation", "reading", "sources", "source_rules")
)


def imported(module: str) -> set[str]:
    """The modules of this project that one imports."""
    tree = ast.parse(path(module).read_text("utf-8"))
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return {name for name in found if name.startswith(ROOMS) and "." in name and path(name).exists()}


def path(module: str) -> Path:
    return ROOT.joinpath(*module.split(".")).with_suffix(".py")


def reached(start: str) -> set[str]:
    """Every module that a module needs, itself included."""
    waiting, found = [start], {start}
    while waiting:
        new = imported(waiting.pop()) - found
        found |= new
        waiting += new
    return found


def deciding() -> set[str]:
    return reached("raw.reading") - UNDECIDING


def listed() -> set[str]:
    """The modules whose bytes the edition is made of."""
    return {f"raw.{name}" for name in edition._CODE.split()} | {f"schemas.{name[:-3]}" for name in edition._WORDS}


def test_the_walk_over_imports_reaches_what_it_should() -> None:
    assert {"raw.reading", "raw.reader", "raw.numerals", "raw.page", "schemas.units"} <= deciding()
    assert not any(module.startswith(("raw.fetch", "raw.archive", "raw.gkmlpt")) for module in deciding())


def test_every_module_that_decides_a_reading_is_in_the_edition() -> None:
    assert deciding() - listed() == set()


def test_no_module_is_in_the_edition_that_decides_nothing() -> None:
    assert listed() - deciding() == set()


def test_the_edition_opens_with_the_version_of_the_package() -> None:
    assert re.fullmatch(rf"{re.escape(version('gongbao'))}\+[0-9a-f]{{8}}", edition.reader_version())
    assert edition.reader_version() == edition.reader_version()


@pytest.mark.parametrize("module", ["raw/lexicon.py", "raw/reader.py", "raw/page.py", "schemas/units.py"])
def test_a_changed_module_changes_the_edition(module: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = edition.reader_version.__wrapped__()
    for room in ROOMS:
        shutil.copytree(ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__", "samples"))
    monkeypatch.setattr(edition, "files", tmp_path.joinpath)
    assert edition.reader_version.__wrapped__() == before
    with (tmp_path / module).open("a", encoding="utf-8") as file:
        file.write("# another word\n")
    assert edition.reader_version.__wrapped__() != before


def test_the_registry_has_a_fingerprint_of_its_own_with_what_is_published_of_the_source() -> None:
    shipped = (ROOT / "schemas" / "indicators.toml").read_bytes()
    (torch,) = pick(load_sources(), ["torch"])
    printed = edition.registry_fingerprint(torch)
    assert printed != hashlib.sha256(shipped).hexdigest()
    assert edition.registry_fingerprint(replace(torch, every_hours=48, title="报告")) == printed
    changed = (
        replace(torch, area_zh="另一区"),
        replace(torch, area_en="Another"),
        replace(torch, publisher="另一机构"),
        replace(torch, ref_area="CN-440000"),
    )
    assert printed not in {edition.registry_fingerprint(source) for source in changed}
