from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from lawgate.disclosure.account import accounting_json
from lawgate.disclosure.answer import (
    COMMITTED,
    OPENINGS_BYTES,
    PAYLOAD_BYTES,
    SENTENCES,
    draft,
    draw_salts,
    entry,
    openings,
    padded,
    payload,
)
from lawgate.disclosure.answer_id import answer_id, confirmation
from lawgate.domain.errors import LedgerError, NotPermittedError
from lawgate.domain.kept import Slot
from lawgate.domain.steps import AnswerKind, Authorised, VerdictKind
from lawgate.evidence.canonical import canonical, sha256_hex
from lawgate.evidence.commitment import opens
from lawgate.ledger.leaves import check_leaf


def three(world: Any) -> list[Authorised]:
    return [
        world.authorised(world.one()),
        world.authorised(world.one(stated_is_last_known=True)),
        world.authorised(world.one(kind=VerdictKind.NONE, reason="320", record_id=None, addresses=())),
    ]


def test_released_confirmed_and_no_answer_look_the_same_from_outside(world: Any) -> None:
    kinds, shapes = set(), set()
    for authorised in three(world):
        kept, _ = world.logged(authorised)
        said = payload(authorised, kept.answer, world.terms)
        kinds.add(said["kind"])
        leaf = entry(authorised, kept.accounting, world.salts, world.officer, world.terms, world.slot)
        clear = (
            padded(said, PAYLOAD_BYTES),
            padded(openings(authorised, kept.answer, world.salts, world.terms), OPENINGS_BYTES),
        )
        shapes.add((len(clear[0]), len(clear[1]), len(canonical(leaf)), tuple(leaf)))
    assert kinds == {"R", "C", "N"}
    assert len(shapes) == 1


def test_the_payload_has_the_formats_members_and_only_asked_items(world: Any) -> None:
    kept, _ = world.logged(world.authorised())
    said = payload(kept.authorised, kept.answer, world.terms)
    assert set(said) == {"v", "answer", *COMMITTED}
    assert said["items"] == ["address"]
    assert said["periods"] == [2022, 2023]
    assert said["request_key"] == "key-1"


def test_every_opening_opens_its_commitment_and_agrees_with_the_payload(world: Any) -> None:
    for authorised in three(world):
        kept, _ = world.logged(authorised)
        leaf = entry(authorised, kept.accounting, world.salts, world.officer, world.terms, world.slot)
        opened = openings(authorised, kept.answer, world.salts, world.terms)["openings"]
        said = payload(authorised, kept.answer, world.terms)
        commitments = leaf["commitments"]
        assert isinstance(opened, dict)
        assert isinstance(commitments, dict)
        assert opened.keys() == commitments.keys() == set(COMMITTED)
        for name, opening in opened.items():
            assert isinstance(opening, dict)
            salt = bytes.fromhex(str(opening["salt"]))
            assert opens(bytes.fromhex(str(commitments[name])), salt, name, opening["value"])
            assert opening["value"] == said[name]
        accounting = bytes.fromhex(str(leaf["accounting"]))
        assert opens(accounting, world.salts["accounting"], "accounting", accounting_json(kept.accounting))


def test_the_leaf_is_an_entry_by_the_ledgers_own_grammar_and_names_who_decided(world: Any) -> None:
    kept, receipt = world.logged(world.authorised())
    said = check_leaf(receipt.leaf)
    approved = kept.authorised.proposed.matched.approved
    assert {name: said[name] for name in said if name not in ("accounting", "commitments", "time")} == {
        "type": "answer",
        "v": 1,
        "answer": kept.answer,
        "submission": world.submission,
        "agency": "asking",
        "pack": world.pack,
        "recipient": world.recipient,
        "recipient_keyid": world.officer.keyid,
        "sequence": 1,
        "previous": "",
        "decision_sha256": approved.decision.sha256,
        "decision_keyid": world.approver.keyid,
        "authorisation_sha256": kept.authorised.authorisation.sha256,
        "authorisation_keyid": world.releaser.keyid,
        "terms_sha256": world.terms.terms_sha256,
        "stops": 0,
    }


def test_nothing_personal_and_no_outcome_stands_in_the_leaf(world: Any) -> None:
    for authorised in three(world):
        text = world.logged(authorised)[1].leaf.decode()
        forbidden = ("Mara", "Quill", "Alder", "Elm", "Salem", "key-1", "record-1", "officer-1", '"R"', "320")
        assert not any(word in text for word in forbidden)


def test_slot_numbers_go_into_the_leaf_as_the_format_has_them(world: Any) -> None:
    kept, _ = world.logged(world.authorised())
    slot = Slot(index=9, sequence=3, previous=4, stops=2)
    leaf = entry(kept.authorised, kept.accounting, world.salts, world.officer, world.terms, slot)
    assert (leaf["sequence"], leaf["previous"], leaf["stops"], leaf["time"]) == (
        3,
        "4",
        2,
        "2026-03-02T09:30Z",
    )


def test_every_reason_for_no_answer_has_one_sentence(world: Any) -> None:
    withheld = replace(world.authorised().proposed, kind=AnswerKind.NO_ANSWER, fields={}, reason="602")
    nobody = three(world)[2].proposed
    said = {
        payload(Authorised(p, world.signed(world.releaser), 1), "0" * 32, world.terms)["sentence"]
        for p in (withheld, nobody)
    }
    assert said == {SENTENCES[AnswerKind.NO_ANSWER]}


def test_what_cannot_be_sealed_is_found_before_it_is_logged(world: Any) -> None:
    long = world.authorised(line=world.line(1, request_key="k" * 9000))
    kept, _ = world.logged(world.authorised())
    with pytest.raises(NotPermittedError):
        draft(long, kept.accounting, world.salts, world.officer, world.terms, world.enclose)
    for wrong in (
        world.approver,
        replace(world.officer, recipient=None),
        replace(world.officer, role=world.approver.role),
    ):
        with pytest.raises(NotPermittedError):
            draft(kept.authorised, kept.accounting, world.salts, wrong, world.terms, world.enclose)


def test_an_entry_too_long_for_the_log_is_not_built(world: Any) -> None:
    kept, _ = world.logged(world.authorised())
    row = replace(kept.accounting, pack="p" * 5000)
    drafted = draft(kept.authorised, row, world.salts, world.officer, world.terms, world.enclose)
    with pytest.raises(LedgerError):
        drafted.build(world.slot)


def test_padding_fills_exactly_and_never_cuts(world: Any) -> None:
    assert padded({"a": "b"}, 12) == b'{"a":"b"}\n  '
    assert padded({"a": "b"}, 10) == b'{"a":"b"}\n'
    with pytest.raises(NotPermittedError):
        padded({"a": "b"}, 9)


def test_an_answers_id_is_made_from_the_request_alone() -> None:
    expected = sha256_hex(b'{"digest":"aa","ordinal":1,"submission":"S"}')[:32]
    assert answer_id("S", 1, "aa") == expected
    assert len({answer_id("S", 1, "aa"), answer_id("S", 2, "aa"), answer_id("S", 1, "ab")}) == 3


def test_a_confirmation_number_is_sixteen_letters_of_crockfords_alphabet() -> None:
    numbers = {confirmation("S", n) for n in range(1, 200)}
    assert len(numbers) == 199
    assert all(len(n) == 16 and set(n) <= set("0123456789ABCDEFGHJKMNPQRSTVWXYZ") for n in numbers)


def test_salts_are_drawn_anew_for_every_member() -> None:
    drawn = iter(bytes([n]) * 32 for n in range(20))
    salts = draw_salts(lambda size: next(drawn)[:size])
    assert set(salts) == {*COMMITTED, "accounting"}
    assert len(set(salts.values())) == 7
    assert all(len(s) == 32 for s in salts.values())
