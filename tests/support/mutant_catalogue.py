"""All mutants, and `docs/mutants.md` made of them: `python tests/support/mutant_catalogue.py docs/mutants.md`."""

from __future__ import annotations

import sys
from pathlib import Path

from support.mutants import DANGEROUS, HARMLESS
from support.mutating import Mutant, sent, swap
from support.page_mutants import AD, INTRUDERS, within

from schemas.codelists import Outcome

# What a visitor does not take for the article, and the reader neither.
UNSEEN = (
    Mutant(
        name="an advertisement in a hidden element",
        outcome=Outcome.UNCHANGED,
        article=sent(within(f'<div style="display: none"><p>{AD}</p></div><p hidden>{AD}</p>')),
    ),
    Mutant(
        name="an advertisement in a script",
        outcome=Outcome.UNCHANGED,
        article=sent(within(f'<script>document.write("{AD}")</script>')),
    ),
    Mutant(
        name="an advertisement outside the article",
        outcome=Outcome.UNCHANGED,
        article=sent(swap(('<div class="footer">', f'<div class="ad">{AD}</div><div class="footer">'))),
    ),
)

NOTICED = (*DANGEROUS, *INTRUDERS)
QUIET = (*HARMLESS, *UNSEEN)

_HEAD = """# Sites that changed overnight

Each line is a run of `tests/pipeline/test_mutants.py`: the local site shows the two bundled reports, a release is made
of them, and the next night the site is as the line says. The page is made of the values that the test runs on, by
`python tests/support/mutant_catalogue.py docs/mutants.md`.

In every case the last release stays whole, a number is published only if it was in the last release or the changed page
plainly states it, and one alert is raised; it is told once and clears when the site is as it was.

- `published`: a new release, its numbers those of the last one
- `unchanged`: what was read is what was released; the finding stands in the record of the run
- `held`: a candidate waits for a decision
- `rejected`: nothing of the night is kept but the archived bytes and the record
- `source_failed`: the source gave nothing that could be read
"""
_QUIET = "\n## Harmless\n\nNothing is found, nothing is published, nobody is told.\n"


def page() -> str:
    """The page: a table of what must be noticed, a list of what must not."""
    rows = [f"| {one.name} | `{one.outcome.value}` | {_codes(one)} | {_alarm(one)} |" for one in NOTICED]
    table = ["## Noticed", "", "| what is changed | run | found | alert |", "| --- | --- | --- | --- |", *rows]
    quiet = [f"- {one.name}" for one in QUIET]
    return "\n".join([_HEAD, *table, _QUIET, *quiet]) + "\n"


def _codes(one: Mutant) -> str:
    return ", ".join(f"`{code}`" for code in sorted(one.codes)) or "an error of the run"


def _alarm(one: Mutant) -> str:
    return f"[{one.alert}](RUNBOOK.md#{one.alert})"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(), encoding="utf-8")
