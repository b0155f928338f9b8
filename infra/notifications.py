"""Messages to people, through whatever channels an operator names: mail, webhooks, chat groups.

A channel is an address as apprise reads it, and such an address is a secret: nothing here says more of it than its
place in the list and its scheme. Whatever a channel does, it cannot fail a run nor hold it for longer than it is given.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial
from multiprocessing.pool import AsyncResult, ThreadPool
from time import monotonic
from typing import TYPE_CHECKING, Final, Literal

from infra.chat_bots import MOST_BYTES, prepare

if TYPE_CHECKING:
    from apprise import Apprise

Importance = Literal["success", "warning", "failure"]

TIMEOUT_SECONDS = 90.0
"""Seconds that all channels together are given: enough for a slow mail server, and for twenty messages."""

MIN_INTERVAL_SECONDS = 3.0
"""Seconds between two messages on one channel: DingTalk shuts out a robot that sends more than 20 in a minute."""

_LOGGERS = ("apprise", "requests", "urllib3", "urllib3.connectionpool")
_HEARD: Final[ContextVar[list[str] | None]] = ContextVar("heard", default=None)
_SCHEME = re.compile(r"\s*([a-z][a-z0-9+.-]{1,15})://", re.IGNORECASE)
_STATUS = re.compile(r"error=([0-9]{3})\b")
_REFUSED = re.compile(r"refused by ([0-9]+)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message; `key` tells it from the others of a run."""

    key: str
    title: str
    body: str
    importance: Importance


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """How one message fared on one channel: the `place` of its address in the list, from 1; `error` is "" for none."""

    place: int
    channel: str
    message: str
    error: str = ""

    def as_record(self) -> dict[str, object]:
        """The delivery as a JSON object."""
        return {"place": self.place, "channel": self.channel, "message": self.message, "error": self.error}


def addresses(text: str) -> tuple[str, ...]:
    """The addresses of a setting: parted by blanks or line ends, or by commas where the next one has a scheme."""
    return tuple(one.strip(",") for one in re.split(r"\s+|,(?=\s*[A-Za-z][A-Za-z0-9+.-]*://)", text) if one.strip(","))


def redacted(address: str) -> str:
    """What may be said of an address: its scheme, for even a host can be a token."""
    found = _SCHEME.match(address)
    return f"{found[1].lower()}://***" if found else "***"


def deliver(
    urls: Sequence[str], messages: Sequence[Message], patience: float = TIMEOUT_SECONDS
) -> tuple[Delivery, ...]:
    """Send every message to every channel, the channels at the same time; those that hang are left behind.

    The threads of such a pool are daemons: one that hangs does not keep the process alive.
    """
    if not (urls and messages):
        return ()
    deadline = monotonic() + patience
    pool = ThreadPool(len(urls))
    sent = [_ChannelDelivery(pool, place, url, messages) for place, url in enumerate(urls, start=1)]
    pool.close()
    return tuple(delivery for one in sent for delivery in one.told(deadline))


class _ChannelDelivery:
    """All messages on their way through one channel, one after the other."""

    def __init__(self, pool: ThreadPool, place: int, url: str, messages: Sequence[Message]) -> None:
        """Send them off."""
        self._place, self._url, self._messages = place, url, messages
        self._errors: dict[str, str] = {}
        self._raised = ""
        self._done: AsyncResult[None] = pool.apply_async(self._send, error_callback=self._fail)

    def told(self, deadline: float) -> tuple[Delivery, ...]:
        """How each message fared by the deadline."""
        self._done.wait(max(0.0, deadline - monotonic()))
        missing = self._raised or "no answer in time"
        return tuple(
            Delivery(
                place=self._place,
                channel=redacted(self._url),
                message=one.key,
                error=self._errors.get(one.key, missing),
            )
            for one in self._messages
        )

    def _send(self) -> None:
        heard: list[str] = []
        _HEARD.set(heard)
        send = _open_channel(self._url)
        for one in self._messages:
            heard.clear()
            self._errors[one.key] = "" if send(one) else _reason(heard)

    def _fail(self, error: BaseException) -> None:
        """What a library raises may repeat the address: its name is all that is told."""
        self._raised = type(error).__name__


def _open_channel(url: str) -> Callable[[Message], bool]:
    """A channel as apprise opens it; an address that it cannot read takes nothing."""
    from apprise import Apprise, AppriseAsset, NotifyFormat  # noqa: PLC0415 - only a run that has news pays for it

    for name in _LOGGERS:
        logging.getLogger(name).addFilter(_suppress_library_logs)
    asset = AppriseAsset(app_id="Gongbao", app_desc="Gongbao", app_url="", async_mode=False)
    asset.image_url_mask = asset.image_url_logo = ""  # no chat program fetches a picture from a third party
    channel = Apprise(asset=asset)
    if not channel.add(url):
        return _unread
    for plugin in channel:
        plugin.notify_format = NotifyFormat.TEXT  # evidence is text: nothing in it becomes a tag, a link or a mention
        plugin.request_rate_per_sec = MIN_INTERVAL_SECONDS
        schema = str(plugin.secure_protocol)
        prepare(plugin, schema, _hear_refusal)
    return partial(_notify, channel, MOST_BYTES.get(schema, 0))


def _unread(_: Message) -> bool:
    _log_line("unreadable")
    return False


def _hear_refusal(number: str) -> None:
    _log_line(f"refused by {number}")


def _log_line(words: str) -> bool:
    """Keep words for the message that is under way, if this is a thread that sends one."""
    heard = _HEARD.get()
    if heard is not None:
        heard.append(words)
    return heard is not None


def _notify(channel: Apprise, most: int, message: Message) -> bool:
    from apprise import NotifyFormat, NotifyType  # noqa: PLC0415 - as above

    body = message.body
    if most:
        body = body.encode()[: most - len(message.title.encode())].decode(errors="ignore")
    kind = NotifyType(message.importance)
    return channel.notify(body=body, title=message.title, notify_type=kind, body_format=NotifyFormat.TEXT) is True


def _suppress_library_logs(record: logging.LogRecord) -> bool:
    """Keep what the libraries say in a thread that sends out of every log: it may repeat the address."""
    return not _log_line(record.getMessage())


def _reason(heard: Sequence[str]) -> str:
    """Why a channel did not take a message, as far as it can be told without a word of its address."""
    if "unreadable" in heard:
        return "not an address that apprise reads"
    for pattern, words in ((_REFUSED, "refused with code"), (_STATUS, "HTTP")):
        if found := next(filter(None, map(pattern.search, heard)), None):
            return f"{words} {found[1]}"
    return "not delivered: refused, or no connection"
