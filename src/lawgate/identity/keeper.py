"""Finds who or what stands before a delivery line in free text: a label, somebody in whose care mail is, a person, a firm, a building.

None of them is part of the address. What says something about the line (near it, once, not) is no such name.
"""

from __future__ import annotations

import re

from lawgate.identity.delivery import WRITTEN, box_at_front
from lawgate.identity.fold import words
from lawgate.identity.note import SUSPECT, is_sentence
from lawgate.identity.usps import DIRECTIONALS, ROUTE_WORDS, SUFFIXES, UNITS

_LABEL = re.compile(
    r"\s*(?:(?:(?:current|present|home|house|mailing|residential|residence|street|physical|postal|legal)\s+)?addr(?:ess)?|mailing|residence|residential|"
    r"home|res|(?:mail(?:ing)?|send|ship|deliver)\s+to|to|direcci[oó]n(?:\s+(?:postal|actual|residencial))?|domicilio|dom|residencia)\s*(?:[:;=]|\s[-–—]+\s)\s*",
    re.IGNORECASE,
)
# "My address is 12 Oak St"; but "lives at 12 Oak St" does not say who does.
_SAID = re.compile(
    r"\s*(?:(?:(?:my|the)\s+)?(?:current\s+)?address\s+is|mi\s+direcci[oó]n\s+es)\s*:?\s+(?=[0-9])",
    re.IGNORECASE,
)
# A form's line with a label before every part; all of them, in this order.
_FORM = re.compile(
    r"\s*(?:(?:street|mailing|home)\s+)?(?:address|street|addr)\s*:\s*([^:]+?)[,;]?\s*\bcity\s*:\s*([^:]+?)[,;]?\s*\bstate\s*:\s*([^:]+?)[,;]?\s*"
    r"\bzip(?:\s*code)?\s*:\s*([0-9-]+)\s*",
    re.IGNORECASE,
)
_SIGN = re.compile("[-:;=–—]")
CARE_OF = frozenset(("CAREOF", "ATTN", "ATTENTION", "%"))
LABELS = frozenset(("ADDRESS", "ADDR", "MAILING", "RESIDENCE", "PHYSICAL", "DOMICILIO", "DIRECCION"))
_ROUTES = frozenset(
    words("RR R RURAL RFD RT RTE ROUTE HC HCR HIGHWAY STAR CONTRACT PSC CMR UNIT PO P O POST POSTAL")
)
_LONGEST = 7  # words
# Nouns whose number stands behind them: "Exit 12 Service Rd" has no house number.
_NUMBERED = (
    ROUTE_WORDS
    | frozenset(UNITS)
    | frozenset(
        words(
            "EXIT MILE MILEPOST MARKER MM GATE BED CELL POD TIER DORM BUNK BLOCK BLK SECTION SEC SITE AGE AGED FORM TITLE CASE DOCKET ZONE DISTRICT PRECINCT WARD "
            "PHASE LEVEL AREA SECTOR TOWER TERMINAL GROUP ROW SEAT TABLE STALL LINE ITEM PAGE CHAPTER ARTICLE CODE ID PIN DOB SSN TEL PHONE FAX KM "
            "JANUARY FEBRUARY MARCH APRIL MAY JUNE JULY AUGUST SEPTEMBER OCTOBER NOVEMBER DECEMBER AVENUE STREET ROAD HIGHWAY FREEWAY EXPRESSWAY TURNPIKE "
            "SALIDA KILOMETRO PUERTA CELDA CAMA EDAD CASO MANZANA MZ LOTE CALLE AVENIDA CARRETERA"
        )
    )
)
# Words of a place or a time, which a name does not have.
_NO_NAME = frozenset(
    words(
        "AT IN ON TO FROM BY WITH NEAR FOR UNDER OVER AROUND OFF CA ABOUT TILL AS IS ARE IF SEE C EN CON CERCA HASTA DESDE ENTRE BAJO JUNTO ES ESTA EXIT "
        "PAST PER POR LADO RUMBO ANTES YA MUDO"
    )
)
# What makes the line doubtful: somebody else's, another time's, perhaps none.
_DOUBTFUL = frozenset(
    words(
        "POSSIBLE PROBABLE ALLEGED SUPPOSED MIGHT EXPIRED INACTIVE OUTDATED STALE QUESTIONABLE INCOMPLETE CANCELLED CANCELED VOID TEMP EMPLOYER SPONSOR OBLIGOR RELATIVE "
        "RELATIVES POSIBLE PROBABLE ANTERIOR ANTIGUO ANTIGUA FALSO FALSA DESOCUPADO DESOCUPADA VACIO VACIA VACANTE ABANDONADO ABANDONADA CONOCIDO EMPLEADOR PATRON FAMILIAR"
    )
)
# Words that no name ends with: what they lead to is the line itself, or "Possible address" says what kind of line it is.
_LEADING_ON = frozenset(
    words("AND OF THE DE DEL LA EL Y NO NUM NUMBER BE ADDRESS ADDR DIRECCION DOMICILIO RESIDENCE RESIDENCIA")
) | {"&"}


def without_label(text: str) -> str:
    """Return the text without what a form or clerk writes before an address ("Mailing address:", "Res:")."""
    if text[:1].isdigit():
        return text
    if said := _SAID.match(text):
        return text[said.end() :]
    if not _SIGN.search(text):
        return text
    if form := _FORM.fullmatch(text):
        return ", ".join(form.groups()[:3]) + f" {form[4]}"
    found = _LABEL.match(text)
    return text[found.end() :] if found else text


def name_length(run: list[str]) -> int:
    """Return how many words at the front are a name before a delivery line without a comma between them; 0 if they are none."""
    at = next((n for n, t in enumerate(run) if t[0].isdigit() or box_at_front(" ".join(run[n:]))), 0)
    front = run[:at]
    boxed = at and not run[at][0].isdigit()
    if not front or at > _LONGEST or (at < 2 and not boxed) or not is_name(front):
        return 0
    if (
        front[-1] in _NUMBERED
        or front[-1] in _ROUTES
        or front[-1] in DIRECTIONALS
        or not ROUTE_WORDS.isdisjoint(front)
    ):
        return 0
    return (
        0 if front[-1] in SUFFIXES and SUFFIXES[front[-1]] in ("AVE", "RD", "DR", "LN", "BLVD", "HWY") else at
    )


def is_name(run: list[str]) -> bool:
    """Say whether the words can be the name of a person, a firm or a building, and say nothing about the line beside them."""
    return (
        bool(run)
        and not is_sentence(run)
        and SUSPECT.isdisjoint(run)
        and _NO_NAME.isdisjoint(run)
        and _DOUBTFUL.isdisjoint(run)
        and run[-1] not in _LEADING_ON
        and all(t.isalpha() or t == "&" for t in run)
    )


def is_numbered_name(run: list[str]) -> bool:
    """Say whether the words are a name with a number of its own, which is no house number ("Motel 6")."""
    named = [t for t in run if not (t.isdigit() and len(t) < 4)]
    return len(named) == len(run) - 1 and len(named) < 4 and is_name(named) and _NUMBERED.isdisjoint(named)


def without_keeper(run: list[str]) -> tuple[list[str], list[str]]:
    """Part the person or office in whose care mail is from the line: everything up to the number or box."""
    at = next(
        (
            n
            for n, t in enumerate(run)
            if n and (t[0].isdigit() or t in WRITTEN or box_at_front(" ".join(run[n:])))
        ),
        len(run),
    )
    return run[1:at], run[at:]
