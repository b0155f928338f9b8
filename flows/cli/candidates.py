"""`gongbao candidates` and `gongbao candidate`: held releases that wait for an operator, and the decision on them."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from flows.cli.shared import AS_JSON, print_json, printable
from infra.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flows.operator.review import ReviewContext

_SOURCE = click.option(
    "--source", "dataset", default="", metavar="ID", help="The dataset; needed where several hold this version."
)
_BY = click.option("--by", required=True, metavar="NAME", help="Who decides; recorded for good, not published.")
_WHY = click.option("--why", required=True, metavar="TEXT", help="Why; recorded for good, not published.")


@click.command()
@click.argument("store")
@click.option("--source", "dataset", default="", metavar="ID", help="Only this dataset.")
@AS_JSON
def candidates(store: str, dataset: str, *, as_json: bool) -> None:
    """List the held releases that wait: since when, compared with which release, and what held them."""
    from flows.operator.pending import pending_candidates  # noqa: PLC0415 - Polars takes its time to import

    entries = pending_candidates(store, dataset)
    if as_json:
        print_json(entries)
    elif not entries:
        click.echo("nothing waits")
    for entry in () if as_json else entries:
        click.echo("\n".join(_line(store, entry)))


@click.group()
def candidate() -> None:
    """Show, accept or reject a held release."""


@candidate.command()
@click.argument("store")
@click.argument("version")
@_SOURCE
@AS_JSON
def show(store: str, version: str, dataset: str, *, as_json: bool) -> None:
    """Show what held a release, with the evidence, its documents, and what it would change, and why."""
    from flows.operator.pending import candidate_details  # noqa: PLC0415 - as above

    details = candidate_details(store, version, dataset)
    if as_json:
        print_json(details)
    else:
        click.echo("\n".join(_format_candidate(store, details)))


def _decision(command: Callable[..., None]) -> click.Command:
    """Return a command that decides on a candidate, with its arguments and options."""
    for decorate in (AS_JSON, _SOURCE, _WHY, _BY, click.argument("version"), click.argument("store")):
        command = decorate(command)
    return candidate.command()(command)


@_decision
def accept(store: str, version: str, *, as_json: bool, **decision: str) -> None:
    """Publish a held release byte for byte, signed with the keys that are set; refused if it is no longer the next."""
    from flows.operator.review import accept as carry_out  # noqa: PLC0415 - as above

    record = carry_out(_review(store, version, **decision))
    release = f"{record['store']}/{record['source']}/v/{version}/"
    _answer(record, [f"  release: {release}", f"  next:    gongbao show {store}"], as_json=as_json)


@_decision
def reject(store: str, version: str, *, as_json: bool, **decision: str) -> None:
    """Do not publish a held release; the same is not held again until the source changes."""
    from flows.operator.review import reject as carry_out  # noqa: PLC0415 - as above

    record = carry_out(_review(store, version, **decision))
    _answer(record, ["  what was published stays; runs end unchanged until the source changes"], as_json=as_json)


def _review(store: str, version: str, dataset: str, by: str, why: str) -> ReviewContext:
    from flows.operator.pending import open_review  # noqa: PLC0415 - as above

    review = open_review(store, dataset, version, Settings.from_env(os.environ))
    return replace(review, by=by, why=why)


def _answer(record: dict[str, Any], rest: list[str], *, as_json: bool) -> None:
    """Print what was decided and by whom: the first decision stands, whoever repeats it."""
    if as_json:
        print_json(record)
        return
    decision, outcome = record["decision"], f"{record['outcome']} {record['version']}"
    head = f"{record['source']}: {outcome}, by {decision['by']} on {decision['at']}: {decision['why']}"
    click.echo("\n".join([head, *rest]))


def _line(store: str, entry: dict[str, Any]) -> Iterator[str]:
    against = f"compared with {entry['against']}" if entry["against"] else "a first release"
    since = f", since {entry['since']}" if entry["since"] else ""
    yield f"{entry['dataset']} {entry['version']}: {entry['state']}{since}, {against}"
    yield from (f"  {_sentence(finding)}" for finding in entry["findings"])
    yield f"  next:    gongbao candidate show {store} {entry['version']} --source {entry['dataset']}"


def _format_candidate(store: str, details: dict[str, Any]) -> Iterator[str]:
    """Yield everything that an operator needs to decide, the findings first."""
    against = f"compared with {details['against']}" if details["against"] else "a first release"
    yield f"{details['dataset']} {details['version']}, {against}"
    if decision := details["decision"]:
        yield f"  {decision['decision']} by {decision['by']} on {decision['at']}: {decision['why']}"
    for finding in details["findings"]:
        yield f"  {_sentence(finding)}"
        yield from (f"    {printable(line)}" for line in finding["evidence"])
    yield from ("", "documents:")
    for document in details["documents"]:
        title, url = printable(document["title"]), printable(document["url"])
        yield f"  {document['document']} ({document['state']}) {title} {url}"
    yield from ("", *map(printable, details["changes"].rstrip("\n").split("\n")))
    if details["waits"]:
        given = f"{store} {details['version']} --source {details['dataset']} --by NAME --why TEXT"
        yield from ("", f"  next:    gongbao candidate accept {given}", f"  or:      gongbao candidate reject {given}")


def _sentence(finding: dict[str, Any]) -> str:
    code, where = finding["code"], printable(finding["where"])
    return f"{finding['severity']}: {printable(finding['message'])} [{code}, {where}]"
