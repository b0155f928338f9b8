"""The words that a DCAT description borrows: the terms of its context, and the concepts of other people's code lists.

Each concept is described where it is used, with its class, its list and its label, so that neither a reader nor a
validator has to fetch what it means.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

AUTHORITY = "http://publications.europa.eu/resource/authority"
MEDIA_TYPES = "https://www.iana.org/assignments/media-types"
LICENCE_TYPES = "http://purl.org/adms/licencetype"
SHA256 = "http://spdx.org/rdf/terms#checksumAlgorithm_sha256"


@dataclass(frozen=True, slots=True, kw_only=True)
class Concept:
    """A concept of a code list of the Publications Office: its list, its code, its class in DCAT, its label."""

    scheme: str
    code: str
    kind: str
    label: str

    @property
    def iri(self) -> str:
        """Its name."""
        return f"{AUTHORITY}/{self.scheme}/{self.code}"

    def node(self) -> dict[str, Any]:
        """Its description."""
        return {
            "@id": self.iri,
            "@type": [*([f"dct:{self.kind}"] if self.kind else []), "skos:Concept"],
            "inScheme": f"{AUTHORITY}/{self.scheme}",
            "prefLabel": {"en": self.label},
        }


ANNUAL = Concept(scheme="frequency", code="ANNUAL", kind="Frequency", label="annual")
CC_BY = Concept(scheme="licence", code="CC_BY_4_0", kind="LicenseDocument", label="CC BY 4.0")
CHINA = Concept(scheme="country", code="CHN", kind="Location", label="China")
PUBLIC = Concept(scheme="access-right", code="PUBLIC", kind="RightsStatement", label="public")
STABLE = Concept(scheme="planned-availability", code="STABLE", kind="", label="stable")
LANGUAGES = (
    Concept(scheme="language", code="ZHO", kind="LinguisticSystem", label="Chinese"),
    Concept(scheme="language", code="ENG", kind="LinguisticSystem", label="English"),
)
THEMES = (
    Concept(scheme="data-theme", code="ECON", kind="", label="Economy"),
    Concept(scheme="data-theme", code="GOVE", kind="", label="Government"),
)
FORMATS: Mapping[str, Concept] = MappingProxyType(
    {
        "csv": Concept(scheme="file-type", code="CSV", kind="MediaTypeOrExtent", label="CSV"),
        "parquet": Concept(scheme="file-type", code="PARQUET", kind="MediaTypeOrExtent", label="Parquet"),
        "xlsx": Concept(scheme="file-type", code="XLSX", kind="MediaTypeOrExtent", label="XLSX"),
    }
)
CONCEPTS = (ANNUAL, CC_BY, CHINA, PUBLIC, STABLE, *LANGUAGES, *THEMES, *FORMATS.values())

_PREFIXES: Mapping[str, str] = MappingProxyType(
    {
        "adms": "http://www.w3.org/ns/adms#",
        "dcat": "http://www.w3.org/ns/dcat#",
        "dcatap": "http://data.europa.eu/r5r/",
        "dct": "http://purl.org/dc/terms/",
        "foaf": "http://xmlns.com/foaf/0.1/",
        "org": "http://www.w3.org/ns/org#",
        "prov": "http://www.w3.org/ns/prov#",
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        "skos": "http://www.w3.org/2004/02/skos/core#",
        "spdx": "http://spdx.org/rdf/terms#",
        "vcard": "http://www.w3.org/2006/vcard/ns#",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
    }
)
_SPOKEN = ("dct:title", "dct:description", "dcat:keyword", "skos:prefLabel", "rdfs:label")
_LINKS = (
    *("dct:accessRights", "dct:accrualPeriodicity", "dct:conformsTo", "dct:creator", "dct:format", "dct:language"),
    *("dct:license", "dct:provenance", "dct:publisher", "dct:spatial", "dct:temporal", "dct:type"),
    *("dcat:accessURL", "dcat:contactPoint", "dcat:distribution", "dcat:downloadURL", "dcat:mediaType"),
    *("dcat:previousVersion", "dcat:theme", "dcatap:availability", "prov:wasDerivedFrom", "skos:exactMatch"),
    *("skos:inScheme", "spdx:algorithm", "spdx:checksum", "vcard:hasEmail"),
)
_TYPED: Mapping[str, str] = MappingProxyType(
    {
        "dct:issued": "xsd:date",
        "dct:modified": "xsd:date",
        "dcat:startDate": "xsd:gYear",
        "dcat:endDate": "xsd:gYear",
        "dcat:byteSize": "xsd:nonNegativeInteger",
        "spdx:checksumValue": "xsd:hexBinary",
    }
)
_PLAIN = ("dct:identifier", "dcat:version", "foaf:name", "vcard:fn")


def jsonld_context() -> dict[str, Any]:
    """Return the context of the file: each term by its last part (`title` is `dct:title`)."""
    return {
        **_PREFIXES,
        **{_short(term): {"@id": term, "@container": "@language"} for term in _SPOKEN},
        **{_short(term): {"@id": term, "@type": "@id"} for term in _LINKS},
        **{_short(term): {"@id": term, "@type": kind} for term, kind in _TYPED.items()},
        **{_short(term): term for term in _PLAIN},
    }


def _short(term: str) -> str:
    return term.partition(":")[2]
