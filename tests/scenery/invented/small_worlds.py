"""Small worlds of records whose alphabets are chosen so that names, addresses and facts meet, nearly meet and contradict."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from lawgate.identity.address import PARTS, read_address, stated_parts
from lawgate.identity.name import stated_name
from lawgate.records.rule import Query, query_of

Row = dict[str, str]
NAME = {
    "given": ["Robert", "Bob", "Rob", "R", "Maria", "María José", "Jose", "Pepe", "J.", "Mary Ann", "Mary", "李", "É", "Robert Jr", "Ø", ""],
    "middle": ["", "", "", "A", "Ann", "Albert", "Jose", "NMN", "É", "Ann Marie", "李"],
    "surname": ["Smith", "SMITH", "Garcia", "García López", "Lopez-Garcia", "De la Cruz", "delacruz", "Smith Lopez", "Smith Jr", "A B C", "C B A",
                "A B C D E", "Garcia A", "Ortega y Gasset", "李", "B A", ""],
    "suffix": ["", "", "", "", "Jr.", "Sr", "II", "Esq", "V"],
}  # fmt: skip
HOME = {
    "number": ["12", "012", "14", "12-A", "12 1/2", "A-17", ""],
    "predirectional": ["", "", "", "N", "North", "?"],
    "street": ["N Main St", "North Main Street", "Main St", "Main St Apt 2", "Calle 5", "PO Box 7", "Rue 3", "٣ Street", "Rue", ""],
    "unit": ["", "", "", "Apt 1", "#1", "2", "Apt 2", "N/A", "?"],
    "box": ["", "", "", "", "PO Box 7", "8", "RR 2 Box 15"],
    "city": ["Springfield", "Springfield", "Chatham", "St. Louis", "Paris", ""],
    "state": ["IL", "IL", "IL", "PR", "", "Ontario", "Quebec"],
    "zip": ["62704", "62704-1234", "62629", "", "00000", "75001"],
    "country": ["", "", "", "US", "France", "Canada", "Atlantis", "CA"],
}  # fmt: skip
FACTS = {
    "birth_date": ["", "", "", "1950-01-02", "1980-05-06", "2021-07-08", "1890-01-01", "19800506", "?", "XXXX", "N/A"],
    "taxpayer_number": ["", "", "", "900701234", "900-70-1234", "900705678", "111111111", "000000001", "12", "*****1234", "?"],
}  # fmt: skip
REST = {"tax_year": ["2019", "2022", "2025", " 2020 "], "bars": ["", "", "601", "601; 602"]}


def draw(rng: Random, part: dict[str, list[str]]) -> Row:
    return {field: rng.choice(values) for field, values in part.items()}


def world(rng: Random) -> list[Row]:
    homes = [draw(rng, HOME) for _ in range(rng.randint(1, 3))]
    names = [draw(rng, NAME) for _ in range(rng.randint(1, 4))]
    rows = []
    for number in range(rng.randint(1, 8)):
        person = rng.choice(names) | draw(rng, FACTS)
        for _ in range(rng.randint(1, 4)):
            row = {
                **person,
                **rng.choice(homes),
                **draw(rng, REST),
                "record_id": f"r{number}",
                "source": "agency",
                "form": "W-2",
            }
            for part, chance in ((NAME, 0.3), (HOME, 0.3), (FACTS, 0.15)):
                if rng.random() < chance:
                    field = rng.choice(sorted(part))
                    row[field] = rng.choice(part[field])
            rows.append(row)
    return rows  # fmt: skip


def request(rng: Random, rows: Sequence[Row]) -> Query:
    """Somebody of that world, mostly as on record, sometimes with a part written by somebody else."""
    asked = dict(rng.choice(rows))
    for part in (NAME, HOME, FACTS):
        for field in rng.sample(sorted(part), rng.choice([0, 0, 0, 1, 1, 2])):
            asked[field] = rng.choice(part[field])
    address = stated_parts(asked)
    if rng.random() < 0.5:
        address = read_address({p: asked[p] for p in PARTS}).parts or address
    return query_of(stated_name(asked), address, asked["birth_date"], asked["taxpayer_number"])
