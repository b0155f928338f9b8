"""The runbook, generated from the alarms: `python -m schemas.alarms.runbook FILE` writes it."""

import sys
from collections.abc import Iterable
from pathlib import Path

from schemas.alarms.catalogue import AlertRule, alarms

_HEAD = """# Runbook

One entry for each alarm, generated from `schemas/alarms/alarms.toml` by `make runbook`.

An alarm is sent once, to every channel of `GONGBAO_ALERT_URLS`, in Chinese and English. It is sent again when its
evidence changes, and once more when it clears; a run that finds the same sends nothing. Open alarms are in
`status.json` (`alerts` of the source), sent ones in `atom.xml`, and whether each channel accepted them is under
`deliveries` in the record of the run (`runs/`). A message that no channel accepted is sent again by the next run.

The last release stays as it is, whatever the alarm. SOURCE is the id of the source, STORE the address of the store,
ADDRESS the address in the message.
"""


def runbook(rules: Iterable[AlertRule]) -> str:
    """Return the runbook as Markdown: a table of all alarms, then an entry for each."""
    alarms = tuple(rules)
    rows = [f"| [{rule.code}](#{rule.code}) | {rule.stage.value} | {rule.en} | {rule.zh} |" for rule in alarms]
    table = ["| alarm | stage | | |", "| --- | --- | --- | --- |", *rows]
    return "\n".join([_HEAD, *table, *map(_entry, alarms)])


def _entry(rule: AlertRule) -> str:
    codes = ", ".join(f"`{code}`" for code in rule.stands_for)
    explains = f" Sent along with it: {', '.join(rule.explains)}." if rule.explains else ""
    return f"""
## {rule.code}

{rule.zh}。 {rule.en}.

**What it means.** {rule.meaning}

**Look first.**

```sh
{rule.first_look}
```

**What to do.** {rule.remedy}

Raised by: {codes}.{explains}"""


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(runbook(alarms()), encoding="utf-8")
