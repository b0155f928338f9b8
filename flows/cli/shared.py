"""The options and the output that several commands share."""

import json
from typing import Any

import click

AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
SOURCES = click.option(
    "--sources", "file", default="", metavar="FILE", help="A registry file of your own, added to the shipped."
)
DATASETS = click.option(
    "--source", "ids", multiple=True, metavar="ID", help="Only this dataset; may be given several times."
)
ONE_DATASET = click.option(
    "--source", "dataset", default="", metavar="ID", help="The dataset; needed where the store has several."
)


def print_json(value: object) -> None:
    """Print a value as JSON."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def print_rows(rows: list[dict[str, Any]], *, as_json: bool, empty: str) -> None:
    """Print rows as JSON, or under their headings, separated by tabs."""
    if as_json:
        print_json(rows)
    elif not rows:
        click.echo(empty)
    else:
        click.echo("\t".join(rows[0]))
        for row in rows:
            click.echo("\t".join("" if value is None else str(value) for value in row.values()))


def printable(value: object) -> str:
    """Return what a source wrote without characters that a terminal would act upon."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in str(value))
