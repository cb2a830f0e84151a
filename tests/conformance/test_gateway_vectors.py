"""The gateway's evidence and ledger rooms against vectors that other people made (shared/vectors/README.md)."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import json
import os
from pathlib import Path
from typing import Any

import pytest

from lawgate.adapters.timestamp import check_stamp, read_anchors
from lawgate.domain.errors import LedgerError
from lawgate.evidence.canonical import canonical
from lawgate.ledger import note as notes
from lawgate.ledger.checkpoint import checkpoint_of
from lawgate.ledger.policy import parse_policy
from lawgate.ledger.proof import parse_proof, verify_proof
from lawgate.ledger.stored import StoredTree
from lawgate.ledger.tile import bundles, decode_bundle, encode_bundle, levels, tile_root, tiles
from lawgate.ledger.tree import EMPTY_ROOT, leaf_hash, root_of, verify_consistency, verify_inclusion
from lawgate.ledger.witness import Seen, rule

VECTORS = Path(
    os.environ.get("LAWGATE_VECTORS", Path(__file__).resolve().parents[2] / ".." / "shared" / "vectors")
)


def vectors(name: str) -> Path:
    path = VECTORS / name
    if not path.exists():
        if os.environ.get("LAWGATE_REQUIRE") == "all":
            pytest.fail(f"vectors {name} are missing")
        pytest.skip(f"vectors {name} are missing")
    return path


def cases(kind: str) -> list[tuple[str, Any]]:
    folder = vectors(f"transparency-dev-merkle/testdata/{kind}")
    found = [(str(path.relative_to(folder)), json.loads(path.read_text())) for path in folder.rglob("*.json")]
    assert len(found) > 90
    return found


def hashes(encoded: list[str] | None) -> list[bytes]:
    return [base64.b64decode(value) for value in encoded or []]


def test_inclusion_cases_are_accepted_and_refused_as_the_vectors_say() -> None:
    wrong = []
    for name, case in cases("inclusion"):
        leaf, root = base64.b64decode(case["leafHash"] or ""), base64.b64decode(case["root"] or "")
        got = verify_inclusion(case["leafIdx"], case["treeSize"], leaf, hashes(case["proof"]), root)
        if got == case["wantErr"]:
            wrong.append(name)
    assert wrong == []


def test_consistency_cases_are_accepted_and_refused_as_the_vectors_say() -> None:
    wrong = []
    for name, case in cases("consistency"):
        first, second = base64.b64decode(case["root1"] or ""), base64.b64decode(case["root2"] or "")
        got = verify_consistency(case["size1"], case["size2"], first, second, hashes(case["proof"]))
        if got == case["wantErr"]:
            wrong.append(name)
    # Its roots are not 32 bytes long; hashes of another length are refused everywhere here.
    assert wrong == ["additional/sizes-are-equal-one-and-proof-is-empty.json"]


TESSERA = "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx"


def test_tessera_checkpoints_verify_and_their_roots_follow_from_the_bundles() -> None:
    folder = vectors("tessera-testlog/testdata/log")
    key = notes.parse_vkey(TESSERA)
    for size in range(16):
        checkpoint = checkpoint_of(notes.parse_note((folder / f"checkpoint.{size}").read_text()), key)
        assert checkpoint.size == size
        if size == 0:
            assert checkpoint.root == EMPTY_ROOT
            continue
        raw = (folder / f"tile/entries/000.p/{size}").read_bytes()
        entries = decode_bundle(raw, size)
        assert encode_bundle(entries) == raw
        assert root_of(map(leaf_hash, entries)) == checkpoint.root
        assert (folder / f"tile/0/000.p/{size}").read_bytes() == b"".join(map(leaf_hash, entries))


def test_notes_verify_and_every_bad_verifier_key_is_refused() -> None:
    data = json.loads(vectors("notes.json").read_text())
    example = data["c2sp_signed_note_example"]
    key = notes.parse_vkey(example["vkey"])
    parsed = notes.parse_note(example["note"])
    assert str(parsed) == example["note"]
    assert notes.good_signers(parsed, [key]) == (key,)

    go = data["go_note"]
    keys = [notes.parse_vkey(vkey) for vkey in go["vkeys"]]
    assert [str(key) for key in keys] == go["vkeys"]
    whole = notes.parse_note(go["text"] + "\n" + "".join(go["sig_lines"]))
    assert notes.good_signers(whole, keys) == tuple(keys)
    with pytest.raises(LedgerError):
        notes.good_signers(dataclasses.replace(whole, text=whole.text + "More.\n"), keys)
    for bad in go["bad_vkeys"]:
        with pytest.raises(LedgerError):
            notes.parse_vkey(bad)

    hashed = leaf_hash(data["tlog"]["record_hash_of"].encode())
    assert base64.b64encode(hashed).decode() == data["tlog"]["base64"]


def test_canonical_json_is_that_of_rfc_8785() -> None:
    folder = vectors("jcs/testdata")
    names = sorted(path.name for path in (folder / "input").glob("*.json"))
    assert len(names) == 6
    for name in names:
        value = json.loads((folder / "input" / name).read_text("utf-8"))
        assert canonical(value) == (folder / "output" / name).read_bytes(), name


class Folder:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def read(self, path: str) -> bytes | None:
        file = self.folder / path
        return file.read_bytes() if file.is_file() else None

    def write(self, path: str, content: bytes) -> None:
        raise AssertionError("a reader writes nothing")


def golden_policy(folder: Path) -> str:
    log, witness = (folder / "log.vkey").read_text().strip(), (folder / "w1.vkey").read_text().strip()
    return f"log {log}\nwitness w1 {witness}\nquorum w1\n"


def test_golden_log_has_the_tiles_and_the_root_that_its_entries_make() -> None:
    folder = vectors("interop-golden")
    policy = parse_policy(golden_policy(folder))
    note = notes.parse_note((folder / "checkpoint").read_text())
    checkpoint = checkpoint_of(note, policy.log)
    tree = StoredTree(Folder(folder), checkpoint.size)
    row = [leaf_hash(entry) for place in bundles(300) for entry in tree.bundle(place.index)]
    assert root_of(row) == checkpoint.root
    files = 0
    for level in levels(300):
        for place in tiles(level, 300):
            assert tree.tile(level, place.index) == tuple(row[place.index * 256 :][: place.width])
            files += 1
        row = [tile_root(row[at : at + 256]) for at in range(0, len(row) - 255, 256)]
    assert files == 3


def test_golden_proof_verifies_for_its_leaf_with_both_kinds_of_cosignature() -> None:
    folder = vectors("interop-golden")
    second = (folder / "w2.vkey").read_text().strip()
    text = golden_policy(folder).replace(
        "quorum w1", f"witness w2 {second}\ngroup both all w1 w2\nquorum both"
    )
    raw = (folder / "p.tlog-proof").read_text()
    proof = parse_proof(raw)
    assert str(proof) == raw
    proved = dataclasses.replace(proof, entry=(folder / "leaf").read_bytes())
    assert verify_proof(proved, parse_policy(golden_policy(folder))).cosigners == ("w1",)
    believed = verify_proof(proved, parse_policy(text))
    assert believed.cosigners == ("w1", "w2")
    assert len(believed.note.signatures) == 3
    # The extra line of this file holds something else than the entry, and so proves nothing here.
    with pytest.raises(LedgerError):
        verify_proof(proof, parse_policy(text))


def test_witness_answers_the_litewitness_sequence() -> None:
    data = json.loads(vectors("litewitness-add-checkpoint.json").read_text())
    public = bytes.fromhex(data["log_pubkey_hex"])
    origin = data["sequence"][0]["request"].split("\n")[2]
    log = notes.VerifierKey(origin, notes.ED25519, public)
    seen, statuses = Seen(), []
    for step in data["sequence"]:
        ruling = rule(seen, log, step["request"])
        seen = ruling.seen
        statuses.append(ruling.refusal.status if ruling.refusal else 200)
    wanted = [step["want_status"] for step in data["sequence"]]
    # An unknown log was 403 in that older text; C2SP tlog-witness v1.0.0 says 404.
    assert wanted[2] == 403
    assert statuses == [*wanted[:2], 404, *wanted[3:]]
    assert seen.size == 5


def as_vkeys(text: str) -> str:
    """Spell a sigsum policy (bare keys and URLs, several logs) in the C2SP flavour, with its first log only."""
    lines, logs = [], 0
    for line in text.split("\n"):
        words = line.split()
        if words[:1] == ["log"]:
            logs += 1
            public = bytes.fromhex(words[1])
            name = f"sigsum.org/v1/tree/{hashlib.sha256(public).hexdigest()}"
            line = "" if logs > 1 else f"log {notes.VerifierKey(name, notes.ED25519, public)}"
        elif words[:1] == ["witness"]:
            line = (
                f"witness {words[1]} "
                f"{notes.VerifierKey(words[1], notes.COSIGNATURE, bytes.fromhex(words[2]))}"
            )
        lines.append(line)
    return "\n".join(lines)


def test_quorums_of_real_sigsum_policies_are_read() -> None:
    folder = vectors("sigsum/pkg/policy/builtin")
    policies = {
        path.name: parse_policy(as_vkeys(path.read_text("utf-8"))) for path in folder.glob("*-policy")
    }
    assert len(policies) == 4
    generic = policies["sigsum-generic-2025-1.builtin-policy"]
    assert generic.satisfied_by({"witness.glasklar.is", "witness.mullvad.net"})
    assert not generic.satisfied_by({"witness.glasklar.is"})
    nested = policies["sigsum-test-2025-3.builtin-policy"]
    three = {"remora.n621.de", "witness.stagemole.eu", "tillitis.se/test-witness-1"}
    assert not nested.satisfied_by({*three, "poc.sigsum.org/nisse"})
    assert nested.satisfied_by({*three, "poc.sigsum.org/nisse", "rgdd.se/poc-witness"})


def test_timestamps_of_other_peoples_authorities_are_judged_as_their_vectors_say() -> None:
    folder = vectors("rfc3161/test/fixtures")
    anchors = read_anchors((folder / "test_tsa/ts_chain.pem").read_bytes())
    assert check_stamp((folder / "test_tsa/response.tsr").read_bytes(), b"hello", anchors).year >= 2024
    for name in ("response-injected-certs.tsr", "other_response.tsr"):
        with pytest.raises(LedgerError):
            check_stamp((folder / "test_tsa" / name).read_bytes(), b"hello!", anchors)
    stage = read_anchors((folder / "sigstage/ts_chain.pem").read_bytes())
    with pytest.raises(LedgerError):
        check_stamp((folder / "sigstage/response-invalid-signature.tsr").read_bytes(), b"hello", stage)
    with pytest.raises(LedgerError):
        check_stamp((folder / "test_tsa/response.tsr").read_bytes(), b"hello", stage)
