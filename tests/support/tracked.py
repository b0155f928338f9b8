"""What the repository's own files must and must not hold: measures over texts, by path."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

# Written so that no pattern matches the line that it stands on.
PLACES = re.compile(r"/(?:work|farm|root|home/\w+|Users/\w+|tmp/\w+_\w+)/|\bfarm-\w+")
REGISTRIES = re.compile(
    r"pypi\.org|pythonhosted\.|npmjs\.|deb\.debian\.|https?://[^\s\"]*(?:/simple\b|\.whl\b|\.deb\b)|index[-]url"
)
ARRANGEMENTS = re.compile(
    r"(?i)\b(?:[c]laude|[a]nthropic|[c]hatgpt|[c]opilot|[L]LM|[s]ub-?agent|[c]oding agent|[A]I assistant)\b"
)
HAN = re.compile(r"[\u3400-\u9fff]+")
RUN = 40
# Labels of the form and official names of series: every report lists them, so a run of them is nobody's sentence.
LABELS = re.compile("索引号|发布机构|成文日期|发布日期|主题词|地区生产总值|固定资产投资|社会消费品零售总额")


def texts(root: Path) -> dict[str, str]:
    """The tracked text files, by path; one that is deleted but not yet committed is not there."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, check=True).stdout
    paths = [root / name for name in listed.decode().split("\0") if name]
    contents = {str(path.relative_to(root)): path.read_bytes() for path in paths if path.is_file()}
    return {path: data.decode("utf-8", "replace") for path, data in contents.items() if b"\0" not in data}


def matches(found: Mapping[str, str], pattern: re.Pattern[str]) -> list[str]:
    """`path:line what` for each match."""
    lines = ((path, number, line) for path, text in found.items() for number, line in enumerate(text.splitlines(), 1))
    return [f"{path}:{number} {hit.group()}" for path, number, line in lines for hit in pattern.finditer(line)]


def copied(found: Mapping[str, str], originals: Iterable[str]) -> list[str]:
    """Files that share a run of Han characters with an original; what stands between the characters does not count."""
    ours = {run: path for path, text in found.items() for run in _runs(text)}
    shared = {ours[run]: run for original in originals for run in _runs(original) if run in ours}
    return [f"{path}: {run}" for path, run in shared.items()]


def _runs(text: str) -> Iterator[str]:
    """Runs of the report itself: the labels of the platform's form, the same on every page, part them."""
    for part in LABELS.split(text):
        han = "".join(HAN.findall(part))
        yield from (han[start : start + RUN] for start in range(len(han) - RUN + 1))


def locked(lock: str) -> dict[str, str]:
    """The version of each package of a lock file."""
    return dict(re.findall(r"^([a-z0-9-]+)(?:\[[a-z0-9,]+\])?==(\S+)", lock, re.MULTILINE))


def unlocked_lines(lock: str) -> list[str]:
    """Lines of a lock file that are neither a pinned name (with its marker) nor a SHA-256 hash."""
    pin = re.compile(r"[a-z0-9-]+==\S+( ; [^/:@]+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?")
    return [line for line in lock.splitlines() if not pin.fullmatch(line)]


def unreasoned_exceptions(pyproject: str) -> list[str]:
    """Lines of ruff's and mypy's lists of exceptions that give no reason."""
    opens = re.compile(r'^(ignore|"[^"]+") = \[$')
    offenders, inside = [], False
    for line in pyproject.splitlines():
        inside = bool(opens.match(line)) or (inside and line != "]")
        if inside and not opens.match(line) and "# " not in line:
            offenders.append(line.strip())
        if line.startswith("module = [") and "# " not in line:
            offenders.append(line)
    return offenders
