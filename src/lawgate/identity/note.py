"""Tells what somebody wrote about a person or a form from the name of a street or town: notes, gibberish, foreign scripts.

Law F-1, F-2. The words of a sentence name no street; a name without a suffix is believed only where it has a name's form.
"""

from __future__ import annotations

import re

from lawgate.identity.fold import words
from lawgate.identity.placeholder import LOUD
from lawgate.identity.places import STREETS_ALONE
from lawgate.identity.usps import DIRECTIONALS, SUFFIXES

SENTENCE = frozenset(
    words(
        "WAS WERE BEEN HAS HAVE HAD DOES DID LIVES LIVED LIVING STAYS STAYED STAYING CALLED SAID SAYS TOLD WENT HE SHE THEY WE HIS HIM THEIR YOUR OUR YOU "
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

_TOWN_NOTES = frozenset(
    words(
        "BAR BAZ PRIVATE SECRET SEALED RESTRICTED CLASSIFIED PROTECTED HIDDEN ANONYMOUS NEITHER NOBODY OTHER OTHERS ETC MISC GENERIC TEMP TEMPORARY ERROR "
        "TRUE YES NOPE NAH HOBO REFUSAL UNCLEAR EXPIRED RETIRED CLEARED TRANSFERRED REQUIRED FUGITIVE ABSENT STREETS UNSTABLE BLOCKED IDEM "
        "NUMBER HOUSE APARTMENT SUITE UNIT PHONE EMAIL NAME ZIP NEAR BEHIND BETWEEN CORNER DOWNTOWN UPTOWN OVERSEAS ABROAD FOREIGN INTERNATIONAL WEB ONLINE "
        "CIUDAD NOCITY NOTOWN WHEREVER PENDIENTE LOCALIDAD LUGAR STADT ORT COMUNE ELSEWHERE EVERYWHERE"
    )
)
_NO_TOWN_OPENS = frozenset(words("OUT IN AT ON FROM TO UNDER WITH OFF NO PREFERS WANTS MY AWAITING WAITING"))
_PARTICIPLE = re.compile(r"[A-Z]{2,}(?:[^REIW]ED|IED|WED|[AI]BLE)")
_TRUE_ABLES = frozenset(
    words("CABLE GABLE SABLE MABLE BIBLE CRIBLE CONSTABLE DUNSTABLE BARNSTABLE VENABLE NOTABLE ABLE")
)
_NO_VOWEL = re.compile("[B-DF-HJ-NP-TV-XZ]+")
_KEYBOARD = re.compile(r"SDF|DFG|GHJ|HJK|JKL|ZXC|XCV|CVB|VBN|BNM|QWE|WERT|UIOP|ASDA|([A-Z])\1\1")
_ROMAN = re.compile("[IVX]+")
_LATIN = re.compile("[A-Z]+")
_OPENERS = frozenset(
    words(
        "CALLE RUE VIA CAMINO CAMINITO PASEO CALLEJON CARR CARRETERA CHALAN VEREDA CORTE CALZADA VISTA AVENIDA PLAZA CERRADA SENDA CIRCULO PLACITA "
        "LA LAS LOS EL URB URBANIZACION BO BARRIO RES COND PARC REPTO EST EXT SECTOR RUTA ESTATE KRONPRINDSENS"
    )
)
_COMMON = frozenset(
    words(
        "MAIN ELM OAK OAKS MAPLE CEDAR PINE PINES WALNUT CHESTNUT CHERRY SPRUCE BIRCH ASH POPLAR WILLOW HICKORY SYCAMORE MAGNOLIA DOGWOOD LAUREL LOCUST "
        "PECAN PEACH APPLE MULBERRY JUNIPER CYPRESS ASPEN HOLLY IVY ROSE TREE GROVE WASHINGTON ADAMS JEFFERSON MADISON MONROE JACKSON LINCOLN GRANT CLEVELAND "
        "ROOSEVELT WILSON HARRISON TYLER POLK TAYLOR PIERCE HAYES GARFIELD MCKINLEY KENNEDY FRANKLIN HAMILTON LEE SHERMAN SHERIDAN CHURCH MARKET MILL "
        "FIRST SECOND THIRD FOURTH FIFTH SIXTH SEVENTH EIGHTH NINTH TENTH CENTER FRONT WATER BRIDGE COLLEGE SCHOOL PEARL SPRING SUMMIT HILL PARK HIGH RIVER "
        "LAKE STATE COURT UNION LIBERTY COLUMBIA COMMERCE BEACON SUNSET STRIP SUNRISE HIGHLAND VALLEY OCEAN BAY BEACH GOLDEN ROCK LOMA"
    )
)
_COMPOUND = re.compile(
    r"[A-Z]{3,}(?:SIDE|WAY|BRIAR|BRIER|LOOK|WOOD|VIEW|CREST|DALE|HURST|RIDGE|BROOK|FIELD|MONT|WALK|GATE)"
)
_NO_COMPOUNDS = frozenset(
    words(
        "OUTSIDE INSIDE ANYWAY HALFWAY ALONGSIDE OVERSIDE RUNAWAY FARAWAY SIDEWALK CROSSWALK ROADSIDE MISTOOK"
    )
)
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
        "FAMILY CONVENTION SENIOR NURSING GRANDMAS GRANDPAS MOTHERS MOMS FATHERS DADS SISTERS BROTHERS FRIENDS AUNTS UNCLES COUSINS GIRLFRIENDS BOYFRIENDS MY"
    )
)
_LEADING = frozenset(("AVE", "BLVD", "PLZ", "ST", "MT", "FT", "LOOP", "GLN", "LK", "ISLE"))
_CLOSING = frozenset(("CONNECTOR", "POND", "CUTOFF", "CORRIDOR"))
_ISLANDS = frozenset(("VI", "GU", "AS", "MP", "FM", "MH", "PW"))


def is_place_without_house(tokens: tuple[str, ...] | list[str]) -> bool:
    """Say whether the words name a station, the streets at large, or what is under or at the corner of something."""
    if (
        tokens[0] in ("UNDER", "OUT", "CORNER")
        and len(tokens) > 1
        and (tokens[0] != "CORNER" or len(tokens) > 2)
    ):
        return True
    if tokens[0] == "THE" and len(tokens) == 2 and tokens[1] in _LANES:
        return True
    if "REST AREA" in " ".join(tokens) or " ".join(tokens[-2:]) == "SKID ROW":
        return True
    return len(tokens) > 1 and tokens[-1] in _PLACES and tokens[-2] in _KINDS_OF_PLACES


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


def is_town_note(tokens: tuple[str, ...] | list[str], at_home: bool) -> bool:
    """Say whether words in a town's place name no town, but say what became of somebody or of the form; at home in our letters."""
    if is_sentence(tokens) or any(is_gibberish(t) or (at_home and not _LATIN.fullmatch(t)) for t in tokens):
        return True
    if len(tokens) > 1:
        return tokens[0] in _NO_TOWN_OPENS or " ".join(tokens) == "UNITED STATES"
    only = tokens[0]
    if only in _TOWN_NOTES or (
        len(only) > 2 and only not in SUFFIXES and _NO_VOWEL.fullmatch(only) is not None
    ):
        return True
    return _PARTICIPLE.fullmatch(only) is not None and only not in _TRUE_ABLES


def has_form_of_street(tokens: tuple[str, ...] | list[str], state: str) -> bool:
    """Say whether the words have the form of a street's name: a suffix, a number, a directional, or a name known to need none."""
    closed = any(t in SUFFIXES or t in _CLOSING for t in tokens[1:]) or SUFFIXES.get(tokens[0]) in _LEADING
    if closed or any(t[0].isdigit() for t in tokens):
        return True
    names = [t for t in tokens if t not in DIRECTIONALS]
    # "N Charles" is a street; NE and SE are also words of a sentence in other languages.
    way = len(names) == 1 and len(tokens) > 1 and not {"NE", "SE"}.intersection(tokens)
    if state in _ISLANDS or way:
        return True
    if tokens[0] in _OPENERS and len(tokens) > 1:
        return True
    plain = names[1:] if len(names) > 1 and names[0] == "THE" else names
    return " ".join(names) in STREETS_ALONE or all(
        t in _COMMON or (_COMPOUND.fullmatch(t) is not None and t not in _NO_COMPOUNDS) for t in plain
    )
