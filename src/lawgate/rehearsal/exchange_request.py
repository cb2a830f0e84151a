"""Puts a line of the datafile in order: a whole request in the project's format, with a matter of its own and its officer's signature.

Line and signature are written in canonical JSON directly, because there are a million of them; a test holds both to what
``evidence.canonical`` and ``evidence.envelope`` write.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from datetime import date, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lawgate.evidence.envelope import keyid_of
from lawgate.intake.attest import STATEMENT
from lawgate.rehearsal.exchange_figures import PERIODS
from lawgate.rehearsal.exchange_pools import Lines

STATUTE, AUTHORITY, GROUND = "8 U.S.C. 1253(a)(1)", "28 U.S.C. 533", "8 U.S.C. 1227(a)(1)"
_TYPE = "application/vnd.lawgate.attestation+json"
_PERIODS = json.dumps(list(PERIODS), separators=(",", ":"))
_OPENED = [(date(2026, 1, 5) + timedelta(days=n)).isoformat() for n in range(45)]

SEEN = (
    "A signed note in the file refuses to board the bus arranged for the appointed day",
    "Two letters with the place and hour came back marked as not collected",
    "A recorded call has the person say that the order will be ignored",
    "The log of the departure desk shows a ticket issued and never used",
    "A landlord told the office that the rooms were emptied the week before",
    "The guarantor of the bond wrote that the person left without a word",
    "An application for travel papers was begun and then withdrawn",
    "A colleague gave a statement about plans to work elsewhere under the same name",
    "The interpreter's sheet shows that the warning was read out and understood",
    "A bus company's list has the person leaving the city two days early",
)
DECIDES = (
    "the house reported for those years settles in which district the charge lies",
    "a summons has to be served there before the limitation runs out",
    "whether the notices reached the right door bears on wilfulness",
    "the grand jury asked which household could testify",
    "the prosecutor must rule out a relative who bears the surname",
    "an affidavit has to say where the papers are likely kept",
    "the defence claims a move that the returns would confirm or refute",
    "the guarantor's account can be tested against what was filed",
)
NEXT = (
    "The supervisor reviewed the file this week.",
    "Interviews continue.",
    "A decision on charging is due this quarter.",
    "The court set a date for the hearing.",
    "The witness leaves the country soon.",
    "Counsel was appointed.",
)


def requests(lines: Lines, officers: list[str]) -> Iterator[bytes]:
    """Yield each line as one request, canonical JSON without a line break; ``officers`` names the engaged officer line by line."""
    text = json.dumps
    rows = zip(
        lines.first_name, lines.last_name, lines.number, lines.ordered, lines.address, officers, strict=True
    )
    for ordinal, (first, last, number, ordered, address, officer) in enumerate(rows, lines.first + 1):
        seen, decides, then = SEEN[ordinal % 10], DECIDES[ordinal // 10 % 8], NEXT[ordinal // 80 % 6]
        stated = f',"taxpayer_number":"{number}"' if number else ""
        yield (
            f'{{"address":{{"text":{text(address, ensure_ascii=False)}}},"criminal_statute":"{STATUTE}","engaged_officer":"{officer}",'
            f'"items_requested":["address"],"name":{{"given":{text(first, ensure_ascii=False)},"surname":{text(last, ensure_ascii=False)}}},'
            f'"offence_facts":{{"final_order_date":"{ordered}","judicial_review":"no","removal_ground":"{GROUND}"}},'
            f'"proceeding":{{"case_number":"SIM-{ordinal:07d}","kind":"investigation","opened":"{_OPENED[ordinal % 45]}","status":"open"}},'
            f'"reasons":"{seen}; {decides}. {then}","request_key":"{request_key(ordinal)}","statutory_authority":"{AUTHORITY}",'
            f'"taxable_periods":{_PERIODS}{stated}}}'
        ).encode()


def request_key(ordinal: int) -> str:
    """Return the key of the line of that ordinal."""
    return f"L{ordinal:07d}"


class Signer:
    """One officer's pen: signs attestations under one submission's nonce."""

    def __init__(self, person: str, key: Ed25519PrivateKey, nonce: str) -> None:
        self._keyid = keyid_of(key.public_key().public_bytes_raw())
        self._sign = key.sign
        self._between = f'","nonce":"{nonce}","officer":"{person}","request_key":"'
        self._end = f'","statement":"{STATEMENT}","type":"lawgate/attestation/v1"}}'

    def attest(self, ordinal: int, line: bytes) -> bytes:
        """Return the envelope of the officer's attestation of one line."""
        digest = hashlib.sha256(line).hexdigest()
        payload = f'{{"line_sha256":"{digest}{self._between}{request_key(ordinal)}{self._end}'.encode()
        # DSSE v1: what is signed is the type and the payload, each with its length before it.
        signature = self._sign(b"DSSEv1 %d %s %d %s" % (len(_TYPE), _TYPE.encode(), len(payload), payload))
        return b'{"payload":"%s","payloadType":"%s","signatures":[{"keyid":"%s","sig":"%s"}]}' % (
            base64.b64encode(payload),
            _TYPE.encode(),
            self._keyid.encode(),
            base64.b64encode(signature),
        )
