"""Proof that a leaf is in a checkpoint that the witnesses cosigned. Made in ``ledger/append.py`` only (I-6)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Receipt:
    """``proof`` is the complete C2SP tlog-proof text (leaf in its extra line); ``leaf`` its entry bytes.

    ``index`` is the place in the year's tree, ``base`` how many entries the logs before it hold.
    """

    index: int
    leaf: bytes
    checkpoint_size: int
    proof: str
    base: int = 0

    @property
    def number(self) -> int:
        """The entry's number, which counts through all years."""
        return self.base + self.index


def make_receipt(index: int, leaf: bytes, checkpoint_size: int, proof: str, base: int = 0) -> Receipt:
    """Make a receipt; a lint rule refuses every caller but ``ledger/append.py``."""
    return Receipt(index=index, leaf=leaf, checkpoint_size=checkpoint_size, proof=proof, base=base)
