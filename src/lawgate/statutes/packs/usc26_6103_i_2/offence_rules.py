"""The elements on the offence designated (R-15): that it is one, that what is stated bears on its elements, and what a person is asked.

(B) does not make a request state the facts of the offence. Without them (A) cannot be checked: a final order and ninety days are not the
whole of 8 U.S.C. 1253(a)(1). So all but R-15a are policy, like the naming of the officer.
"""

from __future__ import annotations

from lawgate.domain.finding import Basis
from lawgate.statutes.packs.usc26_6103_i_2 import checklists as c
from lawgate.statutes.packs.usc26_6103_i_2 import elements as e
from lawgate.statutes.packs.usc26_6103_i_2 import offence as o
from lawgate.statutes.packs.usc26_6103_i_2 import predicates as p
from lawgate.statutes.packs.usc26_6103_i_2.checklists import Checklist
from lawgate.statutes.rule import Alternatives, Element, Predicate, Rule

CITATION = "26 U.S.C. 6103(i)(2)"

_STATUTE, _POLICY = Basis.STATUTE, Basis.POLICY
_DESCRIBED, _DEPARTURE = "(i)(1)(A) Matters described", "8 U.S.C. 1253(a) Penalty for failure to depart"
_CHECKLISTS = "Offences commonly designated"
_OFFENCE_CITATION = f"policy, under {CITATION}(A) and 6103(i)(1)(A)(i)"
_DEPARTURE_CITATION = f"policy, under {CITATION}(A); 8 U.S.C. 1253(a)(1)"
_STATUTE_CITED, _TODAY = "line.criminal_statute", "now.today"
_REVIEWED, _ORDERED = "line.offence_facts.judicial_review", "line.offence_facts.final_order_date"
_COURT_ORDERED = "line.offence_facts.court_order_date"


def _way(rule: str, sentence: str, facts: tuple[str, ...], predicate: Predicate, question: str = "") -> Rule:
    """One way in which an element of the offence of failure to depart is met, or does not arise."""
    return Rule(
        rule, "offence", _DEPARTURE_CITATION, _POLICY, "235", sentence, facts, predicate, _DEPARTURE, question
    )


_OFFENCE: tuple[Element, ...] = (
    Rule(
        "R-15a", "offence", f"{CITATION}(A)(i), 6103(i)(1)(A)(i)", _STATUTE, "231",
        "A specifically designated Federal criminal statute is cited, and it does not involve tax administration.",
        (_STATUTE_CITED,), p.statute_is_designated, _DESCRIBED,
        "Is the provision cited a specifically designated Federal criminal statute that does not involve tax administration?",
    ),
    Rule(
        "R-15b", "offence", _OFFENCE_CITATION, _POLICY, "235",
        "If an offence other than 8 U.S.C. 1253(a)(1) is designated, what is stated makes out its elements.",
        (_STATUTE_CITED,), o.other_offence_is_made_out, _DESCRIBED,
        "Does what is stated of the facts make out the elements of the offence designated?",
    ),
    Alternatives(
        "R-15c", "offence", _DEPARTURE_CITATION, _POLICY, "235",
        "If 8 U.S.C. 1253(a)(1) is designated, a final order of removal is stated with its date.", _DEPARTURE,
        (
            _way("R-15c1", "Another offence is designated.", (_STATUTE_CITED,), o.is_another_offence),
            _way("R-15c2", "A final order of removal is stated with its date.", (_ORDERED, _TODAY), o.final_order_is_stated),
        ),
    ),
    Alternatives(
        "R-15d", "offence", _DEPARTURE_CITATION, _POLICY, "235",
        "If 8 U.S.C. 1253(a)(1) is designated, the order rests on a class described in 8 U.S.C. 1227(a), which is stated.", _DEPARTURE,
        (
            _way("R-15d1", "Another offence is designated.", (_STATUTE_CITED,), o.is_another_offence),
            _way(
                "R-15d2", "The ground of the order is stated, and it is a class described in 8 U.S.C. 1227(a).",
                ("line.offence_facts.removal_ground",), o.ground_is_stated,
                "Is the ground stated one of the classes described in 8 U.S.C. 1227(a)?",
            ),
        ),
    ),
    Alternatives(
        "R-15e", "offence", f"{_DEPARTURE_CITATION}(A)", _POLICY, "235",
        "If 8 U.S.C. 1253(a)(1)(A) is designated and no judicial review was had, ninety days have run from the final order of removal.",
        _DEPARTURE,
        (
            _way("R-15e1", "What is designated counts no days.", (_STATUTE_CITED,), o.counts_no_days),
            _way("R-15e2", "Judicial review was had.", (_REVIEWED,), o.review_was_had),
            _way("R-15e3", "Ninety days have run from the final order of removal.", (_ORDERED, _TODAY), o.days_ran_from_the_order),
        ),
    ),
    Alternatives(
        "R-15f", "offence", f"{_DEPARTURE_CITATION}(A)", _POLICY, "235",
        "If 8 U.S.C. 1253(a)(1)(A) is designated and judicial review was had, ninety days have run from the final order of the court.",
        _DEPARTURE,
        (
            _way("R-15f1", "What is designated counts no days.", (_STATUTE_CITED,), o.counts_no_days),
            _way("R-15f2", "No judicial review was had.", (_REVIEWED,), o.no_review_was_had),
            _way("R-15f3", "Ninety days have run from the final order of the court.", (_COURT_ORDERED, _TODAY), o.days_ran_from_the_court),
        ),
    ),
    Rule(
        "R-15g", "offence", _DEPARTURE_CITATION, _POLICY, "235",
        "If 8 U.S.C. 1253(a)(1) is designated, the failure or refusal was wilful and the order is outstanding.",
        (_STATUTE_CITED,), o.failure_is_wilful, _DEPARTURE,
        "Does what is stated show that the order is outstanding and the failure or refusal wilful, and not a proper step under (a)(2)?",
    ),
)  # fmt: skip


def _elements_of(rule: str, offence: Checklist, is_stated: Predicate, sentence: str) -> Alternatives:
    """The elements of one offence that has a checklist: another offence is designated, or what bears on them is stated."""
    facts = tuple(f"line.offence_facts.{fact}" for fact in offence.facts)
    citation = f"policy, under {CITATION}(A); {offence.cited}, in this project's reading"

    def way(number: int, said: str, seen: tuple[str, ...], predicate: Predicate) -> Rule:
        return Rule(
            f"{rule}{number}", "offence", citation, _POLICY, "235", said, seen, predicate, _CHECKLISTS
        )

    return Alternatives(
        rule, "offence", citation, _POLICY, "235", f"If {offence.cited} is designated, {sentence}", _CHECKLISTS,
        (
            way(1, "Another offence is designated.", (_STATUTE_CITED,), e.another_than(offence)),
            way(2, f"{sentence[:1].upper()}{sentence[1:]}", (*facts, _TODAY), is_stated),
        ),
    )  # fmt: skip


_OTHER_OFFENCES: tuple[Element, ...] = (
    _elements_of("R-15h", c.ENTRY, e.entry_is_stated, "the day of entry is stated, and in which of the section's ways it was improper."),
    _elements_of(
        "R-15i", c.REENTRY, e.reentry_is_stated,
        "the day of the removal and a later day on which the person was found are stated, and that there was no consent to reapply.",
    ),
    _elements_of("R-15j", c.HARBOURING, e.harbouring_is_stated, "the act and its day are stated."),
    _elements_of("R-15k", c.FALSE_CLAIM, e.claim_is_stated, "the day of the claim is stated, and to whom or on what it was made."),
    _elements_of("R-15l", c.PASSPORT, e.application_is_stated, "the day of the application is stated, and which statement in it was false."),
    _elements_of("R-15m", c.DOCUMENTS, e.document_is_stated, "the document is stated, what was done with it, and the day."),
    _elements_of("R-15n", c.SOCIAL_SECURITY, e.number_is_stated, "the day is stated, and to whom or for what a number was represented as the person's own."),
)  # fmt: skip

OFFENCE_RULES: tuple[Element, ...] = (*_OFFENCE, *_OTHER_OFFENCES)
"""All of them, in the order in which findings are kept."""
