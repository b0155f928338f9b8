"""Sites that answer with something else than the report, or with a report that somebody or something spoiled."""

from __future__ import annotations

import re
from dataclasses import replace

from support.mutants import no_detail
from support.mutating import Answered, Change, Mutant, instead, sent, swap

from raw.samples.articles import load_samples
from raw.samples.pages import article_page
from schemas.codelists import Outcome

OLDER, NEWER = load_samples()
AD = "加微信13800138000领取礼金3000元，平台日收益增长300%，已有50万人参与。"
FALSE = "地区生产总值达到9999亿元，增长88%。"
CAPTCHA = (
    "<html><body><div>您的访问过于频繁，请完成安全验证后继续访问，谢谢您的配合。"
    "<p>请在60秒内输入图中的4位字符，否则需要重新验证。</p></div></body></html>"
)
MAINTENANCE = "<html><body><h1>系统维护</h1><p>本网站于2027年1月1日起升级，预计持续3天，敬请谅解。</p></body></html>"
ABSENT = "<html><head><title>页面不存在</title></head><body><p>您访问的页面不存在。</p></body></html>"
_BODY = re.compile(r'(<div class="article-content">\n?)(.*?)(</div>)', re.DOTALL)
_POINT = re.compile(r"(?<=\d)\.(?=\d)")
_WIDE = str.maketrans("0123456789.%", "０１２３４５６７８９．％")
_HAN = str.maketrans("0123456789", "〇一二三四五六七八九")
_SIMPLE = "总结区产业经济运亿实现达长占约项过国际级数据务门广东开发资会从与为众时设备园员学习应该财费"
_TRADITIONAL = "總結區產業經濟運億實現達長佔約項過國際級數據務門廣東開發資會從與為眾時設備園員學習應該財費"


def within(markup: str) -> Change:
    """Put markup before the article's first paragraph, in the page alone."""
    return swap(('<div class="article-content">\n', f'<div class="article-content">\n{markup}'))


def body(markup: str) -> Answered:
    """Put markup in the place of the article, which the configuration holds no more either."""
    return sent(no_detail, lambda html: _BODY.sub(rf"\g<1>{markup}\g<3>", html))


def paragraph(text: str) -> Change:
    """Put a paragraph into the report, in both renderings."""
    return swap(("（三）创新活力", f"{text}\n（三）创新活力"))


def until(words: str) -> Change:
    """Cut the page where the article comes to some words."""
    return lambda html: html[: html.index(words, html.index('<div class="article-content">'))]


def _doubled(html: str) -> str:
    return _BODY.sub(r"\1\2\2\3", html)


def _spelled(text: str) -> str:
    """Whole numbers below ten in Chinese numerals."""
    return re.sub(r"(?<![\d.〇-九])\d(?=[个家所名])", lambda found: found[0].translate(_HAN), text)


def _unlisted(text: str) -> str:
    return re.sub(r'"articles": \[.*\]', '"articles": []', re.sub(r'"total": \d+', '"total": 0', text))


_STRANGE = {
    "form_labels",
    "form_container",
    "form_rendering",
    "form_platform",
    "document_headings",
    "document_replaced",
}
_NOTHING = {"numbers_fewer", "indicators_vanished", "observations_volume"}
_NO_LABELS = {"index_number_absent", "publisher_mismatch"}
_UNDATED = {"observations_period", "observations_period_order", "observations_period_year"}

INTRUDERS = (
    Mutant(
        name="a spam mirror's labels",
        outcome=Outcome.REJECTED,
        alert="identity_doubtful",
        codes=frozenset({"publisher_mismatch", "index_number_foreign"}),
        article=sent(swap((NEWER.publisher, "火炬资讯网"), (NEWER.index_number, "12100000400000456B/2025-00187"))),
    ),
    Mutant(
        name="traditional script",
        outcome=Outcome.REJECTED,
        alert="identity_doubtful",
        codes=frozenset(
            {"publisher_mismatch", "document_replaced", "document_headings", "form_labels"}
            | {"indicators_renamed", "indicators_vanished"}
        ),
        article=sent(lambda html: html.translate(str.maketrans(_SIMPLE, _TRADITIONAL))),
    ),
    Mutant(
        name="an advertisement in the article",
        outcome=Outcome.HELD,
        alert="numbers_added",
        codes=frozenset({"numbers_added"}),
        text=paragraph(AD),
    ),
    Mutant(
        name="a false number in the article",
        outcome=Outcome.HELD,
        alert="numbers_added",
        codes=frozenset({"numbers_added"}),
        text=paragraph(FALSE),
    ),
    Mutant(
        name="a telephone number in the article",
        outcome=Outcome.PUBLISHED,
        alert="numbers_added",
        codes=frozenset({"numbers_added"}),
        text=paragraph("广告热线：13800138000，QQ：12345678。"),
    ),
    Mutant(
        name="an advertisement in the page only",
        outcome=Outcome.HELD,
        alert="numbers_added",
        codes=frozenset({"numbers_added", "renderings_differ", "form_rendering"}),
        article=sent(within(f"<p>{AD}</p>")),
    ),
    Mutant(
        name="an advertisement in DETAIL only",
        outcome=Outcome.HELD,
        alert="numbers_added",
        codes=frozenset({"numbers_added", "renderings_differ", "form_rendering"}),
        article=sent(swap(('"content": "', f'"content": "{AD}'))),
    ),
    Mutant(
        name="an empty list",
        outcome=Outcome.UNCHANGED,
        alert="source_changed",
        codes=frozenset({"source_empty"}),
        listing=sent(_unlisted),
    ),
    Mutant(
        name="the list as a page", outcome=Outcome.SOURCE_FAILED, alert="source_changed", listing=instead(MAINTENANCE)
    ),
    Mutant(
        name="a captcha in the place of the article",
        outcome=Outcome.REJECTED,
        alert="identity_doubtful",
        codes=frozenset(_STRANGE | _NOTHING | _NO_LABELS | _UNDATED),
        article=instead(CAPTCHA),
    ),
    Mutant(
        name="a captcha in the place of the index",
        outcome=Outcome.SOURCE_FAILED,
        alert="source_changed",
        index=instead(CAPTCHA),
    ),
    Mutant(
        name="a redirect to another host",
        outcome=Outcome.SOURCE_FAILED,
        alert="source_refused",
        article=instead("", status=302, headers={"Location": "http://login.example/sso"}),
    ),
    Mutant(
        name="a redirect to a login page",
        outcome=Outcome.REJECTED,
        alert="identity_doubtful",
        codes=frozenset(_STRANGE | _NOTHING | _NO_LABELS),
        article=instead("", status=302, headers={"Location": "/login"}),
    ),
    Mutant(
        name="a notice of maintenance",
        outcome=Outcome.SOURCE_FAILED,
        alert="source_changed",
        index=instead(MAINTENANCE),
    ),
    Mutant(
        name="page not found with status 200",
        outcome=Outcome.REJECTED,
        alert="page_unreadable",
        article=instead(ABSENT),
    ),
    Mutant(
        name="an attachment in the place of the text",
        outcome=Outcome.HELD,
        alert="numbers_missing",
        codes=frozenset({"document_headings", "form_platform", "form_rendering"} | _NOTHING),
        article=body('<p>附件：<a href="/1.pdf">2024年工作总结.pdf</a></p>'),
    ),
    Mutant(
        name="the report of another year",
        outcome=Outcome.HELD,
        alert="page_replaced",
        codes=frozenset({"document_replaced", "document_headings"} | _NOTHING),
        article=instead(article_page(OLDER, 1)),
    ),
    Mutant(
        name="the newer report at the older address",
        outcome=Outcome.HELD,
        alert="page_replaced",
        codes=frozenset(
            {"document_replaced", "document_headings", "numbers_added", "indicators_vanished", "observations_volume"}
        ),
        older=instead(article_page(NEWER, 1)),
    ),
    Mutant(
        name="a page cut in the middle",
        outcome=Outcome.UNCHANGED,
        alert="numbers_missing",
        codes=frozenset({"page_cut", "renderings_differ", "form_rendering"}),
        article=sent(until("（五）民生福祉")),
    ),
    Mutant(
        name="a page cut near its end",
        outcome=Outcome.HELD,
        alert="numbers_missing",
        codes=frozenset({"page_cut", "document_headings", "form_platform", "form_rendering", "indicators_vanished"}),
        article=sent(no_detail, until("（四）增进民生福祉")),
    ),
    Mutant(
        name="bytes in another charset",
        outcome=Outcome.REJECTED,
        alert="page_unreadable",
        article=lambda reply: replace(reply, body=reply.body.decode().encode("gb18030")),
    ),
    Mutant(
        name="letters garbled twice",
        outcome=Outcome.REJECTED,
        alert="identity_doubtful",
        codes=frozenset(
            {"form_labels", "document_headings", "document_replaced", "documents_unread", "unread_risen"}
            | (_NOTHING | _NO_LABELS | _UNDATED)
        ),
        article=lambda reply: replace(reply, body=reply.body.decode("latin1").encode()),
    ),
    Mutant(
        name="letters lost",
        outcome=Outcome.HELD,
        alert="page_unreadable",
        codes=frozenset({"text_lossy", "indicators_renamed", "indicators_vanished"}),
        text=swap(("增长", "\ufffd\ufffd")),
    ),
    Mutant(
        name="percent signs lost",
        outcome=Outcome.HELD,
        alert="number_jumped",
        codes=frozenset({"unit_moved", "indicators_vanished"}),
        text=swap(("%", "")),
    ),
    Mutant(
        name="decimal points lost throughout",
        outcome=Outcome.HELD,
        alert="number_jumped",
        codes=frozenset({"magnitude_jump", "observations_growth", "observations_share"}),
        text=lambda text: _POINT.sub("", text),
    ),
    Mutant(
        name="full-width digits",
        outcome=Outcome.PUBLISHED,
        alert="form_changed",
        codes=frozenset({"document_headings"}),
        text=lambda text: text.translate(_WIDE),
    ),
    Mutant(
        name="small numbers in Chinese numerals",
        outcome=Outcome.PUBLISHED,
        alert="series_changed",
        codes=frozenset({"indicators_vanished"}),
        text=_spelled,
    ),
    Mutant(
        name="a date in the future",
        outcome=Outcome.HELD,
        alert="page_replaced",
        codes=frozenset({"document_replaced"}),
        article=sent(swap((str(NEWER.published_on), "2035-05-27"))),
    ),
    Mutant(
        name="another year in the title",
        outcome=Outcome.HELD,
        alert="page_replaced",
        codes=frozenset({"document_replaced", "period_moved"}),
        article=sent(swap((NEWER.title, NEWER.title.replace("2025", "2026").replace("2024", "2025")))),
    ),
    Mutant(
        name="a paragraph twice",
        outcome=Outcome.PUBLISHED,
        alert="numbers_added",
        codes=frozenset({"numbers_added"}),
        text=paragraph(next(text for text in NEWER.paragraphs if "573.72" in text)),
    ),
    Mutant(
        name="the article twice in the page",
        outcome=Outcome.PUBLISHED,
        alert="numbers_added",
        codes=frozenset({"numbers_added", "renderings_differ", "form_rendering", "document_headings"}),
        article=sent(_doubled),
    ),
)
