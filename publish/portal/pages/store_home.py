"""Pages of the whole store: made after the pointer has moved, of what `index.json` lists and `headlines.json` says.

They belong to no release, for they name all of them: the front page of the store, the list of a dataset's releases,
the list of lists of pages. All follow from their arguments, so that whoever writes them writes the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from publish.bucket.catalog import ReleaseIndexEntry
from publish.bucket.layout import KEYS, key_public, signature_file
from publish.bucket.manifest import LICENCE_URL, from_json
from publish.portal.html.assets import FOLDER, own_assets
from publish.portal.html.layout import PageLayout
from publish.portal.html.page import Page
from publish.portal.html.render import ENDINGS, render_in
from publish.portal.html.sitemap import SITEMAP, sitemap, sitemap_index
from publish.portal.html.translations import translate, translations
from publish.portal.html.urls import INDEX, RELEASES
from publish.portal.model.sparkline import sparkline
from publish.portal.pages.downloads import readable_offers
from publish.portal.pages.headlines import HEADLINES, MOST, readable_headlines
from publish.portal.pages.news import readable_news

FRONT_SITEMAP = "sitemap-front.xml"
_COMMANDS: Mapping[str, str] = MappingProxyType(
    {
        "files": 'curl -fsSO "{files}SHA256SUMS"\n'
        'cut -c67- SHA256SUMS | while read -r name; do curl -fsSO "{files}$name"; done\n'
        "sha256sum --strict --quiet -c SHA256SUMS",
        "minisign": 'curl -fsSO "{files}SHA256SUMS.minisig"\n'
        'curl -fsSO "{keys}{key}"\n'
        "minisign -V -m SHA256SUMS -p {key}",
        "ssh": 'curl -fsSO "{files}SHA256SUMS.sshsig"\n'
        'curl -fsSO "{keys}{key}"\n'
        "ssh-keygen -Y verify -f {key} -I gongbao -n gongbao -s SHA256SUMS.sshsig < SHA256SUMS",
    }
)
"""What checks a release, as `docs/verify.md` explains it."""


def store_pages(
    index: Mapping[str, Sequence[ReleaseIndexEntry]], told: Mapping[str, bytes], site: str = "", only: str = ""
) -> dict[str, bytes]:
    """The pages by their keys; `told` is the `headlines.json` of each dataset that has one, `site` the public address.

    Without a public address there is no list of pages, which may hold nothing else. `only` is the dataset whose list of
    releases is asked for; all are, without it.
    """
    datasets = {name: _dataset(name, releases, told.get(name)) for name, releases in index.items() if releases}
    pages = _front(datasets, site)
    for name, dataset in datasets.items():
        if only in {"", name}:
            pages |= _releases(name, dataset, index[name], site)
    pages |= {FOLDER + name: data for name, data in own_assets().items()}
    return dict(sorted((pages | _sitemaps(index, datasets, site)).items()))


def _dataset(name: str, releases: Sequence[ReleaseIndexEntry], data: bytes | None) -> Mapping[str, Any]:
    """What a front page says of a dataset; one whose release has no pages is called by its id."""
    said = from_json(data, f"{name}/{HEADLINES}") if data else {}
    latest = releases[0]
    called = {"zh": name, "en": name}
    return {
        "id": name,
        "title": said.get("title", called),
        "area": said.get("area", called),
        "version": latest.version,
        "released_at": latest.released_at,
        "signed": bool(latest.signatures),
        "documents": said.get("documents"),
        "observations": said.get("observations"),
        "has_pages": bool(said),
        "headlines": readable_headlines(said)[:MOST],
        "news": readable_news(said),
        "offers": readable_offers(said),
    }


def _front(datasets: Mapping[str, Mapping[str, Any]], site: str) -> dict[str, bytes]:
    frame = PageLayout(dataset="", name={}, version="", released_on="", signed=False, site=site, home="")
    leaf = Page(
        name=INDEX,
        template="site.html",
        title=translate("site_title"),
        description=translate("site_description"),
        data={tongue: _catalogue(frame, datasets, tongue) for tongue in ENDINGS},
        values={"datasets": list(datasets.values()), "sparkline": sparkline},
    )
    return render_in(frame, leaf)


def _catalogue(frame: PageLayout, datasets: Mapping[str, Mapping[str, Any]], tongue: str) -> Mapping[str, Any]:
    """The store in the words of schema.org."""
    return {
        "@context": "https://schema.org/",
        "@type": "DataCatalog",
        "name": translations(tongue)("site_title"),
        "description": translations(tongue)("site_description"),
        "license": LICENCE_URL,
        "dataset": [
            {
                "@type": "Dataset",
                "name": dataset["title"][tongue],
                "version": dataset["version"],
                "license": LICENCE_URL,
                "url": frame.absolute(f"{name}/") or f"{name}/",
            }
            for name, dataset in datasets.items()
        ],
    }


def _releases(
    name: str, dataset: Mapping[str, Any], releases: Sequence[ReleaseIndexEntry], site: str
) -> dict[str, bytes]:
    frame = PageLayout(
        dataset=name,
        name=dataset["area"],
        version=dataset["version"],
        released_on=dataset["released_at"][:10],
        signed=dataset["signed"],
        site=site,
        shared=f"../{FOLDER}",
    )
    leaf = Page(
        name=RELEASES,
        template="releases.html",
        title=translate("rel_title"),
        description=translate("rel_description", title=dataset["title"], count=len(releases)),
        values={
            "releases": [_release(one) for one in releases],
            "latest": releases[0],
            "checks": list(_checks(frame, releases[0])),
            "has_pages": dataset["has_pages"],
        },
    )
    return {f"{name}/{file}": data for file, data in render_in(frame, leaf).items()}


def _release(listed: ReleaseIndexEntry) -> Mapping[str, Any]:
    return {
        "listed": listed,
        "folder": f"v/{listed.version}/",
        "signatures": [
            {"name": name, "key": f"../{key_public(name)}", "file": signature_file(name)} for name in listed.signatures
        ],
    }


def _checks(frame: PageLayout, latest: ReleaseIndexEntry) -> Iterator[Mapping[str, Any]]:
    """Commands that check the latest release, in parts: those that are addresses are completed by the page."""
    folder = f"v/{latest.version}/"
    places = {
        "{files}": frame.absolute(folder) or folder,
        "{keys}": f"{frame.site.rstrip('/')}/{KEYS}" if frame.site else f"../{KEYS}",
    }
    for name in ("files", *latest.signatures):
        kind = name.partition(":")[0]
        key = "" if kind == "files" else key_public(name).removeprefix(KEYS)
        parts = re.split(r"(\{files\}|\{keys\})", _COMMANDS[kind].replace("{key}", key))
        yield {"name": kind, "parts": [(places.get(part, part), part in places) for part in parts]}


def _sitemaps(
    index: Mapping[str, Sequence[ReleaseIndexEntry]], datasets: Mapping[str, Mapping[str, Any]], site: str
) -> dict[str, bytes]:
    """The pages of the store itself, and the lists of the datasets' pages, each in a file of its own."""
    if not site or not datasets:
        return {}
    base = f"{site.rstrip('/')}/"
    day = max(releases[0].released_at for releases in index.values() if releases)[:10]
    own = [f"{base}{folder}{page}{ending}" for folder, page in _pages(datasets) for ending in ENDINGS.values()]
    lists = [f"{base}{name}/{SITEMAP}" for name, dataset in datasets.items() if dataset["has_pages"]]
    return {
        FRONT_SITEMAP: sitemap(own, day),
        SITEMAP: sitemap_index([f"{base}{FRONT_SITEMAP}", *lists], day),
    }


def _pages(datasets: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    yield "", INDEX
    yield from ((f"{name}/", RELEASES) for name in datasets)
