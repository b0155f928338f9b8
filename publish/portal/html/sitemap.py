"""`sitemap.xml`: the public addresses of a dataset's pages, for those who look for pages to show."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree.ElementTree import Element, SubElement, indent, tostring

SITEMAP = "sitemap.xml"
MOST = 50_000
"""What the protocol lets one file name."""

_SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


def sitemap(addresses: Iterable[str], day: str) -> bytes:
    """A list of pages that changed on a day, the first fifty thousand of them."""
    return _xml("urlset", "url", list(addresses)[:MOST], day)


def sitemap_index(addresses: Iterable[str], day: str) -> bytes:
    """A list of such lists."""
    return _xml("sitemapindex", "sitemap", addresses, day)


def _xml(kind: str, entry: str, addresses: Iterable[str], day: str) -> bytes:
    root = Element(kind, {"xmlns": _SPACE})
    for address in addresses:
        one = SubElement(root, entry)
        SubElement(one, "loc").text = address
        SubElement(one, "lastmod").text = day
    indent(root)
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"
