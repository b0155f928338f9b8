"""Documents made of a few lines, and readings told one a line, so that a table of them can be read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from raw.extract.observations import read
from raw.extract.sections import outline
from schemas.codelists import NumberStatus
from schemas.document import Document, Span
from schemas.observation import Number, Observation

TITLE = "某市2024年工作总结和2025年工作安排"
GOLDENS = Path(__file__).parents[1] / "reference" / "reader_golden.txt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Golden:
    """A text of a few lines, the rule that it shows, and what the reader has to make of each of its numbers."""

    rule: str
    text: str
    told: tuple[str, ...]


def document(text: str, *, title: str = TITLE, published_on: date | None = None) -> Document:
    return outline(text=text, body=Span(start=0, end=len(text)), title=title, published_on=published_on)


def observations(text: str, *, title: str = TITLE) -> tuple[Observation, ...]:
    return read(document(text, title=title))[0]


def numbers(text: str, *, title: str = TITLE) -> tuple[Number, ...]:
    return read(document(text, title=title))[1]


def only(text: str, *, title: str = TITLE) -> Observation:
    """The one observation of a text."""
    (observation,) = observations(text, title=title)
    return observation


def told(text: str) -> tuple[str, ...]:
    """Everything that the reader says of a text, one line a number, in the order of the text."""
    found, account = read(document(text))
    lines = [(item.span.start, line(item)) for item in found]
    lines += [(item.span.start, unclaimed(item)) for item in account if item.fate is not NumberStatus.CLAIMED]
    return tuple(said for _, said in sorted(lines, key=lambda pair: pair[0]))


def line(item: Observation) -> str:
    """An observation as `573.72亿元｜地区生产总值｜level｜=573.72｜亿元｜2024｜actual`; a rank ends in its group."""
    upper = "" if item.value_upper is None else f"..{item.value_upper:g}"
    value = f"{item.bound.value}{item.value:.10g}{upper}"
    parts = (item.obs_text, item.subject, item.measure, value, item.unit, str(item.period), item.status)
    return "｜".join((*parts, item.scope) if item.scope else parts)


def unclaimed(item: Number) -> str:
    """A number that is no observation as `- 2024年｜date`."""
    return f"- {item.text}｜{item.reason or item.fate}"


def goldens(path: Path = GOLDENS) -> tuple[Golden, ...]:
    """The cases of a file, parted by empty lines: `#` names the rule, `>` gives the text, the rest is what it tells."""
    found: list[Golden] = []
    rule = ""
    for block in path.read_text("utf-8").strip().split("\n\n"):
        lines = block.splitlines()
        if lines[0].startswith("# "):
            rule = lines.pop(0).removeprefix("# ")
        text = "\n".join(item.removeprefix("> ") for item in lines if item.startswith("> "))
        said = tuple(item for item in lines if not item.startswith("> "))
        found.append(Golden(rule=rule, text=text, told=said))
    return tuple(found)
