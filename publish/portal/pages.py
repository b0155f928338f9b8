"""Every page of a release, and what lies beside them, by its name in the folder of the dataset."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain

from publish.portal.assets import assets
from publish.portal.front import front
from publish.portal.indicator_pages import indicator_leaves
from publish.portal.render import render
from publish.portal.site import Site


def portal_pages(site: Site) -> Mapping[str, bytes]:
    """Each file by its name, in the order of the names."""
    leaves = chain([front(site)], indicator_leaves(site))
    pages = {name: data for leaf in leaves for name, data in render(site, leaf).items()}
    return dict(sorted((pages | dict(assets())).items()))
