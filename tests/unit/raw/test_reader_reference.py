"""The reader against readings made by hand and against whole reports, which lie beside the project and stay there."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from support.requires import program, shared

from flows.cli.read import row_of
from raw.extract.observations import read
from raw.numerals.scan import plain
from raw.page.parse import parse_text
from raw.reading import document_of, parse
from schemas.codelists import NumberStatus
from schemas.observation import Number, Observation

SEED_FULL, SEED_FOUND = 0.97, 0.99
PROVINCIAL_FULL, PROVINCIAL_FOUND = 0.95, 0.99
OWN = Path(__file__).parents[2] / "reference"
# The least of what is found and of what is right in every field, for each reference of single sentences: those beside
# the project, and those of this project, which were annotated by somebody who did not know the reader.
SENTENCES = {
    "local": (0.99, 0.95),
    "hidden_local": (0.97, 0.95),
    "hidden2_local": (0.97, 0.94),
    "hidden3_local": (0.96, 0.88),
    "hidden3_provincial": (0.98, 0.95),
    "hidden4_local": (0.99, 0.95),
    "hidden4_provincial": (0.98, 0.95),
}
PROSE = {"pages": (0.98, 0.94), "hidden_pages": (0.98, 0.94), "hidden3_pages": (0.98, 0.97)}
TABLES_FOUND, TABLES_FULL = 0.99, 0.98
BOUNDED = 23
GROWTH_OF_OUTPUT = 42
SEED_UNREAD, PROVINCIAL_UNREAD = 0.02, 0.04


def seed() -> list[Path]:
    return sorted(shared("seed").glob("*.txt"))


def provincial() -> list[Path]:
    return sorted(shared("reports", "provincial").glob("*.txt"))


def gongbao_read(files: list[Path], into: Path) -> Path:
    """What `gongbao read` prints of some files."""
    with into.open("wb") as output:
        subprocess.run([program("gongbao"), "read", "--format", "jsonl", *files], stdout=output, check=True)
    return into


def sheet(reference: str, rows: Path, *more: str | Path) -> dict[str, Any]:
    """The sheet of the scorer, which prints it as its last line."""
    at = Path(reference) if Path(reference).is_absolute() else shared("reference", reference)
    command = [sys.executable, shared("tools", "score.py"), at, rows, *more]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    scored: dict[str, Any] = json.loads(printed.splitlines()[-1])
    return scored


def reading(file: Path) -> tuple[str, tuple[Observation, ...], tuple[Number, ...]]:
    """A report's text, its observations and its account."""
    document = document_of(parse_text(file.read_text("utf-8")))
    return document.text, *read(document)


@pytest.fixture(scope="module")
def seed_rows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return gongbao_read(seed(), tmp_path_factory.mktemp("seed") / "rows.jsonl")


@pytest.fixture(scope="module")
def provincial_rows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return gongbao_read(provincial(), tmp_path_factory.mktemp("provincial") / "rows.jsonl")


def _reference(name: str) -> Path:
    own = OWN / f"{name}.jsonl"
    return own if own.exists() else shared("reference", f"{name}.jsonl")


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


@cache
def _read_document(path: Path) -> list[dict[str, Any]]:
    body = path.read_bytes()
    page = parse(body, "text/html" if path.suffix == ".html" else "text/plain")
    return [row_of(path.stem, observation) for observation in read(document_of(page))[0]]


@pytest.mark.parametrize("name", SENTENCES)
def test_single_sentences_are_read_as_by_hand(name: str, tmp_path: Path) -> None:
    folder = "provincial" if name.endswith("provincial") else "local"
    documents = sorted({span["doc"] for span in _rows(_reference(f"{name}_spans"))})
    rows = [row for document in documents for row in _read_document(shared("reports", folder, f"{document}.txt"))]
    read_rows = tmp_path / "rows.jsonl"
    read_rows.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    scored = sheet(str(_reference(name)), read_rows, "--spans", _reference(f"{name}_spans"))
    assert scored["found"]["f1"] >= SENTENCES[name][0]
    assert scored["full"]["f1"] >= SENTENCES[name][1]


@pytest.mark.parametrize("name", PROSE)
def test_the_prose_of_other_kinds_of_document_is_read_as_by_hand(name: str, tmp_path: Path) -> None:
    """Tables are left out; of the pages that hold no article, nothing is read."""
    wanted = [row for row in _rows(_reference(name)) if row["genre"] != "table"]
    found, full = _scored_pages(wanted, tmp_path)
    assert found >= PROSE[name][0]
    assert full >= PROSE[name][1]


def test_the_tables_of_other_kinds_of_document_are_read_as_by_hand(tmp_path: Path) -> None:
    wanted = [row for row in _rows(_reference("pages")) if row["genre"] == "table"]
    found, full = _scored_pages(wanted, tmp_path)
    assert found >= TABLES_FOUND
    assert full >= TABLES_FULL


def _scored_pages(wanted: list[dict[str, Any]], tmp_path: Path) -> tuple[float, float]:
    """How much of some reference rows is found, and how much is right in every field."""
    reference, read_rows = tmp_path / "reference.jsonl", tmp_path / "rows.jsonl"
    reference.write_text("".join(json.dumps(row) + "\n" for row in wanted), "utf-8")
    pages = [shared("pages", f"{document}.html") for document in sorted({row["doc"] for row in wanted})]
    rows = [row for page in pages for row in _read_document(page)]
    read_rows.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    command: list[str | Path] = [sys.executable, shared("tools", "score_pages.py"), reference, read_rows]
    *_, last = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    found, full = (float(number) for number in re.findall(r"[01]\.\d{3}", last))
    return found, full


def test_the_seed_is_read_as_by_hand(seed_rows: Path) -> None:
    scored = sheet("seed.jsonl", seed_rows)
    assert scored["found"]["f1"] >= SEED_FOUND
    assert scored["full"]["f1"] >= SEED_FULL


def test_the_provincial_reports_are_read_as_by_hand(provincial_rows: Path) -> None:
    scored = sheet("provincial.jsonl", provincial_rows, "--spans", shared("reference", "provincial_spans.jsonl"))
    assert scored["found"]["f1"] >= PROVINCIAL_FOUND
    assert scored["full"]["f1"] >= PROVINCIAL_FULL


def test_the_bounds_of_the_seed_are_read_as_by_hand(seed_rows: Path) -> None:
    wanted = [row for row in rows_of(shared("reference", "seed.jsonl")) if row["bound"] != "=" and row["required"]]
    right = sum(any(same_number(row, read) for read in rows_of(seed_rows)) for row in wanted)
    assert (right, len(wanted)) == (BOUNDED, BOUNDED)


def same_number(row: dict[str, Any], read: dict[str, Any]) -> bool:
    """Whether a reading stands at the place of a reference row and has its value and bound."""
    meets = row["start"] < read["end"] and read["start"] < row["end"]
    return bool(meets and abs(read["value"] - row["value"]) < 1e-6 and read["bound"] == row["bound"])


def test_growth_of_output_is_right_in_every_province_promised_and_achieved(provincial_rows: Path) -> None:
    rows = [row for row in rows_of(provincial_rows) if row["indicator"] == "gdp" and row["measure"] == "growth"]
    with shared("reference", "provincial_gdp.csv").open(encoding="utf-8") as file:
        wanted = list(csv.DictReader(file))
    missed = [row for row in wanted if not any(is_growth(row, read) for read in rows)]
    assert (missed, len(wanted)) == ([], GROWTH_OF_OUTPUT)


def is_growth(row: dict[str, str], read: dict[str, Any]) -> bool:
    """Whether a reading is the growth of output that a row of the reference states, near where it states it."""
    low, _, high = re.sub("[—–~]", "-", row["value_or_range"]).partition("-")
    near = read["doc"] == row["doc"] and abs(read["start"] - int(row["offset"])) <= 40
    ends = (read["value"], read["value_upper"]) == (float(low), float(high) if high else None)
    return near and ends and (read["period"], read["status"]) == (row["year"], row["kind"])


def rows_of(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def test_every_row_cuts_its_number_out_of_its_file(provincial_rows: Path) -> None:
    texts = {file.stem: file.read_text("utf-8") for file in provincial()}
    rows = rows_of(provincial_rows)
    assert {row["doc"] for row in rows} == set(texts)
    assert all(texts[row["doc"]][row["start"] : row["end"]] == row["text"] for row in rows)


@cache
def reports() -> dict[Path, tuple[str, tuple[Observation, ...], tuple[Number, ...]]]:
    """The text, the observations and the account of every report beside the project."""
    files = [*seed(), *provincial(), *sorted(shared("reports", "national").glob("*.txt"))]
    return {file: reading(file) for file in files}


def test_the_reports_leave_few_numbers_unread() -> None:
    unread = {
        file: sum(item.fate is NumberStatus.UNREAD for item in account) / len(account)
        for file, (_, _, account) in reports().items()
    }
    assert max(unread[file] for file in seed()) <= SEED_UNREAD
    assert {file.stem: unread[file] for file in provincial() if unread[file] > PROVINCIAL_UNREAD} == {}


def test_every_report_is_read_and_all_its_digits_are_in_the_account() -> None:
    assert len(reports()) == 81
    for file, (text, found, account) in reports().items():
        assert all(item.span.cut(text) == item.obs_text for item in found), file
        places = {place for item in account for place in range(item.span.start, item.span.end)}
        digits = [match.span() for match in re.finditer(r"\d+", plain(text))]
        assert [text[slice(*span)] for span in digits if not set(range(*span)) <= places] == [], file
