from __future__ import annotations

import logging

import pytest

from infra.logs import LOGGER, StageRecord, set_default_log_level, stage


def test_a_stage_tells_its_name_what_it_did_and_how_long_it_took(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, logger="gongbao"), stage("fetch") as teller:
        teller.set("1 document")
        teller.set("2 documents")
    begin, end = caplog.records
    assert (begin.levelno, begin.getMessage()) == (logging.DEBUG, "fetch ...")
    assert not hasattr(begin, "ended")
    ended = end.__dict__["ended"]
    assert isinstance(ended, StageRecord)
    assert (ended.name, ended.summary) == ("fetch", "2 documents")
    assert ended.seconds >= 0
    assert end.getMessage().split() == ["fetch", "2", "documents", f"{ended.seconds:.1f}", "s"]


def test_a_stage_that_fails_has_no_end(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, logger="gongbao"), pytest.raises(OSError, match="gone"), stage("read"):
        raise OSError("gone")
    assert [record.getMessage() for record in caplog.records] == ["read ..."]


@pytest.mark.parametrize(("before", "after"), [(logging.NOTSET, logging.INFO), (logging.ERROR, logging.ERROR)])
def test_a_level_is_chosen_only_where_nobody_chose_one(
    before: int, after: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LOGGER, "level", before)
    set_default_log_level()
    assert LOGGER.level == after
