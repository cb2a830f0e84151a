"""Answers that were called back, as the log has it, and whose agency owes a certificate: nothing more leaves to it until it has come."""

from __future__ import annotations

from dataclasses import dataclass

from lawgate.domain.standing import Standing
from lawgate.gate import Gate
from lawgate.ledger.leaves import check_leaf


@dataclass(frozen=True, slots=True)
class Recall:
    """An answer called back; ``destroyed`` is the minute in which its recipient's certificate was logged, or nothing."""

    answer: str
    due: str
    destroyed: str


def recalls(gate: Gate) -> tuple[Recall, ...]:
    """Replay the log's recalls, oldest first."""
    found: dict[str, Recall] = {}
    for leaf in map(check_leaf, gate.memory.leaves_of("recall")):
        answer, due = str(leaf["answer"]), str(leaf["due"])
        found[answer] = Recall(answer, due, str(leaf["time"]) if leaf["act"] == "destroyed" else "")
    return tuple(found.values())


def overdue(gate: Gate) -> tuple[Recall, ...]:
    """Return the recalls whose day has passed without a certificate."""
    today = f"{gate.now():%Y-%m-%d}"
    return tuple(each for each in recalls(gate) if not each.destroyed and each.due < today)


def owing(gate: Gate, standing: Standing) -> frozenset[str]:
    """Return the agencies whose officers received an answer that was called back, and have not certified its destruction by its day."""
    late = [each.answer for each in overdue(gate)]
    keys = (standing.key(left.recipient_keyid) for left in gate.memory.handed_over(late).values())
    return frozenset(key.agency for key in keys if key is not None)
