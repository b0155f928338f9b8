"""`atom.xml`: what RFC 4287 asks of a feed, what it tells, and that runs at once lose nothing of it."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit
from xml.etree.ElementTree import Element, fromstring

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.report_releases import VERSION, first, place, pointed, renamed, report_release, second, with_first_release
from support.wrapped_stores import CountingStore, InterruptedStore, Killed, KilledStore

from infra.store import Store, open_store
from publish.alerts.status import SourceStatus, StateChange, StatusFile, read_status, write_status
from publish.bucket.layout import FEED, INDEX, STATUS, headers
from publish.bucket.manifest import to_json
from publish.release.after_publish import repair_after_crash
from publish.release.atom_feed import MOST_ENTRIES, MOST_LINES, feed, first_lines, write_feed
from publish.release.build_files import release_files
from publish.release.publish import publish_release
from schemas.codelists import SourceState
from schemas.errors import StoreUnavailable

if TYPE_CHECKING:
    from pathlib import Path

ATOM = "{http://www.w3.org/2005/Atom}"
RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
URN = re.compile(r"urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
GONE = StateChange(at="2026-11-24T04:00:00Z", before=SourceState.OK, state=SourceState.GONE)
HOSTILE = ("</content></entry><script>x</script>", "&amp;&lt;", "]]>", "<!DOCTYPE x>", "\x00\x1b[31m\ufffe", "\udcff")
BACK = StateChange(at="2026-11-25T04:00:00Z", before=SourceState.GONE, state=SourceState.OK)
SECOND = second(portal=False)


@pytest.fixture
def folder(tmp_path: Path) -> Store:
    """A store with the first release."""
    return with_first_release(tmp_path / "folder")


def parsed(store: Store) -> Element:
    stored = store.get(FEED)
    assert stored is not None
    assert stored.data.startswith(b"<?xml version='1.0' encoding='utf-8'?>\n<feed")
    return fromstring(stored.data)  # noqa: S314 - the bytes are ours, and whether they are XML is the question


def text(element: Element, tag: str) -> str:
    found = element.findtext(f"{ATOM}{tag}")
    assert found is not None, tag
    return found


def entries(root: Element) -> list[Element]:
    return root.findall(f"{ATOM}entry")


def titles(store: Store) -> list[str]:
    return [text(entry, "title") for entry in entries(parsed(store))]


def valid(store: Store) -> Element:
    """The feed held against the rules of RFC 4287, section 4, each of which is a MUST there."""
    root = parsed(store)
    assert root.tag == f"{ATOM}feed"
    assert len(root.findall(f"{ATOM}author/{ATOM}name")) == 1  # 4.1.1: of the feed, where entries have none
    assert {link.get("rel") for link in root.findall(f"{ATOM}link")} == {"self", "alternate"}
    for element in (root, *entries(root)):
        _has_its_one(element)
    for entry in entries(root):
        (content,) = entry.findall(f"{ATOM}content")
        assert (content.get("type"), len(content)) == ("text", 0)
        parts = "id", "title", "updated", "link", "category", "content"
        assert {child.tag.removeprefix(ATOM) for child in entry} == set(parts)
    ids = [text(element, "id") for element in (root, *entries(root))]
    assert len(set(ids)) == len(ids)
    times = [text(entry, "updated") for entry in entries(root)]
    assert times == sorted(times, reverse=True)
    assert text(root, "updated") == times[0]
    return root


def _has_its_one(element: Element) -> None:
    """An id, a title, a time and one link of each relation, each well-formed and each once (4.1.1, 4.1.2, 4.2.7)."""
    for tag in ("id", "title", "updated"):
        assert len(element.findall(f"{ATOM}{tag}")) == 1, tag
    assert URN.fullmatch(text(element, "id"))
    assert text(element, "title").strip()
    assert RFC3339.fullmatch(text(element, "updated"))
    assert datetime.fromisoformat(text(element, "updated")).tzinfo
    links = [(link.get("rel"), link.get("type")) for link in element.findall(f"{ATOM}link")]
    assert len(set(links)) == len(links)
    for link in element.findall(f"{ATOM}link"):
        assert re.fullmatch(r"[\w-]+/[\w+.-]+", link.get("type", ""))
        href = link.get("href", "")
        assert not urlsplit(href).scheme
        assert not href.startswith("/")


def turn(store: Store, *changes: StateChange, dataset: str = "torch") -> None:
    """Let the source come to stand as these changes say."""
    seen = read_status(store)
    status = seen.of(dataset)
    for change in changes:
        status = status.with_state(change.state, change.at)
    write_status(store, dataset, status, seen=seen)
    write_feed(store)


class TestWhatItTells:
    def test_before_the_first_release_there_is_none(self, tmp_path: Path) -> None:
        empty = open_store(str(tmp_path))
        write_status(empty, "torch", SourceStatus(changes=(GONE,)), seen=StatusFile())
        write_feed(empty)
        assert empty.get(FEED) is None

    def test_each_release_has_its_entry_the_newest_first_with_what_its_notes_say_first_in_both_languages(
        self, folder: Store
    ) -> None:
        publish_release(place(folder, days=1), SECOND)
        newer, older = entries(valid(folder))
        assert [text(one, "title") for one in (newer, older)] == ["torch 2026.11.24.1", f"torch {VERSION}"]
        assert [text(one, "updated") for one in (newer, older)] == ["2026-11-24T04:00:00Z", "2026-11-23T04:00:00Z"]
        assert re.search(r"^中文\n- 没有数据变动.+", text(newer, "content"), re.MULTILINE)
        assert re.search(r"^English\n- No number changed.+", text(newer, "content"), re.MULTILINE)

    def test_a_source_that_goes_and_comes_back_has_an_entry_for_each(self, folder: Store) -> None:
        turn(folder, GONE, BACK)
        assert titles(folder) == ["torch: gone → ok", "torch: ok → gone", f"torch {VERSION}"]
        feed_element = valid(folder)
        assert "已撤下" in text(entries(feed_element)[1], "content")
        links = [link.get("href", "") for link in feed_element.iter(f"{ATOM}link")]
        assert f"torch/v/{VERSION}/CHANGES.md" in links
        for href in links:
            address = urljoin(f"https://data.example.org/mirror/{FEED}", href)
            assert folder.get(address.removeprefix("https://data.example.org/mirror/")) is not None, href

    def test_several_datasets_share_the_feed(self, folder: Store) -> None:
        other = replace(renamed(report_release(), "cuiheng"), portal=False)
        target = replace(place(folder, days=2), dataset="cuiheng", expected_pointer=None)
        publish_release(target, partial(release_files, other))
        turn(folder, GONE, dataset="cuiheng")
        assert [title.partition(" ")[0] for title in titles(folder)] == ["cuiheng", "cuiheng:", "torch"]
        valid(folder)

    def test_what_is_older_than_the_hundredth_entry_leaves(self, tmp_path: Path) -> None:
        store = open_store(str(tmp_path))
        releases = [
            {
                **dict.fromkeys(("manifest", "schema_version", "previous"), ""),
                "version": f"2026.01.01.{number}",
                "released_at": f"2026-01-01T00:{number // 60:02}:{number % 60:02}Z",
                "manifest_sha256": f"{number:064}",
            }
            for number in range(MOST_ENTRIES + 20, 0, -1)
        ]
        store.put_new(INDEX, to_json({"datasets": {"torch": {"releases": releases}}}), headers(INDEX))
        counting = CountingStore(within=store)
        write_feed(counting)
        kept = [text(entry, "title") for entry in entries(valid(store))]
        assert (len(kept), kept[0]) == (MOST_ENTRIES, f"torch 2026.01.01.{MOST_ENTRIES + 20}")
        assert counting.counts["get"] == MOST_ENTRIES + 3

    def test_notes_that_are_lost_leave_the_entry_without_its_words(self, folder: Store, tmp_path: Path) -> None:
        (tmp_path / "folder" / "torch" / "v" / VERSION / "CHANGES.md").unlink()
        write_feed(folder)
        assert text(entries(valid(folder))[0], "content") == ""


class TestFirstLines:
    def test_the_first_lines_of_each_language_stand_and_the_rest_is_counted(self) -> None:
        lines = "\n".join(f"- change {number}" for number in range(MOST_LINES + 3))
        told = first_lines(f"# torch 1\n\n## 中文\n\n{lines}\n\n## English\n\n- one\n")
        chinese, english = told.split("\n\n")
        assert chinese.splitlines() == ["中文", *lines.splitlines()[:MOST_LINES], "(+ 3)"]
        assert english == "English\n- one"

    def test_markdown_is_taken_back_to_the_words(self) -> None:
        assert first_lines("# x\n\n## English\n\n- a\\*b\\_c \\<b\\> \\\\n\n") == "English\n- a*b_c <b\\> \\n"

    @given(st.text())
    def test_any_notes_give_some_text(self, notes: str) -> None:
        assert isinstance(first_lines(notes), str)


def test_what_a_source_wrote_stays_text(folder: Store, tmp_path: Path) -> None:
    notes = tmp_path / "folder" / "torch" / "v" / VERSION / "CHANGES.md"
    for words in HOSTILE:
        notes.write_text(f"# x\n\n## English\n\n- {words}\n", "utf-8", "surrogateescape")
        write_feed(folder)
        (entry,) = entries(valid(folder))
        content = text(entry, "content").removeprefix("English\n- ")
        assert content == re.sub("[\x00\x1b\ufffe\udcff]", "\ufffd", words)
        assert not list(entry.iter("script"))


class TestSameBytes:
    def test_the_feed_follows_from_the_store_alone(self, folder: Store) -> None:
        turn(folder, GONE)
        stored = folder.get(FEED)
        assert stored is not None
        assert feed(folder) == feed(folder) == stored.data

    def test_what_says_the_same_is_not_written(self, folder: Store) -> None:
        counting = CountingStore(within=folder)
        write_feed(counting)
        assert counting.calls == [("get", key) for key in (FEED, INDEX, STATUS, f"torch/v/{VERSION}/CHANGES.md")]

    def test_an_id_stays_though_the_feed_grows(self, folder: Store) -> None:
        before = parsed(folder)
        turn(folder, GONE)
        publish_release(place(folder, days=3), SECOND)
        after = parsed(folder)
        assert text(before, "id") == text(after, "id")
        assert text(entries(before)[0], "id") == text(entries(after)[-1], "id")

    def test_two_stores_with_other_releases_are_two_feeds(self, folder: Store, tmp_path: Path) -> None:
        other = open_store(str(tmp_path / "other"))
        publish_release(place(other), SECOND)
        one, two = ({element.text for element in parsed(store).iter(f"{ATOM}id")} for store in (folder, other))
        assert not one & two


class TestRaces:
    def test_a_writer_that_looked_before_another_release_does_not_take_its_entry_back(self, folder: Store) -> None:
        def overtake() -> None:
            publish_release(place(folder, days=2), SECOND)

        interrupted = InterruptedStore(within=folder, method="swap", suffix=FEED, interrupt=overtake)
        write_status(folder, "torch", SourceStatus(changes=(GONE,)), seen=StatusFile())
        write_feed(interrupted)
        assert interrupted.done
        assert titles(folder) == ["torch 2026.11.25.1", "torch: ok → gone", f"torch {VERSION}"]

    def test_many_writers_at_once_leave_every_change_in_it(self, store_url: str) -> None:
        store = open_store(store_url)
        publish_release(place(store), first(portal=False))
        names = [f"source-{number}" for number in range(5)]
        with ThreadPoolExecutor(len(names)) as pool:
            list(pool.map(lambda name: turn(store, GONE, dataset=name), names))
        assert sorted(titles(store)) == sorted([f"torch {VERSION}", *(f"{name}: ok → gone" for name in names)])
        valid(store)

    def test_a_feed_that_others_never_leave_alone_ends_with_an_error(self, folder: Store) -> None:
        write_status(folder, "torch", SourceStatus(changes=(GONE,)), seen=StatusFile())

        class Busy(CountingStore):
            def swap(self, *_: object, **__: object) -> None:
                return None

        with pytest.raises(StoreUnavailable, match=r"atom\.xml"):
            write_feed(Busy(within=folder))

    def test_a_run_killed_before_the_feed_has_it_written_by_the_next(self, folder: Store, tmp_path: Path) -> None:
        whole = KilledStore(within=with_first_release(tmp_path / "whole"), writes=999)
        publish_release(place(whole, days=1), SECOND)
        with pytest.raises(Killed):
            publish_release(place(KilledStore(within=folder, writes=whole.done - 1), days=1), SECOND)
        pointer = pointed(folder)
        assert pointer.version == "2026.11.24.1"
        assert titles(folder) == [f"torch {VERSION}"]
        repair_after_crash(folder, "torch", pointer)
        assert titles(folder) == ["torch 2026.11.24.1", f"torch {VERSION}"]
