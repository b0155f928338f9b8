"""Each measure of the house finds a small breach of its rule, and lets the right form pass."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import house
import pytest
from need import ROOT, program

DEEP = """
def f(a):
    if a:
        for b in a:
            with b:
                while b:
                    b()
"""
ELIF = """
def f(a):
    if a == 1:
        return 1
    elif a == 2:
        return 2
    elif a == 3:
        return 3
    elif a == 4:
        return 4
    def g():
        if a:
            if a:
                if a:
                    a()
"""
FROZEN = '@dataclass(frozen=True, slots=True, kw_only=True)\nclass Zone:\n    """A zone."""\n    id: str\n'

BREACHES = [
    (house.too_deep, DEEP, 2),
    (house.too_long, "def f():\n" + "    pass\n" * 50, 1),
    (house.undocumented, "x = 1\n", 1),
    (house.undocumented, '"""A module."""\ndef f(): ...\n', 2),
    (house.undocumented, '"""A module."""\nclass C: ...\n', 2),
    (house.undocumented, '"""A module."""\nclass C:\n    """A class."""\n    def __init__(self): ...\n', 4),
    (house.undocumented, '"""A module without a period"""\n', 1),
    (house.undocumented, '"""A first sentence. A second one in the same line."""\n', 1),
    (house.undocumented, '"""A sentence that ends here.\nAnd another at once."""\n', 1),
    (house.loose_dataclasses, "@dataclass\nclass C: ...\n", 2),
    (house.loose_dataclasses, "@dataclasses.dataclass(frozen=True, slots=True)\nclass C: ...\n", 2),
    (house.loose_dataclasses, "@dataclass(frozen=True, slots=True, kw_only=False)\nclass C: ...\n", 2),
    (house.mutable_state, "SEEN = []\n", 1),
    (house.mutable_state, "seen: dict[str, int] = {}\n", 1),
    (house.mutable_state, "SEEN: Final = {}\n", 1),
    (house.mutable_state, "WORDS = 'a b'.split()\n", 1),
    (house.mutable_state, "SEEN = defaultdict(int)\n", 1),
    (house.mutable_state, "CODE = compile('1', '', 'eval')\n", 1),
    (house.globals_used, "def f():\n    global seen\n    seen = 1\n", 2),
    (house.prints, "def f():\n    print('x')\n", 2),
    (house.clocks, "def f():\n    return datetime.now(UTC)\n", 2),
    (house.broad_excepts, "try:\n    f()\nexcept:\n    pass\n", 3),
    (house.broad_excepts, "try:\n    f()\nexcept (KeyError, Exception):\n    pass\n", 3),
    (house.vague_errors, "raise ValueError('no')\n", 1),
    (house.vague_errors, "raise Exception\n", 1),
    (house.unreasoned, "import os  # noqa\n", 1),
    (house.unreasoned, "import os  # noqa: F401\n", 1),
    (house.unreasoned, "import os  # noqa: F401, E402\n", 1),
    (house.unreasoned, "import os  # type: ignore\n", 1),
    (house.unreasoned, "import os  # type: ignore[import-untyped]\n", 1),
    (house.unreasoned, "# Why.\n\nimport os  # noqa: F401\n", 3),
]

GOOD = [
    (house.too_deep, ELIF),
    (house.too_long, "def f():\n" + "    pass\n" * 49),
    (house.undocumented, '"""A module.\n\nWith more. And more."""\ndef _f(): ...\nclass _C: ...\n'),
    (house.loose_dataclasses, FROZEN),
    (house.mutable_state, "A = frozenset({1})\nB = ('a', 1)\nC = re.compile('a')\nD = MappingProxyType({})\n"),
    (house.mutable_state, "A: Final = build()\n__all__ = ['f']\ndef f():\n    seen = []\n"),
    (house.prints, "def f():\n    out.print_exc('print')\n"),
    (house.clocks, "def f(fetcher):\n    return fetcher.now()\n"),
    (house.broad_excepts, "try:\n    f()\nexcept (KeyError, OSError):\n    pass\n"),
    (house.vague_errors, "raise StoreDenied('no')\n"),
    (house.unreasoned, "import os  # noqa: F401 - named for those who import it from here\n"),
    (house.unreasoned, "import os  # type: ignore[import-untyped]  # ships no types\n"),
    (house.unreasoned, "# Named for those who import it from here.\nimport os  # noqa: F401\n"),
    (house.unreasoned, "text = '# noqa'\n"),
]


@pytest.mark.parametrize(("measure", "snippet", "line"), BREACHES)
def test_a_breach_is_found_in_its_line(measure: house.Measure, snippet: str, line: int) -> None:
    assert [place.split()[0] for place in house.offenders((house.parse(snippet),), measure)] == [f"snippet.py:{line}"]


@pytest.mark.parametrize(("measure", "snippet"), GOOD)
def test_the_right_form_passes(measure: house.Measure, snippet: str) -> None:
    assert house.offenders((house.parse(snippet),), measure) == []


def test_every_measure_is_shown_to_fail() -> None:
    yields = {
        name for name, made in vars(house).items() if "Iterator[Offence]" in str(getattr(made, "__annotations__", ""))
    }
    public = {name for name in yields if not name.startswith("_")}
    assert public == {measure.__name__ for measure, _, _ in BREACHES}


def test_instances_of_own_frozen_dataclasses_may_stand_in_a_module() -> None:
    module = house.parse(FROZEN + "HERE = Zone(id='torch')\n")
    assert len(list(house.mutable_state(module))) == 1
    assert list(house.mutable_state(module, own=house.frozen_classes((module,)))) == []


def test_a_function_is_measured_from_its_name_to_its_end() -> None:
    module = house.parse('@cache\ndef f(\n    a,\n):\n    """What it is."""\n    return a\n')
    assert [house.length(function) for function in house.functions(module)] == [5]


def test_modules_are_found_in_folders_within_folders(tmp_path: Path) -> None:
    (tmp_path / "infra" / "store").mkdir(parents=True)
    (tmp_path / "infra" / "store" / "folder.py").write_text("x = 1\n\ny = 2\n", "utf-8")
    (tmp_path / "elsewhere.py").touch()
    found = house.modules(tmp_path, "infra", "raw")
    assert [(module.path, module.lines) for module in found] == [("infra/store/folder.py", 3)]


WRONG = (
    ("schemas/errors.py", "import flows", "schemas.errors -> flows"),
    ("raw/fetch.py", "import publish.layout", "raw.fetch -> publish.layout"),
    ("publish/layout.py", "import raw.fetch", "publish.layout -> raw.fetch"),
    ("infra/settings.py", "import raw.fetch", "infra.settings -> raw.fetch"),
    ("raw/fetch.py", "import prefect", "raw.fetch -> prefect"),
    ("raw/archive.py", "import boto3", "raw.archive -> boto3"),
    ("publish/layout.py", "import apprise", "publish.layout -> apprise"),
    ("publish/layout.py", "import great_expectations", "publish.layout -> great_expectations"),
    ("publish/attest/sign.py", "from cryptography.hazmat import primitives", "publish.attest.sign -> cryptography"),
    ("publish/attest/sign_ssh.py", "import minisign", "publish.attest.sign_ssh -> minisign"),
    ("infra/settings.py", "import minisign", "infra.settings -> minisign"),
    ("publish/describe/feed.py", "import jinja2", "publish.describe.feed -> jinja2"),
    ("publish/portal/pages.py", "import vl_convert", "publish.portal.pages -> vl_convert"),
    ("raw/numerals.py", "import httpx", "raw.numerals -> httpx"),
)


def test_every_import_against_the_rules_is_named(tmp_path: Path) -> None:
    for package in ("flows", "raw", "publish", "schemas", "infra"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for place, line, _ in WRONG:
        with (tmp_path / place).open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")
    command = [program("lint-imports"), "--no-cache"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    told = re.sub(r"\s+", " ", done.stdout)
    assert [found for _, _, found in WRONG if f"{found} (l." not in told] == []
    assert "KEPT" not in told
