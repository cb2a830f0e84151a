"""I-6, log before answer: no byte leaves before its leaf is cosigned, and doing anything again changes nothing."""

from __future__ import annotations

import json
import zipfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from lawgate import pipeline, wiring
from lawgate.adapters.submission_files import read_submission, write_folder
from lawgate.disclosure.seal import package_sha256
from lawgate.domain.errors import (
    LedgerError,
    MalformedRequestError,
    NotPermittedError,
    QuorumError,
    SettingsError,
)
from lawgate.domain.steps import Disposition, LineState, Package, SubmissionId
from lawgate.gate import Gate, begin_log
from lawgate.ledger.audit import verify_log
from lawgate.oversight.survey import reconcile_home
from lawgate.rehearsal import people


def original(gate: Gate, submission: SubmissionId) -> dict[str, bytes]:
    """The files of a submission as they were sent."""
    sent = gate.originals.sent(submission)
    return {name: b"".join(sent.read(name)) for name in sent.digests}


def kinds(house: Any, packages: list[Package]) -> list[str]:
    return [house.read(p)["kind"] for p in packages]


def everything(house: Any) -> tuple[int, Any, Any]:
    return house.gate.memory.size(), house.gate.memory.tally(), house.log()


# -- nothing before its leaf ----------------------------------------------------------------------------------------------


def test_before_it_is_authorised_nothing_can_be_handed_over(house: Any) -> None:
    submission = house.receive(house.many())
    assert house.hand_over(submission) == []
    house.approve(submission)
    assert house.hand_over(submission) == []
    house.two_look(submission)
    assert house.hand_over(submission) == []
    house.authorise(submission)
    assert len(house.packages(submission)) == 6


def test_while_too_few_witnesses_cosign_answers_are_logged_and_none_leaves(house: Any) -> None:
    submission = house.proposed()
    alone = house.with_witnesses(1)
    with pytest.raises(QuorumError):
        alone.authorise(submission)
    assert house.gate.memory.tally().answers == 6
    assert alone.hand_over(submission) == ["903"] * 6
    assert house.gate.memory.tally().handed_over == 0
    assert house.log().get("answer", 0) == 0
    assert reconcile_home(house.gate).exact


def test_once_the_witnesses_are_back_the_logged_answers_leave_and_none_is_logged_again(house: Any) -> None:
    submission = house.proposed()
    envelope = house.authorisation(submission)
    with pytest.raises(QuorumError):
        pipeline.authorise(house.with_witnesses(1).gate, submission, envelope)
    assert pipeline.authorise(house.gate, submission, envelope) == {"logged": 0}
    assert house.log()["answer"] == 6
    assert len(house.packages(submission)) == 6


def test_a_request_is_received_and_recorded_even_while_no_witness_answers(house: Any) -> None:
    files = house.compose(house.many())
    summary = pipeline.receive(house.with_witnesses(0).gate, files)
    assert summary.line_count == 6
    assert house.log().get("submission", 0) == 0
    assert pipeline.receive(house.gate, files) == summary
    assert house.log()["submission"] == 1


def test_an_answer_of_which_the_public_log_was_tampered_with_is_not_sealed(house: Any) -> None:
    submission = house.logged(house.one())
    (answer,) = house.gate.memory.logged(submission)
    bundles = (p for p in (house.home / "ledger" / "tile" / "entries").rglob("*") if p.is_file())
    bundle = max(bundles, key=lambda p: p.stat().st_size)
    raw = bundle.read_bytes()
    assert b'"type":"answer"' in raw
    bundle.write_bytes(raw.replace(answer.answer.encode(), b"0" * 32))
    with pytest.raises(LedgerError):
        house.hand_over(submission)
    assert house.gate.memory.tally().handed_over == 0


def test_an_answer_whose_terms_of_use_were_exchanged_after_logging_is_not_sealed(house: Any) -> None:
    submission = house.logged(house.one())
    other = replace(house.gate, terms=b"Use it as you like.\n")
    with pytest.raises(LedgerError):
        list(pipeline.hand_over(other, submission))


def test_the_public_log_holds_the_leaf_of_every_package_under_its_proof(house: Any) -> None:
    submission = house.logged()
    summary = verify_log(house.gate.tiles, house.gate.policy)
    for package in house.packages(submission):
        proof = package.files["answer.tlog-proof"].decode()
        assert proof.startswith("c2sp.org/tlog-proof@v1\n")
        assert f"\n{summary.size}\n" in proof


def test_the_leaf_names_recipient_sequence_both_decisions_and_no_outcome(house: Any) -> None:
    submission = house.logged()
    entries = [json.loads(raw) for raw in house.gate.memory.entries(0, house.gate.memory.size())]
    answers = [e for e in entries if e["type"] == "answer"]
    logged = house.gate.memory.logged(submission)
    for entry, answer in zip(answers, logged, strict=True):
        approved = answer.authorised.proposed.matched.approved
        assert entry["recipient_keyid"] == approved.recipient_keyid
        assert entry["decision_sha256"] == approved.decision.sha256
        assert entry["authorisation_sha256"] == answer.authorised.authorisation.sha256
        assert entry["sequence"] == answer.sequence
    assert {frozenset(e) for e in answers} == {frozenset(answers[0])}
    assert {frozenset(e["commitments"]) for e in answers} == {frozenset(answers[0]["commitments"])}
    sizes = {
        len(json.dumps({k: v for k, v in e.items() if k not in ("previous", "sequence")})) for e in answers
    }
    assert len(sizes) == 1


# -- again and again ------------------------------------------------------------------------------------------------------


def test_handing_over_again_gives_the_same_answers_and_logs_nothing(house: Any) -> None:
    submission = house.logged()
    first = house.packages(submission)
    before = everything(house)
    handed = [a.handed_over_at for a in house.gate.memory.logged(submission)]
    house.clock.later(hours=1)
    second = house.packages(submission)
    assert [house.read(p) for p in first] == [house.read(p) for p in second]
    # Header, entry and index of the proofs; the cosignatures below them may be of a later moment.
    assert [p.files["answer.tlog-proof"].split(b"\n")[:3] for p in first] == [
        p.files["answer.tlog-proof"].split(b"\n")[:3] for p in second
    ]
    assert [(p.answer, p.sequence, p.recipient) for p in first] == [
        (p.answer, p.sequence, p.recipient) for p in second
    ]
    assert everything(house) == before
    assert [a.handed_over_at for a in house.gate.memory.logged(submission)] == handed


def test_breaking_off_in_the_middle_of_handing_over_loses_and_doubles_nothing(house: Any) -> None:
    submission = house.logged()
    handing = pipeline.hand_over(house.gate, submission)
    first = [next(handing), next(handing)]
    handing.close()
    assert house.gate.memory.tally().handed_over == 2
    every = house.packages(submission)
    assert [p.answer for p in every][:2] == [p.answer for p in first if isinstance(p, Package)]
    assert len({p.answer for p in every}) == len(every) == 6
    assert reconcile_home(house.gate).exact


def test_receiving_the_same_bytes_again_changes_nothing(house: Any) -> None:
    files = house.compose(house.many())
    first = pipeline.receive(house.gate, files)
    before = everything(house)
    house.clock.later(days=3)
    assert pipeline.receive(house.gate, dict(reversed(files.items()))) == first
    assert everything(house) == before
    house.approve(first.submission)
    assert pipeline.receive(house.gate, files) == first
    assert {s.state for s in house.statuses(first.submission)} == {LineState.PROPOSED}


def test_the_same_bytes_as_folder_and_as_zip_are_one_submission(house: Any, tmp_path: Path) -> None:
    files = house.compose(house.many())
    write_folder(tmp_path / "folder", files)
    with zipfile.ZipFile(tmp_path / "it.zip", "w") as archive:
        for name, raw in files.items():
            archive.writestr(name, raw)
    one = pipeline.receive(house.gate, read_submission(tmp_path / "folder"))
    assert pipeline.receive(house.gate, read_submission(tmp_path / "it.zip")) == one


def test_the_same_authorisation_again_logs_nothing_again(house: Any) -> None:
    submission = house.proposed()
    envelope = house.authorisation(submission)
    assert pipeline.authorise(house.gate, submission, envelope) == {"logged": 6}
    before = everything(house)
    assert pipeline.authorise(house.gate, submission, envelope) == {"logged": 0}
    assert everything(house) == before


def test_another_authorisation_of_what_is_logged_is_refused(house: Any) -> None:
    submission = house.proposed()
    envelope = house.authorisation(submission)
    house.authorise(submission)
    house.clock.later(minutes=5)
    later = json.loads(envelope)  # the same lines, signed anew a little later
    assert later["payload"]
    body = {"submission": submission, "batch": 1, "made": "2026-03-02T09:35:00Z", "count": 1,
            "lines": [{"ordinal": 1, "verdict": "authorise", "determination": "none"}]}  # fmt: skip
    with pytest.raises(NotPermittedError, match="not proposed"):
        pipeline.authorise(
            house.gate, submission, house.sign("authorisation", body, people.RELEASING_OFFICER)
        )


def test_the_same_acknowledgement_twice_is_one_entry(house: Any) -> None:
    submission = house.logged(house.one())
    (package,) = house.packages(submission)
    for _ in range(2):
        assert pipeline.acknowledge(house.gate, house.ack(package)) == package.answer
    house.clock.later(hours=1)
    pipeline.acknowledge(house.gate, house.ack(package))
    assert house.log()["ack"] == house.gate.memory.tally().acknowledged == 1
    assert reconcile_home(house.gate).exact


def test_only_the_recipient_acknowledges_and_only_what_was_handed_over(house: Any) -> None:
    submission = house.logged(house.one())
    (answer,) = house.gate.memory.logged(submission)
    body = {
        "answer": answer.answer,
        "index": answer.index,
        "package_sha256": "0" * 64,
        "received": "2026-03-02T09:30:00Z",
    }
    early = house.sign("ack", body, people.OFFICERS[0])
    with pytest.raises(NotPermittedError):
        pipeline.acknowledge(house.gate, early)
    (package,) = house.packages(submission)
    for other in (people.OFFICERS[1], people.FRAUD_HEAD, people.RELEASING_OFFICER):
        with pytest.raises(NotPermittedError):
            pipeline.acknowledge(house.gate, house.ack(package, by=other))
    with pytest.raises(NotPermittedError):
        pipeline.acknowledge(house.gate, house.ack(package, index=answer.index - 1))
    assert house.log().get("ack", 0) == 0


def test_the_acknowledged_digest_is_that_of_the_package_sent(house: Any) -> None:
    submission = house.logged(house.one())
    (package,) = house.packages(submission)
    pipeline.acknowledge(house.gate, house.ack(package))
    entries = [json.loads(raw) for raw in house.gate.memory.entries(0, house.gate.memory.size())]
    (ack,) = [e for e in entries if e["type"] == "ack"]
    assert ack["package_sha256"] == package_sha256(package.files)


# -- what comes in --------------------------------------------------------------------------------------------------------


def test_one_bad_line_among_good_ones_costs_only_itself(house: Any) -> None:
    good = house.many()
    submission = house.receive([good[0], "this is not a line", *good[1:3], '{"request_key": 7}', *good[3:]])
    statuses = house.statuses(submission)
    letters = [s.disposition.value if s.state is LineState.FINAL else "W" for s in statuses]
    assert letters == ["W", "E", "W", "W", "E", "W", "W", "W"]
    assert [s.request_key for s in statuses if s.state is not LineState.FINAL] == [
        x["request_key"] for x in good
    ]
    house.approve(submission)
    house.two_look(submission)
    assert house.authorise(submission) == {"logged": 6}
    assert reconcile_home(house.gate).exact


BREAKAGES = {
    "101": lambda f: {k: v for k, v in f.items() if k != "attestations.jsonl"},
    "102": lambda f: f | {"cover.json": f["cover.json"][:-1]},
    "103": lambda f: f | {"requests.jsonl": f["requests.jsonl"] + b"{}\n"},
    "105": lambda f: f | {"attestations.jsonl": b""},
    "506": lambda f: f | {"cover.json": f["cover.json"].replace(b'"sig":"', b'"sig":"AAAA')[:-7] + f["cover.json"][-3:]},
}  # fmt: skip


@pytest.mark.parametrize("code", ["101", "102", "103", "105"])
def test_a_bad_envelope_is_rejected_whole_recorded_and_accounted_for(house: Any, code: str) -> None:
    files = BREAKAGES[code](house.compose(house.many()))
    before = house.log()
    summary = pipeline.receive(house.gate, files)
    assert (summary.rejected_code, summary.line_count) == (code, 0)
    assert house.log()["submission"] == before.get("submission", 0) + 1
    assert pipeline.receive(house.gate, files) == summary
    assert house.log()["submission"] == before.get("submission", 0) + 1
    assert original(house.gate, summary.submission) == files
    with pytest.raises(NotPermittedError):
        house.hand_over(summary.submission)
    assert reconcile_home(house.gate).exact


def test_a_cover_whose_signature_was_made_by_another_key_is_rejected(house: Any) -> None:
    files = house.compose(house.many(), official=people.ASSISTANT_DIRECTOR, holder=people.FRAUD_HEAD)
    assert pipeline.receive(house.gate, files).rejected_code == "501"


def test_a_rejected_submission_proves_no_agency_it_did_not_sign_for(house: Any) -> None:
    files = house.compose(house.many())
    document = json.loads(files["cover.json"])
    document["signatures"][0]["keyid"] = "0" * 32
    from lawgate.evidence.canonical import canonical

    unknown = pipeline.receive(house.gate, files | {"cover.json": canonical(document)})
    assert (unknown.rejected_code, unknown.agency) == ("501", "")
    swapped = pipeline.receive(house.gate, files | {"requests.jsonl": b"{}\n"})
    assert (swapped.rejected_code, swapped.agency) == ("103", people.FRAUD_SERVICE)


def test_a_zip_that_reaches_outside_itself_is_not_read(house: Any, tmp_path: Path) -> None:
    files = house.compose(house.many())
    with zipfile.ZipFile(tmp_path / "it.zip", "w") as archive:
        for name, raw in files.items():
            archive.writestr(f"../{name}", raw)
    with pytest.raises(MalformedRequestError):
        read_submission(tmp_path / "it.zip")


def test_a_line_asked_again_is_a_duplicate_within_the_agency(house: Any) -> None:
    house.receive([house.one()])
    again = house.receive([house.one() | {"request_key": "another-key"}])
    (status,) = house.statuses(again)
    assert (status.disposition, status.codes) == (Disposition.DUPLICATE, ("120",))
    assert house.gate.memory.docket(again) == ()


def test_a_refused_line_may_be_mended_and_sent_again(house: Any) -> None:
    bad = house.one() | {"reasons": "because"}
    house.receive([bad])
    again = house.receive([house.one()])
    (status,) = house.statuses(again)
    assert status.state is LineState.DOCKETED


def test_what_was_rejected_stays_rejected_and_is_sent_again_under_a_new_cover(house: Any) -> None:
    """The confirmation number is that of the bytes: the same bytes are the same, rejected, submission."""
    files = house.compose(house.many())
    (head,) = [k for k in house.gate.memory.standing().keys if k.person == people.FRAUD_HEAD]
    house.clock.later(minutes=-1)
    early = replace(house.gate, memory=house.gate.memory, now=lambda: head.since - timedelta(days=1))
    house.clock.later(minutes=1)
    assert pipeline.receive(early, files).rejected_code == "501"
    assert pipeline.receive(house.gate, files).rejected_code == "501"
    assert pipeline.receive(house.gate, house.compose(house.many())).rejected_code == ""


# -- the past -------------------------------------------------------------------------------------------------------------


def test_a_home_put_back_to_an_older_state_signs_nothing(prepared: Any, tmp_path: Path, clock: Any) -> None:
    """The witnesses saw the longer log: whatever was restored cannot go on as if nothing had been."""
    house = prepared.house(tmp_path, clock)
    house.logged()
    from lawgate.store.open import close_database

    close_database()
    seen = {n: (house.home / "witnesses" / n / "last-seen").read_bytes() for n in ("1", "2")}
    restored = prepared.house(tmp_path / "restored", clock)
    for n, raw in seen.items():
        (restored.home / "witnesses" / n / "last-seen").write_bytes(raw)
    with pytest.raises(LedgerError):
        restored.receive(restored.many())
    with pytest.raises(LedgerError):
        begin_log(restored.gate)
    close_database()


def test_a_home_is_not_opened_with_a_clock_that_was_put_back(house: Any) -> None:
    """Checkers refuse a log whose times go backwards, and no later entry could mend it."""
    house.logged(house.one())
    house.clock.later(hours=-2)
    with pytest.raises(SettingsError, match="clock"):
        wiring.open_home(house.home, house.clock)
    house.clock.later(hours=2)
    assert wiring.open_home(house.home, house.clock)
