"""`gongbao source try` and `discover`: what a source at an address would be, before it is registered."""

import asyncio
import os
from dataclasses import asdict

import click

from flows.cli.shared import AS_JSON, print_json, printable
from infra.settings import Settings
from schemas.codelists import Severity
from schemas.finding import worst


@click.group()
def source() -> None:
    """Look at a site before it becomes a source; nothing is stored."""


@source.command("try")
@click.argument("url")
@AS_JSON
def try_address(url: str, *, as_json: bool) -> None:
    """Fetch one page and print what a source there would be, with the entry for a registry file."""
    from flows.operator.source_probe import probe  # noqa: PLC0415 - slow to import

    found = asyncio.run(probe(url, Settings.from_env(os.environ)))
    if as_json:
        findings = [finding.as_record() for finding in found.findings]
        print_json({**found.facts, "findings": findings, "entry": found.entry})
        return
    for name, value in found.facts.items():
        click.echo(f"{name + ':':<13}{printable(value)}")
    for finding in found.findings:
        evidence = f": {' | '.join(finding.evidence)}" if finding.evidence else ""
        click.echo(f"{finding.severity.value + ':':<13}{finding.message} [{finding.code}]{printable(evidence)}")
    if worst(found.findings) is Severity.REJECT:
        click.echo("\nA run would be rejected for the findings above. The entry, for a file that --sources names:")
    else:
        click.echo("\nThe entry, for a file that --sources names:")
    click.echo(f"\n{printable_lines(found.entry)}")


@source.command("discover")
@click.argument("base")
@click.option("--title", default="", metavar="REGEX", help="Which titles; default: those that reports have.")
@AS_JSON
def discover_site(base: str, title: str, *, as_json: bool) -> None:
    """Print the columns of a site and its articles whose titles match, with the entry for a registry file."""
    from flows.operator.source_probe import REPORTS, listings  # noqa: PLC0415 - as above

    found = asyncio.run(listings(base, title or REPORTS, Settings.from_env(os.environ)))
    if as_json:
        print_json(asdict(found))
        return
    click.echo(f"platform:    {found.platform}")
    for column in found.columns:
        click.echo(f"column:      {printable(column)}")
    click.echo(f"articles:    {len(found.articles)} with a title that matches {title or REPORTS}")
    for article in found.articles:
        click.echo(f"{article.published_on or '':<13}{printable(article.title)}\t{printable(article.url)}")
    click.echo(f"\nThe entry, for a file that --sources names:\n\n{printable_lines(found.entry)}")


def printable_lines(text: str) -> str:
    """Return lines without characters that a terminal would act upon."""
    return "\n".join(map(printable, text.split("\n")))
