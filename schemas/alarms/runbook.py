"""The runbook, made of the alarms: `python -m schemas.alarms.runbook FILE` writes it."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from schemas.alarms.catalogue import AlertRule, alarms

_HEAD = """# Runbook

One entry for each alarm. `schemas/alarms/alarms.toml` holds them; this page is made of it by `make runbook`.

An alarm is told once, by all channels of `GONGBAO_ALERT_URLS`, in Chinese and English. It is told again when what it
rests on changes, and once more when it clears; nights that find the same are silent. What is open stands in
`status.json` (`alerts` of the source), what was told in `atom.xml`, and whether each channel took it in `deliveries` of
the run's record under `runs/`. A message that no channel took is told again the next night.

Whatever an alarm says, the last release stays as it is. SOURCE is the id of the source, STORE the address of the store,
ADDRESS the address that the message names.
"""


def runbook(known: Iterable[AlertRule]) -> str:
    """The runbook as Markdown: a table of all alarms, then an entry for each."""
    every = tuple(known)
    rows = [f"| [{one.code}](#{one.code}) | {one.stage.value} | {one.en} | {one.zh} |" for one in every]
    table = ["| alarm | stage | | |", "| --- | --- | --- | --- |", *rows]
    return "\n".join([_HEAD, *table, *(_entry(one) for one in every)])


def _entry(one: AlertRule) -> str:
    raised = ", ".join(f"`{code}`" for code in one.stands_for)
    told = [
        f"\n## {one.code}\n",
        f"{one.zh}。 {one.en}.\n",
        f"**What it means.** {one.meaning}\n",
        "**Look first.**\n",
        f"```sh\n{one.first_look}\n```\n",
        f"**What to do.** {one.remedy}\n",
        f"Raised by: {raised}." + (f" Told along with it: {', '.join(one.explains)}." if one.explains else ""),
    ]
    return "\n".join(told)


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(runbook(alarms()), encoding="utf-8")
