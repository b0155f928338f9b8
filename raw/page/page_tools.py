"""The tools of a page around and in its article (打印, 字体, 扫一扫), which are not part of the report."""

import re
from collections.abc import Iterator
from itertools import accumulate, pairwise

from raw.page.canonical_text import Canonical, joined
from raw.page.label_table import COUNTER

_TOOL = re.compile(
    r"打印(?:此页|本页)?|关闭(?:窗口|本页)?|(?:文字|字体|字)(?:大小|号)|字体|下载|全屏|收藏|加大|放大|还原|减小|缩小|"
    r"分享到?|我要纠错|内容纠错|纠错|扫一扫|在手机(?:上)?(?:打开|查看)(?:当前|本)页面?|返回顶部|微信|微博|QQ空间|Qzone|"
    r"上一篇|下一篇|相关(?:附件|阅读|稿件|链接|新闻|文章|解读)|关联稿件|文件下载"
)
# What stands between and beside tools: brackets, and the sizes of the type.
_REST = re.compile(r"[\s【】\[\]()（）|:：大中小T]*")
_COUNTED = re.compile(rf"[^。\n]{{0,80}}(?:{COUNTER})\s*[:：][\s\d—-]*次?\s*")


def without_tools(content: Canonical) -> Canonical:
    """Return a text without the lines that only hold the page's tools or its view counter."""
    lines = lines_of(content.text)
    return joined(content.cut(start, end) for start, end in lines if not is_tool(content.text[start:end]))


def is_tool(line: str) -> bool:
    """Return whether a line is a tool of the page (打印, 字体) or holds its view counter."""
    rest = _TOOL.sub("", line)
    # A row of a table may say 大, 中 and 小 of enterprises.
    of_tools = _REST.fullmatch(rest) and not line.isspace() and (rest != line or "\t" not in line)
    return bool(line and of_tools) or bool(_COUNTED.fullmatch(line))


def lines_of(text: str) -> Iterator[tuple[int, int]]:
    """Return where each line starts and ends."""
    ends = accumulate(text.split("\n"), lambda end, line: end + len(line) + 1, initial=0)
    return ((start, end - 1) for start, end in pairwise(ends))
