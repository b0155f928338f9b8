"""The index page of a gkmlpt site: a shell whose script names the site and its columns."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from raw.page.charset import decode
from raw.page.dom import parse, scripts
from raw.page.script_config import CONFIG, Member, objects
from schemas.errors import ContentError, SourceMalformed

NUMBER = re.compile(r"[0-9]{1,18}")
REMEDY = "open the address in a browser: the site may have moved, or may not be a gkmlpt site"
_SID = re.compile(r"""["']?([0-9A-Za-z]+)""")


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteColumn:
    """A column of the site that lists articles of its own."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteIndex:
    """The number of a site and its columns, in the order of the tree."""

    sid: str
    columns: tuple[SiteColumn, ...]


def read_index(body: bytes, *, content_type: str, url: str) -> SiteIndex:
    """Return the site that an index page describes.

    Raises:
        SourceMalformed: If the page cannot be read, or its `_CONFIG` lacks SID, TREE or columns.
    """
    try:
        configs = objects(scripts(parse(decode(body, content_type))), CONFIG)
    except ContentError as error:
        raise SourceMalformed(f"the index page cannot be read: {error.what}", where=url, remedy=REMEDY) from error
    members = next(configs, None)
    if members is None:
        raise SourceMalformed("the index page holds no _CONFIG", where=url, remedy=REMEDY)
    config = {member.key: member for member in reversed(members)}
    columns = tuple(_columns(_tree(config.get("TREE"), url), url))
    if not columns:
        raise SourceMalformed("the TREE of the index page holds no column", where=url, remedy=REMEDY)
    sid = _SID.match(config["SID"].script, config["SID"].start) if "SID" in config else None
    if sid is None:
        raise SourceMalformed("the _CONFIG of the index page holds no SID", where=url, remedy=REMEDY)
    return SiteIndex(sid=sid[1], columns=columns)


def _tree(member: Member | None, url: str) -> list[Any]:
    if member is None:
        raise SourceMalformed("the _CONFIG of the index page holds no TREE", where=url, remedy=REMEDY)
    try:
        tree, _ = json.JSONDecoder().raw_decode(member.script, member.start)
    except (ValueError, RecursionError) as error:
        raise SourceMalformed(f"the TREE of the index page is not JSON ({error})", where=url, remedy=REMEDY) from error
    if not isinstance(tree, list):
        raise SourceMalformed("the TREE of the index page is not a list of columns", where=url, remedy=REMEDY)
    return tree


def _columns(nodes: list[Any], url: str) -> Iterator[SiteColumn]:
    """Yield the nodes that do not lead to another site, parents before their children."""
    stack = list(reversed(nodes))
    while stack:
        node = stack.pop()
        if not isinstance(node, dict):
            raise SourceMalformed(f"a node of the TREE is not an object: {str(node)[:80]}", where=url, remedy=REMEDY)
        if not node.get("jump_url"):
            number, name = str(node.get("id")), str(node.get("name") or "")
            if not NUMBER.fullmatch(number):
                what = f"the id of the column {name!r} is not a number: {number[:80]}"
                raise SourceMalformed(what, where=url, remedy=REMEDY)
            yield SiteColumn(id=number, name=name)
        children = node.get("children")
        stack.extend(reversed(children if isinstance(children, list) else []))
