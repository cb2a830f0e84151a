"""Policy files: what a quorum is, and which files are not read."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

from lawgate.domain.errors import LedgerError, QuorumError
from lawgate.ledger import note
from lawgate.ledger.checkpoint import Checkpoint, sign_checkpoint
from lawgate.ledger.cosignature import cosign, cosigned_at
from lawgate.ledger.policy import believe, parse_policy, write_policy


def vkey(number: int, algorithm: int = note.COSIGNATURE) -> str:
    return str(note.VerifierKey(f"k{number}.example", algorithm, bytes([number]) * 32))


LOG = f"log {vkey(0, note.ED25519)}\n"
THREE = LOG + "".join(f"witness w{n} {vkey(n)}\n" for n in (1, 2, 3))


@pytest.mark.parametrize(
    ("rules", "enough", "short"),
    [
        ("quorum none\n", set(), None),
        ("quorum w2\n", {"w2"}, {"w1", "w3"}),
        ("group g all w1 w2 w3\nquorum g\n", {"w1", "w2", "w3"}, {"w1", "w2"}),
        ("group g any w1 w2\nquorum g\n", {"w2"}, {"w3"}),
        ("group g 2 w1 w2 w3\nquorum g\n", {"w1", "w3"}, {"w1"}),
        ("group g 1 w1 w2\ngroup h all g w3\nquorum h\n", {"w2", "w3"}, {"w1", "w2"}),
        ("# who\n\n \tgroup g\tany  w1\n  quorum g \n", {"w1"}, set()),
    ],
)
def test_quorum_is_what_the_file_says(rules: str, enough: set[str], short: set[str] | None) -> None:
    policy = parse_policy(THREE + rules)
    assert policy.satisfied_by(enough)
    assert short is None or not policy.satisfied_by(short)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "quorum none\n",
        LOG,
        LOG + "quorum none",
        LOG + LOG + "quorum none\n",
        LOG + "quorum none\nquorum none\n",
        LOG + "quorum w1\n",
        LOG + f"witness w1 {vkey(1, note.ED25519)}\nquorum w1\n",
        f"log {vkey(0)}\nquorum none\n",
        LOG + f"witness none {vkey(1)}\nquorum none\n",
        LOG + f"witness w0 {vkey(0)}\nquorum w0\n",
        THREE + f"witness w1 {vkey(4)}\nquorum w1\n",
        THREE + f"witness w4 {vkey(1)}\nquorum w4\n",
        THREE + f"witness w4 {vkey(4)} https://w4.example two\nquorum w4\n",
        THREE + "# \x7f\nquorum w1\n",
        THREE + "group g any\nquorum none\n",
        THREE + "group g 0 w1\nquorum g\n",
        THREE + "group g 3 w1 w2\nquorum g\n",
        THREE + "group g 01 w1 w2\nquorum g\n",
        THREE + "group g any w1 w1\nquorum g\n",
        THREE + "group g any w9\nquorum g\n",
        THREE + "group g any none\nquorum g\n",
        THREE + "group g any g\nquorum g\n",
        THREE + "group g any w1 w2\ngroup h any w2 w3\nquorum h\n",
        THREE + "group w1 any w2\nquorum w1\n",
        THREE + "quorum g\ngroup g any w1\n",
        THREE + "trust w1\nquorum w1\n",
        THREE + "quorum w1 w2\n",
        THREE + "quorum w1\r\n",
        LOG + "".join(f"witness w{n} {vkey(n)}\n" for n in range(1, 65)) + "quorum w1\n",
    ],
)
def test_file_outside_the_grammar_is_refused(text: str) -> None:
    with pytest.raises(LedgerError):
        parse_policy(text)


def test_addresses_are_read_and_written_and_mean_nothing_for_the_quorum() -> None:
    text = f"log {vkey(0, note.ED25519)} https://log.example/\nwitness w1 {vkey(1)} http://127.0.0.1:1/w\nwitness w2 {vkey(2)}\nquorum w1\n"
    policy = parse_policy(text)
    assert (policy.log_url, policy.urls) == ("https://log.example/", {"w1": "http://127.0.0.1:1/w"})
    written = write_policy(policy.log, policy.witnesses, {}, "w1", urls=policy.urls, log_url=policy.log_url)
    assert written == text


def test_32_witnesses_and_32_groups_are_read() -> None:
    witnesses = "".join(f"witness w{n} {vkey(n)}\n" for n in range(1, 33))
    groups = "".join(f"group g{n} any w{n}\n" for n in range(1, 33))
    policy = parse_policy(LOG + witnesses + groups + "quorum g32\n")
    assert policy.satisfied_by({"w32"})
    assert not policy.satisfied_by({"w31"})


def test_an_ml_dsa_witness_cosigns_the_three_values_and_is_believed() -> None:
    log = note.Signer("log.example", Ed25519PrivateKey.from_private_bytes(b"L" * 32))
    witness = note.Signer("w.example", MLDSA44PrivateKey.from_seed_bytes(b"w" * 32))
    assert witness.witness_key.algorithm == note.ML_DSA_44
    text = write_policy(log.key(note.ED25519), {"w": witness.witness_key}, {}, "w")
    signed = sign_checkpoint(Checkpoint("log.example", 3, b"r" * 32), log)
    line = cosign(witness, signed.text, datetime(2026, 1, 1, tzinfo=UTC))
    assert len(line.blob) == 8 + 2420
    believed = believe(str(note.Note(signed.text, (*signed.signatures, line))), parse_policy(text))
    assert believed.cosigners == ("w",)
    other = sign_checkpoint(Checkpoint("log.example", 3, b"s" * 32), log)
    with pytest.raises(LedgerError):
        believe(str(note.Note(other.text, (*other.signatures, line))), parse_policy(text))
    for bad in (0, 2**63):
        with pytest.raises(LedgerError):
            note.cosigned_message(note.ML_DSA_44, "w.example", signed.text, bad)
    with pytest.raises(LedgerError):
        witness.sign(signed.text)


def test_checkpoint_needs_the_logs_signature_and_the_quorums(world: Any) -> None:
    signed = sign_checkpoint(Checkpoint(world.log.name, 1, b"r" * 32), world.signer)
    lines = [cosign(witness.key, signed.text, world.now) for witness in world.witnesses]
    assert {cosigned_at(line) for line in lines} == {int(world.now.timestamp())}
    with pytest.raises(QuorumError):
        believe(str(signed), world.policy)
    with pytest.raises(QuorumError):
        believe(str(note.Note(signed.text, (*signed.signatures, lines[0]))), world.policy)
    whole = note.Note(signed.text, (*signed.signatures, *lines[1:]))
    assert believe(str(whole), world.policy).cosigners == ("w1", "w2")
    with pytest.raises(LedgerError):
        believe(str(note.Note(signed.text, tuple(lines))), world.policy)
    with pytest.raises(LedgerError):
        believe(str(note.Note(signed.text, (*signed.signatures, *lines, lines[0]))), world.policy)
