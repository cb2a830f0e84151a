"""The words the synthetic town is made of: invented combinations of common names, streets and real city, state and ZIP triples."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A city, state and ZIP that belong together."""

    city: str
    state: str
    zip: str


PLACES: tuple[Place, ...] = (
    Place("Springfield", "IL", "62701"),
    Place("Albany", "NY", "12207"),
    Place("Tucson", "AZ", "85701"),
    Place("Columbus", "OH", "43215"),
    Place("Savannah", "GA", "31401"),
    Place("Boise", "ID", "83702"),
    Place("Duluth", "MN", "55802"),
    Place("Santa Fe", "NM", "87501"),
    Place("Eugene", "OR", "97401"),
    Place("Lubbock", "TX", "79401"),
    Place("Portland", "ME", "04101"),
    Place("Fresno", "CA", "93721"),
)

_GIVEN = """
Ada Adam Agnes Ahmed Aisha Alan Alma Amir Ana Andre Anita Arthur Beatriz Bela Bo Boris Bruno Carla Cecil Chloe
Clara Conrad Cora Dalia Dario Della Dina Doris Edith Eino Elias Elif Emil Erik Esme Ezra Farah Felix Fiona Flora
Gemma Gilda Gloria Greta Gus Hana Hanna Hector Helga Hugo Ida Ilse Imani Ines Ingrid Irene Ivan Jada Jasper Joy
Juno Karim Kiran Lara Leif Lena Leo Lia Linh Lola Lorna Luz Magda Maja Marco Marta Mei Milo Mina Nadia Naomi Nils
Nina Noor Olaf Olga Omar Opal Otto Pablo Petra Priya Quinn Rafael Ravi Remy Rhea Rosa Ruth Sami Sanne Selma Simon
Sofia Sven Tala Tara Teo Thea Tove Uma Ursula Vera Viola Wanda Xenia Yara Yusuf Zeno Zoe
"""
GIVEN: tuple[str, ...] = tuple(_GIVEN.split())

NICKNAMES: tuple[tuple[str, str], ...] = (
    ("William", "Bill"),
    ("Robert", "Bob"),
    ("Elizabeth", "Liz"),
    ("Margaret", "Maggie"),
    ("James", "Jim"),
    ("Thomas", "Tom"),
)
"""Given names of one-person households, each with a nickname any list has."""

_PLAIN_SURNAMES = """
Abbott Baker Barlow Bishop Calder Carver Chandler Cole Cooper Dalton Draper Eastman Farley Fisher Fletcher Garner
Gibson Granger Harper Hollis Hooper Ingram Jarvis Keller Kendall Lambert Larkin Mason Mercer Miller Norris Osborne
Palmer Parker Porter Quincy Reeves Sawyer Shaw Sutton Tanner Tucker Turner Vance Walker Warren Weaver Webster
Whitman Yates
"""
PLAIN_SURNAMES: tuple[str, ...] = tuple(_PLAIN_SURNAMES.split())

SHORT_SURNAMES: tuple[str, ...] = (
    "Ng",
    "Li",
    "Ek",
    "Wu",
    "Oh",
    "Fox",
    "Ray",
    "Lum",
    "Poe",
    "Bui",
    "Day",
    "Im",
)

LONG_SURNAMES: tuple[str, ...] = (
    "Papadimitropoulos",
    "Featherstonehaugh",
    "Venkataraghavan",
    "Rattanachaisuwan",
    "Andriamanantena",
    "Schwarzenbacher",
    "Chattopadhyaya",
)

PARTICLE_SURNAMES: tuple[str, ...] = (
    "de la Cruz",
    "van der Berg",
    "al-Hassan",
    "von Stein",
    "Di Marco",
    "El Amrani",
    "St. John",
    "ten Brink",
    "Le Clerc",
)

HYPHEN_SURNAMES: tuple[str, ...] = ("Smith-Jones", "Kim-Park", "Hart-Owens", "Lane-Fuller", "Bell-Nkosi")

DOUBLE_SURNAMES: tuple[str, ...] = (
    "Garcia Marquez",
    "Lopez Ortega",
    "Silva Santos",
    "Herrera Ruiz",
    "Ramos Molina",
    "Vega Campos",
)

DIACRITIC_SURNAMES: tuple[str, ...] = (
    "Müller",
    "Nováková",
    "Béchard",
    "Núñez",
    "Ibáñez",
    "Çelik",
    "Dvořák",
    "Håkansson",
)

APOSTROPHE_SURNAMES: tuple[str, ...] = ("O'Brien", "D'Angelo", "N'Diaye", "O’Hara", "M'Baye")

SURNAME_FORMS: dict[str, tuple[str, ...]] = {
    "plain": PLAIN_SURNAMES,
    "short": SHORT_SURNAMES,
    "long": LONG_SURNAMES,
    "particle": PARTICLE_SURNAMES,
    "hyphen": HYPHEN_SURNAMES,
    "double": DOUBLE_SURNAMES,
    "diacritic": DIACRITIC_SURNAMES,
    "apostrophe": APOSTROPHE_SURNAMES,
}
"""Surnames by how they are written; nothing else about a name is known here or anywhere (I-11)."""

STREETS: tuple[tuple[str, str], ...] = (
    ("", "Main St"),
    ("N", "Oak Ave"),
    ("S", "Oak Ave"),
    ("", "Elm Ct"),
    ("", "Saint Clair Ave"),
    ("W", "Washington Blvd"),
    ("", "Maple Dr"),
    ("E", "Lake Rd"),
    ("", "2nd Ave"),
    ("", "21st St"),
    ("", "Old Mill Ln"),
    ("", "Sunset Ter"),
    ("", "River Pkwy"),
    ("NE", "Pine Cir"),
    ("", "Church Pl"),
    ("", "Calle Luna"),
    ("", "Prospect Hwy"),
    ("", "O'Connor Rd"),
)
"""Predirectional and street as written in the records."""

SPELLED_OUT: dict[str, str] = {
    "St": "Street",
    "Ave": "Avenue",
    "Ct": "Court",
    "Blvd": "Boulevard",
    "Dr": "Drive",
    "Rd": "Road",
    "Ln": "Lane",
    "Ter": "Terrace",
    "Pkwy": "Parkway",
    "Cir": "Circle",
    "Pl": "Place",
    "Hwy": "Highway",
}
"""How the same street is written by somebody who abbreviates nothing."""

DIRECTIONS: dict[str, str] = {"N": "North", "S": "South", "E": "East", "W": "West", "NE": "Northeast"}
