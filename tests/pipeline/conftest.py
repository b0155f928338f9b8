"""Fixtures of runs in one process: stores that are made once and copied for each test, and the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.commands import environment
from support.shared_session import folder_once

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import ModuleType

    from support.june_runs import SiteStore


@pytest.fixture(scope="session")
def environ(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a command on a fresh laptop."""
    return environment(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="session")
def three_releases() -> Path:
    """A store with three releases, which the tests only look at or copy; the registry file lies beside it."""

    def build(folder: Path) -> None:
        with _runs().site(folder) as site:
            site.publish_three()

    return folder_once("three-releases", build) / "store"


@pytest.fixture(scope="package")
def held_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SiteStore]:
    """A site and a store in which a release is held, which the tests only look at or copy."""
    with _runs().held(tmp_path_factory.mktemp("held")) as site:
        yield site


@pytest.fixture
def held_release(held_site: SiteStore, tmp_path: Path, quick_settings: Path) -> Iterator[SiteStore]:  # noqa: ARG001 - quick settings are in the environment
    """A copy of it; what the site shows is put back afterwards."""
    yield from _copied(held_site, tmp_path)


@pytest.fixture(scope="package")
def misread_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SiteStore]:
    """A site and a store whose release was read by an earlier reader, which saw no number of enterprises."""
    runs = _runs()
    with runs.site(tmp_path_factory.mktemp("misread")) as site:
        with runs.earlier_reader(runs.FORMER_READER, runs.without_enterprises):
            site.publish(1)
        yield site


@pytest.fixture
def misread(misread_site: SiteStore, tmp_path: Path, quick_settings: Path) -> Iterator[SiteStore]:  # noqa: ARG001 - as above
    """A copy of it; what the site shows is put back afterwards."""
    yield from _copied(misread_site, tmp_path)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[SiteStore]:
    """A site that shows the first report, and an empty store."""
    with _runs().site(tmp_path) as site:
        yield site


def _copied(site: SiteStore, folder: Path) -> Iterator[SiteStore]:
    articles = list(site.editor.articles)
    yield site.copied(folder / "store")
    site.editor.articles[:] = articles


def _runs() -> ModuleType:
    from support import june_runs  # noqa: PLC0415 - it imports the flows, and with them Prefect

    return june_runs
