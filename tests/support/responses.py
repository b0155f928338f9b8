"""A clock that tests move by hand, responses to archive, and a look into what an archive wrote."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from infra.store import Headers, Store
from raw.http.response import Response

START = datetime(2026, 3, 2, 1, 0, 0, 250_000, tzinfo=UTC)


@dataclass(slots=True, kw_only=True)
class Clock:
    """Time stands still until something sleeps; `slept` holds for how long each time."""

    now: datetime = START
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> datetime:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += timedelta(seconds=seconds)

    def pass_by(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


URL = "http://www.zs.gov.cn/zshjq/gkmlpt/content/2/2345/post_2345678.html?p=1"
HTML = "<p>2024年，规上工业总产值增长5.1%。</p>".encode()
WHOLE_SECOND = datetime(2026, 3, 2, 1, 0, 0, tzinfo=UTC)


def answer(body: bytes = HTML, **changes: Any) -> Response:  # noqa: ANN401 - any field of a Response
    headers = (("Content-Type", "text/html; charset=utf-8"), ("ETag", '"v1"'), ("Last-Modified", "yesterday"))
    plain = Response(
        url=URL,
        requested_url=URL,
        status=200,
        reason="OK",
        headers=headers,
        request_headers=(("Host", "www.zs.gov.cn"), ("User-Agent", "Gongbao/test")),
        body=body,
        fetched_at=START,
    )
    return replace(plain, **changes)


def objects(store: Store, folder: str) -> dict[str, bytes]:
    keys = [entry.key for entry in store.list(f"raw/torch/{folder}")]
    return {key: stored.data for key in keys if (stored := store.get(key))}


def overwrite(store: Store, key: str, data: bytes) -> None:
    stored = store.get(key)
    headers = Headers(content_type="application/warc", cache_control="no-cache")
    assert store.swap(key, data, headers, expected=stored.etag if stored else None)
