"""Reads the forms of Puerto Rico: urbanización, housing estate, number behind the street, block letters, kilometres of a road."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lawgate.identity.delivery import number_form
from lawgate.identity.fold import words
from lawgate.identity.unit import unit_at

_AREAS = frozenset(
    words(
        "URB URBANIZACION COND CONDOMINIO RES RESIDENCIAL BO BARRIO PARC PARCELAS VILLA VILLAS JARD JARDINES REPTO REPARTO EXT EST ESTANCIAS COM COMUNIDAD "
        "SECT SECTOR ALTURAS ALT MANS MANSIONES EDIF EDIFICIO BDA BARRIADA LOMAS QTAS QUINTAS VALLE CIUDAD COLINAS HACIENDA"
    )
)
_STREETS = frozenset(words("CALLE AVE AVENIDA CARR CARRETERA PASEO CAMINO CALLEJON RUTA BLVD BOULEVARD"))
ISLAND_WORDS = _AREAS | _STREETS
"""Words that open an area or a street there."""

_NUMBERED = frozenset(("EDIF", "EDIFICIO", "SECTOR", "EXT", "BLQ"))
_BLOCK = re.compile("[A-Z]{1,2}")
_BLOCK_NUMBER = re.compile(r"[A-Z]{1,2}\d{1,3}")
_HOUSE_OF_BLOCK = re.compile(r"[A-Z]{1,2}\d{1,2}")
_WAYS = frozenset(words("NORTE SUR ESTE OESTE N S E W"))
_SIGNS = frozenset(("#", "NO", "NUM", "NUMERO"))


@dataclass(slots=True)
class IslandLine:
    """What a line says; ``left`` is what it does not."""

    number: str = ""
    street: list[str] = field(default_factory=list)
    unit: list[str] = field(default_factory=list)
    area: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


def block_number(run: list[str]) -> int:
    """Return how many tokens at the front are a house number that opens with its block's letter (``A 17``, ``A17``, ``F1 14``)."""
    if is_house_of_block(run):
        return 2
    if _BLOCK_NUMBER.fullmatch(run[0]):
        return 1
    if len(run) > 2 and _BLOCK.fullmatch(run[0]) and run[1].isdigit() and len(run[1]) < 4:
        return 2
    return 0


def is_house_of_block(run: list[str]) -> bool:
    """Say whether a block and its house stand at the front, before the street (``F1-14 Calle C``)."""
    return (
        len(run) > 2
        and _HOUSE_OF_BLOCK.fullmatch(run[0]) is not None
        and run[1].isdigit()
        and len(run[1]) < 4
        and run[2] in _STREETS
    )


def island_line(run: list[str]) -> IslandLine:
    """Read ``CALLE LUNA 123 …``, ``CARR 2 KM 4.5 …`` or ``URB LAS FLORES …`` (then the rest is ``left``)."""
    if run[0] in _AREAS:
        end = next(
            (
                n
                for n in range(1, len(run))
                if (run[n][0].isdigit() and run[n - 1] not in _NUMBERED)
                or run[n] in _STREETS
                or (n > 1 and block_number(run[n:]))
            ),
            len(run),
        )
        return IslandLine(area=run[:end], left=run[end:])
    place = _number_place(run)
    if not place:
        return IslandLine(left=[])
    line = IslandLine(street=[t for t in run[:place] if t not in _SIGNS])
    size = 2 if run[place] == "KM" else 1
    line.number, rest = " ".join(run[place : place + size]), run[place + size :]
    while rest and (unit := unit_at(rest, 0)):
        line.unit += rest[:unit]
        rest = rest[unit:]
    if rest and rest[0] in _WAYS:
        line.street.append(rest.pop(0))  # "Calle Méndez Vigo 58 Oeste"
    line.area = rest
    return line


def building_line(run: list[str]) -> IslandLine | None:
    """Read ``RES LLORENS TORRES EDIF 14 APT 276``: a named housing estate, where the building's number is the house number."""
    at = next((n for n, t in enumerate(run) if t in ("EDIF", "EDIFICIO")), 0)
    named = run[0] in ("RES", "RESIDENCIAL") and at > 1 and all(t.isalpha() for t in run[:at])
    if not named or len(run) < at + 4 or not number_form(run[at + 1]):
        return None
    unit = run[at + 2 :]
    return IslandLine(run[at + 1], run[: at + 1], unit) if unit_at(unit, 0) == len(unit) else None


def _number_place(run: list[str]) -> int:
    if "KM" in run[:-1]:
        place = run.index("KM")
        return place if place > 1 and number_form(f"KM {run[place + 1]}") else 0
    return next(
        (
            n
            for n in range(2, len(run))
            if number_form(run[n]) and (run[n - 1] in _SIGNS or not unit_at(run, n - 1))
        ),
        0,
    )
