"""What a run says while it works: one logger, and stages that tell what they did and how long it took."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic

LOGGER = logging.getLogger("gongbao")


def set_default_log_level() -> None:
    """Let the ends of stages be heard where nobody chose a level: Prefect lends the logger its handlers, but none."""
    if LOGGER.level == logging.NOTSET:
        LOGGER.setLevel(logging.INFO)


@dataclass(frozen=True, slots=True, kw_only=True)
class StageRecord:
    """A stage that is over: its name, what it counted, how many seconds it took."""

    name: str
    told: str
    seconds: float


class StageSummary:
    """Takes what a stage has to tell; the last words count."""

    def __init__(self) -> None:
        """Begin with nothing told."""
        self.told = ""

    def set(self, words: str) -> None:
        """Say what was done, with counts (`2 documents`)."""
        self.told = words


@contextmanager
def stage(name: str) -> Iterator[StageSummary]:
    """Log a stage's begin and end; the records carry `stage` and, at the end, `ended` (a `StageRecord`)."""
    started, teller = monotonic(), StageSummary()
    LOGGER.debug("%s ...", name, extra={"stage": name})
    yield teller
    ended = StageRecord(name=name, told=teller.told, seconds=monotonic() - started)
    LOGGER.info("%-8s %-60s %5.1f s", name, ended.told, ended.seconds, extra={"stage": name, "ended": ended})
