"""A subject finds every answer about them and nobody else's; counts that must agree; records nobody may ask for; answers called back."""

from __future__ import annotations

import dataclasses
import json
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import django
import pytest

from lawgate import called_back, complete, pipeline, places, subject, wiring
from lawgate.adapters.key_files import load_key
from lawgate.domain.errors import MalformedRequestError, NotPermittedError, QuorumError
from lawgate.domain.steps import Package, SubmissionId
from lawgate.evidence.envelope import sign
from lawgate.gate import Gate, heartbeat, publish
from lawgate.ledger.leaves import check_leaf, tag_leaf
from lawgate.rehearsal import people
from lawgate.store.open import close_database
from lawgate_verifier.audit import audit as outsiders_audit
from lawgate_verifier.cli import main as outsiders_tool
from lawgate_verifier.ledger import Log, open_log
from lawgate_verifier.policy import parse_policy
from lawgate_verifier.readers import folder_reader
from lawgate_verifier.subject import SubjectKey, about, read_subject_key, tag_of

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
Copy = Callable[..., Path]
Out = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lawgate.django_settings")
    django.setup()
    yield
    close_database()


def opened(world: Path) -> Gate:
    return wiring.open_home(world / "home", lambda: NOW)


def only(gate: Gate) -> SubmissionId:
    (summary,) = gate.memory.summaries()
    return summary.submission


def signed(world: Path, document: str, person: str, /, **body: Any) -> bytes:
    return sign(
        document, {**body, "made": f"{NOW:%Y-%m-%dT%H:%M:%SZ}"}, load_key(world / "keys" / f"{person}.pem")
    )


def log_of(world: Path) -> Log:
    home = world / "home"
    policy = parse_policy((home / places.POLICY_FILE).read_bytes())
    return open_log(folder_reader(home / places.LEDGER), policy)


def records(gate: Gate, number: SubmissionId) -> list[str]:
    """The ids of the records that answers are about; some have none."""
    found = (logged.authorised.proposed.matched.verdict.record_id for logged in gate.memory.logged(number))
    return [record for record in found if record is not None]


def test_a_subject_finds_every_answer_about_them_and_no_other(
    copied: Copy, tmp_path: Path, capsys: Out
) -> None:
    world = copied("logged")
    gate = opened(world)
    number = only(gate)
    assert (subject.tag_answers(gate), subject.tag_answers(gate)) == (4, 0)
    log = log_of(world)
    assert outsiders_audit(log).faults == ()
    found: dict[str, list[str]] = {}
    for record in records(gate, number):
        (tmp_path / "record").write_text(record)
        key = read_subject_key(json.dumps(subject.key_for(gate, record)).encode())
        found[record] = [answer.text("answer") for answer, _ in about(key, log.entries)]
    own = {
        record: [
            row.answer
            for row in gate.memory.accounting()
            if row.subject == gate.fingerprint("subject", record)
        ]
        for record in found
    }
    assert found == own
    assert all(found.values())
    assert about(SubjectKey(b"k" * 32), log.entries) == []

    record = next(iter(found))
    (tmp_path / "key").write_text(json.dumps(subject.key_for(gate, record)))
    home = world / "home"
    words = [
        "subject",
        str(home / "ledger"),
        "--policy",
        str(home / "policy"),
        "--key",
        str(tmp_path / "key"),
    ]
    assert outsiders_tool([*words, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["count"], told["untagged"]) == (len(found[record]), 0)
    (tmp_path / "key").write_text("{}")
    assert outsiders_tool(words) == 2
    with pytest.raises(NotPermittedError, match="no answer"):
        subject.key_for(gate, "a record nobody asked for")


def test_several_answers_to_several_agencies_are_counted_without_a_gap(copied: Copy) -> None:
    """Whatever n an answer has follows from the accounting alone."""
    world = copied("logged")
    gate = opened(world)
    rows = gate.memory.accounting()
    agencies = ("one", "two", "one", "one")
    about_one = tuple(
        dataclasses.replace(row, agency=agency, subject="ab" * 32)
        for row, agency in zip(rows, agencies, strict=True)
    )

    def accounting(within: range) -> tuple[Any, ...]:
        there = {row.answer for row in gate.memory.accounting(within)}
        return tuple(row for row in about_one if row.answer in there)

    class Same:
        def __getattr__(self, name: str) -> Any:
            return accounting if name == "accounting" else getattr(gate.memory, name)

    subject.tag_answers(dataclasses.replace(gate, memory=Same()))
    key = gate.subject_key("ab" * 32)
    tags = [str(check_leaf(raw)["tag"]) for raw in gate.memory.leaves_of("tag")]
    wanted = [("one", 0), ("two", 0), ("one", 1), ("one", 2)]
    assert tags == [subject.tag_of(key, agency, n) for agency, n in wanted]
    assert tags == [tag_of(key, agency, n) for agency, n in wanted]


def test_strangers_see_noise_and_a_destroyed_key_finds_nothing_any_more(copied: Copy) -> None:
    world = copied("logged")
    gate = opened(world)
    subject.tag_answers(gate)
    tags = [str(check_leaf(raw)["tag"]) for raw in gate.memory.leaves_of("tag")]
    assert len(set(tags)) == 4
    record = records(gate, only(gate))[0]
    before = subject.key_for(gate, record)
    for file in (world / "home" / wiring.SUBJECTS / "keys").glob("*.key"):
        file.unlink()
    after = subject.key_for(gate, record)
    assert after != before
    assert about(SubjectKey(bytes.fromhex(str(after["key"]))), log_of(world).entries) == []


def test_a_crash_between_tagging_and_publishing_tags_nothing_twice(copied: Copy) -> None:
    world = copied("logged")
    gate = opened(world)
    with pytest.raises(QuorumError):
        subject.tag_answers(dataclasses.replace(gate, witnesses=()))
    assert subject.tag_answers(gate) == 0
    assert outsiders_audit(log_of(world)).faults == ()
    first = str(check_leaf(gate.memory.leaves_of("tag")[0])["answer"])
    gate.memory.append(
        [tag_leaf(at=NOW, answer=first, tag="0" * 64), tag_leaf(at=NOW, answer="0" * 32, tag="1" * 64)]
    )
    publish(gate)
    assert [fault.sentence[:20] for fault in outsiders_audit(log_of(world)).faults] == [
        "An answer is tagged ",
        "A tag is of an answe",
    ]


def test_the_record_systems_own_count_stands_beside_the_gateways_for_everybody(copied: Copy) -> None:
    world = copied("logged")
    gate = opened(world)
    assert complete.count_source(gate, signed(world, "source", people.COURT, rows=4)).agrees
    assert outsiders_audit(log_of(world)).faults == ()
    found = complete.count_source(gate, signed(world, "source", people.COUNSEL, rows=5))
    assert (found.rows, found.lookups, found.agrees) == (5, 4, False)
    (fault,) = outsiders_audit(log_of(world)).faults
    assert fault.sentence == "The record system counts 5 reads, the gateway 4 look-ups."
    with pytest.raises(NotPermittedError):
        complete.count_source(gate, signed(world, "source", people.FRAUD_HEAD, rows=4))
    for rows in (-1, True, "4"):
        with pytest.raises(MalformedRequestError):
            complete.count_source(gate, signed(world, "source", people.COURT, rows=rows))


def test_an_answer_about_a_planted_record_is_named(copied: Copy) -> None:
    world = copied("logged")
    gate = opened(world)
    assert complete.canaries_asked_for(gate, {"never-a-record"}) == ()
    record = records(gate, only(gate))[0]
    (answer,) = complete.canaries_asked_for(gate, {record, "never-a-record"})
    rows = {row.answer: row.subject for row in gate.memory.accounting()}
    assert rows[answer] == gate.fingerprint("subject", record)


def handed_over(world: Path) -> tuple[Gate, list[Package]]:
    gate = opened(world)
    found = [p for p in pipeline.hand_over(gate, only(gate)) if isinstance(p, Package)]
    assert len(found) == 4
    return gate, found


def order(
    world: Path, gate: Gate, answer: str, person: str = people.DISCLOSURE_OFFICER, due: str = "2026-03-09"
) -> Any:
    return complete.recall(gate, signed(world, "recall", person, answer=answer, due=due, reason="an error"))


def test_an_answer_is_called_back_until_its_recipient_certifies_its_destruction(
    copied: Copy, tmp_path: Path
) -> None:
    world = copied("logged")
    gate, packages = handed_over(world)
    answer, other = packages[0].answer, packages[1].answer
    notice = order(world, gate, answer)
    assert (notice["answer"], notice["due"]) == (answer, "2026-03-09")
    assert called_back.overdue(gate) == ()
    late = dataclasses.replace(gate, now=lambda: NOW + timedelta(days=9))
    assert [each.answer for each in called_back.overdue(late)] == [answer]

    (tmp_path / "notice").write_text(json.dumps(notice))
    keys = {path.stem for path in (world / "keys").glob("*.age")}
    refused = 0
    for person in sorted(keys):
        pem = world / "keys" / f"{person}.pem"
        certificate = tmp_path / f"{person}.certificate"
        words = ["destroyed", str(tmp_path / "notice"), "--key", str(pem), "--out", str(certificate)]
        assert outsiders_tool(words) == 0
        try:
            assert complete.certify_destroyed(gate, certificate.read_bytes()).destroyed
        except NotPermittedError:
            refused += 1
    assert refused == len(keys) - 1, "only who received it certifies"
    assert called_back.overdue(late) == ()
    assert outsiders_audit(log_of(world)).faults == ()
    assert outsiders_audit(log_of(world)).types["recall"] == 2
    with pytest.raises(NotPermittedError, match="called back before"):
        order(world, gate, answer, due="2026-03-10")
    with pytest.raises(NotPermittedError, match="was called back"):
        complete.certify_destroyed(gate, signed(world, "destruction", people.COURT, answer=other))


def test_what_cannot_be_called_back_and_by_whom(copied: Copy) -> None:
    world = copied("logged")
    gate = opened(world)
    (answer, *_) = [logged.answer for logged in gate.memory.logged(only(gate))]
    with pytest.raises(NotPermittedError, match="has left"):
        order(world, gate, answer)
    list(pipeline.hand_over(gate, only(gate)))
    with pytest.raises(NotPermittedError, match="holder's officer"):
        order(world, gate, answer, people.FRAUD_HEAD)
    with pytest.raises(MalformedRequestError):
        order(world, gate, answer, due="soon")
    assert heartbeat(gate)
