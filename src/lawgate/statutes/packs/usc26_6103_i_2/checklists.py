"""The elements of offences that are commonly designated, as far as facts stated of the alleged offence can bear on them.

Each row is this project's own reading of the section it cites, for counsel to confirm; except for 8 U.S.C. 1253 the words are not among the
project's texts. A fact is the name under which it comes in ``offence_facts``. What has no fact, a state of mind above all, is for the person
who is asked whether the elements are made out (rules R-15b and R-15g).
"""

from __future__ import annotations

from dataclasses import dataclass

from lawgate.statutes.wording import Citation, Cited


@dataclass(frozen=True, slots=True)
class ElementOf:
    """One element of an offence: what must be so, where it stands, and the ``facts`` that bear on it; none, and a person says."""

    sentence: str
    citation: str
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Checklist:
    """An offence with all its elements. ``rules`` are the elements of the pack that look at its facts."""

    citation: Citation
    cited: str
    name: str
    elements: tuple[ElementOf, ...]
    rules: tuple[str, ...]

    @property
    def facts(self) -> tuple[str, ...]:
        """Return every fact that bears on an element, each once, in the order of the elements."""
        return tuple(dict.fromkeys(fact for element in self.elements for fact in element.facts))

    def designated_by(self, cited: Cited) -> bool:
        """Say whether anything cited is this offence, a part of it, or something wider that holds it, in whatever case it is written."""
        row = self.citation
        for other in cited.citations:
            if other.section == row.section and other.title == row.title and _overlap(other, row):
                return True
        return False


def _overlap(cited: Citation, row: Citation) -> bool:
    depth = min(len(cited.subdivisions), len(row.subdivisions))
    return [s.casefold() for s in cited.subdivisions[:depth]] == [
        s.casefold() for s in row.subdivisions[:depth]
    ]


DEPARTURE = Checklist(
    Citation(8, "1253", ("a", "1")), "8 U.S.C. 1253(a)(1)", "failure to depart",
    (
        ElementOf("a final order of removal is outstanding", "8 U.S.C. 1253(a)(1)", ("final_order_date",)),
        ElementOf("by reason of membership of a class described in section 1227(a)", "8 U.S.C. 1253(a)(1)", ("removal_ground",)),
        ElementOf("under (A): ninety days ran from that order or, after judicial review, from the court's", "8 U.S.C. 1253(a)(1)(A)", ("judicial_review", "court_order_date")),
        ElementOf("the failure or refusal was wilful; under (C), designed to prevent or hamper departure", "8 U.S.C. 1253(a)(1)(A)-(D)"),
        ElementOf("it was no proper step to have the order cancelled or to be released", "8 U.S.C. 1253(a)(2)"),
    ),
    ("R-15c", "R-15d", "R-15e", "R-15f", "R-15g"),
)  # fmt: skip

ENTRY = Checklist(
    Citation(8, "1325", ("a",)), "8 U.S.C. 1325(a)", "improper entry",
    (
        ElementOf("the person entered, or attempted to enter, on a day", "8 U.S.C. 1325(a)", ("entry_date",)),
        ElementOf("at another time or place than designated, or eluding inspection, or by a false representation", "8 U.S.C. 1325(a)(1)-(3)", ("entry_manner",)),
        ElementOf("the person was an alien; a false representation was wilful", "8 U.S.C. 1325(a)"),
    ),
    ("R-15h",),
)  # fmt: skip

REENTRY = Checklist(
    Citation(8, "1326"), "8 U.S.C. 1326", "re-entry after removal",
    (
        ElementOf("the person was denied admission, excluded, deported or removed, or departed under an order, on a day: an order not carried out is not enough", "8 U.S.C. 1326(a)(1)", ("removal_date",)),
        ElementOf("afterwards the person entered, attempted to enter, or was found in the United States", "8 U.S.C. 1326(a)(2)", ("found_date",)),
        ElementOf("there was no consent to reapply for admission", "8 U.S.C. 1326(a)(2)", ("consent_to_reapply",)),
        ElementOf("the person was an alien, and the entry voluntary", "8 U.S.C. 1326(a)"),
    ),
    ("R-15i",),
)  # fmt: skip

HARBOURING = Checklist(
    Citation(8, "1324", ("a", "1")), "8 U.S.C. 1324(a)(1)", "bringing in and harbouring",
    (
        ElementOf("the person brought, transported, harboured, encouraged or conspired to do so", "8 U.S.C. 1324(a)(1)(A)(i)-(v)", ("harbouring_act",)),
        ElementOf("on a day", "8 U.S.C. 1324(a)(1)(A)", ("harbouring_date",)),
        ElementOf("knowing, or in reckless disregard of, the status of whoever was helped", "8 U.S.C. 1324(a)(1)(A)(ii)-(iv)"),
    ),
    ("R-15j",),
)  # fmt: skip

FALSE_CLAIM = Checklist(
    Citation(18, "911"), "18 U.S.C. 911", "false claim of citizenship",
    (
        ElementOf("the person represented to be a citizen, on a day", "18 U.S.C. 911", ("claim_date",)),
        ElementOf("to somebody or on a document that is named", "18 U.S.C. 911", ("claim_made_to",)),
        ElementOf("the representation was false and wilful", "18 U.S.C. 911"),
    ),
    ("R-15k",),
)  # fmt: skip

PASSPORT = Checklist(
    Citation(18, "1542"), "18 U.S.C. 1542", "false statement in a passport application",
    (
        ElementOf("an application for a passport was made, or a passport so obtained was used, on a day", "18 U.S.C. 1542", ("application_date",)),
        ElementOf("a statement in it, which is named, was false", "18 U.S.C. 1542", ("false_statement",)),
        ElementOf("it was made wilfully and knowingly, with intent to induce or secure the passport", "18 U.S.C. 1542"),
    ),
    ("R-15l",),
)  # fmt: skip

DOCUMENTS = Checklist(
    Citation(18, "1546", ("a",)), "18 U.S.C. 1546(a)", "visa and permit fraud",
    (
        ElementOf("a visa, permit or other document prescribed for entry or stay or work is named", "18 U.S.C. 1546(a)", ("entry_document",)),
        ElementOf("it was forged, used, possessed, or obtained by a false statement, on a day", "18 U.S.C. 1546(a)", ("document_act", "document_date")),
        ElementOf("the person knew it to be forged, false or unlawfully obtained", "18 U.S.C. 1546(a)"),
    ),
    ("R-15m",),
)  # fmt: skip

SOCIAL_SECURITY = Checklist(
    Citation(42, "408", ("a", "7", "B")), "42 U.S.C. 408(a)(7)(B)", "false social security number",
    (
        ElementOf("a number was represented to be the person's own, on a day; the number itself is never stated", "42 U.S.C. 408(a)(7)(B)", ("number_used_date",)),
        ElementOf("to somebody or for a purpose that is named", "42 U.S.C. 408(a)(7)(B)", ("number_used_for",)),
        ElementOf("the representation was false, with intent to deceive", "42 U.S.C. 408(a)(7)(B)"),
    ),
    ("R-15n",),
)  # fmt: skip

CHECKLISTS = (DEPARTURE, ENTRY, REENTRY, HARBOURING, FALSE_CLAIM, PASSPORT, DOCUMENTS, SOCIAL_SECURITY)
"""Every offence whose elements are looked at one by one."""
