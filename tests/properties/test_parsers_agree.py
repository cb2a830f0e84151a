"""Two programs read the same bytes: for every mutated input both refuse it, or both read the same, and what is read has one spelling.

Each parser gets ``LAWGATE_MUTATIONS`` inputs (20,000 in CI, a million by ``make trust``), made from good ones by a seeded hand.
"""

from __future__ import annotations

import hashlib
import os
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256

from invented.passkey import Passkey
from lawgate.domain.errors import LawgateError, LedgerError
from lawgate.domain.standing import EnrolledKey, Role
from lawgate.evidence.assertion import challenge_of, verify_assertion, write_assertion
from lawgate.evidence.envelope import keyid_of, open_envelope, sign
from lawgate.ledger import leaves
from lawgate.ledger.checkpoint import Checkpoint, parse_checkpoint, sign_checkpoint
from lawgate.ledger.cosignature import cosign
from lawgate.ledger.leaves import check_leaf
from lawgate.ledger.note import ED25519, Note, Signer, parse_note, parse_signatures, parse_vkey
from lawgate.ledger.policy import parse_policy, write_policy
from lawgate.ledger.proof import Proof, parse_proof
from lawgate.ledger.tile import (
    decode_bundle,
    decode_tile,
    encode_bundle,
    full_of,
    is_tile_path,
)
from lawgate.ledger.witness import Seen, rule, write_request
from lawgate_verifier import canonical, dsse, entries, notes, passkey, policy, proof, tiles
from lawgate_verifier.refused import Refused

QUICK = 1000
MUTATIONS = int(os.environ.get("LAWGATE_MUTATIONS", "20000"))
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
LOG = Signer("log.example/ü", Ed25519PrivateKey.from_private_bytes(b"L" * 32))
WITNESSES = [
    Signer("w1.example", Ed25519PrivateKey.from_private_bytes(b"1" * 32)),
    Signer("w2.example", MLDSA44PrivateKey.from_seed_bytes(b"2" * 32)),
]
SIGNED = sign_checkpoint(Checkpoint(LOG.name, 300, b"r" * 32), LOG)
LINES = [cosign(witness, SIGNED.text, NOW) for witness in WITNESSES]
COSIGNED = Note(SIGNED.text, (*SIGNED.signatures, LINES[0]))
WHOLE = Note(SIGNED.text, (*SIGNED.signatures, *LINES))
HEX64, HEX32 = "ab" * 32, "cd" * 16
# What makes texts interesting: separators, other digits, other spaces, other dashes, other spellings of the same.
MORSELS = [
    *(
        b"\n",
        b"\n\n",
        b" ",
        b"  ",
        b"\t",
        b"\r\n",
        b"+",
        b"=",
        b"==",
        b"-",
        b"_",
        b"0",
        b"00",
        b"1",
        b"\0",
        b"\x7f",
    ),
    *(
        b"\xff",
        b'"',
        b"\\u0041",
        b"{",
        b"}",
        b",",
        b":",
        b"[]",
        b"null",
        b"true",
        b"1.0",
        b"1e3",
        b"-0",
        b"#",
        b"none",
    ),
    *(
        "— ".encode(),
        "–".encode(),
        "٣".encode(),
        "\u00a0".encode(),
        "\u2003".encode(),
        "é".encode(),
        "\u0085".encode(),
    ),
    *(
        b"old ",
        b"index ",
        b"extra ",
        b"group ",
        b"quorum ",
        b"all",
        b"any",
        b"9007199254740993",
        b"18446744073709551616",
    ),
]


class _Refusal:
    def __repr__(self) -> str:
        return "refused"


REFUSED = _Refusal()


@dataclass(frozen=True)
class Parser:
    """One text form. ``other`` is the second program's reading, None where only the gateway reads it; ``spelt`` writes it back."""

    seeds: Sequence[bytes]
    ours: Callable[[bytes], object]
    other: Callable[[bytes], object] | None
    spelt: Callable[[bytes], bytes] | None


def text_of(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        raise LedgerError("not UTF-8") from None


def their_text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused(0, "not UTF-8") from None


def our_note(raw: bytes) -> object:
    found = parse_note(text_of(raw))
    return found.text, [(line.name, line.key_id, line.blob) for line in found.signatures]


def their_note(raw: bytes) -> object:
    found = notes.parse_note(raw)
    return found.text, [(line.name, line.key_id, line.blob) for line in found.signatures]


def our_checkpoint(raw: bytes) -> object:
    found = parse_checkpoint(text_of(raw))
    return found.origin, found.size, found.root


def their_checkpoint(raw: bytes) -> object:
    found = notes.parse_checkpoint(their_text(raw))
    return found.origin, found.size, found.root


def our_vkey(raw: bytes) -> object:
    found = parse_vkey(text_of(raw))
    return found.name, found.algorithm, found.public


def their_vkey(raw: bytes) -> object:
    found = notes.parse_vkey(their_text(raw))
    return found.name, found.kind, found.public


def our_policy(raw: bytes) -> object:
    found = parse_policy(text_of(raw))
    groups = {name: (group.threshold, group.members) for name, group in found.groups.items()}
    keys = {name: (key.name, key.algorithm, key.public) for name, key in found.witnesses.items()}
    return (found.log.name, found.log.public), keys, groups, found.quorum, dict(found.urls), found.log_url


def their_policy(raw: bytes) -> object:
    found = policy.parse_policy(raw)
    groups = {name: (group.needed, group.members) for name, group in found.groups.items()}
    keys = {name: (key.name, key.kind, key.public) for name, key in found.witnesses.items()}
    return (found.log.name, found.log.public), keys, groups, found.quorum, dict(found.urls), found.log_url


def rewritten(raw: bytes) -> bytes:
    """A policy has many spellings; written again in one, it means the same, and so is read back the same. Returns ``raw`` if it is."""
    found = parse_policy(raw.decode())
    again = write_policy(found.log, found.witnesses, found.groups, found.quorum, found.urls, found.log_url)
    return raw if our_policy(again.encode()) == our_policy(raw) else b""


def our_envelope(raw: bytes) -> object:
    opened = open_envelope(raw, "stop", {ISSUER.keyid: ISSUER}.get, NOW)
    return opened.payload, opened.raw.removesuffix(b"\n")


def their_envelope(raw: bytes) -> object:
    payload = dsse.open_signed(raw, "application/vnd.lawgate.stop+json", bytes.fromhex(ISSUER.public))
    if payload.get("type") != "lawgate/stop/v1":
        raise Refused(0, "another document")
    return payload, raw.removesuffix(b"\n")


def by_passkey(check: Callable[[bytes, bytes, str, bytes], None]) -> Callable[[bytes], object]:
    """What a browser could have given, honestly signed by the passkey, client data first and the authenticator's data behind a null byte."""

    def read(raw: bytes) -> object:
        client, _, authenticator = raw.partition(b"\0\0|")
        signature = PASSKEY.private.sign(authenticator + hashlib.sha256(client).digest(), ECDSA(SHA256()))
        check(
            write_assertion(authenticator, client, signature), PASSKEY.public, PASSKEY.domain, b"a document"
        )
        return raw

    return read


def our_assertion(raw: bytes, public: bytes, domain: str, text: bytes) -> None:
    try:
        verify_assertion(raw, public, domain, text)
    except ValueError:
        raise LedgerError("refused") from None


def our_proof(raw: bytes) -> object:
    found = parse_proof(text_of(raw))
    return found.entry, found.index, found.hashes, found.checkpoint


def their_proof(raw: bytes) -> object:
    their_text(raw)
    found = proof.parse_proof(raw)
    return found.entry, found.index, found.path, found.note.decode()


def our_bundle(raw: bytes) -> object:
    found = decode_bundle(raw, 3)
    if not all(1 <= len(entry) <= 4096 for entry in found):
        raise LedgerError("no entry has that length")
    return list(found)


def their_bundle(raw: bytes) -> object:
    found = list(tiles.read_entries(lambda path, most: raw, 3))
    if not all(len(entry) <= 4096 for entry in found):
        raise Refused(0, "no entry has that length")
    return found


ANSWER = {
    "type": "answer", "v": 1, "time": "2026-01-01T00:00Z", "answer": HEX32, "submission": "0123456789ABCDEF",
    "agency": "a", "pack": "p", "recipient": "age1qqq", "recipient_keyid": HEX32, "sequence": 2, "previous": "7",
    "decision_sha256": HEX64, "decision_keyid": HEX32, "authorisation_sha256": HEX64, "authorisation_keyid": HEX32,
    "terms_sha256": HEX64, "accounting": HEX64, "stops": 0, "commitments": dict.fromkeys(leaves.COMMITTED, HEX64),
}  # fmt: skip
ENTRIES = [
    leaves.policy_leaf(at=NOW, origin="log.example/ü", policy_sha256=HEX64, terms_sha256=HEX64),
    leaves.key_leaf(at=NOW, act="enrol", keyid=HEX32, role="court", agency="", scripted=True),
    leaves.standing_leaf(at=NOW, act="add", kind="office", agency="a", entry_sha256=HEX64),
    leaves.stop_leaf(at=NOW, act="order", stop="s", scope="person", subject=f"{HEX32} {HEX32}", order_sha256=HEX64),
    leaves.stop_leaf(at=NOW, act="lift", stop="s", scope="everything", subject="", order_sha256=HEX64),
    leaves.submission_leaf(
        at=NOW, submission="0123456789ABCDEF", agency="a", pack="p", manifest_sha256=HEX64, lines=3,
        lines_root=HEX64, counts={"W": 2, "X": 1}, code="",
    ),
    leaves.determinations_leaf(
        at=NOW, submission="0123456789ABCDEF", batch=1, lines=2, lines_root=HEX64, counts={"A": 2}
    ),
    leaves.ack_leaf(at=NOW, answer=HEX32, package_sha256=HEX64, ack_sha256=HEX64, keyid=HEX32),
    leaves.heartbeat_leaf(at=NOW, entries=9),
    leaves.shard_leaf(at=NOW, predecessor="log.example/ü", size=9, root=HEX64, base=9),
    leaves.timestamp_leaf(at=NOW, size=9, root=HEX64, stamp_sha256=HEX64),
    leaves.tag_leaf(at=NOW, answer=HEX32, tag=HEX64),
    leaves.source_leaf(at=NOW, rows=4, lookups=4, document_sha256=HEX64),
    leaves.recall_leaf(at=NOW, act="notice", answer=HEX32, due="2026-12-01", document_sha256=HEX64),
    leaves.statement_leaf(at=NOW, act="return", answer=HEX32, keyid=HEX32, document_sha256=HEX64),
    leaves.erasure_leaf(at=NOW, submission="0123456789ABCDEF", order_sha256=HEX64),
    leaves.preservation_leaf(at=NOW, act="order", preservation="p", submission="", order_sha256=HEX64),
    leaves.incident_leaf(at=NOW, act="open", incident=HEX32, kind="restore", document_sha256=HEX64),
    canonical.encode(ANSWER),  # type: ignore[arg-type]
]  # fmt: skip
OTHER_KEY = Signer("b.example", Ed25519PrivateKey.from_private_bytes(b"3" * 32)).witness_key
POLICY = (
    f"# who watches\nlog {LOG.key(ED25519)} https://log.example/\nwitness a {WITNESSES[0].witness_key} http://[::1]:1/\n"
    f"witness b {OTHER_KEY}\ngroup g 1 a b\ngroup h all g\nquorum h\n"
)
ISSUER_KEY = Ed25519PrivateKey.from_private_bytes(b"I" * 32)
ISSUER = EnrolledKey(
    keyid=keyid_of(ISSUER_KEY.public_key().public_bytes_raw()),
    public=ISSUER_KEY.public_key().public_bytes_raw().hex(),
    person="court",
    agency="court",
    role=Role.COURT,
    since=datetime(2026, 1, 1, tzinfo=UTC),
)
ENVELOPE = sign("stop", {"act": "order", "stop": "s-1"}, ISSUER_KEY)
PASSKEY = Passkey()
ASSERTIONS = [
    PASSKEY.answer(challenge_of(b"a document"), **how)
    for how in ({}, {"origin": f"https://a.{PASSKEY.domain}:8443"}, {"more": "keys"}, {"flags": 0x1D})
]
REQUEST = write_request(7, (b"p" * 32, b"q" * 32), SIGNED)

PARSERS = {
    "note": Parser(
        [str(COSIGNED).encode(), b"a\n\n\xe2\x80\x94 n AAAAAAA=\n"], our_note, their_note,
        lambda raw: str(parse_note(raw.decode())).encode(),
    ),
    "checkpoint": Parser(
        [SIGNED.text.encode()], our_checkpoint, their_checkpoint,
        lambda raw: str(parse_checkpoint(raw.decode())).encode(),
    ),
    "verifier key": Parser(
        [str(LOG.key(ED25519)).encode(), str(WITNESSES[0].witness_key).encode()], our_vkey, their_vkey,
        lambda raw: str(parse_vkey(raw.decode())).encode(),
    ),
    "policy": Parser([POLICY.encode()], our_policy, their_policy, rewritten),
    "envelope": Parser([ENVELOPE, ENVELOPE + b"\n"], our_envelope, their_envelope, None),
    "assertion": Parser(
        [client + b"\0\0|" + authenticator for authenticator, client, _ in ASSERTIONS],
        by_passkey(our_assertion), by_passkey(passkey.check_assertion), None,
    ),
    "proof": Parser(
        [str(Proof(b"{}", 5, (b"h" * 32, b"i" * 32), str(COSIGNED))).encode()], our_proof, their_proof,
        lambda raw: str(parse_proof(raw.decode())).encode(),
    ),
    "entry": Parser(
        ENTRIES, check_leaf, lambda raw: dict(entries.parse_entry(0, raw).members),
        lambda raw: canonical.encode(check_leaf(raw)),  # type: ignore[arg-type]
    ),
    "bundle": Parser(
        [encode_bundle([b"a", b"bc", b"d" * 300])], our_bundle, their_bundle,
        lambda raw: encode_bundle(decode_bundle(raw, 3)),
    ),
    "tile": Parser([bytes(range(96))], lambda raw: decode_tile(raw, 3), None, lambda raw: b"".join(decode_tile(raw, 3))),
    "signature lines": Parser(
        ["".join(map(str, LINES[:1])).encode()], lambda raw: parse_signatures(text_of(raw)), None,
        lambda raw: "".join(map(str, parse_signatures(raw.decode()))).encode(),
    ),
}  # fmt: skip


def mutated(rng: random.Random, seeds: Sequence[bytes]) -> bytes:
    """One to four small changes of a good input: a byte, a morsel, a cut, a copy, lines in another order, two inputs in one."""
    raw = bytearray(rng.choice(seeds))
    for _ in range(rng.choice((1, 1, 1, 2, 2, 4))):
        at = rng.randrange(len(raw) + 1)
        match rng.randrange(8):
            case 0 if raw:
                raw[min(at, len(raw) - 1)] ^= 1 << rng.randrange(8)
            case 1 | 2:
                raw[at:at] = rng.choice(MORSELS)
            case 3:
                del raw[at : at + rng.choice((1, 1, 2, 7, 40))]
            case 4:
                raw[at : at + rng.choice((1, 2, 4))] = rng.choice(MORSELS)
            case 5:
                lines = raw.split(b"\n")
                one, two = rng.randrange(len(lines)), rng.randrange(len(lines))
                lines[one], lines[two] = lines[two], lines[one]
                raw = bytearray(b"\n".join(lines))
            case 6:
                lines = raw.split(b"\n")
                lines.insert(rng.randrange(len(lines) + 1), rng.choice(lines))
                raw = bytearray(b"\n".join(lines))
            case _:
                other = rng.choice(seeds)
                raw[at:] = other[rng.randrange(len(other) + 1) :]
    return bytes(raw)


def outcome(read: Callable[[bytes], object], refusal: type[Exception], raw: bytes) -> object:
    """What a program makes of it; any other exception than its own refusal ends the test."""
    try:
        return read(raw)
    except refusal:
        return REFUSED


def hold_together(name: str, count: int) -> int:
    parser, accepted = PARSERS[name], 0
    rng = random.Random(name)
    for raw in parser.seeds:
        assert outcome(parser.ours, LawgateError, raw) is not REFUSED
    for _ in range(count):
        raw = mutated(rng, parser.seeds)
        ours = outcome(parser.ours, LawgateError, raw)
        if parser.other is not None:
            assert ours == outcome(parser.other, Refused, raw), raw
        if ours is not REFUSED:
            accepted += 1
            assert parser.spelt is None or parser.spelt(raw) == raw, raw
    return accepted


@pytest.mark.parametrize("name", sorted(PARSERS))
def test_both_programs_agree_on_some_mutated_inputs(name: str) -> None:
    assert hold_together(name, QUICK) < QUICK


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", sorted(PARSERS))
def test_both_programs_agree_on_every_mutated_input(name: str) -> None:
    assert hold_together(name, MUTATIONS) < MUTATIONS


def witnessed(count: int) -> set[int]:
    """Whatever a stranger sends, the witness answers one of its statuses and moves only to what the log signed."""
    rng, statuses = random.Random("request"), set()
    last = Seen(7, b"o" * 32)
    for _ in range(count):
        raw = mutated(rng, [REQUEST.encode()])
        try:
            ruling = rule(last, LOG.key(ED25519), raw.decode("utf-8"))
        except UnicodeDecodeError:
            continue
        assert ruling.refusal is not None
        assert ruling.seen == last
        statuses.add(ruling.refusal.status)
    return statuses


def test_a_witness_answers_some_mutated_requests_and_moves_for_none() -> None:
    assert witnessed(QUICK) >= {400, 403, 422}


@pytest.mark.slow
def test_a_witness_answers_every_mutated_request_and_moves_for_none() -> None:
    assert witnessed(MUTATIONS) == {400, 403, 404, 409, 422}


def paths(count: int) -> None:
    rng = random.Random("path")
    seeds = [b"tile/0/x001/234.p/7", b"tile/entries/000", b"tile/63/x999/x000/001.p/255"]
    for _ in range(count):
        raw = mutated(rng, seeds)
        try:
            path = raw.decode("utf-8")
        except UnicodeDecodeError:
            continue
        if is_tile_path(path):
            _, level, *number = path.partition(".p/")[0].split("/")
            index = int("".join(group.removeprefix("x") for group in number))
            width = int(path.partition(".p/")[2] or 256)
            assert tiles.tile_path(level, index, width) == path
            assert full_of(path) == (tiles.tile_path(level, index, 256) if width < 256 else None)
        else:
            assert full_of(path) is None


@pytest.mark.slow
def test_a_name_of_a_file_of_a_log_has_one_spelling() -> None:
    paths(MUTATIONS)


def test_a_name_of_a_file_of_a_log_has_one_spelling_in_short() -> None:
    paths(QUICK)
