"""What the memory needs of whoever keeps the data keys: open a box to seal and open in, and forget for good."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol

REGISTER = "register"
"""Owner of what is sealed in the register of standing, keys and stops."""

ACCOUNTING = "accounting"
"""Owner of the accounting rows: they outlive the submissions they account for (6103(p)(3)(A))."""


class Box(Protocol):
    """One owner's data key in hand, for one transaction or one reading."""

    def seal(self, context: bytes, clear: bytes) -> bytes:
        """Encrypt for one place (``context``)."""
        ...

    def open(self, context: bytes, sealed: bytes) -> bytes:
        """Decrypt. Raises StoreError if the bytes or their place were changed."""
        ...


class Vault(Protocol):
    """Data keys by owner; an owner is a submission, or one of the two above."""

    def new_key(self, owner: str) -> None:
        """Make the owner's key durable; an owner who has one keeps it. Raises StoreError."""
        ...

    def opened(self, owner: str) -> AbstractContextManager[Box]:
        """Read the owner's key, anew each time, for the length of a ``with``. Raises StoreError if there is none, or none any more."""
        ...

    def erase(self, owner: str) -> None:
        """Forget the owner's key: all sealed for it is unreadable from then on."""
        ...
