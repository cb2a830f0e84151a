"""What an answer says, commits to and leaves in the log: payload, openings and leaf of docs/ledger-format.md sections 3 and 4.

Everything is made from the authorised answer, its salts and its accounting row, so that making it again gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from lawgate.disclosure.account import accounting_json
from lawgate.disclosure.minimise import allowed_items
from lawgate.domain.errors import LedgerError, NotPermittedError
from lawgate.domain.kept import Accounting, AnswerDraft, Slot
from lawgate.domain.standing import EnrolledKey, Role
from lawgate.domain.steps import AnswerKind, Authorised, Json
from lawgate.evidence.canonical import canonical
from lawgate.evidence.commitment import commit

COMMITTED = ("request_key", "kind", "fields", "items", "periods", "sentence")
SALTED = (*COMMITTED, "accounting")
SALT_BYTES = 32
PAYLOAD_BYTES = 8192
OPENINGS_BYTES = 16384
ENTRY_BYTES = 4096

SENTENCES = {
    AnswerKind.RELEASED: "One record bears the name at the address set forth in the request; the address below is from a return of the requested periods.",
    AnswerKind.CONFIRMED: "One record bears the name at the address set forth in the request; that address is the last known one.",
    AnswerKind.NO_ANSWER: "No information can be given in answer to this request; this says nothing about whether there is a record.",
}
"""One sentence for each kind; the third is the same for nobody, several, withheld and stopped."""


@dataclass(frozen=True, slots=True)
class AnswerTerms:
    """What is the same for every answer of a submission's pack: permitted items and the digest (hex) of the terms of use."""

    permitted: frozenset[str]
    terms_sha256: str


def draw_salts(random_bytes: Callable[[int], bytes]) -> dict[str, bytes]:
    """Draw the salts of one answer: 32 bytes for each commitment and for the accounting row."""
    return {name: random_bytes(SALT_BYTES) for name in SALTED}


def draft(
    authorised: Authorised,
    accounting: Accounting,
    salts: Mapping[str, bytes],
    recipient: EnrolledKey,
    terms: AnswerTerms,
) -> AnswerDraft:
    """Return an answer ready to be logged; its leaf is built once its slot is known.

    Raises NotPermittedError if it is too long to be padded or the recipient is not the engaged officer who attested: found here,
    before the leaf, so that nothing is logged that cannot be sealed.
    """
    padded(payload(authorised, accounting.answer, terms), PAYLOAD_BYTES)
    padded(openings(authorised, accounting.answer, salts, terms), OPENINGS_BYTES)
    recipient_of(authorised, recipient)

    def build(slot: Slot) -> bytes:
        return leaf(authorised, accounting, salts, recipient, terms, slot)

    return AnswerDraft(accounting.answer, authorised, salts, accounting, build)


def payload(authorised: Authorised, answer: str, terms: AnswerTerms) -> dict[str, Json]:
    """Return what the engaged officer will read."""
    return {"v": 1, "answer": answer, **_values(authorised, terms)}


def openings(
    authorised: Authorised, answer: str, salts: Mapping[str, bytes], terms: AnswerTerms
) -> dict[str, Json]:
    """Return what opens the leaf's commitments: salt and value of each."""
    opened: dict[str, Json] = {
        name: {"salt": salts[name].hex(), "value": value}
        for name, value in _values(authorised, terms).items()
    }
    return {"v": 1, "answer": answer, "openings": opened}


def entry(
    authorised: Authorised,
    accounting: Accounting,
    salts: Mapping[str, bytes],
    recipient: EnrolledKey,
    terms: AnswerTerms,
    slot: Slot,
) -> dict[str, Json]:
    """Return the ``answer`` entry: the same members whatever the answer is, nothing of a record or request in clear.

    Its time is the accounting row's. Raises NotPermittedError for a recipient other than the engaged officer who attested.
    """
    decision, authorisation = authorised.proposed.matched.approved.decision, authorised.authorisation
    commitments: dict[str, Json] = {
        name: commit(salts[name], name, value).hex() for name, value in _values(authorised, terms).items()
    }
    return {
        "type": "answer",
        "v": 1,
        "time": _minute(accounting.disclosed_at),
        "answer": accounting.answer,
        "submission": accounting.submission,
        "agency": accounting.agency,
        "pack": accounting.pack,
        "recipient": recipient_of(authorised, recipient),
        "recipient_keyid": recipient.keyid,
        "sequence": slot.sequence,
        "previous": "" if slot.previous is None else str(slot.previous),
        "decision_sha256": decision.sha256,
        "decision_keyid": decision.keyid,
        "authorisation_sha256": authorisation.sha256,
        "authorisation_keyid": authorisation.keyid,
        "terms_sha256": terms.terms_sha256,
        "accounting": commit(salts["accounting"], "accounting", accounting_json(accounting)).hex(),
        "stops": slot.stops,
        "commitments": commitments,
    }


def leaf(
    authorised: Authorised,
    accounting: Accounting,
    salts: Mapping[str, bytes],
    recipient: EnrolledKey,
    terms: AnswerTerms,
    slot: Slot,
) -> bytes:
    """Return the entry's canonical bytes. Raises LedgerError if they are more than an entry may have."""
    raw = canonical(entry(authorised, accounting, salts, recipient, terms, slot))
    if len(raw) > ENTRY_BYTES:
        raise LedgerError("an answer's entry is longer than the log allows")
    return raw


def recipient_of(authorised: Authorised, recipient: EnrolledKey) -> str:
    """Return the age recipient to seal to. Raises NotPermittedError unless it is the engaged officer's who attested the line."""
    if recipient.keyid != authorised.proposed.matched.approved.recipient_keyid:
        raise NotPermittedError("the recipient is not the engaged officer who attested this line")
    if recipient.role is not Role.ENGAGED_OFFICER or recipient.recipient is None:
        raise NotPermittedError("the recipient has no key to which an answer could be sealed")
    return recipient.recipient


def padded(value: Mapping[str, Json], size: int) -> bytes:
    """Return canonical JSON, a newline and spaces up to exactly ``size`` bytes. Raises NotPermittedError if it does not fit."""
    raw = canonical(dict(value)) + b"\n"
    if len(raw) > size:
        raise NotPermittedError(f"the answer does not fit into {size} bytes")
    return raw.ljust(size, b" ")


def _values(authorised: Authorised, terms: AnswerTerms) -> dict[str, Json]:
    """The committed members and their values; what a commitment is over and what the payload says cannot differ."""
    proposed = authorised.proposed
    approved = proposed.matched.approved
    return {
        "request_key": approved.line.request_key,
        "kind": proposed.kind.value,
        "fields": dict(proposed.fields),
        "items": list(allowed_items(approved, terms.permitted)),
        "periods": list(approved.periods),
        "sentence": SENTENCES[proposed.kind],
    }


def _minute(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")
