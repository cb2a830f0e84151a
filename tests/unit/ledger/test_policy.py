"""Policy files: what a quorum is, and which files are not read."""

from __future__ import annotations

from typing import Any

import pytest

from lawgate.domain.errors import LedgerError, QuorumError
from lawgate.ledger import note
from lawgate.ledger.checkpoint import Checkpoint, sign_checkpoint
from lawgate.ledger.cosignature import cosign, cosigned_at
from lawgate.ledger.policy import believe, parse_policy


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
        THREE + f"witness w4 {vkey(4)} https://w4.example\nquorum w4\n",
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
        LOG + "".join(f"witness w{n} {vkey(n)}\n" for n in range(1, 17)) + "quorum w1\n",
    ],
)
def test_file_outside_the_grammar_is_refused(text: str) -> None:
    with pytest.raises(LedgerError):
        parse_policy(text)


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
