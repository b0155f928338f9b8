"""The third-party programs that the pages include, and their licences: all come from one installed package."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import distribution

LICENCE_FILE = "vl-convert-licence.txt"
_CARRIER = "vl-convert-python"


@dataclass(frozen=True, slots=True, kw_only=True)
class ThirdPartyLicence:
    """A third-party program, with its licence, the holder of the rights and its address."""

    name: str
    licence: str
    holder: str
    url: str


_LAB = "University of Washington Interactive Data Lab"
PROGRAMS = (
    ThirdPartyLicence(name="Vega", licence="BSD-3-Clause", holder=_LAB, url="https://github.com/vega/vega"),
    ThirdPartyLicence(name="Vega-Lite", licence="BSD-3-Clause", holder=_LAB, url="https://github.com/vega/vega-lite"),
    ThirdPartyLicence(name="Vega-Embed", licence="BSD-3-Clause", holder=_LAB, url="https://github.com/vega/vega-embed"),
    ThirdPartyLicence(name="D3", licence="ISC", holder="Mike Bostock", url="https://github.com/d3/d3"),
    ThirdPartyLicence(
        name="internmap", licence="ISC", holder="Mike Bostock", url="https://github.com/mbostock/internmap"
    ),
    ThirdPartyLicence(
        name="topojson-client", licence="ISC", holder="Mike Bostock", url="https://github.com/topojson/topojson"
    ),
    ThirdPartyLicence(name="delaunator", licence="ISC", holder="Mapbox", url="https://github.com/mapbox/delaunator"),
    ThirdPartyLicence(
        name="semver", licence="ISC", holder="Isaac Z. Schlueter", url="https://github.com/npm/node-semver"
    ),
    ThirdPartyLicence(
        name="fast-json-patch",
        licence="MIT",
        holder="Joachim Wester",
        url="https://github.com/Starcounter-Jack/JSON-Patch",
    ),
    ThirdPartyLicence(
        name="json-stringify-pretty-compact",
        licence="MIT",
        holder="Simon Lydell",
        url="https://github.com/lydell/json-stringify-pretty-compact",
    ),
    ThirdPartyLicence(
        name="VlConvert", licence="BSD-3-Clause", holder="Jon Mease", url="https://github.com/vega/vl-convert"
    ),
)


def carrier() -> str:
    """Return the package that contains them, with its version."""
    return f"{_CARRIER} {distribution(_CARRIER).version}"


def licence_text() -> bytes:
    """Return the licence of this package; those of the programs in it are at the address of each."""
    return (distribution(_CARRIER).read_text("licenses/LICENSE") or "").encode()
