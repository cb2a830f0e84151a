"""A small log in memory whose every durable step can be made to crash."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lawgate.ledger import append, note, policy
from lawgate.ledger.cosignature import cosign
from lawgate.ledger.leaves import heartbeat_leaf, policy_leaf
from lawgate.ledger.witness import Seen, WitnessReply, rule

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


class CrashError(Exception):
    """The machine stops here."""


class Crashing:
    """Counts durable steps and crashes at one of them, before or after it takes hold."""

    def __init__(self) -> None:
        self.steps = 0
        self.at: int | None = None
        self.persisted = False

    def step(self, act: Callable[[], None]) -> None:
        here, self.steps = self.steps, self.steps + 1
        if here != self.at:
            act()
            return
        if self.persisted:
            act()
        raise CrashError


class MemoryTiles:
    def __init__(self, crashing: Crashing) -> None:
        self.files: dict[str, bytes] = {}
        self._crashing = crashing

    def read(self, path: str) -> bytes | None:
        return self.files.get(path)

    def write_many(self, files: Iterable[tuple[str, bytes]]) -> None:
        for path, content in files:
            self.write(path, content)

    def write(self, path: str, content: bytes) -> None:
        assert path == "checkpoint" or self.files.get(path, content) == content, "a tile changed"
        self._crashing.step(lambda: self.files.__setitem__(path, content))


class MemoryHead:
    def __init__(self, crashing: Crashing) -> None:
        self.value: str | None = None
        self.history: list[str] = []
        self._crashing = crashing

    def load_head(self) -> str | None:
        return self.value

    def swap_head(self, old: str | None, new: str) -> bool:
        if self.value != old:
            return False
        self._crashing.step(lambda: self._set(new))
        return True

    def _set(self, new: str) -> None:
        self.value = new
        self.history.append(new)


class MemoryEntries:
    def __init__(self) -> None:
        self.all: list[bytes] = []
        self.reads = 0

    def size(self) -> int:
        return len(self.all)

    def entries(self, start: int, end: int) -> Sequence[bytes]:
        self.reads += end - start
        return self.all[start:end]


class MemoryWitness:
    def __init__(self, name: str, log: note.VerifierKey, crashing: Crashing) -> None:
        digest = hashlib.sha256(name.encode()).digest()
        self.key = note.Signer(name, Ed25519PrivateKey.from_private_bytes(digest))
        self.seen = Seen()
        self.reachable = True
        self.reply: WitnessReply | None = None
        self._log = log
        self._crashing = crashing

    @property
    def name(self) -> str:
        return self.key.name

    def add_checkpoint(self, body: str, now: datetime) -> WitnessReply:
        if not self.reachable:
            raise ConnectionError
        if self.reply is not None:
            return self.reply
        ruling = rule(self.seen, self._log, body)
        if ruling.refusal is not None:
            return ruling.refusal
        if ruling.seen != self.seen:
            self._crashing.step(lambda: setattr(self, "seen", ruling.seen))
        return WitnessReply(200, str(cosign(self.key, ruling.text, now)))


class World:
    """One log with three witnesses, two of which are a quorum."""

    now = NOW
    crash = CrashError

    def __init__(self) -> None:
        self.crashing = Crashing()
        self.signer = note.Signer("log.example/test", Ed25519PrivateKey.from_private_bytes(b"L" * 32))
        self.log = self.signer.key(note.ED25519)
        self.witnesses = [MemoryWitness(f"w{n}.example", self.log, self.crashing) for n in range(3)]
        keys = {f"w{n}": witness.key.key(note.COSIGNATURE) for n, witness in enumerate(self.witnesses)}
        text = policy.write_policy(self.log, keys, {"most": policy.Group(2, tuple(keys))}, "most")
        self.policy = policy.parse_policy(text)
        self.entries = MemoryEntries()
        self.tiles = MemoryTiles(self.crashing)
        self.head = MemoryHead(self.crashing)
        digest = hashlib.sha256(text.encode()).hexdigest()
        self.entries.all.append(
            policy_leaf(at=NOW, origin=self.log.name, policy_sha256=digest, terms_sha256="0" * 64)
        )

    def grow(self, count: int) -> None:
        for _ in range(count):
            self.entries.all.append(heartbeat_leaf(at=NOW, entries=len(self.entries.all)))

    def publish(self, now: datetime = NOW) -> str:
        return append.publish(
            self.entries, self.tiles, self.head, self.signer, self.witnesses, self.policy, now
        )


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def new_world() -> Callable[[], World]:
    return World
