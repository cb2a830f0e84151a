"""Bytes at the door: no changed byte slips in, no bad line harms another, no message repeats what a line says."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from lawgate.domain.standing import Agency, EnrolledKey, Role, Standing
from lawgate.domain.steps import Line, Received, Rejected
from lawgate.evidence.envelope import keyid_of
from lawgate.identity.fold import holds_unseen
from lawgate.intake.compose import compose
from lawgate.intake.form import Form
from lawgate.intake.layout import reading_of
from lawgate.intake.lines import cut_lines, read_lines, stream_file
from lawgate.intake.parts import sent
from lawgate.intake.preview import check
from lawgate.intake.receive import read_received, receive
from lawgate.intake.rows import physical_lines

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
OFFICIAL, OFFICER = (Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32) for seed in (1, 2))
MARKER = "Zyxwv"
HEADER = ["request_key", "name.given", "reasons", "taxable_periods", "engaged_officer"]


def enrolled(private: Ed25519PrivateKey, person: str, role: Role) -> EnrolledKey:
    public = private.public_key().public_bytes_raw()
    return EnrolledKey(
        keyid_of(public), public.hex(), person, "agency-1", role, datetime(2026, 1, 1, tzinfo=UTC)
    )


GROUNDS = frozenset({"p"})
STANDING = Standing(
    agencies=(Agency("agency-1", "Example Agency", justice=True, since=date(2026, 1, 1)),),
    keys=(
        enrolled(OFFICIAL, "p-official", Role.REQUESTING_OFFICIAL),
        enrolled(OFFICER, "p-officer", Role.ENGAGED_OFFICER),
    ),
)
FORM = Form(
    agency="agency-1", office="agency-head", holder="p-official", pack="p", agreement="a", certification="c"
)


def submission(raw: bytes, name: str) -> dict[str, bytes]:
    return compose(FORM, raw, name, OFFICIAL, {"p-officer": OFFICER}, NOW, "ab" * 16)


def record(number: int, text: str) -> dict[str, Any]:
    return {
        "request_key": f"R{number}",
        "name": {"given": "".join(sign for sign in text if not holds_unseen(sign))},
        "reasons": text,
        "taxable_periods": ["2022"],
        "engaged_officer": "p-officer",
    }


def as_jsonl(records: list[dict[str, Any]]) -> list[bytes]:
    return [json.dumps(data, ensure_ascii=False).encode() + b"\n" for data in records]


def as_csv(records: list[dict[str, Any]]) -> list[bytes]:
    return [
        csv_record([r["request_key"], r["name"]["given"], r["reasons"], "2022", r["engaged_officer"]])
        for r in records
    ]


def csv_record(cells: list[str]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerow(cells)
    return text.getvalue().encode()


HEAD = csv_record(HEADER)
SIGNS = st.characters(blacklist_categories=["Cs"])
TEXTS = st.text(SIGNS, max_size=12)
CALM = st.text(st.sampled_from("ab åß,\"'\n\r;\\{}\u2028"), max_size=12).map(lambda text: "x" + text)
"""Cells that do not begin with a comma or a line break: see ``test_a_garbage_record_harms_no_csv_record``."""
GARBAGE = st.one_of(
    st.binary(max_size=40),
    st.text(st.sampled_from("ab,\"'{}[]:\\"), max_size=20).map(str.encode),
    st.sampled_from(
        [b'"', b'x,"', b'{"request_key":', b"[" * 3000, b"\xef\xbb\xbf", b'{"a":1,"a":2}', b"NaN", b"\x00"]
    ),
).map(lambda raw: raw.replace(b"\n", b""))


def facts(lines: tuple[Line, ...]) -> list[tuple[str, str, Any]]:
    return [(line.request_key, line.digest, line.faults) for line in lines]


@given(st.lists(TEXTS, max_size=4))
def test_what_is_written_is_read_in_both_formats(texts: list[str]) -> None:
    records = [record(number, text) for number, text in enumerate(texts)]
    from_json = read_lines("l.jsonl", b"".join(as_jsonl(records)), {})
    from_csv = read_lines("l.csv", HEAD + b"".join(as_csv(records)), {})
    assert [dict(line.data) for line in from_json] == records
    assert facts(from_json) == facts(from_csv)
    assert all(line.faults == () for line in from_csv)


@given(st.lists(TEXTS, min_size=1, max_size=4), GARBAGE, st.data())
def test_a_garbage_line_harms_no_json_line(texts: list[str], garbage: bytes, data: st.DataObject) -> None:
    good = as_jsonl([record(number, text) for number, text in enumerate(texts)])
    place = data.draw(st.integers(0, len(good)))
    before = facts(read_lines("l.jsonl", b"".join(good), {}))
    after = facts(read_lines("l.jsonl", b"".join([*good[:place], garbage + b"\n", *good[place:]]), {}))
    bad = after.pop(place)
    assert bad[2] != ()
    assert [(key, digest) for key, digest, _ in after] == [(key, digest) for key, digest, _ in before]
    assert all(faults == () for _, _, faults in after)


@settings(max_examples=300)
@given(st.lists(CALM, min_size=1, max_size=4), GARBAGE, st.data())
def test_a_garbage_record_harms_no_csv_record(texts: list[str], garbage: bytes, data: st.DataObject) -> None:
    """A quote left open could be closed by a later cell only if that cell began with a comma or a line break; then the file reads so by RFC 4180."""
    good = as_csv([record(number, text) for number, text in enumerate(texts)])
    place = data.draw(st.integers(0, len(good)))
    before = facts(read_lines("l.csv", HEAD + b"".join(good), {}))
    after = facts(read_lines("l.csv", HEAD + b"".join([*good[:place], garbage + b"\n", *good[place:]]), {}))
    bad = after.pop(place)
    # As many cells as the header has may be a record; then it is none of the others' business.
    if garbage.count(b",") != len(HEADER) - 1:
        assert bad[2] != ()
    assert [(key, digest) for key, digest, _ in after] == [(key, digest) for key, digest, _ in before]
    assert all(faults == () for _, _, faults in after)


@given(st.binary(max_size=200), st.sampled_from(["l.jsonl", "l.csv"]))
def test_any_bytes_make_lines_in_order_and_never_an_error(raw: bytes, name: str) -> None:
    lines = read_lines(name, raw if name == "l.jsonl" else HEAD + raw, {})
    assert [line.ordinal for line in lines] == list(range(1, len(lines) + 1))
    assert len(lines) <= len(physical_lines(raw))
    if name == "l.jsonl":
        assert len(lines) == len(physical_lines(raw))
    assert all(line.faults or line.request_key for line in lines)


QUOTED = st.lists(
    st.sampled_from([b'"', b'"', b",", b"\n", b"\n", b"\r\n", b"a", b"R1", b"R2", b'""', b"x,y,z,2022,p-officer\n"]), max_size=40
).map(b"".join)  # fmt: skip
LONG = st.sampled_from([b"", b"x" * 70_000, b'"' + b"x" * 65_535 + b"\r", b'"\n' * 70, b'",,,,\n"' * 30])
PIECES = st.integers(1, 9)


@settings(max_examples=400)
@given(st.lists(QUOTED | LONG, max_size=4), st.booleans(), st.integers(1, 5), PIECES, st.data())
def test_a_file_reads_the_same_in_chunks_and_pieces_of_any_size(
    parts: list[bytes], marked: bool, most: int, size: int, data: st.DataObject
) -> None:
    raw = (b"\xef\xbb\xbf" if marked else b"") + b"".join(parts)
    name = data.draw(st.sampled_from(["l.jsonl", "l.csv"]))
    if name == "l.csv" and data.draw(st.booleans()):
        raw = raw[: 3 * marked] + HEAD + raw[3 * marked :]
    whole = list(stream_file(reading_of(name, {}, ""), [raw], most=10**6))
    step = size if len(raw) < 500 else 977 * size
    pieces = [raw[n : n + step] for n in range(0, len(raw), step)]
    assert list(stream_file(reading_of(name, {}, ""), pieces, most)) == whole
    assert sum(chunk.count for chunk in cut_lines(reading_of(name, {}, ""), pieces, most)) == len(whole)


@given(st.lists(st.sampled_from("abc"), max_size=12), st.integers(1, 4))
def test_a_key_taken_in_an_earlier_chunk_is_taken(keys: list[str], most: int) -> None:
    raw = b"".join(as_jsonl([record(0, key) | {"request_key": key} for key in keys]))
    lines = list(stream_file(reading_of("l.jsonl", {}, ""), [raw], most))
    assert [bool(line.faults) for line in lines] == [key in keys[:place] for place, key in enumerate(keys)]


def flips(raw: bytes) -> Iterator[bytes]:
    for place in range(len(raw)):
        yield raw[:place] + bytes([raw[place] ^ (1 << (place % 8))]) + raw[place + 1 :]


FILES = submission(b"".join(as_jsonl([record(1, "a"), record(2, "b")])), "lines.jsonl")


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("cover.json", {"102", "501", "506"}),
        ("attestations.jsonl", {"105"}),
        ("lines.jsonl", {"103"}),
    ],
)
def test_every_flipped_byte_of_every_file_rejects_the_submission(name: str, codes: set[str]) -> None:
    assert isinstance(receive(sent(FILES), STANDING, NOW, GROUNDS), Received)
    seen = set()
    for changed in flips(FILES[name]):
        outcome = receive(sent({**FILES, name: changed}), STANDING, NOW, GROUNDS)
        assert isinstance(outcome, Rejected)
        seen.add(outcome.code)
    assert seen == codes


@given(st.lists(TEXTS, max_size=3))
def test_receiving_again_changes_nothing(texts: list[str]) -> None:
    raw = b"".join(as_jsonl([record(number, text) for number, text in enumerate(texts)]))
    files = submission(raw, "lines.jsonl")
    first = receive(sent(files), STANDING, NOW, GROUNDS)
    assert isinstance(first, Received)
    assert receive(sent(dict(files)), STANDING, NOW, GROUNDS) == first
    assert all(line.attestation for line in read_received(sent(files), first, STANDING))


HIDING = st.sampled_from(
    [
        f'{{"request_key":"{MARKER}","name":{{"given":"{MARKER}"}}}}',
        f'{{"request_key":"{MARKER}","request_key":"{MARKER}"}}',
        f'{{"request_key":"{MARKER}","name":"{MARKER}"}}',
        f'{{"request_key":["{MARKER}"],"address":{{"zip":{{"x":"{MARKER}"}}}}}}',
        f'{{"request_key":"{MARKER}","offence_facts":{{"x":["{MARKER}"],"Not {MARKER}, no!":1}}}}',
        f'{{"request_key":"{MARKER}","taxable_periods":["{MARKER}",1]}}',
        f'{{"request_key":"{MARKER}","reasons":"\\ud800{MARKER}","items_requested":"{MARKER}"}}',
        f'"{MARKER}"',
        f'{MARKER},"{MARKER}',
        f'{MARKER},"{MARKER}"{MARKER},,,',
        f"{MARKER},{MARKER},{MARKER},,,,,",
        f"{MARKER},{MARKER},{MARKER},,p-officer",
        f'{{"{MARKER}":',
    ]
)


@given(st.lists(HIDING | st.just(""), max_size=5), st.sampled_from(["l.jsonl", "l.csv", "headless.csv"]))
def test_no_fault_and_no_rejection_repeats_what_a_line_says(pieces: list[str], name: str) -> None:
    raw = (HEAD if name == "l.csv" else b"") + "\n".join(pieces).encode() + b"\n"
    files = submission(raw, name)
    outcome = receive(sent(files), STANDING, NOW, GROUNDS)
    assert isinstance(outcome, Received)
    for line in read_received(sent(files), outcome, STANDING):
        for fault in line.faults:
            assert MARKER not in f"{fault.message} {fault.column}"
    for changed in ({**files, name: raw + b"x"}, {**files, "cover.json": raw}, {**files, MARKER: raw}):
        rejected = receive(sent(changed), STANDING, NOW, GROUNDS)
        assert isinstance(rejected, Rejected)
        assert MARKER not in rejected.message
        assert MARKER not in str(check(sent(changed), None, NOW).problems)
