"""Holds the answers as logged against the truth, which nothing but this reads; by people and dwellings, never by the rule's own words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from lawgate.adapters.arrow import Table, arrow, parquet
from lawgate.domain.steps import AnswerKind, Json
from lawgate.rehearsal.exchange import KINDS

ADDRESS_PARTS = ("number", "street", "unit", "box", "zip")
"""What tells two dwellings apart; the truth has them in this order."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer as logged: what it says, about which record (empty if about none), and the address it gives, if any."""

    ordinal: int
    kind: AnswerKind
    record_id: str
    address: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Against:
    """What the answers came to. ``by_kind`` counts lines by kind of line and what was told: R, C, N, or – for not answered.

    ``without_verified_address`` are answers that told something although the record answered from has no return from the dwelling
    stated; ``wrong_person`` those about another record than the line means; ``wrong_address`` released ones that are not the record's.
    ``equal`` are ordinals of lines answered from the record of somebody else who bears the very name and files from the very dwelling stated: the line
    is equal to that record in every datum it states, no rule could know, and so they are listed and counted apart.
    """

    released: int
    confirmed: int
    no_answer: int
    without_verified_address: int
    wrong_person: int
    wrong_address: int
    equal: tuple[int, ...]
    by_kind: Mapping[str, Mapping[str, int]]


class Truth:
    """The truth of one reconstruction, read back from its files."""

    def __init__(self, folder: Path) -> None:
        lines = _read(folder, "lines")
        self._record = lines["record"].to_numpy()
        self._dwelling, self._building = lines["dwelling"].to_numpy(), lines["building"].to_numpy()
        self._whole, self._twin = lines["whole"].to_numpy(), lines["twin"].to_numpy()
        self._kind = lines["kind"].to_numpy()
        addresses = _read(folder, "addresses")
        record, dwelling = addresses["record"].to_numpy(), addresses["dwelling"].to_numpy()
        order = np.argsort(record, kind="stable")
        self._records, self._dwellings = record[order], dwelling[order]
        self._buildings = addresses["building"].to_numpy()[order]
        self._addresses = addresses["address"].combine_chunks().take(arrow.array(order))

    def __len__(self) -> int:
        return len(self._kind)

    def measure(self, answers: Iterable[Answer]) -> Against:
        """Hold every answer against the truth; a line may have one at most (else ValueError)."""
        kinds = list(KINDS)
        told: dict[int, str] = {}
        wrong: Counter[str] = Counter()
        equal: list[int] = []
        counted: Counter[tuple[int, str]] = Counter()
        for answer in answers:
            if answer.ordinal in told:
                raise ValueError("a line was answered twice")
            told[answer.ordinal] = ""
            counted[int(self._kind[answer.ordinal - 1]), answer.kind.value] += 1
            if answer.kind is not AnswerKind.NO_ANSWER:
                wrong.update(self._faults(answer))
                if self._is_equal(answer):
                    equal.append(answer.ordinal)
        every = Counter(self._kind.tolist())
        by_kind = {
            name: {letter: counted[n, letter] for letter in "RCN"}
            | {"–": every[n] - sum(counted[n, letter] for letter in "RCN")}
            for n, name in enumerate(kinds)
        }
        totals = {letter: sum(found[letter] for found in by_kind.values()) for letter in "RCN"}
        return Against(
            totals["R"],
            totals["C"],
            totals["N"],
            wrong["address"],
            wrong["person"],
            wrong["released"],
            tuple(sorted(equal)),
            by_kind,
        )

    def _faults(self, answer: Answer) -> Iterable[str]:
        record = int(answer.record_id.removeprefix("R"))
        line = answer.ordinal - 1
        if record not in (self._record[line], self._twin[line]):
            yield "person"
        start, end = np.searchsorted(self._records, [record, record + 1])
        filed = self._dwellings if self._whole[line] else self._buildings
        stated = self._dwelling[line] if self._whole[line] else self._building[line]
        if stated < 0 or stated not in filed[start:end]:
            yield "address"
        if answer.kind is AnswerKind.RELEASED:
            given = "|".join(str(answer.address.get(name, "")) for name in ADDRESS_PARTS)
            if given not in self._addresses[start:end].to_pylist():
                yield "released"

    def _is_equal(self, answer: Answer) -> bool:
        line, record = answer.ordinal - 1, int(answer.record_id.removeprefix("R"))
        return bool(record == self._twin[line] != self._record[line])

    def kind_of(self, ordinal: int) -> str:
        """Return what kind of line this is."""
        return list(KINDS)[int(self._kind[ordinal - 1])]


def _read(folder: Path, name: str) -> Table:
    return arrow.concat_tables(
        [parquet.read_table(path) for path in sorted(folder.glob(f"{name}-*.parquet"))]
    )
