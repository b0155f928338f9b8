"""What stands around every page: seen as HTML by a parser and by vnu, and as a page by a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from browsing import NARROW, overflow, violations, visit

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("page", ["index.html", "index.en.html"])
def test_a_browser_and_axe_have_nothing_to_say(chromium: Browser, shown_samples: str, page: str, dark: bool) -> None:  # noqa: FBT001 - a parameter of the test
    with visit(chromium, f"{shown_samples}/{page}", dark=dark) as seen:
        assert violations(seen.page) == []
        assert (seen.strays, seen.complaints) == ([], [])


def test_axe_and_the_browser_are_heard_at_all(chromium: Browser, shown_samples: str) -> None:
    with visit(chromium, f"{shown_samples}/index.html") as seen:
        seen.page.evaluate("document.body.append(document.createElement('img'))")
        seen.page.evaluate("document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">red</p>')")
        seen.page.evaluate("document.querySelector('img').src = 'http://127.0.0.2:9/elsewhere.png'")
        seen.page.wait_for_timeout(200)
        assert any("image-alt" in one for one in violations(seen.page))
        assert any("Content Security Policy" in one for one in seen.complaints)


def test_a_phone_scrolls_no_page_sideways(chromium: Browser, shown_samples: str) -> None:
    with visit(chromium, f"{shown_samples}/index.en.html", width=NARROW) as seen:
        assert overflow(seen.page) == 0
