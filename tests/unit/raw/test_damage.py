"""Pages that are not whole."""

from __future__ import annotations

import pytest

from raw.page.truncation import damaged
from schemas.codelists import Severity

WHOLE = "<!DOCTYPE html>\n<html><body><p>数</p></body></html>"


@pytest.mark.parametrize("cut", [len("<html>") + 16, WHOLE.index("</p>"), WHOLE.index("</body>"), len(WHOLE) - 9])
def test_markup_without_an_end_is_cut(cut: int) -> None:
    found = damaged(WHOLE[:cut], "数")
    closed = "</body>" in WHOLE[:cut]
    assert [(one.code, one.severity) for one in found] == ([] if closed else [("page_cut", Severity.HOLD)])


@pytest.mark.parametrize("markup", [WHOLE, WHOLE + "\n<!-- 7 ms -->", "<HTML><p>数</HTML>", "<p>a fragment</p>", ""])
def test_a_whole_page_and_a_fragment_are_not(markup: str) -> None:
    assert damaged(markup, "数") == ()


def test_lost_characters_are_counted_and_shown_where_they_stood() -> None:
    (found,) = damaged(WHOLE, "增长\ufffd\ufffd5%，下降\ufffd3%")
    assert (found.code, found.severity, found.count) == ("text_lossy", Severity.HOLD, 3)
    assert len(found.evidence) == 2
    assert all("\ufffd" in line for line in found.evidence)
