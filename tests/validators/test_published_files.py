"""The files of a release in the hands of those who take them: pandas, Polars and DuckDB."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import duckdb
import pandas as pd
import polars as pl
import pytest
from duckdb_extensions import import_extension
from support.seaweed import SECRETS, Seaweed

from infra.store import Headers, open_store
from schemas.tables.columns import TABLES

if TYPE_CHECKING:
    from pathlib import Path

PARQUET = Headers(content_type="application/vnd.apache.parquet", cache_control="public, max-age=300")


def test_pandas_polars_and_duckdb_read_the_same_rows_from_parquet_and_csv(published_seed: Path) -> None:
    manifest = json.loads((published_seed / "manifest.json").read_bytes())
    rows = {table["name"]: table["rows"] for table in manifest["tables"]}
    assert list(rows) == list(TABLES)
    for table in TABLES:
        parquet, csv = str(published_seed / f"{table}.parquet"), str(published_seed / f"{table}.csv")
        frame, by_duckdb = pl.read_parquet(parquet), duckdb.read_parquet(parquet)
        assert len(pd.read_parquet(parquet)) == len(pd.read_csv(csv)) == frame.height == rows[table], table
        assert list(pd.read_parquet(parquet).columns) == list(pd.read_csv(csv).columns) == by_duckdb.columns
        assert by_duckdb.columns == frame.columns
        assert by_duckdb.fetchall() == frame.rows()
        assert len(duckdb.read_csv(csv).fetchall()) == frame.height
    # Only a second report and a second release have those.
    assert {table for table in TABLES if not rows[table]} <= {"silences", "revisions"}


def test_duckdb_reads_from_the_bucket_itself(published_seed: Path, seaweed: Seaweed, s3_url: str) -> None:
    data = (published_seed / "observations.parquet").read_bytes()
    open_store(s3_url).put_new("seed/v/1/observations.parquet", data, PARQUET)
    with duckdb.connect() as remote:
        import_extension("httpfs", con=remote)
        remote.load_extension("httpfs")
        remote.sql(
            f"create secret (type s3, key_id 'reader', secret '{SECRETS['reader']}', region 'us-east-1', "
            f"endpoint '{seaweed.endpoint.removeprefix('http://')}', url_style 'path', use_ssl false)"
        )
        found = remote.sql(f"select count(*), sum(value) from '{s3_url}/seed/v/1/observations.parquet'").fetchone()  # noqa: S608 - the test's own address
    local = pl.read_parquet(published_seed / "observations.parquet")
    assert found == (local.height, pytest.approx(local["value"].sum()))
