from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pyrage
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lawgate.disclosure.account import accounting_row
from lawgate.disclosure.answer import AnswerTerms, draft
from lawgate.disclosure.minimise import minimise
from lawgate.domain.errors import LawgateError
from lawgate.domain.finding import Basis, Finding, Outcome
from lawgate.domain.kept import LoggedAnswer, Slot
from lawgate.domain.receipt import Receipt, make_receipt
from lawgate.domain.standing import (
    Agency,
    Agreement,
    EnrolledKey,
    OfficeHolder,
    Role,
    Safeguard,
    SafeguardStatus,
    Standing,
)
from lawgate.domain.steps import (
    AddressOnRecord,
    Admitted,
    Approved,
    Attestation,
    Authorised,
    Checked,
    Cover,
    Line,
    Matched,
    Received,
    SignedDecision,
    SubmissionId,
    Verdict,
    VerdictKind,
)
from lawgate.evidence.canonical import canonical, sha256_hex
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


class World:
    """One small submission of invented people, and who decides on it."""

    now = datetime(2026, 3, 2, 9, 30, 15, tzinfo=UTC)
    submission = SubmissionId("0123456789ABCDEF")
    pack = "ground-1"
    identity = IDENTITY
    recipient = str(IDENTITY.to_public())
    terms_text = TERMS
    terms = AnswerTerms(frozenset({"address"}), sha256_hex(TERMS))
    slot = Slot(index=1, sequence=1, previous=None, stops=0)

    def fingerprint(self, kind: str, text: str) -> str:
        return hashlib.sha256(f"secret/{kind}/{text}".encode()).hexdigest()

    def key(self, person: str, role: Role, agency: str = "records", **changes: Any) -> EnrolledKey:
        keyid = hashlib.sha256(f"{person}{role}".encode()).hexdigest()[:32]
        since = datetime(2025, 1, 1, tzinfo=UTC)
        return EnrolledKey(keyid, "00" * 32, person, agency, role, since, **changes)

    def signed(self, key: EnrolledKey, text: str = "document") -> SignedDecision:
        return SignedDecision(sha256_hex(text.encode()), key.keyid, key.person, self.now)

    @property
    def officer(self) -> EnrolledKey:
        return self.key(
            "officer-1", Role.ENGAGED_OFFICER, "asking", recipient=self.recipient, location="room 1"
        )

    @property
    def official(self) -> EnrolledKey:
        return self.key("official-1", Role.REQUESTING_OFFICIAL, "asking")

    @property
    def approver(self) -> EnrolledKey:
        return self.key("approver-1", Role.DISCLOSURE_OFFICER)

    @property
    def releaser(self) -> EnrolledKey:
        return self.key("releaser-1", Role.RELEASING_OFFICER)

    def line(self, ordinal: int, **changes: Any) -> Line:
        data: dict[str, Any] = {
            "request_key": f"key-{ordinal}",
            "name": {"given": "Mara", "surname": f"Quill{chr(96 + ordinal)}"},
            "address": {
                "number": str(10 + ordinal),
                "street": "Alder St",
                "city": "Springfield",
                "state": "IL",
                "zip": "62701",
            },
            "taxable_periods": ["2022", "2023"],
            "reasons": f"Case {ordinal}: the address is needed to serve a summons.",
            "items_requested": ["address"],
        }
        data.update(changes)
        data = {name: value for name, value in data.items() if value is not None}
        attestation = Attestation(self.officer.keyid, self.officer.person, "aa" * 32)
        return Line(ordinal, str(data["request_key"]), data, sha256_hex(canonical(data)), attestation)

    def received(self, lines: Sequence[Line]) -> Received:
        cover = Cover(
            nonce="0" * 32,
            created=datetime(2026, 2, 27, 8, tzinfo=UTC),
            agency="asking",
            office="agency-head",
            holder="official-1",
            delegation=None,
            pack=self.pack,
            agreement="agreement-1",
            file_name="lines.jsonl",
            file_sha256="bb" * 32,
            attestations_sha256="cc" * 32,
            line_count=len(lines),
            columns={},
            certified_use="criminal proceeding",
            signer_keyid=self.official.keyid,
            envelope_sha256="dd" * 32,
        )
        return Received(self.submission, "ee" * 32, cover, datetime(2026, 2, 28, tzinfo=UTC))

    def finding(self, rule: str = "r-1", outcome: Outcome = Outcome.MET, code: str = "230") -> Finding:
        return Finding(rule, outcome, "26 U.S.C. 6103(i)(2)(A)", Basis.STATUTE, code, "Is the matter real?")

    def admitted(self, line: Line, *outcomes: Outcome) -> Admitted:
        wanted = outcomes or (Outcome.MET, Outcome.ASK)
        findings = tuple(self.finding(f"r-{n}", outcome) for n, outcome in enumerate(wanted, 1))
        return Admitted(Checked(line, findings))

    def approved(self, line: Line, **changes: Any) -> Approved:
        approved = Approved(
            submission=self.submission,
            line=line,
            findings=(self.finding(),),
            items=("address",),
            periods=(2022, 2023),
            recipient_keyid=self.officer.keyid,
            decision=self.signed(self.approver, "decision"),
        )
        return replace(approved, **changes)

    def standing(self) -> Standing:
        since = date(2025, 1, 1)
        return Standing(
            agencies=(Agency("asking", "Asking Agency", True, since),),
            offices=(OfficeHolder("asking", "agency-head", "official-1", "O. Ficial", since),),
            agreements=(Agreement("agreement-1", "asking", self.pack, 100, since),),
            safeguards=(Safeguard("asking", SafeguardStatus.ACCEPTED, "review 1", since),),
            keys=(self.officer, self.official, self.approver, self.releaser),
        )

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
