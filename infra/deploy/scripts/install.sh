#!/usr/bin/env bash
# Install Gongbao without its tools for development: install.sh libraries|project FOLDER, in the root of the project.
# Every file is checked against a hash of constraints.txt, and nothing that has none there comes in.
set -euo pipefail

what=$1
folder=$2
tools=$folder.build

# uv checks the hashes that a constraint bears; whatever it had to add on its own would stand in the list without a pin.
all_locked() {
    local pin
    while read -r pin; do
        if ! grep --quiet --extended-regexp "^${pin//./\\.}( ;.*)? \\\\\$" constraints.txt; then
            echo "not in constraints.txt: $pin" >&2
            return 1
        fi
    done < <(uv pip freeze --quiet --python "$folder/bin/python" --exclude-editable | grep --invert-match '^gongbao ')
}

case $what in
libraries)
    python3 -m venv --without-pip "$folder"
    uv pip install --quiet --python "$folder/bin/python" --constraint constraints.txt --requirement pyproject.toml
    all_locked
    ;;
project)
    python3 -m venv --without-pip "$tools"
    uv pip install --quiet --python "$tools/bin/python" --constraint constraints.txt hatchling
    "$tools/bin/python" -m hatchling build --target wheel --directory "$tools/dist"
    uv pip install --quiet --python "$folder/bin/python" --no-deps --offline "$tools"/dist/gongbao-*.whl
    rm -r "$tools"
    all_locked
    ;;
*)
    echo "install.sh libraries|project FOLDER" >&2
    exit 2
    ;;
esac
