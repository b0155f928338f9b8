"""Messages really sent: to a mail server, to webhooks and, by apprise's own plugins, to where chat groups listen."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from typing import Any
from unittest.mock import Mock

import pytest
from apprise.plugins.dingtalk import NotifyDingTalk
from apprise.plugins.feishu import NotifyFeishu
from apprise.plugins.lark import NotifyLark
from apprise.plugins.slack import NotifySlack
from apprise.plugins.wecombot import NotifyWeComBot
from support.receivers import Hook, hook, mailbox

from infra import notifications
from infra.notifications import Delivery, Message, addresses, deliver, redacted

TOKEN = "5ecretT0ken"
SLACK = f"slack://T1JJ3T3L2/A1BRTD4JD/{TOKEN}{TOKEN}ab/#nights"
NEWS = Message(
    key="source_down",
    title="公报报警 torch：来源网站无法访问 | Gongbao alert, torch: The source cannot be reached",
    body="来源网站无法访问。\n位置：http[:]//a.example/1\n\nThe source cannot be reached.\n- 说 ＜b＞ * _x_ & c",
    importance="failure",
)
OTHER = Message(key="form_changed", title="公报 | Gongbao", body="形式已变", importance="warning")


@pytest.fixture(autouse=True)
def brisk_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notifications, "MIN_INTERVAL_SECONDS", 0.0)


@pytest.fixture
def listening(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hook]:
    """A web server in the place of the four services; their plugins are apprise's own, but for where they post to."""
    with hook(answer=b'{"errcode": 0, "errmsg": "ok", "code": 0, "data": {}, "msg": "success"}') as found:
        monkeypatch.setattr(NotifyDingTalk, "notify_url", f"{found.base}/robot/send?access_token={{token}}")
        monkeypatch.setattr(NotifyWeComBot, "notify_url", f"{found.base}/cgi-bin/webhook/send?key={{key}}")
        monkeypatch.setattr(NotifyFeishu, "notify_url", f"{found.base}/open-apis/bot/v2/hook/{{token}}/")
        monkeypatch.setattr(NotifyLark, "notify_url", f"{found.base}/open-apis/bot/v2/hook/")
        monkeypatch.setattr(NotifySlack, "webhook_url", f"{found.base}/services")
        yield found


def sent(url: str, *messages: Message, timeout: float = 20.0) -> tuple[Delivery, ...]:
    return deliver([url], messages or (NEWS,), timeout)


def body(found: Hook) -> Any:  # noqa: ANN401 - what a service was sent
    (post,) = found.posts
    assert post.headers["Content-Type"].startswith("application/json")
    return post.body


class TestChannels:
    def test_mail_comes_as_text_in_both_languages_with_the_title_for_its_subject(self) -> None:
        with mailbox() as box:
            (delivery,) = sent(f"mailto://127.0.0.1:{box.port}?from=gongbao@a.example&to=night@b.example&mode=insecure")
        (mail,) = box.mails
        assert delivery.error == ""
        assert mail["To"] == "night@b.example"
        assert mail["Subject"] == NEWS.title
        (part,) = [part for part in mail.walk() if part.get_content_maintype() == "text"]
        assert part.get_content_type() == "text/plain"
        assert part.get_content().split() == NEWS.body.split()

    def test_a_webhook_gets_json_with_title_message_and_kind(self) -> None:
        with hook() as found:
            (delivery,) = sent(f"json://user:{TOKEN}@{found.place}/hooks/{TOKEN}")
        told = body(found)
        assert delivery == Delivery(place=1, channel="json://***", message="source_down")
        assert found.posts[0].path == f"/hooks/{TOKEN}"
        assert (told["title"], told["message"], told["type"]) == (NEWS.title, NEWS.body, "failure")

    def test_slack_gets_an_attachment_whose_text_is_no_markup(self, listening: Hook) -> None:
        listening.answer = b"ok"
        (delivery,) = sent(SLACK)
        told = body(listening)
        assert delivery.error == ""
        assert listening.posts[0].path == f"/services/T1JJ3T3L2/A1BRTD4JD/{TOKEN}{TOKEN}ab"
        (attachment,) = told["attachments"]
        assert (told["channel"], told["mrkdwn"], attachment["title"]) == ("#nights", False, NEWS.title)
        assert "The source cannot be reached." in attachment["text"]
        assert "github" not in str(told), "a picture of a third party"

    @pytest.mark.parametrize("form", ["", "?format=markdown"])
    def test_dingtalk_gets_a_text_and_a_signature_that_is_escaped_once(self, listening: Hook, form: str) -> None:
        (delivery,) = sent(f"dingtalk://SEC0ffee@{TOKEN}/{form}")
        told = body(listening)
        assert delivery.error == ""
        content = told["text"].pop("content")
        assert told == {"msgtype": "text", "text": {}, "at": {"atMobiles": [], "isAtAll": False}}
        assert content.startswith(NEWS.title)
        assert NEWS.body in content
        path = listening.posts[0].path
        assert path.startswith(f"/robot/send?access_token={TOKEN}&timestamp=")
        assert path.endswith("%3D")
        assert "%25" not in path

    @pytest.mark.parametrize(
        ("schema", "path", "keys"),
        [
            ("wecombot", f"/cgi-bin/webhook/send?key={TOKEN}", ("msgtype", "text", "content")),
            ("feishu", f"/open-apis/bot/v2/hook/{TOKEN}/", ("msg_type", "content", "text")),
            ("lark", f"/open-apis/bot/v2/hook/{TOKEN}", ("msg_type", "content", "text")),
        ],
    )
    def test_wecom_feishu_and_lark_get_a_text(
        self, listening: Hook, schema: str, path: str, keys: tuple[str, str, str]
    ) -> None:
        (delivery,) = sent(f"{schema}://{TOKEN}")
        told, (kind, outer, inner) = body(listening), keys
        assert delivery.error == ""
        assert listening.posts[0].path == path
        assert (set(told), told[kind]) == ({kind, outer}, "text")
        assert NEWS.body in told[outer][inner]

    def test_a_text_for_wecom_is_cut_to_what_it_takes_in_the_middle_of_no_character(self, listening: Hook) -> None:
        long = Message(key="long", title=NEWS.title, body="数" * 3000, importance="warning")
        assert sent(f"wecombot://{TOKEN}", long)[0].error == ""
        content = body(listening)["text"]["content"]
        assert 1900 < len(content.encode()) <= 2048
        assert content.startswith(NEWS.title)
        assert content.endswith("数")

    def test_several_messages_come_in_their_order_and_each_channel_gets_them_all(self) -> None:
        with hook() as one, hook() as two:
            told = deliver([f"json://{found.place}" for found in (one, two)], (NEWS, OTHER))
        assert [[post.body["title"] for post in found.posts] for found in (one, two)] == [[NEWS.title, OTHER.title]] * 2
        keys = [(place, message.key) for place in (1, 2) for message in (NEWS, OTHER)]
        assert [(each.place, each.message) for each in told] == keys

    def test_nothing_to_tell_or_nobody_to_tell_it_to_opens_nothing(self) -> None:
        with hook() as found:
            assert deliver([f"json://{found.place}"], ()) == ()
        assert deliver([], (NEWS,)) == ()
        assert found.posts == []


class TestFailures:
    @pytest.mark.parametrize(
        ("schema", "answer", "number"),
        [
            ("dingtalk", b'{"errcode": 310000, "errmsg": "keywords not in content"}', 310000),
            ("wecombot", b'{"errcode": 93000, "errmsg": "invalid webhook url"}', 93000),
            ("feishu", b'{"code": 19021, "msg": "sign match fail"}', 19021),
            ("lark", b'{"StatusCode": 19021, "msg": "sign match fail"}', 19021),
        ],
    )
    def test_a_robot_that_says_no_was_not_told(self, listening: Hook, schema: str, answer: bytes, number: int) -> None:
        listening.answer = answer
        assert sent(f"{schema}://{TOKEN}")[0].error == f"refused with code {number}"

    def test_a_robot_that_says_yes_in_whatever_words_was_told(self, listening: Hook) -> None:
        for listening.answer in (b"", b"<html>", b"[]", b'"ok"', b'{"errcode": 0}', b'{"StatusCode": 0}'):
            assert sent(f"dingtalk://{TOKEN}")[0].error == ""

    def test_a_webhook_or_a_bot_that_refuses_is_told_by_its_status(self, listening: Hook) -> None:
        for listening.status in (302, 400, 403, 404, 429, 500, 503):
            for address in (f"json://{listening.place}/{TOKEN}", f"dingtalk://{TOKEN}"):
                assert sent(address)[0].error == f"HTTP {listening.status}"

    def test_a_mail_server_that_knows_no_such_mailbox_did_not_take_it(self) -> None:
        with mailbox(refuses=True) as box:
            (delivery,) = sent(f"mailto://127.0.0.1:{box.port}?from=a@a.example&to=b@b.example&mode=insecure")
        assert (delivery.channel, box.mails) == ("mailto://***", [])
        assert delivery.error

    def test_a_channel_that_hangs_is_left_behind_and_the_others_are_told(self) -> None:
        with hook(hangs=threading.Event()) as slow, hook() as quick:
            told = deliver([f"json://{slow.place}?rto=50", f"json://{quick.place}"], (NEWS,), timeout=1.0)
            assert slow.hangs
            assert not slow.hangs.is_set(), "it still hangs: nobody waited for it"
        assert [one.error for one in told] == ["no answer in time", ""]

    @pytest.mark.parametrize("raising", ["apprise.plugins.slack.NotifySlack.notify", "httpx.post"])
    def test_a_channel_that_raises_is_named_by_its_error_alone(
        self, listening: Hook, monkeypatch: pytest.MonkeyPatch, raising: str
    ) -> None:
        monkeypatch.setattr(raising, Mock(side_effect=MemoryError(TOKEN)))
        url = f"feishu://{TOKEN}" if raising == "httpx.post" else SLACK
        with hook() as found:
            failed, told = deliver([url, f"json://{found.place}"], (NEWS,))
        assert failed.error
        assert TOKEN not in failed.error
        assert told.error == ""
        assert listening.posts == []

    def test_what_is_no_address_is_a_delivery_that_failed(self) -> None:
        for url in (TOKEN, "nobody://x", "slack://x", f"wecombot://{TOKEN}+{TOKEN}", "://", "json://"):
            (delivery,) = sent(url)
            assert delivery.error
            assert TOKEN not in str(delivery.as_record())

    def test_a_port_that_nobody_listens_at_is_a_delivery_that_failed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        assert sent(f"json://127.0.0.1:1/{TOKEN}")[0].error == "not delivered: refused, or no connection"
        monkeypatch.setattr(NotifyFeishu, "notify_url", "http://127.0.0.1:1/{token}/")
        assert sent(f"feishu://{TOKEN}")[0].error == "not delivered: no connection"


class TestSecrets:
    @pytest.mark.parametrize("status", [200, 403])
    def test_no_log_at_any_level_holds_a_word_of_an_address(
        self, listening: Hook, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str], status: int
    ) -> None:
        listening.status = status
        places = {"json": f"{listening.place}/{TOKEN}", "slack": f"T1JJ3T3L2/{TOKEN}/{TOKEN}{TOKEN}ab"}
        with caplog.at_level(logging.DEBUG):
            for name in ("apprise", "httpcore", "httpx", "urllib3", "urllib3.connectionpool"):
                caplog.set_level(logging.DEBUG, name)
            for schema in ("json", "dingtalk", "wecombot", "feishu", "lark", "slack"):
                told = sent(f"{schema}://{places.get(schema, TOKEN)}") + sent(f"wecombot://{TOKEN}+")
                assert TOKEN not in caplog.text + "".join(capfd.readouterr()) + str(told), schema

    def test_what_others_log_is_heard_as_before(self, caplog: pytest.LogCaptureFixture) -> None:
        sent("json://127.0.0.1:1")
        with caplog.at_level(logging.WARNING):
            logging.getLogger("urllib3.connectionpool").warning("of somebody else")
        assert "of somebody else" in caplog.text

    def test_of_an_address_its_scheme_is_shown(self) -> None:
        shown = {"dingtalk://abcdef": "dingtalk://***", " MAILTO://u:p@h": "mailto://***", "abcdef": "***", "": "***"}
        shown |= {"https://hooks.slack.com/services/T/B/x": "https://***"}
        assert {address: redacted(address) for address in shown} == shown


def test_addresses_are_parted_by_blanks_and_by_commas_but_not_by_those_within_one() -> None:
    assert addresses("") == addresses(" \n") == ()
    assert addresses("json://a/1") == ("json://a/1",)
    assert addresses("json://a/1,dingtalk://b") == ("json://a/1", "dingtalk://b")
    assert addresses("json://a/1, dingtalk://b\n slack://c,") == ("json://a/1", "dingtalk://b", "slack://c")
    several = "mailto://h?to=a@a.example,b@b.example json://c"
    assert addresses(several) == ("mailto://h?to=a@a.example,b@b.example", "json://c")
