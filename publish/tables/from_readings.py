"""The tables that hold what was read: observations, documents, numbers, indicators, glossary."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, date
from types import MappingProxyType
from typing import Any, TypeAlias

import polars as pl

from publish.drift.page_structure import changed_pages
from publish.tables.inputs import TableInputs
from publish.tables.observation_keys import KeyedObservation, base_value, current_by_key, statements
from schemas.codelists import NumberStatus, ObsStatus, Status
from schemas.reading import Reading
from schemas.registry.indicators import Indicator
from schemas.tables.columns import KEYS, STATED, TABLES, frame_schema, names

Rows: TypeAlias = Iterable[Mapping[str, Any]]

CAPTURE = ("captured_at", "payload_sha256", "archive_key", "metadata_key")
COUNTS = ("claimed", "ignored", "unread")


def read_tables(inputs: TableInputs) -> dict[str, pl.DataFrame]:
    """Build the tables of what was read, each sorted by its key, whatever order the readings came in."""
    keyed = [observation for reading in inputs.readings for observation in statements(reading, inputs.source.ref_area)]
    return {name: _frame(name, build(inputs, keyed), inputs) for name, build in _BUILDERS.items()}


def _frame(name: str, rows: Rows, inputs: TableInputs) -> pl.DataFrame:
    frame = pl.DataFrame([*rows], schema=frame_schema(name), orient="row").sort(KEYS[name])
    previous, retain = inputs.previous_tables.get(name), _RETAIN.get(name)
    return frame if previous is None or retain is None else retain(frame, previous, inputs)


def _observations(inputs: TableInputs, keyed: Sequence[KeyedObservation]) -> Rows:
    registry = {indicator.id: indicator for indicator in inputs.indicators}
    return (_observation(statement, registry, inputs) for statement in current_by_key(keyed).values())


def _observation(
    statement: KeyedObservation, registry: Mapping[str, Indicator], inputs: TableInputs
) -> Mapping[str, Any]:
    observation, reading = statement.observation, statement.reading
    indicator = registry.get(observation.indicator.partition("~")[0])
    plain = {name: getattr(observation, name) for name in names("observations") if hasattr(observation, name)}
    return plain | {
        "obs_id": statement.obs_id,
        "ref_area": inputs.source.ref_area,
        "measure": observation.measure.value,
        "period": str(observation.period),
        "year": observation.period.last,
        "sentence": observation.sentence if inputs.source.text == "full" else "",
        "status": observation.status.value,
        "bound": observation.bound.value,
        "value_base": base_value(observation.value, observation.unit_mult),
        "obs_status": _obs_status(observation.status, observation.period.last, reading.document.published_on).value,
        "label_zh": indicator.label_zh if indicator else observation.subject or observation.indicator,
        "label_en": indicator.label_en if indicator else None,
        "theme": indicator.theme if indicator else None,
        "document": reading.document_id,
        "char_start": observation.span.start,
        "char_end": observation.span.end,
        "published_on": reading.document.published_on,
        "realtime_start": inputs.released_on,
        "origin": reading.origin.value,
    }


def _obs_status(status: Status, last_year: int, published_on: date | None) -> ObsStatus:
    """Return the status: a report on the year before it states first figures, revised in the next year.

    This depends on the document alone: a newer report must not change every row of the older one.
    """
    if status is Status.TARGET:
        return ObsStatus.FORECAST
    is_recent = published_on is not None and last_year >= published_on.year - 1
    return ObsStatus.PROVISIONAL if is_recent else ObsStatus.NORMAL


def _documents(inputs: TableInputs, _keyed: Sequence[KeyedObservation]) -> Rows:
    return (_document(reading) for reading in inputs.readings)


def _document(reading: Reading) -> Mapping[str, Any]:
    labels = {name: text or None for name, text in asdict(reading.document.labels).items()}
    fates = [number.fate for number in reading.numbers]
    return labels | {
        "document": reading.document_id,
        "title": reading.document.title,
        "index_number_repaired": reading.index_number or None,
        "index_note": reading.index_note,
        "url": reading.capture.url,
        "captured_at": reading.capture.captured_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "payload_sha256": reading.capture.sha256,
        "text_sha256": reading.text_sha256,
        "archive_key": reading.capture.key,
        "state": reading.state.value,
        "characters": len(reading.document.text),
        **{fate.value: fates.count(fate) for fate in NumberStatus},
        "origin": reading.origin.value,
        "reference_period": str(reading.reference_year) if reading.reference_year else None,
        "kind": reading.document.kind.value,
        "kind_evidence": reading.document.kind_evidence,
        "publisher_evidence": reading.publisher_evidence.value,
        "attachments": " | ".join(reading.attachments) or None,
        "metadata_key": reading.metadata_key or None,
    }


def _numbers(inputs: TableInputs, keyed: Sequence[KeyedObservation]) -> Rows:
    by_document: dict[str, list[KeyedObservation]] = {}
    for statement in keyed:
        by_document.setdefault(statement.reading.document_id, []).append(statement)
    return [row for reading in inputs.readings for row in _number_rows(reading, by_document)]


def _number_rows(reading: Reading, by_document: Mapping[str, Sequence[KeyedObservation]]) -> Rows:
    claims = _observation_ids_by_position(by_document.get(reading.document_id, ()))
    for number in reading.numbers:
        stated = dict.fromkeys(
            key for position in range(number.span.start, number.span.end) for key in claims.get(position, ())
        )
        yield {
            "document": reading.document_id,
            "char_start": number.span.start,
            "char_end": number.span.end,
            "obs_text": number.text,
            "fate": number.fate.value,
            "reason": number.reason.value if number.reason else None,
            "obs_id": " ".join(stated) or None,
        }


def _observation_ids_by_position(keyed: Iterable[KeyedObservation]) -> Mapping[int, Sequence[str]]:
    """Return the keys of the observations at each character of a text."""
    claims: dict[int, list[str]] = {}
    for statement in keyed:
        span = statement.observation.span
        for position in range(span.start, span.end):
            claims.setdefault(position, []).append(statement.obs_id)
    return claims


def _indicators(inputs: TableInputs, _keyed: Sequence[KeyedObservation]) -> Rows:
    for indicator in inputs.indicators:
        cells = {name: getattr(indicator, name) for name in names("indicators")}
        yield {name: None if cell == "" else cell for name, cell in cells.items()}


def _glossary(inputs: TableInputs, _keyed: Sequence[KeyedObservation]) -> Rows:
    for reading in inputs.readings:
        for term in reading.glossary:
            yield {
                "document": reading.document_id,
                "term": term.term,
                "explanation": term.explanation,
                "char_start": term.span.start,
                "char_end": term.span.end,
            }


def _keep_realtime(frame: pl.DataFrame, previous: pl.DataFrame, _material: TableInputs) -> pl.DataFrame:
    """Keep the first day of rows that state the same as before, even where they moved in the text."""
    same = ["obs_id", *STATED]
    earlier = previous.select(*same, pl.col("realtime_start").alias("since"))
    since = frame.join(earlier, on=same, how="left", nulls_equal=True, maintain_order="left")["since"]
    return frame.with_columns(realtime_start=since.fill_null(frame["realtime_start"]))


def _keep_capture(frame: pl.DataFrame, previous: pl.DataFrame, inputs: TableInputs) -> pl.DataFrame:
    """Keep the published capture of a page of which only the bytes changed, not text, labels, state or structure.

    Otherwise a counter of views in the page would be new content every night. The structure is that of the capture, so
    that the archive gives back both.
    """
    same = [column.name for column in TABLES["documents"] if column.name not in {*CAPTURE, *COUNTS}]
    others = pl.Series([*changed_pages(inputs.previous_release, inputs.readings)], dtype=pl.String)
    same_structure = previous.filter(~pl.col("document").is_in(others.implode()))
    joined = frame.join(same_structure, on=same, how="left", nulls_equal=True, suffix=":before", maintain_order="left")
    retained = [pl.coalesce(f"{name}:before", name).alias(name) for name in CAPTURE]
    return joined.with_columns(retained).select(frame.columns)


_BUILDERS: Mapping[str, Callable[[TableInputs, Sequence[KeyedObservation]], Rows]] = MappingProxyType(
    {
        "observations": _observations,
        "documents": _documents,
        "numbers": _numbers,
        "indicators": _indicators,
        "glossary": _glossary,
    }
)
_RETAIN: Mapping[str, Callable[[pl.DataFrame, pl.DataFrame, TableInputs], pl.DataFrame]] = MappingProxyType(
    {"observations": _keep_realtime, "documents": _keep_capture}
)
