"""Holds one signed decision against the public log: who signed it, with what key, and which answers rest on it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lawgate_verifier.canonical import parse_object
from lawgate_verifier.dsse import keyid_of, open_signed
from lawgate_verifier.encoding import hex_sha256
from lawgate_verifier.entries import Entry
from lawgate_verifier.passkey import PUBLIC_BYTES
from lawgate_verifier.refused import Refused, demand

_KINDS = {
    "application/vnd.lawgate.decision+json": ("decision", "disclosure-officer"),
    "application/vnd.lawgate.authorisation+json": ("authorisation", "releasing-officer"),
}


@dataclass(frozen=True, slots=True)
class Decision:
    """What one envelope is: ``kind`` is ``decision`` or ``authorisation``; ``answers`` are the indexes of the entries that name it."""

    kind: str
    keyid: str
    passkey: bool
    answers: tuple[int, ...]


def check_decision(entries: Iterable[Entry], envelope: bytes, public: bytes, relying_party: str) -> Decision:
    """Check that this key signed this very envelope, that it was enrolled for the role, and find the answers that rest on it.

    Raises Refused, also where no answer names it.
    """
    payload_type = str(parse_object(envelope.removesuffix(b"\n")).get("payloadType"))
    demand(payload_type in _KINDS, "The envelope is neither a decision nor an authorisation.")
    kind, role = _KINDS[payload_type]
    open_signed(envelope, payload_type, public, relying_party)
    keyid, digest = keyid_of(public), hex_sha256(envelope)
    enrolled, answers = False, []
    for entry in entries:
        if entry.kind == "key" and entry.text("keyid") == keyid and entry.text("act") == "enrol":
            enrolled = entry.text("role") == role
        elif entry.kind == "answer" and entry.text(f"{kind}_sha256") == digest:
            demand(
                entry.text(f"{kind}_keyid") == keyid and enrolled,
                f"Entry {entry.index} names this {kind}, but not the key that signed it, or that key was not enrolled for it.",
            )
            answers.append(entry.index)
    if not answers:
        raise Refused(0, f"No answer in this log rests on this {kind}.")
    return Decision(kind, keyid, len(public) == PUBLIC_BYTES, tuple(answers))
