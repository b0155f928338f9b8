"""Traditional and formal characters of numerals and units, each with the plain one it stands for."""

from __future__ import annotations

import re
from typing import Final

# Only characters of numbers and units: all other words of a report are read as written.
_SAFE = "億萬兩點幾餘負個戶噸畝頃臺輛條項間處張場車輪筆單門顆層種對時歲級類組區縣鎮鄉標準塊歐幣"
_PLAIN = "亿万两点几余负个户吨亩顷台辆条项间处张场车轮笔单门颗层种对时岁级类组区县镇乡标准块欧币"
# 陆, 伍, 參 and 拾 are words too (大陆, 队伍, 參加, 收拾): they count where a digit and its place stand together.
_FORMAL = "壹贰貳弍叁參叄参肆伍陆陸柒捌玖拾佰仟"
_WORDS = "一二二二三三三三四五六六七八九十百千"
_TO_PLAIN: Final = str.maketrans(_SAFE, _PLAIN)
_TO_WORDS: Final = str.maketrans(_FORMAL, _WORDS)
_AMOUNT = re.compile(rf"(?:[{_FORMAL[:-3]}][拾佰仟][零〇]?)+[{_FORMAL[:-3]}]?")


def simplified(text: str) -> str:
    """Return a text with plain characters for the traditional ones of numbers and units and for formal amounts."""
    return _AMOUNT.sub(lambda amount: amount.group().translate(_TO_WORDS), text.translate(_TO_PLAIN))


def spelt(numeral: str) -> str:
    """Return a single numeral with plain characters for all traditional and formal ones."""
    return numeral.translate(_TO_PLAIN).translate(_TO_WORDS)
