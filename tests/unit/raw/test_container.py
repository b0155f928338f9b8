"""Where the article stands: by the names its element is known under, else by where the sentences are."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser
from support.requires import shared

from raw.page.article_body import COMMON, NAMED, Container, elements, find_by_density, find_by_name, surroundings
from raw.page.canonical_text import Canonical
from raw.page.dom import parse
from schemas.errors import ArticleError

SENTENCE = "深中通道今年通车,全区地区生产总值增长3.5%,总量居全市第一。"
BODY = "".join(f"<p>{number}、{SENTENCE}</p>" for number in range(12))
MENU = "<ul><li>政府信息公开</li><li>规章库</li></ul><div>无障碍 长者助手</div>"


def tree(body: str) -> LexborHTMLParser:
    return LexborHTMLParser(f"<html><head><title>题</title></head><body>{body}</body></html>")


def opening(selector: str) -> str:
    """A start tag that the selector finds."""
    if selector.startswith("["):
        return f"<section {selector[1:-1]}>"
    tag, mark, name = selector.partition("." if "." in selector else "#")
    attribute = {".": "class", "#": "id"}.get(mark)
    return f"<{tag or 'section'} {attribute}='{name}'>" if attribute else f"<{selector}>"


def article(found: Container | None) -> Canonical:
    """The text of the container that was found."""
    assert found is not None
    return found.content


@pytest.mark.parametrize("selector", NAMED)
def test_an_element_by_a_name_of_articles_is_the_article(selector: str) -> None:
    content = article(find_by_name(tree(f"{MENU}{opening(selector)}<p>一</p><p>二</p></section></div>")))
    assert content.text.startswith("一\n二")
    assert content.anchors[0].path == f"{selector} > p:nth-of-type(1)"


def test_the_name_of_the_platform_goes_before_those_of_others_and_the_fuller_of_two_first() -> None:
    page = tree("<div class=zw><p>别的</p></div><div class=article-content><p>一</p></div>")
    assert article(find_by_name(page)).text == "一"
    page = tree("<div class=article-content>相关</div><div class=article-content><p>一二三</p></div>")
    content = article(find_by_name(page))
    assert content.text == "一二三"
    (node,) = page.css(content.anchors[0].path)
    assert node.text() == "一二三"


def test_an_empty_element_by_the_name_is_still_the_place_of_the_article_and_a_page_without_one_has_none() -> None:
    assert article(find_by_name(tree(f"<div class=article-content></div><div>{BODY}</div>"))).text == ""
    assert find_by_name(tree(f"{MENU}<div class=box>{BODY}</div>")) is None


def test_lists_of_links_weigh_nothing_and_are_no_part_of_the_article() -> None:
    headlines = "".join(f"<li><a href=/{number}>要闻{number}，{SENTENCE}</a></li>" for number in range(60))
    related = f"<div class=related>相关阅读 <ul>{headlines}</ul></div>"
    footer = "<div>主办：某区管理委员会办公室，未经许可不得转载，联系电话0760-8888888。</div>"
    page = tree(f"<ul>{headlines}</ul><div class=box>{BODY}{related}</div>{footer}")
    assert article(find_by_density(page)).text == "\n".join(f"{number}、{SENTENCE}" for number in range(12))


def test_links_to_files_and_a_table_of_links_are_part_of_the_article() -> None:
    files = "<ul>" + "".join(f"<li><a href=/{n}.pdf>附件{n}</a></li>" for n in range(3)) + "</ul>"
    table = "<table><tr>" + "".join(f"<td><a href=/{n}>9{n}.5</a></td>" for n in range(4)) + "</tr></table>"
    content = article(find_by_density(tree(f"<ul><li><a href=/>首页</a></li></ul><div>{BODY}{table}{files}</div>")))
    assert content.text.endswith("90.5\t91.5\t92.5\t93.5\n附件0\n附件1\n附件2")


def test_numbers_in_cells_weigh_as_much_as_sentences() -> None:
    rows = "".join(f"<tr><td>项目</td><td>{number}.5</td></tr>" for number in range(20))
    content = article(find_by_density(tree(f"{MENU}<div><div>{BODY}</div><table>{rows}</table></div>")))
    assert content.text.endswith("项目\t19.5")


@pytest.mark.parametrize("selector", COMMON)
def test_a_common_name_is_believed_where_the_sentences_are(selector: str) -> None:
    content = article(find_by_density(tree(f"{MENU}{opening(selector)}{BODY}</section></div></article>")))
    assert content.anchors[0].path.startswith(f"{selector} > p")


def test_a_common_name_is_not_believed_where_the_sentences_are_elsewhere() -> None:
    page = tree(f"<div class=content><p>{SENTENCE}</p></div><div id=x>{BODY}{BODY}</div>")
    assert article(find_by_density(page)).text.count(SENTENCE) == 24


@pytest.mark.parametrize(
    "wrapped",
    [
        f"<div><section>{BODY}</section></div>",
        f"<table><tr><td>{BODY}</td></tr></table>",
        f"<div>{BODY.replace('<p>', '<div>').replace('</p>', '</div>')}</div>",
        f"<div>{BODY.replace('<p>', '').replace('</p>', '<br>')}</div>",
        f"<center><font>{BODY}</font></center>",
    ],
    ids=["sections", "a layout table", "blocks", "line breaks", "old markup"],
)
def test_without_a_name_the_article_is_where_the_sentences_are(wrapped: str) -> None:
    text = article(find_by_density(tree(f"{MENU}{wrapped}<div>网站地图</div>"))).text
    assert text.count(SENTENCE) == 12
    assert "规章库" not in text
    assert "网站地图" not in text


def test_headings_beside_one_long_paragraph_and_a_second_half_of_an_article_are_not_lost() -> None:
    page = tree(f"{MENU}<div><p>一、总结</p><p>{SENTENCE * 30}</p><p>(完)</p></div>")
    text = article(find_by_density(page)).text
    assert text.startswith("一、总结\n")
    assert text.endswith("\n(完)")
    page = tree(f"{MENU}<div>{BODY}</div><div><p>名词解释</p><p>{SENTENCE}{SENTENCE}</p></div>")
    text = article(find_by_density(page)).text
    assert text.count(SENTENCE) == 14
    assert "名词解释" in text


def test_a_page_without_sentences_has_no_likely_place_and_one_of_frames_no_text() -> None:
    for body in ("", MENU, "<p>短句。</p>", "<p>没有标点的一段话" + "一" * 80 + "</p>"):
        assert find_by_density(tree(body)) is None
    frames = LexborHTMLParser("<frameset><frame src=a></frameset>")
    assert find_by_name(frames) is find_by_density(frames) is None
    assert surroundings(frames, None).text == ""


def test_the_surroundings_are_the_page_without_the_article() -> None:
    page = tree(f"{MENU}<div class=article-content>{BODY}</div><div>网站地图</div>")
    around = surroundings(page, find_by_name(page)).text
    assert around.splitlines() == ["政府信息公开", "规章库", "无障碍 长者助手", "网站地图"]


def test_elements_are_told_with_paths_that_lead_to_them_alone() -> None:
    page = tree("<div><b class=x>一</b></div>文<div><i></i><b class=x>二</b></div>")
    found = elements(page, ".x")
    assert [container.content.text for container in found] == ["一", "二"]
    for container in found:
        (node,) = page.css(container.content.anchors[0].path)
        assert node.mem_id == container.node.mem_id


def test_every_paragraph_of_the_seed_is_in_the_place_that_is_found() -> None:
    (file,) = shared("seed").glob("*.txt")
    paragraphs = [line for line in file.read_text("utf-8").splitlines() if line.strip()]
    body = "".join(f"<p>{line}</p>" for line in paragraphs)
    content = article(find_by_density(tree(f"{MENU}<div><div class=box>{body}</div></div>")))
    assert content.text.count("\n") == len(paragraphs) - 1


def test_a_page_whose_tree_would_fill_the_memory_is_refused_before_it_is_built() -> None:
    formats = "".join(f"<p><font size={number}>一" for number in range(4000))
    for markup in (formats, "<div>" * 100_000 + "<p>一" * 100_000):
        with pytest.raises(ArticleError, match="leaves so many elements open"):
            parse(markup)
    for careless in ("<div>" * 5000 + "一", "<p>一<p>" * 50_000, "<tr><td>一" * 50_000, "<p><b>" * 500):
        assert parse(careless).body is not None
