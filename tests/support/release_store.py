"""A store with three releases of one source, made by nights without Prefect, and readers that read otherwise."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from support.cms import SiteEditor, registry
from support.nights import plain
from support.scenario import FIRST_REPORT, NEXT_REPORT, night

from flows.run.context import create_context
from infra.store import Store
from raw.reading import read_capture
from schemas.codelists import NumberStatus, Outcome
from schemas.observation import Observation

if TYPE_CHECKING:
    from schemas.reading import CapturedDocument, Reading
    from schemas.registry.sources import Source

VERSIONS = ("2026.06.01.1", "2026.06.03.1", "2026.06.04.1")
Slip = Callable[[Observation], Observation | None]
"""What an earlier reader made of an observation, None where it saw none."""


@contextmanager
def site(folder: Path, *, store: str = "") -> Iterator[tuple[SiteEditor, str, str]]:
    """The editor of a site, the registry file that names it, and an empty store, with settings for quick runs."""
    editor = SiteEditor(articles=[FIRST_REPORT])
    folder.mkdir(parents=True, exist_ok=True)
    with pytest.MonkeyPatch.context() as patch, editor.served() as base:
        for name, value in {"PACE": "0", "TRIES": "2", "SPOOL": str(folder / "spool")}.items():
            patch.setenv(f"GONGBAO_{name}", value)
        yield editor, registry(folder, base), store or str(folder / "store")


def three_releases(editor: SiteEditor, sources: str, store: str) -> None:
    """A first report, an edit of one number two days later, and the report of the next year the day after."""
    publish(sources, store, 1)
    editor.correct("固定资产投资增长5.0%", "固定资产投资增长5.2%")
    publish(sources, store, 3)
    editor.articles.append(NEXT_REPORT)
    publish(sources, store, 4)


def publish(sources: str, store: str, day: int) -> None:
    assert live(sources, store, day) is Outcome.PUBLISHED


def live(sources: str, store: str, day: int) -> Outcome:
    """A night of June 2026."""
    return plain(create_context("seed", store, sources, night(day)))


@contextmanager
def earlier_reader(version: str, slip: Slip) -> Iterator[None]:
    """Let everything be read as an earlier reader did, under its name."""

    def read(captured: CapturedDocument, source: Source) -> Reading:
        reading = read_capture(captured, source)
        slipped = tuple(found for one in reading.observations if (found := slip(one)))
        kept = {one.span for one in slipped}
        lost = {one.span for one in reading.observations} - kept
        return replace(
            reading,
            observations=slipped,
            numbers=tuple(
                replace(one, fate=NumberStatus.UNREAD) if one.span in lost else one for one in reading.numbers
            ),
        )

    with pytest.MonkeyPatch.context() as patch:
        for module in ("flows.stages.read_and_publish", "flows.stages.reread", "flows.operator.rebuild"):
            patch.setattr(f"{module}.read_capture", read)
        for module in (
            "flows.stages.candidate",
            "flows.stages.read_and_publish",
            "flows.operator.rebuild",
            "flows.run.context",
        ):
            patch.setattr(f"{module}.reader_version", lambda: version)
        yield


def rewrite(store: Store, key: str, change: Callable[[bytes], bytes]) -> None:
    """Change an object of a folder store behind its back."""
    path = Path(store.url) / key
    data = change(path.read_bytes())
    path.chmod(0o644)
    path.write_bytes(data)


def objects(store: Store, prefix: str = "") -> dict[str, str]:
    """What lies in a store: the tag of each object."""
    return {entry.key: entry.etag for entry in store.list(prefix)}


def told(out: str) -> list[dict[str, object]]:
    """A list of JSON objects as a command printed it."""
    found = json.loads(out)
    assert isinstance(found, list)
    return found
