"""`gongbao diff`: what changed from one release to another, in sentences or as rows."""

import click

from flows.cli.shared import ONE_DATASET, print_json


@click.command()
@click.argument("store")
@click.argument("before", metavar="A")
@click.argument("after", metavar="B")
@ONE_DATASET
@click.option("--json", "as_json", is_flag=True, help="Print every change as a JSON object, both sides whole.")
def diff(store: str, before: str, after: str, *, dataset: str, as_json: bool) -> None:
    """Say what changed from version A to version B, and why; B may be the earlier one."""
    from flows.operator.history import difference, open_history  # noqa: PLC0415 - Polars takes its time to import

    history = open_history(store, dataset)
    found = difference(history, history.version(before), history.version(after))
    if as_json:
        print_json(found.revisions.to_dicts())
    elif found.is_empty:
        click.echo(f"nothing changed from {before} to {after}")
    else:
        click.echo(found.notes, nl=False)
