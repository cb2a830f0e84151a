"""A deterministic synthetic town: the same seed gives the same people, households, moves and filings, byte for byte.

Nobody in it exists. Taxpayer numbers have area 900-999 and group 01-49: the Social Security Administration never issues an area
beginning with 9, and the numbers the revenue service itself issues there (ITIN groups 50-65, 70-88, 90-92, 94-99; adoption
numbers 93) all have higher groups. So no number here can belong to anybody.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from random import Random

from invented.names import GIVEN, NICKNAMES, PLACES, STREETS, SURNAME_FORMS, Place

YEARS: tuple[int, ...] = (2019, 2020, 2021, 2022, 2023, 2024)
CROWD = 30
"""How many filers share the one address of the group quarters."""


@dataclass(frozen=True, slots=True)
class Dwelling:
    """One delivery address: number and street (and unit), or a box."""

    number: str
    predirectional: str
    street: str
    unit: str
    box: str
    place: Place


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the town; ``record_id`` is empty for one who never filed and so is on no record."""

    id: str
    given: str
    middle: str
    surname: str
    suffix: str
    born: date
    taxpayer_number: str
    record_id: str
    bars: str = ""


@dataclass(frozen=True, slots=True)
class Household:
    """People who live and move together; ``moves`` says from which year on they live where."""

    id: str
    kind: str
    members: tuple[Person, ...]
    moves: tuple[tuple[int, Dwelling], ...]

    def dwelling(self, year: int) -> Dwelling:
        """Return where they live in a year."""
        return [home for since, home in self.moves if since <= year][-1]


@dataclass(frozen=True, slots=True)
class Filing:
    """One return: who filed (or was reported) from which address for which year."""

    person: Person
    dwelling: Dwelling
    tax_year: int
    source: str
    form: str


@dataclass(frozen=True, slots=True)
class Town:
    """The whole town. ``filings`` is what a record source holds of it."""

    seed: int
    households: tuple[Household, ...]
    filings: tuple[Filing, ...]

    def people(self) -> tuple[Person, ...]:
        """Everybody, household by household, on record or not."""
        return tuple(person for home in self.households for person in home.members)

    def of_kind(self, kind: str) -> tuple[Household, ...]:
        """The households of one kind, in order."""
        return tuple(home for home in self.households if home.kind == kind)

    def filed(self, person: Person) -> tuple[Filing, ...]:
        """One person's filings, oldest first."""
        return tuple(filing for filing in self.filings if filing.person.id == person.id)


KINDS: tuple[tuple[str, int], ...] = (
    ("single", 26),
    ("couple", 22),
    ("two-surnames", 10),
    ("family", 40),
    ("senior-and-junior", 7),
    ("three-generations", 5),
    ("roommates", 8),
    ("flat", 18),
    ("namesake-flat", 6),
    ("box", 6),
    ("rural-route", 2),
    ("nickname", len(NICKNAMES)),
    ("namesake", 8),
    ("group-quarters", 1),
)
"""How many households of each kind; each kind is a phenomenon that matching has to get right."""

MOVING_KINDS = frozenset({"single", "couple", "two-surnames", "family", "three-generations"})


class _Builder:
    """Draws everything from one seeded generator, in one fixed order."""

    def __init__(self, seed: int) -> None:
        self.rng = Random(seed)
        self.people = 0
        self.records = 0
        self.homes = 0
        self.taken: set[tuple[str, str, str]] = set()
        self.shared: tuple[str, str] = ("", "")
        self.building = self.house()
        self.surnames = self._surnames()

    def _surnames(self) -> Iterator[str]:
        """Yield surnames of all written forms in turn, so that each form occurs in any part of the town."""
        decks = [list(names) for names in SURNAME_FORMS.values()]
        for deck in decks:
            self.rng.shuffle(deck)
        turn = 0
        while True:
            for deck in (decks[0], decks[1 + turn % (len(decks) - 1)]):
                yield deck[turn % len(deck)]
            turn += 1

    def house(self, unit: str = "") -> Dwelling:
        """Return a dwelling that nobody lived in before."""
        while True:
            place = self.rng.choice(PLACES)
            predirectional, street = self.rng.choice(STREETS)
            number = str(self.rng.randint(10, 9899))
            if (number, street, place.zip) not in self.taken:
                self.taken.add((number, street, place.zip))
                return Dwelling(number, predirectional, street, unit, "", place)

    def box(self, kind: str) -> Dwelling:
        """Return a post office box or a rural route box nobody had before."""
        number = 100 + len(self.taken)
        self.taken.add((str(number), "box", ""))
        text = f"PO Box {number}" if kind == "box" else f"RR {number % 7 + 1} Box {number}"
        return Dwelling("", "", "", "", text, self.rng.choice(PLACES))

    def flat(self) -> Dwelling:
        """Return the next flat of a building; a new building after every eight."""
        if self.homes % 8 == 0:
            self.building = self.house()
        b = self.building
        unit = f"Apt {self.homes % 8 + 1}{'AB'[self.homes % 2]}"
        return Dwelling(b.number, b.predirectional, b.street, unit, "", b.place)

    def person(
        self,
        surname: str,
        born: tuple[int, int],
        *,
        given: str = "",
        middle: str = "",
        suffix: str = "",
        files: bool = True,
    ) -> Person:
        """Make a person; ``files`` False makes somebody who is on no record."""
        self.people += 1
        self.records += int(files)
        rng = self.rng
        number = f"{rng.randint(900, 999)}{rng.randint(1, 49):02d}{self.people:04d}"
        return Person(
            id=f"P{self.people:04d}",
            given=given or rng.choice(GIVEN),
            middle=middle or rng.choice(("", "", "A", "J", "M", "R", "Lee", "Ann")),
            surname=surname,
            suffix=suffix,
            born=date(rng.randint(*born), rng.randint(1, 12), rng.randint(1, 28)),
            taxpayer_number=number,
            record_id=f"R{self.records:06d}" if files else "",
        )

    def others(self, surname: str, born: tuple[int, int], *, not_given: str, files: bool) -> Person:
        """Make a person whose given name does not begin like ``not_given``, so that an initial still tells them apart."""
        given = self.rng.choice([name for name in GIVEN if name[0] != not_given[0]])
        return self.person(surname, born, given=given, files=files)

    def members(self, kind: str, turn: int) -> tuple[Person, ...]:
        """Make the people of one household."""
        surname = self.shared[1] if kind == "flat" and turn % 3 == 1 else next(self.surnames)
        first = self._first(kind, turn, surname)
        if kind in ("couple", "family"):
            second = self.others(first.surname, (1950, 1990), not_given=first.given, files=turn % 4 != 3)
            children = self.rng.randint(1, 4) if kind == "family" else 0
            return (first, second, *(self._child(first) for _ in range(children)))
        if kind == "two-surnames":
            return (first, self.others(next(self.surnames), (1950, 1990), not_given=first.given, files=True))
        if kind == "senior-and-junior":
            return (
                first,
                self.person(surname, (1976, 1990), given=first.given, middle=first.middle, suffix="Jr"),
            )
        if kind == "three-generations":
            parent = self.others(surname, (1968, 1982), not_given=first.given, files=True)
            return (first, parent, self._child(parent))
        if kind == "roommates":
            return (first, *(self.person(next(self.surnames), (1985, 1999)) for _ in range(2)))
        if kind == "group-quarters":
            return (first, *(self.person(next(self.surnames), (1950, 1999)) for _ in range(CROWD - 1)))
        return (first,)

    def _first(self, kind: str, turn: int, surname: str) -> Person:
        if kind == "nickname":
            return self.person(surname, (1950, 1990), given=NICKNAMES[turn][0])
        if kind == "senior-and-junior":
            return self.person(surname, (1945, 1955), middle="Lee", suffix="Sr")
        if kind in ("namesake", "namesake-flat") and turn % 2:
            return self.person(self.shared[1], (1950, 1990), given=self.shared[0], middle="R")
        first = self.person(surname, (1935, 1990), middle="R" if kind.startswith("namesake") else "")
        self.shared = (first.given, first.surname)
        return first

    def _child(self, parent: Person) -> Person:
        return self.others(parent.surname, (2006, 2018), not_given=parent.given, files=False)

    def moves(self, kind: str, turn: int) -> tuple[tuple[int, Dwelling], ...]:
        """Say where a household lives from when on: three in five of a moving kind move, one in eight twice."""
        if kind in ("flat", "namesake-flat"):
            return ((YEARS[0], self.flat()),)
        if kind in ("box", "rural-route"):
            return ((YEARS[0], self.box(kind)),)
        homes = [(YEARS[0], self.house())]
        if kind in MOVING_KINDS and turn % 5 in (1, 3, 4):
            homes.append((self.rng.choice((2021, 2022)), self.house()))
        if len(homes) > 1 and turn % 4 == 1:
            homes.append((2024, self.house()))
        return tuple(homes)

    def household(self, kind: str, turn: int) -> Household:
        """Make one household with its people and its moves."""
        self.homes += 1
        return Household(f"H{self.homes:03d}", kind, self.members(kind, turn), self.moves(kind, turn))


def build_town(seed: int = 6103) -> Town:
    """Build the town of a seed."""
    builder = _Builder(seed)
    homes = [builder.household(kind, turn) for kind, count in KINDS for turn in range(count)]
    homes = _with_bar(homes)
    rng = Random(seed + 1)
    return Town(seed, tuple(homes), tuple(f for home in homes for f in _filings(home, rng)))


def _with_bar(homes: list[Household]) -> list[Household]:
    """Put a record-side bar on the last single person: a standing determination under 6103(i)(6)."""
    place = max(i for i, home in enumerate(homes) if home.kind == "single")
    home, person = homes[place], homes[place].members[0]
    barred = Person(
        person.id,
        person.given,
        person.middle,
        person.surname,
        person.suffix,
        person.born,
        person.taxpayer_number,
        person.record_id,
        "602",
    )
    homes[place] = Household(home.id, home.kind, (barred,), home.moves)
    return homes


def _filings(home: Household, rng: Random) -> Iterator[Filing]:
    """File for every year, with gaps: some skip 2021, some stop after 2022; a W-2 may lag one year behind a move."""
    for person in home.members:
        gap = rng.random() < 0.12
        stops = rng.random() < 0.08
        employed = rng.random() < 0.6
        lags = rng.random() < 0.3
        for year in YEARS if person.record_id else ():
            if (gap and year == 2021) or (stops and year > 2022):
                continue
            yield Filing(person, home.dwelling(year), year, "taxpayer", "1040")
            if employed:
                seen = (
                    home.dwelling(max(YEARS[0], year - 1))
                    if lags and year < YEARS[-1]
                    else home.dwelling(year)
                )
                yield Filing(person, seen, year, "third-party", "W-2" if year % 2 else "1099-INT")
