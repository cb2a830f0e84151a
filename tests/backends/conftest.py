"""A real SQLite file for each test, a real vault beside it, and honest domain objects to keep in it."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import django
import pytest

from lawgate.adapters.key_store import KeyVault
from lawgate.adapters.wrapping_keys import WrappingKeys
from lawgate.domain.finding import Basis, Finding, Outcome
from lawgate.domain.kept import Accounting, AnswerDraft, MatterTrace, Memory, Slot, Trace
from lawgate.domain.steps import (
    AddressOnRecord,
    Admitted,
    AnswerKind,
    Approved,
    Attestation,
    Authorised,
    Checked,
    Cover,
    Disposition,
    Fault,
    Hold,
    Line,
    LineState,
    LineStatus,
    Matched,
    Proposed,
    Received,
    SignedDecision,
    SubmissionId,
    Verdict,
    VerdictKind,
)
from lawgate.store.arriving import ArrivalBox
from lawgate.store.open import close_database, open_database

# Models can be imported only after this: here, before any test module is.
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lawgate.django_settings")
django.setup()

NOW = datetime(2026, 3, 2, 9, 30, 15, 123456, tzinfo=UTC)
MARKERS = ("Zebulon", "Quillfeather", "Marzipan", "987-65-4321", "custody cabinet", "Obadiah")
"""Words that stand in the synthetic personal data, and must not stand in the database file."""


def digest(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def leaf(kind: str, **members: object) -> bytes:
    return json.dumps({"type": kind, "v": 1, **members}, sort_keys=True).encode()


@dataclass
class Case:
    """One submission of ``count`` lines: the last has a format fault, the one before is refused, the third is held."""

    submission: SubmissionId
    count: int
    recipient: str = "a" * 32

    def finding(self, outcome: Outcome) -> Finding:
        return Finding("i2-reason", outcome, "26 U.S.C. 6103(i)(2)(B)(iv)", Basis.STATUTE, "226", "A reason.")

    def line(self, ordinal: int) -> Line:
        faulty = ordinal == self.count
        data: dict[str, Any] = {
            "request_key": f"Quillfeather-{ordinal}",
            "name": {"given": "Zebulon", "middle": "", "surname": "Quillfeather"},
            "address": {"number": "12", "street": "Marzipan Row"},
            "taxpayer_number": "987-65-4321",
            "taxable_periods": ["2022"],
            "offence_facts": {"days": 91, "final": True, "note": None},
        }
        return Line(
            ordinal,
            f"Quillfeather-{ordinal}",
            data,
            digest(repr(data).encode()),
            None if faulty else Attestation("a" * 32, "officer-1", "e" * 64),
            (Fault("112", "address.zip", "not five digits"),) if faulty else (),
        )

    def cover(self) -> Cover:
        return Cover(
            nonce="0" * 32,
            created=NOW - timedelta(hours=2),
            agency="agency-one",
            office="agency-head",
            holder="official-1",
            delegation=None,
            pack="usc26_6103_i_2",
            agreement="agreement-1",
            file_name="Quillfeather.csv",
            file_sha256="1" * 64,
            attestations_sha256="2" * 64,
            line_count=self.count,
            columns={"name.given": "Vorname"},
            certified_use="for the matter of Obadiah",
            signer_keyid="c" * 32,
            envelope_sha256="3" * 64,
        )

    def received(self) -> Received:
        return Received(self.submission, digest(self.submission.encode()), self.cover(), NOW)

    def lines(self) -> tuple[Line, ...]:
        return tuple(self.line(n) for n in range(1, self.count + 1))

    def admitted(self) -> list[Admitted]:
        return [self.admit(n) for n in range(1, self.count)]

    def admit(self, ordinal: int) -> Admitted:
        refused = ordinal == self.count - 1
        findings = (self.finding(Outcome.MET), self.finding(Outcome.UNMET if refused else Outcome.ASK))
        holds = (Hold("402", "More than 5 matters."),) if ordinal == 3 else ()
        return Admitted(Checked(self.line(ordinal), findings), holds, ("look at Zebulon's street",))

    def status(self, ordinal: int) -> LineStatus:
        if ordinal == self.count:
            return self._status(ordinal, LineState.FINAL, Disposition.FORMAT_ERROR, ("112",))
        admitted = self.admit(ordinal)
        state, letter, codes = LineState.DOCKETED, Disposition.HELD, ("901",)
        if ordinal == self.count - 1:
            state, letter, codes = LineState.FINAL, Disposition.REFUSED, ("226",)
        elif ordinal == 3:
            state, codes = LineState.HELD, ("402",)
        return replace(
            self._status(ordinal, state, letter, codes),
            findings=admitted.checked.findings,
            holds=admitted.holds,
            hints=admitted.hints,
        )

    def _status(
        self, ordinal: int, state: LineState, letter: Disposition, codes: tuple[str, ...]
    ) -> LineStatus:
        return LineStatus(self.submission, ordinal, f"Quillfeather-{ordinal}", state, letter, codes)

    def closed(self, ordinal: int) -> LineStatus:
        return self._status(ordinal, LineState.FINAL, Disposition.REFUSED, ("610",))

    def statuses(self) -> list[LineStatus]:
        return [self.status(n) for n in range(1, self.count + 1)]

    def traces(self) -> list[Trace]:
        return [Trace("address", b"f" * 16, self.count - 1), Trace("line", b"d" * 16, 1)]

    def matters(self) -> list[MatterTrace]:
        return [MatterTrace(b"m" * 16, n, bytes([n]) * 32) for n in self.waiting()]

    def waiting(self) -> list[int]:
        return list(range(1, self.count - 1))

    def signed(self, envelope: bytes, person: str = "approver-1") -> SignedDecision:
        return SignedDecision(digest(envelope), digest(person.encode())[:32], person, NOW)

    def approve(self, ordinal: int, decision: SignedDecision) -> Approved:
        return Approved(
            self.submission,
            self.line(ordinal),
            (self.finding(Outcome.MET),),
            ("address",),
            (2022,),
            self.recipient,
            decision,
        )

    def propose(self, approved: Approved) -> Proposed:
        address = AddressOnRecord({"street": "Marzipan Lane", "number": "7"}, 2022, "taxpayer", "1040")
        verdict = Verdict(VerdictKind.ONE, "301", "record-77", (address,), False, (), {"unit": "agrees"})
        told: dict[str, Any] = {"address": {"street": "Marzipan Lane", "number": "7", "tax_year": 2022}}
        return Proposed(Matched(approved, verdict), AnswerKind.RELEASED, told, "301")

    def draft(self, proposed: Proposed, authorisation: SignedDecision) -> AnswerDraft:
        approved = proposed.matched.approved
        ordinal = approved.line.ordinal
        answer = digest(f"{self.submission}/{ordinal}".encode())[:32]

        def build(slot: Slot) -> bytes:
            previous = "" if slot.previous is None else str(slot.previous)
            return leaf(
                "answer",
                answer=answer,
                sequence=slot.sequence,
                previous=previous,
                stops=slot.stops,
                index=slot.index,
            )

        return AnswerDraft(
            answer,
            Authorised(proposed, authorisation, 1),
            b"for the sealer" + bytes([ordinal % 256]) * 32,
            b"\x01" * 32,
            self.account(answer, ordinal, approved.recipient_keyid),
            build,
        )

    def account(self, answer: str, ordinal: int, recipient_keyid: str) -> Accounting:
        return Accounting(
            answer=answer,
            submission=self.submission,
            ordinal=ordinal,
            agency="agency-one",
            office="agency-head",
            official="official-1",
            pack="usc26_6103_i_2",
            authority="8 U.S.C. 1253(a)(1)",
            requested_at=NOW,
            disclosed_at=NOW + timedelta(hours=3),
            recipient_keyid=recipient_keyid,
            recipient_location="custody cabinet 4",
            approver="approver-1",
            authoriser="authoriser-1",
            items=("address",),
            fields_released=("address",),
            periods=(2022,),
            reasons_sha256="9" * 64,
            subject="8" * 64,
            purpose_code="i2",
        )

    # -- walking a case through the memory --------------------------------------------------------------------------
    def arrive(self, memory: Memory, vault: KeyVault, chunk: int = 3) -> None:
        """Bring the lines in, some at a time; nobody sees them yet."""
        vault.new_key(self.submission)
        memory.begin_arrival()
        lines = self.lines()
        with vault.opened(self.submission) as box:
            sealer = ArrivalBox(self.submission, box)
            for start in range(0, len(lines), chunk):
                some = lines[start : start + chunk]
                found = sealer.found(start + 1, f"found about {len(some)}".encode())
                memory.keep_arriving(start + 1, [sealer.line(line) for line in some], found)

    def make_whole(
        self, memory: Memory, statuses: Sequence[LineStatus] | None = None, leaves: Sequence[bytes] = ()
    ) -> None:
        memory.keep_received(
            self.received(),
            self.statuses() if statuses is None else statuses,
            self.traces,
            self.matters,
            lambda: list(leaves),
        )

    def keep(self, memory: Memory) -> None:
        vault = memory._vault  # type: ignore[attr-defined]
        if memory.summary(self.submission) is None:
            self.arrive(memory, vault)
        self.make_whole(memory, leaves=[leaf("submission", submission=self.submission)])

    def decide(self, memory: Memory, ordinals: Sequence[int] | None = None) -> SignedDecision:
        named = self.waiting() if ordinals is None else ordinals
        envelope = f"decision by Obadiah on {list(named)} of {self.submission}".encode()
        decision = self.signed(envelope)
        entry = leaf("determinations", submission=self.submission, count=len(named))
        memory.keep_decision(
            self.submission, decision, envelope, [self.approve(n, decision) for n in named], [], [entry]
        )
        return decision

    def look_up(self, memory: Memory) -> list[Proposed]:
        proposed = [self.propose(a) for a in memory.approved(self.submission)]
        memory.keep_lookups(proposed, NOW)
        return proposed

    def release(
        self, memory: Memory, proposed: Sequence[Proposed]
    ) -> tuple[SignedDecision, list[AnswerDraft]]:
        envelope = self.authorisation()
        signed = self.signed(envelope, "authoriser-1")
        drafts = [self.draft(p, signed) for p in proposed]
        memory.log_answers(
            self.submission,
            signed,
            envelope,
            drafts,
            [leaf("determinations", submission=self.submission, batch=2)],
        )
        return signed, drafts

    def authorisation(self) -> bytes:
        return f"authorisation of {self.submission}, Obadiah".encode()

    def walk(self, memory: Memory) -> list[AnswerDraft]:
        self.keep(memory)
        self.decide(memory)
        return self.release(memory, self.look_up(memory))[1]


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "memory.sqlite3"
    open_database(path, create=True)
    close_database()
    return path


@pytest.fixture
def database(template: Path, tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "memory.sqlite3"
    shutil.copytree(template.parent, tmp_path, dirs_exist_ok=True)
    open_database(path, create=False)
    yield path
    close_database()


@pytest.fixture
def vault(tmp_path: Path) -> KeyVault:
    wrapping = WrappingKeys(tmp_path / "wrapping", None, os.urandom)
    wrapping.begin()
    return KeyVault(tmp_path / "keys", wrapping, os.urandom)


@pytest.fixture
def memory(database: Path, vault: KeyVault) -> Memory:
    from lawgate.store.memory import memory_on

    return memory_on(vault)


@pytest.fixture
def case() -> Case:
    return Case(SubmissionId("0123456789ABCDEF"), 8)


@pytest.fixture
def other() -> Case:
    return Case(SubmissionId("ZYXWVTSRQPNMKJHG"), 6)


@pytest.fixture
def entry() -> Callable[..., bytes]:
    return leaf


@pytest.fixture
def markers() -> tuple[str, ...]:
    return MARKERS
