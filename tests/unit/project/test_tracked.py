"""The repository's own files: nothing of this or that machine, nothing copied, everything locked, everything said."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from support import tracked
from support.requires import ROOT, shared

TEXTS = tracked.texts(ROOT)
LOCK = (ROOT / "constraints.txt").read_text("utf-8")
PYPROJECT = (ROOT / "pyproject.toml").read_text("utf-8")
PROJECT = tomllib.loads(PYPROJECT)["project"]


def held(offenders: list[str]) -> None:
    assert not offenders, "\n" + "\n".join(offenders)


@pytest.mark.parametrize("pattern", [tracked.PLACES, tracked.REGISTRIES, tracked.ARRANGEMENTS])
def test_no_file_names_a_machine_or_how_the_work_was_arranged(pattern: re.Pattern[str]) -> None:
    held(tracked.matches(TEXTS, pattern))


@pytest.mark.parametrize(
    ("pattern", "line"),
    [
        (tracked.PLACES, "see /" + "work/main/x"),
        (tracked.PLACES, "/" + "home/li/x"),
        (tracked.REGISTRIES, "https://mirror.example/" + "simple/"),
        (tracked.REGISTRIES, "https://files.example/a-1.0." + "whl"),
        (tracked.REGISTRIES, "--" + "index" + "-url=x"),
        (tracked.REGISTRIES, "pypi" + ".org"),
        (tracked.ARRANGEMENTS, "as the sub" + "-agent said"),
    ],
)
def test_such_a_line_would_be_found(pattern: re.Pattern[str], line: str) -> None:
    assert len(tracked.matches({"a.md": f"first\n{line}\n"}, pattern)) == 1


def test_only_tracked_texts_are_read(tmp_path: Path) -> None:
    for name, data in {"a.md": b"text\n", "b.bin": b"\0", "c.md": b"not added", "d.md": b"removed"}.items():
        (tmp_path / name).write_bytes(data)
    for command in (["init", "-q"], ["add", "a.md", "b.bin", "d.md"]):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    (tmp_path / "d.md").unlink()
    assert tracked.texts(tmp_path) == {"a.md": "text\n"}


def test_no_text_of_the_reference_reports_is_copied_in() -> None:
    originals = [*shared("seed").rglob("*.txt"), *shared("reports").rglob("*.txt")]
    assert len(originals) > 1
    held(tracked.copied(TEXTS, (original.read_text("utf-8", "replace") for original in originals)))


def test_a_copied_sentence_would_be_found_whatever_stands_between_its_characters() -> None:
    sentence = "".join(chr(0x4E00 + step) for step in range(tracked.RUN))
    broken = f"{sentence[:10]}，12.5%\n{sentence[10:]}"
    assert [
        line.split(":")[0] for line in tracked.copied({"a.md": broken, "b.md": sentence[1:]}, [f"是{sentence}"])
    ] == ["a.md"]


def test_the_labels_of_the_form_part_what_stands_around_them() -> None:
    half = "".join(chr(0x4E00 + step) for step in range(tracked.RUN // 2))
    form = f"{half}成文日期{half}"
    assert tracked.copied({"a.md": form}, [form]) == []
    assert len(tracked.copied({"a.md": form + half}, [form + half])) == 1


def test_the_lock_holds_names_versions_and_hashes_and_no_address() -> None:
    held(tracked.unlocked_lines(LOCK))


@pytest.mark.parametrize(
    "line",
    [
        "polars>=2 \\",
        "polars @ file:///x",
        "-e .",
        "--find-links x",
        "    --hash=md5:0123",
        "# via x",
        "polars==2.1.0",
    ],
)
def test_a_line_that_is_not_locked_would_be_found(line: str) -> None:
    assert tracked.unlocked_lines(f"polars==2.1.0 \\\n{line}\n    --hash=sha256:{'0' * 64}\n") == [line]


def test_the_lock_holds_a_version_that_fits_for_all_that_the_project_asks_for() -> None:
    versions = tracked.locked(LOCK)
    wanted = [Requirement(line) for line in PROJECT["dependencies"] + PROJECT["optional-dependencies"]["dev"]]
    assert len(wanted) > 20
    held([str(one) for one in wanted if not one.specifier.contains(versions.get(canonicalize_name(one.name), "0"))])


def test_every_exception_from_a_check_has_its_reason() -> None:
    held(tracked.unreasoned_exceptions(PYPROJECT))


def test_an_exception_without_its_reason_would_be_found() -> None:
    table = 'ignore = [\n  "A1", # why\n  "B2",\n]\n"tests/**" = [\n  "C3",\n]\nmodule = ["x"]\n'
    assert tracked.unreasoned_exceptions(table) == ['"B2",', '"C3",', 'module = ["x"]']
