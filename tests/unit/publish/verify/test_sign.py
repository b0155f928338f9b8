"""Who signs by the settings, mistakes that are told without telling the secret, and the signatures of OpenSSH."""

from __future__ import annotations

import base64
import traceback
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.signed import PASSPHRASE, Keys, both_keys, chain, made, minisign_key, run, ssh_key

from infra.settings import Settings
from publish.signing.model import SignedPayload
from publish.signing.schemes import SCHEMES, load_signers, read_keys, signatures, signer_names
from publish.signing.ssh import SshSignature, decode, encode, key_blob, load, raw_key, read_public, signed_bytes
from schemas.errors import SettingsError, UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from publish.signing.model import Signer

STATEMENT = SignedPayload(sums=b"00  manifest.json\n", comment="gongbao torch 2026.11.23.1 previous:none")


@pytest.fixture(scope="module")
def locked(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Keys that ask for a password, minisign's as slow to open as it makes them."""
    folder = tmp_path_factory.mktemp("locked")
    secret, _ = minisign_key(folder, "minisign", PASSPHRASE)
    private, _ = ssh_key(folder, "ssh", PASSPHRASE)
    given = {"GONGBAO_MINISIGN_PASSWORD": PASSPHRASE, "GONGBAO_SSH_PASSPHRASE": PASSPHRASE}
    return Settings.from_env({"GONGBAO_MINISIGN_KEY": str(secret), "GONGBAO_SSH_KEY": str(private), **given})


def faults(signer: Signer, statement: SignedPayload, signature: bytes) -> str:
    return SCHEMES[signer.public.kind].fault(signer.public, statement, signature)


class TestSigners:
    def test_each_key_is_optional_and_without_keys_nobody_signs(self, keys: Keys) -> None:
        minisign, ssh = keys.signers
        assert signer_names(load_signers(replace(keys.settings, ssh_key=""))) == (minisign.public.name,)
        assert signer_names(load_signers(replace(keys.settings, minisign_key=""))) == (ssh.public.name,)
        assert load_signers(Settings()) == ()

    def test_a_key_of_minisign_is_called_what_minisign_calls_it(self, keys: Keys) -> None:
        (_, name), text = signer_names(keys.signers)[0].split(":"), keys.minisign_public.read_text("utf-8")
        assert text.startswith(f"untrusted comment: minisign public key {name.lstrip('0')}\n")

    def test_minisign_itself_signs_with_the_very_same_bytes(self, keys: Keys, tmp_path: Path) -> None:
        (signer, _) = keys.signers
        (tmp_path / "SHA256SUMS").write_bytes(STATEMENT.sums)
        hint = f"check with keys/minisign-{signer.public.id}.pub"
        command = ["-S", "-s", keys.minisign, "-m", tmp_path / "SHA256SUMS", "-c", hint, "-t", STATEMENT.comment]
        made("minisign", *command)
        assert (tmp_path / "SHA256SUMS.minisig").read_bytes() == signer.sign(STATEMENT)

    def test_a_password_is_used_where_it_is_needed(self, keys: Keys, locked: Settings) -> None:
        for signer in load_signers(locked):
            assert faults(signer, STATEMENT, signer.sign(STATEMENT)) == ""
        needless = replace(keys.settings, minisign_password="x", ssh_passphrase="x")
        assert signer_names(load_signers(needless)) == signer_names(keys.signers)


class TestFaults:
    @pytest.mark.parametrize("which", [0, 1], ids=["minisign", "ssh"])
    def test_every_flipped_bit_of_a_signature_is_seen(self, keys: Keys, which: int) -> None:
        signer = keys.signers[which]
        good = signer.sign(STATEMENT)
        for bit in range(len(good) * 8):
            bad = bytearray(good)
            bad[bit // 8] ^= 1 << bit % 8
            assert faults(signer, STATEMENT, bytes(bad)), f"bit {bit}"

    def test_what_is_no_signature_is_told_from_a_wrong_one(self, keys: Keys) -> None:
        for signer in keys.signers:
            for data in (b"", b"\n\n\n", b"\xff" * 300, b"-----BEGIN SSH SIGNATURE-----\n", b"a\nb\nc\nd\n"):
                assert faults(signer, STATEMENT, data) == "The signature cannot be read.", data

    def test_each_fault_has_its_words(self, keys: Keys, tmp_path: Path) -> None:
        others = both_keys(tmp_path).signers
        for signer, other in zip(keys.signers, others, strict=True):
            assert f"another key: {other.public.id}" in faults(signer, STATEMENT, other.sign(STATEMENT))
            changed = replace(STATEMENT, sums=b"x")
            assert faults(signer, changed, signer.sign(STATEMENT)) == "The signature does not fit SHA256SUMS."

    def test_a_signature_of_another_release_or_for_another_purpose_is_refused(self, keys: Keys) -> None:
        minisign, ssh = keys.signers
        other = replace(STATEMENT, comment="gongbao torch 2026.11.24.1 previous:none")
        assert "another release: gongbao torch 2026.11.24.1" in faults(minisign, STATEMENT, minisign.sign(other))
        mail = run("ssh-keygen", "-Y", "sign", "-n", "file", "-f", keys.ssh, given=STATEMENT.sums).stdout
        assert faults(ssh, STATEMENT, mail) == "The signature was made for another purpose."


class TestMistakes:
    def test_it_says_what_and_where_and_never_the_secret(self, keys: Keys, locked: Settings, tmp_path: Path) -> None:
        ecdsa, _ = ssh_key(tmp_path, "ecdsa", kind="ecdsa")
        damaged, cut = tmp_path / "damaged.key", tmp_path / "cut"
        comment, key = keys.minisign.read_text("utf-8").splitlines()
        damaged.write_text(f"{comment}\n{key[:100]}{'B' if key[100] == 'A' else 'A'}{key[101:]}\n", "utf-8")
        cut.write_bytes(keys.ssh.read_bytes()[:200])
        minisign, ssh, private = "GONGBAO_MINISIGN_KEY", "GONGBAO_SSH_KEY", keys.ssh.read_text("utf-8")
        unread = "the file that it names cannot be read"
        ssh_only, minisign_only = replace(locked, minisign_key=""), replace(locked, ssh_key="")
        mistakes = [
            (Settings(minisign_key="/nowhere/key"), f"{minisign}: {unread}: No such"),
            (Settings(ssh_key=str(tmp_path)), f"{ssh}: {unread}: Is a directory"),
            (Settings(minisign_key=str(keys.minisign_public)), f"{minisign}: .* no secret key of minisign"),
            (Settings(ssh_key=str(keys.ssh_public)), f"{ssh}: .* no private key of OpenSSH"),
            (Settings(minisign_key=str(keys.ssh)), f"{minisign}: .* no secret key of minisign"),
            (Settings(ssh_key=str(keys.minisign)), f"{ssh}: .* no private key of OpenSSH"),
            (Settings(ssh_key=str(ecdsa)), "Ed25519, the only one .*ssh-keygen -t ed25519"),
            (Settings(minisign_key=str(damaged)), "the secret key is damaged"),
            (Settings(ssh_key=str(cut)), "its file is damaged"),
            (replace(ssh_only, ssh_passphrase=""), "needs a passphrase and none is set"),
            (
                replace(ssh_only, ssh_passphrase=f"{PASSPHRASE}!"),
                "PHRASE: the passphrase does not open the key",
            ),
            (
                replace(minisign_only, minisign_password=f"{PASSPHRASE}!"),
                "WORD: the password does not open the key",
            ),
            (Settings(ssh_key=private), f"{ssh}: .* not the key$"),
            (Settings(minisign_key=key), f"{minisign}: .* not the key$"),
        ]
        for settings, message in mistakes:
            with pytest.raises(SettingsError, match=message) as caught:
                load_signers(settings)
            assert caught.value.where, message
            assert caught.value.remedy, message
            shown = "".join(traceback.format_exception(caught.value)) + repr(caught.value) + repr(settings)
            secrets = (PASSPHRASE, *private.split("\n")[1:-2], key)
            assert not [secret for secret in secrets if secret in shown], message

    def test_nothing_that_a_signer_shows_of_itself_is_secret(self, keys: Keys) -> None:
        for signer in keys.signers:
            assert repr(signer) == f"{type(signer).__name__}(public={signer.public!r})"
        assert asdict(keys.signers[0].public).keys() == {"kind", "id", "encoded"}


class TestPins:
    def test_public_keys_are_read_as_their_programs_write_them(self, keys: Keys) -> None:
        for signer, file in zip(keys.signers, (keys.minisign_public, keys.ssh_public), strict=True):
            assert read_keys(file.read_bytes(), "x") == (signer.public,)

    def test_a_list_of_allowed_signers_may_hold_several_and_comments(self, keys: Keys, tmp_path: Path) -> None:
        more = both_keys(tmp_path)
        lines = ["# who signs", "", f"gongbao {keys.ssh_public.read_text('utf-8')}"]
        lines += [f'a@b,c namespaces="gongbao",valid-after="20260101" {more.ssh_public.read_text("utf-8")}']
        found = read_keys("\n".join(lines).encode(), "x")
        assert found == (keys.signers[1].public, more.signers[1].public)

    def test_what_holds_no_key_is_an_error_that_names_the_file(self, keys: Keys) -> None:
        public = keys.minisign_public.read_bytes()
        secrets = (keys.minisign.read_bytes(), keys.ssh.read_bytes())
        for data in (*secrets, b"", b"\xff\xfe", b"# nobody\n", public[:-20], public.splitlines()[0]):
            with pytest.raises(UsageError, match=r"^trusted\.pub: no public key; give a \.pub of minisign"):
                read_keys(data, "trusted.pub")


def test_a_manifest_that_names_others_than_those_who_sign_is_not_signed(keys: Keys) -> None:
    (unsigned,), (signed,) = chain(()), chain(signer_names(keys.signers))
    assert signatures((), unsigned) == {}
    assert set(signatures(keys.signers, signed)) == {"SHA256SUMS.minisig", "SHA256SUMS.sshsig"}
    for signers, files in ((keys.signers, unsigned), ((), signed), (keys.signers[:1], signed)):
        with pytest.raises(UsageError, match="other keys than those that sign"):
            signatures(signers, files)


KEY, NAMESPACE, RAW = bytes(range(32)), b"gongbao", bytes(range(64))
FILE = encode(SshSignature(key=KEY, namespace=NAMESPACE, signature=RAW))


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=300), st.binary(max_size=200))
def test_what_is_written_reads_back(key: bytes, namespace: bytes, signature: bytes) -> None:
    parts = SshSignature(key=key, namespace=namespace, signature=signature)
    assert decode(encode(parts)) == parts


@given(st.integers(min_value=0, max_value=len(FILE) * 8 - 1))
def test_no_flipped_bit_reads_as_the_same_signature(bit: int) -> None:
    data = bytearray(FILE)
    data[bit // 8] ^= 1 << bit % 8
    try:
        found = decode(bytes(data))
    except UsageError:
        return
    assert found != decode(FILE)


@given(st.binary(max_size=400))
def test_whatever_else_is_read_is_an_error_and_no_crash(data: bytes) -> None:
    for one in (data, FILE[:-1] + data + b"x", b"-----BEGIN SSH SIGNATURE-----\n" + base64.b64encode(data)):
        with pytest.raises(UsageError, match="OpenSSH"):
            decode(one)


def test_a_file_that_is_cut_short_is_refused() -> None:
    for cut in range(0, len(FILE), 7):
        with pytest.raises(UsageError, match="OpenSSH"):
            decode(FILE[:cut])


def test_a_key_of_another_type_is_refused() -> None:
    assert raw_key(key_blob(KEY)) == KEY
    for blob in (b"", KEY, key_blob(KEY).replace(b"ed25519", b"ed25518"), key_blob(KEY)[:-1], key_blob(KEY) + b"x"):
        with pytest.raises(UsageError, match="no Ed25519 key"):
            raw_key(blob)


def test_what_is_signed_depends_on_namespace_and_message() -> None:
    assert len({signed_bytes(space, text) for space in (b"gongbao", b"file") for text in (b"a", b"b")}) == 4
    head = b"SSHSIG\x00\x00\x00\x07gongbao\x00\x00\x00\x00\x00\x00\x00\x06sha512"
    assert signed_bytes(b"gongbao", b"a").startswith(head)


class TestAgainstSshKeygen:
    def test_it_signs_with_the_very_same_bytes(self, tmp_path: Path) -> None:
        private, _ = ssh_key(tmp_path, "key")
        for message in (b"", b"one line\n", b"\x00\xff" * 5000):
            theirs = run("ssh-keygen", "-Y", "sign", "-n", "gongbao", "-f", private, given=message)
            assert theirs.returncode == 0, theirs.stderr
            assert load(private.read_bytes(), "").sign(SignedPayload(sums=message, comment="")) == theirs.stdout

    def test_it_reads_what_ssh_keygen_signs_in_another_namespace(self, tmp_path: Path) -> None:
        private, public = ssh_key(tmp_path, "key")
        theirs = run("ssh-keygen", "-Y", "sign", "-n", "file", "-f", private, given=b"x")
        found = decode(theirs.stdout)
        assert found.namespace == b"file"
        assert key_blob(found.key) == base64.b64decode(public.read_text("utf-8").split()[1])

    def test_the_fingerprint_is_the_one_that_ssh_keygen_prints(self, tmp_path: Path) -> None:
        _, public = ssh_key(tmp_path, "key")
        printed = run("ssh-keygen", "-l", "-f", public).stdout.decode()
        assert printed.split()[1] == read_public(public.read_text("utf-8")).id
