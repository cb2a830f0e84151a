"""The simulated officers of the reconstruction: a signing key and an age identity for each, kept in one file of the rehearsal's folder."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

# A compiled module without type stubs: its names are there, but type checkers cannot see them.
from pyrage import x25519  # type: ignore[attr-defined]

from lawgate.adapters.durable import write_atomic
from lawgate.adapters.key_files import new_key
from lawgate.rehearsal.exchange_figures import LINES_OF_AN_OFFICER


@dataclass(frozen=True, slots=True)
class Officer:
    """One simulated officer: ``private`` and ``public`` are Ed25519 in hex, ``identity`` and ``recipient`` age's own texts."""

    person: str
    private: str
    public: str
    identity: str
    recipient: str

    def key(self) -> Ed25519PrivateKey:
        """Return the signing key."""
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(self.private))


def officers_for(lines: int) -> int:
    """Return how many officers a file of that many lines has."""
    return -(-lines // LINES_OF_AN_OFFICER)


def officer_of(ordinal: int) -> int:
    """Return the place of the officer who is engaged in the line of that ordinal (from 1)."""
    return (ordinal - 1) // LINES_OF_AN_OFFICER


def demo_officers(path: Path, count: int) -> tuple[Officer, ...]:
    """Read the officers' keys, or make them the first time; a crash leaves no file or the whole one."""
    if not path.exists():
        lines = [json.dumps(asdict(_new(n))) for n in range(1, count + 1)]
        write_atomic(path, "\n".join(lines).encode())
    return tuple(Officer(**json.loads(line)) for line in path.read_text(encoding="ascii").splitlines())


def key_files(folder: Path, officer: Officer) -> tuple[Path, Path]:
    """Write one officer's key and identity as the files that ``lawgate-verify`` takes, and return both paths."""
    key, identity = folder / f"demo-{officer.person}.pem", folder / f"demo-{officer.person}.age"
    folder.mkdir(mode=0o700, exist_ok=True)
    if not key.exists():
        new_key(key, officer.key())
    if not identity.exists():
        write_atomic(identity, f"# public key: {officer.recipient}\n{officer.identity}\n".encode("ascii"))
    return key, identity


def _new(number: int) -> Officer:
    private = Ed25519PrivateKey.from_private_bytes(os.urandom(32))
    identity = x25519.Identity.generate()
    return Officer(
        person=f"simulated-officer-{number:05d}",
        private=private.private_bytes_raw().hex(),
        public=private.public_key().public_bytes_raw().hex(),
        identity=str(identity),
        recipient=str(identity.to_public()),
    )
