"""A witness of its own, for any number of logs: one folder with its keys and, for each log it was told of, the last head it saw.

The folder belongs to the witness's operator and to no gateway. ``trust`` is the only way a log gets in.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

from lawgate.adapters.durable import exclusive, make_folder, write_atomic
from lawgate.adapters.key_files import load_key, load_ml_dsa_key, new_key
from lawgate.adapters.local_witness import LocalWitness, begin_witness
from lawgate.domain.errors import LedgerError, SettingsError
from lawgate.evidence.key_check import is_signing_key
from lawgate.ledger.note import ED25519, Signer, VerifierKey, parse_vkey
from lawgate.ledger.spelling import check_name
from lawgate.ledger.witness import MALFORMED, UNKNOWN_LOG, Seen, WitnessReply, origin_of

_NAME, _KEY, _ML_DSA = "name", "ed25519.pem", "ml-dsa-44.pem"
_LOGS, _LOG = "logs", "log.vkey"


def begin_desk(folder: Path, name: str, ed25519: Ed25519PrivateKey, ml_dsa: MLDSA44PrivateKey | None) -> None:
    """Make a witness's folder with its keys. Raises SettingsError if it has keys already, or the name cannot be one."""
    try:
        check_name(name)
    except LedgerError as fault:
        raise SettingsError(str(fault)) from None
    make_folder(folder / _LOGS)
    # Keys first: a folder with keys and no name opens for nobody, and is begun again under another path.
    new_key(folder / _KEY, ed25519)
    if ml_dsa is not None:
        new_key(folder / _ML_DSA, ml_dsa)
    write_atomic(folder / _NAME, f"{name}\n".encode(), 0o644)


class WitnessDesk:
    """An opened witness's folder. Its state is on disk alone: several processes and threads may answer at once."""

    def __init__(self, folder: Path) -> None:
        try:
            name = (folder / _NAME).read_text("utf-8").removesuffix("\n")
        except OSError:
            raise SettingsError(f"{folder} is no witness's folder; `lawgate witness new` makes one") from None
        self._folder = folder
        self._signers = [Signer(name, load_key(folder / _KEY))]
        if (folder / _ML_DSA).exists():
            self._signers.append(Signer(name, load_ml_dsa_key(folder / _ML_DSA)))

    @property
    def vkeys(self) -> tuple[VerifierKey, ...]:
        """Its keys as policies name them: Ed25519 first, then ML-DSA-44 if it has one."""
        return tuple(signer.witness_key for signer in self._signers)

    def trust(self, vkey: str) -> str:
        """Watch a log from now on, from the empty tree; again changes nothing. Returns its origin.

        Raises SettingsError if it is no log's key, or the origin is watched under another key.
        """
        try:
            log = parse_vkey(vkey)
        except LedgerError as fault:
            raise SettingsError(str(fault)) from None
        if log.algorithm != ED25519 or not is_signing_key(log.public):
            raise SettingsError("a log's key is an Ed25519 key for notes, in the prime-order group")
        place = self._place(log.name)
        make_folder(place)
        with exclusive(self._folder / "lock"):
            if (place / _LOG).exists() and (place / _LOG).read_text("utf-8") != f"{log}\n":
                raise SettingsError(
                    "this origin is watched under another key; a log that changes its key changes its origin"
                )
            # The memory before the key: a log is answered only once both are there.
            begin_witness(place)
            write_atomic(place / _LOG, f"{log}\n".encode(), 0o644)
        return log.name

    def logs(self) -> dict[str, Seen]:
        """Return every log watched, by origin, with the last head seen."""
        found = {}
        for path in sorted((self._folder / _LOGS).glob(f"*/{_LOG}")):
            log = parse_vkey(path.read_text("utf-8").removesuffix("\n"))
            found[log.name] = self._witness(log).last_seen()
        return found

    def add_checkpoint(self, body: str, now: datetime) -> WitnessReply:
        """Answer an add-checkpoint body for whichever log it is of. Raises LedgerError if that log's memory is lost."""
        try:
            origin = origin_of(body)
        except LedgerError:
            return WitnessReply(MALFORMED)
        try:
            log = parse_vkey((self._place(origin) / _LOG).read_text("utf-8").removesuffix("\n"))
        except FileNotFoundError:
            return WitnessReply(UNKNOWN_LOG)
        return self._witness(log).add_checkpoint(body, now)

    def _witness(self, log: VerifierKey) -> LocalWitness:
        return LocalWitness(self._place(log.name), self._signers[0], log, *self._signers[1:])

    def _place(self, origin: str) -> Path:
        # An origin may hold anything; a digest is a file's name everywhere.
        return self._folder / _LOGS / hashlib.sha256(origin.encode()).hexdigest()
