"""`gongbao explain`: why the verdict on a target is what it is."""

import click

from flows.cli.shared import ONE_DATASET, printable


@click.command()
@click.argument("store")
@click.argument("target_id")
@ONE_DATASET
def explain(store: str, target_id: str, *, dataset: str) -> None:
    """Explain a verdict: both sentences, the match, the tolerance and the margin. TARGET_ID is an obs_id of targets."""
    from flows.operator.explain import explain as lines_of  # noqa: PLC0415 - Polars takes its time to import

    for line in lines_of(store, dataset, target_id):
        click.echo(printable(line))
