"""Closed lists of codes, each code with one sentence.

The codes and sentences of lists that a column uses are published: a changed sentence needs a new schema version.
"""

from enum import StrEnum
from typing import Self


class CodeList(StrEnum):
    """A code with a sentence that explains it: `NAME = "code", "sentence"`."""

    meaning: str

    def __new__(cls, value: str, meaning: str = "") -> Self:
        """Build the member from its code; the sentence becomes `meaning`."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.meaning = meaning
        return member

    @classmethod
    def published_name(cls) -> str:
        """Return the name of the list in the contract, which a renamed class keeps."""
        return cls.__name__


class Measure(CodeList):
    """What a number states about its subject (`measure`)."""

    LEVEL = "level", "An amount or a count, new additions included."
    GROWTH = "growth", "Per cent change against the year before, or over the whole of the stated years."
    CAGR = "cagr", "Average yearly growth over several years."
    CHANGE = "change", "Change in the unit itself: percentage points, places of a rank, units of the same series."
    GAP = "gap", "Difference from somebody else, not from an earlier time; the scope says from whom."
    SHARE = "share", "A part of a stated whole."
    RATE = "rate", "Any other ratio: a rate, an intensity, a completion, a coverage, a contribution."
    RANK = "rank", "A position in a group."
    MULTIPLE = "multiple", "A factor."
    RATIO = "ratio", "One quantity to another."
    STREAK = "streak", "How many years or times in a row."


class Status(CodeList):
    """Whether a number was achieved or promised (`status`)."""

    ACTUAL = "actual", "What was."
    TARGET = "target", "What is planned, promised or expected."


class Bound(CodeList):
    """How the stated number bounds the true one (`bound`)."""

    EXACT = "=", "As stated."
    ABOVE = ">", "More than stated: 超, 突破, 逾, 余, 多."
    AT_LEAST = ">=", "At least as stated: 以上, 不少于, 不低于."
    ABOUT = "~", "About as stated: 约, 近, 左右."
    AT_MOST = "<=", "At most as stated: 以内, 不超过."
    BELOW = "<", "Less than stated: 低于, 不足, 不到."


class ObsStatus(CodeList):
    """SDMX CL_OBS_STATUS, the codes in use (`obs_status`)."""

    NORMAL = "A", "Normal value."
    PROVISIONAL = "P", "Provisional value, to be revised by the source."
    BREAK = "B", "Break in the time series."
    FORECAST = "F", "Forecast or planned value."


class PriceBasis(CodeList):
    """In which prices an amount is stated (`price_basis`)."""

    CURRENT = "current", "At the prices of the year itself."
    CONSTANT = "constant", "At the prices of a base year."


class IndexNote(CodeList):
    """The result of checking a printed 索引号 (`index_note` in `documents`)."""

    VALID = "valid", "Its check character is right."
    REPAIRED = "repaired", "A lost character could be put back."
    INVALID = "invalid", "Its check character is wrong, and nothing single puts it right."
    ABSENT = "absent", "None is printed."


class PublisherEvidence(CodeList):
    """Where a page names its publisher (`publisher_evidence` in `documents`)."""

    LABEL = "label", "The label 发布机构 over the article."
    ORIGIN = "origin", "The label 来源 over the article."
    CONTENT_SOURCE = "content_source", "The meta element ContentSource."
    SITE_NAME = "site_name", "The meta element SiteName."
    ORGANIZER = "organizer", "The label 主办单位 in the footer."
    VOUCHED = "vouched", "Nowhere: the operator of the registry vouches for the address."
    REVIEWED = "reviewed", "In the citation of facts entered by hand."
    NONE = "none", "Nowhere, or it is another body."


class DocumentKind(CodeList):
    """What sort of document a page is (`kind` in `documents`)."""

    WORK_REPORT = "work_report", "The report of a government or an administration on its year and its plans."
    COMMUNIQUE = "communique", "A statistical communiqué on one year."
    ECONOMIC_RUN = "economic_run", "An account of the economy, or of revenue and spending, over one period."
    PLAN_REPORT = "plan_report", "The report on the plan of economic and social development."
    BUDGET_REPORT = "budget_report", "The report on the budget that was carried out and the next one."
    FINAL_ACCOUNTS = "final_accounts", "The final accounts of a year."
    DEPARTMENT_SUMMARY = "department_summary", "The summary or work plan of a department."
    FIVE_YEAR_PLAN = "five_year_plan", "The outline of a five-year plan."
    OTHER = "other", "Any other document."


class NumberStatus(CodeList):
    """Whether a number of a document was read (`fate` in `numbers`)."""

    CLAIMED = "claimed", "Read as an observation."
    IGNORED = "ignored", "No observation, for the reason that stands beside it."
    UNREAD = "unread", "The reader cannot say what it measures."

    @classmethod
    def published_name(cls) -> str:
        """Return the name in the contract, which is that of the column."""
        return "Fate"


class IgnoreReason(CodeList):
    """Why a number is not an observation (`reason` in `numbers`)."""

    DATE = "date", "A date, a year, a part of a year or a span of time."
    ORDINAL = "ordinal", "A number of a section, an article, a batch or a session."
    PLAN = "plan", "The name of a five-year plan, a meeting or a campaign."
    NAME = "name", "Part of a name, a code or a model number."
    SLOGAN = "slogan", "Part of a slogan or a numbered formula such as 1+6+N."
    IDIOM = "idiom", "A numeral inside a word or an idiom that counts nothing."
    THRESHOLD = "threshold", "A threshold that only delimits a class."
    LIST = "list", "A count that only announces a list."
    HEADER = "header", "Outside the report: labels, dates and tools of the page."
    GLOSSARY = "glossary", "Inside the explanation of a term."


class Origin(CodeList):
    """Where a number was taken from (`origin`)."""

    REPORT = "report", "Read out of an archived page."
    REVIEWED = "reviewed", "Entered by hand with its citation, for a year that no page is left of."


class ComparisonKind(CodeList):
    """What a number is compared with (`kind` in `comparisons`)."""

    YEAR_ON_YEAR = "year_on_year", "The same series in the year before."
    PART_OF_WHOLE = "part_of_whole", "The whole that it is stated to be a part of, in the same year."


class ComparisonVerdict(CodeList):
    """Whether two published numbers agree with their stated relation (`verdict` in `comparisons`)."""

    CONSISTENT = "consistent", "The base lies within what the number and the stated change imply."
    REVISED = "revised", "The base implied is another than the one published: it was revised since."
    PRICE_BASIS = "price_basis", "Level at current and growth at constant prices: the gap is one that prices explain."
    SCOPE_BREAK = "scope_break", "The two are too far apart for a revision: another scope or another year."
    NOT_COMPARABLE = "not_comparable", "Stated in units of different kinds, or only as bounds that decide nothing."
    UNCHECKED = "unchecked", "Both are stated, and nothing is stated of how they relate."


class TargetVerdict(CodeList):
    """Whether a target was met (`verdict` in `targets`)."""

    KEPT = "kept", "The outcome reaches what was promised."
    NEAR = "near", "The outcome does not reach it, by no more than the tolerance of the row."
    MISSED = "missed", "The outcome does not reach it, by more than the tolerance."
    CLAIMED_DONE = "claimed_done", "The report on that year says that it was done, without the number."
    NOT_QUANTIFIED = "not_quantified", "The report on that year speaks of the series, without a comparable number."
    FELL_SILENT = (
        "fell_silent",
        "A series of the registry of which the whole report on that year has neither number nor word.",
    )
    UNTRACED = "untraced", "No outcome was found, which says nothing about the government."
    OPEN = "open", "No report on that year has been read yet."
    SUPERSEDED = "superseded", "The target was changed before its year was over."


class OutcomeMatch(CodeList):
    """How the outcome of a target was found (`match` in `targets`)."""

    SAME_SERIES = "same_series", "The outcome has the indicator of the promise."
    SAME_WORDS = "same_words", "It has another indicator, or none, and the words of the promise."
    NEAR_WORDS = "near_words", "Its words are nearly those of the promise."


class Ambition(CodeList):
    """How firmly a target is set (`ambition` in `targets`)."""

    TARGET = "target", "The target itself."
    STRETCH = "stretch", "A higher number to strive for (力争) beside a firmer one of the same series."


class Horizon(CodeList):
    """Over which time a target is set (`horizon` in `targets`)."""

    YEAR = "year", "For the year after the one that the report is on."
    YEARS = "years", "For several years, or for a later year."


class ToleranceKind(CodeList):
    """Where a tolerance comes from (`tolerance_kind` in `targets`)."""

    ROUNDING = "rounding", "Half a unit of the last printed decimal."
    ABOUT = "about", "The promise says 左右 or 约."


class MarginKind(CodeList):
    """What a margin is stated in (`margin_kind` in `targets`)."""

    POINTS = "points", "Percentage points."
    PLACES = "places", "Places of a rank."
    AMOUNT = "amount", "The unit of the promise."


class SilenceKind(CodeList):
    """What replaced an earlier number (`kind` in `silences`)."""

    IN_WORDS = "in_words", "Words without a number."
    ABSENT = "absent", "Nothing."


class RevisionKind(CodeList):
    """What happened to an observation between two releases (`kind` in `revisions`)."""

    ADDED = "added", "The key is new."
    REMOVED = "removed", "The key is no longer stated."
    CHANGED = "changed", "The key's value or attributes differ."


class RevisionCause(CodeList):
    """Why an observation changed (`cause` in `revisions`)."""

    SOURCE = "source", "The text of the source changed."
    READER = "reader", "The same text is read differently by a newer reader."
    REGISTRY = "registry", "The registry of indicators or sources changed."
    CORRECTION = "correction", "A reviewed fact was corrected by hand."


class ContractChange(CodeList):
    """What a change of columns or codes means for consumers."""

    SAME = "same", "Nothing differs."
    ADDITIVE = "additive", "Nothing is removed: a column was appended, a table or a code added."
    BREAKING = "breaking", "Something was removed or changed."


class Severity(CodeList):
    """The severity of a finding (`severity`)."""

    NOTE = "note", "Worth recording."
    WARN = "warn", "Worth a look; does not stop a release."
    HOLD = "hold", "The release waits for an operator."
    REJECT = "reject", "The release must not be published."


class Verdict(CodeList):
    """The decision of the gate about a release."""

    PUBLISH = "publish", "Every check passed and the content is new."
    UNCHANGED = "unchanged", "The content is that of the latest release."
    HOLD = "hold", "A check requires the decision of an operator."
    REJECT = "reject", "A check failed."


class Outcome(CodeList):
    """How a run ended (`outcome` of a run record)."""

    PUBLISHED = "published", "A new release is the latest."
    UNCHANGED = "unchanged", "Nothing changed; no release was cut."
    YIELDED = "yielded", "Another run published first; nothing of this one is visible."
    HELD = "held", "A candidate waits for an operator."
    REJECTED = "rejected", "The content must not be published."
    SOURCE_FAILED = "source_failed", "The source could not be fetched."
    STORE_FAILED = "store_failed", "An operation of the store failed."
    USAGE = "usage", "The call, a registry or a setting is wrong."
    FAILED = "failed", "An unexpected error."


class RunKind(CodeList):
    """The task of a run (`kind` of a run record)."""

    NIGHTLY = "nightly", "Fetch the source and publish what is new."
    REPLAY = "replay", "Read the archived pages of the latest release again with today's reader."
    DECISION = "decision", "Accept or reject a held release, as an operator decided."


class Decision(CodeList):
    """The decision of an operator about a held release (`decision` of `decision.json`)."""

    ACCEPTED = "accepted", "It is published, byte for byte."
    REJECTED = "rejected", "It is not published, and the same content is not held again."


class SourceState(CodeList):
    """The state of a source or a document (`state`)."""

    OK = "ok", "Seen at the last visit."
    GONE = "gone", "Withdrawn; what was released stays."
    DRIFTED = "drifted", "Its form changed."


class Direction(CodeList):
    """Which direction of an indicator is good (`direction`)."""

    UP = "up", "More is better."
    DOWN = "down", "Less is better."
    NONE = "none", "Neither is better by itself."


class Theme(CodeList):
    """The theme of an indicator (`theme`)."""

    OUTPUT = "output", "Output and its structure."
    INDUSTRY = "industry", "Industry."
    INVESTMENT = "investment", "Investment and projects."
    RETAIL = "retail", "Retail trade and consumption."
    TRADE = "trade", "Foreign trade and investment."
    BUDGET = "budget", "Public budget."
    INCOME = "income", "Income of residents."
    PRICES = "prices", "Prices."
    EMPLOYMENT = "employment", "Employment."
    POPULATION = "population", "Population."
    EDUCATION = "education", "Education."
    HEALTH = "health", "Health and child care."
    WELFARE = "welfare", "Social security and care."
    INNOVATION = "innovation", "Research, technology and talent."
    DIGITAL = "digital", "Digital economy and infrastructure."
    BUSINESS = "business", "Enterprises."
    FINANCE = "finance", "Finance."
    AGRICULTURE = "agriculture", "Farming and the countryside."
    ENVIRONMENT = "environment", "Environment and climate."
    ENERGY = "energy", "Energy."
    TRANSPORT = "transport", "Transport and post."
    HOUSING = "housing", "Housing and towns."
    LAND = "land", "Land."
    TOURISM = "tourism", "Tourism."
    CULTURE = "culture", "Culture and sport."
    SAFETY = "safety", "Public safety."
    GOVERNANCE = "governance", "Government and party work."
