"""What was shown to whom: nobody answers for a line that was not on their screen as it is now."""

from __future__ import annotations

from collections.abc import Iterable

from lawgate.accounts.models import Account
from lawgate.evidence.canonical import canonical
from lawgate.gate import Gate
from lawgate.review.docket import Entry, as_json
from lawgate.signing.models import Shown


def mark_of(gate: Gate, entry: Entry) -> str:
    """Return a keyed fingerprint of everything a page shows of a line; it says nothing to who has only the service's database."""
    return gate.fingerprint("shown", canonical(as_json(entry)).decode())


def keep_shown(gate: Gate, account: Account, submission: str, entries: Iterable[Entry]) -> None:
    """Keep that these lines are on the account's screen now.

    A crash just here, after the page was made and before it was sent, keeps what the person did not see; the page that a decision is sent
    from is another one, which they must have loaded.
    """
    now = gate.now()
    rows = [
        Shown(account=account, submission=submission, ordinal=e.ordinal, mark=mark_of(gate, e), at=now)
        for e in entries
    ]
    Shown.objects.bulk_create(rows, ignore_conflicts=True)


def shown_of(gate: Gate, account: Account, submission: str, entries: Iterable[Entry]) -> frozenset[int]:
    """Return which of these lines the account was shown exactly as they are now."""
    now = {e.ordinal: e for e in entries}
    kept = Shown.objects.filter(account=account, submission=submission, ordinal__in=list(now))
    return frozenset(row.ordinal for row in kept if mark_of(gate, now[row.ordinal]) == row.mark)
