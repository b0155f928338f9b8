"""The bytes of a page to the article in it: title, date, labels, and the canonical text that all positions count in.

The canonical text of an HTML page is made of lines, in this order:

- one line for each label of the page's table, `索引号: 114…`, or `分类:` where the page leaves it empty;
- the title, as its heading shows it;
- the date as it is printed over the article, `发布日期:2025-05-29`;
- the body: the fuller of the two renderings.

A line that the page lacks is left out, and so is everything that changes by itself: the view counter, the tools (打印,
字体), the page around the article. So the text changes if, and only if, somebody changed the article. An element that
holds both the article and its tools is split: labels, title and date are read from its head, and lines with only a tool
or the counter are left out.

The canonical text of a plain text is the text itself, character for character.
"""

from dataclasses import dataclass, field
from datetime import date

from selectolax.lexbor import LexborHTMLParser, LexborNode

from raw.page import article_header
from raw.page.article_body import find_by_density, find_by_name, surroundings
from raw.page.article_title import find_title, one_line
from raw.page.canonical_text import Anchor, Canonical, CellText, joined
from raw.page.charset import read
from raw.page.dom import parse, scripts
from raw.page.html_to_text import canonical
from raw.page.label_table import LabelTable, find_date_line, find_labels, read_date
from raw.page.page_structure import platform
from raw.page.page_tools import is_tool, without_tools
from raw.page.publisher_names import PublisherName, publisher_names
from raw.page.renderings import ChosenRendering, Rendering, choose
from raw.page.script_config import detail_content
from raw.page.truncation import damaged
from schemas.document import Labels, PageStructure, Span
from schemas.errors import ArticleError
from schemas.finding import Finding

DETAIL_PATH = "_CONFIG.DETAIL.content"
_OPENING_LINES = 5
_REMEDY = (
    "open the address in a browser: the article may be an attachment, withdrawn, or under an element not known here"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedPage:
    """An article as read from its page; every position counts in `text`, and `body` is the span of the report.

    `anchors` lead from the text back to the page, `cells` are those of the tables in the body; a plain text has none.
    `rendering` is the one that the body was read from, `form` the structure of the page without its headings,
    `publishers` the bodies that it names as its publisher, the strongest evidence first.
    """

    title: str
    published_on: date | None
    labels: Labels
    text: str
    body: Span
    anchors: tuple[Anchor, ...]
    rendering: Rendering
    findings: tuple[Finding, ...]
    form: PageStructure = field(default_factory=PageStructure)
    publishers: tuple[PublisherName, ...] = ()
    cells: tuple[CellText, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Article:
    """The body of a page, its element (None for a body in a script) with the name, and the text around it."""

    choice: ChosenRendering
    node: LexborNode | None
    element: str
    around: Canonical


def parse_html(body: bytes, *, content_type: str) -> ParsedPage:
    """Return the article in the bytes of an HTML page.

    Raises:
        CharsetError: If the bytes are not text in the charset that the page declares.
        ArticleError: If the page holds no article, or an empty one.
    """
    decoded = read(body, content_type)
    tree = parse(decoded.text)
    article = _article(tree)
    table = find_labels(article.around)
    date_line = find_date_line(article.around, table)
    title = find_title(tree, table.labels.name if table else "", article.node)
    head = [*(table.lines if table else ()), title.shown or Canonical(text=title.text)]
    if date_line:
        head.append(article.around.cut(date_line.start, date_line.end))
    content = article.choice.body
    whole = joined(part for part in (*head, content) if part.text)
    start = len(whole.text) - len(content.text)
    return ParsedPage(
        title=one_line(title.text),
        published_on=_published(table, article.around, date_line) or article_header.published_in_head(tree),
        labels=table.labels if table else Labels(),
        text=whole.text,
        body=Span(start=start, end=len(whole.text)),
        anchors=whole.anchors,
        rendering=article.choice.rendering,
        findings=decoded.findings + title.findings + article.choice.findings + damaged(decoded.text, whole.text),
        publishers=publisher_names(tree, _with_opening(article), table.labels if table else Labels()),
        form=_form(tree, article, table),
        cells=whole.cells[len(whole.cells) - len(content.cells) :],
    )


def parse_text(text: str, *, title: str = "", published: date | None = None) -> ParsedPage:
    """Return the report in a plain text; title and date are read from its head unless they are given.

    A page saved as text has labels, title and date over the report: the body begins after the line with the date of
    publication and the view counter.
    """
    lines = article_header.head_lines(text)
    head = Canonical(text=text[: lines[-1][1]] if lines else "")
    table = find_labels(head)
    date_line = find_date_line(head, table)
    tools = ((end, text[start:end]) for start, end in lines if is_tool(text[start:end]))
    start = next((end + 1 for end, line in tools if "发布日期" in line), 0)
    return ParsedPage(
        title=title or article_header.title_of_text([text[start:end] for start, end in lines], table),
        published_on=published or _published(table, head, date_line) or read_date(head.text),
        labels=table.labels if table else Labels(),
        text=text,
        body=Span(start=min(start, len(text)), end=len(text)),
        anchors=(),
        rendering="plain",
        findings=(),
        form=PageStructure(labels=table.order if table else (), rendering=("plain",)),
        publishers=publisher_names(None, head, table.labels if table else Labels()),
    )


def _article(tree: LexborHTMLParser) -> _Article:
    """Return the body by the name of its element or from the configuration, else by its sentences."""
    container = find_by_name(tree)
    markup = detail_content(scripts(tree))
    choice = choose(
        without_tools(container.content) if container else None, None if markup is None else _detail(markup)
    )
    if choice.body.weight:
        name = container.name if container else ""
        return _Article(
            choice=choice,
            node=container.node if container else None,
            element=name,
            around=surroundings(tree, container),
        )
    container = None if container else find_by_density(tree)
    if container is None:
        raise ArticleError("the page holds no article, or an empty one", where="page", remedy=_REMEDY)
    above, report = article_header.split_head(container.content, find_title(tree, "", container.node).text)
    choice = choose(without_tools(report), None if markup is None else Canonical(text=""))
    if not choice.body.weight:
        raise ArticleError("the page holds a head and no article under it", where="page", remedy=_REMEDY)
    around = joined((surroundings(tree, container), above))
    return _Article(choice=choice, node=container.node, element=container.name, around=around)


def _form(tree: LexborHTMLParser, article: _Article, table: LabelTable | None) -> PageStructure:
    return PageStructure(
        labels=table.order if table else (),
        container=(article.element,) if article.element else (),
        rendering=article.choice.present,
        platform=platform(scripts(tree)),
    )


def _with_opening(article: _Article) -> Canonical:
    """Return the text around the body with the first lines of the body, which may name its origin."""
    lines = article_header.head_lines(article.choice.body.text)[:_OPENING_LINES]
    return joined((article.around, article.choice.body.cut(0, lines[-1][1] if lines else 0)))


def _detail(markup: str) -> Canonical:
    root = parse(markup).body
    return canonical(root, DETAIL_PATH) if root else Canonical(text="")


def _published(table: LabelTable | None, around: Canonical, date_line: Span | None) -> date | None:
    """Return the date of publication by its label, else by the line over the article."""
    labelled = read_date(table.labels.published_on) if table else None
    return labelled or (read_date(date_line.cut(around.text)) if date_line else None)
