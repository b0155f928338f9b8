"""Ways in which an official site changes from one run to the next, each with what has to come of it.

The site shows the two bundled reports. A mutant changes the newer one (its text, or its page as it is sent), the older
one, the listing or the index page. `NOTICED` must be noticed, `HARMLESS` must not. `docs/mutants.md` is made of both:
`PYTHONPATH=tests .venv/bin/python -m support.mutants docs/mutants.md`.
"""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from pathlib import Path

from support.mutant_site import Change, Mutant, Transform, changed, drop, mutant, redirect, swap, with_headers

from raw.samples.articles import load_samples
from raw.samples.pages import article_page
from schemas.codelists import Outcome

PUBLISHED, UNCHANGED, HELD = Outcome.PUBLISHED, Outcome.UNCHANGED, Outcome.HELD
REJECTED, SOURCE_FAILED = Outcome.REJECTED, Outcome.SOURCE_FAILED
OLDER, NEWER = load_samples()
GDP = "地区生产总值达到573.72亿元"
AD = "加微信13800138000领取礼金3000元，平台日收益增长300%，已有50万人参与。"
CAPTCHA = (
    "<html><body><div>您的访问过于频繁，请完成安全验证后继续访问，谢谢您的配合。"
    "<p>请在60秒内输入图中的4位字符，否则需要重新验证。</p></div></body></html>"
)
MAINTENANCE = "<html><body><h1>系统维护</h1><p>本网站于2027年1月1日起升级，预计持续3天，敬请谅解。</p></body></html>"
ABSENT = "<html><head><title>页面不存在</title></head><body><p>您访问的页面不存在。</p></body></html>"
CONTENT = '<div class="article-content">'
CONTAINER = swap(CONTENT, '<div class="rich-body">')
BODY = re.compile(rf"({CONTENT}\n?)(.*?)(</div>)", re.DOTALL)
SIMPLIFIED = "总结区产业经济运亿实现达长占约项过国际级数据务门广东开发资会从与为众时设备园员学习应该财费"
TRADITIONAL = "總結區產業經濟運億實現達長佔約項過國際級數據務門廣東開發資會從與為眾時設備園員學習應該財費"

FEWER = "numbers_fewer indicators_vanished observations_volume"
NO_LABELS = "index_number_absent publisher_absent"
UNDATED = "observations_period observations_period_year"
OTHER_PAGE = (
    "form_labels form_container form_rendering form_platform document_headings document_replaced document_kind_unknown"
)
AD_IN_ONE_RENDERING = "numbers_added renderings_differ form_rendering"


def no_detail(html: str) -> str:
    """Take the report out of the page's script; the markup still holds it."""
    return re.sub(r",\n    DETAIL: \{.*?\}(?=\n\};)", "", html, flags=re.DOTALL)


def within(markup: str) -> Change:
    """Put markup before the article's first paragraph, in the page alone."""
    return swap(f"{CONTENT}\n", f"{CONTENT}\n{markup}")


def body(pattern: str) -> Change:
    """Put something in the place of the article's markup, in the page alone."""
    return lambda html: BODY.sub(rf"\g<1>{pattern}\g<3>", html)


def paragraph(text: str) -> Change:
    """Put a paragraph into the report, in both renderings."""
    return swap("（三）创新活力", f"{text}\n（三）创新活力")


def cut_before(text: str) -> Change:
    """Cut the page where the article comes to this text."""
    return lambda html: html[: html.index(text, html.index(CONTENT))]


def digits(numerals: str, where: str) -> Change:
    """Write digits, a point and a percent sign in other characters where a pattern matches."""
    table = str.maketrans("0123456789.%"[: len(numerals)], numerals)
    return lambda text: re.sub(where, lambda match: match[0].translate(table), text)


def chain(*changes: Change) -> Change:
    """Make one change after the other."""

    def change(text: str) -> str:
        for step in changes:
            text = step(text)
        return text

    return change


def recoded(written: str, read: str) -> Transform:
    """Send the bytes of the page as a server that takes one charset for another."""
    return lambda reply: replace(reply, body=reply.body.decode(read).encode(written))


DANGEROUS = (
    mutant("labels renamed", PUBLISHED, "form_changed", "form_labels",
           page=swap("<td>主题词：</td>", "<td>关键词：</td>", "<td>文号：</td>", "<td>编号：</td>")),
    mutant("labels in another order", UNCHANGED, "form_changed", "form_labels",
           page=swap("<td>文号：</td><td></td>", "<td>@：</td><td></td>", "<td>主题词：</td><td></td>",
                     "<td>文号：</td><td></td>", "<td>@：</td><td></td>", "<td>主题词：</td><td></td>")),
    mutant("table of labels gone", REJECTED, "identity_doubtful", f"form_labels document_replaced {NO_LABELS}",
           page=drop(r'<table class="classify">.*?</table>')),
    mutant("body in DETAIL only", UNCHANGED, "form_changed", "form_rendering", page=body("")),
    mutant("body in the markup only", UNCHANGED, "form_changed", "form_rendering form_platform", page=no_detail),
    mutant("container renamed", UNCHANGED, "form_changed", "form_container form_rendering", page=CONTAINER),
    mutant("container renamed, no DETAIL", UNCHANGED, "form_changed", "form_container form_rendering form_platform",
           page=chain(CONTAINER, no_detail)),
    mutant("another site number", UNCHANGED, "form_changed", "form_platform",
           page=swap("SID: '760009'", "SID: '760010', LANG: 'zh-tw'")),
    mutant("one rendering is another", UNCHANGED, "renderings_differ", "form_rendering renderings_differ",
           page=drop("不收兵。(?=</p>)")),
    mutant("headings renumbered", PUBLISHED, "form_changed", "document_headings",
           text=swap("（二）招商与用地成果丰硕", "（三）招商与用地成果丰硕", "（三）创新活力", "（四）创新活力")),
    mutant("heading removed", PUBLISHED, "form_changed", "document_headings", text=drop(r"（三）创新活力竞相迸发\n")),
    mutant("heading of the plans removed", HELD, "years_moved", "document_headings indicators_renamed period_moved",
           text=drop("二、2025年工作部署\n")),
    mutant("亿元 to 万元", HELD, "number_jumped", "unit_moved observations_likely",
           text=swap(GDP, GDP.replace("亿元", "万元"))),
    mutant("another unit", HELD, "number_jumped", "unit_moved", text=swap("3600亩鱼塘", "3600平方公里鱼塘")),
    mutant("a number ten times as large", HELD, "number_jumped", "magnitude_jump",
           text=swap(GDP, GDP.replace("573.72", "5737.2"))),
    mutant("a decimal point lost", HELD, "number_jumped", "magnitude_jump", text=swap("增长9.3%", "增长93%")),
    mutant("a plan ten times as large", HELD, "number_jumped", "magnitude_jump",
           text=swap("新增规上工业企业50家", "新增规上工业企业500家")),
    mutant("second half missing", HELD, "numbers_missing", "numbers_fewer document_headings indicators_vanished",
           text=lambda text: text[: text.index("二、2025年工作部署")]),
    mutant("every second paragraph missing", HELD, "numbers_missing", f"document_headings {FEWER}",
           text=lambda text: "\n".join(text.split("\n")[::2])),
    mutant("a series under another name", PUBLISHED, "series_changed", "indicators_renamed",
           text=swap("社会消费品零售总额增长9.3%", "服务消费额增长9.3%")),
)  # fmt: skip

# Sites that answer with something else than the report, or with a report that somebody or something spoiled.
INTRUDERS = (
    mutant("a spam mirror's labels", REJECTED, "identity_doubtful", "publisher_mismatch index_number_foreign",
           page=swap(NEWER.publisher, "火炬资讯网", NEWER.index_number, "12100000400000456B/2025-00187")),
    mutant("traditional script", REJECTED, "identity_doubtful",
           "publisher_absent document_replaced document_headings document_kind_unknown form_labels period_moved "
           "indicators_renamed indicators_vanished",
           page=lambda html: html.translate(str.maketrans(SIMPLIFIED, TRADITIONAL))),
    mutant("an advertisement in the article", HELD, "numbers_added", "numbers_added",
           text=paragraph(AD)),
    mutant("a false number in the article", HELD, "numbers_added", "numbers_added",
           text=paragraph("地区生产总值达到9999亿元，增长88%。")),
    mutant("a telephone number in the article", PUBLISHED, "numbers_added", "numbers_added",
           text=paragraph("广告热线：13800138000，QQ：12345678。")),
    mutant("an advertisement in the page only", HELD, "numbers_added", AD_IN_ONE_RENDERING,
           page=within(f"<p>{AD}</p>")),
    mutant("an advertisement in DETAIL only", HELD, "numbers_added", AD_IN_ONE_RENDERING,
           page=swap('"content": "', f'"content": "{AD}')),
    mutant("an empty list", UNCHANGED, "source_changed", "source_empty", listing=changed(
        lambda text: re.sub(r'"articles": \[.*\]', '"articles": []', re.sub(r'"total": \d+', '"total": 0', text)))),
    mutant("the list as a page", SOURCE_FAILED, "source_changed", listing=MAINTENANCE),
    mutant("a captcha in the place of the article", REJECTED, "identity_doubtful",
           f"{OTHER_PAGE} {FEWER} {NO_LABELS} {UNDATED}", article=CAPTCHA),
    mutant("a captcha in the place of the index", SOURCE_FAILED, "source_changed", index=CAPTCHA),
    mutant("a redirect to another host", SOURCE_FAILED, "source_refused", article=redirect("http://login.example/sso")),
    mutant("a redirect to a login page", REJECTED, "identity_doubtful", f"{OTHER_PAGE} {FEWER} {NO_LABELS}",
           article=redirect("/login")),
    mutant("a notice of maintenance", SOURCE_FAILED, "source_changed", index=MAINTENANCE),
    mutant("page not found with status 200", REJECTED, "page_unreadable", article=ABSENT),
    mutant("an attachment in the place of the text", HELD, "numbers_missing",
           f"document_headings file_unread form_platform form_rendering {FEWER}",
           page=chain(no_detail, body('<p>附件：<a href="/1.pdf">2024年工作总结.pdf</a></p>'))),
    mutant("the report of another year", HELD, "page_replaced", f"document_replaced document_headings {FEWER}",
           article=article_page(OLDER, 1)),
    mutant("the newer report at the older address", HELD, "page_replaced",
           "document_replaced document_headings numbers_added indicators_vanished observations_volume",
           older=article_page(NEWER, 1)),
    mutant("a page cut in the middle", UNCHANGED, "numbers_missing", "page_cut renderings_differ form_rendering",
           page=cut_before("（五）民生福祉")),
    mutant("a page cut near its end", HELD, "numbers_missing",
           "page_cut document_headings form_platform form_rendering indicators_vanished",
           page=chain(no_detail, cut_before("（四）增进民生福祉"))),
    mutant("bytes in another charset", REJECTED, "page_unreadable", article=recoded("gb18030", "utf-8")),
    mutant("letters garbled twice", REJECTED, "identity_doubtful",
           "form_labels document_headings document_replaced document_kind_unknown documents_unread unread_risen "
           "observations_measures "
           f"{FEWER} {NO_LABELS} {UNDATED}", article=recoded("utf-8", "latin1")),
    mutant("letters lost", HELD, "page_unreadable", "text_lossy indicators_renamed indicators_vanished unread_risen",
           text=swap("增长", "\ufffd\ufffd")),
    mutant("percent signs lost", HELD, "number_jumped",
           "unit_moved indicators_vanished documents_incomplete observations_measures",
           text=swap("%", "")),
    mutant("decimal points lost throughout", HELD, "number_jumped",
           "magnitude_jump observations_growth observations_share", text=drop(r"(?<=\d)\.(?=\d)")),
    mutant("full-width digits", PUBLISHED, "form_changed", "document_headings",
           text=digits("０１２３４５６７８９．％", ".")),
    mutant("small numbers in Chinese numerals", PUBLISHED, "series_changed", "indicators_vanished",
           text=digits("〇一二三四五六七八九", r"(?<![\d.〇-九])\d(?=[个家所名])")),
    mutant("a date in the future", HELD, "page_replaced", "document_replaced",
           page=swap(str(NEWER.published_on), "2035-05-27")),
    mutant("another year in the title", HELD, "page_replaced", "document_replaced period_moved",
           page=swap(NEWER.title, NEWER.title.replace("2025", "2026").replace("2024", "2025"))),
    mutant("a paragraph twice", PUBLISHED, "numbers_added", "numbers_added",
           text=paragraph(next(text for text in NEWER.paragraphs if "573.72" in text))),
    mutant("the article twice in the page", PUBLISHED, "numbers_added", f"{AD_IN_ONE_RENDERING} document_headings",
           page=body(r"\2\2")),
)  # fmt: skip

# What a site changes every day, and what neither a visitor nor the reader takes for the article.
HARMLESS = (
    mutant("view counter", page=swap("浏览次数:", "浏览次数:9")),
    mutant("footer", page=swap("网站地图 联系我们", "版权所有 2027 粤ICP备2号")),
    mutant("menu", page=swap("无障碍 长者助手", "无障碍 繁体 3D地图")),
    mutant("attributes", page=swap('<meta charset="utf-8">', '<meta charset="utf-8" data-x="1">',
           '<p style="text-indent: 2em;">', '<p class="indent" lang="zh" style="text-indent: 2em;">')),
    mutant("style sheet",
           page=swap("</head>", '<link rel="stylesheet" href="/s.css?v=2"><style>p{margin:3px}</style></head>')),
    mutant("script version",
           page=swap("</head>", '<script src="/app.js?v=20270101"></script><script>var v=3.1;</script></head>')),
    mutant("comment", page=swap("<body>", "<body><!-- 12 ms, node 7 -->", CONTENT, f"{CONTENT}<!-- 45% -->")),
    mutant("white space", page=swap("</p>\n", "</p>\n\n\n    ", "<tr>", "\n   <tr>\n", "</td>", "  </td> ")),
    mutant("fonts", page=swap('<span style="font-family: 仿宋;">', '<span style="font-family: 宋体; color: #000">')),
    mutant("an empty column", index=changed(swap('"children": [{', '"children": [{"id": 14208, "name": "新栏目", '
           '"post_count": 0, "jump_url": "", "children": []}, {'))),
    mutant("entity tag", article=with_headers({"ETag": '"another"'})),
    mutant("server headers", article=with_headers({"Server": "waf/9", "X-Cache": "HIT", "Set-Cookie": "s=1; Path=/",
           "Last-Modified": "Mon, 01 Jan 2024 00:00:00 GMT"})),
    mutant("an advertisement in a hidden element",
           page=within(f'<div style="display: none"><p>{AD}</p></div><p hidden>{AD}</p>')),
    mutant("an advertisement in a script", page=within(f'<script>document.write("{AD}")</script>')),
    mutant("an advertisement outside the article",
           page=swap('<div class="footer">', f'<div class="ad">{AD}</div><div class="footer">')),
)  # fmt: skip
NOTICED = (*DANGEROUS, *INTRUDERS)

HEAD = """# What happens when a page changes

Each row is a run of `tests/pipeline/test_mutants.py`: a local site serves the two bundled reports, a release is made
from them, and in the next run the site has changed as described. This file is generated from the values that the test
uses, with `PYTHONPATH=tests .venv/bin/python -m support.mutants docs/mutants.md`.

In every case the previous release stays complete, a number is published only if it was in the previous release or is
plainly stated by the changed page, and one alert is raised; it is sent once and clears when the site is restored.

- `published`: a new release with the numbers of the previous one
- `unchanged`: the readings are those of the previous release; the finding is in the run record
- `held`: a candidate waits for a decision
- `rejected`: nothing of the run is stored except the archived bytes and the run record
- `source_failed`: the source returned nothing that could be read

## Detected

| change | outcome | findings | alert |
| --- | --- | --- | --- |
"""


def documentation() -> str:
    """Return `docs/mutants.md`: a table of what must be noticed, a list of what must not."""
    harmless = "".join(f"- {each.name}\n" for each in HARMLESS)
    return f"{HEAD}{''.join(map(_row, NOTICED))}\n## Harmless\n\nNo finding, no release, no alert.\n\n{harmless}"


def _row(noticed: Mutant) -> str:
    codes = ", ".join(f"`{code}`" for code in sorted(noticed.codes)) or "an error of the run"
    alert = f"[{noticed.alert}](RUNBOOK.md#{noticed.alert})"
    return f"| {noticed.name} | `{noticed.outcome.value}` | {codes} | {alert} |\n"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(documentation(), encoding="utf-8")
