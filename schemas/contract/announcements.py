"""What the next schema versions will bring, announced one release ahead."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from itertools import pairwise
from typing import Any

from schemas.errors import RegistryError
from schemas.tables.columns import SCHEMA_VERSION

_SEMVER = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)", re.ASCII)
_FILE = "schemas/contract/announced.toml"
_REMEDY = "write [[announcement]] tables with schema_version, en and zh, and nothing beside them"


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """What a schema version will bring, one sentence in each language."""

    schema_version: str
    en: str
    zh: str


def announced(text: str | None = None) -> tuple[Announcement, ...]:
    """The announcements of versions still to come, the nearest first; of the project's file where no text is given."""
    if text is None:
        text = files("schemas.contract").joinpath("announced.toml").read_text(encoding="utf-8")
    found = sorted(_announcements(text), key=lambda one: parse_semver(one.schema_version))
    for one, two in pairwise(found):
        if one.schema_version == two.schema_version:
            raise _error(f"{one.schema_version} is announced twice")
    return tuple(one for one in found if parse_semver(one.schema_version) > parse_semver(SCHEMA_VERSION))


def parse_semver(version: str) -> tuple[int, int, int]:
    """Major, minor and patch of a schema version."""
    found = _SEMVER.fullmatch(version)
    if not found:
        raise _error(f"{version!r} is no schema version such as 1.2.0")
    major, minor, patch = (int(part) for part in found.groups())
    return major, minor, patch


def _announcements(text: str) -> list[Announcement]:
    try:
        record = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _error(f"not TOML: {error}") from error
    entries = record.pop("announcement", [])
    if record or not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise _error("it holds something else than announcements")
    return [_announcement(entry) for entry in entries]


def _announcement(entry: Mapping[str, Any]) -> Announcement:
    words = {name: text for name, text in entry.items() if isinstance(text, str) and text.strip()}
    if words.keys() != set(Announcement.__dataclass_fields__) or len(words) < len(entry):
        raise _error("an announcement lacks a sentence, or has something beside them")
    return Announcement(**words)


def _error(what: str) -> RegistryError:
    return RegistryError(what, where=_FILE, remedy=_REMEDY)
