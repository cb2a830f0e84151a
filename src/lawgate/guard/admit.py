"""Step 3: is this plausible, alone and together with what came before? Guard holds for a person or gives hints; it never refuses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lawgate.domain.finding import Outcome
from lawgate.domain.kept import Trace
from lawgate.domain.standing import Agreement
from lawgate.domain.steps import Admitted, Checked, Hold
from lawgate.guard.limits import Limits
from lawgate.guard.predecessors import asked_otherwise, refused_before, same_matter
from lawgate.guard.reasons import template_sizes, words_left
from lawgate.guard.seen import Counts, Seen, seen_of

__all__ = ["Counts", "Limits", "admit"]


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
    seen = seen_of(traces, counts)
    common = _batch_holds(seen, limits, agreement)
    templates = _templates(checked, seen, limits)
    return tuple(_admit_line(line, seen, limits, common, templates) for line in checked)


def _templates(checked: Sequence[Checked], seen: Seen, limits: Limits) -> Mapping[int, int]:
    texts = {c.line.ordinal: words_left(c.line.data) for c in checked}
    return template_sizes(texts, limits.same_reasons_share, limits.same_reasons_minimum, seen.lines)


def _admit_line(
    checked: Checked, seen: Seen, limits: Limits, common: tuple[Hold, ...], templates: Mapping[int, int]
) -> Admitted:
    goes_on = all(f.outcome in (Outcome.MET, Outcome.ASK) for f in checked.findings)
    if checked.line.faults or not goes_on:
        return Admitted(checked)
    ordinal = checked.line.ordinal
    found = (
        _officer(ordinal, seen, limits),
        _reasons(ordinal, seen, limits, templates[ordinal]),
        _address(ordinal, seen, limits),
        asked_otherwise(ordinal, seen),
        refused_before(ordinal, seen),
        _case(ordinal, seen, limits),
    )
    holds = common + tuple(hold for hold in found if hold is not None)
    return Admitted(checked, holds, _hints(ordinal, seen, limits))


def _batch_holds(seen: Seen, limits: Limits, agreement: Agreement | None) -> tuple[Hold, ...]:
    """Holds for the whole submission: 401, 405, 406, 408."""
    holds, days = [], limits.window_days
    allowed = 0 if agreement is None else agreement.max_lines
    if seen.lines > allowed:
        holds.append(Hold("401", f"{seen.lines} lines in this submission; the agreement allows {allowed}."))
    for kind, code, most, who in (
        ("agency", "405", limits.agency_lines_per_window, "this agency"),
        ("official", "408", limits.official_lines_per_window, "this official"),
    ):
        _, total = seen.most(kind)
        if total > most:
            holds.append(Hold(code, f"{total} lines from {who} in {days} days; the limit is {most}."))
    share, most = limits.unusable_address_share, limits.unusable_addresses_per_window
    inside, total = seen.most("unusable")
    if inside > share * seen.lines or total > most:
        said = f"{inside} of {seen.lines} lines have no usable address, {total} in {days} days"
        holds.append(Hold("406", f"{said}; the limits are {share:.0%} and {most}."))
    return tuple(holds)


def _officer(ordinal: int, seen: Seen, limits: Limits) -> Hold | None:
    inside, total = seen.of(ordinal, "officer")
    if inside <= limits.officer_lines_per_submission and total <= limits.officer_lines_per_window:
        return None
    most = f"{limits.officer_lines_per_submission} and {limits.officer_lines_per_window}"
    said = f"{inside} matters of one officer in this submission, {total} in {limits.window_days} days"
    return Hold("402", f"{said}; the limits are {most}.")


def _reasons(ordinal: int, seen: Seen, limits: Limits, template: int) -> Hold | None:
    """403: alike in a share of this file, alike too often in the window, or written around one template."""
    inside, total = seen.of(ordinal, "reasons")
    # The minimum counts earlier submissions too: many small files are no way around the share.
    alike = total >= limits.same_reasons_minimum and inside >= limits.same_reasons_share * seen.lines
    if not alike and total <= limits.same_reasons_per_window and template < limits.template_words:
        return None
    said = f"Reasons like these in {inside} of {seen.lines} lines, {total} in {limits.window_days} days"
    return Hold("403", f"{said}; {template} of their words stand in many lines of this submission.")


def _address(ordinal: int, seen: Seen, limits: Limits) -> Hold | None:
    _, total = seen.of(ordinal, "address")
    most = limits.address_repeats_per_window
    if total <= most:
        return None
    return Hold("404", f"This address in {total} lines in {limits.window_days} days; the limit is {most}.")


def _case(ordinal: int, seen: Seen, limits: Limits) -> Hold | None:
    """410: one case for many people, or cases opened by the day's dozen."""
    _, case = seen.of(ordinal, "case")
    _, day = seen.of(ordinal, "opened")
    if case <= limits.case_lines_per_window and day <= limits.cases_of_one_day_per_window:
        return None
    most = f"{limits.case_lines_per_window} and {limits.cases_of_one_day_per_window}"
    said = f"This case in {case} lines, cases opened on its day in {day}, in {limits.window_days} days"
    return Hold("410", f"{said}; the limits are {most}.")


def _hints(ordinal: int, seen: Seen, limits: Limits) -> tuple[str, ...]:
    """Sentences with numbers for the reviewer; no value of the request is in them."""
    days = limits.window_days
    hints: list[str] = []
    for kind, words, least in (
        ("officer", "this officer: {0} matters in this submission, {1} in {2} days", 1),
        ("reasons", "reasons like these: {0} lines in this submission, {1} in {2} days", 2),
        ("address", "this address: {0} lines in this submission, {1} in {2} days", 2),
        ("case", "this case: {0} lines in this submission, {1} in {2} days", 2),
    ):
        inside, total = seen.of(ordinal, kind)
        if total >= least:
            hints.append(words.format(inside, total, days))
    return (*hints, *same_matter(ordinal, seen))
