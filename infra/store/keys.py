"""Valid keys of a store, the same for folders and S3, so that one can be copied to the other."""

from schemas.errors import UsageError

HIDDEN = ".gongbao"
"""A reserved first segment, used by folder stores."""

LONGEST_KEY = 900
"""Bytes of UTF-8 in a key; S3 allows 1024, which include the prefix of the store."""

LONGEST_SEGMENT = 255
"""Bytes of UTF-8 between two slashes: what file systems allow."""


def check_key(key: str) -> str:
    """Return a valid key.

    Raises:
        UsageError: The key is invalid.
    """
    segments = key.split("/")
    fault = _fault(key, segments)
    if fault:
        remedy = "use a relative path with / between its parts, such as v/2024.01.31.1/manifest.json"
        raise UsageError(f"invalid key: {fault}", where=ascii(key), remedy=remedy)
    return key


def check_prefix(prefix: str) -> str:
    """Return a valid prefix: empty, or a key that may end in / or in the middle of a segment.

    Raises:
        UsageError: The prefix is invalid.
    """
    if prefix:
        check_key(prefix.removesuffix("/"))
    return prefix


def _fault(key: str, segments: list[str]) -> str:
    if not key.isprintable():
        return "it contains an unprintable character"
    sizes = [len(segment.encode()) for segment in segments]
    faults = {
        "it contains an empty segment": "" in segments,
        "it contains a segment . or ..": not {".", ".."}.isdisjoint(segments),
        "it contains a backslash": "\\" in key,
        f"{HIDDEN} is reserved": segments[0] == HIDDEN,
        "it is too long": sum(sizes) + len(sizes) > LONGEST_KEY or max(sizes) > LONGEST_SEGMENT,
    }
    return next((fault for fault, present in faults.items() if present), "")
