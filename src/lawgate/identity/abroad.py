"""Splits a free-text address abroad: a street with its number (or a box), a locality, and the country named at the end."""

from __future__ import annotations

import re

from lawgate.identity.cut import is_cut
from lawgate.identity.delivery import box_at_front, number_form
from lawgate.identity.fold import fold, words
from lawgate.identity.note import is_sentence
from lawgate.identity.placeholder import LOUD
from lawgate.identity.stated import AddressParts, Split

_QUARTERS = frozenset(words("COL COLONIA BARRIO FRACC FRACCIONAMIENTO SECTOR URB URBANIZACION ZONA"))
_ROOMS = frozenset(
    words(
        "FLAT ROOM RM BUILDING BLDG APT APARTMENT UNIT SUITE FLOOR TOWER APARTAMENTO APTO PISO DEPTO DEPARTAMENTO DPTO INTERIOR INT EDIFICIO EDIF LOCAL"
    )
)
_QUARTERS_WITH_HOUSES = _QUARTERS | frozenset(
    words("ALDEA CASERIO RESIDENCIAL VILLA CANTON BDA BARRIADA PARCELAMIENTO LOTIFICACION BO STREET ROAD")
)
_HOUSES = _ROOMS | frozenset(
    words(
        "CASA BLOQUE BLOCK LOTE LOT MANZANA MZ MZA PASAJE POLIGONO CUARTO HABITACION CASILLA LOCAL VIVIENDA HOUSE CHAMBRE APPARTEMENT ETAGE"
    )
)
_NUMBER = re.compile(
    r"#?0*[1-9]\d{0,4}[A-Z]{0,2}(?:[-/]0*\d{1,4}[A-Z]?){0,2}|[A-Z]{1,2}-?\d{1,4}(?:-\d{1,4})?|\d{1,3}\.\d{1,2}",
    re.ASCII,
)
_DATE = re.compile(
    r"\d{1,2}[-/]\d{1,2}[-/]\d{2,4}|\d{4}[-/]\d{1,2}[-/]\d{1,2}|\d+[-/](?:19|20)\d\d", re.ASCII
)
# What follows or precedes a number in a note about somebody, a paper or a place, and names no street.
_NOTED = frozenset(
    words(
        "HIJO HIJOS HIJA HIJAS ADULTO ADULTOS NINO NINOS NINA NINAS MENOR MENORES ANO ANOS EDAD HERMANOS HERMANAS PERSONA PERSONAS MUJER MUJERES HOMBRE HOMBRES VEZ VECES "
        "MES MESES SEMANA SEMANAS DIAS HORA HORAS MINUTO MINUTOS DOLARES PESOS CUADRA CUADRAS CASAS ESQUINA KILOMETROS METROS LEGUAS EXPEDIENTE FOLIO CASO CAUSA TEL "
        "TELEFONO CELULAR CEL CORREO FECHA NACIMIENTO PASAPORTE CEDULA CURP RFC DPI DUI HOTEL MOTEL HOSTAL ALBERGUE ABAJO ARRIBA CON QUE ATRAS FRENTE JUNTO CERCA DETRAS "
        "PERSONNES ENFANTS ANS JOURS SEMAINES MOIS FOIS HOMMES FEMMES PESSOAS FILHOS DIAS VEZES PHONE EMAIL PASSPORT CASE FILE DOCKET FORM INVOICE FAX"
    )
)
_STREETS = frozenset(words("CALLE AVENIDA AV AVDA BOULEVARD BLVD PASEO CAMINO CALZADA CARRETERA RUA RUE"))
_PERSONS = frozenset(words("NINOS NINAS HERMANOS HERMANAS HIJOS"))  # "Calle Ninos Heroes"
_POSTAL = re.compile(r"(?=.*\d)[A-Z\d]{2,7}(?:-\d{3,4})?")


# Where streets are called in Spanish, Portuguese, French, Italian or German, by what stands before the name or is one word with it.
_ROMANCE_AND_GERMAN = frozenset(
    words("MX GT SV HN NI CR PA CU DO CO VE EC PE BO CL AR UY PY BR ES PT FR IT DE AT HT")
)
_ENGLISH = frozenset(words("STREET ST ROAD RD DRIVE DR LANE LN COURT CT HIGHWAY HWY PARKWAY PKWY"))


def split_abroad(runs: list[list[str]], country: str, doubts: tuple[str, ...]) -> Split:
    """Return the parts; the street line is the first run with a word and a number, the locality a run behind it."""
    runs = _joined(runs)
    at = next((n for n, run in enumerate(runs) if _is_line(run)), -1)
    if at > 0 and (len(runs[at - 1]) == 1 and runs[at - 1][0].isdigit()):
        at -= 1
    if at < 0:
        place = " ".join(runs[-1]) if runs else ""
        return Split(
            AddressParts("", "", "", "", place, "", "", country), ("number", "street", *doubts), False
        )
    if any(LOUD.intersection(run) for run in runs):
        doubts = (*doubts, "street")
    if any(run[0] in _HOUSES | _QUARTERS_WITH_HOUSES and is_cut(" ".join(run)) for run in runs):
        doubts = (*doubts, "number")
    number, street, box = _line(runs[at])
    quarter = next(
        (run for run in runs if run[0] in _QUARTERS_WITH_HOUSES and len(run) > 1 and run != runs[at]), None
    )
    if quarter and street and not street_abroad(words(street)):
        street = (
            f"{' '.join(quarter)} {street}"  # "Barrio El Centro, Casa 12": houses are counted by the quarter
        )
    city, state, postal = _place(runs[at + 1 :])
    return Split(AddressParts(number, street, "", box, city, state, postal, country), doubts, False)


def street_abroad(street: tuple[str, ...]) -> bool:
    """Say whether the words can name a street or a house abroad: a name, no note, and more than a room's or a house's number."""
    if not any(w.isalpha() and len(w) > 1 for w in street) or street[0] in ("DE", "DEL", "A", "AL", "Y"):
        return False
    if len(street) > 2 and street[0] in _STREETS and street[1] in _PERSONS and street[2].isalpha():
        street = (street[0], *street[2:])
    if is_sentence(street) or not _NOTED.isdisjoint(street) or not LOUD.isdisjoint(street):
        return False
    return not all(w in _HOUSES or len(w) == 1 or w[0].isdigit() for w in street)


def is_of_home(street: tuple[str, ...], country: str) -> bool:
    """Say whether the street is called as at home, in a country where none is: "12 Elm St, Tulsa, Guatemala" can be read two ways."""
    return len(street) > 1 and street[-1] in _ENGLISH and country in _ROMANCE_AND_GERMAN


def number_abroad(text: str) -> bool:
    """Say whether a house number stands in the text: not zero, no date, no number of a telephone or a paper."""
    found = fold(text).replace(",", " ").split()
    if _DATE.search(text) or any(len(re.sub(r"\D", "", w)) > 7 for w in found):
        return False
    return any(_NUMBER.fullmatch(w.strip("#.;:()")) for w in found)


def _joined(runs: list[list[str]]) -> list[list[str]]:
    """Leave out rooms that stand before the line, and put a number behind a comma to its street ("Av. Afonso Pena, 890")."""
    while len(runs) > 2 and len(runs[0]) == 2 and runs[0][0] in _ROOMS and any(map(_is_line, runs[1:])):
        runs = runs[1:]
    if len(runs) > 2 and len(runs[0]) == 1 and number_form(runs[0][0]) and all(t.isalpha() for t in runs[1]):
        runs = [runs[0] + runs[1], *runs[2:]]
    if len(runs) > 2 and len(runs[1]) == 1 and number_form(runs[1][0]) and all(t.isalpha() for t in runs[0]):
        runs = [runs[0] + runs[1], *runs[2:]]
    # "Avenida Central, Casa 118": the house of a street.
    housed = (
        len(runs) > 2 and len(runs[1]) == 2 and runs[1][0] in ("CASA", "HOUSE") and number_form(runs[1][1])
    )
    if housed and runs[0][0] in _STREETS and len(runs[0]) > 1 and all(t.isalpha() for t in runs[0]):
        runs = [runs[0] + runs[1], *runs[2:]]
    return runs


def _is_line(run: list[str]) -> bool:
    words = [t for t in run if t.isalpha() and len(t) > 1]
    return bool(words) and any(t[0].isdigit() for t in run)


def _line(run: list[str]) -> tuple[str, str, str]:
    joined = " ".join(run)
    if box_at_front(joined) == len(joined):
        return "", "", joined
    if run[0][0].isdigit() and number_form(run[0]):
        return run[0], " ".join(run[1:]), ""
    return "", joined, ""


def _place(runs: list[list[str]]) -> tuple[str, str, str]:
    """Return locality, region and postal code; the locality stands with the code, or first behind the street."""
    named = [run for run in runs if any(t.isalpha() and len(t) > 2 for t in run) and run[0] not in _QUARTERS]
    coded = [run for run in named if any(_POSTAL.fullmatch(t) for t in run)]
    best = (coded or named or [[]])[0]
    city = " ".join(t for t in best if not any(c.isdigit() for c in t))
    region = " ".join(t for run in runs[runs.index(best) + 1 :] for t in run if t.isalpha()) if best else ""
    postal = " ".join(t for run in runs for t in run if _POSTAL.fullmatch(t))
    return city, region, postal
