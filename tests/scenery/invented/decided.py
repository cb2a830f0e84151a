"""One small submission of invented people, and who decides on it: what the tests of the guard, of review and of disclosure begin with."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from lawgate.domain.finding import Basis, Finding, Outcome
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
    Admitted,
    Approved,
    Attestation,
    Checked,
    Cover,
    Line,
    Received,
    SignedDecision,
    SubmissionId,
)
from lawgate.evidence.canonical import canonical, sha256_hex


class World:
    """One small submission of invented people, and who decides on it."""

    now = datetime(2026, 3, 2, 9, 30, 15, tzinfo=UTC)
    submission = SubmissionId("0123456789ABCDEF")
    pack = "ground-1"
    recipient = "age1invented"

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

    def reasons(self, ordinal: int) -> str:
        return f"Case {ordinal}: the address is needed to serve a summons."

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
            "reasons": self.reasons(ordinal),
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
