"""The contract: what counts in it, what a change of it means, and what is announced of the next one."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.codelists import ContractChange
from schemas.contract.announcements import Announcement, announced, parse_semver
from schemas.contract.change import compare
from schemas.contract.model import ColumnContract, Contract, TableContract, as_record, contract, from_record
from schemas.errors import RegistryError
from schemas.tables.columns import KEYS, TABLES

SAME, ADDITIVE, BREAKING = ContractChange
NOW = contract()


def promise(name: str, **changes: Any) -> ColumnContract:  # noqa: ANN401 - any field of a promise
    return ColumnContract(**{"name": name, "type": "string", "nullable": False, "codes": "", **changes})


def with_table(name: str, table: TableContract | None, before: Contract = NOW) -> Contract:
    tables = {one: kept for one, kept in before.tables.items() if one != name}
    return replace(before, tables=tables if table is None else {**tables, name: table})


def with_columns(columns: list[ColumnContract], table: str = "glossary") -> Contract:
    return with_table(table, replace(NOW.tables[table], columns=tuple(columns)))


def with_codes(name: str, *codes: str) -> Contract:
    return replace(NOW, codelists={**NOW.codelists, name: tuple(sorted(codes))})


GLOSSARY = list(NOW.tables["glossary"].columns)
DOCUMENT, TERM, EXPLANATION, START, END = GLOSSARY
KINDS = NOW.codelists["RevisionKind"]


class TestContract:
    def test_it_holds_every_column_in_its_order_with_type_and_emptiness(self) -> None:
        for table, columns in TABLES.items():
            promised = [(one.name, one.type, one.nullable) for one in NOW.tables[table].columns]
            assert promised == [(one.name, one.kind, one.nullable) for one in columns]
            assert NOW.tables[table].key == KEYS[table]

    def test_it_holds_the_codes_of_every_coded_column(self) -> None:
        used = {one.codes for table in NOW.tables.values() for one in table.columns} - {""}
        assert used == set(NOW.codelists)
        assert NOW.codelists["SilenceKind"] == ("absent", "in_words")

    def test_code_lists_keep_their_published_names(self) -> None:
        names = """Ambition Bound ComparisonKind ComparisonVerdict Direction DocumentKind Fate Horizon IgnoreReason
            IndexNote MarginKind Measure ObsStatus Origin OutcomeMatch PriceBasis PublisherEvidence RevisionCause
            RevisionKind SilenceKind SourceState Status TargetVerdict Theme ToleranceKind"""
        assert list(NOW.codelists) == names.split()

    def test_it_comes_back_from_json(self) -> None:
        assert from_record(json.loads(json.dumps(as_record(NOW)))) == NOW

    @pytest.mark.parametrize(
        "record", [{}, {"tables": {}}, {"tables": {"a": {"columns": [{}], "key": []}}, "codelists": {}}]
    )
    def test_what_is_no_contract_is_an_error(self, record: dict[str, Any]) -> None:
        with pytest.raises((KeyError, TypeError)):
            from_record(record)


class TestFingerprint:
    def test_it_is_that_of_equal_contracts_in_any_order(self) -> None:
        tables, lists = (dict(reversed([*some.items()])) for some in (NOW.tables, NOW.codelists))
        assert replace(NOW, tables=tables, codelists=lists).fingerprint() == NOW.fingerprint()
        assert len(NOW.fingerprint()) == 64

    def test_sentences_and_headings_do_not_count_and_a_type_does(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for changes, same in (({"description": "Another.", "label_zh": "别的"}, True), ({"nullable": True}, False)):
            columns: dict[str, Any] = {table: [replace(one, **changes) for one in TABLES[table]] for table in TABLES}
            monkeypatch.setattr("schemas.contract.model.TABLES", columns)
            assert (contract().fingerprint() == NOW.fingerprint()) is same

    @settings(max_examples=30)
    @given(st.data())
    def test_two_contracts_have_one_fingerprint_just_when_nothing_differs(self, data: st.DataObject) -> None:
        names = st.lists(st.sampled_from("abc"), unique=True, min_size=1, max_size=3)

        def drawn() -> Contract:
            columns = tuple(promise(name, nullable=data.draw(st.booleans())) for name in data.draw(names))
            table = TableContract(columns=columns, key=(columns[0].name,))
            return Contract(tables={"t": table}, codelists={"L": tuple(sorted(data.draw(names)))})

        old, new = drawn(), drawn()
        same = compare(old, new).kind is SAME
        assert same == (old.fingerprint() == new.fingerprint()) == (old == new)
        assert (compare(new, old).kind is SAME) == same


BREAKS = {
    "glossary.char_end removed": with_columns([DOCUMENT, TERM, EXPLANATION, START]),
    "glossary.term is called word now": with_columns([DOCUMENT, promise("word"), *GLOSSARY[2:]]),
    "glossary: columns are in another order: explanation, term": with_columns(
        [DOCUMENT, EXPLANATION, TERM, START, END]
    ),
    "glossary.new inserted between existing columns": with_columns([DOCUMENT, promise("new"), *GLOSSARY[1:]]),
    "glossary.char_start was integer, is number": with_columns([*GLOSSARY[:3], replace(START, type="number"), END]),
    "glossary.char_end may be empty now": with_columns([*GLOSSARY[:4], replace(END, nullable=True)]),
    "glossary.term was taken from no code list, is from Theme": with_columns(
        [DOCUMENT, replace(TERM, codes="Theme"), *GLOSSARY[2:]]
    ),
    "glossary: key was document, term, is term": with_table("glossary", replace(NOW.tables["glossary"], key=("term",))),
    "table glossary removed": with_table("glossary", None),
    f"code {KINDS[0]} removed from RevisionKind": with_codes("RevisionKind", *KINDS[1:]),
}
ADDITIONS = {
    "glossary.new appended": with_columns([*GLOSSARY, promise("new")]),
    "table new added": with_table("new", NOW.tables["glossary"]),
    "code new added to RevisionKind": with_codes("RevisionKind", *KINDS, "new"),
    "code a added to New": with_codes("New", "a"),
}


class TestCompare:
    def test_the_same_contract_is_the_same(self) -> None:
        assert compare(NOW, contract()).differences == ()
        assert compare(NOW, contract()).kind is SAME

    @pytest.mark.parametrize("words", [*BREAKS, *ADDITIONS])
    def test_each_difference_is_told_in_words_and_weighed_and_the_way_back_differs_too(self, words: str) -> None:
        kind = BREAKING if words in BREAKS else ADDITIVE
        new = (BREAKS | ADDITIONS)[words]
        change = compare(NOW, new)
        assert [(one.kind, one.words) for one in change.differences] == [(kind, words)]
        assert change.kind is kind
        assert change.words(kind) == (words,)
        back = compare(new, NOW).kind
        assert back is BREAKING if kind is ADDITIVE else back is not SAME

    def test_one_break_among_additions_breaks(self) -> None:
        new = with_columns([DOCUMENT, TERM, EXPLANATION, START, promise("new")])
        change = compare(NOW, replace(new, codelists=with_codes("RevisionKind", *KINDS, "new").codelists))
        assert change.kind is BREAKING
        assert change.words(ADDITIVE) == ("glossary.new appended", "code new added to RevisionKind")
        assert change.words(BREAKING) == ("glossary.char_end removed",)

    @given(st.permutations(GLOSSARY), st.integers(0, 5))
    def test_only_an_appended_column_leaves_a_table_as_it_was(self, columns: list[ColumnContract], place: int) -> None:
        new = with_columns([*columns[:place], promise("new"), *columns[place:]])
        untouched = columns == GLOSSARY and place == len(GLOSSARY)
        assert compare(NOW, new).kind is (ADDITIVE if untouched else BREAKING)


def entry(version: str, en: str = "More.", zh: str = "更多。") -> str:
    return f'[[announcement]]\nschema_version = "{version}"\nen = "{en}"\nzh = "{zh}"\n'


class TestAnnounced:
    def test_the_projects_own_file_can_be_read(self) -> None:
        assert all(isinstance(one, Announcement) for one in announced())

    def test_it_says_what_is_still_to_come_the_nearest_first(self) -> None:
        found = announced(entry("10.0.0") + entry("9.10.0", en="Next.") + entry("9.9.0") + entry("0.9.0"))
        assert [one.schema_version for one in found] == ["9.9.0", "9.10.0", "10.0.0"]
        assert found[1] == Announcement(schema_version="9.10.0", en="Next.", zh="更多。")

    @pytest.mark.parametrize(
        "text",
        [
            *("[[announcement", "x = 1", "announcement = 1", "announcement = [1]", entry("9.0.0") + entry("9.0.0")),
            *(entry("9.0"), entry("v9.0.0"), entry("9.0.0", en=" "), entry("9.0.0") + "more = 'x'\n"),
            *(entry("9.0.0") + "more = 1\n", '[[announcement]]\nschema_version = "9.0.0"\nen = "x"\n'),
        ],
    )
    def test_what_is_no_list_of_announcements_is_an_error_that_says_what_to_write(self, text: str) -> None:
        with pytest.raises(RegistryError, match=r"announced\.toml.*write \[\[announcement\]\]"):
            announced(text)

    @pytest.mark.parametrize("version", ["", "1", "1.0", "01.0.0", "1.0.0-rc1", "1.0.0\n", "１.0.0", "1.0.0/.."])
    def test_what_is_no_version_is_refused(self, version: str) -> None:
        with pytest.raises(RegistryError, match="invalid schema version"):
            parse_semver(version)

    def test_versions_order_by_their_numbers(self) -> None:
        assert parse_semver("1.10.0") > parse_semver("1.9.9") > parse_semver("1.9.0")
