"""A submission is received if its envelope is good, and rejected by one code if not; a bad line never rejects it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lawgate.domain.code import CODES
from lawgate.domain.standing import Role, Standing
from lawgate.domain.steps import Received, Rejected
from lawgate.evidence.canonical import canonical, sha256_hex
from lawgate.evidence.envelope import sign, unverified_payload
from lawgate.intake.attest import attestation_body
from lawgate.intake.parts import sent
from lawgate.intake.receive import read_received, receive

Files = dict[str, bytes]


class Outcome:
    """A submission that was received, and its lines."""

    def __init__(self, files: Files, received: Received, standing: Standing) -> None:
        self.received = received
        self.lines = tuple(read_received(sent(files), received, standing))

    def __getattr__(self, name: str) -> Any:
        return getattr(self.received, name)


def received(agent: Any, files: Files, standing: Standing | None = None) -> Outcome:
    register = standing or agent.standing
    outcome = receive(sent(files), register, agent.now, agent.grounds)
    assert isinstance(outcome, Received), outcome
    return Outcome(files, outcome, register)


def rejected(agent: Any, files: Files, standing: Standing | None = None) -> Rejected:
    outcome = receive(sent(files), standing or agent.standing, agent.now, agent.grounds)
    assert isinstance(outcome, Rejected)
    assert "Marker" not in outcome.message
    assert CODES[outcome.code].sentence in outcome.message
    return outcome


def test_an_honest_submission_of_json_lines_is_received_whole(agent: Any) -> None:
    files = agent.compose()
    outcome = received(agent, files)
    cover = outcome.cover
    assert (cover.agency, cover.office, cover.holder) == ("agency-1", "agency-head", "p-official")
    assert (cover.nonce, cover.created, cover.delegation) == (agent.nonce, agent.now, None)
    assert (cover.pack, cover.agreement) == ("pack-1", "agreement-1")
    assert cover.certified_use == "Solely for the proceedings stated."
    assert (cover.file_name, cover.line_count, cover.columns) == ("lines.jsonl", 3, {})
    assert cover.file_sha256 == hashlib.sha256(agent.jsonl()).hexdigest()
    assert cover.attestations_sha256 == hashlib.sha256(files["attestations.jsonl"]).hexdigest()
    assert cover.envelope_sha256 == hashlib.sha256(files["cover.json"]).hexdigest()
    assert agent.standing.key(cover.signer_keyid).person == "p-official"
    assert [dict(line.data) for line in outcome.lines] == [agent.data(number) for number in (1, 2, 3)]
    assert outcome.received_at == agent.now


def test_an_honest_submission_of_csv_is_received_whole(agent: Any) -> None:
    outcome = received(agent, agent.compose(agent.csv(), "lines.csv"))
    assert outcome.cover.line_count == len(outcome.lines) == 3
    assert outcome.cover.file_sha256 == hashlib.sha256(agent.csv()).hexdigest()
    assert outcome.lines[2].data["taxable_periods"] == ["2022", "2023"]
    assert all(line.attestation and not line.faults for line in outcome.lines)


def test_each_line_carries_its_own_officers_attestation(agent: Any) -> None:
    files = agent.compose()
    envelopes = files["attestations.jsonl"].splitlines()
    for line, envelope in zip(received(agent, files).lines, envelopes, strict=True):
        assert line.attestation is not None
        assert line.attestation.person == line.data["engaged_officer"]
        assert line.attestation.envelope_sha256 == hashlib.sha256(envelope).hexdigest()
        assert agent.standing.key(line.attestation.keyid).person == line.attestation.person


def test_the_confirmation_number_is_the_manifests_and_of_the_same_bytes_the_same(agent: Any) -> None:
    files = agent.compose()
    outcome = received(agent, files)
    manifest = canonical({name: sha256_hex(raw) for name, raw in files.items()})
    assert outcome.manifest_sha256 == hashlib.sha256(manifest).hexdigest()
    assert len(outcome.submission) == 16
    alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    number = sum(
        alphabet.index(sign) << (5 * place) for place, sign in enumerate(reversed(outcome.submission))
    )
    assert number == int(outcome.manifest_sha256[:20], 16)
    assert (
        receive(sent(dict(reversed(files.items()))), agent.standing, agent.now, agent.grounds)
        == outcome.received
    )
    assert received(agent, replace(agent, nonce="1" * 32).compose()).submission != outcome.submission


def test_a_rejected_submission_has_a_confirmation_number_of_its_bytes_too(agent: Any) -> None:
    first, second = rejected(agent, {"x\ud800": b"a"}), rejected(agent, {"x\ud800": b"a"})
    assert first == second
    assert (first.code, first.agency, len(first.submission)) == ("101", None, 16)


def without(name: str) -> Callable[[Any, Files], Files]:
    return lambda agent, files: {other: raw for other, raw in files.items() if other != name}


def cover(**changed: Any) -> Callable[[Any, Files], Files]:
    return lambda agent, files: agent.cover(files, **changed)


def put(name: str, change: Callable[[bytes], bytes]) -> Callable[[Any, Files], Files]:
    return lambda agent, files: {**files, name: change(files[name])}


def line_file(**changed: Any) -> Callable[[Any, Files], Files]:
    def apply(agent: Any, files: Files) -> Files:
        stated = unverified_payload(files["cover.json"], "cover")["line_file"]
        assert isinstance(stated, dict)
        changed_file: Files = agent.cover(files, line_file={**stated, **changed})
        return changed_file

    return apply


def crossed(agent: Any, files: Files) -> bytes:
    other = json.loads(agent.cover(files, pack="pack-2")["cover.json"])
    return canonical({**json.loads(files["cover.json"]), "signatures": other["signatures"]})


FAULTS: dict[str, tuple[str, bool, Callable[[Any, Files], Files]]] = {
    "no cover": ("101", False, without("cover.json")),
    "no attestations": ("101", False, without("attestations.jsonl")),
    "no line file": ("101", False, without("lines.jsonl")),
    "a file too many": ("101", False, lambda agent, files: {**files, "more.csv": b""}),
    "a line file of no known kind": ("101", False, lambda agent, files: {**without("lines.jsonl")(agent, files), "l.exe": b""}),
    "a line file with a path": ("101", False, lambda agent, files: {**without("lines.jsonl")(agent, files), "../l.csv": b""}),
    "a cover that is no JSON": ("102", False, put("cover.json", lambda raw: b"Dear IRS")),
    "a cover with a newline behind": ("102", False, put("cover.json", lambda raw: raw + b"\n")),
    "a signature of another document": ("506", False, lambda agent, files: {**files, "cover.json": crossed(agent, files)}),
    "no nonce": ("102", True, cover(nonce=None)),
    "a nonce of another form": ("102", True, cover(nonce="Marker")),
    "a moment of another form": ("102", True, cover(created="2026-06-01")),
    "a moment that never was": ("102", True, cover(created="2026-02-30T00:00:00Z")),
    "no agency": ("102", True, cover(agency=None)),
    "a count that is a text": ("102", True, line_file(count="3")),
    "a negative count": ("102", True, line_file(count=-1)),
    "a member unknown to the format": ("102", True, cover(Marker="x")),
    "a mapping of a column that is none of ours": ("102", True, cover(columns={"nationality": "N"})),
    "a mapping for JSON lines": ("102", True, cover(columns={"request_key": "ID"})),
    "another agency than the signer's": ("501", True, cover(agency="agency-2")),
    "another holder than the signer": ("501", True, cover(holder="p-somebody")),
    "another line file": ("103", True, put("lines.jsonl", lambda raw: raw + b"{}\n")),
    "another name for the line file": ("103", True, line_file(name="other.jsonl")),
    "too few lines stated": ("104", True, line_file(count=2)),
    "too many lines stated": ("104", True, line_file(count=4)),
    "other attestations": ("105", True, put("attestations.jsonl", lambda raw: raw + raw)),
}  # fmt: skip


@pytest.mark.parametrize("fault", sorted(FAULTS))
def test_one_fault_of_the_envelope_rejects_with_its_code(fault: str, agent: Any) -> None:
    code, proven, change = FAULTS[fault]
    outcome = rejected(agent, change(agent, agent.compose()))
    assert (outcome.code, outcome.agency) == (code, "agency-1" if proven else None)


def test_a_message_names_the_members_at_fault_and_no_values(agent: Any) -> None:
    outcome = rejected(agent, agent.cover(agent.compose(), nonce="Marker", office=None, Marker="Marker"))
    assert "(a member not known), nonce, office" in outcome.message


def change_keys(standing: Standing, **changed: Any) -> Standing:
    return replace(standing, keys=tuple(replace(key, **changed) for key in standing.keys))


def test_an_unknown_or_revoked_signer_is_rejected_and_the_agency_is_not_proven(agent: Any) -> None:
    for standing in (
        replace(agent.standing, keys=()),
        change_keys(agent.standing, until=agent.now),
        change_keys(agent.standing, since=agent.now + timedelta(seconds=1)),
    ):
        outcome = rejected(agent, agent.compose(), standing)
        assert (outcome.code, outcome.agency) == ("501", None)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.REQUESTING_OFFICIAL])
def test_a_key_for_another_role_cannot_sign_a_cover(role: Role, agent: Any) -> None:
    outcome = rejected(agent, agent.compose(), change_keys(agent.standing, role=role))
    assert outcome.code == "501"


def test_an_agency_not_or_no_longer_registered_is_rejected(agent: Any) -> None:
    lapsed = tuple(replace(agency, until=agent.now.date()) for agency in agent.standing.agencies)
    for agencies in ((), lapsed):
        assert rejected(agent, agent.compose(), replace(agent.standing, agencies=agencies)).code == "502"
    later = tuple(replace(agency, until=date(2026, 6, 2)) for agency in agent.standing.agencies)
    received(agent, agent.compose(), replace(agent.standing, agencies=later))


def test_what_only_the_rules_decide_does_not_reject(agent: Any) -> None:
    """Office, delegation, agreement and an empty or missing certification get findings, not a rejection."""
    files = agent.cover(
        agent.compose(), office="gardener", delegation="letter", agreement="none", certification=None
    )
    cover = received(agent, files).cover
    assert (cover.office, cover.delegation, cover.certified_use) == ("gardener", "letter", "")


def attested(agent: Any, files: Files, attestations: list[bytes]) -> list[bool]:
    raw = b"".join(envelope + b"\n" for envelope in attestations)
    changed = agent.cover({**files, "attestations.jsonl": raw}, attestations_sha256=sha256_hex(raw))
    outcome = received(agent, changed)
    assert all(line.faults == () for line in outcome.lines)
    assert [dict(line.data) for line in outcome.lines] == [agent.data(number) for number in (1, 2, 3)]
    return [line.attestation is not None for line in outcome.lines]


def test_a_missing_broken_or_foreign_attestation_costs_only_its_own_line(agent: Any) -> None:
    files = agent.compose()
    first, second, third = files["attestations.jsonl"].splitlines()
    foreign = agent.compose(agent.jsonl(3).replace(b"Marker2", b"Marker9"))[
        "attestations.jsonl"
    ].splitlines()[1]
    replayed = replace(agent, nonce="2" * 32).compose()["attestations.jsonl"].splitlines()[1]
    for bad in (
        [],
        [b"{}"],
        [b""],
        [second[:-9]],
        [b"x" * 70_000],
        [foreign],
        [replayed],
        [b"\xff"],
        [first],
    ):
        assert attested(agent, files, [first, *bad, third]) == [True, False, True]
    assert attested(agent, files, [third, b"", second, first, second]) == [True, True, True]


def signed_by(agent: Any, key: Ed25519PrivateKey, **changed: Any) -> bytes:
    line = received(agent, agent.compose()).lines[1]
    return sign("attestation", {**attestation_body(agent.nonce, line, "p-officer-1"), **changed}, key)


def test_an_attestation_counts_only_in_the_named_officers_own_words_and_hand(agent: Any) -> None:
    files = agent.compose()
    first, second, third = files["attestations.jsonl"].splitlines()
    mine, other = agent.officers["p-officer-1"], agent.officers["p-officer-2"]
    assert signed_by(agent, mine) == second
    for bad in (
        signed_by(agent, other),
        signed_by(agent, other, officer="p-officer-2"),
        signed_by(agent, agent.official),
        signed_by(agent, agent.official, officer="p-official"),
        signed_by(agent, mine, officer="p-officer-2"),
        signed_by(agent, mine, statement="supervises those engaged"),
        signed_by(agent, mine, line_sha256="0" * 64),
        signed_by(agent, mine, request_key="R-0001"),
        signed_by(agent, mine, request_key=2),
        signed_by(agent, mine, note="x"),
        signed_by(agent, Ed25519PrivateKey.from_private_bytes(bytes(32))),
    ):
        assert attested(agent, files, [first, bad, third]) == [True, False, True]


def test_a_revoked_officers_attestations_do_not_count(agent: Any) -> None:
    keys = tuple(
        replace(key, until=agent.now) if key.person == "p-officer-1" else key for key in agent.standing.keys
    )
    outcome = received(agent, agent.compose(), replace(agent.standing, keys=keys))
    assert [line.attestation is not None for line in outcome.lines] == [True, False, True]


def test_bad_lines_do_not_reject_and_do_not_touch_the_others(agent: Any) -> None:
    good = agent.jsonl(3).splitlines(keepends=True)
    raw = good[0] + b"garbage\n" + good[1] + b'{"request_key":"x","colour":"Marker"}\n' + good[2] + good[0]
    outcome = received(agent, agent.compose(raw))
    assert [[fault.code for fault in line.faults] for line in outcome.lines] == [
        [],
        ["110"],
        [],
        ["113"],
        [],
        ["111"],
    ]
    assert [line.attestation is not None for line in outcome.lines][:5] == [True, False, True, False, True]


def test_receiving_a_thousand_lines_takes_a_moment(agent: Any) -> None:
    outcome = received(agent, agent.compose(agent.jsonl(1000)))
    assert all(line.attestation for line in outcome.lines)
    assert outcome.received_at == datetime(2026, 6, 1, 12, 0, tzinfo=UTC)


def test_a_ground_that_is_not_answered_here_rejects_the_submission(agent: Any) -> None:
    outcome = receive(sent(agent.compose()), agent.standing, agent.now, frozenset({"another-pack"}))
    assert isinstance(outcome, Rejected)
    assert outcome.code == "508"
