"""The accounting row of 6103(p)(3)(A): every answer has one, whatever it says, and no row holds a value that was disclosed."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import UTC, datetime
from functools import lru_cache

from lawgate.disclosure.answer_id import answer_id
from lawgate.disclosure.minimise import allowed_items
from lawgate.domain.kept import Accounting
from lawgate.domain.standing import EnrolledKey
from lawgate.domain.steps import Authorised, Json, Received
from lawgate.evidence.canonical import canonical, sha256_hex


def accounting_row(
    authorised: Authorised,
    received: Received,
    recipient: EnrolledKey,
    *,
    permitted: Collection[str],
    authority: str,
    purpose_code: str,
    fingerprint: Callable[[str, str], str],
    at: datetime,
) -> Accounting:
    """Return the row for an answer logged at ``at``.

    ``authority`` and ``purpose_code`` are the pack's. ``subject`` is the fingerprint (kind "subject") of the record, empty where none matched;
    reasons are kept as a digest; ``fields_released`` are names, empty unless the answer releases.
    """
    proposed = authorised.proposed
    approved, verdict, cover = proposed.matched.approved, proposed.matched.verdict, received.cover
    record = verdict.record_id
    return Accounting(
        answer=answer_id(approved.submission, approved.line.ordinal, approved.line.digest),
        submission=approved.submission,
        ordinal=approved.line.ordinal,
        agency=cover.agency,
        office=cover.office,
        official=cover.holder,
        pack=cover.pack,
        authority=authority,
        requested_at=cover.created,
        disclosed_at=at,
        recipient_keyid=approved.recipient_keyid,
        recipient_location=recipient.location or "",
        approver=approved.decision.person,
        authoriser=authorised.authorisation.person,
        items=allowed_items(approved, permitted),
        fields_released=tuple(sorted(proposed.fields)),
        periods=approved.periods,
        reasons_sha256=sha256_hex(canonical(approved.line.data.get("reasons", ""))),
        subject="" if record is None else fingerprint("subject", record),
        purpose_code=purpose_code,
    )


def accounting_json(row: Accounting) -> dict[str, Json]:
    """Return a row as the JSON that its commitment in the leaf is over (docs/ledger-format.md section 4)."""
    return {
        "answer": row.answer,
        "submission": row.submission,
        "ordinal": row.ordinal,
        "agency": row.agency,
        "office": row.office,
        "official": row.official,
        "pack": row.pack,
        "authority": row.authority,
        "requested_at": _second(row.requested_at),
        "disclosed_at": _second(row.disclosed_at),
        "recipient_keyid": row.recipient_keyid,
        "recipient_location": row.recipient_location,
        "approver": row.approver,
        "authoriser": row.authoriser,
        "items": list(row.items),
        "fields_released": list(row.fields_released),
        "periods": list(row.periods),
        "reasons_sha256": row.reasons_sha256,
        "subject": row.subject,
        "purpose_code": row.purpose_code,
    }


@lru_cache(maxsize=64)
def _second(moment: datetime) -> str:
    """To the second and in UTC, so that keeping the row cannot change what was committed to."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
