"""The signature format of OpenSSH, held against ssh-keygen itself."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.signed import run, ssh_key

from publish.signing.model import SignedPayload
from publish.signing.ssh import load, read_public
from publish.signing.sshsig import SshSignature, decode, encode, key_blob, raw_key, signed_bytes
from schemas.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

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
