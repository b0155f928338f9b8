"""The style sheet and the scripts that every page shares, from this package and from installed ones."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from publish.portal.html.licences import LICENCE_FILE, licence_text
from publish.portal.html.vega import SCRIPT, vega

FOLDER = "assets/"


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
