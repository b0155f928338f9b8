"""A real spreadsheet program, and what it sees in a workbook: each cell with its value, its kind and its formula."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, TypeAlias
from xml.etree import ElementTree as ET

from support.requires import program

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OFFICE, TABLE, TEXT = (f"{{urn:oasis:names:tc:opendocument:xmlns:{part}:1.0}}" for part in ("office", "table", "text"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A cell as the program holds it; `formula` is "" where it would run nothing."""

    value: str | float | date | None = None
    formula: str = ""


Sheets: TypeAlias = dict[str, list[tuple[Cell, ...]]]


def convert(folder: Path, *names: str, to: str, infilter: str = "") -> None:
    """Open files in LibreOffice, without its windows and with a profile of its own, and save them in another form."""
    office = [
        program("soffice", "(Debian: libreoffice-calc-nogui and libreoffice-writer-nogui)"),
        "--headless",
        "--convert-to",
        to,
    ]
    own_profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    reading = [f"--infilter={infilter}"] if infilter else []
    command = [*office, own_profile, *reading, *names]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=240)


def opened(folder: Path, book: bytes) -> Sheets:
    """The sheets of a workbook as LibreOffice has them after opening it."""
    (folder / "book.xlsx").write_bytes(book)
    convert(folder, "book.xlsx", to="fods")
    root = ET.parse(folder / "book.fods").getroot()  # noqa: S314 - written by the program just started
    return {sheet.get(f"{TABLE}name", ""): list(_rows(sheet)) for sheet in root.iter(f"{TABLE}table")}


def formulas(sheets: Sheets) -> list[str]:
    """Every formula in a workbook."""
    return [cell.formula for rows in sheets.values() for row in rows for cell in row if cell.formula]


def _rows(sheet: ET.Element) -> Iterator[tuple[Cell, ...]]:
    """The rows down to the last one that holds something; the program repeats an empty row to the end of the sheet."""
    waiting = 0
    for row in sheet.iter(f"{TABLE}table-row"):
        cells = tuple(_cells(row))
        repeated = int(row.get(f"{TABLE}number-rows-repeated", "1"))
        if not cells:
            waiting += repeated
            continue
        yield from [()] * waiting
        yield from [cells] * repeated
        waiting = 0


def _cells(row: ET.Element) -> list[Cell]:
    found: list[Cell] = []
    for node in row.iter(f"{TABLE}table-cell"):
        found += [_cell(node)] * min(int(node.get(f"{TABLE}number-columns-repeated", "1")), 100)
    while found and found[-1] == Cell():
        found.pop()
    return found


def _cell(node: ET.Element) -> Cell:
    formula = node.get(f"{TABLE}formula", "")
    match node.get(f"{OFFICE}value-type"):
        case "float" | "percentage":
            return Cell(value=float(node.get(f"{OFFICE}value", "nan")), formula=formula)
        case "date":
            return Cell(value=date.fromisoformat(node.get(f"{OFFICE}date-value", "")[:10]), formula=formula)
        case "string":
            return Cell(value="\n".join(_text(line) for line in node.findall(f"{TEXT}p")), formula=formula)
        case _:
            return Cell(formula=formula)


def _text(node: ET.Element) -> str:
    """A paragraph with its blanks and tabs, which stand in it as elements."""
    if node.tag == f"{TEXT}s":
        inside = " " * int(node.get(f"{TEXT}c", "1"))
    else:
        inside = {f"{TEXT}tab": "\t", f"{TEXT}line-break": "\n"}.get(node.tag, node.text or "")
    return inside + "".join(_text(child) + (child.tail or "") for child in node)
