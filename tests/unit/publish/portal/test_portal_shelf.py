"""The pages of the whole store, the list of releases, the index of indicators, the pages of what is gone."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from importlib.metadata import distribution
from typing import TYPE_CHECKING

import pytest
from selectolax.lexbor import LexborHTMLParser
from support.browsing import shown
from support.portal_pages import (
    PUBLIC,
    attribute,
    led_to,
    one,
    plain_site,
    sample_pages,
    sample_site,
    seen,
    site_of_rows,
    target,
    texts,
)
from support.requires import program
from support.table_rows import growth, level

from infra.store import open_store
from publish.bucket.catalog import ReleaseIndexEntry, load_index
from publish.bucket.layout import page_key
from publish.bucket.manifest import to_json
from publish.portal.html.assets import LICENCE_FILE, PROGRAMS
from publish.portal.html.render import ENDINGS
from publish.portal.model.series import all_series
from publish.portal.pages.headlines import headlines_file
from publish.portal.pages.index_pages import FOLDERS, about_page, gone_pages, indicator_index
from publish.portal.pages.store_home import store_pages
from schemas.codelists import Theme
from schemas.errors import StoreCorrupt

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from selectolax.lexbor import LexborNode

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
    assert texts(front, ".rooms a") == []


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


def test_every_indicator_is_there_once_and_leads_to_its_page() -> None:
    site = sample_site()
    links = [node.attributes["href"] for node in seen(site, indicator_index(site)).css(".index th a")]
    assert sorted(map(str, links)) == sorted(f"{series.page}.html" for series in all_series(site.about.tables))
    assert all(link in sample_pages() for link in links)


def test_themes_follow_the_code_list_and_what_has_none_comes_last() -> None:
    site = sample_site()
    page = seen(site, indicator_index(site))
    themes = [str(node.attributes["id"]).removeprefix("theme-") for node in page.css("main h2")]
    known = [theme.value for theme in Theme]
    assert [theme for theme in known if theme in themes] + ["none"] == themes
    assert [node.attributes["href"] for node in page.css(".themes a")] == [f"#theme-{theme}" for theme in themes]


def _row(page: LexborNode, name: str) -> list[str]:
    (found,) = [row for row in page.css(".index tbody tr") if texts(row, "th") == [name]]
    return texts(found, "td")


def test_a_line_says_what_was_last_stated() -> None:
    site = site_of_rows(level(573.72), growth(3.5), growth(4.0, indicator="x:甲"))
    body = one(seen(site, indicator_index(site), "en"), "body")
    assert _row(body, "gdp") == ["CNY 57.372 billion", "2024", "2"]
    assert _row(body, "x:甲") == ["4%", "2024 growth", "1"]


def test_what_was_only_planned_is_called_so() -> None:
    site = site_of_rows(planned := level(3.0, status="target"), targets=[target(planned, "open")])
    assert _row(one(seen(site, indicator_index(site)), "body"), "gdp") == ["目标 3亿元", "2024年", "1"]


def test_names_without_translation_are_marked_as_chinese_and_act_on_nothing() -> None:
    site = site_of_rows(level(1.0, indicator="x:甲", label_zh="<b>长</b>" * 2000))
    chinese, english = (seen(site, indicator_index(site), language) for language in ("zh", "en"))
    assert attribute(english, ".index th a", "lang") == "zh-Hans"
    assert "lang" not in one(chinese, ".index th a").attributes
    assert chinese.css("main b") == []
    assert len(one(chinese, ".index th a").text()) < 100


def test_it_says_where_the_data_come_from_and_what_they_may_be_used_for() -> None:
    site = plain_site()
    page = seen(site, about_page(), "en")
    assert site.about.source.publisher in one(page, "main").text()
    assert attribute(page, "main a[rel=license]", "href") == "https://creativecommons.org/licenses/by/4.0/"
    assert site.about.release.reader_version in one(page, "main").text()


def test_the_programs_of_others_are_named_with_their_licences() -> None:
    page = seen(plain_site(), about_page())
    assert texts(page, "main tbody th") == [program["name"] for program in PROGRAMS]
    assert f"vl-convert-python {distribution('vl-convert-python').version}" in one(page, "main").text()
    conditions = sample_pages()[f"assets/{LICENCE_FILE}"].decode()
    assert "Redistribution and use in source and binary forms" in conditions
    assert [node.attributes["href"] for node in page.css("main a") if LICENCE_FILE in str(node.attributes["href"])]


def test_each_folder_of_the_portal_has_a_page_for_what_is_gone() -> None:
    assert {name.rpartition("/")[0] for name in sample_pages() if name.endswith(".html")} <= {*FOLDERS}
    site = plain_site()
    pages = {page.name: page for page in gone_pages(site)}
    for folder in FOLDERS:
        for language, ending in ENDINGS.items():
            page = seen(site, pages[f"{folder}/gone".lstrip("/")], language)
            up = "../" if folder else ""
            assert attribute(page, "meta[name=robots]", "content") == "noindex"
            assert attribute(page, "main li:first-child a", "href") == f"{up}releases{ending}"
            assert attribute(page, "link[rel=stylesheet]", "href") == f"{up}assets/portal.css"
            assert site.about.release.version in one(page, "main").text()


def test_every_name_can_be_a_key_of_the_store() -> None:
    for name in sample_pages():
        assert page_key("seed", name) == f"seed/{name}"
