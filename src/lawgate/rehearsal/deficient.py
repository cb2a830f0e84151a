"""Five submissions that each repeat, in small, what is on record about the exchange of 2025; none may lead to a look-up.

The people they name are on record, and the rest of each line is in order: only the named deficiency stands between them and an answer.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from lawgate.rehearsal import people
from lawgate.rehearsal.asks import RECENT, Ask
from lawgate.rehearsal.submissions import COLUMNS, Expected, Ingredients, form_of, request_row, to_csv
from lawgate.rehearsal.world import Filed, people_on_record

PEOPLE = 24
NO_LETTERS: frozenset[str] = frozenset()
REFUSED = frozenset({"X"})
RETURNED = frozenset({"I"})

PLACEHOLDERS: tuple[dict[str, str], ...] = (
    {"address.street": "Failed to Provide", "address.zip": "85701"},
    {"address.street": "Unknown Address"},
    {"address.number": "NA", "address.street": "NA"},
    {"address.street": "Don't Care", "address.zip": "12345"},
    {"address.zip": "00000"},
    {"address.zip": "62701"},
    {
        "address.street": "Failed to Provide",
        "address.city": "Tucson",
        "address.state": "AZ",
        "address.zip": "85701",
    },
    {"address.street": "Main St", "address.city": "Eugene", "address.state": "OR", "address.zip": "97401"},
    {"address.number": "1200", "address.city": "Boise", "address.state": "ID", "address.zip": "83702"},
    {"address.street": "County Jail"},
    {
        "address.number": "99999",
        "address.street": "Unknown",
        "address.city": "Unknown",
        "address.zip": "99999",
    },
    {"address.number": "410", "address.street": "Oak Ave"},
)
"""What stood, or would have passed, as an address: words that say there is none, bare codes, places without number or street."""

NO_ADDRESS: dict[str, str] = {name: "" for name in COLUMNS if name.startswith("address.")}
ADDRESS_COLUMNS: tuple[str, ...] = tuple(NO_ADDRESS)


def _rows(
    filed: Sequence[Filed], officers: Sequence[str], changes: Sequence[Mapping[str, str]] = ()
) -> list[dict[str, str]]:
    """Make lines that would be in order about people on record, then change them one by one."""
    rows = [request_row(number, Ask(one.fields, RECENT), officers) for number, one in enumerate(filed)]
    return [row | dict(changes[n]) if changes else row for n, row in enumerate(rows)]


def _ingredients(
    name: str,
    story: str,
    raw: bytes,
    official: str,
    office: str,
    officers: tuple[str, ...],
    expected: Expected,
) -> Ingredients:
    return Ingredients(
        name, story, f"{name}.csv", raw, form_of(official, office), official, officers, expected
    )


def placeholders(filed: Sequence[Filed]) -> Ingredients:
    """1: words, codes and fragments where the address should be."""
    rows = _rows(filed[:12], people.OFFICERS, [NO_ADDRESS | change for change in PLACEHOLDERS])
    return _ingredients(
        "placeholders",
        "Words and codes stand where the address should be, such as “Failed to Provide” beside a ZIP code.",
        to_csv(rows, COLUMNS),
        people.FRAUD_HEAD,
        "agency-head",
        people.OFFICERS,
        Expected("", REFUSED, frozenset({"223"}), 0),
    )


def number_instead(filed: Sequence[Filed]) -> Ingredients:
    """2: the right taxpayer number, and no address at all."""
    numbers = [{"taxpayer_number": one.taxpayer_number} for one in filed[:12]]
    rows = _rows(filed[:12], people.OFFICERS, numbers)
    columns = [name for name in COLUMNS if name not in ADDRESS_COLUMNS]
    return _ingredients(
        "number-instead-of-address",
        "Every line states the right taxpayer number and no address. A number can corroborate, never stand in.",
        to_csv(rows, columns),
        people.FRAUD_HEAD,
        "agency-head",
        people.OFFICERS,
        Expected("", RETURNED, frozenset({"222"}), 0),
    )


def one_official(filed: Sequence[Filed]) -> Ingredients:
    """3: one official is named as the engaged officer of every line, attests nothing, and holds no office of the closed list."""
    rows = _rows(filed[:12], (people.ASSISTANT_DIRECTOR,))
    return _ingredients(
        "one-official-for-all",
        "One official is named as personally and directly engaged in every matter; no officer signed a line.",
        to_csv(rows, COLUMNS),
        people.ASSISTANT_DIRECTOR,
        "assistant-director",
        (),
        Expected("", REFUSED, frozenset({"228", "229"}), 0),
    )


def bad_envelope(filed: Sequence[Filed]) -> Ingredients:
    """4: the line file is exchanged for another after the cover request was signed."""
    rows = _rows(filed[:6], people.OFFICERS)
    more = _rows(filed[:12], people.OFFICERS)
    signed = _ingredients(
        "exchanged-after-signing",
        "The line file was exchanged for a longer one after the head of the agency had signed.",
        to_csv(rows, COLUMNS),
        people.FRAUD_HEAD,
        "agency-head",
        people.OFFICERS,
        Expected("103", NO_LETTERS, frozenset({"103"}), 0),
    )
    return replace(signed, swapped_after_signing=to_csv(more, COLUMNS))


def open_finding(filed: Sequence[Filed]) -> Ingredients:
    """5: everything is in order but the agency's safeguards, on which a finding is open."""
    rows = _rows(filed[12:18], (people.CLAIMS_OFFICER,))
    return _ingredients(
        "open-safeguard-finding",
        "The requests are in order; the agency has an open safeguard finding, and safeguards are a condition.",
        to_csv(rows, COLUMNS),
        people.CLAIMS_HEAD,
        "agency-head",
        (people.CLAIMS_OFFICER,),
        Expected("", REFUSED, frozenset({"504"}), 0),
    )


def expired_agreement(filed: Sequence[Filed]) -> Ingredients:
    """5, the other form: everything is in order but the agency's agreement, which ran out."""
    rows = _rows(filed[18:24], (people.JUSTICE_OFFICER,))
    return _ingredients(
        "expired-agreement",
        "The requests are in order; the agency's agreement ran out on 31 March 2026.",
        to_csv(rows, COLUMNS),
        people.JUSTICE_OFFICIAL,
        "assistant-attorney-general",
        (people.JUSTICE_OFFICER,),
        Expected("", REFUSED, frozenset({"503"}), 0),
    )


def people_to_name(asked_at: Collection[str] = ()) -> tuple[Filed, ...]:
    """Return the people on record whom the deficient submissions name; nobody at an address in ``asked_at``."""
    return people_on_record(PEOPLE, asked_at)


def deficient(filed: Sequence[Filed]) -> tuple[Ingredients, ...]:
    """Return the five deficient submissions in order."""
    return (
        placeholders(filed),
        number_instead(filed),
        one_official(filed),
        bad_envelope(filed),
        open_finding(filed),
    )
