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
        "observations": {"document": _DOCUMENT},
        "comparisons": dict.fromkeys(("obs_id", "base_obs_id"), _OBSERVATION)
        | dict.fromkeys(("document", "base_document"), _DOCUMENT)
        | {"stated_obs_id": _OBSERVATION},
        "targets": {
            "obs_id": _OBSERVATION,
            "document": _DOCUMENT,
            "outcome_obs_id": _OBSERVATION,
            "outcome_document": _DOCUMENT,
        },
        "silences": {"document": _DOCUMENT, "last_obs_id": _OBSERVATION, "last_document": _DOCUMENT},
        "glossary": {"document": _DOCUMENT},
        "numbers": {"document": _DOCUMENT},
    }
)


def references(table: str) -> Mapping[str, tuple[str, str]]:
    """Return the foreign keys of a table as {column: (table, column)}."""
    return REFERENCES.get(table, MappingProxyType({}))
