"""The object store of infra/deploy as it is shipped: a real SeaweedFS, and before it both servers of compose.yaml."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING, Any

import boto3
import httpx
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from support.processes import KillableProcess, until
from support.requires import ROOT, lacking
from support.seaweed import SECRETS, Seaweed, free_ports

from infra.store import Headers
from infra.store.bucket import lifecycle, set_up
from infra.store.s3 import S3Store
from publish.bucket.layout import headers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from mypy_boto3_s3.client import S3Client

# One process: the bucket is set up once.
pytestmark = pytest.mark.xdist_group("deploy")
DEPLOY = ROOT / "infra" / "deploy"
BUCKET = "gongbao"
PARQUET = "torch/v/2026.11.23.1/observations.parquet"
BYTES = bytes(range(256)) * 8
PAGE = b"<!doctype html><title>x</title>" + b"<p>word</p>" * 500
LASTING = [
    PARQUET,
    "torch/candidate/2026.11.23.1/observations.csv",
    "schema/1.0.0/observations.json",
    "keys/minisign-0123456789ABCDEF.json",
    "runs/torch/20261123T000000000000Z-published-a.json",
    "raw/torch/warc/ab/abcd.warc.gz",
    "raw/torch/sightings/20261123T000000Z-a.jsonl",
]
SWAPPED = ["index.json", "status.json", "torch/latest.json", "torch/latest/manifest.json", "raw/torch/seen.json"]
PRIVATE = [key for key in LASTING if key.startswith(("raw/", "runs/", "torch/candidate/"))] + ["raw/torch/seen.json"]
PLAIN = Headers(content_type="text/plain", cache_control="no-cache")


def caddy() -> str:
    """The web server of compose.yaml in its own release, or whichever this machine has."""
    own = ROOT / ".venv-lint" / "bin" / "caddy"
    found = str(own) if own.exists() else shutil.which("caddy")
    if not found:
        lacking("the program caddy (make .venv-lint/.ready)")
    return str(found)


@contextmanager
def served(config: str, folder: Path, url: str, **names: str) -> Iterator[str]:
    """A Caddy with a configuration of infra/deploy/web, until it answers; its address."""
    home = folder / config
    environ = {**os.environ, **names, "XDG_DATA_HOME": str(home), "XDG_CONFIG_HOME": str(home)}
    command = [caddy(), "run", "--config", str(DEPLOY / "web" / config), "--adapter", "caddyfile"]
    process = KillableProcess(command=command, folder=home, environ=environ)

    def is_healthy() -> bool:
        assert process.alive, process.log_tail()
        with suppress(httpx.TransportError):
            return httpx.get(f"http://127.0.0.1:{names['HEALTH_PORT']}/health").is_success
        return False

    try:
        process.start()
        until(is_healthy, "Caddy", process)
        yield url
    finally:
        process.end()


class Deployed:
    """What compose.yaml makes of the store: the bucket as it is set up, the gate and the web server before it."""

    def __init__(self, seaweed: Seaweed, gate: str, web: str) -> None:
        self.store, self.gate, self.web = seaweed.endpoint, gate, web
        self.admin = client(seaweed.endpoint)
        self.writer = client(gate)

    def keep(self, key: str, data: bytes = b"once") -> None:
        """Put an object past the gate, as what was there before."""
        about = headers(key) if not key.startswith("raw/") else PLAIN
        self.admin.put_object(
            Bucket=BUCKET, Key=key, Body=data, ContentType=about.content_type, CacheControl=about.cache_control
        )

    def body(self, key: str) -> bytes:
        return self.admin.get_object(Bucket=BUCKET, Key=key)["Body"].read()


def client(endpoint: str, identity: str = "writer") -> S3Client:
    config = Config(retries={"max_attempts": 1}, s3={"addressing_style": "path"})
    keys: Any = {"aws_access_key_id": identity, "aws_secret_access_key": SECRETS[identity]}
    session = boto3.session.Session(region_name="us-east-1", **keys)
    return session.client("s3", endpoint_url=endpoint, config=config)


@pytest.fixture(scope="module")
def deployed(seaweed: Seaweed, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    folder = tmp_path_factory.mktemp("deployed")
    admin = seaweed.environ() | {"PATH": os.environ["PATH"]}
    command = [sys.executable, "-m", "infra.store.bucket", BUCKET, str(DEPLOY / "s3"), "torch", "cuiheng"]
    subprocess.run([*command], cwd=ROOT, env=admin, check=True)
    subprocess.run([*command], cwd=ROOT, env=admin, check=True)  # again, as after an upgrade
    ports = [str(port) for port in free_ports(4)]
    shared: dict[str, str] = {"BUCKET": BUCKET, "STORE_UPSTREAM": seaweed.endpoint.removeprefix("http://")}
    urls = [f"http://127.0.0.1:{port}" for port in ports[:2]]
    with ExitStack() as servers:
        gate = served("gate.Caddyfile", folder, urls[0], **shared, GATE_PORT=ports[0], HEALTH_PORT=ports[2])
        web = served("Caddyfile", folder, urls[1], **shared, SITE_ADDRESS=urls[1], HEALTH_PORT=ports[3])
        yield Deployed(seaweed, servers.enter_context(gate), servers.enter_context(web))


def refusal(call: Callable[[], Any]) -> int:
    """The status that a call is refused with."""
    with pytest.raises(ClientError) as caught:
        call()
    return int(caught.value.response["ResponseMetadata"]["HTTPStatusCode"])


# --- the writer, who comes through the gate --------------------------------------------------------------------------


@pytest.mark.parametrize("key", LASTING)
def test_what_lasts_is_created_once_and_nobody_writes_over_it_or_takes_it_away(deployed: Deployed, key: str) -> None:
    place: Any = {"Bucket": BUCKET, "Key": f"{key}.new"}
    deployed.writer.put_object(**place, Body=b"once", IfNoneMatch="*")
    tag = deployed.writer.head_object(**place)["ETag"]
    deployed.keep("index.json")

    writer, again = deployed.writer, {**place, "Body": b"again"}
    assert refusal(lambda: writer.put_object(**again, IfNoneMatch="*")) == 412
    for call in (
        lambda: writer.put_object(**again),
        lambda: writer.put_object(**again, IfMatch=tag),
        lambda: writer.put_object(**again, IfNoneMatch='"other"'),
        lambda: writer.copy_object(**place, CopySource=f"{BUCKET}/index.json"),
        lambda: writer.create_multipart_upload(**place),
        lambda: writer.delete_object(**place),
        lambda: writer.delete_objects(Bucket=BUCKET, Delete={"Objects": [{"Key": place["Key"]}]}),
    ):
        assert refusal(call) == 403
    assert deployed.body(place["Key"]) == b"once"


@pytest.mark.parametrize("key", SWAPPED)
def test_what_moves_is_swapped_by_who_knows_what_it_replaces(deployed: Deployed, key: str) -> None:
    place: Any = {"Bucket": BUCKET, "Key": f"moves/{key}" if key.count("/") == 0 else key.replace("torch", "cuiheng")}
    first = deployed.writer.put_object(**place, Body=b"1", IfNoneMatch="*")["ETag"]
    assert refusal(lambda: deployed.writer.put_object(**place, Body=b"2")) == 403
    deployed.writer.put_object(**place, Body=b"2", IfMatch=first)
    assert refusal(lambda: deployed.writer.put_object(**place, Body=b"3", IfMatch=first)) == 412
    assert deployed.body(place["Key"]) == b"2"


def test_the_bucket_itself_is_not_a_writers_business(deployed: Deployed) -> None:
    policy = json.dumps({"Version": "2012-10-17", "Statement": []})
    assert refusal(lambda: deployed.writer.put_bucket_policy(Bucket=BUCKET, Policy=policy)) == 403
    assert refusal(lambda: deployed.writer.delete_bucket(Bucket=BUCKET)) == 403
    assert refusal(lambda: deployed.writer.create_bucket(Bucket="another")) == 403
    assert refusal(deployed.writer.list_buckets) == 403
    assert refusal(lambda: deployed.writer.put_object_acl(Bucket=BUCKET, Key="index.json", ACL="public-read")) == 403


def test_no_spelling_of_a_lasting_key_passes_without_the_condition(deployed: Deployed) -> None:
    for path in ("torch/latest/../v/a", "torch//v/a", "torch/latest/%2e%2e/v/a", "torch%2fv%2fa"):
        raw = httpx.URL(deployed.gate).copy_with(raw_path=f"/{BUCKET}/{path}".encode())
        for header in ({}, {"If-Match": '"0123"'}):
            answer = httpx.put(raw, content=b"x", headers=header)
            assert answer.status_code == 403, path
            assert "created once" in answer.text or "not allowed" in answer.text, path


def test_the_projects_own_store_works_through_the_gate(deployed: Deployed, monkeypatch: pytest.MonkeyPatch) -> None:
    environ = {"AWS_ACCESS_KEY_ID": "writer", "AWS_SECRET_ACCESS_KEY": SECRETS["writer"], "AWS_DEFAULT_REGION": "x"}
    for name, value in (environ | {"AWS_ENDPOINT_URL": deployed.gate}).items():
        monkeypatch.setenv(name, value)
    store = S3Store(BUCKET)
    assert store.put_new("own/v/2026.11.23.1/a.csv", b"a", PLAIN)
    assert not store.put_new("own/v/2026.11.23.1/a.csv", b"b", PLAIN)
    tag = store.swap("own/latest.json", b"1", PLAIN, expected=None)
    assert store.swap("own/latest.json", b"2", PLAIN, expected=tag)
    assert store.swap("own/latest.json", b"3", PLAIN, expected=tag) is None
    assert [entry.key for entry in store.list("own/")] == ["own/latest.json", "own/v/2026.11.23.1/a.csv"]


def test_without_the_gate_this_store_would_let_a_writer_write_over(deployed: Deployed) -> None:
    """Why the gate is there; on the day that this fails, the store has learned it and the gate can be reconsidered."""
    deployed.keep("gone/v/1/a.csv")
    deployed.admin.put_object(Bucket=BUCKET, Key="gone/v/1/a.csv", Body=b"written over")
    assert refusal(lambda: deployed.admin.delete_object(Bucket=BUCKET, Key="gone/v/1/a.csv")) == 403
    deployed.admin.delete_objects(Bucket=BUCKET, Delete={"Objects": [{"Key": "gone/v/1/a.csv"}]})
    assert refusal(lambda: deployed.admin.head_object(Bucket=BUCKET, Key="gone/v/1/a.csv")) == 404


# --- the public, who come through the web server ---------------------------------------------------------------------


def test_a_part_of_a_table_is_read_from_a_page_of_another_host(deployed: Deployed) -> None:
    deployed.keep(PARQUET, BYTES)
    asked = {"Origin": "https://elsewhere.example", "Range": "bytes=2-5", "Accept-Encoding": "gzip, zstd, br"}
    answer = httpx.get(f"{deployed.web}/{PARQUET}", headers=asked)
    assert (answer.status_code, answer.content) == (206, BYTES[2:6])
    assert answer.headers["Content-Range"] == f"bytes 2-5/{len(BYTES)}"
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert answer.headers["Content-Type"] == "application/vnd.apache.parquet"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers.get_list("Access-Control-Allow-Origin") == ["*"]
    exposed = answer.headers["Access-Control-Expose-Headers"].split(", ")
    assert exposed == ["ETag", "Content-Length", "Content-Range", "Accept-Ranges"]
    assert not [name for name in answer.headers if name.startswith(("x-amz", "seaweed", "server"))]


def test_data_come_as_they_are_stored_whatever_a_client_could_unpack(deployed: Deployed) -> None:
    for name in ("observations.parquet", "observations.csv", "manifest.json", "torch.xlsx"):
        key = f"torch/v/2026.11.23.2/{name}"
        deployed.keep(key, BYTES)
        answer = httpx.get(f"{deployed.web}/{key}", headers={"Accept-Encoding": "gzip, zstd"})
        assert "Content-Encoding" not in answer.headers, name
        assert (answer.content, answer.headers["Content-Length"]) == (BYTES, str(len(BYTES)))
        head = httpx.head(f"{deployed.web}/{key}").headers
        assert (head["Content-Length"], head["ETag"]) == (str(len(BYTES)), answer.headers["ETag"])
        again = httpx.get(f"{deployed.web}/{key}", headers={"If-None-Match": answer.headers["ETag"]})
        assert again.status_code == 304


def test_pages_shrink_on_the_way(deployed: Deployed) -> None:
    deployed.admin.put_object(Bucket=BUCKET, Key="index.html", Body=PAGE, ContentType="text/html; charset=utf-8")
    answer = httpx.get(f"{deployed.web}/", headers={"Accept-Encoding": "gzip"})
    assert (answer.content, answer.headers["Content-Encoding"]) == (PAGE, "gzip")


@pytest.mark.parametrize("key", PRIVATE)
def test_what_is_private_is_not_there_for_the_public(deployed: Deployed, key: str) -> None:
    deployed.keep(key)
    for spelling in ("/{}", "//{}", "/x/../{}", "/{}?x=1"):
        answer = httpx.get(httpx.URL(deployed.web).copy_with(raw_path=spelling.format(key).encode()))
        assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (404, "*"), spelling
    assert httpx.get(f"{deployed.store}/{BUCKET}/{key}").status_code == 403  # nor would the bucket's policy show it


def test_nothing_is_listed_no_query_reaches_the_store_and_the_public_changes_nothing(deployed: Deployed) -> None:
    deployed.keep("index.json", b"{}")
    listings = ("/?list-type=2", "/torch/?list-type=2", "/index.json?acl", "/index.json%3Facl", "/%3Flist-type=2")
    for ask in (*listings, "/a", "/.."):
        answer = httpx.get(f"{deployed.web}{ask}")
        assert answer.status_code == 404 or answer.content in {b"{}", PAGE}, ask
    for method in ("PUT", "POST", "DELETE", "PATCH"):
        answer = httpx.request(method, f"{deployed.web}/torch/latest.json", content=b"x")
        assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD, OPTIONS"), method


def test_a_browser_that_asks_first_is_told_it_may(deployed: Deployed) -> None:
    asked = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "GET"}
    answer = httpx.options(f"{deployed.web}/{PARQUET}", headers=asked | {"Access-Control-Request-Headers": "range"})
    assert answer.status_code == 204
    assert "Range" in answer.headers["Access-Control-Allow-Headers"]
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


# --- the bucket ------------------------------------------------------------------------------------------------------


def test_the_bucket_keeps_the_rules_that_it_was_given(deployed: Deployed) -> None:
    rules = deployed.admin.get_bucket_lifecycle_configuration(Bucket=BUCKET)["Rules"]
    candidates = {rule["Filter"]["Prefix"]: rule["Expiration"]["Days"] for rule in rules if "Expiration" in rule}
    assert candidates == {"torch/candidate/": 90, "cuiheng/candidate/": 90}
    assert len(rules) == len(lifecycle(DEPLOY / "s3", ["torch", "cuiheng"])["Rules"]) == 4
    cors = deployed.admin.get_bucket_cors(Bucket=BUCKET)["CORSRules"][0]
    assert (cors["AllowedMethods"], cors["ExposeHeaders"][:2]) == (["GET", "HEAD"], ["ETag", "Content-Length"])


def test_who_may_not_make_a_bucket_is_told_so(deployed: Deployed) -> None:
    reader = client(deployed.store, "reader")
    assert refusal(lambda: set_up(reader, "gongbao-other", DEPLOY / "s3", ["torch"])) == 403
