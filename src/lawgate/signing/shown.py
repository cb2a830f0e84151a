"""What was shown to whom: nobody answers for a line that was not on their screen as it is now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from lawgate.accounts.models import Account
from lawgate.domain.steps import Json, Proposed
from lawgate.evidence.canonical import canonical
from lawgate.gate import Gate
from lawgate.review.docket import Entry, as_json
from lawgate.signing.models import Shown


def mark_of(gate: Gate, entry: Entry) -> str:
    """Return a keyed fingerprint of everything a page shows of a line; it says nothing to who has only the service's database."""
    return gate.fingerprint("shown", canonical(as_json(entry)).decode())


def mark_of_none(gate: Gate, proposed: Proposed) -> str:
    """Return the like of everything a page shows of a request that found no answer."""
    approved, differs = proposed.matched.approved, proposed.matched.verdict.differs
    said: dict[str, Json] = {"found": "none", "data": dict(approved.line.data), "compared": {**differs}}
    return gate.fingerprint("shown", canonical(said).decode())


def keep_shown(gate: Gate, account: Account, submission: str, entries: Iterable[Entry]) -> None:
    """Keep that these lines are on the account's screen now.

    A crash just here, after the page was made and before it was sent, keeps what the person did not see; the page that a decision is sent
    from is another one, which they must have loaded.
    """
    keep_marks(gate, account, submission, {e.ordinal: mark_of(gate, e) for e in entries})


def keep_marks(gate: Gate, account: Account, submission: str, marks: Mapping[int, str]) -> None:
    """Keep that lines with these marks are on the account's screen now; as ``keep_shown`` says."""
    now = gate.now()
    rows = [
        Shown(account=account, submission=submission, ordinal=ordinal, mark=mark, at=now)
        for ordinal, mark in marks.items()
    ]
    Shown.objects.bulk_create(rows, ignore_conflicts=True)


def shown_of(gate: Gate, account: Account, submission: str, entries: Iterable[Entry]) -> frozenset[int]:
    """Return which of these lines the account was shown exactly as they are now."""
    now = {e.ordinal: e for e in entries}
    kept = _kept(account, submission, now)
    return frozenset(row.ordinal for row in kept if mark_of(gate, now[row.ordinal]) == row.mark)


def shown_marks(account: Account, submission: str, marks: Mapping[int, str]) -> frozenset[int]:
    """Return which of the lines the account was shown with these marks."""
    return frozenset(
        row.ordinal for row in _kept(account, submission, marks) if marks[row.ordinal] == row.mark
    )


def _kept(account: Account, submission: str, ordinals: Iterable[int]) -> Iterable[Shown]:
    return Shown.objects.filter(account=account, submission=submission, ordinal__in=list(ordinals))
