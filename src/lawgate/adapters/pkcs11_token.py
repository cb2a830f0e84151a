"""AES keys that are made in a PKCS #11 token and never leave it: data goes in, and comes back encrypted or decrypted.

One login for each process; a process that was forked logs in for itself. A session that the token has forgotten is opened anew, once.
A PIN that the token refused is not tried again until its file changes, and none is tried when the next wrong one would lock the token.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

import pkcs11
from cryptography.exceptions import InvalidTag
from pkcs11 import Attribute, GCMParams, KeyType, Mechanism, MechanismFlag, ObjectClass, PKCS11Error

from lawgate.domain.errors import KeyStoreError, SettingsError

T = TypeVar("T")
KEY_BITS = 256
NONCE_BITS = 96
TAG_BITS = 128
CREDENTIALS = "CREDENTIALS_DIRECTORY"
"""Where systemd lays a unit's credentials; only the unit's user reaches them there, whatever their mode says."""
_PIN_BYTES = 256
_MADE_IN_THE_TOKEN = {
    Attribute.SENSITIVE: True,
    Attribute.ALWAYS_SENSITIVE: True,
    Attribute.EXTRACTABLE: False,
    Attribute.NEVER_EXTRACTABLE: True,
    Attribute.LOCAL: True,
}


class Token:
    """The token with a label, behind a PKCS #11 module. Threads take turns. Every method raises KeyStoreError while it cannot be used."""

    def __init__(self, module: Path, label: str, pin_file: Path) -> None:
        self._module = module
        self._label = label
        self._pin_file = pin_file
        self._lock = Lock()
        self._session: pkcs11.Session | None = None
        self._handles: dict[tuple[str, int], Any] = {}
        self._refused: bytes | None = None
        self._forked = False
        os.register_at_fork(after_in_child=self._begin_in_child)

    def make(self, name: str, number: int) -> None:
        """Make the key of that name and number in the token, where it is not there yet."""

        def make(session: pkcs11.Session) -> None:
            if self._find(session, name, number) is None:
                session.generate_key(
                    KeyType.AES,
                    KEY_BITS,
                    label=name,
                    id=_id_of(number),
                    store=True,
                    capabilities=MechanismFlag.ENCRYPT | MechanismFlag.DECRYPT,
                    template={
                        Attribute.PRIVATE: True,
                        Attribute.SENSITIVE: True,
                        Attribute.EXTRACTABLE: False,
                        Attribute.WRAP: False,
                        Attribute.UNWRAP: False,
                    },
                )

        self._with_session(make)

    def destroy(self, name: str, number: int) -> None:
        """Destroy a key in the token; one that is not there needs nothing."""

        def destroy(session: pkcs11.Session) -> None:
            self._handles.pop((name, number), None)
            found = self._find(session, name, number)
            if found is not None:
                found.destroy()

        self._with_session(destroy)

    def key(self, name: str, number: int) -> TokenKey:
        """Return the key of that name and number, which is looked for when it is used."""
        return TokenKey(self, name, number)

    def encrypt(self, name: str, number: int, nonce: bytes, clear: bytes, beside: bytes) -> bytes:
        """Encrypt with AES-GCM; the tag stands at the end."""

        def encrypt(session: pkcs11.Session) -> bytes:
            return _encrypt(self._handle(session, name, number), nonce, clear, beside)

        return self._with_session(encrypt)

    def decrypt(self, name: str, number: int, nonce: bytes, sealed: bytes, beside: bytes) -> bytes:
        """Decrypt. Raises InvalidTag if the bytes are not what this key encrypted."""

        def decrypt(session: pkcs11.Session) -> bytes:
            key = self._handle(session, name, number)
            try:
                return bytes(_gcm(key.decrypt, nonce, sealed, beside))
            except PKCS11Error:
                # Tokens say no more of a wrong tag than of a fault of their own. One that still encrypts has no fault.
                _encrypt(key, session.generate_random(NONCE_BITS), b"", b"")
                raise InvalidTag from None

        return self._with_session(decrypt)

    def _with_session(self, step: Callable[[pkcs11.Session], T]) -> T:
        """Do one thing in the token; where it fails, once more in a new session, because a token that was started again forgets all."""
        with self._lock:
            if self._session is not None:
                try:
                    return step(self._session)
                except PKCS11Error:
                    self._forget()
            try:
                self._session = self._login()
                return step(self._session)
            except PKCS11Error as fault:
                self._forget()
                raise KeyStoreError(
                    f"the token “{self._label}” cannot be used ({type(fault).__name__})"
                ) from None

    def _login(self) -> pkcs11.Session:
        try:
            library = pkcs11.lib(str(self._module))
        except PKCS11Error:
            raise SettingsError("[keys] module cannot be loaded; it names a PKCS #11 library") from None
        if self._forked:
            # PKCS #11 v2.40 §5.4: a child process begins anew, whatever its parent did.
            library.reinitialize()
            self._forked = False
        pin = _pin_in(self._pin_file)
        if pin == self._refused:
            raise KeyStoreError(
                "the token refused the PIN in this file; it is tried again when the file changes"
            )
        token = library.get_token(token_label=self._label)
        if pkcs11.TokenFlag.USER_PIN_FINAL_TRY in token.flags:
            raise KeyStoreError(
                "one more wrong PIN would lock the token; none is tried until one was right elsewhere"
            )
        try:
            return token.open(rw=True, user_pin=pin.decode("utf-8"))
        except pkcs11.UserAlreadyLoggedIn:
            return token.open(rw=True)
        except (pkcs11.PinIncorrect, pkcs11.PinInvalid, pkcs11.PinLenRange):
            self._refused = pin
            raise KeyStoreError("the token refuses the PIN in the file that [keys] names") from None
        except pkcs11.PinLocked:
            raise KeyStoreError("the token's PIN is locked; its security officer unlocks it") from None

    def _handle(self, session: pkcs11.Session, name: str, number: int) -> Any:
        if (name, number) not in self._handles:
            found = self._find(session, name, number)
            if found is None:
                raise KeyStoreError(f"the wrapping key {name} ({number}) is not in the token “{self._label}”")
            if any(found[attribute] != value for attribute, value in _MADE_IN_THE_TOKEN.items()):
                raise KeyStoreError(
                    f"the wrapping key {name} ({number}) was not made in the token, or can leave it"
                )
            self._handles[name, number] = found
        return self._handles[name, number]

    # The library makes a key's class when it finds the key, by what the key may do; there is no type for it.
    def _find(self, session: pkcs11.Session, name: str, number: int) -> Any:
        wanted = {
            Attribute.CLASS: ObjectClass.SECRET_KEY,
            Attribute.LABEL: name,
            Attribute.ID: _id_of(number),
        }
        found = list(session.get_objects(wanted))
        if len(found) > 1:
            raise KeyStoreError(f"the token holds more than one wrapping key {name} ({number})")
        return found[0] if found else None

    def _forget(self) -> None:
        session, self._session = self._session, None
        self._handles.clear()
        if session is not None:
            try:
                session.close()
            except PKCS11Error:
                return  # the token knows nothing of it any more

    def _begin_in_child(self) -> None:
        self._lock = Lock()
        self._session = None
        self._handles = {}
        self._forked = True


class TokenKey:
    """One key in a token, with the two methods of ``cryptography``'s AESGCM."""

    def __init__(self, token: Token, name: str, number: int) -> None:
        self._token = token
        self._which = name, number

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes:
        """Encrypt in the token. Raises KeyStoreError."""
        return self._token.encrypt(*self._which, nonce, data, associated_data)

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes:
        """Decrypt in the token. Raises InvalidTag, KeyStoreError."""
        return self._token.decrypt(*self._which, nonce, data, associated_data)


def pin_place(named: str, home: Path) -> Path:
    """Return where a PIN file lies: a credential that systemd passes to this unit, else below the home unless the path is whole."""
    credentials = os.environ.get(CREDENTIALS)
    if credentials and (Path(credentials) / named).is_file():
        return Path(credentials) / named
    return home / named


def _pin_in(path: Path) -> bytes:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        raise KeyStoreError("the PIN file that [keys] names is not there or cannot be read") from None
    with os.fdopen(descriptor, "rb") as file:
        mode = os.fstat(descriptor).st_mode
        shared = stat.S_IRWXG | stat.S_IRWXO
        if not stat.S_ISREG(mode) or (mode & shared and str(path.parent) != os.environ.get(CREDENTIALS)):
            raise SettingsError("the PIN file is no plain file of its owner alone; set its mode to 0600")
        pin = file.read(_PIN_BYTES).strip(b"\r\n")
    try:
        pin.decode("utf-8")
    except UnicodeDecodeError:
        raise SettingsError("the PIN file does not hold one line of text") from None
    return pin


def _encrypt(key: Any, nonce: bytes, clear: bytes, beside: bytes) -> bytes:
    return bytes(_gcm(key.encrypt, nonce, clear, beside))


def _gcm(way: Callable[..., bytes], nonce: bytes, data: bytes, beside: bytes) -> bytes:
    return way(data, mechanism=Mechanism.AES_GCM, mechanism_param=GCMParams(nonce, beside, TAG_BITS))


def _id_of(number: int) -> bytes:
    return number.to_bytes(4, "big")
