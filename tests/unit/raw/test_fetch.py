from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime

import httpx
import pytest
from support.responses import START, Clock
from support.website import Asked, Reply, Website

from raw.http.client import Fetcher, FetchLimits, Validators, user_agent
from raw.http.response import Response, next_address
from schemas.errors import SourceError, SourceGone, SourceMalformed, SourceRefused, SourceUnreachable

HTML = Reply(body="<p>工作总结</p>".encode(), headers={"Content-Type": "text/html; charset=utf-8"})


async def fetch(
    url: str, limits: FetchLimits | None = None, *, clock: Clock | None = None, validators: Validators | None = None
) -> Response:
    clock = clock or Clock()
    async with Fetcher("127.0.0.1", limits or FetchLimits(), clock=clock, sleep=clock.sleep) as fetcher:
        return await fetcher.get(url, validators)


async def refusal(url: str, kind: type[SourceError], limits: FetchLimits | None = None) -> str:
    with pytest.raises(kind) as caught:
        await fetch(url, limits)
    assert type(caught.value) is kind
    return str(caught.value)


class TestAnAnswer:
    async def test_comes_with_its_bytes_headers_and_time(self, site: Website) -> None:
        response = await fetch(site.put("/a.html", HTML))
        assert response.body == HTML.body
        assert (response.status, response.reason) == (200, "OK")
        assert response.header("content-type") == "text/html; charset=utf-8"
        assert response.header("x-absent") == ""
        assert response.fetched_at == START

    async def test_is_asked_for_under_an_honest_name(self, site: Website) -> None:
        name = user_agent("mailto:data@example.org")
        response = await fetch(site.put("/", HTML), FetchLimits(user_agent=name))
        assert site.log[0].headers["user-agent"] == name
        assert name.startswith("Gongbao/")
        assert name.endswith(" (+mailto:data@example.org)")
        assert ("user-agent", name) in response.request_headers

    @pytest.mark.parametrize("status", [404, 410, 400, 401, 403, 418, 206])
    async def test_that_is_final_is_told_by_its_kind_and_not_asked_again(self, site: Website, status: int) -> None:
        kind = {404: SourceGone, 410: SourceGone, 206: SourceMalformed}.get(status, SourceRefused)
        told = await refusal(site.put("/x", Reply(status=status)), kind)
        assert f"{site.base}/x" in told
        assert str(status) in told
        assert len(site.log) == 1

    async def test_may_pass_the_environments_proxies_by(self, site: Website, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, "http://127.0.0.1:9")
        monkeypatch.setenv("NO_PROXY", "")
        assert (await fetch(site.put("/", HTML))).status == 200


class TestPace:
    @pytest.mark.parametrize(("passed", "slept"), [(0.2, 0.3), (60, 0.0), (-3600, 0.5)])
    async def test_is_half_a_second_between_requests(self, site: Website, passed: float, slept: float) -> None:
        clock = Clock()
        url = site.put("/", HTML)
        async with Fetcher("127.0.0.1", FetchLimits(), clock=clock, sleep=clock.sleep) as fetcher:
            await fetcher.get(url)
            assert clock.slept == []
            clock.pass_by(passed)
            await fetcher.get(url)
        assert clock.slept == pytest.approx([slept])

    async def test_holds_for_redirects_too(self, site: Website) -> None:
        clock = Clock()
        site.put("/there", HTML)
        await fetch(site.put("/", Reply(status=302, headers={"Location": "/there"})), clock=clock)
        assert clock.slept == [0.5]


class TestTryingAgain:
    async def test_a_broken_server_that_recovers_is_no_error(self, site: Website) -> None:
        clock = Clock()
        url = site.put("/", Reply(status=500), Reply(status=503), Reply(status=408), HTML)
        response = await fetch(url, FetchLimits(pace=0), clock=clock)
        assert response.body == HTML.body
        jitter = [seconds - least for seconds, least in zip(filter(None, clock.slept), (1, 2, 4), strict=True)]
        assert all(0 <= more <= 1 for more in jitter)
        assert len(set(jitter)) > 1, "two waits differ"

    async def test_ends_after_the_last_try_with_what_the_server_said(self, site: Website) -> None:
        told = await refusal(site.put("/down", Reply(status=502)), SourceUnreachable, FetchLimits(tries=3))
        assert f"{site.base}/down: it answers 502 Bad Gateway (tries: 3)" in told
        assert len(site.log) == 3
        assert "(tries: 4)" in await refusal("http://127.0.0.1:1/", SourceUnreachable), "nobody is there"

    @pytest.mark.parametrize(
        ("asked", "least"),
        [
            *(("7", 7), ("3600", 30), ("soon", 1), ("", 1)),
            (format_datetime(START + timedelta(seconds=20), usegmt=True), 19),
            (format_datetime(START - timedelta(days=1), usegmt=True), 1),
        ],
    )
    async def test_waits_as_the_server_asks_within_patience(self, site: Website, asked: str, least: float) -> None:
        clock = Clock()
        busy = Reply(status=429, headers={"Retry-After": asked})
        await fetch(site.put("/", busy, HTML), FetchLimits(patience=30, pace=0), clock=clock)
        assert least <= max(clock.slept) <= least + 1

    @pytest.mark.parametrize("chunked", [False, True])
    async def test_a_body_cut_in_the_middle_is_fetched_again_and_never_taken_for_whole(
        self,
        site: Website,
        chunked: bool,  # noqa: FBT001 - a parameter of the table
    ) -> None:
        whole = Reply(body=b"x" * 5000, chunked=chunked)
        cut = replace(whole, cut=700)
        assert (await fetch(site.put("/", cut, whole))).body == whole.body
        told = await refusal(site.put("/cut", cut), SourceUnreachable, FetchLimits(tries=2))
        assert "(tries: 2)" in told
        assert site.paths.count("/cut") == 2

    @pytest.mark.parametrize(
        ("slow", "limits", "fault"),
        [
            (Reply(body=b"late", drip=0.5), FetchLimits(timeout=0.05, tries=1), "ReadTimeout"),
            (
                Reply(body=b"x" * 6400, drip=0.02),
                FetchLimits(timeout=5, deadline=0.2, tries=1),
                "no complete response within",
            ),
        ],
        ids=["silence", "trickle"],
    )
    async def test_silence_and_a_trickle_are_not_waited_out(
        self, site: Website, slow: Reply, limits: FetchLimits, fault: str
    ) -> None:
        told = await refusal(site.put("/", slow), SourceUnreachable, limits)
        assert fault in told


class TestConditionalRequests:
    async def test_ask_with_both_validators_and_take_304_for_an_answer(self, site: Website) -> None:
        def unchanged(asked: Asked) -> Reply:
            fresh = asked.headers.get("if-none-match") == '"v1"' and "if-modified-since" in asked.headers
            return Reply(status=304) if fresh else HTML

        validators = Validators(etag='"v1"', last_modified="Mon, 02 Mar 2026 00:00:00 GMT")
        response = await fetch(site.put("/", unchanged), validators=validators)
        assert (response.status, response.body) == (304, b"")
        assert site.log[0].headers["if-modified-since"] == validators.last_modified

    async def test_leave_out_what_the_earlier_answer_did_not_have(self, site: Website) -> None:
        await fetch(site.put("/", HTML), validators=Validators(etag='W/"7"'))
        await fetch(site.put("/", HTML))
        assert "if-modified-since" not in site.log[0].headers
        assert "if-none-match" not in site.log[1].headers

    async def test_are_the_only_ones_that_304_answers(self, site: Website) -> None:
        assert "304" in await refusal(site.put("/", Reply(status=304)), SourceMalformed)


class TestRedirects:
    async def test_within_the_host_are_followed(self, site: Website) -> None:
        site.put("/b/c.html?x=1", HTML)
        start = site.put("/a/", Reply(status=301, headers={"Location": "../b/c.html?x=1#top"}))
        response = await fetch(start)
        assert response.url == f"{site.base}/b/c.html?x=1"
        assert response.requested_url == start
        assert response.body == HTML.body

    @pytest.mark.parametrize(
        ("location", "named"),
        [
            ("http://login.example.org/sso?back=1", "http://login.example.org"),
            ("http://localhost:{port}/there", "http://localhost:{port}"),  # another name of the same machine
            ("http://127.0.0.1:1/", "http://127.0.0.1:1"),
        ],
    )
    async def test_to_another_host_name_or_port_are_refused(self, site: Website, location: str, named: str) -> None:
        start = site.put("/", Reply(status=302, headers={"Location": location.format(port=site.port)}))
        told = await refusal(start, SourceRefused)
        assert f"it redirects from {site.base} to {named.format(port=site.port)}" in told
        assert site.paths == ["/"]

    @pytest.mark.parametrize("location", ["ftp://127.0.0.1/x", "//user:pw@127.0.0.1:{port}/", ""])
    async def test_to_what_is_no_plain_address_are_refused(self, site: Website, location: str) -> None:
        start = site.put("/", Reply(status=302, headers={"Location": location.format(port=site.port)}))
        assert "not a plain http(s) address" in await refusal(start, SourceRefused)
        assert len(site.log) == 1

    def test_to_the_same_host_in_the_open_or_under_tls_are_followed_and_never_out_of_tls(self) -> None:
        followed = {"http://h/a": "https://h/b", "https://h/a": "https://h:443/b", "http://h:80/a": "http://H/b"}
        assert {here: next_address(httpx.URL(here), there) for here, there in followed.items()} == followed
        refused = {"https://h/a": "http://h/b", "http://h:8080/a": "https://h/b", "http://h/a": "https://h:8443/b"}
        for here, there in refused.items():
            with pytest.raises(SourceRefused, match="it redirects from"):
                next_address(httpx.URL(here), there)

    async def test_to_what_is_no_address_at_all_are_malformed_or_unreachable(self, site: Website) -> None:
        start = site.put("/", Reply(status=302, headers={"Location": "javascript:alert(1)"}))
        assert start in await refusal(start, SourceMalformed)
        start = site.put("/", Reply(status=302, headers={"Location": "http://[::1"}))
        assert "location" in await refusal(start, SourceUnreachable)

    async def test_in_a_circle_come_to_an_end(self, site: Website) -> None:
        told = await refusal(site.put("/", Reply(status=302, headers={"Location": "/"})), SourceRefused)
        assert "more than 5 redirects" in told
        assert len(site.log) == 6

    async def test_are_not_needed_to_be_refused_another_host(self, site: Website) -> None:
        told = await refusal("http://www.example.org/", SourceRefused)
        assert "www.example.org" in told
        assert "127.0.0.1" in told
        assert site.log == []
