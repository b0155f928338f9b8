"""The same readings on every supported Python: 3.11.2 is Debian 12's own, and its regular expressions have a bug."""

from __future__ import annotations

import ast
import importlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from support.requires import ROOT, lacking

PACKAGES = ("flows", "raw", "publish", "schemas", "infra")
# Run in a fresh interpreter: every pattern that a module of the project compiles while it is imported, with its place.
IMPORT_ALL = """
import importlib, json, pkgutil, sys
import re._compiler as compiler
packages, root = sys.argv[1].split(","), sys.argv[2]
folders = tuple(f"{root}/{package}/" for package in packages)
patterns, real = set(), compiler.compile

def record(pattern, flags=0):
    frame = sys._getframe(1)
    while frame and "/re/" in frame.f_code.co_filename:
        frame = frame.f_back
    if frame and frame.f_code.co_filename.startswith(folders) and isinstance(pattern, str):
        patterns.add((pattern, int(flags)))
    return real(pattern, flags)

compiler.compile = record
for package in packages:
    for module in pkgutil.walk_packages([f"{root}/{package}"], f"{package}."):
        importlib.import_module(module.name)
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


def contains_unsafe(node: object) -> bool:
    if not isinstance(node, tuple | list | re_parser.SubPattern):
        return False
    if isinstance(node, tuple) and node and str(node[0]) == "ATOMIC_GROUP":
        return True
    if isinstance(node, tuple) and node and str(node[0]) == "POSSESSIVE_REPEAT":
        repeated = node[1][2]
        if len(repeated) != 1 or str(repeated[0][0]) not in SINGLE:
            return True
    return any(map(contains_unsafe, node))


def called_patterns() -> list[str]:
    """The literal patterns that functions hand to `re` when they are called."""
    patterns = []
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("re.") and node.args:
                    first = node.args[0]
                    if isinstance(first, ast.Constant) and isinstance(first.value, str):
                        patterns.append(first.value)
    return patterns


@pytest.mark.parametrize("pattern", [r"(?:ab?)++", r"(?:ab|c)*+d", r"(?>ab?)", r"x(?:(?>a*)y)?", r"(?:\.\d+)?+"])
def test_forms_that_old_pythons_match_wrongly_are_recognised(pattern: str) -> None:
    assert unsafe(pattern)


@pytest.mark.parametrize("pattern", [r"\d++", r"[^\n]*+", r".?+", r"(?:ab?)+", r"(?=ab?)"])
def test_other_forms_are_let_through(pattern: str) -> None:
    assert not unsafe(pattern)


def test_no_pattern_of_the_project_has_such_a_form() -> None:
    command = [sys.executable, "-c", IMPORT_ALL, ",".join(PACKAGES), str(ROOT)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    patterns = json.loads(done.stdout)
    assert len(patterns) > 100
    assert [pattern for pattern, flags in patterns if unsafe(pattern, flags)] == []
    assert [pattern for pattern in called_patterns() if unsafe(pattern)] == []


def test_readings_do_not_depend_on_the_version_of_python() -> None:
    other = os.environ.get("GONGBAO_OTHER_PYTHON", "")
    if not shutil.which(other):
        lacking("an environment with another Python (GONGBAO_OTHER_PYTHON)")
    ours, theirs = (
        subprocess.run([python, "-c", READ_SAMPLES], cwd=ROOT, capture_output=True, text=True, check=True).stdout
        for python in (sys.executable, other)
    )
    assert len(ours) > 10_000
    assert theirs == ours


def test_make_says_what_a_machine_without_venv_lacks(tmp_path: Path) -> None:
    (tmp_path / "ensurepip.py").write_text("raise ImportError")
    command = ["make", "setup", f"PYTHON={sys.executable}", f"VENV={tmp_path / 'venv'}"]
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "apt install python3-venv" in done.stderr.splitlines()[0]
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "venv").exists()
