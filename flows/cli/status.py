"""`gongbao status`: the health of each source of a store, for people and for monitoring."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from flows.cli.shared import AS_JSON, print_json, printable

if TYPE_CHECKING:
    from flows.operator.source_health import SourceHealth


@click.command()
@click.argument("store")
@AS_JSON
def status(store: str, *, as_json: bool) -> None:
    """Show how fresh each source is, how its last run ended, what is open, what waits and when a run is due.

    The exit status is 0 where nothing is to be done, 5 where a run is overdue, else 3 where a held release waits, else
    4 where an alert is open.
    """
    from flows.operator.source_health import overall_exit_status, source_health  # noqa: PLC0415 - signatures take their time to import

    sources = source_health(store, datetime.now(UTC))
    if as_json:
        print_json([source.as_record() for source in sources])
    else:
        click.echo("\n".join(line for source in sources for line in _format_source(store, source)))
    raise click.exceptions.Exit(overall_exit_status(sources))


def _format_source(store: str, health: SourceHealth) -> Iterator[str]:
    status = health.status
    ended = f", last run {status.last_outcome}" if status.last_outcome else ""
    yield f"{health.source}: {status.state.value}{ended}, release {status.published or 'none'}"
    yield f"  good {_ago(health)}, checked {status.last_checked or 'never'}, {_due(health)}"
    for alert in status.alerts:
        text = f"{printable(alert.message)} [{alert.code}, {printable(alert.where)}]"
        yield f"  {alert.severity.value}: {text} since {alert.since}"
    if status.held:
        since = f" since {status.held.since}" if status.held.since else ""
        yield f"  held: {status.held.version} waits for a decision{since}"
        yield f"  next: gongbao candidate show {store} {status.held.version} --source {health.source}"


def _ago(health: SourceHealth) -> str:
    if health.age is None:
        return "never"
    hours = health.age.total_seconds() / 3600
    return f"{hours:.0f} h ago" if hours < 48 else f"{hours / 24:.0f} days ago"  # noqa: PLR2004 - two days


def _due(health: SourceHealth) -> str:
    if not health.status.next_due:
        return "no run is due by itself"
    return f"{'OVERDUE since' if health.overdue else 'next run'} {health.status.next_due}"
