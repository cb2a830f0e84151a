"""What an answer says, commits to and leaves in the log: payload, openings and leaf of docs/ledger-format.md sections 3 and 4.

Everything is made from the authorised answer, its salts and its accounting row, so that making it again gives the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import NewType, cast

from lawgate.disclosure.account import accounting_json
from lawgate.disclosure.minimise import allowed_items
from lawgate.domain.errors import LedgerError, NotPermittedError
from lawgate.domain.kept import Accounting, AnswerDraft, Slot
from lawgate.domain.standing import EnrolledKey, Role
from lawgate.domain.steps import AnswerKind, Authorised, Json
from lawgate.evidence.canonical import canonical, written
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
    enclose: Callable[[str, bytes], bytes],
) -> AnswerDraft:
    """Return an answer ready to be logged; its leaf is built once its slot is known. What it says, and the salts, are enclosed for the
    sealer (``enclose`` takes the answer's id): once it is logged, nobody else opens its commitments.

    Raises NotPermittedError if it is too long to be padded or the recipient is not the engaged officer who attested: found here,
    before the leaf, so that nothing is logged that cannot be sealed.
    """
    spelt = spell(authorised, terms)
    clear_payload(spelt, accounting.answer)
    # Padding is white space behind canonical JSON, which ends in a brace.
    opened = clear_openings(spelt, accounting.answer, salts).rstrip()
    recipient_of(authorised, recipient)
    commitments, salt = _commitments(spelt, salts), salts["accounting"]

    def build(slot: Slot) -> bytes:
        return leaf(authorised, commitments, accounting, salt, recipient, terms, slot)

    return AnswerDraft(
        accounting.answer, authorised, enclose(accounting.answer, opened), salt, accounting, build
    )


Spelt = NewType("Spelt", Mapping[str, Json])
"""The committed members of one answer, each written once (``canonical.written``): payload, openings and leaf say the same."""


def spell(authorised: Authorised, terms: AnswerTerms) -> Spelt:
    """Write what an answer says."""
    proposed = authorised.proposed
    approved = proposed.matched.approved
    return Spelt(
        {
            "request_key": written(approved.line.request_key),
            "kind": _written_text(proposed.kind.value),
            "fields": written(dict(proposed.fields)),
            "items": _written_list(allowed_items(approved, terms.permitted)),
            "periods": _written_list(approved.periods),
            "sentence": _written_text(SENTENCES[proposed.kind]),
        }
    )


_written_text = lru_cache(maxsize=64)(written)


@lru_cache(maxsize=1024)
def _written_list(values: tuple[str, ...] | tuple[int, ...]) -> Json:
    return written(list(values))


def clear_payload(spelt: Spelt, answer: str) -> bytes:
    """Return what is sealed of ``payload``. Raises NotPermittedError if it is too long."""
    return padded({"v": 1, "answer": answer, **spelt}, PAYLOAD_BYTES)


def clear_openings(spelt: Spelt, answer: str, salts: Mapping[str, bytes]) -> bytes:
    """Return what is sealed of ``openings``. Raises NotPermittedError if it is too long."""
    return padded(_openings(spelt, answer, salts), OPENINGS_BYTES)


def payload(authorised: Authorised, answer: str, terms: AnswerTerms) -> dict[str, Json]:
    """Return what the engaged officer will read."""
    said = json.loads(clear_payload(spell(authorised, terms), answer))
    return cast(dict[str, Json], said)


def openings(
    authorised: Authorised, answer: str, salts: Mapping[str, bytes], terms: AnswerTerms
) -> dict[str, Json]:
    """Return what opens the leaf's commitments: salt and value of each."""
    said = json.loads(clear_openings(spell(authorised, terms), answer, salts))
    return cast(dict[str, Json], said)


def _openings(spelt: Spelt, answer: str, salts: Mapping[str, bytes]) -> dict[str, Json]:
    opened: dict[str, Json] = {
        name: {"salt": salts[name].hex(), "value": value} for name, value in spelt.items()
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
    commitments = _commitments(spell(authorised, terms), salts)
    return _entry(authorised, commitments, accounting, salts["accounting"], recipient, terms, slot)


def _commitments(spelt: Spelt, salts: Mapping[str, bytes]) -> dict[str, Json]:
    return {name: commit(salts[name], name, value).hex() for name, value in spelt.items()}


def _entry(
    authorised: Authorised,
    commitments: Mapping[str, Json],
    accounting: Accounting,
    accounting_salt: bytes,
    recipient: EnrolledKey,
    terms: AnswerTerms,
    slot: Slot,
) -> dict[str, Json]:
    decision, authorisation = authorised.proposed.matched.approved.decision, authorised.authorisation
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
        "accounting": commit(accounting_salt, "accounting", accounting_json(accounting)).hex(),
        "stops": slot.stops,
        "commitments": dict(commitments),
    }


def leaf(
    authorised: Authorised,
    commitments: Mapping[str, Json],
    accounting: Accounting,
    accounting_salt: bytes,
    recipient: EnrolledKey,
    terms: AnswerTerms,
    slot: Slot,
) -> bytes:
    """Return the entry's canonical bytes. Raises LedgerError if they are more than an entry may have."""
    raw = canonical(_entry(authorised, commitments, accounting, accounting_salt, recipient, terms, slot))
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


@lru_cache(maxsize=64)
def _minute(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")
