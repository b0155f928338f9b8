"""How a mutant of an official site is told: what it changes, how the run on it ends, and what has to be found."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TypeAlias

from support.website import Reply

from schemas.codelists import Outcome

Change: TypeAlias = Callable[[str], str]
Answered: TypeAlias = Callable[[Reply], Reply]
HTML: Mapping[str, str] = MappingProxyType({"Content-Type": "text/html; charset=utf-8"})


def same_text(text: str) -> str:
    return text


def same_reply(reply: Reply) -> Reply:
    return reply


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """A changed site, how a run on it ends, the codes of all above a note that is found, and the alert that it raises.

    `text` changes the paragraphs of the newer report, in every rendering at once; `article`, `listing` and `index`
    change what is sent; `older` the page of the other report.
    """

    name: str
    outcome: Outcome
    codes: frozenset[str] = frozenset()
    alert: str = ""
    text: Change = same_text
    article: Answered = same_reply
    older: Answered = same_reply
    listing: Answered = same_reply
    index: Answered = same_reply

    def __str__(self) -> str:
        return self.name


def swap(*pairs: tuple[str, str]) -> Change:
    """Put one string for another; each has to be there."""

    def change(text: str) -> str:
        for old, new in pairs:
            assert old in text, old
            text = text.replace(old, new)
        return text

    return change


def drop(pattern: str) -> Change:
    """Take out all that a pattern finds, which has to find something."""

    def change(text: str) -> str:
        changed, count = re.subn(pattern, "", text, flags=re.DOTALL)
        assert count, pattern
        return changed

    return change


def sent(*changes: Change) -> Answered:
    """Change the body of an answer."""

    def answer(reply: Reply) -> Reply:
        text = reply.body.decode()
        for change in changes:
            text = change(text)
        return replace(reply, body=text.encode())

    return answer


def instead(body: str, *, status: int = 200, headers: Mapping[str, str] = HTML) -> Answered:
    """Send another answer, whatever was asked for."""
    return lambda _: Reply(status=status, body=body.encode(), headers=headers)


def headed(headers: Mapping[str, str]) -> Answered:
    """Send other headers too."""
    return lambda reply: replace(reply, headers={**reply.headers, **headers})
