"""The file of metrics: read by the parser of Prometheus itself, shared by sources, replaced whole."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from infra.metrics import FAMILIES, Sample, merge_samples, write_metrics

if TYPE_CHECKING:
    from pathlib import Path

DURATION, FINDINGS = "gongbao_run_duration_seconds", "gongbao_findings"
Key = tuple[str, tuple[tuple[str, str], ...]]

sources = st.sampled_from(("torch", "cuiheng", "a1", "zhongshan"))
values = st.floats(allow_nan=False) | st.integers(0, 10**12).map(float)
sample = st.builds(Sample, name=st.sampled_from([name for name in FAMILIES if name != FINDINGS]), value=values)
several = st.lists(sample, max_size=8, unique_by=lambda one: one.name)


def parsed(text: str) -> dict[Key, float]:
    """Every sample of a file, by its name and its labels."""
    found: dict[Key, float] = {}
    for family in text_string_to_metric_families(text):
        assert family.type == "gauge"
        assert family.documentation == FAMILIES[family.name]
        for one in family.samples:
            key = (one.name, tuple(sorted(one.labels.items())))
            assert key not in found, f"{key} stands there twice"
            found[key] = one.value
    return found


def of(source: str, *more: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((("source", source), *more)))


def test_the_file_is_what_prometheus_reads() -> None:
    text = merge_samples(
        "",
        "torch",
        [
            Sample(name=DURATION, value=1.5),
            Sample(name=FINDINGS, value=2.0, labels=(("severity", "warn"),)),
            Sample(name=FINDINGS, value=0.0, labels=(("severity", "hold"),)),
        ],
    )
    assert parsed(text) == {
        (DURATION, of("torch")): 1.5,
        (FINDINGS, of("torch", ("severity", "warn"))): 2.0,
        (FINDINGS, of("torch", ("severity", "hold"))): 0.0,
    }
    assert text.endswith("\n")
    assert [line for line in text.splitlines() if line.startswith("# TYPE")] == [
        f"# TYPE {DURATION} gauge",
        f"# TYPE {FINDINGS} gauge",
    ]


@given(st.lists(st.tuples(sources, several), max_size=8))
def test_each_source_has_the_last_that_was_said_of_it_whatever_the_others_say(
    told: list[tuple[str, list[Sample]]],
) -> None:
    text, expected = "", dict[Key, float]()
    for source, samples in told:
        text = merge_samples(text, source, samples)
        expected |= {(one.name, of(source)): one.value for one in samples}
    assert parsed(text) == expected
    assert merge_samples(text, "torch", []) == text


def test_a_metric_with_labels_is_replaced_whole() -> None:
    first = merge_samples("", "torch", [Sample(name=FINDINGS, value=1.0, labels=(("severity", "warn"),))])
    again = merge_samples(first, "torch", [Sample(name=FINDINGS, value=3.0, labels=(("severity", "note"),))])
    assert parsed(again) == {(FINDINGS, of("torch", ("severity", "note"))): 3.0}


@pytest.mark.parametrize(
    "junk", ["\x00\xff", "node_load1 3\n", f'{DURATION}{{source="torch"}}', "# HELP x\n{}", "{" * 99]
)
def test_what_is_none_of_ours_is_dropped_and_breaks_nothing(junk: str) -> None:
    text = merge_samples(junk, "torch", [Sample(name=DURATION, value=1.0)])
    assert parsed(text) == {(DURATION, of("torch")): 1.0}


def test_a_source_whose_name_begins_like_another_is_another() -> None:
    text = merge_samples("", "torch-town", [Sample(name=DURATION, value=1.0)])
    text = merge_samples(text, "torch", [Sample(name=DURATION, value=2.0)])
    assert parsed(text) == {(DURATION, of("torch-town")): 1.0, (DURATION, of("torch")): 2.0}


class TestWriting:
    def test_no_file_is_written_where_none_is_set(self) -> None:
        assert write_metrics("", "torch", [Sample(name=DURATION, value=1.0)]) == ""

    def test_the_folder_is_made_and_the_collector_may_read(self, tmp_path: Path) -> None:
        file = tmp_path / "node" / "公报.prom"
        assert write_metrics(str(file), "torch", [Sample(name=DURATION, value=1.0)]) == ""
        assert parsed(file.read_text("utf-8")) == {(DURATION, of("torch")): 1.0}
        assert file.stat().st_mode & 0o777 == 0o644
        left = sorted(path.name for path in file.parent.iterdir() if path.suffix == ".prom")
        assert left == ["公报.prom"], "a collector takes every file of this ending"

    def test_runs_at_once_lose_nothing_and_show_nothing_half(self, tmp_path: Path) -> None:
        file, names = tmp_path / "gongbao.prom", [f"source-{number}" for number in range(12)]
        barrier, seen, over = threading.Barrier(len(names) + 1), list[str](), threading.Event()

        def look() -> None:
            barrier.wait()
            while not over.is_set():
                if file.exists():
                    seen.append(file.read_text("utf-8"))

        def run(name: str) -> None:
            barrier.wait()
            write_metrics(str(file), name, [Sample(name=metric, value=1.0) for metric in FAMILIES])

        looker = threading.Thread(target=look)
        runs = [threading.Thread(target=run, args=(name,)) for name in names]
        for thread in (looker, *runs):
            thread.start()
        for thread in runs:
            thread.join()
        over.set()
        looker.join()
        assert parsed(file.read_text("utf-8")).keys() == {(metric, of(name)) for metric in FAMILIES for name in names}
        for text in set(seen):
            assert len(parsed(text)) % len(FAMILIES) == 0

    def test_what_cannot_be_written_is_said_and_fails_nothing(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("x", "utf-8")
        assert write_metrics(str(tmp_path / "file" / "gongbao.prom"), "torch", [])
        (tmp_path / "folder.prom").mkdir()
        assert write_metrics(str(tmp_path / "folder.prom"), "torch", [Sample(name=DURATION, value=1.0)])
        assert {path.name for path in tmp_path.iterdir()} <= {"file", "folder.prom", ".folder.prom.lock"}
