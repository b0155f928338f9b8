"""Words with counts: what stands beside a number agrees with it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publish.portal.html.translations import words


@pytest.mark.parametrize(
    ("key", "one", "several"),
    [
        ("rel_lead", "1 release.", "2 releases."),
        ("prom_lead", "1 promise out", "2 promises out"),
        ("sil_lead", "1 case in", "2 cases in"),
        ("text_documents_caption", "1 document,", "2 documents,"),
    ],
)
def test_one_is_told_in_the_singular(key: str, one: str, several: str) -> None:
    assert words("en")(key, count=1).startswith(one)
    assert words("en")(key, count=2).startswith(several)
    assert words("zh")(key, count=1) == words("zh")(key, count=2).replace("2", "1")


def test_each_count_has_its_own_word() -> None:
    assert words("en")("site_counts", documents=1, observations=3) == "1 document, 3 observations"


@given(st.integers(0, 10**9))
def test_a_count_is_printed_as_it_is(count: int) -> None:
    assert words("zh")("rel_lead", count=count).startswith(f"共 {count} 个版本")


@given(st.text())
def test_words_of_others_are_never_taken_for_counts(title: str) -> None:
    assert words("zh")("sil_caption", title=title) == f"《{title}》没有给出数字的指标"
