"""The result of a check as a value, and the codes of all findings; the gate turns findings into a verdict."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import NewType, TypeAlias

from schemas.codelists import Severity
from schemas.errors import ErrorCode

MAX_EXAMPLES = 5


class FindingCode(StrEnum):
    """Every code of a finding, except those of row checks (`RowCode`); each has an entry in the runbook."""

    CANDIDATE_REJECTED = "candidate_rejected"
    CHARSET_DETECTED = "charset_detected"
    CHARSET_DISAGREES = "charset_disagrees"
    CONTRACT_ADDITIVE = "contract_additive"
    CONTRACT_BREAKING = "contract_breaking"
    CONTRACT_UNANNOUNCED = "contract_unannounced"
    CONTRACT_VERSION = "contract_version"
    CONTRACT_WORDS = "contract_words"
    DOCUMENT_HEADINGS = "document_headings"
    DOCUMENT_KIND_UNKNOWN = "document_kind_unknown"
    DOCUMENT_REPLACED = "document_replaced"
    DOCUMENT_WITHDRAWN = "document_withdrawn"
    DOCUMENTS_COLLIDING = "documents_colliding"
    DOCUMENTS_COMPLETE = "documents_complete"
    DOCUMENTS_INCOMPLETE = "documents_incomplete"
    DOCUMENTS_MISDATED = "documents_misdated"
    DOCUMENTS_TARGETS = "documents_targets"
    DOCUMENTS_UNREAD = "documents_unread"
    FILE_INCOMPLETE = "file_incomplete"
    FILE_UNREAD = "file_unread"
    FORM_CONTAINER = "form_container"
    FORM_LABELS = "form_labels"
    FORM_PLATFORM = "form_platform"
    FORM_RENDERING = "form_rendering"
    INDEX_NUMBER_ABSENT = "index_number_absent"
    INDEX_NUMBER_FOREIGN = "index_number_foreign"
    INDEX_NUMBER_INVALID = "index_number_invalid"
    INDEX_NUMBER_REPAIRED = "index_number_repaired"
    INDICATORS_NEW = "indicators_new"
    INDICATORS_RENAMED = "indicators_renamed"
    INDICATORS_VANISHED = "indicators_vanished"
    LISTING_GONE = "listing_gone"
    MAGNITUDE_JUMP = "magnitude_jump"
    NUMBERS_ACCOUNTED = "numbers_accounted"
    NUMBERS_ADDED = "numbers_added"
    NUMBERS_FEWER = "numbers_fewer"
    OBSERVATIONS_COLLIDING = "observations_colliding"
    OBSERVATIONS_EMPTY = "observations_empty"
    OBSERVATIONS_LIKELY = "observations_likely"
    OBSERVATIONS_MEASURES = "observations_measures"
    OBSERVATIONS_MISDATED = "observations_misdated"
    OBSERVATIONS_MOVED = "observations_moved"
    OBSERVATIONS_SHORT = "observations_short"
    OBSERVATIONS_SPANS = "observations_spans"
    OBSERVATIONS_STATED = "observations_stated"
    OBSERVATIONS_STATUSES = "observations_statuses"
    OBSERVATIONS_THEMES = "observations_themes"
    OBSERVATIONS_UNIQUE = "observations_unique"
    OBSERVATIONS_UNITLESS = "observations_unitless"
    OBSERVATIONS_VOLUME = "observations_volume"
    PAGE_CUT = "page_cut"
    PERIOD_MOVED = "period_moved"
    PUBLISHER_ABSENT = "publisher_absent"
    PUBLISHER_MISMATCH = "publisher_mismatch"
    PUBLISHER_VOUCHED = "publisher_vouched"
    READER_DRIFT = "reader_drift"
    READER_FORM = "reader_form"
    REBUILD_DIFFERS = "rebuild_differs"
    REBUILD_FAILED = "rebuild_failed"
    REBUILD_IMPOSSIBLE = "rebuild_impossible"
    RENDERING_MISSING = "rendering_missing"
    RENDERINGS_DIFFER = "renderings_differ"
    REPORT_ATTACHED = "report_attached"
    SERIES_CONTRADICTED = "series_contradicted"
    SOURCE_EMPTY = "source_empty"
    TEXT_LOSSY = "text_lossy"
    TITLE_DISAGREES = "title_disagrees"
    UNIT_MOVED = "unit_moved"
    UNREAD_RISEN = "unread_risen"
    VERIFY_CHAIN = "verify_chain"
    VERIFY_HASH = "verify_hash"
    VERIFY_INDEX = "verify_index"
    VERIFY_KEYS = "verify_keys"
    VERIFY_LATEST = "verify_latest"
    VERIFY_LOST = "verify_lost"
    VERIFY_MANIFEST = "verify_manifest"
    VERIFY_MISSING = "verify_missing"
    VERIFY_POINTER = "verify_pointer"
    VERIFY_RUN = "verify_run"
    VERIFY_SCHEMA = "verify_schema"
    VERIFY_SIGNATURE = "verify_signature"
    VERIFY_SPANS = "verify_spans"
    VERIFY_STATUS = "verify_status"
    VERIFY_STRANGER = "verify_stranger"
    VERIFY_SUMS = "verify_sums"
    VERIFY_TEXT = "verify_text"


RowCode = NewType("RowCode", str)
"""The code of a row check, `TABLE_CHECK`; only `schemas.tables.check.row_code` makes one."""
AnyCode: TypeAlias = FindingCode | RowCode | ErrorCode
"""What a finding can carry; an alert treats an error as a finding."""

PAGE_STRUCTURE_CODES = frozenset(
    {FindingCode.FORM_CONTAINER, FindingCode.FORM_LABELS, FindingCode.FORM_PLATFORM, FindingCode.FORM_RENDERING}
)
"""Findings of a page whose structure differs from the latest release."""
SOURCE_DRIFT_CODES = PAGE_STRUCTURE_CODES | {
    *(FindingCode.DOCUMENT_HEADINGS, FindingCode.DOCUMENT_REPLACED, FindingCode.INDICATORS_RENAMED),
    *(FindingCode.INDICATORS_VANISHED, FindingCode.MAGNITUDE_JUMP, FindingCode.NUMBERS_ADDED),
    *(FindingCode.NUMBERS_FEWER, FindingCode.PERIOD_MOVED, FindingCode.UNIT_MOVED, FindingCode.UNREAD_RISEN),
}
"""Findings of a source that differs from the latest release; a first release has none of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One problem or remark of a check.

    Attributes:
        code: A stable code, which leads to an entry of the runbook.
        where: A table, a document or an address.
        message: One English sentence.
        count: How often it occurs.
        evidence: At most five examples, in the words of the source.
    """

    code: AnyCode
    severity: Severity
    where: str
    message: str
    count: int = 1
    evidence: tuple[str, ...] = ()

    def as_record(self) -> dict[str, object]:
        """Return the finding as a JSON object."""
        plain = {"code": str(self.code), "severity": self.severity.value, "evidence": list(self.evidence)}
        return {**asdict(self), **plain}


def examples(items: Iterable[object]) -> tuple[str, ...]:
    """Return the first five items as strings."""
    return tuple(str(item) for item, _ in zip(items, range(MAX_EXAMPLES), strict=False))


def worst(findings: Iterable[Finding]) -> Severity:
    """Return the highest severity, `NOTE` if there are no findings."""
    order = list(Severity)
    return max((finding.severity for finding in findings), key=order.index, default=Severity.NOTE)
