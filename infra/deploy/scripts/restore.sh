#!/usr/bin/env bash
# Put back what backup.sh kept: restore.sh FOLDER, on a machine with the same secrets/ and empty volumes. It refuses to write
# over objects that are there.
set -euo pipefail

from=$(cd "$1" && pwd)
cd "$(dirname "$0")/.."
(cd "$from" && sha256sum --check --quiet SHA256SUMS)

docker compose run --rm volumes
if [ -n "$(docker compose run --rm --no-deps -T --entrypoint ls object-store -A /data)" ]; then
    echo "restore: the volume of objects is not empty; look at it, then remove it with docker volume rm" >&2
    exit 1
fi
docker compose run --rm --no-deps -T --entrypoint tar object-store -C /data -xf - <"$from/objects.tar"

docker compose up --detach --wait database
docker compose exec -T database pg_restore --username=prefect --dbname=prefect --clean --if-exists --single-transaction \
    <"$from/database.dump"
docker compose up --detach --wait
