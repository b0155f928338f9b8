"""The foreign keys of the published tables.

Only those that hold in every release are included: a vintage may refer to a document that was withdrawn since, and
`obs_id` of `numbers` may contain several ids.
"""

from collections.abc import Mapping
from types import MappingProxyType

_DOCUMENT = ("documents", "document")
_OBSERVATION = ("observations", "obs_id")

REFERENCES: Mapping[str, Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "observations": MappingProxyType({"document": _DOCUMENT}),
        "comparisons": MappingProxyType(
            {
                "obs_id": _OBSERVATION,
                "base_obs_id": _OBSERVATION,
                "document": _DOCUMENT,
                "base_document": _DOCUMENT,
                "stated_obs_id": _OBSERVATION,
            }
        ),
        "targets": MappingProxyType(
            {
                "obs_id": _OBSERVATION,
                "document": _DOCUMENT,
                "outcome_obs_id": _OBSERVATION,
                "outcome_document": _DOCUMENT,
            }
        ),
        "silences": MappingProxyType(
            {"document": _DOCUMENT, "last_obs_id": _OBSERVATION, "last_document": _DOCUMENT},
        ),
        "glossary": MappingProxyType({"document": _DOCUMENT}),
        "numbers": MappingProxyType({"document": _DOCUMENT}),
    }
)


def references(table: str) -> Mapping[str, tuple[str, str]]:
    """Return the foreign keys of a table as {column: (table, column)}."""
    return REFERENCES.get(table, MappingProxyType({}))
