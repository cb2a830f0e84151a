"""Values of the domain sealed for one owner and one place in the tables, and opened from there only."""

from __future__ import annotations

from typing import TypeVar

from lawgate.store.codec import decode, encode
from lawgate.store.vault import Box, Vault

T = TypeVar("T")


def place(*parts: str | int) -> bytes:
    """Name the place of a sealed column: a sealed value moved to another row or column does not open."""
    return "\0".join(("lawgate/store/v1", *map(str, parts))).encode()


def seal(box: Box, where: bytes, value: object) -> bytes:
    """Seal a value of the domain for one place. Raises StoreError for a type the domain does not use."""
    return box.seal(where, encode(value))


def unseal(box: Box, where: bytes, kind: type[T], sealed: bytes | memoryview[int]) -> T:
    """Read back what ``seal`` wrote of a ``kind``. Raises StoreError if it was changed, or belongs elsewhere."""
    return decode(kind, box.open(where, bytes(sealed)))


class Sealed:
    """A part of the memory that holds the vault."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
