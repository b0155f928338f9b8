"""What an operator may set, read once from the environment and passed down."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import urlsplit

from schemas.errors import SettingsError

LEAST_OF_PREVIOUS = 0.7
"""The share of the last release's observations that must still be there, else the release waits.

Reports are added, and one that is withdrawn keeps its numbers, so that a release only grows. `LEAST_NUMBERS` looks
after each document; this looks after all of them at once, whoever lost the rows, our own reader too: three tenths are a
whole report where there are three, and more than single corrections and better readings ever take away.
"""
MOST_UNLIKELY = 0.05
"""The share of observations outside the range of their indicator past which a release waits; up to it they only warn.

The ranges of the registry are wide, and a few readings outside them are single slips, of the source or of ours: of the
hundred numbers and more of a report one or two. A twentieth of them is a unit, or a heading, misread throughout.
"""
UNREAD_LIMIT = 0.1
"""The share of unread numbers past which a release waits for an operator.

Of eighty real reports the reader leaves one in a hundred numbers unread, and in none more than seven; a page of
another form, or half a page, leaves many more.
"""
UNREAD_RISE = 0.03
"""By how much the share of unread numbers of a document may rise before it is worth a look.

A corrected sentence moves the share of a report with some hundred numbers by less than one in a hundred; a chapter in
another form moves it by more than this, long before the limit above is reached.
"""
LEAST_NUMBERS = 0.8
"""The share of a document's numbers that must still be there, else the release waits.

A document once published is corrected by single numbers and sentences. Reports have five to ten chapters, so that a
fifth of the numbers is a chapter or two: a page that was cut, or half loaded.
"""
JUMP = 10.0
"""How many times larger or smaller a number is not believed without a look: 亿 read as 十亿, a point that was lost.

A slip of the point is ten times, one between 万 and 亿 more. Of 65 real reports that followed another (fourteen
provinces, five decades of the nation) two are held at ten times, both for a number that is no such level (507 km of new
motorways beside 11,000 of all); at four times nine are, most of them for true numbers.
"""
JUMP_FLOOR = 100.0
"""From which amount on a number of the year before is a measure for this year's, in the unit without 万 or 亿.

Counts of single things do jump (11 firms of a kind become 65 in a year, 3 may become 40); a hundred and more do not,
and amounts of money are always more. What the same document said of the same key before is a measure however small.
"""

MOST_ADDED = 0
"""How many numbers more than before a document already released may state, else the release waits.

A publisher corrects a report by changing numbers, one for one. Who adds sentences with numbers to it months later may
be its author; it may also be somebody who broke into the page, and nothing in the text tells the two apart.
"""
BESIDE = "."
"""Captures are read from the store that the pages are read from."""

_SECRET = frozenset({"alert_urls", "minisign_key", "minisign_password", "ping_url", "ssh_key", "ssh_passphrase"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of a run; `from_env` reads them, and those of keys show neither in `repr` nor in records.

    ========================  ========================  ===================  =========================================
    variable                  field                     unit                 meaning
    ========================  ========================  ===================  =========================================
    GONGBAO_STORE             store                     address              where to publish: folder, s3://bucket/prefix
    GONGBAO_CONTACT           contact                   address              whom operators and readers can write to
    GONGBAO_SITE_URL          site                 address              where the pages are read, for links to them
    GONGBAO_ARCHIVE_URL       archive              address              where captures are read: `.` beside the pages
    GONGBAO_PORTAL            portal                    0 or 1               whether releases have web pages
    GONGBAO_PACE              pace_seconds              seconds, 0 to 60     pause between two requests to one site
    GONGBAO_TIMEOUT           timeout_seconds           seconds, 1 to 600    longest wait for a site to answer
    GONGBAO_TRIES             tries                     count, 1 to 20       requests before a site counts as down
    GONGBAO_MAX_WIRE_MB       max_wire_mb               10^6 bytes, 1-1000   largest answer as sent
    GONGBAO_MAX_PAGE_MB       max_page_mb               10^6 bytes, 1-4000   largest answer once decompressed
    GONGBAO_LEAST_OF_PREVIOUS  least_of_previous        share, 0 to 1        observations that a release must have kept
    GONGBAO_MOST_UNLIKELY     most_unlikely             share, 0 to 1        levels out of range that hold a release
    GONGBAO_UNREAD_LIMIT      unread_limit              share, 0 to 1        unread numbers past which a release is held
    GONGBAO_UNREAD_RISE       unread_rise               share, 0 to 1        rise of unread numbers that is worth a look
    GONGBAO_LEAST_NUMBERS     least_numbers             share, 0 to 1        numbers of a document that must be left
    GONGBAO_JUMP              jump                      factor, 2 to 10^6    times larger or smaller that hold a release
    GONGBAO_JUMP_FLOOR        jump_floor                amount, 0 to 10^15   least amount of last year that is a measure
    GONGBAO_MOST_ADDED        most_added                count, 0 to 1000     numbers that a released page may gain
    GONGBAO_SPOOL             spool                     folder               run records that the store does not take
    GONGBAO_ALERT_URLS        alert_urls                addresses            whom to tell of alerts, for apprise
    GONGBAO_RUNBOOK_URL       runbook_url               address              where messages say that the runbook lies
    GONGBAO_PING_URL          ping_url                  address              asked after each run; {source} is its id
    GONGBAO_METRICS_FILE      metrics_file              file                 metrics of the runs; {source} is its id
    GONGBAO_MINISIGN_KEY      minisign_key              file                 secret key that signs releases, or none
    GONGBAO_MINISIGN_PASSWORD  minisign_password        text                 its password, where it has one
    GONGBAO_SSH_KEY           ssh_key                   file                 Ed25519 key that signs releases, or none
    GONGBAO_SSH_PASSPHRASE    ssh_passphrase            text                 its passphrase, where it has one
    ========================  ========================  ===================  =========================================
    """

    store: str = "data/store"
    contact: str = ""
    site: str = ""
    archive: str = ""
    portal: bool = True
    pace_seconds: float = 0.5
    timeout_seconds: float = 20.0
    tries: int = 5
    max_wire_mb: int = 16
    max_page_mb: int = 64
    least_of_previous: float = LEAST_OF_PREVIOUS
    most_unlikely: float = MOST_UNLIKELY
    unread_limit: float = UNREAD_LIMIT
    unread_rise: float = UNREAD_RISE
    least_numbers: float = LEAST_NUMBERS
    jump: float = JUMP
    jump_floor: float = JUMP_FLOOR
    most_added: int = MOST_ADDED
    spool: str = "~/.local/state/gongbao/runs"
    alert_urls: str = field(default="", repr=False)
    runbook_url: str = "docs/RUNBOOK.md"
    ping_url: str = field(default="", repr=False)
    metrics_file: str = ""
    minisign_key: str = field(default="", repr=False)
    minisign_password: str = field(default="", repr=False)
    ssh_key: str = field(default="", repr=False)
    ssh_passphrase: str = field(default="", repr=False)

    def as_record(self) -> dict[str, Any]:
        """The settings as anybody may read them: of a secret no more than whether it is set."""
        return {name: "set" if value and name in _SECRET else value for name, value in asdict(self).items()}

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Settings:
        """The settings of an environment; a variable that is absent or empty leaves its default."""
        given = _EnvReader(environ)
        default = cls()
        return cls(
            store=given.text("GONGBAO_STORE", default.store),
            contact=given.header("GONGBAO_CONTACT", default.contact),
            site=given.address("GONGBAO_SITE_URL"),
            archive=given.address("GONGBAO_ARCHIVE_URL", BESIDE),
            portal=given.switch("GONGBAO_PORTAL", default=default.portal),
            pace_seconds=given.number("GONGBAO_PACE", default.pace_seconds, 0, 60),
            timeout_seconds=given.number("GONGBAO_TIMEOUT", default.timeout_seconds, 1, 600),
            tries=given.count("GONGBAO_TRIES", default.tries, 1, 20),
            max_wire_mb=given.count("GONGBAO_MAX_WIRE_MB", default.max_wire_mb, 1, 1000),
            max_page_mb=given.count("GONGBAO_MAX_PAGE_MB", default.max_page_mb, 1, 4000),
            least_of_previous=given.number("GONGBAO_LEAST_OF_PREVIOUS", default.least_of_previous, 0, 1),
            most_unlikely=given.number("GONGBAO_MOST_UNLIKELY", default.most_unlikely, 0, 1),
            unread_limit=given.number("GONGBAO_UNREAD_LIMIT", default.unread_limit, 0, 1),
            unread_rise=given.number("GONGBAO_UNREAD_RISE", default.unread_rise, 0, 1),
            least_numbers=given.number("GONGBAO_LEAST_NUMBERS", default.least_numbers, 0, 1),
            jump=given.number("GONGBAO_JUMP", default.jump, 2, 10**6),
            jump_floor=given.number("GONGBAO_JUMP_FLOOR", default.jump_floor, 0, 10**15),
            most_added=given.count("GONGBAO_MOST_ADDED", default.most_added, 0, 1000),
            spool=given.text("GONGBAO_SPOOL", default.spool),
            alert_urls=given.secret("GONGBAO_ALERT_URLS"),
            runbook_url=given.text("GONGBAO_RUNBOOK_URL", default.runbook_url),
            ping_url=given.secret_address("GONGBAO_PING_URL"),
            metrics_file=given.text("GONGBAO_METRICS_FILE", default.metrics_file),
            minisign_key=given.secret("GONGBAO_MINISIGN_KEY").strip(),
            minisign_password=given.secret("GONGBAO_MINISIGN_PASSWORD"),
            ssh_key=given.secret("GONGBAO_SSH_KEY").strip(),
            ssh_passphrase=given.secret("GONGBAO_SSH_PASSPHRASE"),
        )


class _EnvReader:
    """The variables of an environment, each checked as it is taken."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        """Keep the environment."""
        self._environ = environ

    def text(self, name: str, default: str) -> str:
        """One line of text, which may name a folder in any script."""
        value = self._value(name, default)
        if not value.isprintable():
            raise _setting_error(name, value, "one line without control characters")
        return value

    def secret(self, name: str) -> str:
        """What is set, with the blanks at its ends, which a password may have; no error repeats it."""
        value = self._environ.get(name, "")
        return value if value.strip() else ""

    def secret_address(self, name: str) -> str:
        """A web address that is a secret itself; no error repeats it."""
        value = self.secret(name).strip()
        try:
            parts = urlsplit(value)
            sound = value.isprintable() and parts.scheme in {"http", "https"} and bool(parts.hostname)
            _ = parts.port
        except ValueError:
            sound = False
        if value and not sound:
            raise SettingsError("it is no web address", where=name, remedy="set http:// or https://, or unset it")
        return value

    def address(self, name: str, *others: str) -> str:
        """A web address without query and fragment, its closing slash left away, or one of the other values."""
        value = self.text(name, "")
        if value in ("", *others):
            return value
        allowed = " or ".join(("http:// or https:// and a host", *others))
        try:
            parts = urlsplit(value)
            sound = parts.scheme in {"http", "https"} and bool(parts.hostname) and not (parts.query or parts.fragment)
        except ValueError:
            sound = False
        if not sound or " " in value or '"' in value:
            raise _setting_error(name, value, allowed)
        return value.rstrip("/")

    def header(self, name: str, default: str) -> str:
        """One line of ASCII, fit to stand in a header of a request."""
        value = self.text(name, default)
        if not value.isascii():
            raise _setting_error(name, value, "one line of ASCII: a mail or web address")
        return value

    def number(self, name: str, default: float, low: int, high: int) -> float:
        """A number between two bounds, both allowed."""
        value = self._value(name, str(default))
        try:
            number = float(value)
        except ValueError:
            number = math.nan
        if not low <= number <= high:
            raise _setting_error(name, value, f"a number from {low} to {high}")
        return number

    def count(self, name: str, default: int, low: int, high: int) -> int:
        """A whole number between two bounds, both allowed."""
        value = self._value(name, str(default))
        if not (value.isascii() and value.isdigit() and low <= int(value) <= high):
            raise _setting_error(name, value, f"a whole number from {low} to {high}")
        return int(value)

    def switch(self, name: str, *, default: bool) -> bool:
        """Return whether a feature is on."""
        value = self._value(name, str(int(default)))
        if value not in {"0", "1"}:
            raise _setting_error(name, value, "0 or 1")
        return value == "1"

    def _value(self, name: str, default: str) -> str:
        """What a variable says, or the default where it says nothing."""
        return self._environ.get(name, "").strip() or default


def _setting_error(name: str, value: str, allowed: str) -> SettingsError:
    """The error for a value that is not allowed."""
    return SettingsError(
        f"not a value of this setting: {value[:80]!r}", where=name, remedy=f"set {allowed}, or unset it"
    )
