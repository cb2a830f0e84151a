"""The vault: nothing opens without its own key, in its own place, unchanged; an erased key is gone."""

from __future__ import annotations

import hashlib
import hmac
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lawgate.adapters.key_store import KeyVault, fingerprint
from lawgate.domain.errors import SettingsError, StoreError

KEK = bytes(range(32))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "keys"


@pytest.fixture
def vault(folder: Path) -> KeyVault:
    made = KeyVault(folder, KEK, os.urandom)
    made.new_key("owner-1")
    return made


def seal(vault: KeyVault, owner: str, context: bytes, clear: bytes) -> bytes:
    with vault.opened(owner) as box:
        return box.seal(context, clear)


def open_in(vault: KeyVault, owner: str, context: bytes, sealed: bytes) -> bytes:
    with vault.opened(owner) as box:
        return box.open(context, sealed)


def test_what_is_sealed_opens_in_its_place_only(vault: KeyVault) -> None:
    vault.new_key("owner-2")
    sealed = seal(vault, "owner-1", b"place", b"clear")
    assert b"clear" not in sealed
    assert open_in(vault, "owner-1", b"place", sealed) == b"clear"
    for owner, context in (("owner-1", b"elsewhere"), ("owner-2", b"place")):
        with pytest.raises(StoreError):
            open_in(vault, owner, context, sealed)


def test_sealing_twice_gives_different_bytes(vault: KeyVault) -> None:
    assert seal(vault, "owner-1", b"place", b"clear") != seal(vault, "owner-1", b"place", b"clear")


def test_any_flipped_bit_is_found(vault: KeyVault) -> None:
    sealed = seal(vault, "owner-1", b"place", b"clear text")
    for bit in range(len(sealed) * 8):
        flipped = bytearray(sealed)
        flipped[bit // 8] ^= 1 << bit % 8
        with pytest.raises(StoreError):
            open_in(vault, "owner-1", b"place", bytes(flipped))
    for length in range(len(sealed)):
        with pytest.raises(StoreError):
            open_in(vault, "owner-1", b"place", sealed[:length])


def test_another_process_with_the_same_wrapping_key_opens_it(vault: KeyVault, folder: Path) -> None:
    sealed = seal(vault, "owner-1", b"place", b"clear")
    assert open_in(KeyVault(folder, KEK, os.urandom), "owner-1", b"place", sealed) == b"clear"
    with pytest.raises(StoreError):
        open_in(KeyVault(folder, bytes(32), os.urandom), "owner-1", b"place", sealed)


def test_a_second_new_key_keeps_the_first(vault: KeyVault, folder: Path) -> None:
    sealed = seal(vault, "owner-1", b"place", b"clear")
    before = (folder / "owner-1.key").read_bytes()
    vault.new_key("owner-1")
    KeyVault(folder, KEK, os.urandom).new_key("owner-1")
    assert (folder / "owner-1.key").read_bytes() == before
    assert open_in(vault, "owner-1", b"place", sealed) == b"clear"


def test_of_many_at_once_one_makes_the_key(folder: Path) -> None:
    vaults = [KeyVault(folder, KEK, os.urandom) for _ in range(16)]

    def make_and_seal(vault: KeyVault) -> bytes:
        vault.new_key("owner-1")
        return seal(vault, "owner-1", b"place", b"clear")

    with ThreadPoolExecutor(16) as pool:
        sealed = list(pool.map(make_and_seal, vaults))
    assert {open_in(vaults[0], "owner-1", b"place", s) for s in sealed} == {b"clear"}
    assert [p.name for p in folder.iterdir()] == ["owner-1.key"]


def test_key_files_are_for_their_owner_only_and_hold_no_key_in_clear(folder: Path) -> None:
    drawn: list[bytes] = []

    def noting(count: int) -> bytes:
        drawn.append(os.urandom(count))
        return drawn[-1]

    KeyVault(folder, KEK, noting).new_key("owner-1")
    path = folder / "owner-1.key"
    assert path.stat().st_mode & 0o777 == 0o600
    (key,) = (d for d in drawn if len(d) == 32)
    assert key not in path.read_bytes()


def test_an_erased_key_is_gone_for_every_process(vault: KeyVault, folder: Path) -> None:
    other = KeyVault(folder, KEK, os.urandom)
    sealed = seal(vault, "owner-1", b"place", b"clear")
    assert open_in(other, "owner-1", b"place", sealed) == b"clear"
    vault.erase("owner-1")
    vault.erase("owner-1")
    assert list(folder.iterdir()) == []
    for each in (vault, other):
        with pytest.raises(StoreError):
            open_in(each, "owner-1", b"place", sealed)
        with pytest.raises(StoreError):
            seal(each, "owner-1", b"place", b"clear")
    vault.new_key("owner-1")
    with pytest.raises(StoreError):
        open_in(other, "owner-1", b"place", sealed)


def test_an_owner_without_a_key_cannot_seal_or_open(vault: KeyVault) -> None:
    with pytest.raises(StoreError):
        seal(vault, "nobody", b"place", b"clear")
    with pytest.raises(StoreError):
        open_in(vault, "nobody", b"place", bytes(40))


def test_a_changed_or_swapped_key_file_is_refused(vault: KeyVault, folder: Path) -> None:
    vault.new_key("owner-2")
    (folder / "owner-1.key").write_bytes((folder / "owner-2.key").read_bytes())
    (folder / "owner-3.key").write_bytes(b"")
    fresh = KeyVault(folder, KEK, os.urandom)
    for owner in ("owner-1", "owner-3"):
        with pytest.raises(StoreError):
            seal(fresh, owner, b"place", b"clear")
        with pytest.raises(StoreError):
            fresh.new_key(owner)


@pytest.mark.parametrize("owner", ["", "../x", "a/b", ".hidden", "a.b", "a" * 65, "x\0", "é"])
def test_what_cannot_be_an_owner_is_refused(vault: KeyVault, owner: str) -> None:
    with pytest.raises(StoreError):
        vault.new_key(owner)


def test_a_folder_that_cannot_be_written_is_reported(tmp_path: Path) -> None:
    (tmp_path / "keys").write_bytes(b"a file, not a folder")
    with pytest.raises(StoreError):
        KeyVault(tmp_path / "keys", KEK, os.urandom).new_key("owner-1")


@pytest.mark.parametrize("size", [0, 16, 31, 33])
def test_a_wrapping_key_of_another_size_is_refused(folder: Path, size: int) -> None:
    with pytest.raises(SettingsError):
        KeyVault(folder, bytes(size), os.urandom)


def test_a_fingerprint_is_the_hmac_of_kind_and_text() -> None:
    of = fingerprint(KEK)
    assert of("line", "text") == hmac.new(KEK, b"line\0text", hashlib.sha256).hexdigest()
    with pytest.raises(SettingsError):
        fingerprint(KEK[:31])


@given(st.text(st.characters()), st.text(st.characters()))
def test_fingerprints_agree_exactly_where_the_texts_do(one: str, other: str) -> None:
    of, elsewhere = fingerprint(KEK), fingerprint(bytes(32))
    assert (of("line", one) == of("line", other)) == (one == other)
    assert of("line", one) != of("address", one)
    assert of("line", one) != elsewhere("line", one)


def test_salts_differ_by_owner_and_label_and_die_with_the_key(tmp_path: Path) -> None:
    """docs/adr/0005: erasing a submission's key leaves its line commitments as noise."""
    vault = KeyVault(tmp_path, bytes(32), os.urandom)
    for owner in ("first", "second"):
        vault.new_key(owner)
    salt = vault.salts("first")
    made = {salt("0/1"), salt("0/2"), salt("1/1"), vault.salts("second")("0/1")}
    assert len(made) == 4
    assert {len(one) for one in made} == {32}
    assert vault.salts("first")("0/1") == salt("0/1")
    vault.erase("first")
    with pytest.raises(StoreError):
        vault.salts("first")
