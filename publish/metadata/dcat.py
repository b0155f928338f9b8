"""`dcat.jsonld`: the release as a dataset of DCAT 3, in the forms that DCAT-AP 3 and DCAT-US 3 both ask for.

The dataset is named by a `urn:uuid`, its files by addresses relative to this file. It stands alone: the catalogue
that it belongs to is whoever lists it. Each concept of other people's code lists is described here, with its class, its
list and its label, so that neither a reader nor a validator has to fetch what it means.
"""

import json
from dataclasses import dataclass
from importlib.resources import files
from itertools import filterfalse
from typing import Any

from publish.bucket.manifest import LICENCE_URL
from publish.bucket.serialize import sha256
from publish.metadata.description import CREATOR, KEYWORDS, KINDS, DataFile, ReleaseDescription
from schemas.registry.sources import Source
from schemas.tables.columns import ROWS, ROWS_ZH, SHEETS

AUTHORITY = "http://publications.europa.eu/resource/authority"
MEDIA_TYPES = "https://www.iana.org/assignments/media-types"
LICENCE_TYPES = "http://purl.org/adms/licencetype"
SHA256 = "http://spdx.org/rdf/terms#checksumAlgorithm_sha256"
COLUMNS = "csv-metadata.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Concept:
    """A concept of a code list of the Publications Office: its list, its code, its label, its class in DCAT."""

    scheme: str
    code: str
    label: str
    kind: str = ""

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
STABLE = Concept(scheme="planned-availability", code="STABLE", label="stable")
LANGUAGES = tuple(
    Concept(scheme="language", code=code, kind="LinguisticSystem", label=label)
    for code, label in (("ZHO", "Chinese"), ("ENG", "English"))
)
THEMES = tuple(
    Concept(scheme="data-theme", code=code, label=label)
    for code, label in (("ECON", "Economy"), ("GOVE", "Government"))
)
FORMATS = {
    kind: Concept(scheme="file-type", code=kind.upper(), kind="MediaTypeOrExtent", label=label)
    for kind, label in (("csv", "CSV"), ("parquet", "Parquet"), ("xlsx", "XLSX"))
}
CONCEPTS = (ANNUAL, CC_BY, CHINA, PUBLIC, STABLE, *LANGUAGES, *THEMES, *FORMATS.values())


def dcat(about: ReleaseDescription) -> dict[str, Any]:
    """Return the graph: the dataset, a distribution for each file, the publisher, and the concepts that it names."""
    maker = {"@id": "#gongbao", "@type": ["foaf:Agent", "org:Organization"]}
    return {
        "@context": json.loads(files("publish.metadata").joinpath("dcat_context.json").read_bytes()),
        "@graph": [
            _dataset(about),
            *(_distribution(about, file) for file in about.data_files),
            {**maker, "name": CREATOR, "prefLabel": {"en": CREATOR}},
            *_concept_nodes(about),
            *(concept.node() for concept in CONCEPTS),
        ],
    }


def _dataset(about: ReleaseDescription) -> dict[str, Any]:
    day = about.release.released_on.isoformat()
    contact = {"@type": ["vcard:Organization", "vcard:Kind"], "fn": CREATOR}
    return {
        "@id": about.urn,
        "@type": "dcat:Dataset",
        "title": dict(about.title),
        "description": dict(about.description),
        "identifier": [f"{about.release.dataset}/{about.release.version}", about.urn],
        "version": about.release.version,
        **({"previousVersion": about.previous_urn} if about.previous_urn else {}),
        "issued": day,
        "modified": day,
        "publisher": "#gongbao",
        "creator": "#gongbao",
        **({"contactPoint": {**contact, "hasEmail": about.mail}} if about.mail else {}),
        "keyword": {"en": [*filter(str.isascii, KEYWORDS)], "zh": [*filterfalse(str.isascii, KEYWORDS)]},
        "theme": [theme.iri for theme in THEMES],
        "spatial": [CHINA.iri, _area(about.source)],
        **({"temporal": _years(*about.years)} if about.years else {}),
        "language": [language.iri for language in LANGUAGES],
        "accrualPeriodicity": ANNUAL.iri,
        "accessRights": PUBLIC.iri,
        "conformsTo": COLUMNS,
        "provenance": _provenance(about.source),
        "wasDerivedFrom": [cited.url for cited in about.documents],
        "distribution": [f"#{file.name}" for file in about.data_files],
    }


def _distribution(about: ReleaseDescription, file: DataFile) -> dict[str, Any]:
    day = about.release.released_on.isoformat()
    zh, en = (SHEETS[file.table], file.table) if file.table else ("全部表格", "all tables")
    rows_zh, rows = (ROWS_ZH[file.table], ROWS[file.table]) if file.table else ("每表一页。", "A sheet each.")
    return {
        "@id": f"#{file.name}",
        "@type": "dcat:Distribution",
        "title": {"zh": f"{zh}（{KINDS[file.kind]}）", "en": f"{en} ({KINDS[file.kind]})"},
        "description": {"zh": rows_zh, "en": rows},
        "accessURL": file.name,
        "downloadURL": file.name,
        "mediaType": f"{MEDIA_TYPES}/{file.media_type}",
        "format": FORMATS[file.kind].iri,
        "byteSize": str(len(file.data)),
        "checksum": {"@type": "spdx:Checksum", "algorithm": SHA256, "checksumValue": sha256(file.data)},
        "license": CC_BY.iri,
        "availability": STABLE.iri,
        "issued": day,
        "modified": day,
        "language": [language.iri for language in LANGUAGES],
        **({"conformsTo": COLUMNS} if file.kind == "csv" else {}),
    }


def _concept_nodes(about: ReleaseDescription) -> tuple[dict[str, Any], ...]:
    title = {"zh": "各表的列、类型和主键", "en": "Columns, types and keys of the tables"}
    listed = {"@type": "skos:Concept", "inScheme": f"{LICENCE_TYPES}/1.0"}
    attribution = {"@id": f"{LICENCE_TYPES}/Attribution", **listed, "prefLabel": {"en": "Attribution"}}
    media_types = sorted({file.media_type for file in about.data_files})
    return (
        {"@id": COLUMNS, "@type": "dct:Standard", "title": title, "version": about.release.schema_version},
        {"@id": CC_BY.iri, "exactMatch": LICENCE_URL, "type": attribution},
        {"@id": SHA256, "@type": "spdx:ChecksumAlgorithm"},
        *({"@id": f"{MEDIA_TYPES}/{media}", "@type": "dct:MediaType"} for media in media_types),
    )


def _area(source: Source) -> dict[str, Any]:
    names = {"zh": source.area_zh, "en": source.area_en}
    return {"@type": "dct:Location", "identifier": source.ref_area, "prefLabel": names}


def _years(first: str, last: str) -> dict[str, str]:
    return {"@type": "dct:PeriodOfTime", "startDate": first, "endDate": last}


def _provenance(source: Source) -> dict[str, Any]:
    zh = f"由存档的{source.area_zh}政府工作报告网页逐字读取。"
    en = f"Read word by word out of the archived pages of the government reports of {source.area_en}."
    return {"@type": "dct:ProvenanceStatement", "label": {"zh": zh, "en": en}}
