"""The sealer: a process and a key of its own, which checks by itself and lets nothing out that the log does not prove (I-6, I-7, I-13)."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import stat
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from lawgate import pipeline, register, wiring
from lawgate.adapters import sealer_desk
from lawgate.adapters.key_files import new_sealer_key
from lawgate.adapters.sealer_child import SealerChild
from lawgate.adapters.sealer_desk import KEY, SEEN, begin_sealer, open_sealer, serve
from lawgate.adapters.sealer_lines import SealerLines
from lawgate.adapters.sealer_wire import Line
from lawgate.domain.errors import LawgateError, LedgerError, QuorumError, SettingsError
from lawgate.domain.kept import Slot
from lawgate.domain.leaving import BitingStop, Outcome, Sealing
from lawgate.domain.standing import Standing
from lawgate.domain.steps import Package
from lawgate.domain.stop import StopScope
from lawgate.evidence.enclosure import take_out
from lawgate.gate import heartbeat
from lawgate.ledger.note import parse_note


def folder_of(house: Any) -> Path:
    folder: Path = house.home / wiring.SEALER
    return folder


@dataclass
class Noting:
    """Notes what the sealer is handed, and has it seal that."""

    asked: list[Sealing] = field(default_factory=list)

    def through(self, house: Any) -> Any:
        def sealers(given: Iterable[Sealing], lines: int) -> Iterator[tuple[tuple[Outcome, ...], float]]:
            return house.gate.sealers((self.note(each) for each in given), lines)

        return replace(house, gate=replace(house.gate, sealers=sealers))

    def note(self, each: Sealing) -> Sealing:
        self.asked.append(each)
        return each


def handed(house: Any, *lines: Any) -> Sealing:
    """Hand three answers over, and return what the sealer was asked."""
    noting = Noting()
    submission = house.logged(*lines)
    assert len(list(pipeline.hand_over(noting.through(house).gate, submission, 10))) == 3
    (asked,) = noting.asked
    return asked


def three(house: Any) -> list[Any]:
    """Three lines of one officer's."""
    return [house.one(who, number) for number, who in enumerate(("confirmed", "released", "nobody"), 1)]


def seal(house: Any, asked: Sealing) -> list[Outcome]:
    return list(open_sealer(folder_of(house), str(house.home)).seal(asked))


# -- apart -------------------------------------------------------------------------------------------------------------


def test_the_gateway_without_the_sealers_key_makes_no_package(house: Any, tmp_path: Path) -> None:
    submission = house.logged(*three(house))
    key = folder_of(house) / KEY
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    wiring.require_sealer(house.home)
    kept = key.rename(tmp_path / "kept")
    with pytest.raises(SettingsError):
        wiring.require_sealer(house.home)
    with pytest.raises(LedgerError, match="key file is not there"):
        house.hand_over(submission)
    new_sealer_key(key, X25519PrivateKey.generate())
    with pytest.raises(SettingsError, match="not the one"):
        wiring.require_sealer(house.home)
    house.gate.sealers.end()
    with pytest.raises(LedgerError, match="enclosed for the sealer"):
        house.hand_over(submission)
    assert house.gate.memory.tally().handed_over == 0
    kept.replace(key)
    house.gate.sealers.end()
    assert len(house.packages(submission)) == 3


def test_once_logged_the_gateway_cannot_open_the_commitments(house: Any) -> None:
    """With all its own keys it opens the rows; what opens an entry's commitments is enclosed for another's key, under each answer's own name."""
    submission = house.logged(*three(house))
    private = open_sealer(folder_of(house), str(house.home))._take_out
    logged = house.gate.memory.logged(submission)
    for each, other in zip(logged, reversed(logged), strict=True):
        assert b"salt" in private(each.answer, each.enclosed)
        with pytest.raises(LedgerError):
            take_out(X25519PrivateKey.generate(), each.answer, each.enclosed)
        if other != each:
            with pytest.raises(LedgerError):
                private(other.answer, each.enclosed)


def test_the_sealers_folder_is_not_the_gateways_to_decide_with(house: Any, tmp_path: Path) -> None:
    """Another sealer, to whom nobody has given this log's policy, refuses it whole."""
    asked = handed(house, *three(house))
    begin_sealer(tmp_path / "other", None)
    with pytest.raises(LedgerError, match="none that the sealer believes"):
        list(open_sealer(tmp_path / "other", str(house.home)).seal(asked))
    begin_sealer(tmp_path / "rooted", b"no roots\n")
    with pytest.raises(LawgateError):
        list(open_sealer(tmp_path / "rooted", str(house.home)).seal(asked))


# -- what it refuses ---------------------------------------------------------------------------------------------------


def first(asked: Sealing, **changes: Any) -> Sealing:
    return replace(asked, answers=(replace(asked.answers[0], **changes), *asked.answers[1:]))


def without_proof(asked: Sealing) -> Sealing:
    return first(asked, proof="")


def with_anothers_proof(asked: Sealing) -> Sealing:
    return first(asked, proof=asked.answers[1].proof)


def without_a_quorum(asked: Sealing) -> Sealing:
    head, _, checkpoint = asked.answers[0].proof.partition("\n\n")
    note = parse_note(checkpoint)
    return first(asked, proof=f"{head}\n\n{replace(note, signatures=note.signatures[:2])}")


def with_another_hash(asked: Sealing) -> Sealing:
    lines = asked.answers[0].proof.split("\n")
    lines[3] = lines[4] if lines[4] and lines[4] != lines[3] else "A" * 43 + "="
    return first(asked, proof="\n".join(lines))


def with_anothers_content(asked: Sealing) -> Sealing:
    return first(asked, enclosed=asked.answers[1].enclosed)


def with_a_flipped_bit(asked: Sealing) -> Sealing:
    enclosed = asked.answers[0].enclosed
    return first(asked, enclosed=enclosed[:-1] + bytes([enclosed[-1] ^ 1]))


def with_other_terms(asked: Sealing) -> Sealing:
    return replace(asked, terms_text=asked.terms_text + b" ")


def of_another_log(asked: Sealing) -> Sealing:
    (log,) = asked.logs
    return replace(asked, logs=(replace(log, policy=log.policy.replace("quorum ", "quorum  ")),))


def of_another_place(asked: Sealing) -> Sealing:
    (log,) = asked.logs
    return replace(asked, logs=(replace(log, base=1),))


def of_a_log_elsewhere(asked: Sealing) -> Sealing:
    (log,) = asked.logs
    return replace(asked, logs=(replace(log, place="../ledger"),))


def of_no_log(asked: Sealing) -> Sealing:
    return replace(asked, logs=())


REFUSED = (
    without_proof, with_anothers_proof, without_a_quorum, with_another_hash, with_anothers_content,
    with_a_flipped_bit, with_other_terms, of_another_log, of_another_place, of_a_log_elsewhere, of_no_log,
)  # fmt: skip


def test_it_refuses_all_of_a_piece_in_which_anything_is_not_what_the_log_proves(house: Any) -> None:
    asked = handed(house, *three(house))
    assert not any(isinstance(each, str) for each in seal(house, asked))
    for change in REFUSED:
        changed = change(asked)
        with pytest.raises(LedgerError):
            seal(house, changed)


def test_it_refuses_a_log_whose_newest_head_no_quorum_has_cosigned(house: Any) -> None:
    asked = handed(house, *three(house))
    checkpoint = house.home / asked.logs[0].place / "checkpoint"
    note = parse_note(checkpoint.read_text())
    checkpoint.write_text(str(replace(note, signatures=note.signatures[:2])))
    with pytest.raises(QuorumError):
        seal(house, asked)


def test_a_stop_that_the_register_keeps_silent_about_bites_from_the_log(
    house: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    submission = house.logged(*three(house))
    house.order(StopScope.SUBMISSION, submission)
    monkeypatch.setattr(house.gate.memory, "stops", lambda: ())
    assert house.hand_over(submission) == ["701"] * 3
    monkeypatch.undo()
    house.clock.later(minutes=1)
    house.lift()
    assert len(house.packages(submission)) == 3


def test_a_stop_on_a_person_that_the_register_keeps_silent_about_bites_too(
    house: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    submission = house.logged(*three(house))
    house.order(StopScope.PERSON, person=house.one("released"))
    monkeypatch.setattr(house.gate.memory, "stops", lambda: ())
    confirmed, released, nobody = house.hand_over(submission)
    assert released == "701"
    assert not isinstance(confirmed, str)
    assert not isinstance(nobody, str)


def test_a_full_disk_is_named_and_the_sealer_serves_on(house: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = handed(house, *three(house))
    ours, theirs = socket.socketpair()
    server = threading.Thread(target=serve, args=(Line(theirs), folder_of(house), str(house.home)))
    server.start()
    gateway = Line(ours)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(sealer_desk, "write_atomic", full)
        (folder_of(house) / SEEN).unlink(missing_ok=True)
        gateway.ask(asked)
        with pytest.raises(LedgerError, match="cannot be read or written: OSError"):
            gateway.said(len(asked.answers))
    gateway.ask(asked)
    outcomes, _ = gateway.said(len(asked.answers))
    assert not any(isinstance(each, str) for each in outcomes)
    gateway.close()
    server.join(10)
    theirs.close()
    assert not server.is_alive()


@pytest.mark.parametrize("scope", list(StopScope))
def test_a_stop_of_the_register_bites_before_the_log_has_it(house: Any, scope: StopScope) -> None:
    asked = handed(house, *three(house))
    answer = house.gate.memory.logged(house.gate.memory.summaries()[-1].submission)[0]
    approved = answer.authorised.proposed.matched.approved
    subject = {
        StopScope.EVERYTHING: "", StopScope.PACK: answer.accounting.pack, StopScope.AGENCY: answer.accounting.agency,
        StopScope.SUBMISSION: approved.submission, StopScope.OFFICER: approved.recipient_keyid,
        StopScope.PERSON: "one-mark another-mark",
    }[scope]  # fmt: skip
    asked = replace(
        asked,
        stops=(BitingStop(scope, subject),),
        answers=tuple(replace(each, persons=frozenset({"another-mark"})) for each in asked.answers),
    )
    told = [isinstance(each, str) for each in seal(house, asked)]
    # A stop on the person has made "no answer" of what it reaches: the third says nothing already.
    assert told == ([True, True, False] if scope is StopScope.PERSON else [True] * 3)
    other = replace(asked, stops=(BitingStop(scope, "other"),)) if scope is not StopScope.EVERYTHING else None
    if other is not None:
        assert not any(isinstance(each, str) for each in seal(house, other))


def keyids(house: Any) -> dict[str, str]:
    submission = house.gate.memory.summaries()[-1].submission
    authorised = house.gate.memory.logged(submission)[0].authorised
    approved = authorised.proposed.matched.approved
    return {
        "505": approved.recipient_keyid,
        "901": approved.decision.keyid,
        "902": authorised.authorisation.keyid,
    }


@pytest.mark.parametrize("code", ["505", "901", "902"])
def test_a_key_that_lapsed_by_the_register_or_by_the_log_alone_keeps_back(
    house: Any, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    asked = handed(house, *three(house))
    keyid = keyids(house)[code]
    span = asked.keys[keyid]
    lapsed = (
        {k: v for k, v in asked.keys.items() if k != keyid},
        {**asked.keys, keyid: replace(span, until=asked.at)},
        {**asked.keys, keyid: replace(span, since=asked.at + timedelta(seconds=1))},
    )
    for keys in lapsed:
        assert seal(house, replace(asked, keys=keys)) == [code] * 3
    # The register forgets the revocation; the log does not.
    before: Standing = house.gate.memory.standing()
    register.revoke_key(house.gate, keyid)
    monkeypatch.setattr(house.gate.memory, "standing", lambda: before)
    submission = house.gate.memory.summaries()[-1].submission
    assert house.hand_over(submission) == [code] * 3


def test_an_answer_out_of_its_recipients_order_never_leaves(
    house: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from lawgate.store.answers import Places  # its models can be imported only in a home that is open

    take: Callable[[Places, str], Slot] = Places.take

    def skipping(places: Places, keyid: str) -> Slot:
        slot = take(places, keyid)
        return replace(slot, sequence=slot.sequence + 1) if slot.sequence >= 2 else slot

    monkeypatch.setattr(Places, "take", skipping)
    submission = house.logged(*three(house))
    leaving = pipeline.hand_over(house.gate, submission)
    assert isinstance(next(leaving), Package)
    with pytest.raises(LedgerError, match="sequence number does not follow"):
        next(leaving)
    assert house.gate.memory.tally().handed_over == 1


def test_a_log_rolled_back_to_an_older_head_is_refused(house: Any, tmp_path: Path) -> None:
    asked = handed(house, *three(house))
    shutil.copytree(house.home / asked.logs[0].place, tmp_path / "ledger")
    heartbeat(house.gate)
    submission = house.gate.memory.summaries()[-1].submission
    assert len(house.packages(submission)) == 3, "it has seen the newer head"
    with pytest.raises(LedgerError, match="older than one"):
        list(open_sealer(folder_of(house), str(tmp_path)).seal(asked))
    with pytest.raises(LedgerError, match="newest cosigned head"):
        seal(house, asked)


def test_a_log_with_another_past_than_it_has_seen_is_refused(house: Any) -> None:
    asked = handed(house, *three(house))
    heartbeat(house.gate)
    seen = folder_of(house) / SEEN
    raw = seen.read_bytes()
    other = b"1" if raw[-8:-7] == b"0" else b"0"
    seen.write_bytes(raw[:-8] + other + raw[-7:])
    with pytest.raises(LedgerError, match="not what the sealer has seen"):
        seal(house, asked)
    seen.write_bytes(b"{}")
    with pytest.raises(LedgerError, match="damaged"):
        seal(house, asked)


# -- its process -------------------------------------------------------------------------------------------------------


def killing(house: Any, after: int) -> Any:
    """The same home, whose sealer is killed once it has answered for so many pieces."""

    def sealers(given: Iterable[Sealing], lines: int) -> Iterator[tuple[tuple[Outcome, ...], float]]:
        sealers: SealerLines = house.gate.sealers
        for number, each in enumerate(sealers(given, lines), 1):
            yield each
            if number == after:
                for child in sealers._ends:
                    assert isinstance(child, SealerChild)
                    os.kill(child.process.pid, signal.SIGKILL)

    return replace(house.gate, sealers=sealers)


def test_a_sealer_killed_amid_a_chunk_lets_nothing_of_it_out_and_the_next_goes_on(
    house: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "SEAL_LINES", 1)
    submission = house.logged(*three(house))
    for after in (1, 2):
        assert list(pipeline.hand_over(killing(house, after), submission, 3)) == ["920"] * 3
        assert house.gate.memory.tally().handed_over == 0
    packages = list(pipeline.hand_over(house.gate, submission, 3))
    assert [each.sequence for each in packages if isinstance(each, Package)] == [1, 2, 3]
    again = list(pipeline.hand_over(house.gate, submission, 3))
    assert [house.read(each) for each in packages] == [house.read(each) for each in again]


def test_a_sealer_that_is_killed_between_two_hand_overs_is_started_again(house: Any) -> None:
    submission = house.logged(*three(house))
    assert len(house.packages(submission)) == 3
    (child,) = house.gate.sealers._ends
    os.kill(child.process.pid, signal.SIGKILL)
    child.process.wait()
    assert len(house.packages(submission)) == 3


FORMS: tuple[tuple[bytes, ...], ...] = (
    (b"{}",),
    (b'{"v":1, "parts":0}',),
    (b'{"at":"2026-03-02T09:30:00+00:00","answers":[],"keys":{},"logs":[],"parts":1,"stops":[],"v":1}', b"terms"),
    (b'{"answers":[],"at":"now","keys":{},"logs":[],"parts":1,"stops":[],"v":1}', b"terms"),
    (b'{"answers":[],"at":"2026-03-02T09:30:00","keys":{},"logs":[],"parts":1,"stops":[],"v":1}', b"terms"),
    (b'{"answers":[],"at":"2026-03-02T09:30:00+00:00","keys":{},"logs":[],"more":1,"parts":1,"stops":[],"v":1}', b"t"),
    (b'{"answers":[],"at":"2026-03-02T09:30:00+00:00","keys":{},"logs":[],"parts":0,"stops":[],"v":1}',),
    (b'{"answers":[],"at":"2026-03-02T09:30:00+00:00","keys":{},"logs":[],"parts":"1","stops":[],"v":1}', b"t"),
    (b'{"answers":[],"at":"2026-03-02T09:30:00+00:00","keys":{},"logs":[],"parts":1,"stops":[],"v":2}', b"t"),
    (b'{"answers":[],"at":"2026-03-02T09:30:00+00:00","keys":{},"logs":[],"parts":9999,"stops":[],"v":1}', b"t"),
    (b"\x80\x04K\x01.",),
)  # fmt: skip


def framed(pieces: Sequence[bytes]) -> bytes:
    return b"".join(len(each).to_bytes(4) + each for each in pieces)


@pytest.mark.parametrize("pieces", [*FORMS, ()], ids=str)
def test_a_message_of_any_other_form_is_refused_and_nothing_is_read_beyond_it(
    house: Any, pieces: tuple[bytes, ...]
) -> None:
    ours, theirs = socket.socketpair()
    ours.sendall(framed(pieces) if pieces else b"\xff\xff\xff\xff")
    ours.shutdown(socket.SHUT_WR)
    line, own = Line(theirs), Line(ours)
    serve(line, folder_of(house), str(house.home))
    line.close()
    with pytest.raises(LedgerError, match=r"refuses: .*(form|parts|moment|too long|cut off)"):
        own.said(0)
    own.close()
