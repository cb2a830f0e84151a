"""What a piece of stated text says before anybody judges it: nothing, a placeholder, or which provisions it cites."""

from __future__ import annotations

import re
from dataclasses import dataclass

PLACEHOLDERS = frozenset(
    {
        "na", "nana", "none", "nil", "null", "no", "unknown", "unk", "tbd", "tba", "tbc", "pending", "various", "same", "sameasabove",
        "seeabove", "seeattached", "seefile", "seecover", "asabove", "ditto", "notavailable", "notapplicable", "notprovided",
        "notstated", "failedtoprovide", "refusedtoprovide", "dontcare", "test", "x", "xx", "xxx", "xxxx", "asdf", "other", "any", "misc",
    }
)  # fmt: skip
"""Words that fill a field and set nothing forth, as compared after dropping case, spaces and signs."""

_NOT_A_SIGN = re.compile(r"[^\W_]+")
_WORD = re.compile(r"[^\W\d_]{2,}")
_CITATION = re.compile(
    r"(?<![\w.])(\d{1,3})\s*U\.?\s?S\.?\s?C\.?(?:\s?A\.?)?\s*(?:§{1,2}|secs?\.?|sections?)?\s*"
    r"(\d{1,5}[A-Za-z]{0,2}(?:-\d{1,3}[a-z]?)?)((?:\s?\([0-9A-Za-z]{1,5}\))*)(?![\w])",
    re.IGNORECASE,
)
_SUBDIVISION = re.compile(r"\(([0-9A-Za-z]+)\)")
LAST_TITLE = 54


def sets_nothing_forth(text: str) -> bool:
    """Say whether a text is blank, bare signs, one character over and over, or a placeholder."""
    bare = "".join(_NOT_A_SIGN.findall(text)).casefold()
    return not bare or bare in PLACEHOLDERS or (len(bare) > 2 and len(set(bare)) == 1)


def word_count(text: str) -> int:
    """Count the different words of two letters or more."""
    return len({word.casefold() for word in _WORD.findall(text)})


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


def citations(text: str) -> tuple[Citation, ...]:
    """Return the Code sections a text cites in the usual form, in their order."""
    return tuple(
        Citation(int(title), section.lower(), tuple(_SUBDIVISION.findall(rest)))
        for title, section, rest in _CITATION.findall(text)
    )


def cites_only(text: str) -> bool:
    """Say whether a text is citations and what joins them, and nothing besides."""
    return not re.sub(r"\band\b|[\s,;&.]", "", _CITATION.sub("", text))
