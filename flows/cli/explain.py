"""`gongbao explain`: why the verdict on a target is what it is."""

import click

from flows.cli.shared import AS_JSON, ONE_DATASET, print_json, printable


@click.command()
@click.argument("store")
@click.argument("target_id")
@ONE_DATASET
@AS_JSON
def explain(store: str, target_id: str, *, dataset: str, as_json: bool) -> None:
    """Explain a verdict: both sentences, the match, the tolerance and the margin. TARGET_ID is an obs_id of targets."""
    from flows.operator.explain import explain as explained  # noqa: PLC0415 - Polars takes its time to import
    from flows.operator.explain import find_target  # noqa: PLC0415 - as above

    row = find_target(store, dataset, target_id)
    if as_json:
        print_json(row)
        return
    for line in explained(row):
        click.echo(printable(line))
