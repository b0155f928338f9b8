"""The files of metrics: read by the parser of Prometheus itself, one for each source, replaced as a whole."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from infra.metrics import FAMILIES, Sample, metrics_path, write_metrics

DURATION, FINDINGS, OUTCOME = "gongbao_run_duration_seconds", "gongbao_findings", "gongbao_run_outcome"
Key = tuple[str, tuple[tuple[str, str], ...]]

values = st.floats(allow_nan=False) | st.integers(0, 10**12).map(float)
plain = st.builds(
    Sample, name=st.sampled_from([name for name in FAMILIES if name not in {FINDINGS, OUTCOME}]), value=values
)
sample_lists = st.lists(plain, max_size=8, unique_by=lambda sample: sample.name)


def parsed(text: str) -> dict[Key, float]:
    """Every sample of a file, by its name and its labels."""
    samples: dict[Key, float] = {}
    for family in text_string_to_metric_families(text):
        assert family.type == "gauge"
        assert family.documentation == FAMILIES[family.name]
        for sample in family.samples:
            key = (sample.name, tuple(sorted(sample.labels.items())))
            assert key not in samples, f"{key} occurs twice"
            samples[key] = sample.value
    return samples


def of(source: str, *more: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((("source", source), *more)))


def severity(name: str, count: float) -> Sample:
    return Sample(name=FINDINGS, value=count, labels=(("severity", name),))


def write(folder: Path, *samples: Sample, source: str = "torch") -> dict[Key, float]:
    assert write_metrics(str(folder / "gongbao.prom"), source, samples) == ""
    return parsed((folder / f"gongbao-{source}.prom").read_text("utf-8"))


def test_each_source_has_a_file_of_its_own() -> None:
    paths = {"gongbao.prom": "gongbao-torch.prom", "/n/{source}.prom": "/n/torch.prom"}
    paths |= {"/n/{source}/gongbao.prom": "/n/torch/gongbao.prom", "/n.d/gongbao": "/n.d/gongbao-torch"}
    assert {file: str(metrics_path(file, "torch")) for file in paths} == paths


def test_the_file_is_what_prometheus_reads(tmp_path: Path) -> None:
    assert write(tmp_path, Sample(name=DURATION, value=1.5), severity("warn", 2.0), severity("hold", 0.0)) == {
        (DURATION, of("torch")): 1.5,
        (FINDINGS, of("torch", ("severity", "warn"))): 2.0,
        (FINDINGS, of("torch", ("severity", "hold"))): 0.0,
    }
    text = (tmp_path / "gongbao-torch.prom").read_text("utf-8")
    assert text.endswith("\n")
    types = [line for line in text.splitlines() if line.startswith("# TYPE")]
    assert types == [f"# TYPE {DURATION} gauge", f"# TYPE {FINDINGS} gauge"]


@settings(max_examples=15)
@given(st.lists(sample_lists, min_size=1, max_size=5))
def test_a_metric_without_a_new_sample_keeps_its_last_value(
    tmp_path_factory: pytest.TempPathFactory, runs: list[list[Sample]]
) -> None:
    folder, expected = tmp_path_factory.mktemp("metrics"), dict[Key, float]()
    for samples in runs:
        expected |= {(sample.name, of("torch")): sample.value for sample in samples}
        assert write(folder, *samples) == expected
    assert write(folder, source="torch-town") == {}


def test_a_metric_with_labels_is_replaced_as_a_whole(tmp_path: Path) -> None:
    write(tmp_path, severity("warn", 1.0), severity("hold", 1.0))
    assert write(tmp_path, severity("note", 3.0)) == {(FINDINGS, of("torch", ("severity", "note"))): 3.0}


@pytest.mark.parametrize(
    "junk",
    [
        *("\x00\xff", "node_load1 3\n", f'{DURATION}{{source="torch"}}', "# HELP x\n{}", "{" * 99),
        f'{FINDINGS}{{source="torch",colour="red"}} 1\n',
    ],
)
def test_what_is_not_ours_is_dropped_and_breaks_nothing(tmp_path: Path, junk: str) -> None:
    (tmp_path / "gongbao-torch.prom").write_text(junk, "utf-8")
    assert write(tmp_path, Sample(name=DURATION, value=1.0)) == {(DURATION, of("torch")): 1.0}


class TestWriting:
    def test_no_file_is_written_where_none_is_set(self) -> None:
        assert write_metrics("", "torch", [Sample(name=DURATION, value=1.0)]) == ""

    def test_the_folder_is_made_and_the_collector_may_read(self, tmp_path: Path) -> None:
        file = tmp_path / "node" / "公报-{source}.prom"
        assert write_metrics(str(file), "torch", [Sample(name=DURATION, value=1.0)]) == ""
        (written,) = file.parent.iterdir()
        assert written.name == "公报-torch.prom"
        assert parsed(written.read_text("utf-8")) == {(DURATION, of("torch")): 1.0}
        assert written.stat().st_mode & 0o777 == 0o644

    def test_runs_at_once_lose_nothing_and_no_reader_sees_half_a_file(self, tmp_path: Path) -> None:
        names = [f"source-{number}" for number in range(12)]
        barrier, seen, over = threading.Barrier(len(names) + 1), list[str](), threading.Event()

        def look() -> None:
            barrier.wait()
            while not over.is_set():
                seen.extend(file.read_text("utf-8") for file in tmp_path.glob("*.prom"))

        def run(name: str) -> None:
            barrier.wait()
            for _ in range(3):
                write(tmp_path, *(Sample(name=DURATION, value=1.0), severity("warn", 1.0)), source=name)

        looker = threading.Thread(target=look)
        runs = [threading.Thread(target=run, args=(name,)) for name in names]
        for thread in (looker, *runs):
            thread.start()
        for thread in runs:
            thread.join()
        over.set()
        looker.join()
        assert {file.name for file in tmp_path.iterdir()} == {f"gongbao-{name}.prom" for name in names}
        for text in {*seen, *(file.read_text("utf-8") for file in tmp_path.iterdir())}:
            assert len(parsed(text)) == 2

    def test_what_cannot_be_written_is_said_and_fails_nothing(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("x", "utf-8")
        assert write_metrics(str(tmp_path / "file" / "gongbao.prom"), "torch", [])
        (tmp_path / "folder-torch.prom").mkdir()
        assert write_metrics(str(tmp_path / "folder.prom"), "torch", [Sample(name=DURATION, value=1.0)])
        assert {path.name for path in tmp_path.iterdir()} == {"file", "folder-torch.prom"}
