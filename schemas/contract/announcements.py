"""Announcements of the next schema versions, made one release ahead."""

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
_REMEDY = "write [[announcement]] tables with the keys schema_version, en and zh only"


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """What a schema version will change, one sentence in each language."""

    schema_version: str
    en: str
    zh: str


def announced(text: str | None = None) -> tuple[Announcement, ...]:
    """Return the announcements of versions still to come, the nearest first.

    Args:
        text: A TOML file of announcements; by default that of the project.

    Raises:
        RegistryError: The file contains something else, or announces a version twice.
    """
    if text is None:
        text = files("schemas.contract").joinpath("announced.toml").read_text(encoding="utf-8")
    announcements = sorted(_announcements(text), key=lambda entry: parse_semver(entry.schema_version))
    for entry, following in pairwise(announcements):
        if entry.schema_version == following.schema_version:
            raise _error(f"{entry.schema_version} is announced twice")
    current = parse_semver(SCHEMA_VERSION)
    return tuple(entry for entry in announcements if parse_semver(entry.schema_version) > current)


def parse_semver(version: str) -> tuple[int, int, int]:
    """Return major, minor and patch of a schema version.

    Raises:
        RegistryError: It is not a version such as 1.2.0.
    """
    match = _SEMVER.fullmatch(version)
    if not match:
        raise _error(f"invalid schema version {version!r}; expected a version such as 1.2.0")
    major, minor, patch = (int(part) for part in match.groups())
    return major, minor, patch


def _announcements(text: str) -> list[Announcement]:
    try:
        record = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _error(f"not TOML: {error}") from error
    entries = record.pop("announcement", [])
    if record or not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise _error("the file contains something other than announcements")
    return [_announcement(entry) for entry in entries]


def _announcement(entry: Mapping[str, Any]) -> Announcement:
    texts = {name: text for name, text in entry.items() if isinstance(text, str) and text.strip()}
    if texts.keys() != set(Announcement.__dataclass_fields__) or len(texts) < len(entry):
        raise _error("an announcement lacks a key or has an unknown one")
    return Announcement(**texts)


def _error(what: str) -> RegistryError:
    return RegistryError(what, where=_FILE, remedy=_REMEDY)
