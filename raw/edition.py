"""Which reader read: the package's version and a fingerprint of the code and the registries that decide a reading."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import version
from importlib.resources import files

from schemas.sources import Source

_CODE = (
    "binding charset clauses container damage detail form glossary head identity labels lexicon markup measures "
    "mentions nouns numerals outline page periods phrases reader reading renderings residue reviewed.cells "
    "reviewed.columns reviewed.reader script slots text tree words"
)
_WORDS = ("units.py", "uscc.py", "indicators.py", "document.py", "codelists.py")


@cache
def reader_version() -> str:
    """The edition of the reader, as `0.1.0+3f2a91bc`: two runs with the same one read the same bytes alike."""
    parts = [files("raw").joinpath(f"{name.replace('.', '/')}.py").read_bytes() for name in _CODE.split()]
    parts += [files("schemas").joinpath(name).read_bytes() for name in _WORDS]
    return f"{version('gongbao')}+{hashlib.sha256(b''.join(parts)).hexdigest()[:8]}"


@cache
def registry_fingerprint(source: Source) -> str:
    """SHA-256 of the registry of indicators as shipped, and of what is published of a source's entry."""
    published = f"{source.ref_area}\n{source.area_zh}\n{source.area_en}\n{source.publisher}"
    indicators = files("schemas").joinpath("indicators.toml").read_bytes()
    return hashlib.sha256(indicators + published.encode()).hexdigest()
