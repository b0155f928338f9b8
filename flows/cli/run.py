"""`gongbao run`: the nightly run of one source or several, with progress by stage."""

import asyncio
import logging
import os
from collections.abc import MutableMapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import click
from rich.console import Console
from rich.status import Status

from flows.cli.shared import SOURCES, print_json
from infra.logs import LOGGER
from infra.settings import Settings
from infra.store import open_store
from schemas.errors import GongbaoError, RegistryError, SettingsError
from schemas.registry.sources import Source, load_sources, pick

PREFECT_SETTINGS = MappingProxyType(
    {
        "PREFECT_LOGGING_LEVEL": "CRITICAL",
        "PREFECT_LOGGING_SERVER_LEVEL": "CRITICAL",
        "PREFECT_LOGGING_ROOT_LEVEL": "ERROR",  # some of its loggers do not have its name
        "PREFECT_LOGGING_TO_API_ENABLED": "false",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "180",
        "DO_NOT_TRACK": "1",
    }
)
_LOCAL = "local: the same stages without Prefect, and so without its retries, for laptops and debugging."


class Progress(logging.Handler):
    """Shows stages: a spinner and a line for each on a terminal, plain lines elsewhere."""

    def __init__(self, console: Console) -> None:
        """Write to a console."""
        super().__init__()
        self._console = console
        self._status: Status | None = console.status("") if console.is_terminal else None

    def emit(self, record: logging.LogRecord) -> None:
        """Show a record: the start of a stage moves the spinner, everything else is a line."""
        is_start = hasattr(record, "stage") and not hasattr(record, "ended")
        if is_start and self._status:
            self._status.update(record.getMessage())
            self._status.start()
        elif not is_start:
            self.stop()
            self._console.print(record.getMessage(), markup=False, highlight=False, soft_wrap=True)

    def stop(self) -> None:
        """Remove the spinner."""
        if self._status:
            self._status.stop()


@click.command()
@click.option("--source", "ids", multiple=True, metavar="ID", help="Only this source; may be given several times.")
@click.option("--store", default="", metavar="URL", help="A folder or s3://bucket/prefix [GONGBAO_STORE].")
@SOURCES
@click.option("--engine", type=click.Choice(["prefect", "local"]), default="prefect", show_default=True, help=_LOCAL)
@click.option("--json", "as_json", is_flag=True, help="Print the records of the runs as JSON.")
def run(ids: tuple[str, ...], store: str, file: str, *, engine: str, as_json: bool) -> None:
    """Fetch, archive, read, check and publish; without --source every source of the nightly run."""
    set_prefect_defaults(os.environ)
    chosen, store_url = _validate_arguments(ids, store, file)
    run_source = _run_locally if engine == "local" else _run_with_prefect
    console = Console(stderr=True)
    progress = Progress(console)
    LOGGER.setLevel(logging.DEBUG)
    LOGGER.propagate = False  # else Prefect's console handler prints each line a second time
    LOGGER.addHandler(progress)
    records = []
    try:
        for source in chosen:
            console.print(f"{source.id}: into {store_url}", markup=False, highlight=False, soft_wrap=True)
            records.append(run_source(source.id, store_url, file))
    finally:
        progress.stop()
        LOGGER.removeHandler(progress)
    if as_json:
        print_json(records)
    else:
        click.echo("\n".join(map(summary, records)))
    raise click.exceptions.Exit(max(record["exit_status"] for record in records))


def set_prefect_defaults(environ: MutableMapping[str, str]) -> None:
    """Silence Prefect in a normal run; what the operator has set stays."""
    for name, value in PREFECT_SETTINGS.items():
        environ.setdefault(name, value)


def _validate_arguments(ids: tuple[str, ...], store: str, file: str) -> tuple[tuple[Source, ...], str]:
    """Return the sources and the store; report what is wrong with them before Prefect starts."""
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
    """Send an alert that a command cannot start, or clear it: nobody reads the output of a timer's command."""
    if os.environ.get("GONGBAO_ALERT_URLS"):
        from flows.notify.alerts import notify_start_failure  # noqa: PLC0415 - slow to import
        from flows.notify.spooled_alerts import COMMANDS  # noqa: PLC0415 - as above

        notify_start_failure(name, error, os.environ, COMMANDS)


def _run_locally(source: str, store: str, file: str) -> dict[str, Any]:
    """Run the pipeline without Prefect and return the record."""
    from flows.pipeline import LOCAL_STAGES, run_pipeline  # noqa: PLC0415 - slow to import
    from flows.run.context import run_record  # noqa: PLC0415 - as above
    from flows.run.start import RunFailedToStart, start_run  # noqa: PLC0415 - as above
    from raw.samples.site import serve_sample_site  # noqa: PLC0415 - as above

    try:
        context = start_run(source, store, file)
    except RunFailedToStart as failed:
        raise failed.error from None
    with serve_sample_site(context.source):
        return run_record(context, asyncio.run(run_pipeline(context, LOCAL_STAGES)))


def _run_with_prefect(source: str, store: str, file: str) -> dict[str, Any]:
    """Run the Prefect flow and return the record, also of a run that failed."""
    from flows.run.prefect_server import start_server, wait_for_server  # noqa: PLC0415 - Prefect takes seconds to import

    server = start_server()
    from flows.nightly import nightly  # noqa: PLC0415 - while the server starts
    from flows.run.start import RunFailed, RunFailedToStart  # noqa: PLC0415 - as above

    if server:
        wait_for_server(server)
    try:
        return asyncio.run(nightly(source, store, file))
    except RunFailedToStart as failed:
        raise failed.error from None
    except RunFailed as failed:
        return failed.record


def summary(record: dict[str, Any]) -> str:
    """Return what a run did and what to type next, as text."""
    counts = ", ".join(f"{count} {name}" for name, count in record["counts"].items())
    head = f"{record['source']}: {record['outcome']} {record['version']}".rstrip()
    lines = [f"{head} ({counts})" if counts else head]
    lines += [f"  {one['severity']}: {one['message']} [{one['code']}, {one['where']}]" for one in record["findings"]]
    if error := record["error"]:
        lines.append(f"  {error['code']}: {GongbaoError(error['what'], where=error['where'], remedy=error['remedy'])}")
    return "\n".join([*lines, *_next_commands(record)])


def _next_commands(record: dict[str, Any]) -> list[str]:
    store, source, version = record["store"], record["source"], record["version"]
    if record["outcome"] == "held":
        return [f"  next:    gongbao candidate show {store} {version} --source {source}"]
    if record["outcome"] not in {"published", "unchanged"} or not version:
        return []
    return [f"  release: {store}/{source}/v/{version}/", f"  next:    gongbao show {store}"]
