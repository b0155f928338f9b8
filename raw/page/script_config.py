"""The objects that the scripts of a page set, such as `window._CONFIG = {...}`, and the article in `_CONFIG.DETAIL`.

The configuration is JavaScript and not JSON. Its tokens are read one after the other, once: strings and comments are
skipped as a whole, and neither nesting nor an unclosed quote makes a script cost more than its length.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from types import MappingProxyType

CONFIG = "_CONFIG"
_COMMENT = r"//[^\n]*|/\*[^*]*(?:\*(?!/)[^*]*)*(?:\*/)?"
# A token without its end reaches to the end of the line or of the script.
_TOKEN = re.compile(
    rf"""(?P<comment>{_COMMENT})
    |(?P<string>"[^"\\\n]*(?:\\[\s\S][^"\\\n]*)*"?|'[^'\\\n]*(?:\\[\s\S][^'\\\n]*)*'?|`[^`\\]*(?:\\[\s\S][^`\\]*)*`?)
    |(?P<word>[A-Za-z_$][\w$]*)
    |(?P<mark>[{{}}\[\]():=,;])""",
    re.VERBOSE,
)
_GAP = re.compile(rf"(?:\s|{_COMMENT})*")
_ESCAPE = re.compile(
    r"\\(?:(?P<units>u[0-9A-Fa-f]{4}(?:\\u[0-9A-Fa-f]{4})*)|x(?P<two>[0-9A-Fa-f]{2})"
    r"|u\{0*(?P<code>[0-9A-Fa-f]{1,6})\}|(?P<newline>\r?\n)|(?P<other>.?))",
    re.DOTALL,
)
_LETTERS = MappingProxyType({"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "0": "\0"})
_OPENING = frozenset("{[(")
_CLOSING = frozenset("}])")
_ASSIGNING = frozenset(":=")
_UNKNOWN = "\ufffd"
_LAST = 0x10FFFF
_SURROGATES = range(0xD800, 0xE000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A key of an object and where its value begins in the script."""

    key: str
    script: str
    start: int

    @property
    def literal(self) -> str:
        """The string literal that the value begins with, quotes included; empty where it begins with anything else."""
        match = _TOKEN.match(self.script, self.start)
        return match["string"] or "" if match else ""


def objects(scripts: Iterable[str], name: str) -> Iterator[tuple[Member, ...]]:
    """Yield the members of each object that is assigned to a name, without those of the objects nested in it.

    Args:
        scripts: The texts of a page's scripts.
        name: A variable, a property or a key, such as `_CONFIG`.
    """
    for script in scripts:
        if name in script:
            yield from _objects(script, name)


def _objects(script: str, name: str) -> Iterator[tuple[Member, ...]]:
    members: list[Member] | None = None
    depth = level = 0
    key = mark = ""
    for match in _TOKEN.finditer(script):
        if match.lastgroup == "comment":
            continue
        text = match[0]
        if text in _OPENING:
            depth += 1
            if text == "{" and key == name and mark and members is None:
                members, level = [], depth
        elif text in _CLOSING:
            depth -= 1
            if members is not None and depth < level:
                yield tuple(members)
                members = None
        elif text == ":" and key and members is not None and depth == level:
            gap = _GAP.match(script, match.end())
            members.append(Member(key=key, script=script, start=gap.end() if gap else match.end()))
        if match.lastgroup != "mark":
            key, mark = text.strip("\"'"), ""  # DETAIL, "DETAIL" and 'DETAIL' are the same key
        else:
            key, mark = (key, text) if text in _ASSIGNING else ("", "")
    if members is not None:
        yield tuple(members)


def detail_content(scripts: Iterable[str]) -> str | None:
    """Return the markup in `DETAIL.content`: empty where DETAIL has none, None where no script has a DETAIL."""
    content = None
    for members in objects(scripts, "DETAIL"):
        literals = (member.literal for member in members if member.key == "content")
        content = unescape(next(filter(None, literals), ""))
        if content:
            break
    return content


def unescape(literal: str) -> str:
    """Return the characters of a JavaScript string literal, U+FFFD for an escape that stands for no character."""
    return _ESCAPE.sub(_character, literal[1:].removesuffix(literal[:1]))


def _character(escape: re.Match[str]) -> str:
    if escape["units"]:
        return bytes.fromhex(escape["units"].replace("\\u", "").removeprefix("u")).decode("utf-16-be", "replace")
    if escape["two"]:
        return chr(int(escape["two"], 16))
    if escape["code"]:
        code = int(escape["code"], 16)
        return chr(code) if code <= _LAST and code not in _SURROGATES else _UNKNOWN
    return "" if escape["newline"] else _LETTERS.get(escape["other"], escape["other"])
