"""The bundled reports on a site that can be mutated between two nights, and nights that end however they end."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from support.cms import registry
from support.mutating import HTML, Answered, Mutant
from support.website import Reply, Website, serve

from flows.pipeline import LOCAL_STAGES, run_pipeline
from flows.run.context import RunResult, create_context
from raw.samples.articles import Article, load_samples
from raw.samples.pages import COLUMN, article_path
from raw.samples.site import Site
from schemas.codelists import Outcome, Severity

PREFIX = "/zshjq"
INDEX = "/gkmlpt/index"
COLUMNS = range(COLUMN - 2, COLUMN + 2)
LOGIN = "<html><body><p>请先登录：输入用户名和密码，忘记密码请联系管理员。</p></body></html>"
UNCHANGED = Mutant(name="as it was", outcome=Outcome.UNCHANGED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A running site and the registry file that names it as `seed`."""

    website: Website
    sources: str

    def show(self, mutant: Mutant = UNCHANGED) -> None:
        """Let the site be as a mutant has it; every visit counts the views of a page up."""
        articles = self._articles(mutant)
        site = Site(base=f"{self.website.base}{PREFIX}", articles=lambda: articles)
        self._put(site, INDEX, mutant.index)
        for column in COLUMNS:
            for page in (1, 2):
                self._put(site, f"/gkmlpt/api/all/{column}?page={page}&sid=760009", mutant.listing)
        for article in articles:
            self._put(site, article_path(article), mutant.article if article is articles[-1] else mutant.older)

    def night(self, store: str) -> RunResult:
        """Run a night on what the site shows now."""
        return asyncio.run(run_pipeline(create_context("seed", store, self.sources, None), LOCAL_STAGES))

    def _articles(self, mutant: Mutant) -> tuple[Article, ...]:
        *older, newest = load_samples()
        text = mutant.text("\n".join(newest.paragraphs) + "\n").removesuffix("\n")
        return (*older, replace(newest, paragraphs=tuple(text.split("\n"))))

    def _put(self, site: Site, path: str, change: Answered) -> None:
        def reply(_: object) -> Reply:
            answer = site.answer(f"{PREFIX}{path}")
            assert answer, path
            headers = {"Content-Type": answer.content_type, "ETag": '"one"'}
            plain = Reply(body=answer.body.encode(), headers=headers)
            return change(plain)

        self.website.put(f"{PREFIX}{path}", reply)


@contextmanager
def stage(folder: Path) -> Iterator[Stage]:
    """A site of the two reports while the block runs."""
    with serve() as website:
        made = Stage(website=website, sources=registry(folder, f"{website.base}{PREFIX}"))
        website.put("/login", Reply(body=LOGIN.encode(), headers=HTML))
        made.show()
        yield made


def above_note(result: RunResult) -> set[str]:
    """The codes of all findings that somebody should look at."""
    return {finding.code for finding in result.findings if finding.severity is not Severity.NOTE}
