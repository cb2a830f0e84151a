from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pyrage
import pytest

from lawgate.disclosure.answer import OPENINGS_BYTES, PAYLOAD_BYTES, payload
from lawgate.disclosure.seal import FILES, package, package_sha256, require_leaf, seal
from lawgate.domain.errors import LawgateError, LedgerError, NotPermittedError
from lawgate.domain.receipt import Receipt
from lawgate.domain.steps import Package, VerdictKind
from lawgate.evidence.canonical import canonical, sha256_hex

decrypt = pyrage.decrypt  # type: ignore[attr-defined]


def run(world: Any, kept: Any, receipt: Receipt, **o: Any) -> Package:
    """The gateway's half and the sealer's half, one after the other."""
    recipient, terms_text = o.get("recipient", world.officer), o.get("terms_text", world.terms_text)
    require_leaf(kept, receipt, recipient, o.get("terms", world.terms))
    sealed, kind = seal(json.loads(receipt.leaf), kept.enclosed, terms_text)
    assert kind is kept.authorised.proposed.kind
    return package(kept, receipt, recipient, sealed, terms_text)


def test_the_officer_opens_exactly_what_was_logged(world: Any) -> None:
    kept, receipt = world.logged(world.authorised())
    package = run(world, kept, receipt)
    assert tuple(package.files) == FILES
    assert (package.answer, package.recipient, package.sequence) == (kept.answer, world.recipient, 1)
    clear = decrypt(package.files["payload.age"], [world.identity])
    text, _, padding = clear.partition(b"\n")
    assert len(clear) == PAYLOAD_BYTES
    assert set(padding) == {ord(" ")}
    assert json.loads(text) == payload(kept.authorised, kept.answer, world.terms)
    assert len(decrypt(package.files["openings.age"], [world.identity])) == OPENINGS_BYTES
    assert package.files["terms.txt"] == world.terms_text
    assert package.files["answer.tlog-proof"].decode() == receipt.proof


SAYING = {
    "R": {},
    "C": {"stated_is_last_known": True},
    "N": {"kind": VerdictKind.AMBIGUOUS, "reason": "330"},
}
DRAWN = 1000


def header_of(sealed: bytes) -> bytes:
    """An age file's header, up to and including the line with its MAC."""
    end = sealed.index(b"\n", sealed.index(b"\n---") + 1) + 1
    return sealed[:end]


def farthest(one: list[int], other: list[int]) -> float:
    """The greatest distance between two samples' distribution functions (Kolmogorov and Smirnov's)."""
    return max(
        abs(sum(x <= at for x in one) / len(one) - sum(x <= at for x in other) / len(other))
        for at in {*one, *other}
    )


def test_the_length_of_a_package_says_nothing_about_its_answer(world: Any) -> None:
    """docs/adr/0015: behind the header there is one length; the header's varies at random, in the same way for R, C and N."""
    behind: dict[str, set[int]] = {name: set() for name in FILES[:2]}
    headers: dict[tuple[str, str], list[int]] = {}
    for kind, verdict in SAYING.items():
        kept, receipt = world.logged(world.authorised(world.one(**verdict)))
        assert kept.authorised.proposed.kind.value == kind
        for _ in range(DRAWN):
            files = run(world, kept, receipt).files
            for name, lengths in behind.items():
                header = header_of(files[name])
                lengths.add(len(files[name]) - len(header))
                headers.setdefault((name, kind), []).append(len(header))
    assert {name: len(lengths) for name, lengths in behind.items()} == dict.fromkeys(behind, 1)
    for name in behind:
        for one, other in (("R", "C"), ("R", "N"), ("C", "N")):
            # Two samples of one distribution differ by so much in one comparison of three million.
            assert farthest(headers[name, one], headers[name, other]) < 2.8 * (2 / DRAWN) ** 0.5


def test_a_longer_address_does_not_make_a_longer_package(world: Any) -> None:
    lengths = set()
    for street in ("A Street", "A Very Much Longer Boulevard"):
        files = run(world, *world.logged(world.authorised(world.one(world.address(street=street))))).files
        lengths.add(tuple(len(files[n]) - len(header_of(files[n])) for n in FILES[:2]))
        lengths.add((len(decrypt(files["payload.age"], [world.identity])) + 32, OPENINGS_BYTES + 32))
    assert len(lengths) == 1


def test_sealing_again_is_the_same_answer(world: Any) -> None:
    kept, receipt = world.logged(world.authorised())
    first, second = run(world, kept, receipt), run(world, kept, receipt)
    opened = [decrypt(p.files["payload.age"], [world.identity]) for p in (first, second)]
    assert opened[0] == opened[1]
    assert first.files["answer.tlog-proof"] == second.files["answer.tlog-proof"]


def test_nothing_is_sealed_to_anybody_else(world: Any) -> None:
    kept, receipt = world.logged(world.authorised())
    for recipient in (world.approver, replace(world.officer, keyid="ff" * 16)):
        with pytest.raises(NotPermittedError):
            run(world, kept, receipt, recipient=recipient)
    with pytest.raises(LedgerError):
        run(world, kept, receipt, recipient=replace(world.officer, recipient="age1other"))


def test_an_age_key_that_is_none_is_not_permitted(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(world), "recipient", "age1nonsense")
    kept, receipt = world.logged(world.authorised())
    with pytest.raises(NotPermittedError):
        run(world, kept, receipt)


@pytest.mark.parametrize("index", range(len(b"Use for the certified purpose only.\n")))
def test_any_other_terms_of_use_are_refused(world: Any, index: int) -> None:
    kept, receipt = world.logged(world.authorised())
    text = bytearray(world.terms_text)
    text[index] ^= 1
    with pytest.raises(LedgerError):
        run(world, kept, receipt, terms_text=bytes(text))
    other = replace(world.terms, terms_sha256=sha256_hex(bytes(text)))
    with pytest.raises(LedgerError):
        run(world, kept, receipt, terms_text=bytes(text), terms=other)


def test_a_leaf_of_anything_but_this_answer_is_refused(world: Any) -> None:
    kept, receipt = world.logged(world.authorised())
    for changed in (
        replace(kept, sequence=2),
        replace(kept, index=2),
        replace(kept, accounting_salt=b"0" * 32),
        replace(kept, accounting=replace(kept.accounting, approver="somebody-else")),
    ):
        with pytest.raises(LedgerError):
            run(world, changed, receipt)


def test_only_what_opens_every_commitment_of_the_entry_is_sealed(world: Any) -> None:
    kept, receipt = world.logged(world.authorised())
    another, _ = world.logged(world.authorised(world.one(stated_is_last_known=True)))
    said = json.loads(kept.enclosed)
    openings = said["openings"]
    changed = [
        said | {"answer": "0" * 32},
        said | {"openings": {n: o for n, o in openings.items() if n != "kind"}},
        said | {"openings": openings | {"accounting": openings["kind"]}},
        said | {"openings": openings | {"kind": "R"}},
        *(said | {"openings": openings | {n: o | {"salt": "00" * 32}}} for n, o in openings.items()),
        *(said | {"openings": openings | {n: o | {"salt": "00"}}} for n, o in openings.items()),
        *(said | {"openings": openings | {n: o | {"value": "other"}}} for n, o in openings.items()),
        *(said | {"openings": openings | {n: o | {"more": ""}}} for n, o in openings.items()),
        {"answer": said["answer"]},
    ]
    for enclosed in (another.enclosed, b"", kept.enclosed + b" ", *(canonical(each) for each in changed)):
        with pytest.raises(LedgerError):
            seal(json.loads(receipt.leaf), enclosed, world.terms_text)


def test_a_flipped_bit_anywhere_in_the_leaf_refuses(world: Any) -> None:
    kept, receipt = world.logged(world.authorised())
    for index in range(len(receipt.leaf)):
        leaf = bytearray(receipt.leaf)
        leaf[index] ^= 1
        with pytest.raises(LawgateError):
            run(world, kept, replace(receipt, leaf=bytes(leaf)))


def test_a_proof_of_another_entry_is_refused(world: Any) -> None:
    kept, receipt = world.logged(world.authorised())
    _, other = world.logged(world.authorised(world.one(stated_is_last_known=True)))
    for changed in (replace(receipt, proof=other.proof), replace(receipt, index=0)):
        with pytest.raises(LedgerError):
            run(world, kept, changed)


@pytest.mark.parametrize("change", [{"previous": 7}, {"previous": "x"}, {"stops": "0"}, {"stops": None}])
def test_a_leaf_of_another_form_is_refused(world: Any, change: dict[str, Any]) -> None:
    kept, receipt = world.logged(world.authorised())
    said = {k: v for k, v in (json.loads(receipt.leaf) | change).items() if v is not None}
    leaf = json.dumps(said, sort_keys=True, separators=(",", ":")).encode()
    with pytest.raises(LedgerError):
        run(world, kept, replace(receipt, leaf=leaf))


def test_a_packages_digest_covers_its_four_files_in_order(world: Any) -> None:
    files = {name: name.encode() for name in FILES}
    assert package_sha256(files) == package_sha256(dict(reversed(files.items())))
    assert package_sha256(files | {"terms.txt": b"other"}) != package_sha256(files)
