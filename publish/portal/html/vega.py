"""Charts as pictures and the scripts that draw them in the browser, made by a process of `vega_worker`."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import Any, Final

SCRIPT = "vega.js"
"""The asset that holds Vega, Vega-Lite and vega-embed."""

_EXPORTS: Final = "window.vegaEmbed = vegaEmbed;"
# Within tags only: the label of an axis keeps its decimals.
_LONG: Final = re.compile(r"-?\d+\.\d{3,}(?:e-?\d+)?(?=[^<>]*>)")
_ROLES: Final = re.compile(r' (?:role|aria-[a-z]+|xmlns:xlink|version)="[^"]*"')
_SLEEPING: Final = re.compile(r'<path class="(?:background|foreground)"[^>]*/>')
_KEPT = 8
"""Releases whose pictures are kept: one that is built under another version, or again, draws none of them anew."""


def pictures(specs: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """The SVG of each Vega-Lite chart.

    Coordinates are rounded to a hundredth; the roles of its parts are left out, for the page names the whole picture.
    """
    return _render_svg(tuple(json.dumps(spec) for spec in specs))


@cache
def vega() -> bytes:
    """Vega, Vega-Lite and vega-embed as one script, out of the installed vl-convert."""
    (script,) = _call_worker([("script", _EXPORTS)])
    return script.encode()


@lru_cache(maxsize=_KEPT)
def _render_svg(specs: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_tidy(svg) for svg in _call_worker([("picture", spec) for spec in specs]))


def _call_worker(questions: Sequence[tuple[str, str]]) -> Sequence[str]:
    """What the program answers; it is not started where nothing is asked."""
    if not questions:
        return ()
    command = [
        sys.executable,
        "-P",
        "-m",
        "publish.portal.html.vega_worker",
    ]  # -P: no folder of the caller's is taken for ours
    done = subprocess.run(command, input=json.dumps(questions), stdout=subprocess.PIPE, check=True, encoding="ascii")  # noqa: S603 # a program of this package
    found: list[str] = json.loads(done.stdout)
    return found


def _tidy(svg: str) -> str:
    return _LONG.sub(_rounded, _ROLES.sub("", _SLEEPING.sub("", svg)))


def _rounded(number: re.Match[str]) -> str:
    return f"{round(float(number[0]), 2) + 0.0:g}"
