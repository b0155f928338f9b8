"""`atom.xml`: an entry for each release, change of a source and event of an alert (RFC 4287), newest first.

It follows from `index.json`, `status.json` and the notes of the releases alone, so that every run writes the
same. Ids are UUIDs made from hashes and addresses are relative: a copy of the store is the same feed.
"""

import re
import uuid
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from infra.store import Store
from infra.store.update import update
from publish.alerts.lifecycle import AlertEvent
from publish.alerts.status import AlertLogEntry, StateChange, read_status
from publish.bucket.catalog import ReleaseIndexEntry, load_index
from publish.bucket.layout import CHANGES, FEED, INDEX, STATUS, file_key, headers, release_folder
from publish.changelog.format import unescape_markdown
from schemas.alarms.catalogue import alarm
from schemas.codelists import SourceState

ATOM = "http://www.w3.org/2005/Atom"
MOST_ENTRIES = 100
"""Older entries leave the feed; `index.json` lists every release."""

MOST_LINES = 5
"""Of the notes of a release, in each of the two languages."""

_FAMILY: Final = uuid.UUID("5f3c1b52-9a55-5c0e-8a3b-0d8f5d3c6f5e")
_NO_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_EVENTS = MappingProxyType({AlertEvent.RAISED: "新报警", AlertEvent.CHANGED: "有变化", AlertEvent.CLEARED: "已解除"})
_STATES = MappingProxyType({SourceState.OK: "正常", SourceState.GONE: "已撤下", SourceState.DRIFTED: "形式已变"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _FeedEntry:
    """One entry; entries with the same time are in the order of dataset and id."""

    updated: str
    dataset: str
    id: str
    title: str
    text: str
    href: str
    kind: str


def write_feed(store: Store) -> None:
    """Update the feed from `index.json` and `status.json`; there is none before the first release.

    The tag of the feed is read before these two: a run that changes one of them later writes the feed later, too.
    """
    update(store, FEED, lambda _stored: feed(store) or None, headers(FEED))


def feed(store: Store) -> bytes:
    """Return the feed of a store; empty where nothing was released."""
    releases = [(dataset, entry) for dataset, entries in load_index(store).items() for entry in entries]
    if not releases:
        return b""
    _, oldest = min(releases, key=lambda pair: (pair[1].released_at, pair[0], pair[1].version))
    name = _uuid("feed", oldest.manifest_sha256)
    recent = sorted(releases, key=lambda pair: pair[1].released_at, reverse=True)[:MOST_ENTRIES]
    sources = read_status(store).sources.items()
    entries = [_of_release(store, dataset, listed) for dataset, listed in recent]
    entries += [_of_change(name, dataset, change) for dataset, status in sources for change in status.changes]
    entries += [_of_alert(name, dataset, event) for dataset, status in sources for event in status.news]
    ordered = sorted(entries, key=lambda entry: (entry.updated, entry.dataset, entry.id), reverse=True)
    return _xml(name, ordered[:MOST_ENTRIES])


def first_lines(notes: str) -> str:
    """Return the first lines of the notes in each language as plain text, without Markdown."""
    sections = []
    for section in notes.split("\n## ")[1:]:
        title, *lines = [line for line in section.splitlines() if line.strip()]
        more = [f"(+ {len(lines) - MOST_LINES})"] if len(lines) > MOST_LINES else []
        sections.append(unescape_markdown("\n".join([title, *lines[:MOST_LINES], *more])))
    return "\n\n".join(sections)


def _of_release(store: Store, dataset: str, listed: ReleaseIndexEntry) -> _FeedEntry:
    notes = file_key(release_folder(dataset, listed.version), CHANGES)
    stored = store.get(notes)
    return _FeedEntry(
        updated=listed.released_at,
        dataset=dataset,
        id=_uuid("release", dataset, listed.version, listed.manifest_sha256),
        title=f"{dataset} {listed.version}",
        text=first_lines(stored.data.decode(errors="replace")) if stored else "",
        href=notes,
        kind="text/markdown",
    )


def _of_change(name: str, dataset: str, change: StateChange) -> _FeedEntry:
    return _FeedEntry(
        updated=change.at,
        dataset=dataset,
        id=_uuid("change", name, dataset, change.at, change.state.value),
        title=f"{dataset}: {change.before.value} → {change.state.value}",
        text=f"来源状态：{_STATES[change.state]}。\n{change.state.meaning}",
        href=STATUS,
        kind="application/json",
    )


def _of_alert(name: str, dataset: str, logged: AlertLogEntry) -> _FeedEntry:
    """Return an entry that quotes nothing that a source wrote: `status.json` holds that."""
    code, event = logged.alert.code, logged.event
    rule = alarm(code)
    return _FeedEntry(
        updated=logged.at,
        dataset=dataset,
        id=_uuid("alert", name, dataset, logged.at, event.value, code),
        title=f"{dataset}: {code} {event.value}",
        text=f"{rule.zh}（{_EVENTS[event]}）。\n{rule.en} ({event.value}).",
        href=STATUS,
        kind="application/json",
    )


def _xml(name: str, entries: list[_FeedEntry]) -> bytes:
    root = Element("feed", {"xmlns": ATOM})
    _add_text_element(root, "id", name)
    _add_text_element(root, "title", "公报 Gongbao: releases and sources")
    _add_text_element(root, "updated", entries[0].updated)
    _add_text_element(SubElement(root, "author"), "name", "Gongbao")
    SubElement(root, "link", {"rel": "self", "type": "application/atom+xml", "href": FEED})
    SubElement(root, "link", {"rel": "alternate", "type": "application/json", "href": INDEX})
    for entry in entries:
        element = SubElement(root, "entry")
        _add_text_element(element, "id", entry.id)
        _add_text_element(element, "title", entry.title)
        _add_text_element(element, "updated", entry.updated)
        SubElement(element, "link", {"rel": "alternate", "type": entry.kind, "href": entry.href})
        SubElement(element, "category", {"term": entry.dataset})
        _add_text_element(element, "content", entry.text).set("type", "text")
    indent(root)
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def _add_text_element(parent: Element, tag: str, text: str) -> Element:
    """Characters that XML cannot hold become U+FFFD."""
    element = SubElement(parent, tag)
    element.text = _NO_XML.sub("\ufffd", text)
    return element


def _uuid(*parts: str) -> str:
    return uuid.uuid5(_FAMILY, "\n".join(parts)).urn
