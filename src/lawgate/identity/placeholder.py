"""Knows what stands in a field without saying anything: placeholders, masks, fillers (law F-1, F-2)."""

from __future__ import annotations

import re
from functools import lru_cache

from lawgate.identity.fold import CACHED, STRUCK, fold, words

FILLERS = frozenset(
    words(
        "UNKNOWN UNK UNKN UKN NA NONE NULL NIL NAN HOMELESS TRANSIENT REFUSED DECLINED PENDING TBD TBA SAME X "
        "UNSPECIFIED UNDETERMINED UNAVAILABLE MISSING BLANK EMPTY REDACTED MASKED WITHHELD DELETED INVALID "
        "ASDF QWERTY QWER TEST TESTING DUMMY FOO NOWHERE ANYWHERE SOMEWHERE WHATEVER ADDRESS UNDISCLOSED "
        "UNDOMICILED UNHOUSED UNPROVIDED UNREPORTED UNRECORDED UNLISTED NOTPROVIDED FAILEDTOPROVIDE PLACEHOLDER DEFAULT SAMPLE "
        "DESCONOCIDO DESCONOCIDA NINGUNO NINGUNA INDIGENTE IGNORADO OMITIDO INCONNU INCONNUE NEANT AUCUN AUCUNE DESCONHECIDO UNBEKANNT "
        "VAGRANT ITINERANT NKA NFA UTL UTD ADRESSE DIRECCION DOMICILIO TBC VARIOUS CONFIDENTIAL "
        "DITTO MULTIPLE MOVED ILLEGIBLE STRING DECEASED REMOVED DEPORTED DETAINED INCARCERATED VOID FAKE UNAVAIL IDK DUNNO LOREM IPSUM UNDEFINED "
        "EXAMPLE EJEMPLO PRUEBA BEISPIEL UNREADABLE UNASSIGNED UNIDENTIFIED UNVERIFIED SCONOSCIUTO SCONOSCIUTA IGNOTO IGNOTA NESSUNO NESSUNA "
        "NIEZNANY NIEZNANA NIEZNANE BRAK ONBEKEND OKAND UKENDT UKJENT TUNTEMATON BILINMIYOR ISMERETLEN NECUNOSCUT NECUNOSCUTA NEZNAMY NEZNAMA "
        "NEPOZNATO NEPOZNAT NENHUM NENHUMA DESABRIGADO OBDACHLOS UNBEKANNTE HAIJULIKANI ENKONI INCONNUS INCONNUES UK UNKNWN UNKOWN UNKNOW UNKWN 不明 未知 不详 不詳 无 無 没有 なし 없음 НЕИЗВЕСТНО НЕИЗВЕСТЕН НЕТ НЕВІДОМО مجهول ΑΓΝΩΣΤΟ "
    )
)
"""Words that say nothing when they stand alone or together with their like."""

LOUD = FILLERS - frozenset(
    words(
        "X UK STRING VOID BRAK EXAMPLE MULTIPLE MOVED TEST SAME BLANK DEFAULT SAMPLE ADDRESS FOO NA NONE NULL NIL NAN VARIOUS MISSING DUMMY DIRECCION DOMICILIO ADRESSE"
    )
)
"""Fillers that are hardly ever part of a name: one of them beside an address makes it doubtful."""

_PHRASES = tuple(
    f" {p} "
    for p in (
        "FAILED TO PROVIDE", "FAILURE TO PROVIDE", "FAILED TO REPORT", "FAILED TO STATE", "FAILED TO GIVE", "DID NOT PROVIDE", "DID NOT GIVE",
        "DID NOT STATE", "REFUSED TO PROVIDE", "REFUSED TO GIVE", "REFUSES TO", "DECLINED TO", "UNABLE TO PROVIDE", "UNABLE TO OBTAIN",
        "UNABLE TO LOCATE", "NOT PROVIDED", "NONE PROVIDED", "NONE GIVEN", "NONE STATED", "NOT OBTAINED", "NOT RECORDED", "NOT REPORTED",
        "NOT LISTED", "NOT FOUND", "NOT DISCLOSED", "NOT VERIFIED", "NOT VALID", "NOT A VALID", "NO LONGER", "NOT CURRENT",
        "NOT AVAILABLE", "NOT APPLICABLE", "NOT KNOWN", "NOT GIVEN", "NOT STATED", "NOT ON FILE", "NO ADDRESS", "NO VALID ADDRESS",
        "NO FIXED ABODE", "NO FIXED ADDRESS", "NO FIXED RESIDENCE", "NO PERMANENT", "NO KNOWN", "NO STREET", "NO CITY", "NO HOME", "NO DATA",
        "NO RESIDENCE", "NO INFORMATION", "NO INFO", "NO RECORD", "NO CURRENT", "NO US ADDRESS", "NO HOUSE NUMBER", "NO NUMBER", "NO DOMICILE",
        "UNKNOWN ADDRESS", "ADDRESS UNKNOWN", "BAD ADDRESS", "OLD ADDRESS", "WRONG ADDRESS", "FALSE ADDRESS", "FAKE ADDRESS", "PRIOR ADDRESS",
        "FORMER ADDRESS", "HOME ADDRESS", "INSUFFICIENT ADDRESS", "INCOMPLETE ADDRESS", "UNKNOWN STREET", "STREET UNKNOWN",
        "DONT CARE", "DO NOT CARE", "DONT KNOW", "DO NOT KNOW", "DOES NOT KNOW", "DOESNT KNOW", "CANT REMEMBER", "CANNOT REMEMBER", "DOES NOT REMEMBER",
        "GENERAL DELIVERY", "SAME AS ABOVE", "SAME AS", "SAME ADDRESS", "AS ABOVE", "SEE ABOVE", "SEE FILE", "SEE NOTES", "SEE ATTACHED", "ON FILE", "AT LARGE",
        "TO BE DETERMINED", "TO BE ADVISED", "TO FOLLOW", "LAST KNOWN", "STREET ADDRESS", "STREET NAME", "HOUSE NUMBER", "YOUR ADDRESS", "ENTER ADDRESS",
        "CITY NAME", "ZIP CODE", "LIVES ON STREET", "LIVING ON", "LIVING IN", "LIVING AT", "LIVING WITH", "LIVING UNDER", "LIVING OUT", "LIVING NEAR", "ON THE STREET", "ON THE STREETS", "IN TRANSIT", "IN CUSTODY", "IN CAR", "LIVES IN",
        "RETURN TO SENDER", "RETURNED MAIL", "UNDELIVERABLE AS", "MOVED LEFT", "LEFT NO", "ADDRESS WITHHELD", "ADDRESS CONFIDENTIAL", "WITHOUT ADDRESS",
        "LEFT BLANK", "LEFT EMPTY", "SIN NOMBRE", "CALLE Y NUMERO", "NUMERO Y CALLE", "NOMBRE DE LA CALLE", "CODIGO POSTAL", "ESCRIBA SU", "SU DIRECCION", "MISMA DIRECCION", "MISMO QUE", "IGUAL QUE", "NOT SURE", "NO IDEA", "NO NAME GIVEN", "SIN DOMICILIO", "SIN DIRECCION", "SIN HOGAR", "SIN RESIDENCIA", "SIN NUMERO", "NO PROPORCIONADO", "NO PROPORCIONADA", "NO PROPORCIONO",
        "NO DISPONIBLE", "NO APLICA", "NO CONOCIDO", "NO SABE", "NO SE SABE", "NO TIENE", "NO DIO", "NO INDICADO", "SE DESCONOCE", "SE NEGO", "SE REHUSO", "NO QUISO", "NO QUIERE", "NO RECUERDA", "NO CONTESTO", "NO RESPONDIO", "SE IGNORA", "EN LA CALLE", "EN TRANSITO",
        "NON FOURNI", "NON FOURNIE", "NON CONNU", "NON DISPONIBLE", "NON COMMUNIQUE", "NON COMMUNIQUEE", "NON PRECISE", "NON RENSEIGNE", "SANS ABRI",
        "SANS DOMICILE", "SANS ADRESSE", "SANS DOMICILE FIXE", "POSTE RESTANTE", "LISTA DE CORREOS", "OFF GRID",
    )
)  # fmt: skip
_BY_WORD: dict[str, tuple[str, ...]] = {}
for _phrase in _PHRASES:
    _first = _phrase.split()[0]
    _BY_WORD[_first] = (*_BY_WORD.get(_first, ()), _phrase)
_FIRST = frozenset(_BY_WORD)

_MASK_SIGN = re.compile(r"[*?_█▓■•●…]|\.{3,}|-{3,}")
# The exemption under which something was struck out stands in its place: "(b)(6)", "(b)(7)(C)".
_EXEMPTION = re.compile(r"[(\[]\s*[bk]\s*[)\]]?\s*[(\[]?\s*[1-9]\s*[)\]]", re.IGNORECASE)
_STRUCK_SIGN = re.compile(
    r"[\x00-\x08\x0e-\x1b\x7f]|[–—―·‧∙]{2,}"
)  # written over after going back, or a line for letters
_MASK_WORD = re.compile(r"X{3,}|^X{2,}$|^\d+X{2,}$|^X{2,}\d+$|\dX{2,}|X{2,}\d")


def is_blank(value: object) -> bool:
    """Say whether nothing is stated: absent, or text of white space only."""
    return value is None or (isinstance(value, str) and not value.strip())


@lru_cache(CACHED)
def is_masked(text: str) -> bool:
    """Say whether part of the text was struck out (``12XX``, ``***``, ``S_____``): what is hidden is not stated."""
    if _MASK_SIGN.search(text) or is_exempted(text) or is_struck(text):
        return True
    return ("X" in text or "x" in text or not text.isascii()) and any(
        _MASK_WORD.search(w) for w in words(text) if "X" in w
    )


def is_struck(text: str) -> bool:
    """Say whether a sign strikes out letters of the text or stands in their place: an overlay, a block, a cross, a line, one not seen."""
    if text.isascii():
        return not text.isprintable() and _STRUCK_SIGN.search(text) is not None
    return _STRUCK_SIGN.search(text) is not None or STRUCK in fold(text)


def is_exempted(text: str) -> bool:
    """Say whether an exemption of the Freedom of Information or Privacy Act stands in the text for what was there."""
    return ("(" in text or "[" in text) and _EXEMPTION.search(text) is not None


@lru_cache(CACHED)
def is_placeholder(text: str) -> bool:
    """Say whether the text is a filler: no letter or digit, one sign over and over, or a known way to say nothing."""
    found = words(text)
    if not found:
        return True
    together = "".join(found)
    signs = set(together)
    if signs == {"0"} or (len(together) > 2 and len(signs) == 1 and together.isalpha()):
        return True
    return together in FILLERS or FILLERS.issuperset(found) or nothing_said(found)


def nothing_said(found: tuple[str, ...] | list[str]) -> bool:
    """Say whether a known phrase of refusal stands anywhere in folded words, with commas between them or without."""
    starts = _FIRST.intersection(found)
    if not starts:
        return False
    spaced = f" {' '.join([w for w in found if w != ','])} "
    return any(phrase in spaced for start in starts for phrase in _BY_WORD[start])
