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

_HEAD = """# What happens when a page changes

Each row is a run of `tests/pipeline/test_mutants.py`: a local site serves the two bundled reports, a release is made
from them, and in the next run the site has changed as described. This file is generated from the values that the test
uses, with `python tests/support/mutant_catalogue.py docs/mutants.md`.

In every case the previous release stays complete, a number is published only if it was in the previous release or is
plainly stated by the changed page, and one alert is raised; it is sent once and clears when the site is restored.

- `published`: a new release with the numbers of the previous one
- `unchanged`: the readings are those of the previous release; the finding is in the run record
- `held`: a candidate waits for a decision
- `rejected`: nothing of the run is stored except the archived bytes and the run record
- `source_failed`: the source returned nothing that could be read
"""
_QUIET = "\n## Harmless\n\nNo finding, no release, no alert.\n"


def page() -> str:
    """The page: a table of what must be noticed, a list of what must not."""
    rows = [f"| {one.name} | `{one.outcome.value}` | {_codes(one)} | {_alarm(one)} |" for one in NOTICED]
    table = ["## Detected", "", "| change | outcome | findings | alert |", "| --- | --- | --- | --- |", *rows]
    quiet = [f"- {one.name}" for one in QUIET]
    return "\n".join([_HEAD, *table, _QUIET, *quiet]) + "\n"


def _codes(one: Mutant) -> str:
    return ", ".join(f"`{code}`" for code in sorted(one.codes)) or "an error of the run"


def _alarm(one: Mutant) -> str:
    return f"[{one.alert}](RUNBOOK.md#{one.alert})"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(), encoding="utf-8")
