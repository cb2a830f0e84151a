"""Programs that are not ours judge what the gateway writes: Go's own tree over 100,000 entries, and the root of every size up to 1,000.

Each has a negative control and a timeout: a checker that hangs, or says yes to everything, would pass for one that agrees.
"""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

sys.path.insert(0, str(Path(__file__).parents[2] / "verifier" / "tests"))

from go_checker import RUN_SECONDS, build, judged

from lawgate.adapters.ledger_files import LedgerFiles
from lawgate.ledger.append import publish
from lawgate.ledger.audit import verify_log
from lawgate.ledger.checkpoint import checkpoint_of
from lawgate.ledger.leaves import heartbeat_leaf, policy_leaf
from lawgate.ledger.note import ED25519, Signer, encode64, parse_note
from lawgate.ledger.policy import parse_policy, write_policy
from lawgate.ledger.tile import encode_bundle
from lawgate.ledger.tree import Frontier, leaf_hash
from lawgate_verifier import merkle

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
LOG = Signer("log.example/large", Ed25519PrivateKey.from_private_bytes(b"L" * 32))
LARGE = 100_000


@pytest.fixture(scope="session")
def checker(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("lawgatecheck"))


def test_go_has_the_same_root_at_every_size_up_to_a_thousand(checker: Path, tmp_path: Path) -> None:
    rng = random.Random(1000)
    entries = [rng.randbytes(rng.choice((0, 1, 31, 300))) for _ in range(1000)]
    (tmp_path / "entries").write_bytes(encode_bundle(entries))
    asked = [checker, "roots", tmp_path / "entries"]
    done = subprocess.run(asked, capture_output=True, text=True, timeout=RUN_SECONDS, check=True)
    frontier, ours, others = Frontier(), [], []
    hashes: list[bytes] = []
    for size in range(1001):
        ours.append(encode64(frontier.root()))
        others.append(encode64(merkle.root_of(hashes)))
        if size < 1000:
            hashes.append(leaf_hash(entries[size]))
            frontier.append(hashes[-1])
    assert done.stdout.splitlines() == ours == others
    # The negative control: one bit of one entry, and every root from there on is another.
    spoilt = [*entries[:500], b"x" + entries[500], *entries[501:]]
    (tmp_path / "entries").write_bytes(encode_bundle(spoilt))
    again = subprocess.run(asked, capture_output=True, text=True, timeout=RUN_SECONDS, check=True)
    same = [one == two for one, two in zip(again.stdout.splitlines(), ours, strict=True)]
    assert same == [True] * 501 + [False] * 500


class Source:
    """Entries and head in memory."""

    def __init__(self, count: int) -> None:
        first = policy_leaf(at=NOW, origin=LOG.name, policy_sha256="0" * 64, terms_sha256="0" * 64)
        self.all = [first, *(heartbeat_leaf(at=NOW, entries=n) for n in range(1, count))]
        self.head: str | None = None

    def size(self) -> int:
        return len(self.all)

    def entries(self, start: int, end: int) -> Sequence[bytes]:
        return self.all[start:end]

    def load_head(self) -> str | None:
        return self.head

    def swap_head(self, old: str | None, new: str) -> bool:
        self.head = new
        return True


@pytest.mark.slow
def test_go_accepts_a_ledger_of_100_000_entries_and_no_spoilt_one(checker: Path, tmp_path: Path) -> None:
    policy = parse_policy(write_policy(LOG.key(ED25519), {}, {}, "none"))
    source, files = Source(LARGE), LedgerFiles(tmp_path / "log")
    raw = publish(source, files, source, LOG, [], policy, NOW)
    checkpoint = checkpoint_of(parse_note(raw), policy.log)
    files.prune()
    key = str(LOG.key(ED25519))
    said = f"VERIFIED {LARGE} {encode64(checkpoint.root)}\n"
    assert judged(checker, tmp_path / "log", key) == (0, said)
    assert verify_log(files, policy).size == LARGE
    # An early bundle, a hash tile, an upper tile and the head: the first is where another checker hung for ever.
    for path in ("tile/entries/000", "tile/entries/389", "tile/0/000", "tile/1/000", "checkpoint"):
        file = tmp_path / "log" / path
        good = file.read_bytes()
        at = good.index(b"\n") + 1 if path == "checkpoint" else len(good) // 2
        file.write_bytes(good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :])
        assert judged(checker, tmp_path / "log", key) == (1, ""), path
        file.write_bytes(good)
    (tmp_path / "log" / "tile/0/200").unlink()
    assert judged(checker, tmp_path / "log", key) == (1, "")
