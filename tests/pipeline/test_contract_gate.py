"""The gate before a change of columns or codes, on values and on the store; and the schema in the store itself."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from support import report_releases
from support.report_releases import VERSION, place, report_release
from support.runs import loaded
from support.wrapped_stores import CountingStore, Killed, KilledStore

from infra.store import Store, open_store
from publish.bucket.layout import CONTRACT, SUMS, file_key, headers, schema_folder
from publish.bucket.manifest import from_manifest, to_json
from publish.gate import contract as contract_gate
from publish.gate.contract import SchemaVersionChange, check_version_bump, contract_findings
from publish.gate.verdict import decide_verdict
from publish.metadata.schema_files import (
    publish_schema,
    read_contract,
    schema_differs,
    schema_files,
    schema_published,
    sums_key,
)
from publish.release.build_files import built_with, release_files
from publish.release.publish import publish_release
from publish.tables.inputs import inputs_sha256
from schemas.codelists import Outcome, Severity, Verdict
from schemas.contract.announcements import Announcement
from schemas.contract.model import ColumnContract, Contract, as_record, contract
from schemas.errors import RegistryError, StoreCorrupt
from schemas.tables.columns import SCHEMA_VERSION

if TYPE_CHECKING:
    from support.june_runs import SiteStore

    from schemas.finding import Finding
    from schemas.release import Release

first, second = partial(report_releases.first, portal=False), partial(report_releases.second, portal=False)
NOW = contract()
GLOSSARY = NOW.tables["glossary"]
# What was published before: with a column less, what is kept now adds to it; with one more, it breaks it.
LESS = replace(NOW, tables={**NOW.tables, "glossary": replace(GLOSSARY, columns=GLOSSARY.columns[:-1])})
GONE = ColumnContract(name="gone", type="string", nullable=True, codes="")
MORE = replace(NOW, tables={**NOW.tables, "glossary": replace(GLOSSARY, columns=(*GLOSSARY.columns, GONE))})
USERS_OF_THE_CONTRACT = ("publish.release.build_files", "publish.metadata.schema_files", "publish.tables.inputs")
AHEAD = Announcement(schema_version=SCHEMA_VERSION, en="glossary gets a column.", zh="名词解释增加一列。")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(str(tmp_path / "store"))


def former(contract_sha256: str, version: str, *announced: Announcement) -> Release:
    """The release before, as its manifest tells of it."""
    release = from_manifest(first()(VERSION)["manifest.json"]).release
    return replace(release, contract_sha256=contract_sha256, schema_version=version, announced=announced)


def published(store: Store, promised: Contract, version: str, *announced: Announcement) -> Release:
    """A former release under another contract, its schema in the store."""
    key = file_key(schema_folder(version), CONTRACT)
    store.put_new(key, to_json({"schema_version": version, **as_record(promised)}), headers(key))
    return former(promised.fingerprint(), version, *announced)


def only(findings: tuple[Finding, ...]) -> Finding:
    (finding,) = findings
    return finding


SAME = None
VERSION_REFUSED = ("contract_version", Severity.REJECT)
ADDED, UNANNOUNCED = ("contract_additive", Severity.NOTE), ("contract_unannounced", Severity.HOLD)
BROKEN, BROKEN_UNANNOUNCED = ("contract_breaking", Severity.REJECT), ("contract_unannounced", Severity.REJECT)
STEPS = [
    (NOW, "1.2.0 1.2.0", "", SAME),
    (NOW, "1.2.0 1.2.1", "", SAME),
    (NOW, "1.2.0 1.3.0", "", SAME),
    (NOW, "1.2.0 2.0.0", "", SAME),
    *((before, "1.2.0 1.1.9", "", VERSION_REFUSED) for before in (NOW, LESS, MORE)),
    *((before, "1.2.0 1.2.0", "1.2.0", VERSION_REFUSED) for before in (LESS, MORE)),
    (LESS, "1.2.0 1.2.1", "1.2.1", ("contract_additive", Severity.HOLD)),
    (LESS, "1.2.0 1.3.0", "", UNANNOUNCED),
    (LESS, "1.2.0 1.3.0", "1.4.0 2.0.0", UNANNOUNCED),
    (LESS, "1.2.0 1.3.0", "1.3.0", ADDED),
    (LESS, "1.2.0 2.0.0", "1.3.0 2.0.0", ADDED),
    (MORE, "1.2.0 1.2.1", "1.2.1", BROKEN),
    (MORE, "1.2.0 1.3.0", "1.3.0", BROKEN),
    (MORE, "1.2.0 2.0.0", "", BROKEN_UNANNOUNCED),
    (MORE, "1.2.0 2.0.0", "1.3.0 2.0.1", BROKEN_UNANNOUNCED),
    (MORE, "1.2.0 2.0.0", "2.0.0", ("contract_breaking", Severity.NOTE)),
]


class TestStepOfTheVersion:
    """What is asked of a step of the version, by what changed: nothing, an addition or a break."""

    @pytest.mark.parametrize(("before", "versions", "announced", "expected"), STEPS)
    def test_each_step(
        self, before: Contract, versions: str, announced: str, expected: tuple[str, Severity] | None
    ) -> None:
        old, new = versions.split()
        step = SchemaVersionChange(before=old, now=new, announced=tuple(announced.split()))
        found = [(finding.code, finding.severity) for finding in check_version_bump(before, NOW, step)]
        assert found == ([expected] if expected else [])

    def test_the_finding_says_what_changed_breaks_first_where_the_schema_would_stand_and_what_to_do(self) -> None:
        both = replace(MORE, codelists={**MORE.codelists, "Theme": NOW.codelists["Theme"][1:]})
        (finding,) = check_version_bump(both, NOW, SchemaVersionChange(before="1.0.0", now="2.0.0"))
        added = f"code {NOW.codelists['Theme'][0]} added to Theme"
        assert (finding.where, finding.evidence) == ("schema/2.0.0/", ("glossary.gone removed", added))
        assert "announce" in finding.message
        (finding,) = check_version_bump(LESS, NOW, SchemaVersionChange(before="1.2.0", now="1.2.0"))
        assert "raise SCHEMA_VERSION" in finding.message


class TestFindings:
    """The same on a store, with what a manifest of the former release says."""

    def test_a_first_release_and_what_was_published_before_the_first_promise_may_have_any_columns(
        self, store: Store
    ) -> None:
        assert contract_findings(store, None) == ()
        assert contract_findings(store, former("x" * 64, "0.9.0")) == ()

    def test_without_a_change_one_request_says_so(self, store: Store) -> None:
        publish_schema(store)
        counting = CountingStore(within=store)
        assert contract_findings(counting, former(NOW.fingerprint(), SCHEMA_VERSION)) == ()
        assert counting.calls == [("get", sums_key())]

    def test_columns_that_differ_under_the_same_version_are_refused(self, store: Store) -> None:
        finding = only(contract_findings(store, published(store, LESS, SCHEMA_VERSION)))
        assert (finding.code, finding.severity) == ("contract_version", Severity.REJECT)
        assert decide_verdict([finding], same_content=True) is Verdict.REJECT

    @pytest.mark.parametrize(
        ("announced", "expected"),
        [((), Verdict.HOLD), ((AHEAD,), Verdict.PUBLISH), ((replace(AHEAD, schema_version="9.9.9"),), Verdict.HOLD)],
        ids=["unannounced", "announced", "another announced"],
    )
    def test_an_addition_that_was_announced_goes_out(
        self, announced: tuple[Announcement, ...], expected: Verdict, store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(contract_gate, "SCHEMA_VERSION", "1.1.0")
        ahead = tuple(replace(one, schema_version="1.1.0") if one is AHEAD else one for one in announced)
        found = contract_findings(store, published(store, LESS, "1.0.0", *ahead))
        assert decide_verdict(found, same_content=False) is expected
        assert only(found).evidence == ("glossary.char_end appended",)

    def test_a_contract_that_is_not_the_one_published_is_named(self, store: Store) -> None:
        with pytest.raises(StoreCorrupt, match=r"schema/1\.0\.0/contract\.json"):
            contract_findings(store, former(LESS.fingerprint(), "1.0.0"))
        release = published(store, LESS, "1.0.0")
        with pytest.raises(StoreCorrupt, match="not the contract that the release names"):
            contract_findings(store, replace(release, contract_sha256="f" * 64))
        for number, data in enumerate((b"", b"{}", b'{"tables": 1, "codelists": {}}', b"[]"), start=1):
            key = file_key(schema_folder(f"{number}.1.0"), CONTRACT)
            store.put_new(key, data, headers(key))
            with pytest.raises(StoreCorrupt, match=rf"schema/{number}\.1\.0/contract\.json"):
                read_contract(store, f"{number}.1.0", "f" * 64)


class TestSchemaFolder:
    """`schema/{semver}/` is laid down once, whole, and never changed."""

    def test_the_first_release_lays_it_down_before_its_own_files_and_the_next_asks_once(self, store: Store) -> None:
        counting = CountingStore(within=store)
        publish_release(place(counting), first())
        assert {entry.key for entry in store.list("schema/")} == {
            f"schema/{SCHEMA_VERSION}/{n}" for n in schema_files()
        }
        keys = [key for method, key in counting.calls if method == "put_new"]
        assert keys.index(sums_key()) < keys.index(f"torch/v/{VERSION}/manifest.json")
        counting.calls.clear()
        publish_release(place(counting), second())
        assert [call for call in counting.calls if call[1].startswith("schema/")] == [("get", sums_key())]

    @pytest.mark.parametrize("writes", [0, 1, 12, 23])
    def test_a_run_killed_in_the_middle_is_completed_by_the_next(self, writes: int, store: Store) -> None:
        with pytest.raises(Killed):
            publish_schema(KilledStore(within=store, writes=writes))
        assert not schema_published(store)
        assert not schema_differs(store)
        publish_schema(store)
        assert schema_published(store)

    @pytest.mark.parametrize("name", [SUMS, "codelists.json"])
    def test_another_text_under_the_same_version_is_an_error_that_says_what_to_do(
        self, name: str, store: Store
    ) -> None:
        key = file_key(schema_folder(SCHEMA_VERSION), name)
        store.put_new(key, b"another text", headers(key))
        with pytest.raises(StoreCorrupt, match=r"raise SCHEMA_VERSION.*CHANGES\.md"):
            publish_schema(store)

    def test_the_gate_refuses_it_before_anything_is_written(self, store: Store) -> None:
        store.put_new(sums_key(), b"another text", headers(sums_key()))
        for release in (None, former(NOW.fingerprint(), SCHEMA_VERSION), former("", "0.1.0")):
            finding = only(contract_findings(store, release))
            assert (finding.code, finding.severity) == ("contract_words", Severity.REJECT)
            assert "raise SCHEMA_VERSION" in finding.message

    @pytest.mark.parametrize("version", ["", "1.0", "../1.0.0", "1.0.0/x", "latest"])
    def test_no_hostile_version_becomes_a_folder(self, version: str) -> None:
        with pytest.raises(RegistryError):
            schema_folder(version)


class TestRelease:
    def test_the_manifest_names_contract_and_libraries(self) -> None:
        release = from_manifest(first()(VERSION)["manifest.json"]).release
        assert (release.contract_sha256, release.built_with) == (NOW.fingerprint(), built_with())
        libraries = ["gongbao", "great-expectations", "jinja2", "polars", "vl-convert-python", "xlsxwriter", "zlib"]
        assert [part.split(" ")[0] for part in built_with().split(", ")] == libraries

    def test_what_is_announced_stands_in_manifest_and_index_until_the_next_release(self, store: Store) -> None:
        ahead = replace(report_release(), announced=(AHEAD,), portal=False)
        publish_release(place(store), lambda version: release_files(ahead, version))
        assert from_manifest(release_files(ahead, VERSION)["manifest.json"]).release.announced == (AHEAD,)
        entry = {"schema_version": SCHEMA_VERSION, "en": AHEAD.en, "zh": AHEAD.zh}
        assert loaded(store, "index.json")["datasets"]["torch"]["announced"] == [entry]
        publish_release(place(store), second())
        assert loaded(store, "index.json")["datasets"]["torch"]["announced"] == []

    def test_other_columns_are_other_inputs(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Without that a night on unchanged pages would not notice that the contract changed."""
        before = inputs_sha256([], "reader", "registry")
        monkeypatch.setattr("publish.tables.inputs.contract", lambda: LESS)
        assert inputs_sha256([], "reader", "registry") != before


def test_a_run_with_other_columns_under_the_same_version_is_refused(site: SiteStore) -> None:
    """From the page on: a run of yesterday's code, then one of today's, which forgot to raise the version."""
    with pytest.MonkeyPatch.context() as yesterday:
        schema_files.cache_clear()
        for module in USERS_OF_THE_CONTRACT:
            yesterday.setattr(f"{module}.contract", lambda: LESS)
        site.publish(1)
    schema_files.cache_clear()
    result = site.run(2)
    assert (result.outcome, result.rows_checked) == (Outcome.REJECTED, True)
    refused = [one for one in result.findings if one.severity is Severity.REJECT]
    assert [one.code for one in refused] == ["contract_version", "contract_words"]
    assert refused[0].evidence == ("glossary.char_end appended",)
