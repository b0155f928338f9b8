"""The start of a run: an error that prevents it is sent to the alert channels, as no later stage could do that."""

import os
from datetime import datetime
from typing import Any

from flows.notify.alerts import all_delivered, notify_start_failure
from flows.run.context import RunContext, create_context, error_record
from schemas.codelists import Outcome
from schemas.errors import GongbaoError


class RunFailed(Exception):
    """A run that published nothing because something went wrong; `record` is the record of the run."""

    def __init__(self, record: dict[str, Any]) -> None:
        """Keep the record."""
        super().__init__(f"{record['source']}: {record['outcome']}: {record['error']}")
        self.record = record


class RunFailedToStart(RunFailed):
    """A run that could not start and has sent an alert; `error` says why.

    Its name contains that of its parent: the shipped automation for runs that failed without an alert excludes every
    state whose message contains that name.
    """

    def __init__(self, source: str, error: GongbaoError) -> None:
        """Keep the error, and a record of what is known."""
        super().__init__({"source": source, "outcome": Outcome.USAGE.value, "error": error_record(error)})
        self.error = error


def start_run(source: str, store: str, sources: str, now: datetime | None = None) -> RunContext:
    """Return the context of a run that is ready to start.

    Raises:
        RunFailedToStart: The run cannot start, and the alert was delivered.
        GongbaoError: The run cannot start, and no channel is set or none took the alert.
    """
    try:
        run = create_context(source, store, sources, now)
    except GongbaoError as error:
        changes = notify_start_failure(source, error, os.environ)
        if all_delivered(changes, os.environ):
            raise RunFailedToStart(source, error) from error
        raise
    notify_start_failure(source, None, os.environ)
    return run
