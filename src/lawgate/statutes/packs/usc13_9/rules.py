"""13 U.S.C. 9: one element, which no request meets."""

from __future__ import annotations

from lawgate.domain.finding import Basis, Outcome
from lawgate.statutes import house
from lawgate.statutes.rule import Element, Rule

CITATION = "13 U.S.C. 9(a)"


def denied(cover_pack: str) -> Outcome:
    """UNMET, whatever the request says. It is asked once it is known that there is a request."""
    return Outcome.UNMET


RULES: tuple[Element, ...] = (
    house.GROUND,
    Rule(
        "Z-1", "census", CITATION, Basis.STATUTE, "253", "Information furnished for the census is disclosed to no one for this.",
        ("cover.pack",), denied, "(a) No other use, no publication, no examination",
    ),
)  # fmt: skip
"""All elements, in the order in which findings are kept."""
