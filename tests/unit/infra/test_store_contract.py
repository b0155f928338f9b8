from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier, Event
from typing import TypeVar

import pytest
from support.wrapped_stores import CountingStore

from infra.store import Entry, Headers, Store, Stored, open_store
from schemas.errors import UsageError

T = TypeVar("T")
TEXT = Headers(content_type="text/plain; charset=utf-8", cache_control="max-age=300")
THREADS = 8
ODD_KEYS = (
    *("torch/v/2024.01.31.1/manifest.json", "名词/工作 总结 2024.txt", "odd/plus+percent%20&equals=?question#hash.txt"),
    *("odd/quotes'\"<>*|:;~!@$^()[]{}`,.txt", "odd/.dotfile", "odd/a..b", "odd/" + "x" * 250),
)
BAD_KEYS = (
    *("", "/absolute", "ends/", "two//slashes", "..", "up/../over", "./here", "back\\slash", "nul\0", "line\nbreak"),
    *("lone \udc80 surrogate", ".gongbao/lock", "long/" + "名" * 86, "/".join(["deep"] * 200)),
)


@pytest.fixture
def store(store_url: str) -> Store:
    return open_store(store_url)


def stored(store: Store, key: str) -> Stored:
    found = store.get(key)
    assert found is not None
    return found


def at_once(tasks: Sequence[Callable[[], T]]) -> list[T]:
    """Run the tasks in a thread each, let go at the same moment."""
    gate = Barrier(len(tasks))

    def run(task: Callable[[], T]) -> T:
        gate.wait()
        return task()

    with ThreadPoolExecutor(len(tasks)) as pool:
        return list(pool.map(run, tasks))


def test_what_is_put_comes_back_byte_for_byte_under_any_key(store: Store) -> None:
    bodies = {"a/bytes.bin": bytes(range(256)) * 300, "a/empty": b""} | {key: key.encode() for key in ODD_KEYS}
    for key, body in bodies.items():
        assert store.put_new(key, body, TEXT)
    assert {key: stored(store, key).data for key in bodies} == bodies
    assert [entry.key for entry in store.list("")] == sorted(bodies)


def test_an_absent_key_is_none_and_a_folder_of_keys_is_no_object(store: Store) -> None:
    assert store.get("torch/latest.json") is None
    store.put_new("torch/latest.json", b"{}", TEXT)
    assert store.get("torch") is None
    assert store.get("torch/latest.json/below") is None
    assert store.get("torch/latest") is None


def test_a_second_put_of_a_key_writes_nothing(store: Store) -> None:
    assert store.list("") == ()
    assert [store.put_new("once", body, TEXT) for body in (b"first", b"second", b"first")] == [True, False, False]
    assert [(entry.key, entry.size) for entry in store.list("")] == [("once", 5)]
    assert stored(store, "once").data == b"first"
    assert [entry.key for entry in open_store(store.url).list("")] == ["once"]
    assert open_store(store.url).url == store.url


def test_of_eight_who_put_the_same_key_one_wins_and_its_bytes_stand(store_url: str) -> None:
    two = [open_store(store_url), open_store(store_url)]
    keys = [f"race/{number}" for number in range(8)]
    bodies = [b"%d" % number * 1000 for number in range(THREADS)]

    def put_all(store: Store, body: bytes) -> list[bool]:
        return [store.put_new(key, body, TEXT) for key in keys]

    wins = at_once([partial(put_all, two[number % 2], body) for number, body in enumerate(bodies)])
    for place, key in enumerate(keys):
        winners = [body for body, won in zip(bodies, wins, strict=True) if won[place]]
        found = stored(two[0], key)
        assert winners == [found.data]


def test_a_swap_replaces_what_was_read_and_a_stale_one_loses(store: Store) -> None:
    first = store.swap("latest.json", b"one", TEXT, expected=None)
    assert first
    assert store.swap("latest.json", b"two", TEXT, expected=None) is None
    second = store.swap("latest.json", b"two", TEXT, expected=first)
    assert second not in {None, first}
    assert store.swap("latest.json", b"three", TEXT, expected=first) is None
    found = stored(store, "latest.json")
    assert (found.data, found.etag) == (b"two", second)
    assert store.swap("latest.json", b"three", TEXT, expected=second)
    assert store.swap("absent", b"one", TEXT, expected=second) is None
    assert store.get("absent") is None


def test_no_update_is_lost_when_several_count_in_one_object(store_url: str) -> None:
    counter = open_store(store_url)
    counter.put_new("counter", b"0", TEXT)

    def count(steps: int) -> None:
        store = open_store(store_url)
        while steps:
            read = stored(store, "counter")
            steps -= store.swap("counter", b"%d" % (int(read.data) + 1), TEXT, expected=read.etag) is not None

    at_once([partial(count, 3)] * 4)
    assert stored(counter, "counter").data == b"12"


def test_a_reader_sees_one_whole_object_while_another_replaces_it(store_url: str) -> None:
    reader, writer = open_store(store_url), open_store(store_url)
    bodies = [b"a" * 300_000, b"b" * 200_000]
    writer.put_new("pointer", bodies[1], TEXT)
    done = Event()

    def replace() -> list[bytes]:
        for turn in range(8):
            read = stored(writer, "pointer")
            assert writer.swap("pointer", bodies[turn % 2], TEXT, expected=read.etag)
        done.set()
        return []

    def watch() -> list[bytes]:
        seen = []
        while not done.is_set():
            read = reader.get("pointer")
            seen.append(read.data if read else b"")
        return seen

    _, seen = at_once([replace, watch])
    assert seen
    assert all(data in bodies for data in seen)


def test_adding_and_replacing_at_once_disturb_each_other_not(store_url: str) -> None:
    store = open_store(store_url)

    def add(name: int) -> bool:
        return all(store.put_new(f"new/{name}-{number}", b"new" * 5000, TEXT) for number in range(4))

    def replace(name: int) -> bool:
        tags = [store.swap(f"own/{name}", b"first", TEXT, expected=None)]
        for number in range(4):
            tags.append(store.swap(f"own/{name}", b"%d" % number, TEXT, expected=tags[-1]))
        return all(tags)

    assert at_once([partial(task, name) for name in range(3) for task in (add, replace)]) == [True] * 6
    assert len(store.list("")) == 3 * 4 + 3


def test_a_listing_is_sorted_complete_keeps_to_its_prefix_and_is_tagged_as_reading_tags(store: Store) -> None:
    keys = ["v/2/a", "v/10/a", "v/1/b", "v/1/a", "v/Z", "v/名", "w", "vv"]
    for key in keys:
        store.put_new(key, key.encode(), TEXT)
    for prefix in ("", "v/", "v", "v/1", "v/1/", "v/1/a", "absent/", "v/3"):
        listed = store.list(prefix)
        assert [entry.key for entry in listed] == sorted(key for key in keys if key.startswith(prefix))
    for entry in store.list(""):
        found = stored(store, entry.key)
        assert entry == Entry(key=entry.key, etag=found.etag, size=len(found.data))


def test_a_key_that_could_leave_the_store_is_refused_by_every_method(store: Store) -> None:
    for key in BAD_KEYS:
        for call in (store.get, partial(store.put_new, data=b"", headers=TEXT)):
            with pytest.raises(UsageError, match="invalid key"):
                call(key)
        with pytest.raises(UsageError, match="invalid key"):
            store.swap(key, b"", TEXT, expected=None)
    for prefix in ("/", "//", "../", "a//", "v/../..", ".gongbao"):
        with pytest.raises(UsageError, match="invalid key"):
            store.list(prefix)
    assert store.list("") == ()


def test_a_counting_store_counts_each_request_and_passes_it_on(store: Store) -> None:
    counting = CountingStore(within=store)
    assert counting.put_new("a", b"one", TEXT)
    read = stored(counting, "a")
    assert counting.swap("a", b"two", TEXT, expected=read.etag)
    assert [entry.key for entry in counting.list("")] == ["a"]
    assert counting.url == store.url
    assert counting.counts == {"put_new": 1, "get": 1, "swap": 1, "list": 1}
    assert counting.total == 4
