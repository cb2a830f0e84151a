"""Tells whether two stated reasons are one template: what is specific to a line is masked, what is left is sketched.

A sketch is four keyed bands of minimal hashes over the set of words left. Texts of one template always share a band; where one word in ten
was put in another's place four pairs in five do, two in ten fewer than half, unrelated ones hardly ever (docs/adr/0031). Order, repetition,
case, punctuation and look-alike letters do not matter. Linear in the text.
The hashes are keyed with the home's secret: who cannot compute them cannot write words that steer them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from hashlib import blake2b

from lawgate.domain.steps import Json

BANDS = 4
ROWS = 4
WORD_BYTES = 8
NOTHING_LEFT = frozenset({"_"})
"""The words of a text of which masking leaves none; all such texts are alike."""

_FIRST_LETTERS = 6
_SHORTEST = 4
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_SENTENCE_END = re.compile(r"[.!?:;\n]\s*[\"'(“]*$")
_DATES = """
january february march april june july august september october november december sept
monday tuesday wednesday thursday friday saturday sunday
"""
_COMMON = """
this that these those which where when while what whose whom with within without from into onto upon over under about after before
between during since until than then there their they them have been were will would could should must does whether because also
such said each every other another same only most more very still person persons people individual individuals subject subjects
taxpayer taxpayers address addresses residence location known name named case matter proceeding proceedings investigation
federal united states government agency criminal statute offense offence information disclosure request requested requests
reason reasons relevant needed needs necessary required state stated shows show
"""
_SAYS_NOTHING = frozenset(f"{_DATES} {_COMMON}".split())
"""Dates, and words that any two lawful reasons may share; a text of nothing else has nothing left."""

_LOOK_ALIKES = str.maketrans("аеорсухіјѕԁһкмтвнαοερτυνικ", "aeopcyxijsdhkmtbhaoeptuvik")
_MASK = (1 << 64) - 1
_WORDS_REMEMBERED = 50_000
_SETS_REMEMBERED = 5_000
_SPECIFIC = (
    "request_key",
    "name",
    "address",
    "taxpayer_number",
    "birth_date",
    "criminal_statute",
    "offence_facts",
    "proceeding",
    "statutory_authority",
    "engaged_officer",
)

Sketch = tuple[tuple[str, ...], tuple[bytes, ...]]
_Word = tuple[bytes, tuple[int, ...]]
"""A word's digest, and its rank in each of the orders."""


def words_left(data: Mapping[str, Json]) -> frozenset[str]:
    """Return the words of a line's reasons once names, numbers, dates and whatever the line states elsewhere are masked.

    Short words are left out and long ones cut, so that grammar makes no difference. Empty only if no reasons are stated.
    """
    reasons = data.get("reasons")
    if not isinstance(reasons, str) or not reasons.strip():
        return frozenset()
    text = _plain(reasons)
    found = _WORD.findall(text)
    if text.isascii():
        capital = [word for word in found if "A" <= word < "["]
    else:
        capital = [word for word in found if word[0].isupper()]
    masked: set[str] = set()
    # Where most words begin with a capital, a capital is no sign of a name.
    if capital and 2 * len(capital) <= len(found):
        masked = set(capital)
        masked -= {m[0] for m in _WORD.finditer(text) if m[0] in masked and _opens_sentence(text, m.start())}
    own = set(_WORD.findall(_plain(" ".join(_texts(data))).casefold()))
    left = [_CUT.get(word) or _cut(word) for word in set(found) - masked]
    return frozenset([short for whole, short in left if short and whole not in own]) or NOTHING_LEFT


_CUT: dict[str, tuple[str, str]] = {}


def _cut(word: str) -> tuple[str, str]:
    """Return a word without case, and what is left of it: nothing if it is short, no word, or says nothing."""
    whole = word.casefold()
    says = len(whole) >= _SHORTEST and whole not in _SAYS_NOTHING and whole.isalpha()
    cut = whole, whole[:_FIRST_LETTERS] if says else ""
    if len(_CUT) < _WORDS_REMEMBERED:
        _CUT[word] = cut
    return cut


class Sketcher:
    """Sketches sets of words under one home's secret; remembers words and whole sets, for one submission."""

    def __init__(self, mark: Callable[[str, str], bytes]) -> None:
        drawn = [int.from_bytes(mark("reasons-order", str(n)), "big") for n in range(BANDS * ROWS)]
        self._order = [((d & _MASK) | 1, d >> 64) for d in drawn]
        self._key = mark("reasons-order", "words")
        self._words: dict[str, _Word] = {}
        self._sets: dict[frozenset[str], Sketch] = {}

    def sketch(self, words: frozenset[str]) -> Sketch:
        """Return one text for each band, equal for equal sets, none for no words; and 8 bytes for each word.

        Neither tells anybody without the secret what the words are.
        """
        if not words:
            return (), ()
        known = self._sets.get(words)
        if known is None:
            drawn = [self._words.get(word) or self._draw(word) for word in words]
            least = list(map(min, zip(*[ranks for _, ranks in drawn], strict=True)))
            bands = tuple([f"{b}/{least[b * ROWS : (b + 1) * ROWS]}" for b in range(BANDS)])
            known = bands, tuple([digest for digest, _ in drawn])
            if len(self._sets) < _SETS_REMEMBERED:
                self._sets[words] = known
        return known

    def _draw(self, word: str) -> _Word:
        raw = word.encode("utf-8", "surrogatepass")
        digest = blake2b(raw, digest_size=WORD_BYTES, key=self._key).digest()
        one = int.from_bytes(digest, "big")
        drawn = digest, tuple([(one * factor + shift) & _MASK for factor, shift in self._order])
        if len(self._words) < _WORDS_REMEMBERED:
            self._words[word] = drawn
        return drawn


def _plain(text: str) -> str:
    """One way of writing: compatibility forms, no accents, nothing invisible, Latin for letters that look Latin."""
    if text.isascii():
        return text
    parts = unicodedata.normalize("NFKD", text)
    seen = "".join(c for c in parts if unicodedata.category(c) not in ("Mn", "Cf"))
    return seen.translate(_LOOK_ALIKES)


def _opens_sentence(text: str, place: int) -> bool:
    before = text[max(0, place - 4) : place]
    return not before.strip(" \"'(“\t") or _SENTENCE_END.search(before) is not None


def _texts(data: Mapping[str, Json]) -> list[str]:
    """Every text that a line states beside its reasons, one level deep, which is as deep as the format goes."""
    texts = []
    for value in map(data.get, _SPECIFIC):
        if isinstance(value, str):
            texts.append(value)
        elif isinstance(value, Mapping):
            texts += [inner for inner in value.values() if isinstance(inner, str)]
    return texts
