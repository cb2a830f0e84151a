"""The annual counts: requests, instances of disclosure, taxpayers, per agency."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from lawgate.domain.kept import Accounting
from lawgate.domain.steps import AnswerKind, SubmissionId
from lawgate.oversight.annual import annual_report

AT = datetime(2026, 5, 4, 12, tzinfo=UTC)
ROW = Accounting(
    answer="a1",
    submission=SubmissionId("0123456789ABCDEF"),
    ordinal=1,
    agency="first",
    office="agency-head",
    official="scripted",
    pack="usc26-6103-i-2",
    authority="26 U.S.C. 6103(i)(2)",
    requested_at=AT,
    disclosed_at=AT,
    recipient_keyid="k",
    recipient_location="room",
    approver="p",
    authoriser="q",
    items=("address",),
    fields_released=("address",),
    periods=(2024,),
    reasons_sha256="00",
    subject="s1",
    purpose_code="(i)(2)",
)
ROWS = (
    ROW,
    replace(ROW, answer="a2", fields_released=()),
    replace(ROW, answer="a3", subject="", fields_released=()),
    replace(ROW, answer="a4", subject="s9", fields_released=()),
    replace(ROW, answer="a5", agency="second"),
    replace(ROW, answer="a6", disclosed_at=AT.replace(year=2025)),
)
KINDS = {
    "a1": AnswerKind.RELEASED,
    "a2": AnswerKind.CONFIRMED,
    "a3": AnswerKind.NO_ANSWER,
    "a4": AnswerKind.NO_ANSWER,
    "a5": AnswerKind.RELEASED,
    "a6": AnswerKind.RELEASED,
}


def test_released_and_confirmed_are_disclosures_and_silence_is_counted_apart() -> None:
    first = annual_report(
        2026, {"first": 10, "third": 2}, [(row, KINDS.get(row.answer)) for row in ROWS]
    ).agencies[0]
    assert (first.agency, first.requests, first.disclosures, first.telling_nothing) == ("first", 10, 2, 2)
    assert first.purposes == {"(i)(2)": 4}


def test_a_taxpayer_asked_about_twice_is_one_taxpayer() -> None:
    report = annual_report(2026, {"first": 10}, [(row, KINDS.get(row.answer)) for row in ROWS])
    assert [a.taxpayers for a in report.agencies] == [1, 1]
    assert report.taxpayers == 1
    assert report.disclosures == 3


def test_an_agency_whose_requests_were_all_refused_is_reported() -> None:
    third = annual_report(2026, {"third": 2}, ()).agencies[0]
    assert (third.agency, third.requests, third.disclosures, third.taxpayers) == ("third", 2, 0, 0)


def test_an_answer_of_unknown_kind_counts_as_a_disclosure() -> None:
    assert annual_report(2026, {}, [(row, None) for row in ROWS]).disclosures == 5
