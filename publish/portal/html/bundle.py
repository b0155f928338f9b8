"""The pages as one file of the release: signed with it, and stored before the pointer moves."""

import io
import zipfile
from collections.abc import Mapping

BUNDLE = "portal.zip"
_LEVEL = 6
_EPOCH = (1980, 1, 1, 0, 0, 0)
_PLAIN_FILE = 0o644 << 16


def pack(pages: Mapping[str, bytes]) -> bytes:
    """Return the files as one archive: the same bytes for the same files, sorted by name and without a clock."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
        for name, data in sorted(pages.items()):
            entry = zipfile.ZipInfo(name, date_time=_EPOCH)
            entry.external_attr = _PLAIN_FILE
            entry.create_system = 3  # otherwise the bytes depend on the operating system
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return packed.getvalue()


def unpack(data: bytes) -> Mapping[str, bytes]:
    """Return the files of such an archive by their names."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {entry.filename: archive.read(entry) for entry in archive.infolist()}
