"""What is inside a package: padding, form and commitments (checks 8 and 9), one size for all, and nothing of it in a message."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pyrage
import pytest
from honest_log import FIELDS, IDENTITY, OTHER_IDENTITY, House, commit, digest, jcs, padded, salt_of, seal
from honest_opening import refusal

from lawgate_verifier import canonical
from lawgate_verifier.age import read_identities
from lawgate_verifier.commitments import commitment
from lawgate_verifier.officer import Officer
from lawgate_verifier.package import open_package
from lawgate_verifier.policy import Policy
from lawgate_verifier.refused import Refused


def payload_of(house: House) -> dict[str, Any]:
    return house.payloads[house.entries[house.indexes("answer")[0]]["answer"]]


def test_8_other_padding_lengths_and_keys_are_refused(house: House, policy: Policy, officer: Officer) -> None:
    files = house.package(house.indexes("answer")[0])
    text = jcs(payload_of(house))
    spoilt = [
        padded(text, 8191),
        padded(text, 8193),
        padded(text, 16384),
        padded(text, 8192)[:-1] + b"\t",
        padded(text, 8192)[:-1] + b"\n",
        padded(text, 8192)[:-1] + b"x",
        text.ljust(8192),
        padded(b" " + text, 8192),
        padded(b"[]", 8192),
    ]
    for clear in spoilt:
        assert refusal({**files, "payload.age": seal(clear)}, policy, officer) == 8
    assert refusal({**files, "payload.age": seal(padded(text, 8192), OTHER_IDENTITY)}, policy, officer) == 8
    assert refusal({**files, "openings.age": files["payload.age"]}, policy, officer) == 8
    assert refusal({**files, "openings.age": b"not age"}, policy, officer) == 8
    assert open_package({**files, "payload.age": seal(padded(text, 8192))}, policy, officer, {})


@pytest.mark.parametrize("field", FIELDS)
def test_9_what_is_sealed_is_what_was_committed(
    house: House, policy: Policy, officer: Officer, field: str
) -> None:
    index = house.indexes("answer")[0]
    files, answer = house.package(index), house.entries[index]["answer"]
    other = {
        "request_key": "demo-9",
        "kind": "C",
        "fields": {},
        "items": [],
        "periods": [1999],
        "sentence": "",
    }[field]
    payload = {**payload_of(house), field: other}
    if field == "kind":
        payload["fields"] = {}
    assert refusal({**files, "payload.age": seal(padded(jcs(payload), 8192))}, policy, officer) == 9
    for change in (
        {"value": other},
        {"salt": digest("salt")},
        {"salt": "00" * 31},
        {"salt": "AA" * 32},
        {"more": 1},
    ):
        openings = house.openings(answer)
        openings["openings"][field] = {**openings["openings"][field], **change}
        assert refusal({**files, "openings.age": seal(padded(jcs(openings), 16384))}, policy, officer) == 9
    openings = {**house.openings(answer), "more": ""}
    assert refusal({**files, "openings.age": seal(padded(jcs(openings), 16384))}, policy, officer) == 9
    openings = house.openings(answer)
    del openings["openings"][field]
    assert refusal({**files, "openings.age": seal(padded(jcs(openings), 16384))}, policy, officer) == 9
    del payload[field]
    assert refusal({**files, "payload.age": seal(padded(jcs(payload), 8192))}, policy, officer) == 9


def address(**parts: object) -> Callable[[dict[str, Any]], None]:
    return lambda payload: payload["fields"].update(address={**payload["fields"]["address"], **parts})


WRONG: dict[str, Callable[[dict[str, Any]], object]] = {
    "year outside": address(tax_year=2021),
    "year as text": address(tax_year="2023"),
    "part as number": address(zip=62701),
    "no source": lambda p: p["fields"]["address"].pop("source"),
    "field not among items": lambda p: p["fields"].update(income="1"),
    "no items": lambda p: p.update(items=[]),
    "kind": lambda p: p.update(kind="Q"),
    "fields of a refusal": lambda p: p.update(kind="N"),
    "fields of a confirmation": lambda p: p.update(kind="C"),
    "period as text": lambda p: p.update(periods=["2022", "2023"]),
    "item as number": lambda p: p["items"].append(1),
    "sentence": lambda p: p.update(sentence=1),
    "version": lambda p: p.update(v=2),
    "more": lambda p: p.update(more=""),
    "other answer": lambda p: p.update(answer="0" * 32),
}


@pytest.mark.parametrize("name", WRONG)
def test_9_a_payload_of_another_form_is_refused_even_if_it_was_committed(
    own_house: House, policy: Policy, officer: Officer, name: str
) -> None:
    """The gateway itself would be at fault here: commitments, openings and payload agree."""
    index = own_house.indexes("answer")[0]
    entry = own_house.entries[index]
    payload = payload_of(own_house)
    WRONG[name](payload)
    entry["commitments"] = {
        field: commit(salt_of(entry["answer"], field), field, payload[field]) for field in FIELDS
    }
    assert refusal(own_house.package(index), policy, officer) == 9


def test_nothing_sealed_is_in_a_refusal_or_a_repr(house: House, policy: Policy, officer: Officer) -> None:
    index = house.indexes("answer")[0]
    files = house.package(index)
    payload = {**payload_of(house), "sentence": "Springfield"}
    with pytest.raises(Refused) as caught:
        open_package({**files, "payload.age": seal(padded(jcs(payload), 8192))}, policy, officer, {})
    assert "Springfield" not in repr(caught.value) + str(caught.value)
    opened = open_package(files, policy, officer, {})
    assert "Springfield" not in repr(opened)
    assert "SECRET" not in repr(officer)


def test_answers_of_all_kinds_have_one_size(house: House) -> None:
    """Clear texts and sealed bodies are equal to the byte; the age header ends in a stanza of random length that knows nothing of them."""
    sizes = set()
    for index in house.indexes("answer"):
        files = house.package(index)
        sealed = (files["payload.age"], files["openings.age"])
        bodies = [len(raw) - raw.index(b"\n--- ") for raw in sealed]
        sizes.add((*bodies, *(len(pyrage.decrypt(raw, [IDENTITY])) for raw in sealed)))
    assert len(sizes) == 1
    assert {house.payloads[house.entries[index]["answer"]]["kind"] for index in house.indexes("answer")} == {
        *"RCN"
    }


@pytest.mark.parametrize("length", [0, 31, 33, 64])
def test_a_salt_of_another_length_commits_to_nothing(length: int) -> None:
    """HMAC pads short keys with zeros and hashes long ones, so such a salt would have a twin."""
    with pytest.raises(Refused):
        commitment(b"\x00" * length, "kind", "R")


def test_a_commitment_is_over_field_and_value() -> None:
    salt = salt_of("answer", "kind")
    assert commitment(salt, "kind", "R").hex() == commit(salt, "kind", "R")
    assert commitment(salt, "kin", "dR") != commitment(salt, "kind", "R")


def test_an_identity_file_without_an_identity_is_refused() -> None:
    for raw in (b"", b"# only a comment\n", b"AGE-SECRET-KEY-1\n", b"\xff"):
        with pytest.raises(Refused):
            read_identities(raw)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 2**53, "\ud800"])
def test_values_without_a_canonical_form_are_refused(value: canonical.Json) -> None:
    with pytest.raises(Refused):
        canonical.encode(value)
