"""A report as a page: every number marked by what became of it, its reading on hover and on keyboard focus."""

from collections import Counter
from collections.abc import Iterable, Iterator
from html import escape
from importlib.resources import files
from string import Template

from schemas.codelists import NumberStatus
from schemas.document import Document
from schemas.observation import Number, Observation


def evidence(document: Document, observations: Iterable[Observation], numbers: Iterable[Number]) -> str:
    """Return the page, without scripts and external resources; the text is in it as data only."""
    account = tuple(numbers)
    readings: dict[int, list[Observation]] = {}
    for observation in observations:
        readings.setdefault(observation.span.start, []).append(observation)
    page = Template(files("flows.cli").joinpath("annotated_html.html").read_text(encoding="utf-8"))
    return page.substitute(
        title=escape(document.title or "—"),
        counts="".join(_counts(account)),
        text="".join(_marked(document.text, account, readings)),
    )


def _counts(account: tuple[Number, ...]) -> Iterator[str]:
    """Yield the legend: each status of a number with its count and meaning."""
    counted = Counter(number.fate for number in account)
    for fate in NumberStatus:
        yield f'<li><mark class="{fate}">{fate}</mark> {counted[fate]} · {escape(fate.meaning)}</li>'


def _marked(text: str, account: tuple[Number, ...], readings: dict[int, list[Observation]]) -> Iterator[str]:
    """Yield the text with its numbers marked."""
    read = 0
    for number in account:
        yield escape(text[read : number.span.start])
        yield _mark(number, readings.get(number.span.start, []))
        read = max(read, number.span.end)
    yield escape(text[read:])


def _mark(number: Number, readings: list[Observation]) -> str:
    """One number with what it says; an empty span (亿元以上) shows its magnitude only."""
    told = "".join(f"<span>{escape(line)}</span>" for line in _tooltip_lines(number, readings))
    return (
        f'<mark class="{number.fate}" tabindex="0">{escape(number.text)}'
        f'<span class="reading" role="tooltip">{told}</span></mark>'
    )


def _tooltip_lines(number: Number, readings: list[Observation]) -> Iterator[str]:
    """Yield the readings of a number, or why it has none."""
    for row in readings:
        value = f"{row.value:g}" if row.value_upper is None else f"{row.value:g} – {row.value_upper:g}"
        yield f"{row.subject} · {row.measure} {row.bound} {value} {row.unit}".rstrip()
        yield " · ".join(part for part in (str(row.period), row.status, row.scope, row.indicator) if part)
    if number.reason:
        yield f"{number.reason}: {number.reason.meaning}"
    elif number.fate is NumberStatus.UNREAD:
        yield NumberStatus.UNREAD.meaning
