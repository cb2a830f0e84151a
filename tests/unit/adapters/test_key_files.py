"""A private key is in a file of its owner alone, is never overwritten, and loads only as what it was written as."""

from __future__ import annotations

import stat
from pathlib import Path

import pyrage
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from lawgate.adapters.key_files import load_age_identity, load_key, new_age_identity, new_key
from lawgate.domain.errors import SettingsError

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


def raw(key: Ed25519PrivateKey) -> bytes:
    return key.private_bytes_raw()


def put(path: Path, content: bytes, mode: int = 0o600) -> Path:
    path.write_bytes(content)
    path.chmod(mode)
    return path


def test_a_written_key_loads_back_the_same_and_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "official.pem"
    new_key(path, KEY)
    assert raw(load_key(path)) == raw(KEY)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_bytes().startswith(b"-----BEGIN PRIVATE KEY-----")


def test_a_key_under_a_passphrase_opens_with_it_alone(tmp_path: Path) -> None:
    path = tmp_path / "official.pem"
    new_key(path, KEY, b"a passphrase")
    assert path.read_bytes().startswith(b"-----BEGIN ENCRYPTED PRIVATE KEY-----")
    assert raw(load_key(path, b"a passphrase")) == raw(KEY)
    for wrong in (b"another", None):
        with pytest.raises(SettingsError) as caught:
            load_key(path, wrong)
        assert "another" not in str(caught.value)
    new_key(tmp_path / "plain.pem", KEY)
    with pytest.raises(SettingsError):
        load_key(tmp_path / "plain.pem", b"a passphrase")


def test_no_key_is_ever_overwritten(tmp_path: Path) -> None:
    path = put(tmp_path / "k", b"something")
    (tmp_path / "link").symlink_to(tmp_path / "target")
    for place in (path, tmp_path / "link", tmp_path / "no-folder" / "k"):
        with pytest.raises(SettingsError):
            new_key(place, KEY)
        with pytest.raises(SettingsError):
            new_age_identity(place)
    assert path.read_bytes() == b"something"
    assert not (tmp_path / "target").exists()


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o610, 0o601, 0o777])
def test_a_key_open_to_others_is_not_loaded(mode: int, tmp_path: Path) -> None:
    new_key(tmp_path / "k", KEY)
    new_age_identity(tmp_path / "a")
    (tmp_path / "k").chmod(mode)
    (tmp_path / "a").chmod(mode)
    with pytest.raises(SettingsError, match="0600"):
        load_key(tmp_path / "k")
    with pytest.raises(SettingsError, match="0600"):
        load_age_identity(tmp_path / "a")


def test_what_is_no_ed25519_key_is_not_loaded(tmp_path: Path) -> None:
    other = X25519PrivateKey.from_private_bytes(bytes(32))
    pem = other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    new_key(tmp_path / "whole", KEY)
    half = (tmp_path / "whole").read_bytes()[:60]
    (tmp_path / "folder").mkdir(mode=0o700)
    for path in (
        put(tmp_path / "x", pem), put(tmp_path / "half", half), put(tmp_path / "empty", b""), tmp_path / "none", tmp_path / "folder",
    ):  # fmt: skip
        with pytest.raises(SettingsError) as caught:
            load_key(path)
        assert str(tmp_path) not in str(caught.value)


def test_an_age_identity_loads_back_and_opens_what_its_recipient_was_sent(tmp_path: Path) -> None:
    path = tmp_path / "officer.age"
    recipient = new_age_identity(path)
    assert recipient.startswith("age1")
    assert path.read_text().startswith(f"# public key: {recipient}\nAGE-SECRET-KEY-1")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    sealed = pyrage.encrypt(b"an answer", [pyrage.x25519.Recipient.from_str(recipient)])  # type: ignore[attr-defined]
    assert pyrage.decrypt(sealed, [load_age_identity(path)]) == b"an answer"  # type: ignore[attr-defined]


def test_what_is_not_exactly_one_age_identity_is_not_loaded(tmp_path: Path) -> None:
    new_age_identity(tmp_path / "one")
    one = (tmp_path / "one").read_bytes()
    for name, content in (
        ("two", one + one),
        ("none", b"# nothing\n"),
        ("broken", one[:-3]),
        ("bytes", b"\xff"),
    ):
        with pytest.raises(SettingsError, match="exactly one age identity"):
            load_age_identity(put(tmp_path / name, content))
    with pytest.raises(SettingsError):
        load_age_identity(tmp_path / "missing")
