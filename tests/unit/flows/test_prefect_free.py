"""Commands that only read need no Prefect: it takes seconds to import."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from support.cms import SiteEditor, registry, short_article
from support.nights import plain

from flows.run.context import create_context

ROOT = Path(__file__).resolve().parents[3]
SCRIPT = """
import sys

class Forbidden:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "prefect":
            raise AssertionError(f"{name} is imported")

sys.meta_path.insert(0, Forbidden())
from flows.cli.main import main
main()
"""


@pytest.mark.parametrize(
    "command",
    [
        ["show", "{store}"],
        ["show", "{store}", "--source", "seed"],
        ["get", "{store}", "observations", "--format", "json"],
        ["status", "{store}"],
        ["diff", "{store}", "{version}", "{version}"],
        ["verify", "{store}"],
        ["candidates", "{store}"],
        ["key", "list", "{store}"],
        ["sources"],
        ["numeral"],
        ["read", "{report}"],
        ["run", "--engine", "local", "--source", "seed", "--sources", "{sources}", "--store", "{store}"],
    ],
    ids=lambda command: " ".join(command[:3]).replace("{store}", "STORE"),
)
def test_a_command_does_not_import_prefect(command: list[str], store_of_seed: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, *(part.format(**store_of_seed) for part in command)],
        cwd=ROOT,
        env={**os.environ, "GONGBAO_PACE": "0", "GONGBAO_TRIES": "1"},
        input="三成\n",
        capture_output=True,
        text=True,
        check=False,
    )
    assert "is imported" not in done.stderr
    assert done.returncode in {0, 4, 5}, done.stderr


@pytest.fixture(scope="module")
def store_of_seed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A store with a release, its version, and a report in a file."""
    folder = tmp_path_factory.mktemp("store")
    report = folder / "report.txt"
    report.write_text("2024年完成地区生产总值573.72亿元。\n", encoding="utf-8")
    with (
        pytest.MonkeyPatch.context() as environ,
        SiteEditor(articles=[short_article("2024年GDP573.72亿元。")]).served() as base,
    ):
        environ.setenv("GONGBAO_PACE", "0")
        environ.setenv("GONGBAO_PORTAL", "0")
        sources, store = registry(folder, base), str(folder / "store")
        plain(create_context("seed", store, sources, None))
    version = next(Path(store, "seed", "v").iterdir()).name
    return {"store": store, "version": version, "report": str(report), "sources": sources}
