from __future__ import annotations

import ast
import dataclasses
import re
from functools import cache
from itertools import pairwise
from typing import Any

import pytest
from support.requires import ROOT

from flows.stages.read_and_publish import gate_limits
from infra.settings import Settings
from publish.gate.verdict import GateLimits
from schemas.errors import SettingsError

GIVEN = {
    "GONGBAO_STORE": ("s3://bucket/prefix", "store", "s3://bucket/prefix"),
    "GONGBAO_CONTACT": ("data@example.org", "contact", "data@example.org"),
    "GONGBAO_PACE": ("1.25", "pace_seconds", 1.25),
    "GONGBAO_TIMEOUT": (" 30 ", "timeout_seconds", 30.0),
    "GONGBAO_TRIES": ("3", "tries", 3),
    "GONGBAO_MAX_WIRE_MB": ("1", "max_wire_mb", 1),
    "GONGBAO_MAX_PAGE_MB": ("4000", "max_page_mb", 4000),
    "GONGBAO_LEAST_OF_PREVIOUS": ("0.5", "least_of_previous", 0.5),
    "GONGBAO_MOST_UNLIKELY": ("1", "most_unlikely", 1.0),
    "GONGBAO_UNREAD_LIMIT": ("0", "unread_limit", 0.0),
    "GONGBAO_UNREAD_RISE": ("0.05", "unread_rise", 0.05),
    "GONGBAO_LEAST_NUMBERS": ("1", "least_numbers", 1.0),
    "GONGBAO_JUMP": ("5", "jump", 5.0),
    "GONGBAO_JUMP_FLOOR": ("1000", "jump_floor", 1000.0),
    "GONGBAO_MOST_ADDED": ("3", "most_added", 3),
    "GONGBAO_MOST_MISDATED": ("0.2", "most_misdated", 0.2),
    "GONGBAO_MOST_COLLIDING": ("0.3", "most_colliding", 0.3),
    "GONGBAO_MOST_INCOMPLETE": ("0.4", "most_incomplete", 0.4),
    "GONGBAO_MOST_MOVED": ("0.5", "most_moved", 0.5),
    "GONGBAO_MOST_SHIFTED": ("0.6", "most_shifted", 0.6),
    "GONGBAO_MOST_THEMES_SHIFTED": ("0.7", "most_themes_shifted", 0.7),
    "GONGBAO_SITE_URL": ("https://公报.example.org/data/", "site", "https://公报.example.org/data"),
    "GONGBAO_ARCHIVE_URL": (" . ", "archive", "."),
    "GONGBAO_PORTAL": ("0", "portal", False),
    "GONGBAO_SPOOL": ("/var/lib/公报", "spool", "/var/lib/公报"),
    "GONGBAO_ALERT_URLS": ("json://hook.example/a\nfeishu://b", "alert_urls", "json://hook.example/a\nfeishu://b"),
    "GONGBAO_RUNBOOK_URL": ("https://a.example/手册", "runbook_url", "https://a.example/手册"),
    "GONGBAO_PING_URL": (" https://hc.example.org/a/{source} ", "ping_url", "https://hc.example.org/a/{source}"),
    "GONGBAO_METRICS_FILE": ("/var/lib/node/公报.prom", "metrics_file", "/var/lib/node/公报.prom"),
    "GONGBAO_MINISIGN_KEY": (" /run/secrets/minisign ", "minisign_key", "/run/secrets/minisign"),
    "GONGBAO_MINISIGN_PASSWORD": (" 电池 horse\t", "minisign_password", " 电池 horse\t"),
    "GONGBAO_SSH_KEY": ("~/keys/ssh\n", "ssh_key", "~/keys/ssh"),
    "GONGBAO_SSH_PASSPHRASE": ("\u202e\x07 x", "ssh_passphrase", "\u202e\x07 x"),
}
NUMBERS = {
    "GONGBAO_PACE": ("a number from 0 to 60", "-0.1 fast nan"),
    "GONGBAO_TIMEOUT": ("a number from 1 to 600", "0 inf"),
    "GONGBAO_TRIES": ("a whole number from 1 to 20", "0 2.5 ٣"),
    "GONGBAO_MAX_WIRE_MB": ("a whole number from 1 to 1000", "1001"),
    "GONGBAO_MAX_PAGE_MB": ("a whole number from 1 to 4000", "64MB"),
    "GONGBAO_UNREAD_LIMIT": ("a number from 0 to 1", "40% 1.01"),
    "GONGBAO_LEAST_OF_PREVIOUS": ("a number from 0 to 1", "70"),
    "GONGBAO_MOST_UNLIKELY": ("a number from 0 to 1", "-1e-9"),
    "GONGBAO_LEAST_NUMBERS": ("a number from 0 to 1", "-0.1"),
    "GONGBAO_JUMP": ("a number from 2 to 1000000", "1"),
    "GONGBAO_MOST_ADDED": ("a whole number from 0 to 1000", "1001"),
    "GONGBAO_PORTAL": ("0 or 1", "off"),
    "GONGBAO_SITE_URL": ("http:// or https://", "javascript:alert(1) . https://a.example/?q=1"),
    "GONGBAO_ARCHIVE_URL": ("or .", "//a.example https://[a"),
    "GONGBAO_CONTACT": ("ASCII", "数据@example.org"),
}
WRONG = [
    ("GONGBAO_STORE", "a\nb", "one line"),
    ("GONGBAO_CONTACT", "data@example.org\r\nX-Header: 1", "one line"),
    *((name, value, allowed) for name, (allowed, values) in NUMBERS.items() for value in values.split()),
]


def test_an_empty_environment_gives_the_defaults() -> None:
    assert Settings.from_env({}) == Settings()
    assert Settings().as_record() == dataclasses.asdict(Settings()), "no secret is set"
    network = ("pace_seconds", "timeout_seconds", "tries", "max_wire_mb", "max_page_mb")
    assert [getattr(Settings(), name) for name in network] == [0.5, 20, 5, 16, 64]


def test_every_setting_is_read_from_its_variable_and_documented_with_it() -> None:
    settings = Settings.from_env({name: given for name, (given, _, _) in GIVEN.items()})
    assert dataclasses.asdict(settings) == {field: value for _, field, value in GIVEN.values()}
    documented = [line.split()[:2] for line in (Settings.__doc__ or "").splitlines()]
    assert [name for name, (_, field, _) in GIVEN.items() if [name, field] not in documented] == []


def test_a_variable_that_is_empty_leaves_the_default_and_one_of_another_program_is_left_alone() -> None:
    assert Settings.from_env(dict.fromkeys(GIVEN, "  ")) == Settings()
    assert Settings.from_env({"PACE": "-1", "gongbao_pace": "-1"}) == Settings()


@pytest.mark.parametrize(("name", "value", "allowed"), WRONG)
def test_a_wrong_value_is_refused_with_variable_value_and_what_is_allowed(name: str, value: str, allowed: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.from_env({name: value})
    assert caught.value.where == name
    assert repr(value) in caught.value.what
    assert allowed in caught.value.remedy
    assert caught.value.exit_status == 2


SECRETS = {name: f"hush-{name.lower()}" for name in GIVEN if re.search("KEY|PASS|ALERT", name)}
SECRETS["GONGBAO_PING_URL"] = "https://hush.example.org/hush"


def test_of_a_secret_nothing_is_shown_but_whether_it_is_set() -> None:
    assert len(SECRETS) == 6
    settings = Settings.from_env({**SECRETS, "GONGBAO_PACE": "1"})
    told = f"{settings!r} {settings} {settings.as_record()}"
    assert "hush" not in told
    record = settings.as_record()
    assert [record[GIVEN[name][1]] for name in SECRETS] == ["set"] * 6
    assert record["pace_seconds"] == 1


def test_an_error_of_another_setting_repeats_no_secret() -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.from_env({**SECRETS, "GONGBAO_PACE": "fast"})
    assert "hush" not in f"{caught.value!r} {caught.value}"


@pytest.mark.parametrize(
    "value",
    ["hc.example.org/secret", "ftp://h/secret", "file:///secret", "http://", "http://[secret", "https://h:secret/"],
)
def test_an_address_that_is_a_secret_is_refused_without_a_word_of_it(value: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.from_env({"GONGBAO_PING_URL": value})
    assert caught.value.where == "GONGBAO_PING_URL"
    assert "secret" not in str(caught.value)
    assert caught.value.__cause__ is None


# --- the limits of the gate ------------------------------------------------------------------------------------------

GATES = (
    *("publish/gate/verdict.py", "publish/gate/release_expectations.py"),
    *(f"publish/drift/{path.name}" for path in sorted((ROOT / "publish" / "drift").glob("*.py"))),
)
SENTENCE = re.compile(r"[A-Z`][^.]{20,}\.")


def flat(limits: GateLimits) -> dict[str, float]:
    """Every limit that a release is held against, those of its drift too."""
    told: dict[str, Any] = dataclasses.asdict(limits)
    drift: dict[str, float] = told.pop("drift")
    assert not set(told) & set(drift)
    return told | drift


@cache
def origins() -> dict[str, str]:
    """For each limit the field of the settings that it is made of: the one that moves it."""
    known = flat(gate_limits(Settings()))
    found: dict[str, str] = {}
    for field in dataclasses.fields(Settings):
        if isinstance(field.default, (int, float)):
            other: dict[str, Any] = {field.name: field.default + 1}
            moved = flat(gate_limits(dataclasses.replace(Settings(), **other)))
            found |= {limit: field.name for limit, value in moved.items() if value != known[limit]}
    return found


def module(path: str) -> ast.Module:
    return ast.parse((ROOT / path).read_text("utf-8"))


@cache
def reasons() -> dict[str, str]:
    """The constants of the settings with the string that stands below each."""
    body = module("infra/settings.py").body
    pairs = [(one, below) for one, below in pairwise(body) if isinstance(one, ast.Assign)]
    return {
        ast.unparse(one.targets[0]): below.value.value
        for one, below in pairs
        if isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant) and isinstance(below.value.value, str)
    }


@cache
def defaults() -> dict[str, str]:
    """The fields of the settings with the expression that is their default."""
    (kind,) = (
        one for one in module("infra/settings.py").body if isinstance(one, ast.ClassDef) and one.name == "Settings"
    )
    fields = [one for one in kind.body if isinstance(one, ast.AnnAssign) and one.value]
    return {ast.unparse(one.target): ast.unparse(one.value) for one in fields if one.value}


def test_every_limit_is_a_setting_of_its_own() -> None:
    assert set(origins()) == set(flat(GateLimits()))
    assert len(set(origins().values())) == len(origins()) == 14


def test_a_limit_has_one_default_and_its_reason_stands_beside_it() -> None:
    for limit, default in flat(GateLimits()).items():
        setting = origins()[limit]
        assert default == getattr(Settings(), setting), limit
        reason = reasons()[defaults()[setting]]
        assert len(SENTENCE.findall(reason)) >= 2, reason


def test_what_an_operator_sets_is_what_the_gate_is_told() -> None:
    given = {name: value for name, (value, field, _) in GIVEN.items() if field in origins().values()}
    said = {field: value for _, field, value in GIVEN.values()}
    expected = {limit: said[setting] for limit, setting in origins().items()}
    assert flat(gate_limits(Settings.from_env(given))) == expected


def numbers(path: str) -> list[tuple[str, int]]:
    """The numbers that a module names, with the line of each."""
    named = [one for one in module(path).body if isinstance(one, (ast.Assign, ast.AnnAssign)) and one.value]
    plain = [one for one in named if isinstance(one.value, ast.Constant) and isinstance(one.value.value, (int, float))]
    return [(ast.unparse(one), one.lineno) for one in plain]


def test_a_number_that_is_no_operator_s_matter_says_why_where_it_stands() -> None:
    found = [(path, line, text) for path in GATES for text, line in numbers(path)]
    assert {text.split(" = ")[0] for _, _, text in found} >= {"_MORE_UNREAD", "_ROUNDED", "_TELLING_DIGITS"}
    for path, line, text in found:
        above = (ROOT / path).read_text("utf-8").splitlines()[line - 2]
        assert above.startswith("# "), f"{path}:{line}: {text}"
        assert above.endswith("."), above


def test_no_limit_of_the_gate_is_a_number_of_its_own() -> None:
    """A default of a limit that is written as a number is the second place of a threshold."""
    for path, name in (("publish/gate/limits.py", "GateLimits"), ("publish/drift/content.py", "DriftLimits")):
        (kind,) = (one for one in module(path).body if isinstance(one, ast.ClassDef) and one.name == name)
        plain = [one for one in kind.body if isinstance(one, ast.AnnAssign) and isinstance(one.value, ast.Constant)]
        assert [ast.unparse(one) for one in plain] == [], path
