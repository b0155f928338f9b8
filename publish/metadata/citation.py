"""`CITATION.cff`: how to cite the release, and what it was read from, as the Citation File Format 1.2.0.

The file is YAML. Every text in it is quoted and escaped, because the titles come from the sources: a title that holds
a colon, a quotation mark or a line break stays a title. What neither YAML nor an eye can tell apart is escaped too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import TypeAlias

from publish.bucket.manifest import LICENCE
from publish.metadata.description import CREATOR, KEYWORDS, ReleaseDescription, SourceDocument

Node: TypeAlias = "str | Mapping[str, Node] | Sequence[Node]"

_ESCAPES: Mapping[int, str] = MappingProxyType({ord('"'): '\\"', ord("\\"): "\\\\", ord("\n"): "\\n", ord("\t"): "\\t"})


def citation(about: ReleaseDescription) -> str:
    """The text of the file."""
    release = about.release
    card: dict[str, Node] = {
        "cff-version": "1.2.0",
        "type": "dataset",
        "message": "引用本数据集请注明以下信息。Please cite this dataset as below.",
        "title": " / ".join(about.title.values()),
        "abstract": "\n".join(about.description.values()),
        "authors": [{"name": CREATOR}],
        "version": release.version,
        "date-released": release.released_on.isoformat(),
        "license": LICENCE,
        "identifiers": [{"type": "other", "value": about.urn, "description": "This release, in every copy."}],
        "keywords": list(KEYWORDS),
    }
    if cited := [_reference(document) for document in about.documents]:
        card["references"] = cited
    return "".join(f"{line}\n" for line in _mapping(card, ""))


def _reference(cited: SourceDocument) -> Node:
    known = {"date-published": cited.published_on, "url": cited.url if cited.url.startswith("http") else ""}
    return {
        "type": "government-document",
        "title": cited.title,
        "authors": [{"name": cited.publisher}],
        "languages": ["zh"],
        **{key: value for key, value in known.items() if value},
    }


def _mapping(node: Mapping[str, Node], indent: str) -> Iterator[str]:
    for key, value in node.items():
        if isinstance(value, str):
            yield f"{indent}{key}: {_quoted(value)}"
        else:
            yield f"{indent}{key}:"
            yield from _nested(value, f"{indent}  ")


def _nested(node: Mapping[str, Node] | Sequence[Node], indent: str) -> Iterator[str]:
    if isinstance(node, Mapping):
        yield from _mapping(node, indent)
        return
    for item in node:
        lines = [_quoted(item)] if isinstance(item, str) else list(_nested(item, ""))
        yield f"{indent}- {lines[0]}"
        yield from (f"{indent}  {line}" for line in lines[1:])


def _quoted(text: str) -> str:
    return '"' + "".join(_ESCAPES.get(ord(character)) or _escape_character(character) for character in text) + '"'


def _escape_character(character: str) -> str:
    return character if character.isprintable() else f"\\U{ord(character):08X}"
