"""What is inside a package once opened: payload and openings, their padding and form, and how they hang together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lawgate_verifier.age import Identity, decrypt
from lawgate_verifier.canonical import Json, encode, parse_object
from lawgate_verifier.commitments import SALT_BYTES, commitment
from lawgate_verifier.entries import COMMITTED, Entry
from lawgate_verifier.refused import Refused, demand

PAYLOAD_BYTES = 8192
OPENINGS_BYTES = 16384


@dataclass(frozen=True, slots=True, repr=False)
class Sealed:
    """Both clear texts as read, padding taken off. Their content belongs to the officer alone: no repr shows it."""

    payload: Mapping[str, Json]
    openings: Mapping[str, Json]


def unseal(payload: bytes, openings: bytes, identities: Sequence[Identity]) -> Sealed:
    """Decrypt both files and take off their padding. Raises Refused, showing nothing of them."""
    return Sealed(
        _unpad(decrypt(payload, identities), PAYLOAD_BYTES),
        _unpad(decrypt(openings, identities), OPENINGS_BYTES),
    )


def check_agreement(answer: Entry, sealed: Sealed) -> None:
    """Check that payload and openings have their form, open every commitment of the answer and say the same. Raises Refused."""
    _check_payload(sealed.payload)
    openings = _check_openings(sealed.openings)
    same = sealed.payload["answer"] == sealed.openings["answer"] == answer.text("answer")
    demand(same, "Payload, openings and log entry are not of the same answer.")
    wanted = answer.table("commitments")
    for field in COMMITTED:
        salt, value = openings[field]
        opened = commitment(salt, field, value).hex() == wanted[field]
        demand(opened, f"The opening of {field} does not open its commitment in the log.")
        demand(
            encode(value) == encode(sealed.payload[field]), f"The payload's {field} is not the committed one."
        )


def _unpad(clear: bytes, length: int) -> Mapping[str, Json]:
    demand(len(clear) == length, "A sealed text does not have its padded length.")
    text, newline, padding = clear.partition(b"\n")
    demand(
        newline == b"\n" and padding.strip(b" ") == b"",
        "A sealed text is padded with something else than spaces.",
    )
    return parse_object(text)


def _check_payload(payload: Mapping[str, Json]) -> None:
    demand(set(payload) == {"v", "answer", *COMMITTED}, "The payload does not have exactly its members.")
    texts = all(isinstance(payload[member], str) for member in ("answer", "request_key", "sentence"))
    kind, fields = payload["kind"], payload["fields"]
    items, periods = payload["items"], payload["periods"]
    demand(
        _is_one(payload["v"]) and texts and kind in ("R", "C", "N"),
        "A member of the payload is not of its form.",
    )
    if not (isinstance(items, list) and isinstance(periods, list) and isinstance(fields, dict)):
        raise Refused(0, "A member of the payload is not of its form.")
    named = all(isinstance(item, str) for item in items) and all(_is_integer(year) for year in periods)
    demand(named, "A member of the payload is not of its form.")
    demand(kind == "R" or not fields, "The payload holds fields though it releases nothing.")
    demand(all(field in items for field in fields), "The payload holds a field that is not among its items.")
    if "address" in fields:
        _check_address(fields["address"], periods)


def _check_address(address: Json, periods: list[Json]) -> None:
    if not isinstance(address, dict) or not {"tax_year", "source"} <= set(address):
        raise Refused(0, "The address lacks its tax year or its source.")
    parts = all(isinstance(part, str) for name, part in address.items() if name != "tax_year")
    demand(parts and _is_integer(address["tax_year"]), "A part of the address is not of its form.")
    demand(address["tax_year"] in periods, "The address is from a year outside the periods.")


def _check_openings(document: Mapping[str, Json]) -> dict[str, tuple[bytes, Json]]:
    demand(set(document) == {"v", "answer", "openings"}, "The openings do not have exactly their members.")
    openings = document["openings"]
    if not _is_one(document["v"]) or not isinstance(openings, dict) or set(openings) != set(COMMITTED):
        raise Refused(0, "The openings do not have exactly their members.")
    return {field: _opening(opening) for field, opening in openings.items()}


def _opening(opening: Json) -> tuple[bytes, Json]:
    if not isinstance(opening, dict) or set(opening) != {"salt", "value"}:
        raise Refused(0, "An opening does not have exactly its members.")
    salt = opening["salt"]
    if not isinstance(salt, str) or len(salt) != 2 * SALT_BYTES or set(salt) - set("0123456789abcdef"):
        raise Refused(0, "A salt is not 64 hex digits.")
    return bytes.fromhex(salt), opening["value"]


def _is_integer(value: Json) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_one(value: Json) -> bool:
    return _is_integer(value) and value == 1
