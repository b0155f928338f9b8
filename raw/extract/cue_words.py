"""The closed lists of words before a number, each with its roles."""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from types import MappingProxyType


class CueRole(StrEnum):
    """What a word before a number contributes to its reading."""

    RISE = "rise"
    FALL = "fall"
    TO = "to"
    REACH = "reach"
    DONE = "done"
    EVERY = "every"
    SHARE = "share"
    RANKING = "ranking"
    STREAK = "streak"
    IMPROVE = "improve"
    COMPARE_UP = "compare_up"
    COMPARE_DOWN = "compare_down"
    ABOVE = ">"
    AT_LEAST = ">="
    ABOUT = "~"
    AT_MOST = "<="
    BELOW = "<"
    RESPECTIVELY = "respectively"
    EACH = "each"
    AVERAGE = "average"
    COMPOUND = "compound"
    FROM = "from"
    FILL = "fill"
    YEAR_ON_YEAR = "year_on_year"
    VERSUS = "versus"
    COMPLETION = "completion"


_WORDS = MappingProxyType(
    {
        CueRole.RISE: (
            "加快 回升 增长 增加 提高 提升 上升 上涨 增 升 涨 扩大 增幅 增速 增幅达 增速达 增长率 跃升 前移 "
            "增收 增支 增产 增盈 多收 进位 递增 增速为 增幅为 年均增长 年均实际增长 年均增速 年均名义增长 "
            "复合增长率 复合增长 "
            "年复合增长率 年均复合增长率 的增长率 年均增长率"
        ),
        CueRole.FALL: (
            "下降 降低 减少 减收 减支 减产 减亏 短收 精简 收窄 回落 下滑 缩减 压减 压降 下跌 负增长 缩短 降 减 "
            "后移 下调 降幅 降幅达 "
            "年均下降 削减 放缓 缩小 压缩"
        ),
        CueRole.IMPROVE: "改善",
        CueRole.TO: (
            "增至 升至 降至 降到 增加到 增加至 增长到 增长至 提高到 提高至 提升到 提升至 扩大到 扩大至 下降到 "
            "下降至 减少到 减少至 上升至 上升到 发展到 回升到 回升至 升到 增到 压减到 缩短至 缩短到 降低至 "
            "降低到 精简到 精简至 精简为 压减至 减至 减少为 下降为 增加为 提高为 提升为 压缩为 调整为 调整到 "
            "调整至 核减为 收窄至 收窄到 回落至 回落到 压降至 压降到 下调至 下调到 扩展到 "
            "拓展到 缩小至 缩小到 "
            "压缩至 压缩到"
        ),
        CueRole.REACH: (
            "达到 达 为 是 有 至 到 稳定在 保持在 维持在 突破 首破 迈上 跨上 站上 跨越 目标为 可达 "
            "首次突破 超过 控制在 设定为"
        ),
        CueRole.DONE: "完成 实现 共 共计 合计 总计 累计 累计达 建成 超额完成",
        CueRole.EVERY: "每年 累计 累计达 年均",
        CueRole.SHARE: "占 占到 约占",
        CueRole.RANKING: "居 在 位居 位列 列 并列 排名 排 排在 居于 稳居 跃居 名列 前 升至 跃升至 跃至 排位 保持",
        CueRole.STREAK: "连续",
        CueRole.COMPARE_UP: "高 快 高于 快于 高出 跑赢 好于 多于 大于",
        CueRole.COMPARE_DOWN: "低 慢 低于 慢于 少于 小于",
        CueRole.ABOVE: "超过 超 突破 首破 逾 超出 首次突破 迈上 迈过 跨过 跨越 过 站上 跨上 高于 大于 多于",
        CueRole.AT_LEAST: "不少于 不低于 至少 不小于 不少 达到或超过",
        CueRole.ABOUT: "约 近 大约 约为 接近 将近 大概 约占",
        CueRole.AT_MOST: "不超过 不高于 不多于 不大于 控制在",
        CueRole.BELOW: "不足 不到 低于 少于 小于",
        CueRole.RESPECTIVELY: "分别 依次",
        CueRole.EACH: "均 都 双双",
        CueRole.AVERAGE: "年均 年平均 平均每年 年均增速 年均增长 年均实际增长 年均名义增长 年均下降 年均增长率",
        CueRole.COMPOUND: "复合 年复合 两年复合增长率 复合增长 年均复合 复合增长率 年复合增长率 年均复合增长率",
        CueRole.FROM: "从 由",
        CueRole.YEAR_ON_YEAR: (
            "同比 环比 比上年 较上年 比上年同期 较上年同期 比上年末 较上年末 比年初 较年初 比去年 较去年 变动"
        ),
        CueRole.FILL: (
            "同比 有望 较往年 比往年 "
            "环比 比上年 较上年 比上年同期 较上年同期 比上年末 较上年末 可比 按可比口径 按可比价 同口径 "
            "可比口径 较上一年度 较上年度 比去年 较去年 比年初 较年初 较 比 实际 "
            "名义 已 将 再 又 的 了 全部 总共 预计 预期 力争 争取 确保 首次 同期 再次 成功 并 其中 继续 幅度 "
            "率先 大幅 进一步 年度 净 需 由 从 省内 年内 翻 转为 每立方米 每人 每人每月 每人每年 人均每月 "
            "每生每年 每月 每公顷 每亩 两年 三年 "
            "五年 当年 全面 超额 目标 的增长率"
        ),
    }
)
_LONGEST = 8


@cache
def roles() -> MappingProxyType[str, frozenset[CueRole]]:
    """Return the roles of each listed word."""
    table: dict[str, set[CueRole]] = {}
    for role, words in _WORDS.items():
        for word in words.split():
            table.setdefault(word, set()).add(role)
    return MappingProxyType({word: frozenset(all_roles) for word, all_roles in table.items()})


def last_word(phrase: str) -> str:
    """Return the longest listed word at the end of a phrase, empty where there is none."""
    lengths = range(min(_LONGEST, len(phrase)), 0, -1)
    return next((phrase[-n:] for n in lengths if phrase[-n:] in roles()), "")
