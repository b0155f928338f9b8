"""Charts as pictures, and the scripts that draw them in the browser: all that needs vl-convert.

It runs in a process of its own, for its JavaScript engine keeps what it took: a hundred pictures would hold as much
memory as all pages. So this module imports nothing but the standard library, and vl-convert only there.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Any, Final

SCRIPT = "vega.js"
"""The asset that holds Vega, Vega-Lite and vega-embed."""

_EXPORTS: Final = "window.vegaEmbed = vegaEmbed;"
# Within tags only: the label of an axis keeps its decimals.
_LONG: Final = re.compile(r"-?\d+\.\d{3,}(?:e-?\d+)?(?=[^<>]*>)")
_ROLES: Final = re.compile(r' (?:role|aria-[a-z]+|xmlns:xlink|version)="[^"]*"')
_SLEEPING: Final = re.compile(r'<path class="(?:background|foreground)"[^>]*/>')


def pictures(specs: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """The SVG of each Vega-Lite chart.

    Coordinates are rounded to a hundredth; the roles of its parts are left out, for the page names the whole picture.
    """
    return _drawn(tuple(json.dumps(spec) for spec in specs)) if specs else ()


@lru_cache(maxsize=8)
def _drawn(specs: tuple[str, ...]) -> tuple[str, ...]:
    """The same for the texts of the charts: a release that is built under another version has the same ones."""
    return tuple(_tidy(svg) for svg in json.loads(_asked("svg", specs)))


@cache
def vega() -> bytes:
    """Vega, Vega-Lite and vega-embed as one script, out of the installed vl-convert."""
    return str(json.loads(_asked("bundle", []))).encode()


def _asked(what: str, specs: Sequence[str]) -> bytes:
    """What another process answers."""
    command = [sys.executable, "-P", "-m", "publish.portal.charts", what]
    given = json.dumps(specs).encode()
    return subprocess.run(command, input=given, stdout=subprocess.PIPE, check=True).stdout  # noqa: S603 # our own module


def _tidy(svg: str) -> str:
    return _LONG.sub(_rounded, _ROLES.sub("", _SLEEPING.sub("", svg)))


def _rounded(number: re.Match[str]) -> str:
    return f"{round(float(number[0]), 2) + 0.0:g}"


def _svgs(specs: Sequence[str]) -> list[str]:
    import vl_convert  # noqa: PLC0415 # only where a picture is drawn: it starts a JavaScript engine

    return [vl_convert.vegalite_to_svg(spec, allowed_base_urls=[]) for spec in specs]


def _bundle(_specs: Sequence[str]) -> str:
    import vl_convert  # noqa: PLC0415 # as above

    return vl_convert.javascript_bundle(_EXPORTS)


_ANSWERS: Final[Mapping[str, Callable[[Sequence[str]], list[str] | str]]] = MappingProxyType(
    {"svg": _svgs, "bundle": _bundle}
)


if __name__ == "__main__":
    json.dump(_ANSWERS[sys.argv[1]](json.load(sys.stdin)), sys.stdout)
