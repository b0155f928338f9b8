"""What sort of document a text is: from its title, else from the first lines of its body, else from its headings.

The kinds, and what each does to year and status, are those of `reference/OBSERVATIONS.md`.
"""

from __future__ import annotations

import re

from schemas.codelists import DocumentKind

# The first that matches counts: a plan report names a budget, and final accounts are accounts of a budget.
_TITLES = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        (DocumentKind.COMMUNIQUE, r"统\s*计\s*公\s*报"),
        (DocumentKind.FIVE_YEAR_PLAN, r"五年规划(?!.{0,6}(?:实施|执行|情况))|规划纲要|远景目标纲要"),
        (DocumentKind.PLAN_REPORT, r"发展计划|国民经济计划|计划执行情况|计划草案"),
        (DocumentKind.FINAL_ACCOUNTS, r"决算"),
        (
            DocumentKind.BUDGET_REPORT,
            r"预算(?:（|\()?草案|预算执行(?:及其他财政收支)?情况(?:和|与|及|的报告)|政府预算|预算(?:报告|公开|编制说明)",
        ),
        (
            DocumentKind.ECONOMIC_RUN,
            (
                r"(?:经济|工业|财政|预算|投资|市场|消费|外贸|物价|收支|服务业|金融|旅游)[^。，]{0,8}"
                r"(?:运行|执行|收支|完成)(?:基本|总体)?(?:情况|分析|态势)|经济形势|主要经济指标|经济(?:总量|运行|发展)"
            ),
        ),
        (
            DocumentKind.WORK_REPORT,
            r"政府工作(?:的)?报告|工作总结(?:暨|和|及).{0,12}工作(?:部署|安排|计划)|政府工作总结",
        ),
        (DocumentKind.DEPARTMENT_SUMMARY, r"工作(?:总结|要点|计划|安排|思路|打算|情况|报告)|年度总结"),
    )
)
_OPENING = re.compile(r"代表[^。，]{0,20}(?:政府|国务院|管委会)，?[^。]{0,8}(?:报告|汇报)[^。]{0,12}工作")
_REVIEW = re.compile(r"(?m)^.{0,24}(?:工作|主要工作|发展)(?:的)?(?:回顾|总结|完成情况).{0,12}$")
_PLAN = re.compile(r"(?m)^.{0,24}(?:工作(?:安排|部署|任务|打算)|重点工作|主要任务|奋斗目标|发展目标).{0,12}$")
_HEAD = 400


def kind_of(title: str, body: str) -> tuple[DocumentKind, str]:
    """Return the kind of a document and the words that show it.

    Args:
        title: The title of the page.
        body: The text of the body.
    """
    for words in (title, body[:_HEAD]):
        for kind, pattern in _TITLES:
            if match := pattern.search(words):
                return kind, match.group()
        if words is title:
            continue
        if opening := _OPENING.search(words):
            return DocumentKind.WORK_REPORT, opening.group()
    review = _REVIEW.search(body)
    plan = _PLAN.search(body, review.end()) if review else None
    return (DocumentKind.WORK_REPORT, plan.group().strip()) if plan else (DocumentKind.OTHER, "")
