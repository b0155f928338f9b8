"""The files of a release in the hands of those who take them: pandas, Polars, DuckDB and frictionless."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from subprocess import CompletedProcess, run

import duckdb
import pandas as pd
import polars as pl
import pytest
from duckdb_extensions import import_extension
from support.cms import SiteEditor, registry, seed_article
from support.nights import plain
from support.requires import program
from support.seaweed import SECRETS, Seaweed

from flows.run.context import create_context
from infra.store import Headers, open_store
from schemas.codelists import Outcome
from schemas.tables.columns import TABLES

PARQUET = Headers(content_type="application/vnd.apache.parquet", cache_control="public, max-age=300")


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a release of the seed."""
    folder = tmp_path_factory.mktemp("published")
    editor = SiteEditor(articles=[seed_article()])
    with editor.served() as base, pytest.MonkeyPatch.context() as patch:
        patch.setenv("GONGBAO_PACE", "0")
        assert plain(create_context("seed", str(folder / "store"), registry(folder, base), None)) is Outcome.PUBLISHED
    (version,) = (folder / "store" / "seed" / "v").iterdir()
    return version


@pytest.fixture
def damaged(release: Path, tmp_path: Path) -> Path:
    """A copy of the release to plant faults in."""
    return Path(shutil.copytree(release, tmp_path / "damaged"))


def rows(release: Path) -> dict[str, int]:
    """How many rows each table has by the manifest."""
    manifest = json.loads((release / "manifest.json").read_bytes())
    return {table["name"]: table["rows"] for table in manifest["tables"]}


def torn(file: Path) -> None:
    """Keep the first half of a file."""
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


@pytest.mark.parametrize("table", TABLES)
def test_pandas_reads_the_same_from_parquet_and_csv(table: str, release: Path) -> None:
    parquet, csv = pd.read_parquet(release / f"{table}.parquet"), pd.read_csv(release / f"{table}.csv")
    assert len(parquet) == len(csv) == rows(release)[table]
    assert len(csv) > 0 or table in {"silences", "revisions"}, "only a second report and a second release have these"
    assert list(parquet.columns) == list(csv.columns)


def test_pandas_and_polars_and_duckdb_say_the_same_of_the_economy(release: Path) -> None:
    file = release / "observations.parquet"
    by_pandas = pd.read_parquet(file).query("indicator == 'gdp' and measure == 'level' and status == 'actual'")["value"]
    by_polars = pl.read_parquet(file).filter(indicator="gdp", measure="level", status="actual")
    by_duckdb = (
        duckdb.read_parquet(str(file))
        .filter("indicator = 'gdp' and measure = 'level' and status = 'actual'")
        .project("value")
        .fetchall()
    )
    assert by_pandas.tolist() == by_polars["value"].to_list() == [value for (value,) in by_duckdb] == [573.72]


@pytest.mark.parametrize("table", TABLES)
def test_polars_and_duckdb_see_the_same_rows_and_types(table: str, release: Path) -> None:
    file = release / f"{table}.parquet"
    by_polars, by_duckdb = pl.read_parquet(file), duckdb.read_parquet(str(file))
    assert by_duckdb.columns == by_polars.columns
    assert by_duckdb.fetchall() == by_polars.rows()
    csv = duckdb.read_csv(str(release / f"{table}.csv"))
    assert len(csv.fetchall()) == by_polars.height


def test_a_torn_table_is_opened_by_none(damaged: Path) -> None:
    file = damaged / "observations.parquet"
    torn(file)
    with pytest.raises(ValueError, match="Parquet magic bytes not found"):
        pd.read_parquet(file)
    with pytest.raises(pl.exceptions.ComputeError):
        pl.read_parquet(file)
    with pytest.raises(duckdb.Error):
        duckdb.read_parquet(str(file))


def test_duckdb_asks_the_bucket_itself_for_the_columns_it_needs(release: Path, seaweed: Seaweed, s3_url: str) -> None:
    store = open_store(s3_url)
    for file in release.iterdir():
        store.put_new(f"seed/v/1/{file.name}", file.read_bytes(), PARQUET)
    with duckdb.connect() as remote:
        import_extension("httpfs", con=remote)
        remote.load_extension("httpfs")
        remote.sql(
            f"create secret (type s3, key_id 'reader', secret '{SECRETS['reader']}', region 'us-east-1', "
            f"endpoint '{seaweed.endpoint.removeprefix('http://')}', url_style 'path', use_ssl false)"
        )
        found = remote.sql(f"select count(*), sum(value) from '{s3_url}/seed/v/1/observations.parquet'").fetchone()  # noqa: S608 - the test's own address
    local = pl.read_parquet(release / "observations.parquet")
    assert found == (local.height, pytest.approx(local["value"].sum()))


def validated(folder: Path) -> CompletedProcess[str]:
    """What `frictionless validate` says of the package in a folder."""
    command = [program("frictionless"), "validate", "datapackage.json", "--json"]
    return run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_frictionless_accepts_the_package(release: Path) -> None:
    done = validated(release)
    report = json.loads(done.stdout)
    assert (done.returncode, report["valid"]) == (0, True), done.stdout
    assert {task["name"] for task in report["tasks"]} >= set(TABLES)
    assert all(
        task["stats"].get("rows", 0) == rows(release)[task["name"]]
        for task in report["tasks"]
        if task["name"] in TABLES
    )


@pytest.mark.parametrize(
    ("name", "old", "new", "error"),
    [
        ("observations.csv", b"573.72,", b"plenty,", "type-error"),
        ("observations.csv", b"obs_id,", b"id,", "incorrect-label"),
        ("numbers.csv", b"claimed", b"guessed", "hash-count"),
    ],
)
def test_frictionless_finds_what_is_wrong(name: str, old: bytes, new: bytes, error: str, damaged: Path) -> None:
    file = damaged / name
    whole = file.read_bytes()
    assert old in whole
    file.write_bytes(whole.replace(old, new, 1))
    done = validated(damaged)
    assert done.returncode == 1
    assert error in done.stdout
