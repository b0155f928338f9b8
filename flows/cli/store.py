"""`gongbao show`, `verify` and `sources`: what is published, whether it is sound, and what it is made from."""

from dataclasses import asdict
from pathlib import Path

import click

from flows.cli.shared import AS_JSON, DATASETS, SOURCES, print_rows
from schemas.codelists import Severity
from schemas.finding import worst
from schemas.registry.sources import load_sources

_KEY_HELP = "A public key that you trust, of minisign or ssh: every release must be signed by one of each kind given."


@click.command()
@click.argument("store")
@click.option("--source", "dataset", default="", metavar="ID", help="Show this dataset's observations.")
@AS_JSON
def show(store: str, dataset: str, *, as_json: bool) -> None:
    """Show what is published: the releases of a store, or the observations of one dataset."""
    from flows.operator.store_queries import observations, releases  # noqa: PLC0415 - Polars takes its time to import

    rows = observations(store, dataset) if dataset else releases(store)
    print_rows(rows, as_json=as_json, empty="nothing is published there yet")


@click.command()
@click.argument("store")
@DATASETS
@click.option("--rebuild", is_flag=True, help="Build each release again out of the archive too, and compare bytes.")
@click.option("--key", "trusted", multiple=True, metavar="FILE", help=_KEY_HELP)
@SOURCES
@AS_JSON
def verify(  # noqa: PLR0913 - an argument for each option of the command
    store: str, ids: tuple[str, ...], trusted: tuple[str, ...], file: str, *, rebuild: bool, as_json: bool
) -> None:
    """Check all that is published: hashes, signatures, chain, pointer, and each span against the archived page."""
    from flows.operator.rebuild import rebuild_all  # noqa: PLC0415 - as above
    from flows.operator.store_queries import check  # noqa: PLC0415 - as above

    known = load_sources(Path(file) if file else None)
    checked, findings = check(store, ids, trusted)
    findings += rebuild_all(store, ids, known) if rebuild else ()
    sound = worst(findings) is Severity.NOTE
    if findings or as_json:
        print_rows([finding.as_record() for finding in findings], as_json=as_json, empty="")
    if sound and not as_json:
        click.echo(f"sound: {checked}")
    if not sound:
        raise click.exceptions.Exit(4)


@click.command()
@SOURCES
@AS_JSON
def sources(file: str, *, as_json: bool) -> None:
    """List the registry of sources."""
    known = load_sources(Path(file) if file else None)
    rows = [asdict(source) for source in known]
    brief = [
        {name: row[name] for name in ("id", "platform", "nightly")}
        | {"area": source.area_zh, "address": " ".join(source.addresses)}
        for row, source in zip(rows, known, strict=True)
    ]
    print_rows(rows if as_json else brief, as_json=as_json, empty="no source")
