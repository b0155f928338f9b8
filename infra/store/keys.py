"""Which keys a store takes: the same on a folder and on S3, so that one can be copied to the other."""

from __future__ import annotations

from schemas.errors import UsageError

HIDDEN = ".gongbao"
"""The first segment that no key may have: a folder store works there."""

LONGEST_KEY = 900
"""Bytes of UTF-8 in a key; S3 allows 1024, and the store's own prefix stands before it."""

LONGEST_SEGMENT = 255
"""Bytes of UTF-8 between two slashes: what file systems allow."""


def check_key(key: str) -> str:
    """The key itself, or a UsageError that says what is wrong with it."""
    segments = key.split("/")
    fault = _fault(key, segments)
    if fault:
        raise UsageError(
            f"not a key of a store: {fault}",
            where=ascii(key),
            remedy="use a relative path with / between its parts, as v/2024.01.31.1/manifest.json",
        )
    return key


def check_prefix(prefix: str) -> str:
    """The prefix itself, empty, ending in / or in the middle of a segment; else a UsageError."""
    if prefix:
        check_key(prefix.removesuffix("/"))
    return prefix


def _fault(key: str, segments: list[str]) -> str:
    """What is wrong with a key, or nothing."""
    if not key.isprintable():
        return "a character that cannot be printed"
    sizes = [len(segment.encode()) for segment in segments]
    faults = {
        "an empty segment, or a / at an end": "" in segments,
        "a segment . or ..": not {".", ".."}.isdisjoint(segments),
        "a backslash": "\\" in key,
        f"{HIDDEN} is the store's own": segments[0] == HIDDEN,
        "it is too long": sum(sizes) + len(sizes) > LONGEST_KEY or max(sizes) > LONGEST_SEGMENT,
    }
    return next((fault for fault, present in faults.items() if present), "")
