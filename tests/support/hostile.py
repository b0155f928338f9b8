"""A report written to attack whoever opens the data in a spreadsheet program, on a site that serves it."""

from __future__ import annotations

from datetime import date
from html import escape
from typing import TYPE_CHECKING

from support import portal
from support.cms import PUBLISHER, REGISTRY
from support.website import Reply

from raw.samples.articles import Article
from raw.samples.pages import article_page, article_path

if TYPE_CHECKING:
    from pathlib import Path

    from support.website import Website

DDE = "=cmd|' /C calc'!A0"
LINK = '=HYPERLINK("http://evil.example","x")'
PAYLOADS = (DDE, LINK, "+1+1", "@SUM(1)", "-2+3", "\t=1+1", "＝1+1", "＋1+1", "－2+3", "＠SUM(1)")
TITLE = f"{DDE}2024年工作总结暨2025年工作部署"
LABELS = {
    "索引号": "=1+1/2025-00206",
    "分类": "+1+1",
    "发布机构": f"@SUM(1){PUBLISHER}",
    "成文日期": "-2+3",
    "名称": TITLE,
    "文号": "\t=1+1",
    "发布日期": "2025-05-29",
    "主题词": f"＝1+1;{LINK}",
}
REPORT = Article(
    id=2_612_345,
    title=TITLE,
    published_on=date(2025, 5, 29),
    index_number="",
    publisher=PUBLISHER,
    paragraphs=(
        "一、2024年工作总结",
        "(一)=1+1经济运行",
        *(f"{payload}地区生产总值{500 + place}.5亿元,增长3.{place}%。" for place, payload in enumerate(PAYLOADS)),
        *(f"{payload}企业达{place + 21}家。" for place, payload in enumerate(PAYLOADS)),
        "全年完成=1+1万亩、+2+2家、-3%、@SUM(1)元。",
        "二、2025年工作部署",
        "=1+1产值力争增长6%以上。",
        "名词解释",
        *(f"{place}.{payload}:{payload}。" for place, payload in enumerate(PAYLOADS, start=1)),
    ),
)


def page(labels: dict[str, str] | None = None) -> bytes:
    """The report's page with what the attacker put into its labels."""
    cells = "".join(
        f"<tr><td>{name}：</td><td>{escape(text)}</td></tr>" for name, text in (LABELS | (labels or {})).items()
    )
    head, _, rest = article_page(REPORT, 1).partition('<table class="classify">')
    return f'{head}<table class="classify">{cells}</table>{rest.partition("</table>")[2]}'.encode()


def put_report(site: Website, folder: Path) -> str:
    """Let a site list and show the report; the registry file whose one source, `seed`, it is."""
    portal.put_site(site, portal.article(REPORT.id, TITLE))
    html = {"Content-Type": "text/html; charset=utf-8"}
    site.put(portal.PREFIX + article_path(REPORT), Reply(body=page(), headers=html))
    file = folder / "sources.toml"
    entry = REGISTRY.format(base=site.base + portal.PREFIX, publisher=PUBLISHER)
    file.write_text(entry.replace('uscc = "11442000007333422Y"\n', ""), encoding="utf-8")
    return str(file)
