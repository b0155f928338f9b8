"""Rebuilding: the archive gives each release again byte for byte, and what it does not give is named."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from support.commands import environment, gongbao
from support.nights import table
from support.release_store import VERSIONS, earlier_reader, live, publish, rewrite, site, three_releases, told
from support.reviewed_builders import row, text, write
from support.switches import with_portal

from flows.operator.history import open_history
from flows.operator.rebuild import rebuild, rebuild_all
from flows.operator.store_queries import check
from infra.store import open_store
from publish.bucket.serialize import sha256
from schemas.codelists import Outcome, Severity
from schemas.registry.sources import Source, load_sources

if TYPE_CHECKING:
    from schemas.finding import Finding
    from schemas.observation import Observation

FIRST, SECOND, THIRD = VERSIONS


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The registry file of a source and its store with three releases, which the tests only copy."""
    with site(tmp_path_factory.mktemp("rebuild")) as (editor, sources, store):
        three_releases(editor, sources, store)
        yield sources, store


@pytest.fixture(scope="module")
def environ(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return environment(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def source(made: tuple[str, str]) -> Source:
    return load_sources(Path(made[0]))[-1]


@pytest.fixture
def store(made: tuple[str, str], tmp_path: Path) -> str:
    copy = tmp_path / "copy"
    shutil.copytree(made[1], copy)
    return str(copy)


def findings(store: str, source: Source | None) -> tuple[Finding, ...]:
    return rebuild(open_history(store), source)


def republish(store: str, version: str, name: str, change: bytes) -> None:
    """Swap a file of a release and make every hash that names it say so: what only a rebuild can find out."""
    place, folder = open_store(store), f"seed/v/{version}/"
    rewrite(place, folder + name, lambda data: data + change)
    file = Path(store) / folder / name

    def amended(data: bytes) -> bytes:
        record = json.loads(data)
        (entry,) = [one for one in record["files"] if one["name"] == name]
        entry |= {"size": file.stat().st_size, "sha256": sha256(file.read_bytes())}
        return (json.dumps(record, ensure_ascii=False, indent=2) + "\n").encode()

    rewrite(place, f"{folder}manifest.json", amended)
    digest = sha256((Path(store) / folder / "manifest.json").read_bytes())

    def listed(data: bytes) -> bytes:
        index = json.loads(data)
        for one in index["datasets"]["seed"]["releases"]:
            one["manifest_sha256"] = digest if one["version"] == version else one["manifest_sha256"]
        return json.dumps(index).encode()

    rewrite(place, "index.json", listed)


def test_every_release_is_built_again_byte_for_byte(store: str, source: Source) -> None:
    assert findings(store, source) == ()


def test_a_release_without_pages_has_none_anywhere_in_the_store(store: str) -> None:
    keys = [entry.key for entry in open_store(store).list("")]
    assert [key for key in keys if key.endswith((".html", "portal.zip"))] == []
    assert check(store, ()) == ("3 releases of 1 datasets", ())


def test_a_release_with_pages_is_built_again_with_them_whatever_the_setting_is_now(tmp_path: Path) -> None:
    with with_portal(), site(tmp_path) as (_, sources, store):
        publish(sources, store, 1)
    source = load_sources(Path(sources))[-1]
    assert findings(store, source) == ()
    republish(store, FIRST, "portal.zip", b" ")
    assert f"seed/v/{FIRST}/portal.zip" in {one.where for one in findings(store, source)}


def test_a_release_that_another_wrote_is_found_though_all_hashes_fit(store: str, source: Source) -> None:
    republish(store, SECOND, "observations.csv", b"forged\n")
    found = findings(store, source)
    assert {one.code for one in found} == {"rebuild_differs"}
    assert f"seed/v/{SECOND}/observations.csv" in {one.where for one in found}
    assert all(one.severity is Severity.REJECT for one in found)


@pytest.mark.parametrize("name", ["quality.json", "CHANGES.md", "LICENSE", "observations.parquet", "seed.xlsx"])
def test_no_file_can_be_swapped_unseen(store: str, source: Source, name: str) -> None:
    republish(store, FIRST, name, b" ")
    assert f"seed/v/{FIRST}/{name}" in {one.where for one in findings(store, source)}


def test_a_capture_that_is_lost_is_named_for_the_releases_that_need_it(store: str, source: Source) -> None:
    documents = table(open_store(store), "documents").filter(document="post-2698765")
    (Path(store) / str(documents["archive_key"][0])).unlink()
    (found,) = findings(store, source)
    assert (found.code, found.where, found.severity) == ("rebuild_failed", f"seed/v/{THIRD}/", Severity.REJECT)
    assert documents["archive_key"][0] in found.evidence[0]


def test_a_release_whose_former_one_is_missing_cannot_be_built(store: str, source: Source) -> None:
    def without(data: bytes) -> bytes:
        index = json.loads(data)
        listed = index["datasets"]["seed"]["releases"]
        index["datasets"]["seed"]["releases"] = [one for one in listed if one["version"] != FIRST]
        return json.dumps(index).encode()

    rewrite(open_store(store), "index.json", without)
    (found,) = findings(store, source)
    assert (found.code, found.where) == ("rebuild_failed", f"seed/v/{SECOND}/")
    assert FIRST in found.evidence[0]


def test_a_source_that_the_registry_does_not_know_is_no_fault(store: str) -> None:
    found = rebuild_all(store, (), ())
    assert {one.severity for one in found} == {Severity.NOTE}
    assert len(found) == len(VERSIONS)
    assert "no source of this name" in found[0].evidence[0]


def test_a_release_of_another_reader_is_said_not_to_be_built_and_the_others_are(tmp_path: Path) -> None:
    def misread(one: Observation) -> Observation | None:
        return None if one.obs_text == "8700户" else one

    with site(tmp_path) as (editor, sources, store):
        with earlier_reader("0.0.9+old", misread):
            publish(sources, store, 1)
        editor.correct("固定资产投资增长5.0%", "固定资产投资增长5.2%")
        publish(sources, store, 2)
        (found,) = findings(store, load_sources(Path(sources))[-1])
    assert (found.code, found.severity) == ("rebuild_impossible", Severity.NOTE)
    assert found.where == "seed/v/2026.06.01.1/"
    assert "reader_version: 0.0.9+old then" in found.evidence[0]


def test_a_release_with_reread_evidence_a_withdrawn_page_and_facts_by_hand_is_built_again(tmp_path: Path) -> None:
    """Everything that can make a night differ from its rebuild, in one history."""

    def misread(one: Observation) -> Observation | None:
        return None if one.obs_text == "8700户" else one

    with site(tmp_path) as (editor, sources, store):
        entered = write(tmp_path / "reviewed", text(row()), dataset="seed")
        publish(sources, store, 1)
        with earlier_reader("0.0.9+old", misread):
            publish(sources, store, 2)
        editor.correct("固定资产投资增长5.0%", "固定资产投资增长5.2%")
        publish(sources, store, 3)
        assert set(table(open_store(store), "revisions")["cause"]) == {"reader", "source"}
        (entered / "seed.csv").unlink()
        publish(sources, store, 4)
        assert set(table(open_store(store), "revisions")["cause"]) == {"correction"}
        assert live(sources, store, 5) is Outcome.UNCHANGED
        found = findings(store, load_sources(Path(sources))[-1])
    assert [(one.code, one.where) for one in found] == [("rebuild_impossible", "seed/v/2026.06.02.1/")]


class TestTheCommand:
    def test_a_store_that_is_built_again_is_sound(
        self, made: tuple[str, str], store: str, environ: dict[str, str]
    ) -> None:
        done = gongbao("verify", store, "--rebuild", "--sources", made[0], environ=environ)
        assert (done.status, done.out, done.err) == (0, "sound: 3 releases of 1 datasets\n", "")

    def test_what_cannot_be_built_is_printed_and_no_fault(self, store: str, environ: dict[str, str]) -> None:
        done = gongbao("verify", store, "--rebuild", environ=environ)
        assert done.status == 0
        assert done.out.count("rebuild_impossible") == 3
        assert done.out.endswith("sound: 3 releases of 1 datasets\n")
        notes = told(gongbao("verify", store, "--rebuild", "--json", environ=environ).out)
        assert {one["severity"] for one in notes} == {"note"}

    def test_a_difference_is_a_finding_that_names_the_file(
        self, made: tuple[str, str], store: str, environ: dict[str, str]
    ) -> None:
        republish(store, FIRST, "LICENSE", b"and more\n")
        done = gongbao("verify", store, "--rebuild", "--sources", made[0], "--json", environ=environ)
        assert done.status == 4
        assert f"seed/v/{FIRST}/LICENSE" in {one["where"] for one in told(done.out) if one["code"] == "rebuild_differs"}
