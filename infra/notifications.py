"""Messages to people through the channels that an operator names: mail, webhooks, chat groups.

A channel is an address in the notation of apprise. Such an address is a secret: only its place in the list and its
scheme are ever shown. No channel can fail a run or delay it beyond its time limit.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from multiprocessing.pool import ThreadPool
from time import monotonic
from typing import TYPE_CHECKING, Literal

from infra.logs import capture_http_logs

if TYPE_CHECKING:
    from apprise import Apprise

Importance = Literal["success", "warning", "failure"]

TIMEOUT_SECONDS = 90.0
"""The longest that all channels together may take: enough for a slow mail server, and for twenty messages."""

MIN_INTERVAL_SECONDS = 3.0
"""Seconds between two messages on one channel: DingTalk blocks a bot that sends more than 20 in a minute."""

_SCHEME = re.compile(r"\s*([a-z][a-z0-9+.-]{1,15})://", re.IGNORECASE)
_STATUS = re.compile(r"error=([0-9]{3})\b")
_SEPARATOR = re.compile(r"\s+|,(?=\s*[A-Za-z][A-Za-z0-9+.-]*://)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message; `key` identifies it among those of a run."""

    key: str
    title: str
    body: str
    importance: Importance


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """The result of one message on one channel.

    Attributes:
        place: The position of the channel's address in the list, from 1.
        channel: The redacted address.
        message: The key of the message.
        error: Why it was not delivered, or "".
    """

    place: int
    channel: str
    message: str
    error: str = ""

    def as_record(self) -> dict[str, object]:
        """Return the delivery as a JSON object."""
        return {"place": self.place, "channel": self.channel, "message": self.message, "error": self.error}


def addresses(text: str) -> tuple[str, ...]:
    """Split a setting into addresses: at white space, and at commas that precede a scheme."""
    return tuple(address for part in _SEPARATOR.split(text) if (address := part.strip(",")))


def redacted(address: str) -> str:
    """Return the scheme of an address; everything else, even its host, can be a token."""
    scheme = _SCHEME.match(address)
    return f"{scheme[1].lower()}://***" if scheme else "***"


def deliver(urls: Sequence[str], messages: Sequence[Message], timeout: float = TIMEOUT_SECONDS) -> tuple[Delivery, ...]:
    """Send every message to every channel, all channels at the same time.

    The threads are daemons: a channel that hangs is abandoned and does not keep the process alive.

    Args:
        urls: The addresses of the channels.
        messages: The messages, sent in this order.
        timeout: Seconds after which what was not sent counts as not delivered.

    Returns:
        A delivery for each channel and message.
    """
    if not (urls and messages):
        return ()
    deadline = monotonic() + timeout
    pool = ThreadPool(len(urls))
    channels = []
    for url in urls:
        errors: dict[str, str] = {}
        sending = pool.apply_async(_send_all, (url, messages, errors), error_callback=partial(_record_failure, errors))
        channels.append((url, errors, sending))
    pool.close()
    deliveries = []
    for place, (url, errors, sending) in enumerate(channels, start=1):
        sending.wait(max(0.0, deadline - monotonic()))
        deliveries += [
            Delivery(
                place=place,
                channel=redacted(url),
                message=message.key,
                error=errors.get(message.key, errors.get("", "no answer in time")),
            )
            for message in messages
        ]
    return tuple(deliveries)


def _send_all(url: str, messages: Sequence[Message], errors: dict[str, str]) -> None:
    """Send all messages on one channel; `errors` gets the result of each."""
    with capture_http_logs() as log:
        send = _open_channel(url, log)
        for message in messages:
            errors[message.key] = send(message)


def _record_failure(errors: dict[str, str], error: BaseException) -> None:
    errors[""] = type(error).__name__  # its message may hold the address


def _open_channel(url: str, log: list[str]) -> Callable[[Message], str]:
    """Open a channel and return the function that sends a message on it and returns the error or ""."""
    from apprise import Apprise, AppriseAsset, NotifyFormat  # noqa: PLC0415 - slow, and most runs send nothing

    from infra.chat_bots import BOTS, post_to_bot  # noqa: PLC0415 - as above

    asset = AppriseAsset(app_id="Gongbao", app_desc="Gongbao", app_url="", async_mode=False)
    asset.image_url_mask = asset.image_url_logo = ""  # no chat program fetches a picture from a third party
    channel = Apprise(asset=asset)
    if not channel.add(url):
        return lambda _: "not an address that apprise reads"
    plugin = channel[0]
    plugin.notify_format = NotifyFormat.TEXT  # evidence is text: nothing in it becomes a tag, a link or a mention
    plugin.request_rate_per_sec = MIN_INTERVAL_SECONDS
    if plugin.secure_protocol in BOTS:
        return lambda message: post_to_bot(plugin, message.title, message.body)
    return partial(_notify, channel, log)


def _notify(channel: Apprise, log: list[str], message: Message) -> str:
    from apprise import NotifyFormat, NotifyType  # noqa: PLC0415 - as above

    log.clear()
    kind = NotifyType(message.importance)
    if channel.notify(body=message.body, title=message.title, notify_type=kind, body_format=NotifyFormat.TEXT):
        return ""
    status = next(filter(None, map(_STATUS.search, log)), None)
    return f"HTTP {status[1]}" if status else "not delivered: refused, or no connection"
