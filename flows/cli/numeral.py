"""`gongbao numeral`: the values of numerals, one a line."""

import json
import sys

import click

from raw.numerals.evaluate import value_of

# From here on a float no longer tells every whole number from the next.
_WHOLE = 2**53


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object a line: text and value.")
def numeral(*, as_json: bool) -> None:
    """Read one numeral a line from standard input and print its value, or - where there is none."""
    for line in sys.stdin.buffer:
        text = line.decode("utf-8", errors="replace").rstrip("\r\n")
        value = _shortest(value_of(text))
        if as_json:
            click.echo(json.dumps({"text": text, "value": value}, ensure_ascii=False))
        else:
            click.echo("-" if value is None else value)


def _shortest(value: float | None) -> float | None:
    """Return a whole number as an integer, so that it prints without decimals."""
    return int(value) if value is not None and value.is_integer() and abs(value) < _WHOLE else value
