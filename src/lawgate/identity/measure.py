"""Tells what a number counts or measures from the name of a street behind it: "30 day extension", "10 minutes walk", "3 copies".

Law F-1. A closed list of words, English and Spanish; where one of them could name a street, only a suffix of a road says that it does.
"""

from __future__ import annotations

from lawgate.identity.fold import words
from lawgate.identity.usps import DIRECTIONALS, ROUTE_WORDS, STRONG, SUFFIXES

# One of what is counted or measured. A few are also names: "Day Rd", "Page Ave", "N Acre Ln".
_ONE = frozenset(
    words(
        "DAY WEEK MONTH YEAR NIGHT DECADE WEEKEND SEMESTER TERM SHIFT SESSION MIN HR SEC WK MO YR MTH "
        "MILE YARD FOOT INCH METER METRE KILOMETER KILOMETRE ACRE HECTARE BLOCK MI KM YD SQFT DEGREE STORY STOREY FLIGHT STAGE PHASE "
        "STEP TON POUND OUNCE GRAM KILO GALLON LITER LITRE QUART PINT LB OZ KG CC ML MG VOLT WATT AMP HORSEPOWER GAUGE CALIBER "
        "DOLLAR CENT EURO MILLION BILLION THOUSAND HUNDRED DOZEN CREDIT RATING PIECE PAIR SET PACK "
        "GB MB TB KB GIGABYTE MEGABYTE TERABYTE BYTE BIT PIXEL MHZ GHZ SPEED K "
        "COPY PAGE FORM SHEET EXHIBIT DOCUMENT PAPER LETTER ENVELOPE STAMP PHOTO PICTURE RECEIPT INVOICE ITEM BAG TICKET PASS RECORD ENTRY FILE "
        "COUNT CHARGE FELONY MISDEMEANOR ARREST WARRANT OFFENSE VIOLATION CONVICTION PRIOR HEARING MOTION NOTICE APPEAL ORDER REQUEST "
        "PERSON CHILD CHILDREN KID ADULT WOMAN MALE FEMALE MEMBER FAMILY GUEST SUSPECT INMATE DETAINEE STUDENT PATIENT "
        "BED BEDROOM BATH BATHROOM CAR ROOM HOUSE HOME UNIT APARTMENT DOOR WHEEL HOLE SEAT TENT VEHICLE TRUCK "
        "JANUARY FEBRUARY SEPTEMBER OCTOBER NOVEMBER DECEMBER "
        "BOND METRO MANANA TARDE NOCHE HIJO TIMES SESSIONS SHEETS POUNDS PAGES ROUNDS BROTHERS SISTERS COUSINS FRIENDS HOMES CABINS BATHS STAGES"
    )
)
# What is said of a thing, as names only before a road's suffix: "1 safe place", "3 talking points"; but "Good Ln".
_DESCRIBED = frozenset(
    words("GOOD BAD NICE BETTER BEST WORSE SAFE KNIFE GUN BULLET TALKING DATA BRICK RETAINING NOON")
)
# These never open a street's name.
_NEVER = frozenset(
    words(
        "MINUTE HOUR SECONDS MINUTES HOURS DAYS WEEKS MONTHS YEARS NIGHTS DECADES WEEKENDS SEMESTERS SHIFTS MINS HRS SECS WKS YRS MTHS AM PM "
        "FEET INCHES METERS METRES KILOMETERS KILOMETRES HECTARES KMS YDS DEGREES TURNS STORIES STOREYS FLIGHTS PERCENT PERCENTAGE PCT "
        "TONS OUNCES GRAMS KILOS GALLONS LITERS LITRES QUARTS PINTS LBS KGS VOLTS WATTS AMPS DOLLARS CENTS PENNIES EUROS BUCKS MILLIONS DOZENS CREDITS "
        "GIGABYTES MEGABYTES TERABYTES BYTES BITS PIXELS DIGITS COPIES FORMS EXHIBITS DOCUMENTS PAPERS ENVELOPES STAMPS PHOTOS PICTURES RECEIPTS "
        "INVOICES ITEMS BOXES BAGS TICKETS PASSES RECORDS ENTRIES FILES PIECES PAIRS SETS PACKS COUNTS CHARGES FELONIES MISDEMEANORS ARRESTS WARRANTS OFFENSES "
        "VIOLATIONS CONVICTIONS PRIORS HEARINGS MOTIONS NOTICES APPEALS REQUESTS PERSONS PEOPLE KIDS ADULTS MEN WOMEN MALES FEMALES MEMBERS FAMILIES "
        "GUESTS SUSPECTS INMATES DETAINEES STUDENTS PATIENTS TRIPS BEDS BEDROOMS BATHROOMS CARS ROOMS HOUSES "
        "UNITS APARTMENTS DOORS WHEELS SEATS TENTS VEHICLES TRUCKS "
        "SEGUNDOS MINUTO MINUTOS HORA HORAS DIA DIAS SEMANA SEMANAS MES MESES ANO ANOS NOCHES VEZ VECES PLAZO PRORROGA "
        "METROS KILOMETRO KILOMETROS PULGADAS MILLAS HECTAREAS CUADRA CUADRAS LEGUAS GRAMOS KILOS LITROS LIBRAS GALONES GRADOS PORCIENTO PORCENTAJE "
        "DOLARES PESOS CENTAVOS COPIA COPIAS PAGINA PAGINAS HOJA HOJAS FORMULARIO FORMULARIOS DOCUMENTO DOCUMENTOS CARTAS FOTOS SOBRES EXPEDIENTES BOLETOS "
        "CARGOS DELITOS PERSONA PERSONAS HIJOS HIJA HIJAS ADULTO ADULTOS NINO NINA NINAS HOMBRE HOMBRES MUJER MUJERES HERMANOS HERMANAS MENORES EDAD "
        "CUARTO CUARTOS PISO PISOS CASAS CAMAS PUERTAS CARROS HABITACION HABITACIONES AVISO"
    )
)
# A suffix that makes a name of the word before it; the others are things too.
_ROADS = frozenset(
    words(
        "ST STREET AVE AVENUE AV RD ROAD LN LANE BLVD BOULEVARD DR CT CIR TER PL PKWY PARKWAY HWY CV SQ SQUARE WAY"
    )
)
# Written out these are things even where more words stand before them: "a two day hiking trail".
_THINGS = frozenset(words("DRIVE TRAIL TRAILS LOOP LOOPS COURT PLACE"))
# What ends a note of a paper, a way or a time; with a suffix behind it, it may be a name.
_PAPERS = frozenset(
    words(
        "EXTENSION PROBATION NOTIFICATION CONTINUANCE SENTENCE CUSTODY PAROLE BAIL WALK DRIVE TIME COPIES SCHOOL CLASS GRADE"
    )
)
# "4 lane highway", "2 way street".
_LANES = frozenset(("LANE", "WAY"))
_OF_LANES = frozenset(words("ROAD STREET HIGHWAY HWY FREEWAY FWY EXPRESSWAY EXPY CROSSING JUNCTION STOP"))
# "1200 sq ft", "6 ft wall": suffixes both, and none of them a name.
_AREAS = {
    (one, other)
    for one in ("SQ", "SQUARE")
    for other in words("FT FEET FOOT MI MILE MILES YD YARDS KM METERS")
} | {("FT", other) for other in words("WALL WELL PATH BRIDGE DAM DRIVE RUN WALK FALL LOCK RAMP PASS")}
_ENDINGS = frozenset(("ST", "ND", "RD", "TH"))  # "2 nd place": the end of an ordinal
_SENT = frozenset(words("EMAIL MAIL FAX PHONE BUS TRAIN PLANE TEXT UBER TAXI VIDEO ZOOM"))
# A road's word in the plural counts roads; no street is called so.
_MANY_ROADS = frozenset(
    words("POINTS COURTS STREETS ROADS TRAILS PATHS WALKS LOOPS PARKS TUNNELS TRACKS SPURS TRACES RANCHES")
)
_SOMETIMES = frozenset(("OLD", "NUMBER"))  # "Old Mill Run", but not "12 old"


def is_counted(tokens: tuple[str, ...] | list[str]) -> bool:
    """Say whether the words behind a number are what it counts or measures, and no street's name."""
    start = 0
    while start < len(tokens) - 1 and tokens[start] in DIRECTIONALS:
        start += 1
    first, last = tokens[start], tokens[-1]
    if first in _NEVER or last in _MANY_ROADS:
        return "MAN" not in tokens and "CROSS" not in tokens  # "Minute Man Rd", "Gallups Cross Roads"
    if len(tokens) - start == 2 and (
        (first, last) in _AREAS or (first in _ENDINGS and (last in SUFFIXES or last == "FLOOR"))
    ):
        return True
    if first in _LANES:
        return last in _OF_LANES
    if not ROUTE_WORDS.isdisjoint(tokens[start + 1 :]):
        return False
    if first in _SOMETIMES:
        return last not in SUFFIXES
    if first not in _ONE and first not in _DESCRIBED:
        return False
    kind = _kind_at_end(tokens)
    return kind not in _ROADS and (len(tokens) - start < 3 or kind not in STRONG or kind in _THINGS)


def counts_at_end(tokens: tuple[str, ...] | list[str]) -> bool:
    """Say whether the words end with something counted, or say how something came ("via email"), though a kind of street opens them."""
    return tokens[-1] in _NEVER or tokens[-1] in _PAPERS or (tokens[0] == "VIA" and tokens[1] in _SENT)


def counts(tokens: tuple[str, ...] | list[str]) -> bool:
    """Say whether any of the words is something counted or measured; a street without a suffix is not called so."""
    return any(not kind.isdisjoint(tokens) for kind in (_NEVER, _ONE, _PAPERS, _LANES))


def _kind_at_end(tokens: tuple[str, ...] | list[str]) -> str:
    # Without the directional behind it: "Day St NW".
    return tokens[-2] if len(tokens) > 2 and tokens[-1] in DIRECTIONALS else tokens[-1]
