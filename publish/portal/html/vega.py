"""Charts as SVG and the script that draws them in the browser, both made by a `vega_worker` process."""

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
# Within tags only: the labels of an axis keep their decimals.
_LONG: Final = re.compile(r"-?\d+\.\d{3,}(?:e-?\d+)?(?=[^<>]*>)")
_ROLES: Final = re.compile(r' (?:role|aria-[a-z]+|xmlns:xlink|version)="[^"]*"')
_INVISIBLE: Final = re.compile(r'<path class="(?:background|foreground)"[^>]*/>')
_CACHED_RELEASES = 8  # a release that is built again, or under another version, need not be drawn again


def pictures(specs: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """Return the SVG of each Vega-Lite chart.

    Coordinates are rounded to two decimals. ARIA roles are removed, since the page labels the picture as a whole.
    """
    return _render_svg(tuple(json.dumps(spec) for spec in specs))


@cache
def vega() -> bytes:
    """Return Vega, Vega-Lite and vega-embed as one script, from the installed vl-convert."""
    (script,) = _call_worker([("script", _EXPORTS)])
    return script.encode()


@lru_cache(maxsize=_CACHED_RELEASES)
def _render_svg(specs: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_tidy(svg) for svg in _call_worker([("picture", spec) for spec in specs]))


def _call_worker(requests: Sequence[tuple[str, str]]) -> Sequence[str]:
    if not requests:
        return ()
    # -P: modules in the working directory must not shadow ours
    command = [sys.executable, "-P", "-m", "publish.portal.html.vega_worker"]
    process = subprocess.run(command, input=json.dumps(requests), stdout=subprocess.PIPE, check=True, encoding="ascii")  # noqa: S603 # a program of this package
    answers: list[str] = json.loads(process.stdout)
    return answers


def _tidy(svg: str) -> str:
    return _LONG.sub(_rounded, _ROLES.sub("", _INVISIBLE.sub("", svg)))


def _rounded(number: re.Match[str]) -> str:
    return f"{round(float(number[0]), 2) + 0.0:g}"
