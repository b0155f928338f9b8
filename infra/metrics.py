"""Metrics of runs in the text format of Prometheus, for the textfile collector of its node exporter.

Each source has a file of its own, so that runs of different sources cannot overwrite each other's metrics.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from infra.logs import LOGGER

FAMILIES = MappingProxyType(
    {
        "gongbao_last_run_timestamp_seconds": "When the last run ended.",
        "gongbao_last_success_timestamp_seconds": "When the last run ended that fetched and read everything.",
        "gongbao_last_change_timestamp_seconds": "When the last release was published.",
        "gongbao_next_due_timestamp_seconds": "When the next run is due.",
        "gongbao_run_duration_seconds": "How long the last run took.",
        "gongbao_run_outcome": "How the last run ended: 1 for its outcome, 0 for the others.",
        "gongbao_documents": "Documents read by the last run.",
        "gongbao_observations": "Observations read by the last run.",
        "gongbao_numbers": "Numbers in the documents of the last run.",
        "gongbao_numbers_unread": "Numbers that the last run could not read.",
        "gongbao_findings": "Findings of the last run, by severity.",
        "gongbao_alerts_open": "Open alerts.",
        "gongbao_candidate_waiting": "Whether a held release waits for an operator.",
    }
)
"""Every metric with its help text; all are gauges with a label `source`."""
_LABELS = MappingProxyType({"gongbao_run_outcome": ("outcome",), "gongbao_findings": ("severity",)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One value of a metric of a source; `labels` are those besides `source`."""

    name: str
    value: float
    labels: tuple[tuple[str, str], ...] = ()


def metrics_path(file: str, source: str) -> Path:
    """Return the file of a source: `{source}` is replaced; without it, `-SOURCE` goes before the suffix."""
    path = Path(file.replace("{source}", source)).expanduser()
    return path if "{source}" in file else path.with_name(f"{path.stem}-{source}{path.suffix}")


def write_metrics(file: str, source: str, samples: Iterable[Sample]) -> str:
    """Write the metrics of a source; a metric without a new sample keeps its last value.

    Args:
        file: The value of GONGBAO_METRICS_FILE; nothing is written if it is empty.
        source: The id of the source.
        samples: The new values.

    Returns:
        The error that occurred, or "".
    """
    if not file:
        return ""
    from prometheus_client import CollectorRegistry, Gauge, write_to_textfile  # noqa: PLC0415 - slow, rarely needed

    path, current = metrics_path(file, source), tuple(samples)
    measured = {sample.name for sample in current}
    try:
        former = [sample for sample in _read_samples(path) if sample.name not in measured]
        registry = CollectorRegistry()
        for name, meaning in FAMILIES.items():
            if group := [sample for sample in (*former, *current) if sample.name == name]:
                gauge = Gauge(name, meaning, ("source", *_LABELS.get(name, ())), registry=registry)
                for sample in group:
                    gauge.labels(source=source, **dict(sample.labels)).set(sample.value)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_to_textfile(str(path), registry)
        path.chmod(0o644)  # the collector runs as another user
    except OSError as error:
        LOGGER.warning("could not write the file of GONGBAO_METRICS_FILE: %s", error.strerror)
        return error.strerror or type(error).__name__
    return ""


def _read_samples(path: Path) -> list[Sample]:
    """Read the samples of an earlier run; a file that is not in the text format has none."""
    from prometheus_client.parser import text_string_to_metric_families  # noqa: PLC0415 - as above

    if not path.exists():
        return []
    try:
        families = list(text_string_to_metric_families(path.read_text("utf-8", "replace")))
    except (ValueError, LookupError):
        return []
    return [
        Sample(
            name=sample.name,
            value=sample.value,
            labels=tuple((label, sample.labels[label]) for label in _LABELS.get(sample.name, ())),
        )
        for family in families
        for sample in family.samples
        if sample.labels.keys() == {"source", *_LABELS.get(sample.name, ())}
    ]
