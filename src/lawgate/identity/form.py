"""Knows the forms of a street's name: closed by a suffix or number, opened by a kind of street, or a bare name known to be one."""

from __future__ import annotations

import re

from lawgate.identity.country import country_of_words
from lawgate.identity.fold import words
from lawgate.identity.measure import counts, counts_at_end
from lawgate.identity.states import state_of_words
from lawgate.identity.town import is_town
from lawgate.identity.usps import DIRECTIONALS, ROUTES, SUFFIXES

# Words that close a street's name like a suffix, or stand behind it.
_CLOSING = frozenset(words("CONNECTOR POND CUTOFF CORRIDOR BUSINESS BUS"))
# Written out in the middle of a name they end it; "Dr" and "St" may stand for Doctor and Saint.
_ENDING = frozenset(words("STREET ROAD RD AVENUE BOULEVARD BLVD DRIVE LANE LN PARKWAY PKWY"))
_AFTER_ENDING = frozenset(SUFFIXES) | frozenset(DIRECTIONALS) | _CLOSING
_LETTERED = frozenset(("COUNTY RD", "COUNTY HWY", "STATE RTE", "STATE HWY", "HWY"))
_OPENERS = frozenset(
    words(
        "AVE AVENUE BLVD BOULEVARD PLZ PLAZA LOOP CALLE RUE VIA CAMINO CAMINITO PASEO CALLEJON CARR CARRETERA CHALAN VEREDA CORTE CALZADA AVENIDA "
        "KAYEN CERRADA SENDA CIRCULO PLACITA RUTA KRONPRINDSENS"
    )
)
_ISLAND_OPENERS = frozenset(words("URB URBANIZACION BO BARRIO RES COND PARC REPTO EST EXT SECTOR ESTATE"))
_ARTICLES = frozenset(words("LA LAS LOS EL VISTA ST SAINT MT MOUNT FT FORT GLEN GLN LAKE LK ISLE"))
_COMMON = frozenset(
    words(
        "MAIN ELM OAK MAPLE CEDAR PINE WALNUT CHESTNUT CHERRY SPRUCE BIRCH ASH POPLAR WILLOW HICKORY SYCAMORE MAGNOLIA DOGWOOD LAUREL LOCUST "
        "PECAN PEACH APPLE MULBERRY JUNIPER CYPRESS ASPEN HOLLY IVY ROSE WASHINGTON ADAMS JEFFERSON MADISON MONROE JACKSON LINCOLN GRANT CLEVELAND "
        "ROOSEVELT WILSON HARRISON TYLER POLK TAYLOR PIERCE HAYES GARFIELD MCKINLEY KENNEDY FRANKLIN HAMILTON LEE SHERMAN SHERIDAN MARKET MILL "
        "FIRST THIRD FOURTH FIFTH SIXTH SEVENTH EIGHTH NINTH TENTH WATER BRIDGE PEARL SPRING SUMMIT HILL PARK HIGH RIVER "
        "UNION LIBERTY COLUMBIA COMMERCE BEACON SUNSET SUNRISE HIGHLAND VALLEY OCEAN BAY BEACH GOLDEN LOMA"
    )
)
_COMPOUND = re.compile(
    r"[A-Z]{3,}(?:SIDE|WAY|BRIAR|BRIER|LOOK|WOOD|VIEW|CREST|DALE|HURST|RIDGE|BROOK|FIELD|MONT|WALK|GATE)"
)
_NO_COMPOUNDS = frozenset(
    words(
        "OUTSIDE INSIDE ANYWAY HALFWAY ALONGSIDE OVERSIDE RUNAWAY FARAWAY SIDEWALK CROSSWALK ROADSIDE MISTOOK INTERVIEW OVERVIEW PREVIEW AIRFIELD MINEFIELD CORNFIELD BATTLEFIELD PLYWOOD FIREWOOD STAIRWAY DOORWAY HALLWAY "
        "DRIVEWAY RAILWAY SUBWAY RUNWAY GANGWAY ALLEYWAY PATHWAY WALKWAY CATWALK TAILGATE COUNTRYSIDE BEDSIDE CURBSIDE POOLSIDE UPSIDE DOWNSIDE AGGREGATE SURROGATE DELEGATE INVESTIGATE"
    )
)
# Suffixes of places where people gather: a call center and a night club are no streets.
_GATHERING = frozenset(("CTR", "CTRS", "CLB", "STA", "CP", "LDG", "MALL", "MSN", "PRT", "RST"))
_GATHERED = frozenset(
    words(
        "TOWN CIVIC CITY TRADE ROCKEFELLER EMBARCADERO COPLEY GOVERNMENT PENN COUNTRY NICOLLET CAPITOL GRAND PEACHTREE METRO UNIVERSITY RESTON CENTURY GATEWAY GALLERIA EXECUTIVE CORPORATE INDUSTRIAL"
    )
)
_REGIONS = frozenset(words("AMERICA AFRICA ASIA EUROPE COAST SIDE END BORDER TOWN CENTRAL POLE BOUND"))
_ISLANDS = frozenset(("VI", "GU", "AS", "MP", "FM", "MH", "PW"))
_ISLANDS_AND_PR = (*_ISLANDS, "PR", "")
# Streets called by a name without a suffix.
_ALONE = frozenset(
    s.strip()
    for s in """BROADWAY;THE EMBARCADERO;EMBARCADERO;AVENUE OF THE AMERICAS;AVENUE OF THE STARS;AVENUE OF THE CITIES;AVENUE OF THE REPUBLIC;THE ALAMEDA;ALAMEDA;
THE BOWERY;BOWERY;THE STRAND;STRAND;THE PROMENADE;PROMENADE;THE ESPLANADE;ESPLANADE;BOARDWALK;THE BOARDWALK;EL CAMINO REAL;CAMINO REAL;PASEO DEL NORTE;
CENTRAL PARK WEST;CENTRAL PARK SOUTH;CENTRAL PARK E;CENTRAL PARK W;CENTRAL PARK S;PARK AVENUE SOUTH;RIVERSIDE DRIVE WEST;WALL STREET;GRAND CONCOURSE;THE GREEN;
THE FENWAY;FENWAY;RIVERWAY;JAMAICAWAY;MIRACLE MILE;BAYSHORE;GREENWAY;SPEEDWAY;MIDWAY;PARKSIDE;RODEO;LA BREA;LA CIENEGA;PENNSYLVANIA PLAZA;BATTERY PARK PLAZA;CHERRY TREE;THE OAKS;THE PINES;SUNSET STRIP;COUNTRY CLUB;MAIN STREET;THE STRIP""".replace(
        "\n", ""
    ).split(";")
)


def has_form(tokens: tuple[str, ...], state: str) -> bool:
    """Say whether the words have a street's form: closed by a suffix or a number, opened by a kind of street, or a bare name known to be one."""
    if _is_lettered_road(tokens):
        return True
    for place in range(1, len(tokens) - 1):
        if (
            tokens[place] in _ENDING
            and tokens[place + 1].isalpha()
            and tokens[place + 1] not in _AFTER_ENDING
        ):
            return False  # the street ended, and went on
    core = list(tokens)
    while len(core) > 1 and core[-1] in DIRECTIONALS:
        core.pop()
    while len(core) > 1 and core[0] in DIRECTIONALS:
        core.pop(0)
    last = core[-1]
    if len(tokens) > 1 and (last in SUFFIXES or last in _CLOSING):
        return SUFFIXES.get(last) not in _GATHERING or state in _ISLANDS or _is_known_gathering(core)
    if last in ("EDIF", "EDIFICIO") and state == "PR":
        return core[0] in ("RES", "RESIDENCIAL")
    if last[0].isdigit() or (last[-1].isdigit() and len(core) > 1):
        return True
    if (
        len(core) > 1
        and not (core[0] in _OPENERS and counts_at_end(core))
        and (
            core[0] in _OPENERS
            or (core[0] in _ISLAND_OPENERS and state in _ISLANDS_AND_PR)
            or (len(last) == 1 and _ends_with_letter(core))
        )
    ):
        return True
    return _is_bare(core, tokens, state)


def _is_lettered_road(tokens: tuple[str, ...]) -> bool:
    # "County Road ES": the letter roads of Wisconsin and Missouri.
    return tokens[-1].isalpha() and len(tokens[-1]) < 3 and ROUTES.get(" ".join(tokens[:-1])) in _LETTERED


def _is_known_gathering(core: list[str]) -> bool:
    # "Rockefeller Center", "16th Street Mall", "Town Center", "Mill Station": a place called after a street or another suffix.
    return len(core) > 1 and (core[-2] in _GATHERED or core[-2] in SUFFIXES or core[-2][0].isdigit())


def _ends_with_letter(core: list[str]) -> bool:
    # "Avenue B", "County Road B", "Highway 6 A".
    return core[-2] in SUFFIXES or (len(core) > 2 and core[-2][0].isdigit())


def _is_bare(core: list[str], tokens: tuple[str, ...], state: str) -> bool:
    name = " ".join(core)
    if name in _ALONE:
        return True
    if len(core) == 2 and core[0].isdigit() and core[1] == "MILE":
        return state == "MI" and tokens[0] in DIRECTIONALS  # "W 8 Mile": the mile roads of Detroit
    if counts(core):
        return False
    if len(core) == 2 and core[0] == "SO":
        return core[1] in _COMMON  # "So. Cedar"; but not "so far"
    if len(tokens) == 1 and len(state_of_words(name)) == 2 and len(name) > 3:
        return state_of_words(name) != state  # "515 Nevada", but not the line's own state
    whole = " ".join(tokens)
    if (
        len(core) > 3
        or (len(tokens) > 1 and is_town(tokens, state))
        or (len(tokens) > 1 and state_of_words(whole))
        or country_of_words(whole)
    ):
        return False  # the name of a second place
    if core[0] in _ARTICLES or state == "VI":  # where an estate stands for the street
        return len(core) > 1
    if len(core) > 1 and core[0] == "THE":
        core = core[1:]
    if len(core) > 1:
        return False
    # "N Charles" is a street; NE and SE are also words of a sentence in other languages.
    if len(tokens) > len(core) and not {"NE", "SE", "THE"}.intersection(tokens):
        return (
            core[0].isalpha()
            and len(core[0]) > 2
            and core[0] not in _REGIONS
            and not country_of_words(core[0])
        )
    return core[0] in _COMMON or (_COMPOUND.fullmatch(core[0]) is not None and core[0] not in _NO_COMPOUNDS)
