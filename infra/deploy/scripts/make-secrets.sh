#!/usr/bin/env bash
# Draw every secret of compose.yaml once, into secrets/ beside it (or the folder named); what is there already stays.
# The folder is closed to others, the files in it are not: containers read them under users of their own.
set -euo pipefail

folder=${1:-$(dirname "$0")/../secrets}
umask 022
mkdir -p "$folder"
chmod 700 "$folder"
cd "$folder"

drawn() { head -c "$1" /dev/urandom | od -An -v -tx1 | tr -d ' \n'; }

keep() { # NAME, content from standard input
    if [ -e "$1" ]; then
        echo "kept    $1"
        cat >/dev/null
    else
        cat >"$1.new"
        mv "$1.new" "$1"
        echo "made    $1"
    fi
}

credentials() { # KEY SECRET
    printf '[default]\naws_access_key_id = %s\naws_secret_access_key = %s\n' "$1" "$2"
}

printf '%s' "$(drawn 24)" | keep postgres-password
printf 'gongbao:%s' "$(drawn 24)" | keep prefect-auth

# Yours to fill in, an address a line: whom to tell of alerts, who notices that no run ended, what Prefect's automations call.
for name in alert-urls ping-url webhook-url; do
    keep "$name" </dev/null
done

# Three files that must agree: all are drawn together, or none.
if [ ! -e store-identities.json ]; then
    admin=$(drawn 10) admin_secret=$(drawn 20) writer=$(drawn 10) writer_secret=$(drawn 20)
    credentials "$admin" "$admin_secret" >admin-credentials
    credentials "$writer" "$writer_secret" >writer-credentials
    cat >store-identities.json.new <<END
{
  "identities": [
    {
      "name": "admin",
      "credentials": [{"accessKey": "$admin", "secretKey": "$admin_secret"}],
      "actions": ["Admin", "Read", "Write", "List", "Tagging"]
    },
    {
      "name": "writer",
      "credentials": [{"accessKey": "$writer", "secretKey": "$writer_secret"}],
      "actions": ["Read:gongbao", "Write:gongbao", "List:gongbao"]
    }
  ]
}
END
    mv store-identities.json.new store-identities.json
    echo "made    admin-credentials writer-credentials store-identities.json"
else
    echo "kept    admin-credentials writer-credentials store-identities.json"
fi
