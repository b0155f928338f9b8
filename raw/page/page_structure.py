"""The structure of a page that runs are compared by: the keys of its configuration and its headings."""

import re
from collections.abc import Iterable

from raw.page.script_config import CONFIG, objects
from schemas.document import Document

# Here the value is part of the structure: another number is another site, another language another rendering.
_WITH_VALUE = frozenset({"SID", "LANG"})
# A heading may run on into its paragraph; its own words end before the first of these.
_STOP = re.compile(r"[，,；;：:。]")
_LEVELS = (1, 2)


def platform(scripts: Iterable[str]) -> tuple[str, ...]:
    """Return the sorted keys of a page's first `_CONFIG` that has any, as `SID=760009` for SID and LANG."""
    members = next(filter(None, objects(scripts, CONFIG)), ())
    values = {member.key: member.literal.strip("\"'") if member.key in _WITH_VALUE else "" for member in members}
    return tuple(sorted(f"{key}={value}" if value else key for key, value in values.items()))


def headings(document: Document) -> tuple[str, ...]:
    """Return the headings of the first two levels, each with the numbers that lead to it: `二/（一） 经济运行`."""
    sections = (section for section in document.sections if section.level in _LEVELS)
    return tuple(f"{section.path} {_STOP.split(section.title)[0]}".strip() for section in sections)
