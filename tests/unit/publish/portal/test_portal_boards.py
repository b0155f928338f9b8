"""Promises, silences and revisions: nothing left out, nothing twice, both sentences to be found."""

from __future__ import annotations

from dataclasses import replace
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from support.portal_pages import around, editions, first, led_to, parsed, rows_of, sample_pages, sample_site, texts

from publish.portal.html.urls import former_anchor, observation_anchor, words_anchor
from publish.portal.model.cross_references import build_cross_references
from publish.portal.model.series import all_series
from publish.portal.pages.boards import KINDS, MOST_LISTED, VERDICTS, due_year, revisions_page
from schemas.codelists import RevisionKind, TargetVerdict

if TYPE_CHECKING:
    from collections.abc import Callable

    from selectolax.lexbor import LexborHTMLParser

CORRECTED = "CN-442000-torch|investment_fixed|growth||2024|actual"
RESTATED = "CN-442000-torch|gdp|level||2024|actual"


def targets() -> list[dict[str, Any]]:
    return sample_site().about.tables["targets"].to_dicts()


@pytest.fixture(scope="module")
def board() -> LexborHTMLParser:
    return parsed(sample_pages(), "promises.html")


def anchors(links: list[str]) -> set[str]:
    return {link.partition("#")[2] for link in links}


class TestPromises:
    def test_every_promise_is_on_the_board_once_under_its_year_and_verdict(self, board: LexborHTMLParser) -> None:
        pledged = [link.partition("#")[2] for link in led_to(board, ".pledges > li > div:nth-of-type(2) a")]
        assert sorted(pledged) == sorted(observation_anchor(row["obs_id"]) for row in targets())
        for row in targets():
            group = around(first(board, f"#y{due_year(row)}-{row['verdict'].replace('_', '-')}"))
            assert observation_anchor(row["obs_id"]) in anchors(led_to(group))

    def test_every_outcome_leads_to_its_number_or_its_words(self, board: LexborHTMLParser) -> None:
        numbers = {observation_anchor(row["outcome_obs_id"]) for row in targets() if row["outcome_obs_id"]}
        worded = [row for row in targets() if row["outcome_char_start"] is not None and not row["outcome_obs_id"]]
        found = anchors(led_to(board, ".pledges > li > div:nth-of-type(3) a"))
        assert numbers <= found
        rest = found - numbers
        assert worded
        assert len(rest) == len({(row["outcome_document"], row["outcome_char_start"]) for row in worded})
        assert {words_anchor(row["outcome_char_start"]) for row in worded} & rest

    def test_counts_add_up(self, board: LexborHTMLParser) -> None:
        keys: tuple[Callable[[dict[str, Any]], object], ...] = (due_year, itemgetter("theme"))
        for table, key in zip(board.css("table.counts"), keys, strict=True):
            cells = [[cell.text().strip() for cell in row.css("td")] for row in table.css("tbody tr")]
            counted = [[int(cell or 0) for cell in row] for row in cells]
            assert len(counted) == len({key(row) for row in targets()})
            assert all(sum(row[:-1]) == row[-1] for row in counted)
            for at, verdict in enumerate(VERDICTS):
                assert sum(row[at] for row in counted) == sum(row["verdict"] == verdict for row in targets())

    def test_counts_of_years_lead_to_what_they_count(self, board: LexborHTMLParser) -> None:
        for link in board.css("table.counts td a"):
            group = around(first(board, f"[id='{(link.attributes['href'] or '')[1:]}']"))
            assert len(group.css(".pledges > li")) == int(link.text())

    def test_every_verdict_has_a_place_and_a_sentence(self, board: LexborHTMLParser) -> None:
        assert {*VERDICTS} == {one.value for one in TargetVerdict}
        assert len({*texts(board, "details dd")}) == len(VERDICTS)


class TestSilences:
    def test_last_number_and_words_lead_to_their_sentences(self) -> None:
        edition = editions()[2]
        page = edition.page("silences.html")
        assert [row[1:] for row in rows_of(page, "main")] == [
            ["2024年 343.64亿元规上工业增加值343.64亿元", "规上工业增加值稳步增长", "1"],
        ]
        for row in edition.tables["silences"].to_dicts():
            assert observation_anchor(row["last_obs_id"]) in anchors(led_to(page, "td a"))
            if row["words"]:
                assert words_anchor(row["char_start"]) in anchors(led_to(page, "td a"))


class TestRevisions:
    def test_a_first_release_has_nothing_to_compare_and_no_silence(self) -> None:
        page = editions()[0].page("revisions.html")
        assert "首个版本" in first(page, "main").text()
        assert not page.css("table")
        assert "No report of this release falls silent" in first(editions()[0].page("silences.en.html"), "main").text()

    def test_a_number_corrected_in_silence_is_told_with_both_sentences(self) -> None:
        page = editions()[1].page("revisions.html")
        (row,) = rows_of(page, "section[aria-labelledby=changed]")
        assert row[1:] == ["5.0%固定资产投资增长5.0%", "5.2%固定资产投资增长5.2%", "来源变动"]
        ends = anchors(led_to(page, "section[aria-labelledby=changed] td a"))
        assert ends == {former_anchor(CORRECTED), observation_anchor(CORRECTED)}

    def test_both_sentences_stand_where_the_links_lead(self) -> None:
        edition = editions()[2]
        page = edition.page("revisions.html")
        before, after = (f"section[aria-labelledby=changed] td:nth-of-type({place}) q a" for place in (1, 2))
        for selector, clause in ((before, "573.72亿元"), (after, "575.10亿元")):
            ((target, _, anchor),) = [link.partition("#") for link in led_to(page, selector)]
            (place,) = edition.page(target).css(f"#{anchor}")
            assert clause in place.text()

    def test_every_change_is_listed_under_its_kind_with_its_cause(self) -> None:
        for edition in editions():
            page = edition.page("revisions.en.html")
            for kind in KINDS:
                rows = edition.tables["revisions"].filter(kind=kind)
                assert len(rows_of(page, f"section[aria-labelledby={kind}]")) == rows.height
        assert {*KINDS} == {one.value for one in RevisionKind}

    def test_of_very_many_the_first_are_listed_and_the_file_is_named(self) -> None:
        site = sample_site()
        row, about = editions()[1].tables["revisions"], site.about
        many = pl.concat([row.with_columns(obs_id=pl.lit(f"area|gdp|{place:05}")) for place in range(MOST_LISTED + 3)])
        of_many = replace(site, about=replace(about, tables={**about.tables, "revisions": many}))
        page = revisions_page(of_many, build_cross_references(site, all_series(about.tables)))
        (change,) = page.values["groups"]
        assert (len(change["rows"]), change["count"]) == (MOST_LISTED, MOST_LISTED + 3)
        assert page.values["file"] == f"v/{about.release.version}/revisions.csv"
        assert [row["obs_id"] for row in change["rows"]] == sorted(row["obs_id"] for row in change["rows"])
