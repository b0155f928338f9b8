"""The two renderings of an article: the fuller one, and the differences between them."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from os.path import commonprefix
from typing import Literal, TypeAlias

from raw.page.canonical_text import Canonical
from schemas.codelists import Severity
from schemas.finding import Finding, FindingCode, examples

Rendering: TypeAlias = Literal["dom", "detail", "plain"]
_AROUND = 8
_SHOWN = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenRendering:
    """The body that is read, its rendering, and the findings of the comparison.

    `present` names the renderings that are not empty, and where there are two, `equal` or `differ`.
    """

    body: Canonical
    rendering: Rendering
    findings: tuple[Finding, ...]
    present: tuple[str, ...]


def choose(dom: Canonical | None, detail: Canonical | None) -> ChosenRendering:
    """Return the fuller of two renderings, the page's own where they are equal; None is a missing rendering."""
    page, script = dom or Canonical(text=""), detail or Canonical(text="")
    if not page.weight or not script.weight:
        rendering: Rendering = "dom" if page.weight or not script.weight else "detail"
        missing = _missing(page, detail) if page.weight or script.weight else ()
        body = page if rendering == "dom" else script
        return ChosenRendering(
            body=body, rendering=rendering, findings=missing, present=(rendering,) if body.weight else ()
        )
    fuller: Rendering = "detail" if script.weight > page.weight else "dom"
    body = script if fuller == "detail" else page
    findings = _difference_finding(page.text, script.text, fuller)
    present = ("dom", "detail", "differ" if findings else "equal")
    return ChosenRendering(body=body, rendering=fuller, findings=findings, present=present)


def _missing(page: Canonical, detail: Canonical | None) -> tuple[Finding, ...]:
    """Return a note where one of two renderings is empty; a page without DETAIL has only one."""
    if page.weight and detail is None:
        return ()
    lacking = "_CONFIG.DETAIL holds no content" if page.weight else "The page's own markup holds no article"
    message = f"{lacking}; the other rendering was read, and nothing could be compared."
    return (Finding(code=FindingCode.RENDERING_MISSING, severity=Severity.NOTE, where="page", message=message),)


def _difference_finding(page: str, script: str, fuller: Rendering) -> tuple[Finding, ...]:
    """Return a warning where the renderings differ in more than white space."""
    bare = _without_whitespace(page), _without_whitespace(script)
    if bare[0] == bare[1]:
        return ()
    pairs = tuple(_differing_line_pairs(_lines(page), _lines(script))) or (bare,)
    return (
        Finding(
            code=FindingCode.RENDERINGS_DIFFER,
            severity=Severity.WARN,
            where="page",
            message=f"The page's markup and _CONFIG.DETAIL.content differ; the fuller one ({fuller}) was read.",
            count=len(pairs),
            evidence=examples(_side_by_side(*pair) for pair in pairs),
        ),
    )


def _differing_line_pairs(page: list[str], script: list[str]) -> Iterator[tuple[str, str]]:
    """Yield the lines that only one rendering has, in pairs and in their order."""
    in_page, in_script = set(page), set(script)
    only_page = (line for line in page if line not in in_script)
    only_script = (line for line in script if line not in in_page)
    yield from zip_longest(only_page, only_script, fillvalue="")


def _lines(text: str) -> list[str]:
    return [bare for line in text.split("\n") if (bare := _without_whitespace(line))]


def _without_whitespace(text: str) -> str:
    return "".join(text.split())


def _side_by_side(page: str, script: str) -> str:
    """Return two lines side by side, cut to where they differ."""
    lead = len(commonprefix((page, script)))  # noqa: RUF071 - lines of text, not paths
    tail = len(commonprefix((page[lead:][::-1], script[lead:][::-1])))  # noqa: RUF071
    return f"page: {_excerpt(page, lead, tail)} | script: {_excerpt(script, lead, tail)}"


def _excerpt(text: str, lead: int, tail: int) -> str:
    first, last = max(lead - _AROUND, 0), min(len(text) - tail + _AROUND, len(text))
    cut = text[first : min(last, first + _SHOWN)]
    return f"{'…' if first else ''}{cut}{'…' if first + len(cut) < len(text) else ''}"
