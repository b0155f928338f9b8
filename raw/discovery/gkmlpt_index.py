"""The index page of a gkmlpt site: a shell whose script names the site and its columns."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from raw.page.charset import decode
from schemas.errors import CharsetError, SourceMalformed

CONFIG = re.compile(r"\b_CONFIG\s*=\s*\{")
TREE = re.compile(r"""(?<![\w$])["']?TREE["']?\s*:\s*""")
SID = re.compile(r"""(?<![\w$])["']?SID["']?\s*:\s*["']?([0-9A-Za-z]+)""")
NUMBER = re.compile(r"[0-9]{1,18}")
REMEDY = "open the address in a browser: the site may have moved, or be no gkmlpt site"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of the site that lists articles of its own."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What the index page says: the site's number and its columns, in the order of the tree."""

    sid: str
    columns: tuple[Column, ...]


def read_index(body: bytes, *, content_type: str, url: str) -> Site:
    """The site of an index page."""
    text = _text(body, content_type, url)
    config = CONFIG.search(text)
    if not config:
        raise SourceMalformed("the index page holds no _CONFIG", where=url, remedy=REMEDY)
    tree, rest = _tree(text[config.end() :], url)
    sid = SID.search(rest)
    if not sid:
        raise SourceMalformed("the _CONFIG of the index page holds no SID", where=url, remedy=REMEDY)
    columns = tuple(_columns(tree, url))
    if not columns:
        raise SourceMalformed("the TREE of the index page holds no column", where=url, remedy=REMEDY)
    return Site(sid=sid[1], columns=columns)


def _text(body: bytes, content_type: str, url: str) -> str:
    try:
        return decode(body, content_type)
    except CharsetError as error:
        raise SourceMalformed(f"the index page {error.what}", where=url, remedy=REMEDY) from error


def _tree(config: str, url: str) -> tuple[list[Any], str]:
    """The value of TREE, and the configuration without it."""
    place = TREE.search(config)
    if not place:
        raise SourceMalformed("the _CONFIG of the index page holds no TREE", where=url, remedy=REMEDY)
    try:
        tree, end = json.JSONDecoder().raw_decode(config, place.end())
    except (ValueError, RecursionError) as error:
        raise SourceMalformed(f"the TREE of the index page is not JSON ({error})", where=url, remedy=REMEDY) from error
    if not isinstance(tree, list):
        raise SourceMalformed("the TREE of the index page is no list of columns", where=url, remedy=REMEDY)
    return tree, config[: place.start()] + config[end:]


def _columns(nodes: list[Any], url: str) -> Iterator[Column]:
    """The nodes that lead nowhere else, parents before their children."""
    waiting = list(reversed(nodes))
    while waiting:
        node = waiting.pop()
        if not isinstance(node, dict):
            raise SourceMalformed(f"a node of the TREE is no object: {str(node)[:80]}", where=url, remedy=REMEDY)
        if not node.get("jump_url"):
            yield _column(node, url)
        children = node.get("children")
        waiting.extend(reversed(children if isinstance(children, list) else []))


def _column(node: Mapping[str, Any], url: str) -> Column:
    number, name = str(node.get("id")), str(node.get("name") or "")
    if not NUMBER.fullmatch(number):
        raise SourceMalformed(f"the column {name!r} has no number, but {number[:80]}", where=url, remedy=REMEDY)
    return Column(id=number, name=name)
