"""26 U.S.C. 6103(i)(2): return information other than taxpayer return information, and identity, for non-tax criminal matters.

The words are in ``text.md``, the particulars and versions in ``pack.toml``, the rules in ``rules.py``, the worked cases in ``cases.toml``.
"""

from __future__ import annotations

from importlib.resources import files

from lawgate.statutes.packs.usc26_6103_i_2.rules import RULES
from lawgate.statutes.particulars import read_ground

__all__ = ["GROUND", "PACK"]

GROUND = read_ground(files(__name__).joinpath("pack.toml").read_text(encoding="utf-8"), RULES)
"""The ground in all its readings."""
PACK = GROUND.current
"""The ground as this gateway applies it."""
