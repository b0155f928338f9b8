"""The reader's version changes with what the code does, and with nothing else."""

from __future__ import annotations

import ast
import hashlib
import re
from collections.abc import Callable
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from support.requires import ROOT

from raw.extract import version as reader
from schemas.registry.sources import load_sources, pick

ROOMS = ("raw", "schemas")
# What a reading passes through without being decided by it: errors, findings, the frames that it is put into, and
# the registry of sources, which stands beside a reading and not in it.
UNDECIDING = {"errors", "finding", "observation", "reading", "registry.sources", "registry.source_rules"}

# What reads a page, what gives it the text of a file, and the process that is started for that.
ENTRIES = ("raw.reading", "raw.attachments.decode", "raw.attachments.worker")


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


def deciding() -> set[str]:
    """Every module that reading a page or a file needs and that has a say in the result."""
    waiting, found = list(ENTRIES), set(ENTRIES)
    while waiting:
        new = imported(waiting.pop()) - found
        found |= new
        waiting += new
    return found - {f"schemas.{name}" for name in UNDECIDING}


def listed() -> set[str]:
    """The modules that the version is made of."""
    paths = [Path(str(file)).relative_to(ROOT).with_suffix("") for file in reader.code_files()]
    return {".".join(path.parts) for path in paths if path.name != "__init__"}


def version_of(edit: Callable[[str], str], name: str = "cue_words.py") -> str:
    """The fingerprint of the reader with one module edited; the others are as they are."""
    texts = ((file.name, file.read_text("utf-8")) for file in reader.code_files())
    return reader.fingerprint([edit(text) if file == name else text for file, text in texts])


UNEDITED = version_of(str)


def test_the_walk_over_imports_reaches_what_it_should() -> None:
    expected = {"raw.extract.observations", "raw.numerals.scan", "raw.page.parse", "schemas.registry.units"}
    assert expected <= deciding()
    assert not any(module.startswith(("raw.http", "raw.archive", "raw.discovery")) for module in deciding())


def test_every_module_that_decides_a_reading_is_part_of_the_version_and_no_other() -> None:
    assert deciding() - listed() == set()
    assert listed() - deciding() == {"raw.extract.version", "raw.numerals.evaluate"}


def test_the_version_begins_with_that_of_the_package() -> None:
    assert re.fullmatch(rf"{re.escape(version('gongbao'))}\+[0-9a-f]{{8}}", reader.reader_version())
    assert reader.reader_version() == reader.reader_version()


EDITS: dict[str, Callable[[str], str]] = {
    "comment": lambda text: text + "# another comment\n",
    "docstring": lambda text: re.sub(r'\A"""', '"""Other words. ', text),
    "import": lambda text: text + "import raw.page.parse\nfrom math import inf\n",
    "annotation": lambda text: text.replace(": str", ": 'str'").replace("-> bool", "-> 'bool'"),
    "blank lines": lambda text: text.replace("\n\n\n", "\n\n\n\n\n"),
    "renamed package": lambda text: text.replace("from raw.", "from raw.elsewhere."),
}


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_that_changes_nothing_that_the_code_does_leaves_the_version(edit: str) -> None:
    texts = [file.read_text("utf-8") for file in reader.code_files()]
    edited = [EDITS[edit](text) for text in texts]
    assert edited != texts
    assert reader.fingerprint(edited) == UNEDITED


def test_a_renamed_module_leaves_the_version_in_its_own_code_and_in_that_which_imports_it() -> None:
    user = "from raw.extract import measures\n\ndef f(x):\n    return measures.measure(x)\n"
    renamed = user.replace("measures", "kinds")
    assert renamed != user
    assert reader.fingerprint([user, "a = 1\n"]) == reader.fingerprint(["a = 1\n", renamed])


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [("cue_words.py", '"增', '"赠'), ("parse.py", "if table else", "if not table else"), ("units.py", "100", "101")],
)
def test_one_changed_constant_changes_the_version(name: str, old: str, new: str) -> None:
    assert any(old in file.read_text("utf-8") for file in reader.code_files() if file.name == name)
    assert version_of(lambda text: text.replace(old, new, 1), name) != UNEDITED


def test_the_registry_has_a_fingerprint_of_its_own_with_what_is_published_of_the_source() -> None:
    shipped = (ROOT / "schemas" / "registry" / "indicators.toml").read_bytes()
    (torch,) = pick(load_sources(), ["torch"])
    printed = reader.registry_fingerprint(torch)
    assert printed != hashlib.sha256(shipped).hexdigest()
    assert reader.registry_fingerprint(replace(torch, every_hours=48, title="报告")) == printed
    changes: dict[str, Any] = {
        "area_zh": "另一区",
        "area_en": "Another",
        "publisher": "另一机构",
        "ref_area": "CN-440000",
        "publisher_names": ("另一名称",),
        "vouched": True,
    }
    assert printed not in {reader.registry_fingerprint(replace(torch, **{key: changes[key]})) for key in changes}
