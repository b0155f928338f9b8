"""`status.json`: one entry a source, which many runs write without losing each other's."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from support.codes import finding_code
from support.wrapped_stores import CountingStore, InterruptedStore

from infra.store import Store, open_store
from infra.store.update import MOST_TRIES
from publish.alerts.status import (
    MOST_CHANGES,
    HeldCandidate,
    SourceStatus,
    StateChange,
    StatusFile,
    open_findings,
    read_status,
    write_status,
)
from publish.bucket.layout import STATUS, headers
from publish.bucket.manifest import update_json
from schemas.codelists import Severity, SourceState
from schemas.errors import StoreCorrupt, StoreUnavailable
from schemas.finding import Finding

DIFFERS = Finding(
    code=finding_code("page_drifted"), severity=Severity.HOLD, where="post-2", message="It differs.", evidence=("说",)
)
FULL = SourceStatus(
    state=SourceState.DRIFTED,
    last_checked="2026-11-23T04:00:00Z",
    last_changed="2026-11-22T04:00:00Z",
    last_good="2026-11-22T04:00:00Z",
    published="2026.11.22.1",
    held=HeldCandidate(version="2026.11.23.1", inputs_sha256="c" * 64),
    changes=(StateChange(at="2026-11-23T04:00:00Z", before=SourceState.OK, state=SourceState.DRIFTED),),
    findings=open_findings((DIFFERS,)),
)


@pytest.fixture
def folder(tmp_path: Path) -> Store:
    return open_store(str(tmp_path / "folder"))


def record_of(store: Store, key: str = STATUS) -> dict[str, Any]:
    stored = store.get(key)
    assert stored is not None
    return dict(json.loads(stored.data))


def test_before_the_first_run_a_source_has_an_empty_entry(folder: Store) -> None:
    assert read_status(folder) == StatusFile()
    assert read_status(folder).of("torch") == SourceStatus()


def test_a_run_reads_it_once_and_writes_it_once(folder: Store) -> None:
    write_status(folder, "torch", SourceStatus(), seen=StatusFile())
    counting = CountingStore(within=folder)
    write_status(counting, "torch", FULL, seen=read_status(counting))
    assert counting.calls == [("get", STATUS), ("swap", STATUS)]
    write_status(counting, "torch", FULL, seen=read_status(counting))
    assert counting.counts["swap"] == 1, "what says the same is not written"


def test_an_entry_comes_back_as_it_was_written_and_what_another_source_wrote_meanwhile_stays(store_url: str) -> None:
    store = open_store(store_url)
    write_status(store, "torch", SourceStatus(), seen=StatusFile())
    stale = read_status(store)
    write_status(store, "cuiheng", SourceStatus(state=SourceState.GONE), seen=read_status(store))
    write_status(store, "torch", FULL, seen=stale)
    assert read_status(store).of("cuiheng").state is SourceState.GONE
    assert read_status(store).of("torch") == FULL


def test_what_another_source_wrote_first_of_all_stays(folder: Store) -> None:
    nothing = read_status(folder)
    write_status(folder, "cuiheng", FULL, seen=nothing)
    write_status(folder, "torch", FULL, seen=nothing)
    assert set(read_status(folder).sources) == {"cuiheng", "torch"}


def test_what_this_version_does_not_know_is_kept(folder: Store) -> None:
    folder.put_new(STATUS, json.dumps({"notice": "maintenance", "sources": {}}).encode(), headers(STATUS))
    write_status(folder, "torch", FULL, seen=read_status(folder))
    assert record_of(folder)["notice"] == "maintenance"


@pytest.mark.parametrize("data", [b"{", b'{"sources": {"torch": {}}}', b'{"sources": {"torch": {"state": "lost"}}}'])
def test_a_broken_file_is_an_error_that_names_it(folder: Store, data: bytes) -> None:
    folder.put_new(STATUS, data, headers(STATUS))
    with pytest.raises(StoreCorrupt, match=r"status\.json"):
        read_status(folder)


def test_a_file_that_others_never_leave_alone_ends_with_an_error(folder: Store) -> None:
    folder.put_new("index.json", b"{}", headers("index.json"))
    changes = iter(range(10 * MOST_TRIES))

    def busy(record: dict[str, object]) -> dict[str, object]:
        stored = folder.get("index.json")
        assert stored is not None
        folder.swap("index.json", f'{{"n": {next(changes)}}}'.encode(), headers("index.json"), expected=stored.etag)
        return record | {"mine": True}

    with pytest.raises(StoreUnavailable, match="10 times in a row"):
        update_json(folder, "index.json", busy)
    assert next(changes) == MOST_TRIES


def test_a_change_is_made_again_on_what_stands_by_then(folder: Store) -> None:
    key = "index.json"
    folder.put_new(key, b'{"n": 1}', headers(key))

    def meanwhile() -> None:
        update_json(folder, key, lambda old: old | {"other": 1})

    interrupted = InterruptedStore(within=folder, method="swap", suffix=key, interrupt=meanwhile)
    update_json(interrupted, key, lambda old: old | {"mine": 1})
    assert record_of(folder, key) == {"n": 1, "other": 1, "mine": 1}


class TestChangesOfState:
    def test_another_state_is_remembered_with_its_time_and_the_one_before_and_the_same_is_no_change(self) -> None:
        at = "2026-11-24T04:00:00Z"
        assert FULL.with_state(SourceState.DRIFTED, at) is FULL
        turned = FULL.with_state(SourceState.OK, at)
        assert turned.state is SourceState.OK
        assert turned.changes == (
            *FULL.changes,
            StateChange(at=at, before=SourceState.DRIFTED, state=SourceState.OK),
        )

    def test_the_last_twenty_are_kept(self, folder: Store) -> None:
        status = SourceStatus()
        for day in range(1, 29):
            state = SourceState.GONE if day % 2 else SourceState.OK
            status = status.with_state(state, f"2026-11-{day:02}T04:00:00Z")
        write_status(folder, "torch", status, seen=StatusFile())
        kept = read_status(folder).of("torch").changes
        assert [int(one.at[8:10]) for one in kept] == [*range(29 - MOST_CHANGES, 29)]

    def test_what_two_runs_at_once_have_seen_stands_there_once_each_in_order(self, folder: Store) -> None:
        seen = read_status(folder)
        gone = SourceStatus().with_state(SourceState.GONE, "2026-11-24T04:00:00Z")
        drifted = SourceStatus().with_state(SourceState.DRIFTED, "2026-11-23T04:00:00Z")
        for status in (gone, drifted, gone):
            write_status(folder, "torch", status, seen=seen)
        assert [one.state for one in read_status(folder).of("torch").changes] == [SourceState.DRIFTED, SourceState.GONE]

    @pytest.mark.parametrize("changes", [None, [{}], [{"at": "x", "before": "lost", "state": "ok"}], [1]])
    def test_a_file_of_before_there_were_changes_is_read_and_one_with_a_broken_change_named(
        self, tmp_path: Path, folder: Store, changes: object
    ) -> None:
        write_status(folder, "torch", FULL, seen=StatusFile())
        record = record_of(folder)
        record["sources"]["torch"]["changes"] = changes
        if changes is None:
            del record["sources"]["torch"]["changes"]
        (tmp_path / "folder" / STATUS).write_text(json.dumps(record), "utf-8")
        if changes is None:
            assert read_status(folder).of("torch").changes == ()
        else:
            with pytest.raises(StoreCorrupt, match=r"status\.json"):
                read_status(folder)
