"""The same readings on every supported Python: 3.11.2 is Debian 12's own, and its regular expressions have a bug."""

from __future__ import annotations

import ast
import importlib
import io
import json
import os
import shutil
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import pytest
from support.requires import ROOT, lacking

PACKAGES = ("flows", "raw", "publish", "schemas", "infra")
# Run in a fresh interpreter: every pattern that these modules compile while they are imported.
IMPORT = """
import importlib, json, sys
import re._compiler as compiler
root, *modules = sys.argv[1:]
folders = tuple(f"{root}/{module.partition('.')[0]}/" for module in modules)
patterns, real = set(), compiler.compile

def record(pattern, flags=0):
    frame = sys._getframe(1)
    while frame and "/re/" in frame.f_code.co_filename:
        frame = frame.f_back
    if frame and frame.f_code.co_filename.startswith(folders) and isinstance(pattern, str):
        patterns.add((pattern, int(flags)))
    return real(pattern, flags)

compiler.compile = record
for module in modules:
    importlib.import_module(module)
print(json.dumps(sorted(patterns)))
"""
READ_SAMPLES = """
from pathlib import Path
from raw.page.parse import parse_text
from raw.extract.observations import read
from raw.reading import document_of
for path in sorted(Path("raw/samples").glob("*.txt")):
    print(read(document_of(parse_text(path.read_text("utf-8")))))
"""
re_parser = importlib.import_module("re._parser")  # the form that a pattern is parsed to has no public name
SINGLE = {"LITERAL", "NOT_LITERAL", "IN", "ANY"}


def unsafe(pattern: str, flags: int = 0) -> bool:
    """Whether a pattern gives up no way back into what can have more than one: wrong before 3.11.5 (gh-106052)."""
    return contains_unsafe(re_parser.parse(pattern, flags))


def contains_unsafe(node: Any) -> bool:  # noqa: ANN401 - a parsed pattern
    match node:
        case (kind, *_) if str(kind) == "ATOMIC_GROUP":
            return True
        case (kind, (_, _, repeated)) if str(kind) == "POSSESSIVE_REPEAT" and (
            len(repeated) != 1 or str(repeated[0][0]) not in SINGLE
        ):
            return True
    return isinstance(node, tuple | list | re_parser.SubPattern) and any(map(contains_unsafe, node))


def sources() -> dict[Path, str]:
    """The text of every module of the project."""
    return {path: path.read_text("utf-8") for package in PACKAGES for path in (ROOT / package).rglob("*.py")}


def test_forms_that_old_pythons_match_wrongly_are_told_from_others() -> None:
    wrong = [r"(?:ab?)++", r"(?:ab|c)*+d", r"(?>ab?)", r"x(?:(?>a*)y)?", r"(?:\.\d+)?+"]
    right = [r"\d++", r"[^\n]*+", r".?+", r"(?:ab?)+", r"(?=ab?)"]
    assert [pattern for pattern in wrong + right if unsafe(pattern)] == wrong


def test_no_literal_pattern_of_the_project_has_such_a_form() -> None:
    """Those that a function hands to `re` when it is called among them."""
    calls = [node for text in sources().values() for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    arguments = [call.args[0] for call in calls if call.args and ast.unparse(call.func).startswith("re.")]
    patterns = [argument.value for argument in arguments if isinstance(argument, ast.Constant)]
    assert len(patterns) > 100
    assert [pattern for pattern in patterns if unsafe(str(pattern))] == []


def test_no_pattern_that_a_module_compiles_while_it_is_imported_has_such_a_form() -> None:
    files = [path.relative_to(ROOT).with_suffix("") for path, text in sources().items() if "re.compile(" in text]
    command = [sys.executable, "-c", IMPORT, str(ROOT), *(".".join(file.parts) for file in files)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    patterns = json.loads(done.stdout)
    assert len(patterns) > 100
    assert [pattern for pattern, flags in patterns if unsafe(pattern, flags)] == []


def test_readings_do_not_depend_on_the_version_of_python(monkeypatch: pytest.MonkeyPatch) -> None:
    other = os.environ.get("GONGBAO_OTHER_PYTHON", "")
    if not shutil.which(other):
        lacking("an environment with another Python (GONGBAO_OTHER_PYTHON)")
    monkeypatch.chdir(ROOT)
    with redirect_stdout(io.StringIO()) as ours:
        exec(READ_SAMPLES, {})  # noqa: S102 - the text above
    theirs = subprocess.run([other, "-c", READ_SAMPLES], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert len(theirs) > 10_000
    assert theirs == ours.getvalue()


def test_make_says_what_a_machine_without_venv_lacks(tmp_path: Path) -> None:
    (tmp_path / "ensurepip.py").write_text("raise ImportError")
    command = ["make", "setup", f"PYTHON={sys.executable}", f"VENV={tmp_path / 'venv'}"]
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "apt install python3-venv" in done.stderr.splitlines()[0]
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "venv").exists()
