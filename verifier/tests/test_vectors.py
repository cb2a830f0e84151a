"""Third-party and golden vectors: other people's trees, notes, logs and canonical JSON."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from lawgate_verifier import canonical
from lawgate_verifier.merkle import Hashes, check_consistency, check_inclusion, leaf_hash, root_of
from lawgate_verifier.notes import (
    parse_checkpoint,
    parse_note,
    parse_vkey,
    verified_by,
)
from lawgate_verifier.policy import check_head, parse_policy
from lawgate_verifier.proof import parse_proof
from lawgate_verifier.readers import folder_reader
from lawgate_verifier.refused import Refused
from lawgate_verifier.tiles import check_tree, read_entries

TESSERA = "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx"
# Its roots do not have 32 bytes, which is refused here on purpose; its file says it may be accepted.
NOT_HASHES = "sizes-are-equal-one-and-proof-is-empty.json"


def refuses(check: object, *arguments: object) -> bool:
    try:
        check(*arguments)  # type: ignore[operator]
    except Refused:
        return True
    return False


def hashes(found: list[str] | None) -> list[bytes]:
    return [base64.b64decode(each or "") for each in found or []]


def test_every_inclusion_case_is_judged_as_its_file_says(vectors: Path) -> None:
    files = sorted((vectors / "transparency-dev-merkle/testdata/inclusion").rglob("*.json"))
    for file in files:
        case = json.loads(file.read_text())
        leaf, root = hashes([case["leafHash"], case["root"]])
        arguments = (leaf, case["leafIdx"], case["treeSize"], hashes(case["proof"]), root)
        assert refuses(check_inclusion, *arguments) == case["wantErr"], file.name
    assert len(files) >= 98


def test_every_consistency_case_is_judged_as_its_file_says(vectors: Path) -> None:
    files = sorted((vectors / "transparency-dev-merkle/testdata/consistency").rglob("*.json"))
    for file in files:
        case = json.loads(file.read_text())
        roots = hashes([case["root1"], case["root2"]])
        arguments = (case["size1"], case["size2"], hashes(case["proof"]), *roots)
        assert refuses(check_consistency, *arguments) == (case["wantErr"] or file.name == NOT_HASHES), (
            file.name
        )
    assert len(files) >= 98


def test_tesseras_log_has_the_roots_of_all_its_checkpoints(vectors: Path) -> None:
    folder = vectors / "tessera-testlog/testdata/log"
    key = parse_vkey(TESSERA)
    for size in range(16):
        note = parse_note((folder / f"checkpoint.{size}").read_bytes())
        assert verified_by(note, [key]) == {key}
        head = parse_checkpoint(note.text)
        entries = list(read_entries(folder_reader(folder), size))
        hashes = [*map(leaf_hash, entries)]
        assert (head.origin, head.size, head.root) == (key.name, size, root_of(hashes))
        assert check_tree(folder_reader(folder), Hashes(hashes), head.root) == []


def test_published_notes_verify_and_bad_keys_are_refused(vectors: Path) -> None:
    notes = json.loads((vectors / "notes.json").read_text())
    example = notes["c2sp_signed_note_example"]
    key = parse_vkey(example["vkey"])
    assert verified_by(parse_note(example["note"].encode()), [key]) == {key}
    go = notes["go_note"]
    keys = [parse_vkey(text) for text in go["vkeys"]]
    note = parse_note((go["text"] + "\n" + "".join(go["sig_lines"])).encode())
    assert verified_by(note, keys) == set(keys)
    assert verified_by(note, keys[:1]) == {keys[0]}
    assert verified_by(note, []) == frozenset()
    for bad in go["bad_vkeys"]:
        assert refuses(parse_vkey, bad)
    assert leaf_hash(b"hello world") == base64.b64decode(notes["tlog"]["base64"])


def test_a_known_key_that_signed_wrongly_or_twice_spoils_the_note(vectors: Path) -> None:
    go = json.loads((vectors / "notes.json").read_text())["go_note"]
    keys = [parse_vkey(text) for text in go["vkeys"]]
    first, second = go["sig_lines"]
    for text, lines in (
        ("Other text.\n", first + second),
        (go["text"], first + first),
        (go["text"], first * 65),
    ):
        with pytest.raises(Refused):
            verified_by(parse_note((text + "\n" + lines).encode()), keys)


@pytest.mark.parametrize("name", ["arrays", "french", "structures", "unicode", "values", "weird"])
def test_canonical_json_is_that_of_rfc_8785(vectors: Path, name: str) -> None:
    folder = vectors / "jcs/testdata"
    wanted = (folder / f"output/{name}.json").read_bytes()
    assert canonical.encode(json.loads((folder / f"input/{name}.json").read_text())) == wanted
    assert canonical.encode(canonical.parse(wanted)) == wanted


def golden_policy(vectors: Path, quorum: str) -> bytes:
    log, first, second = (
        (vectors / f"interop-golden/{name}.vkey").read_text().strip() for name in ("log", "w1", "w2")
    )
    return f"log {log}\nwitness a {first}\nwitness b {second}\ngroup both all a b\nquorum {quorum}\n".encode()


def test_the_golden_log_and_its_proof_hold(vectors: Path) -> None:
    folder = vectors / "interop-golden"
    policy = parse_policy(golden_policy(vectors, "a"))
    read = folder_reader(folder)
    head = check_head(policy, (folder / "checkpoint").read_bytes())
    entries = list(read_entries(read, head.checkpoint.size))
    assert (
        len(entries),
        check_tree(read, Hashes(map(leaf_hash, entries)), head.checkpoint.root),
        head.witnesses,
    ) == (
        300,
        [],
        ("a", "b"),
    )
    proof = parse_proof((folder / "p.tlog-proof").read_bytes())
    again = check_head(policy, proof.note).checkpoint
    # This proof's extra line holds something else than the entry, as C2SP allows and a Lawgate package does not.
    assert entries[123] == (folder / "leaf").read_bytes() != proof.entry
    check_inclusion(leaf_hash(entries[123]), proof.index, again.size, proof.path, again.root)
    with pytest.raises(Refused):
        check_inclusion(leaf_hash(proof.entry), proof.index, again.size, proof.path, again.root)


def test_a_witness_with_an_ml_dsa_key_counts(vectors: Path) -> None:
    checkpoint = (vectors / "interop-golden/checkpoint").read_bytes()
    assert parse_vkey((vectors / "interop-golden/w2.vkey").read_text().strip()).kind == 0x06
    assert check_head(parse_policy(golden_policy(vectors, "both")), checkpoint).witnesses == ("a", "b")
    lines = checkpoint.split(b"\n")
    at = next(n for n, line in enumerate(lines) if len(line) > 3000)
    spoilt = b"\n".join([*lines[:at], lines[at].replace(b"A", b"B", 1), *lines[at + 1 :]])
    with pytest.raises(Refused, match="does not verify"):
        check_head(parse_policy(golden_policy(vectors, "both")), spoilt)
    with pytest.raises(Refused, match="Too few witnesses"):
        check_head(parse_policy(golden_policy(vectors, "b")), b"\n".join([*lines[:at], *lines[at + 1 :]]))


def test_every_flipped_byte_of_the_golden_logs_upper_tile_is_found(vectors: Path) -> None:
    folder = vectors / "interop-golden"
    honest = folder_reader(folder)
    entries = list(read_entries(honest, 300))
    root = root_of([leaf_hash(entry) for entry in entries])
    for tile in ("tile/1/000.p/1", "tile/0/001.p/44"):
        raw = honest(tile, 8192)
        assert raw is not None
        for at in range(len(raw)):
            spoilt = raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]
            faults = check_tree(
                lambda path, most, t=tile, s=spoilt: s if path == t else honest(path, most),
                Hashes(map(leaf_hash, entries)),
                root,
            )
            assert len(faults) == 1
            assert tile in faults[0]
