"""What requesters of the rehearsal write: a hundred requests about people of the town, each kind of difficulty among them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from random import Random

from invented.names import DIRECTIONS, GIVEN, NICKNAMES, PLACES, SPELLED_OUT
from invented.town import Dwelling, Household, Person, Town
from lawgate.domain.steps import AnswerKind

R, C, N = AnswerKind.RELEASED, AnswerKind.CONFIRMED, AnswerKind.NO_ANSWER


@dataclass(frozen=True, slots=True)
class Ask:
    """One request about somebody as the requester knows them, and what the right answer is.

    ``fields`` are request-line members by dotted name; ``periods`` the years asked for; ``released`` the dwelling a release gives.
    """

    phenomenon: str
    kind: AnswerKind
    person: Person
    fields: Mapping[str, str]
    periods: tuple[int, ...]
    released: Dwelling | None = None


def stated(person: Person, home: Dwelling, **changes: str) -> dict[str, str]:
    """Write a person at a dwelling as the fields of a request line; ``changes`` (name with ``_`` for the dot) replace some."""
    fields = {
        "name.given": person.given,
        "name.middle": person.middle,
        "name.surname": person.surname,
        "name.suffix": person.suffix,
        "address.number": home.number,
        "address.predirectional": home.predirectional,
        "address.street": home.street,
        "address.unit": home.unit,
        "address.box": home.box,
        "address.city": home.place.city,
        "address.state": home.place.state,
        "address.zip": home.place.zip,
        "address.country": "US",
    }
    return fields | {name.replace("_", ".", 1): value for name, value in changes.items()}


def rewritten(home: Dwelling) -> dict[str, str]:
    """The same delivery line as somebody else writes it: spelled out, in capitals, direction inside the street, unit as ``#``."""
    words = home.street.split()
    words[-1] = SPELLED_OUT.get(words[-1], words[-1])
    if home.predirectional:
        words.insert(0, DIRECTIONS[home.predirectional])
    return {
        "address.predirectional": "",
        "address.street": " ".join(words).upper(),
        "address.unit": home.unit.replace("Apt ", "#"),
        "address.city": home.place.city.upper(),
    }


def plain_letters(text: str) -> str:
    """Write a name as a form without accents does: no diacritics, straight apostrophe, spaces for hyphens."""
    table = str.maketrans("üáéúñÇřåýž’-", "uaeunCrayz' ")
    return text.translate(table)


class Pools:
    """The town's people sorted by what can be asked about them; each household is asked about in one role only."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.rng = Random(town.seed + 2)
        self.used: set[str] = set()

    def take(
        self, count: int, wanted: Callable[[Household, Person], bool]
    ) -> Iterator[tuple[Household, Person]]:
        """Take ``count`` people from households not used yet. Raises ValueError if the town has too few."""
        found = 0
        for home in self.town.households:
            if found == count:
                return
            person = next((p for p in home.members if wanted(home, p)), None)
            if person is not None and home.id not in self.used:
                self.used.add(home.id)
                found += 1
                yield home, person
        if found < count:
            raise ValueError("the town is too small for this mix")

    def files_to_the_end(self, person: Person) -> bool:
        """Say whether the person filed for each of the last three years from one address that year, and no bar stands."""
        filed = {f.tax_year for f in self.town.filed(person) if f.source == "taxpayer"}
        return {2022, 2023, 2024} <= filed and not person.bars

    def settled(self, home: Household, person: Person) -> bool:
        """Say whether the person is on record at one address for all years."""
        return len(home.moves) == 1 and self.files_to_the_end(person)

    def moved(self, home: Household, person: Person) -> bool:
        """Say whether the person is on record at more than one address, the last for all of 2024."""
        return len(home.moves) > 1 and self.files_to_the_end(person)


RECENT = (2022, 2023, 2024)
GENERAL = frozenset({"single", "couple", "two-surnames", "family", "three-generations", "flat"})


def hundred_asks(town: Town) -> tuple[Ask, ...]:
    """Return the 100 requests of the well-formed submission, shuffled, always the same for the same town."""
    pools = Pools(town)
    parts: tuple[Callable[[Pools], Iterable[Ask]], ...] = (
        _nothing_to_tell,
        _special_names,
        _special_homes,
        _wrong_particulars,
        _not_on_record,
        _moved,
        _current,
    )
    asks = [ask for part in parts for ask in part(pools)]
    pools.rng.shuffle(asks)
    return tuple(asks)


def _confirm(phenomenon: str, home: Household, person: Person, changes: Mapping[str, str]) -> Ask:
    return Ask(phenomenon, C, person, stated(person, home.dwelling(2024)) | dict(changes), RECENT)


def _refrain(phenomenon: str, home: Household, person: Person, changes: Mapping[str, str]) -> Ask:
    return Ask(phenomenon, N, person, stated(person, home.dwelling(2024)) | dict(changes), RECENT)


def _special_names(pools: Pools) -> Iterator[Ask]:
    """Nicknames, an initial, accents left out, double surnames turned round, Sr and Jr told apart."""
    short = dict(NICKNAMES)
    for home, person in pools.take(3, lambda h, p: h.kind == "nickname" and pools.settled(h, p)):
        yield _confirm("nickname", home, person, {"name.given": short[person.given]})
    for home, person in pools.take(1, lambda h, p: h.kind == "single" and pools.files_to_the_end(p)):
        yield _confirm("initial", home, person, {"name.given": person.given[0]})
    accented = pools.take(
        4, lambda h, p: h.kind in GENERAL and pools.settled(h, p) and plain_letters(p.surname) != p.surname
    )
    for home, person in accented:
        yield _confirm("other letters", home, person, {"name.surname": plain_letters(person.surname)})
    double = {"Garcia Marquez", "Lopez Ortega", "Silva Santos", "Herrera Ruiz", "Ramos Molina", "Vega Campos"}
    for home, person in pools.take(
        2, lambda h, p: h.kind in GENERAL and p.surname in double and pools.files_to_the_end(p)
    ):
        yield _confirm(
            "double surname turned",
            home,
            person,
            {"name.surname": " ".join(reversed(person.surname.split()))},
        )
    for home, person in pools.take(2, lambda h, p: p.suffix == "Jr" and pools.settled(h, p)):
        yield _confirm("suffix stated", home, person, {})


def _special_homes(pools: Pools) -> Iterator[Ask]:
    """Boxes, and delivery lines written another way."""
    for home, person in pools.take(2, lambda h, p: h.kind == "box" and pools.settled(h, p)):
        yield _confirm("box", home, person, {})
    for home, person in pools.take(6, lambda h, p: h.kind in GENERAL and pools.settled(h, p)):
        yield _confirm("written another way", home, person, rewritten(home.dwelling(2024)))


def _wrong_particulars(pools: Pools) -> Iterator[Ask]:
    """Right name and address, but something stated contradicts: nobody may be told."""
    for home, person in pools.take(2, lambda h, p: h.kind in GENERAL and pools.settled(h, p)):
        wrong = replace(person, born=person.born.replace(year=person.born.year - 9))
        yield _refrain("birth date contradicts", home, person, {"birth_date": wrong.born.isoformat()})
    for home, person in pools.take(2, lambda h, p: h.kind in GENERAL and pools.settled(h, p)):
        other = person.taxpayer_number[:5] + person.taxpayer_number[:4]
        yield _refrain("taxpayer number contradicts", home, person, {"taxpayer_number": other})
    for home, person in pools.take(2, lambda h, p: p.suffix == "Sr" and pools.settled(h, p)):
        yield _refrain("suffix not stated", home, person, {"name.suffix": ""})
    for home, person in pools.take(2, lambda h, p: h.kind == "namesake-flat" and pools.settled(h, p)):
        pools.used.update(
            h.id for h in pools.town.of_kind("namesake-flat") if h.members[0].given == person.given
        )
        yield _refrain("two flats, unit not stated", home, person, {"address.unit": ""})


def _not_on_record(pools: Pools) -> Iterator[Ask]:
    """Household members and namesakes who are not the person on record, strangers, and unknown addresses."""
    for home, person in pools.take(
        4, lambda h, p: h.kind in GENERAL and not p.record_id and p.born.year < 2008
    ):
        yield _refrain("household member not on record", home, person, {})
    for home, person in pools.take(3, lambda h, p: h.kind == "namesake" and pools.settled(h, p)):
        yield _refrain("namesake elsewhere", home, person, _nobodys_house(pools, int(home.id[1:])))
    for home, person in pools.take(3, lambda h, p: h.kind in GENERAL and pools.files_to_the_end(p)):
        given = next(name for name in GIVEN if name[0] != person.given[0])
        yield _refrain(
            "stranger at a known address", home, person, {"name.given": given, "name.surname": "Zimmerman"}
        )
    for home, person in pools.take(3, lambda h, p: h.kind in GENERAL and pools.files_to_the_end(p)):
        yield _refrain("address not on record", home, person, _nobodys_house(pools, 500 + int(home.id[1:])))
    for home, person in pools.take(1, lambda h, p: h.kind in GENERAL and pools.files_to_the_end(p)):
        elsewhere = next(p for p in PLACES if p.state != home.dwelling(2024).place.state)
        moved = {
            "address.city": elsewhere.city,
            "address.state": elsewhere.state,
            "address.zip": elsewhere.zip,
        }
        yield _refrain("same street, other city", home, person, moved)


def _nobodys_house(pools: Pools, number: int) -> dict[str, str]:
    """An address where nobody of the town ever lived: house numbers there begin at 10 and never reach 9900."""
    place = PLACES[number % len(PLACES)]
    home = Dwelling(str(9900 + number), "", "Quarry Rd", "", "", place)
    return {k: v for k, v in stated(pools.town.people()[0], home).items() if k.startswith("address.")}


def _nothing_to_tell(pools: Pools) -> Iterator[Ask]:
    """A crowd at one address, a standing determination, and no return in the requested periods."""
    for home, person in pools.take(1, lambda h, p: h.kind == "group-quarters" and pools.settled(h, p)):
        yield _refrain("address of many filers", home, person, {})
    for home, person in pools.take(1, lambda h, p: bool(p.bars)):
        yield _refrain("determination stands", home, person, {})
    silent = pools.take(2, lambda h, p: len(h.moves) > 1 and bool(p.record_id) and _skipped(pools, p))
    for home, person in silent:
        yield Ask("no return in the periods", N, person, stated(person, home.dwelling(2019)), (2021,))


def _skipped(pools: Pools, person: Person) -> bool:
    return all(f.tax_year != 2021 for f in pools.town.filed(person)) and pools.files_to_the_end(person)


def _moved(pools: Pools) -> Iterator[Ask]:
    """The requester knows an old address: the newest one from a return in the requested periods is released."""
    for home, person in pools.take(3, lambda h, p: len(h.moves) == 3 and pools.moved(h, p)):
        between = home.dwelling(2023)
        yield Ask(
            "moved twice, middle periods", R, person, stated(person, home.dwelling(2019)), (2023,), between
        )
    for turn, (home, person) in enumerate(
        pools.take(25, lambda h, p: h.kind in GENERAL and pools.moved(h, p))
    ):
        old = home.dwelling(2019)
        changes = rewritten(old) if turn % 5 == 4 else {}
        phenomenon = "moved, written another way" if changes else "moved"
        yield Ask(phenomenon, R, person, stated(person, old) | changes, RECENT, home.dwelling(2024))


def _current(pools: Pools) -> Iterator[Ask]:
    """The requester already has the last known address: it is confirmed and nothing is released."""
    for home, person in pools.take(4, lambda h, p: h.kind in GENERAL and pools.moved(h, p)):
        yield _confirm("moved, new address stated", home, person, {})
    for turn, (home, person) in enumerate(
        pools.take(22, lambda h, p: h.kind in GENERAL and pools.files_to_the_end(p))
    ):
        known: dict[str, str] = {}
        if turn % 6 == 2:
            known["birth_date"] = person.born.isoformat()
        if turn % 6 == 4:
            known["taxpayer_number"] = person.taxpayer_number
        yield _confirm("current", home, person, known)
