"""The site of the bundled reports: an index, listings and pages in the form of the platform, on a server of its own."""

from __future__ import annotations

import html
import json
import re
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser

from raw.samples import pages
from raw.samples.articles import Article, load_samples
from raw.samples.site import Site, serve
from schemas.errors import UsageError

SAMPLES = load_samples()
NEWEST = SAMPLES[-1]
ADDRESS = pages.article_path(NEWEST)
ODD = replace(
    NEWEST, id=1_000_001, title="A & <b>", paragraphs=('他说："1 < 2 & 3"', "反斜杠 \\u003C 与 </script>", "")
)
FIELDS = """id type title identifier document_number publisher keywords abstract date create_time created_at
display_publish_time first_publish_time classify_main_name classify_genre_name classify_theme_name url post_url
is_expired is_abolished attachment relation"""


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    with serve(lambda: SAMPLES) as address:
        yield address


def get(address: str) -> str:
    response = httpx.get(address)
    assert response.status_code == 200, address
    return response.text


def listed(base: str, column: int = pages.COLUMN, page: int = 1) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(get(f"{base}/gkmlpt/api/all/{column}?page={page}&sid={pages.SID}"))
    return found


def json_after(page: str, name: str) -> Any:  # noqa: ANN401 - any JSON value
    return json.JSONDecoder().raw_decode(page[page.index(name) + len(name) :])[0]


def body_paragraphs(page: str) -> list[str]:
    return [node.text() for node in LexborHTMLParser(page).css("div.article-content > p")]


class TestListings:
    def test_the_index_is_a_shell_whose_config_is_javascript_around_a_json_tree(self, base: str) -> None:
        page = get(f"{base}/gkmlpt/index")
        assert re.findall(r"window\._CONFIG = \{\s*SID: '(\d+)'", page) == [pages.SID]
        tree = json_after(page, "TREE: ")
        assert all(set(node) == {"id", "name", "post_count", "jump_url", "children"} for node in tree)
        assert [node["name"] for node in tree[1]["children"]] == ["机构职能", "工作总结"]
        with pytest.raises(json.JSONDecodeError):
            json.loads(page[page.index("_CONFIG = ") + 10 :])
        # One column leads elsewhere, and one promises more than it lists.
        assert tree[0]["jump_url"].startswith("http://www.gd.gov.cn/")
        assert tree[1]["children"][1]["post_count"] == len(SAMPLES) + 1 == listed(base)["total"] + 1

    def test_the_listing_has_every_field_of_the_family_and_the_newest_first(self, base: str) -> None:
        found = listed(base)
        first, second = found["articles"]
        assert set(found) == {"classify", "total", "offset", "articles"}
        assert set(found["classify"]) == {"id", "name", "post_count", "jump_url"}
        assert set(first) == set(FIELDS.split())
        assert (first["id"], second["id"]) == (NEWEST.id, SAMPLES[0].id)
        shanghai = datetime.fromtimestamp(first["create_time"], UTC) + timedelta(hours=8)
        assert shanghai.date() == NEWEST.published_on == date.fromisoformat(first["created_at"][:10])
        assert first["url"] == f"{base}/gkmlpt/content/2/2495/post_2495310.html"
        assert NEWEST.title in get(first["url"])
        assert listed(base, column=14206)["articles"] == []

    def test_a_listing_has_a_hundred_articles_a_page_and_an_empty_one_at_the_end(self) -> None:
        many = [replace(NEWEST, id=number) for number in range(1, 251)]
        with serve(lambda: many) as base:
            found = [listed(base, page=page) for page in (1, 2, 3, 4)]
        assert [len(page["articles"]) for page in found] == [100, 100, 50, 0]
        assert (found[2]["offset"], found[2]["total"], found[2]["classify"]["post_count"]) == (200, 250, 251)

    def test_what_the_site_does_not_have_is_a_404(self, base: str) -> None:
        for query in ("page=1", "page=1&sid=1", "page=0&sid=760009", "page=x&sid=760009"):
            assert httpx.get(f"{base}/gkmlpt/api/all/14207?{query}").status_code == 404, query
        for path in (
            "/gkmlpt/content/2/2495/post_2495311.html",
            "/gkmlpt/content/2/2494/post_2495310.html",
            "/gkmlpt",
            "",
        ):
            assert httpx.get(base + path).status_code == 404, path

    def test_everything_is_below_the_prefix_which_may_be_empty_and_is_sent_as_utf_8(self, base: str) -> None:
        paths = (f"/gkmlpt/api/all/14207?page=1&sid={pages.SID}", "/gkmlpt/index")
        assert {httpx.get(base.removesuffix("/zshjq") + path).status_code for path in paths} == {404}
        with serve(lambda: SAMPLES, prefix="") as root:
            assert root.count("/") == 2
            assert listed(root)["articles"][0]["url"].startswith(f"{root}/gkmlpt/content/")
        types = [httpx.get(base + path).headers["content-type"] for path in paths]
        assert types == ["application/json; charset=utf-8", "text/html; charset=utf-8"]


class TestPages:
    def test_the_page_has_the_eight_labels_in_their_table_and_only_some_numbers_in_spans(self) -> None:
        page = LexborHTMLParser(pages.article_page(NEWEST, 1))
        cells = [node.text().removesuffix("：") for node in page.css("table.classify td")]
        labels = dict(zip(cells[::2], cells[1::2], strict=True))
        printed = {"索引号": NEWEST.index_number, "发布机构": NEWEST.publisher, "名称": NEWEST.title}
        printed |= dict.fromkeys(["成文日期", "发布日期"], "2025-05-27")
        assert labels == dict.fromkeys(["分类", "文号", "主题词"], "") | printed
        direct = "".join(node.text(deep=False) for node in page.css("div.article-content > p"))
        assert "3.5%" in {node.text() for node in page.css("div.article-content > p > span")}
        assert ("3.5%" in direct, "573.72亿元" in direct) == (False, True)

    def test_each_site_counts_the_views_of_a_page_and_nothing_else_moves(self) -> None:
        count = re.compile(r"发布日期:2025-05-27 &nbsp;浏览次数:(\d+)")
        for site in (Site(base="http://x", articles=lambda: SAMPLES) for _ in range(2)):
            first, second = (answer.body for _ in range(2) if (answer := site.answer(ADDRESS)))
            assert [count.findall(page) for page in (first, second)] == [["1"], ["2"]]
            assert count.sub("", first) == count.sub("", second)

    @pytest.mark.parametrize("article", [*SAMPLES, ODD], ids=["2023", "2024", "odd"])
    def test_the_body_reads_as_its_paragraphs_in_both_renderings(self, article: Article) -> None:
        page = pages.article_page(article, 1)
        content = json_after(page, "DETAIL: ")["content"]
        assert body_paragraphs(page) == list(article.paragraphs)
        assert [node.text() for node in LexborHTMLParser(content).css("p")] == list(article.paragraphs)

    def test_no_markup_stands_in_the_script_and_what_an_editor_wrote_becomes_none(self) -> None:
        page = pages.article_page(ODD, 1)
        script = page[page.index("DETAIL: ") : page.index("</script>")]
        assert "<" not in script
        assert r"\u003Cp style=\"" in script
        assert r"\n" in script
        assert html.escape(ODD.title) in page
        assert not LexborHTMLParser(page).css("h1 b")


class TestServer:
    def test_the_owner_of_the_articles_can_edit_them_while_the_site_runs(self) -> None:
        articles = list(SAMPLES)
        with serve(lambda: articles) as base:
            before = body_paragraphs(get(base + ADDRESS))
            articles[-1] = replace(NEWEST, paragraphs=("改过的一段。",))
            assert body_paragraphs(get(base + ADDRESS)) == ["改过的一段。"] != before
            articles.clear()
            assert httpx.get(base + ADDRESS).status_code == 404
            assert listed(base)["articles"] == []
            assert httpx.get(f"{base}/gkmlpt/index").status_code == 200

    def test_a_port_that_is_taken_is_an_error_that_says_what_to_do(self, base: str) -> None:
        port = httpx.URL(base).port or 0
        taken = f"port {port} of 127.0.0.1: another program listens there; end the program"
        with pytest.raises(UsageError, match=taken), serve(lambda: SAMPLES, port=port):
            pass

    def test_the_site_is_gone_after_the_block_and_its_port_can_be_used_again_at_once(self) -> None:
        with pytest.raises(KeyError), serve(lambda: SAMPLES) as first:
            raise KeyError(first)
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"{first}/gkmlpt/index")
        with serve(lambda: SAMPLES, port=httpx.URL(first).port or 0) as second:
            get(f"{second}/gkmlpt/index")
        assert second == first

    def test_visitors_at_the_same_moment_are_all_served_and_all_counted(self) -> None:
        seen: list[str] = []
        with serve(lambda: SAMPLES) as base:
            visitors = [threading.Thread(target=lambda: seen.append(get(base + ADDRESS))) for _ in range(8)]
            for visitor in visitors:
                visitor.start()
            for visitor in visitors:
                visitor.join()
        counts = sorted(int(re.findall(r"浏览次数:(\d+)", page)[0]) for page in seen)
        assert counts == list(range(1, 9))

    def test_the_site_prints_nothing_not_even_when_a_visitor_hangs_up(self, capfd: pytest.CaptureFixture[str]) -> None:
        long = replace(NEWEST, paragraphs=("火炬" * 3_000_000,))
        with serve(lambda: [long]) as base:
            httpx.get(f"{base}/nowhere")
            with socket.create_connection(("127.0.0.1", httpx.URL(base).port or 0)) as visitor:
                visitor.sendall(f"GET /zshjq{pages.article_path(long)} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
                visitor.recv(1)
            for thread in threading.enumerate():
                if "process_request" in thread.name:
                    thread.join(10)
        assert capfd.readouterr() == ("", "")
