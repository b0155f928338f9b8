"""Ways in which an official site is another than the night before, each with what has to come of it.

The site shows the two bundled reports. A mutant changes the newer one (its words, or its page as it is sent), the
listing, or the index page. `DANGEROUS` must be noticed, `HARMLESS` must not.
"""

from __future__ import annotations

import re

from support.mutating import Mutant, drop, headed, sent, swap

from schemas.codelists import Outcome


def _first_half(text: str) -> str:
    return text[: text.index("二、2025年工作部署")]


def _second_of_each(text: str) -> str:
    """Every second paragraph: a page of which parts were not loaded."""
    return "\n".join(text.split("\n")[::2])


def _reordered(html: str) -> str:
    changed = html.replace('<meta charset="utf-8">', '<meta charset="utf-8" data-x="1">')
    tag = re.compile(r'<p style="text-indent: 2em;">')
    assert tag.search(changed)
    return tag.sub('<p class="indent" lang="zh" style="text-indent: 2em;">', changed)


def _spaced(html: str) -> str:
    return html.replace("</p>\n", "</p>\n\n\n    ").replace("<tr>", "\n   <tr>\n").replace("</td>", "  </td> ")


def lost(html: str) -> str:
    """The page's own markup without the report; the script still holds it."""
    return re.sub(r'(<div class="article-content">).*?(</div>)', r"\1\2", html, flags=re.DOTALL)


def no_detail(html: str) -> str:
    return re.sub(r",\n    DETAIL: \{.*?\}(?=\n\};)", "", html, flags=re.DOTALL)


CONTAINER = swap(('<div class="article-content">', '<div class="rich-body">'))
GDP = "地区生产总值达到573.72亿元"

DANGEROUS = (
    Mutant(
        name="labels renamed",
        outcome=Outcome.PUBLISHED,
        alert="form_changed",
        codes=frozenset({"form_labels"}),
        article=sent(swap(("<td>主题词：</td>", "<td>关键词：</td>"), ("<td>文号：</td>", "<td>编号：</td>"))),
    ),
    Mutant(
        name="labels in another order",
        outcome=Outcome.UNCHANGED,
        alert="form_changed",
        codes=frozenset({"form_labels"}),
        article=sent(
            swap(
                ("<td>文号：</td><td></td>", "<td>@：</td><td></td>"),
                ("<td>主题词：</td><td></td>", "<td>文号：</td><td></td>"),
                ("<td>@：</td><td></td>", "<td>主题词：</td><td></td>"),
            )
        ),
    ),
    Mutant(
        name="table of labels gone",
        outcome=Outcome.REJECTED,
        alert="identity_doubtful",
        codes=frozenset({"form_labels", "index_number_absent", "publisher_mismatch", "document_replaced"}),
        article=sent(drop(r'<table class="classify">.*?</table>')),
    ),
    Mutant(
        name="body in DETAIL only",
        outcome=Outcome.UNCHANGED,
        alert="form_changed",
        codes=frozenset({"form_rendering"}),
        article=sent(lost),
    ),
    Mutant(
        name="body in the markup only",
        outcome=Outcome.UNCHANGED,
        alert="form_changed",
        codes=frozenset({"form_rendering", "form_platform"}),
        article=sent(no_detail),
    ),
    Mutant(
        name="container renamed",
        outcome=Outcome.UNCHANGED,
        alert="form_changed",
        codes=frozenset({"form_container", "form_rendering"}),
        article=sent(CONTAINER),
    ),
    Mutant(
        name="container renamed, no DETAIL",
        outcome=Outcome.UNCHANGED,
        alert="form_changed",
        codes=frozenset({"form_container", "form_rendering", "form_platform"}),
        article=sent(CONTAINER, no_detail),
    ),
    Mutant(
        name="another site number",
        outcome=Outcome.UNCHANGED,
        alert="form_changed",
        codes=frozenset({"form_platform"}),
        article=sent(swap(("SID: '760009'", "SID: '760010', LANG: 'zh-tw'"))),
    ),
    Mutant(
        name="one rendering is another",
        outcome=Outcome.UNCHANGED,
        alert="renderings_differ",
        codes=frozenset({"form_rendering", "renderings_differ"}),
        article=sent(drop("不收兵。(?=</p>)")),
    ),
    Mutant(
        name="headings renumbered",
        outcome=Outcome.PUBLISHED,
        alert="form_changed",
        codes=frozenset({"document_headings"}),
        text=swap(("（二）招商与用地成果丰硕", "（三）招商与用地成果丰硕"), ("（三）创新活力", "（四）创新活力")),
    ),
    Mutant(
        name="heading removed",
        outcome=Outcome.PUBLISHED,
        alert="form_changed",
        codes=frozenset({"document_headings"}),
        text=drop(r"（三）创新活力竞相迸发\n"),
    ),
    Mutant(
        name="heading of the plans removed",
        outcome=Outcome.HELD,
        alert="years_moved",
        codes=frozenset({"document_headings", "period_moved"}),
        text=drop("二、2025年工作部署\n"),
    ),
    Mutant(
        name="亿元 to 万元",
        outcome=Outcome.HELD,
        alert="number_jumped",
        codes=frozenset({"unit_moved", "observations_likely"}),
        text=swap((GDP, GDP.replace("亿元", "万元"))),
    ),
    Mutant(
        name="another unit",
        outcome=Outcome.HELD,
        alert="number_jumped",
        codes=frozenset({"unit_moved"}),
        text=swap(("3600亩鱼塘", "3600平方公里鱼塘")),
    ),
    Mutant(
        name="a number ten times as large",
        outcome=Outcome.HELD,
        alert="number_jumped",
        codes=frozenset({"magnitude_jump"}),
        text=swap((GDP, GDP.replace("573.72", "5737.2"))),
    ),
    Mutant(
        name="a decimal point lost",
        outcome=Outcome.HELD,
        alert="number_jumped",
        codes=frozenset({"magnitude_jump"}),
        text=swap(("增长9.3%", "增长93%")),
    ),
    Mutant(
        name="a plan ten times as large",
        outcome=Outcome.HELD,
        alert="number_jumped",
        codes=frozenset({"magnitude_jump"}),
        text=swap(("新增规上工业企业50家", "新增规上工业企业500家")),
    ),
    Mutant(
        name="second half missing",
        outcome=Outcome.HELD,
        alert="numbers_missing",
        codes=frozenset({"numbers_fewer", "document_headings", "indicators_vanished"}),
        text=_first_half,
    ),
    Mutant(
        name="every second paragraph missing",
        outcome=Outcome.HELD,
        alert="numbers_missing",
        codes=frozenset({"numbers_fewer", "document_headings", "indicators_vanished", "observations_volume"}),
        text=_second_of_each,
    ),
    Mutant(
        name="a series under another name",
        outcome=Outcome.PUBLISHED,
        alert="series_changed",
        codes=frozenset({"indicators_renamed"}),
        text=swap(("社会消费品零售总额增长9.3%", "服务消费额增长9.3%")),
    ),
)

HARMLESS = (
    Mutant(name="view counter", outcome=Outcome.UNCHANGED, article=sent(swap(("浏览次数:", "浏览次数:9")))),
    Mutant(
        name="footer", outcome=Outcome.UNCHANGED, article=sent(swap(("网站地图 联系我们", "版权所有 2027 粤ICP备2号")))
    ),
    Mutant(name="menu", outcome=Outcome.UNCHANGED, article=sent(swap(("无障碍 长者助手", "无障碍 繁体 3D地图")))),
    Mutant(name="attributes", outcome=Outcome.UNCHANGED, article=sent(_reordered)),
    Mutant(
        name="style sheet",
        outcome=Outcome.UNCHANGED,
        article=sent(swap(("</head>", '<link rel="stylesheet" href="/s.css?v=2"><style>p{margin:3px}</style></head>'))),
    ),
    Mutant(
        name="script version",
        outcome=Outcome.UNCHANGED,
        article=sent(swap(("</head>", '<script src="/app.js?v=20270101"></script><script>var v=3.1;</script></head>'))),
    ),
    Mutant(
        name="comment",
        outcome=Outcome.UNCHANGED,
        article=sent(
            swap(
                ("<body>", "<body><!-- 12 ms, node 7 -->"),
                ('<div class="article-content">', '<div class="article-content"><!-- 45% -->'),
            )
        ),
    ),
    Mutant(name="white space", outcome=Outcome.UNCHANGED, article=sent(_spaced)),
    Mutant(
        name="fonts",
        outcome=Outcome.UNCHANGED,
        article=sent(swap(('<span style="font-family: 仿宋;">', '<span style="font-family: 宋体; color: #000">'))),
    ),
    Mutant(
        name="an empty column",
        outcome=Outcome.UNCHANGED,
        index=sent(
            swap(
                (
                    '"children": [{',
                    '"children": [{"id": 14208, "name": "新栏目", "post_count": 0, "jump_url": "", "children": []}, {',
                )
            )
        ),
    ),
    Mutant(name="entity tag", outcome=Outcome.UNCHANGED, article=headed({"ETag": '"another"'})),
    Mutant(
        name="server headers",
        outcome=Outcome.UNCHANGED,
        article=headed(
            {
                "Server": "waf/9",
                "X-Cache": "HIT",
                "Set-Cookie": "s=1; Path=/",
                "Last-Modified": "Mon, 01 Jan 2024 00:00:00 GMT",
            }
        ),
    ),
)
