"""The check of what is published, file by file: every fault is a finding that names the key.

::

    files        each file against the manifest, the manifest against index.json
    spans        each number against the archived page
    chain        each release against the one before; releases that are gone
    signatures   each signature against the keys, the keys against their dates
    pointer      latest.json and the copies that follow it, the pages among them
    schema       the folder of each schema version
"""

from collections.abc import Iterator
from functools import cache
from itertools import chain

from infra.store import Store
from publish.alerts.status import read_status
from publish.bucket.catalog import load_index
from publish.bucket.layout import INDEX
from publish.signing.model import PublicKey
from publish.verify.chain import check_links, check_order, check_unlisted
from publish.verify.context import DatasetUnderCheck, VerifiedRelease, fault
from publish.verify.files import check_files, load_verified
from publish.verify.pointer import check_pointer
from publish.verify.schema import check_schema_folders
from publish.verify.signatures import Keyring, check_signatures, load_keyring
from publish.verify.spans import TextOf, check_spans
from schemas.errors import StoreCorrupt
from schemas.finding import Finding, FindingCode


def verify(
    store: Store, text_of: TextOf, datasets: tuple[str, ...] = (), pins: tuple[PublicKey, ...] = ()
) -> tuple[Finding, ...]:
    """Return everything that is wrong with the releases of these datasets, of all where none is named.

    Args:
        store: The store to check; it is only read.
        text_of: Reads the canonical text of a document out of the archive.
        datasets: The names of datasets.
        pins: Keys that the caller trusts: every release must be signed by one of each kind that is pinned.
    """
    try:
        cases = published(store, datasets)
    except StoreCorrupt as error:
        code = FindingCode.VERIFY_INDEX if error.where == INDEX else FindingCode.VERIFY_STATUS
        return (fault(code, error.where, "It cannot be read.", str(error)),)
    verified: dict[str, tuple[VerifiedRelease, ...]] = {}
    damaged: list[Finding] = []
    for case in cases:
        results = [load_verified(case, listed) for listed in case.releases]
        verified[case.dataset] = tuple(result for result in results if isinstance(result, VerifiedRelease))
        damaged += [result for result in results if isinstance(result, Finding)]
    releases = tuple(chain.from_iterable(verified.values()))
    signers = {name for release in releases for name in release.manifest.release.signed_by}
    keyring, key_faults = load_keyring(store, signers, pins)
    schema_faults = check_schema_folders(store, releases)
    read_once = cache(text_of)
    faults = (fault for case in cases for fault in _faults(case, verified[case.dataset], keyring, read_once))
    return (*key_faults, *damaged, *schema_faults, *faults)


def published(store: Store, datasets: tuple[str, ...] = ()) -> tuple[DatasetUnderCheck, ...]:
    """Return what `index.json` and `status.json` say of these datasets, of all in either where none is named."""
    index, status = load_index(store), read_status(store)
    last_published = {name: source.published for name, source in status.sources.items() if source.published}
    return tuple(
        DatasetUnderCheck(
            store=store, dataset=name, releases=index.get(name, ()), last_published_version=last_published.get(name, "")
        )
        for name in datasets or dict.fromkeys([*index, *last_published])
    )


def _faults(
    case: DatasetUnderCheck, releases: tuple[VerifiedRelease, ...], keyring: Keyring, text_of: TextOf
) -> Iterator[Finding]:
    """Return what is wrong with a dataset beyond the releases whose manifest is damaged."""
    for verified in releases:
        yield from check_files(verified)
        yield from check_spans(verified, text_of)
    yield from check_order(case)
    yield from check_links(case, releases)
    yield from check_unlisted(case, releases)
    yield from check_signatures(releases, keyring)
    yield from check_pointer(case, releases[:1], keyring)
