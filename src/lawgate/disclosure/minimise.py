"""Step 6, first half: asked ∩ permitted ∩ approved ∩ matched, within the requested periods (I-5); the only place that makes Proposed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from lawgate.domain.steps import AddressOnRecord, AnswerKind, Approved, Json, Matched, Proposed, VerdictKind

ADDRESS = "address"
NOT_ASKED = "234"
NOT_IN_PERIODS = "350"


def allowed_items(approved: Approved, permitted: Collection[str]) -> tuple[str, ...]:
    """Return the items that were asked, approved and are permitted by the statute, in the order asked."""
    asked = approved.line.data.get("items_requested")
    stated = asked if isinstance(asked, list) else []
    return tuple(item for item in approved.items if item in permitted and item in stated)


def minimise(matched: Matched, permitted: Mapping[str, Sequence[str]]) -> Proposed:
    """Return the least that answers an approved request.

    ``permitted`` is each item the ground allows with the sources it may come from, best first: an address from any other
    source stays where it is (R-16).

    No answer unless exactly one record matched, an address was asked for and the record has one from a return of an approved
    period. If the stated address is the last known one, it is only confirmed. Otherwise the latest address within the periods,
    with its year and source. ``reason`` stays inside.
    """
    verdict, approved = matched.verdict, matched.approved
    if verdict.kind is not VerdictKind.ONE:
        return Proposed(matched, AnswerKind.NO_ANSWER, {}, verdict.reason)
    if ADDRESS not in allowed_items(approved, permitted):
        return Proposed(matched, AnswerKind.NO_ANSWER, {}, NOT_ASKED)
    latest = _latest(verdict.addresses, approved.periods, permitted[ADDRESS])
    if latest is None:
        return Proposed(matched, AnswerKind.NO_ANSWER, {}, NOT_IN_PERIODS)
    if verdict.stated_is_last_known:
        return Proposed(matched, AnswerKind.CONFIRMED, {}, verdict.reason)
    return Proposed(matched, AnswerKind.RELEASED, {ADDRESS: _field(latest)}, verdict.reason)


def _latest(
    addresses: Collection[AddressOnRecord], periods: Collection[int], sources: Sequence[str]
) -> AddressOnRecord | None:
    within = [a for a in addresses if a.tax_year in periods and a.source in sources]
    # The whole row breaks ties, so that the order in which rows were read never changes an answer.
    return min(
        within,
        key=lambda a: (-a.tax_year, sources.index(a.source), a.form, sorted(a.parts.items())),
        default=None,
    )


def _field(address: AddressOnRecord) -> dict[str, Json]:
    parts: dict[str, Json] = {name: value for name, value in address.parts.items() if value}
    return {**parts, "tax_year": address.tax_year, "source": address.source}
