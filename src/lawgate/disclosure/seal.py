"""Step 8: a logged answer sealed to its engaged officer, or nothing; the only place that makes Package.

Nothing is sealed unless the receipt proves, byte for byte, the leaf of exactly what is about to be sealed (I-6).
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from functools import lru_cache

import pyrage

from lawgate.disclosure.answer import (
    AnswerTerms,
    Spelt,
    clear_openings,
    clear_payload,
    leaf,
    recipient_of,
    spell,
)
from lawgate.domain.errors import LedgerError, NotPermittedError
from lawgate.domain.kept import LoggedAnswer, Slot
from lawgate.domain.receipt import Receipt
from lawgate.domain.standing import EnrolledKey
from lawgate.domain.steps import Json, Package
from lawgate.evidence.canonical import parse_canonical, sha256_hex

FILES = ("payload.age", "openings.age", "answer.tlog-proof", "terms.txt")


def seal(
    logged: LoggedAnswer,
    receipt: Receipt,
    *,
    proof_holds: Callable[[str], bool],
    recipient: EnrolledKey,
    terms: AnswerTerms,
    terms_text: bytes,
    refusal: str | None,
) -> Package:
    """Return the four files of one answer; the same arguments give the same answer, though never the same ciphertext.

    1. ``refusal``, the code of what no longer holds at this moment (I-7, I-13), is None. 2. ``recipient`` is the engaged officer who attested.
    3. ``terms_text`` has the digest the leaf names. 4. The receipt's leaf is the leaf rebuilt from ``logged``. 5. The proof is of that leaf
    at that index, and ``proof_holds`` says that it, the log's signature and the witnesses' quorum verify.

    Raises NotPermittedError for 1 and 2, LedgerError for 3 to 5.
    """
    if refusal is not None:
        raise NotPermittedError(f"the answer may not leave now [{refusal}]")
    to = recipient_of(logged.authorised, recipient)
    if sha256_hex(terms_text) != terms.terms_sha256:
        raise LedgerError("the terms of use are not those the answer was logged with")
    spelt = spell(logged.authorised, terms)
    _require_leaf(logged, spelt, receipt, recipient, terms)
    _require_proof(receipt, proof_holds)
    files = {
        "payload.age": _encrypted(clear_payload(spelt, logged.answer), to),
        "openings.age": _encrypted(clear_openings(spelt, logged.answer, logged.salts), to),
        "answer.tlog-proof": receipt.proof.encode("utf-8"),
        "terms.txt": terms_text,
    }
    return Package(logged.answer, to, logged.sequence, files)


def package_sha256(files: Mapping[str, bytes]) -> str:
    """Return the digest an acknowledgement names: over the four files' digests in the format's order."""
    return sha256_hex(b"".join(bytes.fromhex(sha256_hex(files[name])) for name in FILES))


def _require_leaf(
    logged: LoggedAnswer, spelt: Spelt, receipt: Receipt, recipient: EnrolledKey, terms: AnswerTerms
) -> None:
    """``previous`` and ``stops`` are the log's own knowledge, taken from its leaf; the proof covers them."""
    if receipt.number != logged.index:
        raise LedgerError("the receipt is for another entry")
    try:
        said = parse_canonical(receipt.leaf)
    except ValueError:
        raise LedgerError("the receipt's leaf is no entry") from None
    slot = Slot(logged.index, logged.sequence, _previous(said), _stops(said))
    rebuilt = leaf(logged.authorised, spelt, logged.accounting, logged.salts, recipient, terms, slot)
    if rebuilt != receipt.leaf:
        raise LedgerError("the receipt's leaf is not the leaf of this answer")


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


def _require_proof(receipt: Receipt, proof_holds: Callable[[str], bool]) -> None:
    """C2SP leaves the extra line unauthenticated; that it holds this leaf, at this index, is looked at here as well."""
    extra = base64.b64encode(receipt.leaf).decode("ascii")
    lines = receipt.proof.split("\n", 3)
    if lines[:3] != ["c2sp.org/tlog-proof@v1", f"extra {extra}", f"index {receipt.index}"]:
        raise LedgerError("the proof is of another entry than the receipt")
    if not proof_holds(receipt.proof):
        raise LedgerError("the proof does not hold under the policy in force")


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
