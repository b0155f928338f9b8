from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raw.extract.cue_words import Role, last_word, roles
from schemas.codelists import Bound


def test_every_role_has_words() -> None:
    assert {role for found in roles().values() for role in found} == set(Role)


def test_the_bounds_of_the_lexicon_are_those_of_the_code_list() -> None:
    named = {Role.ABOVE, Role.AT_LEAST, Role.ABOUT, Role.AT_MOST, Role.BELOW}
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
        ("增长到", {Role.TO}),
        ("突破", {Role.REACH, Role.ABOVE}),
        ("年均增长", {Role.RISE, Role.AVERAGE}),
        ("约占", {Role.SHARE, Role.ABOUT}),
        ("低于", {Role.COMPARE_DOWN, Role.BELOW}),
        ("累计", {Role.DONE, Role.EVERY}),
    ],
)
def test_a_word_can_say_several_things(word: str, said: set[Role]) -> None:
    assert roles()[word] == said


def test_no_word_both_rises_and_falls() -> None:
    opposite = [({Role.RISE, Role.TO}, {Role.FALL}), ({Role.COMPARE_UP}, {Role.COMPARE_DOWN})]
    assert [word for word, said in roles().items() for up, down in opposite if said & up and said & down] == []


@given(st.text(alphabet="增长到年均约超产值", max_size=12))
def test_the_last_word_is_an_end_of_the_phrase(phrase: str) -> None:
    word = last_word(phrase)
    assert phrase.endswith(word)
    assert not word or word in roles()
