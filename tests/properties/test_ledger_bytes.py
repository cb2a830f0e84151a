"""The log's bytes: every size and every proof agree with RFC 6962 by its definition, and no byte of what is believed can change."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from functools import cache

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from lawgate.domain.errors import LedgerError, QuorumError
from lawgate.evidence.canonical import canonical, parse_canonical
from lawgate.evidence.commitment import commit, opens
from lawgate.ledger.append import prove, publish
from lawgate.ledger.audit import verify_log
from lawgate.ledger.checkpoint import Checkpoint, checkpoint_of, parse_checkpoint
from lawgate.ledger.cosignature import cosign
from lawgate.ledger.leaves import heartbeat_leaf, policy_leaf
from lawgate.ledger.note import (
    COSIGNATURE,
    ED25519,
    Note,
    SignatureLine,
    Signer,
    VerifierKey,
    parse_note,
    parse_vkey,
)
from lawgate.ledger.policy import Group, parse_policy, write_policy
from lawgate.ledger.proof import Proof, parse_proof, verify_proof
from lawgate.ledger.tile import decode_bundle, encode_bundle
from lawgate.ledger.tree import (
    Frontier,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    root_of,
    verify_consistency,
    verify_inclusion,
)
from lawgate.ledger.witness import Seen, WitnessReply, rule

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SIZES = 301
ENTRIES = [n.to_bytes(2, "big") for n in range(SIZES)]
LEAVES = [leaf_hash(entry) for entry in ENTRIES]


@cache
def by_definition(low: int, high: int) -> bytes:
    """RFC 6962 §2.1, word for word."""
    if high == low:
        return hashlib.sha256(b"").digest()
    if high - low == 1:
        return hashlib.sha256(b"\x00" + ENTRIES[low]).digest()
    k = 1
    while k * 2 < high - low:
        k *= 2
    return hashlib.sha256(b"\x01" + by_definition(low, low + k) + by_definition(low + k, high)).digest()


def node(level: int, index: int) -> bytes:
    return by_definition(index << level, (index + 1) << level)


def test_growing_root_is_the_defined_one_at_every_size() -> None:
    frontier = Frontier()
    for size in range(SIZES):
        assert frontier.root() == by_definition(0, size)
        frontier.append(LEAVES[size])


def test_every_inclusion_proof_of_every_size_verifies_at_its_own_place_only() -> None:
    for size in range(1, SIZES):
        root = by_definition(0, size)
        for index in range(size):
            proof = inclusion_proof(index, size, node)
            assert verify_inclusion(index, size, LEAVES[index], proof, root)
        assert not verify_inclusion(size // 2, size, LEAVES[size // 2 - 1], proof, root) or size == 1


def test_every_consistency_proof_up_to_size_80_verifies() -> None:
    for new in range(1, 81):
        for old in range(1, new + 1):
            proof = consistency_proof(old, new, node)
            assert verify_consistency(old, new, by_definition(0, old), by_definition(0, new), proof)


def flips(raw: bytes, masks: Sequence[int] = (0x01, 0x20)) -> list[bytes]:
    return [raw[:at] + bytes([raw[at] ^ mask]) + raw[at + 1 :] for at in range(len(raw)) for mask in masks]


def test_inclusion_proof_with_any_byte_flipped_fails() -> None:
    for size in (1, 2, 7, 64, 257, 300):
        root = by_definition(0, size)
        for index in {0, size // 3, size - 1}:
            proof = inclusion_proof(index, size, node)
            for place, hashed in enumerate(proof):
                for bad in flips(hashed, (0x01,)):
                    spoiled = (*proof[:place], bad, *proof[place + 1 :])
                    assert not verify_inclusion(index, size, LEAVES[index], spoiled, root)
            assert not verify_inclusion(index, size, LEAVES[index], (*proof, root), root)
            assert not proof or not verify_inclusion(index, size, LEAVES[index], proof[1:], root)


@given(st.integers(1, 300), st.integers(1, 300), st.data())
def test_consistency_proof_verifies_and_no_changed_one_does(one: int, two: int, data: st.DataObject) -> None:
    old, new = sorted((one, two))
    first, second = by_definition(0, old), by_definition(0, new)
    proof = consistency_proof(old, new, node)
    assert verify_consistency(old, new, first, second, proof)
    place = data.draw(st.integers(0, 31))
    bad = st.sampled_from(flips(first, (1 << data.draw(st.integers(0, 7)),)))
    assert not verify_consistency(old, new, data.draw(bad), second, proof)
    assert not verify_consistency(old, new, first, flips(second, (1,))[place], proof)
    assert not verify_consistency(old, new, first, second, (*proof, first))
    for at, hashed in enumerate(proof):
        spoiled = (*proof[:at], flips(hashed, (1,))[place], *proof[at + 1 :])
        assert not verify_consistency(old, new, first, second, spoiled)


@pytest.mark.parametrize("make", [inclusion_proof, consistency_proof])
def test_proof_outside_the_tree_is_not_made(
    make: Callable[[int, int, Callable[[int, int], bytes]], tuple[bytes, ...]],
) -> None:
    for first, second in ((-1, 5), (6, 5), (0, 0)):
        with pytest.raises(ValueError):
            make(first, second, node)


class Log:
    """A log in memory, as small as can be."""

    def __init__(self, witnesses: int) -> None:
        self.signer = Signer("log.example/p", Ed25519PrivateKey.from_private_bytes(b"L" * 32))
        log = self.signer.key(ED25519)
        self.witnesses = [LogWitness(n, log) for n in range(witnesses)]
        keys = {f"w{n}": witness.key.key(COSIGNATURE) for n, witness in enumerate(self.witnesses)}
        groups = {"both": Group(witnesses, tuple(keys))} if witnesses else {}
        self.policy = parse_policy(write_policy(log, keys, groups, "both" if witnesses else "none"))
        self.files: dict[str, bytes] = {}
        self.sequenced: list[bytes] = []
        self.head: str | None = None

    def grow(self) -> None:
        index = len(self.sequenced)
        first = policy_leaf(at=NOW, origin=self.signer.name, policy_sha256="0" * 64, terms_sha256="0" * 64)
        self.sequenced.append(heartbeat_leaf(at=NOW, entries=index) if index else first)

    def publish(self) -> Checkpoint:
        raw = publish(self, self, self, self.signer, self.witnesses, self.policy, NOW)
        return checkpoint_of(parse_note(raw), self.policy.log)

    def size(self) -> int:
        return len(self.sequenced)

    def entries(self, start: int, end: int) -> Sequence[bytes]:
        return self.sequenced[start:end]

    def read(self, path: str) -> bytes | None:
        return self.files.get(path)

    def write_many(self, files: Iterable[tuple[str, bytes]]) -> None:
        for path, content in files:
            self.write(path, content)

    def write(self, path: str, content: bytes) -> None:
        self.files[path] = content

    def load_head(self) -> str | None:
        return self.head

    def swap_head(self, old: str | None, new: str) -> bool:
        self.head = new
        return True


class LogWitness:
    def __init__(self, number: int, log: VerifierKey) -> None:
        self.name = f"w{number}.example"
        self.key = Signer(self.name, Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32))
        self._log = log
        self._seen = Seen()

    def add_checkpoint(self, body: str, now: datetime) -> WitnessReply:
        ruling = rule(self._seen, self._log, body)
        self._seen = ruling.seen
        return ruling.refusal or WitnessReply(200, str(cosign(self.key, ruling.text, now)))


def test_published_root_is_the_incremental_one_at_every_size() -> None:
    log, frontier = Log(0), Frontier()
    for size in range(1, SIZES):
        log.grow()
        frontier.append(leaf_hash(log.sequenced[-1]))
        published = log.publish()
        assert (published.size, published.root) == (size, frontier.root())
    assert verify_log(log, log.policy).size == 300


def test_a_tree_grown_in_runs_or_hashed_in_rows_is_the_one_grown_leaf_by_leaf() -> None:
    hashes = [leaf_hash(bytes([n >> 8, n & 255])) for n in range(1100)]
    roots = [Frontier().root()]
    one_by_one = Frontier()
    for hashed in hashes:
        one_by_one.append(hashed)
        roots.append(one_by_one.root())
    for size in range(1101):
        assert root_of(hashes[:size]) == roots[size]
    for first in (0, 1, 200, 256, 300, 512, 1024):
        for second in (first, first + 1, 511, 512, 768, 1100):
            grown = Frontier()
            grown.extend(hashes[:first])
            grown.extend(hashes[first:second])
            assert (grown.size, grown.root()) == (max(first, second), roots[max(first, second)])


def small_log() -> Log:
    log = Log(2)
    for _ in range(5):
        log.grow()
    log.publish()
    return log


def test_any_flipped_byte_of_a_log_is_found() -> None:
    """Bundle, tile, checkpoint text, the log's signature and both cosignatures (all are required): byte by byte."""
    log = small_log()
    assert set(log.files) == {"checkpoint", "tile/0/000.p/5", "tile/entries/000.p/5"}
    verify_log(log, log.policy)
    for path, good in list(log.files.items()):
        for bad in (*flips(good), good[:-1], good + b"\n", b""):
            log.files[path] = bad
            with pytest.raises((LedgerError, QuorumError)):
                verify_log(log, log.policy)
        log.files[path] = good
    verify_log(log, log.policy)


def test_any_flipped_byte_of_a_proof_file_is_found() -> None:
    log = small_log()
    raw = str(prove(3, log, log.policy)).encode()
    for bad in (*flips(raw), raw[:-1], raw + b"\n"):
        with pytest.raises((LedgerError, QuorumError, UnicodeDecodeError)):
            verify_proof(parse_proof(bad.decode()), log.policy)


names = st.text(
    st.characters(codec="utf-8", categories=("L", "N", "P", "S"), exclude_characters="+"), min_size=1
)
sizes = st.integers(1, 10**18 - 1)
hashes = st.binary(min_size=32, max_size=32)
lines = st.builds(SignatureLine, names, st.binary(min_size=4, max_size=4), st.binary(min_size=1, max_size=99))


def ends(text: str) -> str:
    return text + "\n"


texts = st.text(st.characters(codec="utf-8", min_codepoint=32) | st.just("\n"), min_size=1, max_size=60).map(
    ends
)


@given(st.builds(Note, texts, st.lists(lines, min_size=1, max_size=16).map(tuple)))
def test_note_written_is_the_note_read(note: Note) -> None:
    assert parse_note(str(note)) == note


@given(st.builds(Checkpoint, names, sizes, hashes))
def test_checkpoint_written_is_the_checkpoint_read(checkpoint: Checkpoint) -> None:
    assert parse_checkpoint(str(checkpoint)) == checkpoint


@given(st.builds(VerifierKey, names, st.sampled_from((ED25519, COSIGNATURE)), hashes))
def test_verifier_key_written_is_the_key_read(key: VerifierKey) -> None:
    assert parse_vkey(str(key)) == key


@given(
    st.builds(
        Proof,
        st.binary(min_size=1, max_size=200),
        st.integers(0, 10**18 - 1),
        st.lists(hashes, max_size=63).map(tuple),
        texts,
    )
)
def test_proof_written_is_the_proof_read(proof: Proof) -> None:
    assert parse_proof(str(proof)) == proof


@given(st.integers(1, 15), st.data())
def test_policy_written_is_the_policy_read(count: int, data: st.DataObject) -> None:
    log = VerifierKey("log.example", ED25519, b"\xff" * 32)
    witnesses = {f"w{n}": VerifierKey(f"k{n}", COSIGNATURE, bytes([n]) * 32) for n in range(count)}
    members = tuple(data.draw(st.permutations(sorted(witnesses))))
    threshold = data.draw(st.integers(1, count))
    groups = {"g": Group(threshold, members)}
    text = write_policy(log, witnesses, groups, "g")
    policy = parse_policy(text)
    assert (policy.log, policy.witnesses, policy.groups, policy.quorum) == (log, witnesses, groups, "g")
    signed = set(data.draw(st.lists(st.sampled_from(members))))
    assert policy.satisfied_by(signed) == (len(signed) >= threshold)


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=256))
def test_bundle_written_is_the_bundle_read(entries: list[bytes]) -> None:
    raw = encode_bundle(entries)
    assert decode_bundle(raw, len(entries)) == tuple(entries)
    for bad, width in ((raw[:-1], len(entries)), (raw + b"\0", len(entries)), (raw, len(entries) + 1)):
        with pytest.raises(LedgerError):
            decode_bundle(bad, width)


values = st.recursive(
    st.text(st.characters(codec="utf-8"), max_size=9) | st.integers(-(2**53) + 1, 2**53 - 1),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(st.characters(codec="utf-8"), max_size=9), values, max_size=4))
def test_canonical_object_written_is_the_object_read_and_nothing_else_is(value: dict[str, object]) -> None:
    raw = canonical(value)  # type: ignore[arg-type]
    assert parse_canonical(raw) == value
    for bad in (raw + b" ", b" " + raw, raw[:-1] + b",}"):
        with pytest.raises(ValueError):
            parse_canonical(bad)


@given(hashes, st.sampled_from(("kind", "fields", "line")), values, values)
def test_commitment_opens_to_its_own_value_only(
    salt: bytes, field: str, value: object, other: object
) -> None:
    commitment = commit(salt, field, value)  # type: ignore[arg-type]
    assert opens(commitment, salt, field, value)  # type: ignore[arg-type]
    assert opens(commitment, salt, field, other) == (value == other)  # type: ignore[arg-type]
    assert not opens(commitment, salt, field + "x", value)  # type: ignore[arg-type]
    for wrong in (salt[:-1], salt + b"\0", b""):
        with pytest.raises(ValueError):
            commit(wrong, field, value)  # type: ignore[arg-type]
