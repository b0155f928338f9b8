"""What the reader makes of archived facts: every value cut out of the text, every other digit accounted for."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.report_readings import SOURCE, material
from support.requires import shared
from support.reviewed_builders import FALL, RANK, SHARE, URL, captured, payloads, read, reading, row, text

from publish.gate.measures import check_columns
from publish.tables.build import build_tables
from raw.reading import parse, read_capture
from raw.reviewed.columns import NAMES, REVIEWED_TYPE
from raw.reviewed.facts import reviewed_payloads
from schemas.codelists import Bound, IgnoreReason, Measure, NumberStatus, Origin, SourceState, Status
from schemas.document import Labels
from schemas.errors import ArticleError, CharsetError
from schemas.observation import Observation
from schemas.reading import Reading
from schemas.tables.pandera_models import examine


def only(**changes: str) -> Observation:
    """The one observation of a payload of one row."""
    (observation,) = reading(row(**changes)).observations
    return observation


class TestAnObservation:
    def test_is_what_its_row_says(self) -> None:
        found = only()
        assert (found.obs_text, found.value, found.decimals) == ("531.48", 531.48, 2)
        assert (found.unit, found.unit_code, found.unit_mult) == ("亿元", "CNY", 8)
        assert (found.subject, found.indicator, found.measure) == ("地区生产总值", "gdp", Measure.LEVEL)
        assert (str(found.period), found.status, found.bound) == ("2023", Status.ACTUAL, Bound.EXACT)
        assert (found.scope, found.section, found.price_basis, found.value_upper) == ("", "", None, None)

    def test_is_cut_out_of_the_text_with_the_decimals_that_are_printed(self) -> None:
        found = reading(row(value="5.0", **{key: SHARE[key] for key in ("unit", "measure", "subject")}), row(**FALL))
        assert all(one.span.cut(found.document.text) == one.obs_text for one in found.observations)
        printed = {one.obs_text: (one.value, one.decimals) for one in found.observations}
        assert printed == {"5.0": (5, 1), "-5.6": (-5.6, 1)}

    def test_quotes_its_row_without_the_citation(self) -> None:
        assert only(note="see page 7").quote == "2023,地区生产总值,531.48,亿元,level,actual,,=,,provisional"
        assert only(stage="", source_title='一报,"二报"').quote == "2023,地区生产总值,531.48,亿元,level,actual,,="

    def test_of_a_rank_has_its_group(self) -> None:
        found = only(**RANK)
        assert (found.indicator, found.unit_code, found.scope, found.measure) == ("gdp", "rank", "全市", Measure.RANK)

    def test_has_any_bound(self) -> None:
        assert [only(bound=bound.value).bound for bound in Bound] == list(Bound)

    def test_may_be_of_several_years_promised_and_at_constant_prices(self) -> None:
        found = only(period="2021/2025", status="target", price_basis="constant", measure="cagr", unit="%", value="6.5")
        assert (str(found.period), found.status, found.price_basis) == ("2021/2025", Status.TARGET, "constant")

    def test_of_an_unknown_series_or_in_a_unit_of_another_kind_bears_its_words(self) -> None:
        assert only(subject="一种没有登记的数").indicator == "x:一种没有登记的数"
        assert only(unit="人").indicator == "x:地区生产总值"

    def test_under_hostile_words_is_still_cut_out_right(self) -> None:
        for subject in ('=HYPERLINK("http://x","点")', '甲,"乙"', '"', "a|b~c"):
            found = reading(row(subject=subject))
            (observation,) = found.observations
            assert (observation.subject, observation.span.cut(found.document.text)) == (subject, "531.48")
            assert observation.obs_text in observation.quote


class TestTheReading:
    def test_is_marked_as_entered_by_hand_and_covers_no_year(self) -> None:
        found = reading(row())
        assert (found.origin, found.reference_year, found.glossary, found.findings) == (Origin.REVIEWED, None, (), ())
        assert (found.index_number, found.index_note, found.state) == ("", "absent", SourceState.OK)
        assert found.document.labels == Labels()

    def test_is_dated_and_titled_by_its_citation_and_claims_no_day_where_none_is_known(self) -> None:
        found = reading(row()).document
        assert (found.title, found.published_on) == ("某报", date(2024, 1, 30))
        for stated in ("2022", "2022-05"):
            found = reading(row(source_title="", source_date=stated)).document
            assert (found.title, found.published_on) == (f"example.org（{stated}）", None)

    def test_has_the_payload_as_its_text(self) -> None:
        body = text(row(), row(**SHARE)).encode()
        found = read(body)
        assert found.document.text.encode() == body
        assert parse(body, REVIEWED_TYPE).text == found.document.text
        assert found.document.body.cut(found.document.text) == found.document.text
        assert str(found.document.sections[0].period) == "2023"

    def test_accounts_for_every_digit(self) -> None:
        found = reading(row(subject="10亿元以上项目", note="page 7", source_title="年鉴2022"), row(**RANK))
        fates = {number.text: (number.fate, number.reason) for number in found.numbers}
        assert fates["531.48"] == (NumberStatus.CLAIMED, None)
        assert fates["2023"] == fates["30"] == (NumberStatus.IGNORED, IgnoreReason.DATE)
        assert fates["10"] == (NumberStatus.IGNORED, IgnoreReason.NAME)
        assert fates["7"] == (NumberStatus.IGNORED, IgnoreReason.HEADER)
        assert all(number.span.cut(found.document.text) == number.text for number in found.numbers)

    def test_passes_every_check_of_the_gate_and_of_its_rows(self, tmp_path: Path) -> None:
        for payload in payloads(tmp_path, row(), row(**SHARE), row(**RANK), row(**FALL, source_url=f"{URL}?p=12")):
            found = read(payload.body, payload.document_id)
            assert gated(found) == []

    def test_of_a_payload_of_tomorrow_or_yesterday_needs_only_the_columns_of_today(self) -> None:
        body = "".join(f"{line},{more}\n" for line, more in zip(text(row()).splitlines(), ("later", "x"), strict=True))
        assert [one.obs_text for one in read(body.encode()).observations] == ["531.48"]
        old = tuple(name for name in NAMES if name not in {"note", "stage", "price_basis"})
        assert read(text(row(), names=old).encode()).observations[0].price_basis is None


def gated(found: Reading) -> list[str]:
    """What rows and gate find wrong in the tables of one reading."""
    built = build_tables(material(found))
    wrong = [str(finding.code) for table, frame in built.items() for finding in examine(table, frame)]
    frames = check_columns(built, {found.document_id: found.document.text})
    rows, document = frames["observations"], frames["documents"]
    wrong += ["spans"] if rows.filter(pl.col("cut").ne_missing(pl.col("obs_text"))).height else []
    wrong += ["stated"] if rows["numbers_stating"].min() == 0 else []
    wrong += ["complete"] if document["uncounted_digits"].max() else []
    return wrong + (["unread"] if frames["documents"]["unread_share"].max() else [])


class TestAPayloadThatIsNone:
    def test_is_an_error_that_names_the_row(self) -> None:
        for body in (b"", b"\n", text().encode(), b'"', b"a,b\n"):
            with pytest.raises(ArticleError):
                read(body)
        for line in ("2023,x\n", "," * 14 + "\n", text(row(measure="no")).splitlines()[1] + "\n"):
            with pytest.raises(ArticleError, match="line 3"):
                read((text(row()) + line).encode())

    def test_in_another_charset_is_an_error(self) -> None:
        with pytest.raises(CharsetError, match="is not UTF-8"):
            read(text(row()).encode("gb18030"))

    def test_is_what_a_page_of_the_site_sends_under_that_type(self) -> None:
        with pytest.raises(ArticleError, match="calls itself reviewed facts"):
            read(text(row()).encode(), "post-2345678", f"{REVIEWED_TYPE}; charset=utf-8")

    def test_is_known_by_its_id_alone(self) -> None:
        found = read_capture(captured(text(row()).encode(), kind=""), SOURCE)
        assert found.origin is Origin.REVIEWED


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=30).map(str.strip)
VALUES = st.decimals(-(10**9), 10**9, places=3).map(lambda value: f"{value:f}")


@settings(max_examples=12)
@given(WORDS.filter(bool), VALUES, WORDS, WORDS, st.integers(1900, 2090))
def test_whatever_words_and_numbers_stand_there_all_is_cut_out_right_and_accounted_for(
    subject: str, value: str, title: str, note: str, year: int
) -> None:
    found = reading(row(subject=subject, value=value, source_title=title, note=note, period=str(year)))
    (observation,) = found.observations
    assert observation.span.cut(found.document.text) == observation.obs_text == value
    assert (observation.value, observation.subject) == (float(value), subject)
    held = {place for number in found.numbers for place in range(number.span.start, number.span.end)}
    assert {place for place, character in enumerate(found.document.text) if character.isdecimal()} <= held
    assert set(gated(found)) <= {"observations_likely"}


YEARS_LEFT = {"torch": ("中山火炬高新区", {"2023"}), "zhongshan": ("中山市", {"2019", "2021", "2022"})}
KINDS = {"growth_pct": "growth"}
BOUNDS = {"": "=", "near": "~", "gt": ">"}


@pytest.mark.parametrize("dataset", YEARS_LEFT)
def test_the_facts_of_the_package_are_those_of_the_reference_for_years_without_a_page(dataset: str) -> None:
    area, years = YEARS_LEFT[dataset]
    lines = shared("reference", "zone_facts.csv").read_text("utf-8").splitlines()[1:]
    wanted = {reference(line.split(",")) for line in lines if line.startswith(area) and line.split(",")[1] in years}
    found = [read(payload.body, payload.document_id) for payload in reviewed_payloads(dataset, None)]
    read_as = {
        (str(one.period), one.obs_text, one.unit, one.measure.value, one.bound.value)
        for report in found
        for one in report.observations
    }
    assert read_as == wanted
    assert [wrong for report in found for wrong in gated(report)] == []
    assert all(one.indicator.partition("~")[0] != "x:unnamed" for report in found for one in report.observations)


def reference(cells: list[str]) -> tuple[str, str, str, str, str]:
    """A line of the reference as what is read: period, number, unit, measure, bound."""
    kind, _, bound = cells[5].rstrip(")").partition("(")
    return cells[1], cells[3], cells[4], KINDS.get(kind, kind), BOUNDS[bound]
