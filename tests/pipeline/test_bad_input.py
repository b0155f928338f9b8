"""Bad input, one case a line: what goes wrong, how the run ends, and that nothing of what is published changes."""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from support.cms import registry, short_article
from support.nights import local, plain, run_records
from support.seaweed import SECRETS, free_ports
from support.website import Reply, Website, serve

from flows.run.context import create_context
from infra.store import Store, open_store
from raw.samples import pages
from schemas.codelists import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Bad:
    """A fault of the site, and how a run has to end: exit status, code of the error or finding, words of it."""

    path: str
    reply: Reply
    status: int
    code: str
    says: str


BOMB = gzip.compress(b"\0" * 3_000_000)
EMPTY, FOREIGN = replace(GOOD, paragraphs=()), replace(GOOD, publisher="某某网络科技有限公司")
ELSEWHERE = Reply(status=302, headers={"Location": "http://localhost:9/zshjq/gkmlpt/index"})
CASES = {
    "the index answers 404": Bad(path=INDEX, reply=Reply(status=404), status=5, code="source_gone", says="404"),
    "the article answers 404": Bad(path=ARTICLE, reply=Reply(status=404), status=5, code="source_gone", says=""),
    "the index answers 500 for ever": Bad(
        path=INDEX, reply=Reply(status=500), status=5, code="source_unreachable", says="500"
    ),
    "the article answers 500 for ever": Bad(
        path=ARTICLE, reply=Reply(status=500), status=5, code="source_unreachable", says="500"
    ),
    "the connection is cut in the middle of the article": Bad(
        path=ARTICLE, reply=page(cut=500), status=5, code="source_unreachable", says=""
    ),
    "the article redirects to another host": Bad(
        path=ARTICLE, reply=ELSEWHERE, status=5, code="source_refused", says="localhost"
    ),
    "the article is a gzip bomb": Bad(
        path=ARTICLE,
        reply=Reply(body=BOMB, headers={"Content-Encoding": "gzip"}),
        status=5,
        code="source_refused",
        says="unpacked",
    ),
    "the article is empty": Bad(path=ARTICLE, reply=page(EMPTY), status=4, code="article_empty", says=""),
    "the page's publisher is another": Bad(
        path=ARTICLE, reply=page(FOREIGN), status=4, code="publisher_mismatch", says="某某网络科技有限公司"
    ),
    "the page is in another charset than its meta declares": Bad(
        path=ARTICLE, reply=page(charset="gb18030"), status=4, code="charset_mismatch", says="gb18030"
    ),
    "the page is in another charset than its header declares": Bad(
        path=ARTICLE,
        reply=page(headers={"Content-Type": "text/html; charset=gb18030"}),
        status=4,
        code="charset_mismatch",
        says="utf-8",
    ),
    "the listing is not JSON": Bad(
        path=LISTING, reply=Reply(body=b"<html>maintenance</html>"), status=5, code="source_malformed", says="JSON"
    ),
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


@pytest.fixture(params=[False, True], ids=["first run", "after a release"])
def store(request: pytest.FixtureRequest, released: Path, tmp_path: Path) -> Store:
    """An empty store, and one with a release."""
    if request.param:
        shutil.copytree(released, tmp_path / "store")
    return open_store(str(tmp_path / "store"))


@pytest.fixture
def s3_store(s3_url: str, known: str, site: Website) -> Store:
    """A release on S3, and a site that has something new."""
    assert plain(create_context("seed", s3_url, known, None)) is Outcome.PUBLISHED
    site.put(ARTICLE, page(short_article("2024年,完成地区生产总值600亿元。")))
    return open_store(s3_url)


def published(store: Store) -> dict[str, str]:
    """Everything that a consumer can see."""
    return {entry.key: entry.etag for prefix in ("seed/", "index.json") for entry in store.list(prefix)}


def told(record: dict[str, Any]) -> tuple[str, str, str]:
    """The code of the error or of the finding that rejects, its place, and all that is said about it."""
    error = record["error"]
    if error:
        assert error["what"]
        assert error["remedy"]
        return error["code"], error["where"], str(error)
    (worst,) = [finding for finding in record["findings"] if finding["severity"] == "reject"]
    return worst["code"], worst["where"], str(worst)


@pytest.mark.parametrize("bad", CASES.values(), ids=CASES)
def test_bad_input_is_told_and_nothing_is_published(bad: Bad, site: Website, known: str, store: Store) -> None:
    before, runs = published(store), run_records(store)
    site.put(bad.path, bad.reply)

    record = local(store.url, known)
    code, where, said = told(record)
    assert (record["exit_status"], code) == (bad.status, bad.code)
    assert where.partition(" (")[0] in {site.base + bad.path, "post-2612346"}
    assert bad.says in said
    assert published(store) == before
    (left,) = [one for one in run_records(store) if one not in runs]
    assert {**left, "finished": ""} == {**record, "finished": ""}


def test_the_cases_start_from_a_site_where_all_is_well(known: str, tmp_path: Path) -> None:
    assert plain(create_context("seed", str(tmp_path / "store"), known, None)) is Outcome.PUBLISHED


@dataclass(frozen=True, slots=True, kw_only=True)
class NoStore:
    """What keeps a store from taking anything, and the code of the error."""

    environ: Callable[[], dict[str, str]]
    code: str


WRONG = "not-the-secret"
STORES = {
    "it lets only read": NoStore(
        environ=lambda: {"AWS_ACCESS_KEY_ID": "reader", "AWS_SECRET_ACCESS_KEY": SECRETS["reader"]},
        code="store_denied",
    ),
    "the secret is wrong": NoStore(environ=lambda: {"AWS_SECRET_ACCESS_KEY": WRONG}, code="store_denied"),
    "the key is unknown": NoStore(environ=lambda: {"AWS_ACCESS_KEY_ID": "nobody"}, code="store_denied"),
    "nobody answers": NoStore(
        environ=lambda: {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{free_ports(1)[0]}", "AWS_MAX_ATTEMPTS": "1"},
        code="store_unavailable",
    ),
}


@pytest.mark.parametrize("bad", STORES.values(), ids=STORES)
def test_a_store_that_takes_nothing_is_told_and_the_record_lies_in_the_spool(
    bad: NoStore, s3_store: Store, known: str, quick_settings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = published(s3_store)
    for name, value in bad.environ().items():
        monkeypatch.setenv(name, value)

    record = local(s3_store.url, known)
    code, _, said = told(record)
    assert (record["exit_status"], code) == (6, bad.code)
    assert not any(secret in said for secret in (*SECRETS.values(), WRONG))
    assert published(s3_store) == before
    (left,) = records_in(quick_settings)
    assert left["run"] == record["run"]
    assert left["error"] == record["error"]


def test_a_folder_that_cannot_be_made_is_told_and_the_record_lies_in_the_spool(
    known: str, tmp_path: Path, quick_settings: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    record = local(str(tmp_path / "file" / "store"), known)
    assert (record["exit_status"], told(record)[0]) == (6, "store_unavailable")
    assert [left["run"] for left in records_in(quick_settings)] == [record["run"]]


def records_in(spool: Path) -> list[dict[str, Any]]:
    return [json.loads(file.read_bytes()) for file in spool.glob("seed-*.json")]
