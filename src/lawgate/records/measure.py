"""What counts are worth: intervals around shares, and shares by how names are written (I-11).

Forms of writing are looked at by measurements alone. No rule sees them, and nothing keeps them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp, inf, lgamma, log, log1p, sqrt

from lawgate.identity.fold import words
from lawgate.identity.name import PARTICLES, NameParts
from lawgate.identity.normal import normal_name

_Z = 1.959964  # two-sided 95 percent of a normal distribution
_DOUBT = 0.05
_SHORT, _LONG = 4, 9  # letters
_RARE, _COMMON = 2, 20  # records that bear a surname


@dataclass(frozen=True, slots=True)
class Share:
    """``count`` of ``of``, and between which shares the true one lies in 95 of 100 such measurements (Wilson)."""

    count: int
    of: int
    low: float
    high: float


def share(count: int, of: int) -> Share:
    """Return a share with its interval; of nothing it is anything from 0 to 1."""
    if not of:
        return Share(count, of, 0.0, 1.0)
    middle = (count + _Z * _Z / 2) / (of + _Z * _Z)
    half = _Z * sqrt(count * (of - count) / of + _Z * _Z / 4) / (of + _Z * _Z)
    return Share(count, of, round(max(0.0, middle - half), 5), round(min(1.0, middle + half), 5))


def at_most(count: int, of: int) -> float:
    """Return the share that the true one does not exceed, with 95 percent confidence (Clopper and Pearson, one-sided)."""
    if count >= of:
        return 1.0
    low, high = count / of, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _no_more_than(count, of, middle) > _DOUBT else (low, middle)
    return high


def _no_more_than(count: int, of: int, chance: float) -> float:
    """The probability of ``count`` or fewer of ``of`` at that chance of each."""
    if chance >= 1.0:
        return 0.0
    each, none = (log(chance) if chance else -inf), log1p(-chance)
    whole = lgamma(of + 1)
    terms = (
        whole - lgamma(n + 1) - lgamma(of - n + 1) + (n * each if n else 0.0) + (of - n) * none
        for n in range(count + 1)
    )
    return sum(map(exp, terms))


def written_forms(name: NameParts, bearers: Mapping[str, int]) -> tuple[str, ...]:
    """Name the properties of a surname as it is written; ``bearers`` counts the records that bear each normal form."""
    normal = normal_name(name)
    letters = len("".join(normal.surnames))
    borne = bearers.get(normal.surname, 0)
    forms = [
        f"surname of up to {_SHORT} letters" if letters <= _SHORT
        else f"surname of {_LONG} letters or more" if letters >= _LONG
        else f"surname of {_SHORT + 1} to {_LONG - 1} letters",
        "surname in two parts or more" if len(normal.surnames) > 1 else "surname in one part",
        f"surname of up to {_RARE} records" if borne <= _RARE
        else f"surname of more than {_COMMON} records" if borne > _COMMON
        else f"surname of {_RARE + 1} to {_COMMON} records",
    ]  # fmt: skip
    if PARTICLES.intersection(words(name.surname)[:-1]):
        forms.append("surname with a particle")
    if not (name.given + name.surname).isascii():
        forms.append("letters beyond A to Z")
    return tuple(forms)
