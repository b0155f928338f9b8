"""`gongbao run`: the nightly run of one source or several, with progress by stage."""

from __future__ import annotations

import asyncio
import json
import logging
import os
from collections.abc import MutableMapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import click
from rich.console import Console
from rich.status import Status

from infra.logs import LOGGER
from infra.settings import Settings
from infra.store import open_store
from schemas.errors import GongbaoError, RegistryError, SettingsError
from schemas.registry.sources import Source, load_sources, pick

QUIET = MappingProxyType(
    {
        "PREFECT_LOGGING_LEVEL": "CRITICAL",
        "PREFECT_LOGGING_SERVER_LEVEL": "CRITICAL",
        "PREFECT_LOGGING_ROOT_LEVEL": "ERROR",  # some of its loggers do not bear its name
        "PREFECT_LOGGING_TO_API_ENABLED": "false",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "180",
        "DO_NOT_TRACK": "1",
    }
)


class Progress(logging.Handler):
    """Shows stages: a spinner and a line for each on a terminal, plain lines elsewhere."""

    def __init__(self, console: Console) -> None:
        """Write to a console."""
        super().__init__()
        self._console = console
        self._status: Status | None = console.status("") if console.is_terminal else None

    def emit(self, record: logging.LogRecord) -> None:
        """Show one record: the begin of a stage moves the spinner, all else is a line."""
        begins = hasattr(record, "stage") and not hasattr(record, "ended")
        if begins and self._status:
            self._status.update(record.getMessage())
            self._status.start()
        elif not begins:
            self.rest()
            self._console.print(record.getMessage(), markup=False, highlight=False, soft_wrap=True)

    def rest(self) -> None:
        """Take the spinner away."""
        if self._status:
            self._status.stop()


@click.command()
@click.option("--source", "ids", multiple=True, metavar="ID", help="Only this source; may be given several times.")
@click.option("--store", default="", metavar="URL", help="A folder or s3://bucket/prefix [GONGBAO_STORE].")
@click.option(
    "--sources", "file", default="", metavar="FILE", help="A registry file of your own, added to the shipped."
)
@click.option("--json", "as_json", is_flag=True, help="Print the records of the runs as JSON.")
def run(ids: tuple[str, ...], store: str, file: str, *, as_json: bool) -> None:
    """Fetch, keep, read, check and publish; without --source every source of the nightly run."""
    quiet_prefect(os.environ)
    chosen, store_url = _validate_arguments(ids, store, file)
    console = Console(stderr=True)
    records = asyncio.run(_run_sources(chosen, store_url, file, console))
    if as_json:
        click.echo(json.dumps(records, ensure_ascii=False, indent=2))
    else:
        for record in records:
            click.echo(summary(record))
    raise click.exceptions.Exit(max(record["exit_status"] for record in records))


def _validate_arguments(ids: tuple[str, ...], store: str, file: str) -> tuple[tuple[Source, ...], str]:
    """The sources and the store: what is wrong with them is told at once, not after Prefect has started."""
    name = "-".join(ids) or "gongbao"
    try:
        chosen = pick(load_sources(Path(file) if file else None), ids)
        store_url = store or Settings.from_env(os.environ).store
        open_store(store_url)
    except (SettingsError, RegistryError) as error:
        _notify_start_failure(name, error)
        raise
    _notify_start_failure(name, None)
    return chosen, store_url


def _notify_start_failure(name: str, error: GongbaoError | None) -> None:
    """Tell the channels that a run could not begin, or that it can again: a timer has nobody who reads its output."""
    if os.environ.get("GONGBAO_ALERT_URLS"):
        from flows.notify.alerts import notify_start_failure  # noqa: PLC0415 - it takes as long to import as all else here
        from flows.notify.spooled_alerts import CALLS  # noqa: PLC0415 - as above

        notify_start_failure(name, error, os.environ, CALLS)


def quiet_prefect(environ: MutableMapping[str, str]) -> None:
    """Keep Prefect's own words out of a normal run; what the operator has set stays."""
    for name, value in QUIET.items():
        environ.setdefault(name, value)


async def _run_sources(chosen: tuple[Source, ...], store_url: str, file: str, console: Console) -> list[dict[str, Any]]:
    """Run one source after the other."""
    progress = Progress(console)
    LOGGER.setLevel(logging.DEBUG)
    LOGGER.propagate = False  # else Prefect's console prints each line a second time
    LOGGER.addHandler(progress)
    try:
        return [await _night(source.id, store_url, file, console) for source in chosen]
    finally:
        progress.rest()
        LOGGER.removeHandler(progress)


async def _night(source_id: str, store_url: str, file: str, console: Console) -> dict[str, Any]:
    """Run one source; a run that failed still has its record."""
    console.print(f"{source_id}: into {store_url}", markup=False, highlight=False)
    from flows.nightly import RunFailed, RunFailedToStart, nightly  # noqa: PLC0415 - Prefect takes seconds to import

    try:
        return await nightly(source_id, store_url, file)
    except RunFailedToStart as failed:
        raise failed.error from None
    except RunFailed as failed:
        return failed.record


def summary(record: dict[str, Any]) -> str:
    """What a run did, and what to type next."""
    counts = ", ".join(f"{count} {name}" for name, count in record["counts"].items())
    lines = [
        f"{record['source']}: {record['outcome']} {record['version']}".rstrip() + (f" ({counts})" if counts else "")
    ]
    lines += [f"  {one['severity']}: {one['message']} [{one['code']}, {one['where']}]" for one in record["findings"]]
    if error := record["error"]:
        told = GongbaoError(error["what"], where=error["where"], remedy=error["remedy"])
        lines.append(f"  {error['code']}: {told}")
    return "\n".join([*lines, *_next(record)])


def _next(record: dict[str, Any]) -> list[str]:
    """Where the release lies and the next command to type."""
    if record["outcome"] == "held":
        return [f"  next:    gongbao candidate show {record['store']} {record['version']} --source {record['source']}"]
    if record["outcome"] not in {"published", "unchanged"} or not record["version"]:
        return []
    store, source, version = record["store"], record["source"], record["version"]
    return [f"  release: {store}/{source}/v/{version}/", f"  next:    gongbao show {store}"]
