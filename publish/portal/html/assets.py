"""The style sheet and the scripts that every page shares, from this package and from installed ones; their licences."""

from collections.abc import Mapping
from functools import cache
from importlib.metadata import distribution
from importlib.resources import files
from types import MappingProxyType

from publish.portal.html.vega import SCRIPT, vega

FOLDER = "assets/"
LICENCE_FILE = "vl-convert-licence.txt"
_CARRIER = "vl-convert-python"
_LAB = "University of Washington Interactive Data Lab"
_BOSTOCK = "Mike Bostock"
_PROGRAMS = (
    ("Vega", "BSD-3-Clause", _LAB, "vega/vega"),
    ("Vega-Lite", "BSD-3-Clause", _LAB, "vega/vega-lite"),
    ("Vega-Embed", "BSD-3-Clause", _LAB, "vega/vega-embed"),
    ("D3", "ISC", _BOSTOCK, "d3/d3"),
    ("internmap", "ISC", _BOSTOCK, "mbostock/internmap"),
    ("topojson-client", "ISC", _BOSTOCK, "topojson/topojson"),
    ("delaunator", "ISC", "Mapbox", "mapbox/delaunator"),
    ("semver", "ISC", "Isaac Z. Schlueter", "npm/node-semver"),
    ("fast-json-patch", "MIT", "Joachim Wester", "Starcounter-Jack/JSON-Patch"),
    ("json-stringify-pretty-compact", "MIT", "Simon Lydell", "lydell/json-stringify-pretty-compact"),
    ("VlConvert", "BSD-3-Clause", "Jon Mease", "vega/vl-convert"),
)
PROGRAMS = tuple(
    {"name": name, "licence": licence, "holder": holder, "url": f"https://github.com/{repository}"}
    for name, licence, holder, repository in _PROGRAMS
)
"""Each program with its licence, the holder of the rights and its address."""


@cache
def assets() -> Mapping[str, bytes]:
    """Return each asset by its name in the folder of the dataset."""
    third_party = {SCRIPT: vega(), LICENCE_FILE: licence_text()}
    return MappingProxyType({FOLDER + name: data for name, data in (dict(own_assets()) | third_party).items()})


@cache
def own_assets() -> Mapping[str, bytes]:
    """Return the assets of this project, each by its own name."""
    own = sorted(files("publish.portal").joinpath("assets").iterdir(), key=lambda file: file.name)
    return MappingProxyType({file.name: file.read_bytes() for file in own})


def carrier() -> str:
    """Return the package that contains them, with its version."""
    return f"{_CARRIER} {distribution(_CARRIER).version}"


def licence_text() -> bytes:
    """Return the licence of this package; those of the programs in it are at the address of each."""
    return (distribution(_CARRIER).read_text("licenses/LICENSE") or "").encode()
