#!/bin/sh
# The entry point of the image: where GONGBAO_X_FILE or PREFECT_X_FILE names a file, GONGBAO_X or PREFECT_X is what stands in
# it. So a secret is a file that only this service sees, and stands neither in compose.yaml nor in `docker inspect`.
set -eu

# GONGBAO_METRICS_FILE is a setting whose own name ends so.
for name in $(env | sed -n '/^GONGBAO_METRICS_FILE=/d; s/^\(\(GONGBAO\|PREFECT\)_[A-Z0-9_]*\)_FILE=.*/\1/p'); do
    eval "file=\$${name}_FILE"
    # shellcheck disable=SC2154 # the line above sets it
    if [ ! -r "$file" ]; then
        echo "with-secrets: ${name}_FILE names $file, which cannot be read" >&2
        exit 78
    fi
    # shellcheck disable=SC2034 # the next line reads it
    value=$(cat "$file")
    eval "export $name=\"\$value\""
    unset "${name}_FILE" value
done

exec "$@"
