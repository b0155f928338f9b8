"""`dcat.jsonld` before the published shapes of DCAT-AP 3 and DCAT-US 3, and with faults that they must find."""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import TYPE_CHECKING

import pytest
from pyshacl import validate
from rdflib import DCAT, DCTERMS, RDF, SH, XSD, BNode, Graph, Literal, Namespace, Node, URIRef
from support.published import CONTACT, Json, data_files, digest, edit, loaded
from support.report_readings import corrected, report_2023
from support.report_releases import report_release
from support.requires import shared

from publish.metadata.description import urn
from publish.release.build_files import release_files

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SPDX = Namespace("http://spdx.org/rdf/terms#")
DCAT3 = Namespace(str(DCAT))  # rdflib knows the terms of DCAT 2 only
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
HOME = "https://data.example/seed/v/2026.11.23.1/"
ELSEWHERE = "https://mirror.example/copy/"
# The two profiles in every form in which they are published: what must be, and of which class.
MUST = (
    "dcat-ap-3.0.1/shacl/dcat-ap-SHACL.ttl",
    "dcat-ap-3.0.1/shacl/ranges.ttl",
    "dcat-ap-3.0.1/html/shacl/shapes.ttl",
    "dcat-ap-3.0.1/html/shacl/range.ttl",
    "dcat-ap-3.0.1/html/shacl/deprecateduris.ttl",
    "dcat-us-3/shacl/dcat-us_3.0_shacl_shapes.ttl",
)
RECOMMENDED = "dcat-ap-3.0.1/html/shacl/shapes_recommended.ttl"
VOCABULARIES = "dcat-ap-3.0.1/html/shacl/mdr-vocabularies.shape.ttl"


@pytest.fixture(scope="module")
def shapes() -> Callable[[str], Graph]:
    """The shapes of a file, read once."""
    return cache(lambda name: whole(Graph().parse(shared("standards", *name.split("/")))))


def whole(graph: Graph) -> Graph:
    """Shapes without links to property shapes that the file does not hold: pyshacl refuses a file that has some."""
    for link in list(graph.triples((None, SH.property, None))):
        if (link[2], SH.path, None) not in graph:
            graph.remove(link)
    assert (None, SH.path, None) in graph
    return graph


def graph_of(release: Path, home: str = HOME) -> Graph:
    """The graph as a consumer reads it who took the file from an address."""
    return Graph().parse(release / "dcat.jsonld", format="json-ld", publicID=f"{home}dcat.jsonld")


def dataset(graph: Graph) -> Node:
    """The one dataset; without it every shape would be content."""
    (found,) = graph.subjects(RDF.type, DCAT.Dataset)
    return found


def judged(graph: Graph, shapes_graph: Graph) -> list[tuple[str, str]]:
    """What shapes find in a graph with the authority tables beside it: severity and path of each result."""
    data = graph + Graph().parse(shared("standards", "authority-stub.ttl"))
    conforms, report, text = validate(data, shacl_graph=shapes_graph)
    assert isinstance(report, Graph), text
    results = list(report.subjects(RDF.type, SH.ValidationResult))
    assert conforms == (not results)
    return sorted((last(report, result, SH.resultSeverity), last(report, result, SH.resultPath)) for result in results)


def last(graph: Graph, subject: Node, predicate: Node) -> str:
    """The last part of the name that a node points at."""
    return str(graph.value(subject, predicate)).replace("#", "/").rpartition("/")[2]


def test_both_profiles_accept_the_graph(offline: Path, shapes: Callable[[str], Graph]) -> None:
    graph = graph_of(offline)
    assert isinstance(dataset(graph), URIRef)
    assert {name: judged(graph, shapes(name)) for name in MUST} == {name: [] for name in MUST}


def test_what_is_recommended_is_there_but_for_a_point_on_the_map(offline: Path, shapes: Callable[[str], Graph]) -> None:
    found = Counter(judged(graph_of(offline), shapes(RECOMMENDED)))
    wanted = Counter({("Warning", "bbox"): 2, ("Warning", "centroid"): 2, ("Warning", "type"): 1})
    no_contact = Counter({("Warning", "contactPoint"): 1})
    contact = loaded(offline / "manifest.json")["contact"]
    assert found == wanted + (Counter() if contact else no_contact)
    mails = [str(mail) for mail in graph_of(offline).objects(None, VCARD.hasEmail)]
    assert mails == ([f"mailto:{CONTACT}"] if contact else [])


def test_codes_are_those_of_the_authority_tables(offline: Path, shapes: Callable[[str], Graph]) -> None:
    graph = graph_of(offline)
    found = {path for severity, path in judged(graph, shapes(VOCABULARIES)) if severity == "Violation"}
    # `algorithm` asks for a name under https://spdx.org, which SPDX itself spells http://spdx.org; `inScheme` and the
    # nameless `None` belong to the publisher and the area, of which no such table knows anything: warnings in sum.
    assert found == {"algorithm", "inScheme", "None"}
    concepts = {*graph.objects(None, DCTERMS.language), *graph.objects(None, DCAT.theme)}
    assert {str(code).rpartition("/")[2] for code in concepts} == {"ZHO", "ENG", "ECON", "GOVE"}


def node(graph: Json, kind: str) -> Json:
    """The first node of a kind in a JSON-LD graph."""
    return next(entry for entry in graph["@graph"] if kind in str(entry.get("@type", "")))


def without(kind: str, key: str) -> Callable[[Json], object]:
    """A fault: a property taken away."""
    return lambda graph: node(graph, kind).pop(key)


def with_value(kind: str, key: str, value: object) -> Callable[[Json], object]:
    """A fault: a property with another value."""
    return lambda graph: node(graph, kind).update({key: value})


BOTH = (MUST[0], MUST[-1])
FAULTS: list[tuple[Callable[[Json], object], str, tuple[str, ...]]] = [
    (without("dcat:Dataset", "title"), "title", BOTH),
    (without("dcat:Dataset", "description"), "description", BOTH),
    (without("dcat:Dataset", "publisher"), "publisher", BOTH[1:]),
    (with_value("dcat:Dataset", "publisher", ["#a", "#b"]), "publisher", BOTH),
    (with_value("dcat:Dataset", "version", ["1", "2"]), "version", BOTH),
    (without("dcat:Distribution", "accessURL"), "accessURL", BOTH[:1]),
    (with_value("dcat:Distribution", "license", ["#a", "#b"]), "license", BOTH),
    (with_value("dcat:Distribution", "checksum", {"@type": "spdx:Checksum"}), "checksumValue", BOTH),
    (with_value("dcat:Distribution", "byteSize", "many"), "byteSize", BOTH),
    (with_value("dcat:Dataset", "issued", {"@value": "today"}), "issued", BOTH[1:]),
    (with_value("dcat:Dataset", "theme", "#anything"), "theme", BOTH[:1]),
    (without("foaf:Agent", "name"), "name", BOTH),
]


@pytest.mark.parametrize("published", ["seed"], indirect=True)
@pytest.mark.parametrize(("fault", "path", "profiles"), FAULTS)
def test_the_shapes_find_a_planted_fault(
    fault: Callable[[Json], object], path: str, profiles: tuple[str, ...], damaged: Path, shapes: Callable[[str], Graph]
) -> None:
    edit(damaged / "dcat.jsonld", fault)
    graph = graph_of(damaged)
    assert [name for name in profiles if ("Violation", path) not in judged(graph, shapes(name))] == []


def test_each_data_file_is_a_distribution_with_its_size_and_hash(offline: Path) -> None:
    graph = graph_of(offline)
    said = {}
    for found in graph.objects(dataset(graph), DCAT.distribution):
        assert (found, RDF.type, DCAT.Distribution) in graph
        place = str(graph.value(found, DCAT.downloadURL)).removeprefix(HOME)
        checksum = graph.value(found, SPDX.checksum) or BNode()
        said[place] = (graph.value(found, DCAT.byteSize), graph.value(checksum, SPDX.checksumValue))
    sizes = {name: str((offline / name).stat().st_size) for name in data_files(offline)}
    assert said == {
        name: (Literal(size, datatype=XSD.nonNegativeInteger), Literal(digest(offline / name), datatype=XSD.hexBinary))
        for name, size in sizes.items()
    }


def test_a_copy_elsewhere_is_the_same_dataset_with_its_own_files_beside_it(offline: Path) -> None:
    here, there = graph_of(offline), graph_of(offline, ELSEWHERE)
    assert dataset(here) == dataset(there)
    addresses = {str(address) for address in there.objects(None, DCAT.downloadURL)}
    assert addresses == {ELSEWHERE + name for name in data_files(offline)}
    assert not [term for triple in there for term in triple if str(term).startswith(HOME)]


def test_the_dataset_says_its_years_languages_area_and_sources(offline: Path) -> None:
    graph = graph_of(offline)
    found = dataset(graph)
    titles = [title for title in graph.objects(found, DCTERMS.title) if isinstance(title, Literal)]
    assert {title.language for title in titles} == {"zh", "en"}
    period = graph.value(found, DCTERMS.temporal) or BNode()
    first, final = graph.value(period, DCAT.startDate), graph.value(period, DCAT.endDate)
    assert first == Literal(str(first), datatype=XSD.gYear)
    assert 2000 < int(str(first)) < int(str(final)) < 2040
    areas = {str(value) for value in graph.objects(None, DCTERMS.identifier)}
    assert "CN-442000-torch" in areas
    manifest = loaded(offline / "manifest.json")
    derived = URIRef("http://www.w3.org/ns/prov#wasDerivedFrom")
    assert {str(page) for page in graph.objects(found, derived)} == {entry["url"] for entry in manifest["documents"]}
    assert graph.value(found, DCAT3.version) == Literal(manifest["version"])


def test_a_second_release_names_the_first_as_the_version_before(tmp_path: Path) -> None:
    files = release_files(report_release(report_2023(), corrected(), previous="2026.11.22.1"), "2026.11.23.1")
    (tmp_path / "dcat.jsonld").write_bytes(files["dcat.jsonld"])
    graph = graph_of(tmp_path)
    before = list(graph.objects(dataset(graph), DCAT3.previousVersion))
    assert before == [URIRef(urn("torch", "2026.11.22.1"))]
    assert dataset(graph) == URIRef(urn("torch", "2026.11.23.1"))
