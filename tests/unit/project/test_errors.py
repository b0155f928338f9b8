from __future__ import annotations

import re
from collections.abc import Iterator

from schemas import errors
from schemas.codelists import CodeList, Outcome
from schemas.errors import GongbaoError

STATUSES = {"UsageError": 2, "ContentError": 4, "SourceError": 5, "StoreError": 6}


def tree(kind: type[GongbaoError] = GongbaoError) -> Iterator[type[GongbaoError]]:
    for below in kind.__subclasses__():
        if below.__module__ == errors.__name__:
            yield below
            yield from tree(below)


def test_the_tree_in_the_docstring_is_the_tree_in_the_code_and_no_two_errors_share_a_code() -> None:
    drawn = set(re.findall(r"\b(?:[A-Z][a-z]+){2,}\b", errors.__doc__ or "")) - {"GongbaoError"}
    assert drawn == {kind.__name__ for kind in tree()}
    assert len({kind.code for kind in tree()}) == len(drawn)


def test_the_exit_status_is_that_of_the_branch() -> None:
    for kind in tree():
        (branch,) = [parent.__name__ for parent in kind.__mro__ if parent.__name__ in STATUSES]
        assert kind.exit_status == STATUSES[branch], kind


def test_an_error_is_one_line() -> None:
    assert str(GongbaoError("it is gone")) == "it is gone"
    assert str(GongbaoError("it is gone", where="a.html")) == "a.html: it is gone"
    assert str(GongbaoError("it is gone", remedy="look again")) == "it is gone; look again"
    assert str(GongbaoError("it is gone", where="a.html", remedy="look again")) == "a.html: it is gone; look again"


def test_every_code_has_its_sentence() -> None:
    codes = [code for kind in CodeList.__subclasses__() for code in kind]
    assert len(codes) > len(Outcome)
    assert [code for code in codes if not re.fullmatch(r"[A-Z].*\.", code.meaning)] == []
