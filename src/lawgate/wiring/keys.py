"""The keys of a home and of its people: wrapping keys, vaults, and the secrets that come of them."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lawgate.adapters.durable import make_folder
from lawgate.adapters.key_files import new_age_identity, new_key
from lawgate.adapters.key_store import KeyVault
from lawgate.adapters.wrapping_keys import WrappingKeys
from lawgate.domain.errors import SettingsError
from lawgate.domain.steps import SubmissionId
from lawgate.settings import KeySettings, load_settings
from lawgate.wiring.files import SETTINGS_FILE, SUBJECTS, SUBJECTS_WRAPPING, WRAPPING

if TYPE_CHECKING:
    from lawgate.adapters.pkcs11_token import Token

HOME_OWNER = "home"
"""Whose data key the home's own secrets come of: those of fingerprints, of the index of records, and of the service."""
SECRET_BYTES = 32


def new_person_key(path: Path, receive: Path | None) -> tuple[str, str | None]:
    """Make a person's signing key file and, if asked, an age identity; return public key (hex) and age recipient."""
    private = Ed25519PrivateKey.generate()
    new_key(path, private)
    recipient = None if receive is None else new_age_identity(receive)
    return private.public_key().public_bytes_raw().hex(), recipient


def new_nonce() -> str:
    """Return 32 random hex digits, for a cover request."""
    return os.urandom(16).hex()


def vault_of(home: Path) -> KeyVault:
    """Return the vault of the data keys of submissions, and of the home itself."""
    return KeyVault(home / "vault", wrapping_of(home, WRAPPING), os.urandom)


def _subjects(home: Path) -> KeyVault:
    """Subjects' keys lie in a vault of their own, under a wrapping key of its own, so that another desk can keep them."""
    return KeyVault(home / SUBJECTS / "keys", wrapping_of(home, SUBJECTS_WRAPPING), os.urandom)


def wrapping_of(home: Path, file: Path) -> WrappingKeys:
    """Return the wrapping keys that a file names: they lie in it, or in the token of the settings."""
    keys = load_settings(home / SETTINGS_FILE).keys
    return WrappingKeys(home / file, None if keys is None else partial(_token, home, keys), os.urandom)


def _token(home: Path, keys: KeySettings) -> Token:
    """Return this process's one login to the token."""
    from lawgate.adapters.pkcs11_token import Token, pin_place  # a home without a token never loads it

    which = Path(keys.module), keys.token, pin_place(keys.pin_file, home)
    with _one_at_a_time:
        if which not in _tokens:
            _tokens[which] = Token(*which)
        return _tokens[which]


_tokens: dict[tuple[Path, str, Path], Token] = {}
_one_at_a_time = Lock()


def rotate_keys(home: Path) -> int:
    """Wrap all data keys of a home under new wrapping keys, made where its settings say, destroy the old ones, and return how many were
    wrapped anew. A call that was cut short is gone on with. Raises KeyStoreError, StoreError."""
    if not (home / SETTINGS_FILE).is_file():
        raise SettingsError(f"{home} is not a home")
    vaults = [vault_of(home)]
    if (home / SUBJECTS_WRAPPING).exists():
        vaults.append(_subjects(home))
    return sum(vault.rotate() for vault in vaults)


def require_wrapping_key(home: Path) -> None:
    """Look whether data keys open, and the wrapping key is where the settings say. Raises KeyStoreError, SettingsError, StoreError."""
    wrapping = wrapping_of(home, WRAPPING)
    home_secret(home, "fingerprint")
    if wrapping.where != wrapping.wanted:
        raise SettingsError("the wrapping key is not where the settings say; `lawgate vault rotate` moves it")


def home_secret(home: Path, name: str) -> bytes:
    """Return one of the home's own 32-byte secrets, which come of a data key like any other. Raises StoreError, KeyStoreError."""
    return vault_of(home).salts(HOME_OWNER)(name)


def subject_keys_of(home: Path) -> Callable[[str], bytes]:
    """Return what finds the 32-byte key of a subject, and makes it at the first need."""

    def key_of(subject: str) -> bytes:
        vault = _subjects(home)
        if not (home / SUBJECTS_WRAPPING).exists():
            make_folder(home / SUBJECTS)
            wrapping_of(home, SUBJECTS_WRAPPING).begin()
        vault.new_key(subject)
        return vault.salts(subject)("subject")

    return key_of


def line_salts_of(vault: KeyVault) -> Callable[[SubmissionId], Callable[[str], bytes]]:
    """Return what derives the salts of a submission from its data key, and makes that at the first need."""

    def salts(submission: SubmissionId) -> Callable[[str], bytes]:
        vault.new_key(submission)
        return vault.salts(submission)

    return salts
