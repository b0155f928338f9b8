"""Releases as they lie in a store, for those who hold them against other people's validators; and a closed network."""

from __future__ import annotations

import hashlib
import json
import shutil
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import polars as pl
import pytest
from click.testing import CliRunner
from support.requires import shared
from support.runs import plain
from support.site_editor import SiteEditor, registry, seed_article

from flows.run.context import create_context
from publish.bucket.manifest import from_manifest
from publish.metadata.description import ReleaseDescription
from raw.samples.articles import load_samples
from schemas.codelists import Outcome
from schemas.registry.sources import load_sources
from schemas.tables.columns import TABLES

if TYPE_CHECKING:
    from collections.abc import Callable

CONTACT = "data@example.org"

Json = dict[str, Any]


class NetworkReachedError(AssertionError):
    """A validator asked the network."""


def build(which: str, folder: Path) -> None:
    """Publish a release of the samples or the seed, through the real stages; the samples' has a contact."""
    articles = [seed_article()] if which == "seed" else list(load_samples())
    with SiteEditor(articles=articles).served() as base, pytest.MonkeyPatch.context() as patch:
        patch.setenv("GONGBAO_PACE", "0")
        patch.setenv("GONGBAO_CONTACT", CONTACT if which == "samples" else "")
        assert plain(create_context("seed", str(folder / "store"), registry(folder, base), None)) is Outcome.PUBLISHED


def close_network(patch: pytest.MonkeyPatch) -> None:
    """From now on whoever looks up a name or connects fails the test, or dies of it."""

    def refuse(*_: object, **__: object) -> NoReturn:
        raise NetworkReachedError

    for name in ("connect", "connect_ex", "sendto"):
        patch.setattr(socket.socket, name, refuse)
    for name in ("getaddrinfo", "gethostbyname", "create_connection"):
        patch.setattr(socket, name, refuse)


def copied(release: Path, folder: Path) -> Path:
    """A copy of a release to plant faults in."""
    return Path(shutil.copytree(release, folder / "damaged"))


def loaded(file: Path) -> Json:
    """A JSON object out of a file."""
    value = json.loads(file.read_bytes())
    assert isinstance(value, dict)
    return value


def edit(file: Path, change: Callable[[Json], object]) -> None:
    """Change a JSON file in place."""
    value = loaded(file)
    change(value)
    file.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")


def swap(file: Path, old: str, new: str) -> None:
    """Put one text for another, once; it must stand there."""
    text = file.read_text(encoding="utf-8")
    assert old in text, f"{old!r} does not stand in {file.name}"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def twice(file: Path) -> None:
    """Write the last row of a file once more."""
    text = file.read_text(encoding="utf-8")
    file.write_text(text + text.splitlines()[-1] + "\n", encoding="utf-8")


def drop(release: Path, column: str) -> None:
    """Take a column out of the observations, in both of their files."""
    pl.read_csv(release / "observations.csv", infer_schema=False).drop(column).write_csv(release / "observations.csv")
    pl.read_parquet(release / "observations.parquet").drop(column).write_parquet(release / "observations.parquet")


def schema_accepts(file: Path, *schema: str, options: tuple[str, ...] = ()) -> bool:
    """Return whether a JSON schema of the reference material accepts a file."""
    command = ["--schemafile", str(shared("standards", *schema)), *options, str(file)]
    done = CliRunner().invoke(late("check_jsonschema").main, command)
    assert done.exit_code in {0, 1}, done.output
    return done.exit_code == 0


def digest(file: Path) -> str:
    """The SHA-256 of a file, by the standard library alone."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def data_files(release: Path) -> set[str]:
    """The files with data: every table twice, and the workbook."""
    found = {file.name for file in release.iterdir() if file.suffix in {".csv", ".parquet", ".xlsx"}}
    assert len(found) == 2 * len(TABLES) + 1
    return found


def about(release: Path) -> ReleaseDescription:
    """The release as its descriptions were made from it, out of its files alone."""
    files = {file.name: file.read_bytes() for file in release.iterdir() if file.name in data_files(release)}
    manifest = from_manifest((release / "manifest.json").read_bytes())
    (source,) = [source for source in load_sources() if source.id == "torch"]
    tables = {table: pl.read_parquet(release / f"{table}.parquet") for table in TABLES}
    return ReleaseDescription(release=manifest.release, source=source, tables=tables, files=files)


def late(module: str) -> Any:  # noqa: ANN401 - modules that ship no types
    """A module that takes seconds to import, so that only those pay who use it."""
    __import__(module)
    return sys.modules[module]
