"""Step 8: a logged answer sealed to its engaged officer, or nothing; the only place that makes Package.

Two hold an answer against its entry, each in its own process (docs/adr/0037). The gateway rebuilds the entry from what it kept, with the entry's own
commitments, which it cannot open (``require_leaf``). The sealer opens every commitment with what was enclosed for it, and seals just that (``seal``).
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from functools import lru_cache

import pyrage

from lawgate.disclosure.answer import (
    COMMITTED,
    OPENINGS_BYTES,
    PAYLOAD_BYTES,
    AnswerTerms,
    leaf,
    padded,
    recipient_of,
)
from lawgate.domain.errors import LedgerError, NotPermittedError
from lawgate.domain.kept import LoggedAnswer, Slot
from lawgate.domain.leaving import Sealed
from lawgate.domain.receipt import Receipt
from lawgate.domain.standing import EnrolledKey
from lawgate.domain.steps import AnswerKind, Json, Package
from lawgate.evidence.canonical import parse_canonical, sha256_hex
from lawgate.evidence.commitment import opens

FILES = ("payload.age", "openings.age", "answer.tlog-proof", "terms.txt")


def require_leaf(logged: LoggedAnswer, receipt: Receipt, recipient: EnrolledKey, terms: AnswerTerms) -> None:
    """Refuse an answer whose entry is not the one that its parts, as kept, make. ``previous``, ``stops`` and the commitments are the log's
    own knowledge, taken from its leaf: the proof covers them, and the sealer opens the commitments.

    Raises LedgerError, or NotPermittedError for a recipient other than the engaged officer who attested.
    """
    if receipt.number != logged.index:
        raise LedgerError("the receipt is for another entry")
    try:
        said = parse_canonical(receipt.leaf)
    except ValueError:
        raise LedgerError("the receipt's leaf is no entry") from None
    commitments = said.get("commitments")
    if not isinstance(commitments, dict):
        raise LedgerError("the receipt's leaf is not an answer")
    slot = Slot(logged.index, logged.sequence, _previous(said), _stops(said))
    rebuilt = leaf(
        logged.authorised, commitments, logged.accounting, logged.accounting_salt, recipient, terms, slot
    )
    if rebuilt != receipt.leaf:
        raise LedgerError("the receipt's leaf is not the leaf of this answer")
    # C2SP leaves the extra line unauthenticated; that it holds this leaf, at this index, is looked at here. Whether it proves it, the sealer says.
    extra = base64.b64encode(receipt.leaf).decode("ascii")
    lines = receipt.proof.split("\n", 3)
    if lines[:3] != ["c2sp.org/tlog-proof@v1", f"extra {extra}", f"index {receipt.index}"]:
        raise LedgerError("the proof is of another entry than the receipt")


def seal(leaf: Mapping[str, Json], enclosed: bytes, terms_text: bytes) -> tuple[Sealed, AnswerKind]:
    """Seal what was enclosed for one answer to the recipient that its entry names, and say which kind of answer it is. The same arguments
    give the same answer, though never the same ciphertext.

    ``leaf`` is the answer's entry, proven. Raises LedgerError unless what was enclosed opens every commitment of it, and the terms of use are
    those it names; NotPermittedError for a recipient's key that cannot be used.
    """
    if sha256_hex(terms_text) != leaf["terms_sha256"]:
        raise LedgerError("the terms of use are not those the answer was logged with")
    openings = _opened(leaf, enclosed)
    values = {name: each["value"] for name, each in openings.items()}
    try:
        kind = AnswerKind(values["kind"])
    except ValueError:
        raise LedgerError("what was enclosed is of no kind that an answer has") from None
    to, answer = str(leaf["recipient"]), leaf["answer"]
    clear = padded({"v": 1, "answer": answer, **values}, PAYLOAD_BYTES)
    opened: dict[str, Json] = {"v": 1, "answer": answer, "openings": dict(openings)}
    sealed = Sealed(_encrypted(clear, to), _encrypted(padded(opened, OPENINGS_BYTES), to))
    return sealed, kind


def package(
    logged: LoggedAnswer, receipt: Receipt, recipient: EnrolledKey, sealed: Sealed, terms_text: bytes
) -> Package:
    """Put the four files of one answer together."""
    files = {
        "payload.age": sealed.payload,
        "openings.age": sealed.openings,
        "answer.tlog-proof": receipt.proof.encode("utf-8"),
        "terms.txt": terms_text,
    }
    return Package(logged.answer, recipient_of(logged.authorised, recipient), logged.sequence, files)


def package_sha256(files: Mapping[str, bytes]) -> str:
    """Return the digest an acknowledgement names: over the four files' digests in the format's order."""
    return sha256_hex(b"".join(bytes.fromhex(sha256_hex(files[name])) for name in FILES))


def _opened(leaf: Mapping[str, Json], enclosed: bytes) -> dict[str, dict[str, Json]]:
    """Read the openings, each of which opens its commitment."""
    try:
        said = parse_canonical(enclosed)
        openings, commitments = said["openings"], leaf["commitments"]
        if said["answer"] != leaf["answer"] or not isinstance(openings, dict):
            raise LedgerError("what was enclosed is of another answer")
        if not isinstance(commitments, dict) or not openings.keys() == commitments.keys() == set(COMMITTED):
            raise LedgerError("what was enclosed opens other commitments than the entry has")
        found: dict[str, dict[str, Json]] = {}
        for name, each in openings.items():
            if not isinstance(each, dict) or each.keys() != {"salt", "value"}:
                raise LedgerError("what was enclosed is not what an answer's openings are")
            salt, commitment = bytes.fromhex(str(each["salt"])), bytes.fromhex(str(commitments[name]))
            if not opens(commitment, salt, name, each["value"]):
                raise LedgerError("what was enclosed does not open the entry's commitments")
            found[name] = each
        return found
    except (ValueError, KeyError):
        raise LedgerError("what was enclosed is not what an answer's openings are") from None


def _previous(said: Mapping[str, Json]) -> int | None:
    previous = said.get("previous")
    if not isinstance(previous, str) or not (previous == "" or (previous.isascii() and previous.isdigit())):
        raise LedgerError("the receipt's leaf is not an answer")
    return int(previous) if previous else None


def _stops(said: Mapping[str, Json]) -> int:
    stops = said.get("stops")
    if not isinstance(stops, int) or isinstance(stops, bool):
        raise LedgerError("the receipt's leaf is not an answer")
    return stops


def _encrypted(clear: bytes, recipient: str) -> bytes:
    """Encrypt to one age recipient.

    The library puts a stanza of random length into the header, drawn without regard to the clear text, whose length is the same for every answer:
    the length of what comes out says nothing (docs/adr/0015).
    """
    sealed: bytes = pyrage.encrypt(clear, [_age_recipient(recipient)])  # type: ignore[attr-defined]
    return sealed


@lru_cache(maxsize=4096)
def _age_recipient(recipient: str) -> object:
    try:
        return pyrage.x25519.Recipient.from_str(recipient)  # type: ignore[attr-defined]
    except pyrage.RecipientError:  # type: ignore[attr-defined]
        raise NotPermittedError("the recipient's age key cannot be used") from None
