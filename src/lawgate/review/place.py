"""Where a line stands after steps 1 to 3: one letter by precedence, all reasons kept (design section 6)."""

from __future__ import annotations

from collections.abc import Sequence

from lawgate.domain.finding import Finding, Outcome
from lawgate.domain.steps import Disposition, Hold, LineState, LineStatus, SubmissionId

DUPLICATE_CODE = "120"
STOP_CODE = "701"
WAITING_CODE = "901"


def place_line(
    submission: SubmissionId,
    ordinal: int,
    request_key: str,
    *,
    faults: Sequence[str],
    findings: tuple[Finding, ...] | None,
    holds: tuple[Hold, ...],
    hints: tuple[str, ...],
    duplicate: bool,
    stopped: bool,
) -> LineStatus:
    """Give a line its letter, the first that applies of E D S X I H, and every code that applies.

    ``faults`` are the codes of its format faults; ``findings`` are None for a line that was not checked. A held line is not final, nor is a
    stopped one that lacks nothing: it waits for a named officer, or for the lifting.
    """
    unmet = [f for f in findings or () if f.outcome is Outcome.UNMET]
    unknown = [f for f in findings or () if f.outcome is Outcome.UNKNOWN]
    reasons: list[tuple[Disposition, LineState, tuple[str, ...]]] = []
    if faults or findings is None:
        reasons.append((Disposition.FORMAT_ERROR, LineState.FINAL, tuple(faults)))
    if duplicate:
        reasons.append((Disposition.DUPLICATE, LineState.FINAL, (DUPLICATE_CODE,)))
    if stopped:
        # What lacks an element cannot be approved after the lifting either, so it does not wait for it.
        waits = LineState.FINAL if unmet or unknown else LineState.HELD
        reasons.append((Disposition.STOPPED, waits, (STOP_CODE,)))
    if unmet:
        reasons.append((Disposition.REFUSED, LineState.FINAL, tuple(f.code for f in unmet)))
    if unknown:
        reasons.append((Disposition.RETURNED, LineState.FINAL, tuple(f.code for f in unknown)))
    if holds:
        reasons.append((Disposition.HELD, LineState.HELD, tuple(h.code for h in holds)))
    reasons.append((Disposition.HELD, LineState.DOCKETED, (WAITING_CODE,)))
    disposition, state, _ = reasons[0]
    codes = dict.fromkeys(code for _, _, codes in reasons[: len(reasons) - 1] or reasons for code in codes)
    return LineStatus(
        submission=submission,
        ordinal=ordinal,
        request_key=request_key,
        state=state,
        disposition=disposition,
        codes=tuple(codes),
        findings=findings or (),
        holds=holds,
        hints=hints,
    )
