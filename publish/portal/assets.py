"""What every page shares: the style sheet and the scripts, out of this folder and out of installed packages."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

FOLDER = "assets/"


@cache
def assets() -> Mapping[str, bytes]:
    """Each asset by its name in the folder of the dataset."""
    own = files("publish.portal").joinpath("assets").iterdir()
    return MappingProxyType({FOLDER + one.name: one.read_bytes() for one in sorted(own, key=lambda one: one.name)})
