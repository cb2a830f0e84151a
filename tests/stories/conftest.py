"""A real home, made once and copied for each story; scripted people play the nine steps in it, with a clock that stands still."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from invented.asks import RECENT, Ask, Pools, stated
from invented.record_source import write_records
from invented.town import Household, Person, Town, build_town
from lawgate import pipeline, register, wiring
from lawgate.domain.kept import LoggedAnswer, SubmissionSummary, letter_counts
from lawgate.domain.steps import AnswerKind, LineStatus, Package
from lawgate.evidence.envelope import sign
from lawgate.intake.compose import compose
from lawgate.intake.form import Form
from lawgate.rehearsal import people, play, scripts
from lawgate.rehearsal.people import CAST
from lawgate.rehearsal.reasons import FIRST_DEPARTURE, reason
from lawgate.rehearsal.stage import Stage, rehearsal_settings
from lawgate.rehearsal.submissions import COLUMNS, form_of, request_row, to_csv
from lawgate.store.open import close_database

BEGIN = datetime(2026, 6, 1, 9, 30, tzinfo=UTC)
HOUSEHOLDS = frozenset({"single", "couple", "two-surnames", "family", "flat"})
Row = dict[str, str]


@dataclass
class Clock:
    """The home's clock: it moves only when a story says so."""

    now: datetime = BEGIN

    def __call__(self) -> datetime:
        return self.now

    def later(self, **span: float) -> None:
        self.now += timedelta(**span)


class Story:
    """One story: who is asked about, what is sent, what people sign, and how it ends."""

    def __init__(self, stage: Stage, town: Town, clock: Clock) -> None:
        self.stage, self.town, self.clock = stage, town, clock
        self.pools = Pools(town)
        self.nonces = 0

    @property
    def gate(self) -> Any:
        return self.stage.gate

    def limit(self, **numbers: int | float) -> None:
        """Set limits of guard for this story, so that size can be scaled down."""
        self.stage = replace(self.stage, gate=replace(self.gate, limits=replace(self.gate.limits, **numbers)))

    def take(
        self, count: int, wanted: Callable[[Household, Person], bool] | None = None
    ) -> list[tuple[Household, Person]]:
        """Take people on record, each of another household, who filed for all the years asked about."""

        def usual(home: Household, person: Person) -> bool:
            return home.kind in HOUSEHOLDS and self.pools.settled(home, person)

        return list(self.pools.take(count, wanted or usual))

    def rows(
        self,
        whom: Sequence[tuple[Household, Person]],
        *,
        year: int = 2024,
        officers: Sequence[str] = people.OFFICERS,
        first: int = 0,
        **changes: str,
    ) -> list[Row]:
        """Write lines that are in order about these people, as they lived in a year; ``changes`` replace fields by dotted name."""
        asks = [Ask("", AnswerKind.NO_ANSWER, p, stated(p, h.dwelling(year)), RECENT) for h, p in whom]
        # Eleven apart, so that no two reasons of a short file share a half (they are put together from two).
        return [
            request_row(first + n, ask, officers)
            | {"reasons": reason((first + n) * 11 % FIRST_DEPARTURE)}
            | changes
            for n, ask in enumerate(asks)
        ]

    def compose(
        self,
        lines: Sequence[Mapping[str, str]],
        *,
        official: str = people.FRAUD_HEAD,
        office: str = "agency-head",
        officers: Sequence[str] = people.OFFICERS,
        without: Sequence[str] = (),
        **form: Any,
    ) -> dict[str, bytes]:
        names = [*COLUMNS, *(name for name in lines[0] if name not in COLUMNS)]
        columns = [n for n in names if n not in without and n in lines[0]]
        self.nonces += 1
        return compose(
            Form.model_validate(form_of(official, office) | form),
            to_csv(lines, columns),
            "lines.csv",
            self.stage.key(official),
            {person: self.stage.key(person) for person in officers},
            self.gate.now(),
            f"{self.nonces:032x}",
        )

    def send(self, lines: Sequence[Mapping[str, str]], **how: Any) -> SubmissionSummary:
        """Steps 1 to 3."""
        return pipeline.receive(self.gate, self.compose(lines, **how))

    def statuses(self, sent: SubmissionSummary) -> tuple[LineStatus, ...]:
        return tuple(self.gate.memory.statuses(sent.submission))

    def letters(self, sent: SubmissionSummary) -> dict[str, int]:
        return letter_counts(self.statuses(sent), waiting="waits")

    def codes(self, sent: SubmissionSummary) -> set[str]:
        return {code for status in self.statuses(sent) for code in status.codes}

    def decide(self, sent: SubmissionSummary, **how: Any) -> dict[str, int]:
        """Step 4 (and 5): the scripted officer decides; ``refuse`` and ``release`` name ordinals."""
        docket = self.gate.memory.docket(sent.submission)
        body = scripts.decision_body(sent.submission, docket, self.clock.now, **how)
        return pipeline.decide(
            self.gate, sent.submission, self.signed("decision", body, people.DISCLOSURE_OFFICER)
        )

    def signed(self, kind: str, body: Any, person: str) -> bytes:
        return sign(kind, body, self.stage.key(person))

    def sample(self, sent: SubmissionSummary, person: str, errors: Sequence[int] = ()) -> str:
        batch = self.gate.memory.batches(sent.submission)[-1]
        body = scripts.sample_body(sent.submission, batch.number, batch.sample, self.clock.now, errors)
        return pipeline.look_at_sample(self.gate, sent.submission, self.signed("sample", body, person))

    def authorise(self, sent: SubmissionSummary, person: str = people.RELEASING_OFFICER) -> dict[str, int]:
        batch = self.gate.memory.batches(sent.submission)[-1]
        body = scripts.authorisation_body(sent.submission, batch.number, batch.ordinals, self.clock.now)
        return pipeline.authorise(self.gate, sent.submission, self.signed("authorisation", body, person))

    def play(self, sent: SubmissionSummary, **how: Any) -> list[LoggedAnswer]:
        """Steps 4 to 7 with everybody doing their part; returns the logged answers in line order."""
        self.decide(sent, **how)
        play.release(self.stage, sent.submission)
        return self.logged(sent)

    def logged(self, sent: SubmissionSummary) -> list[LoggedAnswer]:
        return list(self.gate.memory.logged(sent.submission))

    def hand_over(self, sent: SubmissionSummary) -> list[Package | str]:
        return list(pipeline.hand_over(self.gate, sent.submission))

    def kinds(self, sent: SubmissionSummary) -> str:
        return "".join(a.authorised.proposed.kind.value for a in self.logged(sent))

    def determination(self, sent: SubmissionSummary) -> str:
        """What the requester gets to see."""
        return "".join(objects for objects, _ in pipeline.determination(self.gate, sent.submission).records)

    def log_text(self) -> str:
        memory = self.gate.memory
        return "\n".join(raw.decode() for raw in memory.entries(0, memory.size()))

    def end_with_nothing(self, sent: SubmissionSummary) -> None:
        """No record was looked at, nothing was accounted because nothing left, and the requester is told of no answer."""
        tally = self.gate.memory.tally()
        assert (tally.lookups, tally.answers, tally.accounting_rows, tally.handed_over) == (0, 0, 0, 0)
        if not sent.rejected_code:
            assert self.hand_over(sent) == []
            assert Counter(s.disposition.value for s in self.statuses(sent))["A"] == 0


@pytest.fixture(scope="session")
def town() -> Town:
    return build_town()


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory, town: Town) -> Path:
    """Make the home that every story's is a copy of: records indexed, cast registered."""
    folder = tmp_path_factory.mktemp("prepared")
    settings = folder / "lawgate.toml"
    settings.write_text(rehearsal_settings(), encoding="utf-8")
    home = folder / "home"
    wiring.create_home(home, settings, Clock())
    write_records(folder / "records.csv", town)
    wiring.index_records(home, [folder / "records.csv"])
    gate = wiring.open_home(home, Clock())
    for entry in people.standing_entries():
        register.add_standing(gate, entry)
    keys = folder / "demo-keys"
    keys.mkdir(mode=0o700)
    for who in CAST:
        public, recipient = wiring.new_person_key(
            keys / f"{who.key_name}.pem", keys / f"{who.key_name}.age" if who.location else None
        )
        register.enrol_key(gate, people.enrolled(who, public, BEGIN, recipient))
    close_database()
    return folder


@pytest.fixture
def another(prepared: Path, town: Town, tmp_path: Path) -> Iterator[Callable[[str], Story]]:
    """Open a copy of the prepared home under a name; opening another one closes it."""

    def opened(name: str) -> Story:
        folder, clock = tmp_path / name, Clock()
        close_database()
        shutil.copytree(prepared, folder)
        keys = folder / "demo-keys"
        stage = Stage(
            folder,
            folder / "home",
            wiring.open_home(folder / "home", clock),
            {who.person: keys / f"{who.key_name}.pem" for who in CAST},
            {who.person: keys / f"{who.key_name}.age" for who in CAST if who.location},
        )
        return Story(stage, town, clock)

    yield opened
    close_database()


@pytest.fixture
def story(another: Callable[[str], Story]) -> Story:
    return another("story")
