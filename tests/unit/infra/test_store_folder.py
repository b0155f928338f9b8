from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from support.requires import ROOT

from infra.store import Headers, open_store
from infra.store.folder import FolderStore
from schemas.errors import StoreDenied, StoreUnavailable, UsageError

TEXT = Headers(content_type="text/plain", cache_control="max-age=300")
PUT = "store.put_new('new/object', b'n' * 100_000, headers)"
SWAP = "store.swap('latest.json', b'n' * 100_000, headers, expected=store.get('latest.json').etag)"
WRITER = """
import os, resource, signal, sys
from pathlib import Path
from infra.store import Headers, open_store
from schemas.errors import StoreError
headers = Headers(content_type="text/plain", cache_control="")
store = open_store(sys.argv[1])
die = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)
"""


def write(store: FolderStore, script: str) -> subprocess.CompletedProcess[str]:
    """Run a writer in a process of its own, which may be killed or run out of room."""
    command = [sys.executable, "-c", WRITER + script, store.url]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def files(store: FolderStore) -> list[str]:
    """Every file below the store's folder, its own ones too."""
    root = Path(store.url)
    return sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    store = FolderStore(tmp_path / "store")
    store.put_new("latest.json", b"old", TEXT)
    return store


@pytest.mark.parametrize(
    ("moment", "act"),
    [("os.fsync = die", PUT), ("os.link = die", PUT), ("os.fsync = die", SWAP), ("Path.replace = die", SWAP)],
    ids=["put while flushing", "put before it appears", "swap while flushing", "swap before it appears"],
)
def test_a_writer_killed_half_way_leaves_every_object_as_it_was(store: FolderStore, moment: str, act: str) -> None:
    assert write(store, f"{moment}\n{act}").returncode == -9
    assert any(name.endswith(".draft") for name in files(store))
    assert [(entry.key, entry.size) for entry in store.list("")] == [("latest.json", 3)]
    assert store.get("new/object") is None
    # The next writers go on and clear what it left.
    assert store.put_new("new/object", b"whole", TEXT)
    old = store.get("latest.json")
    assert old is not None
    assert store.swap("latest.json", b"new", TEXT, expected=old.etag)
    assert files(store) == [".gongbao/lock", "latest.json", "new/object"]


def test_a_full_disk_is_told_and_leaves_nothing(store: FolderStore) -> None:
    script = (
        f"resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))\ntry: {PUT}\nexcept StoreError as error: print(error)"
    )
    told = write(store, script)
    assert "an error of the disk (File too large)" in told.stdout
    assert "new/object" in told.stdout
    assert files(store) == [".gongbao/lock", "latest.json"]


def test_a_lost_put_leaves_no_draft(store: FolderStore) -> None:
    assert not store.put_new("latest.json", b"other", TEXT)
    assert store.swap("latest.json", b"other", TEXT, expected="another tag") is None
    assert files(store) == [".gongbao/lock", "latest.json"]


def test_objects_are_plain_files_and_reading_makes_nothing(tmp_path: Path) -> None:
    store = open_store(str(tmp_path / "store"))
    assert store.get("a/b") is None
    assert store.list("a/") == ()
    assert not (tmp_path / "store").exists()
    store.put_new("a/b", b"text", TEXT)
    assert (tmp_path / "store" / "a" / "b").read_bytes() == b"text"


def test_a_folder_where_nobody_may_write_is_denied(tmp_path: Path) -> None:
    # Root may write below any chmod, but not even root may make a folder in /sys.
    tmp_path.chmod(0o555)
    store = open_store("/sys" if os.geteuid() == 0 else str(tmp_path))
    denied = f"{store.url}.*no permission for the folder.*let the user of this run write there"
    with pytest.raises(StoreDenied, match=denied):
        store.put_new("a", b"", TEXT)
    with pytest.raises(StoreDenied, match=denied):
        store.swap("a", b"", TEXT, expected=None)
    assert store.get("a") is None


def test_a_file_where_the_folder_should_be_is_told_to_readers_and_writers(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("a file", encoding="utf-8")
    for place in ("file", "file/below"):
        store = open_store(str(tmp_path / place))
        with pytest.raises(StoreUnavailable, match=r"a file is in the place of a folder.*set another folder"):
            store.put_new("a", b"", TEXT)
    with pytest.raises(StoreUnavailable, match="a file is in the place of a folder"):
        open_store(str(tmp_path / "file")).get("a")


def test_a_key_is_an_object_or_stands_before_others_but_not_both(store: FolderStore) -> None:
    store.put_new("a/b", b"text", TEXT)
    for key in ("a", "a/b/c"):
        with pytest.raises(StoreUnavailable, match="in the place of"):
            store.put_new(key, b"", TEXT)
        with pytest.raises(StoreUnavailable, match="in the place of"):
            store.swap(key, b"", TEXT, expected=None)
    assert [entry.key for entry in store.list("a")] == ["a/b"]


def test_the_same_folder_opens_by_path_and_by_file_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "数据 100%"
    open_store(str(place)).put_new("a", b"text", TEXT)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    for url in (place.as_uri(), "数据 100%", "~/数据 100%", f"{place}/"):
        assert [entry.key for entry in open_store(url).list("")] == ["a"], url


@pytest.mark.parametrize(
    "url",
    ["", "  ", "http://example.org/store", "gs://bucket", "s3:/bucket", "s3://", "s3://Up", "s3://a b/c", "S3://b"],
)
def test_an_address_that_is_no_store_is_refused(url: str) -> None:
    with pytest.raises(UsageError, match=r"not the address of a store.*s3://bucket/prefix"):
        open_store(url)


def test_a_prefix_that_leaves_the_bucket_is_refused() -> None:
    with pytest.raises(UsageError, match="invalid key"):
        open_store("s3://bucket/up/../over")


def test_a_folder_store_loads_nothing_of_boto3(store: FolderStore) -> None:
    told = write(
        store, "store.list(''); print([name for name in sys.modules if name.startswith(('boto', 'tenacity'))])"
    )
    assert told.stdout.strip() == "[]"
