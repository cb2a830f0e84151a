"""Answers held against the truth."""

from __future__ import annotations

from lawgate.domain.steps import AnswerKind
from lawgate.rehearsal.truth import COMPANION, MEMBER, STRANGER, Truth, measure

R, C, N = AnswerKind.RELEASED, AnswerKind.CONFIRMED, AnswerKind.NO_ANSWER
TRUTHS = [
    Truth("1", "R1", MEMBER), Truth("2", "R2", MEMBER), Truth("3", "R3", MEMBER), Truth("4", "R4", MEMBER),
    Truth("5", "", COMPANION), Truth("6", "", COMPANION), Truth("7", "", STRANGER),
]  # fmt: skip


def test_right_missed_silent_and_wrong_are_told_apart() -> None:
    answers = {"1": (C, "R1"), "2": (N, "R2"), "3": (R, "R9"), "5": (R, "R1"), "6": (N, "")}
    measured = measure(TRUTHS, answers, dict.fromkeys("1234", "a cause"))
    assert (measured.told, measured.missed, measured.rightly_silent, measured.wrong_person) == (1, 2, 2, 2)
    assert measured.missed_by_cause == {"a cause": 2}
    assert measured.by_situation == {MEMBER: (4, 1), COMPANION: (2, 1), STRANGER: (1, 1)}


def test_a_record_named_with_no_answer_was_told_to_nobody() -> None:
    measured = measure(TRUTHS[4:], {"5": (N, "R1")}, {})
    assert (measured.wrong_person, measured.rightly_silent) == (0, 3)
