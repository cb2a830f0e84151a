"""Data keys in files, each wrapped under the home's wrapping key: what is sealed for an owner is unreadable once the owner's file is gone."""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from lawgate.adapters.durable import exclusive, make_folder, settle, write_together
from lawgate.adapters.wrapping_keys import KEY_SIZE, WrappingKey, WrappingKeys
from lawgate.domain.errors import KeyStoreError, SettingsError, StoreError

NONCE_SIZE = 12
WRAPPED_SIZE = NONCE_SIZE + KEY_SIZE + 16
REWRAPPED_TOGETHER = 100
LOCK = ".lock"
OWNER_FORM = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,63}")


class KeyBox:
    """One owner's data key: sealed bytes are a random 12-byte nonce and AES-256-GCM under it, with the context as aad."""

    def __init__(self, key: bytes, random_bytes: Callable[[int], bytes]) -> None:
        self._aead = AESGCM(key)
        self._random = random_bytes

    def seal(self, context: bytes, clear: bytes) -> bytes:
        """Encrypt for one context."""
        nonce = self._random(NONCE_SIZE)
        return nonce + self._aead.encrypt(nonce, clear, context)

    def open(self, context: bytes, sealed: bytes) -> bytes:
        """Decrypt. Raises StoreError if the bytes or their context were changed."""
        try:
            return self._aead.decrypt(sealed[:NONCE_SIZE], sealed[NONCE_SIZE:], context)
        except (InvalidTag, ValueError):
            raise StoreError("what was sealed here was changed, or belongs elsewhere") from None


class KeyVault:
    """One 32-byte data key per owner, wrapped with AES-256-GCM (aad: the owner) in one file readable by this user only.

    Whoever writes or erases a key file holds the folder's lock, so that no key is wrapped under a key that is about to be destroyed,
    and none that was erased comes back. Every method raises KeyStoreError while the wrapping key cannot be used.
    """

    def __init__(self, folder: Path, wrapping: WrappingKeys, random_bytes: Callable[[int], bytes]) -> None:
        self._folder = folder
        self._wrapping = wrapping
        self._random = random_bytes
        self._settled: set[str] = set()

    def new_key(self, owner: str) -> None:
        """Make the owner's key durable; an owner who has one keeps it. Raises StoreError."""
        path = self._path(owner)
        if owner in self._settled and path.exists():
            return
        try:
            make_folder(self._folder)
            if not path.exists():
                with self._alone():
                    self._write_new(path, self._wrap(owner, self._random(KEY_SIZE)))
            # Also where another process wrote it just now: our caller may commit rows that need this name to last.
            settle(self._folder)
        except OSError as error:
            raise StoreError(f"a data key cannot be written: {type(error).__name__}") from None
        self._unwrapped(owner)
        self._settled.add(owner)

    @contextmanager
    def opened(self, owner: str) -> Iterator[KeyBox]:
        """Read and unwrap the owner's key for the length of a ``with``. Raises StoreError if it is gone or was changed.

        Each time anew: a key that another process erased must not live on in this one longer than one transaction.
        """
        yield KeyBox(self._unwrapped(owner), self._random)

    def salts(self, owner: str) -> Callable[[str], bytes]:
        """Return a function from label to a 32-byte salt that nobody without the owner's key can compute, and nobody at all
        once it is erased: HMAC-SHA256 under that key. Raises StoreError if the owner has no key."""
        key = self._unwrapped(owner)
        return lambda label: hmac.digest(key, b"lawgate/salt/v1\0" + label.encode(), "sha256")

    def erase(self, owner: str) -> None:
        """Forget the owner's key; again, or for an owner without one, changes nothing. Raises StoreError if the file resists.

        The wrapped bytes are overwritten before the name goes. A file system or a backup may keep older blocks: whoever holds
        those needs the wrapping key too, so a home that must be sure also changes that.
        """
        path = self._path(owner)
        self._settled.discard(owner)
        if not path.exists():
            return
        try:
            with self._alone():
                with path.open("r+b") as file:
                    # A crash after this leaves a file that unwraps to nothing: erased already, and erase can be repeated.
                    file.write(bytes(WRAPPED_SIZE))
                    file.flush()
                    os.fsync(file.fileno())
                path.unlink()
                settle(self._folder)
        except FileNotFoundError:
            return
        except OSError as error:
            raise StoreError(f"a data key cannot be erased: {type(error).__name__}") from None

    def rotate(self) -> int:
        """Wrap every data key under a new wrapping key, destroy the old one, and return how many keys were wrapped anew just now.

        A crash anywhere leaves every data key under one of the two, and the next call goes on. Raises StoreError if a file resists.
        """
        make_folder(self._folder)
        with self._alone():
            # From here on every new data key is wrapped under the new one.
            self._wrapping.renew()
        owners = sorted(path.stem for path in self._folder.glob("*.key"))
        done = 0
        for first in range(0, len(owners), REWRAPPED_TOGETHER):
            with self._alone():
                done += self._rewrap(owners[first : first + REWRAPPED_TOGETHER])
        if left := [owner for owner in owners if self._waits(owner)]:
            raise StoreError(f"{len(left)} data keys still need the old wrapping key, which stays; try again")
        with self._alone():
            self._wrapping.retire()
        return done

    def _rewrap(self, owners: list[str]) -> int:
        anew = []
        for owner in owners:
            if self._waits(owner):
                path = self._path(owner)
                anew.append((path, self._wrap(owner, self._unwrapped(owner))))
        try:
            # A crash in between leaves each file wrapped under the old key or under the new one.
            write_together(anew)
        except OSError as error:
            raise StoreError(f"a data key cannot be written: {type(error).__name__}") from None
        return len(anew)

    def _waits(self, owner: str) -> bool:
        """Say whether the owner's key is wrapped under an older wrapping key: not under the newest, and not erased."""
        try:
            wrapped = self._path(owner).read_bytes()
        except FileNotFoundError:
            return False
        newest, *older = self._wrapping.newest_first()
        return _opened(newest, owner, wrapped) is None and any(_opened(key, owner, wrapped) for key in older)

    def _path(self, owner: str) -> Path:
        if OWNER_FORM.fullmatch(owner) is None:
            raise StoreError("this cannot be the owner of a data key")
        return self._folder / f"{owner}.key"

    def _alone(self) -> AbstractContextManager[None]:
        return exclusive(self._folder / LOCK)

    def _unwrapped(self, owner: str) -> bytes:
        """Read and unwrap the owner's key."""
        path, before = self._path(owner), None
        while True:
            try:
                wrapped = path.read_bytes()
            except OSError:
                raise StoreError("the data key is not there: it was never made, or was erased") from None
            try:
                for wrapping in self._wrapping.newest_first():
                    if key := _opened(wrapping, owner, wrapped):
                        return key
            except KeyStoreError:
                if wrapped == before:
                    raise
            if wrapped == before:
                raise StoreError("a data key was changed, erased halfway, or wrapped by another home")
            # Once more, and only that file's bytes count: another process may just have wrapped it anew, and destroyed the old key.
            before = wrapped

    def _wrap(self, owner: str, key: bytes) -> bytes:
        nonce = self._random(NONCE_SIZE)
        return nonce + self._wrapping.newest_first()[0].encrypt(nonce, key, _wrapping_context(owner))

    def _write_new(self, path: Path, wrapped: bytes) -> None:
        """Write a key file whole or not at all, and never over another: the first of two processes wins."""
        descriptor, name = tempfile.mkstemp(prefix=".", suffix=".tmp", dir=self._folder)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(wrapped)
                file.flush()
                os.fsync(file.fileno())
            # A crash before the link leaves a temporary file that nobody reads; one after it leaves a key that nothing is sealed
            # with yet, and that the next try for this owner takes up.
            with suppress(FileExistsError):
                os.link(name, path)
        finally:
            Path(name).unlink()


def fingerprint(secret: bytes) -> Callable[[str, str], str]:
    """Return the keyed fingerprint of this home: HMAC-SHA256 (hex) over the kind, a zero byte and the text (UTF-8).

    Raises SettingsError for a secret shorter than 32 bytes.
    """
    if len(secret) < KEY_SIZE:
        raise SettingsError(f"the secret for fingerprints must be at least {KEY_SIZE} bytes")

    def of(kind: str, text: str) -> str:
        return hmac.new(
            secret, kind.encode() + b"\0" + text.encode("utf-8", "surrogatepass"), hashlib.sha256
        ).hexdigest()

    return of


def marks(secret: bytes) -> Callable[[str, str], bytes]:
    """Return the first 128 bits of this home's keyed fingerprints, for where they come by the million. Raises as ``fingerprint`` does."""
    fingerprint(secret)
    # HMAC as RFC 2104 §2 has it, from two begun hashes: ``hmac`` begins anew each time, which takes three times as long.
    block = (secret if len(secret) <= 64 else hashlib.sha256(secret).digest()).ljust(64, b"\0")
    inner, outer = (hashlib.sha256(bytes(byte ^ pad for byte in block)) for pad in (0x36, 0x5C))

    def of(kind: str, text: str) -> bytes:
        one, two = inner.copy(), outer.copy()
        one.update(f"{kind}\0{text}".encode("utf-8", "surrogatepass"))
        two.update(one.digest())
        return two.digest()[:16]

    return of


def _opened(wrapping: WrappingKey, owner: str, wrapped: bytes) -> bytes | None:
    if len(wrapped) != WRAPPED_SIZE:
        return None
    try:
        return wrapping.decrypt(wrapped[:NONCE_SIZE], wrapped[NONCE_SIZE:], _wrapping_context(owner))
    except InvalidTag:
        return None


def _wrapping_context(owner: str) -> bytes:
    return b"lawgate/data-key/v1\0" + owner.encode()
