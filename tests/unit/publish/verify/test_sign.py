"""Who signs by the settings: keys of the real tools, and mistakes that are told without telling the secret."""

from __future__ import annotations

import traceback
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

import pytest
from support.signed import PASSPHRASE, Keys, both_keys, chain, made, minisign_key, run, ssh_key

from infra.settings import Settings
from publish.signing.model import SignedPayload
from publish.signing.schemes import SCHEMES, load_signers, read_keys, signatures, signer_names
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
    def test_without_keys_nobody_signs(self) -> None:
        assert load_signers(Settings()) == ()

    def test_each_key_is_optional(self, keys: Keys) -> None:
        one, other = keys.signers
        assert signer_names(load_signers(replace(keys.settings, ssh_key=""))) == (one.public.name,)
        assert signer_names(load_signers(replace(keys.settings, minisign_key=""))) == (other.public.name,)

    def test_a_key_of_minisign_is_called_what_minisign_calls_it(self, keys: Keys) -> None:
        (_, name), text = signer_names(keys.signers)[0].split(":"), keys.minisign_public.read_text("utf-8")
        assert text.startswith(f"untrusted comment: minisign public key {name}\n")

    def test_minisign_itself_signs_with_the_very_same_bytes(self, keys: Keys, tmp_path: Path) -> None:
        (signer, _) = keys.signers
        (tmp_path / "SHA256SUMS").write_bytes(STATEMENT.sums)
        hint = f"check with keys/minisign-{signer.public.id}.pub"
        command = ["-S", "-s", keys.minisign, "-m", tmp_path / "SHA256SUMS", "-c", hint, "-t", STATEMENT.comment]
        made("minisign", *command)
        assert (tmp_path / "SHA256SUMS.minisig").read_bytes() == signer.sign(STATEMENT)

    def test_keys_with_a_password_sign_like_any_other(self, locked: Settings) -> None:
        for signer in load_signers(locked):
            assert faults(signer, STATEMENT, signer.sign(STATEMENT)) == ""

    def test_a_password_that_no_key_needs_is_left_aside(self, keys: Keys) -> None:
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

    def test_minisign_tells_the_release_that_a_signature_belongs_to(self, keys: Keys) -> None:
        (signer, _) = keys.signers
        other = replace(STATEMENT, comment="gongbao torch 2026.11.24.1 previous:none")
        assert "another release: gongbao torch 2026.11.24.1" in faults(signer, STATEMENT, signer.sign(other))

    def test_a_signature_of_ssh_for_another_purpose_is_refused(self, keys: Keys) -> None:
        mail = run("ssh-keygen", "-Y", "sign", "-n", "file", "-f", keys.ssh, given=STATEMENT.sums).stdout
        assert faults(keys.signers[1], STATEMENT, mail) == "The signature was made for another purpose."


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
            (replace(ssh_only, ssh_passphrase=f"{PASSPHRASE}!"), "SSH_PASSPHRASE: the passphrase does not open the key"),
            (replace(minisign_only, minisign_password=f"{PASSPHRASE}!"), "PASSWORD: the password does not open the key"),
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
