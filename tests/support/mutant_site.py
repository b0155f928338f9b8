"""A site of the two bundled reports that changes between two runs, and how a change of it is written down."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias

from support.runs import apart
from support.site_editor import registry
from support.website import Reply, Website, serve

from flows.pipeline import LOCAL_STAGES, run_pipeline
from flows.run.context import RunResult, create_context
from raw.samples.articles import load_samples
from raw.samples.pages import COLUMN, article_path
from raw.samples.site import Site
from schemas.codelists import Outcome, Severity

Change: TypeAlias = Callable[[str], str]
Transform: TypeAlias = Callable[[Reply], Reply]
HTML = {"Content-Type": "text/html; charset=utf-8"}
PREFIX = "/zshjq"
LOGIN = "<html><body><p>请先登录：输入用户名和密码，忘记密码请联系管理员。</p></body></html>"


def same_text(text: str) -> str:
    return text


def same_reply(reply: Reply) -> Reply:
    return reply


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """A changed site, how a run on it ends, the codes of all findings above a note, and the alert that it raises.

    `text` changes the paragraphs of the newer report, in every rendering at once; `article`, `listing` and `index`
    change what is sent; `older` the page of the other report.
    """

    name: str
    outcome: Outcome
    alert: str
    codes: frozenset[str]
    text: Change = same_text
    article: Transform = same_reply
    older: Transform = same_reply
    listing: Transform = same_reply
    index: Transform = same_reply

    def __str__(self) -> str:
        return self.name


def mutant(
    name: str,
    outcome: Outcome = Outcome.UNCHANGED,
    alert: str = "",
    codes: str = "",
    **changes: Any,  # noqa: ANN401 - a change of the text, or of a reply, or what is sent instead
) -> Mutant:
    """Return a mutant: `page` changes the text of the article's page, a text instead of a change replaces a page."""
    if "page" in changes:
        changes["article"] = changed(changes.pop("page"))
    given: dict[str, Any] = {
        name: sent(change) if isinstance(change, str) else change for name, change in changes.items()
    }
    return Mutant(name=name, outcome=outcome, alert=alert, codes=frozenset(codes.split()), **given)


def sent(html: str) -> Transform:
    """Send this page instead."""
    return lambda _: Reply(body=html.encode(), headers=HTML)


def swap(*texts: str) -> Change:
    """Put one text for another, the first for the second and so on; each has to be there."""

    def change(text: str) -> str:
        for old, new in zip(texts[::2], texts[1::2], strict=True):
            assert old in text, old
            text = text.replace(old, new)
        return text

    return change


def drop(pattern: str) -> Change:
    """Take out all that a pattern matches, which has to match something."""

    def change(text: str) -> str:
        kept, count = re.subn(pattern, "", text, flags=re.DOTALL)
        assert count, pattern
        return kept

    return change


def changed(change: Change) -> Transform:
    """Change the body of a reply."""
    return lambda reply: replace(reply, body=change(reply.body.decode()).encode())


def redirect(address: str) -> Transform:
    return lambda _: Reply(status=302, headers={"Location": address})


def with_headers(headers: Mapping[str, str]) -> Transform:
    return lambda reply: replace(reply, headers={**reply.headers, **headers})


ORIGINAL = mutant("original")


@dataclass(frozen=True, slots=True, kw_only=True)
class MutantSite:
    """A running site and the registry file that names it as `seed`."""

    website: Website
    sources: str

    def show(self, mutant: Mutant = ORIGINAL) -> None:
        """Let the site be as a mutant has it; every visit counts the views of a page up."""
        *older, newest = load_samples()
        text = mutant.text("\n".join(newest.paragraphs) + "\n").removesuffix("\n")
        articles = (*older, replace(newest, paragraphs=tuple(text.split("\n"))))
        site = Site(base=f"{self.website.base}{PREFIX}", articles=lambda: articles)
        self._put(site, "/gkmlpt/index", mutant.index)
        for column in range(COLUMN - 2, COLUMN + 2):
            for page in (1, 2):
                self._put(site, f"/gkmlpt/api/all/{column}?page={page}&sid=760009", mutant.listing)
        for article, transform in zip(articles, (mutant.older, mutant.article), strict=True):
            self._put(site, article_path(article), transform)

    def run(self, store: str) -> RunResult:
        """Run the pipeline on what the site shows now."""
        return apart(run_pipeline(create_context("seed", store, self.sources, None), LOCAL_STAGES))

    def _put(self, site: Site, path: str, transform: Transform) -> None:
        def reply(_: object) -> Reply:
            answer = site.answer(f"{PREFIX}{path}")
            assert answer, path
            headers = {"Content-Type": answer.content_type, "ETag": '"one"'}
            return transform(Reply(body=answer.body.encode(), headers=headers))

        self.website.put(f"{PREFIX}{path}", reply)


@contextmanager
def mutant_site(folder: Path) -> Iterator[MutantSite]:
    """A site of the two reports while the block runs."""
    with serve() as website:
        site = MutantSite(website=website, sources=registry(folder, f"{website.base}{PREFIX}"))
        website.put("/login", Reply(body=LOGIN.encode(), headers=HTML))
        site.show()
        yield site


def codes_above_note(result: RunResult) -> set[str]:
    """The codes of all findings that somebody should look at."""
    return {finding.code for finding in result.findings if finding.severity is not Severity.NOTE}
