"""Notes, keys, checkpoints, proof files and bundles of another form, each refused where it is read."""

from __future__ import annotations

import pytest
from honest_log import ORIGIN, House, b64, note_id, private, public, sha, vkey

from lawgate_verifier.notes import parse_checkpoint, parse_note, parse_vkey, verified_by
from lawgate_verifier.proof import parse_proof
from lawgate_verifier.refused import Refused
from lawgate_verifier.tiles import read_entries

LINE = f"— {ORIGIN} {b64(note_id(ORIGIN, 1, 'log') + private('log').sign(b'text' + bytes([10])))}\n"
ROOT = b64(sha(b""))


def hashed_vkey(name: str, body: bytes) -> str:
    """A key whose id is right, whatever its name and body."""
    return f"{name}+{sha(name.encode() + bytes([10]) + body)[:4].hex()}+{b64(body)}"


@pytest.mark.parametrize(
    "text",
    [
        hashed_vkey("two words", b"\x01" + public("log")),
        hashed_vkey("wide\u2003space", b"\x01" + public("log")),
        hashed_vkey("", b"\x01" + public("log")),
        hashed_vkey("name", b"\x06"),
        hashed_vkey("name", b""),
        hashed_vkey("name", b"\x01" + public("log") + b"\x00"),
        hashed_vkey("name", b"\x04" + public("log")[:-1]),
        vkey("name", 1, "log").replace("name+", "nam+", 1),
        vkey("name", 1, "log") + "\n",
        "name",
    ],
)
def test_a_verifier_key_of_another_form_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        parse_vkey(text)


def test_a_key_of_an_unknown_algorithm_or_another_length_is_refused() -> None:
    assert parse_vkey(hashed_vkey("name", b"\x06" + bytes(1312))).kind == 6
    for body in (b"\x06" + bytes(32), b"\x05" + bytes(32), b"\x02" + bytes(33)):
        with pytest.raises(Refused):
            parse_vkey(hashed_vkey("name", body))


def test_an_honest_note_parses_and_verifies() -> None:
    key = parse_vkey(vkey(ORIGIN, 1, "log"))
    assert verified_by(parse_note(f"text\n\n{LINE}".encode()), [key]) == {key}


@pytest.mark.parametrize(
    "note",
    [
        f"text\n{LINE}",
        f"\n\n{LINE}",
        f"text\n\n{LINE[:-1]}",
        "text\n\n",
        "text\n\n\n",
        f"text\n\n{LINE}\n",
        f"text\n\n{LINE}more\n",
        f"te\txt\n\n{LINE}",
        f"te\x00xt\n\n{LINE}",
        f"text\n\n{LINE.replace('— ', '– ')}",
        f"text\n\n{LINE.replace(' ', '  ')}",
        f"text\n\n{LINE.replace(ORIGIN, 'plus+name')}",
        f"text\n\n— {ORIGIN} AAAAAA==\n",
        f"text\n\n— {ORIGIN} AAAA!AAA\n",
        "text\n\n" + "".join(f"— unknown{n} AAAAAAAA\n" for n in range(65)),
    ],
)
def test_a_note_of_another_form_is_refused(note: str) -> None:
    with pytest.raises(Refused):
        parse_note(note.encode())


def test_64_lines_of_unknown_keys_are_tolerated() -> None:
    lines = "".join(f"— unknown{n} AAAAAAAA\n" for n in range(64))
    assert len(parse_note(f"text\n\n{lines}".encode()).signatures) == 64


@pytest.mark.parametrize(
    "text",
    [
        f"\n1\n{ROOT}\n",
        f"two words\n0\n{ROOT}\n",
        f"origin\n0\n{b64(sha(b'x'))}\n",
        f"origin\n1\n{ROOT}\nextension\n",
        f"origin\n1\n{ROOT}",
        f"origin\n1\n{ROOT}\n\n",
        f"origin\n\n{ROOT}\n",
        f"origin\n01\n{ROOT}\n",
        f"origin\n-1\n{ROOT}\n",
        f"origin\n١\n{ROOT}\n",
        "origin\n1\nAAAA\n",
        f"origin\n1\n{ROOT[:-1]}\n",
    ],
)
def test_a_checkpoint_of_another_form_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        parse_checkpoint(text)


def test_a_proof_file_of_another_form_is_refused(house: House) -> None:
    head = "c2sp.org/tlog-proof@v1\nextra e30=\nindex 0\n"
    assert parse_proof(f"{head}\nnote".encode()).note == b"note"
    spoilt = [
        head,
        head.replace("index", "place") + "\nnote",
        head.replace("extra ", "other ") + "\nnote",
        head.replace("extra ", "") + "\nnote",
        head.replace("index ", "") + "\nnote",
        head.replace("index 0", "index 00") + "\nnote",
        f"{head}{ROOT}x\n\nnote",
        f"{head}AAAA\n\nnote",
        f"{head}{ROOT}\n" * 2 + "\nnote",
        head + f"{ROOT}\n" * 64 + "\nnote",
        head.replace("\n", "\r\n") + "\nnote",
        head.replace("e30=", "é") + "\nnote",
    ]
    for each in spoilt:
        with pytest.raises(Refused):
            parse_proof(each.encode())


@pytest.mark.parametrize(
    "bundle", [b"", b"\x00\x01a", b"\x00\x01a\x00\x00", b"\x00\x01a\x00\x02b", b"\x00\x01a\x00\x01bc"]
)
def test_a_bundle_that_does_not_hold_its_entries_is_refused(bundle: bytes) -> None:
    assert list(read_entries(lambda path, most: b"\x00\x01a\x00\x01b", 2)) == [b"a", b"b"]
    with pytest.raises(Refused):
        list(read_entries(lambda path, most: bundle, 2))
