"""`CITATION.cff`: how to cite the release, and what it was read from, as the Citation File Format 1.2.0.

The file is YAML. Every text in it is quoted, because titles come from the sources: a title that holds a colon, a
quotation mark or a line break stays a title. PyYAML is imported only here.
"""

from typing import Any

import yaml

from publish.bucket.manifest import LICENCE
from publish.metadata.description import CREATOR, KEYWORDS, ReleaseDescription, SourceDocument


class _QuotingDumper(yaml.SafeDumper):  # type: ignore[misc] # PyYAML ships no types
    """Writes values in double quotes, keys without, and indents the items of a list."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002 - PyYAML's signature
        super().increase_indent(flow, indentless=False)

    def represent_mapping(self, tag: str, mapping: Any, flow_style: bool | None = None) -> yaml.MappingNode:  # noqa: ANN401, FBT001 - PyYAML's signature
        node = super().represent_mapping(tag, mapping, flow_style)
        for key, _ in node.value:
            key.style = None
        return node


_QuotingDumper.add_representer(str, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, '"'))


def citation(about: ReleaseDescription) -> str:
    """Return the text of the file."""
    release = about.release
    card: dict[str, object] = {
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
    if references := [_reference(document) for document in about.documents]:
        card["references"] = references
    text = yaml.dump(card, Dumper=_QuotingDumper, allow_unicode=True, sort_keys=False, width=float("inf"))
    # PyYAML leaves what an eye cannot tell apart (U+3000, marks of direction); within quotes it can be escaped.
    return "".join(sign if sign.isprintable() or sign == "\n" else f"\\U{ord(sign):08X}" for sign in text)


def _reference(document: SourceDocument) -> dict[str, object]:
    url = document.url if document.url.startswith("http") else ""
    optional = {"date-published": document.published_on, "url": url}
    return {
        "type": "government-document",
        "title": document.title,
        "authors": [{"name": document.publisher}],
        "languages": ["zh"],
        **{key: value for key, value in optional.items() if value},
    }
