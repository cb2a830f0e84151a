"""Timestamps: what OpenSSL holds for good is held for good, what it refuses is refused, and no byte of a response can be changed unseen."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from authority import CODE_SIGNING, STAMPING, Authority, der, statement
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from honest_log import House, leaf, sha, tree, write_files

from lawgate_verifier.cli import main
from lawgate_verifier.merkle import EarlierRoots, Hashes
from lawgate_verifier.refused import Refused
from lawgate_verifier.timestamp import Anchors, check_stamp, read_anchors

CONTENT = b"a checkpoint\n"
THEN = datetime(2026, 3, 2, 12, tzinfo=UTC)
WRITTEN = "20260302120000Z"
Make = Callable[..., Authority]


@pytest.fixture(scope="session")
def make(openssl: str, tmp_path_factory: pytest.TempPathFactory) -> Make:
    return lambda **different: Authority(tmp_path_factory.mktemp("authority") / "a", **different)


@pytest.fixture(scope="session")
def authority(make: Make) -> Authority:
    return make()


def anchors(authority: Authority) -> Anchors:
    return read_anchors(authority.anchors.read_bytes())


def holds(response: bytes, content: bytes, trusted: Anchors) -> bool:
    try:
        check_stamp(response, content, trusted)
    except Refused:
        return False
    return True


# -- agreement with OpenSSL ---------------------------------------------------------------------------------------------------

GOOD: list[dict[str, Any]] = [
    {},
    {"size": 2048},
    {"between": True},
    {"digest": "sha512"},
    {"bound_by": "sha1"},
    {"bound_by": "sha512"},
]


@pytest.mark.parametrize("different", GOOD, ids=str)
def test_what_openssl_stamps_holds_here_and_there_for_these_bytes_only(
    make: Make, authority: Authority, different: dict[str, Any]
) -> None:
    own = make(**different)
    response = own.stamp(CONTENT)
    stamp = check_stamp(response, CONTENT, anchors(own))
    now = datetime.now(UTC)
    assert abs((stamp.moment - now).total_seconds()) < 60
    assert stamp.authority == "CN=test authority"
    assert own.openssl_agrees(response, CONTENT, now)
    for content, trusting in (
        (CONTENT + b"\n", own),
        (b"", own),
        (CONTENT, authority if different else make()),
    ):
        assert not holds(response, content, anchors(trusting))
        assert not trusting.openssl_agrees(response, content, now)


BAD: list[dict[str, Any]] = [
    {"purposes": (CODE_SIGNING,)},
    {"purposes": (STAMPING, CODE_SIGNING)},
    {"purposes": ()},
    {"critical": False},
    {"between": True, "between_signs": False},
    {"ends": datetime(2026, 3, 1, tzinfo=UTC)},
    {"begins": datetime(2026, 3, 3, tzinfo=UTC)},
]


@pytest.mark.parametrize("different", BAD, ids=str)
def test_an_authority_that_may_not_stamp_or_not_then_is_refused_here_and_there(
    make: Make, authority: Authority, different: dict[str, Any]
) -> None:
    own = make(**different)
    response = own.state(statement(CONTENT, WRITTEN))
    with pytest.raises(Refused, match="certificate"):
        check_stamp(response, CONTENT, anchors(own))
    assert not own.openssl_agrees(response, CONTENT, THEN)
    # The same statement, signed by one who may: only the authority was wrong.
    good = authority.state(statement(CONTENT, WRITTEN))
    assert check_stamp(good, CONTENT, anchors(authority)).moment == THEN
    assert authority.openssl_agrees(good, CONTENT, THEN)


def test_a_stamp_outlives_the_certificate_that_was_valid_when_it_was_made(make: Make) -> None:
    own = make(ends=datetime(2026, 3, 3, tzinfo=UTC))
    assert holds(own.state(statement(CONTENT, WRITTEN)), CONTENT, anchors(own))
    assert not holds(own.state(statement(CONTENT, "20260303000001Z")), CONTENT, anchors(own))


STATEMENTS: dict[str, bytes] = {
    "another version": statement(CONTENT, WRITTEN, version=2),
    "SHA-1": statement(CONTENT, WRITTEN, hashed_by="sha1"),
    "other bytes": statement(CONTENT + b" ", WRITTEN),
    "an extension": statement(CONTENT, WRITTEN, extensions=der(0xA1, der(0x30, b"\x06\x01\x2a\x04\x00"))),
    "no such day": statement(CONTENT, "20260230120000Z"),
    "local time": statement(CONTENT, "20260302120000"),
    "no seconds": statement(CONTENT, "202603021200Z"),
    "trailing nought": statement(CONTENT, "20260302120000.50Z"),
    "something behind": statement(CONTENT, WRITTEN) + b"\x05\x00",
    "a long length": b"\x30\x81" + statement(CONTENT, WRITTEN)[1:],
    "nothing": b"",
}


@pytest.mark.parametrize("what", STATEMENTS)
def test_a_signed_statement_of_another_form_or_content_is_refused(authority: Authority, what: str) -> None:
    assert not holds(authority.state(STATEMENTS[what]), CONTENT, anchors(authority))


def test_a_moment_may_have_a_fraction(authority: Authority) -> None:
    stamp = check_stamp(
        authority.state(statement(CONTENT, "20260302120000.25Z")), CONTENT, anchors(authority)
    )
    assert stamp.moment == THEN.replace(microsecond=250_000)


# -- nothing can be changed ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["stamped", "stated"])
def test_no_bit_of_a_response_can_be_flipped_and_none_added_or_taken(authority: Authority, how: str) -> None:
    response = authority.stamp(CONTENT) if how == "stamped" else authority.state(statement(CONTENT, WRITTEN))
    trusted = anchors(authority)
    assert holds(response, CONTENT, trusted)
    # A status of 1 is "granted with changes": RFC 3161 allows it, nobody signs it, and the log's entry has the hash of the whole.
    status = response.index(b"\x30\x03\x02\x01\x00") + 4
    for at in range(len(response)):
        for bit in range(8):
            if (at, bit) == (status, 0):
                continue
            spoilt = response[:at] + bytes([response[at] ^ 1 << bit]) + response[at + 1 :]
            assert not holds(spoilt, CONTENT, trusted), (at, bit)
    for end in range(len(response)):
        assert not holds(response[:end], CONTENT, trusted)
    assert not holds(response + b"\x00", CONTENT, trusted)
    assert not holds(response + response, CONTENT, trusted)


def test_whatever_the_bytes_the_answer_is_a_refusal(authority: Authority) -> None:
    response, trusted, dice = authority.stamp(CONTENT), anchors(authority), random.Random(3161)
    for _ in range(2000):
        spoilt = bytearray(response)
        for _ in range(dice.randrange(1, 6)):
            at = dice.randrange(len(spoilt))
            spoilt[at : at + dice.randrange(3)] = dice.randbytes(dice.randrange(4))
        if bytes(spoilt) != response:
            assert not holds(bytes(spoilt), CONTENT, trusted)


def test_anchors_are_roots_in_pem(authority: Authority) -> None:
    for raw in (b"", b"nothing", authority.certificate.public_bytes(Encoding.PEM)):
        with pytest.raises(Refused, match="anchors"):
            read_anchors(raw)
    assert len(anchors(authority).roots) == 1
    assert isinstance(anchors(authority).roots[0], x509.Certificate)


# -- in a log -----------------------------------------------------------------------------------------------------------------


class Stamped:
    """A log on disk whose last entry names a timestamp of its first ten entries, and the command over it."""

    def __init__(self, folder: Path, house: House, authority: Authority) -> None:
        self.house, self.log, self.authority = house, folder / "log", authority
        self.day = house.entries[-1]["time"][:10]
        self.checkpoint = house.checkpoint(10)
        self.response = authority.stamp(self.checkpoint)
        root = tree([leaf(raw) for raw in house.raws()[:10]]).hex()
        self.entry = house.add("timestamp", size=10, root=root, stamp_sha256=sha(self.response).hex())
        self.policy = folder / "policy"
        self.policy.write_bytes(house.policy())

    def run(self, *more: str) -> int:
        files = {"checkpoint": self.checkpoint, "response.tsr": self.response}
        shutil.rmtree(self.log, ignore_errors=True)
        write_files(self.log, self.house.log_files())
        write_files(self.log / "timestamps" / self.day, files)
        return main(["ledger", str(self.log), "--policy", str(self.policy), *more])

    def check(self) -> int:
        return self.run("--anchors", str(self.authority.anchors))

    def name(self, **members: object) -> None:
        self.house.entries[self.entry].update(members)


@pytest.fixture
def stamped(tmp_path: Path, own_house: House, authority: Authority) -> Stamped:
    return Stamped(tmp_path, own_house, authority)


Out = pytest.CaptureFixture[str]


def test_the_timestamps_of_a_log_are_checked_under_the_readers_anchors_and_listed(
    stamped: Stamped, capsys: Out
) -> None:
    assert stamped.check() == 0
    today = datetime.now(UTC).strftime("%Y-%m-%d")
    (line,) = [x for x in capsys.readouterr().out.splitlines() if x.startswith("stamped")]
    assert line.startswith(f"stamped    10 entries, {today}T")
    assert line.endswith(f"by CN=test authority (entry {stamped.entry})")
    assert stamped.run("--anchors", str(stamped.authority.anchors), "--json") == 0
    (told,) = json.loads(capsys.readouterr().out)["timestamps"]
    assert (told["index"], told["size"], told["authority"]) == (stamped.entry, 10, "CN=test authority")
    assert told["root"] == stamped.house.entries[stamped.entry]["root"]
    assert datetime.fromisoformat(told["stamped"]).date().isoformat() == today


def test_without_anchors_nothing_is_said_of_timestamps_and_that_is_said(
    stamped: Stamped, capsys: Out
) -> None:
    assert stamped.run() == 0
    assert "note: the timestamps were not checked" in capsys.readouterr().out
    assert stamped.run("--json") == 0
    assert json.loads(capsys.readouterr().out)["timestamps"] is None


def lose(stamped: Stamped) -> None:
    stamped.day = "2026-01-01"


def other_response(stamped: Stamped) -> None:
    stamped.response = stamped.authority.stamp(stamped.checkpoint)


def other_bytes(stamped: Stamped) -> None:
    stamped.response = stamped.authority.stamp(stamped.house.checkpoint(9))
    stamped.name(stamp_sha256=sha(stamped.response).hex())


def other_checkpoint(stamped: Stamped) -> None:
    stamped.checkpoint = stamped.house.checkpoint(9)
    stamped.response = stamped.authority.stamp(stamped.checkpoint)
    stamped.name(stamp_sha256=sha(stamped.response).hex())


def unsigned_checkpoint(stamped: Stamped) -> None:
    lines = stamped.checkpoint.decode().splitlines(keepends=True)
    stamped.checkpoint = "".join(lines[:4] + lines[5:]).encode()
    stamped.response = stamped.authority.stamp(stamped.checkpoint)
    stamped.name(stamp_sha256=sha(stamped.response).hex())


def another_log(stamped: Stamped) -> None:
    """A fork that the log's key signed: its stamp is real, its root is not this log's."""
    stamped.house.entries[8], kept = (
        {**stamped.house.entries[8], "time": "2026-03-02T10:07Z"},
        stamped.house.entries[8],
    )
    stamped.checkpoint = stamped.house.checkpoint(10)
    root = tree([leaf(raw) for raw in stamped.house.raws()[:10]]).hex()
    stamped.house.entries[8] = kept
    stamped.response = stamped.authority.stamp(stamped.checkpoint)
    stamped.name(root=root, stamp_sha256=sha(stamped.response).hex())


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lose, "lacks timestamps/"),
        (other_response, "not the one that the entry names"),
        (other_bytes, "of other bytes"),
        (other_checkpoint, "not the one that the entry names"),
        (unsigned_checkpoint, "not signed by the log"),
        (another_log, "another log than this one was"),
    ],
)
def test_a_timestamp_of_something_else_is_a_fault_at_its_entry(
    stamped: Stamped, spoil: Callable[[Stamped], None], sentence: str, capsys: Out
) -> None:
    spoil(stamped)
    assert stamped.check() == 6
    (line,) = [x for x in capsys.readouterr().out.splitlines() if x.startswith("FAULT")]
    assert line.startswith(f"FAULT entry {stamped.entry}: ")
    assert sentence in line


def test_under_other_anchors_every_timestamp_is_a_fault_and_bad_anchors_end_with_2(
    stamped: Stamped, make: Make, tmp_path: Path, capsys: Out
) -> None:
    assert stamped.run("--anchors", str(make().anchors)) == 6
    assert stamped.run("--anchors", str(make().anchors), "--json") == 6
    assert stamped.check() == 0
    for bad in (tmp_path / "absent", stamped.policy):
        assert stamped.run("--anchors", str(bad)) == 2
    assert str(tmp_path) not in capsys.readouterr().err


def test_earlier_roots_are_those_of_rfc_6962_in_whatever_order_they_are_asked_for() -> None:
    leaves = [leaf(bytes([n])) for n in range(200)]
    roots, dice = EarlierRoots(Hashes(leaves)), random.Random(6962)
    for size in [*range(201), *(dice.randrange(201) for _ in range(50))]:
        assert roots.at(size) == tree(leaves[:size])
