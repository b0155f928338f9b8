"""The map of the bucket: the only place that builds keys of published objects.

::

    index.json                          every dataset, every release, newest first      mutable
    status.json                         per source: last checked, changed, good         mutable
    index.html ...                      the front page of the store, and assets/ that it shares     mutable
    atom.xml                            an entry per release and per source change      mutable
    keys/{kind}-{id}.json               a public key and the day of its first release   append only
    keys/{kind}-{id}.{form}             the same as its program reads it: .pub, .allowed_signers
    keys/{kind}-{id}.retired.json       the last day on which it may have signed
    {dataset}/latest.json               which release is the latest: THE pointer        mutable
    {dataset}/latest/{file}             the latest release under addresses that stay    mutable
    {dataset}/index.html ...            its pages                                       mutable
    {dataset}/v/{version}/{file}        one release                                     immutable
    {dataset}/candidate/{version}/{file}    a held release                              immutable
    {dataset}/candidate/{version}/decision.json     who accepted or rejected it, and why    immutable
    schema/{semver}/{file}              what the columns and codes of a schema version are      immutable
    runs/{dataset}/{stamp}-{outcome}.json   every run, failed ones too                  immutable
"""

import re
from datetime import UTC, datetime
from types import MappingProxyType

from infra.store import Headers
from publish.bucket.version import parse_version
from schemas.codelists import Outcome
from schemas.contract.announcements import parse_semver
from schemas.errors import UsageError
from schemas.registry.source_rules import check_slug

INDEX = "index.json"
STATUS = "status.json"
FEED = "atom.xml"
CHANGES = "CHANGES.md"
MANIFEST = "manifest.json"
VALIDATION = "validation.json"
CONTRACT = "contract.json"
SUMS = "SHA256SUMS"
DECISION = "decision.json"
KEYS = "keys/"
RETIRED = ".retired.json"

SIGNATURES = MappingProxyType({"minisign": f"{SUMS}.minisig", "ssh": f"{SUMS}.sshsig"})
"""The file beside `SHA256SUMS` that holds the signature of each kind."""

FOREVER = "public, max-age=31536000, immutable"
BRIEFLY = "public, max-age=300"

_KEY = re.compile(r"(?P<kind>minisign):(?P<id>[0-9A-F]{16})|(?P<ssh>ssh):SHA256:(?P<print>[A-Za-z0-9+/]{43})")
_FILE = re.compile(r"[A-Za-z][A-Za-z0-9_-]*(\.[a-z0-9]+)*")
_CONTENT_TYPES = MappingProxyType(
    {
        "json": "application/json; charset=utf-8",
        "csv": "text/csv; charset=utf-8",
        "md": "text/markdown; charset=utf-8",
        "xml": "application/xml; charset=utf-8",
        "parquet": "application/vnd.apache.parquet",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "jsonld": "application/ld+json; charset=utf-8",
        "html": "text/html; charset=utf-8",
        "css": "text/css; charset=utf-8",
        "js": "text/javascript; charset=utf-8",
        "svg": "image/svg+xml",
        "zip": "application/zip",
        "cff": "application/yaml; charset=utf-8",
    }
)
_NAMED_TYPES = MappingProxyType(
    {
        "atom.xml": "application/atom+xml; charset=utf-8",
        "croissant.json": "application/ld+json; charset=utf-8",
        "csv-metadata.json": "application/csvm+json; charset=utf-8",
    }
)
_TAKEN = frozenset({"candidate", "latest", "v"})
_URL_SAFE = MappingProxyType(str.maketrans("+/", "-_"))
_PLAIN = "text/plain; charset=utf-8"


def pointer_key(dataset: str) -> str:
    """Return the key of the one pointer of a dataset."""
    return f"{_slug(dataset)}/latest.json"


def latest_folder(dataset: str) -> str:
    """Return the folder of stable addresses, with its closing slash."""
    return f"{_slug(dataset)}/latest/"


def pages_folder(dataset: str) -> str:
    """Return the folder of the pages, with its closing slash."""
    return f"{_slug(dataset)}/"


def page_key(dataset: str, name: str) -> str:
    """Return the key of a page, or of a file beside the pages: `index.html`, `indicator/gdp.en.html`."""
    folder, _, file = name.rpartition("/")
    if folder in _TAKEN or (folder and not _FILE.fullmatch(folder)):
        remedy = "use one name of letters, digits, _ -"
        raise UsageError(f"invalid folder of pages {folder!r}", where=name, remedy=remedy)
    return file_key(pages_folder(dataset) + (f"{folder}/" if folder else ""), file)


def release_folder(dataset: str, version: str) -> str:
    """Return the folder of one release, with its closing slash."""
    return f"{_slug(dataset)}/v/{_version(version)}/"


def candidate_folder(dataset: str, version: str) -> str:
    """Return the folder of a held release, with its closing slash."""
    return f"{_slug(dataset)}/candidate/{_version(version)}/"


def schema_folder(schema_version: str) -> str:
    """Return the folder of a schema version, with its closing slash."""
    return "schema/" + ".".join(str(number) for number in parse_semver(schema_version)) + "/"


def file_key(folder: str, name: str) -> str:
    """Return the key of a file in one of these folders."""
    if not _FILE.fullmatch(name):
        what = f"invalid name of a published file {name!r}"
        raise UsageError(what, where=folder, remedy="use letters, digits, . _ -")
    return folder + name


def signature_file(name: str) -> str:
    """Return the file that holds the signature of a key, `minisign:ID` or `ssh:SHA256:...`."""
    return SIGNATURES[check_key_name(name).partition(":")[0]]


def check_key_name(name: str) -> str:
    """Return the name of a key.

    Raises:
        UsageError: No key can have this name.
    """
    _key_stem(name)
    return name


def key_record(name: str) -> str:
    """Return the record of a public key, `minisign:ID` or `ssh:SHA256:...`."""
    return f"{_key_stem(name)}.json"


def key_public(name: str) -> str:
    """Return the public key in the format of its program."""
    return _key_stem(name) + (".allowed_signers" if name.startswith("ssh:") else ".pub")


def key_retired(name: str) -> str:
    """Return the record that retires a key."""
    return _key_stem(name) + RETIRED


def run_key(dataset: str, started: datetime, outcome: Outcome, run_id: str) -> str:
    """Return the key of a run record; keys sort by the start of the run, and the id distinguishes two of one moment."""
    if not re.fullmatch(r"[a-z0-9-]{1,40}", run_id):
        raise UsageError(f"{run_id!r} is not an id of a run", remedy="use small letters, digits and -")
    stamp = started.astimezone(UTC).strftime("%Y%m%dT%H%M%S%fZ")
    return f"{runs_folder(dataset)}{stamp}-{outcome.value}-{run_id}.json"


def runs_folder(dataset: str) -> str:
    """Return the folder of the run records, with its closing slash."""
    return f"runs/{_slug(dataset)}/"


def has_published(key: str) -> bool:
    """Return whether this is the record of a run that published."""
    return key.rpartition("/")[2].split("-")[1:2] == [Outcome.PUBLISHED.value]


def headers(key: str) -> Headers:
    """Return the headers that a file is served with: its type, and how long it may be cached."""
    immutable = key.startswith("schema/") or (key.partition("/")[2].startswith("v/") and not key.startswith("runs/"))
    return Headers(content_type=_content_type(key.rpartition("/")[2]), cache_control=FOREVER if immutable else BRIEFLY)


def media_type(name: str) -> str:
    """Return the registered media type of a file, without parameters."""
    return _content_type(name).partition(";")[0]


def _content_type(name: str) -> str:
    kind = name.rpartition(".")[2] if "." in name else ""
    return _NAMED_TYPES.get(name) or _CONTENT_TYPES.get(kind, _PLAIN)


def _key_stem(name: str) -> str:
    """Write a fingerprint with the letters of base64 that are safe in URLs."""
    match = _KEY.fullmatch(name)
    if not match:
        raise UsageError(f"{name!r} is not the name of a key", remedy="names of keys: minisign:ID or ssh:SHA256:...")
    return KEYS + (f"minisign-{match['id']}" if match["id"] else f"ssh-{match['print'].translate(_URL_SAFE)}")


def _slug(dataset: str) -> str:
    if fault := check_slug(dataset):
        raise UsageError(fault, where="dataset", remedy="use small letters, digits and -")
    return dataset


def _version(version: str) -> str:
    parse_version(version)
    return version
