"""Signed notes and checkpoints: one reading, and every other spelling refused."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lawgate.domain.errors import LedgerError
from lawgate.ledger import note
from lawgate.ledger.checkpoint import parse_checkpoint, parse_decimal
from lawgate.ledger.tile import Place, is_tile_path

SIGNER = note.Signer("log.example", Ed25519PrivateKey.from_private_bytes(b"k" * 32))
KEY = SIGNER.key(note.ED25519)
TEXT = "A text.\n"
LINE = str(SIGNER.sign(TEXT))


def test_private_key_never_shows() -> None:
    assert "private" not in repr(SIGNER)


def test_note_of_a_known_key_verifies_and_unknown_keys_are_skipped() -> None:
    other = note.Signer("other.example", SIGNER.private)
    whole = note.parse_note(TEXT + "\n" + str(other.sign("Something else.\n")) + LINE)
    assert note.good_signers(whole, [KEY]) == (KEY,)
    assert note.good_signers(whole, []) == ()


@pytest.mark.parametrize(
    "lines", [LINE + LINE, str(SIGNER.sign("Another.\n")), LINE + str(SIGNER.sign("x\n"))]
)
def test_bad_or_double_signature_of_a_known_key_spoils_the_note(lines: str) -> None:
    with pytest.raises(LedgerError):
        note.good_signers(note.parse_note(TEXT + "\n" + lines), [KEY])


def test_signature_of_a_wrong_length_spoils_the_note() -> None:
    line = note.SignatureLine(KEY.name, KEY.key_id, b"short")
    with pytest.raises(LedgerError):
        note.good_signers(note.Note(TEXT, (line,)), [KEY])


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "\n\n" + LINE,
        TEXT + LINE,
        TEXT + "\n",
        TEXT + "\n" + LINE[:-1],
        TEXT + "\n" + LINE + "\n",
        TEXT + "\n" + LINE + "more\n",
        TEXT + "\n" + LINE.replace("— ", "- "),
        TEXT + "\n" + LINE.replace("— ", "—  "),
        TEXT + "\n" + LINE.replace("log.", "log+"),
        TEXT + "\n" + LINE.replace("log.", "log\u00a0"),
        TEXT + "\n" + LINE.replace("=", ""),
        TEXT + "\n" + "— log.example AAAAAA==\n",
        "A\ttext.\n\n" + LINE,
        "A text.\r\n\n" + LINE,
        TEXT + "\n" + LINE * 65,
    ],
)
def test_note_outside_the_grammar_is_refused(raw: str) -> None:
    with pytest.raises(LedgerError):
        note.parse_note(raw)


def test_base64_with_spare_bits_set_is_refused() -> None:
    assert note.decode64("AA==") == b"\0"
    for text in ("AB==", "AA=", "AA", "A A=", "AA==\n", "AA__", "ÄA=="):
        with pytest.raises(LedgerError):
            note.decode64(text)


@pytest.mark.parametrize("change", [("log.", "lox."), ("+", " "), ("example", "exam+ple"), ("log.", "")])
def test_verifier_key_with_a_changed_byte_is_refused(change: tuple[str, str]) -> None:
    assert note.parse_vkey(str(KEY)) == KEY
    with pytest.raises(LedgerError):
        note.parse_vkey(str(KEY).replace(*change))


ROOT = note.encode64(b"r" * 32)


@pytest.mark.parametrize(
    "text",
    [
        f"o\n1\n{ROOT}",
        f"o\n1\n{ROOT}\nextension\n",
        f"\n1\n{ROOT}\n",
        f"o o\n1\n{ROOT}\n",
        f"o\n0\n{ROOT}\n",
        f"o\n1\n{note.encode64(b'r' * 31)}\n",
        *(f"o\n{size}\n{ROOT}\n" for size in ("", "+5", "1_000", "007", "-3", " 1", "٣", "1" * 19)),
    ],
)
def test_checkpoint_outside_the_grammar_is_refused(text: str) -> None:
    with pytest.raises(LedgerError):
        parse_checkpoint(text)


def test_decimal_has_one_spelling() -> None:
    assert [parse_decimal(text) for text in ("0", "10", "999")] == [0, 10, 999]


def test_tile_names_are_those_of_c2sp() -> None:
    assert Place(0, 1234067, 256).path == "tile/0/x001/x234/067"
    assert Place(None, 7, 3).path == "tile/entries/007.p/3"
    assert Place(2, 999, 256).path == "tile/2/999"
    assert Place(1, 1000, 1).path == "tile/1/x001/000.p/1"
    for bad in (
        "tile/0/../x",
        "tile/0/1",
        "/tile/0/000",
        "tile/64/000",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/x000/000",
        "checkpoint",
    ):
        assert not is_tile_path(bad)
