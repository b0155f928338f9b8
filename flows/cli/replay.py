"""`gongbao replay`: read the archived pages again with today's reader, show what would change, publish it if asked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from flows.cli.shared import DATASETS, SOURCES, print_json
from schemas.codelists import RunKind
from schemas.registry.sources import load_sources, pick

if TYPE_CHECKING:
    from flows.operator.replay import ProgressCallback, ReplayReport
    from flows.run.context import RunContext, RunResult

_WOULD = MappingProxyType(
    {"published": "would be published", "unchanged": "nothing would change", "held": "would be held"}
)


@click.command()
@click.argument("store")
@DATASETS
@SOURCES
@click.option("--publish", is_flag=True, help="Cut a release of what changes; without it nothing is written.")
@click.option("--json", "as_json", is_flag=True, help="Print every change as JSON.")
def replay(store: str, ids: tuple[str, ...], file: str, *, publish: bool, as_json: bool) -> None:
    """Read every archived page of the latest releases again and show what today's reader would change, and why."""
    from flows.operator.history import datasets  # noqa: PLC0415 - Polars takes its time to import
    from flows.run.context import create_context  # noqa: PLC0415 - as above

    chosen = pick(load_sources(Path(file) if file else None), datasets(store, ids))
    records = [_replay(create_context(source.id, store, file, None), publish=publish) for source in chosen]
    if as_json:
        print_json(records)
    else:
        click.echo("\n".join(_summary(record) for record in records))
    raise click.exceptions.Exit(max(record["exit_status"] for record in records))


def _replay(context: RunContext, *, publish: bool) -> dict[str, Any]:
    """Replay a dataset and return the record of what it would change, or has changed."""
    from flows.operator import replay as again  # noqa: PLC0415 - Polars takes its time to import

    run = replace(context, kind=RunKind.REPLAY)
    with _watching(run.source.id) as watch:
        if not publish:
            report = again.replay(run, watch)
            return {**_replay_record(run, report, report.result), "published": False, "exit_status": 0}
        changes, result = again.replay_and_publish(run, watch)
        return {**_replay_record(run, changes, result), "published": True, "exit_status": result.exit_status}


@contextmanager
def _watching(dataset: str) -> Iterator[ProgressCallback]:
    """Show progress: a bar on a terminal, a line for each document elsewhere."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda count, total, document: click.echo(f"{dataset}: read {count} of {total}, {document}", err=True)
        return
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console) as progress:
        task = progress.add_task(dataset, total=None)
        yield lambda count, total, document: progress.update(
            task, completed=count, total=total, description=f"{dataset} {document}"
        )


def _replay_record(run: RunContext, report: ReplayReport | None, result: RunResult) -> dict[str, Any]:
    """Return a replay as a JSON object."""
    from flows.run.context import run_record  # noqa: PLC0415 - Polars takes its time to import

    record = run_record(run, result)
    if report is None:
        return record
    rows = report.revisions.group_by("cause", "kind").len("count").sort("cause", "kind")
    return record | {
        "release": report.previous.version,
        "reader_then": report.previous.reader_version,
        "reader_now": report.reader,
        "changes": rows.to_dicts(),
        "revisions": report.revisions.to_dicts(),
        "notes": report.notes,
    }


def _summary(record: dict[str, Any]) -> str:
    """Return a replay as text, with the next command to type."""
    would = "" if record["published"] else _WOULD.get(record["outcome"], "would be rejected")
    lines = [f"{record['source']}: {would or record['outcome']} {record['version']}".rstrip()]
    if "release" in record:
        lines.append(f"  {record['release']} was read by {record['reader_then']}, now {record['reader_now']}")
        lines += [f"  {one['cause']}: {one['count']} {one['kind']}" for one in record["changes"]]
    lines += [f"  {one['severity']}: {one['message']} [{one['code']}, {one['where']}]" for one in record["findings"]]
    if error := record["error"]:
        lines.append(f"  {error['code']}: {error['where']}: {error['what']}; {error['remedy']}")
    if record.get("revisions"):
        lines += ["", record["notes"]]
    if would and record["outcome"] in {"published", "held"}:
        lines.append(f"  next:    gongbao replay {record['store']} --source {record['source']} --publish")
    return "\n".join(lines)
