"""What the robots of chat groups need beyond what apprise does: their answers read, and DingTalk's signature whole.

DingTalk, WeCom, Feishu and Lark answer with status 200 to what they refuse (a wrong key, a missing keyword, too many
messages), and apprise looks at the status alone: their message would count as delivered. Their answers pass through
here, and one that says no becomes a status that apprise takes for one.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from http import HTTPStatus
from types import MappingProxyType, ModuleType
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

if TYPE_CHECKING:
    from apprise.plugins import NotifyBase
    from requests import Response

MOST_BYTES = MappingProxyType({"wecombot": 2000})
"""What a service takes at most, where apprise would send more: WeCom refuses a text of more than 2,048 bytes."""

_ROBOTS = frozenset({"dingtalk", "wecombot", "feishu", "lark"})
_VERDICTS = ("errcode", "code", "StatusCode")

OnRefused = Callable[[str], None]
"""Is told the number by which a service says why it refuses a message."""


class _ResponseInterceptor:
    """The library of requests as a plugin sees it, whose answers are read on their way."""

    def __init__(self, library: ModuleType, tell: OnRefused) -> None:
        """Keep the library, and whom to tell of a refusal."""
        self._library, self._tell = library, tell

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the library has under that name
        return getattr(self._library, name)

    def post(self, *given: Any, **named: Any) -> Response:  # noqa: ANN401 - what the library takes
        """Post, and turn an answer that says no into a status that says so."""
        answer: Response = self._library.post(*given, **named)
        if number := refusal(answer):
            self._tell(number)
            answer.status_code = HTTPStatus.BAD_REQUEST
        return answer


def refusal(answer: Response) -> str:
    """The number by which an answer refuses a message, "" where it does not."""
    try:
        said = answer.json()
    except ValueError:
        return ""
    if not isinstance(said, dict):
        return ""
    return next((str(said[name]) for name in _VERDICTS if said.get(name) not in {None, 0, "0"}), "")


def prepare(plugin: NotifyBase, schema: str, tell: OnRefused) -> None:
    """Make a channel of these services one whose answers are read; any other stays as it is."""
    if schema not in _ROBOTS:
        return
    module = sys.modules[type(plugin).__module__]
    if not isinstance(module.requests, _ResponseInterceptor):
        vars(module)["requests"] = _ResponseInterceptor(module.requests, tell)
    if schema == "dingtalk":
        _sign_once(plugin)


def _sign_once(plugin: Any) -> None:  # noqa: ANN401 - of apprise's class, whose method is replaced
    """Let the signature be escaped once: apprise 1.13 escapes it twice, and DingTalk finds it wrong then."""
    signed = plugin.get_signature
    plugin.get_signature = lambda: tuple(map(unquote, signed()))
