"""Charts as pictures, and the scripts that draw them in the browser: all that needs vl-convert.

It is imported late, for it starts a JavaScript engine, which a night without a release never needs.
"""

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
_BUNDLES: Final = "import sys, vl_convert; sys.stdout.buffer.write(vl_convert.javascript_bundle(sys.argv[1]).encode())"
# Within tags only: the label of an axis keeps its decimals.
_LONG: Final = re.compile(r"-?\d+\.\d{3,}(?:e-?\d+)?(?=[^<>]*>)")
_ROLES: Final = re.compile(r' (?:role|aria-[a-z]+|xmlns:xlink|version)="[^"]*"')
_SLEEPING: Final = re.compile(r'<path class="(?:background|foreground)"[^>]*/>')
_KEPT = 500
"""Pictures that are kept: a release that is built under another version, or again, draws none of them anew."""


def pictures(specs: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """The SVG of each Vega-Lite chart.

    Coordinates are rounded to a hundredth; the roles of its parts are left out, for the page names the whole picture.
    """
    return tuple(_picture(json.dumps(spec)) for spec in specs)


@cache
def vega() -> bytes:
    """Vega, Vega-Lite and vega-embed as one script, out of the installed vl-convert.

    A process of its own makes it, for it takes a hundred megabytes that the library does not give back.
    """
    return subprocess.run([sys.executable, "-c", _BUNDLES, _EXPORTS], check=True, stdout=subprocess.PIPE).stdout


@lru_cache(maxsize=_KEPT)
def _picture(spec: str) -> str:
    import vl_convert  # noqa: PLC0415 # as this module says

    return _tidy(vl_convert.vegalite_to_svg(spec, allowed_base_urls=[]))


def _tidy(svg: str) -> str:
    return _LONG.sub(_rounded, _ROLES.sub("", _SLEEPING.sub("", svg)))


def _rounded(number: re.Match[str]) -> str:
    return f"{round(float(number[0]), 2) + 0.0:g}"
