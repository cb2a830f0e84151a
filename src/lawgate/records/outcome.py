"""Turns what the kernel decided about one request into its verdict, in the words of the rule."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from lawgate.domain.errors import RecordEngineError
from lawgate.domain.steps import Verdict, VerdictKind
from lawgate.records.kernel import AGREES, DIFFERS, NOBODY, SAID
from lawgate.records.row import RecordRow
from lawgate.records.rule import Query, found

_SAYS = {AGREES: "agrees", DIFFERS: "differs"}
_AMBIGUOUS = (330, 332, 333)


def verdict_of(
    query: Query | None, reason: int, record: int, packed: int, rows: Callable[[int], Sequence[RecordRow]]
) -> Verdict:
    """Return the verdict; only for the one record found are its rows opened, and they must bear the name at the address.

    Raises RecordEngineError if they do not.
    """
    fields = ((field, (packed >> 2 * place) & 3) for place, field in enumerate(SAID))
    said = {field: _SAYS[how] for field, how in fields if how}
    if query is None or record == NOBODY:
        kind = VerdictKind.AMBIGUOUS if reason in _AMBIGUOUS else VerdictKind.NONE
        return Verdict(kind, str(reason), differs=said)
    try:
        return found(query, rows(record), said)
    except ValueError:
        raise RecordEngineError("the index and the record it found do not say the same") from None
