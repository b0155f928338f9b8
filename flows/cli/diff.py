"""`gongbao diff`: what changed from one release to another, in sentences or as rows."""

import json

import click


@click.command()
@click.argument("store")
@click.argument("before", metavar="A")
@click.argument("after", metavar="B")
@click.option("--source", "dataset", default="", metavar="ID", help="The dataset; needed where the store has several.")
@click.option("--json", "as_json", is_flag=True, help="Print every change as a JSON object, both sides whole.")
def diff(store: str, before: str, after: str, *, dataset: str, as_json: bool) -> None:
    """Say what changed from version A to version B, and why; B may be the earlier one."""
    from flows.operator.history import difference, open_history  # noqa: PLC0415 - Polars takes its time to import

    history = open_history(store, dataset)
    found = difference(history, history.version(before), history.version(after))
    if as_json:
        click.echo(json.dumps(found.revisions.to_dicts(), ensure_ascii=False, indent=2, default=str))
    elif found.is_empty:
        click.echo(f"nothing changed from {before} to {after}")
    else:
        click.echo(found.notes, nl=False)
