"""The services of infra/deploy as Compose understands them: pinned, closed in, and in step with the code."""

from __future__ import annotations

import json
import os
import re
import subprocess
import tomllib
from functools import cache
from typing import Any

from botocore.configprovider import BOTOCORE_DEFAUT_SESSION_VARIABLES
from prefect.settings import Settings as PrefectSettings
from prefect.settings.legacy import _get_valid_setting_names
from ruamel.yaml import YAML
from support.requires import ROOT, lacking

from infra.settings import Settings
from schemas.registry.sources import load_sources, pick

DEPLOY = ROOT / "infra" / "deploy"
CHECKS = ROOT / ".venv-lint" / "bin"
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
NIGHTLY = [source.id for source in pick(load_sources(), ())]
PINNED = re.compile(r"[a-z0-9./-]+:[0-9]+\.[0-9]+[0-9a-z.-]*@sha256:[0-9a-f]{64}")
ONCE = {"volumes", "bucket", "deployments", "automations"}
AWS = {names[1] for names in BOTOCORE_DEFAUT_SESSION_VARIABLES.values() if isinstance(names[1], str)} | {
    "AWS_ENDPOINT_URL",  # asked where the SDK builds a client, not among its session's variables
    "AWS_EC2_METADATA_DISABLED",
    "AWS_SHARED_CREDENTIALS_FILE",
}
Service = dict[str, Any]


def check(name: str) -> str:
    """A program of the environment that `make lint-infra` makes."""
    if not (CHECKS / name).exists():
        lacking(f"the program {name} (make .venv-lint/.ready)")
    return str(CHECKS / name)


@cache
def composed() -> dict[str, Any]:
    """The file with everything filled in, as Compose itself reads it."""
    command = [check("docker-compose"), "-f", str(DEPLOY / "compose.yaml"), "--env-file", str(DEPLOY / ".env.example")]
    named = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME"}}
    done = subprocess.run([*command, "config", "--format", "json"], env=named, capture_output=True, check=True)
    return dict(json.loads(done.stdout))


def services() -> dict[str, Service]:
    return dict(composed()["services"])


def own() -> dict[str, Service]:
    """The services that run the image of the project."""
    return {name: service for name, service in services().items() if service["image"].startswith("gongbao:")}


def joined(network: str) -> set[str]:
    return {name for name, service in services().items() if network in service.get("networks", {})}


def settings() -> set[str]:
    """Every variable that a setting of the project is read from."""
    return set(re.findall(r"^\s+(GONGBAO_[A-Z_]+)", Settings.__doc__ or "", re.MULTILINE))


def known() -> set[str]:
    """Every variable that some program of the image reads."""
    by_hand = set(
        re.findall(r'environ\.get\("(\w+)"', (ROOT / "flows" / "notify" / "prefect_automations.py").read_text("utf-8"))
    )
    return settings() | by_hand | set(_get_valid_setting_names(PrefectSettings)) | AWS


def waited_for(condition: str) -> set[str]:
    """The services that another one waits for in this way."""
    waits = [service.get("depends_on", {}) for service in services().values()]
    return {name for one in waits for name, how in one.items() if how["condition"] == condition}


def mounts() -> dict[str, list[Service]]:
    """Each volume with the mounts of it, but for those where it is given its owner."""
    found: dict[str, list[Service]] = {name: [] for name in composed()["volumes"]}
    for name, service in services().items():
        for mount in service.get("volumes", ()):
            if mount["type"] == "volume" and name != "volumes":
                found[mount["source"]].append(mount)
    return found


def test_every_image_is_named_by_version_and_digest_and_the_own_one_by_its_version() -> None:
    dockerfile = (DEPLOY / "Dockerfile").read_text("utf-8")
    images = {service["image"] for service in services().values()}
    images |= set(re.findall(r"^FROM (\S+)", dockerfile, re.MULTILINE))
    assert f"gongbao:{VERSION}" in images
    assert len(images) == 5
    assert [image for image in images - {f"gongbao:{VERSION}"} if not PINNED.fullmatch(image)] == []
    assert f'org.opencontainers.image.version="{VERSION}"' in dockerfile
    assert f"--tag gongbao:{VERSION} " in dockerfile
    assert re.findall(r"^USER (\S+)$", dockerfile, re.MULTILINE) == ["10001:10001"]
    assert {service["user"] for name, service in own().items() if name != "volumes"} == {"10001:10001"}


def test_every_variable_of_a_service_is_one_that_somebody_reads() -> None:
    read = known()
    assert not read & {"GONGBAO_STORES", "GONGBAO_WEBHOOK", "PREFECT_API_URI", "AWS_ENDPOINT"}
    given = {name for service in own().values() for name in service.get("environment", {})}
    assert len(given) > 15
    assert "GONGBAO_WEBHOOK_URL_FILE" in given
    assert {name for name in given if name not in read and name.removesuffix("_FILE") not in read} == set()
    for file in ("Dockerfile", "systemd/gongbao@.service", "systemd/gongbao.env.example"):
        named = set(re.findall(r"\b((?:GONGBAO|PREFECT|AWS)_[A-Z0-9_]+)=", (DEPLOY / file).read_text("utf-8")))
        assert named, file
        assert named <= read, file


def test_what_an_operator_fills_in_is_what_the_file_asks_for() -> None:
    asked = set(re.findall(r"\$\{([A-Z_]+)", (DEPLOY / "compose.yaml").read_text("utf-8")))
    offered = set(re.findall(r"^([A-Z_]+)=", (DEPLOY / ".env.example").read_text("utf-8"), re.MULTILINE))
    assert asked == offered


def test_the_limits_of_an_operator_reach_the_worker_and_he_may_leave_them_out() -> None:
    described = YAML(typ="safe").load(DEPLOY / "compose.yaml")["services"]
    takers = {name: service["env_file"] for name, service in described.items() if "env_file" in service}
    assert takers == {"worker": [{"path": "./limits.env", "required": False}]}
    assert not [
        name for name in services()["worker"]["environment"] if name.startswith(("GONGBAO_JUMP", "GONGBAO_MOST"))
    ]


def test_no_secret_stands_in_a_variable() -> None:
    secret = re.compile(r"PASSWORD|PASSPHRASE|SECRET|TOKEN|AUTH_STRING|ACCESS_KEY|_KEY$")
    for name, service in services().items():
        given = service.get("environment", {})
        assert [f"{name}: {key}" for key in given if secret.search(key) and not key.endswith("_FILE")] == []
        files = [value for key, value in given.items() if key.endswith("_FILE")]
        assert all(value.removeprefix("/run/secrets/") in sources_of(service) for value in files), name


def sources_of(service: Service) -> set[str]:
    return {secret["source"] for secret in service.get("secrets", ())}


def test_every_secret_is_drawn_by_the_script_and_used_by_somebody() -> None:
    script = (DEPLOY / "scripts" / "make-secrets.sh").read_text("utf-8")
    used = {source for service in services().values() for source in sources_of(service)}
    assert used == set(composed()["secrets"])
    assert all(secret["file"].rpartition("/")[2] in script for secret in composed()["secrets"].values())


def test_each_service_is_closed_in() -> None:
    for name, service in services().items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert not {"privileged", "pid", "ipc", "devices"} & set(service), name
        assert int(service["mem_limit"]) <= 3 * 1024**3, name
        assert service["pids_limit"] <= 512, name
        assert float(service["cpus"]) <= 2, name
        assert set(service["logging"]["options"]) == {"max-size", "max-file"}, name
        assert service["restart"] == ("no" if name in ONCE else "unless-stopped"), name
        assert (name in ONCE) != ("test" in service.get("healthcheck", {})), name
        assert service["user"].startswith("0:") == (name == "volumes"), name
    given = {name: service["cap_add"] for name, service in services().items() if "cap_add" in service}
    assert given == {"volumes": ["CHOWN"], "store-gate": ["NET_BIND_SERVICE"], "web": ["NET_BIND_SERVICE"]}
    assert services()["volumes"]["network_mode"] == "none"


def test_what_runs_once_is_waited_for_by_somebody() -> None:
    """`up --wait` takes a service that ends by itself, and that nobody waits for, for one that failed."""
    assert waited_for("service_completed_successfully") == ONCE
    assert {name for name, service in services().items() if service["restart"] == "no"} == ONCE
    assert not waited_for("service_started")
    assert waited_for("service_healthy") == {"database", "prefect-server", "object-store", "store-gate"}


def test_a_volume_that_is_given_its_owner_gets_nothing_from_the_image_that_it_is_mounted_in() -> None:
    owned = {mount["source"]: mount["target"] for mount in services()["volumes"]["volumes"]}
    kept = {volume for volume, found in mounts().items() for one in found if one.get("volume", {}).get("nocopy")}
    assert kept == set(owned) == {"certificates", "objects"}
    (chown,) = services()["volumes"]["command"]
    users = {each["user"] for each in services().values() for used in each.get("volumes", ()) if used["source"] in kept}
    assert {f"chown {user} " for user in users - {"0:0"}} == set(re.findall(r"chown [0-9:]+ ", chown))
    assert all(target in chown for target in owned.values())
    assert {volume: len(found) for volume, found in mounts().items()} == dict.fromkeys(composed()["volumes"], 1)


def test_nobody_reaches_what_is_not_theirs() -> None:
    assert joined("database") == {"database", "prefect-server"}
    assert joined("store") == {"object-store", "bucket", "store-gate", "web"}
    assert joined("writing") == {"store-gate", "worker"}
    assert joined("public") == {"web"}
    assert joined("outside") == {"worker"}
    internal = {name for name, network in composed()["networks"].items() if network.get("internal")}
    assert internal == {"database", "control", "store", "writing"}
    assert services()["worker"]["environment"]["AWS_ENDPOINT_URL"] == "http://store-gate:8333"


def test_nothing_is_open_to_other_machines_unless_the_operator_says_so() -> None:
    open_ports = [port for service in services().values() for port in service.get("ports", ())]
    assert len(open_ports) == 4
    assert {port["host_ip"] for port in open_ports} == {"127.0.0.1"}
    command = services()["object-store"]["command"]
    assert {"-ip.bind=127.0.0.1", "-s3.ip.bind=0.0.0.0", "-s3.autoCreateBucket=false"} <= set(command)
    assert [option for option in command if "config=" in option] == ["-s3.config=/run/secrets/store-identities"]


def test_compose_prefect_terraform_and_the_registry_name_the_same_sources() -> None:
    deployments = YAML(typ="safe").load(ROOT / "prefect.yaml")["deployments"]
    assert [deployment["parameters"]["source"] for deployment in deployments] == NIGHTLY
    assert services()["bucket"]["command"][5:] == NIGHTLY
    planned = re.findall(
        r"^    (\S+) += \{ hour = (\d+), minute = (\d+) \}$",
        (DEPLOY / "terraform" / "variables.tf").read_text("utf-8"),
        re.MULTILINE,
    )
    crons = [(one["name"], *reversed(one["schedules"][0]["cron"].split()[:2])) for one in deployments]
    assert planned == crons


def test_the_pool_that_is_made_is_the_one_that_is_worked_and_deployed_to() -> None:
    pools = {one["work_pool"]["name"] for one in YAML(typ="safe").load(ROOT / "prefect.yaml")["deployments"]}
    worker, maker = services()["worker"]["command"], services()["deployments"]["command"]
    assert pools == {worker[worker.index("--pool") + 1]} == {maker[-1]}
    assert worker[worker.index("--limit") + 1] == "1"
