"""Reads a stated name and says whether it is one: a given name and a surname that are not masked or fillers.

Law R-5 (26 U.S.C. 6103(i)(2)(B)(i)). Reads, never guesses or repairs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from lawgate.domain.steps import Json
from lawgate.identity.fold import CACHED, words
from lawgate.identity.placeholder import is_blank, is_masked, is_struck, nothing_said

# Always fillers, and fillers only where the whole name is made of them: NA, NONE and NULL are people's surnames too.
_FILLERS = frozenset(
    words("UNKNOWN UNK UNKN FNU LNU NFN NLN REFUSED WITHHELD REDACTED TBD ANONYMOUS UNNAMED X")
)
_DOUBTFUL = frozenset(words("NA NONE NULL NIL NAN TEST"))

SUFFIXES = {
    "JR": "JR", "JUNIOR": "JR", "SR": "SR", "SENIOR": "SR", "II": "II", "2ND": "II", "III": "III", "3RD": "III",
    "IV": "IV", "4TH": "IV",
}  # fmt: skip
"""Generational suffixes as written, with the one form used for comparing; ``V`` is one only in its own field."""

_TITLES = frozenset(words("MR MRS MS MISS DR PROF REV HON SRA SRTA MONSIEUR MADAME"))
_DEGREES = frozenset(words("MD PHD ESQ CPA DDS RN JD"))

# Words that open a surname and are part of it; the normal form closes them up with the word that follows.
PARTICLES = frozenset(
    words(
        "DE DEL DELA DELOS DELAS LA LAS LOS EL AL BIN IBN ABU VAN VON VOM ZU DER DEN TEN TER VANDER VANDEN DI DOS DAS "
        "SAN SANTA SANTO SAINT ST MC MAC O D"
    )
)


@dataclass(frozen=True, slots=True)
class NameParts:
    """A name as stated, in parts; ``surname`` may hold several surnames; an empty part is not stated."""

    given: str
    middle: str
    surname: str
    suffix: str


@dataclass(frozen=True, slots=True)
class NameReading:
    """Whether what is stated is a name; ``missing`` names the parts, ``parts`` is None unless it is sufficient."""

    sufficient: bool
    missing: tuple[str, ...]
    parts: NameParts | None


def read_name(data: Json) -> NameReading:
    """Read ``{"given", "middle", "surname", "suffix"}`` or ``{"full"}``; given name and surname are needed.

    A full name is ``Surname, Given Middle`` or ``Given Middle Surname``: the last word with the particles before it
    is the surname. Stated both ways is stated no way.
    """
    if not isinstance(data, Mapping):
        return NameReading(False, ("given", "surname"), None)
    full = data.get("full")
    if not is_blank(full):
        in_parts = any(not is_blank(data.get(p)) for p in ("given", "middle", "surname", "suffix"))
        if in_parts or not isinstance(full, str):
            return NameReading(False, ("parts",), None)
        if is_struck(full):
            return NameReading(False, ("given", "surname"), None)
        return _judge(_split_full(full))
    return _judge(stated_name(data))


def stated_name(data: Mapping[str, Json]) -> NameParts:
    """Take the parts as they stand, without judging them; what is not text is not stated."""
    given, middle, surname, suffix = [
        v.strip() if isinstance(v, str) else ""
        for v in map(data.get, ("given", "middle", "surname", "suffix"))
    ]
    return NameParts(given, middle, surname, suffix)


def _judge(parts: NameParts) -> NameReading:
    missing = [] if _says_a_name(parts.given) else ["given"]
    if not _says_a_name(parts.surname):
        missing.append("surname")
    if not missing and _is_doubtful(parts.given) and _is_doubtful(parts.surname):
        missing = ["given", "surname"]
    # A struck-out middle name or suffix could contradict; what is hidden cannot be compared.
    missing += [
        name for name, t in (("middle", parts.middle), ("suffix", parts.suffix)) if t and is_masked(t)
    ]
    return NameReading(False, tuple(missing), None) if missing else NameReading(True, (), parts)


@lru_cache(CACHED)
def _is_doubtful(text: str) -> bool:
    return _DOUBTFUL.issuperset(words(text))


@lru_cache(CACHED)
def _says_a_name(text: str) -> bool:
    found = words(text)
    together = "".join(found)
    return bool(
        together
        and "/" not in text  # "N/A", "unknown/unknown"; no name is written so
        and not is_masked(text)
        and (together.isalpha() or not any(map(str.isdigit, together)))
        and not (len(together) > 2 and len(set(together)) == 1)
        and not _FILLERS.issuperset(found)
        and not nothing_said(found)
    )


def _split_full(full: str) -> NameParts:
    before, comma, after = full.partition(",")
    if comma and not _is_suffix(after):
        return _surname_first(before.strip(), after)
    pieces = _without_titles(before.split())
    suffix = after.strip()
    if not suffix and len(pieces) > 2 and _is_suffix(pieces[-1]):
        suffix = pieces.pop()
    start = _surname_start(pieces)
    if start < 1:
        return NameParts("", "", " ".join(pieces), suffix)
    return NameParts(pieces[0], " ".join(pieces[1:start]), " ".join(pieces[start:]), suffix)


def _surname_first(surname: str, after: str) -> NameParts:
    # "Smith, John Q Jr", "Smith, Jr, John Q" and "Smith, John Q, Jr": the suffix may stand in any of the places.
    leading, comma, behind = after.partition(",")
    suffix = ""
    if comma and _is_suffix(leading):
        suffix, after = leading.strip(), behind
    given, *middle = _without_titles(after.replace(",", " ").split()) or [""]
    if not suffix and middle and _is_suffix(middle[-1]):
        suffix = middle.pop()
    return NameParts(given, " ".join(middle), surname, suffix)


def _surname_start(pieces: list[str]) -> int:
    start = _with_particles(pieces, len(pieces) - 1)
    if start > 2 and "".join(words(pieces[start - 1])) == "Y":  # "Ortega y Gasset" are two surnames
        start = _with_particles(pieces, start - 2)
    return start


def _with_particles(pieces: list[str], start: int) -> int:
    while start > 1 and "".join(words(pieces[start - 1])) in PARTICLES - {"O", "D"}:
        start -= 1
    return start


def _is_suffix(text: str) -> bool:
    return "".join(words(text)) in SUFFIXES


def _without_titles(pieces: list[str]) -> list[str]:
    """Leave out a form of address in front and a degree behind, as long as a name of two words is left."""
    while len(pieces) > 2 and "".join(words(pieces[0])) in _TITLES:
        pieces = pieces[1:]
    while len(pieces) > 2 and "".join(words(pieces[-1])) in _DEGREES:
        pieces = pieces[:-1]
    return pieces
