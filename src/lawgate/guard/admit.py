"""Step 3: is this plausible, alone and together with what came before? Guard holds for a person or gives hints; it never refuses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from lawgate.domain.standing import Agreement
from lawgate.domain.steps import Hold
from lawgate.guard.limits import Limits
from lawgate.guard.predecessors import asked_otherwise, refused_before, same_matter
from lawgate.guard.seen import Seen
from lawgate.guard.traces import Traces

Earlier = Mapping[str, Mapping[bytes, int]]
"""How many earlier lines left each mark, by kind; what is not in it was never left. This submission is not among them."""

Considered = tuple[tuple[Hold, ...], tuple[str, ...]]
"""What guard says of one line: its holds (4xx) and its hints."""

_NOTHING: Considered = ((), ())
_NONE: Mapping[bytes, int] = {}


class Guard:
    """Holds and hints for the lines of one submission, once all its traces are ``seen``.

    All lines count for plausibility, refused ones included, although those are not held themselves. ``common`` are the marks that lines share,
    ``earlier`` their counts. Without an agreement nothing says how many lines may come, so the batch is held.
    """

    def __init__(
        self,
        seen: Seen,
        limits: Limits,
        agreement: Agreement | None,
        common: Mapping[str, bytes],
        earlier: Earlier,
    ) -> None:
        self._seen = seen
        self._limits = limits
        before = {kind: earlier.get(kind, _NONE).get(mark, 0) for kind, mark in common.items()}
        self._batch = _batch_holds(seen, limits, agreement, before)
        self._template = seen.common_words(limits.same_reasons_share, limits.same_reasons_minimum)
        self._passed: set[bytes] = set()

    def admit(self, left: Iterable[Traces], earlier: Earlier) -> Iterator[Considered]:
        """Give every line its holds and hints, in order; ``earlier`` has the counts of their marks. Nothing is said of a line that does not go on."""
        for one in left:
            yield self._considered(one, earlier) if one.checked and one.goes_on else _NOTHING

    def duplicates(self, left: Iterable[Traces], earlier: Earlier) -> frozenset[int]:
        """Return the ordinals that repeat an earlier line of the same agency, of this submission or of one before it.

        To be asked once about every line, in order.
        """
        before, found = earlier.get("line", _NONE), set()
        for one in left:
            if not one.line:
                continue
            if one.line in self._passed or before.get(one.line, 0) > 0:
                found.add(one.ordinal)
            if self._seen.inside("line", one.line) > 1:
                self._passed.add(one.line)
        return frozenset(found)

    def _considered(self, one: Traces, earlier: Earlier) -> Considered:
        limits, matters = self._limits, self._seen.matters
        officer, address, case, opened, reasons = (
            self._of(one, kind, earlier) for kind in ("officer", "address", "case", "opened", "reasons")
        )
        on = [(matters[mark], said) for mark, said in one.matters if mark in matters]
        found = (
            _officer(officer, limits),
            self._reasons(one, reasons),
            _address(address, limits),
            asked_otherwise(one, on) if on else None,
            refused_before(on) if on else None,
            _case(case, opened, limits),
        )
        holds = [hold for hold in found if hold is not None]
        hints = _hints((officer, reasons, address, case), limits.window_days)
        if on:
            hints += same_matter(one, on)
        return (*self._batch, *holds), hints

    def _of(self, one: Traces, kind: str, earlier: Earlier) -> tuple[int, int]:
        """Return the most that any of a line's marks was left: (in this submission, with the earlier ones); zeros for none."""
        before, inside, total = earlier.get(kind, _NONE), 0, 0
        for mark in one.marks(kind):
            here = self._seen.inside(kind, mark)
            inside = max(inside, here)
            total = max(total, here + before.get(mark, 0))
        return inside, total

    def _reasons(self, one: Traces, seen: tuple[int, int]) -> Hold | None:
        """403: alike in a share of this file, alike too often in the window, or written around one template."""
        inside, total = seen
        limits, lines = self._limits, self._seen.lines
        template = sum(map(self._template.__contains__, one.words)) if self._template else 0
        # The minimum counts earlier submissions too: many small files are no way around the share.
        alike = total >= limits.same_reasons_minimum and inside >= limits.same_reasons_share * lines
        if not alike and total <= limits.same_reasons_per_window and template < limits.template_words:
            return None
        said = f"Reasons like these in {inside} of {lines} lines, {total} in {limits.window_days} days"
        return Hold("403", f"{said}; {template} of their words stand in many lines of this submission.")


def _batch_holds(
    seen: Seen, limits: Limits, agreement: Agreement | None, earlier: Mapping[str, int]
) -> tuple[Hold, ...]:
    """Holds for the whole submission: 401, 405, 406, 408."""
    holds, days = [], limits.window_days
    allowed = 0 if agreement is None else agreement.max_lines
    if seen.lines > allowed:
        holds.append(Hold("401", f"{seen.lines} lines in this submission; the agreement allows {allowed}."))
    for kind, code, most, who in (
        ("agency", "405", limits.agency_lines_per_window, "this agency"),
        ("official", "408", limits.official_lines_per_window, "this official"),
    ):
        total = seen.lines + earlier.get(kind, 0)
        if total > most:
            holds.append(Hold(code, f"{total} lines from {who} in {days} days; the limit is {most}."))
    share, most = limits.unusable_address_share, limits.unusable_addresses_per_window
    inside = seen.unusable
    total = inside + earlier.get("unusable", 0) if inside else 0
    if inside > share * seen.lines or total > most:
        said = f"{inside} of {seen.lines} lines have no usable address, {total} in {days} days"
        holds.append(Hold("406", f"{said}; the limits are {share:.0%} and {most}."))
    return tuple(holds)


def _officer(seen: tuple[int, int], limits: Limits) -> Hold | None:
    inside, total = seen
    if inside <= limits.officer_lines_per_submission and total <= limits.officer_lines_per_window:
        return None
    most = f"{limits.officer_lines_per_submission} and {limits.officer_lines_per_window}"
    said = f"{inside} matters of one officer in this submission, {total} in {limits.window_days} days"
    return Hold("402", f"{said}; the limits are {most}.")


def _address(seen: tuple[int, int], limits: Limits) -> Hold | None:
    _, total = seen
    most = limits.address_repeats_per_window
    if total <= most:
        return None
    return Hold("404", f"This address in {total} lines in {limits.window_days} days; the limit is {most}.")


def _case(seen_case: tuple[int, int], seen_day: tuple[int, int], limits: Limits) -> Hold | None:
    """410: one case for many people, or cases opened by the day's dozen."""
    (_, case), (_, day) = seen_case, seen_day
    if case <= limits.case_lines_per_window and day <= limits.cases_of_one_day_per_window:
        return None
    most = f"{limits.case_lines_per_window} and {limits.cases_of_one_day_per_window}"
    said = f"This case in {case} lines, cases opened on its day in {day}, in {limits.window_days} days"
    return Hold("410", f"{said}; the limits are {most}.")


_HINTS = (
    ("this officer: {0} matters in this submission, {1} in {2} days", 1),
    ("reasons like these: {0} lines in this submission, {1} in {2} days", 2),
    ("this address: {0} lines in this submission, {1} in {2} days", 2),
    ("this case: {0} lines in this submission, {1} in {2} days", 2),
)


def _hints(seen: tuple[tuple[int, int], ...], days: int) -> tuple[str, ...]:
    """Sentences with numbers for the reviewer, of officer, reasons, address and case; no value of the request is in them."""
    return tuple(
        words.format(inside, total, days)
        for (words, least), (inside, total) in zip(_HINTS, seen, strict=True)
        if total >= least
    )
