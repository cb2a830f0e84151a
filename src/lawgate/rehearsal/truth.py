"""Holds answers against the truth; whom a request is really about is known here and nowhere before an answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from lawgate.domain.steps import AnswerKind

MEMBER, COMPANION, STRANGER = (
    "on record",
    "not on record, lives with somebody who is",
    "not on record, nor is anybody at home",
)
TOLD = (AnswerKind.RELEASED, AnswerKind.CONFIRMED)


@dataclass(frozen=True, slots=True)
class Truth:
    """Whom a request is about. ``record_id`` is empty where no answer may name a record; ``situation`` says who that is."""

    request_key: str
    record_id: str
    situation: str


@dataclass(frozen=True, slots=True)
class Measured:
    """Counts of answers against the truth.

    ``told`` are about the right record, ``rightly_silent`` tell nothing because there is nothing to tell, ``missed`` could have
    been told; ``missed_by_cause`` adds up to them. ``by_situation`` has (requests, right) for each.
    """

    told: int
    rightly_silent: int
    missed: int
    wrong_person: int
    by_situation: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    missed_by_cause: Mapping[str, int] = field(default_factory=dict)


def measure(
    truths: Sequence[Truth], answers: Mapping[str, tuple[AnswerKind, str]], causes: Mapping[str, str]
) -> Measured:
    """Compare answers, by request key: kind and record id, with the truth. A request without an answer told nothing.

    ``causes`` says why nothing was told, by request key.
    """
    by: dict[str, tuple[int, int]] = {}
    ended: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    for truth in truths:
        kind, record = answers.get(truth.request_key, (AnswerKind.NO_ANSWER, ""))
        end = _end(truth, record if kind in TOLD else "")
        ended[end] += 1
        if end == "missed":
            missed[causes[truth.request_key]] += 1
        asked, right = by.get(truth.situation, (0, 0))
        by[truth.situation] = (asked + 1, right + (end in ("told", "silent")))
    return Measured(
        ended["told"], ended["silent"], ended["missed"], ended["wrong person"], by, dict(missed.most_common())
    )


def _end(truth: Truth, record: str) -> str:
    if not record:
        return "missed" if truth.record_id else "silent"
    return "told" if record == truth.record_id else "wrong person"
