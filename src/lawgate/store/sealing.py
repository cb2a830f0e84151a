"""Values of the domain sealed for one owner and one place in the tables, and opened from there only."""

from __future__ import annotations

from typing import TypeVar

from lawgate.store.codec import Path, decode, encode
from lawgate.store.vault import Vault

T = TypeVar("T")


def place(*parts: str | int) -> bytes:
    """Name the place of a sealed column: a sealed value moved to another row or column does not open."""
    return "\0".join(("lawgate/store/v1", *map(str, parts))).encode()


class Sealed:
    """A part of the memory that holds the vault."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def _seal(self, owner: str, where: bytes, value: object, less: Path = ()) -> bytes:
        return self._vault.seal(owner, where, encode(value, less))

    def _raw(self, owner: str, where: bytes, sealed: bytes | memoryview[int]) -> bytes:
        return self._vault.open(owner, where, bytes(sealed))

    def _open(self, kind: type[T], owner: str, where: bytes, sealed: bytes | memoryview[int]) -> T:
        return decode(kind, self._raw(owner, where, sealed))
