"""A real browser that looks at pages: Debian's chromium, driven by playwright, with axe-core and an ear for faults.

A test asks for the fixture `chromium`, a playwright `Browser`, and opens an address with `visit`. Playwright's own
event loop lives as long as the tests of a module, so that modules whose tests have a loop run before and after it.
"""

from __future__ import annotations

import socket
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright
from support import requires

from infra.serve import site

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from playwright.sync_api import Browser, ConsoleMessage, Page, Request

FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"),
    *("--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--remote-debugging-port=0"),
)
WIDE, NARROW = 1280, 390
HEIGHT = 900


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A page that is open: what it asked for elsewhere (`strays`), and what the browser complained of."""

    page: Page
    strays: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


@contextmanager
def running_chromium() -> Iterator[str]:
    """A chromium of this machine that waits for a driver; the address to drive it at."""
    program = requires.program("chromium", "(Debian's package chromium)")
    with TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [program, *FLAGS, f"--user-data-dir={profile}", "about:blank"]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
            try:
                yield _address(process)
            finally:
                process.terminate()


def _address(process: subprocess.Popen[str]) -> str:
    if process.stderr is None:
        raise AssertionError
    said = []
    for line in process.stderr:
        said.append(line)
        if "DevTools listening on " in line:
            Thread(target=process.stderr.read, daemon=True).start()  # else it waits for a reader of what it says
            return line.rpartition(" ")[2].strip()
    raise AssertionError("chromium did not start: " + "".join(said))


@contextmanager
def driven(address: str) -> Iterator[Browser]:
    """That chromium as playwright's browser; what a test opens is closed with it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.connect_over_cdp(address)
        yield browser
        browser.close()


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The files of a folder as `make serve` shows them; its address without a slash at the end."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(site(folder), log_level="warning"))
        thread = Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join()


@contextmanager
def shown(pages: Mapping[str, bytes]) -> Iterator[str]:
    """These files, served from a folder that lasts as long."""
    with TemporaryDirectory() as name:
        for path, data in pages.items():
            file = Path(name, path)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
        with served(Path(name)) as base:
            yield base


@contextmanager
def visit(
    browser: Browser, address: str, *, dark: bool = False, width: int = WIDE, scripts: bool = True
) -> Iterator[Visit]:
    """A page in a window of its own, with nothing remembered; loaded until its scripts and fetches rest."""
    scheme: Literal["dark", "light"] = "dark" if dark else "light"
    size: Any = {"width": width, "height": HEIGHT}
    context = browser.new_context(color_scheme=scheme, viewport=size, java_script_enabled=scripts)
    found = Visit(page=context.new_page())
    found.page.on("request", partial(_asked, found, urlsplit(address).netloc))
    found.page.on("console", partial(_said, found))
    found.page.on("pageerror", lambda error: found.complaints.append(str(error)))
    try:
        found.page.goto(address, wait_until="networkidle")
        yield found
    finally:
        context.close()


def violations(page: Page) -> list[str]:
    """What axe-core finds wrong with a page as it stands: the rule, and the first element that breaks it."""
    found = Axe().run(page).response["violations"]
    return [f"{one['id']} x{len(one['nodes'])}: {one['nodes'][0]['html'][:200]} {_why(one)}" for one in found]


def overflow(page: Page) -> int:
    """By how many pixels a page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def _why(violation: Mapping[str, Any]) -> str:
    return str(violation["nodes"][0].get("failureSummary", ""))[:300].replace("\n", " ")


def _asked(found: Visit, origin: str, request: Request) -> None:
    if not request.url.startswith(("data:", "blob:")) and urlsplit(request.url).netloc != origin:
        found.strays.append(request.url)


def _said(found: Visit, message: ConsoleMessage) -> None:
    if message.type in {"error", "warning"}:
        found.complaints.append(f"{message.text} {message.location.get('url', '')}")
