"""Bytes of a page to characters, as the page declares and never against it.

The header of the response comes first, then the `<meta>` of the page, then a byte order mark; only without any of them
is the charset detected. Bytes that break their declaration are refused. Labels mean what they mean to browsers (WHATWG
Encoding), so that gb2312 and gbk are gb18030. `docs/decisions.md` (66) says why this is our own code.
"""

import codecs
import re
from dataclasses import dataclass
from types import MappingProxyType

from charset_normalizer import from_bytes

from schemas.codelists import Severity
from schemas.errors import CharsetError
from schemas.finding import Finding, FindingCode

# Latin charsets cannot hold a Chinese report: such a label is a server's default and true only of ASCII.
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
# Browsers read 1,024 bytes; templates of such sites put long comments and scripts before their meta.
_HEAD = 8192
_SAMPLE = 16384
_LAST_ASCII = 0x7F
_WIDE = "\u0800"
_WIDE_ENOUGH = 4
REMEDY = "open the address in a browser and look at its charset; the page is read again when its declaration holds"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """The characters of a page, their codec, and the findings."""

    text: str
    codec: str
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Declaration:
    """A declared charset and its place."""

    label: str
    place: str

    def __str__(self) -> str:
        return f"{self.label!r} in {self.place}"


def decode(body: bytes, content_type: str) -> str:
    """Return the characters of a body without its byte order mark; raise a `CharsetError` as `read` does."""
    return read(body, content_type).text


def read(body: bytes, content_type: str) -> Decoded:
    """Return the characters of a body with the codec and the findings.

    Raises:
        CharsetError: If the bytes break their declaration, the charset is unknown, or they are not text.
    """
    declarations = _declared_charsets(body, content_type)
    if not declarations:
        return _detected(body)
    text = _declared(body, declarations[0])
    return Decoded(text=_without_nul(text), codec=_codec(declarations[0]), findings=_disagreement(declarations))


def _declared_charsets(body: bytes, content_type: str) -> tuple[_Declaration, ...]:
    """Return the declarations, the decisive one first."""
    header = _IN_HEADER.search(content_type)
    meta = _META.search(_COMMENT.sub(b"", body[:_HEAD]))
    declarations = []
    if header:
        declarations.append(_Declaration(label=header[1].lower()[:40], place="the Content-Type header"))
    if meta:
        label = meta[1].decode("ascii", "replace").lower()[:40]
        label = "utf-8" if label.startswith("utf-16") else label  # a meta that can be read byte by byte is not UTF-16
        declarations.append(_Declaration(label=label, place="the page's meta"))
    marked = (codec for mark, codec in _MARKS if body.startswith(mark))
    return (*declarations, *(_Declaration(label=codec, place="the byte order mark") for codec in marked))


def _codec(declaration: _Declaration) -> str:
    codec = _CODECS.get(declaration.label)
    if codec is None:
        raise CharsetError(f"declares {declaration}, a charset that is not supported", where="charset", remedy=REMEDY)
    return codec


def _declared(body: bytes, declaration: _Declaration) -> str:
    codec = _codec(declaration)
    try:
        text = body.decode(codec)
    except UnicodeDecodeError as error:
        what = f"declares {declaration}, but breaks it at byte {error.start}; {_describe_bytes(body)}"
        raise CharsetError(what, where="charset", remedy=REMEDY) from error
    if codec not in {"utf-8", "ascii"} and _is_utf8(body):
        start = next(place for place, byte in enumerate(body) if byte > _LAST_ASCII)
        what = f"declares {declaration}, but breaks it at byte {start}; from there on all of it is UTF-8"
        raise CharsetError(what, where="charset", remedy=REMEDY)
    return text.removeprefix("\ufeff")


def _is_utf8(body: bytes) -> bool:
    """Return whether the bytes are UTF-8 with too many wide characters to be another charset by chance."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return sum(character >= _WIDE for character in text) >= _WIDE_ENOUGH


def _disagreement(declarations: tuple[_Declaration, ...]) -> tuple[Finding, ...]:
    first = _codec(declarations[0])
    others = [declaration for declaration in declarations[1:] if _CODECS.get(declaration.label) != first]
    if not others:
        return ()
    message = "The page declares two charsets; the first one holds strictly and was used."
    evidence = tuple(str(declaration) for declaration in (declarations[0], *others))
    code = FindingCode.CHARSET_DISAGREES
    return (Finding(code=code, severity=Severity.NOTE, where="page", message=message, evidence=evidence),)


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
    """Return the codec in which the bytes are valid and that they look like, None where there is none."""
    for codec in ("utf-8", _detect_codec(body)):
        try:
            body.decode(codec)
        except UnicodeDecodeError:
            continue
        return codec
    return None


def _detect_codec(body: bytes) -> str:
    """Return the codec that the bytes look like, `ascii` where they look like none.

    A piece that ends between two characters is tried first: in long bodies the detector takes samples that begin in
    the middle of a character, and then detects nothing.
    """
    piece = body[:_SAMPLE]
    piece = piece[: max(piece.rfind(b"\n"), piece.rfind(b"<"), 0)] or piece
    for sample in (piece, body):
        best = from_bytes(sample, cp_isolation=["gb18030", "big5hkscs"]).best()
        if best is not None:
            return best.encoding
    return "ascii"


def _describe_bytes(body: bytes) -> str:
    """Return in words what bytes that break their declaration look like."""
    codec = None if b"\x00" in body else _guess(body)
    return f"it looks like {codec}" if codec else "it does not look like text"


def _without_nul(text: str) -> str:
    place = text.find("\x00")
    if place >= 0:
        raise CharsetError(f"holds a NUL at character {place}: it is not text", where="charset", remedy=REMEDY)
    return text
