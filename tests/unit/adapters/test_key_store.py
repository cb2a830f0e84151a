"""The vault, with its wrapping key in a file and in a token: nothing opens without its own key, in its own place, unchanged; an erased
key is gone; and when the wrapping key is renewed nothing is lost, wherever that is cut short."""

from __future__ import annotations

import hashlib
import hmac
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import softhsm
from lawgate.adapters import durable
from lawgate.adapters.key_store import LOCK, KeyVault, fingerprint, marks
from lawgate.adapters.wrapping_keys import WrappingKeys
from lawgate.domain.errors import KeyStoreError, SettingsError, StoreError

KEK = bytes(range(32))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "keys"


@pytest.fixture(params=["file", "token"])
def wrapping(
    request: pytest.FixtureRequest, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> WrappingKeys:
    token = None
    if request.param == "token":
        token = softhsm.token_of_this_process(tmp_path_factory).open
        opened = token()
        token = lambda: opened  # noqa: E731  # one login, as wiring has it
    made = WrappingKeys(tmp_path / "wrapping", token, os.urandom)
    made.begin()
    return made


@pytest.fixture
def vault(folder: Path, wrapping: WrappingKeys) -> KeyVault:
    made = KeyVault(folder, wrapping, os.urandom)
    made.new_key("owner-1")
    return made


def in_file(folder: Path) -> WrappingKeys:
    made = WrappingKeys(folder / "another-wrapping", None, os.urandom)
    made.begin()
    return made


def key_files(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir() if p.name != LOCK)


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


def test_another_vault_with_the_same_wrapping_key_opens_it_and_no_other(
    vault: KeyVault, folder: Path, wrapping: WrappingKeys
) -> None:
    sealed = seal(vault, "owner-1", b"place", b"clear")
    assert open_in(KeyVault(folder, wrapping, os.urandom), "owner-1", b"place", sealed) == b"clear"
    with pytest.raises(StoreError):
        open_in(KeyVault(folder, in_file(folder.parent), os.urandom), "owner-1", b"place", sealed)


def test_a_second_new_key_keeps_the_first(vault: KeyVault, folder: Path, wrapping: WrappingKeys) -> None:
    sealed = seal(vault, "owner-1", b"place", b"clear")
    before = (folder / "owner-1.key").read_bytes()
    vault.new_key("owner-1")
    KeyVault(folder, wrapping, os.urandom).new_key("owner-1")
    assert (folder / "owner-1.key").read_bytes() == before
    assert open_in(vault, "owner-1", b"place", sealed) == b"clear"


def test_of_many_at_once_one_makes_the_key(folder: Path, wrapping: WrappingKeys) -> None:
    vaults = [KeyVault(folder, wrapping, os.urandom) for _ in range(16)]

    def make_and_seal(vault: KeyVault) -> bytes:
        vault.new_key("owner-1")
        return seal(vault, "owner-1", b"place", b"clear")

    with ThreadPoolExecutor(16) as pool:
        sealed = list(pool.map(make_and_seal, vaults))
    assert {open_in(vaults[0], "owner-1", b"place", s) for s in sealed} == {b"clear"}
    assert key_files(folder) == ["owner-1.key"]


def test_key_files_are_for_their_owner_only_and_hold_no_key_in_clear(
    folder: Path, wrapping: WrappingKeys
) -> None:
    drawn: list[bytes] = []

    def noting(count: int) -> bytes:
        drawn.append(os.urandom(count))
        return drawn[-1]

    KeyVault(folder, wrapping, noting).new_key("owner-1")
    path = folder / "owner-1.key"
    assert path.stat().st_mode & 0o777 == 0o600
    (key,) = (d for d in drawn if len(d) == 32)
    assert key not in path.read_bytes()


def test_an_erased_key_is_gone_for_every_process(
    vault: KeyVault, folder: Path, wrapping: WrappingKeys
) -> None:
    other = KeyVault(folder, wrapping, os.urandom)
    sealed = seal(vault, "owner-1", b"place", b"clear")
    assert open_in(other, "owner-1", b"place", sealed) == b"clear"
    vault.erase("owner-1")
    vault.erase("owner-1")
    assert key_files(folder) == []
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


def test_a_changed_or_swapped_key_file_is_refused(
    vault: KeyVault, folder: Path, wrapping: WrappingKeys
) -> None:
    vault.new_key("owner-2")
    (folder / "owner-1.key").write_bytes((folder / "owner-2.key").read_bytes())
    (folder / "owner-3.key").write_bytes(b"")
    fresh = KeyVault(folder, wrapping, os.urandom)
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
        KeyVault(tmp_path / "keys", in_file(tmp_path), os.urandom).new_key("owner-1")


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"\n",
        bytes(32),
        b"file 00\n",
        b"file " + b"g" * 64 + b"\n",
        b"token x\n",
        b"token x one\n",
        b"other x 1\n",
    ],
)
def test_a_damaged_file_of_wrapping_keys_is_refused(tmp_path: Path, text: bytes) -> None:
    (tmp_path / "wrapping").write_bytes(text)
    with pytest.raises(SettingsError):
        WrappingKeys(tmp_path / "wrapping", None, os.urandom).newest_first()


def test_a_home_whose_key_is_in_a_token_does_not_open_without_it(tmp_path: Path) -> None:
    (tmp_path / "wrapping").write_text("token lawgate-1 1\n")
    with pytest.raises(SettingsError, match=r"\[keys\]"):
        WrappingKeys(tmp_path / "wrapping", None, os.urandom).newest_first()


# -- renewing the wrapping key -------------------------------------------------------------------------------------------


def test_rotation_wraps_every_key_anew_and_destroys_the_old_wrapping_key(
    vault: KeyVault, folder: Path, wrapping: WrappingKeys
) -> None:
    vault.new_key("owner-2")
    sealed = {owner: seal(vault, owner, b"place", b"clear") for owner in ("owner-1", "owner-2")}
    before = {path.name: path.read_bytes() for path in folder.glob("*.key")}
    (old,) = wrapping.newest_first()
    assert vault.rotate() == 2
    (new,) = wrapping.newest_first()
    assert {open_in(vault, owner, b"place", one) for owner, one in sealed.items()} == {b"clear"}
    assert all((folder / name).read_bytes() != raw for name, raw in before.items())
    # A backup of the wrapped keys opens nothing any more.
    for name, raw in before.items():
        (folder / name).write_bytes(raw)
        with pytest.raises(StoreError):
            open_in(vault, name.removesuffix(".key"), b"place", sealed[name.removesuffix(".key")])
    assert old is not new


def test_an_erased_key_does_not_come_back_by_rotation_or_from_a_backup(vault: KeyVault, folder: Path) -> None:
    vault.new_key("owner-2")
    kept = (folder / "owner-1.key").read_bytes()
    sealed = seal(vault, "owner-1", b"place", b"clear")
    vault.erase("owner-1")
    (folder / "owner-3.key").write_bytes(bytes(60))  # erased halfway
    assert vault.rotate() == 1
    assert key_files(folder) == ["owner-2.key", "owner-3.key"]
    (folder / "owner-1.key").write_bytes(kept)
    with pytest.raises(StoreError):
        open_in(vault, "owner-1", b"place", sealed)


class KilledError(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_rotation_killed_at_any_durable_write_loses_nothing_and_is_gone_on_with(
    vault: KeyVault, folder: Path, wrapping: WrappingKeys, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    """The durable writes are: the new key in the file of wrapping keys, each data key, and the file without the old key."""
    owners = ["owner-1", *(f"more-{n}" for n in range(5))]
    for owner in owners:
        vault.new_key(owner)
    sealed = {owner: seal(vault, owner, b"place", owner.encode()) for owner in owners}
    replace, killed_at = os.replace, 0

    def kill(at: int) -> None:
        count = 0

        def counted(source: object, target: object) -> None:
            nonlocal count
            count += 1
            if count == at and when == "before":
                raise KilledError
            replace(source, target)  # type: ignore[arg-type]
            if count == at:
                raise KilledError

        monkeypatch.setattr(durable.os, "replace", counted)

    while True:
        killed_at += 1
        kill(killed_at)
        try:
            vault.rotate()
        except KilledError:
            monkeypatch.setattr(durable.os, "replace", replace)
            for owner, one in sealed.items():
                assert open_in(vault, owner, b"place", one) == owner.encode()
            vault.new_key("meanwhile")
            made = seal(vault, "meanwhile", b"place", b"clear")
            vault.rotate()
            assert len(wrapping.newest_first()) == 1
            assert {open_in(vault, o, b"place", s) for o, s in sealed.items()} == {o.encode() for o in sealed}
            assert open_in(vault, "meanwhile", b"place", made) == b"clear"
            vault.erase("meanwhile")
        else:
            break
    # Every write of a rotation of so many keys was a place to be killed at.
    assert killed_at > len(owners) + 2
    assert not list(folder.parent.glob(".*.tmp"))


def test_keys_made_and_erased_while_the_wrapping_key_is_renewed_are_not_lost_and_do_not_come_back(
    vault: KeyVault, folder: Path, wrapping: WrappingKeys
) -> None:
    for n in range(40):
        vault.new_key(f"old-{n}")
    sealed: dict[str, bytes] = {}

    def make(n: int) -> None:
        other = KeyVault(folder, wrapping, os.urandom)
        other.new_key(f"new-{n}")
        sealed[f"new-{n}"] = seal(other, f"new-{n}", b"place", b"clear")
        other.erase(f"old-{n}")

    with ThreadPoolExecutor(4) as pool:
        rotations = [pool.submit(vault.rotate) for _ in range(2)]
        for done in [pool.submit(make, n) for n in range(30)]:
            done.result()
        for rotation in rotations:
            rotation.result()
    vault.rotate()
    assert {open_in(vault, owner, b"place", one) for owner, one in sealed.items()} == {b"clear"}
    assert not [n for n in range(30) if (folder / f"old-{n}.key").exists()]


def test_a_vault_moves_from_a_file_into_a_token(
    tmp_path: Path, folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    begun = WrappingKeys(tmp_path / "wrapping", None, os.urandom)
    begun.begin()
    vault = KeyVault(folder, begun, os.urandom)
    vault.new_key("owner-1")
    sealed = seal(vault, "owner-1", b"place", b"clear")
    token = softhsm.token_of_this_process(tmp_path_factory).open()
    moved = WrappingKeys(tmp_path / "wrapping", lambda: token, os.urandom)
    assert (moved.where, moved.wanted) == ("file", "token")
    assert KeyVault(folder, moved, os.urandom).rotate() == 1
    assert moved.where == "token"
    assert (tmp_path / "wrapping").read_text().startswith("token lawgate-")
    assert open_in(KeyVault(folder, moved, os.urandom), "owner-1", b"place", sealed) == b"clear"
    with pytest.raises(SettingsError):
        open_in(vault, "owner-1", b"place", sealed)


def test_a_wrapping_key_that_is_not_in_the_token_is_named(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    token = softhsm.token_of_this_process(tmp_path_factory).open()
    wrapping = WrappingKeys(tmp_path / "wrapping", lambda: token, os.urandom)
    wrapping.begin()
    name = (tmp_path / "wrapping").read_text().split()[1]
    token.destroy(name, 1)
    with pytest.raises(KeyStoreError, match=name):
        wrapping.newest_first()[0].encrypt(bytes(12), b"", b"")


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
    vault = KeyVault(tmp_path / "keys", in_file(tmp_path), os.urandom)
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


@given(st.binary(min_size=32, max_size=130), st.text(), st.text())
def test_a_mark_is_the_first_half_of_the_fingerprint(secret: bytes, kind: str, text: str) -> None:
    assert marks(secret)(kind, text).hex() == fingerprint(secret)(kind, text)[:32]
