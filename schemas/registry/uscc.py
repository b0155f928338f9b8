"""统一社会信用代码 (GB 32100-2015), with which a 索引号 starts: checked, and repaired if one character was lost."""

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
    """Return the 18th character for the 17 before it."""
    total = sum(ALPHABET.index(character) * pow(3, place, 31) for place, character in enumerate(body))
    return ALPHABET[-total % 31]


def is_valid(code: str) -> bool:
    """Return whether a text is a complete code with the right check character."""
    return len(code) == LENGTH and set(code) <= set(ALPHABET) and check_character(code[:-1]) == code[-1]


def repair(printed: str, division: str) -> str | None:
    """Return the only code of a division from which one character was lost; None if no code fits, or several."""
    if len(printed) != LENGTH - 1:
        return None
    insertions = {printed[:place] + lost + printed[place:] for place in range(LENGTH) for lost in ALPHABET}
    fitting = [code for code in insertions if code[DIVISION] == division and is_valid(code)]
    return fitting[0] if len(fitting) == 1 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexNumber:
    """A 索引号 as printed, as repaired, and how the two relate.

    `repaired` equals the printed number if nothing was lost or the loss cannot be repaired (see `note`).
    """

    printed: str
    repaired: str
    note: Note

    @property
    def code(self) -> str:
        """The repaired code of the publisher, with which the number starts."""
        return self.repaired.partition("/")[0]


def parse_index_number(printed: str, division: str) -> IndexNumber:
    """Parse a 索引号 of a body in a division (GB/T 2260, six digits): code, slash, year, dash, serial number."""
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
