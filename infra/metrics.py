"""A file of metrics in the text form of Prometheus, as the textfile collector of its node exporter reads it.

Several sources share the file: a run writes its own lines anew and leaves those of the others. A metric that a run
cannot tell keeps its former line. The file is replaced whole, so that no reader sees half of it.
"""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from infra.logs import LOGGER

FAMILIES = MappingProxyType(
    {
        "gongbao_last_run_timestamp_seconds": "When the last run ended.",
        "gongbao_last_success_timestamp_seconds": "When the last run ended that could fetch and read everything.",
        "gongbao_last_change_timestamp_seconds": "When the last release was published.",
        "gongbao_next_due_timestamp_seconds": "When the next run is due.",
        "gongbao_run_duration_seconds": "How long the last run took.",
        "gongbao_run_outcome": "How the last run ended: 1 for its outcome, 0 for the others.",
        "gongbao_documents": "Documents that the last run read.",
        "gongbao_observations": "Observations that the last run read.",
        "gongbao_numbers": "Numbers that the last run found.",
        "gongbao_numbers_unread": "Numbers that the last run found and could not read.",
        "gongbao_findings": "Findings of the last run, by their severity.",
        "gongbao_alerts_open": "Alerts that are open.",
        "gongbao_candidate_waiting": "Whether a held release waits for an operator.",
    }
)
"""Every metric, all of them gauges, with what it says; a label `source` is on each."""

_LINE = re.compile(r'(?P<name>[a-z_]+)\{source="(?P<source>[a-z0-9-]+)".*\} \S+')


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One number of a source; `labels` are those beside `source`."""

    name: str
    value: float
    labels: tuple[tuple[str, str], ...] = ()

    def line(self, source: str) -> str:
        """The line of the file; values and names of labels are plain words of this house."""
        labels = ",".join(f'{name}="{value}"' for name, value in (("source", source), *self.labels))
        return f"{self.name}{{{labels}}} {self.value!r}"


def merge_samples(text: str, source: str, samples: Sequence[Sample]) -> str:
    """The file with the lines of a source anew; lines that are none of ours are dropped."""
    lines: dict[str, list[tuple[str, str]]] = {name: [] for name in FAMILIES}
    told = {one.name for one in samples}
    for line in text.splitlines():
        found = _LINE.fullmatch(line)
        if found and found["name"] in lines and not (found["source"] == source and found["name"] in told):
            lines[found["name"]].append((found["source"], line))
    for one in samples:
        lines[one.name].append((source, one.line(source)))
    return "".join(f"{line}\n" for line in _written(lines))


def write_metrics(file: str, source: str, samples: Iterable[Sample]) -> str:
    """Bring a file up to what a run says of its source; what went wrong, "" for nothing or for no file."""
    if not file:
        return ""
    path = Path(file).expanduser()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _file_lock(path):
            before = path.read_text("utf-8", "replace") if path.exists() else ""
            _replace(path, merge_samples(before, source, tuple(samples)))
    except OSError as error:
        LOGGER.warning("the file of GONGBAO_METRICS_FILE cannot be written: %s", error.strerror)
        return error.strerror or type(error).__name__
    return ""


def _written(lines: Mapping[str, Sequence[tuple[str, str]]]) -> Iterator[str]:
    for name, meaning in FAMILIES.items():
        if lines[name]:
            yield f"# HELP {name} {meaning}"
            yield f"# TYPE {name} gauge"
            yield from (line for _, line in sorted(lines[name]))


def _replace(path: Path, text: str) -> None:
    """The file at once, readable for the collector, which runs as somebody else."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        draft.write_text(text, "utf-8")
        draft.chmod(0o644)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


@contextmanager
def _file_lock(path: Path) -> Iterator[None]:
    """Hold the file's lock, which is a file beside it; the system takes it back from a process that dies."""
    with path.with_name(f".{path.name}.lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
