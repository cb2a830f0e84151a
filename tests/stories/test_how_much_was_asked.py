"""Failures of 2025 in how much was asked, by whom and again (F-6 to F-9): guard holds, and nothing goes on until a person says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from lawgate import pipeline, register
from lawgate.domain.errors import NotPermittedError
from lawgate.domain.standing import Agreement
from lawgate.rehearsal import people, scripts

ONE = people.OFFICERS[:1]
BOILERPLATE = (
    "{given} {surname} did not depart after the final order of removal; more than ninety days have passed, wilful failure to depart is "
    "suspected, field officers could not find the fugitive, and the office asks for whatever whereabouts tax files contain."
)


def test_f06_one_official_for_every_matter_who_signed_none(story: Any) -> None:
    """One Assistant Director was named as personally and directly engaged in more than a million matters [S40] [S42].

    As it was then: he is named in every line, asks himself, and no officer signed a line.
    """
    rows = story.rows(story.take(12), officers=(people.ASSISTANT_DIRECTOR,))
    sent = story.send(rows, official=people.ASSISTANT_DIRECTOR, office="assistant-director", officers=())
    assert story.letters(sent) == {"X": 12}
    assert story.codes(sent) >= {"228", "229"}
    story.end_with_nothing(sent)


def test_f06_one_officer_who_signs_them_all_is_held(story: Any) -> None:
    """The same with an enrolled officer whose tool signs every line: more matters than one person can be engaged in [S40] [S42]."""
    story.limit(officer_lines_per_submission=10)
    sent = story.send(story.rows(story.take(11), officers=ONE), officers=ONE)
    assert story.letters(sent) == {"waits": 11}
    assert {s.state.value for s in story.statuses(sent)} == {"held"}
    assert all("402" in s.codes for s in story.statuses(sent))
    assert "11 matters of one officer" in story.statuses(sent)[0].holds[0].sentence
    story.decide(sent)
    assert story.letters(sent) == {"I": 11}
    story.end_with_nothing(sent)


def test_f06_many_small_files_for_one_officer_are_held_like_a_large_one(story: Any) -> None:
    """Ten files of three matters each, where ten matters in a month are the limit: the first nine lines go to an officer [S40]."""
    story.limit(officer_lines_per_window=10)
    whom = story.take(30)
    states = []
    for n in range(10):
        sent = story.send(story.rows(whom[3 * n : 3 * n + 3], officers=ONE, first=3 * n), officers=ONE)
        states.append({s.state.value for s in story.statuses(sent)})
        story.clock.later(days=1)
    assert states == [{"docketed"}] * 3 + [{"held"}] * 7
    story.clock.later(days=60)
    later = story.send(story.rows(story.take(1), officers=ONE, first=40), officers=ONE)
    assert {s.state.value for s in story.statuses(later)} == {"docketed"}


def test_f07_one_reason_for_everybody_is_held_whatever_name_stands_in_it(story: Any) -> None:
    """The information was sought for no specific investigation [S50] [S38]; that one text served for all is inferred.

    Every line has a case number of its own, and its own name in the reason.
    """
    whom = story.take(20)
    rows = [
        row | {"reasons": BOILERPLATE.format(given=person.given, surname=person.surname)}
        for row, (_, person) in zip(story.rows(whom), whom, strict=True)
    ]
    sent = story.send(rows)
    assert all("403" in s.codes for s in story.statuses(sent))
    said = next(h.sentence for h in story.statuses(sent)[0].holds if h.code == "403")
    assert "20 of 20 lines" in said
    assert whom[0][1].surname not in said
    story.decide(sent)
    story.end_with_nothing(sent)


def test_f07_a_fifth_of_the_lines_is_enough(story: Any) -> None:
    """Four templated lines among twelve honest ones are held; the honest ones are not [S50]."""
    story.limit(same_reasons_minimum=3)
    whom = story.take(16)
    rows = story.rows(whom)
    for n in range(0, 16, 4):
        person = whom[n][1]
        rows[n]["reasons"] = BOILERPLATE.format(given=person.given, surname=person.surname)
    sent = story.send(rows)
    held = [s.ordinal for s in story.statuses(sent) if s.state.value == "held"]
    assert held == [1, 5, 9, 13]


@pytest.mark.parametrize(
    "missing",
    [
        {"proceeding.case_number": ""},
        {"proceeding.opened": ""},
        {"proceeding.status": "closed"},
        {"proceeding.case_number": "N/A"},
    ],
    ids=["no-case", "not-opened", "closed", "placeholder"],
)
def test_f07_no_investigation_behind_the_line(story: Any, missing: dict[str, str]) -> None:
    """No specific criminal investigation stood behind the rows [S50]: each needs a case, opened, and open."""
    sent = story.send(story.rows(story.take(3), **missing))
    assert story.letters(sent) == {"X": 3}
    assert "230" in story.codes(sent)
    story.end_with_nothing(sent)


def test_f07_one_case_for_everybody_and_cases_opened_on_one_day_are_held(story: Any) -> None:
    """The same, with one case number for all, and with cases opened by the dozen on one day [S50] [S38]."""
    story.limit(case_lines_per_window=5, cases_of_one_day_per_window=5)
    one_case = story.send(story.rows(story.take(6), **{"proceeding.case_number": "OPERATION-2026"}))
    assert all("410" in s.codes for s in story.statuses(one_case))
    one_day = story.send(story.rows(story.take(6), first=10, **{"proceeding.opened": "2026-05-29"}))
    assert all("410" in s.codes for s in story.statuses(one_day))
    story.end_with_nothing(one_day)


@pytest.mark.parametrize("asked", [76, 73], ids=["7.6-million", "7.3-million"])
def test_f08_a_whole_population_is_held_whole(story: Any, asked: int) -> None:
    """7.6 million people were asked for on 5 June and 7.3 million on 24 June 2025 [S39] [S35]; here one line for a hundred thousand,
    under an agreement on ten."""
    small = Agreement("small", people.FRAUD_SERVICE, people.PACK, 10, date(2025, 1, 1))
    register.add_standing(story.gate, small)
    whom = story.take(asked, lambda home, person: bool(person.record_id))
    sent = story.send(story.rows(whom), agreement="small")
    assert story.letters(sent) == {"waits": asked}
    assert all("401" in s.codes for s in story.statuses(sent))
    assert f"{asked} lines in this submission; the agreement allows 10" in (
        story.statuses(sent)[0].holds[0].sentence
    )
    story.end_with_nothing(sent)


def test_f08_a_population_in_small_files_is_held_from_the_limit_on(story: Any) -> None:
    """1.28 million lines in files of a hundred are 12,800 small submissions; here 16 files of two, where twenty lines are the limit [S39]."""
    story.limit(agency_lines_per_window=20)
    whom = story.take(32)
    held = []
    for n in range(16):
        sent = story.send(story.rows(whom[2 * n : 2 * n + 2], first=2 * n))
        held.append({"405"} <= story.codes(sent))
        story.clock.later(hours=1)
    assert held == [False] * 10 + [True] * 6


def test_f08_many_bad_addresses_hold_the_good_lines_of_the_file_too(story: Any) -> None:
    """Under five per cent of what was released had bad addresses [S53]; of what was submitted, many more: nothing checked its source."""
    rows = story.rows(story.take(10))
    for row in rows[:2]:
        row |= {"address.number": "", "address.street": "Failed to Provide"}
    sent = story.send(rows)
    assert story.letters(sent) == {"X": 2, "waits": 8}
    assert all("406" in s.codes for s in story.statuses(sent)[2:])
    story.end_with_nothing(sent)


def test_f09_a_refused_matter_that_comes_back_is_linked_to_its_refusal_and_held(story: Any) -> None:
    """Chief counsel refused the second request; she was removed, and the third, three days later, was approved [S38] [S39]."""
    (whom,) = story.take(1)
    refused = story.send(story.rows([whom]))
    assert story.decide(refused, refuse={1}) == {"approved": 0, "closed": 1}
    assert story.letters(refused) == {"X": 1}
    story.clock.later(days=3)

    again = story.send(story.rows([whom], first=1))
    (status,) = story.statuses(again)
    assert status.state.value == "held"
    assert [h.code for h in status.holds] == ["409"]
    assert f"line 1 of {refused.submission}" in status.holds[0].sentence
    with pytest.raises(NotPermittedError, match="the hold is not released"):
        _approve_without_release(story, again)
    story.decide(again)
    assert story.letters(again) == {"I": 1}
    story.end_with_nothing(again)


def test_f09_the_very_same_line_again_is_a_duplicate_and_the_refusal_stands(story: Any) -> None:
    """A refusal is final and in the log: the line is on no docket any more, and sending it again opens nothing [S38]."""
    rows = story.rows(story.take(1))
    refused = story.send(rows)
    story.decide(refused, refuse={1})
    assert story.gate.memory.docket(refused.submission) == ()
    assert '"counts":{"X":1}' in story.log_text()
    again = story.send([rows[0] | {"request_key": "ANOTHER-KEY"}])
    assert story.letters(again) == {"D": 1}
    assert "120" in story.codes(again)
    story.end_with_nothing(again)


def test_f09_a_refusal_is_not_escaped_by_another_officer_or_a_nickname(story: Any) -> None:
    """Another name for the same person, another officer, another case: step 5 would take it for the same person, and so does guard."""
    ((home, person),) = story.take(1, lambda h, p: h.kind == "nickname" and story.pools.settled(h, p))
    refused = story.send(story.rows([(home, person)]))
    story.decide(refused, refuse={1})
    other = story.rows(
        [(home, replace(person, given=person.given[0]))], officers=people.OFFICERS[2:], first=7
    )
    again = story.send(other)
    assert "409" in story.codes(again)


def test_f09_a_field_that_is_left_out_or_changed_the_second_time_is_held(story: Any) -> None:
    """A line whose birth date did not fit gets no answer; the same matter without it, or with another, is linked and held."""
    (whom,) = story.take(1)
    wrong = {"birth_date": whom[1].born.replace(year=whom[1].born.year - 9).isoformat()}
    first = story.send(story.rows([whom], **wrong))
    story.play(first)
    assert story.kinds(first) == "N"
    for number, change in enumerate(({}, {"birth_date": whom[1].born.isoformat()}), 1):
        again = story.send(story.rows([whom], first=number, **change))
        (status,) = story.statuses(again)
        assert [h.code for h in status.holds] == ["407"]
        assert f"line 1 of {first.submission}" in status.holds[0].sentence
    assert story.gate.memory.tally().lookups == 1


def _approve_without_release(story: Any, sent: Any) -> None:
    docket = story.gate.memory.docket(sent.submission)
    body = scripts.decision_body(sent.submission, docket, story.clock.now, release={1})
    for line in body["lines"]:
        line["release_hold"] = False
    pipeline.decide(story.gate, sent.submission, story.signed("decision", body, people.DISCLOSURE_OFFICER))
