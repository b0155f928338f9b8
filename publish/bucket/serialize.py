"""Frames to bytes and back, the same bytes each time.

A CSV file may be opened by a spreadsheet program, which runs a cell that begins like a formula. Such a cell of text
gets an apostrophe in front, which those programs take for "this is text"; numbers, and a lone sign such as the code
`=`, run nothing and stay as they are. Parquet keeps the text untouched.
"""

import hashlib
import io
from collections.abc import Mapping, Sequence

import polars as pl

# Blanks and control characters do not hide a sign: LibreOffice drops a NUL and runs what follows.
FORMULA = r"(?s)^[\x00-\x20\x7f\u00a0\u200b-\u200f\u2060\u3000\ufeff]*[=+\-@＝＋－＠].|^[\t\r\n]."
NUMERAL = r"^[+\-＋－]?[0-9][0-9.,]*[%‰]?$"


def sha256(data: bytes) -> str:
    """Return the SHA-256 of some bytes, in hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def to_csv(frame: pl.DataFrame) -> bytes:
    """Return UTF-8 without a byte order mark, lines ended by LF, an empty cell for null."""
    return frame.select(_escape_formulas(name, dtype) for name, dtype in frame.schema.items()).write_csv().encode()


def to_parquet(frame: pl.DataFrame, footer: Mapping[str, str]) -> bytes:
    """Return Parquet with snappy, which readers in a browser support; `footer` becomes its key-value metadata."""
    buffer = io.BytesIO()
    frame.write_parquet(buffer, compression="snappy", metadata=dict(footer))
    return buffer.getvalue()


def from_parquet(data: bytes) -> pl.DataFrame:
    """Return the frame of a Parquet file, each column in one chunk, because rows are looked up many times."""
    return pl.read_parquet(io.BytesIO(data)).rechunk()


def combine_hashes(hashes: Sequence[tuple[str, str]]) -> str:
    """Return one SHA-256 over named hashes, in their order."""
    return sha256("".join(f"{value}  {name}\n" for name, value in hashes).encode())


def _escape_formulas(name: str, dtype: pl.DataType) -> pl.Expr:
    cell = pl.col(name)
    if dtype != pl.String:
        return cell
    runs = cell.str.contains(FORMULA) & ~cell.str.contains(NUMERAL)
    return pl.when(runs).then(pl.concat_str(pl.lit("'"), cell)).otherwise(cell).alias(name)
