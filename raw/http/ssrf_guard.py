"""Protection against requests to internal addresses: each connection goes to an address that was checked.

A name is resolved here and the connection is opened to the address that passed, so that a name server that answers
differently the second time (DNS rebinding) gains nothing. Proxies of the environment are ignored on purpose: a proxy
resolves names itself, which would defeat the check; where one is needed, route below HTTP.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

import httpx

from schemas.errors import SourceRefused

Address = IPv4Address | IPv6Address
Resolve = Callable[[str, int], Awaitable[tuple[Address, ...]]]

NAT64 = IPv6Network("64:ff9b::/96")
LOCALHOST = "localhost"


async def resolve(host: str, port: int) -> tuple[Address, ...]:
    """Return the addresses of a host, in the order in which the system would try them.

    Raises:
        httpx.ConnectError: If the name does not resolve.
    """
    try:
        infos = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise httpx.ConnectError(f"the name {host} does not resolve ({error})") from error
    return tuple(dict.fromkeys(ip_address(info[4][0]) for info in infos))


def is_public(address: Address) -> bool:
    """Return whether an address is on the public internet; one that embeds an IPv4 address is checked by that."""
    plain = _embedded(address) or address
    return plain.is_global and not plain.is_multicast and not plain.is_reserved


def _embedded(address: Address) -> IPv4Address | None:
    if isinstance(address, IPv4Address):
        return None
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


def is_private_host(host: str) -> bool:
    """Return whether a host is written as `localhost` or as a private address, which is then intended."""
    try:
        return not is_public(ip_address(host))
    except ValueError:
        return host == LOCALHOST


class GuardedTransport(httpx.AsyncBaseTransport):
    """A transport that refuses private, loopback, link-local and reserved addresses.

    `host` is that of the registry entry: if the entry itself names a private address, that host alone is exempt.
    """

    def __init__(self, host: str, resolve: Resolve = resolve) -> None:
        """Create the transport without opening a connection."""
        self._exempt = host if is_private_host(host) else None
        self._resolve = resolve
        self._inner = httpx.AsyncHTTPTransport()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request to the first of the checked addresses that accepts the connection."""
        *others, last = await self._checked(request.url)
        for address in others:
            try:
                return await self._send(request, address)
            except (httpx.ConnectError, httpx.ConnectTimeout):
                continue
        return await self._send(request, last)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._inner.aclose()

    async def _checked(self, url: httpx.URL) -> tuple[Address, ...]:
        addresses = await self._resolve(url.host, url.port or (443 if url.scheme == "https" else 80))
        refused = [address for address in addresses if not is_public(address)]
        if refused and url.host != self._exempt:
            what = f"{url.host} resolves to {refused[0]}, which is not a public address"
            remedy = "only a source whose own address is private in the registry may be fetched from one"
            raise SourceRefused(what, where=str(url), remedy=remedy)
        return addresses

    async def _send(self, request: httpx.Request, address: Address) -> httpx.Response:
        # The Host header and the name in the TLS handshake stay those of the host; only the connection is pinned.
        pinned = httpx.Request(
            request.method,
            request.url.copy_with(host=str(address)),
            headers=request.headers,
            stream=request.stream,
            extensions={**request.extensions, "sni_hostname": request.url.host},
        )
        return await self._inner.handle_async_request(pinned)
