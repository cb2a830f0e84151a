"""Which person each request of the rehearsal is really about; kept apart from the requests and used only to measure answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from lawgate.domain.steps import AnswerKind
from lawgate.rehearsal.town import Dwelling


@dataclass(frozen=True, slots=True)
class Truth:
    """What a right answer to one request is. ``record_id`` is empty where no answer may name a record.

    ``phenomenon`` is the kind of difficulty; ``released`` the dwelling that a release must give, None unless kind is RELEASED.
    """

    request_key: str
    phenomenon: str
    kind: AnswerKind
    record_id: str
    released: Dwelling | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """Counts of answers against the truth, overall and by phenomenon (right, wrong)."""

    right: int
    wrong: int
    wrong_person: int
    by_phenomenon: Mapping[str, tuple[int, int]] = field(default_factory=dict)


def measure(truths: Sequence[Truth], answers: Mapping[str, tuple[AnswerKind, str]]) -> Measured:
    """Compare answers, by request key: kind and record id (empty for no answer), with the truth.

    ``wrong_person`` counts released or confirmed answers about somebody else; a request without an answer counts as wrong.
    """
    by: dict[str, tuple[int, int]] = {}
    wrong_person = 0
    for truth in truths:
        kind, record = answers.get(truth.request_key, (None, ""))
        good = kind is truth.kind and record == truth.record_id
        wrong_person += int(kind in (AnswerKind.RELEASED, AnswerKind.CONFIRMED) and record != truth.record_id)
        hits, misses = by.get(truth.phenomenon, (0, 0))
        by[truth.phenomenon] = (hits + int(good), misses + int(not good))
    right = sum(hits for hits, _ in by.values())
    return Measured(right, len(truths) - right, wrong_person, by)
