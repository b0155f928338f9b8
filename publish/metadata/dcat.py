"""`dcat.jsonld`: the release as a dataset of DCAT 3, in the forms that DCAT-AP 3 and DCAT-US 3 both ask for.

The dataset is named by a `urn:uuid`, its files by addresses relative to this file. It stands alone: the catalogue
that it belongs to is whoever lists it.
"""

from typing import Any

from publish.bucket.manifest import LICENCE_URL
from publish.bucket.serialize import sha256
from publish.metadata.dcat_terms import (
    ANNUAL,
    CC_BY,
    CHINA,
    CONCEPTS,
    FORMATS,
    LANGUAGES,
    LICENCE_TYPES,
    MEDIA_TYPES,
    PUBLIC,
    SHA256,
    STABLE,
    THEMES,
    jsonld_context,
)
from publish.metadata.description import CREATOR, KEYWORDS, KINDS, DataFile, ReleaseDescription
from schemas.tables.columns import ROWS, ROWS_ZH, SHEETS

COLUMNS = "csv-metadata.json"


def dcat(about: ReleaseDescription) -> dict[str, Any]:
    """Return the graph: the dataset, a distribution for each file, the publisher, and the concepts that it names."""
    return {
        "@context": jsonld_context(),
        "@graph": [
            _dataset(about),
            *(_distribution(about, file) for file in about.data_files),
            _maker(),
            *_concept_nodes(about),
            *(concept.node() for concept in CONCEPTS),
        ],
    }


def _dataset(about: ReleaseDescription) -> dict[str, Any]:
    day = about.release.released_on.isoformat()
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
        **({"contactPoint": _contact(about)} if about.mail else {}),
        "keyword": _keywords(),
        "theme": [theme.iri for theme in THEMES],
        "spatial": [CHINA.iri, _area(about)],
        **({"temporal": _years(*about.years)} if about.years else {}),
        "language": [language.iri for language in LANGUAGES],
        "accrualPeriodicity": ANNUAL.iri,
        "accessRights": PUBLIC.iri,
        "conformsTo": COLUMNS,
        "provenance": _provenance(about),
        "wasDerivedFrom": [cited.url for cited in about.documents],
        "distribution": [_fragment(file) for file in about.data_files],
    }


def _distribution(about: ReleaseDescription, file: DataFile) -> dict[str, Any]:
    day = about.release.released_on.isoformat()
    zh, en = (SHEETS[file.table], file.table) if file.table else ("全部表格", "all tables")
    description_zh, description_en = (
        (ROWS_ZH[file.table], ROWS[file.table]) if file.table else ("每表一页。", "A sheet each.")
    )
    return {
        "@id": _fragment(file),
        "@type": "dcat:Distribution",
        "title": {"zh": f"{zh}（{KINDS[file.kind]}）", "en": f"{en} ({KINDS[file.kind]})"},
        "description": {"zh": description_zh, "en": description_en},
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


def _fragment(file: DataFile) -> str:
    return f"#{file.name}"


def _maker() -> dict[str, Any]:
    return {
        "@id": "#gongbao",
        "@type": ["foaf:Agent", "org:Organization"],
        "name": CREATOR,
        "prefLabel": {"en": CREATOR},
    }


def _contact(about: ReleaseDescription) -> dict[str, Any]:
    return {"@type": ["vcard:Organization", "vcard:Kind"], "fn": CREATOR, "hasEmail": about.mail}


def _concept_nodes(about: ReleaseDescription) -> tuple[dict[str, Any], ...]:
    title = {"zh": "各表的列、类型和主键", "en": "Columns, types and keys of the tables"}
    return (
        {"@id": COLUMNS, "@type": "dct:Standard", "title": title, "version": about.release.schema_version},
        {"@id": CC_BY.iri, "exactMatch": LICENCE_URL, "type": _attribution()},
        {"@id": SHA256, "@type": "spdx:ChecksumAlgorithm"},
        *({"@id": f"{MEDIA_TYPES}/{media}", "@type": "dct:MediaType"} for media in _media_types(about)),
    )


def _attribution() -> dict[str, Any]:
    return {
        "@id": f"{LICENCE_TYPES}/Attribution",
        "@type": "skos:Concept",
        "inScheme": f"{LICENCE_TYPES}/1.0",
        "prefLabel": {"en": "Attribution"},
    }


def _media_types(about: ReleaseDescription) -> list[str]:
    return sorted({file.media_type for file in about.data_files})


def _keywords() -> dict[str, list[str]]:
    return {
        "en": [word for word in KEYWORDS if word.isascii()],
        "zh": [word for word in KEYWORDS if not word.isascii()],
    }


def _area(about: ReleaseDescription) -> dict[str, Any]:
    source = about.source
    return {
        "@type": "dct:Location",
        "identifier": source.ref_area,
        "prefLabel": {"zh": source.area_zh, "en": source.area_en},
    }


def _years(first: str, last: str) -> dict[str, str]:
    return {"@type": "dct:PeriodOfTime", "startDate": first, "endDate": last}


def _provenance(about: ReleaseDescription) -> dict[str, Any]:
    area = about.source
    return {
        "@type": "dct:ProvenanceStatement",
        "label": {
            "zh": f"由存档的{area.area_zh}政府工作报告网页逐字读取。",
            "en": f"Read word by word out of the archived pages of the government reports of {area.area_en}.",
        },
    }
