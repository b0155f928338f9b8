"""Setting up a bucket, and again after each upgrade: `python -m infra.store.bucket BUCKET FOLDER DATASET...`.

FOLDER contains `policy.json`, `lifecycle.json` and `cors.json`; `${bucket}` in them is replaced by the bucket, and a
rule with `${dataset}` is repeated for each dataset, because rules match only prefixes. Endpoint, region and credentials
are those of an administrator and come from the usual variables.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client

_DATASET = "${dataset}"


def set_up(client: S3Client, bucket: str, folder: Path, datasets: Sequence[str]) -> None:
    """Create the bucket if it does not exist, and set its policy, its lifecycle and its CORS rules."""
    _create(client, bucket)
    client.put_bucket_policy(Bucket=bucket, Policy=json.dumps(_filled(folder / "policy.json", bucket=bucket)))
    client.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration=lifecycle(folder, datasets))
    client.put_bucket_cors(Bucket=bucket, CORSConfiguration=_filled(folder / "cors.json"))


def lifecycle(folder: Path, datasets: Sequence[str]) -> Any:  # noqa: ANN401 - rules as the service defines them
    """Return the rules of `lifecycle.json`, those with `${dataset}` once for each dataset."""
    rules: list[Any] = []
    for rule in json.loads((folder / "lifecycle.json").read_text("utf-8"))["Rules"]:
        text = json.dumps(rule)
        wanted = datasets if _DATASET in text else [""]
        rules.extend(json.loads(Template(text).substitute(dataset=dataset)) for dataset in wanted)
    return {"Rules": rules}


def _create(client: S3Client, bucket: str) -> None:
    try:
        client.head_bucket(Bucket=bucket)
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] != 404:  # noqa: PLR2004 - not found
            raise
        client.create_bucket(Bucket=bucket)


def _filled(template: Path, **names: str) -> Any:  # noqa: ANN401 - a document as the service defines it
    return json.loads(Template(template.read_text("utf-8")).substitute(names))


if __name__ == "__main__":
    path_style = Config(s3={"addressing_style": "path"})
    set_up(boto3.session.Session().client("s3", config=path_style), sys.argv[1], Path(sys.argv[2]), sys.argv[3:])
