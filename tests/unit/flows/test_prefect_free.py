"""Commands that only read need no Prefect, and reading a text none of the other large libraries: seconds each."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from support.requires import ROOT
from support.runs import plain
from support.site_editor import SiteEditor, registry, short_article

from flows.run.context import create_context

# Runs each command in one process; prints what a reader of texts has loaded, then how each command ended.
SCRIPT = """
import json, sys

class Forbidden:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "prefect":
            raise AssertionError(f"{name} is imported")

sys.meta_path.insert(0, Forbidden())
from flows.cli.main import main
ends, loaded = [], []
for command in json.loads(sys.argv[1]):
    sys.argv = ["gongbao", *command]
    try:
        main()
    except SystemExit as end:
        ends.append(end.code or 0)
    except BaseException as error:
        ends.append(str(error))
    loaded = loaded or sorted({name.partition(".")[0] for name in sys.modules})
print(json.dumps([loaded, ends]), file=sys.stderr)
"""


def test_a_command_does_not_import_prefect(tmp_path: Path) -> None:
    store, report = str(tmp_path / "store"), tmp_path / "report.txt"
    report.write_text("2024年完成地区生产总值573.72亿元。\n", encoding="utf-8")
    with SiteEditor(articles=[short_article("2024年GDP573.72亿元。")]).served() as base:
        sources = registry(tmp_path, base)
        plain(create_context("seed", store, sources, None))
    version = next(Path(store, "seed", "v").iterdir()).name
    commands = [
        ["read", str(report)],
        ["show", store],
        ["show", store, "--source", "seed"],
        ["get", store, "observations", "--format", "json"],
        ["status", store],
        ["diff", store, version, version],
        ["verify", store],
        ["candidates", store],
        ["key", "list", store],
        ["sources"],
        ["numeral"],
        ["run", "--engine", "local", "--source", "seed", "--sources", sources, "--store", store],
    ]
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, json.dumps(commands)],
        cwd=ROOT,
        env={**os.environ, "GONGBAO_PACE": "0", "GONGBAO_TRIES": "1"},
        input="三成\n",
        capture_output=True,
        text=True,
        check=True,
    )
    loaded, ends = json.loads(done.stderr.splitlines()[-1])
    assert "573.72" in done.stdout
    assert "flows" in loaded
    assert not {*loaded} & {"prefect", "great_expectations", "pandera", "polars", "boto3"}
    assert [(command, end) for command, end in zip(commands, ends, strict=True) if end not in {0, 4, 5}] == []
