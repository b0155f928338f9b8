"""What a source at an address would be: one page fetched and read, or the listings of a site, and nothing stored."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Literal
from urllib.parse import urljoin, urlsplit

from infra.settings import Settings
from raw.archive.warc import sha256
from raw.archive.warc_archive import Snapshot
from raw.attachments.decode import with_text
from raw.discovery.article_ref import ArticleRef, page_refs
from raw.discovery.discover import discover
from raw.discovery.gkmlpt_index import read_index
from raw.http.client import Fetcher, FetchLimits, user_agent
from raw.page.links import Link, read_links
from raw.reading import read_capture
from schemas.codelists import DocumentKind, NumberStatus, SourceState
from schemas.errors import ContentError, SourceEmpty, SourceError, SourceMalformed, UsageError
from schemas.finding import Finding
from schemas.reading import CapturedDocument, Reading
from schemas.registry.source_rules import check_address
from schemas.registry.sources import Source

REPORTS = "工作报告|工作总结|统计公报|预算|决算|计划"
UNKNOWN = "(none)"
_PLATFORM_PATH = "/gkmlpt/"
_DATED_LINKS = 5
_MEGABYTE = 10**6
_REPORT_NAME = re.compile(
    "政府工作报告|国民经济和社会发展统计公报|统计公报|国民经济和社会发展计划|工作总结|预算执行情况|预算|决算"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """What a source would be: facts by their names, its findings, and the entry for a registry file."""

    facts: Mapping[str, str]
    findings: tuple[Finding, ...]
    entry: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Listings:
    """The listings of a site: the names of its columns, and the articles whose titles match."""

    platform: Literal["gkmlpt", "list"]
    columns: tuple[str, ...]
    articles: tuple[ArticleRef, ...]
    entry: str


async def probe(url: str, settings: Settings) -> Probe:
    """Fetch an address once and return what a source there would be.

    Raises:
        UsageError: If it is no http(s) address.
        SourceError: If it cannot be fetched.
        ContentError: If it holds no article and is no listing.
    """
    _check(url)
    async with _fetcher(url, settings) as fetcher:
        snapshot = await _get(fetcher, url)
    if columns := _columns(snapshot):
        base = snapshot.url.partition(_PLATFORM_PATH)[0]
        facts = {"platform": "gkmlpt, its index page", "columns": ", ".join(columns)}
        remedy = f"gongbao source discover {base}"
        return Probe(facts={**facts, "next": remedy}, findings=(), entry=_entry(platform="gkmlpt", base=base))
    (reference,) = page_refs([url])
    captured = _captured(reference.document, snapshot)
    source = _source(platform="page", urls=(url,))
    try:
        reading = read_capture(captured, source)
    except ContentError:
        if listing := _listing(snapshot):
            return listing
        raise
    if not reading.observations and not reading.attachments and (listing := _listing(snapshot)):
        return listing
    publisher = reading.document.labels.publisher
    if publisher:
        reading = read_capture(captured, replace(source, publisher=publisher))
    base, _, article = url.partition(_PLATFORM_PATH)
    place: dict[str, Any] = {"platform": "gkmlpt", "base": base} if article else {"platform": "page", "urls": [url]}
    kind = reading.document.kind
    entry = _entry(**place, title=_title_pattern(reading.document.title), publisher=publisher, kind=kind)
    return Probe(facts=_facts(place["platform"], reading), findings=reading.findings, entry=entry)


async def listings(base: str, title: str, settings: Settings) -> Listings:
    """Return the columns of a site, and the articles whose titles match.

    Args:
        base: The base of a gkmlpt site, or the address of any page that lists articles.
        title: A regular expression.
        settings: The limits of the requests.

    Raises:
        UsageError: If the address or the expression is wrong.
        SourceError: If the site cannot be fetched, or lists nothing.
    """
    _check(base)
    try:
        wanted = re.compile(title)
    except re.error as error:
        raise UsageError(f"{title!r} is no regular expression: {error}", remedy="correct --title") from error
    root = base.partition(_PLATFORM_PATH)[0].rstrip("/")
    async with _fetcher(base, settings) as fetcher:
        try:
            index = await _get(fetcher, f"{root}/gkmlpt/index")
            site = read_index(index.body, content_type=index.content_type, url=index.url)
        except SourceError:
            return _linked(await _get(fetcher, base), wanted)
        source = _source(platform="gkmlpt", base=root, title=title)
        try:
            articles = (await discover(source, lambda url: _get(fetcher, url))).references
        except SourceEmpty:
            articles = ()
    columns = tuple(column.name for column in site.columns)
    return Listings(
        platform="gkmlpt", columns=columns, articles=articles, entry=_entry(platform="gkmlpt", base=root, title=title)
    )


def _linked(snapshot: Snapshot, title: re.Pattern[str]) -> Listings:
    """Return the links of a page that is a listing of its own."""
    links = _links(snapshot)
    matching = [link for link in links if title.search(link.text)]
    if not matching:
        what = f"it is no gkmlpt site, and none of its {len(links)} links has a title that matches {title.pattern!r}"
        remedy = "give the page that lists the articles, or another --title; a list written by a script cannot be read"
        raise SourceEmpty(what, where=snapshot.url, remedy=remedy)
    articles = tuple(ArticleRef(document="", url=it.url, title=it.text, published_on=it.day) for it in matching)
    entry = _list_entry(snapshot.url, matching, title=title.pattern)
    return Listings(platform="list", columns=(), articles=articles, entry=entry)


def _listing(snapshot: Snapshot) -> Probe | None:
    """Return a probe of a page that lists dated articles, None if it does not."""
    dated = [link for link in _links(snapshot) if link.day]
    if len(dated) < _DATED_LINKS:
        return None
    facts = {
        "platform": "list, one of its index pages",
        "articles": f"{len(dated)} links with a date, the first: {dated[0].text}",
        "next": f"gongbao source discover {snapshot.url}",
    }
    return Probe(facts=facts, findings=(), entry=_list_entry(snapshot.url, dated, title=REPORTS))


def _list_entry(url: str, links: list[Link], *, title: str) -> str:
    shapes = Counter(re.sub(r"[0-9]+", "0", urlsplit(link.url).path.rpartition("/")[2]) for link in links)
    ((shape, _),) = shapes.most_common(1)
    link = re.escape(f"/{shape}").replace("0", "[0-9]+") + "$"
    return _entry(platform="list", indexes=[url], link=link, title=title)


def _links(snapshot: Snapshot) -> tuple[Link, ...]:
    host = urlsplit(snapshot.url).hostname
    try:
        links = read_links(snapshot.body, content_type=snapshot.content_type, url=snapshot.url)
    except ContentError as error:
        remedy = "open the address in a browser"
        raise SourceMalformed(f"the page cannot be read: {error.what}", where=snapshot.url, remedy=remedy) from error
    return tuple(link for link in links if urlsplit(link.url).hostname == host)


def _columns(snapshot: Snapshot) -> tuple[str, ...]:
    """Return the columns that an index page of gkmlpt names, none for any other page."""
    try:
        site = read_index(snapshot.body, content_type=snapshot.content_type, url=snapshot.url)
    except SourceMalformed:
        return ()
    return tuple(column.name for column in site.columns)


def _facts(platform: str, reading: Reading) -> dict[str, str]:
    document = reading.document
    fates = Counter(number.fate for number in reading.numbers)
    publisher = document.labels.publisher
    return {
        "platform": platform,
        "title": document.title or UNKNOWN,
        "publisher": f"{publisher} (发布机构)" if publisher else UNKNOWN,
        "published": str(document.published_on or UNKNOWN),
        "kind": f"{document.kind.value} ({document.kind_evidence})" if document.kind_evidence else document.kind.value,
        "year": str(reading.reference_year or UNKNOWN),
        "attachments": ", ".join(reading.attachments) or UNKNOWN,
        "numbers": ", ".join(f"{fates[fate]} {fate.value}" for fate in NumberStatus),
    }


def _entry(**keys: Any) -> str:  # noqa: ANN401 - values of TOML
    """Return the entry of a registry file; what only an operator knows has a comment."""
    publisher, kind = keys.pop("publisher", ""), keys.pop("kind", DocumentKind.OTHER)
    (address, *_) = [keys["base"]] if "base" in keys else keys.get("urls") or keys["indexes"]
    host = urlsplit(address).hostname or "own"
    name = re.sub(r"[^a-z0-9]+", "-", host.removeprefix("www.").partition(".")[0].lower()).strip("-")
    slug = name if name[:1].isalpha() and len(name) > 1 else f"own-{name}".strip("-")
    lines = [f'id = "{slug}" # the name of the dataset']
    keys.setdefault("title", REPORTS)
    lines += [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in keys.items()]
    lines += [f"publisher = {json.dumps(publisher or '?', ensure_ascii=False)}"]
    lines[-1] += "" if publisher else " # the name of the publisher as the page prints it"
    lines += [
        'ref_area = "CN-000000" # the division code of the area (GB/T 2260)',
        f"area_zh = {json.dumps(publisher or '?', ensure_ascii=False)} # the name of the area",
        'area_en = "?" # the same in English',
    ]
    lines += (
        [] if kind is not DocumentKind.OTHER else ['# kind = "communique" # where no title says what the pages are']
    )
    return "\n".join(["[[source]]", *lines])


def _title_pattern(title: str) -> str:
    match = _REPORT_NAME.search(title)
    return match[0] if match else re.escape(title) or REPORTS


def _source(**keys: Any) -> Source:  # noqa: ANN401 - fields of a source
    others = {"title": REPORTS, "publisher": "?", "ref_area": "CN-000000", "area_zh": "?", "area_en": "?"}
    return Source(id="probe", **{**others, **keys})


def _captured(document: str, snapshot: Snapshot) -> CapturedDocument:
    return with_text(
        CapturedDocument(
            document_id=document,
            capture=snapshot.capture,
            content_type=snapshot.content_type,
            body=snapshot.body,
            state=SourceState.OK,
        )
    )


def _check(url: str) -> None:
    if fault := check_address(url):
        raise UsageError(fault, where=url, remedy="give an address such as http://www.example.gov.cn/zwgk/")


def _fetcher(url: str, settings: Settings) -> Fetcher:
    limits = FetchLimits(
        pace=settings.pace_seconds,
        timeout=settings.timeout_seconds,
        tries=settings.tries,
        max_wire=settings.max_wire_mb * _MEGABYTE,
        max_page=settings.max_page_mb * _MEGABYTE,
        user_agent=user_agent(settings.contact),
    )
    return Fetcher(urlsplit(url).hostname or "", limits, clock=lambda: datetime.now(UTC))


async def _get(fetcher: Fetcher, url: str) -> Snapshot:
    response = await fetcher.get(urljoin(url, ""))
    return Snapshot(
        key="",
        url=response.url,
        sha256=sha256(response.body),
        captured_at=response.fetched_at,
        content_type=response.header("content-type"),
        body=response.body,
    )
