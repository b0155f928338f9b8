from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from support.case_tables import mapped

from raw.extract.cue_words import CueRole, last_word, roles
from schemas.codelists import Bound


def test_every_role_has_words() -> None:
    by_form = {CueRole.VERSUS, CueRole.COMPLETION}  # set by the form of a comparison, not by a word
    assert {role for found in roles().values() for role in found} == set(CueRole) - by_form


def test_the_bounds_of_the_lexicon_are_those_of_the_code_list() -> None:
    named = {CueRole.ABOVE, CueRole.AT_LEAST, CueRole.ABOUT, CueRole.AT_MOST, CueRole.BELOW}
    assert {role.value for role in named} == {bound.value for bound in Bound} - {"="}


def test_the_longest_word_at_the_end_counts() -> None:
    words = mapped("""产值增长到 → 增长到 | 产值年均增长 → 年均增长 | 不少于 → 不少于 | 首次突破 → 首次突破
    森林覆盖率 → | 货运量 → | →""")
    assert {phrase: last_word(phrase) for phrase in words} == words


def test_a_word_can_say_several_things() -> None:
    said = {"增长到": {CueRole.TO}, "突破": {CueRole.REACH, CueRole.ABOVE}, "约占": {CueRole.SHARE, CueRole.ABOUT}}
    said |= {"年均增长": {CueRole.RISE, CueRole.AVERAGE}, "低于": {CueRole.COMPARE_DOWN, CueRole.BELOW}}
    said |= {"累计": {CueRole.DONE, CueRole.EVERY}}
    assert {word: roles()[word] for word in said} == said


def test_no_word_both_rises_and_falls() -> None:
    opposite = [({CueRole.RISE, CueRole.TO}, {CueRole.FALL}), ({CueRole.COMPARE_UP}, {CueRole.COMPARE_DOWN})]
    assert [word for word, said in roles().items() for up, down in opposite if said & up and said & down] == []


@given(st.text(alphabet="增长到年均约超产值", max_size=12))
def test_the_last_word_is_an_end_of_the_phrase(phrase: str) -> None:
    word = last_word(phrase)
    assert phrase.endswith(word)
    assert not word or word in roles()
