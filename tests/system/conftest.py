"""One home, made once and copied for each test: real database, ledger files, witnesses, index and age; only the clock is ours."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyrage
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lawgate import pipeline, register, stop_orders, wiring
from lawgate.adapters.key_files import load_age_identity, load_key
from lawgate.adapters.local_records import LocalRecords, open_index
from lawgate.adapters.record_sources import COLUMNS, RecordSource
from lawgate.domain.finding import Outcome
from lawgate.domain.kept import LoggedAnswer
from lawgate.domain.steps import LineStatus, Package, SubmissionId
from lawgate.domain.stop import Stop, StopScope
from lawgate.evidence.canonical import canonical
from lawgate.evidence.envelope import sign
from lawgate.gate import Gate
from lawgate.intake.compose import compose
from lawgate.intake.form import Form
from lawgate.ledger.audit import verify_log
from lawgate.rehearsal import people, scripts
from lawgate.rehearsal.deficient import people_to_name
from lawgate.rehearsal.reasons import reason
from lawgate.rehearsal.stage import rehearsal_settings
from lawgate.rehearsal.submissions import form_of
from lawgate.rehearsal.world import RECORDS

START = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)

Data = dict[str, Any]


@dataclass
class Clock:
    """A clock that stands still until it is told to go on."""

    at: datetime = START

    def __call__(self) -> datetime:
        return self.at

    def later(self, **span: float) -> None:
        self.at += timedelta(**span)


# -- people on record: every word of theirs is rare, so that it can be searched for --------------------------------------


@dataclass(frozen=True)
class Home:
    number: str
    street: str
    city: str
    state: str
    zip: str


@dataclass(frozen=True)
class Neighbour:
    """Somebody invented: where the requester thinks they live, where they filed from (newest last), nowhere for one not on record."""

    given: str
    surname: str
    stated: Home
    filed: tuple[Home, ...]
    taxpayer_number: str
    records: tuple[str, ...] = ("1",)
    bars: str = ""


MARZIPAN = Home("12", "Marzipan Row", "Boise", "ID", "83702")
GINGER = Home("48", "Gingerbread Ln", "Tucson", "AZ", "85701")
SAFFRON = Home("7", "Saffron Ct", "Eugene", "OR", "97401")
LICORICE = Home("301", "Licorice Ave", "Springfield", "IL", "62701")
NUTMEG = Home("77", "Nutmeg St", "Boise", "ID", "83702")
TREACLE = Home("5", "Treacle Way", "Eugene", "OR", "97401")
CARDAMOM = Home("90", "Cardamom Rd", "Tucson", "AZ", "85701")

CONFIRMED = Neighbour("Zebulon", "Quillfeather", MARZIPAN, (MARZIPAN,), "900016103")
RELEASED = Neighbour("Ottoline", "Brackenthorpe", GINGER, (GINGER, SAFFRON), "900026103")
ANOTHER = Neighbour("Peregrine", "Wolfenstone", LICORICE, (LICORICE,), "900036103")
NOBODY = Neighbour("Cosimo", "Vandersnickle", NUTMEG, (), "900046103")
TWICE = Neighbour("Hortensia", "Applegarth", TREACLE, (TREACLE,), "900056103", records=("1", "2"))
BARRED = Neighbour("Barnaby", "Thistledown", CARDAMOM, (CARDAMOM,), "900066103", bars="602")
NEIGHBOURS = (CONFIRMED, RELEASED, ANOTHER, NOBODY, TWICE, BARRED)

YEARS = (2022, 2023, 2024)


def _filings(who: Neighbour) -> Iterator[dict[str, str]]:
    for record in who.records if who.filed else ():
        for place, year in enumerate(YEARS):
            home = who.filed[min(place, len(who.filed) - 1)]
            yield dict.fromkeys(COLUMNS, "") | {
                "record_id": f"N-{who.surname}-{record}", "given": who.given, "surname": who.surname,
                "birth_date": "1961-05-17", "taxpayer_number": who.taxpayer_number, "number": home.number,
                "street": home.street, "city": home.city, "state": home.state, "zip": home.zip, "country": "US",
                "tax_year": str(year), "source": "taxpayer", "form": "1040", "bars": who.bars,
            }  # fmt: skip


def request(number: int, who: Neighbour, officer: str = people.OFFICERS[0]) -> Data:
    """A request line about a neighbour in which nothing is wrong."""
    home = who.stated
    return {
        "request_key": f"key-{number:03d}",
        "name": {"given": who.given, "surname": who.surname},
        "address": {
            "number": home.number, "street": home.street, "city": home.city, "state": home.state, "zip": home.zip,
        },
        "taxable_periods": [str(year) for year in YEARS],
        "criminal_statute": "18 U.S.C. 1343",
        "proceeding": {
            "kind": "investigation", "case_number": f"CASE-{number:03d}", "opened": "2026-01-05", "status": "open",
        },
        "statutory_authority": "28 U.S.C. 533",
        "reasons": f"Xylophone ledger {number}. {reason(number % 90)}",
        "engaged_officer": officer,
        "items_requested": ["address"],
    }  # fmt: skip


# -- the house -------------------------------------------------------------------------------------------------------------


@dataclass
class House:
    """An open home with its cast. Every document is signed with the key of whoever is named ``by``."""

    home: Path
    clock: Clock
    cast: Mapping[str, Ed25519PrivateKey]
    identities: Mapping[str, Path]
    gate: Gate
    engine: LocalRecords
    sent: int = 0
    ask = staticmethod(request)
    neighbours: Mapping[str, Neighbour] = field(
        default_factory=lambda: {
            "confirmed": CONFIRMED, "released": RELEASED, "another": ANOTHER, "nobody": NOBODY, "twice": TWICE, "barred": BARRED,
        }
    )  # fmt: skip

    def one(self, who: str = "confirmed", number: int = 1, officer: str = people.OFFICERS[0]) -> Data:
        return request(number, self.neighbours[who], officer)

    def many(self, *who: str) -> list[Data]:
        """One request about each neighbour named (all six by default), each by another officer in turn."""
        chosen = who or tuple(self.neighbours)
        return [self.one(w, n, people.OFFICERS[n % 2]) for n, w in enumerate(chosen, 1)]

    # steps 1 to 3
    def compose(
        self,
        lines: Sequence[Data | str],
        *,
        official: str = people.FRAUD_HEAD,
        office: str = "agency-head",
        officers: Collection[str] = people.OFFICERS,
        **form: Any,
    ) -> dict[str, bytes]:
        """A signed submission; a line given as text stands in the file as it is."""
        raw = b"".join((x.encode() if isinstance(x, str) else canonical(x)) + b"\n" for x in lines)
        self.sent += 1
        filled = Form.model_validate({**form_of(official, office), **form})
        keys = {person: self.cast[person] for person in officers}
        nonce = f"{self.sent:032x}"
        return compose(filled, raw, "requests.jsonl", self.cast[official], keys, self.clock(), nonce)

    def receive(self, lines: Sequence[Data | str], **how: Any) -> SubmissionId:
        return pipeline.receive(self.gate, self.compose(lines, **how)).submission

    def statuses(self, submission: SubmissionId) -> tuple[LineStatus, ...]:
        return self.gate.memory.statuses(submission)

    # steps 4 to 7
    def sign(self, kind: str, body: Mapping[str, Any], by: str) -> bytes:
        return sign(kind, dict(body), self.cast[by])

    def decision(self, submission: SubmissionId, by: str = people.DISCLOSURE_OFFICER, **how: Any) -> bytes:
        docket = self.gate.memory.docket(submission)
        fit = [
            a for a in docket if not a.checked.having(Outcome.UNMET) and not a.checked.having(Outcome.UNKNOWN)
        ]
        how.setdefault("release", [a.checked.line.ordinal for a in fit])
        return self.sign("decision", scripts.decision_body(submission, fit, self.clock(), **how), by)

    def approve(self, submission: SubmissionId, **how: Any) -> dict[str, int]:
        return pipeline.decide(self.gate, submission, self.decision(submission, **how))

    def look(
        self, submission: SubmissionId, by: str, errors: Sequence[int] | None = None, batch: int = 1
    ) -> str:
        sample = self.gate.memory.batches(submission)[batch - 1].sample
        body = scripts.sample_body(submission, batch, sample, self.clock(), errors or ())
        return pipeline.look_at_sample(self.gate, submission, self.sign("sample", body, by))

    def two_look(self, submission: SubmissionId, batch: int = 1) -> str:
        self.look(submission, people.DISCLOSURE_OFFICER, batch=batch)
        return self.look(submission, people.COUNSEL, batch=batch)

    def authorisation(
        self,
        submission: SubmissionId,
        by: str = people.RELEASING_OFFICER,
        withhold: Collection[int] = (),
        batch: int = 1,
    ) -> bytes:
        ordinals = [
            p.matched.approved.line.ordinal
            for p in self.gate.memory.proposals(submission)
            if p.matched.approved.line.ordinal in self.gate.memory.batches(submission)[batch - 1].ordinals
        ]
        body = scripts.authorisation_body(submission, batch, ordinals, self.clock(), withhold)
        return self.sign("authorisation", body, by)

    def authorise(self, submission: SubmissionId, **how: Any) -> dict[str, int]:
        return pipeline.authorise(self.gate, submission, self.authorisation(submission, **how))

    def proposed(self, *lines: Data) -> SubmissionId:
        """A submission that waits for release: received, approved, looked up, sample passed."""
        submission = self.receive(lines or self.many())
        self.approve(submission)
        self.two_look(submission)
        return submission

    def logged(self, *lines: Data) -> SubmissionId:
        """A submission whose answers are logged and not handed over yet."""
        submission = self.proposed(*lines)
        self.authorise(submission)
        return submission

    # step 8
    def hand_over(self, submission: SubmissionId) -> list[Package | str]:
        return list(pipeline.hand_over(self.gate, submission))

    def packages(self, submission: SubmissionId) -> list[Package]:
        return [p for p in self.hand_over(submission) if isinstance(p, Package)]

    def read(self, package: Package) -> Data:
        """What the engaged officer reads, opened with the officer's own age identity."""
        for identity in self.identities.values():
            try:
                clear = pyrage.decrypt(package.files["payload.age"], [load_age_identity(identity)])
            except pyrage.DecryptError:
                continue
            found: Data = json.loads(clear)
            return found
        raise AssertionError("sealed to nobody of the cast")

    def ack(self, package: Package, by: str = people.OFFICERS[0], **changes: Any) -> bytes:
        from lawgate.disclosure.seal import package_sha256

        answer = self.gate.memory.answer(package.answer)
        assert answer is not None
        body = {
            "answer": package.answer, "index": answer.index, "package_sha256": package_sha256(package.files),
            "received": scripts.moment(self.clock()),
        }  # fmt: skip
        return self.sign("ack", body | changes, by)

    # stops
    def order(
        self,
        scope: StopScope,
        subject: str = "",
        *,
        stop: str = "stop-1",
        by: str = people.COURT,
        person: Data | None = None,
    ) -> tuple[Stop, tuple[LoggedAnswer, ...]]:
        body = scripts.stop_body("order", stop, scope, subject, "No. 26-1, order of today", self.clock())
        if person is not None:
            body["person"] = {"name": person["name"], "address": person["address"]}
        return stop_orders.order_stop(self.gate, self.sign("stop", body, by))

    def lift(self, stop: str = "stop-1", by: str = people.COURT) -> Stop:
        body = {
            "act": "lift", "stop": stop, "authority": "No. 26-1, second order", "made": scripts.moment(self.clock()),
        }  # fmt: skip
        return stop_orders.lift_stop(self.gate, self.sign("stop", body, by))

    # what the home says
    def log(self) -> Mapping[str, int]:
        """How many entries of each type the published log holds, after recomputing all of it."""
        return verify_log(self.gate.tiles, self.gate.policy).entries_by_type

    def with_witnesses(self, count: int) -> House:
        """The same home while only so many of its witnesses can be reached."""
        return replace(self, gate=replace(self.gate, witnesses=self.gate.witnesses[:count]))

    def every_byte(self) -> Iterator[tuple[str, bytes]]:
        for path in sorted(self.home.rglob("*")):
            if path.is_file():
                yield str(path.relative_to(self.home)), path.read_bytes()


@dataclass(frozen=True)
class Prepared:
    home: Path
    cast: Mapping[str, Ed25519PrivateKey]
    identities: Mapping[str, Path]

    def house(self, folder: Path, clock: Clock, settings: str = "") -> House:
        """A copy of the home, opened; ``settings`` replace its own."""
        home = folder / "home"
        shutil.copytree(self.home, home)
        if settings:
            (home / wiring.SETTINGS_FILE).write_text(settings)
        gate = wiring.open_home(home, clock)
        engine = open_index(home / wiring.RECORDS, wiring.home_secret(home, "records"))
        return House(
            home, clock, self.cast, self.identities, replace(gate, open_records=lambda: engine), engine
        )


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """A home that knows the cast; in its index are the neighbours, and the people whom the deficient submissions name."""
    folder = tmp_path_factory.mktemp("prepared")
    settings = folder / "lawgate.toml"
    settings.write_text(rehearsal_settings())
    home, clock = folder / "home", Clock(START - timedelta(days=1))
    wiring.create_home(home, settings, clock)
    records = folder / "records.csv"
    _write_rows(records)
    wiring.index_records(home, [records])
    gate = wiring.open_home(home, clock)
    for entry in people.standing_entries():
        register.add_standing(gate, entry)
    cast, identities = {}, {}
    for who in people.CAST:
        key, identity = folder / f"{who.key_name}.pem", folder / f"{who.key_name}.age"
        public, recipient = wiring.new_person_key(key, identity if who.location else None)
        register.enrol_key(gate, people.enrolled(who, public, clock(), recipient))
        cast[who.person] = load_key(key)
        if recipient:
            identities[who.person] = identity
    _close()
    return Prepared(home, cast, identities)


def _write_rows(path: Path) -> None:
    named = {one.record_id for one in people_to_name()}
    every = (row for table in RecordSource(RECORDS).batches() for row in table.to_pylist())
    shipped = (row for row in every if row["record_id"] in named)
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, COLUMNS)
        writer.writeheader()
        writer.writerows([*shipped, *(row for who in NEIGHBOURS for row in _filings(who))])


def _close() -> None:
    from lawgate.store.open import close_database

    close_database()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def house(prepared: Prepared, tmp_path: Path, clock: Clock) -> Iterator[House]:
    yield prepared.house(tmp_path, clock)
    _close()


@pytest.fixture
def strict_house(prepared: Prepared, tmp_path: Path, clock: Clock) -> Iterator[House]:
    """The same home, register and keys included, but its settings allow no scripts."""
    settings = rehearsal_settings().replace("scripted_people = true", "scripted_people = false")
    yield prepared.house(tmp_path, clock, settings)
    _close()
