"""The registry of indicators: sound in itself, and naming the series that a subject's words name and no other."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from support.requires import ROOT

from schemas.registry.indicators import SLUG_LIMIT, Indicator, by_cue, by_id, identify, indicator_slug, load_indicators
from schemas.registry.units import resolve

REGISTRY = load_indicators()
TEXT_FIELDS = ("id", "label_zh", "label_en", "definition", "definition_zh", "unit", "theme", "direction", "nbs_code")
HAN = re.compile(r"[\u4e00-\u9fff]")


def test_no_entry_of_the_file_is_lost_and_all_are_sorted() -> None:
    table = tomllib.loads((ROOT / "schemas" / "registry" / "indicators.toml").read_text("utf-8"))
    assert [entry.id for entry in REGISTRY] == sorted(table)
    assert len(by_id()) == len(REGISTRY)


def flawed(entry: Indicator) -> bool:
    """Whether an entry lacks something that every entry has."""
    whole = (
        re.fullmatch(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*", entry.id),
        len(entry.id) <= 40,
        all(isinstance(getattr(entry, name), str) for name in TEXT_FIELDS),
        HAN.search(entry.label_zh),
        entry.label_en[:1].isupper() and not HAN.search(entry.label_en),
        entry.definition.endswith(".") and not HAN.search(entry.definition),
        re.fullmatch(r"[^.,;:()\s]{8,80}。", entry.definition_zh) and HAN.match(entry.definition_zh),
        re.fullmatch(r"[a-z][a-z_]*", entry.theme),
        entry.direction in {"up", "down", "none"},
    )
    return not all(whole)


def disordered(entry: Indicator) -> bool:
    """Whether the plausible range of an entry is none."""
    ends = [end for end in (entry.range_min, entry.range_max) if end is not None]
    return not all(isinstance(end, float) for end in ends) or (len(ends) == 2 and ends[0] >= ends[1])


def test_a_flawed_entry_would_be_found() -> None:
    gdp = by_id()["gdp"]
    assert flawed(replace(gdp, id="GDP"))
    assert flawed(replace(gdp, label_en="地区生产总值"))
    assert disordered(replace(gdp, range_min=2.0, range_max=1.0))


def test_every_entry_is_complete_with_a_known_unit_and_an_ordered_range() -> None:
    assert [entry.id for entry in REGISTRY if flawed(entry) or disordered(entry)] == []
    assert [entry.id for entry in REGISTRY if resolve(entry.unit).code == "other"] == []


def test_every_cue_leads_to_its_entry() -> None:
    assert [cue for entry in REGISTRY for cue in entry.cues if identify(cue) != entry.id] == []
    assert [entry.id for entry in REGISTRY if entry.label_zh not in entry.cues] == []


def test_no_cue_names_two_indicators_and_none_is_listed_twice() -> None:
    shared = [cue for cue, times in Counter(cue for entry in REGISTRY for cue in entry.cues).items() if times > 1]
    assert shared == []
    assert len(by_cue()) == sum(len(entry.cues) for entry in REGISTRY)


def test_no_two_entries_share_a_label_or_a_definition() -> None:
    for field in ("label_zh", "label_en", "definition", "definition_zh"):
        assert len({getattr(entry, field) for entry in REGISTRY}) == len(REGISTRY), field


def test_words_that_name_none_keep_an_id_of_their_own() -> None:
    assert identify("特色小吃街生产总值") == "x:特色小吃街生产总值"
    assert identify("A级景区 数量") == "x:a级景区数量"
    assert identify("") == identify("（）") == "x:unnamed"


@given(st.text(max_size=120))
def test_any_words_lead_to_one_stable_id_whose_slug_is_itself(subject: str) -> None:
    found, once = identify(subject), indicator_slug(subject)
    assert found == identify(subject)
    assert found in by_id() or found.startswith("x:")
    assert 2 < len(found) <= max(SLUG_LIMIT + 2, 40)
    assert indicator_slug(once) == once
    assert not re.search(r"[\s“”、，。;；|/]", once)
