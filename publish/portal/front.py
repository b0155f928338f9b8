"""The front page of a dataset."""

from __future__ import annotations

from publish.portal.addresses import INDEX
from publish.portal.leaf import Leaf
from publish.portal.site import Site


def front(site: Site) -> Leaf:
    """What is new, the headline indicators, the files."""
    about = site.about
    return Leaf(name=INDEX, template="front.html", title=about.title, description=about.description, values={})
