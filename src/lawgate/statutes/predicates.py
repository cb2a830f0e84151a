"""Predicates that more than one ground needs: each sees the facts its arguments name, and says MET, UNMET, ASK or UNKNOWN.

What they mean under a ground is said by the rule that names them. None sees a record, another line, or anything about a person that
the request need not set forth.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime

from lawgate.domain.finding import Outcome
from lawgate.domain.standing import EnrolledKey, SafeguardStatus
from lawgate.domain.steps import Attestation
from lawgate.identity.address import AddressReading
from lawgate.identity.name import NameReading
from lawgate.statutes.wording import has_words, sets_nothing_forth

MET, UNMET, ASK, UNKNOWN = Outcome.MET, Outcome.UNMET, Outcome.ASK, Outcome.UNKNOWN

MOST_PERIODS = 10
EARLIEST_PERIOD = 1990
"""Policy bounds on "period or periods": a request for a life's worth of years, or for years before machine records, is none."""
FEWEST_WORDS = 6
"""Fewer different words than this cannot say why a disclosure about one person is relevant to one matter."""

_YEAR = re.compile(r"[12]\d{3}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_DIGEST = re.compile(r"[0-9a-f]{64}")


def met(condition: bool) -> Outcome:
    """Return MET if the condition holds, else UNMET."""
    return MET if condition else UNMET


def day_stated(stated: object) -> date | None:
    """Return the day a text names as ``YYYY-MM-DD``; None if it names none in that form. Raises ValueError for a day no calendar has."""
    if not isinstance(stated, str) or _DAY.fullmatch(stated) is None:
        return None
    return date.fromisoformat(stated)


_ANSWERS = {"yes": True, "true": True, "no": False, "false": False}


def yes_or_no(stated: object) -> bool | None:
    """Return what a fact answers, written as yes and no or as true and false; None if it answers nothing."""
    if isinstance(stated, str):
        return _ANSWERS.get(stated.strip().casefold())
    return stated if isinstance(stated, bool) else None


def is_nothing(stated: object) -> bool:
    """Say whether a fact was asked for and nothing was set forth: a blank, bare signs or a placeholder."""
    return isinstance(stated, str) and sets_nothing_forth(stated)


def all_stated(*facts: object) -> Outcome:
    """Say whether every fact is set forth as text: UNMET if one is blank, else UNKNOWN if one cannot be read, else MET."""
    if any(map(is_nothing, facts)):
        return UNMET
    return MET if all(isinstance(fact, str) for fact in facts) else UNKNOWN


# Who asks, under what.


def ground_is_this(
    cover_pack: str, pack_id: str, pack_since: date, pack_until: date, now_today: date
) -> Outcome:
    """The request names this ground, and this reading of it is in force."""
    return met(cover_pack == pack_id and pack_since <= now_today < pack_until)


def agency_is_registered(standing_agency_registered: bool) -> Outcome:
    """The agency is in the register today."""
    return met(standing_agency_registered is True)


def agreement_is_in_force(standing_agreement_in_force: bool) -> Outcome:
    """The agreement named is this agency's, for this ground, and in force today."""
    return met(standing_agreement_in_force is True)


def safeguards_are_accepted(standing_safeguard: SafeguardStatus) -> Outcome:
    """The finding in force today accepts the agency's safeguards."""
    return met(standing_safeguard is SafeguardStatus.ACCEPTED)


def signer_key_is_valid(standing_signer_key_valid: bool) -> Outcome:
    """The key is a requesting official's of that agency, when signing and now."""
    return met(standing_signer_key_valid is True)


def office_is_listed(
    cover_office: str,
    standing_justice: bool,
    pack_offices: frozenset[str],
    pack_justice_offices: frozenset[str],
) -> Outcome:
    """The office is on the closed list; the longer list is open to the Department of Justice alone."""
    return met(
        cover_office in pack_offices or (standing_justice is True and cover_office in pack_justice_offices)
    )


def holder_holds_the_office(
    cover_office: str,
    standing_offices_on_signing: frozenset[str],
    standing_offices_on_receipt: frozenset[str],
) -> Outcome:
    """The register shows the named holder in that office on both days."""
    return met(cover_office in standing_offices_on_signing and cover_office in standing_offices_on_receipt)


def office_holder_signs(
    cover_delegation: str, cover_holder: str, standing_signer_person: str, pack_delegation_allowed: bool
) -> Outcome:
    """The holder signs in person; an instrument of delegation is looked at by a person only if the switch allows it."""
    if cover_delegation:
        return ASK if pack_delegation_allowed is True else UNMET
    return met(cover_holder != "" and cover_holder == standing_signer_person)


def is_a_signed_writing(cover_envelope_sha256: str) -> Outcome:
    """There is a signed document, known by its digest."""
    return met(_DIGEST.fullmatch(cover_envelope_sha256) is not None)


def use_is_certified(cover_certified_use: str) -> Outcome:
    """The official certifies the use in words."""
    return met(not sets_nothing_forth(cover_certified_use) and has_words(cover_certified_use, FEWEST_WORDS))


# What the request sets forth.


def name_is_set_forth(line_name: NameReading) -> Outcome:
    """The identity room finds the name sufficient."""
    return met(line_name.sufficient is True)


def address_is_set_forth(line_address: AddressReading) -> Outcome:
    """Something is set forth as an address."""
    return met(line_address.code != "222")


def address_is_an_address(line_address: AddressReading) -> Outcome:
    """The identity room finds the address sufficient (I-3)."""
    return met(line_address.sufficient is True and line_address.code == "")


def periods_are_set_forth(line_taxable_periods: tuple[str, ...], now_today: date) -> Outcome:
    """One to ten years, each plausible and begun."""
    if not 1 <= len(line_taxable_periods) <= MOST_PERIODS:
        return UNMET
    years = [int(p) if _YEAR.fullmatch(p) else 0 for p in line_taxable_periods]
    return met(all(EARLIEST_PERIOD <= year <= now_today.year for year in years))


def reasons_are_set_forth(line_reasons: str) -> Outcome:
    """Something that could be a reason is stated; whether it is specific is for a person."""
    if sets_nothing_forth(line_reasons) or not has_words(line_reasons, FEWEST_WORDS):
        return UNMET
    return ASK


# For whom, and in which matter.


def officer_attests(line_engaged_officer: str, line_attestation: Attestation) -> Outcome:
    """The officer named is the one who signed the line."""
    named = not sets_nothing_forth(line_engaged_officer)
    return met(named and line_attestation.person == line_engaged_officer)


def officer_is_of_the_agency(
    line_attestation: Attestation, standing_officer_keys: Mapping[str, EnrolledKey], cover_agency: str
) -> Outcome:
    """The attesting officer's key is enrolled for the requesting agency; of a key nobody enrolled, nothing is known."""
    key = standing_officer_keys.get(line_attestation.keyid)
    if key is None:
        return UNKNOWN
    return met(key.agency == cover_agency and key.person == line_attestation.person)


def officer_is_engaged(line_engaged_officer: str) -> Outcome:
    """An officer is named; whether personally and directly engaged is for a person to say, with the attestation before them."""
    return UNMET if sets_nothing_forth(line_engaged_officer) else ASK


def officer_can_receive(
    line_attestation: Attestation, standing_officer_keys: Mapping[str, EnrolledKey], now_moment: datetime
) -> Outcome:
    """The attesting key is valid now and names a recipient to seal to."""
    key = standing_officer_keys.get(line_attestation.keyid)
    return met(key is not None and key.valid_at(now_moment) and bool(key.recipient))


def matter_is_identified(
    line_proceeding_case_number: str,
    line_proceeding_opened: str,
    line_proceeding_status: str,
    now_today: date,
) -> Outcome:
    """A case number, a day of opening not in the future, and the status open. A day that cannot be read is not known."""
    if sets_nothing_forth(line_proceeding_case_number) or sets_nothing_forth(line_proceeding_opened):
        return UNMET
    if line_proceeding_status != "open":
        return UNMET
    if _DAY.fullmatch(line_proceeding_opened) is None:
        return UNKNOWN
    return met(date.fromisoformat(line_proceeding_opened) <= now_today)


# What is asked for.


def items_are_available(line_items_requested: tuple[str, ...], pack_items: frozenset[str]) -> Outcome:
    """Something is asked for, and nothing beyond the permitted items."""
    return met(bool(line_items_requested) and pack_items.issuperset(line_items_requested))
