"""Each promise of ``domain.kept.Memory``, kept on a real SQLite file with real encryption."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.core.management import call_command

from lawgate.adapters.key_store import KeyVault
from lawgate.domain.errors import StoreError
from lawgate.domain.finding import Outcome
from lawgate.domain.kept import Ack, AnswerDraft, Batch, Memory, Owed, SampleReview, Slot, letter_counts
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
    AnswerKind,
    Disposition,
    LineState,
    Rejected,
    SignedDecision,
    SubmissionId,
)
from lawgate.domain.stop import Stop, StopScope
from lawgate.store.open import open_database

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
DAY = date(2026, 1, 1)

AGENCY = Agency("agency-one", "Agency One", True, DAY)
HOLDER = OfficeHolder("agency-one", "agency-head", "official-1", "Obadiah Quillfeather", DAY)
AGREEMENT = Agreement("agreement-1", "agency-one", "usc26_6103_i_2", 1000, DAY, date(2027, 1, 1))
SAFEGUARD = Safeguard("agency-one", SafeguardStatus.ACCEPTED, "review 7", DAY)
KEY = EnrolledKey(
    "a" * 32,
    "b" * 64,
    "officer-1",
    "agency-one",
    Role.ENGAGED_OFFICER,
    NOW,
    recipient="age1xyz",
    custodian="Obadiah",
    location="custody cabinet 4",
)
ENTRIES = (AGENCY, HOLDER, AGREEMENT, SAFEGUARD)


def a_stop(entry: bytes, **changes: Any) -> Stop:
    order = Stop(
        "stop-1",
        StopScope.AGENCY,
        "agency-one",
        "In re Quillfeather",
        "judge-1",
        hashlib.sha256(entry).hexdigest(),
        NOW,
    )
    return replace(order, **changes)


# -- the register -------------------------------------------------------------------------------------------------------


def test_the_register_is_read_back_as_it_was_entered(memory: Memory) -> None:
    for entry in ENTRIES:
        memory.keep_standing(entry, [])
    memory.keep_key(KEY, [])
    assert memory.standing() == Standing((AGENCY,), (HOLDER,), (AGREEMENT,), (SAFEGUARD,), (KEY,))


@pytest.mark.parametrize("kept", ENTRIES)
def test_the_same_register_entry_again_changes_nothing(
    memory: Memory, entry: Callable[..., bytes], kept: Any
) -> None:
    memory.keep_standing(kept, [entry("standing")])
    before = memory.standing()
    memory.keep_standing(kept, [entry("standing")])
    assert (memory.standing(), memory.size()) == (before, 1)


@pytest.mark.parametrize(
    ("kept", "like"),
    [
        (AGENCY, replace(AGENCY, justice=False)),
        (HOLDER, replace(HOLDER, name="Somebody Else")),
        (AGREEMENT, replace(AGREEMENT, max_lines=10**6)),
        (AGREEMENT, replace(AGREEMENT, until=date(2026, 6, 1))),
        (SAFEGUARD, replace(SAFEGUARD, status=SafeguardStatus.REFUSED)),
    ],
)
def test_an_entry_with_other_particulars_from_the_same_day_is_refused(
    memory: Memory, kept: Any, like: Any
) -> None:
    memory.keep_standing(kept, [])
    with pytest.raises(StoreError, match="other particulars"):
        memory.keep_standing(like, [])


@pytest.mark.parametrize("kept", ENTRIES)
def test_an_ended_entry_stays_in_the_history_and_its_first_end_stands(
    memory: Memory, entry: Callable[..., bytes], kept: Any
) -> None:
    memory.keep_standing(kept, [])
    for until in (date(2026, 5, 1), date(2026, 5, 1), date(2026, 8, 1)):
        memory.end_standing(kept, until, [entry("standing")])
    register = memory.standing()
    ended = (*register.agencies, *register.offices, *register.agreements, *register.safeguards)
    assert ended == (replace(kept, until=date(2026, 5, 1)),)
    assert memory.size() == 1
    memory.keep_standing(kept, [entry("standing")])
    assert memory.standing() == register, "adding it again does not open it again"


def test_ending_what_was_never_entered_or_before_it_began_is_refused(memory: Memory) -> None:
    with pytest.raises(StoreError):
        memory.end_standing(AGENCY, date(2026, 5, 1), [])
    memory.keep_standing(AGENCY, [])
    with pytest.raises(StoreError):
        memory.end_standing(AGENCY, date(2025, 5, 1), [])


def test_a_key_enrolled_again_with_other_particulars_is_refused(
    memory: Memory, entry: Callable[..., bytes]
) -> None:
    memory.keep_key(KEY, [entry("key")])
    memory.keep_key(KEY, [entry("key")])
    assert memory.size() == 1
    for other in (replace(KEY, role=Role.COURT), replace(KEY, location="elsewhere")):
        with pytest.raises(StoreError, match="other particulars"):
            memory.keep_key(other, [])


def test_an_earlier_revocation_stands(memory: Memory, entry: Callable[..., bytes]) -> None:
    memory.keep_key(KEY, [])
    memory.revoke_key(KEY.keyid, LATER, [entry("key")])
    memory.revoke_key(KEY.keyid, LATER + timedelta(days=1), [entry("key")])
    assert memory.standing().keys[0].until == LATER
    assert memory.size() == 1
    memory.revoke_key(KEY.keyid, NOW + timedelta(hours=1), [entry("key")])
    assert memory.standing().keys[0].until == NOW + timedelta(hours=1)
    memory.keep_key(KEY, [])
    assert memory.standing().keys[0].until is not None, "enrolling again does not undo a revocation"


def test_what_another_process_changes_in_the_register_is_seen_at_the_next_reading(
    memory: Memory, vault: Any, entry: Callable[..., bytes]
) -> None:
    from lawgate.store.memory import memory_on

    elsewhere = memory_on(vault)
    memory.keep_key(KEY, [entry("key")])
    before = memory.standing()
    assert memory.standing() == before
    elsewhere.revoke_key(KEY.keyid, LATER, [entry("key")])
    assert memory.standing().keys == (replace(KEY, until=LATER),)
    elsewhere.keep_standing(AGENCY, [entry("standing")])
    assert memory.standing().agencies == (AGENCY,)
    vault.erase("register")
    with pytest.raises(StoreError):
        memory.standing()


def test_a_revocation_over_another_connection_bites_at_the_next_reading_in_every_thread(
    memory: Memory, vault: Any, entry: Callable[..., bytes]
) -> None:
    from django.db import connections

    from lawgate.store.memory import memory_on

    def revoke() -> None:
        memory_on(vault).revoke_key(KEY.keyid, LATER, [entry("key")])
        connections.close_all()

    memory.keep_key(KEY, [entry("key")])
    with ThreadPoolExecutor(1) as reader:
        for thread in (reader.submit(memory.standing), reader.submit(memory.standing)):
            assert thread.result().keys == memory.standing().keys == (KEY,)
        writer = Thread(target=revoke)
        writer.start()
        writer.join()
        assert memory.standing().keys == (replace(KEY, until=LATER),)
        assert reader.submit(memory.standing).result().keys == (replace(KEY, until=LATER),)
        reader.submit(connections.close_all).result()


def test_what_is_not_committed_is_not_remembered(memory: Memory, entry: Callable[..., bytes]) -> None:
    from lawgate.store.models import Key
    from lawgate.store.transaction import one_transaction

    memory.keep_key(KEY, [entry("key")])

    def undo() -> None:
        with one_transaction("try"):
            Key.objects.update(until=LATER)
            assert memory.standing().keys == (replace(KEY, until=LATER),)
            raise RuntimeError("undone")

    with pytest.raises(RuntimeError, match="undone"):
        undo()
    assert memory.standing().keys == (KEY,)


def test_revoking_an_unknown_key_is_refused(memory: Memory) -> None:
    with pytest.raises(StoreError):
        memory.revoke_key("0" * 32, NOW, [])


# -- stops --------------------------------------------------------------------------------------------------------------


def test_a_stop_is_kept_once_and_lifted_by_a_second_order_only(
    memory: Memory, entry: Callable[..., bytes]
) -> None:
    stop = a_stop(b"order")
    memory.keep_stop(stop, b"order", [entry("stop", act="order")])
    memory.keep_stop(stop, b"order", [entry("stop", act="order")])
    assert memory.stops() == (stop,)
    assert memory.kept_envelope(stop.envelope_sha256)
    with pytest.raises(StoreError):
        memory.lift_stop("stop-1", LATER, b"order", [])
    memory.lift_stop("stop-1", LATER, b"second order", [entry("stop", act="lift")])
    memory.lift_stop("stop-1", LATER + timedelta(days=1), b"third order", [entry("stop", act="lift")])
    (lifted,) = memory.stops()
    assert (lifted.lifted_at, lifted.bites_at(NOW), lifted.bites_at(LATER)) == (LATER, True, False)
    assert memory.size() == 2


def test_a_stop_whose_order_is_another_is_refused(memory: Memory) -> None:
    with pytest.raises(StoreError):
        memory.keep_stop(a_stop(b"order"), b"not the order", [])
    memory.keep_stop(a_stop(b"order"), b"order", [])
    with pytest.raises(StoreError):
        memory.keep_stop(a_stop(b"other"), b"other", [])
    with pytest.raises(StoreError):
        memory.lift_stop("stop-2", LATER, b"second order", [])


def test_stops_are_read_oldest_first(memory: Memory) -> None:
    memory.keep_stop(a_stop(b"new", id="new", received_at=LATER), b"new", [])
    memory.keep_stop(a_stop(b"old", id="old"), b"old", [])
    assert [s.id for s in memory.stops()] == ["old", "new"]


# -- steps 1 to 3 -------------------------------------------------------------------------------------------------------


def test_a_submission_is_read_back_as_it_was_kept(memory: Memory, case: Any) -> None:
    case.keep(memory)
    assert memory.received(case.submission) == case.received()
    assert memory.lines(case.submission) == case.lines()
    assert list(memory.statuses(case.submission)) == case.statuses()
    assert memory.docket(case.submission) == tuple(case.admit(n) for n in case.waiting())
    summary = memory.summary(case.submission)
    assert summary is not None
    assert (summary.line_count, summary.rejected_code, summary.agency) == (8, "", "agency-one")
    assert memory.summaries() == (summary,)


def test_the_same_submission_again_changes_nothing(memory: Memory, case: Any) -> None:
    case.keep(memory)
    case.decide(memory)
    before = (memory.statuses(case.submission), memory.tally())
    case.keep(memory)
    assert (memory.statuses(case.submission), memory.tally()) == before


def test_nothing_is_known_of_a_submission_that_was_not_kept(memory: Memory, case: Any) -> None:
    assert memory.summary(case.submission) is None
    assert memory.received(case.submission) is None
    assert memory.statuses(case.submission) == ()


def test_a_rejected_submission_is_kept_once_and_is_never_received(memory: Memory, case: Any) -> None:
    received = case.received()
    rejected = Rejected(case.submission, received.manifest_sha256, "506", "The signature.", None, NOW)
    leaf = b'{"type":"submission"}'
    memory.keep_rejected(rejected, [leaf])
    memory.keep_rejected(rejected, [leaf])
    assert memory.size() == 1
    assert memory.received(case.submission) is None
    summary = memory.summary(case.submission)
    assert summary is not None
    assert (summary.rejected_code, summary.agency, summary.line_count) == ("506", "", 0)
    with pytest.raises(StoreError, match="another outcome"):
        case.keep(memory)


def test_a_line_without_a_status_is_refused_and_nothing_is_kept(
    memory: Memory, case: Any, vault: Any
) -> None:
    statuses = case.statuses()
    ahead = replace(statuses[0], state=LineState.APPROVED)
    foreign = replace(statuses[0], submission=SubmissionId("Z" * 16))
    more = [*statuses, replace(statuses[-1], ordinal=9)]
    case.arrive(memory, vault)
    for wrong in (statuses[:-1], more, statuses[::-1], [ahead, *statuses[1:]], [foreign, *statuses[1:]]):
        with pytest.raises(StoreError):
            case.make_whole(memory, wrong)
    assert memory.summary(case.submission) is None
    assert memory.size() == 0


def test_a_line_that_never_came_is_missed_when_the_submission_is_made_whole(
    memory: Memory, case: Any, vault: Any
) -> None:
    vault.new_key(case.submission)
    memory.begin_arrival()
    with pytest.raises(StoreError, match="not those of the lines"):
        case.make_whole(memory)
    assert memory.summary(case.submission) is None


def test_a_submission_is_seen_by_nobody_until_it_is_whole(memory: Memory, case: Any, vault: Any) -> None:
    before = memory.tally()
    case.arrive(memory, vault)
    assert memory.tally() == before
    assert memory.summary(case.submission) is None
    assert memory.summaries() == ()
    assert memory.statuses(case.submission) == memory.lines(case.submission) == ()
    assert memory.docket(case.submission) == ()
    assert list(memory.arrived(case.submission)) == [
        (1, b"found about 3"), (4, b"found about 3"), (7, b"found about 2"),
    ]  # fmt: skip


def test_what_an_arrival_broke_off_left_is_gone_when_the_next_begins(
    memory: Memory, case: Any, other: Any, vault: Any
) -> None:
    case.keep(memory)
    lines = memory.lines(case.submission)
    other.arrive(memory, vault, 2)
    other.keep(memory)
    assert memory.lines(other.submission) == other.lines()
    assert memory.lines(case.submission) == lines
    assert list(memory.arrived(other.submission)) == []


def test_a_bad_leaf_undoes_the_whole_submission(memory: Memory, case: Any, vault: Any) -> None:
    case.arrive(memory, vault)
    for bad in (b"", b"{}", b"[]", b"\xff", b'{"type":"x","pad":"' + b"y" * 4096 + b'"}'):
        with pytest.raises(StoreError):
            case.make_whole(memory, leaves=[bad])
    tally = memory.tally()
    assert (tally.submissions, tally.lines, tally.entries) == (0, 0, 0)


def test_traces_are_counted_by_mark_agency_and_moment(memory: Memory, case: Any, other: Any) -> None:
    case.keep(memory)
    other.keep(memory)
    received_at = case.received().received_at
    one, nobody = b"f" * 16, b"0" * 16
    assert memory.count_traces("address", [one, nobody], None, received_at) == {one: 7 + 5}
    assert memory.count_traces("address", [one], "agency-two", received_at) == {}
    assert memory.count_traces("address", [one], None, received_at + timedelta(seconds=1)) == {}
    assert memory.count_traces("line", [b"d" * 16], "agency-one", received_at) == {b"d" * 16: 2}
    assert memory.count_traces("case", [one], None, received_at) == {}
    many = [n.to_bytes(16, "big") for n in range(3000)]
    assert memory.count_traces("line", many, None, received_at) == {}
    with pytest.raises(StoreError, match="no such kind"):
        memory.count_traces("name", [one], None, received_at)


# -- step 4 -------------------------------------------------------------------------------------------------------------


def test_a_decision_moves_the_lines_it_names_and_no_other(memory: Memory, case: Any) -> None:
    case.keep(memory)
    decision = case.signed(b"mixed")
    memory.keep_decision(
        case.submission, decision, b"mixed", [case.approve(3, decision)], [case.closed(2)], []
    )
    assert memory.approved(case.submission) == (case.approve(3, decision),)
    by_ordinal = {s.ordinal: s for s in memory.statuses(case.submission)}
    assert by_ordinal[2] == case.closed(2)
    assert by_ordinal[3].state is LineState.APPROVED
    assert [a.checked.line.ordinal for a in memory.docket(case.submission)] == [1, 4, 5, 6]


def test_the_same_decision_again_changes_nothing(memory: Memory, case: Any) -> None:
    case.keep(memory)
    assert memory.determination_batches(case.submission) == 0
    decision = case.decide(memory)
    before = (memory.statuses(case.submission), memory.size())
    case.decide(memory)
    assert (memory.statuses(case.submission), memory.size()) == before
    assert memory.kept_envelope(decision.sha256)
    assert memory.determination_batches(case.submission) == 1


@pytest.mark.parametrize("ordinals", [[1], [7], [8], [99], [2, 2]])
def test_a_decision_on_a_line_in_another_state_is_refused_whole(
    memory: Memory, case: Any, ordinals: list[int]
) -> None:
    case.keep(memory)
    case.decide(memory, [1])
    before = (memory.statuses(case.submission), memory.tally())
    decision = case.signed(b"second")
    approvals = [replace(case.approve(1, decision), line=case.line(n)) for n in (4, *ordinals)]
    with pytest.raises(StoreError):
        memory.keep_decision(case.submission, decision, b"second", approvals, [], [])
    assert (memory.statuses(case.submission), memory.tally()) == before
    assert not memory.kept_envelope(decision.sha256)


def test_an_approval_of_other_words_than_were_received_is_refused(memory: Memory, case: Any) -> None:
    case.keep(memory)
    decision = case.signed(b"envelope")
    swapped = replace(case.approve(1, decision), line=replace(case.line(1), data={"request_key": "x"}))
    elsewhere = replace(case.approve(1, decision), decision=case.signed(b"another"))
    for wrong in (swapped, elsewhere):
        with pytest.raises(StoreError):
            memory.keep_decision(case.submission, decision, b"envelope", [wrong], [], [])
    with pytest.raises(StoreError):
        memory.keep_decision(case.submission, decision, b"other bytes", [], [], [])


# -- steps 5 and 6 ------------------------------------------------------------------------------------------------------


def test_each_line_is_looked_up_once(memory: Memory, case: Any) -> None:
    case.keep(memory)
    decision = case.decide(memory)
    proposed = case.look_up(memory)
    assert memory.proposals(case.submission) == tuple(proposed)
    assert memory.approved(case.submission) == ()
    other_outcome = [replace(p, kind=AnswerKind.NO_ANSWER, fields={}) for p in proposed]
    memory.keep_lookups(other_outcome, LATER)
    assert memory.proposals(case.submission) == tuple(proposed), "the first look-up stands"
    assert memory.tally().lookups == 6
    refused = case.propose(case.approve(7, decision))
    with pytest.raises(StoreError):
        memory.keep_lookups([refused], NOW)


def test_a_look_up_that_does_not_rest_on_the_kept_approval_is_refused(memory: Memory, case: Any) -> None:
    case.keep(memory)
    case.decide(memory)
    (first, *_) = memory.approved(case.submission)
    wider = case.propose(replace(first, periods=(2021, 2022)))
    with pytest.raises(StoreError, match="does not rest"):
        memory.keep_lookups([wider], NOW)
    assert memory.tally().lookups == 0


def test_a_batch_takes_proposed_lines_that_are_in_none(memory: Memory, case: Any) -> None:
    case.keep(memory)
    case.decide(memory, [1, 2, 3])
    case.look_up(memory)
    first = Batch(case.submission, 1, "seed", (2, 1), (1,))
    memory.keep_batch(first)
    memory.keep_batch(first)
    assert memory.batches(case.submission) == (first,)
    for wrong in (
        Batch(case.submission, 1, "seed", (3,), (3,)),
        Batch(case.submission, 2, "seed", (1, 3), ()),
        Batch(case.submission, 2, "seed", (4,), ()),
        Batch(case.submission, 2, "seed", (3,), (2,)),
    ):
        with pytest.raises(StoreError):
            memory.keep_batch(wrong)
    second = Batch(case.submission, 2, "seed", (3,), (3,))
    memory.keep_batch(second)
    assert memory.batches(case.submission) == (first, second)


def test_a_person_looks_at_a_sample_once(memory: Memory, case: Any) -> None:
    case.keep(memory)
    case.decide(memory)
    case.look_up(memory)
    memory.keep_batch(Batch(case.submission, 1, "seed", (1, 2), (1,)))
    look = SampleReview(case.submission, 1, case.signed(b"look", "reviewer-1"), ())
    memory.keep_sample_review(look, b"look")
    memory.keep_sample_review(look, b"look")
    again = SampleReview(case.submission, 1, case.signed(b"again", "reviewer-1"), (1,))
    with pytest.raises(StoreError):
        memory.keep_sample_review(again, b"again")
    second = SampleReview(case.submission, 1, case.signed(b"look 2", "reviewer-2"), (1,))
    memory.keep_sample_review(second, b"look 2")
    assert memory.sample_reviews(case.submission, 1) == (look, second)
    assert memory.sample_reviews(case.submission, 2) == ()
    with pytest.raises(StoreError):
        memory.keep_sample_review(replace(second, number=2, review=case.signed(b"3", "r3")), b"3")


# -- step 7 -------------------------------------------------------------------------------------------------------------


def slots_of(drafts: list[AnswerDraft], seen: list[Slot]) -> list[AnswerDraft]:
    """Have each draft note the slot that it was built for."""

    def noting(draft: AnswerDraft) -> AnswerDraft:
        def build(slot: Slot) -> bytes:
            seen.append(slot)
            return draft.build(slot)

        return replace(draft, build=build)

    return [noting(d) for d in drafts]


def test_answers_are_logged_in_one_motion_and_read_back_the_same(memory: Memory, case: Any) -> None:
    drafts = case.walk(memory)
    logged = memory.logged(case.submission)
    assert [(a.answer, a.authorised, a.enclosed, a.accounting_salt, a.accounting) for a in logged] == [
        (d.answer, d.authorised, d.enclosed, d.accounting_salt, d.accounting) for d in drafts
    ]
    assert memory.accounting() == tuple(d.accounting for d in drafts)
    assert memory.answer(drafts[2].answer) == logged[2]
    assert memory.answer("0" * 32) is None
    for answer, body in zip(logged, memory.entries(2, 8), strict=True):
        assert answer.answer.encode() in body
    for status in memory.statuses(case.submission)[:6]:
        assert (status.state, status.disposition, status.codes) == (
            LineState.LOGGED,
            Disposition.ANSWERED,
            (),
        )


def test_slots_count_indexes_sequences_and_stops(
    memory: Memory, case: Any, other: Any, entry: Callable[..., bytes]
) -> None:
    other.recipient = "b" * 32
    other.walk(memory)  # submission, determinations, 4 answers, determinations: entries 0 to 6
    memory.append([entry("stop", act="order"), entry("stop", act="lift"), entry("heartbeat")])
    case.keep(memory)
    case.decide(memory)
    proposed = case.look_up(memory)
    seen: list[Slot] = []
    for part in (proposed[:2], proposed[2:4]):
        envelope = f"authorisation {part[0].matched.approved.line.ordinal}".encode()
        signed = case.signed(envelope, "authoriser-1")
        drafts = slots_of([case.draft(p, signed) for p in part], seen)
        memory.log_answers(case.submission, signed, envelope, drafts, [entry("determinations")])
    assert seen == [
        Slot(12, 1, None, 2),
        Slot(13, 2, 12, 2),
        Slot(15, 3, 13, 2),
        Slot(16, 4, 15, 2),
    ]
    assert [(a.index, a.sequence) for a in memory.logged(case.submission)] == [
        (s.index, s.sequence) for s in seen
    ]


def test_logging_again_changes_nothing_and_builds_nothing(memory: Memory, case: Any) -> None:
    drafts = case.walk(memory)
    before = (memory.logged(case.submission), memory.tally())
    seen: list[Slot] = []
    signed = drafts[0].authorised.authorisation
    leaves = [b'{"type":"determinations"}']
    memory.log_answers(case.submission, signed, case.authorisation(), slots_of(drafts, seen), leaves)
    second = case.signed(b"a second authorisation", "authoriser-2")
    again = [case.draft(d.authorised.proposed, second) for d in drafts]
    memory.log_answers(case.submission, second, b"a second authorisation", slots_of(again, seen), leaves)
    assert seen == []
    assert (memory.logged(case.submission), memory.tally()) == before


def test_a_line_that_moved_on_is_skipped_and_the_rest_is_logged(memory: Memory, case: Any) -> None:
    case.keep(memory)
    case.decide(memory)
    proposed = case.look_up(memory)
    case.release(memory, proposed[:1])
    signed = case.signed(b"the rest", "authoriser-1")
    drafts = [case.draft(p, signed) for p in [*proposed, proposed[3]]]
    memory.log_answers(case.submission, signed, b"the rest", drafts[:-1], [])
    logged = memory.logged(case.submission)
    assert [a.sequence for a in logged] == [1, 2, 3, 4, 5, 6]
    assert logged[0].authorised.authorisation != signed
    with pytest.raises(StoreError):
        memory.log_answers(case.submission, case.signed(b"twice"), b"twice", drafts, [])


def test_a_withheld_answer_is_kept_as_it_was_authorised(memory: Memory, case: Any) -> None:
    case.keep(memory)
    case.decide(memory, [1])
    (proposed,) = case.look_up(memory)
    withheld = replace(proposed, kind=AnswerKind.NO_ANSWER, fields={}, reason="602")
    case.release(memory, [withheld])
    assert memory.logged(case.submission)[0].authorised.proposed == withheld


def test_a_failing_build_leaves_nothing_of_the_call(memory: Memory, case: Any) -> None:
    case.keep(memory)
    case.decide(memory)
    proposed = case.look_up(memory)
    before = (memory.statuses(case.submission), memory.tally())
    signed = case.signed(b"authorisation", "authoriser-1")

    def crash(slot: Slot) -> bytes:
        raise KeyboardInterrupt

    drafts = [case.draft(p, signed) for p in proposed]
    with pytest.raises(KeyboardInterrupt):
        memory.log_answers(
            case.submission, signed, b"authorisation", [*drafts[:-1], replace(drafts[-1], build=crash)], []
        )
    assert (memory.statuses(case.submission), memory.tally()) == before
    assert not memory.kept_envelope(signed.sha256)


def test_a_draft_that_does_not_rest_on_what_is_kept_is_refused(memory: Memory, case: Any) -> None:
    case.keep(memory)
    case.decide(memory, [1, 2])
    first, second = case.look_up(memory)
    signed = case.signed(b"authorisation", "authoriser-1")
    good = case.draft(first, signed)
    approved = first.matched.approved
    widened = replace(
        first, matched=replace(first.matched, approved=replace(approved, items=("address", "income")))
    )
    stranger = replace(approved, recipient_keyid="d" * 32)
    for wrong in (
        case.draft(widened, signed),
        case.draft(replace(first, matched=replace(first.matched, approved=stranger)), signed),
        case.draft(first, case.signed(b"another")),
        replace(good, accounting=case.draft(second, signed).accounting),
        replace(good, answer="1" * 32),
    ):
        with pytest.raises(StoreError):
            memory.log_answers(case.submission, signed, b"authorisation", [wrong], [])
    assert memory.tally().answers == 0


def test_a_line_never_proposed_is_not_answered(memory: Memory, case: Any) -> None:
    case.keep(memory)
    case.decide(memory, [1])
    (approved,) = memory.approved(case.submission)
    signed = case.signed(b"authorisation", "authoriser-1")
    draft = case.draft(case.propose(approved), signed)
    with pytest.raises(StoreError):
        memory.log_answers(case.submission, signed, b"authorisation", [draft], [])


# -- step 8 -------------------------------------------------------------------------------------------------------------


def test_the_first_hand_over_and_the_first_acknowledgement_stand(
    memory: Memory, case: Any, entry: Callable[..., bytes]
) -> None:
    answer = case.walk(memory)[0].answer
    size = memory.size()
    with pytest.raises(StoreError):
        memory.keep_acks([Ack(answer, b"ack", entry("ack"))], NOW)
    memory.keep_hand_overs([answer], NOW, Owed())
    memory.keep_hand_overs([answer], LATER, Owed())
    memory.keep_acks([Ack(answer, b"ack", entry("ack"))], LATER)
    memory.keep_acks([Ack(answer, b"ack", entry("ack"))], LATER + timedelta(days=1))
    memory.keep_acks([Ack(answer, b"another ack", entry("ack"))], LATER + timedelta(days=1))
    kept = memory.answer(answer)
    assert kept is not None
    assert (kept.handed_over_at, kept.acknowledged_at) == (NOW, LATER)
    assert memory.statuses(case.submission)[0].state is LineState.HANDED_OVER
    assert memory.size() == size + 1
    with pytest.raises(StoreError):
        memory.keep_hand_overs(["0" * 32], NOW, Owed())
    with pytest.raises(StoreError):
        memory.keep_acks([Ack("0" * 32, b"unknown", entry("ack"))], NOW)


# -- the log ------------------------------------------------------------------------------------------------------------


def test_entries_are_read_back_by_index(memory: Memory, entry: Callable[..., bytes]) -> None:
    bodies = [entry("heartbeat", entries=n) for n in range(300)]
    memory.append(bodies[:1])
    memory.append(bodies[1:])
    assert memory.size() == 300
    assert list(memory.entries(0, 300)) == bodies
    assert list(memory.entries(250, 260)) == bodies[250:260]
    assert list(memory.entries(299, 999)) == bodies[299:]
    assert list(memory.entries(5, 5)) == []


def test_a_changed_or_missing_entry_is_noticed(
    memory: Memory, database: Path, entry: Callable[..., bytes]
) -> None:
    from lawgate.store.models import Entry

    memory.append([entry("heartbeat", entries=n) for n in range(4)])
    Entry.objects.filter(index=2).update(body=b'{"type":"heartbeat"}')
    assert len(memory.entries(0, 2)) == 2
    with pytest.raises(StoreError, match="entry 2"):
        memory.entries(0, 4)
    Entry.objects.filter(index=1).delete()
    with pytest.raises(StoreError, match="entry 1"):
        memory.entries(0, 4)


def test_the_head_is_swapped_only_from_what_it_was(memory: Memory) -> None:
    assert memory.load_head() is None
    assert not memory.swap_head("something", "one")
    assert memory.swap_head(None, "one")
    assert not memory.swap_head(None, "two")
    assert not memory.swap_head("two", "three")
    assert memory.swap_head("one", "two")
    assert memory.load_head() == "two"


# -- counting, secrecy, erasure -----------------------------------------------------------------------------------------


def test_the_tally_agrees_with_the_rows(
    memory: Memory, case: Any, other: Any, entry: Callable[..., bytes]
) -> None:
    drafts = case.walk(memory)
    other.keep(memory)
    other.decide(memory, [1])
    rejected = Rejected(SubmissionId("REJECTED00000000"), "7" * 64, "102", "", "agency-one", NOW)
    memory.keep_rejected(rejected, [])
    memory.keep_hand_overs([drafts[0].answer], NOW, Owed())
    memory.keep_acks([Ack(drafts[0].answer, b"ack", entry("ack"))], NOW)
    tally = memory.tally()
    assert (tally.submissions, tally.lines, tally.approved) == (3, 14, 7)
    assert tally.lookups == tally.answers == tally.accounting_rows == len(memory.accounting()) == 6
    assert (tally.handed_over, tally.acknowledged, tally.entries) == (1, 1, memory.size())
    statuses = [*memory.statuses(case.submission), *memory.statuses(other.submission)]
    assert tally.by_disposition == letter_counts(statuses) == {"A": 6, "X": 2, "E": 2, "W": 4}


@pytest.mark.sqlite
def test_no_personal_data_stands_in_the_files(
    memory: Memory, database: Path, case: Any, markers: tuple[str, ...], entry: Callable[..., bytes]
) -> None:
    for register_entry in ENTRIES:
        memory.keep_standing(register_entry, [])
    memory.keep_key(KEY, [])
    memory.keep_stop(a_stop(b"order about Obadiah"), b"order about Obadiah", [])
    drafts = case.walk(memory)
    memory.keep_hand_overs([drafts[0].answer], NOW, Owed())
    memory.keep_acks([Ack(drafts[0].answer, b"ack, Obadiah", entry("ack"))], NOW)
    memory.keep_rejected(
        Rejected(SubmissionId("REJECTED00000000"), "7" * 64, "102", "Zebulon", None, NOW),
        [],
    )
    files = sorted(p for p in database.parent.iterdir() if p.name.startswith(database.name))
    assert [p.name for p in files] == [database.name + end for end in ("", "-shm", "-wal")]
    stored = b"".join(p.read_bytes() for p in files)
    assert b"agency-one" in stored, "the search looks where the rows are"
    assert [m for m in markers if m.encode() in stored] == []


def test_erasing_the_key_erases_the_data_and_leaves_log_tally_and_accounting(
    memory: Memory, vault: KeyVault, case: Any, other: Any
) -> None:
    drafts = case.walk(memory)
    other.walk(memory)
    before = (memory.tally(), memory.accounting(), memory.entries(0, memory.size()), memory.summaries())
    vault.erase(case.submission)
    for read in (memory.received, memory.lines, memory.statuses, memory.logged):
        with pytest.raises(StoreError):
            read(case.submission)
    with pytest.raises(StoreError):
        memory.answer(drafts[0].answer)
    assert (
        memory.tally(),
        memory.accounting(),
        memory.entries(0, memory.size()),
        memory.summaries(),
    ) == before
    assert memory.lines(other.submission) == other.lines()
    case.keep(memory)  # the same bytes again do not bring the key back
    with pytest.raises(StoreError):
        memory.received(case.submission)


def test_findings_are_kept_once_however_many_lines_have_them(memory: Memory, case: Any) -> None:
    from lawgate.store.models import FindingSet

    case.keep(memory)
    assert FindingSet.objects.count() == len({s.findings for s in case.statuses()}) == 3
    case.decide(memory)
    assert FindingSet.objects.count() == 4, "the answered findings of all approvals are one more"
    assert {a.findings for a in memory.approved(case.submission)} == {(case.finding(Outcome.MET),)}
    assert memory.statuses(case.submission)[0].findings == case.status(1).findings


def test_every_reading_can_be_cut_into_ranges_and_named_lines(memory: Memory, case: Any) -> None:
    from lawgate.domain.kept import line_ranges

    def pieces(read: Any, most: int) -> list[Any]:
        return [found for some in line_ranges(case.count, most) for found in read(case.submission, some)]

    def agree(read: Any) -> None:
        whole = list(read(case.submission))
        assert whole
        for most in (1, 3, case.count, case.count + 5):
            assert pieces(read, most) == whole
        assert list(read(case.submission, [2, 1])) == whole[:2]
        assert read(case.submission, range(case.count + 1, case.count + 9)) == ()

    case.keep(memory)
    for read in (memory.lines, memory.statuses, memory.docket):
        agree(read)
    decision = case.decide(memory)
    agree(memory.approved)
    assert {a.decision for a in memory.approved(case.submission)} == {decision}
    proposed = case.look_up(memory)
    agree(memory.proposals)
    case.release(memory, proposed)
    agree(memory.logged)
    assert sum(memory.letters(case.submission).values()) == case.count
    assert memory.letters(case.submission)[LineState.LOGGED, Disposition.ANSWERED] == len(proposed)


def test_an_answer_that_rests_on_another_look_up_is_refused(memory: Memory, case: Any) -> None:
    case.keep(memory)
    case.decide(memory)
    proposed = case.look_up(memory)
    changed = replace(proposed[0].matched.verdict, record_id="record-78")
    other = replace(proposed[0], matched=replace(proposed[0].matched, verdict=changed))
    with pytest.raises(StoreError, match="look-up"):
        case.release(memory, [other])
    assert memory.tally().answers == 0


def test_an_answer_made_less_than_was_proposed_is_read_back_as_it_was_authorised(
    memory: Memory, case: Any
) -> None:
    case.keep(memory)
    case.decide(memory)
    proposed = case.look_up(memory)
    less = replace(proposed[0], kind=AnswerKind.NO_ANSWER, fields={}, reason="602")
    case.release(memory, [less, *proposed[1:]])
    told = [a.authorised.proposed for a in memory.logged(case.submission)]
    assert told == [less, *proposed[1:]]


def test_a_sealed_value_moved_to_another_line_does_not_open(memory: Memory, case: Any) -> None:
    from lawgate.store.models import Stated

    case.keep(memory)
    first, second = Stated.objects.order_by("id")[:2]
    Stated.objects.filter(pk=second.pk).update(body=first.body)
    with pytest.raises(StoreError):
        memory.lines(case.submission)


# -- the database itself ------------------------------------------------------------------------------------------------


def test_what_was_kept_is_there_when_the_database_is_opened_again(
    memory: Memory, database: Path, case: Any, tmp_path: Path
) -> None:
    case.walk(memory)
    tally = memory.tally()
    open_database(tmp_path / "another.sqlite3", create=True)
    assert memory.tally().submissions == 0
    open_database(database, create=False)
    assert memory.tally() == tally


def test_a_database_that_is_missing_empty_or_foreign_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="not there"):
        open_database(tmp_path / "missing.sqlite3", create=False)
    (tmp_path / "empty.sqlite3").touch()
    with pytest.raises(StoreError, match="migrations"):
        open_database(tmp_path / "empty.sqlite3", create=False)
    (tmp_path / "foreign.sqlite3").write_bytes(b"not a database at all, " * 100)
    with pytest.raises(StoreError, match="cannot be opened"):
        open_database(tmp_path / "foreign.sqlite3", create=False)
    with pytest.raises(StoreError, match="cannot be created"):
        open_database(tmp_path / "nowhere" / "memory.sqlite3", create=True)


def test_a_database_of_a_later_version_is_refused(database: Path) -> None:
    from django.db import connection
    from django.db.migrations.recorder import MigrationRecorder

    MigrationRecorder(connection).record_applied("store", "0999_later")
    for create in (True, False):
        with pytest.raises(StoreError):
            open_database(database, create=create)


@pytest.mark.sqlite
def test_the_database_is_for_its_owner_only_and_commits_are_durable(tmp_path: Path) -> None:
    from django.db import connection

    path = tmp_path / "memory.sqlite3"
    open_database(path, create=True)
    files = [p for p in tmp_path.iterdir() if p.name.startswith(path.name)]
    assert len(files) == 3
    assert {p.stat().st_mode & 0o777 for p in files} == {0o600}
    with connection.cursor() as cursor:
        found = [
            cursor.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        ]
    assert found == ["wal", 2, 1, 60000]


def test_no_change_of_the_models_lacks_its_migration() -> None:
    call_command("makemigrations", "store", check=True, dry_run=True, stdout=io.StringIO())


def test_the_memory_refuses_when_its_tables_are_gone_and_says_no_data(memory: Memory, case: Any) -> None:
    from django.db import connection

    case.keep(memory)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE store_line RENAME TO gone")
    with pytest.raises(StoreError) as refusal:
        memory.statuses(case.submission)
    assert re.fullmatch(
        "cannot read line statuses: the database reports (Operational|Programming)Error", str(refusal.value)
    )


def test_an_envelope_is_kept_once_whatever_it_says(memory: Memory, case: Any, other: Any) -> None:
    case.keep(memory)
    other.keep(memory)
    signed: SignedDecision = case.signed(b"one envelope")
    memory.keep_decision(case.submission, signed, b"one envelope", [], [], [])
    stop = a_stop(b"one envelope")
    with pytest.raises(StoreError):
        memory.keep_stop(stop, b"one envelope", [])
    assert memory.stops() == ()
