"""One small home for the README's worked case: one invented person on record, a few scripted people, real steps from end to end."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyrage
import pytest
from django.db import connections

from invented.record_source import COLUMNS
from lawgate import pipeline, register, wiring
from lawgate.adapters.key_files import load_age_identity, load_key
from lawgate.domain.standing import Agency
from lawgate.domain.steps import Json, Package, SubmissionId
from lawgate.evidence.envelope import sign
from lawgate.gate import Gate
from lawgate.intake.compose import compose
from lawgate.intake.form import Form
from lawgate.rehearsal import people, scripts
from lawgate.rehearsal.stage import rehearsal_settings
from lawgate.rehearsal.submissions import form_of
from lawgate.review.docket import Entry

ROOT = Path(__file__).parents[2]
OFFICER = people.OFFICERS[0]
CAST = (
    OFFICER,
    people.FRAUD_HEAD,
    people.DISCLOSURE_OFFICER,
    people.COUNSEL,
    people.RELEASING_OFFICER,
)
ON_RECORD = {
    "record_id": "R1", "given": "Ann", "middle": "", "surname": "Example", "birth_date": "1970-01-01", "source": "taxpayer",
    "form": "1040", "country": "US",
}  # fmt: skip
ADDRESSES = {
    "2022": {"number": "12", "street": "N Main St", "city": "Eugene", "state": "OR", "zip": "97401"},
    "2023": {"number": "12", "street": "N Main St", "city": "Eugene", "state": "OR", "zip": "97401"},
    "2024": {"number": "401", "street": "Lake Rd", "city": "Duluth", "state": "MN", "zip": "55802"},
}


@dataclass(frozen=True)
class Outcome:
    """What the requester reads of the one line, and what the engaged officer reads inside the envelope, if anything."""

    determination: Mapping[str, Json]
    inside: Mapping[str, Json] | None


@dataclass(frozen=True)
class Desk:
    """A home and everybody's keys."""

    gate: Gate
    folder: Path

    def signed(self, kind: str, body: Mapping[str, Json], person: str) -> bytes:
        return sign(kind, body, load_key(self.folder / f"{person}.pem"))

    def ask(self, line: Mapping[str, Json]) -> Outcome:
        """Send one request line through all the steps it can go."""
        submission = self._receive(line)
        packages = self._answer(submission) if self.gate.memory.docket(submission) else []
        return Outcome(self._determination(submission), self._opened(packages[0]) if packages else None)

    def docket(self, line: Mapping[str, Json]) -> tuple[Entry, ...]:
        """Send one request line as far as the docket."""
        return pipeline.docket(self.gate, self._receive(line))

    def _receive(self, line: Mapping[str, Json]) -> SubmissionId:
        official, officer = people.FRAUD_HEAD, load_key(self.folder / f"{OFFICER}.pem")
        files = compose(
            Form.model_validate(form_of(official, "agency-head")),
            json.dumps(line).encode() + b"\n",
            "requests.jsonl",
            load_key(self.folder / f"{official}.pem"),
            {OFFICER: officer},
            self.gate.now(),
            wiring.new_nonce(),
        )
        return pipeline.receive(self.gate, files).submission

    def _answer(self, submission: SubmissionId) -> list[Package]:
        gate, now = self.gate, self.gate.now()
        decision = scripts.decision_body(submission, gate.memory.docket(submission), now)
        pipeline.decide(gate, submission, self.signed("decision", decision, people.DISCLOSURE_OFFICER))
        (batch,) = gate.memory.batches(submission)
        looked = scripts.sample_body(submission, batch.number, batch.sample, now)
        for person in (people.DISCLOSURE_OFFICER, people.COUNSEL):
            pipeline.look_at_sample(gate, submission, self.signed("sample", looked, person))
        body = scripts.authorisation_body(submission, batch.number, batch.ordinals, now)
        pipeline.authorise(gate, submission, self.signed("authorisation", body, people.RELEASING_OFFICER))
        return [each for each in pipeline.hand_over(gate, submission) if isinstance(each, Package)]

    def _determination(self, submission: SubmissionId) -> Mapping[str, Json]:
        _, (line, _), _ = pipeline.determination(self.gate, submission).records
        said: dict[str, Json] = json.loads(line)
        return said

    def _opened(self, package: Package) -> Mapping[str, Json]:
        identity = load_age_identity(self.folder / "officer.age")
        said: dict[str, Json] = json.loads(pyrage.decrypt(package.files["payload.age"], [identity]))
        return said


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Make the home: settings, log, register, keys, index of the one record."""
    # A process has one database open at a time: the home lives and ends with its test.
    folder = tmp_path
    (folder / "lawgate.toml").write_text(rehearsal_settings(), encoding="utf-8")
    wiring.create_home(folder / "home", folder / "lawgate.toml")
    with (folder / "records.csv").open("w", encoding="utf-8", newline="") as source:
        writer = csv.DictWriter(source, COLUMNS, restval="")
        writer.writeheader()
        writer.writerows(ON_RECORD | home | {"tax_year": year} for year, home in ADDRESSES.items())
    wiring.index_records(folder / "home", [folder / "records.csv"])
    gate = wiring.open_home(folder / "home")
    for entry in people.standing_entries():
        if (entry.id if isinstance(entry, Agency) else entry.agency) == people.FRAUD_SERVICE:
            register.add_standing(gate, entry)
    for person in CAST:
        who = people.player(person)
        identity = folder / "officer.age" if who.location else None
        public, recipient = wiring.new_person_key(folder / f"{person}.pem", identity)
        register.enrol_key(gate, people.enrolled(who, public, gate.now(), recipient))
    yield Desk(gate, folder)
    connections["default"].close()
