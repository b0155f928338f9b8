"""Bad input, one case a line: what goes wrong, how the run ends, and that nothing of what is published changes."""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from support.runs import local, plain, run_records
from support.seaweed import SECRETS
from support.site_editor import registry, short_article
from support.website import Reply, Website, serve

from flows.run.context import create_context
from infra.store import Store, open_store
from raw.samples import pages
from schemas.codelists import Outcome

if TYPE_CHECKING:
    from raw.samples.articles import Article

pytestmark = pytest.mark.usefixtures("quick_settings")

GOOD = short_article("2024年,完成地区生产总值573.72亿元,增长3.5%。", "规上工业企业550家。")
PREFIX = "/zshjq"
INDEX = f"{PREFIX}/gkmlpt/index"
ARTICLE = PREFIX + pages.article_path(GOOD)
LISTING = f"{PREFIX}/gkmlpt/api/all/{pages.COLUMN}?page=1&sid={pages.SID}"


def page(article: Article = GOOD, *, views: int = 8, charset: str = "utf-8", **changes: Any) -> Reply:  # noqa: ANN401 - any field of a Reply
    """An article page in a charset; what it declares is UTF-8."""
    body = pages.article_page(article, views).encode(charset)
    return replace(Reply(body=body, headers={"Content-Type": "text/html"}), **changes)


def put_site(site: Website) -> None:
    """A site where all is well."""
    listings = (pages.listing(site.base + PREFIX, [GOOD], pages.COLUMN, number) for number in (1, 2))
    for number, listed in enumerate(listings, start=1):
        site.put(LISTING.replace("page=1", f"page={number}"), Reply(body=listed.encode()))
    empty = pages.listing(site.base + PREFIX, [], 14206, 1)
    site.put(LISTING.replace(str(pages.COLUMN), "14206"), Reply(body=empty.encode()))
    site.put(INDEX, Reply(body=pages.index_page(1).encode(), headers={"Content-Type": "text/html"}))
    site.put(ARTICLE, page(views=7))


class Bad(NamedTuple):
    """A fault of the site, and how a run has to end: exit status, code of the error or finding, and a part of it."""

    path: str
    reply: Reply
    status: int
    code: str
    says: str = ""


BOMB = Reply(body=gzip.compress(b"\0" * 3_000_000), headers={"Content-Encoding": "gzip"})
EMPTY, FOREIGN = replace(GOOD, paragraphs=()), replace(GOOD, publisher="某某网络科技有限公司")
ELSEWHERE = Reply(status=302, headers={"Location": "http://localhost:9/zshjq/gkmlpt/index"})
DECLARED = {"Content-Type": "text/html; charset=gb18030"}
CASES = {
    "the index answers 404": Bad(INDEX, Reply(status=404), 5, "source_gone", "404"),
    "the article answers 404": Bad(ARTICLE, Reply(status=404), 5, "source_gone"),
    "the index answers 500 for ever": Bad(INDEX, Reply(status=500), 5, "source_unreachable", "500"),
    "the article answers 500 for ever": Bad(ARTICLE, Reply(status=500), 5, "source_unreachable", "500"),
    "the connection is cut in the middle of the article": Bad(ARTICLE, page(cut=500), 5, "source_unreachable"),
    "the article redirects to another host": Bad(ARTICLE, ELSEWHERE, 5, "source_refused", "localhost"),
    "the article is a gzip bomb": Bad(ARTICLE, BOMB, 5, "source_refused", "unpacked"),
    "the article is empty": Bad(ARTICLE, page(EMPTY), 4, "article_empty"),
    "the page's publisher is another": Bad(ARTICLE, page(FOREIGN), 4, "publisher_mismatch", FOREIGN.publisher),
    "its charset is not that of its meta": Bad(ARTICLE, page(charset="gb18030"), 4, "charset_mismatch", "gb18030"),
    "its charset is not that of its header": Bad(ARTICLE, page(headers=DECLARED), 4, "charset_mismatch", "utf-8"),
    "the listing is not JSON": Bad(LISTING, Reply(body=b"<html>maintenance</html>"), 5, "source_malformed", "JSON"),
}


@pytest.fixture(scope="module")
def site() -> Iterator[Website]:
    with serve() as website:
        yield website


@pytest.fixture(scope="module")
def released(site: Website, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with a release of the good page."""
    folder = tmp_path_factory.mktemp("released")
    put_site(site)
    run = create_context("seed", str(folder / "store"), registry(folder, site.base + PREFIX), None)
    assert plain(run) is Outcome.PUBLISHED
    return folder / "store"


@pytest.fixture
def known(site: Website, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The site as it should be, and the registry file that names it."""
    monkeypatch.setenv("GONGBAO_MAX_PAGE_MB", "1")
    put_site(site)
    return registry(tmp_path, site.base + PREFIX)


def published(store: Store) -> dict[str, str]:
    """Everything that a consumer can see."""
    return {entry.key: entry.etag for prefix in ("seed/", "index.json") for entry in store.list(prefix)}


def failure(record: dict[str, Any]) -> tuple[str, str, str]:
    """The code of the error or of the finding that rejects, its place, and all that is said about it."""
    error = record["error"]
    if error:
        assert error["what"]
        assert error["remedy"]
        return error["code"], error["where"], str(error)
    (worst,) = [finding for finding in record["findings"] if finding["severity"] == "reject"]
    return worst["code"], worst["where"], str(worst)


@pytest.mark.parametrize("bad", CASES.values(), ids=CASES)
def test_bad_input_is_an_error_and_nothing_is_published(
    bad: Bad, site: Website, known: str, released: Path, tmp_path: Path
) -> None:
    shutil.copytree(released, tmp_path / "with a release")
    site.put(bad.path, bad.reply)
    for store in map(open_store, (str(tmp_path / "with a release"), str(tmp_path / "empty"))):
        before, runs = published(store), run_records(store)
        record = local(store.url, known)
        code, where, said = failure(record)
        assert (record["exit_status"], code) == (bad.status, bad.code)
        assert where.partition(" (")[0] in {site.base + bad.path, "post-2612346"}
        assert bad.says in said
        assert published(store) == before
        (left,) = [each for each in run_records(store) if each not in runs]
        assert {**left, "finished": ""} == {**record, "finished": ""}


WRONG = "not-the-secret"
STORES = {
    "it lets only read": ("store_denied", {"AWS_ACCESS_KEY_ID": "reader", "AWS_SECRET_ACCESS_KEY": SECRETS["reader"]}),
    "the secret is wrong": ("store_denied", {"AWS_SECRET_ACCESS_KEY": WRONG}),
    "the key is unknown": ("store_denied", {"AWS_ACCESS_KEY_ID": "nobody"}),
    "nobody answers": ("store_unavailable", {"AWS_ENDPOINT_URL": "http://127.0.0.1:9", "AWS_MAX_ATTEMPTS": "1"}),
}


def test_a_store_that_takes_nothing_is_an_error_and_the_record_lies_in_the_spool(
    s3_url: str, site: Website, known: str, quick_settings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert plain(create_context("seed", s3_url, known, None)) is Outcome.PUBLISHED
    site.put(ARTICLE, page(short_article("2024年,完成地区生产总值600亿元。")))
    before = published(open_store(s3_url))
    for case, (expected, environ) in STORES.items():
        with monkeypatch.context() as patch:
            for name, value in environ.items():
                patch.setenv(name, value)
            record = local(s3_url, known)
        code, _, said = failure(record)
        assert (record["exit_status"], code) == (6, expected), case
        assert not any(secret in said for secret in (*SECRETS.values(), WRONG)), case
        assert published(open_store(s3_url)) == before, case
        (left,) = [each for each in spooled(quick_settings) if each["run"] == record["run"]]
        assert left["error"] == record["error"], case


def test_a_folder_that_cannot_be_made_is_an_error_and_the_record_lies_in_the_spool(
    known: str, tmp_path: Path, quick_settings: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    record = local(str(tmp_path / "file" / "store"), known)
    assert (record["exit_status"], failure(record)[0]) == (6, "store_unavailable")
    assert [left["run"] for left in spooled(quick_settings)] == [record["run"]]


def spooled(spool: Path) -> list[dict[str, Any]]:
    return [json.loads(file.read_bytes()) for file in spool.glob("seed-*.json")]
