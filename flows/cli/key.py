"""`gongbao key`: the keys that sign the releases of a store, and the end of one."""

from datetime import datetime

import click

from flows.cli.shared import AS_JSON, print_rows

_ON_HELP = "The last day, in China, on which it may have signed."


@click.group()
def key() -> None:
    """List the keys that sign the releases of a store, or retire one."""


@key.command("list")
@click.argument("store")
@AS_JSON
def list_keys(store: str, *, as_json: bool) -> None:
    """List the keys that have signed here: since when, until when, and the file that checks their signatures."""
    from flows.operator.store_queries import keys  # noqa: PLC0415 - Polars takes its time to import

    print_rows(keys(store), as_json=as_json, empty="no key has signed there yet")


@key.command()
@click.argument("store")
@click.argument("keyid")
@click.option("--on", "day", type=click.DateTime(["%Y-%m-%d"]), required=True, metavar="DATE", help=_ON_HELP)
@AS_JSON
def retire(store: str, keyid: str, day: datetime, *, as_json: bool) -> None:
    """Let a key sign no release that is dated later than this; `verify` asks for it, and nothing undoes it."""
    from flows.operator.store_queries import retire_key  # noqa: PLC0415 - as above

    print_rows([retire_key(store, keyid, day.date())], as_json=as_json, empty="")
