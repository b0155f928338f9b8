"""Fixtures of all groups of tests: real stores, servers that a whole session shares, published releases."""

from __future__ import annotations

import os
import secrets
import uuid
from collections import Counter
from functools import partial
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest
from hypothesis import settings
from support import seaweed as seaweed_server
from support.seaweed import BUCKET, Seaweed
from support.shared_session import close_session, folder_once, open_session, server_address
from support.site_editor import SiteEditor, registry, seed_article

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser
    from support.june_runs import SiteStore
    from support.receivers import Hook
    from support.signed import Keys


# Drawing pages is most of what a release costs: tests that look at them turn it on by `support.runs.with_portal`.
os.environ["GONGBAO_PORTAL"] = "0"
# No test of this process cuts the power, and half of the time of a small release is waiting for the disk. What the
# order of writes and fsync is worth is tested in processes of their own, by tests/unit/infra/test_store_folder.py.
os.fsync = lambda fd: None  # noqa: ARG005 - its name is part of the signature
SERVERS = frozenset({"seaweed", "s3_url", "prefect_api", "chromium", "chromium_address"})


# No deadline: the machine may be busy. Of examples, few enough for a suite of minutes; some tests set their own number.
settings.register_profile("suite", deadline=None, max_examples=50)
settings.load_profile("suite")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of the crash test."""
    group = parser.getgroup("gongbao")
    group.addoption("--kills", type=int, default=300, help="how many runs the crash test kills (default: 300)")
    group.addoption("--seed", type=int, default=secrets.randbelow(10**6), help="the moments at which it kills them")


def pytest_report_header(config: pytest.Config) -> str:
    """Name what repeats the random moments of the crash test."""
    return f"crash test: --kills {config.getoption('--kills')} --seed {config.getoption('--seed')}"


def pytest_configure(config: pytest.Config) -> None:
    """Make the place of what all processes of this session share."""
    folder = open_session()
    if folder:
        config.add_cleanup(lambda: close_session(folder))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that need a server."""
    for item in items:
        parameters = item.callspec.params.values() if hasattr(item, "callspec") else ()
        if SERVERS.intersection(getattr(item, "fixturenames", ())) or "s3" in parameters:
            item.add_marker(pytest.mark.server)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print how long each group of tests took, all processes together."""
    reports = [report for group in terminalreporter.stats.values() for report in group if hasattr(report, "duration")]
    seconds, tests = Counter[str](), Counter[str]()
    for report in reports:
        group = report.nodeid.removeprefix("tests/").partition("/")[0]
        seconds[group] += report.duration
        tests[group] += report.when == "call"
    terminalreporter.section("time of each group, all processes together")
    for group, sum_of in seconds.most_common():
        terminalreporter.write_line(f"{group:<12}{tests[group]:>6} tests {sum_of:>8.0f} s")


@pytest.fixture(autouse=True)
def own_environment() -> Iterator[None]:
    """What a test, or a command that it runs, leaves in the environment is not told to what later tests start."""
    with patch.dict(os.environ):
        yield


@pytest.fixture(scope="session")
def seaweed() -> Seaweed:
    """The session's S3 server."""
    return Seaweed(endpoint=server_address("seaweed", seaweed_server.start))


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


@pytest.fixture(scope="session")
def prefect_api() -> Iterator[str]:
    """The session's Prefect server, to which all flows of this process go from then on."""
    from support import prefect_server  # noqa: PLC0415 - only tests of flows pay for Prefect's import

    with prefect_server.used(server_address("prefect", prefect_server.start)) as api:
        yield api


@pytest.fixture
def quick_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Settings for quick runs; returns the spool."""
    of_tests = {"GONGBAO_PORTAL", "GONGBAO_REQUIRE_ALL", "GONGBAO_TEST_SESSION"}
    for name in [name for name in os.environ if name.startswith("GONGBAO_") and name not in of_tests]:
        monkeypatch.delenv(name)
    settings = {"GONGBAO_PACE": "0", "GONGBAO_TRIES": "2", "GONGBAO_SPOOL": str(tmp_path / "spool")}
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    return tmp_path / "spool"


@pytest.fixture(scope="session")
def keys() -> Keys:
    """A key of each kind that signs releases."""
    from support.signed import both_keys, keys_in  # noqa: PLC0415 - only tests of releases pay for their imports

    return keys_in(folder_once("keys", both_keys))


@pytest.fixture(scope="session")
def others(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    """The keys of somebody else."""
    from support.signed import both_keys  # noqa: PLC0415 - as above

    return both_keys(tmp_path_factory.mktemp("others"))


@pytest.fixture(scope="session")
def sound(keys: Keys) -> Path:
    """A folder with three releases that are signed; whoever spoils it takes a copy."""
    from support.signed import shipped  # noqa: PLC0415 - as above

    return folder_once("three-signed-releases", lambda folder: shipped(folder, *[keys.signers] * 3))


@pytest.fixture
def editor() -> SiteEditor:
    """An editor's editor with the seed report on it."""
    return SiteEditor(articles=[seed_article()])


@pytest.fixture
def sources(editor: SiteEditor, tmp_path: Path, quick_settings: Path) -> Iterator[str]:  # noqa: ARG001 - quick settings are in the environment
    """A registry file whose one source, `seed`, is a site that shows what lies on the editor."""
    with editor.served() as base:
        yield registry(tmp_path, base)


@pytest.fixture
def channel(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hook]:
    """A webhook to which all alerts go."""
    from support.receivers import ALERT_TOKEN, hook  # noqa: PLC0415 - only tests of alerts pay for a mail server's import

    with hook() as receiver:
        monkeypatch.setenv("GONGBAO_ALERT_URLS", f"json://{receiver.place}/{ALERT_TOKEN}")
        yield receiver


@pytest.fixture
def june_site(tmp_path: Path, channel: Hook) -> Iterator[SiteStore]:  # noqa: ARG001 - it is in the environment
    """A site and an empty store, for runs of June 2026 whose alerts go to `channel`."""
    from support.june_runs import site  # noqa: PLC0415 - it imports the flows, and with them Prefect

    with site(tmp_path) as found:
        yield found


@pytest.fixture(scope="session", params=["samples", "seed"])
def published(request: pytest.FixtureRequest) -> Path:
    """The folder of a real release, of the samples and of the seed, to be read only."""
    return _published(request.param)


@pytest.fixture(scope="session")
def published_seed() -> Path:
    """That of the seed alone."""
    return _published("seed")


def _published(which: str) -> Path:
    from support.published import build  # noqa: PLC0415 - as above
    from support.runs import with_portal  # noqa: PLC0415 - it imports the flows, and with them Prefect

    with with_portal():
        folder = folder_once(f"published-{which}", partial(build, which))
    (version,) = (folder / "store" / "seed" / "v").iterdir()
    return version


@pytest.fixture
def offline(published: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same folder with the network closed from then on."""
    from support.published import close_network  # noqa: PLC0415 - as above

    close_network(monkeypatch)
    return published


@pytest.fixture
def damaged(offline: Path, tmp_path: Path) -> Path:
    """A copy of it to plant faults in."""
    from support.published import copied  # noqa: PLC0415 - as above

    return copied(offline, tmp_path)


@pytest.fixture(scope="session")
def chromium_address() -> Iterator[str]:
    """One browser for all tests of this process that look at pages; where to drive it."""
    from support.browsing import running_chromium  # noqa: PLC0415 - only tests of pages pay for playwright's import

    with running_chromium() as address:
        yield address


@pytest.fixture(scope="module")
def chromium(chromium_address: str) -> Iterator[Browser]:
    """That browser, driven for the time of one module's tests."""
    from support.browsing import driven  # noqa: PLC0415 - as above

    with driven(chromium_address) as browser:
        yield browser


@pytest.fixture(scope="session")
def shown_samples() -> Iterator[str]:
    """The portal of the bundled samples on a server; the address of the dataset's folder, no slash at its end."""
    from support.browsing import shown  # noqa: PLC0415 - as above
    from support.portal_pages import sample_store  # noqa: PLC0415 - it imports the flows, and with them Prefect

    with shown(sample_store()) as base:
        yield f"{base}/seed"
