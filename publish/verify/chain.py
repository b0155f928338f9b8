"""Each release against the one before it, and published releases that are not listed.

A folder under `v/` that no list, pointer, release or run names is no fault: a run that was killed, or that lost a race,
leaves one.
"""

from collections.abc import Iterator, Mapping

from publish.bucket.layout import INDEX, has_published, release_folder, runs_folder
from publish.bucket.manifest import from_json
from publish.bucket.serialize import sha256
from publish.bucket.version import parse_version
from publish.verify.context import DatasetUnderCheck, VerifiedRelease, fault
from schemas.errors import StoreCorrupt, UsageError
from schemas.finding import Finding, FindingCode


def check_order(case: DatasetUnderCheck) -> Iterator[Finding]:
    """Check that a list is newest first and names the newest release as the latest."""
    stored = case.store.get(INDEX)
    datasets = from_json(stored.data, INDEX).get("datasets", {}) if stored else {}
    latest = datasets.get(case.dataset, {}).get("latest", "")
    message = ""
    if case.versions != tuple(sorted(set(case.versions), key=parse_version, reverse=True)):
        message = f"The releases of {case.dataset} are not listed once each, newest first."
    elif latest != next(iter(case.versions), ""):
        message = f"The latest of {case.dataset} is not the newest release that is listed."
    if message:
        yield fault(FindingCode.VERIFY_INDEX, INDEX, message)


def check_links(case: DatasetUnderCheck, releases: tuple[VerifiedRelease, ...]) -> Iterator[Finding]:
    """Check that each release follows the one that is listed before it."""
    listed_before = dict(zip(case.versions, (*case.versions, "")[1:], strict=True))
    sums = {verified.listed.version: sha256(verified.sums) for verified in releases} | {"": ""}
    for verified in releases:
        release, listed = verified.manifest.release, listed_before[verified.listed.version]
        expected_sums, message = sums.get(listed, release.previous_sums_sha256), ""
        if release.previous != listed and (not release.previous or release.previous in listed_before):
            message = f"It follows {release.previous or 'nothing'}; index.json lists {listed or 'nothing'} before it."
        elif release.previous == listed and expected_sums != release.previous_sums_sha256:
            message = f"previous_sums_sha256 is not the hash of the SHA256SUMS of {listed or 'nothing'}."
        if message:
            yield fault(FindingCode.VERIFY_CHAIN, verified.manifest_key, message)


def check_unlisted(case: DatasetUnderCheck, releases: tuple[VerifiedRelease, ...]) -> Iterator[Finding]:
    """Check that every published release is listed: those that a later release, `status.json` or a run names."""
    runs, unreadable = _published(case)
    yield from unreadable
    evidence_by_version = {version: f"the run of {started} published it" for version, started in runs.items()}
    evidence_by_version[case.last_published_version] = "status.json says that it was published"
    for verified in releases:
        previous = verified.manifest.release.previous
        evidence_by_version[previous] = f"{verified.listed.version} names it as the previous release"
    for version, evidence in sorted(evidence_by_version.items()):
        if version and version not in case.versions:
            yield _unlisted_release(case, version, evidence)
    for listed in case.releases:
        if listed.released_at != runs.get(listed.version, listed.released_at):
            message = f"The line of {listed.version} does not say when its run released it."
            yield fault(FindingCode.VERIFY_INDEX, INDEX, message)


def _unlisted_release(case: DatasetUnderCheck, version: str, evidence: str) -> Finding:
    try:
        folder = release_folder(case.dataset, version)
    except UsageError as error:
        return fault(FindingCode.VERIFY_LOST, f"{case.dataset} {version}", str(error), evidence)
    state = "exists" if case.store.list(folder) else "is gone"
    return fault(FindingCode.VERIFY_LOST, folder, f"The release {state}, and index.json does not list it.", evidence)


def _published(case: DatasetUnderCheck) -> tuple[Mapping[str, str], tuple[Finding, ...]]:
    """Return the start of the run that published each version, and the records that cannot be read."""
    runs: dict[str, str] = {}
    findings: list[Finding] = []
    for key in (entry.key for entry in case.store.list(runs_folder(case.dataset)) if has_published(entry.key)):
        stored = case.store.get(key)
        try:
            record = from_json(stored.data if stored else b"", key)
            runs[str(record["version"])] = str(record["started"])
        except (StoreCorrupt, KeyError) as error:
            findings.append(fault(FindingCode.VERIFY_RUN, key, "The record of the run cannot be read.", str(error)))
    return runs, tuple(findings)
