"""I-10, everything accounts: one line out for each line in, in order; and what is told outside never tells what is inside."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest

from lawgate import pipeline, register
from lawgate.disclosure.determination import Form
from lawgate.disclosure.determination_text import Text
from lawgate.domain.stop import StopScope
from lawgate.oversight.survey import annual_of_home, reconcile_home
from lawgate.rehearsal import people


def determination(house: Any, submission: Any) -> tuple[list[dict[str, Any]], list[dict[str, str]]]:
    """The determination as JSONL, header and trailer included, and as the CSV of a request that came so."""
    records = list(pipeline.determination(house.gate, submission).records)
    text = Text(Form(".csv", "delimited"))
    raw = text.header() + b"".join(text.record(row) for _, row in records if row is not None)
    table = list(csv.DictReader(io.StringIO(raw.decode(), newline="")))
    return [json.loads(line) for line, _ in records], table


def of_every_kind(house: Any) -> list[Any]:
    """Lines that end as A, E, X, I, D and, held or waiting, H."""
    refused = house.one("another", 3) | {"reasons": "because"}
    returned = {k: v for k, v in house.one("barred", 4).items() if k != "proceeding"}
    again = house.one("confirmed", 1) | {"request_key": "key-1-again"}
    return [
        house.one("confirmed", 1),
        "no line at all",
        refused,
        returned,
        again,
        house.one("nobody", 6),
        house.one("twice", 7),
    ]


def test_each_line_in_is_one_line_out_in_order_under_its_own_key(house: Any) -> None:
    lines = of_every_kind(house)
    submission = house.receive(lines)
    for _ in range(2):
        jsonl, table = determination(house, submission)
        keys = ["" if isinstance(line, str) else line["request_key"] for line in lines]
        assert [row["record"] for row in jsonl] == ["header", *["line"] * len(lines), "trailer"]
        for found in (jsonl[1:-1], table):
            assert [row["request_key"] for row in found] == keys
            assert [int(row["ordinal"]) for row in found] == list(range(1, len(lines) + 1))
            assert len({row["confirmation"] for row in found}) == len(lines)
        assert [r["disposition"] for r in jsonl[1:-1]] == [r["disposition"] for r in table]
        assert sum(jsonl[-1]["counts"].values()) == jsonl[-1]["lines"] == len(lines)
        if not house.gate.memory.docket(submission):
            break
        house.approve(submission)
        house.two_look(submission)
        house.authorise(submission)
    assert [r["disposition"] for r in jsonl[1:-1]] == ["A", "E", "X", "I", "D", "A", "A"]


def test_both_forms_say_the_same_codes_and_each_has_sentence_citation_and_remedy(house: Any) -> None:
    submission = house.receive(of_every_kind(house))
    jsonl, table = determination(house, submission)
    for one, other in zip(jsonl[1:-1], table, strict=True):
        assert ";".join(r["code"] for r in one["reasons"]) == other["codes"]
        assert all(r["citation"] and r["sentence"] and r["remedy"] for r in one["reasons"])
        assert bool(one["reasons"]) is (one["disposition"] != "A")


def test_counts_agree_exactly_after_every_single_step(house: Any) -> None:
    def agree() -> None:
        result = reconcile_home(house.gate)
        assert result.exact, result.broken()

    agree()
    submission = house.receive(of_every_kind(house))
    agree()
    rejected = pipeline.receive(house.gate, {"cover.json": b"{}"})
    assert rejected.rejected_code == "101"
    agree()
    house.approve(submission, refuse=(6,))
    agree()
    house.look(submission, people.DISCLOSURE_OFFICER)
    house.look(submission, people.COUNSEL)
    agree()
    house.order(StopScope.AGENCY, people.FRAUD_SERVICE)
    house.authorise(submission)
    agree()
    house.lift()
    house.clock.later(minutes=1)
    house.authorise(submission)
    agree()
    for outcome in pipeline.hand_over(house.gate, submission):
        assert not isinstance(outcome, str)
        agree()
        pipeline.acknowledge(house.gate, house.ack(outcome))
        agree()
    tally = house.gate.memory.tally()
    assert (tally.lines, tally.answers, tally.handed_over, tally.acknowledged) == (7, 2, 2, 2)
    assert tally.by_disposition == {"A": 2, "E": 1, "X": 2, "I": 1, "D": 1}


def test_the_log_says_of_every_submission_how_each_line_ended_once(house: Any) -> None:
    submission = house.receive(of_every_kind(house))
    house.approve(submission)
    house.two_look(submission)
    house.authorise(submission)
    entries = [json.loads(raw) for raw in house.gate.memory.entries(0, house.gate.memory.size())]
    (sent,) = [e for e in entries if e["type"] == "submission"]
    determined = [e for e in entries if e["type"] == "determinations"]
    assert sent["lines"] == sum(sent["counts"].values()) == 7
    assert sent["counts"]["W"] == 3
    assert [e["batch"] for e in determined] == list(range(1, len(determined) + 1))
    assert sum(e["lines"] for e in determined) == 7


# -- one opaque letter ----------------------------------------------------------------------------------------------------


def test_released_confirmed_and_nothing_look_the_same_outside_at_every_moment(house: Any) -> None:
    who = ("confirmed", "released", "nobody", "twice", "barred")
    submission = house.receive([house.one(w, n) for n, w in enumerate(who, 1)])
    moments = []

    def look() -> None:
        jsonl, table = determination(house, submission)
        own = ("ordinal", "request_key", "confirmation", "name")
        for found in (jsonl[1:-1], table):
            shown = {json.dumps({k: v for k, v in row.items() if k not in own}) for row in found}
            assert len(shown) == 1
            moments.append(shown.pop())

    look()
    house.approve(submission)
    look()
    house.two_look(submission)
    look()
    house.authorise(submission)
    look()
    packages = house.packages(submission)
    look()
    assert [house.read(p)["kind"] for p in packages] == ["C", "R", "N", "N", "N"]
    assert (
        len(
            {
                # Behind an age file's header, whose length is drawn at random (docs/adr/0015).
                tuple(
                    (n, len(p.files[n].split(b"\n---", 1)[-1]))
                    for n in ("payload.age", "openings.age", "terms.txt")
                )
                for p in packages
            }
        )
        == 1
    )
    assert len(set(moments)) == 6


def test_no_code_of_the_record_side_is_ever_shown(house: Any) -> None:
    submission = house.receive(house.many())
    house.approve(submission)
    inside = {p.reason for p in house.gate.memory.proposals(submission)}
    assert {code[0] for code in inside} == {"3"}
    house.two_look(submission)
    house.authorise(submission, withhold=(1,))
    jsonl, table = determination(house, submission)
    for found in (jsonl[1:-1], table):
        # A confirmation number is a digest in letters and digits: any three digits may stand in it by chance.
        assert all("confirmation" in row for row in found)
        text = json.dumps([{k: v for k, v in row.items() if k != "confirmation"} for row in found])
        shown = [r for row in found for r in (row.get("codes") or row.get("reasons") or [])]
        assert shown == []
        assert not any(code in text for code in ("301", "320", "330", "340", "602"))
    assert {s.codes for s in house.statuses(submission)} == {()}


def test_everybody_about_whom_nothing_can_be_said_reads_the_same_words(house: Any) -> None:
    submission = house.proposed(*house.many("nobody", "twice", "barred", "confirmed"))
    house.order(StopScope.PERSON, person=house.one("confirmed"))
    house.authorise(submission)
    read = [house.read(p) for p in house.packages(submission)]
    own = ("answer", "request_key")
    assert len({json.dumps({k: v for k, v in r.items() if k not in own}, sort_keys=True) for r in read}) == 1
    assert read[0]["kind"] == "N"


def test_an_answer_says_no_more_than_was_asked_and_approved(house: Any) -> None:
    line = house.one("released") | {"taxable_periods": ["2022", "2023"]}
    submission = house.logged(line)
    (package,) = house.packages(submission)
    said = house.read(package)
    assert said["kind"] == "R"
    assert (said["items"], said["periods"]) == (["address"], [2022, 2023])
    assert said["fields"]["address"]["street"] == "Saffron Ct"
    assert said["fields"]["address"]["tax_year"] == 2023
    assert set(said["fields"]["address"]) <= {
        "number", "street", "unit", "box", "city", "state", "zip", "country", "tax_year", "source",
    }  # fmt: skip


def test_an_address_from_outside_the_requested_periods_is_not_told(house: Any) -> None:
    submission = house.logged(house.one("released") | {"taxable_periods": ["2022"]})
    (package,) = house.packages(submission)
    assert "Saffron" not in json.dumps(house.read(package))


def test_an_address_the_requester_already_has_is_confirmed_and_not_repeated(house: Any) -> None:
    submission = house.logged(house.one("confirmed"))
    (package,) = house.packages(submission)
    said = house.read(package)
    assert (said["kind"], said["fields"]) == ("C", {})


# -- for the statute's accounting -----------------------------------------------------------------------------------------


def test_every_answer_has_its_accounting_row_whatever_it_says(house: Any) -> None:
    submission = house.logged()
    by_ordinal = {row.ordinal: row for row in house.gate.memory.accounting()}
    assert list(by_ordinal) == [1, 2, 3, 4, 5, 6]
    for logged in house.gate.memory.logged(submission):
        row, told = logged.accounting, logged.authorised.proposed
        assert (row.agency, row.official, row.office) == (
            people.FRAUD_SERVICE,
            people.FRAUD_HEAD,
            "agency-head",
        )
        assert (row.approver, row.authoriser) == (people.DISCLOSURE_OFFICER, people.RELEASING_OFFICER)
        assert row.fields_released == tuple(sorted(told.fields))
        assert row.recipient_location.startswith("Secure room")
        assert by_ordinal[row.ordinal] == row


def test_the_annual_report_counts_requests_disclosures_and_silences(house: Any) -> None:
    house.logged()
    report = annual_of_home(house.gate, 2026)
    assert (report.requests, report.disclosures, report.telling_nothing, report.taxpayers) == (6, 3, 3, 3)
    assert annual_of_home(house.gate, 2025).requests == 0


def test_a_stop_on_a_person_counts_as_a_silence(house: Any) -> None:
    submission = house.proposed(house.one("confirmed"))
    house.order(StopScope.PERSON, person=house.one("confirmed"))
    house.authorise(submission)
    assert annual_of_home(house.gate, 2026).disclosures == 0


@pytest.mark.parametrize("gone", ["officer", "agreement"])
def test_lines_kept_back_stay_accounted_for(house: Any, gone: str) -> None:
    submission = house.logged()
    if gone == "officer":
        for key in house.gate.memory.standing().keys:
            if key.person in people.OFFICERS:
                register.revoke_key(house.gate, key.keyid)
    else:
        register.suspend_standing(house.gate, "agreement", people.FRAUD_SERVICE, "", house.clock().date())
    house.hand_over(submission)
    tally = house.gate.memory.tally()
    assert (tally.answers, tally.handed_over) == (6, 0)
    assert reconcile_home(house.gate).exact
