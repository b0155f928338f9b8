"""`atom.xml`: an entry for each release, change of a source and piece of news of an alert (RFC 4287), newest first.

It follows from `index.json`, `status.json` and the notes of the releases alone, so that whoever writes it writes the
same. Ids are UUIDs made from hashes and addresses are relative: a copy of the store is the same feed.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from infra.store import Store
from publish.alerts.lifecycle import AlertEvent
from publish.alerts.status import AlertLogEntry, StateChange, read_status
from publish.bucket.catalog import ReleaseIndexEntry, load_index
from publish.bucket.layout import CHANGES, FEED, INDEX, STATUS, file_key, headers, release_folder
from publish.changelog.format import unescape_markdown
from schemas.alarms.catalogue import alarm
from schemas.codelists import SourceState
from schemas.errors import StoreUnavailable

ATOM = "http://www.w3.org/2005/Atom"
MOST_ENTRIES = 100
"""Those that are older leave the feed; `index.json` lists every release for ever."""

MOST_LINES = 5
"""Of the notes of a release, in each of the two languages."""

MOST_TRIES = 10

_FAMILY: Final = uuid.UUID("5f3c1b52-9a55-5c0e-8a3b-0d8f5d3c6f5e")
_NO_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TURNS = MappingProxyType({AlertEvent.RAISED: "新报警", AlertEvent.CHANGED: "有变化", AlertEvent.CLEARED: "已解除"})
_STATES = MappingProxyType({SourceState.OK: "正常", SourceState.GONE: "已撤下", SourceState.DRIFTED: "形式已变"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """One entry; entries with the same time are in the order of dataset and id."""

    updated: str
    dataset: str
    id: str
    title: str
    text: str
    href: str
    kind: str


def write_feed(store: Store) -> None:
    """Bring the feed up to what `index.json` and `status.json` say; there is none before the first release.

    The tag of the feed is read before the two: who changed one of them after that look writes the feed after it too.
    """
    for _ in range(MOST_TRIES):
        stored = store.get(FEED)
        data = feed(store)
        if not data or (stored and stored.data == data):
            return
        if store.swap(FEED, data, headers(FEED), expected=stored.etag if stored else None) is not None:
            return
    raise StoreUnavailable(f"others changed it {MOST_TRIES} times in a row", where=FEED, remedy="run again")


def feed(store: Store) -> bytes:
    """The bytes of the feed as the store stands; none where nothing was released."""
    releases = [(dataset, one) for dataset, listed in load_index(store).items() for one in listed]
    if not releases:
        return b""
    _, oldest = min(releases, key=lambda pair: (pair[1].released_at, pair[0], pair[1].version))
    name = _uuid("feed", oldest.manifest_sha256)
    recent = sorted(releases, key=lambda pair: pair[1].released_at, reverse=True)[:MOST_ENTRIES]
    sources = read_status(store).sources.items()
    changes = [(dataset, one) for dataset, status in sources for one in status.changes]
    news = [(dataset, one) for dataset, status in sources for one in status.news]
    entries = [_of_release(store, dataset, one) for dataset, one in recent]
    entries += [_of_change(name, dataset, one) for dataset, one in changes]
    entries += [_of_alert(name, dataset, one) for dataset, one in news]
    ordered = sorted(entries, key=lambda one: (one.updated, one.dataset, one.id), reverse=True)
    return _xml(name, ordered[:MOST_ENTRIES])


def first_lines(notes: str) -> str:
    """What the notes say first in each language, as plain text: their Markdown is taken back."""
    sections = notes.split("\n## ")[1:]
    return "\n\n".join(unescape_markdown("\n".join(_first_lines_of_section(section))) for section in sections)


def _first_lines_of_section(section: str) -> Iterator[str]:
    title, *lines = [line for line in section.splitlines() if line.strip()]
    yield title
    yield from lines[:MOST_LINES]
    if len(lines) > MOST_LINES:
        yield f"(+ {len(lines) - MOST_LINES})"


def _of_release(store: Store, dataset: str, listed: ReleaseIndexEntry) -> _Entry:
    notes = file_key(release_folder(dataset, listed.version), CHANGES)
    stored = store.get(notes)
    return _Entry(
        updated=listed.released_at,
        dataset=dataset,
        id=_uuid("release", dataset, listed.version, listed.manifest_sha256),
        title=f"{dataset} {listed.version}",
        text=first_lines(stored.data.decode(errors="replace")) if stored else "",
        href=notes,
        kind="text/markdown",
    )


def _of_change(name: str, dataset: str, change: StateChange) -> _Entry:
    return _Entry(
        updated=change.at,
        dataset=dataset,
        id=_uuid("change", name, dataset, change.at, change.state.value),
        title=f"{dataset}: {change.before.value} → {change.state.value}",
        text=f"来源状态：{_STATES[change.state]}。\n{change.state.meaning}",
        href=STATUS,
        kind="application/json",
    )


def _of_alert(name: str, dataset: str, one: AlertLogEntry) -> _Entry:
    """An alert that was raised, changed or cleared; what a source wrote stands in `status.json` alone."""
    known = alarm(one.alert.code)
    return _Entry(
        updated=one.at,
        dataset=dataset,
        id=_uuid("alert", name, dataset, one.at, one.event.value, one.alert.code),
        title=f"{dataset}: {one.alert.code} {one.event.value}",
        text=f"{known.zh}（{_TURNS[one.event]}）。\n{known.en} ({one.event.value}).",
        href=STATUS,
        kind="application/json",
    )


def _xml(name: str, entries: list[_Entry]) -> bytes:
    root = Element("feed", {"xmlns": ATOM})
    _add_text_element(root, "id", name)
    _add_text_element(root, "title", "公报 Gongbao: releases and sources")
    _add_text_element(root, "updated", entries[0].updated)
    _add_text_element(SubElement(root, "author"), "name", "Gongbao")
    SubElement(root, "link", {"rel": "self", "type": "application/atom+xml", "href": FEED})
    SubElement(root, "link", {"rel": "alternate", "type": "application/json", "href": INDEX})
    for entry in entries:
        _entry(SubElement(root, "entry"), entry)
    indent(root)
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def _entry(parent: Element, entry: _Entry) -> None:
    _add_text_element(parent, "id", entry.id)
    _add_text_element(parent, "title", entry.title)
    _add_text_element(parent, "updated", entry.updated)
    SubElement(parent, "link", {"rel": "alternate", "type": entry.kind, "href": entry.href})
    SubElement(parent, "category", {"term": entry.dataset})
    _add_text_element(parent, "content", entry.text).set("type", "text")


def _add_text_element(parent: Element, tag: str, text: str) -> Element:
    """An element with a text in which nothing is left that XML has no place for."""
    element = SubElement(parent, tag)
    element.text = _NO_XML.sub("\ufffd", text)
    return element


def _uuid(*parts: str) -> str:
    return uuid.uuid5(_FAMILY, "\n".join(parts)).urn
