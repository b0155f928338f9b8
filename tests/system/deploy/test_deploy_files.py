"""The scripts, policies, units and plans of infra/deploy, each run or read by the program that it is written for."""

from __future__ import annotations

import json
import os
import re
import subprocess
from fnmatch import fnmatchcase
from functools import cache
from string import Template
from typing import TYPE_CHECKING, Any

import pytest
from botocore.session import Session
from support import tracked
from support.requires import ROOT, lacking, program

import raw.archive.warc_archive
from publish.bucket import layout

if TYPE_CHECKING:
    from pathlib import Path

DEPLOY = ROOT / "infra" / "deploy"
SCRIPTS = DEPLOY / "scripts"
FILLED = {"bucket": "b", "partition": "aws", "distribution": "arn:aws:cloudfront::1:distribution/D"}
BUCKET = "arn:aws:s3:::b/"


# --- every key of the layout and what the policies say of it ----------------------------------------------------------


@cache
def keys() -> dict[str, bool]:
    """A key for each line of both layouts, and whether it lasts as it was written."""
    layouts = f"{layout.__doc__}\n{raw.archive.warc_archive.__doc__}"
    lasts = re.compile("immutable|append|never changed|one file per run|as its program|last day")
    return {
        re.sub(r"\{(\w+)\}", r"\1", key): bool(lasts.search(meaning))
        for key, meaning in re.findall(r"^    (\S+\.\S+|\S+/\S+) {2,}(.*)$", layouts, re.MULTILINE)
        if not key.startswith("#")
    }


def statement(sid: str, policy: str = "policy-aws.json") -> dict[str, Any]:
    document = json.loads(Template((DEPLOY / "s3" / policy).read_text("utf-8")).substitute(FILLED))
    return next(one for one in document["Statement"] if one["Sid"] == sid)


def covers(sid: str, key: str, policy: str = "policy-aws.json", field: str = "Resource") -> bool:
    return any(fnmatchcase(BUCKET + key, pattern) for pattern in statement(sid, policy)[field])


def test_the_policies_know_what_lasts() -> None:
    assert len(keys()) >= 14
    assert keys()["dataset/v/version/file"]
    assert not keys()["dataset/latest.json"]
    for key, lasts in keys().items():
        assert covers("WhatIsToStayIsOnlyCreated", key) is lasts, key
        for policy in ("policy-aws.json", "policy.json"):
            assert covers("NobodyDeletesWhatIsToStay", key, policy) is (lasts and "/candidate/" not in key), key


def test_both_policies_the_web_server_and_cloudfront_agree_on_what_is_private() -> None:
    patterns = []
    for name in ("web/Caddyfile", "terraform/published.js"):
        (line,) = re.findall(r"(\^\S*\(raw\|runs\).*)", (DEPLOY / name).read_text("utf-8").replace("\\/", "/"))
        patterns.append(line.removesuffix("/.test(path)) {"))
    for key in keys():
        private = key.startswith(("raw/", "runs/")) or key.split("/")[1:2] == ["candidate"]
        assert covers("TheWebNeverReadsWhatIsPrivate", key) is private, key
        assert covers("AnybodyReadsWhatIsPublished", key, "policy.json", "NotResource") is private, key
        assert [bool(re.search(pattern, f"/{key}")) for pattern in patterns] == [private] * 2, key


def test_a_create_only_write_is_known_by_the_keys_that_aws_knows() -> None:
    created = statement("WhatIsToStayIsOnlyCreated")
    assert (created["Effect"], created["Principal"], created["Action"]) == ("Deny", "*", "s3:PutObject")
    assert created["Condition"] == {
        "Null": {"s3:if-none-match": "true"},
        "Bool": {"s3:ObjectCreationOperation": "true"},
    }
    assert statement("EveryWriteSaysWhatItReplaces")["Resource"] == f"{BUCKET}*"
    assert statement("NobodyComesWithoutTls")["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


# --- scripts ----------------------------------------------------------------------------------------------------------


def with_secrets(*command: str, **named: str) -> subprocess.CompletedProcess[str]:
    environ = {"PATH": os.environ["PATH"], **named}
    line = ["sh", str(SCRIPTS / "with-secrets.sh"), *command]
    return subprocess.run(line, env=environ, capture_output=True, text=True, check=False)


def test_what_a_file_holds_becomes_the_variable_and_the_command_decides_how_the_service_ends(tmp_path: Path) -> None:
    secret = tmp_path / "a b"
    secret.write_text("p'a\"s $HOME `x` \\s\n", "utf-8")
    named = {"GONGBAO_MINISIGN_PASSWORD_FILE": str(secret), "PREFECT_API_AUTH_STRING_FILE": str(secret)}
    done = with_secrets("env", "-0", **named, AWS_SHARED_CREDENTIALS_FILE="/x")
    given = dict(line.split("=", 1) for line in done.stdout.split("\0") if line)
    assert given["GONGBAO_MINISIGN_PASSWORD"] == given["PREFECT_API_AUTH_STRING"] == "p'a\"s $HOME `x` \\s"
    assert given["AWS_SHARED_CREDENTIALS_FILE"] == "/x"
    assert not set(named) & set(given)
    absent = with_secrets("true", PREFECT_API_AUTH_STRING_FILE=str(tmp_path / "none"))
    assert (absent.returncode, "PREFECT_API_AUTH_STRING_FILE" in absent.stderr) == (78, True)
    assert with_secrets("sh", "-c", "exit 3").returncode == 3


def drawn(folder: Path) -> dict[str, str]:
    subprocess.run([program("bash"), str(SCRIPTS / "make-secrets.sh"), str(folder)], check=True, capture_output=True)
    return {path.name: path.read_text("utf-8") for path in folder.iterdir()}


def test_secrets_are_drawn_once_and_fit_each_other_and_the_operators_addresses_are_not_written_over(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "secrets"
    first = drawn(folder)
    assert drawn(folder) == first
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o644}
    identities = {identity["name"]: identity for identity in json.loads(first["store-identities.json"])["identities"]}
    assert not [action for action in identities["writer"]["actions"] if not action.endswith(":gongbao")]
    for name, identity in identities.items():
        profile = profile_of(folder / f"{name}-credentials")
        assert profile == (identity["credentials"][0]["accessKey"], identity["credentials"][0]["secretKey"])
    assert set(first.values()) & set(drawn(tmp_path / "other").values()) == {""}
    assert {name for name, text in first.items() if not text} == {"alert-urls", "ping-url", "webhook-url"}
    (folder / "alert-urls").write_text("json://hook.example/a\n", "utf-8")
    assert drawn(folder) == first | {"alert-urls": "json://hook.example/a\n"}


def profile_of(file: Path) -> tuple[str, str]:
    session = Session()
    session.set_config_variable("credentials_file", str(file))
    found = session.full_config["profiles"]["default"]
    return found["aws_access_key_id"], found["aws_secret_access_key"]


def backed_up(script: str, folder: Path, listed: str = "") -> tuple[int, list[str]]:
    """How the script ends, and what it asked of an engine that answers `kept` to everything."""
    engine = folder / "bin" / "docker"
    engine.parent.mkdir(exist_ok=True)
    answers = f'case "$*" in *"ls object-store"*) printf "{listed}";; *) echo kept; esac'
    engine.write_text(f'#!/bin/sh\necho "$*" >>{folder}/asked\n{answers}\n', "utf-8")
    engine.chmod(0o755)
    (folder / "asked").unlink(missing_ok=True)
    environ = {**os.environ, "PATH": f"{engine.parent}:{os.environ['PATH']}"}
    command = [program("bash"), str(SCRIPTS / script), str(folder / "kept")]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    asked = (folder / "asked").read_text("utf-8").splitlines() if (folder / "asked").exists() else []
    return done.returncode, asked


def test_a_backup_stops_the_store_copies_it_and_starts_it_again(tmp_path: Path) -> None:
    status, asked = backed_up("backup.sh", tmp_path)
    assert status == 0
    verbs = [line.split()[1] for line in asked]
    assert verbs == ["exec", "stop", "run", "up"]
    assert (tmp_path / "kept" / "objects.tar").read_text("utf-8") == "kept\n"
    modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "kept").iterdir()}
    assert modes == dict.fromkeys(["SHA256SUMS", "database.dump", "objects.tar"], 0o600)
    assert (tmp_path / "kept").stat().st_mode & 0o777 == 0o700


def test_a_restore_takes_only_what_is_whole_and_writes_over_nothing(tmp_path: Path) -> None:
    backed_up("backup.sh", tmp_path)
    status, asked = backed_up("restore.sh", tmp_path)
    assert status == 0
    assert [line.split()[1] for line in asked] == ["run", "run", "run", "up", "exec", "up"]
    status, asked = backed_up("restore.sh", tmp_path, listed="filerldb2")
    assert (status, len(asked)) == (1, 2)
    (tmp_path / "kept" / "objects.tar").write_text("torn", "utf-8")
    assert backed_up("restore.sh", tmp_path) == (1, [])


@pytest.mark.parametrize(("frozen", "status"), [("click==8.2.1", 0), ("click==8.2.10", 1), ("stranger==1.0", 1)])
def test_an_image_holds_nothing_that_is_not_locked(tmp_path: Path, frozen: str, status: int) -> None:
    locked = f"click==8.2.1 ; python_version < '4' \\\n    --hash=sha256:{'0' * 64}\n"
    (tmp_path / "constraints.txt").write_text(locked, "utf-8")
    installer = tmp_path / "uv"
    installer.write_text(f"#!/bin/sh\n[ $2 = install ] || printf 'gongbao @ file:///x\\n{frozen}\\n'\n", "utf-8")
    installer.chmod(0o755)
    environ = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    command = [program("bash"), str(SCRIPTS / "install.sh"), "libraries", str(tmp_path / "opt")]
    done = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == status, done.stderr
    assert (frozen in done.stderr) is bool(status)


def test_the_other_locks_hold_names_versions_and_hashes_and_no_address() -> None:
    for name in ("lint", "uv"):
        lock = (DEPLOY / f"{name}-constraints.txt").read_text("utf-8")
        assert tracked.unlocked_lines(lock) == []
        asked = (DEPLOY / f"{name}-requirements.in").read_text("utf-8")
        assert set(re.findall(r"^[a-z-]+", asked, re.MULTILINE)) <= set(tracked.locked(lock))


# --- units and plans --------------------------------------------------------------------------------------------------


def analyze(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [program("systemd-analyze"), *arguments], capture_output=True, text=True, check=False, env={"TZ": "UTC"}
    )


def test_the_timer_means_half_past_two_in_zhongshan() -> None:
    timer = (DEPLOY / "systemd" / "gongbao@.timer").read_text("utf-8")
    calendar = re.findall(r"^OnCalendar=(.*)$", timer, re.MULTILINE)[0]
    done = analyze("calendar", "--base-time=2026-01-01 00:00:00 UTC", calendar)
    assert "18:30:00 UTC" in done.stdout, done.stdout + done.stderr
    assert {"Persistent=yes", "Unit=gongbao@%i.service"} <= set(timer.splitlines())


def test_the_units_are_understood_and_shut_off(tmp_path: Path) -> None:
    for unit in ("gongbao@.service", "gongbao@.timer"):
        text = (DEPLOY / "systemd" / unit).read_text("utf-8")
        (tmp_path / unit).write_text(text.replace("/opt/gongbao/.venv/bin/gongbao", "/bin/true"), "utf-8")
    units = [str(tmp_path / "gongbao@torch.timer"), str(tmp_path / "gongbao@torch.service")]
    verified = analyze("verify", "--man=no", *units)
    assert (verified.returncode, verified.stderr) == (0, "")
    exposed = analyze("security", "--offline=true", "--threshold=20", str(tmp_path / "gongbao@.service"))
    assert exposed.returncode == 0, exposed.stdout[-400:]  # 20 of 100: what systemd itself calls OK


def test_every_plan_is_terraform_and_every_file_that_it_reads_is_there() -> None:
    python = ROOT / ".venv-lint" / "bin" / "python"
    if not python.exists():
        lacking("the parser of Terraform (make .venv-lint/.ready)")
    plans = sorted((DEPLOY / "terraform").glob("*.tf"))
    assert len(plans) >= 9
    parse = "import sys, hcl2\nfor name in sys.argv[1:]: assert hcl2.load(open(name)), name"
    subprocess.run([str(python), "-c", parse, *map(str, plans)], check=True)
    read = [name for plan in plans for name in re.findall(r'"\$\{path\.module\}/([^"]+)"', plan.read_text("utf-8"))]
    assert len(read) == 4
    assert [name for name in read if not (DEPLOY / "terraform" / name).is_file()] == []


def test_every_exception_from_a_linter_has_its_reason_beside_it() -> None:
    switch = re.compile(r"checkov:skip=|shellcheck disable=|hadolint ignore=|yamllint disable")
    files = [path for path in DEPLOY.rglob("*") if path.is_file() and path.suffix in {".tf", ".sh", ".yaml", ""}]
    files += [ROOT / ".ci" / "run", ROOT / "prefect.yaml"]
    lines = [line for path in files for line in path.read_text("utf-8").splitlines() if switch.search(line)]
    assert len(lines) > 10
    assert [line for line in lines if not re.search(r"checkov:skip=\w+:.{10}|=SC\d+(,SC\d+)* # .{10}", line)] == []


def test_the_function_of_cloudfront_does_what_it_says(tmp_path: Path) -> None:
    node = program("node", "(nodejs)")
    asked = ["/", "/torch/", "/a.csv", "/raw/x", "//raw/x", "/%72aw/x", "/t/candidate/1/a", "/x/../raw/a", "/%zz"]
    script = (DEPLOY / "terraform" / "published.js").read_text("utf-8")
    ask = "const a = handler({request: {uri}}); console.log(a.statusCode || a.uri);"
    script += f"for (const uri of {json.dumps(asked)}) {{ {ask} }}"
    (tmp_path / "run.js").write_text(script, "utf-8")
    done = subprocess.run([node, str(tmp_path / "run.js")], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["/index.html", "/torch/index.html", "/a.csv", *["404"] * 5, "400"]
