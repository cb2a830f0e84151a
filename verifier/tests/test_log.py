"""A whole log: the honest one holds, and each thing an outsider can see going wrong is named at its entry."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from honest_log import House, digest, keyid, sha

from lawgate_verifier.audit import Audit, audit
from lawgate_verifier.ledger import Log, open_log
from lawgate_verifier.policy import Policy
from lawgate_verifier.refused import Refused

Spoil = Callable[[House], object]


def opened(files: dict[str, bytes], policy: Policy) -> Log:
    def read(path: str, most: int) -> bytes:
        if path not in files or len(files[path]) > most:
            raise Refused(0, f"no {path}")
        return files[path]

    return open_log(read, policy)


def audited(house: House, policy: Policy) -> Audit:
    return audit(opened(house.log_files(), policy))


def test_an_honest_log_holds_and_its_counts_are_told(house: House, policy: Policy) -> None:
    found = audited(house, policy)
    assert found.faults == ()
    assert found.types == {
        "policy": 1,
        "key": 3,
        "standing": 1,
        "submission": 1,
        "determinations": 3,
        "answer": 3,
        "ack": 1,
        "stop": 2,
        "heartbeat": 1,
    }
    assert found.lines == {"received": 4, "determined": 4, "A": 3, "X": 1}
    assert found.policy_sha256 == sha(house.policy()).hex()


def change(kind: str, nth: int, **members: object) -> Spoil:
    return lambda house: house.entries[house.indexes(kind)[nth]].update(members)


def drop(kind: str, nth: int, member: str) -> Spoil:
    return lambda house: house.entries[house.indexes(kind)[nth]].pop(member)


def swap_stop(house: House, scope: str, subject: str, lifted: bool) -> None:
    """Put the last answer between order and lift."""
    order, lift = house.indexes("stop")
    for place in (order, lift):
        house.entries[place].update(scope=scope, subject=subject)
    last = house.indexes("answer")[-1]
    if not lifted:
        house.entries[lift], house.entries[last] = house.entries[last], house.entries[lift]
        house.entries[lift].update(stops=1, time=house.entries[last]["time"])
        house.entries[last].update(time=house.entries[last + 1]["time"])


def revoke_before(house: House, label: str, role: str) -> None:
    """Turn the heartbeat's place into a revocation right before the last answer."""
    last = house.indexes("answer")[-1]
    house.entries.insert(
        last,
        {
            "type": "key",
            "v": 1,
            "time": house.entries[last]["time"],
            "act": "revoke",
            "keyid": keyid(label),
            "role": role,
            "agency": "demo-agency",
            "scripted": 1,
        },
    )
    house.entries[-1]["entries"] = len(house.entries) - 1


def add_key(house: House, act: str, label: str, role: str) -> None:
    house.add("key", act=act, keyid=keyid(label), role=role, agency="demo-agency", scripted=1)


def state(house: House, act: str, answer: str = digest("answer 1")[:32], by: str = "officer") -> None:
    """Add a statement after everything else."""
    house.add(
        "statement",
        act=act,
        answer=answer,
        keyid=keyid(by),
        document_sha256=digest(f"{act} {len(house.entries)}"),
    )


SEMANTIC: dict[str, tuple[Spoil, str]] = {
    "approver not enrolled": (
        change("answer", 0, decision_keyid=keyid("other")),
        "not an enrolled key for the role disclosure",
    ),
    "one person alone": (
        change("answer", 0, authorisation_keyid=keyid("approver")),
        "authorisation_keyid is not an enrolled key for the role releasing",
    ),
    "officer's key of another role": (
        change("key", 2, role="court"),
        "not an enrolled key for the role engaged",
    ),
    "released by a revoked key": (
        lambda h: revoke_before(h, "authoriser", "releasing-officer"),
        "was revoked before",
    ),
    "released to a revoked key": (
        lambda h: revoke_before(h, "officer", "engaged-officer"),
        "was revoked before",
    ),
    "key enrolled twice": (change("key", 1, keyid=keyid("approver")), "enrolled twice"),
    "first entry": (lambda h: h.entries.pop(0), "first entry is not a policy"),
    "origin": (change("policy", 0, origin="gateway.example/other"), "of another log"),
    "heartbeat": (change("heartbeat", 0, entries=3), "another size"),
    "time": (change("heartbeat", 0, time="2026-03-01T00:00Z"), "before that"),
    "gap": (change("answer", 2, sequence=4), "gap or a repetition"),
    "repeat": (change("answer", 1, sequence=1), "gap or a repetition"),
    "previous": (change("answer", 1, previous=""), "answer before it"),
    "previous of the first": (change("answer", 0, previous="0"), "answer before it"),
    "other recipient": (change("answer", 2, recipient_keyid=keyid("other")), "gap or a repetition"),
    "stops": (change("answer", 2, stops=1), "stop entries before it"),
    "answer twice": (change("answer", 1, answer=digest("answer 1")[:32]), "id stands twice"),
    "answer to nothing": (change("answer", 0, submission="F" * 16), "not in the log before"),
    "answer to rejected": (change("submission", 0, code="103"), "lines that can be answered"),
    "other pack": (change("answer", 0, pack="other"), "another agency or pack"),
    "batch": (change("determinations", 1, batch=3), "not numbered"),
    "too many": (change("submission", 0, lines=3, counts={"X": 3}), "More lines are determined"),
    "counts": (change("submission", 0, counts={"W": 4, "X": 1}), "contradict"),
    "counts of a batch": (change("determinations", 1, counts={"A": 3}), "contradict"),
    "waiting": (change("determinations", 1, counts={"A": 1, "W": 1}), "not of its form"),
    "of nothing": (change("determinations", 0, submission="F" * 16), "not in the log before"),
    "no lines": (change("determinations", 0, lines=0, counts={}), "does not fit their number"),
    "ack of nothing": (change("ack", 0, answer="0" * 32), "not in the log before"),
    "ack by other": (change("ack", 0, keyid=keyid("other")), "by another key"),
    "ack twice": (
        lambda h: h.entries.append({**h.entries[h.indexes("ack")[0]], "time": "2026-03-03T00:00Z"}),
        "twice",
    ),
    "statement of nothing": (lambda h: state(h, "use", "0" * 32), "not in the log before"),
    "statement by other": (lambda h: state(h, "use", by="approver"), "another key than the recipient's"),
    "stated twice": (lambda h: (state(h, "closure"), state(h, "closure")), "stated of an answer twice"),
    "returned and destroyed": (
        lambda h: (state(h, "return"), state(h, "destruction")),
        "said to end twice",
    ),
    "statement by a revoked key": (
        lambda h: (add_key(h, "revoke", "officer", "engaged-officer"), state(h, "use")),
        "another key than the recipient's",
    ),
    "an official's while the officer's key holds": (
        lambda h: (add_key(h, "enrol", "official", "requesting-official"), state(h, "use", by="official")),
        "another key than the recipient's",
    ),
    "submission twice": (
        lambda h: h.entries.append({**h.entries[h.indexes("submission")[0]], "time": "2026-03-03T00:00Z"}),
        "logged twice",
    ),
    "lift of nothing": (change("stop", 0, act="lift"), "not in force"),
    "ordered twice": (change("stop", 1, act="order"), "given out before"),
    "lift of other": (change("stop", 1, subject="other"), "another scope or subject"),
    "unlifted": (lambda h: swap_stop(h, "everything", "", False), "while the stop of entry"),
    "pack": (lambda h: swap_stop(h, "pack", "demo-pack", False), "while the stop of entry"),
    "agency": (lambda h: swap_stop(h, "agency", "demo-agency", False), "while the stop of entry"),
    "submission": (
        lambda h: swap_stop(h, "submission", "0123456789ABCDEF", False),
        "while the stop of entry",
    ),
    "officer": (lambda h: swap_stop(h, "officer", keyid("officer"), False), "while the stop of entry"),
}


@pytest.mark.parametrize("name", SEMANTIC)
def test_entries_that_do_not_follow_from_those_before_are_named(
    own_house: House, policy: Policy, name: str
) -> None:
    spoil, sentence = SEMANTIC[name]
    spoil(own_house)
    assert any(sentence in fault.sentence for fault in audited(own_house, policy).faults)


def test_all_that_may_be_stated_of_an_answer_holds_and_an_official_speaks_once_the_officers_key_is_revoked(
    own_house: House, policy: Policy
) -> None:
    for act in ("use", "closure", "destruction"):
        state(own_house, act)
    state(own_house, "return", digest("answer 2")[:32])
    add_key(own_house, "enrol", "official", "requesting-official")
    add_key(own_house, "revoke", "officer", "engaged-officer")
    state(own_house, "use", digest("answer 2")[:32], by="official")
    assert audited(own_house, policy).faults == ()


def test_an_approval_signed_before_its_key_was_revoked_stands(own_house: House, policy: Policy) -> None:
    revoke_before(own_house, "approver", "disclosure-officer")
    assert audited(own_house, policy).faults == ()


def test_a_stop_of_another_pack_or_of_a_person_forbids_nothing_that_an_outsider_sees(
    policy: Policy, house: House
) -> None:
    for scope, subject in (("pack", "other-pack"), ("person", digest("fingerprint")[:32])):
        own = House()
        own.entries = [dict(entry) for entry in house.entries]
        swap_stop(own, scope, subject, False)
        assert audited(own, policy).faults == ()


GRAMMAR: dict[str, Spoil] = {
    "type": change("heartbeat", 0, type="party"),
    "no type": drop("heartbeat", 0, "type"),
    "version": change("heartbeat", 0, v=2),
    "version true": change("heartbeat", 0, v=True),
    "time": change("heartbeat", 0, time="2026-02-30T10:00Z"),
    "seconds": change("heartbeat", 0, time="2026-03-02T10:00:00Z"),
    "extra member": change("heartbeat", 0, name="nobody"),
    "missing member": drop("ack", 0, "keyid"),
    "text for number": change("heartbeat", 0, entries="15"),
    "negative": change("heartbeat", 0, entries=-1),
    "float": change("heartbeat", 0, entries=15.0),
    "null": change("standing", 0, agency=None),
    "act": change("key", 0, act="steal"),
    "upper-case hex": change("ack", 0, ack_sha256=digest("ack").upper()),
    "short hex": change("ack", 0, keyid="00"),
    "letter": change("determinations", 0, counts={"xx": 1}),
    "count": change("determinations", 0, counts={"X": "1"}),
    "scope": change("stop", 0, scope="everyone"),
    "subject of everything": change("stop", 0, scope="everything"),
    "no subject": change("stop", 0, subject=""),
    "sequence": change("answer", 0, sequence=0),
    "previous": change("answer", 1, previous="08"),
    "recipient": change("answer", 0, recipient="AGE1"),
    "commitments": change("answer", 0, commitments={"kind": digest("kind")}),
    "scripted": change("key", 0, scripted=2),
    "size": change("standing", 0, agency="a" * 4096),
}


@pytest.mark.parametrize("name", GRAMMAR)
def test_an_entry_of_another_form_is_named(own_house: House, policy: Policy, name: str) -> None:
    GRAMMAR[name](own_house)
    log = opened(own_house.log_files(), policy)
    assert len(log.faults) == 1
    assert log.faults[0].index is not None


@pytest.mark.parametrize(
    "raw",
    [
        b'{"time":"2026-03-02T10:15Z","type":"heartbeat","v":1,"entries":15}',
        b'{"entries":15, "time":"2026-03-02T10:15Z","type":"heartbeat","v":1}',
        b'{"entries":15,"entries":15,"time":"2026-03-02T10:15Z","type":"heartbeat","v":1}',
        b'{"entries":15,"time":"2026-03-02T10:15Z","type":"heartbea\\u0074","v":1}',
        b'{"entries":-0,"time":"2026-03-02T10:15Z","type":"heartbeat","v":1}',
        b'{"entries":1e1,"time":"2026-03-02T10:15Z","type":"heartbeat","v":1}',
        b'{"entries":9007199254740993,"time":"2026-03-02T10:15Z","type":"heartbeat","v":1}',
        b"[" * 4000,
        b"[]",
        b"\xff",
        b'"\\ud800"',
    ],
)
def test_bytes_that_are_not_a_canonical_object_are_named(
    own_house: House, policy: Policy, raw: bytes
) -> None:
    honest = own_house.raws()
    own_house.raws = lambda: [*honest[:-1], raw]  # type: ignore[method-assign]
    log = opened(own_house.log_files(), policy)
    assert [fault.index for fault in log.faults] == [15]


def holds(files: dict[str, bytes], policy: Policy) -> bool:
    try:
        return audit(opened(files, policy)).faults == ()
    except Refused:
        return False


def test_missing_and_oversized_files_are_refused(house: House, policy: Policy) -> None:
    files = house.log_files()
    assert holds(files, policy)
    for path, raw in files.items():
        rest = {name: other for name, other in files.items() if name != path}
        assert not holds(rest, policy), path
        assert not holds({**rest, path: raw + b"\x00"}, policy), path


def test_superseded_partial_tiles_may_stay(house: House, policy: Policy) -> None:
    files = {**house.log_files(), "tile/0/000.p/3": b"old", "tile/entries/000.p/3": b"old"}
    assert audit(opened(files, policy)).faults == ()


def test_a_log_changed_after_it_was_opened_is_refused(house: House, policy: Policy) -> None:
    files = house.log_files()
    log = opened(files, policy)
    assert len(tuple(log.entries)) == len(log.entries)
    bundle = next(path for path in files if path.startswith("tile/entries/"))
    files[bundle] = files[bundle].replace(b'"act":"order"', b'"act":"orden"', 1)
    with pytest.raises(Refused):
        tuple(log.entries)
