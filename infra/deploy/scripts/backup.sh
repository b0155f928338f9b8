#!/usr/bin/env bash
# Keep what cannot be had again: backup.sh FOLDER, by day, beside a running stack. The store stands still for the time that
# its files are copied; the web server answers 502 meanwhile. What comes out: database.dump and objects.tar, with sums.
set -euo pipefail
umask 077 # the database keeps the address of the webhook, and the objects the private archive

into=$(mkdir -p "$1" && cd "$1" && pwd)
cd "$(dirname "$0")/.."

resume() { docker compose up --detach --wait --no-recreate; }

docker compose exec -T database pg_dump --username=prefect --dbname=prefect --format=custom >"$into/database.dump"
trap resume EXIT
docker compose stop worker web store-gate object-store
docker compose run --rm --no-deps -T --entrypoint tar object-store -C /data -cf - . >"$into/objects.tar"
(cd "$into" && sha256sum database.dump objects.tar >SHA256SUMS)
