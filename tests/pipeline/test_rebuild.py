"""Rebuilding: the archive gives each release again byte for byte, and what it does not give is named."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from support.commands import gongbao
from support.june_runs import (
    FORMER_READER,
    INVESTMENT,
    VERSIONS,
    SiteStore,
    earlier_reader,
    rewrite,
    without_enterprises,
)
from support.reviewed_builders import row, text, write
from support.runs import table, with_portal

from flows.operator.history import open_history
from flows.operator.rebuild import rebuild
from flows.operator.store_queries import check
from infra.store import open_store
from publish.bucket.serialize import sha256
from schemas.codelists import Outcome, Severity
from schemas.registry.sources import Source, load_sources

if TYPE_CHECKING:
    from schemas.finding import Finding

FIRST, SECOND, THIRD = VERSIONS


@pytest.fixture(scope="session")
def sources(three_releases: Path) -> str:
    """The registry file of the source."""
    return str(three_releases.with_name("sources.toml"))


@pytest.fixture
def source(sources: str) -> Source:
    return load_sources(Path(sources))[-1]


@pytest.fixture
def store(three_releases: Path, tmp_path: Path) -> str:
    """A copy of the three releases."""
    return str(shutil.copytree(three_releases, tmp_path / "copy"))


def rebuilt(site: SiteStore) -> tuple[Finding, ...]:
    return rebuild(open_history(site.url), load_sources(Path(site.sources))[-1])


def republish(store: str, version: str, name: str) -> None:
    """Change a file of a release and every hash that names it: what only a rebuild can find out."""
    folder = f"seed/v/{version}/"
    rewrite(open_store(store), folder + name, lambda data: data + b" \n")
    file = Path(store) / folder / name

    def amended(data: bytes) -> bytes:
        record = json.loads(data)
        (entry,) = [each for each in record["files"] if each["name"] == name]
        entry |= {"size": file.stat().st_size, "sha256": sha256(file.read_bytes())}
        return (json.dumps(record, ensure_ascii=False, indent=2) + "\n").encode()

    rewrite(open_store(store), f"{folder}manifest.json", amended)
    digest = sha256((Path(store) / folder / "manifest.json").read_bytes())

    def listed(data: bytes) -> bytes:
        index = json.loads(data)
        for each in index["datasets"]["seed"]["releases"]:
            each["manifest_sha256"] = digest if each["version"] == version else each["manifest_sha256"]
        return json.dumps(index).encode()

    rewrite(open_store(store), "index.json", listed)


def test_a_release_with_pages_is_built_again_with_them_whatever_the_setting_is_now(site: SiteStore) -> None:
    with with_portal():
        site.publish(1)
    assert rebuilt(site) == ()
    republish(site.url, FIRST, "portal.zip")
    assert f"seed/v/{FIRST}/portal.zip" in {finding.where for finding in rebuilt(site)}


def test_a_capture_that_is_lost_is_named_for_the_releases_that_need_it(store: str, source: Source) -> None:
    documents = table(open_store(store), "documents").filter(document="post-2698765")
    (Path(store) / str(documents["archive_key"][0])).unlink()
    (finding,) = rebuild(open_history(store), source)
    assert (finding.code, finding.where, finding.severity) == ("rebuild_failed", f"seed/v/{THIRD}/", Severity.REJECT)
    assert documents["archive_key"][0] in finding.evidence[0]


def test_a_release_whose_former_one_is_missing_cannot_be_built(store: str, source: Source) -> None:
    def without(data: bytes) -> bytes:
        index = json.loads(data)
        listed = index["datasets"]["seed"]["releases"]
        index["datasets"]["seed"]["releases"] = [each for each in listed if each["version"] != FIRST]
        return json.dumps(index).encode()

    rewrite(open_store(store), "index.json", without)
    (finding,) = rebuild(open_history(store), source)
    assert (finding.code, finding.where) == ("rebuild_failed", f"seed/v/{SECOND}/")
    assert FIRST in finding.evidence[0]


def test_a_release_of_another_reader_is_said_not_to_be_built_and_the_others_are(misread: SiteStore) -> None:
    misread.editor.correct(*INVESTMENT)
    misread.publish(2)
    (finding,) = rebuilt(misread)
    assert (finding.code, finding.severity) == ("rebuild_impossible", Severity.NOTE)
    assert finding.where == "seed/v/2026.06.01.1/"
    assert f"reader_version: {FORMER_READER} then" in finding.evidence[0]


def test_a_release_with_reread_evidence_a_withdrawn_page_and_facts_by_hand_is_built_again(
    site: SiteStore, tmp_path: Path
) -> None:
    """Everything that can make a run differ from its rebuild, in one history."""
    entered = write(tmp_path / "reviewed", text(row()), dataset="seed")
    site.publish(1)
    with earlier_reader(FORMER_READER, without_enterprises):
        site.publish(2)
    site.editor.correct(*INVESTMENT)
    site.publish(3)
    assert set(table(site.store, "revisions")["cause"]) == {"reader", "source"}
    (entered / "seed.csv").unlink()
    site.publish(4)
    assert set(table(site.store, "revisions")["cause"]) == {"correction"}
    assert site.run(5).outcome is Outcome.UNCHANGED
    assert [(each.code, each.where) for each in rebuilt(site)] == [("rebuild_impossible", "seed/v/2026.06.02.1/")]


class TestTheCommand:
    def test_releases_without_pages_are_built_again_byte_for_byte(
        self, sources: str, three_releases: Path, environ: dict[str, str]
    ) -> None:
        store = str(three_releases)
        assert [entry.key for entry in open_store(store).list("") if entry.key.endswith((".html", "portal.zip"))] == []
        assert check(store, ()) == ("3 releases of 1 datasets", ())
        done = gongbao("verify", store, "--rebuild", "--sources", sources, environ=environ)
        assert (done.status, done.out, done.err) == (0, "sound: 3 releases of 1 datasets\n", "")

    def test_a_source_that_the_registry_does_not_know_is_printed_and_no_fault(
        self, three_releases: Path, environ: dict[str, str]
    ) -> None:
        done = gongbao("verify", str(three_releases), "--rebuild", environ=environ)
        assert done.status == 0
        assert done.out.count("rebuild_impossible") == 3
        assert done.out.endswith("sound: 3 releases of 1 datasets\n")
        notes = json.loads(gongbao("verify", str(three_releases), "--rebuild", "--json", environ=environ).out)
        assert [note["severity"] for note in notes] == ["note"] * 3
        assert "no source of this name" in notes[0]["evidence"][0]

    def test_no_file_can_be_swapped_unseen_though_all_hashes_fit(
        self, sources: str, source: Source, store: str, environ: dict[str, str]
    ) -> None:
        republish(store, SECOND, "LICENSE")
        done = gongbao("verify", store, "--rebuild", "--sources", sources, "--json", environ=environ)
        differs = [finding["where"] for finding in json.loads(done.out) if finding["code"] == "rebuild_differs"]
        assert (done.status, f"seed/v/{SECOND}/LICENSE" in differs) == (4, True)
        names = ("quality.json", "CHANGES.md", "observations.csv", "observations.parquet", "seed.xlsx")
        for name in names:
            republish(store, SECOND, name)
        found = {(finding.where, finding.severity) for finding in rebuild(open_history(store), source)}
        assert found >= {(f"seed/v/{SECOND}/{name}", Severity.REJECT) for name in names}
