"""The size and habit budget of the house, one small test for each rule; a message lists what breaks it."""

from __future__ import annotations

import subprocess
from functools import partial
from statistics import median

import house
import pytest
from need import ROOT, program

PACKAGES = ("flows", "raw", "publish", "schemas", "infra")
WITHOUT_CLOCK = ("raw", "publish", "schemas")
CODE = house.modules(ROOT, *PACKAGES)
LENGTHS = sorted(house.length(function) for module in CODE for function in house.functions(module))


def held(offenders: list[str]) -> None:
    assert not offenders, "\n" + "\n".join(offenders)


def test_the_house_stands_where_it_is_measured() -> None:
    assert {module.path.split("/")[0] for module in CODE} == set(PACKAGES)
    assert len(LENGTHS) > 100


def test_half_of_the_files_have_at_most_110_lines() -> None:
    sizes = [module.lines for module in CODE if module.lines > 1]
    assert median(sizes) <= 110


def test_no_file_has_more_than_300_lines() -> None:
    files = CODE + house.modules(ROOT, "tests", "benchmarks")
    held([f"{module.path} has {module.lines} lines" for module in files if module.lines > 300])


def test_half_of_the_functions_have_at_most_8_lines() -> None:
    assert median(LENGTHS) <= 8


def test_nine_of_ten_functions_have_at_most_25_lines() -> None:
    within = sum(lines <= 25 for lines in LENGTHS)
    assert within >= 0.9 * len(LENGTHS)


@pytest.mark.parametrize(
    "measure",
    [
        house.too_long,
        house.too_deep,
        house.undocumented,
        house.loose_dataclasses,
        house.globals_used,
        house.unreasoned,
        house.vague_errors,
        partial(house.mutable_state, own=house.frozen_classes(CODE)),
    ],
    ids=lambda measure: getattr(measure, "func", measure).__name__,
)
def test_no_module_breaks_a_habit(measure: house.Measure) -> None:
    held(house.offenders(CODE, measure))


def test_checks_are_switched_off_in_tests_with_a_reason_too() -> None:
    held(house.offenders(house.modules(ROOT, "tests", "benchmarks"), house.unreasoned))


def test_only_the_command_line_prints() -> None:
    quiet = tuple(module for module in CODE if not module.path.startswith("flows/cli"))
    held(house.offenders(quiet, house.prints))


def test_time_and_chance_are_passed_in() -> None:
    held(house.offenders(house.modules(ROOT, *WITHOUT_CLOCK), house.clocks))


def test_everything_is_caught_once_and_only_in_the_flow() -> None:
    broad = house.offenders(CODE, house.broad_excepts)
    held([place for place in broad if not place.startswith("flows/")] + broad[1:])


def test_tests_weigh_between_1_3_and_2_times_the_code() -> None:
    tests = sum(module.lines for module in house.modules(ROOT, "tests"))
    code = sum(module.lines for module in CODE)
    assert 1.3 <= tests / code <= 2, f"{tests} lines of tests, {code} of code: {tests / code:.2f}"


def test_imports_go_down_only() -> None:
    done = subprocess.run(
        [program("lint-imports"), "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
