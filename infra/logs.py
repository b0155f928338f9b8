"""The logger of the project, a summary of each stage of a run, and a guard for logs of libraries that hold secrets."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from time import monotonic
from typing import Final

LOGGER = logging.getLogger("gongbao")

_HTTP_LOGGERS = (
    *("apprise", "httpcore.connection", "httpcore.http11", "httpcore.proxy", "httpx", "requests", "urllib3"),
    "urllib3.connectionpool",
)
_CAPTURED: Final[ContextVar[list[str] | None]] = ContextVar("captured", default=None)


def set_default_log_level() -> None:
    """Set the level to INFO if nobody chose one: Prefect attaches its handlers to the logger but sets no level."""
    if LOGGER.level == logging.NOTSET:
        LOGGER.setLevel(logging.INFO)


@dataclass(frozen=True, slots=True, kw_only=True)
class StageRecord:
    """A completed stage: its name, its summary, its duration in seconds."""

    name: str
    summary: str
    seconds: float


class StageSummary:
    """The summary of a running stage; the last text counts."""

    def __init__(self) -> None:
        """Start with an empty summary."""
        self.text = ""

    def set(self, text: str) -> None:
        """Set what was done, with counts (`2 documents`)."""
        self.text = text


@contextmanager
def stage(name: str) -> Iterator[StageSummary]:
    """Log the start and the end of a stage.

    The log records carry `stage` and, at the end, `ended` (a `StageRecord`).
    """
    started, summary = monotonic(), StageSummary()
    LOGGER.debug("%s ...", name, extra={"stage": name})
    yield summary
    ended = StageRecord(name=name, summary=summary.text, seconds=monotonic() - started)
    LOGGER.info("%-8s %-60s %5.1f s", name, ended.summary, ended.seconds, extra={"stage": name, "ended": ended})


@contextmanager
def capture_http_logs() -> Iterator[list[str]]:
    """Keep what HTTP libraries log in this thread out of every log, since it may repeat a secret address.

    Yields:
        The captured lines, filled while the block runs.
    """
    for name in _HTTP_LOGGERS:
        logging.getLogger(name).addFilter(_is_not_captured)
    lines: list[str] = []
    token = _CAPTURED.set(lines)
    try:
        yield lines
    finally:
        _CAPTURED.reset(token)


def _is_not_captured(record: logging.LogRecord) -> bool:
    lines = _CAPTURED.get()
    if lines is not None:
        lines.append(record.getMessage())
    return lines is None
