"""What of a page's form is told apart from one night to the next: its configuration and its headings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from raw.page.script_config import BINDING, CLOSING, OPENING, Token, tokens
from schemas.document import Document

CONFIG = "_CONFIG"
# Of these the value is part of the form: another number is another site, another language another rendering.
_VALUED = frozenset({"SID", "LANG"})
# A heading may run on into its paragraph; its own words end before the first of these.
_STOP = re.compile(r"[，,；;：:。]")
_LEVELS = (1, 2)


def platform(scripts: Iterable[str]) -> tuple[str, ...]:
    """The names that the first configuration of a page sets, sorted; none where no script has one."""
    found = (_names(tokens(script)) for script in scripts if CONFIG in script)
    return next((names for names in found if names), ())


def headings(document: Document) -> tuple[str, ...]:
    """The headings of the first two levels, each with the numbers that lead to it: `二/（一） 经济运行`."""
    sections = (section for section in document.sections if section.level in _LEVELS)
    return tuple(f"{section.path} {_STOP.split(section.title)[0]}".strip() for section in sections)


def _names(found: Iterator[Token]) -> tuple[str, ...]:
    """The names directly inside the object that `_CONFIG` is set to."""
    depth = config = 0
    key = mark = ""
    names: dict[str, str] = {}
    for token in found:
        if token.text in OPENING:
            depth += 1
            begins = token.text == "{" and key == CONFIG and mark in BINDING
            config = depth if begins and not config else config
        elif token.text in CLOSING:
            depth -= 1
            if depth < config:
                break
        elif config and depth == config:
            names |= _set(token, key, mark)
        key, mark = _after(token, key)
    return tuple(sorted(f"{name}={value}" if value else name for name, value in names.items()))


def _set(token: Token, key: str, mark: str) -> dict[str, str]:
    """What a token says of the name before it: that it is one, or its value where that counts."""
    if key and token.text == ":":
        return {key: ""}
    return {key: token.name} if key in _VALUED and mark == ":" and token.kind == "string" else {}


def _after(token: Token, key: str) -> tuple[str, str]:
    """The name and the mark that the next token follows."""
    if token.kind != "mark":
        return token.name, ""
    return (key, token.text) if token.text in BINDING else ("", token.text)
