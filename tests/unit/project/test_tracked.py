"""The repository's own files: nothing of this or that machine, nothing copied, everything locked, everything said."""

from __future__ import annotations

import re
import tomllib

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


def test_no_text_of_the_reference_reports_is_copied_in() -> None:
    originals = [*shared("seed").rglob("*.txt"), *shared("reports").rglob("*.txt")]
    assert len(originals) > 1
    held(tracked.copied(TEXTS, (original.read_text("utf-8", "replace") for original in originals)))


def test_the_lock_holds_names_versions_and_hashes_and_no_address() -> None:
    held(tracked.unlocked_lines(LOCK))


def test_the_lock_holds_a_version_that_fits_for_all_that_the_project_asks_for() -> None:
    versions = tracked.locked(LOCK)
    wanted = [Requirement(line) for line in PROJECT["dependencies"] + PROJECT["optional-dependencies"]["dev"]]
    assert len(wanted) > 20
    held([str(one) for one in wanted if not one.specifier.contains(versions.get(canonicalize_name(one.name), "0"))])


def test_every_exception_from_a_check_has_its_reason() -> None:
    held(tracked.unreasoned_exceptions(PYPROJECT))


def test_make_keeps_the_tests_of_a_group_on_one_process() -> None:
    """Tests that share a server or a port; xdist says nothing where it does not group them."""
    commands = re.findall(r"/pytest -n .*", (ROOT / "Makefile").read_text("utf-8"))
    assert commands
    held([command for command in commands if "--dist loadgroup" not in command])


class TestPlantedFaults:
    """Each measure notices what it is there for."""

    def test_a_place_or_an_arrangement(self) -> None:
        registries = ["https://mirror.example/" + "simple/", "https://files.example/a-1.0." + "whl", "pypi" + ".org"]
        for pattern, lines in (
            (tracked.PLACES, ["see /" + "work/main/x", "/" + "home/li/x"]),
            (tracked.REGISTRIES, [*registries, "--" + "index" + "-url=x"]),
            (tracked.ARRANGEMENTS, ["as the sub" + "-agent said"]),
        ):
            for line in lines:
                assert len(tracked.matches({"a.md": f"first\n{line}\n"}, pattern)) == 1, line

    def test_a_copied_sentence_whatever_stands_between_its_characters_but_the_labels_of_the_form(self) -> None:
        sentence = "".join(chr(0x4E00 + step) for step in range(tracked.RUN))
        first, second = sentence[:20], sentence[20:]
        copies = {"a.md": f"{first}，12.5%\n{second}", "b.md": sentence[1:], "c.md": f"{first}成文日期{second}"}
        assert [line.split(":")[0] for line in tracked.copied(copies, [f"是{sentence}"])] == ["a.md"]
        assert tracked.copied({"c.md": copies["c.md"]}, [copies["c.md"]]) == []

    def test_a_line_that_is_not_locked(self) -> None:
        loose = ["polars>=2 \\", "polars @ file:///x", "-e .", "--find-links x", "    --hash=md5:0123", "polars==2.1.0"]
        lock = "\n".join(["polars==2.1.0 \\", *loose, f"    --hash=sha256:{'0' * 64}"])
        assert tracked.unlocked_lines(lock) == loose

    def test_an_exception_without_its_reason(self) -> None:
        table = 'ignore = [\n  "A1", # why\n  "B2",\n]\n"tests/**" = [\n  "C3",\n]\nmodule = ["x"]\n'
        assert tracked.unreasoned_exceptions(table) == ['"B2",', '"C3",', 'module = ["x"]']
