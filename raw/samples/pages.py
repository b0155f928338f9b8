"""The pages of a gkmlpt site: the index page, the listing and the article page, each a pure function.

They have the difficulties of the real site: an index whose object is JavaScript around a JSON tree, a column that
leads to another site, a count of one article more than is listed, some numbers in spans of their own, a view counter
inside the bytes, and the body a second time as an escaped string.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta, timezone
from html import escape
from typing import Final

from raw.samples.articles import Article

SID = "760009"
COLUMN = 14207
PAGE_SIZE = 100

_COLUMN_NAME = "工作总结"
_OTHER_COLUMN = 14206
_SHANGHAI: Final = timezone(timedelta(hours=8))
# Two numbers of three are in spans, as where an editor pasted from an office program.
_NUMBER = re.compile(r"\d[\d.]*%?")


def article_path(article: Article) -> str:
    """Return the path of an article below the base."""
    return f"/gkmlpt/content/{article.id // 1_000_000}/{article.id // 1_000}/post_{article.id}.html"


def index_page(count: int) -> str:
    """Return the index page, whose `_CONFIG` has the tree of columns; `count` articles are listed."""
    here = [_node(_OTHER_COLUMN, "机构职能", 0), _node(COLUMN, _COLUMN_NAME, count + 1)]
    tree = [
        _node(14201, "政府信息公开年报", 1, jump_url="http://www.gd.gov.cn/gkmlpt/annualreport"),
        {**_node(14205, "法定主动公开内容", 0), "children": here},
    ]
    config = [f"SID: '{SID}'", "LANG: 'zh-cn'", f"TREE: {_json(tree)}", "SERVICE_AREA_ID: 760001"]
    return _page("政府信息公开目录", config, '<div id="app"></div>')


def listing(base: str, articles: Sequence[Article], column: int, page: int) -> str:
    """Return a page of a column as JSON, the newest article first, an empty one past the end."""
    shown = sorted(articles, key=lambda article: article.published_on, reverse=True) if column == COLUMN else []
    offset = (page - 1) * PAGE_SIZE
    return _json(
        {
            "classify": {
                "id": column,
                "name": _COLUMN_NAME if column == COLUMN else "机构职能",
                "post_count": len(shown) + 1 if shown else 0,
                "jump_url": "",
            },
            "total": len(shown),
            "offset": offset,
            "articles": [_listed(base, article) for article in shown[offset : offset + PAGE_SIZE]],
        }
    )


def article_page(article: Article, views: int) -> str:
    """Return the article as the server renders it, its body also as an escaped string in `_CONFIG.DETAIL`."""
    body = "\n".join(_paragraph(text) for text in article.paragraphs)
    detail = {"id": article.id, "title": article.title, "publisher": article.publisher, "content": body}
    content = f"""<div class="content">
{_labels(article)}
<div class="tools">【打印】 【字体：<a>大</a> <a>中</a> <a>小</a>】</div>
<h1 class="title">{escape(article.title)}</h1>
<div class="date-row">发布日期:{article.published_on} &nbsp;浏览次数:{views}</div>
<div class="article-content">
{body}
</div>
</div>"""
    return _page(article.title, [f"SID: '{SID}'", f"DETAIL: {_json(detail)}"], content)


def _node(number: int, name: str, count: int, jump_url: str = "") -> dict[str, object]:
    return {"id": number, "name": name, "post_count": count, "jump_url": jump_url, "children": []}


def _seconds(day: date) -> int:
    return int(datetime.combine(day, time(10, 30), _SHANGHAI).timestamp())


def _listed(base: str, article: Article) -> dict[str, object]:
    address, moment = base + article_path(article), _seconds(article.published_on)
    return {
        "id": article.id,
        "type": "normal",
        "title": article.title,
        "identifier": article.index_number,
        "document_number": "",
        "publisher": article.publisher,
        "keywords": "",
        "abstract": "",
        "date": moment,
        "create_time": moment,
        "created_at": f"{article.published_on} 10:30:00",
        "display_publish_time": moment,
        "first_publish_time": moment,
        "classify_main_name": _COLUMN_NAME,
        "classify_genre_name": "",
        "classify_theme_name": "",
        "url": address,
        "post_url": address,
        "is_expired": 0,
        "is_abolished": 0,
        "attachment": [],
        "relation": [],
    }


def _labels(article: Article) -> str:
    rows = (
        (("索引号", article.index_number), ("分类", "")),
        (("发布机构", article.publisher), ("成文日期", str(article.published_on))),
        (("名称", article.title),),
        (("文号", ""), ("发布日期", str(article.published_on))),
        (("主题词", ""),),
    )
    cells = ("".join(f"<td>{label}：</td><td>{escape(value)}</td>" for label, value in row) for row in rows)
    return '<table class="classify">\n' + "\n".join(f"<tr>{row}</tr>" for row in cells) + "\n</table>"


def _paragraph(text: str) -> str:
    parts, end = [], 0
    for place, number in enumerate(_NUMBER.finditer(text)):
        opening, closing = ('<span style="font-family: 仿宋;">', "</span>") if place % 3 else ("", "")
        parts += [escape(text[end : number.start()]), opening, number.group(), closing]
        end = number.end()
    return '<p style="text-indent: 2em;">' + "".join(parts) + escape(text[end:]) + "</p>"


def _json(value: object) -> str:
    """JSON as the platform writes it into a script: no markup inside its strings."""
    text = json.dumps(value, ensure_ascii=False)
    return text.replace("<", r"\u003C").replace(">", r"\u003E").replace("&", r"\u0026")


def _page(title: str, config: Sequence[str], content: str) -> str:
    settings = ",\n    ".join(config)
    return f"""<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<title>{escape(title)}</title>
<script>
window._CONFIG = {{
    {settings}
}};
</script>
</head>
<body>
<div class="header">无障碍 长者助手 我的收藏</div>
{content}
<div class="footer">网站地图 联系我们</div>
</body>
</html>
"""
