"""The terms that a report explains at its end, each with its explanation.

Three forms are read: `3.“两新”：是指…`, `［3］两新：` with the explanation below, and, where nothing is numbered, a
line for each term. The numbers of entries rise, unlike those of lines inside an explanation. An explanation ends at
the next entry, the last one at the first line that ends a sentence, since the tools of the page may follow it.

Of a term that a document explains twice the first explanation counts.
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
    """Return the terms that a document explains, each once, in the order of the text."""
    heading = next((section for section in document.sections if section.label == GLOSSARY), None)
    if heading is None:
        return ()
    text = plain(document.text)
    line = text.find("\n", heading.span.start)
    stretch = Span(start=line if line >= 0 else document.body.end, end=document.body.end)
    terms: dict[str, Term] = {}
    for term, span in _entries(text, stretch):
        name = term.cut(document.text)
        terms.setdefault(name, Term(term=name, explanation=span.cut(document.text), span=span))
    return tuple(terms.values())


def _entries(text: str, stretch: Span) -> Iterator[tuple[Span, Span]]:
    """Yield each term with its explanation; an empty explanation is left out."""
    heads = list(_rising(text, stretch))
    numbered = bool(heads)
    heads = heads or list(_PLAIN.finditer(text, stretch.start, stretch.end))
    # strict=False: without heads there is still an end
    for head, end in zip(heads, [*(after.start() for after in heads[1:]), stretch.end], strict=False):
        last = not numbered or head is heads[-1]
        words = text[head.end() : _sentence_end(text, head.end(), end, strict=not numbered) if last else end]
        start = head.end() + len(words) - len(words.lstrip())
        span = Span(start=start, end=head.end() + len(words.rstrip()))
        if span.start < span.end:
            yield Span(start=head.start("term"), end=head.end("term")), span


def _rising(text: str, stretch: Span) -> Iterator[re.Match[str]]:
    """Yield the numbered lines whose numbers continue that of the line before."""
    last = 0
    for head in _NUMBERED.finditer(text, stretch.start, stretch.end):
        circle = head["circle"]
        number = ord(circle) - ord("①") + 1 if circle else int(head["point"] or head["bracket"])
        if last < number <= last + _STEP:
            last = number
            yield head


def _sentence_end(text: str, start: int, end: int, *, strict: bool) -> int:
    """Return the end of the first line that ends a sentence, else of the first line, or `start` where strict."""
    closed = _SENTENCE.search(text, start, end)
    if closed:
        return closed.end()
    line = text.find("\n", start, end)
    return start if strict else line if line >= 0 else end
