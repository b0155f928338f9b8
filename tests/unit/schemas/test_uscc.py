from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.registry import uscc

TORCH = "11442000007333422Y"
SEED = "1142000007333422Y/2025-00206"

bodies = st.text(alphabet=uscc.ALPHABET, min_size=17, max_size=17)
codes = bodies.map(lambda body: body + uscc.check_character(body))
places = st.integers(min_value=0, max_value=17)


def test_a_code_is_valid_with_the_right_length_letters_and_check_character() -> None:
    # The second is the worked example of the standard itself.
    assert all(map(uscc.is_valid, [TORCH, "91350100M000100Y43", "91440300708461136T"]))
    wrong = [
        "",
        TORCH[:-1],
        TORCH + "0",
        TORCH[:-1] + "X",
        TORCH.lower(),
        TORCH[:4] + "I" + TORCH[5:],
        "１" + TORCH[1:],
    ]
    assert not any(map(uscc.is_valid, wrong))


@given(codes, places, st.sampled_from(uscc.ALPHABET))
def test_any_single_wrong_character_is_noticed(code: str, place: int, wrong: str) -> None:
    changed = code[:place] + wrong + code[place + 1 :]
    assert uscc.is_valid(changed) == (changed == code)


@given(codes, places)
def test_two_neighbours_that_changed_places_are_noticed(code: str, place: int) -> None:
    swapped = code[:place] + code[place : place + 2][::-1] + code[place + 2 :]
    # The check character weighs 1 and its neighbour 3^16: no two differing neighbours weigh the same.
    assert uscc.is_valid(swapped) == (swapped == code)


@given(codes, places)
def test_a_lost_character_is_restored_or_left_open_but_never_made_another_code(code: str, place: int) -> None:
    assert uscc.repair(code[:place] + code[place + 1 :], code[uscc.DIVISION]) in {code, None}


@given(codes)
def test_a_character_lost_at_the_end_could_have_been_lost_anywhere_after_the_division(code: str) -> None:
    printed = code[:-1]
    fitting = {
        whole
        for place in range(8, 18)
        for lost in uscc.ALPHABET
        if uscc.is_valid(whole := printed[:place] + lost + printed[place:])
    }
    assert code in fitting
    assert uscc.repair(printed, code[uscc.DIVISION]) == (code if len(fitting) == 1 else None)


def test_of_the_zones_code_any_of_the_first_five_characters_can_be_restored_and_no_digit_of_the_serial_part() -> None:
    assert {uscc.repair(TORCH[:place] + TORCH[place + 1 :], "442000") for place in range(5)} == {TORCH}
    assert uscc.repair(TORCH[:12] + TORCH[13:], "442000") is None


def test_nothing_is_restored_from_another_length_another_division_or_other_letters() -> None:
    printed = ((TORCH, "442000"), (TORCH[:-2], "442000"), ("", "442000"), ("1142000007333422Y", "440300"))
    assert {uscc.repair(*each) for each in (*printed, ("I" * 17, "442000"))} == {None}


def test_the_zones_index_number_gets_back_the_character_that_its_page_lost() -> None:
    number = uscc.parse_index_number(SEED, "442000")
    assert number == uscc.IndexNumber(printed=SEED, repaired=f"{TORCH}/2025-00206", note="repaired")
    assert number.code == TORCH


def test_a_whole_index_number_stays_as_it_is_but_for_the_blanks_around_it() -> None:
    number = uscc.parse_index_number(f" {TORCH}/2024-00031\n", "442000")
    assert (number.repaired, number.note) == (f"{TORCH}/2024-00031", "valid")
    assert number.printed == f" {TORCH}/2024-00031\n"


@pytest.mark.parametrize("printed", ["", "  ", "\u3000"])
def test_an_empty_index_number_is_absent(printed: str) -> None:
    number = uscc.parse_index_number(printed, "442000")
    assert (number.note, number.code) == ("absent", "")


def test_an_index_number_that_cannot_be_made_good_is_kept_as_printed_and_called_invalid() -> None:
    bad = ["007333422/2019-00012", TORCH, f"{TORCH}/2025", f"{TORCH}-2025-00206", f"{TORCH}/２０２５-00206"]
    bad += ["11442000007333422X/2025-00206", "114420000073342Y/2025-00206", "1144200000733422Y/2025-00206"]
    for printed in bad:
        number = uscc.parse_index_number(printed, "442000")
        assert (number.repaired, number.note) == (printed, "invalid")


@given(st.text())
def test_any_text_is_judged_without_an_error(text: str) -> None:
    assert uscc.parse_index_number(text, "442000").note in {"valid", "invalid", "absent", "repaired"}
