"""The pages of the whole store, made after the pointer has moved, from `index.json` and each `headlines.json`.

They list all releases and belong to none: the front page of the store, the list of the releases of a dataset, and the
sitemap index. They depend on their arguments alone, so that every run writes the same.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from publish.bucket.catalog import ReleaseIndexEntry
from publish.bucket.layout import KEYS, key_public, signature_file
from publish.bucket.manifest import LICENCE_URL, from_json
from publish.portal.html.assets import FOLDER, own_assets
from publish.portal.html.page import Page, PageLayout
from publish.portal.html.render import ENDINGS, render_in
from publish.portal.html.sitemap import SITEMAP, sitemap, sitemap_index
from publish.portal.html.translations import translate, translations
from publish.portal.html.urls import INDEX, RELEASES
from publish.portal.model.sparkline import sparkline
from publish.portal.pages.downloads import readable_offers
from publish.portal.pages.headlines import HEADLINES, MOST, readable_headlines
from publish.portal.pages.news import readable_news
from schemas.translations import LANGUAGES

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
"""The commands that check a release, as `docs/verify.md` explains them."""


def store_pages(
    index: Mapping[str, Sequence[ReleaseIndexEntry]], headlines: Mapping[str, bytes], site: str = "", only: str = ""
) -> dict[str, bytes]:
    """Return the pages by their keys.

    Args:
        index: The releases of each dataset, the latest first.
        headlines: The `headlines.json` of each dataset that has one.
        site: The public address of the store; without one there are no sitemaps.
        only: The dataset whose list of releases is made, "" for all.
    """
    datasets = {name: _dataset(name, releases, headlines.get(name)) for name, releases in index.items() if releases}
    pages = _front(datasets, site)
    for name, dataset in datasets.items():
        if only in {"", name}:
            pages |= _releases(name, dataset, index[name], site)
    pages |= {FOLDER + name: data for name, data in own_assets().items()}
    return dict(sorted((pages | _sitemaps(index, datasets, site)).items()))


def _dataset(name: str, releases: Sequence[ReleaseIndexEntry], data: bytes | None) -> Mapping[str, Any]:
    record = from_json(data, f"{name}/{HEADLINES}") if data else {}
    latest = releases[0]
    name_by_language = dict.fromkeys(LANGUAGES, name)
    return {
        "id": name,
        "title": record.get("title", name_by_language),
        "area": record.get("area", name_by_language),
        "version": latest.version,
        "released_at": latest.released_at,
        "signed": bool(latest.signatures),
        "documents": record.get("documents"),
        "observations": record.get("observations"),
        "has_pages": bool(record),
        "headlines": readable_headlines(record)[:MOST],
        "news": readable_news(record),
        "offers": readable_offers(record),
    }


def _front(datasets: Mapping[str, Mapping[str, Any]], site: str) -> dict[str, bytes]:
    layout = PageLayout(dataset="", name={}, version="", released_on="", signed=False, site=site, home="")
    page = Page(
        name=INDEX,
        template="store_home.html",
        title=translate("site_title"),
        description=translate("site_description"),
        data={language: _catalogue(layout, datasets, language) for language in ENDINGS},
        values={"datasets": list(datasets.values()), "sparkline": sparkline},
    )
    return render_in(layout, page)


def _catalogue(layout: PageLayout, datasets: Mapping[str, Mapping[str, Any]], language: str) -> Mapping[str, Any]:
    t = translations(language)
    described = {"name": t("site_title"), "description": t("site_description"), "license": LICENCE_URL}
    listed = [
        {
            "@type": "Dataset",
            "name": dataset["title"][language],
            "version": dataset["version"],
            "license": LICENCE_URL,
            "url": layout.absolute(f"{name}/") or f"{name}/",
        }
        for name, dataset in datasets.items()
    ]
    return {"@context": "https://schema.org/", "@type": "DataCatalog", **described, "dataset": listed}


def _releases(
    name: str, dataset: Mapping[str, Any], releases: Sequence[ReleaseIndexEntry], site: str
) -> dict[str, bytes]:
    layout = PageLayout(
        dataset=name,
        name=dataset["area"],
        version=dataset["version"],
        released_on=dataset["released_at"][:10],
        signed=dataset["signed"],
        site=site,
        shared=f"../{FOLDER}",
    )
    page = Page(
        name=RELEASES,
        template="releases.html",
        title=translate("rel_title"),
        description=translate("rel_description", title=dataset["title"], count=len(releases)),
        values={
            "releases": [_release(entry) for entry in releases],
            "latest": releases[0],
            "checks": list(_checks(layout, releases[0])),
            "has_pages": dataset["has_pages"],
        },
    )
    return {f"{name}/{file}": data for file, data in render_in(layout, page).items()}


def _release(entry: ReleaseIndexEntry) -> Mapping[str, Any]:
    keys = entry.signatures
    signatures = [{"name": key, "key": f"../{key_public(key)}", "file": signature_file(key)} for key in keys]
    return {"entry": entry, "folder": f"v/{entry.version}/", "signatures": signatures}


def _checks(layout: PageLayout, latest: ReleaseIndexEntry) -> Iterator[Mapping[str, Any]]:
    """Yield the commands that check the latest release, in parts: scripts complete those that are addresses."""
    folder = f"v/{latest.version}/"
    places = {
        "{files}": layout.absolute(folder) or folder,
        "{keys}": f"{layout.site.rstrip('/')}/{KEYS}" if layout.site else f"../{KEYS}",
    }
    for name in ("files", *latest.signatures):
        kind = name.partition(":")[0]
        key = "" if kind == "files" else key_public(name).removeprefix(KEYS)
        parts = re.split(r"(\{files\}|\{keys\})", _COMMANDS[kind].replace("{key}", key))
        yield {"name": kind, "parts": [(places.get(part, part), part in places) for part in parts]}


def _sitemaps(
    index: Mapping[str, Sequence[ReleaseIndexEntry]], datasets: Mapping[str, Mapping[str, Any]], site: str
) -> dict[str, bytes]:
    if not site or not datasets:
        return {}
    base = f"{site.rstrip('/')}/"
    pages = [("", INDEX), *((f"{name}/", RELEASES) for name in datasets)]
    day = max(releases[0].released_at for releases in index.values() if releases)[:10]
    own = [f"{base}{folder}{page}{ending}" for folder, page in pages for ending in ENDINGS.values()]
    of_datasets = [f"{base}{name}/{SITEMAP}" for name, dataset in datasets.items() if dataset["has_pages"]]
    return {FRONT_SITEMAP: sitemap(own, day), SITEMAP: sitemap_index([f"{base}{FRONT_SITEMAP}", *of_datasets], day)}
