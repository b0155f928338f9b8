"""What tests of every room share: stores that are real."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pytest
from seaweed import BUCKET, Seaweed, serve

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def seaweed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seaweed]:
    """One server for all tests of this process that touch S3."""
    yield from serve(tmp_path_factory.mktemp("seaweed"))


@pytest.fixture
def s3_url(seaweed: Seaweed, monkeypatch: pytest.MonkeyPatch) -> str:
    """An empty place in the server's bucket, with the environment of one who may write there."""
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL_S3"):
        monkeypatch.delenv(name, raising=False)
    for name, value in seaweed.environ().items():
        monkeypatch.setenv(name, value)
    return f"s3://{BUCKET}/{uuid.uuid4().hex}"


@pytest.fixture(params=["folder", "s3"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty store: the test runs once on a folder and once on S3."""
    return str(request.getfixturevalue("s3_url") if request.param == "s3" else tmp_path / "store")
