"""The terms that a report explains at its end, each with the stretch of text that explains it.

Known are the forms `3.“两新”：是指…`, `［3］两新：` with the explanation under it, and, where nothing is numbered, a
line for each term. The numbers tell entries from the numbered lines inside an explanation: they rise. An explanation
reaches to the next entry, the last one to the first line that ends a sentence, since the tools of the page may stand
behind it.

A term that a document explains twice keeps its first explanation; the later one is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from raw.extract.sections import GLOSSARY
from raw.numerals.scan import plain
from schemas.document import Document, Span
from schemas.reading import Term

_BLANK = r"[^\S\n]*"
_MARK = r"(?:\(?注?(?P<point>\d{1,3})(?:[.、)]|(?=“))|[\[［【〔](?P<bracket>\d{1,3})[\]］】〕]|(?P<circle>[①-⑳]))"
# A colon between two digits is a ratio (1:1).
_ENDS = r"(?:(?<!\d):|:(?!\d)|,?(?=(?:是|系)指)|,(?=[指即]))"
_WORDS = rf"(?P<term>[^\n。;:]{{1,60}}?(?:(?<=\d):(?=\d)[^\n。;:]{{1,40}}?)?){_BLANK}{_ENDS}\s*"
_NUMBERED = re.compile(rf"(?m)^{_BLANK}{_MARK}{_BLANK}{_WORDS}")
_PLAIN = re.compile(rf"(?m)^{_BLANK}(?!{_BLANK}\d+[.、)]){_WORDS}")
_SENTENCE = re.compile(rf"[。!?！？][”’)]?{_BLANK}(?:\n|$)")
# How many numbers a list of terms may skip: one is lost now and then.
_STEP = 3


def glossary(document: Document) -> tuple[Term, ...]:
    """The terms that a document explains, in the order of the text, each once."""
    heading = next((section for section in document.sections if section.label == GLOSSARY), None)
    if heading is None:
        return ()
    text = plain(document.text)
    line = text.find("\n", heading.span.start)
    stretch = Span(start=line if line >= 0 else document.body.end, end=document.body.end)
    found: dict[str, Term] = {}
    for term, span in _entries(text, stretch):
        name = term.cut(document.text)
        found.setdefault(name, Term(term=name, explanation=span.cut(document.text), span=span))
    return tuple(found.values())


def _entries(text: str, stretch: Span) -> Iterator[tuple[Span, Span]]:
    """Each term with its explanation; an entry that explains nothing is none."""
    heads = list(_rising(text, stretch))
    numbered = bool(heads)
    heads = heads or list(_PLAIN.finditer(text, stretch.start, stretch.end))
    # without heads there is one end more, and nothing to end
    for head, end in zip(heads, [*(after.start() for after in heads[1:]), stretch.end], strict=False):
        last = not numbered or head is heads[-1]
        span = _trimmed(text, head.end(), _sentence_end(text, head.end(), end, strict=not numbered) if last else end)
        if span.start < span.end:
            yield Span(start=head.start("term"), end=head.end("term")), span


def _rising(text: str, stretch: Span) -> Iterator[re.Match[str]]:
    """The numbered lines whose numbers go on from the one before."""
    last = 0
    for head in _NUMBERED.finditer(text, stretch.start, stretch.end):
        number = _number(head)
        if last < number <= last + _STEP:
            last = number
            yield head


def _number(head: re.Match[str]) -> int:
    if head["circle"]:
        return ord(head["circle"]) - ord("①") + 1
    return int(head["point"] or head["bracket"])


def _sentence_end(text: str, start: int, end: int, *, strict: bool) -> int:
    """Where the first line ends that closes a sentence; without one the first line's end, or nothing where strict."""
    closed = _SENTENCE.search(text, start, end)
    if closed:
        return closed.end()
    line = text.find("\n", start, end)
    return start if strict else line if line >= 0 else end


def _trimmed(text: str, start: int, end: int) -> Span:
    """A stretch without the blanks around it."""
    words = text[start:end]
    return Span(start=start + len(words) - len(words.lstrip()), end=start + len(words.rstrip()))
