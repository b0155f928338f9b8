"""The third-party programs that the pages include, and their licences: all come from one installed package."""

from importlib.metadata import distribution

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


def carrier() -> str:
    """Return the package that contains them, with its version."""
    return f"{_CARRIER} {distribution(_CARRIER).version}"


def licence_text() -> bytes:
    """Return the licence of this package; those of the programs in it are at the address of each."""
    return (distribution(_CARRIER).read_text("licenses/LICENSE") or "").encode()
