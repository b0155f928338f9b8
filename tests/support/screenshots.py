"""Pictures of the pages of a store, wide and narrow: `make screenshots`."""

from __future__ import annotations

import sys
from pathlib import Path

from support.browsing import NARROW, WIDE, driven, running_chromium, served, visit

SHOWN = {
    "store": "index.html",
    "front": "samples/index.html",
    "front-en": "samples/index.en.html",
    "indicator": "samples/indicator/gdp.html",
    "explorer": "samples/explore.html",
    "promises": "samples/promises.html",
    "silences": "samples/silences.html",
    "revisions": "samples/revisions.html",
    "releases": "samples/releases.html",
    "document": "samples/document/post-2495310.html",
}
DARK = frozenset({"front", "document"})


def main(store: Path, folder: Path) -> None:
    """Take a picture of what a reader sees first, for each page and width; some in the dark too."""
    folder.mkdir(parents=True, exist_ok=True)
    with served(store) as base, running_chromium() as address, driven(address) as browser:
        for name, page in SHOWN.items():
            for width in (WIDE, NARROW):
                for dark in (False, True)[: 1 + (name in DARK)]:
                    with visit(browser, f"{base}/{page}", width=width, dark=dark) as seen:
                        seen.page.screenshot(path=folder / f"{name}-{width}{'-dark' * dark}.png")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
