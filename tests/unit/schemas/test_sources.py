from __future__ import annotations

import re
from pathlib import Path

import pytest
from support.case_tables import mapped

from schemas.errors import RegistryError, UsageError
from schemas.registry.sources import SHIPPED, Source, load_sources, pick

GKMLPT = {
    "id": '"nansha"',
    "platform": '"gkmlpt"',
    "base": '"http://www.example.gov.cn/ns"',
    "title": '"工作总结"',
    "publisher": '"某区管理委员会"',
    "uscc": '"11442000007333422Y"',
    "ref_area": '"CN-440115-nansha"',
    "area_zh": '"某区"',
    "area_en": '"Some Zone"',
}
PAGE = {key: value for key, value in GKMLPT.items() if key != "base"} | {
    "platform": '"page"',
    "urls": '["https://a.example.cn/1.html", "https://a.example.cn/2.html?x=1"]',
}


def entry(base: dict[str, str], /, **changed: str | None) -> str:
    keys = {key: value for key, value in (base | changed).items() if value is not None}
    return "\n".join(["[[source]]", *(f"{key} = {value}" for key, value in keys.items()), ""])


def registry(folder: Path, *entries: str) -> Path:
    path = folder / "own.toml"
    path.write_text("\n".join(entries), encoding="utf-8")
    return path


def refused(path: Path) -> str:
    with pytest.raises(RegistryError) as caught:
        load_sources(path)
    assert caught.value.exit_status == 2
    return str(caught.value)


def named(sources: tuple[Source, ...], name: str) -> Source:
    return next(source for source in sources if source.id == name)


def test_the_package_ships_the_zone_its_city_the_sister_zone_and_the_samples() -> None:
    sources = load_sources()
    assert [source.id for source in sources] == ["torch", "zhongshan", "cuiheng", "samples"]
    # A credit code that is not known is not invented.
    assert {source.id for source in sources if not source.uscc} == {"zhongshan", "cuiheng"}
    torch = named(sources, "torch")
    assert (torch.base, torch.host, torch.division) == ("http://www.zs.gov.cn/zshjq", "www.zs.gov.cn", "442000")
    assert (torch.publisher, torch.uscc) == ("中山火炬开发区管理委员会", "11442000007333422Y")
    assert (torch.platform, torch.ref_area) == ("gkmlpt", "CN-442000-torch")


def test_the_samples_are_the_zones_own_form_on_a_loopback_address_and_say_that_they_are_samples() -> None:
    torch, samples = (named(load_sources(), name) for name in ("torch", "samples"))
    assert samples.bundled
    assert not samples.nightly
    assert samples.base == "http://127.0.0.1:18442/zshjq"
    assert (samples.publisher, samples.uscc, samples.ref_area) == (torch.publisher, torch.uscc, torch.ref_area)
    assert "示例" in samples.area_zh


def test_titles_that_such_reports_bear_are_found_and_others_are_not() -> None:
    sources = load_sources()
    assert re.search(named(sources, "torch").title, "火炬高新区2024年工作总结暨2025年工作部署")
    assert re.search(named(sources, "zhongshan").title, "2025年中山市政府工作报告")
    assert not re.search(named(sources, "torch").title, "关于火炬高新区2024年财政预算的说明")


def test_an_operators_file_is_added_after_the_shipped_sources(tmp_path: Path) -> None:
    sources = load_sources(registry(tmp_path, entry(GKMLPT), entry(PAGE, id='"pages"')))
    assert [source.id for source in sources][-2:] == ["nansha", "pages"]
    assert named(sources, "nansha").nightly
    assert named(sources, "pages").urls == ("https://a.example.cn/1.html", "https://a.example.cn/2.html?x=1")
    assert named(sources, "pages").host == "a.example.cn"


def test_flags_are_read_from_an_operators_file_and_a_slash_at_the_end_of_a_base_is_taken_off(tmp_path: Path) -> None:
    own = entry(GKMLPT, base='"http://127.0.0.1:81/ns//"', bundled="true", nightly="false", uscc=None)
    source = named(load_sources(registry(tmp_path, own)), "nansha")
    assert (source.base, source.bundled, source.nightly) == ("http://127.0.0.1:81/ns", True, False)
    assert not source.uscc


def test_a_file_saved_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(entry(GKMLPT), encoding="utf-8-sig")
    assert named(load_sources(path), "nansha").area_en == "Some Zone"


@pytest.mark.parametrize("key", ["id", "platform", "base", "title", "publisher", "ref_area", "area_zh", "area_en"])
def test_a_missing_key_is_named(tmp_path: Path, key: str) -> None:
    message = refused(registry(tmp_path, entry(PAGE, id='"pages"'), entry(GKMLPT, **{key: None})))
    assert "own.toml, source 2" in message
    assert f"key {key}: the key is missing" in message
    assert "allowed:" in message


FAULTS = {
    "id": """
        "Nansha" → 'Nansha' is not a slug | "n" → not a slug | "-nansha" → not a slug | "nan_sha" → not a slug
        "nansha\\n" → not a slug | "../nansha" → not a slug | "%s" → not a slug | "runs" → a reserved name
        7 → of type int, not str"""
    % ("n" * 41),
    "platform": "\"wordpress\" → 'wordpress' is not allowed",
    "base": """
        "ftp://www.example.gov.cn/ns" → scheme is 'ftp' | "www.example.gov.cn/ns" → scheme is '' | "" → scheme is ''
        "http:///ns" → has no host | "http://www.example.gov.cn/ns?page=1" → a query | true → of type bool, not str
        "http://www.example.gov.cn/ns#top" → a fragment | "http://www.example.gov.cn/n s" → a blank
        "http://www.example.gov.cn:port/ns" → not an address | "http://[::1/ns" → not an address
        "http://www.example.gov.cn/ns/gkmlpt/index" → own path /gkmlpt""",
    "title": """
        "工作(总结" → does not compile | "(a{99999999999999999999})" → does not compile
        "" → is empty | "  " → is empty | ["工作总结"] → of type list, not str""",
    "publisher": '"" → is empty | " 某区管理委员会" → blank',
    "publisher_names": '[] → is empty | [1] → name 1 is not a string | ["市财政局", ""] → name 2: it is empty',
    "vouched": '"yes" → of type str, not bool',
    "vouched_why": '"" → is empty',
    "uscc": '"11442000007333422X" → check character | "1142000007333422Y" → wrong length',
    "ref_area": """
        "442000" → '442000' is not an area | "CN-4420" → not an area | "CN-442000-Torch" → not an area""",
    "area_zh": '"" → is empty',
    "area_en": '" " → is empty',
    "bundled": '"true" → of type str, not bool | true → served by the run itself',
    "nightly": "1 → of type int, not bool",
    "every_hours": """
        "24" → of type str, not int | true → of type bool, not int | 0 → 0 is out of range
        8785 → 8785 is out of range""",
    "urls": '["http://www.example.gov.cn/1"] → does not belong to platform gkmlpt',
    "publishr": '"某区" → unknown key',
}


@pytest.mark.parametrize("key", FAULTS)
def test_a_bad_value_is_refused_with_file_entry_key_and_what_is_allowed(tmp_path: Path, key: str) -> None:
    for value, fault in mapped(FAULTS[key]).items():
        message = refused(registry(tmp_path, entry(PAGE, id='"pages"'), entry(GKMLPT, **{key: value})))
        assert "own.toml, source 2" in message
        assert ("key base" if key == "bundled" and value == "true" else f"key {key}") in message
        assert fault in message
        assert "allowed:" in message


ADDRESSES = """
    [] → is empty | [1] → other than strings | "https://a.example.cn/1" → of type str, not list
    ["https://a.example.cn/1", "https://b.example.cn/1"] → different hosts: a.example.cn, b.example.cn
    ["https://a.example.cn/1", "https://a.example.cn/1"] → an address twice
    ["https://a.example.cn/1", "file:///etc/passwd"] → address 2: its scheme is 'file'"""


def test_bad_addresses_of_pages_are_refused(tmp_path: Path) -> None:
    for value, fault in mapped(ADDRESSES).items():
        message = refused(registry(tmp_path, entry(PAGE, urls=value)))
        assert "own.toml, source 1 (nansha), key urls" in message
        assert fault in message


def test_pages_without_addresses_or_with_a_base_are_refused(tmp_path: Path) -> None:
    assert "key urls: the key is missing for platform page" in refused(registry(tmp_path, entry(PAGE, urls=None)))
    own = entry(PAGE, base='"http://www.example.gov.cn"')
    assert "key base: the key does not belong to platform page" in refused(registry(tmp_path, own))


def test_who_vouches_for_an_address_says_why(tmp_path: Path) -> None:
    why = '"官网首页链接到此地址"'
    assert "key vouched_why: the key is missing beside vouched" in refused(
        registry(tmp_path, entry(PAGE, vouched="true"))
    )
    for vouched in (None, "false"):
        message = refused(registry(tmp_path, entry(PAGE, vouched=vouched, vouched_why=why)))
        assert "key vouched: vouched_why stands without it" in message
    own = registry(tmp_path, entry(PAGE, vouched="true", vouched_why=why, publisher_names='["区管委会"]'))
    source = named(load_sources(own), "nansha")
    assert (source.vouched, source.publisher_names) == (True, ("区管委会",))


@pytest.mark.parametrize("address", ["http://me:hunter2@www.example.gov.cn/ns", "http://me:hunter2@ex\u2100mple.cn/"])
def test_a_password_in_an_address_is_refused_and_never_repeated(tmp_path: Path, address: str) -> None:
    message = refused(registry(tmp_path, entry(GKMLPT, base=f'"{address}"')))
    assert "key base" in message
    assert "hunter2" not in message


def test_an_id_that_the_package_has_already_is_refused_naming_both_files(tmp_path: Path) -> None:
    own = registry(tmp_path, entry(PAGE, id='"pages"'), entry(GKMLPT, id='"torch"'))
    message = refused(own)
    assert f"{own}, source 2 (torch), key id" in message
    assert f"source 1 of {SHIPPED}" in message


def test_an_id_that_stands_twice_in_one_file_is_refused(tmp_path: Path) -> None:
    own = registry(tmp_path, entry(GKMLPT), entry(PAGE))
    assert f"source 2 (nansha), key id: the id is already used by source 1 of {own}" in refused(own)


def test_what_is_no_file_of_toml_in_utf_8_is_refused(tmp_path: Path) -> None:
    assert f"{tmp_path / 'none.toml'}: the file does not exist" in refused(tmp_path / "none.toml")
    assert f"{tmp_path}: it cannot be read" in refused(tmp_path)
    own = registry(tmp_path, "[[source]]", 'id = "nansha"', "platform gkmlpt")
    assert re.search(f"{own}.*line 3", refused(own))
    assert "line 3" in refused(registry(tmp_path, "[[source]]", 'id = "a1"', 'id = "b1"', ""))
    own.write_bytes(entry(GKMLPT).encode("gb18030"))
    assert "is not UTF-8" in refused(own)


@pytest.mark.parametrize("text", ["", "# nothing yet", "source = []", 'source = ["torch"]', '[source]\nid = "torch"'])
def test_a_file_without_source_tables_is_refused(tmp_path: Path, text: str) -> None:
    assert "it contains no [[source]] tables" in refused(registry(tmp_path, text))


def test_a_key_beside_the_source_tables_is_named(tmp_path: Path) -> None:
    own = registry(tmp_path, "nightly = true", entry(GKMLPT))
    assert f"{own}: unknown key nightly" in refused(own)


def test_a_run_takes_the_nightly_sources_or_those_that_it_names_once_and_in_the_registrys_order() -> None:
    assert [source.id for source in pick(load_sources(), [])] == ["torch", "zhongshan", "cuiheng"]
    assert [source.id for source in pick(load_sources(), ["samples", "torch", "samples"])] == ["torch", "samples"]


def test_a_source_that_nobody_knows_is_refused_naming_the_known_ones() -> None:
    with pytest.raises(UsageError, match=r"unknown source tourch; known sources: torch, zhongshan, cuiheng, samples"):
        pick(load_sources(), ["torch", "tourch"])
