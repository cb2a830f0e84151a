"""What the memory needs of whoever keeps the data keys: seal, open, and forget for good."""

from __future__ import annotations

from typing import Protocol

REGISTER = "register"
"""Owner of what is sealed in the register of standing, keys and stops."""

ACCOUNTING = "accounting"
"""Owner of the accounting rows: they outlive the submissions they account for (6103(p)(3)(A))."""


class Vault(Protocol):
    """Data keys by owner; an owner is a submission, or one of the two above."""

    def new_key(self, owner: str) -> None:
        """Make the owner's key durable; an owner who has one keeps it. Raises StoreError."""
        ...

    def seal(self, owner: str, context: bytes, clear: bytes) -> bytes:
        """Encrypt for one place (``context``). Raises StoreError if the owner has no key."""
        ...

    def open(self, owner: str, context: bytes, sealed: bytes) -> bytes:
        """Decrypt. Raises StoreError if the key is gone, or the bytes or their place were changed."""
        ...

    def erase(self, owner: str) -> None:
        """Forget the owner's key: all sealed for it is unreadable from then on."""
        ...
