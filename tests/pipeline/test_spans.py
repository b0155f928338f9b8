"""What a run leaves of a report: every number with its span in the archived page, and none without an account."""

from __future__ import annotations

import hashlib
import io
import re
from typing import TYPE_CHECKING

from support.runs import data, plain, table
from support.site_editor import INDEX_NUMBER, seed_article
from warcio.archiveiterator import ArchiveIterator

from flows.run.context import create_context
from infra.store import open_store
from raw.page.parse import parse_html
from schemas.codelists import Outcome

if TYPE_CHECKING:
    from infra.store import Store

DIGITS = re.compile(r"[0-9]+(?:\.[0-9]+)?")


def archived_texts(store: Store) -> dict[str, str]:
    """The canonical text of each released document, out of its WARC record as any WARC tool reads it."""
    texts = {}
    for document in table(store, "documents").iter_rows(named=True):
        records = ArchiveIterator(io.BytesIO(data(store, document["archive_key"])))
        ((body, kind),) = [
            (record.content_stream().read(), record.http_headers.get_header("Content-Type"))
            for record in records
            if record.rec_type == "response"
        ]
        assert hashlib.sha256(body).hexdigest() == document["payload_sha256"]
        texts[document["document"]] = parse_html(body, content_type=kind).text
    return texts


def test_every_span_cuts_its_number_out_of_the_archived_page_and_no_number_is_lost(
    store_url: str, sources: str
) -> None:
    store = open_store(store_url)
    assert plain(create_context("seed", store_url, sources, None)) is Outcome.PUBLISHED
    texts, observations = archived_texts(store), table(store, "observations")
    assert observations.height > 60
    for row in observations.iter_rows(named=True):
        assert texts[row["document"]][row["char_start"] : row["char_end"]] == row["obs_text"]

    (document,) = table(store, "documents").iter_rows(named=True)
    assert document["index_number"] == INDEX_NUMBER
    assert document["index_number_repaired"] == "11442000007333422Y/2025-00206"
    (text,) = texts.values()
    printed = DIGITS.findall("\n".join(seed_article().paragraphs))
    body = text[text.index("向新图强实干争先") :]
    assert DIGITS.findall(body)[: len(printed)] == printed
    account = [
        (row["char_start"], row["char_end"], row["fate"], row["reason"])
        for row in table(store, "numbers").iter_rows(named=True)
    ]
    for found in DIGITS.finditer(text):
        holders = [one for one in account if one[0] <= found.start() and found.end() <= one[1]]
        assert len(holders) == 1, f"{found[0]} at {found.start()} stands in the account {len(holders)} times"
        assert holders[0][2] in {"claimed", "unread"} or (holders[0][2] == "ignored" and holders[0][3])
