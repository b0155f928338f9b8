"""The dead-man's switch: which address is asked, and that nothing that it does can hurt a run or tell its secret."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.website import Asked, Reply, serve

from infra import deadman_switch as module
from infra.deadman_switch import ping_address, ping_deadman_switch
from infra.logs import LOGGER

SECRET = "6b1d-secret"


@contextmanager
def listening(status: int = 200, wait: threading.Event | None = None) -> Iterator[tuple[str, list[str]]]:
    """A service on loopback that answers so; its address, and the paths that it was asked for."""

    asked: list[str] = []

    def answer(request: Asked) -> Reply:
        asked.append(request.path)
        if wait:
            wait.wait(30)
        return Reply(status=status)

    with serve() as site:
        url = site.put(f"/{SECRET}", answer)
        site.put(f"/{SECRET}/fail", answer)
        try:
            yield url, asked
        finally:
            if wait:
                wait.set()


@pytest.fixture
def heard(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> pytest.LogCaptureFixture:
    monkeypatch.setattr(LOGGER, "propagate", True)
    caplog.set_level(logging.DEBUG)
    return caplog


def test_a_failure_asks_the_same_address_with_fail_behind_it(heard: pytest.LogCaptureFixture) -> None:
    with listening() as (url, asked):
        assert ping_deadman_switch(url, "torch", good=True) == ""
        assert ping_deadman_switch(url, "torch", good=False) == ""
    assert asked == [f"/{SECRET}", f"/{SECRET}/fail"]
    assert heard.records == []
    assert ping_deadman_switch("", "torch", good=True) == ""  # nobody to ask


@pytest.mark.parametrize(
    ("url", "good", "asked"),
    [
        ("https://hc-ping.com/uuid", True, "https://hc-ping.com/uuid"),
        ("https://hc-ping.com/uuid/", False, "https://hc-ping.com/uuid/fail"),
        ("https://hc-ping.com", False, "https://hc-ping.com/fail"),
        ("https://hc-ping.com/key/gongbao-{source}", False, "https://hc-ping.com/key/gongbao-torch/fail"),
        ("https://a.example/x?status=up&id={source}", False, "https://a.example/x/fail?status=up&id=torch"),
    ],
)
def test_the_path_is_what_fail_stands_behind(url: str, asked: str, *, good: bool) -> None:
    assert ping_address(url, "torch", good=good) == asked


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=20))
def test_the_name_of_a_source_cannot_leave_its_place(source: str) -> None:
    made = ping_address("https://h.example.org/a/{source}", source, good=True)
    parts = urlsplit(made)
    assert (parts.scheme, parts.netloc, parts.query, parts.fragment) == ("https", "h.example.org", "", "")
    assert parts.path.count("/") == 2
    assert unquote(parts.path.rpartition("/")[2]) == source


@pytest.mark.parametrize("status", [400, 404, 500, 503])
def test_an_answer_that_is_none_is_told_without_the_address(status: int, heard: pytest.LogCaptureFixture) -> None:
    with listening(status) as (url, _):
        assert ping_deadman_switch(url, "torch", good=True) == f"HTTP {status}"
    assert str(status) in heard.text
    assert SECRET not in heard.text


def test_nobody_there_is_told_without_the_address(heard: pytest.LogCaptureFixture) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        fault = ping_deadman_switch(f"http://127.0.0.1:{taken.getsockname()[1]}/{SECRET}", "torch", good=False)
    assert fault == "ConnectError"
    assert SECRET not in heard.text


@pytest.mark.parametrize("answer", [b"", b"SMTP ready\r\n", b"HTTP/1.1 200 OK\r\nX: " + b"x" * 70_000])
def test_what_speaks_no_http_fails_nothing(answer: bytes, heard: pytest.LogCaptureFixture) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def speak() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(1000)
                connection.sendall(answer)

        speaker = threading.Thread(target=speak)
        speaker.start()
        assert ping_deadman_switch(f"http://127.0.0.1:{server.getsockname()[1]}/{SECRET}", "torch", good=True)
        speaker.join()
    assert SECRET not in heard.text


def test_a_service_that_never_answers_holds_nobody_up(
    heard: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "TIMEOUT_SECONDS", 0.2)
    with listening(wait=threading.Event()) as (url, asked):
        assert ping_deadman_switch(url, "torch", good=True)  # had it waited, the answer would have been good
    assert asked == [f"/{SECRET}"]
    assert SECRET not in heard.text
