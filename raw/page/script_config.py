"""The second rendering of a gkmlpt article: the string `content` of `_CONFIG.DETAIL`, found in the page's scripts.

The configuration is JavaScript and not JSON, so its tokens are read one after the other, once: strings and comments
are skipped as a whole, and no nesting or unclosed quote makes a script cost more than its length.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from types import MappingProxyType

# A token that was begun is ended, if need be by the end of the line or of the script.
_TOKEN = re.compile(
    r"""(?P<comment>//[^\n]*|/\*[^*]*(?:\*(?!/)[^*]*)*(?:\*/)?)
    |(?P<string>"[^"\\\n]*(?:\\[\s\S][^"\\\n]*)*"?|'[^'\\\n]*(?:\\[\s\S][^'\\\n]*)*'?|`[^`\\]*(?:\\[\s\S][^`\\]*)*`?)
    |(?P<word>[A-Za-z_$][\w$]*)
    |(?P<mark>[{}\[\]():=,;])""",
    re.VERBOSE,
)
_ESCAPE = re.compile(
    r"\\(?:(?P<units>u[0-9A-Fa-f]{4}(?:\\u[0-9A-Fa-f]{4})*)|x(?P<two>[0-9A-Fa-f]{2})"
    r"|u\{0*(?P<code>[0-9A-Fa-f]{1,6})\}|(?P<newline>\r?\n)|(?P<other>.?))",
    re.DOTALL,
)
_LETTERS = MappingProxyType({"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "0": "\0"})
OPENING = frozenset("{[(")
CLOSING = frozenset("}])")
BINDING = frozenset(":=")
_UNKNOWN = "\ufffd"
_LAST = 0x10FFFF
_SURROGATES = range(0xD800, 0xE000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A word, a string or a mark of a script, as it is written."""

    kind: str
    text: str

    @property
    def name(self) -> str:
        """What the token is called as a key: `DETAIL`, "DETAIL" and 'DETAIL' are one."""
        return self.text.strip("\"'") if self.kind in {"word", "string"} else ""


def detail_content(scripts: Iterator[str]) -> str | None:
    """The markup in `DETAIL.content`; empty where DETAIL has none, and None where no script has a DETAIL."""
    found = None
    for script in scripts:
        if "DETAIL" in script:
            content = _content(tokens(script))
            if content:
                return content
            found = content if found is None else found
    return found


def tokens(script: str) -> Iterator[Token]:
    """The tokens of a script one after the other, comments left out."""
    for match in _TOKEN.finditer(script):
        if match.lastgroup != "comment":
            yield Token(kind=str(match.lastgroup), text=match[0])


def _content(tokens: Iterator[Token]) -> str | None:
    """The value of `content` directly inside the object that DETAIL is set to."""
    depth, detail = 0, -1
    found = None
    key = mark = ""
    for token in tokens:
        if token.text in OPENING:
            depth += 1
            if token.text == "{" and key == "DETAIL" and mark in BINDING and detail < 0:
                detail, found = depth, ""
        elif token.text in CLOSING:
            depth -= 1
            detail = detail if depth >= detail else -1
        elif token.kind == "string" and depth == detail and key == "content" and mark == ":":
            return unescape(token.text)
        if token.kind == "mark":
            key, mark = (key, token.text) if token.text in BINDING else ("", token.text)
        else:
            key, mark = token.name, ""
    return found


def unescape(literal: str) -> str:
    """The characters of a JavaScript string literal; an escape that stands for no character becomes U+FFFD."""
    return _ESCAPE.sub(_character, literal[1:].removesuffix(literal[:1]))


def _character(escape: re.Match[str]) -> str:
    if escape["units"]:
        return bytes.fromhex(escape["units"].replace("\\u", "").removeprefix("u")).decode("utf-16-be", "replace")
    if escape["two"]:
        return chr(int(escape["two"], 16))
    if escape["code"]:
        return _scalar(int(escape["code"], 16))
    return "" if escape["newline"] else _LETTERS.get(escape["other"], escape["other"])


def _scalar(code: int) -> str:
    return chr(code) if code <= _LAST and code not in _SURROGATES else _UNKNOWN
