from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime
from typing import Any

import pyrage
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from invented.decided import World as Decided
from lawgate.disclosure.account import accounting_row
from lawgate.disclosure.answer import AnswerTerms, draft
from lawgate.disclosure.minimise import minimise
from lawgate.domain.errors import LawgateError
from lawgate.domain.kept import LoggedAnswer, Slot
from lawgate.domain.receipt import Receipt, make_receipt
from lawgate.domain.steps import (
    AddressOnRecord,
    Authorised,
    Line,
    Matched,
    Verdict,
    VerdictKind,
)
from lawgate.evidence.canonical import sha256_hex
from lawgate.ledger import note
from lawgate.ledger.checkpoint import Checkpoint, sign_checkpoint
from lawgate.ledger.cosignature import cosign
from lawgate.ledger.policy import Group, parse_policy, write_policy
from lawgate.ledger.proof import Proof, parse_proof, verify_proof
from lawgate.ledger.tree import leaf_hash, node_hash

IDENTITY = pyrage.x25519.Identity.generate()  # type: ignore[attr-defined]
TERMS = b"Use for the certified purpose only.\n"


class Log:
    """A log of two entries, the answer's being the second, with one witness that must cosign."""

    def __init__(self) -> None:
        self.signer = note.Signer("log.example/test", Ed25519PrivateKey.from_private_bytes(b"L" * 32))
        self.witness = note.Signer("w.example", Ed25519PrivateKey.from_private_bytes(b"W" * 32))
        keys = {"w": self.witness.key(note.COSIGNATURE)}
        log = self.signer.key(note.ED25519)
        self.policy = parse_policy(write_policy(log, keys, {"all": Group(1, ("w",))}, "all"))

    def receipt(self, leaf: bytes, now: datetime) -> Receipt:
        first = leaf_hash(b"first")
        checkpoint = Checkpoint(self.signer.name, 2, node_hash(first, leaf_hash(leaf)))
        signed = sign_checkpoint(checkpoint, self.signer)
        cosigned = note.Note(signed.text, (*signed.signatures, cosign(self.witness, signed.text, now)))
        return make_receipt(1, leaf, 2, str(Proof(leaf, 1, (first,), str(cosigned))))

    def holds(self, proof: str) -> bool:
        try:
            verify_proof(parse_proof(proof), self.policy)
        except LawgateError:
            return False
        return True


class World(Decided):
    """The same, answered: what is drafted, logged in a real log, and sealed."""

    identity = IDENTITY
    recipient = str(IDENTITY.to_public())
    terms_text = TERMS
    terms = AnswerTerms(frozenset({"address"}), sha256_hex(TERMS))
    slot = Slot(index=1, sequence=1, previous=None, stops=0)

    def address(self, year: int = 2023, source: str = "taxpayer", street: str = "Elm St") -> AddressOnRecord:
        parts = {"number": "7", "street": street, "unit": "", "city": "Salem", "state": "OR", "zip": "97301"}
        return AddressOnRecord(parts, year, source, "1040")

    def one(self, *addresses: AddressOnRecord, **changes: Any) -> Verdict:
        return replace(Verdict(VerdictKind.ONE, "301", "record-1", addresses or (self.address(),)), **changes)

    def authorised(self, verdict: Verdict | None = None, line: Line | None = None) -> Authorised:
        matched = Matched(self.approved(line or self.line(1)), verdict or self.one())
        return Authorised(
            minimise(matched, {"address": ("taxpayer", "third-party", "agency")}),
            self.signed(self.releaser, "authorisation"),
            1,
        )

    @property
    def salts(self) -> dict[str, bytes]:
        names = ("request_key", "kind", "fields", "items", "periods", "sentence", "accounting")
        return {name: hashlib.sha256(name.encode()).digest() for name in names}

    def enclose(self, answer: str, clear: bytes) -> bytes:
        """Here in clear: who can read it is the matter of tests/unit/evidence/test_enclosure.py."""
        return clear

    def logged(self, authorised: Authorised) -> tuple[LoggedAnswer, Receipt]:
        """Log an answer as the pipeline does, in a real log."""
        row = accounting_row(
            authorised,
            self.received([self.line(1)]),
            self.officer,
            permitted={"address"},
            authority="26 U.S.C. 6103(i)(2)",
            purpose_code="12",
            fingerprint=self.fingerprint,
            at=self.now,
        )
        drafted = draft(authorised, row, self.salts, self.officer, self.terms, self.enclose)
        kept = LoggedAnswer(
            drafted.answer, authorised, drafted.enclosed, drafted.accounting_salt, row, 1, 1, None, None
        )
        return kept, Log().receipt(drafted.build(self.slot), self.now)

    def proof_holds(self, proof: str) -> bool:
        return Log().holds(proof)


@pytest.fixture
def world() -> World:
    return World()
