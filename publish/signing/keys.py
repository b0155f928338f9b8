"""`keys/`: the public keys that sign releases, each with its dates; nothing there is ever overwritten.

A key is registered by its first release, before that is written, and retired by an operator: it signs nothing with a
later date. Dates are those of versions, in China.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from infra.store import Store
from publish.bucket.layout import KEYS, RETIRED, headers, key_public, key_record, key_retired
from publish.bucket.manifest import from_json, to_json
from publish.signing.minisign import KIND as MINISIGN
from publish.signing.minisign import published as minisign_file
from publish.signing.model import IDENTITY, PublicKey, Signer
from publish.signing.schemes import SCHEMES
from schemas.errors import SettingsError, StoreCorrupt, UsageError


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRecord:
    """A public key with the date of its first release and the last day that it may sign, None while it has none."""

    public: PublicKey
    since: date
    retired_on: date | None

    def dated(self, day: date) -> bool:
        """Return whether it may have signed a release of that day."""
        return self.since <= day and (self.retired_on is None or day <= self.retired_on)


def register_keys(store: Store, signers: tuple[Signer, ...], day: date) -> None:
    """Publish the keys that are about to sign a release of that day, unless they are published.

    Raises:
        SettingsError: A key may not sign on that day.
    """
    for signer in signers:
        name = signer.public.name
        record = {**_fields(signer.public), "since": day.isoformat()}
        is_new = store.put_new(key_record(name), to_json(record), headers(key_record(name)))
        registered = KeyRecord(public=signer.public, since=day, retired_on=None) if is_new else read_key(store, name)
        store.put_new(key_public(name), public_file(registered), headers(key_public(name)))
        if not registered.dated(day):
            dates = f"{registered.since} to {registered.retired_on or 'now'}"
            what = f"the key may not sign a release of {day}: its dates are {dates}"
            raise SettingsError(what, where=name, remedy="set another key, or none")


def retire(store: Store, name: str, on: date) -> KeyRecord:
    """Let a key sign nothing with a later date; this cannot be taken back.

    Raises:
        UsageError: There is no such key, it signed only later, or it is retired on another day.
    """
    current = read_key(store, name)
    if on < current.since:
        what = f"the key has signed since {current.since}"
        raise UsageError(what, where=name, remedy="give a day that is not earlier")
    key = key_retired(name)
    store.put_new(key, to_json({**_fields(current.public), "retired_on": on.isoformat()}), headers(key))
    retired = read_key(store, name)
    if retired.retired_on != on:
        raise UsageError(f"it was retired on {retired.retired_on}", where=name, remedy="that day stands")
    return retired


def key_names(store: Store) -> tuple[str, ...]:
    """Return the names of all keys of a store."""
    records = [entry.key for entry in store.list(KEYS) if entry.key.endswith(".json")]
    return tuple(key_name(store, key) for key in records if not key.endswith(RETIRED))


def key_name(store: Store, key: str) -> str:
    """Return the name of the key whose record is stored under a key of the store."""
    stored = store.get(key)
    record = from_json(stored.data, key) if stored else {}
    name = f"{record.get('kind')}:{record.get('id')}"
    try:
        matches = key_record(name) == key
    except UsageError:
        matches = False
    if not matches:
        raise _corrupt_key_record(key)
    return name


def read_key(store: Store, name: str) -> KeyRecord:
    """Return one key.

    Raises:
        UsageError: The store has no key of that name.
        StoreCorrupt: The key's files disagree.
    """
    stored, retired = store.get(key_record(name)), store.get(key_retired(name))
    if stored is None:
        raise UsageError(f"no key is called {name!r}", where=store.url, remedy="`gongbao key list` names them")
    record = from_json(stored.data, key_record(name))
    retirement = from_json(retired.data, key_retired(name)) if retired else None
    parsed = _dated(record, retirement, name)
    if {**_fields(parsed.public), "since": parsed.since.isoformat()} != record or parsed.public.name != name:
        raise _corrupt_key_record(key_record(name))
    if retirement and retirement != {**_fields(parsed.public), "retired_on": str(parsed.retired_on)}:
        raise _corrupt_key_record(key_retired(name))
    return parsed


def public_file(key: KeyRecord) -> bytes:
    """Return the file that the key's own program takes.

    A list of allowed signers counts from the day before: `ssh-keygen` reads the day in the time zone of whoever checks,
    and in some of them the day of the release begins a day later than in China.
    """
    if key.public.kind == MINISIGN:
        return minisign_file(key.public)
    since = f"{key.since - timedelta(days=1):%Y%m%d}"
    return f'{IDENTITY} namespaces="{IDENTITY}",valid-after="{since}" {key.public.encoded}\n'.encode()


def _fields(key: PublicKey) -> dict[str, str]:
    return {"kind": key.kind, "id": key.id, "public_key": key.encoded}


def _dated(record: dict[str, str], retirement: dict[str, str] | None, name: str) -> KeyRecord:
    try:
        public = SCHEMES[record["kind"]].read_public(record["public_key"])
        since = date.fromisoformat(record["since"])
    except (KeyError, TypeError, ValueError, AttributeError, UsageError):
        raise _corrupt_key_record(key_record(name)) from None
    try:
        retired_on = date.fromisoformat(retirement["retired_on"]) if retirement is not None else None
    except (KeyError, TypeError, ValueError):
        raise _corrupt_key_record(key_retired(name)) from None
    return KeyRecord(public=public, since=since, retired_on=retired_on)


def _corrupt_key_record(key: str) -> StoreCorrupt:
    return StoreCorrupt("not a record of a public key", where=key, remedy="restore it from a copy of the bucket")
