"""Whether a page is the source's own: its publisher and its index number held against the registry of sources."""

from __future__ import annotations

from dataclasses import replace

import pytest
from support.report_readings import SOURCE

from raw.page.canonical_text import Canonical
from raw.page.publisher_check import check_publisher
from raw.page.publisher_names import publisher_names
from schemas.codelists import Severity
from schemas.document import Labels
from schemas.finding import Finding
from schemas.registry.sources import Source
from schemas.registry.uscc import check_character, parse_index_number

NUMBER = f"{SOURCE.uscc}/2025-00206"
VOUCHED = replace(SOURCE, vouched=True, vouched_why="官网首页链接到此地址")
UNKNOWN = replace(SOURCE, uscc="")
FOREIGN_BODY = "114420000073335" + "99"
FOREIGN = f"{FOREIGN_BODY}{check_character(FOREIGN_BODY)}/2025-00001"


def found(publisher: str, number: str, source: Source = SOURCE) -> tuple[Finding, ...]:
    """What is said against a page that prints this publisher and this index number."""
    labels = Labels(publisher=publisher, index_number=number)
    names = publisher_names(None, Canonical(text=""), labels)
    return check_publisher(names, parse_index_number(number, source.division), source, "post-1")


def told(publisher: str, number: str, source: Source = SOURCE) -> list[tuple[str, Severity]]:
    return [(finding.code, finding.severity) for finding in found(publisher, number, source)]


def test_the_sources_own_page_is_let_pass_with_its_publisher_among_others() -> None:
    assert told(SOURCE.publisher, NUMBER) == told(f"中山市人民政府、{SOURCE.publisher}", NUMBER) == []


@pytest.mark.parametrize("publisher", ["某某网络科技有限公司", "中山火炬开发区", f"非{SOURCE.publisher}"])
def test_a_page_of_another_publisher_is_rejected(publisher: str) -> None:
    assert told(publisher, NUMBER) == [("publisher_mismatch", Severity.REJECT)]
    assert told(publisher, NUMBER, VOUCHED) == [("publisher_mismatch", Severity.REJECT)]


def test_a_page_without_a_publisher_is_rejected_unless_the_operator_vouches_for_its_address() -> None:
    assert told("", NUMBER) == [("publisher_absent", Severity.REJECT)]
    (finding,) = found("", NUMBER, VOUCHED)
    assert (finding.code, finding.severity) == ("publisher_vouched", Severity.NOTE)
    assert finding.evidence == (VOUCHED.vouched_why,)


def test_a_finding_names_the_page_and_what_it_prints() -> None:
    (finding,) = found("某某网络科技有限公司", NUMBER)
    assert finding.where == "post-1"
    assert finding.evidence == ("label: 某某网络科技有限公司",)
    assert SOURCE.publisher in finding.message


def test_an_index_number_that_lost_a_character_is_mended_and_noted() -> None:
    broken = NUMBER.replace("11442000", "1142000", 1)
    (finding,) = found(SOURCE.publisher, broken)
    assert (finding.code, finding.severity) == ("index_number_repaired", Severity.NOTE)
    assert finding.evidence == (broken, NUMBER)


@pytest.mark.parametrize("source", [SOURCE, UNKNOWN], ids=["known", "unknown"])
def test_an_illegible_index_number_waits_where_the_registry_knows_the_right_one(source: Source) -> None:
    weight = Severity.HOLD if source.uscc else Severity.NOTE
    assert told(SOURCE.publisher, "不详", source) == [("index_number_invalid", weight)]
    assert told(SOURCE.publisher, "", source) == [("index_number_absent", weight)]


def test_the_index_number_of_another_body_is_rejected_where_a_code_is_registered() -> None:
    (finding,) = found(SOURCE.publisher, FOREIGN)
    assert (finding.code, finding.severity) == ("index_number_foreign", Severity.REJECT)
    assert SOURCE.uscc in finding.message
    assert told(SOURCE.publisher, FOREIGN, UNKNOWN) == []


def test_publisher_and_index_number_are_judged_apart() -> None:
    assert [code for code, _ in told("别的单位", FOREIGN)] == ["publisher_mismatch", "index_number_foreign"]
