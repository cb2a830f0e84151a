"""What rules may know: the facts of one line, and the facts common to a submission; immutable, and never guessed.

Reading (what a name, an address or a citation says) is done here, once for each line; rules judge and do not parse.

A key that the line does not have, and a value of the wrong kind, are both left out here, and a rule that needs them finds
UNKNOWN. A blank stays a blank: it was asked for and nothing was set forth, which is for the rule to say.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import TypeVar

from lawgate.domain.standing import EnrolledKey, Role, Standing, in_force
from lawgate.domain.steps import Cover, Json, Line, day_of
from lawgate.identity.address import read_address
from lawgate.identity.name import read_name
from lawgate.statutes.wording import read_cited

LINE_FACTS: dict[str, str] = {
    "line.name": "NameReading of the stated name",
    "line.address": "AddressReading of the stated address",
    "line.taxable_periods": "tuple of str",
    "line.criminal_statute": "Cited: the Code sections in it",
    "line.statutory_authority": "Cited: the Code sections in it",
    "line.reasons": "str",
    "line.proceeding.kind": "str",
    "line.proceeding.case_number": "str",
    "line.proceeding.opened": "str",
    "line.proceeding.status": "str",
    "line.engaged_officer": "str, a person id",
    "line.items_requested": "tuple of str",
    "line.attestation": "Attestation whose signature was verified",
}
"""Every fact a line can supply, with its kind. There is none for who somebody is, beyond the name and address set forth."""

REPEATED = (
    "line.criminal_statute",
    "line.statutory_authority",
    "line.taxable_periods",
    "line.proceeding.kind",
    "line.proceeding.status",
    "line.items_requested",
)
"""Facts of a line, made of text and nothing else, of which a file has few different ones: what they come to is found once for each."""

OFFENCE = "line.offence_facts."
"""Before the name of a fact of the alleged offence (str, int or bool): supplied only if a rule of the pack declares it."""

COMMON_FACTS: dict[str, str] = {
    "cover.agency": "str",
    "cover.office": "str",
    "cover.holder": "str, a person id",
    "cover.delegation": "str, blank if none is stated",
    "cover.pack": "str",
    "cover.certified_use": "str, blank if none is stated",
    "cover.envelope_sha256": "str, hex digest of the signed writing",
    "standing.agency_registered": "bool, today",
    "standing.justice": "bool; absent if the agency is not registered",
    "standing.agreement_in_force": "bool, today, of this agency for this ground",
    "standing.safeguard": "SafeguardStatus, today; absent if there is no finding",
    "standing.signer_person": "str, whose key signed; absent if the key is not enrolled",
    "standing.signer_key_valid": "bool: a requesting official's key of that agency, when signing and now",
    "standing.offices_on_signing": "frozenset of str, held by the named holder at that agency",
    "standing.offices_on_receipt": "frozenset of str, held by the named holder at that agency",
    "standing.officer_keys": "read-only mapping of key id to EnrolledKey, engaged officers only",
    "now.today": "date",
    "now.moment": "datetime, UTC",
}
"""Every fact that is the same for all lines of a submission, with its kind."""

_MATTER = tuple((part, "line.proceeding." + part) for part in ("kind", "case_number", "opened", "status"))
_NO_MATTER = {fact: "" for _, fact in _MATTER}

R = TypeVar("R")


ALL_LINE_FACTS = frozenset(LINE_FACTS)


def line_facts(
    line: Line, offence: Collection[str] = (), wanted: Collection[str] = ALL_LINE_FACTS
) -> dict[str, object]:
    """Return the facts of one line by name; only those that are present and of the right kind.

    ``offence`` names the facts of the alleged offence that may be looked at; the others stay where they are. What has to be read
    (name, address, citations) is read only if it is ``wanted``.
    """
    get = line.data.get
    facts: dict[str, object] = {}
    if isinstance(text := get("reasons"), str):
        facts["line.reasons"] = text
    if isinstance(text := get("engaged_officer"), str):
        facts["line.engaged_officer"] = text
    if "line.criminal_statute" in wanted and isinstance(text := get("criminal_statute"), str):
        facts["line.criminal_statute"] = read_cited(text)
    if "line.statutory_authority" in wanted and isinstance(text := get("statutory_authority"), str):
        facts["line.statutory_authority"] = read_cited(text)
    if (listed := _texts(get("taxable_periods"))) is not None:
        facts["line.taxable_periods"] = listed
    if (listed := _texts(get("items_requested"))) is not None:
        facts["line.items_requested"] = listed
    if "line.name" in wanted and (name := _reading(get("name"), read_name)) is not None:
        facts["line.name"] = name
    if "line.address" in wanted and (address := _reading(get("address"), read_address)) is not None:
        facts["line.address"] = address
    _add_matter(facts, get("proceeding"))
    if offence:
        _add_offence(facts, get("offence_facts"), offence)
    if line.attestation is not None:
        facts["line.attestation"] = line.attestation
    return facts


def common_facts(
    cover: Cover, received_at: datetime, standing: Standing, now: datetime
) -> Mapping[str, object]:
    """Return the facts common to a submission: the cover's own words, and the register as it stands.

    Offices are read on the day the cover was signed and on the day it was received; everything else at ``now`` (I-13).
    """
    agency = standing.agency(cover.agency, day_of(now))
    safeguard = standing.safeguard(cover.agency, day_of(now))
    facts: dict[str, object] = {
        "cover.agency": cover.agency,
        "cover.office": cover.office,
        "cover.holder": cover.holder,
        "cover.delegation": cover.delegation or "",
        "cover.pack": cover.pack,
        "cover.certified_use": cover.certified_use,
        "cover.envelope_sha256": cover.envelope_sha256,
        "standing.agency_registered": agency is not None,
        "standing.agreement_in_force": _agreed(cover, standing, now),
        "standing.offices_on_signing": _offices(cover, standing, cover.created),
        "standing.offices_on_receipt": _offices(cover, standing, received_at),
        "standing.officer_keys": _officer_keys(standing),
        "now.today": day_of(now),
        "now.moment": now,
    }
    if agency is not None:
        facts["standing.justice"] = agency.justice
    if safeguard is not None:
        facts["standing.safeguard"] = safeguard.status
    facts.update(_signer(cover, standing, now))
    return facts


def _reading(value: Json, read: Callable[[Json], R]) -> R | None:
    """Let the identity room read a stated name or address; nothing if it is absent or is not made of text."""
    if value == "":
        value = {}
    if not isinstance(value, dict):
        return None
    for part in value.values():
        if not isinstance(part, str):
            return None
    try:
        return read(value)
    except Exception:
        # Unreadable is absent; the exception may quote the request, so nothing of it is kept.
        return None


def _texts(value: Json) -> tuple[str, ...] | None:
    if value == "":
        return ()
    if not isinstance(value, list):
        return None
    texts = [item for item in value if isinstance(item, str)]
    return tuple(texts) if len(texts) == len(value) else None


def _add_matter(facts: dict[str, object], stated: Json) -> None:
    if stated == "":
        facts.update(_NO_MATTER)
    elif isinstance(stated, dict):
        for part, fact in _MATTER:
            if isinstance(text := stated.get(part), str):
                facts[fact] = text


def _add_offence(facts: dict[str, object], stated: Json, wanted: Collection[str]) -> None:
    if isinstance(stated, dict):
        for name, value in stated.items():
            if name in wanted and isinstance(value, str | int | bool):
                facts[OFFENCE + name] = value


def _agreed(cover: Cover, standing: Standing, now: datetime) -> bool:
    found = standing.agreement(cover.agreement, day_of(now))
    return found is not None and (found.agency, found.pack) == (cover.agency, cover.pack)


def _offices(cover: Cover, standing: Standing, moment: datetime) -> frozenset[str]:
    held = in_force(standing.offices, day_of(moment))
    return frozenset(h.office for h in held if (h.agency, h.person) == (cover.agency, cover.holder))


def _officer_keys(standing: Standing) -> Mapping[str, EnrolledKey]:
    return MappingProxyType({k.keyid: k for k in standing.keys if k.role is Role.ENGAGED_OFFICER})


def _signer(cover: Cover, standing: Standing, now: datetime) -> Iterator[tuple[str, object]]:
    key = standing.key(cover.signer_keyid)
    if key is None:
        yield "standing.signer_key_valid", False
        return
    yield "standing.signer_person", key.person
    fits = key.role is Role.REQUESTING_OFFICIAL and key.agency == cover.agency
    yield "standing.signer_key_valid", fits and key.valid_at(cover.created) and key.valid_at(now)
