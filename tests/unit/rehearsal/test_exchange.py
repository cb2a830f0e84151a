"""The datafile of 2025: documented counts, exact shares, and a truth that the lines do not betray."""

from __future__ import annotations

import json
from collections import Counter

import numpy as np
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lawgate.domain.steps import Line
from lawgate.evidence.canonical import canonical, sha256_hex
from lawgate.evidence.envelope import sign
from lawgate.identity.address import read_text
from lawgate.identity.name import read_name
from lawgate.intake.attest import attestation_body
from lawgate.intake.lines import read_lines
from lawgate.rehearsal import exchange_figures as figures
from lawgate.rehearsal.exchange import INSUFFICIENT, KINDS, blocks_for, make_lines, ordinals_of, shares
from lawgate.rehearsal.exchange_pools import NOBODY, Lines
from lawgate.rehearsal.exchange_request import Signer, request_key, requests
from lawgate.rehearsal.exchange_text import NO_ADDRESS

LINES = 150_000
NAMES = list(KINDS)


@pytest.fixture(scope="module")
def blocks() -> list[Lines]:
    return [make_lines(11, number, LINES) for number in range(blocks_for(LINES))]


@pytest.fixture(scope="module")
def counted(blocks: list[Lines]) -> Counter[str]:
    return Counter(NAMES[kind] for lines in blocks for kind in lines.kind.tolist())


def test_at_full_size_the_documented_counts_come_out() -> None:
    counts = {kind: share * figures.FULL_SIZE for kind, share in shares().items()}
    held = sum(count for kind, count in counts.items() if kind.startswith("number held"))
    named = sum(count for kind, count in counts.items() if kind.startswith("name and address"))
    assert round(held) == figures.BY_NUMBER == 42_695
    assert round(named) == figures.BY_ADDRESS == 4_594
    assert round(held + named) == figures.RELEASED
    assert round(counts["number held, insufficient address"]) == 2_364
    assert round(sum(counts.values())) == figures.FULL_SIZE


def test_over_all_blocks_every_kind_has_its_exact_count(blocks: list[Lines], counted: Counter[str]) -> None:
    assert sum(counted.values()) == LINES
    for kind, share in shares().items():
        assert abs(counted[kind] - share * LINES) <= len(KINDS)
    assert [o for n in range(blocks_for(LINES)) for o in (ordinals_of(n, LINES).start, ordinals_of(n, LINES).stop)] == [
        1, ordinals_of(0, LINES).stop, ordinals_of(0, LINES).stop, LINES + 1,
    ]  # fmt: skip


def test_the_same_seed_gives_the_same_lines(blocks: list[Lines]) -> None:
    again = make_lines(11, 1, LINES)
    assert all(
        (getattr(again, name) == getattr(blocks[1], name)).all()
        for name in ("address", "last_name", "record", "kind")
    )


def test_nobody_on_record_is_asked_about_twice(blocks: list[Lines]) -> None:
    records = [r for lines in blocks for r in lines.record.tolist() if r != NOBODY]
    assert len(records) == len(set(records)) > 9_000


def test_the_truth_names_a_record_exactly_where_somebody_on_record_is_meant(blocks: list[Lines]) -> None:
    for lines in blocks:
        for name, record, dwelling in zip(
            lines.kind.tolist(), lines.record.tolist(), lines.dwelling.tolist(), strict=True
        ):
            kind = NAMES[name]
            meant = kind.startswith(("number held", "name and address", "missed")) and "relative" not in kind
            assert (record != NOBODY) == meant
            assert (dwelling == NOBODY) == (
                "insufficient" in kind or kind in ("namesake next door", "one digit off", "same street, other town")
                or kind == "stranger at an address not on record"
            )  # fmt: skip


def test_what_stands_where_an_address_should_be_is_no_address(blocks: list[Lines]) -> None:
    lines = blocks[0]
    bad = np.isin(lines.kind, [NAMES.index(INSUFFICIENT), NAMES.index("number held, insufficient address")])
    texts = set(lines.address[bad].tolist())
    assert "" in texts
    assert len(texts) > len(NO_ADDRESS)
    assert not [text for text in texts if read_text(text).sufficient]


def test_nearly_every_other_address_is_one_however_it_is_written(blocks: list[Lines]) -> None:
    lines = blocks[0]
    good = ~np.isin(lines.kind, [NAMES.index(INSUFFICIENT), NAMES.index("number held, insufficient address")])
    texts = lines.address[good][:4000].tolist()
    assert sum(read_text(text).sufficient for text in texts) > 0.99 * len(texts)
    names = zip(lines.first_name[:4000], lines.last_name[:4000], strict=True)
    assert all(read_name({"given": first, "surname": last}).sufficient for first, last in names)


def test_a_line_put_in_order_is_canonical_and_its_signature_that_of_the_requesters_tool() -> None:
    lines = make_lines(3, 0, 200)
    key = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    pen = Signer("simulated-officer-00001", key, "ab" * 16)
    written = list(requests(lines, ["simulated-officer-00001"] * 200))
    assert not [line for line in read_lines("l.jsonl", b"\n".join(written), {}) if line.faults]
    for ordinal, raw in enumerate(written, 1):
        data = json.loads(raw)
        assert canonical(data) == raw
        assert data["request_key"] == request_key(ordinal)
        line = Line(ordinal, data["request_key"], data, sha256_hex(raw))
        body = attestation_body("ab" * 16, line, "simulated-officer-00001")
        assert pen.attest(ordinal, raw) == sign("attestation", body, key)


def test_a_line_put_in_order_states_what_the_datafile_had_and_nothing_of_the_truth() -> None:
    lines = make_lines(3, 0, 200)
    for n, raw in enumerate(requests(lines, ["x"] * 200)):
        data = json.loads(raw)
        assert data["name"] == {"given": lines.first_name[n], "surname": lines.last_name[n]}
        assert data["address"] == {"text": lines.address[n]}
        assert data.get("taxpayer_number", "") == lines.number[n]
        assert data["offence_facts"]["final_order_date"] == lines.ordered[n]
        assert not {"record", "kind", "dwelling"} & set(data)
