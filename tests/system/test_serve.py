"""The look at a folder store: real files over real HTTP."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import httpx
import pytest
from support.requires import ROOT
from support.seaweed import free_ports

if TYPE_CHECKING:
    from collections.abc import Iterator

PARQUET = bytes(range(256)) * 40
FILE = "/torch/observations.parquet"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    tmp_path = tmp_path_factory.mktemp("served")
    store, port = tmp_path / "store", free_ports(1)[0]
    (store / "torch").mkdir(parents=True)
    (store / "torch" / "observations.parquet").write_bytes(PARQUET)
    (tmp_path / "secret.txt").write_text("not of the store", "utf-8")
    command = [sys.executable, "-m", "infra.serve", str(store), str(port)]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL) as server:
        wait_for(port)
        yield f"http://127.0.0.1:{port}"
        server.terminate()


def wait_for(port: int) -> None:
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail("the server did not open its port within ten seconds")


def test_a_file_can_be_read_in_parts(address: str) -> None:
    part = httpx.get(address + FILE, headers={"Range": "bytes=-8"})
    assert (part.status_code, part.content) == (206, PARQUET[-8:])
    assert part.headers["content-range"] == f"bytes {len(PARQUET) - 8}-{len(PARQUET) - 1}/{len(PARQUET)}"
    assert "content-encoding" not in part.headers


def test_a_page_of_another_host_may_read_and_sees_the_headers_that_range_reads_need(address: str) -> None:
    answer = httpx.get(address + FILE, headers={"Origin": "https://reader.example"})
    assert answer.headers["access-control-allow-origin"] == "*"
    exposed = {name.strip() for name in answer.headers["access-control-expose-headers"].lower().split(",")}
    assert exposed == {"etag", "content-length", "content-range", "accept-ranges"}


def test_nothing_but_the_files_of_the_store_is_served_and_nothing_can_be_written(address: str) -> None:
    for path in ("/torch/none.csv", "/../secret.txt", "/%2e%2e/secret.txt", "/torch/..%2f..%2fsecret.txt"):
        assert httpx.get(address + path).status_code == 404, path
    assert httpx.put(address + FILE, content=b"other").status_code == 405
    assert httpx.get(address + FILE).content == PARQUET
