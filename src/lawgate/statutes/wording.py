"""What a piece of stated text says before anybody judges it: nothing, a placeholder, or which provisions it cites."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from lawgate.identity.fold import holds_unseen

PLACEHOLDERS = frozenset(
    {
        "na", "nana", "none", "nil", "null", "no", "unknown", "unk", "tbd", "tba", "tbc", "pending", "various", "same", "sameasabove",
        "seeabove", "seeattached", "seefile", "seecover", "asabove", "ditto", "notavailable", "notapplicable", "notprovided",
        "notstated", "failedtoprovide", "refusedtoprovide", "dontcare", "test", "x", "xx", "xxx", "xxxx", "asdf", "other", "any", "misc",
    }
)  # fmt: skip
"""Words that fill a field and set nothing forth, as compared after dropping case, spaces and signs."""

_LONGEST = 2 * max(map(len, PLACEHOLDERS))
"""No text is a placeholder once it has more letters; twice, because folding case may shorten or lengthen a text."""
_ENOUGH = 2 * _LONGEST
"""Of a long text so many characters mostly say already that it is none."""

_NOT_A_SIGN = re.compile(r"[^\W_]+")
_WORD = re.compile(r"[^\W\d_]{2,}")
_CITATION = re.compile(
    r"(?<![\w.])(\d{1,3})\s*U\.?\s?S\.?\s?C\.?(?:\s?A\.?)?\s*(?:§{1,2}|secs?\.?|sections?)?\s*"
    r"(\d{1,5}[A-Za-z]{0,2}(?:-\d{1,3}[a-z]?)?)((?:\s?\([0-9A-Za-z]{1,5}\))*)(?![\w])",
    re.IGNORECASE,
)
_JOINTS = re.compile(r"\band\b|[\s,;&.]")
_SUBDIVISION = re.compile(r"\(([0-9A-Za-z]+)\)")
LAST_TITLE = 54
_REMEMBERED = 4096
"""So many texts are judged once: kinds, statutes and statuses are the same in most lines of a file."""


@lru_cache(_REMEMBERED)
def sets_nothing_forth(text: str) -> bool:
    """Say whether a text is blank, bare signs, one character over and over, or a placeholder."""
    bare = "".join(_NOT_A_SIGN.findall(text, 0, _ENOUGH))
    if len(text) > _ENOUGH and not _is_too_long(bare):
        bare = "".join(_NOT_A_SIGN.findall(text))
    if _is_too_long(bare):
        return False
    bare = bare.casefold()
    return not bare or bare in PLACEHOLDERS or (len(bare) > 2 and len(set(bare)) == 1)


def _is_too_long(bare: str) -> bool:
    return len(bare) > _LONGEST and len(set(bare)) > 1


def has_words(text: str, fewest: int) -> bool:
    """Say whether a text has at least so many different words of two letters or more; reads no further than it must."""
    seen: set[str] = set()
    for word in _WORD.finditer(text):
        seen.add(word.group().casefold())
        if len(seen) >= fewest:
            return True
    return False


@dataclass(frozen=True, slots=True)
class Citation:
    """A section of the United States Code with its subdivisions: 8 U.S.C. 1253(a)(1) is ``(8, "1253", ("a", "1"))``."""

    title: int
    section: str
    subdivisions: tuple[str, ...] = ()

    def within(self, other: Citation) -> bool:
        """Say whether this is ``other`` or a part of it."""
        same = (self.title, self.section) == (other.title, other.section)
        return same and self.subdivisions[: len(other.subdivisions)] == other.subdivisions

    @property
    def exists(self) -> bool:
        """Say whether the Code has such a title (1 to 54, of which 53 is reserved); sections are not looked up."""
        return 1 <= self.title <= LAST_TITLE and self.title != 53


@dataclass(frozen=True, slots=True)
class Cited:
    """What a text cites: the Code sections in their order, and whether there is ``only`` that and what joins citations.

    It is ``usable`` if something is cited and every title cited exists.
    """

    citations: tuple[Citation, ...]
    only: bool
    usable: bool = field(init=False)
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        usable = bool(self.citations) and all(c.exists for c in self.citations)
        object.__setattr__(self, "usable", usable)
        object.__setattr__(self, "_hash", hash((self.citations, self.only)))

    def __hash__(self) -> int:
        return self._hash  # made once: what lines cite is looked up by for each of them


@lru_cache(_REMEMBERED)
def read_cited(text: str) -> Cited:
    """Read which Code sections a text cites in the usual form; none, if a sign stands in it that is not seen."""
    if holds_unseen(text):
        return Cited((), only=False)
    found: list[Citation] = []

    def take(match: re.Match[str]) -> str:
        title, section, rest = match.groups()
        found.append(Citation(int(title), section.lower(), tuple(_SUBDIVISION.findall(rest))))
        return ""

    besides = _CITATION.sub(take, text)
    return Cited(tuple(found), not _JOINTS.sub("", besides))
