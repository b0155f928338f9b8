"""The settings of an operator, read once from the environment and passed down."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from schemas.errors import SettingsError

LEAST_OF_PREVIOUS = 0.7
"""The share of the last release's observations below which a release is held.

Reports are added, and a withdrawn one keeps its numbers, so a release only grows. `LEAST_NUMBERS` checks each document;
this checks all of them together, also against errors of our own reader: three tenths are a whole report of three, and
more than corrections and better readings ever remove.
"""
MOST_UNLIKELY = 0.05
"""The share of observations outside the range of their indicator above which a release is held; fewer only warn.

The ranges of the registry are wide, and a few readings outside them are single slips of the source or of ours: one or
two of the hundred or more numbers of a report. A twentieth means that a unit or a heading was misread throughout.
"""
UNREAD_LIMIT = 0.1
"""The share of unread numbers above which a release is held.

In eighty real reports the reader leaves one in a hundred numbers unread, and never more than seven; a page with another
structure, or half a page, leaves many more.
"""
UNREAD_RISE = 0.03
"""The rise of the share of unread numbers of a document above which there is a warning.

A corrected sentence moves the share of a report with some hundred numbers by less than one in a hundred; a chapter with
another structure moves it by more than this, long before the limit above is reached.
"""
LEAST_NUMBERS = 0.8
"""The share of a document's earlier numbers below which a release is held.

Single numbers and sentences of a published document are corrected. Reports have five to ten chapters, so a fifth of the
numbers is a chapter or two: the page was truncated or only half loaded.
"""
JUMP = 10.0
"""The factor by which a number must grow or shrink to hold a release: 亿 read as 十亿, or a lost decimal point.

A misplaced point is a factor of ten, a confusion of 万 and 亿 more. Of the next reports of fourteen provinces none is
held at four or above, two are at three and seven at two, for correct numbers; decades of national reports, with
inflation and new coverage, need the distance.
"""
JUMP_FLOOR = 100.0
"""The least amount of the year before with which this year's is compared, in the unit without 万 or 亿.

Small counts do jump (11 firms of a kind become 65 in a year, 3 may become 40); a hundred and more do not, and amounts
of money are always more. An earlier number of the same key in the same document is compared however small.
"""

MOST_ADDED = 0
"""How many numbers a released document may gain before a release is held.

Publishers correct reports by changing numbers, one for one. Whoever adds sentences with numbers months later may be the
author; it may also be somebody who broke into the site, and the text does not tell which.
"""
MOST_MISDATED = 0.1
"""The share of a document's rows of other years than its kind speaks of above which a release is held; fewer warn.

A report names years far away now and then (比1978年), so that single rows only warn. Of 328 real work reports three
exceed a tenth, each with a chapter whose year was misread, and 30 have such a row at all.
"""
MOST_COLLIDING = 0.1
"""The share of a document's rows that contradict another under one key of the registry above which a release is held.

A text may state two numbers of one series, or a qualifier was missed; these warn. Of 328 real work reports none exceeds
a tenth; budget reports of which the level of government was lost (all of the city, the city proper) reach a quarter.
"""
MOST_INCOMPLETE = 0.1
"""The share of a document's rows without unit or with a subject of one character above which a release is held.

In real work reports it is 1 % as a rule and never more than 8 %. More means that a table or a list was taken for
sentences: four of 65 other pages exceed a tenth, all of them communiqués with tables.
"""
MOST_MOVED = 0.2
"""The share by which a level of the macro core may move in a year, or differ from its stated growth, without a hold.

Output, incomes, prices and budgets of a whole area seldom move by a fifth in a year, and where they do the report says
so. Of 393 real documents nine exceed it, with 16 rows; all but three took the start of five years for the year before.
"""
MOST_SHIFTED = 0.2
"""The divergence (Kullback-Leibler, in nats) of measures and of statuses from the last release that holds a release.

Over 165 steps from one report to the next of the same government it never exceeds 0.14; the report of another kind
added to a single one reaches 0.25. A fifth means that levels became shares, or plans became achievements, in bulk.
"""
MOST_THEMES_SHIFTED = 1.0
"""The divergence (Kullback-Leibler, in nats) of themes from the last release that holds a release.

Reports of one government differ in what they dwell on: over the same 165 steps it reaches 0.72, where a short report
comes first. A budget added to a single work report exceeds 1, which an operator confirms once.
"""
TARGET_SHARES: Mapping[str, tuple[float, float]] = MappingProxyType(
    {
        "work_report": (0.02, 0.85),
        "plan_report": (0.0, 0.85),
        "budget_report": (0.0, 0.85),
        "communique": (0.0, 0.02),
        "economic_run": (0.0, 0.05),
        "final_accounts": (0.0, 0.25),
        "five_year_plan": (0.4, 1.0),
    }
)
"""The least and the greatest share of targets among the rows of a document by its kind; another share holds a release.

Measured on 328 work reports (7 to 74 %, and one with none, whose plan chapter was read as its review) and 65 other
pages: communiqués and economic runs have none, final accounts 12 % (for 预算数), budget reports 14 to 58 %. A five-year
plan plans but for one chapter. Summaries and other documents may plan all or nothing. An operator cannot set them.
"""
_TWO_TERMS = MappingProxyType({"actual": (-10, 0), "target": (0, 16)})
_ONE_PLAN = MappingProxyType({"actual": (-6, 0), "target": (0, 5)})
YEARS_AROUND: Mapping[str, Mapping[str, tuple[int, int]]] = MappingProxyType(
    {
        "work_report": _TWO_TERMS,
        "department_summary": _TWO_TERMS,
        "five_year_plan": _TWO_TERMS,
        "plan_report": _ONE_PLAN,
        "budget_report": _ONE_PLAN,
        "final_accounts": _ONE_PLAN,
        "communique": _ONE_PLAN,
        "economic_run": _ONE_PLAN,
    }
)
"""The years that a kind of document speaks of, counted from the year that it reports on: the first and the last.

What was achieved ends with the year reported on, and what is planned begins with it. A work report looks back over two
terms and ahead to 2035; accounts and communiqués compare within one plan. Measured as `TARGET_SHARES`.
"""
BESIDE = "."
"""Captures are read from the store that contains the pages."""

_SECRET = frozenset({"alert_urls", "minisign_key", "minisign_password", "ping_url", "ssh_key", "ssh_passphrase"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of a run, read by `from_env`; secrets appear neither in `repr` nor in records.

    ========================  ========================  ===================  =========================================
    variable                  field                     unit                 meaning
    ========================  ========================  ===================  =========================================
    GONGBAO_STORE             store                     address              where to publish: folder, s3://bucket/prefix
    GONGBAO_CONTACT           contact                   address              contact for operators of sites and readers
    GONGBAO_SITE_URL          site                 address              where the pages are published, for links
    GONGBAO_ARCHIVE_URL       archive              address              where captures are published: . beside the pages
    GONGBAO_PORTAL            portal                    0 or 1               whether releases have web pages
    GONGBAO_PACE              pace_seconds              seconds, 0 to 60     pause between two requests to one site
    GONGBAO_TIMEOUT           timeout_seconds           seconds, 1 to 600    longest wait for a site to answer
    GONGBAO_TRIES             tries                     count, 1 to 20       requests before a site counts as down
    GONGBAO_MAX_WIRE_MB       max_wire_mb               10^6 bytes, 1-1000   largest answer as sent
    GONGBAO_MAX_PAGE_MB       max_page_mb               10^6 bytes, 1-4000   largest answer once decompressed
    GONGBAO_LEAST_OF_PREVIOUS  least_of_previous        share, 0 to 1        observations that a release must keep
    GONGBAO_MOST_UNLIKELY     most_unlikely             share, 0 to 1        levels out of range that hold a release
    GONGBAO_UNREAD_LIMIT      unread_limit              share, 0 to 1        unread numbers past which a release is held
    GONGBAO_UNREAD_RISE       unread_rise               share, 0 to 1        rise of unread numbers that warns
    GONGBAO_LEAST_NUMBERS     least_numbers             share, 0 to 1        numbers that a document must keep
    GONGBAO_JUMP              jump                      factor, 2 to 10^6    growth or decrease that holds a release
    GONGBAO_JUMP_FLOOR        jump_floor                amount, 0 to 10^15   least amount of last year to compare with
    GONGBAO_MOST_ADDED        most_added                count, 0 to 1000     numbers that a released page may gain
    GONGBAO_MOST_MISDATED     most_misdated             share, 0 to 1        rows of other years that hold a release
    GONGBAO_MOST_COLLIDING    most_colliding            share, 0 to 1        contradicting rows that hold a release
    GONGBAO_MOST_INCOMPLETE   most_incomplete           share, 0 to 1        rows without unit or subject that hold it
    GONGBAO_MOST_MOVED        most_moved                share, 0 to 100      move of a macro level that holds a release
    GONGBAO_MOST_SHIFTED      most_shifted              nats, 0 to 10        shift of measures, statuses that holds it
    GONGBAO_MOST_THEMES_SHIFTED  most_themes_shifted    nats, 0 to 10        shift of themes that holds a release
    GONGBAO_SPOOL             spool                     folder               run records while the store is unreachable
    GONGBAO_ALERT_URLS        alert_urls                addresses            channels of alerts, as apprise writes them
    GONGBAO_RUNBOOK_URL       runbook_url               address              the runbook to which messages refer
    GONGBAO_PING_URL          ping_url                  address              requested after a run; {source} is its id
    GONGBAO_METRICS_FILE      metrics_file              file                 metrics of the runs; {source} is its id
    GONGBAO_MINISIGN_KEY      minisign_key              file                 secret key that signs releases, or none
    GONGBAO_MINISIGN_PASSWORD  minisign_password        text                 its password, if any
    GONGBAO_SSH_KEY           ssh_key                   file                 Ed25519 key that signs releases, or none
    GONGBAO_SSH_PASSPHRASE    ssh_passphrase            text                 its passphrase, if any
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
    most_misdated: float = MOST_MISDATED
    most_colliding: float = MOST_COLLIDING
    most_incomplete: float = MOST_INCOMPLETE
    most_moved: float = MOST_MOVED
    most_shifted: float = MOST_SHIFTED
    most_themes_shifted: float = MOST_THEMES_SHIFTED
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
        """Return the settings without secrets, of which only whether they are set."""
        return {name: "set" if value and name in _SECRET else value for name, value in asdict(self).items()}

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Settings:
        """Read the settings from an environment; an absent or empty variable keeps its default.

        Raises:
            SettingsError: A value is not allowed.
        """
        env = _EnvReader(environ)
        default = cls()
        return cls(
            store=env.text("GONGBAO_STORE", default.store),
            contact=env.header("GONGBAO_CONTACT", default.contact),
            site=env.address("GONGBAO_SITE_URL"),
            archive=env.address("GONGBAO_ARCHIVE_URL", BESIDE),
            portal=env.switch("GONGBAO_PORTAL", default=default.portal),
            pace_seconds=env.number("GONGBAO_PACE", default.pace_seconds, 0, 60),
            timeout_seconds=env.number("GONGBAO_TIMEOUT", default.timeout_seconds, 1, 600),
            tries=env.count("GONGBAO_TRIES", default.tries, 1, 20),
            max_wire_mb=env.count("GONGBAO_MAX_WIRE_MB", default.max_wire_mb, 1, 1000),
            max_page_mb=env.count("GONGBAO_MAX_PAGE_MB", default.max_page_mb, 1, 4000),
            least_of_previous=env.number("GONGBAO_LEAST_OF_PREVIOUS", default.least_of_previous, 0, 1),
            most_unlikely=env.number("GONGBAO_MOST_UNLIKELY", default.most_unlikely, 0, 1),
            unread_limit=env.number("GONGBAO_UNREAD_LIMIT", default.unread_limit, 0, 1),
            unread_rise=env.number("GONGBAO_UNREAD_RISE", default.unread_rise, 0, 1),
            least_numbers=env.number("GONGBAO_LEAST_NUMBERS", default.least_numbers, 0, 1),
            jump=env.number("GONGBAO_JUMP", default.jump, 2, 10**6),
            jump_floor=env.number("GONGBAO_JUMP_FLOOR", default.jump_floor, 0, 10**15),
            most_added=env.count("GONGBAO_MOST_ADDED", default.most_added, 0, 1000),
            most_misdated=env.number("GONGBAO_MOST_MISDATED", default.most_misdated, 0, 1),
            most_colliding=env.number("GONGBAO_MOST_COLLIDING", default.most_colliding, 0, 1),
            most_incomplete=env.number("GONGBAO_MOST_INCOMPLETE", default.most_incomplete, 0, 1),
            most_moved=env.number("GONGBAO_MOST_MOVED", default.most_moved, 0, 100),
            most_shifted=env.number("GONGBAO_MOST_SHIFTED", default.most_shifted, 0, 10),
            most_themes_shifted=env.number("GONGBAO_MOST_THEMES_SHIFTED", default.most_themes_shifted, 0, 10),
            spool=env.text("GONGBAO_SPOOL", default.spool),
            alert_urls=env.secret("GONGBAO_ALERT_URLS"),
            runbook_url=env.text("GONGBAO_RUNBOOK_URL", default.runbook_url),
            ping_url=env.secret_address("GONGBAO_PING_URL"),
            metrics_file=env.text("GONGBAO_METRICS_FILE", default.metrics_file),
            minisign_key=env.secret("GONGBAO_MINISIGN_KEY").strip(),
            minisign_password=env.secret("GONGBAO_MINISIGN_PASSWORD"),
            ssh_key=env.secret("GONGBAO_SSH_KEY").strip(),
            ssh_passphrase=env.secret("GONGBAO_SSH_PASSPHRASE"),
        )


class _EnvReader:
    """The variables of an environment, checked as they are read."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        """Store the environment."""
        self._environ = environ

    def text(self, name: str, default: str) -> str:
        """Read one line of text in any script."""
        value = self._value(name, default)
        if not value.isprintable():
            raise _setting_error(name, value, "one line without control characters")
        return value

    def secret(self, name: str) -> str:
        """Read a value with its leading and trailing blanks, which a password may have; no error repeats it."""
        value = self._environ.get(name, "")
        return value if value.strip() else ""

    def secret_address(self, name: str) -> str:
        """Read a web address that is a secret; no error repeats it."""
        value = self.secret(name).strip()
        try:
            parts = urlsplit(value)
            valid = value.isprintable() and parts.scheme in {"http", "https"} and bool(parts.hostname)
            _ = parts.port
        except ValueError:
            valid = False
        if value and not valid:
            raise SettingsError("not a web address", where=name, remedy="set http:// or https://, or unset it")
        return value

    def address(self, name: str, *others: str) -> str:
        """Read a web address without query, fragment and trailing slash, or one of the other values."""
        value = self.text(name, "")
        if value in ("", *others):
            return value
        allowed = " or ".join(("http:// or https:// and a host", *others))
        try:
            parts = urlsplit(value)
            valid = parts.scheme in {"http", "https"} and bool(parts.hostname) and not (parts.query or parts.fragment)
        except ValueError:
            valid = False
        if not valid or " " in value or '"' in value:
            raise _setting_error(name, value, allowed)
        return value.rstrip("/")

    def header(self, name: str, default: str) -> str:
        """Read one line of ASCII for a request header."""
        value = self.text(name, default)
        if not value.isascii():
            raise _setting_error(name, value, "one line of ASCII: a mail or web address")
        return value

    def number(self, name: str, default: float, low: int, high: int) -> float:
        """Read a number between two bounds, inclusive."""
        value = self._value(name, str(default))
        try:
            number = float(value)
        except ValueError:
            number = math.nan
        if not low <= number <= high:
            raise _setting_error(name, value, f"a number from {low} to {high}")
        return number

    def count(self, name: str, default: int, low: int, high: int) -> int:
        """Read a whole number between two bounds, inclusive."""
        value = self._value(name, str(default))
        if not (value.isascii() and value.isdigit() and low <= int(value) <= high):
            raise _setting_error(name, value, f"a whole number from {low} to {high}")
        return int(value)

    def switch(self, name: str, *, default: bool) -> bool:
        """Read whether a feature is on."""
        value = self._value(name, str(int(default)))
        if value not in {"0", "1"}:
            raise _setting_error(name, value, "0 or 1")
        return value == "1"

    def _value(self, name: str, default: str) -> str:
        return self._environ.get(name, "").strip() or default


def _setting_error(name: str, value: str, allowed: str) -> SettingsError:
    return SettingsError(f"invalid value {value[:80]!r}", where=name, remedy=f"set {allowed}, or unset it")
