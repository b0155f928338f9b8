"""The registry of sources: who publishes which reports where, from `sources.toml` and an operator's own file.

An entry is a `[[source]]` table with the keys of `source_rules.RULES`. A mistake raises a `RegistryError` that names
the file, the entry and the key, and says what is allowed.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from schemas.errors import RegistryError, UsageError
from schemas.registry.source_rules import PLATFORM_KEYS, RULES, Rule

SHIPPED = Path(__file__).with_name("sources.toml")
LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One publisher on one platform.

    Attributes:
        id: Also the id of the dataset.
        base: The address on the platform `gkmlpt`.
        urls: The addresses of the platform `page`.
        indexes: The first pages of the listings of the platform `list`.
        link: A pattern for `re.search` that matches the addresses of articles in a listing.
        next_page: A pattern that matches the text or the address of the link to the next page, "" if there is none.
        since: Articles that the listing dates earlier are left out, None to take all.
        folder: The folder of the platform `files`.
        title: A pattern for `re.search` that matches the titles of the reports.
        publisher: The body that a page must name as its publisher.
        publisher_names: Other names that the body has on its pages, such as a short one.
        vouched: Whether the operator vouches for the addresses, so that a page may name no publisher.
        vouched_why: Why the operator does.
        uscc: The credit code with which the 索引号 must start, "" if unknown.
        bundled: Whether its pages come with the package; the run itself serves them at `base`.
        nightly: Whether it takes part in runs that do not name it.
        every_hours: How often a run is due.
        kind: What sort of document its pages are, a code of `DocumentKind`; "" to read it from each page.
        text: Whether the pages show the `full` reports or only clauses with numbers (`quotes`).
    """

    id: str
    platform: Literal["gkmlpt", "list", "page", "files"]
    base: str = ""
    urls: tuple[str, ...] = ()
    indexes: tuple[str, ...] = ()
    link: str = ""
    next_page: str = ""
    since: date | None = None
    folder: str = ""
    title: str = ""
    publisher: str
    publisher_names: tuple[str, ...] = ()
    vouched: bool = False
    vouched_why: str = ""
    uscc: str = ""
    ref_area: str
    area_zh: str
    area_en: str
    bundled: bool = False
    nightly: bool = True
    every_hours: int = 24
    text: Literal["full", "quotes"] = "full"
    kind: str = ""

    @property
    def addresses(self) -> tuple[str, ...]:
        """Where the source is: its addresses, or its folder."""
        return tuple(filter(None, (self.base, *self.urls, *self.indexes, self.folder)))

    @property
    def host(self) -> str:
        """The host that the source is fetched from, "" for a folder."""
        return "" if self.folder else urlsplit(self.addresses[0]).hostname or ""

    @property
    def division(self) -> str:
        """The division code (GB/T 2260) of the area, which the 索引号 of its bodies contains."""
        return self.ref_area[3:9]


@dataclass(frozen=True, slots=True, kw_only=True)
class _SourceEntry:
    """A table of a file, with its position for errors."""

    file: Path
    place: int
    keys: Mapping[str, Any]

    def error(self, key: str, what: str, allowed: str) -> RegistryError:
        """Return an error that points to a key of this entry."""
        named = f" ({self.keys['id']})" if isinstance(self.keys.get("id"), str) else ""
        where = f"{self.file}, source {self.place}{named}, key {key}"
        return RegistryError(what, where=where, remedy=f"allowed: {allowed}")


def load_sources(extra: Path | None = None) -> tuple[Source, ...]:
    """Return the sources of the package, then those of an operator's file."""
    entries = (*_entries(SHIPPED), *(_entries(extra) if extra else ()))
    sources = tuple(_source(entry) for entry in entries)
    _reject_duplicates(entries)
    return sources


def pick(sources: Iterable[Source], ids: Iterable[str]) -> tuple[Source, ...]:
    """Return the sources with these ids, in the registry's order; without ids, those of nightly runs."""
    registered, wanted = tuple(sources), frozenset(ids)
    if unknown := sorted(wanted - {source.id for source in registered}):
        names = ", ".join(source.id for source in registered)
        raise UsageError(f"unknown source {', '.join(unknown)}", remedy=f"known sources: {names}")
    return tuple(source for source in registered if (source.id in wanted if wanted else source.nightly))


def _entries(file: Path) -> tuple[_SourceEntry, ...]:
    table = _toml(file)
    if unknown := sorted(set(table) - {"source"}):
        raise RegistryError(f"unknown key {unknown[0]}", where=str(file), remedy="allowed: only [[source]] tables")
    tables = table.get("source")
    if not isinstance(tables, list) or not tables or not all(isinstance(keys, dict) for keys in tables):
        raise RegistryError("it contains no [[source]] tables", where=str(file), remedy="write one for each source")
    return tuple(_SourceEntry(file=file, place=place, keys=keys) for place, keys in enumerate(tables, start=1))


def _toml(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_bytes().decode("utf-8-sig"))
    except FileNotFoundError as error:
        raise RegistryError("the file does not exist", where=str(file), remedy="check its path") from error
    except OSError as error:
        raise RegistryError(f"it cannot be read ({error.strerror})", where=str(file), remedy="check it") from error
    except UnicodeDecodeError as error:
        raise RegistryError(f"byte {error.start} is not UTF-8", where=str(file), remedy="save it as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise RegistryError(f"it is not TOML: {error}", where=str(file), remedy="correct that line") from error


def _source(entry: _SourceEntry) -> Source:
    for key in entry.keys:
        if key not in RULES:
            raise entry.error(key, "unknown key", "the keys " + ", ".join(RULES))
    for key, rule in RULES.items():
        _check(entry, key, rule)
    _check_platform(entry)
    _check_bundled(entry)
    _check_vouched(entry)
    keys = entry.keys
    return Source(
        **{
            **keys,
            "base": keys.get("base", "").rstrip("/"),
            **{key: tuple(keys.get(key, ())) for key in ("urls", "indexes", "publisher_names")},
            "folder": str(entry.file.parent.absolute() / keys["folder"]) if "folder" in keys else "",
        }
    )


def _check(entry: _SourceEntry, key: str, rule: Rule) -> None:
    if key not in entry.keys:
        if rule.required:
            raise entry.error(key, "the key is missing", rule.allowed)
        return
    value = entry.keys[key]
    if type(value) is not rule.kind:
        raise entry.error(key, f"the value is of type {type(value).__name__}, not {rule.kind.__name__}", rule.allowed)
    if fault := rule.check(value):
        raise entry.error(key, fault, rule.allowed)


def _check_platform(entry: _SourceEntry) -> None:
    platform = entry.keys["platform"]
    needed, optional = PLATFORM_KEYS[platform]
    others = {key for keys in PLATFORM_KEYS.values() for part in keys for key in part} - needed - optional
    for key in RULES:
        if key in needed and key not in entry.keys:
            raise entry.error(key, f"the key is missing for platform {platform}", RULES[key].allowed)
        if key in others and key in entry.keys:
            raise entry.error(key, f"the key does not belong to platform {platform}", RULES[key].allowed)


def _check_bundled(entry: _SourceEntry) -> None:
    parts = urlsplit(entry.keys.get("base", ""))
    if entry.keys.get("bundled") and (parts.scheme, parts.hostname, bool(parts.port)) != ("http", LOOPBACK, True):
        raise entry.error("base", "a bundled source is served by the run itself", f"http://{LOOPBACK}:PORT/prefix")


def _check_vouched(entry: _SourceEntry) -> None:
    if entry.keys.get("vouched") and "vouched_why" not in entry.keys:
        raise entry.error("vouched_why", "the key is missing beside vouched", RULES["vouched_why"].allowed)
    if "vouched_why" in entry.keys and not entry.keys.get("vouched"):
        raise entry.error("vouched", "vouched_why stands without it", "true beside vouched_why")


def _reject_duplicates(entries: Iterable[_SourceEntry]) -> None:
    seen: dict[str, _SourceEntry] = {}
    for entry in entries:
        earlier = seen.setdefault(entry.keys["id"], entry)
        if earlier is not entry:
            what = f"the id is already used by source {earlier.place} of {earlier.file}"
            raise entry.error("id", what, "an id that no other source has")
