"""`sitemap.xml`: the public addresses of a dataset's pages, for search engines."""

from collections.abc import Iterable
from xml.etree.ElementTree import Element, SubElement, indent, tostring

SITEMAP = "sitemap.xml"
MOST = 50_000
"""The limit of the protocol for one file."""

_SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


def sitemap(addresses: Iterable[str], day: str) -> bytes:
    """Return a sitemap of pages that changed on a day, cut at the limit of the protocol."""
    return _xml("urlset", "url", list(addresses)[:MOST], day)


def sitemap_index(addresses: Iterable[str], day: str) -> bytes:
    """Return a sitemap of sitemaps."""
    return _xml("sitemapindex", "sitemap", addresses, day)


def _xml(kind: str, entry: str, addresses: Iterable[str], day: str) -> bytes:
    root = Element(kind, {"xmlns": _SPACE})
    for address in addresses:
        element = SubElement(root, entry)
        SubElement(element, "loc").text = address
        SubElement(element, "lastmod").text = day
    indent(root)
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"
