from __future__ import annotations

import html
import json
import re
import socket
import threading
import time
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
ODD = replace(
    NEWEST, id=1_000_001, title="A & <b>", paragraphs=('他说："1 < 2 & 3"', "反斜杠 \\u003C 与 </script>", "")
)


@pytest.fixture
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


def body_paragraphs(page: str) -> list[str]:
    return [node.text() for node in LexborHTMLParser(page).css("div.article-content > p")]


def detail(page: str) -> dict[str, Any]:
    at = page.index("DETAIL: ") + len("DETAIL: ")
    found: dict[str, Any] = json.JSONDecoder().raw_decode(page[at:])[0]
    return found


def test_the_index_is_a_shell_whose_config_is_javascript_around_a_json_tree(base: str) -> None:
    page = get(f"{base}/gkmlpt/index")
    assert re.findall(r"window\._CONFIG = \{\s*SID: '(\d+)'", page) == [pages.SID]
    tree = json.JSONDecoder().raw_decode(page[page.index("TREE: ") + 6 :])[0]
    assert all(set(node) == {"id", "name", "post_count", "jump_url", "children"} for node in tree)
    assert [node["name"] for node in tree[1]["children"]] == ["机构职能", "工作总结"]
    with pytest.raises(json.JSONDecodeError):
        json.loads(page[page.index("_CONFIG = ") + 10 :])


def test_a_column_of_the_index_leads_elsewhere_and_one_promises_more_than_it_lists(base: str) -> None:
    page = get(f"{base}/gkmlpt/index")
    tree = json.JSONDecoder().raw_decode(page[page.index("TREE: ") + 6 :])[0]
    assert tree[0]["jump_url"].startswith("http://www.gd.gov.cn/")
    assert tree[1]["children"][1]["post_count"] == len(SAMPLES) + 1
    assert listed(base)["total"] == len(SAMPLES)


def test_the_listing_has_every_field_of_the_family(base: str) -> None:
    found = listed(base)
    assert set(found) == {"classify", "total", "offset", "articles"}
    assert set(found["classify"]) == {"id", "name", "post_count", "jump_url"}
    assert set(found["articles"][0]) == {
        "id",
        "type",
        "title",
        "identifier",
        "document_number",
        "publisher",
        "keywords",
        "abstract",
        "date",
        "create_time",
        "created_at",
        "display_publish_time",
        "first_publish_time",
        "classify_main_name",
        "classify_genre_name",
        "classify_theme_name",
        "url",
        "post_url",
        "is_expired",
        "is_abolished",
        "attachment",
        "relation",
    }


def test_the_listing_gives_the_newest_first_with_seconds_that_fall_on_the_day_in_shanghai(base: str) -> None:
    first, second = listed(base)["articles"]
    assert (first["id"], second["id"]) == (NEWEST.id, SAMPLES[0].id)
    there = datetime.fromtimestamp(first["create_time"], UTC) + timedelta(hours=8)
    assert there.date() == NEWEST.published_on == date.fromisoformat(first["created_at"][:10])


def test_an_address_of_the_listing_is_built_from_the_id_and_leads_to_the_article(base: str) -> None:
    first = listed(base)["articles"][0]
    assert first["url"] == f"{base}/gkmlpt/content/2/2495/post_2495310.html"
    assert NEWEST.title in get(first["url"])


def test_a_listing_has_a_hundred_articles_a_page_and_an_empty_one_at_the_end() -> None:
    many = [replace(NEWEST, id=number) for number in range(1, 251)]
    with serve(lambda: many) as base:
        sizes = [len(listed(base, page=page)["articles"]) for page in (1, 2, 3, 4)]
        last = listed(base, page=3)
    assert sizes == [100, 100, 50, 0]
    assert (last["offset"], last["total"], last["classify"]["post_count"]) == (200, 250, 251)


def test_another_column_lists_nothing(base: str) -> None:
    assert listed(base, column=14206)["articles"] == []


@pytest.mark.parametrize(
    "path",
    [
        "/gkmlpt/api/all/14207?page=1",
        "/gkmlpt/api/all/14207?page=1&sid=1",
        "/gkmlpt/api/all/14207?page=0&sid=760009",
        "/gkmlpt/api/all/14207?page=x&sid=760009",
        "/gkmlpt/content/2/2495/post_2495311.html",
        "/gkmlpt/content/2/2494/post_2495310.html",
        "/gkmlpt",
        "",
    ],
)
def test_what_the_site_does_not_have_is_a_404(base: str, path: str) -> None:
    assert httpx.get(base + path).status_code == 404


def test_nothing_is_served_outside_the_prefix(base: str) -> None:
    root = base.removesuffix("/zshjq")
    assert httpx.get(f"{root}/gkmlpt/api/all/14207?page=1&sid={pages.SID}").status_code == 404
    assert httpx.get(f"{root}/gkmlpt/index").status_code == 404


def test_a_site_may_have_no_prefix() -> None:
    with serve(lambda: SAMPLES, prefix="") as base:
        assert base.count("/") == 2
        assert listed(base)["articles"][0]["url"].startswith(f"{base}/gkmlpt/content/")


def test_content_types_name_utf_8(base: str) -> None:
    answers = [httpx.get(base + path) for path in ("/gkmlpt/index", f"/gkmlpt/api/all/1?sid={pages.SID}")]
    assert [answer.headers["content-type"] for answer in answers] == [
        "text/html; charset=utf-8",
        "application/json; charset=utf-8",
    ]


# The article page


def test_the_page_has_the_eight_labels_in_their_table(base: str) -> None:
    page = LexborHTMLParser(get(base + pages.article_path(NEWEST)))
    cells = [node.text() for node in page.css("table.classify td")]
    labels = dict(zip(cells[::2], cells[1::2], strict=True))
    assert labels == {
        "索引号：": NEWEST.index_number,
        "分类：": "",
        "发布机构：": NEWEST.publisher,
        "成文日期：": "2025-05-27",
        "名称：": NEWEST.title,
        "文号：": "",
        "发布日期：": "2025-05-27",
        "主题词：": "",
    }


def test_the_view_counter_moves_at_each_request_and_nothing_else_does(base: str) -> None:
    first, second = (get(base + pages.article_path(NEWEST)) for _ in range(2))
    count = re.compile(r"发布日期:2025-05-27 &nbsp;浏览次数:(\d+)")
    assert [count.findall(page) for page in (first, second)] == [["1"], ["2"]]
    assert first != second
    assert count.sub("", first) == count.sub("", second)


def test_two_sites_count_their_visitors_apart() -> None:
    sites = [Site(base="http://x", articles=lambda: SAMPLES) for _ in range(2)]
    answers = [site.answer(pages.article_path(NEWEST)) for site in sites]
    assert answers[0] == answers[1]


@pytest.mark.parametrize("article", [*SAMPLES, ODD], ids=["2023", "2024", "odd"])
def test_the_body_reads_as_its_paragraphs_in_both_renderings(article: Article) -> None:
    page = pages.article_page(article, 1)
    content = detail(page)["content"]
    assert body_paragraphs(page) == list(article.paragraphs)
    assert [node.text() for node in LexborHTMLParser(content).css("p")] == list(article.paragraphs)


def test_the_second_rendering_is_escaped_so_that_no_markup_stands_in_the_script() -> None:
    page = pages.article_page(ODD, 1)
    script = page[page.index("DETAIL: ") : page.index("</script>")]
    assert "<" not in script
    assert r"\u003Cp style=\"" in script
    assert r"\n" in script


def test_some_numbers_stand_in_spans_of_their_own_and_some_do_not() -> None:
    page = LexborHTMLParser(pages.article_page(NEWEST, 1))
    in_spans = {node.text() for node in page.css("div.article-content > p > span")}
    direct = "".join(node.text(deep=False) for node in page.css("div.article-content > p"))
    assert "3.5%" in in_spans
    assert "3.5%" not in direct
    assert "573.72亿元" in direct


def test_what_an_editor_wrote_never_becomes_markup() -> None:
    page = pages.article_page(ODD, 1)
    assert html.escape(ODD.title) in page
    assert not LexborHTMLParser(page).css("h1 b")


# The server


def test_the_owner_of_the_articles_can_edit_them_while_the_site_runs() -> None:
    held = list(SAMPLES)
    with serve(lambda: held) as base:
        address = base + pages.article_path(NEWEST)
        before = body_paragraphs(get(address))
        held[-1] = replace(NEWEST, paragraphs=("改过的一段。",))
        assert body_paragraphs(get(address)) == ["改过的一段。"] != before
        held.clear()
        assert httpx.get(address).status_code == 404
        assert listed(base)["articles"] == []
        assert httpx.get(f"{base}/gkmlpt/index").status_code == 200


def test_the_site_is_gone_after_the_block_even_when_the_block_fails() -> None:
    def fail() -> None:
        with serve(lambda: SAMPLES) as base:
            kept.append(base)
            raise KeyError(base)

    kept: list[str] = []
    with pytest.raises(KeyError):
        fail()
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{kept[0]}/gkmlpt/index")


def test_a_port_that_is_taken_is_an_error_that_names_it_and_says_what_to_do(base: str) -> None:
    port = httpx.URL(base).port or 0
    taken = serve(lambda: SAMPLES, port=port)
    with pytest.raises(UsageError, match=rf"port {port} of 127.0.0.1: another program listens there; end the program"):
        taken.__enter__()


def test_the_same_port_can_be_used_again_at_once(base: str) -> None:
    with serve(lambda: SAMPLES) as first:
        get(f"{first}/gkmlpt/index")
    with serve(lambda: SAMPLES, port=httpx.URL(first).port or 0) as second:
        assert second == first != base
        get(f"{second}/gkmlpt/index")


def test_visitors_at_the_same_moment_are_all_served_and_all_counted(base: str) -> None:
    seen: list[str] = []
    address = base + pages.article_path(NEWEST)
    visitors = [threading.Thread(target=lambda: seen.append(get(address))) for _ in range(8)]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()
    counts = sorted(int(re.findall(r"浏览次数:(\d+)", page)[0]) for page in seen)
    assert counts == list(range(1, 9))


def test_the_site_says_nothing_not_even_when_a_visitor_hangs_up(capfd: pytest.CaptureFixture[str]) -> None:
    long = replace(NEWEST, paragraphs=("火炬" * 3_000_000,))
    with serve(lambda: [long]) as base:
        httpx.get(f"{base}/nowhere")
        with socket.create_connection(("127.0.0.1", httpx.URL(base).port or 0)) as visitor:
            visitor.sendall(f"GET /zshjq{pages.article_path(long)} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            visitor.recv(1)
        ends = time.monotonic() + 10
        while any("process_request" in thread.name for thread in threading.enumerate()) and time.monotonic() < ends:
            time.sleep(0.01)
    assert capfd.readouterr() == ("", "")
