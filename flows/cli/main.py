"""The command line: `gongbao run | read | show | get | explain | diff | replay | verify | status | source`, and more.

Exit status: 0 published or unchanged, 1 an unforeseen error, 2 wrong usage, 3 held, 4 rejected (for `verify`: faults
were found; for `status`: an alert is open), 5 the source could not be fetched (for `status`: a run is overdue), 6 the
store failed.
"""

import atexit
import gc
import sys

import click

from flows.cli.candidates import candidate, candidates
from flows.cli.diff import diff
from flows.cli.explain import explain
from flows.cli.get import get
from flows.cli.key import key
from flows.cli.numeral import numeral
from flows.cli.read import read
from flows.cli.replay import replay
from flows.cli.run import run
from flows.cli.source import source
from flows.cli.status import status
from flows.cli.store import show, sources, verify
from schemas.errors import GongbaoError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="gongbao")
def cli() -> None:
    """Open data out of government reports: every number with its place in the archived page."""


for command in (
    run,
    read,
    numeral,
    show,
    get,
    explain,
    diff,
    replay,
    verify,
    key,
    status,
    candidates,
    candidate,
    sources,
    source,
):
    cli.add_command(command)


def main() -> None:
    """Run a command; an error is one line on standard error, and its exit status says of what kind it is."""
    atexit.register(gc.freeze)  # else the interpreter searches every class for cycles before it ends
    try:
        sys.exit(cli(standalone_mode=False))
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except click.Abort:
        sys.exit(130)
    except GongbaoError as error:
        click.echo(f"gongbao: {error.code}: {error}", err=True)
        sys.exit(error.exit_status)
