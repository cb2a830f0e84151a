"""Is it still good? Standing, keys, pack, stops and the age of the approval, looked at again at authorise and hand-over (I-13)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from lawgate.domain.standing import Role, SafeguardStatus, Standing, in_force
from lawgate.domain.steps import Approved, Received, day_of
from lawgate.domain.stop import Stop
from lawgate.guard.stops import stops_line


def still_good(
    approved: Approved,
    received: Received,
    standing: Standing,
    stops: Sequence[Stop],
    now: datetime,
    *,
    packs: Collection[str],
    approval_age: timedelta,
    persons: Collection[str],
) -> str | None:
    """Return the code of the first thing that no longer holds at ``now``, or None if all of it does.

    ``packs`` are the grounds in force; an approval older than ``approval_age`` waits for an officer again (901). At authorise a stop on the
    person becomes an answer under seal instead, so there ``persons`` is empty; at hand-over it is the line's.
    """
    if is_stopped(approved, received, stops, now, persons):
        return "701"
    return _agency_code(received, standing, now, packs) or _people_code(
        approved, received, standing, now, approval_age
    )


def is_stopped(
    approved: Approved,
    received: Received,
    stops: Sequence[Stop],
    now: datetime,
    persons: Collection[str],
) -> bool:
    """Say whether any stop reaches this line at ``now``; one on its person too, if its person's fingerprints are among ``persons``."""
    stop = stops_line(
        stops,
        now,
        pack=received.cover.pack,
        agency=received.cover.agency,
        submission=approved.submission,
        officer=approved.recipient_keyid,
        persons=persons,
    )
    return stop is not None


def _agency_code(received: Received, standing: Standing, now: datetime, packs: Collection[str]) -> str | None:
    cover, today = received.cover, day_of(now)
    if cover.pack not in packs:
        return "508"
    if standing.agency(cover.agency, today) is None:
        return "502"
    agreement = standing.agreement(cover.agreement, today)
    if agreement is None or (agreement.agency, agreement.pack) != (cover.agency, cover.pack):
        return "503"
    safeguard = standing.safeguard(cover.agency, today)
    if safeguard is None or safeguard.status is not SafeguardStatus.ACCEPTED:
        return "504"
    return None


def _people_code(
    approved: Approved, received: Received, standing: Standing, now: datetime, approval_age: timedelta
) -> str | None:
    cover = received.cover
    # Who signed need not hold the office today, but the register as it reads today must still say they did on that day.
    asked = (cover.agency, cover.office, cover.holder)
    if asked not in (
        (o.agency, o.office, o.person) for o in in_force(standing.offices, day_of(cover.created))
    ):
        return "228"
    signer = standing.key(cover.signer_keyid)
    if signer is None or not signer.valid_at(now):
        return "501"
    recipient = standing.key(approved.recipient_keyid)
    if recipient is None or recipient.role is not Role.ENGAGED_OFFICER or recipient.recipient is None:
        return "505"
    if recipient.agency != cover.agency or not recipient.valid_at(now):
        return "505"
    return _approval_code(approved, standing, now, approval_age)


def _approval_code(
    approved: Approved, standing: Standing, now: datetime, approval_age: timedelta
) -> str | None:
    approver = standing.key(approved.decision.keyid)
    if approver is None or not approver.valid_at(now):
        return "901"
    return "901" if now - approved.decision.at > approval_age else None
