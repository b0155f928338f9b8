"""Bytes of a page to characters, by what the page declares and never against it.

The header of the answer speaks first, then the page's own `<meta>`, then a byte order mark; only where none of them
speaks is the charset detected. A declaration is a promise: bytes that break it are refused, not guessed around. Labels
are read as browsers read them (WHATWG Encoding), so that gb2312 and gbk are gb18030.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from types import MappingProxyType

from charset_normalizer import from_bytes

from schemas.codelists import Severity
from schemas.errors import CharsetError
from schemas.finding import Finding, FindingCode

# Latin charsets cannot hold a Chinese report: such a label is a server's default, and holds only while all is ASCII.
_NAMES = MappingProxyType(
    {
        "utf-8": "utf-8 utf8 unicode-1-1-utf-8 x-unicode20utf8",
        "gb18030": "gb18030 gb2312 gbk x-gbk gb_2312 gb_2312-80 gb2312-80 chinese csgb2312 iso-ir-58 cp936",
        "big5hkscs": "big5 big5-hkscs x-x-big5 cn-big5 csbig5",
        "utf-16": "utf-16 unicode",
        "utf-16-le": "utf-16le",
        "utf-16-be": "utf-16be",
        "ascii": "ascii us-ascii iso-8859-1 iso8859-1 latin1 latin-1 windows-1252 cp1252",
    }
)
_CODECS = MappingProxyType({label: codec for codec, labels in _NAMES.items() for label in labels.split()})
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_IN_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([^\s;\"',]+)", re.IGNORECASE)
_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
_META = re.compile(rb"<meta\s[^>]*?charset\s*=\s*[\"']?\s*([^\s;\"'/>]+)", re.IGNORECASE)
# Browsers look at 1,024 bytes; templates of such sites put long comments and scripts before their meta.
_HEAD = 8192
_SAMPLE = 16384
_LAST_ASCII = 0x7F
_WIDE = "\u0800"
_WIDE_ENOUGH = 4
REMEDY = "open the address in a browser and look at its charset; the page is read again when its declaration holds"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """The characters of a page, the codec that read them, and what was noticed on the way."""

    text: str
    codec: str
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Declaration:
    """A charset as it is declared, and where."""

    label: str
    place: str

    def __str__(self) -> str:
        return f"{self.label!r} in {self.place}"


def decode(body: bytes, content_type: str) -> str:
    """The characters of a body; a byte order mark is no part of them."""
    return read(body, content_type).text


def read(body: bytes, content_type: str) -> Decoded:
    """The characters of a body, with the codec and the findings."""
    claims = _declared_charsets(body, content_type)
    if not claims:
        return _detected(body)
    text = _declared(body, claims[0])
    return Decoded(text=_without_nul(text), codec=_codec(claims[0]), findings=_disagreement(claims))


def _declared_charsets(body: bytes, content_type: str) -> tuple[_Declaration, ...]:
    """What is declared, the one that counts first."""
    header = _IN_HEADER.search(content_type)
    meta = _META.search(_COMMENT.sub(b"", body[:_HEAD]))
    found = []
    if header:
        found.append(_Declaration(label=header[1].lower()[:40], place="the Content-Type header"))
    if meta:
        label = meta[1].decode("ascii", "replace").lower()[:40]
        # Whoever could read the meta byte by byte was not reading UTF-16.
        found.append(_Declaration(label="utf-8" if label.startswith("utf-16") else label, place="the page's meta"))
    found += [_Declaration(label=codec, place="the byte order mark") for mark, codec in _MARKS if body.startswith(mark)]
    return tuple(found)


def _codec(claim: _Declaration) -> str:
    codec = _CODECS.get(claim.label)
    if codec is None:
        raise CharsetError(f"declares {claim}, a charset that is not read here", where="charset", remedy=REMEDY)
    return codec


def _declared(body: bytes, claim: _Declaration) -> str:
    codec = _codec(claim)
    try:
        text = body.decode(codec)
    except UnicodeDecodeError as error:
        what = f"declares {claim}, but breaks it at byte {error.start}; {_describe_bytes(body)}"
        raise CharsetError(what, where="charset", remedy=REMEDY) from error
    if codec not in {"utf-8", "ascii"} and _is_utf8(body):
        start = next(place for place, byte in enumerate(body) if byte > _LAST_ASCII)
        what = f"declares {claim}, but breaks it at byte {start}; from there on all of it is UTF-8"
        raise CharsetError(what, where="charset", remedy=REMEDY)
    return text.removeprefix("\ufeff")


def _is_utf8(body: bytes) -> bool:
    """Whether the bytes are UTF-8 with so many wide characters that no other charset comes out so by chance."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return sum(character >= _WIDE for character in text) >= _WIDE_ENOUGH


def _disagreement(claims: tuple[_Declaration, ...]) -> tuple[Finding, ...]:
    first = _codec(claims[0])
    others = [claim for claim in claims[1:] if _CODECS.get(claim.label) != first]
    if not others:
        return ()
    message = "The page declares two charsets; the first one holds strictly and was used."
    evidence = tuple(str(claim) for claim in (claims[0], *others))
    return (
        Finding(
            code=FindingCode.CHARSET_DISAGREES, severity=Severity.NOTE, where="page", message=message, evidence=evidence
        ),
    )


def _detected(body: bytes) -> Decoded:
    codec = _guess(body)
    if codec is None:
        raise CharsetError(f"declares no charset; {_describe_bytes(body)}", where="charset", remedy=REMEDY)
    finding = Finding(
        code=FindingCode.CHARSET_DETECTED,
        severity=Severity.NOTE,
        where="page",
        message="The page declares no charset; it was detected.",
        evidence=(codec,),
    )
    return Decoded(text=_without_nul(body.decode(codec)), codec=codec, findings=(finding,))


def _guess(body: bytes) -> str | None:
    """The codec that the bytes are strictly text in and look like, None where there is none."""
    for codec in ("utf-8", _detect_codec(body)):
        try:
            body.decode(codec)
        except UnicodeDecodeError:
            continue
        return codec
    return None


def _detect_codec(body: bytes) -> str:
    """The codec the bytes look like, `ascii` where they look like none.

    A piece that ends between two characters is asked about first: on long bodies the detector takes samples in the
    middle of characters and then knows nothing.
    """
    piece = body[:_SAMPLE]
    piece = piece[: max(piece.rfind(b"\n"), piece.rfind(b"<"), 0)] or piece
    for sample in (piece, body):
        best = from_bytes(sample, cp_isolation=["gb18030", "big5hkscs"]).best()
        if best is not None:
            return best.encoding
    return "ascii"


def _describe_bytes(body: bytes) -> str:
    """What bytes that break their declaration look like, in words."""
    codec = None if b"\x00" in body else _guess(body)
    return f"it looks like {codec}" if codec else "it looks like no text at all"


def _without_nul(text: str) -> str:
    place = text.find("\x00")
    if place >= 0:
        raise CharsetError(f"holds a NUL at character {place}: it is no text", where="charset", remedy=REMEDY)
    return text
