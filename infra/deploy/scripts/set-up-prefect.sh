#!/bin/sh
# One-shot: the work pool and every deployment of prefect.yaml, on the server that PREFECT_API_URL names. Done again after an
# upgrade it brings both up to date; the history of runs stays.
set -eu

pool=${1:-gongbao}
prefect --no-prompt work-pool create "$pool" --type process --overwrite
prefect --no-prompt deploy --all
