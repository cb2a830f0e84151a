"""26 U.S.C. 6103(i)(2): return information other than taxpayer return information, and identity, for non-tax criminal matters.

The words are in ``text.md``, the worked cases in ``cases.toml``, the particulars again in ``pack.toml``; tests hold them together.
"""

from __future__ import annotations

from datetime import date

from lawgate.domain.finding import Basis
from lawgate.domain.standing import Role
from lawgate.statutes.pack import HumanStep, Pack, Permitted, Source, Switch
from lawgate.statutes.packs.usc26_6103_i_2.rules import CENTRO, CITATION, RULES

__all__ = ["PACK"]

_MIRROR = "United States Code, a mirror of 20 April 2023; counsel confirms the current text before anybody relies on it"

PACK = Pack(
    id="usc26-6103-i-2",
    title="Identity and other return information for use in non-tax criminal matters",
    version="1",
    since=date(2026, 2, 24),
    citation=CITATION,
    sources=(
        Source(
            name=_MIRROR,
            file="usc-26-6103.md",
            day=date(2023, 4, 20),
            sha256="2cef48a75cc85840091ac4f5fe103a1c8d3896254c20273be732cc2731f5fbe3",
        ),
        Source(
            name=_MIRROR,
            file="usc-8-1253.md",
            day=date(2023, 4, 20),
            sha256="db37e696eca11b875e302af53f6d856a5f317b94329d32c25c956966ad9cbbfb",
        ),
    ),
    rules=RULES,
    permitted=(
        Permitted(
            item="address",
            sources=("taxpayer", "third-party", "agency"),
            authority="26 U.S.C. 6103(i)(2)(C) with (b)(6): an address is taxpayer identity, whoever supplied it; of anything else "
            "only what is no taxpayer return information, (i)(2)(A) with (b)(3)",
        ),
    ),
    minimising="policy, with 26 U.S.C. 6103(i)(2)(B)(ii) and (iv); paragraph (2) has no words “to the extent necessary”",
    steps=(
        HumanStep(
            id="R-20",
            citation="26 U.S.C. 6103(i)(6)",
            basis=Basis.STATUTE,
            by=Role.RELEASING_OFFICER,
            sentence="The record holder determines whether the answer would identify a confidential informant or seriously impair "
            "a civil or criminal tax investigation; if so, nothing is disclosed, and the ground is not told.",
            kept="review: the authorisation's determination; the answer is then N, under seal like every other",
        ),
        HumanStep(
            id="R-22",
            citation="policy; the holder's own delegation order says who may disclose under 6103(i)",
            basis=Basis.POLICY,
            by=Role.RELEASING_OFFICER,
            sentence="Who releases is enrolled by the record holder for that, and is neither the requester nor the approver.",
            kept="review: authorise asks for the role, and for another person than the one who approved",
        ),
    ),
    offices=("agency-head", "inspector-general"),
    justice_offices=(
        "attorney-general",
        "deputy-attorney-general",
        "associate-attorney-general",
        "assistant-attorney-general",
        "fbi-director",
        "dea-administrator",
        "united-states-attorney",
        "special-prosecutor",
        "strike-force-attorney",
    ),
    switches=(
        Switch(
            "delegation_allowed",
            False,
            "26 U.S.C. 6103(i)(2)(A) names no delegate, where (i)(1)(C)(i), (i)(4)(C) and (i)(7)(A)(iii)(I) name one",
        ),
        Switch("address_only_allowed", True, CENTRO),
    ),
    accounted=True,
    purpose_code="non-tax-criminal",
    authority=CITATION,
    terms=(
        "For the officer to whom it is sealed, solely for use in the preparation, investigation or grand jury proceeding stated in "
        "the request (26 U.S.C. 6103(i)(2)(A)). Keep it as 26 U.S.C. 6103(p)(4) requires; return it, make it undisclosable or keep it "
        "safeguarded when its use is completed. Unauthorised disclosure or inspection is an offence (26 U.S.C. 7213, 7213A)."
    ),
)
"""The ground as this gateway applies it."""
