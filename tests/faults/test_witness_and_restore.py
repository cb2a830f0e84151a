"""A witness away, a memory lost, a backup restored, a fork: requests are kept, nothing is signed or sent on a doubtful log (I-6)."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import django
import pytest

from lawgate import pipeline, places, stop_orders, wiring
from lawgate.adapters.key_files import load_key
from lawgate.adapters.submission_files import read_submission
from lawgate.domain.errors import LedgerError, QuorumError, RecordEngineError
from lawgate.domain.steps import Package, SubmissionId
from lawgate.domain.stop import StopScope
from lawgate.evidence.envelope import sign
from lawgate.gate import Gate, heartbeat
from lawgate.ledger import audit
from lawgate.oversight.survey import reconcile_home
from lawgate.rehearsal import people, scripts
from lawgate.store.open import close_database


def original(gate: Gate, submission: SubmissionId) -> dict[str, bytes]:
    """The files of a submission as they were sent."""
    sent = gate.originals.sent(submission)
    return {name: b"".join(sent.read(name)) for name in sent.digests}


NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
ANSWERS = 4
Copy = Callable[..., Path]


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lawgate.django_settings")
    django.setup()
    yield
    close_database()


def opened(world: Path) -> Gate:
    return wiring.open_home(world / "home", lambda: NOW)


def signed(world: Path, name: str) -> bytes:
    return (world / "signed" / name).read_bytes()


def only(gate: Gate) -> SubmissionId:
    (summary,) = gate.memory.summaries()
    return summary.submission


def looked_at(gate: Gate, world: Path) -> SubmissionId:
    """Play up to the sample, all witnesses there."""
    number = pipeline.receive(gate, read_submission(world / "submission")).submission
    pipeline.decide(gate, number, signed(world, "submission-decision"))
    for person in (people.DISCLOSURE_OFFICER, people.COUNSEL):
        pipeline.look_at_sample(gate, number, signed(world, f"submission-sample-{person}"))
    return number


def packages(gate: Gate, number: SubmissionId) -> list[Package]:
    """What leaves now; a log that is in doubt lets nothing leave."""
    left = []
    try:
        for outcome in pipeline.hand_over(gate, number):
            left += [outcome] if isinstance(outcome, Package) else []
    except LedgerError:
        pass
    return left


def checkpoint(world: Path) -> bytes:
    return (world / "home" / places.LEDGER / "checkpoint").read_bytes()


class Away:
    """A witness that cannot be reached: what stands for its lock cannot be opened."""

    error = QuorumError

    def __init__(self, world: Path) -> None:
        self.lock = world / "home" / "witnesses" / "2" / "lock"

    def breaks(self) -> None:
        self.lock.unlink(missing_ok=True)
        self.lock.mkdir()

    def returns(self) -> None:
        self.lock.rmdir()


class Forgetful:
    """A witness whose memory is gone until it is brought back."""

    error = LedgerError

    def __init__(self, world: Path) -> None:
        self.memory = world / "home" / "witnesses" / "2" / "last-seen"

    def breaks(self) -> None:
        self.memory.rename(self.memory.with_name("kept-elsewhere"))

    def returns(self) -> None:
        self.memory.with_name("kept-elsewhere").rename(self.memory)


FAILING = pytest.mark.parametrize("failing", [Away, Forgetful])


@FAILING
def test_a_request_is_recorded_while_a_witness_fails_and_published_when_it_returns(
    copied: Copy, failing: type[Away] | type[Forgetful]
) -> None:
    world = copied("begun")
    gate, witness = opened(world), failing(world)
    files, before = read_submission(world / "submission"), checkpoint(world)
    witness.breaks()
    if failing is Forgetful:
        with pytest.raises(LedgerError, match="lost its memory"):
            pipeline.receive(gate, files)
    else:
        pipeline.receive(gate, files)
    number = only(gate)
    assert original(gate, number) == files
    assert checkpoint(world) == before

    with pytest.raises(failing.error):
        pipeline.decide(gate, number, signed(world, "submission-decision"))
    assert checkpoint(world) == before

    witness.returns()
    assert pipeline.receive(gate, files).submission == number
    pipeline.decide(gate, number, signed(world, "submission-decision"))
    assert gate.memory.tally().lookups == ANSWERS
    assert checkpoint(world) != before
    assert audit.verify_log(gate.tiles, gate.policy).entries_by_type["submission"] == 1
    assert reconcile_home(gate).exact


@FAILING
def test_nothing_can_be_handed_over_while_a_witness_fails_and_the_same_command_finishes_later(
    copied: Copy, failing: type[Away] | type[Forgetful]
) -> None:
    world = copied("begun")
    gate, witness = opened(world), failing(world)
    number = looked_at(gate, world)
    witness.breaks()
    with pytest.raises(failing.error):
        pipeline.authorise(gate, number, signed(world, "submission-authorisation"))
    assert len(gate.memory.logged(number)) == ANSWERS, "logged, and waiting for the witnesses"
    if failing is Away:
        assert list(pipeline.hand_over(gate, number)) == ["903"] * ANSWERS
    assert packages(gate, number) == []
    assert gate.memory.tally().handed_over == 0

    witness.returns()
    pipeline.authorise(gate, number, signed(world, "submission-authorisation"))
    assert len(packages(gate, number)) == ANSWERS
    assert audit.verify_log(gate.tiles, gate.policy).entries_by_type["answer"] == ANSWERS
    assert reconcile_home(gate).exact


def test_answers_logged_without_a_quorum_leave_once_the_witness_is_back_without_a_second_authorisation(
    copied: Copy,
) -> None:
    """At the command line nobody can authorise again what no longer waits; collecting the answers has to be enough."""
    world = copied("begun")
    gate, witness = opened(world), Away(world)
    number = looked_at(gate, world)
    witness.breaks()
    with pytest.raises(QuorumError):
        pipeline.authorise(gate, number, signed(world, "submission-authorisation"))
    witness.returns()
    assert len(packages(gate, number)) == ANSWERS


class NoIndex:
    """The index of records is away: a decision can be kept and nobody can be looked up, as after a crash between the two."""

    def __init__(self, world: Path) -> None:
        self.index = world / "home" / wiring.RECORDS

    def breaks(self) -> None:
        self.index.rename(self.index.with_name("kept-elsewhere"))

    def returns(self) -> None:
        self.index.with_name("kept-elsewhere").rename(self.index)


def decided_without_index(gate: Gate, world: Path) -> tuple[SubmissionId, NoIndex]:
    number = pipeline.receive(gate, read_submission(world / "submission")).submission
    index = NoIndex(world)
    index.breaks()
    with pytest.raises(RecordEngineError):
        pipeline.decide(gate, number, signed(world, "submission-decision"))
    assert (gate.memory.tally().approved, gate.memory.tally().lookups) == (ANSWERS, 0)
    assert reconcile_home(gate).exact
    return number, index


def test_look_ups_left_undone_after_a_decision_are_made_later_without_a_second_decision(copied: Copy) -> None:
    world = copied("begun")
    gate = opened(world)
    number, index = decided_without_index(gate, world)
    index.returns()
    pipeline.catch_up(gate, number)
    pipeline.catch_up(gate, number)
    assert gate.memory.tally().lookups == ANSWERS
    (batch,) = gate.memory.batches(number)
    assert len(batch.ordinals) == ANSWERS


def test_a_line_approved_before_a_stop_and_not_looked_up_yet_is_not_looked_up_under_it(copied: Copy) -> None:
    world = copied("begun")
    gate = opened(world)
    number, index = decided_without_index(gate, world)
    stop_orders.order_stop(gate, signed(world, "stop-stop"))
    index.returns()
    pipeline.decide(gate, number, signed(world, "submission-decision"))
    pipeline.catch_up(gate, number)
    assert gate.memory.tally().lookups == 0, "no record is touched under a stop"

    court = load_key(world / "keys" / f"{people.COURT}.pem")
    lift = scripts.stop_body("lift", "stop-1", StopScope.EVERYTHING, "", "scripted order 2", NOW)
    stop_orders.lift_stop(gate, sign("stop", lift, court))
    pipeline.catch_up(gate, number)
    assert gate.memory.tally().lookups == ANSWERS


# -- a backup restored, and a fork -------------------------------------------------------------------------------------


def copy_parts(source: Path, target: Path, parts: tuple[str, ...]) -> None:
    """Put parts of one home in the place of another's, as somebody who restores a backup does."""
    for part in parts:
        there = target / "home" / part
        if there.is_dir():
            shutil.rmtree(there)
        else:
            there.unlink(missing_ok=True)
        if (source / "home" / part).is_dir():
            shutil.copytree(source / "home" / part, there)
        elif (source / "home" / part).exists():
            shutil.copy2(source / "home" / part, there)


MEMORY = tuple(wiring.DATABASE + end for end in ("", "-wal", "-shm"))


@pytest.mark.parametrize(
    "parts",
    [(*MEMORY, places.LEDGER), MEMORY, (places.LEDGER,)],
    ids=["database and ledger", "database", "ledger"],
)
def test_a_restored_older_copy_signs_nothing_and_lets_nothing_leave(
    copied: Copy, parts: tuple[str, ...]
) -> None:
    """The answers of the backup were logged and cosigned; what it has forgotten is the stop that came after it."""
    backup, world = copied("logged", "backup"), copied("logged")
    gate = opened(world)
    number = only(gate)
    stop_orders.order_stop(gate, signed(world, "stop-stop"))
    heartbeat(gate)
    close_database()
    copy_parts(backup, world, parts)
    restored = opened(world)
    before, head = checkpoint(world), restored.memory.load_head()

    assert packages(restored, number) == []
    assert restored.memory.tally().handed_over == 0
    with pytest.raises(LedgerError):
        pipeline.receive(restored, read_submission(world / "another"))
    with pytest.raises(LedgerError):
        heartbeat(restored)
    assert restored.memory.load_head() == head, "nothing was signed"
    assert checkpoint(world) == before


def test_another_log_of_the_same_size_is_not_signed_on_and_lets_nothing_leave(copied: Copy) -> None:
    """One copy of the home received a stop and the other did not; the witnesses have seen the one that did."""
    world, fork = copied("logged"), copied("logged", "fork")
    stop_orders.order_stop(opened(world), signed(world, "stop-stop"))
    forked = opened(fork)
    heartbeat(forked)
    (_, size, root, *_), (_, forked_size, forked_root, *_) = (
        checkpoint(each).splitlines() for each in (world, fork)
    )
    assert (size, root != forked_root) == (forked_size, True)
    copy_parts(world, fork, ("witnesses",))
    before, head = checkpoint(fork), forked.memory.load_head()

    assert packages(forked, only(forked)) == []
    with pytest.raises(LedgerError, match="another log of the same size"):
        heartbeat(forked)
    assert (forked.memory.load_head(), checkpoint(fork)) == (head, before)
