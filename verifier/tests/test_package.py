"""A sealed answer: the honest one opens, and each of the ten checks refuses what it is there for, by its own number."""

from __future__ import annotations

import base64
import json

import pytest
from honest_log import (
    OTHER_IDENTITY,
    House,
    b64,
    digest,
    jcs,
    keyid,
    private,
    sha,
)
from honest_opening import in_turn, refusal

from lawgate_verifier.officer import Officer, read_officer
from lawgate_verifier.package import acknowledge, open_package
from lawgate_verifier.policy import Policy
from lawgate_verifier.refused import Refused
from lawgate_verifier.state import State


def test_honest_packages_open_in_turn_and_show_what_was_sealed(
    house: House, policy: Policy, officer: Officer
) -> None:
    state: State = {}
    for index in house.indexes("answer"):
        opened = open_package(house.package(index), policy, officer, state)
        assert opened.payload == house.payloads[house.entries[index]["answer"]]
        assert (opened.answer.index, opened.again) == (index, False)
        state = opened.state
    assert state["gateway.example/demo-log"].recipients[keyid("officer")].sequence == 3


def test_the_acknowledgement_is_what_the_format_says(house: House, policy: Policy, officer: Officer) -> None:
    index = house.indexes("answer")[0]
    files = house.package(index)
    opened = open_package(files, policy, officer, {})
    raw = acknowledge(opened, officer, "2026-03-02T11:22:33Z")
    envelope = json.loads(raw)
    assert jcs(envelope) == raw
    payload = base64.b64decode(envelope["payload"])
    kind = "application/vnd.lawgate.ack+json"
    signed = f"DSSEv1 {len(kind)} {kind} {len(payload)} ".encode() + payload
    (signature,) = envelope["signatures"]
    assert (envelope["payloadType"], signature["keyid"]) == (kind, keyid("officer"))
    private("officer").public_key().verify(base64.b64decode(signature["sig"]), signed)
    order = ("payload.age", "openings.age", "answer.tlog-proof", "terms.txt")
    assert payload == jcs(
        {
            "type": "lawgate/ack/v1",
            "answer": house.entries[index]["answer"],
            "index": index,
            "package_sha256": sha(b"".join(sha(files[name]) for name in order)).hex(),
            "received": "2026-03-02T11:22:33Z",
        }
    )


def test_1_four_files_and_no_other(house: House, policy: Policy, officer: Officer) -> None:
    files = house.package(house.indexes("answer")[0])
    for name in files:
        assert refusal({other: raw for other, raw in files.items() if other != name}, policy, officer) == 1
    assert refusal({**files, "more.txt": b""}, policy, officer) == 1


def test_2_the_proof_parses_and_is_of_an_answer(house: House, policy: Policy, officer: Officer) -> None:
    index = house.indexes("answer")[0]
    files = house.package(index)
    proof = files["answer.tlog-proof"]
    spoilt = [
        b"",
        proof.replace(b"@v1", b"@v2", 1),
        proof.replace(b"index ", b"index 0", 1),
        proof.replace(b"extra ", b"extra  ", 1),
        proof[proof.index(b"\n") + 1 :],
        b"\n".join(line for line in proof.split(b"\n") if not line.startswith(b"extra ")),
        proof.replace(b64(house.raws()[index]).encode(), b"e30=", 1),
        house.proof(house.indexes("heartbeat")[0]),
    ]
    for each in spoilt:
        assert refusal({**files, "answer.tlog-proof": each}, policy, officer) == 2


def test_3_the_log_and_all_witnesses_signed(house: House, policy: Policy, officer: Officer) -> None:
    files = house.package(house.indexes("answer")[0])
    head, gap, note = files["answer.tlog-proof"].partition(b"\n\n")
    lines = note.splitlines(keepends=True)
    for witnesses in ((), ("w1",), ("w2",)):
        spoilt = head + gap + house.checkpoint(witnesses=witnesses)
        assert refusal({**files, "answer.tlog-proof": spoilt}, policy, officer) == 3
    for spoilt in (lines[:4] + lines[5:], lines + lines[-1:], [*lines[:-1], lines[-1][:-1]], []):
        assert refusal({**files, "answer.tlog-proof": head + gap + b"".join(spoilt)}, policy, officer) == 3


def test_4_the_entry_is_the_one_proved(house: House, policy: Policy, officer: Officer) -> None:
    first, second = house.indexes("answer")[:2]
    files = house.package(first)
    proof = files["answer.tlog-proof"].decode()
    other = {**house.entries[first], "stops": 2}
    spoilt = [
        proof.replace(b64(house.raws()[first]), b64(house.raws()[second]), 1),
        proof.replace(b64(house.raws()[first]), b64(jcs(other)), 1),
        proof.replace(f"index {first}\n", f"index {second}\n", 1),
        proof.replace(f"index {first}\n", "index 16\n", 1),
        proof.replace(f"index {first}\n", f"index {first}\n{b64(sha(b''))}\n", 1),
    ]
    for each in spoilt:
        assert refusal({**files, "answer.tlog-proof": each.encode()}, policy, officer) == 4


def test_5_another_officers_answer_is_refused(house: House, policy: Policy) -> None:
    files = house.package(house.indexes("answer")[0])
    other_identity = f"{OTHER_IDENTITY}\n".encode()
    for identity, label in (
        (other_identity, "officer"),
        (house.identity_file(), "other"),
        (other_identity, "other"),
    ):
        assert refusal(files, policy, read_officer(identity, house.officer_pem(label))) == 5
    both = read_officer(other_identity + house.identity_file(), house.officer_pem())
    assert open_package(files, policy, both, {}).payload["kind"] == "R"


def test_6_other_terms_are_refused(house: House, policy: Policy, officer: Officer) -> None:
    files = house.package(house.indexes("answer")[0])
    assert refusal({**files, "terms.txt": files["terms.txt"] + b"Share freely.\n"}, policy, officer) == 6


def test_7_skipped_and_repeated_numbers_are_refused(house: House, policy: Policy, officer: Officer) -> None:
    first, second, third = (house.package(index) for index in house.indexes("answer"))
    assert refusal(second, policy, officer) == 7
    state = in_turn(house, policy, officer, 1).state
    assert refusal(third, policy, officer, state) == 7
    again = open_package(first, policy, officer, state)
    assert again.again
    assert again.state == state
    after = open_package(second, policy, officer, again.state)
    assert open_package(third, policy, officer, after.state).payload["kind"] == "C"


def test_7_the_number_and_the_place_before_must_both_be_right(
    house: House, own_house: House, policy: Policy, officer: Officer
) -> None:
    first, second, third = own_house.indexes("answer")
    state = in_turn(house, policy, officer, 1).state
    for index, sequence, previous, number in (
        (second, 1, str(first), 2),
        (second, 2, "", 2),
        (second, 1, "", 7),
        (second, 2, "0", 7),
        (third, 3, str(first), 7),
    ):
        own_house.entries[index].update(sequence=sequence, previous=previous)
        assert refusal(own_house.package(index), policy, officer, state) == number
    own_house.entries[third].update(sequence=2)
    assert refusal(own_house.package(third), policy, officer, state) == 10


def test_7_an_answer_that_stands_before_the_last_one_is_refused(
    own_house: House, policy: Policy, officer: Officer
) -> None:
    first, second, _ = own_house.indexes("answer")
    own_house.entries[second].update(sequence=1, previous="")
    own_house.entries[first].update(sequence=2, previous=str(second))
    state = open_package(own_house.package(second), policy, officer, {}).state
    assert refusal(own_house.package(first), policy, officer, state) == 7


def test_7_another_answer_at_a_place_accepted_before_is_refused(
    house: House, own_house: House, policy: Policy, officer: Officer
) -> None:
    first = house.indexes("answer")[0]
    own_house.entries[first]["accounting"] = digest("another row")
    state = in_turn(house, policy, officer, 1).state
    assert refusal(own_house.package(first), policy, officer, state) == 7


def test_10_an_older_head_and_a_forked_one_are_refused(
    house: House, own_house: House, policy: Policy, officer: Officer
) -> None:
    _, second, _ = house.indexes("answer")
    state = in_turn(house, policy, officer, 1).state
    assert refusal(house.package(second, second + 1), policy, officer, state) == 10
    own_house.entries[-1]["time"] = "2026-03-09T00:00Z"
    assert refusal(own_house.package(second), policy, officer, state) == 10
    assert open_package(house.package(second), policy, officer, state)


def test_an_answer_accepted_before_opens_again_with_its_older_proof(
    house: House, policy: Policy, officer: Officer
) -> None:
    """The log went on since; the officer's copy did not change, and what was seen of the log does not shrink."""
    first, second, _ = house.indexes("answer")
    old = house.package(first, second)
    state = open_package(old, policy, officer, {}).state
    state = open_package(house.package(second), policy, officer, state).state
    again = open_package(old, policy, officer, state)
    assert again.again
    assert again.state == state


def test_a_number_that_never_came_is_passed_over_only_if_it_is_named(
    house: House, policy: Policy, officer: Officer
) -> None:
    """A stop that is never lifted must not lock an officer out of every later answer; nor may a gap go unnoticed."""
    first, second, third = house.indexes("answer")
    state = open_package(house.package(first), policy, officer, {}).state
    assert refusal(house.package(third), policy, officer, state) == 7
    for wrong in ([1], [3], [2, 3], [1, 2]):
        with pytest.raises(Refused) as refused:
            open_package(house.package(third), policy, officer, state, wrong)
        assert refused.value.number == 7
    opened = open_package(house.package(third), policy, officer, state, [2])
    late = open_package(house.package(second), policy, officer, opened.state)
    assert not late.again
    assert open_package(house.package(second), policy, officer, late.state).again
    assert open_package(house.package(third), policy, officer, late.state).again


def test_the_first_check_that_fails_gives_its_number(house: House, policy: Policy, officer: Officer) -> None:
    """All is wrong at once; mending one thing after the other names them in order."""
    first, second, _ = house.indexes("answer")
    good = house.package(second)
    head, gap, _ = good["answer.tlog-proof"].partition(b"\n\n")
    unsigned = head + gap + house.checkpoint(witnesses=())
    unproved = good["answer.tlog-proof"].replace(f"index {second}\n".encode(), b"index 0\n")
    bad = {"payload.age": b"", "openings.age": b"", "answer.tlog-proof": b"", "terms.txt": b"", "more": b""}
    other = read_officer(f"{OTHER_IDENTITY}\n".encode(), house.officer_pem())
    found = [refusal(bad, policy, other)]
    del bad["more"]
    for proof in (b"", unsigned, unproved, good["answer.tlog-proof"]):
        bad["answer.tlog-proof"] = proof
        found.append(refusal(bad, policy, other))
    found.append(refusal(bad, policy, officer))
    bad["terms.txt"] = good["terms.txt"]
    found.append(refusal(bad, policy, officer))
    state = in_turn(house, policy, officer, 1).state
    found.append(refusal(bad, policy, officer, state))
    bad["payload.age"], bad["openings.age"] = good["payload.age"], house.package(first)["openings.age"]
    found.append(refusal(bad, policy, officer, state))
    assert found == list(range(1, 10))
