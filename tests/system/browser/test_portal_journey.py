"""From the name of an indicator to the sentence of the report, in both languages, with scripts and without."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.browsing import NARROW, WIDE, overflow, violations, visit
from support.portal_pages import sample_site

from publish.portal.html.urls import observation_anchor

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.xdist_group("browser")  # its start, and that of the pages, is paid once

GDP = "CN-442000-torch|gdp|level||2024|actual"
ANCHOR = observation_anchor(GDP)


def quoted() -> str:
    (clause,) = sample_site().about.tables["observations"].filter(obs_id=GDP)["quote"]
    return str(clause)


def lit(page: Page) -> str:
    """The text of the element that the address points to."""
    return str(page.eval_on_selector(":target", "one => one.textContent"))


def follow(page: Page, selector: str) -> None:
    """Click a link and wait for where it leads."""
    page.locator(selector).first.click()
    page.wait_for_load_state()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_from_a_name_to_its_sentence(chromium: Browser, shown_samples: str, scripts: bool) -> None:  # noqa: FBT001 - a parameter of the test
    with visit(chromium, f"{shown_samples}/index.html", scripts=scripts) as seen:
        follow(seen.page, ".rooms a[href='indicators.html']")
        seen.page.get_by_role("link", name="地区生产总值", exact=True).first.click()
        seen.page.wait_for_load_state()
        assert seen.page.inner_text("h1") == "地区生产总值"
        follow(seen.page, f"main a[href$='#{ANCHOR}']:has-text('573.72')")
        assert lit(seen.page) == quoted() == "地区生产总值达到573.72亿元"
        assert seen.page.locator(":target").is_visible()
        follow(seen.page, "a.tongue")
        assert seen.page.get_attribute("html", "lang") == "en"
        follow(seen.page, f".reading a[href='#{ANCHOR}']")
        assert lit(seen.page) == quoted()
        follow(seen.page, "a.tongue")
        assert seen.page.get_attribute("html", "lang") == "zh-Hans"
        assert (seen.strays, seen.complaints) == ([], [])


def test_the_switch_of_tongue_keeps_the_sentence_where_scripts_run(chromium: Browser, shown_samples: str) -> None:
    with visit(chromium, f"{shown_samples}/document/post-2495310.html#{ANCHOR}") as seen:
        follow(seen.page, "a.tongue")
        assert seen.page.url.endswith(f".en.html#{ANCHOR}")
        assert lit(seen.page) == quoted()


def test_the_number_and_its_note_are_lit_and_no_other(chromium: Browser, shown_samples: str) -> None:
    with visit(chromium, f"{shown_samples}/document/post-2495310.html#{ANCHOR}") as seen:
        ground = "one => getComputedStyle(one).backgroundColor"
        number = seen.page.eval_on_selector(":target mark", ground)
        others = f"all => all.filter(one => !one.closest(':target')).map({ground})"
        assert number not in seen.page.eval_on_selector_all(".report mark", others)
        bold = "all => all.filter(one => getComputedStyle(one).fontWeight === '600').map(one => one.textContent)"
        notes = seen.page.eval_on_selector_all(".reading", bold)
        assert [" ".join(note.split()) for note in notes] == ["地区生产总值 2024 573.72亿元"]


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_notes_never_stand_on_their_paragraph(chromium: Browser, shown_samples: str, width: int) -> None:
    boxes_of = (
        "all => all.map(p => [p.firstElementChild, p.lastElementChild].map(e => e.getBoundingClientRect().toJSON()))"
    )
    with visit(chromium, f"{shown_samples}/document/post-2495310.html", width=width) as seen:
        # What stands around the report is folded away.
        boxes = seen.page.eval_on_selector_all(".report > .para:has(.notes)", boxes_of)
        assert len(boxes) > 5
        for text, notes in boxes:
            assert notes["left"] >= text["right"] if width == WIDE else notes["top"] >= text["bottom"]
        ends = [max(text["bottom"], notes["bottom"]) for text, notes in boxes]
        assert all(end <= after[0]["top"] for end, after in zip(ends, boxes[1:], strict=False))
        assert overflow(seen.page) == 0


@pytest.mark.parametrize("page", ["document/post-2495310.html", "document/post-2495310.en.html", "documents.html"])
def test_axe_has_nothing_to_say_of_a_document(chromium: Browser, shown_samples: str, page: str) -> None:
    with visit(chromium, f"{shown_samples}/{page}#{ANCHOR}") as seen:
        assert violations(seen.page) == []
        seen.page.emulate_media(color_scheme="dark")
        assert violations(seen.page) == []
        assert (seen.strays, seen.complaints) == ([], [])
