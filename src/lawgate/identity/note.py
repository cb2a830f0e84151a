"""Tells what somebody wrote about a person, a form or a place without a house from the name of a street or place.

Law F-1, F-2. The words of a sentence name no street; nor do stations, distances, counted things and crossings of two streets.
"""

from __future__ import annotations

import re

from lawgate.identity.fold import words
from lawgate.identity.measure import is_counted
from lawgate.identity.placeholder import LOUD
from lawgate.identity.usps import DIRECTIONALS, ORDINAL, STRONG, SUFFIXES

SENTENCE = frozenset(
    words(
        "WAS WERE BEEN HAS HAVE HAD DOES DID LIVES LIVED STAYS STAYED STAYING CALLED SAID SAYS TOLD WENT HE SHE THEY WE HIS HIM THEIR YOUR OUR YOU "
        "WHO WHOM WHERE WHEN WHICH SURE UNSURE MAYBE BECAUSE BUT SINCE UNTIL WHILE ANY SOME SOMEONE ANYONE PEOPLE KNOW KNOWS GIVE GIVEN GAVE "
        "PROVIDE PROVIDED PROVIDES STATED SUBJECT RESPONDENT DEFENDANT CLAIMS CLAIMED REPORTED REPORTEDLY ALLEGEDLY RESIDES RESIDED RESIDING SLEEPS "
        "SLEEPING CANNOT CANT DONT DOESNT DIDNT WONT ISNT WASNT HASNT UNABLE UNVERIFIED UNCONFIRMED VERIFIED VERIFY INCORRECT UNDELIVERABLE ASKED SEEN "
        "ARRESTED SOMETHING NOTHING WITHOUT NOT TOWARD TOWARDS POSSIBLY PROBABLY FORMERLY PREVIOUSLY CURRENTLY "
        "VIVE VIVIA RESIDE ESTABA DIJO TIENE SABE CONOCE DICE SIN NINGUN PROPORCIONADO PROPORCIONADA PROPORCIONO RECUERDA RECUERDO TIA TIO HERMANO HERMANA AMIGO AMIGA PRIMO"
    )
)
"""Words of a sentence, which are no part of a street's or a town's name."""

# Words beside an address that put it somewhere else, at another time, or in doubt.
SUSPECT = LOUD | frozenset(
    words(
        "NEAR BEHIND ACROSS NEXT BESIDE OPPOSITE CORNER BETWEEN FORMERLY FORMER PREVIOUS PREVIOUSLY MOVED VACANT AROUND POSSIBLY MAYBE PROBABLY ALLEGEDLY "
        "OR NOT NO CERCA ATRAS ESQUINA FRENTE DETRAS LAST PRIOR EX DEPORTED REMOVED UNVERIFIED INCORRECT WRONG BAD INVALID UNDELIVERABLE RETURNED TEMPORARY "
        "VISITING STAYING SOMEWHERE INTERSECTION APPROXIMATELY APPROX LIVED USED MILES BLOCKS OUTSIDE DECEASED ABANDONED DEMOLISHED OLD FALSE FAKE EVICTED "
        "EXACT UNSURE BELIEVED SUSPECTED RELOCATED ABSCONDED SOLD PHONE TEL TELEPHONE CELL FAX EMAIL SSN DOB ALIEN CASE FILE"
    )
)

_NO_VOWEL = re.compile("[B-DF-HJ-NP-TV-XZ]+")
_KEYBOARD = re.compile(r"SDF|DFG|GHJ|HJK|JKL|ZXC|XCV|CVB|VBN|BNM|QWE|WERT|UIOP|ASDA|([A-Z])\1\1")
_ROMAN = re.compile("[IVX]+")
_LANES = frozenset(words("STREET STREETS ROAD ROADS"))
# Suffixes that are also places, where what stands before them says of what kind: a labor camp, a fire station, somebody's place.
_PLACES = frozenset(
    words(
        "STATION CAMP MISSION CENTER CTR CENTRE PARK MALL CROSSING PORT LODGE CLUB VILLAGE PLACE COURT GARDEN GARDENS FIELD FORT HAVEN"
    )
)
_KINDS_OF_PLACES = frozenset(
    words(
        "FIRE BUS TRAIN GREYHOUND POLICE GAS AMTRAK METRO SUBWAY RAILWAY BORDER WEIGH SERVICE POWER PATROL LABOR MIGRANT RESCUE GOSPEL STATE SHOPPING "
        "JUVENILE PROCESSING REST TRUCK HOMELESS MEDICAL HEALTH YOUTH VISITOR VISITORS RECEPTION INTAKE TRANSIT TRAILER RV HOME NATIONAL REFUGEE RESIDENTIAL "
        "WORK TENT BOOT TREATMENT REHAB REHABILITATION RECOVERY CRISIS HOLDING TRANSFER STAGING DISTRICT COUNTY MUNICIPAL SUPERIOR FEDERAL IMMIGRATION TRAFFIC "
        "FAMILY CONVENTION SENIOR NURSING GRANDMAS GRANDPAS MOTHERS MOMS FATHERS DADS SISTERS BROTHERS FRIENDS AUNTS UNCLES COUSINS GIRLFRIENDS BOYFRIENDS MY PUBLIC LOCAL NEARBY DOG SKATE AMUSEMENT OFFICE TRIBAL BASKETBALL VOLLEYBALL SQUASH"
    )
)
_DISTANCES = frozenset(
    words(
        "BLK BLKS BLOCK BLOCKS MILE MILES YARDS FEET METERS METROS CUADRAS MINUTES HOURS HOUSES DOORS KILOMETERS"
    )
)
_FROM = frozenset(words("OF FROM PAST AWAY DOWN UP BEFORE AFTER DE"))
# Things whose last word is also a suffix.
_COMPOUNDS = tuple(
    tuple(pair.split())
    for pair in """HARD DRIVE;DISK DRIVE;FLASH DRIVE;TEST DRIVE;WHEEL DRIVE;NO WAY;ONE WAY;ANY WAY;EITHER WAY;HALF WAY;ON WAY;RIGHT OF WAY;SIDE WALK;CROSS WALK;TAX COURT;
FOOD COURT;SUPREME COURT;CIRCUIT COURT;DRUG COURT;CRIMINAL COURT;CIVIL COURT;PROBATE COURT;TENNIS COURT;APPEALS COURT;BANKRUPTCY COURT;NIGHT COURT;COUNTY COURT;CITY COURT;
JUSTICE COURT;TOWN COURT;PARKING PLACE;MEETING PLACE;HIDING PLACE;SOME PLACE;BIRTH PLACE;NO PLACE;THIS PLACE;OIL FIELD;OIL WELL;AIR FIELD;BALL FIELD;BALL PARK;CAR PARK;
THEME PARK;TRAILER PARK;RV PARK;HOME PARK;TAX UNION;CREDIT UNION;LABOR UNION;SOVIET UNION;STUDENT UNION;HOME RUN;DRY RUN;TRIAL RUN;SKI RUN;DEATH ROW;FRONT ROW;
RACE TRACK;BUS PASS;DAY PASS;BOARDING PASS;FIRE WALL;SEA WALL;BORDER WALL;PRISON WALL;ROAD TRIP;POST ROAD TRIP;RAIL ROAD;OFF RAMP;ON RAMP;EXIT RAMP;HOUSE KEY;HIGH SPRING;
CIVIL UNION;UNDER GROUND;BURIAL GROUNDS;FISHING PIER;SWIMMING HOLE;RIVER BANK;CAR KEY;SPARE KEY;GATE KEY;ROOM KEY;WATER WELL;DIRT ROAD;GRAVEL ROAD;PAVED ROAD;SIDE STREET;CITY STREET;BACK ROAD;
HIGH COURT;CITY PARK;STATE PARK;GOLF COURSE;SKI TRAIL;CREEK BANK;TREE LINE""".replace("\n", "").split(";")
)
_MONTHS = frozenset(words("MARCH APRIL MAY JUNE JULY AUGUST"))
_NO_NAMES = frozenset(words("OR FROM AWAY BEHIND NEAR ACROSS BETWEEN OPPOSITE BESIDE"))
_NO_OPENINGS = frozenset(words("TO AND OF IN AT ON FROM BY WITH FOR UNDER OUT OFF"))
_SOMETIMES = frozenset(("MILE", "BLOCK"))
_CROSSING = frozenset(("AND", "Y"))


def is_note(tokens: tuple[str, ...] | list[str]) -> bool:
    """Say whether the words, in a street's place, are something else: a station, a distance, something counted, a crossing, a sentence."""
    first, last = tokens[0], tokens[-1]
    if is_sentence(tokens) or any(map(is_gibberish, tokens)):
        return True
    if first in _NO_OPENINGS or _NO_NAMES.intersection(tokens) or (first in _MONTHS and len(tokens) == 1):
        return True
    if LOUD.intersection(tokens) and "SOLDIER" not in tokens and "SOLDIERS" not in tokens:
        return True
    closed = last in SUFFIXES
    if is_counted(tokens):
        return True
    return _is_place(tokens) or _is_distance(tokens, closed) or _is_crossing(tokens)


def is_sentence(tokens: tuple[str, ...] | list[str]) -> bool:
    """Say whether words of a sentence are among these."""
    return not SENTENCE.isdisjoint(tokens)


def is_gibberish(token: str) -> bool:
    """Say whether a word is none: four consonants and no vowel, keys side by side, one letter three times."""
    if token in SUFFIXES or not token.isalpha():
        return False
    if len(token) > 3 and _NO_VOWEL.fullmatch(token):
        return True
    return bool(_KEYBOARD.search(token)) and not _ROMAN.fullmatch(token)


def _is_place(tokens: tuple[str, ...] | list[str]) -> bool:
    if tokens[0] == "CORNER" and len(tokens) > 2:
        return True
    if len(tokens) > 2 and tokens[-1] == "CORNER" and tokens[-2] in STRONG:
        return True
    if tokens[0] == "THE" and len(tokens) == 2 and tokens[1] in _LANES:
        return True
    core = tuple(t for t in tokens if t not in DIRECTIONALS)
    if (
        core in _COMPOUNDS
        or (*core[:-1], core[-1].removesuffix("S") if core else "") in _COMPOUNDS
        or (len(tokens) > 1 and tokens[-1] in ("ROUTE", "RTE"))
    ):
        return True
    if "REST AREA" in " ".join(tokens) or " ".join(tokens[-2:]) == "SKID ROW":
        return True
    return len(tokens) > 1 and tokens[-1] in _PLACES and tokens[-2] in _KINDS_OF_PLACES


def _is_distance(tokens: tuple[str, ...] | list[str], closed: bool) -> bool:
    first = tokens[0]
    if first not in _DISTANCES:
        return False
    if first in ("BLK", "BLKS") or (first == "BLOCK" and len(tokens) > 2):
        return True  # "1200 Blk Elm St" is a block
    if first == "MILE" and closed and sum(t not in DIRECTIONALS for t in tokens) == 2:
        return True  # "8 Mile Rd" is a road without a house
    if len(tokens) == 1 or first not in _SOMETIMES or tokens[1] in _FROM or tokens[1] in DIRECTIONALS:
        return not closed or bool(_FROM.intersection(tokens))
    return False


def _is_crossing(tokens: tuple[str, ...] | list[str]) -> bool:
    ends = [n for n, t in enumerate(tokens) if t in _CROSSING and 0 < n < len(tokens) - 1]
    return any(
        ORDINAL.fullmatch(tokens[n + 1]) or tokens[n - 1] in SUFFIXES or ORDINAL.fullmatch(tokens[n - 1])
        for n in ends
    )
