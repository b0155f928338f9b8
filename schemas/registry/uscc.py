"""统一社会信用代码 (GB 32100-2015), which opens a 索引号: checked, and repaired where one character was lost."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
LENGTH = 18
DIVISION = slice(2, 8)

_INDEX_NUMBER = re.compile(r"(?P<code>[0-9A-Z]+)(?P<rest>/[0-9]{4}-[0-9]+)")

Note = Literal["valid", "repaired", "invalid", "absent"]


def check_character(body: str) -> str:
    """The 18th character that belongs to the 17 before it."""
    total = sum(ALPHABET.index(character) * pow(3, place, 31) for place, character in enumerate(body))
    return ALPHABET[-total % 31]


def is_valid(code: str) -> bool:
    """Whether this is a whole code whose check character is right."""
    return len(code) == LENGTH and set(code) <= set(ALPHABET) and check_character(code[:-1]) == code[-1]


def repair(printed: str, division: str) -> str | None:
    """The one code of the division that lost a single character here; None where several fit, or none does."""
    if len(printed) != LENGTH - 1:
        return None
    insertions = {printed[:place] + lost + printed[place:] for place in range(LENGTH) for lost in ALPHABET}
    fitting = [code for code in insertions if code[DIVISION] == division and is_valid(code)]
    return fitting[0] if len(fitting) == 1 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexNumber:
    """A 索引号 as the page prints it, as it must have been, and how the two relate.

    `repaired` is the number as printed where nothing was lost or the loss cannot be made good: then `note` says so.
    """

    printed: str
    repaired: str
    note: Note

    @property
    def code(self) -> str:
        """The code of the publisher that opens the number, repaired."""
        return self.repaired.partition("/")[0]


def parse_index_number(printed: str, division: str) -> IndexNumber:
    """Judge a 索引号 of a body in this division (GB/T 2260, six digits): code, slash, year, dash, serial number."""
    number = printed.strip()
    parts = _INDEX_NUMBER.fullmatch(number)
    if not number:
        return IndexNumber(printed=printed, repaired="", note="absent")
    if parts is None:
        return IndexNumber(printed=printed, repaired=number, note="invalid")
    if is_valid(parts["code"]):
        return IndexNumber(printed=printed, repaired=number, note="valid")
    code = repair(parts["code"], division)
    if code is None:
        return IndexNumber(printed=printed, repaired=number, note="invalid")
    return IndexNumber(printed=printed, repaired=code + parts["rest"], note="repaired")
