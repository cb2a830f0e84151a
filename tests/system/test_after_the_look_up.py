"""After an N a reviewer refuses or returns the request, and counsel determines that nothing is told: outside, all of it looks like any other answer."""

from __future__ import annotations

from typing import Any

import pytest

from lawgate import impairment, pipeline
from lawgate.domain.errors import MalformedRequestError, NotPermittedError
from lawgate.domain.steps import AnswerKind, LineState
from lawgate.rehearsal import people, scripts

ASKED = ("confirmed", "released", "nobody", "twice")
"""Lines 1 to 4, of which the last two find no answer."""


def authorisation(house: Any, submission: Any, **verdicts: str) -> bytes:
    """Authorise the batch, but say otherwise of some lines (``l3="refuse"``)."""
    (batch,) = house.gate.memory.batches(submission)
    body = scripts.authorisation_body(submission, 1, batch.ordinals, house.clock())
    for line in body["lines"]:
        line["verdict"] = verdicts.get(f"l{line['ordinal']}", line["verdict"])
    signed: bytes = house.sign("authorisation", body, people.RELEASING_OFFICER)
    return signed


def determined(house: Any, about: Any, *ordinals: int, by: str = people.COUNSEL, **changes: Any) -> bytes:
    body = {
        "submission": about, "count": len(ordinals), "lines": [{"ordinal": n} for n in ordinals],
        "authority": "Chief Counsel, memo 7", "made": scripts.moment(house.clock()),
    }  # fmt: skip
    signed: bytes = house.sign("impairment", body | changes, by)
    return signed


def said(house: Any, submission: Any) -> list[tuple[str, str]]:
    """What each answer says, and why inside."""
    return [
        (a.authorised.proposed.kind.value, a.authorised.proposed.reason)
        for a in house.gate.memory.logged(submission)
    ]


def test_an_n_that_is_refused_or_returned_leaves_as_any_other_n(house: Any) -> None:
    submission = house.proposed(*house.many(*ASKED, "another"))
    done = pipeline.authorise(
        house.gate, submission, authorisation(house, submission, l3="refuse", l4="return")
    )
    assert done == {"logged": 5}
    inside = said(house, submission)
    assert [kind for kind, _ in inside] == ["C", "R", "N", "N", "C"]
    assert [reason for _, reason in inside[2:4]] == ["610", "611"]
    # Outside: every line is answered under seal, with the same codes, an entry, an accounting row and a package.
    statuses = house.statuses(submission)
    assert {(s.disposition.value, s.codes) for s in statuses} == {("A", statuses[0].codes)}
    rows = house.gate.memory.accounting()
    assert [row.fields_released for row in rows] == [(), ("address",), (), (), ()]
    packages = house.packages(submission)
    payloads = [house.read(p) for p in packages]
    plain = [p for p in payloads if p["kind"] == "N"]
    assert len(plain) == 2
    assert plain[0]["sentence"] == plain[1]["sentence"]
    assert plain[0]["fields"] == plain[1]["fields"] == {}
    assert "610" not in str(payloads)
    tally = house.gate.memory.tally()
    assert tally.approved == tally.lookups == tally.answers == tally.accounting_rows == 5


def test_a_refusal_of_what_was_found_is_refused_whole(house: Any) -> None:
    submission, size = house.proposed(*house.many(*ASKED)), house.gate.memory.size()
    for verdict in ("refuse", "return"):
        with pytest.raises(NotPermittedError, match="line 2: only what found no answer"):
            pipeline.authorise(house.gate, submission, authorisation(house, submission, l2=verdict))
    assert house.gate.memory.size() == size
    assert len(house.gate.memory.ordinals(submission, LineState.PROPOSED)) == 4


@pytest.mark.parametrize("when", ["docketed", "proposed"])
def test_counsels_determination_silences_a_line_whatever_is_authorised(house: Any, when: str) -> None:
    submission, size = house.receive(house.many(*ASKED)), house.gate.memory.size()
    if when == "proposed":
        house.approve(submission)
    document = determined(house, submission, 2, 1)
    assert impairment.determine(house.gate, submission, document) == (1, 2)
    assert impairment.determine(house.gate, submission, document) == (1, 2)
    assert impairment.impaired(house.gate, submission) == {1, 2}
    if when == "docketed":
        assert house.gate.memory.size() == size, "the log has nothing of it"
        house.approve(submission)
    house.two_look(submission)
    house.clock.later(minutes=1)
    house.authorise(submission)
    inside = said(house, submission)
    assert inside[:2] == [("N", "602"), ("N", "602")]
    payloads = [house.read(p) for p in house.packages(submission)]
    assert len({(p["kind"], p["sentence"]) for p in payloads}) == 1
    assert {s.disposition.value for s in house.statuses(submission)} == {"A"}


def test_only_counsel_determines_and_only_before_an_answer_is_logged(house: Any) -> None:
    submission = house.proposed(*house.many(*ASKED))
    for by in (
        people.DISCLOSURE_OFFICER,
        people.RELEASING_OFFICER,
        people.COURT,
        people.FRAUD_HEAD,
        people.OFFICERS[0],
    ):
        with pytest.raises(NotPermittedError):
            impairment.determine(house.gate, submission, determined(house, submission, 1, by=by))
    for ordinals in ((9,), (1, 9)):
        with pytest.raises(NotPermittedError, match="a line is not there"):
            impairment.determine(house.gate, submission, determined(house, submission, *ordinals))
    house.authorise(submission)
    with pytest.raises(NotPermittedError, match="answer is logged"):
        impairment.determine(house.gate, submission, determined(house, submission, 1))
    assert impairment.impaired(house.gate, submission) == frozenset()
    assert (
        house.gate.memory.kinds([a.answer for a in house.gate.memory.logged(submission)[:1]]).popitem()[1]
        is AnswerKind.CONFIRMED
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"authority": " "},
        {"why": "x"},
        {"lines": [{"ordinal": 1, "ground": "informant"}]},
        {"lines": [], "count": 0},
        {"submission": 7},
    ],
)
def test_a_determination_of_another_form_is_refused(house: Any, changes: dict[str, Any]) -> None:
    submission = house.receive([house.one()])
    with pytest.raises((MalformedRequestError, NotPermittedError)):
        impairment.determine(house.gate, submission, determined(house, submission, 1, **changes))
    assert impairment.impaired(house.gate, submission) == frozenset()


def test_a_determination_reaches_no_other_submission_and_dies_with_its_own(house: Any) -> None:
    one, other = house.receive([house.one()]), house.receive([house.one("another", 7)])
    impairment.determine(house.gate, one, determined(house, one, 1))
    assert impairment.impaired(house.gate, other) == frozenset()
    with pytest.raises(NotPermittedError, match="another submission"):
        impairment.determine(house.gate, other, determined(house, one, 1))
