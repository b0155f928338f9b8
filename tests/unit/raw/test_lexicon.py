from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raw.extract.cue_words import CueRole, last_word, roles
from schemas.codelists import Bound


def test_every_role_has_words() -> None:
    assert {role for found in roles().values() for role in found} == set(CueRole)


def test_the_bounds_of_the_lexicon_are_those_of_the_code_list() -> None:
    named = {CueRole.ABOVE, CueRole.AT_LEAST, CueRole.ABOUT, CueRole.AT_MOST, CueRole.BELOW}
    assert {role.value for role in named} == {bound.value for bound in Bound} - {"="}


@pytest.mark.parametrize(
    ("phrase", "word"),
    [
        ("产值增长到", "增长到"),
        ("产值年均增长", "年均增长"),
        ("不少于", "不少于"),
        ("首次突破", "首次突破"),
        ("森林覆盖率", ""),
        ("", ""),
    ],
)
def test_the_longest_word_at_the_end_counts(phrase: str, word: str) -> None:
    assert last_word(phrase) == word


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("增长到", {CueRole.TO}),
        ("突破", {CueRole.REACH, CueRole.ABOVE}),
        ("年均增长", {CueRole.RISE, CueRole.AVERAGE}),
        ("约占", {CueRole.SHARE, CueRole.ABOUT}),
        ("低于", {CueRole.COMPARE_DOWN, CueRole.BELOW}),
        ("累计", {CueRole.DONE, CueRole.EVERY}),
    ],
)
def test_a_word_can_say_several_things(word: str, said: set[CueRole]) -> None:
    assert roles()[word] == said


def test_no_word_both_rises_and_falls() -> None:
    opposite = [({CueRole.RISE, CueRole.TO}, {CueRole.FALL}), ({CueRole.COMPARE_UP}, {CueRole.COMPARE_DOWN})]
    assert [word for word, said in roles().items() for up, down in opposite if said & up and said & down] == []


@given(st.text(alphabet="增长到年均约超产值", max_size=12))
def test_the_last_word_is_an_end_of_the_phrase(phrase: str) -> None:
    word = last_word(phrase)
    assert phrase.endswith(word)
    assert not word or word in roles()
