"""Speed and accuracy of the reader against Recognizers-Text and a bare digit pattern, in one run on one core.

    python benchmarks/reader.py [--peer-chars N]

Reads the reference material beside the project (seed and reports). The peer is not among the project's dependencies;
install it where this runs: `uv pip install recognizers-text-suite emoji==1.7.0` (newer emoji break it). Speeds are
characters per second of process time, sentence by sentence for the peer, whole documents for ours; accuracy is the F1
of value and unit against the quantities of the seed that were marked by hand.
"""

from __future__ import annotations

import argparse
import json
import re
import resource
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from time import process_time
from typing import TypeAlias

from raw.extract.observations import read
from raw.page.parse import parse_text
from raw.reading import document_of

SHARED = Path(__file__).resolve().parents[2] / "shared"
SENTENCE = re.compile(r"[^。；\n]+")
DIGITS = re.compile(
    r"(\d+(?:\.\d+)?)(万亿|亿|万)?(元|%|个百分点|平方米|亩|公里|人次|人|户|家|个|项|件|次|套|株|场次|场|位|名)?"
)
PER_CENT = 1e-6
Found: TypeAlias = tuple[int, int, float, str]
Reader: TypeAlias = Callable[[str], Iterable[Found]]


def main() -> None:
    """Measure and print a row for each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peer-chars", type=int, default=60_000, help="how much of the reports the peer is given")
    args = parser.parse_args()
    (seed,) = (path.read_text(encoding="utf-8") for path in sorted((SHARED / "seed").glob("*.txt")))
    reports = [path.read_text(encoding="utf-8") for path in sorted((SHARED / "reports").rglob("*.txt"))]
    print(f"{'reader':34} {'chars/s':>12} {'ratio':>8} {'F1 value+unit':>14}")
    peer = peer_reader()
    base = row("Recognizers-Text, five models", peer, seed, clip(reports, args.peer_chars), None) if peer else None
    row("Gongbao", ours, seed, reports, base)
    row("one digit pattern with units", pattern, seed, reports, base)
    if peer is None:
        print("Recognizers-Text is not installed here: uv pip install recognizers-text-suite emoji==1.7.0")
    print(f"import of raw.reading: {import_seconds():.2f} s; peak memory of ours alone: {peak_megabytes():.0f} MB")


def row(
    name: str, reader: Callable[[str], Iterable[Found]], seed: str, reports: list[str], base: float | None
) -> float:
    """Measure one reader and print its row; its speed."""
    texts = [seed, *reports]
    reader(seed)
    start = process_time()
    for text in texts:
        list(reader(text))
    speed = sum(map(len, texts)) / (process_time() - start)
    ratio = f"{speed / base:8.1f}" if base else "     1.0"
    print(f"{name:34} {speed:12,.0f} {ratio} {f1(list(reader(seed))):14.2f}")
    return speed


def clip(texts: list[str], chars: int) -> list[str]:
    """Take the first texts up to so many characters."""
    clipped, room = [], chars
    for text in texts:
        clipped.append(text[:room])
        room -= len(clipped[-1])
    return [text for text in clipped if text]


def ours(text: str) -> list[Found]:
    """Return what our reader claims."""
    observations, _ = read(document_of(parse_text(text, title="", published=None)))
    return [(one.span.start, one.span.end, one.value, one.unit) for one in observations]


def pattern(text: str) -> list[Found]:
    """Return what a pattern finds, dates not counted against it."""
    matches = (match for match in DIGITS.finditer(text) if text[match.end() : match.end() + 1] not in "年月日")
    return [(m.start(), m.end(), float(m[1]), (m[2] or "") + (m[3] or "")) for m in matches]


def peer_reader() -> Reader | None:
    """Return the peer's five models applied to each sentence, None if it is not installed."""
    try:
        from recognizers_number import NumberRecognizer  # noqa: PLC0415 - may be absent
        from recognizers_number_with_unit import NumberWithUnitRecognizer  # noqa: PLC0415 - as above
        from recognizers_text import Culture  # noqa: PLC0415 - as above
    except ImportError:
        return None
    numbers, units = NumberRecognizer(Culture.Chinese), NumberWithUnitRecognizer(Culture.Chinese)
    models = (
        numbers.get_number_model(),
        numbers.get_percentage_model(),
        numbers.get_ordinal_model(),
        units.get_currency_model(),
        units.get_dimension_model(),
    )

    def reader(text: str) -> list[Found]:
        found = []
        for sentence in SENTENCE.finditer(text):
            for model in models:
                found += [peer_found(sentence.start(), result) for result in model.parse(sentence.group())]
        return found

    return reader


def peer_found(offset: int, result: object) -> Found:
    """Convert a result of the peer back to the unit as stated."""
    text = str(getattr(result, "text", ""))
    stated = re.match(r"\d+(?:\.\d+)?", text)
    value = float(stated.group()) if stated else float("nan")
    unit = text[stated.end() :] if stated else ""
    start = offset + int(getattr(result, "start", 0))
    return start, offset + int(getattr(result, "end", 0)) + 1, value, unit


def f1(found: list[Found]) -> float:
    """F1 of value and unit on the seed, each reference row and each reading counted once."""
    lines = (SHARED / "reference" / "seed.jsonl").read_text(encoding="utf-8").splitlines()
    wanted = [row for row in map(json.loads, lines) if row["required"]]
    hits = sum(any(same(row, one) for one in found) for row in wanted)
    spans = {(start, end) for start, end, _, _ in found}
    return 2 * hits / (len(spans) + len(wanted)) if found else 0.0


def same(row: dict[str, object], one: Found) -> bool:
    """Whether a reading is the reference row: the spans meet, value and unit agree."""
    start, end, value, unit = one
    meets = start < int(str(row["end"])) and int(str(row["start"])) < end
    return meets and abs(abs(value) - abs(float(str(row["value"])))) <= PER_CENT and unit in str(row["unit"]).split("|")


def import_seconds() -> float:
    """How long a fresh process takes to import the reader, start of Python not counted."""
    code = "from time import perf_counter as t; a = t(); import raw.reading; print(t() - a)"
    return float(subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout)


def peak_megabytes() -> float:
    """Measure the peak memory of a process that reads all reports with our reader and nothing else."""
    code = "import benchmarks.reader as b; b.alone()"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return float(done.stdout) / 1024


def alone() -> None:
    """Read everything once and print the peak memory in KB."""
    for path in sorted(SHARED.glob("reports/*/*.txt")):
        ours(path.read_text(encoding="utf-8"))
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


if __name__ == "__main__":
    main()
