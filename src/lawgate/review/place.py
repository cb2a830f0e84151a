"""Where a line stands after steps 1 to 3: one letter by precedence, all reasons kept (design section 6)."""

from __future__ import annotations

from lawgate.domain.finding import Outcome
from lawgate.domain.steps import Admitted, Checked, Disposition, Line, LineState, LineStatus, SubmissionId

DUPLICATE_CODE = "120"
STOP_CODE = "701"
WAITING_CODE = "901"


def place_line(
    submission: SubmissionId,
    line: Line,
    *,
    checked: Checked | None,
    admitted: Admitted | None,
    duplicate: bool,
    stopped: bool,
) -> LineStatus:
    """Give a line its letter, the first that applies of E D S X I H, and every code that applies.

    A held line is not final, nor is a stopped one that lacks nothing: it waits for a named officer, or for the lifting.
    """
    findings = checked.findings if checked else ()
    unmet = [f for f in findings if f.outcome is Outcome.UNMET]
    unknown = [f for f in findings if f.outcome is Outcome.UNKNOWN]
    holds = admitted.holds if admitted else ()
    hints = admitted.hints if admitted else ()
    reasons: list[tuple[Disposition, LineState, tuple[str, ...]]] = []
    if line.faults or checked is None:
        reasons.append((Disposition.FORMAT_ERROR, LineState.FINAL, tuple(f.code for f in line.faults)))
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
        ordinal=line.ordinal,
        request_key=line.request_key,
        state=state,
        disposition=disposition,
        codes=tuple(codes),
        findings=findings,
        holds=holds,
        hints=hints,
    )
