"""Whether published spans cut out of the documents' texts what they claim to."""

from collections.abc import Mapping

import polars as pl


def cut_spans(rows: pl.DataFrame, texts: Mapping[str, str]) -> pl.Series:
    """Cut `char_start` to `char_end` of each row out of its document; null where there is no text."""
    spans = rows.select("document", "char_start", "char_end").iter_rows()
    cuts = [texts[document][start:end] if document in texts else None for document, start, end in spans]
    return pl.Series("cut", cuts, dtype=pl.String)


def mismatched_spans(observations: pl.DataFrame, texts: Mapping[str, str]) -> list[str]:
    """Return the keys of the rows whose span cuts something else than `obs_text`."""
    cut = cut_spans(observations, texts)
    return observations.filter(~cut.eq_missing(observations["obs_text"]))["obs_id"].to_list()
