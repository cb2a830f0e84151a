"""Says whether every count agrees with every other: nothing asked is lost, nothing looked up is unlogged, nothing leaves twice (I-2, I-10).

All equalities are computed, each on its own; none is skipped because another failed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lawgate.domain.kept import Tally, letter_counts
from lawgate.domain.steps import LineState, LineStatus

WAITING = "W"
ANSWERED = "A"


@dataclass(frozen=True, slots=True)
class Equality:
    """One comparison: ``relation`` is ``=`` or ``≤``, and ``holds`` says whether ``left`` stands in it to ``right``."""

    name: str
    left: int
    relation: str
    right: int
    holds: bool


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """All comparisons, and whether every one holds."""

    equalities: tuple[Equality, ...]
    exact: bool

    def broken(self) -> tuple[Equality, ...]:
        """Return the comparisons that do not hold."""
        return tuple(e for e in self.equalities if not e.holds)


@dataclass(frozen=True, slots=True)
class LedgerCounts:
    """What the log itself says: entries by type, and the sums of their ``lines`` and ``counts`` members.

    ``submitted`` is lines over all ``submission`` entries; ``dispositioned`` is letter counts over
    ``determinations`` entries, in exactly one of which each line becomes final.
    """

    by_type: Mapping[str, int]
    submitted: int
    dispositioned: Mapping[str, int]


def count_ledger(entries: Iterable[Mapping[str, object]]) -> LedgerCounts:
    """Count parsed ledger entries, all of the log in order. Members of another kind count as nothing, so that they show as a difference."""
    by_type: dict[str, int] = {}
    letters: dict[str, int] = {}
    submitted = 0
    for entry in entries:
        kind = str(entry.get("type", ""))
        by_type[kind] = by_type.get(kind, 0) + 1
        lines, counts = entry.get("lines"), entry.get("counts")
        if kind == "submission" and isinstance(lines, int):
            submitted += lines
        if kind == "determinations" and isinstance(counts, Mapping):
            for letter, number in counts.items():
                if isinstance(number, int):
                    letters[letter] = letters.get(letter, 0) + number
    return LedgerCounts(by_type, submitted, letters)


def reconcile(tally: Tally, ledger: LedgerCounts, statuses: Iterable[LineStatus]) -> Reconciliation:
    """Compare the memory's counts, the log's and the lines' own states with each other. ``exact`` only if all hold.

    ``statuses`` are those of every line of every submission, taken one by one. The tally comes from the memory's rows, the ledger counts from
    the log's entries, the states from the lines: none is computed from another.
    """
    states = dict.fromkeys(LineState, 0)
    counted: dict[str, int] = {}
    for status in statuses:
        states[status.state] += 1
        for letter, number in letter_counts((status,)).items():
            counted[letter] = counted.get(letter, 0) + number
    equalities = (
        *_lines(tally, ledger, sum(states.values()), counted),
        *_lookups(tally, states),
        *_answers(tally, ledger, states),
    )
    return Reconciliation(equalities, all(e.holds for e in equalities))


def _equal(name: str, left: int, right: int) -> Equality:
    return Equality(name, left, "=", right, left == right)


def _at_most(name: str, left: int, right: int) -> Equality:
    return Equality(name, left, "≤", right, left <= right)


def _lines(
    tally: Tally, ledger: LedgerCounts, with_status: int, counted: Mapping[str, int]
) -> tuple[Equality, ...]:
    """Every line that came in has a disposition or waits, and the log says the same, letter by letter."""
    return (
        _equal("lines received = lines with a status", tally.lines, with_status),
        _equal(
            "lines received = lines dispositioned + waiting", tally.lines, sum(tally.by_disposition.values())
        ),
        _equal("lines received = lines in submission entries", tally.lines, ledger.submitted),
        _equal(
            "submissions = submission entries in the log",
            tally.submissions,
            ledger.by_type.get("submission", 0),
        ),
        *_letters("by the lines' states", tally.by_disposition, counted, waiting=True),
        *_letters("as counts are kept", tally.by_disposition, tally.kept, waiting=True),
        *_letters("in the log", tally.by_disposition, ledger.dispositioned, waiting=False),
    )


def _letters(
    where: str, left: Mapping[str, int], right: Mapping[str, int], *, waiting: bool
) -> tuple[Equality, ...]:
    """Compare letter by letter; the waiting letter only if asked, because the log counts what is final once."""
    letters = sorted((set(left) | set(right)) - (set() if waiting else {WAITING}))
    return tuple(_equal(f"lines {x} = lines {x} {where}", left.get(x, 0), right.get(x, 0)) for x in letters)


def _lookups(tally: Tally, states: Mapping[LineState, int]) -> tuple[Equality, ...]:
    """A record is touched once for each approved request and for nothing else; each look-up is answered or waits for release."""
    return (
        _equal(
            "approved = look-ups + approved, not looked up yet",
            tally.approved,
            tally.lookups + states[LineState.APPROVED],
        ),
        _equal(
            "look-ups = answers + waiting for release",
            tally.lookups,
            tally.answers + states[LineState.PROPOSED],
        ),
    )


def _answers(tally: Tally, ledger: LedgerCounts, states: Mapping[LineState, int]) -> tuple[Equality, ...]:
    """No row, no leaf; no leaf, no answer; nothing is handed over or acknowledged that was not logged."""
    return (
        _equal("answers = accounting rows", tally.answers, tally.accounting_rows),
        _equal("answers = answer entries in the log", tally.answers, ledger.by_type.get("answer", 0)),
        _equal("answers = lines ending A", tally.answers, tally.by_disposition.get(ANSWERED, 0)),
        _equal(
            "answers = handed over + not handed over yet",
            tally.answers,
            tally.handed_over + states[LineState.LOGGED],
        ),
        _equal("handed over = lines handed over", tally.handed_over, states[LineState.HANDED_OVER]),
        _equal("acknowledged = acknowledged as counts are kept", tally.acknowledged, tally.acknowledged_kept),
        _at_most("acknowledged ≤ handed over", tally.acknowledged, tally.handed_over),
        _equal(
            "acknowledged = acknowledgement entries in the log",
            tally.acknowledged,
            ledger.by_type.get("ack", 0),
        ),
        _equal("entries sequenced = entries in the log", tally.entries, sum(ledger.by_type.values())),
    )
