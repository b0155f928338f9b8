"""The pages of the whole store, and the list of a dataset's releases, whose commands are run."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from selectolax.lexbor import LexborHTMLParser
from support.browsing import shown
from support.portals import PUBLIC, attribute, one, plain_site, texts
from support.released import led_to
from support.requires import program

from infra.store import open_store
from publish.bucket.catalog import ReleaseIndexEntry, load_index
from publish.bucket.manifest import to_json
from publish.portal.html.render import ENDINGS
from publish.portal.pages.headlines import headlines_file
from publish.portal.pages.store_home import store_pages
from schemas.errors import StoreCorrupt

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

MINISIGN, SSH = "minisign:0123456789ABCDEF", f"ssh:SHA256:{'a' * 42}+"
NEWEST = ReleaseIndexEntry(
    version="2026.11.23.1",
    released_at="2026-11-23T01:02:03.456789Z",
    manifest="torch/v/2026.11.23.1/manifest.json",
    manifest_sha256="0" * 64,
    schema_version="1.0.0",
    previous="2026.10.01.1",
    signatures=(MINISIGN, SSH),
)
OLDEST = replace(NEWEST, version="2026.10.01.1", previous="", signatures=())
INDEX = {"torch": (NEWEST, OLDEST), "zhuhai": (OLDEST,)}


def told() -> Mapping[str, bytes]:
    return {"torch": to_json(headlines_file(plain_site()))}


def page(name: str, site: str = "", index: Mapping[str, tuple[ReleaseIndexEntry, ...]] = INDEX) -> LexborHTMLParser:
    return LexborHTMLParser(store_pages(index, told(), site)[name])


def test_each_dataset_stands_on_the_front_page_with_its_headlines() -> None:
    front, records = page("index.html"), json.loads(told()["torch"])["headlines"]
    assert texts(front, "main section h2") == [plain_site().about.title["zh"], "zhuhai"]
    assert attribute(front, "main h2 a", "href") == "torch/index.html"
    assert led_to(front, ".card h3 a") == [f"torch/{record['page']}.html" for record in records]
    assert texts(front, ".card .big") == [record["value"]["zh"] for record in records] != []
    assert {*led_to(front.css("main section")[1])} == {"zhuhai/releases.html"}


def test_it_says_what_is_new_and_offers_the_files_that_most_come_for() -> None:
    for language, name in (("zh", "index.html"), ("en", "index.en.html")):
        section = page(name).css("main section")[0]
        assert json.loads(told()["torch"])["news"][language] in section.text()
        names = ("torch.xlsx", "observations.csv", "observations.parquet")
        assert {*led_to(section, ".downloads a")} == {f"torch/v/{NEWEST.version}/{file}" for file in names}


def test_the_same_in_english_with_a_link_back() -> None:
    front = page("index.en.html")
    assert attribute(front, ".tongue", "href") == "index.html"
    assert attribute(front, "main h2 a", "href") == "torch/index.en.html"
    assert attribute(front, "html", "lang") == "en"
    assert texts(front, ".navigation a") == []


def test_a_store_without_a_release_says_so() -> None:
    assert "还没有发布任何版本" in one(page("index.html", index={}), "main").text()
    assert not [name for name in store_pages({"torch": ()}, {}) if name.startswith("torch")]


def test_every_release_is_listed_with_its_changes_and_its_keys() -> None:
    newest, oldest = page("torch/releases.html").css("main tbody tr")
    assert [texts(row, "th")[0].split()[0] for row in (newest, oldest)] == [NEWEST.version, OLDEST.version]
    names = ("CHANGES.md", "manifest.json", "SHA256SUMS", "SHA256SUMS.minisig", "SHA256SUMS.sshsig")
    keys = {"../keys/minisign-0123456789ABCDEF.pub", f"../keys/ssh-{'a' * 42}-.allowed_signers"}
    files = {f"v/{NEWEST.version}/{name}" for name in names}
    assert {*led_to(newest)} == files | keys | {"../schema/1.0.0/CHANGES.md"}
    assert "未签名" in oldest.text()


def test_an_unsigned_release_offers_no_check_of_signatures() -> None:
    unsigned = page("zhuhai/releases.en.html")
    assert texts(unsigned, "main h3") == ["File integrity"]
    assert "not signed" in one(unsigned, ".note").text()


def test_links_and_styles_are_those_of_the_store() -> None:
    assert attribute(page("torch/releases.html"), "link[rel=stylesheet]", "href") == "../assets/portal.css"
    assert attribute(page("index.html"), "link[rel=stylesheet]", "href") == "assets/portal.css"
    assets = {name: data for name, data in store_pages(INDEX, told()).items() if name.startswith("assets/")}
    assert assets.keys() >= {"assets/portal.css", "assets/theme.js", "assets/portal.js"}
    assert sum(map(len, assets.values())) < 200_000


@pytest.mark.parametrize("site", [PUBLIC, f"{PUBLIC}/"])
def test_addresses_are_absolute_where_one_is_known(site: str) -> None:
    assert attribute(page("index.en.html", site), "link[rel=canonical]", "href") == f"{PUBLIC}/index.en.html"
    releases = page("torch/releases.html", site)
    assert attribute(releases, "link[rel=canonical]", "href") == f"{PUBLIC}/torch/releases.html"
    assert attribute(releases, "meta[property='og:url']", "content") == f"{PUBLIC}/torch/releases.html"
    assert f'"{PUBLIC}/keys/minisign-0123456789ABCDEF.pub"' in releases.css(".copy code")[1].text()


def test_lists_of_pages_exist_where_an_address_is_known() -> None:
    assert not [name for name in store_pages(INDEX, told()) if name.endswith(".xml")]
    found = store_pages(INDEX, told(), PUBLIC)
    listed = {name: texts(LexborHTMLParser(data), "loc") for name, data in found.items() if name.endswith(".xml")}
    pages = [
        f"{name}{ending}" for name in ("index", "torch/releases", "zhuhai/releases") for ending in ENDINGS.values()
    ]
    assert listed == {
        "sitemap.xml": [f"{PUBLIC}/sitemap-front.xml", f"{PUBLIC}/torch/sitemap.xml"],
        "sitemap-front.xml": [f"{PUBLIC}/{name}" for name in pages],
    }


def test_a_file_of_headlines_by_a_later_gongbao_harms_nothing() -> None:
    later = {**json.loads(told()["torch"]), "headlines": [{"indicator": "gdp"}], "news": "new", "offers": [{}]}
    front = LexborHTMLParser(store_pages(INDEX, {"torch": to_json(later)})["index.html"])
    assert front.css(".card, .downloads") == []
    assert attribute(front, "main h2 a", "href") == "torch/index.html"
    with pytest.raises(StoreCorrupt, match=r"torch/headlines\.json"):
        store_pages(INDEX, {"torch": b"{"})


def test_the_commands_on_the_page_check_a_signed_release(sound: Path, tmp_path: Path) -> None:
    for name in ("curl", "sha256sum", "minisign", "ssh-keygen"):
        program(name)
    index = load_index(open_store(str(sound)))
    files = {file.relative_to(sound).as_posix(): file.read_bytes() for file in sound.rglob("*") if file.is_file()}
    with shown(files) as base:
        codes = LexborHTMLParser(store_pages(index, {}, base)["torch/releases.html"]).css(".copy code")
        said = [ran(node.text(), tmp_path) for node in codes]
    assert len(said) == 3
    assert "Signature and comment signature verified" in said[1]
    assert 'Good "gongbao" signature' in said[2]
    (tmp_path / "SHA256SUMS").write_bytes(b"")
    with pytest.raises(subprocess.CalledProcessError):
        ran(codes[2].text().splitlines()[-1], tmp_path)


def ran(code: str, folder: Path) -> str:
    """What a reader sees who pastes these lines into a shell."""
    command = ["bash", "-e", "-o", "pipefail", "-c", code]
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout + done.stderr
