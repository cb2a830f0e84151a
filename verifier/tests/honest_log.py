"""A small honest gateway for tests, built from docs/ledger-format.md with cryptography and pyrage, and none of the code under test."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import struct
from copy import deepcopy
from pathlib import Path
from typing import Any

import pyrage
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

ORIGIN = "gateway.example/demo-log"
TERMS = b"Synthetic terms of use.\nUse for the stated matter only.\n"
ROLES = {"approver": "disclosure-officer", "authoriser": "releasing-officer", "officer": "engaged-officer"}
FIELDS = ("request_key", "kind", "fields", "items", "periods", "sentence")
SUBMISSION = "0123456789ABCDEF"
COSIGNED_AT = 1_780_000_000
# One identity for all runs: its bech32 spelling is made by pyrage itself.
IDENTITY = pyrage.x25519.Identity.generate()
OTHER_IDENTITY = pyrage.x25519.Identity.generate()


def sha(raw: bytes) -> bytes:
    return hashlib.sha256(raw).digest()


def digest(label: str) -> str:
    return hashlib.sha256(label.encode()).hexdigest()


def b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def jcs(value: Any) -> bytes:
    """Canonical JSON, for the ASCII member names used here."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def private(label: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(sha(f"demo {label}".encode()))


def public(label: str) -> bytes:
    return private(label).public_key().public_bytes_raw()


def keyid(label: str) -> str:
    return sha(public(label)).hex()[:32]


def note_id(name: str, kind: int, label: str) -> bytes:
    return sha(name.encode() + b"\n" + bytes([kind]) + public(label))[:4]


def vkey(name: str, kind: int, label: str) -> str:
    return f"{name}+{note_id(name, kind, label).hex()}+{b64(bytes([kind]) + public(label))}"


def tree(leaves: list[bytes]) -> bytes:
    """The root by RFC 6962's own recursion, over leaf hashes."""
    if len(leaves) < 2:
        return leaves[0] if leaves else sha(b"")
    split = split_of(len(leaves))
    return sha(b"\x01" + tree(leaves[:split]) + tree(leaves[split:]))


def path(index: int, leaves: list[bytes]) -> list[bytes]:
    """The inclusion proof by RFC 6962's own recursion."""
    if len(leaves) < 2:
        return []
    split = split_of(len(leaves))
    if index < split:
        return [*path(index, leaves[:split]), tree(leaves[split:])]
    return [*path(index - split, leaves[split:]), tree(leaves[:split])]


def split_of(size: int) -> int:
    return 1 << (size - 1).bit_length() - 1


def leaf(entry: bytes) -> bytes:
    return sha(b"\x00" + entry)


def commit(salt: bytes, field: str, value: Any) -> str:
    message = b"lawgate/v1/" + field.encode() + b"\x00" + jcs(value)
    return hmac.new(salt, message, "sha256").hexdigest()


def padded(text: bytes, length: int) -> bytes:
    return text + b"\n" + b" " * (length - len(text) - 1)


def salt_of(answer: str, field: str) -> bytes:
    return sha(f"salt {answer} {field}".encode())


def lines_root(count: int, label: str) -> str:
    return tree([leaf(sha(f"{label} {n}".encode())) for n in range(count)]).hex()


class House:
    """Entries as dicts that a test may change, and everything computed from them on demand."""

    def __init__(self) -> None:
        self.entries: list[dict[str, Any]] = []
        self.payloads: dict[str, dict[str, Any]] = {}
        self.origin = ORIGIN

    def add(self, kind: str, /, **members: Any) -> int:
        index = len(self.entries)
        time = f"2026-03-02T10:{min(index, 59):02d}Z"
        self.entries.append({"type": kind, "v": 1, "time": time, **members})
        return index

    def add_answer(self, number: int, payload: dict[str, Any], previous: str, stops: int) -> int:
        answer = digest(f"answer {number}")[:32]
        self.payloads[answer] = {"v": 1, "answer": answer, **payload}
        return self.add(
            "answer",
            answer=answer,
            submission=SUBMISSION,
            agency="demo-agency",
            pack="demo-pack",
            recipient=str(IDENTITY.to_public()),
            recipient_keyid=keyid("officer"),
            sequence=number,
            previous=previous,
            decision_sha256=digest("decision"),
            decision_keyid=keyid("approver"),
            authorisation_sha256=digest("authorisation"),
            authorisation_keyid=keyid("authoriser"),
            terms_sha256=sha(TERMS).hex(),
            accounting=digest(f"accounting {number}"),
            stops=stops,
            commitments={field: commit(salt_of(answer, field), field, payload[field]) for field in FIELDS},
        )

    def raws(self) -> list[bytes]:
        return [jcs(entry) for entry in self.entries]

    def policy(self) -> bytes:
        lines = [
            "# who watches the demo log",
            f"log {vkey(ORIGIN, 1, 'log')}",
            f"witness monitor {vkey('monitor.example/w1', 4, 'w1')}",
            f"witness counsel {vkey('counsel.example/w2', 4, 'w2')}",
            "group both all monitor counsel",
            "quorum both",
        ]
        return ("\n".join(lines) + "\n").encode()

    def log_line(self, text: str) -> str:
        return f"— {ORIGIN} {b64(note_id(ORIGIN, 1, 'log') + private('log').sign(text.encode()))}\n"

    def cosignature(self, text: str, name: str, label: str) -> str:
        signed = f"cosignature/v1\ntime {COSIGNED_AT}\n{text}".encode()
        blob = note_id(name, 4, label) + struct.pack(">Q", COSIGNED_AT) + private(label).sign(signed)
        return f"— {name} {b64(blob)}\n"

    def checkpoint(self, size: int | None = None, witnesses: tuple[str, ...] = ("w1", "w2")) -> bytes:
        leaves = [leaf(raw) for raw in self.raws()[:size]]
        text = f"{self.origin}\n{len(leaves)}\n{b64(tree(leaves))}\n"
        names = {"w1": "monitor.example/w1", "w2": "counsel.example/w2"}
        cosigned = [self.cosignature(text, names[label], label) for label in witnesses]
        return (text + "\n" + self.log_line(text) + "".join(cosigned)).encode()

    def log_files(self) -> dict[str, bytes]:
        """The files of a log of fewer than 256 entries."""
        raws = self.raws()
        width = len(raws)
        return {
            "checkpoint": self.checkpoint(),
            f"tile/0/000.p/{width}": b"".join(leaf(raw) for raw in raws),
            f"tile/entries/000.p/{width}": b"".join(struct.pack(">H", len(raw)) + raw for raw in raws),
        }

    def proof(self, index: int, size: int | None = None) -> bytes:
        raws = self.raws()[:size]
        steps = "".join(b64(step) + "\n" for step in path(index, [leaf(raw) for raw in raws]))
        head = f"c2sp.org/tlog-proof@v1\nextra {b64(raws[index])}\nindex {index}\n{steps}\n"
        return head.encode() + self.checkpoint(size)

    def openings(self, answer: str) -> dict[str, Any]:
        payload = self.payloads[answer]
        opened = {field: {"salt": salt_of(answer, field).hex(), "value": payload[field]} for field in FIELDS}
        return {"v": 1, "answer": answer, "openings": opened}

    def package(self, index: int, size: int | None = None) -> dict[str, bytes]:
        answer = self.entries[index]["answer"]
        return {
            "payload.age": seal(padded(jcs(self.payloads[answer]), 8192)),
            "openings.age": seal(padded(jcs(self.openings(answer)), 16384)),
            "answer.tlog-proof": self.proof(index, size),
            "terms.txt": TERMS,
        }

    def identity_file(self) -> bytes:
        return f"# demo identity\n{IDENTITY}\n".encode()

    def officer_pem(self, label: str = "officer") -> bytes:
        return private(label).private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )

    def indexes(self, kind: str) -> list[int]:
        return [index for index, entry in enumerate(self.entries) if entry["type"] == kind]


def seal(clear: bytes, identity: Any = IDENTITY) -> bytes:
    sealed: bytes = pyrage.encrypt(clear, [identity.to_public()])
    return sealed


def write_files(folder: Path, files: dict[str, bytes]) -> Path:
    for name, raw in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(raw)
    return folder


def _payload(kind: str, number: int) -> dict[str, Any]:
    address = {
        "number": "12",
        "street": "N Main St",
        "city": "Springfield",
        "state": "IL",
        "zip": "62701",
        "tax_year": 2023,
        "source": "return",
    }
    return {
        "request_key": f"demo-{number}",
        "kind": kind,
        "fields": {"address": address} if kind == "R" else {},
        "items": ["address"],
        "periods": [2022, 2023],
        "sentence": f"Synthetic sentence of kind {kind}: ünïcode too.",
    }


def honest_house() -> House:
    """Build a log of 16 entries: a submission of 4 lines, one refused and three answered (R, N, C), a stop ordered and lifted."""
    house = House()
    policy_sha256, terms = sha(house.policy()).hex(), sha(TERMS).hex()
    house.add("policy", origin=ORIGIN, policy_sha256=policy_sha256, terms_sha256=terms)
    for label, role in ROLES.items():
        house.add("key", act="enrol", keyid=keyid(label), role=role, agency="demo-agency", scripted=1)
    house.add("standing", act="add", kind="agency", agency="demo-agency", entry_sha256=digest("agency"))
    house.add(
        "submission",
        submission=SUBMISSION,
        agency="demo-agency",
        pack="demo-pack",
        manifest_sha256=digest("manifest"),
        lines=4,
        lines_root=lines_root(4, "request"),
        counts={"W": 3, "X": 1},
        code="",
    )
    _determine(house, 1, {"X": 1})
    first = house.add_answer(1, _payload("R", 1), "", 0)
    second = house.add_answer(2, _payload("N", 2), str(first), 0)
    _determine(house, 2, {"A": 2})
    answer = house.entries[first]["answer"]
    signed = {"package_sha256": digest("package"), "ack_sha256": digest("ack"), "keyid": keyid("officer")}
    house.add("ack", answer=answer, **signed)
    stop = {"stop": "demo-stop", "scope": "pack", "subject": "demo-pack"}
    house.add("stop", act="order", order_sha256=digest("order"), **stop)
    house.add("stop", act="lift", order_sha256=digest("lift"), **stop)
    house.add_answer(3, _payload("C", 3), str(second), 2)
    _determine(house, 3, {"A": 1})
    house.add("heartbeat", entries=len(house.entries))
    return deepcopy(house)


def _determine(house: House, batch: int, counts: dict[str, int]) -> None:
    lines = sum(counts.values())
    root = lines_root(lines, f"line {batch}")
    house.add(
        "determinations", submission=SUBMISSION, batch=batch, lines=lines, lines_root=root, counts=counts
    )
