"""The counts of the annual report to the public, 26 U.S.C. 6103(p)(3)(C): per agency, for one calendar year; numbers only.

What is counted, and how. A *request* is a request line: the statute asks for one per taxpayer; refused ones count too,
(p)(3)(A). An *instance of disclosure* is an answer that made something of a record known, (b)(8): an address released and an
address confirmed alike. An answer under seal that says nothing, because nobody matched or because it may not be told, is
counted apart as an *answer that tells nothing*: whether such a silence discloses is for counsel, and a reader can add the columns.
A *taxpayer* is a distinct record about which something was told, known here only by its keyed fingerprint.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
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

    ``taxpayers`` is over all agencies: somebody asked about by two of them is one taxpayer.
    """

    year: int
    agencies: tuple[AgencyYear, ...]
    requests: int
    disclosures: int
    taxpayers: int
    telling_nothing: int
    note: str = NOTE


def annual_report(
    year: int, requests: Mapping[str, int], rows: Iterable[tuple[Accounting, AnswerKind | None]]
) -> AnnualReport:
    """Count one year. ``requests`` is the number of request lines received in that year by agency; ``rows``, which may cover other
    years, are taken one by one, each with what its answer was. An answer of unknown kind counts as a disclosure."""
    counted: dict[str, _Counting] = {name: _Counting() for name in requests}
    for row, kind in rows:
        if row.disclosed_at.year == year:
            counted.setdefault(row.agency, _Counting()).add(row, told=kind is not AnswerKind.NO_ANSWER)
    lines = tuple(counted[name].line(name, requests.get(name, 0)) for name in sorted(counted))
    return AnnualReport(
        year=year,
        agencies=lines,
        requests=sum(line.requests for line in lines),
        disclosures=sum(line.disclosures for line in lines),
        taxpayers=len(set[bytes]().union(*(each.subjects for each in counted.values()))),
        telling_nothing=sum(line.telling_nothing for line in lines),
    )


class _Counting:
    """One agency's counts so far; records are remembered by digest, short enough for a million."""

    def __init__(self) -> None:
        self.answers = 0
        self.disclosures = 0
        self.subjects: set[bytes] = set()
        self.authorities: set[str] = set()
        self.purposes: Counter[str] = Counter()

    def add(self, row: Accounting, *, told: bool) -> None:
        self.answers += 1
        self.authorities.add(row.authority)
        self.purposes[row.purpose_code] += 1
        if told:
            self.disclosures += 1
            self.subjects.add(hashlib.sha256(row.subject.encode()).digest())

    def line(self, agency: str, requests: int) -> AgencyYear:
        return AgencyYear(
            agency=agency,
            requests=requests,
            disclosures=self.disclosures,
            taxpayers=len(self.subjects),
            telling_nothing=self.answers - self.disclosures,
            authorities=tuple(sorted(self.authorities)),
            purposes=self.purposes,
        )
