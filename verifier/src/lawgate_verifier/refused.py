"""The one exception of this package: something is not as the format demands, said by number and in a plain sentence."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


class Refused(Exception):
    """``number`` is one of the ten checks of a package (docs/ledger-format.md section 4), or 0 outside them.

    ``sentence`` never holds anything that was read from a sealed file.
    """

    def __init__(self, number: int, sentence: str) -> None:
        super().__init__(number, sentence)
        self.number = number
        self.sentence = sentence

    def __str__(self) -> str:
        return f"check {self.number}: {self.sentence}" if self.number else self.sentence


@contextmanager
def check(number: int) -> Iterator[None]:
    """Give every refusal inside the block the number of the check it belongs to."""
    try:
        yield
    except Refused as refusal:
        raise Refused(number, refusal.sentence) from None


def demand(holds: bool, sentence: str) -> None:
    """Refuse with that sentence unless the condition holds."""
    if not holds:
        raise Refused(0, sentence)
