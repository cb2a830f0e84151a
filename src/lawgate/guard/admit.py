"""Step 3: is this plausible, alone and together with what came before? Guard holds for a person or gives hints; it never refuses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lawgate.domain.finding import Outcome
from lawgate.domain.kept import Trace
from lawgate.domain.standing import Agreement
from lawgate.domain.steps import Admitted, Checked, Hold
from lawgate.guard.traces import CORROBORATING


@dataclass(frozen=True, slots=True)
class Limits:
    """Numbers above which lines wait for a person; none has a default, because each protects someone.

    Counts are of lines, windows of ``window_days`` days; shares are of a submission's lines, between 0 and 1. The number of
    lines of one submission is the agreement's.
    """

    window_days: int
    officer_lines_per_submission: int
    officer_lines_per_window: int
    official_lines_per_window: int
    agency_lines_per_window: int
    address_repeats_per_window: int
    same_reasons_share: float
    same_reasons_minimum: int
    unusable_address_share: float


@dataclass(frozen=True, slots=True)
class Counts:
    """How many earlier lines left each fingerprint, by kind; this submission not among them."""

    earlier: Mapping[str, Mapping[str, int]]

    def of(self, kind: str, fingerprint: str) -> int:
        """Return the earlier count of one fingerprint; what was not counted is zero."""
        return self.earlier.get(kind, {}).get(fingerprint, 0)


@dataclass(frozen=True, slots=True)
class _Seen:
    """One submission's traces together with what came before them."""

    here: Mapping[tuple[str, str], int]
    by_line: Mapping[tuple[int, str], str]
    lines: int
    with_address: int
    counts: Counts
    limits: Limits

    def of(self, ordinal: int, kind: str) -> tuple[int, int]:
        """Return (in this submission, with the earlier ones) for the fingerprint a line left; zeros if it left none."""
        mark = self.by_line.get((ordinal, kind))
        if mark is None:
            return 0, 0
        inside = self.here.get((kind, mark), 0)
        return inside, inside + self.counts.of(kind, mark)


def admit(
    checked: Sequence[Checked],
    counts: Counts,
    traces: Sequence[Trace],
    limits: Limits,
    agreement: Agreement | None,
) -> tuple[Admitted, ...]:
    """Give every checked line its holds (4xx) and hints; one out per one in, in order.

    ``traces`` are those of the whole submission, refused lines included: they count for plausibility although they
    are not held themselves. Without an agreement nothing says how many lines may come, so the batch is held.
    """
    seen = _seen(traces, counts, limits)
    common = _batch_holds(seen, agreement)
    return tuple(_admit_line(line, seen, common) for line in checked)


def _seen(traces: Sequence[Trace], counts: Counts, limits: Limits) -> _Seen:
    return _Seen(
        here=Counter((t.kind, t.fingerprint) for t in traces),
        by_line={(t.ordinal, t.kind): t.fingerprint for t in traces},
        # Every line leaves `official`, also one that could not be read.
        lines=len({t.ordinal for t in traces if t.kind == "official"}),
        with_address=len({t.ordinal for t in traces if t.kind == "address"}),
        counts=counts,
        limits=limits,
    )


def _admit_line(checked: Checked, seen: _Seen, common: tuple[Hold, ...]) -> Admitted:
    goes_on = all(f.outcome in (Outcome.MET, Outcome.ASK) for f in checked.findings)
    if checked.line.faults or not goes_on:
        return Admitted(checked)
    holds = common + _line_holds(checked.line.ordinal, seen)
    return Admitted(checked, holds, _hints(checked.line.ordinal, seen))


def _batch_holds(seen: _Seen, agreement: Agreement | None) -> tuple[Hold, ...]:
    """Holds for the whole submission: 401, 405, 406, 408."""
    limits, holds = seen.limits, []
    allowed = 0 if agreement is None else agreement.max_lines
    if seen.lines > allowed:
        holds.append(Hold("401", f"{seen.lines} lines in this submission; the agreement allows {allowed}."))
    for kind, code, most, who in (
        ("agency", "405", limits.agency_lines_per_window, "this agency"),
        ("official", "408", limits.official_lines_per_window, "this official"),
    ):
        total = max((seen.of(o, k)[1] for o, k in seen.by_line if k == kind), default=0)
        if total > most:
            holds.append(
                Hold(code, f"{total} lines from {who} in {limits.window_days} days; the limit is {most}.")
            )
    unusable = seen.lines - seen.with_address
    if seen.lines and unusable / seen.lines > limits.unusable_address_share:
        share = limits.unusable_address_share
        holds.append(
            Hold("406", f"{unusable} of {seen.lines} lines have no usable address; the limit is {share:.0%}.")
        )
    return tuple(holds)


def _line_holds(ordinal: int, seen: _Seen) -> tuple[Hold, ...]:
    """Holds of one line: 402, 403, 404, 407."""
    found = (
        _officer(ordinal, seen),
        _reasons(ordinal, seen),
        _address(ordinal, seen),
        _dropped(ordinal, seen),
    )
    return tuple(hold for hold in found if hold is not None)


def _officer(ordinal: int, seen: _Seen) -> Hold | None:
    inside, total = seen.of(ordinal, "officer")
    limits = seen.limits
    if inside <= limits.officer_lines_per_submission and total <= limits.officer_lines_per_window:
        return None
    most = f"{limits.officer_lines_per_submission} and {limits.officer_lines_per_window}"
    said = f"{inside} matters of one officer in this submission, {total} in {limits.window_days} days"
    return Hold("402", f"{said}; the limits are {most}.")


def _reasons(ordinal: int, seen: _Seen) -> Hold | None:
    inside, total = seen.of(ordinal, "reasons")
    limits = seen.limits
    # The minimum counts earlier submissions too: many small files are no way around the share.
    if total < limits.same_reasons_minimum or inside / seen.lines < limits.same_reasons_share:
        return None
    return Hold(
        "403", f"The same reasons in {inside} of {seen.lines} lines, {total} in {limits.window_days} days."
    )


def _address(ordinal: int, seen: _Seen) -> Hold | None:
    _, total = seen.of(ordinal, "address")
    limits = seen.limits
    if total <= limits.address_repeats_per_window:
        return None
    most = limits.address_repeats_per_window
    return Hold("404", f"This address in {total} lines in {limits.window_days} days; the limit is {most}.")


def _dropped(ordinal: int, seen: _Seen) -> Hold | None:
    """407 asks only whether the field was stated before, never what the record said: a hold must not tell that it contradicted."""
    matter = seen.by_line.get((ordinal, "matter"))
    if matter is None:
        return None
    gone = [
        field
        for field in CORROBORATING
        if (ordinal, f"with-{field}") not in seen.by_line
        and (seen.here.get((f"with-{field}", matter), 0) or seen.counts.of(f"with-{field}", matter))
    ]
    if not gone:
        return None
    return Hold("407", f"Another line on this matter stated {len(gone)} more: {', '.join(gone)}.")


def _hints(ordinal: int, seen: _Seen) -> tuple[str, ...]:
    """Sentences with numbers for the reviewer; no value of the request is in them."""
    days = seen.limits.window_days
    hints: list[str] = []
    inside, total = seen.of(ordinal, "officer")
    if inside:
        hints.append(f"this officer: {inside} matters in this submission, {total} in {days} days")
    inside, total = seen.of(ordinal, "reasons")
    if total > 1:
        hints.append(
            f"these reasons: {inside} of {seen.lines} lines in this submission, {total} in {days} days"
        )
    inside, total = seen.of(ordinal, "address")
    if total > 1:
        hints.append(f"this address: {inside} lines in this submission, {total} in {days} days")
    inside, total = seen.of(ordinal, "matter")
    if total > 1:
        hints.append(f"this matter: {inside} lines in this submission, {total} in all")
    return tuple(hints)
