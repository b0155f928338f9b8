"""Chat bots that refuse a message with status 200: DingTalk, WeCom, Feishu and Lark.

They answer with status 200 to a wrong key, a missing keyword or too many messages, and say so in the body; apprise
looks at the status alone. So apprise parses their addresses, and the messages are posted here. (apprise 1.13 also
escapes the signature of DingTalk twice, which DingTalk rejects.)
"""

import base64
import hashlib
import hmac
import time
from collections.abc import Callable, Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

import httpx

Plugin = Any
"""A channel as apprise parsed its address; each plugin has attributes of its own."""

_WECOM_BYTES = 2000
"""WeCom refuses a text of more than 2,048 bytes."""
_CODES = ("errcode", "code", "StatusCode")


def post_to_bot(plugin: Plugin, title: str, body: str) -> str:
    """Post a message to a bot and read its answer.

    Args:
        plugin: The channel, whose schema is in `BOTS`.
        title: The first line of the text.
        body: The rest of the text.

    Returns:
        The reason why the bot did not take the message, or "".
    """
    url, payload = BOTS[plugin.secure_protocol](plugin, f"{title}\r\n{body}")
    connect, read = plugin.request_timeout
    plugin.throttle()
    try:
        answer = httpx.post(
            url,
            json=payload,
            headers={"User-Agent": plugin.app_id},
            timeout=httpx.Timeout(read, connect=connect),
            verify=plugin.verify_certificate,
        )
    except httpx.HTTPError:
        return "not delivered: no connection"
    if answer.status_code != HTTPStatus.OK:
        return f"HTTP {answer.status_code}"
    code = refusal_code(answer)
    return code and f"refused with code {code}"


def refusal_code(answer: httpx.Response) -> str:
    """Return the code with which an answer refuses a message, or ""."""
    try:
        body = answer.json()
    except ValueError:
        return ""
    if not isinstance(body, dict):
        return ""
    return next((str(body[name]) for name in _CODES if body.get(name) not in {None, 0, "0"}), "")


def _dingtalk(plugin: Plugin, text: str) -> tuple[str, dict[str, Any]]:
    url = plugin.notify_url.format(token=plugin.token)
    if plugin.secret:
        timestamp = str(round(time.time() * 1000))
        digest = hmac.new(plugin.secret.encode(), f"{timestamp}\n{plugin.secret}".encode(), hashlib.sha256).digest()
        url += "&" + urlencode({"timestamp": timestamp, "sign": base64.b64encode(digest)})
    at = {"atMobiles": plugin.targets, "isAtAll": False}
    return url, {"msgtype": "text", "text": {"content": text}, "at": at}


def _wecom(plugin: Plugin, text: str) -> tuple[str, dict[str, Any]]:
    content = text.encode()[:_WECOM_BYTES].decode(errors="ignore")
    return plugin.notify_url.format(key=plugin.key), {"msgtype": "text", "text": {"content": content}}


def _feishu(plugin: Plugin, text: str) -> tuple[str, dict[str, Any]]:
    return plugin.notify_url.format(token=plugin.token), {"msg_type": "text", "content": {"text": text}}


def _lark(plugin: Plugin, text: str) -> tuple[str, dict[str, Any]]:
    return f"{plugin.notify_url}{plugin.token}", {"msg_type": "text", "content": {"text": text}}


BOTS: Mapping[str, Callable[[Plugin, str], tuple[str, dict[str, Any]]]] = MappingProxyType(
    {"dingtalk": _dingtalk, "wecombot": _wecom, "feishu": _feishu, "lark": _lark}
)
"""The address and the payload of a request to each kind of bot, by the schema of its address."""
