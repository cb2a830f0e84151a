"""The edge to pyrage (age v1): typed here once, because its compiled module says nothing about types."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import pyrage

from lawgate_verifier.refused import Refused, demand


class Identity(Protocol):
    """A secret age identity."""

    def to_public(self) -> object:
        """Give the recipient it opens for; its ``str`` is ``age1…``."""
        ...


def read_identities(raw: bytes) -> list[Identity]:
    """Read an age identity file: one X25519 identity a line, ``#`` comments. Raises Refused."""
    try:
        lines = [line.strip() for line in raw.decode("utf-8").splitlines()]
        wanted = [line for line in lines if line and not line.startswith("#")]
        found: list[Identity] = [pyrage.x25519.Identity.from_str(line) for line in wanted]  # type: ignore[attr-defined]
    except (UnicodeDecodeError, pyrage.IdentityError):  # type: ignore[attr-defined]
        raise Refused(0, "The identity file holds something that is not an age X25519 identity.") from None
    demand(bool(found), "The identity file holds no identity.")
    return found


def decrypt(raw: bytes, identities: Sequence[Identity]) -> bytes:
    """Decrypt an age file. Raises Refused, showing nothing of it."""
    try:
        clear: bytes = pyrage.decrypt(raw, list(identities))  # type: ignore[attr-defined]
    except pyrage.DecryptError:  # type: ignore[attr-defined]
        raise Refused(0, "A sealed file does not decrypt with the officer's identity.") from None
    return clear
