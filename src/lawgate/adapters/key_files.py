"""Keeps private keys in files that only their owner can read: Ed25519 signing keys (PKCS #8 PEM) and age identities (X25519)."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

# A compiled module without type stubs: its names are there, but type checkers cannot see them.
from pyrage import IdentityError, x25519  # type: ignore[attr-defined]

from lawgate.adapters.durable import settle
from lawgate.domain.errors import SettingsError

_MAX_BYTES = 16 * 1024
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def new_key(
    path: Path, private: Ed25519PrivateKey | MLDSA44PrivateKey, passphrase: bytes | None = None
) -> None:
    """Write a signing key to a new file, encrypted if a passphrase is given. Raises SettingsError if the file exists."""
    encryption = NoEncryption() if passphrase is None else BestAvailableEncryption(passphrase)
    _write_new(path, private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption))


def load_key(path: Path, passphrase: bytes | None = None) -> Ed25519PrivateKey:
    """Read a signing key. Raises SettingsError if others can read the file, or it is no Ed25519 key that this passphrase opens."""
    private = _load(path, passphrase)
    if not isinstance(private, Ed25519PrivateKey):
        raise SettingsError("the key file holds a key of another kind than Ed25519")
    return private


def load_ml_dsa_key(path: Path) -> MLDSA44PrivateKey:
    """Read a witness's ML-DSA-44 key. Raises SettingsError as ``load_key`` does."""
    private = _load(path, None)
    if not isinstance(private, MLDSA44PrivateKey):
        raise SettingsError("the key file holds a key of another kind than ML-DSA-44")
    return private


def new_sealer_key(path: Path, private: X25519PrivateKey) -> None:
    """Write the sealer's key to a new file. Raises SettingsError if the file exists."""
    _write_new(path, private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


def load_sealer_key(path: Path) -> X25519PrivateKey:
    """Read the sealer's key. Raises SettingsError if others can read the file, or it is no X25519 key."""
    private = _load(path, None)
    if not isinstance(private, X25519PrivateKey):
        raise SettingsError("the key file holds a key of another kind than X25519")
    return private


def _load(path: Path, passphrase: bytes | None) -> object:
    try:
        return load_pem_private_key(_read_private(path), passphrase)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise SettingsError("the key file is not a PEM private key that opens with what was given") from None


def new_age_identity(path: Path) -> str:
    """Make an age identity, write it to a new file and return its public recipient string. Raises SettingsError if the file exists."""
    identity = x25519.Identity.generate()
    recipient = str(identity.to_public())
    _write_new(path, f"# public key: {recipient}\n{identity}\n".encode("ascii"))
    return recipient


def load_age_identity(path: Path) -> x25519.Identity:
    """Read the one age identity of a file. Raises SettingsError if others can read the file, or it does not hold exactly one."""
    try:
        text = _read_private(path).decode("ascii")
        (secret,) = [line for line in text.splitlines() if line and not line.startswith("#")]
        return x25519.Identity.from_str(secret)
    except (ValueError, IdentityError):
        raise SettingsError("the file does not hold exactly one age identity") from None


def _write_new(path: Path, raw: bytes) -> None:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    except FileExistsError:
        raise SettingsError("the key file exists already; no key is ever overwritten") from None
    except OSError:
        raise SettingsError("the key file cannot be made there") from None
    # A crash from here to the end leaves a file that does not load. Its key was never used: delete it and make another.
    with os.fdopen(descriptor, "wb") as file:
        file.write(raw)
        file.flush()
        os.fsync(file.fileno())
    settle(path.parent)


def _read_private(path: Path) -> bytes:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        raise SettingsError("the key file is not there or cannot be read") from None
    mode = os.fstat(descriptor).st_mode
    if not stat.S_ISREG(mode) or mode & _OTHERS:
        os.close(descriptor)
        raise SettingsError("the key file is no plain file of its owner alone; set its mode to 0600")
    with os.fdopen(descriptor, "rb") as file:
        return file.read(_MAX_BYTES)
