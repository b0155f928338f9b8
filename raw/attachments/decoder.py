"""What the decoders share: their result, their error, and the checks on a ZIP container."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field

MAX_UNPACKED = 128 * 2**20
MAX_PARTS = 5000
MAX_CELLS = 500_000
_MACROS = "vbaProject.bin"


class Unreadable(Exception):
    """A file that is not read, and what an operator can do."""

    def __init__(self, what: str, remedy: str) -> None:
        """Keep both."""
        super().__init__(what)
        self.what = what
        self.remedy = remedy


@dataclass(slots=True, kw_only=True)
class Decoded:
    """The lines of a file as they are found, the names of its pages or sheets, and what could not be read."""

    lines: list[str] = field(default_factory=list)
    starts: list[tuple[int, str]] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    def begin(self, name: str) -> None:
        """Let a page or a sheet begin with the next line."""
        self.starts.append((len(self.lines), name))

    def row(self, cells: Iterable[str]) -> None:
        """Add a row of a table; white space inside a cell is a blank."""
        line = "\t".join(" ".join(cell.split()) for cell in cells).rstrip("\t")
        if line.strip():
            self.lines.append(line)

    @property
    def text(self) -> str:
        """The lines as one text."""
        return "\n".join(self.lines)

    @property
    def places(self) -> list[tuple[int, str]]:
        """Where each page or sheet begins in the text, in characters, and its name."""
        offsets, position = [0], 0
        for line in self.lines:
            position += len(line) + 1
            offsets.append(position)
        return [(offsets[line], name) for line, name in self.starts]


def check_container(body: bytes) -> None:
    """Check the size of what is packed, before anything is unpacked, and that there are no macros.

    Raises:
        Unreadable: If a limit is exceeded, or the file has macros or is damaged.
    """
    try:
        parts = zipfile.ZipFile(io.BytesIO(body)).infolist()
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        remedy = "open it in a program that reads such files; fetch it again"
        raise Unreadable(f"the file is damaged or truncated ({error})", remedy) from error
    unpacked = sum(part.file_size for part in parts)
    if unpacked > MAX_UNPACKED or len(parts) > MAX_PARTS:
        what = f"unpacked it has {unpacked} bytes in {len(parts)} parts, the limit is {MAX_UNPACKED} in {MAX_PARTS}"
        raise Unreadable(what, "open it: if it is sound, save it in smaller parts, or as .txt")
    if any(part.filename.endswith(_MACROS) for part in parts):
        raise Unreadable("the file has macros", "save it without them, as .docx or .xlsx")
