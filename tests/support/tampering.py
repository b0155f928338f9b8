"""What somebody does to a store of signed releases who may write there, and looks at what is left."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

from support.signed import VERSIONS, text_of

from infra.store import open_store
from publish.bucket.serialize import sha256
from publish.portal.html.bundle import BUNDLE
from publish.verify.store import verify

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from publish.signing.model import PublicKey

MINISIG, SSHSIG = "SHA256SUMS.minisig", "SHA256SUMS.sshsig"
SIGNATURES = (MINISIG, SSHSIG)
STATUS: dict[str, object] = {
    "state": "ok",
    "last_checked": "",
    "last_changed": "",
    "last_good": "",
    "published": VERSIONS[-1],
    "held": None,
    "findings": [],
    "changes": [],
}
RELEASED_AT = "2026-11-23T04:00:00Z"


def faults(root: Path, *pins: PublicKey) -> list[tuple[str, str]]:
    """Code and key of each fault."""
    found = verify(open_store(str(root)), text_of, pins=pins)
    return [(finding.code.removeprefix("verify_"), finding.where) for finding in found]


def flip(file: Path, at: int = -2) -> None:
    data = bytearray(file.read_bytes())
    data[at] ^= 1
    file.write_bytes(data)


def edit(file: Path, change: Callable[[Any], object]) -> None:
    """Change a JSON file."""
    record = json.loads(file.read_bytes())
    change(record)
    file.write_text(json.dumps(record, ensure_ascii=False, indent=2) + "\n", "utf-8")


def releases(index: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - JSON
    found: list[dict[str, Any]] = index["datasets"]["torch"]["releases"]
    return found


def swap(one: Path, other: Path) -> None:
    """Put each folder in the other's place."""
    aside = one.with_name("aside")
    one.rename(aside)
    other.rename(one)
    aside.rename(other)


def unlist(root: Path, version: str) -> None:
    """Take a release out of `index.json`."""
    edit(root / "index.json", lambda index: releases(index).remove(line(index, version)))


def line(index: Any, version: str) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """The line of a release."""
    (found,) = [one for one in releases(index) if one["version"] == version]
    return found


def take_back(root: Path) -> None:
    """Remove the newest release wherever consumers look."""
    newest, before = VERSIONS[-1], VERSIONS[-2]
    unlist(root, newest)
    edit(root / "index.json", lambda index: index["datasets"]["torch"].update(latest=before))
    point(root, before)
    shutil.rmtree(root / "torch" / "v" / newest)
    shutil.rmtree(root / "torch" / "latest")
    shutil.copytree(root / "torch" / "v" / before, root / "torch" / "latest")
    lay_pages(root / "torch", root / "torch" / "v" / before / BUNDLE)


def lay_pages(dataset: Path, bundle: Path) -> None:
    """Put the pages of a release where those of another lie."""
    with ZipFile(bundle) as pages:
        for place in {name.partition("/")[0] for name in pages.namelist()}:
            shutil.rmtree(dataset / place, ignore_errors=True)
        pages.extractall(dataset)


def point(root: Path, version: str) -> None:
    """Let the pointer say of a release what the index says."""
    told = line(json.loads((root / "index.json").read_bytes()), version)
    edit(root / "torch" / "latest.json", lambda pointer: pointer.update({name: told[name] for name in pointer}))


def know(root: Path) -> None:
    """Let `status.json` know the newest release."""
    (root / "status.json").write_text(json.dumps({"sources": {"torch": STATUS}}), "utf-8")


def remember(root: Path, version: str) -> str:
    """Leave the record of the run that published a release; its key."""
    key = "runs/torch/20261123T040000000000Z-published-ab12.json"
    (root / key).parent.mkdir(parents=True, exist_ok=True)
    (root / key).write_text(json.dumps({"version": version, "started": RELEASED_AT}), "utf-8")
    return key


def forge(root: Path, version: str, **fields: object) -> None:
    """Rewrite manifest, sums, index, pointer and copies so that all hashes fit what lies in a release's folder."""
    folder = root / "torch" / "v" / version

    def again(manifest: dict[str, Any]) -> None:
        for entry in manifest["files"]:
            data = (folder / entry["name"]).read_bytes()
            entry.update(size=len(data), sha256=sha256(data))
        manifest.update(fields)

    edit(folder / "manifest.json", again)
    manifest = json.loads((folder / "manifest.json").read_bytes())
    hashed = sorted(["manifest.json", *(entry["name"] for entry in manifest["files"])])
    sums = "".join(f"{sha256((folder / name).read_bytes())}  {name}\n" for name in hashed)
    (folder / "SHA256SUMS").write_text(sums, "utf-8")
    digest = sha256((folder / "manifest.json").read_bytes())
    told = {"manifest_sha256": digest, "signatures": manifest["signed_by"]}
    edit(root / "index.json", lambda index: line(index, version).update(told))
    if version == VERSIONS[-1]:
        point(root, version)
        shutil.copytree(folder, root / "torch" / "latest", dirs_exist_ok=True)
