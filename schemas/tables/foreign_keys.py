"""Which columns of the published tables name a row of another table, as foreign keys do.

Only what holds in every release stands here: a vintage may name a document that was taken back since, and the cell
`obs_id` of `numbers` may hold several.
"""

from __future__ import annotations

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
    """The columns of a table that name a row elsewhere, each with the table and the column that it names."""
    return REFERENCES.get(table, MappingProxyType({}))
