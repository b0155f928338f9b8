"""Forms of pages from one release to the next: what is told, what stands in the manifest, which capture is kept."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.report_readings import READER, material, recaptured, report_2023, report_2024
from support.report_releases import VERSION, report_release

from publish.bucket.manifest import from_manifest, to_manifest
from publish.drift.page_structure import _CODES, changed_pages, form_drift, forms_of
from publish.release.build_files import release_files
from publish.tables.from_readings import read_tables
from schemas.codelists import Severity
from schemas.document import STRUCTURE_FIELDS, PageStructure
from schemas.errors import StoreCorrupt
from schemas.reading import Reading
from schemas.release import Manifest, Release

FORM = PageStructure(
    labels=("索引号", "发布机构", "名称"),
    container=("div.article-content",),
    rendering=("dom", "detail", "equal"),
    platform=("DETAIL", "SID=760009"),
    headings=("一 2024年工作总结", "二 2025年工作部署"),
)
OTHER = PageStructure(
    labels=("索引号", "名称"), container=("likely",), rendering=("dom",), platform=("SID=1",), headings=("一 总结",)
)
FORMS = st.builds(
    PageStructure,
    **{facet: st.lists(st.sampled_from(["甲", "乙", "丙"]), max_size=3).map(tuple) for facet in STRUCTURE_FIELDS},
)


def page(form: PageStructure = FORM, document: str = "post-2") -> Reading:
    return replace(report_2024(), form=form, document_id=document)


def manifest(*readings: Reading) -> Manifest:
    """A released manifest of these readings, read back from its bytes."""
    made = replace(report_release(*readings), forms=forms_of(readings), portal=False)
    return from_manifest(release_files(made, VERSION)["manifest.json"])


MANIFEST = manifest(page())
RELEASED = MANIFEST.release


def told(former: Release | None, *readings: Reading, reader: str = READER) -> dict[str, Any]:
    found = form_drift(former, readings, reader)
    assert len({(one.code, one.where) for one in found}) == len(found)
    return {one.code: one for one in found}


class TestFindings:
    def test_before_the_first_release_and_where_the_form_is_the_same_there_are_none(self) -> None:
        assert told(None, page()) == told(RELEASED, page()) == told(RELEASED, page(), reader="reader-2") == {}

    def test_each_facet_has_a_warning_of_its_own_that_names_only_what_differs(self) -> None:
        found = told(RELEASED, page(OTHER))
        assert {(one.severity, one.where, one.count) for one in found.values()} == {(Severity.WARN, "post-2", 1)}
        assert found["form_labels"].evidence == ("post-2: was 发布机构 | is nothing",)
        assert found["form_container"].evidence == ("post-2: was div.article-content | is likely",)
        assert found["document_headings"].evidence == ("post-2: was 一 2024年工作总结; 二 2025年工作部署 | is 一 总结",)

    def test_another_order_is_told_whole(self) -> None:
        found = told(RELEASED, page(replace(FORM, labels=("发布机构", "索引号", "名称"))))
        assert found["form_labels"].evidence == ("post-2: was 索引号; 发布机构; 名称 | is 发布机构; 索引号; 名称",)

    def test_what_is_long_is_cut(self) -> None:
        (line,) = told(RELEASED, page(replace(FORM, headings=("一" * 5000,))))["document_headings"].evidence
        assert len(line) < 400
        assert line.endswith("…")

    def test_many_pages_are_one_finding_a_facet_with_five_examples(self) -> None:
        names = [f"post-{number}" for number in range(8)]
        former = replace(RELEASED, forms=forms_of([page(document=name) for name in names]))
        found = told(former, *(page(replace(FORM, container=("likely",)), name) for name in names))
        assert set(found) == {"form_container"}
        one = found["form_container"]
        assert (one.count, one.where, len(one.evidence)) == (8, "documents", 5)

    def test_a_new_page_and_one_that_is_no_more_have_nothing_to_be_compared_with(self) -> None:
        assert told(RELEASED, page(OTHER, "post-9")) == {}

    def test_another_reader_is_named_as_what_may_see_otherwise(self) -> None:
        found = told(RELEASED, page(OTHER), reader="reader-2")
        assert set(found) == {"reader_form"}
        assert (found["reader_form"].severity, found["reader_form"].count) == (Severity.WARN, len(STRUCTURE_FIELDS))
        assert found["reader_form"].evidence[0] == "post-2, labels: was 发布机构 | is nothing"

    @given(was=FORMS, now=FORMS)
    def test_a_facet_is_told_exactly_where_it_differs(self, was: PageStructure, now: PageStructure) -> None:
        known = was != PageStructure() != now
        former = replace(RELEASED, forms=forms_of([page(was)]))
        differing = {_CODES[facet] for facet in STRUCTURE_FIELDS if getattr(was, facet) != getattr(now, facet)}
        assert set(told(former, page(now))) == (differing if known else set())
        assert changed_pages(former, [page(now)]) == ({"post-2"} if known and differing else set())


class TestManifest:
    def test_the_forms_come_back_as_they_went_in(self) -> None:
        readings = page(OTHER), page(FORM, "post-1")
        back = manifest(*readings)
        assert [(entry.document, entry.form) for entry in back.release.forms] == [("post-1", FORM), ("post-2", OTHER)]
        assert from_manifest(to_manifest(back)) == back

    def test_a_manifest_from_before_there_were_forms_has_nothing_to_compare(self) -> None:
        record = json.loads(to_manifest(MANIFEST))
        del record["forms"]
        old = from_manifest(json.dumps(record).encode()).release
        assert old.forms == ()
        assert told(old, page(OTHER)) == {}
        assert changed_pages(old, [page(OTHER)]) == frozenset()

    def test_a_form_that_is_damaged_is_named(self) -> None:
        record = json.loads(to_manifest(MANIFEST))
        del record["forms"][0]["form"]["labels"]
        with pytest.raises(StoreCorrupt, match="labels"):
            from_manifest(json.dumps(record).encode())

    def test_a_form_is_no_content_and_no_input(self) -> None:
        one, other = RELEASED, manifest(page(OTHER)).release
        assert (one.content_sha256, one.inputs_sha256) == (other.content_sha256, other.inputs_sha256)


class TestCapture:
    """A form is that of its capture: the archive has to give back both."""

    @staticmethod
    def kept(form: PageStructure) -> str:
        former = read_tables(material(page()))
        later = replace(recaptured(page(), b"another counter"), form=form)
        documents = read_tables(material(later, previous=former, former=RELEASED))["documents"]
        return str(documents["payload_sha256"][0])

    def test_only_a_page_of_the_same_form_is_the_capture_first_published(self) -> None:
        first = report_2024().capture.sha256
        assert self.kept(FORM) == first
        for facet in STRUCTURE_FIELDS:
            assert self.kept(replace(FORM, **{facet: getattr(OTHER, facet)})) != first, facet

    def test_other_documents_keep_theirs(self) -> None:
        former = read_tables(material(report_2023(), page()))
        later = replace(recaptured(page(), b"x"), form=OTHER), recaptured(report_2023(), b"y")
        built = read_tables(material(*later, previous=former, former=RELEASED))["documents"]
        hashes = dict(built.select("document", "payload_sha256").iter_rows())
        assert hashes["post-1"] == report_2023().capture.sha256
        assert hashes["post-2"] != report_2024().capture.sha256
