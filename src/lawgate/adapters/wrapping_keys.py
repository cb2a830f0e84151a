"""Which key wraps the data keys: in a file that only its owner reads, or in a token; and the old one beside the new while one takes over.

The file has one line for each wrapping key, the newest first: ``file`` and 64 hex digits, or ``token``, the key's name in the token and
its number. More than one line means that data keys are being wrapped anew.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from lawgate.adapters.durable import write_atomic
from lawgate.domain.errors import SettingsError, StoreError

if TYPE_CHECKING:
    # A home without a token never loads what talks to one.
    from lawgate.adapters.pkcs11_token import Token

KEY_SIZE = 32
_NAME_BYTES = 8


class WrappingKey(Protocol):
    """AES-256-GCM with the tag at the end, wherever it is computed: what ``cryptography``'s AESGCM is, and a key in a token too."""

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes:
        """Encrypt."""
        ...

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes:
        """Decrypt. Raises InvalidTag if anything of it was changed, KeyStoreError while the key cannot be used."""
        ...


class WrappingKeys:
    """The wrapping keys that one file names; new ones are made in ``token`` if there is one, else in the file."""

    def __init__(
        self, file: Path, token: Callable[[], Token] | None, random_bytes: Callable[[int], bytes]
    ) -> None:
        self._file = file
        self._token = token
        self._random = random_bytes

    def begin(self) -> None:
        """Make the first wrapping key. A crash before the file is whole may leave a key in the token that no file names: it wrapped nothing."""
        write_atomic(self._file, f"{self._new(None)}\n".encode("ascii"))

    def newest_first(self) -> list[WrappingKey]:
        """Return the keys, the newest first, as the file names them now. Raises SettingsError if it is damaged."""
        return [self._key(line) for line in self._lines()]

    def renew(self) -> None:
        """Make a new wrapping key, unless one is taking over already."""
        lines = self._lines()
        if len(lines) == 1:
            # A crash before this is written may leave a key in the token; the next call takes it up.
            self._write([self._new(lines[0]), *lines])

    def retire(self) -> None:
        """Destroy every wrapping key but the newest. The caller has seen that nothing needs them any more."""
        newest, *older = self._lines()
        for line in older:
            kind, *named = line.split()
            if kind == "token":
                # A crash after this: the file still names it, and the next call finds nothing to destroy.
                self._in_token().destroy(named[0], int(named[1]))
        old = os.open(self._file, os.O_RDWR | os.O_CLOEXEC)
        try:
            self._write([newest])
            # The bytes that the name stood for until now. Blocks that the file system wrote elsewhere are beyond us.
            os.pwrite(old, bytes(os.fstat(old).st_size), 0)
            os.fsync(old)
        finally:
            os.close(old)

    @property
    def where(self) -> str:
        """``file`` or ``token``: where the newest key is."""
        return self._lines()[0].split()[0]

    @property
    def wanted(self) -> str:
        """``file`` or ``token``: where a new key would be."""
        return "token" if self._token else "file"

    def _new(self, before: str | None) -> str:
        if self._token is None:
            return f"file {self._random(KEY_SIZE).hex()}"
        kind, *named = before.split() if before else ("", "")
        name = named[0] if kind == "token" else f"lawgate-{self._random(_NAME_BYTES).hex()}"
        number = int(named[1]) + 1 if kind == "token" else 1
        self._token().make(name, number)
        return f"token {name} {number}"

    def _key(self, line: str) -> WrappingKey:
        kind, *named = line.split()
        return (
            AESGCM(bytes.fromhex(named[0]))
            if kind == "file"
            else self._in_token().key(named[0], int(named[1]))
        )

    def _in_token(self) -> Token:
        if self._token is None:
            raise SettingsError(
                "data keys of this home are wrapped in a token; [keys] of its settings names none"
            )
        return self._token()

    def _lines(self) -> list[str]:
        try:
            lines = self._file.read_text("ascii").splitlines()
        except (OSError, UnicodeDecodeError):
            raise SettingsError("the file that names the wrapping key is not there or damaged") from None
        if not lines or not all(map(_is_one, lines)):
            raise SettingsError("the file that names the wrapping key is damaged")
        return lines

    def _write(self, lines: Sequence[str]) -> None:
        try:
            write_atomic(self._file, "".join(f"{line}\n" for line in lines).encode("ascii"))
        except OSError as error:
            raise StoreError(f"the wrapping key cannot be written: {type(error).__name__}") from None


def _is_one(line: str) -> bool:
    kind, *named = line.split() or [""]
    if kind == "file":
        return len(named) == 1 and len(named[0]) == 2 * KEY_SIZE and set(named[0]) <= set("0123456789abcdef")
    return kind == "token" and len(named) == 2 and named[1].isdecimal()
