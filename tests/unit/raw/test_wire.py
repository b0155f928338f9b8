from __future__ import annotations

import ssl
import subprocess
from ipaddress import ip_address
from pathlib import Path

import pytest
from support.requires import program
from support.responses import Clock
from support.website import Reply, Website, serve

from raw.http.client import Fetcher, FetchLimits
from raw.http.ssrf_guard import Address, Resolve, is_private_host, is_public
from schemas.errors import SourceRefused, SourceUnreachable

PAGE = Reply(body=b"page")


def resolver(*answers: tuple[str, ...]) -> tuple[Resolve, list[str]]:
    """A name server that gives one answer after another, the last for ever, and remembers what it was asked."""
    asked: list[str] = []

    async def resolve(host: str, _port: int) -> tuple[Address, ...]:
        asked.append(host)
        return tuple(ip_address(text) for text in answers[min(len(asked), len(answers)) - 1])

    return resolve, asked


async def fetch(host: str, url: str, resolve: Resolve) -> bytes:
    clock = Clock()
    async with Fetcher(host, FetchLimits(tries=2), clock=clock, sleep=clock.sleep, resolve=resolve) as fetcher:
        return (await fetcher.get(url)).body


def test_an_address_on_the_internet_is_public_and_one_that_leads_inside_is_not() -> None:
    public = ["8.8.8.8", "113.106.0.1", "2400:da00::1", "64:ff9b::808:808", "::ffff:8.8.8.8"]
    assert [text for text in public if not is_public(ip_address(text))] == []
    inside = """127.0.0.1 10.0.0.8 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1 0.0.0.0 224.0.0.1 255.255.255.255
    240.0.0.1 198.18.0.1 ::1 :: fe80::1 fc00::1 ff0e::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 64:ff9b::7f00:1
    2002:7f00:1:: 2001:db8::1 fe80::1%eth0"""
    assert [text for text in inside.split() if is_public(ip_address(text))] == []


def test_a_private_place_is_named_by_its_address_or_as_localhost_and_not_by_another_name() -> None:
    named = ["localhost", "127.0.0.1", "10.1.2.3", "::1"]
    assert [host for host in named if not is_private_host(host)] == []
    other = ["www.zs.gov.cn", "8.8.8.8", "localhost.example.org", "intranet", "2130706433"]
    assert [host for host in other if is_private_host(host)] == []


@pytest.mark.parametrize("answer", [("127.0.0.1",), ("8.8.8.8", "127.0.0.1"), ("::1",), ("169.254.169.254",)])
async def test_a_public_name_that_resolves_inside_is_refused_unasked(site: Website, answer: tuple[str, ...]) -> None:
    site.put("/", PAGE)
    resolve, asked = resolver(answer)
    with pytest.raises(SourceRefused, match="not a public address") as caught:
        await fetch("www.example.org", f"http://www.example.org:{site.port}/", resolve)
    assert "www.example.org" in str(caught.value)
    assert asked == ["www.example.org"]
    assert site.log == []


async def test_a_name_in_the_hosts_file_is_judged_by_its_address_too(site: Website) -> None:
    clock = Clock()
    site.put("/", PAGE)
    # The system itself turns this number into 127.0.0.1, as it does a name in its hosts file.
    async with Fetcher("2130706433", FetchLimits(tries=1), clock=clock, sleep=clock.sleep) as fetcher:
        with pytest.raises(SourceRefused, match=r"127\.0\.0\.1"):
            await fetcher.get(f"http://2130706433:{site.port}/")
    assert site.log == []


async def test_a_name_server_that_changes_its_mind_gains_nothing(site: Website) -> None:
    site.put("/", PAGE)
    resolve, asked = resolver(("127.0.0.1",), ("169.254.169.254",))
    assert await fetch("localhost", f"http://localhost:{site.port}/", resolve) == b"page"
    assert asked == ["localhost"]


async def test_the_connection_goes_to_the_checked_address_and_nowhere_else(site: Website) -> None:
    site.put("/", PAGE)
    resolve, _ = resolver(("127.0.0.2",))  # the system would say 127.0.0.1, where the site listens
    with pytest.raises(SourceUnreachable):
        await fetch("localhost", f"http://localhost:{site.port}/", resolve)
    assert site.log == []


async def test_a_source_that_names_a_private_place_itself_may_be_fetched_there(site: Website) -> None:
    site.put("/", PAGE)
    clock = Clock()
    for host in ("127.0.0.1", "localhost"):
        async with Fetcher(host, FetchLimits(), clock=clock, sleep=clock.sleep) as fetcher:
            assert (await fetcher.get(f"http://{host}:{site.port}/")).body == b"page"
    assert site.log[-1].headers["host"] == f"localhost:{site.port}"


async def test_the_next_address_is_tried_where_the_first_does_not_answer(site: Website) -> None:
    site.put("/", PAGE)
    resolve, _ = resolver(("127.0.0.2", "127.0.0.3", "127.0.0.1"))
    assert await fetch("localhost", f"http://localhost:{site.port}/", resolve) == b"page"


async def test_a_name_that_does_not_resolve_is_unreachable() -> None:
    clock, host = Clock(), "a" * 64 + ".example.org"
    async with Fetcher(host, FetchLimits(tries=2), clock=clock, sleep=clock.sleep) as fetcher:
        with pytest.raises(SourceUnreachable, match="does not resolve"):
            await fetcher.get(f"http://{host}/")


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    """A certificate for `localhost` that signs itself, and its key."""
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subject = ("-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost")
    made = (program("openssl"), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *subject)
    subprocess.run([*made, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    return certificate, key


async def test_a_certificate_is_checked_against_the_name_and_accepted_only_where_somebody_vouches_for_it(
    certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    resolve, _ = resolver(("127.0.0.1",))
    with serve(context) as website:
        website.put("/", PAGE)
        with pytest.raises(SourceUnreachable, match="certificate"):
            await fetch("localhost", f"https://localhost:{website.port}/", resolve)
        assert website.log == []
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
        assert await fetch("localhost", f"https://localhost:{website.port}/", resolve) == b"page"
        with pytest.raises(SourceUnreachable, match="certificate"):
            await fetch("127.0.0.1", f"https://127.0.0.1:{website.port}/", resolve)
