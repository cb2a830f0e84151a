from __future__ import annotations

from typing import Any

from lawgate.disclosure.account import accounting_json
from lawgate.disclosure.answer_id import answer_id
from lawgate.domain.steps import VerdictKind
from lawgate.evidence.canonical import canonical, sha256_hex


def test_a_release_is_accounted_with_names_of_fields_and_never_a_value(world: Any) -> None:
    row = world.logged(world.authorised())[0].accounting
    line = world.line(1)
    assert row.answer == answer_id(world.submission, 1, line.digest)
    assert (row.agency, row.office, row.official) == ("asking", "agency-head", "official-1")
    assert (row.approver, row.authoriser) == ("approver-1", "releaser-1")
    assert (row.items, row.fields_released, row.periods) == (("address",), ("address",), (2022, 2023))
    assert row.recipient_location == "room 1"
    assert row.reasons_sha256 == sha256_hex(canonical(line.data["reasons"]))
    assert row.subject == world.fingerprint("subject", "record-1")
    text = repr(row)
    assert not any(
        word in text for word in ("Mara", "Quill", "Alder", "Elm", "Salem", "97301", "record-1", "summons")
    )


def test_an_answer_that_says_nothing_is_accounted_too(world: Any) -> None:
    nobody = world.one(kind=VerdictKind.NONE, reason="320", record_id=None, addresses=())
    row = world.logged(world.authorised(nobody))[0].accounting
    assert (row.fields_released, row.subject) == ((), "")
    confirmed = world.logged(world.authorised(world.one(stated_is_last_known=True)))[0].accounting
    assert confirmed.fields_released == ()
    assert confirmed.subject != ""


def test_what_is_committed_to_names_every_member_of_the_row(world: Any) -> None:
    row = world.logged(world.authorised())[0].accounting
    said = accounting_json(row)
    assert set(said) == set(row.__slots__)
    assert said["disclosed_at"] == "2026-03-02T09:30:15Z"
