"""The counts of the annual report to the public, 26 U.S.C. 6103(p)(3)(C): per agency, for one calendar year; numbers only.

What is counted, and how. A *request* is a request line: the statute asks for one per taxpayer; refused ones count too,
(p)(3)(A). An *instance of disclosure* is an answer that made something of a record known, (b)(8): an address released and an
address confirmed alike. An answer under seal that says nothing, because nobody matched or because it may not be told, is
counted apart as an *answer that tells nothing*: whether such a silence discloses is for counsel, and a reader can add the columns.
A *taxpayer* is a distinct record about which something was told, known here only by its keyed fingerprint.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from lawgate.domain.kept import Accounting
from lawgate.domain.steps import AnswerKind

NOTE = (
    "A request is one request line, whatever became of it. An instance of disclosure is an answer that released or confirmed an "
    "address; both make return information known (6103(b)(8)). Answers under seal that say nothing are counted apart. "
    "Taxpayers are distinct records about which something was told."
)


@dataclass(frozen=True, slots=True)
class AgencyYear:
    """One agency's line of the report; ``purposes`` counts its answers by purpose code."""

    agency: str
    requests: int
    disclosures: int
    taxpayers: int
    telling_nothing: int
    authorities: tuple[str, ...]
    purposes: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class AnnualReport:
    """The report of one calendar year (UTC), agencies in alphabetical order, with the totals.

    ``taxpayers`` is over all agencies: somebody asked about by two of them is one taxpayer. ``not_accounted`` are answers on grounds that
    (p)(3)(A) excepts, or of other titles, which are in none of the other counts.
    """

    year: int
    agencies: tuple[AgencyYear, ...]
    requests: int
    disclosures: int
    taxpayers: int
    telling_nothing: int
    not_accounted: int = 0
    note: str = NOTE


def annual_report(
    year: int,
    requests: Mapping[str, int],
    rows: Sequence[Accounting],
    kinds: Mapping[str, AnswerKind],
    left_out: Collection[str] = (),
) -> AnnualReport:
    """Count one year. ``requests`` is the number of request lines received in that year by agency; ``rows`` may cover other
    years; ``kinds`` says by answer id what each answer was. An answer of unknown kind counts as a disclosure. Rows of the grounds
    ``left_out`` are counted apart."""
    of_the_year = [row for row in rows if row.disclosed_at.year == year]
    mine = [row for row in of_the_year if row.pack not in left_out]
    told = [row for row in mine if kinds.get(row.answer) is not AnswerKind.NO_ANSWER]
    agencies = sorted(set(requests) | {row.agency for row in mine})
    lines = tuple(_agency(name, requests.get(name, 0), mine, told) for name in agencies)
    return AnnualReport(
        year=year,
        agencies=lines,
        requests=sum(line.requests for line in lines),
        disclosures=len(told),
        taxpayers=len({row.subject for row in told}),
        telling_nothing=len(mine) - len(told),
        not_accounted=len(of_the_year) - len(mine),
    )


def _agency(agency: str, requests: int, rows: Sequence[Accounting], told: Sequence[Accounting]) -> AgencyYear:
    mine = [row for row in rows if row.agency == agency]
    heard = [row for row in told if row.agency == agency]
    return AgencyYear(
        agency=agency,
        requests=requests,
        disclosures=len(heard),
        taxpayers=len({row.subject for row in heard}),
        telling_nothing=len(mine) - len(heard),
        authorities=tuple(sorted({row.authority for row in mine})),
        purposes=Counter(row.purpose_code for row in mine),
    )
