"""Whatever is wrong with some lines of a submission: the others fare as they would alone, all counts agree, nobody is answered without name and address."""

from __future__ import annotations

import copy
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from lawgate import pipeline, register, wiring
from lawgate.adapters.key_files import load_key
from lawgate.domain.finding import Outcome
from lawgate.domain.steps import Disposition, LineState, Package, SubmissionId
from lawgate.evidence.canonical import canonical
from lawgate.evidence.envelope import sign
from lawgate.gate import Gate
from lawgate.identity.address import read_address
from lawgate.identity.name import read_name
from lawgate.intake.compose import compose
from lawgate.intake.form import Form
from lawgate.oversight.survey import reconcile_home
from lawgate.rehearsal import people, scripts
from lawgate.rehearsal.record_source import write_records
from lawgate.rehearsal.stage import rehearsal_settings
from lawgate.rehearsal.submissions import form_of
from lawgate.rehearsal.town import build_town

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
TOWN = build_town()
PEOPLE = [(home.members[0], home.dwelling(2024)) for home in TOWN.of_kind("family")[:6]]
SIGNED_BY = people.OFFICERS[0]

FIELDS = (
    "request_key", "name", "name.given", "name.surname", "address", "address.number", "address.street", "address.city",
    "address.state", "address.zip", "taxable_periods", "criminal_statute", "proceeding", "proceeding.kind",
    "proceeding.case_number", "proceeding.opened", "statutory_authority", "reasons", "engaged_officer", "items_requested",
)  # fmt: skip
WAYS = ("dropped", "blank", "masked")
Spoilt = tuple[tuple[str, str], ...]


def request(number: int, spoilt: Spoilt) -> dict[str, Any]:
    """Request ``number`` about one of the town, with some of its fields spoilt."""
    person, home = PEOPLE[number]
    street = f"{home.predirectional} {home.street}".strip()
    line: dict[str, Any] = {
        "request_key": f"key-{number}",
        "name": {"given": person.given, "surname": person.surname},
        "address": {
            "number": home.number, "street": street, "city": home.place.city, "state": home.place.state, "zip": home.place.zip,
        },
        "taxable_periods": ["2022", "2023", "2024"],
        "criminal_statute": "18 U.S.C. 1343",
        "proceeding": {"kind": "investigation", "case_number": f"C-{number}", "opened": "2026-01-05", "status": "open"},
        "statutory_authority": "28 U.S.C. 533",
        "reasons": f"Invoice number {number} of the hospital that was never built names this person as payee.",
        "engaged_officer": SIGNED_BY,
        "items_requested": ["address"],
    }  # fmt: skip
    if person.suffix:
        line["name"]["suffix"] = person.suffix
    for field, way in spoilt:
        _spoil(line, field, way)
    return line


def _spoil(line: dict[str, Any], field: str, way: str) -> None:
    outer, _, inner = field.partition(".")
    holder, name = (line.get(outer), inner) if inner else (line, outer)
    if not isinstance(holder, dict) or name not in holder:
        return
    value = copy.deepcopy(holder[name])
    if way == "dropped":
        del holder[name]
    elif isinstance(value, list):
        holder[name] = [] if way == "blank" else ["XXXX"]
    elif isinstance(value, dict):
        holder[name] = {} if way == "blank" else dict.fromkeys(value, "XXXX")
    else:
        # A masked key would be the key of two lines: that is another line's business, and so not asked here.
        holder[name] = "" if way == "blank" or field == "request_key" else "XXXX"


@dataclass(frozen=True)
class Stock:
    """A prepared home to copy, and a place for the copies."""

    home: Path
    copies: Path
    cast: dict[str, Ed25519PrivateKey]
    alone: dict[tuple[int, Spoilt], tuple[str, tuple[str, ...]]]

    def open(self) -> Gate:
        """A fresh copy of the home, opened; the copy before is cleared away."""
        shutil.rmtree(self.copies, ignore_errors=True)
        shutil.copytree(self.home, self.copies)
        return wiring.open_home(self.copies, lambda: NOW)

    def receive(self, gate: Gate, lines: list[dict[str, Any]]) -> SubmissionId:
        raw = b"".join(canonical(line) + b"\n" for line in lines)
        form = Form.model_validate(form_of(people.FRAUD_HEAD, "agency-head"))
        keys = {SIGNED_BY: self.cast[SIGNED_BY]}
        files = compose(form, raw, "lines.jsonl", self.cast[people.FRAUD_HEAD], keys, NOW, "0" * 32)
        return pipeline.receive(gate, files).submission

    def fate_alone(self, number: int, spoilt: Spoilt) -> tuple[str, tuple[str, ...]]:
        """What becomes of a line that is sent by itself."""
        if (number, spoilt) not in self.alone:
            gate = self.open()
            (fate,) = fates(gate, self.receive(gate, [request(number, spoilt)]))
            self.alone[number, spoilt] = fate
        return self.alone[number, spoilt]

    def sign(self, kind: str, body: dict[str, Any], by: str) -> bytes:
        return sign(kind, body, self.cast[by])


def fates(gate: Gate, submission: SubmissionId) -> list[tuple[str, tuple[str, ...]]]:
    """Letter and codes of each line that is final; of one that goes on, that it does (how many lines wait is guard's to weigh)."""
    return [
        (s.disposition.value, s.codes) if s.state is LineState.FINAL else ("goes on", ())
        for s in gate.memory.statuses(submission)
    ]


@pytest.fixture(scope="module")
def stock(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stock]:
    folder = tmp_path_factory.mktemp("stock")
    (folder / "lawgate.toml").write_text(rehearsal_settings())
    home = folder / "home"
    wiring.create_home(home, folder / "lawgate.toml", lambda: NOW)
    write_records(folder / "records.csv", TOWN)
    wiring.index_records(home, [folder / "records.csv"])
    gate = wiring.open_home(home, lambda: NOW)
    for entry in people.standing_entries():
        register.add_standing(gate, entry)
    cast = {}
    for who in people.CAST:
        file = folder / f"{who.key_name}.pem"
        public, recipient = wiring.new_person_key(file, file.with_suffix(".age") if who.location else None)
        register.enrol_key(gate, people.enrolled(who, public, NOW, recipient))
        cast[who.person] = load_key(file)
    from lawgate.store.open import close_database

    close_database()
    yield Stock(home, folder / "copy", cast, {})
    close_database()


spoilt_lines = st.lists(
    st.tuples(st.sampled_from(FIELDS), st.sampled_from(WAYS)), max_size=2, unique_by=lambda s: s[0]
)
"""Up to two fields of a line spoilt; half of the lines are left as they are."""
submissions = st.permutations(range(len(PEOPLE))).flatmap(
    lambda order: st.tuples(*(st.tuples(st.just(n), st.one_of(st.just([]), spoilt_lines)) for n in order[:4]))
)


@settings(max_examples=30, deadline=None)
@given(submissions)
def test_each_line_fares_as_it_would_alone_and_all_counts_agree(stock: Stock, sent: Any) -> None:
    lines = [(number, tuple(spoilt)) for number, spoilt in sent]
    expected = [stock.fate_alone(number, spoilt) for number, spoilt in lines]
    gate = stock.open()
    submission = stock.receive(gate, [request(number, spoilt) for number, spoilt in lines])
    assert fates(gate, submission) == expected
    assert reconcile_home(gate).exact

    docket = gate.memory.docket(submission)
    assert [a.checked.line.ordinal for a in docket] == [
        n for n, fate in enumerate(expected, 1) if fate[0] == "goes on"
    ]
    assert not any(a.checked.having(Outcome.UNMET) or a.checked.having(Outcome.UNKNOWN) for a in docket)
    if docket:
        _answer(stock, gate, submission)
    _require_every_answer_rests_on_name_and_address(gate, submission)


def _answer(stock: Stock, gate: Gate, submission: SubmissionId) -> None:
    """Let scripted people let everything through that may go through."""
    docket = gate.memory.docket(submission)
    held = [a.checked.line.ordinal for a in docket]
    body = scripts.decision_body(submission, docket, NOW, release=held)
    pipeline.decide(gate, submission, stock.sign("decision", body, people.DISCLOSURE_OFFICER))
    assert reconcile_home(gate).exact
    (batch,) = gate.memory.batches(submission)
    for by in (people.DISCLOSURE_OFFICER, people.COUNSEL):
        looked = scripts.sample_body(submission, 1, batch.sample, NOW)
        pipeline.look_at_sample(gate, submission, stock.sign("sample", looked, by))
    body = scripts.authorisation_body(submission, 1, batch.ordinals, NOW)
    pipeline.authorise(gate, submission, stock.sign("authorisation", body, people.RELEASING_OFFICER))
    assert all(isinstance(outcome, Package) for outcome in pipeline.hand_over(gate, submission))
    assert reconcile_home(gate).exact


def _require_every_answer_rests_on_name_and_address(gate: Gate, submission: SubmissionId) -> None:
    lines = gate.memory.lines(submission)
    answered = 0
    for line, status in zip(lines, gate.memory.statuses(submission), strict=True):
        if status.disposition is Disposition.ANSWERED:
            answered += 1
            assert read_name(line.data.get("name")).sufficient
            assert read_address(line.data.get("address")).sufficient
            assert line.attestation is not None
    tally = gate.memory.tally()
    assert (
        tally.approved
        == tally.lookups
        == tally.answers
        == tally.accounting_rows
        == tally.handed_over
        == answered
    )
