"""Article pages of our own making, in the form of the site family, for the tests of what reads them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from html import escape

TITLE = "火炬高新区2024年工作总结暨2025年工作部署"
PARAGRAPHS = (
    "一、2024年工作总结",
    "全年完成GDP573.72亿元,增长3.5%;省、市重点项目完成进度分别为107.8%、118%。",
    "\u3000\u3000全年民生支出超26亿元,新增公办学位2500余个。",
    "二、2025年工作部署",
    "2025年,地区生产总值增长目标为5%以上,规上工业增加值增长6%。",
)
TABLE = """<table class="classify">
<tr><td>索引号：</td><td>11442000007333422Y/2025-00206</td><td>分类：</td><td></td></tr>
<tr><td>发布机构：</td><td>中山火炬开发区管理委员会</td><td>成文日期：</td><td>2025-05-29</td></tr>
<tr><td>名称：</td><td colspan="3">{title}</td></tr>
<tr><td>文号：</td><td></td><td>发布日期：</td><td>2025-05-29</td></tr>
<tr><td>主题词：</td><td colspan="3"></td></tr>
</table>"""
DATE_ROW = '<div class="date-row">发布日期:2025-05-29 &nbsp;浏览次数:<span id="hits">{views}</span></div>'
HTML = "text/html; charset=utf-8"


def as_html(paragraphs: Sequence[str]) -> str:
    """The paragraphs as an editor's markup."""
    return "\n".join(f'<p style="text-indent: 2em">{escape(text, quote=False)}</p>' for text in paragraphs)


def as_script(content: str | None) -> str:
    """The configuration of a page, with the body as the platform escapes it; None leaves DETAIL out."""
    literal = json.dumps(content or "").replace("<", r"\u003C").replace(">", r"\u003E").replace("/", r"\/")
    inside = {None: "", "": ", DETAIL: {id: 1}"}.get(content, f", DETAIL: {{id: 1, content: {literal}, url: ''}}")
    return f"<script>window._CONFIG = {{SID: '760001'{inside}}};</script>"


def article(dom: str | None, detail: str | None, *, views: str = "-", head: str = '<meta charset="utf-8">') -> str:
    """A page with the body in its markup (None: no such element) and in its script (None: no DETAIL)."""
    place = "" if dom is None else f'<div class="article-content">\n{dom}\n</div>'
    return f"""<!DOCTYPE html>
<html><head>{head}<title>{TITLE}-中山市政府门户网站</title>{as_script(detail)}</head>
<body>
<div class="header"><a>无障碍</a> <a>长者助手</a><h1>中山市人民政府</h1></div>
<ul class="menu"><li>分类</li><li>名称</li></ul>
<div class="box">
{TABLE.format(title=TITLE)}
<div class="tools">【打印】 【字体：<a>大</a> <a>中</a> <a>小</a>】</div>
<h1 class="title">{TITLE}</h1>
{DATE_ROW.format(views=views)}
{place}
</div>
<div class="footer">网站地图 联系我们</div>
</body></html>"""
