"""What every page shares: the style sheet and the scripts, out of this folder and out of installed packages."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from publish.portal.html.licences import LICENCE_FILE, licence_text
from publish.portal.html.vega import SCRIPT, vega

FOLDER = "assets/"


@cache
def assets() -> Mapping[str, bytes]:
    """Each asset by its name in the folder of the dataset."""
    carried = {SCRIPT: vega(), LICENCE_FILE: licence_text()}
    return MappingProxyType({FOLDER + name: data for name, data in (dict(own_assets()) | carried).items()})


@cache
def own_assets() -> Mapping[str, bytes]:
    """Those that are written here, each by its own name."""
    own = files("publish.portal").joinpath("assets").iterdir()
    return MappingProxyType({one.name: one.read_bytes() for one in sorted(own, key=lambda one: one.name)})
