"""The limits that an operator may move: offered with their defaults, explained, and handed to the run everywhere."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import fields
from itertools import pairwise

from support.requires import ROOT

from flows.stages.read_and_publish import gate_limits
from infra.settings import Settings
from publish.gate.verdict import GateLimits
from schemas.errors import SettingsError

DEPLOY = ROOT / "infra" / "deploy"


def offered() -> dict[str, str]:
    """The variables of the example with what they are there."""
    text = (DEPLOY / "limits.env.example").read_text("utf-8")
    return dict(re.findall(r"^([A-Z_]+)=(.*)$", text, re.MULTILINE))


def moves(name: str) -> bool:
    """Whether a variable is a limit of the gate: whether another value of it makes other limits."""
    for value in ("0.5", "3"):
        with suppress(SettingsError):
            if gate_limits(Settings.from_env({name: value})) != GateLimits():
                return True
    return False


def test_the_example_offers_each_limit_with_its_default_and_nothing_else() -> None:
    variables = re.findall(r"^ +(GONGBAO_[A-Z_]+)", Settings.__doc__ or "", re.MULTILINE)
    limits = {name for name in variables if moves(name)}
    assert len(limits) == len(offered()) == 14
    assert set(offered()) == limits
    assert Settings.from_env(offered()) == Settings()


def test_each_limit_is_explained_in_one_line_above_it() -> None:
    lines = (DEPLOY / "limits.env.example").read_text("utf-8").splitlines()
    above = [before for before, line in pairwise(lines) if "=" in line]
    assert len(above) == len(offered())
    assert [line for line in above if not re.fullmatch(r"# (The|By how|How many) .{30,}\.", line)] == []


def test_the_runbook_says_at_which_alarm_each_limit_can_be_moved() -> None:
    entries = (ROOT / "docs" / "RUNBOOK.md").read_text("utf-8").split("\n## ")
    telling = {
        name: [entry.split("\n", 1)[0] for entry in entries if re.search(rf"{name}\b", entry)] for name in offered()
    }
    assert [name for name, where in telling.items() if len(where) != 1] == []


def test_what_an_operator_fills_in_never_comes_into_git_or_the_image() -> None:
    ignored = (DEPLOY / ".gitignore").read_text("utf-8").splitlines()
    left_out = (DEPLOY / "Dockerfile.dockerignore").read_text("utf-8").splitlines()
    for name in (".env", "limits.env", "secrets/"):
        assert name in ignored
        assert f"infra/deploy/{name}".rstrip("/") in [line.rstrip("/") for line in left_out]


def test_a_run_on_aws_gets_the_settings_of_the_operator_but_none_that_has_its_own_place() -> None:
    task = (DEPLOY / "terraform" / "task.tf").read_text("utf-8")
    fixed = set(re.findall(r'name = "(GONGBAO_[A-Z_]+)"', task))
    assert "[for name, value in var.settings : { name = name, value = value }]" in task
    variables = (DEPLOY / "terraform" / "variables.tf").read_text("utf-8")
    (refused,) = re.findall(r"!contains\(\[(.*?)\], name\)", variables)
    assert set(re.findall(r'"(\w+)"', refused)) == fixed
    (secret,) = re.findall(r'!can\(regex\("(.*)", name\)\)', variables)
    hidden = [field.name for field in fields(Settings) if not field.repr]
    named = [
        f"GONGBAO_{name.upper()}" for name in hidden if not name.endswith("_key")
    ]  # a key is a file, its name no secret
    assert named
    assert all(re.search(secret, name) for name in named)
    assert not [name for name in offered() if re.search(secret, name)]
