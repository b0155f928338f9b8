"""`gongbao get`: one table of a release, of the latest or of an earlier one, as a file or to look at."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from flows.cli.shared import ONE_DATASET
from schemas.errors import UsageError

if TYPE_CHECKING:
    from flows.operator.history import ReleaseHistory
    from schemas.release import Manifest

FORMS = ("csv", "parquet", "json", "table")


@click.command()
@click.argument("store")
@click.argument("table")
@ONE_DATASET
@click.option("--as-of", "day", type=click.DateTime(["%Y-%m-%d"]), help="What was known when this day ended in China.")
@click.option("--version", "version", default="", metavar="V", help="The release of this version.")
@click.option("--format", "form", type=click.Choice(FORMS), help="Default: by FILE's ending; else table or csv.")
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option("--out", default="", metavar="FILE", help="Write there instead of to the terminal.")
def get(store: str, table: str, *, form: str | None, as_json: bool, out: str, **which: Any) -> None:  # noqa: ANN401 - checked by click
    """Get a table: observations, vintages, comparisons, targets, silences, revisions, documents and so on."""
    from flows.operator.history import open_history  # noqa: PLC0415 - Polars takes its time to import

    chosen = "json" if as_json else form or _form(out)
    if chosen == "parquet" and not out and sys.stdout.isatty():
        raise UsageError("Parquet is no text for a terminal", remedy="add --out FILE, or pipe it into a program")
    history = open_history(store, which["dataset"])
    manifest = _release(history, which["version"], which["day"])
    width = None if out or not sys.stdout.isatty() else _columns()
    _put(_render(history, manifest, table, chosen, width), out)


def _release(history: ReleaseHistory, version: str, day: datetime | None) -> Manifest:
    """Return the release that the options name."""
    if version and day:
        raise UsageError("--as-of and --version both name a release", remedy="give one of them")
    if version:
        return history.version(version)
    return history.as_of(day.date()) if day else history.latest()


def _form(out: str) -> str:
    """Return the format if none is named."""
    ending = Path(out).suffix.lower().removeprefix(".")
    if ending in FORMS:
        return ending
    return "table" if not out and sys.stdout.isatty() else "csv"


def _render(history: ReleaseHistory, manifest: Manifest, table: str, form: str, width: int | None) -> bytes:
    """Return the table in this format; CSV and Parquet are the files as they were published."""
    from flows.operator.history import table_file, table_frame  # noqa: PLC0415 - as above

    if form in {"csv", "parquet"}:
        return table_file(history, manifest, table, form)
    frame = table_frame(history, manifest, table)
    if form == "json":
        return (json.dumps(frame.to_dicts(), ensure_ascii=False, indent=2, default=str) + "\n").encode()
    from flows.cli.tables import render_table  # noqa: PLC0415 - as above

    return render_table(frame, table, width).encode()


def _put(data: bytes, out: str) -> None:
    """Write it where it was asked for."""
    if not out:
        click.echo(data, nl=False)
        return
    try:
        Path(out).write_bytes(data)
    except OSError as error:
        raise UsageError(f"it cannot be written ({error.strerror})", where=out, remedy="check the path") from error


def _columns() -> int:
    from rich.console import Console  # noqa: PLC0415 - only a terminal asks

    return Console().width
