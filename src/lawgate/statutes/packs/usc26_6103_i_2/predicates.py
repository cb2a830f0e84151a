"""The predicates of 26 U.S.C. 6103(i)(2): each sees the facts its arguments name, and says MET, UNMET, ASK or UNKNOWN.

None of them sees a record, another line, or anything about a person that the request need not set forth.
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
from lawgate.statutes.packs.usc26_6103_i_2.register import DISCLOSURE_GROUND, TAX_TITLE, is_registered
from lawgate.statutes.wording import Cited, has_words, sets_nothing_forth

MET, UNMET, ASK, UNKNOWN = Outcome.MET, Outcome.UNMET, Outcome.ASK, Outcome.UNKNOWN

MOST_PERIODS = 10
EARLIEST_PERIOD = 1990
"""Policy bounds on "period or periods": a request for a life's worth of years, or for years before machine records, is none."""
FEWEST_WORDS = 6
"""Fewer different words than this cannot say why a disclosure about one person is relevant to one matter."""

_YEAR = re.compile(r"[12]\d{3}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_DIGEST = re.compile(r"[0-9a-f]{64}")


def _met(condition: bool) -> Outcome:
    return MET if condition else UNMET


# Who asks, under what.


def ground_is_this(
    cover_pack: str, pack_id: str, pack_since: date, pack_until: date, now_today: date
) -> Outcome:
    """The request names this ground, and this reading of it is in force."""
    return _met(cover_pack == pack_id and pack_since <= now_today < pack_until)


def agency_is_registered(standing_agency_registered: bool) -> Outcome:
    """The agency is in the register today."""
    return _met(standing_agency_registered is True)


def agreement_is_in_force(standing_agreement_in_force: bool) -> Outcome:
    """The agreement named is this agency's, for this ground, and in force today."""
    return _met(standing_agreement_in_force is True)


def safeguards_are_accepted(standing_safeguard: SafeguardStatus) -> Outcome:
    """The finding in force today accepts the agency's safeguards."""
    return _met(standing_safeguard is SafeguardStatus.ACCEPTED)


def signer_key_is_valid(standing_signer_key_valid: bool) -> Outcome:
    """The key is a requesting official's of that agency, when signing and now."""
    return _met(standing_signer_key_valid is True)


def office_is_listed(
    cover_office: str,
    standing_justice: bool,
    pack_offices: frozenset[str],
    pack_justice_offices: frozenset[str],
) -> Outcome:
    """The office is on the closed list; the longer list is open to the Department of Justice alone."""
    return _met(
        cover_office in pack_offices or (standing_justice is True and cover_office in pack_justice_offices)
    )


def holder_holds_the_office(
    cover_office: str,
    standing_offices_on_signing: frozenset[str],
    standing_offices_on_receipt: frozenset[str],
) -> Outcome:
    """The register shows the named holder in that office on both days."""
    return _met(cover_office in standing_offices_on_signing and cover_office in standing_offices_on_receipt)


def office_holder_signs(
    cover_delegation: str, cover_holder: str, standing_signer_person: str, pack_delegation_allowed: bool
) -> Outcome:
    """The holder signs in person; an instrument of delegation is looked at by a person only if the switch allows it."""
    if cover_delegation:
        return ASK if pack_delegation_allowed is True else UNMET
    return _met(cover_holder != "" and cover_holder == standing_signer_person)


def is_a_signed_writing(cover_envelope_sha256: str) -> Outcome:
    """There is a signed document, known by its digest."""
    return _met(_DIGEST.fullmatch(cover_envelope_sha256) is not None)


def use_is_certified(cover_certified_use: str) -> Outcome:
    """The official certifies the use in words."""
    return _met(not sets_nothing_forth(cover_certified_use) and has_words(cover_certified_use, FEWEST_WORDS))


# What the request sets forth.


def name_is_set_forth(line_name: NameReading) -> Outcome:
    """The identity room finds the name sufficient."""
    return _met(line_name.sufficient is True)


def address_is_set_forth(line_address: AddressReading) -> Outcome:
    """Something is set forth as an address."""
    return _met(line_address.code != "222")


def address_is_an_address(line_address: AddressReading) -> Outcome:
    """The identity room finds the address sufficient (I-3)."""
    return _met(line_address.sufficient is True and line_address.code == "")


def periods_are_set_forth(line_taxable_periods: tuple[str, ...], now_today: date) -> Outcome:
    """One to ten years, each plausible and begun."""
    if not 1 <= len(line_taxable_periods) <= MOST_PERIODS:
        return UNMET
    years = [int(p) if _YEAR.fullmatch(p) else 0 for p in line_taxable_periods]
    return _met(all(EARLIEST_PERIOD <= year <= now_today.year for year in years))


def authority_is_set_forth(line_statutory_authority: Cited) -> Outcome:
    """A provision is cited that exists and is not of the tax title: for a person to say whether the matter is conducted under it.

    Never MET. That a citation stands in a register shows that it is a criminal statute; it cannot show that this matter is
    conducted under it, and most authorities (28 U.S.C. 533) are no criminal statute at all. A wrong one is UNMET without a person.
    """
    cited = [c for c in line_statutory_authority.citations if not c.within(DISCLOSURE_GROUND)]
    if not cited or any(c.title == TAX_TITLE or not c.exists for c in cited):
        return UNMET
    return ASK


def reasons_are_set_forth(line_reasons: str) -> Outcome:
    """Something that could be a reason is stated; whether it is specific is for a person."""
    if sets_nothing_forth(line_reasons) or not has_words(line_reasons, FEWEST_WORDS):
        return UNMET
    return ASK


# For whom, and in which matter.


def officer_attests(line_engaged_officer: str, line_attestation: Attestation) -> Outcome:
    """The officer named is the one who signed the line."""
    named = not sets_nothing_forth(line_engaged_officer)
    return _met(named and line_attestation.person == line_engaged_officer)


def officer_is_of_the_agency(
    line_attestation: Attestation, standing_officer_keys: Mapping[str, EnrolledKey], cover_agency: str
) -> Outcome:
    """The attesting officer's key is enrolled for the requesting agency; of a key nobody enrolled, nothing is known."""
    key = standing_officer_keys.get(line_attestation.keyid)
    if key is None:
        return UNKNOWN
    return _met(key.agency == cover_agency and key.person == line_attestation.person)


def officer_is_engaged(line_engaged_officer: str) -> Outcome:
    """An officer is named; whether personally and directly engaged is for a person to say, with the attestation before them."""
    return UNMET if sets_nothing_forth(line_engaged_officer) else ASK


def officer_can_receive(
    line_attestation: Attestation, standing_officer_keys: Mapping[str, EnrolledKey], now_moment: datetime
) -> Outcome:
    """The attesting key is valid now and names a recipient to seal to."""
    key = standing_officer_keys.get(line_attestation.keyid)
    return _met(key is not None and key.valid_at(now_moment) and bool(key.recipient))


def is_preparation(line_proceeding_kind: str) -> Outcome:
    """(A)(i), whose every qualification is for a person to say."""
    return ASK if line_proceeding_kind == "preparation" else UNMET


def is_investigation(line_proceeding_kind: str, line_attestation: Attestation) -> Outcome:
    """(A)(ii), under the engaged officer's signature."""
    return _met(line_proceeding_kind == "investigation" and line_attestation.person != "")


def is_grand_jury(line_proceeding_kind: str, line_attestation: Attestation) -> Outcome:
    """(A)(iii), under the engaged officer's signature."""
    return _met(line_proceeding_kind == "grand-jury" and line_attestation.person != "")


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
    return _met(date.fromisoformat(line_proceeding_opened) <= now_today)


def statute_is_designated(line_criminal_statute: Cited) -> Outcome:
    """One criminal statute or several are cited, none of the tax title; those not in the register are put to a person."""
    cited = line_criminal_statute.citations
    if not line_criminal_statute.usable or any(c.title == TAX_TITLE for c in cited):
        return UNMET
    return MET if line_criminal_statute.only and all(map(is_registered, cited)) else ASK


# What is asked for.


def items_are_available(line_items_requested: tuple[str, ...], pack_items: frozenset[str]) -> Outcome:
    """Something is asked for, and nothing beyond the permitted items."""
    return _met(bool(line_items_requested) and pack_items.issuperset(line_items_requested))


def address_alone_may_be_asked(
    line_items_requested: tuple[str, ...], pack_address_only_allowed: bool
) -> Outcome:
    """A request for nothing but an address needs the reading that allows one; to any other the question does not arise."""
    return _met(set(line_items_requested) != {"address"} or pack_address_only_allowed is True)
