"""Writes the pages of the codes and of the offences in Markdown, from the tables the program itself uses; a test holds the documents to them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lawgate.domain.code import CODES, RETIRED, Code
from lawgate.statutes.packs.usc26_6103_i_2.checklists import Checklist

FAMILIES = {
    "1": "the file",
    "2": "the statute",
    "3": "verification: stays inside, and is in no determination",
    "4": "plausibility",
    "5": "the requester",
    "6": "the record's class, and people's decisions",
    "7": "stops",
    "9": "the system",
}


def codes_page() -> str:
    """Return ``docs/codes.md``: every code with citation, sentence, remedy, whether trying again helps, and since when it is given out."""
    parts = [
        "# Reason codes",
        "",
        "Written by `lawgate pack codes` from the table in `lawgate.domain.code`; a test holds this page to it. A number has one meaning for good: a code that is no longer given out is",
        "retired, and its number is never used again. Where a rule gives a code, the determination cites that rule's own provision; the citation here is the one of its first ground.",
    ]
    for digit, words in FAMILIES.items():
        rows = [code for number, code in sorted(CODES.items()) if number.startswith(digit)]
        parts += ["", f"## {digit}xx: {words}", "", *_table(_HEADINGS, map(_cells, rows))]
    parts += ["", "## Retired", ""]
    parts += [f"- {number}: {why}" for number, why in sorted(RETIRED.items())] or ["None so far."]
    return "\n".join(parts) + "\n"


def offences_page(checklists: Sequence[Checklist]) -> str:
    """Return ``docs/offences.md``: each offence with its elements, and the facts that bear on each."""
    parts = [
        "# Offences commonly designated",
        "",
        "Written by `lawgate pack offences` from the checklists of the pack for 26 U.S.C. 6103(i)(2); a test holds this page to them. **It is this project's own reading, for counsel to confirm.** Except for",
        "8 U.S.C. 1253 the words of these sections are not among the project's texts. A request that designates one of them states the facts named, in `offence_facts`; they are seen by the rules named and by",
        "nothing else. Stated is not proved: whether what is stated makes out the offence is always for a person. Of any other offence a person alone is asked (R-15b).",
    ]
    for offence in checklists:
        parts += ["", f"## {offence.cited}: {offence.name}", "", f"Rules: {', '.join(offence.rules)}.", ""]
        rows = (
            (
                element.citation,
                element.sentence,
                ", ".join(f"`{f}`" for f in element.facts) or "a person says",
            )
            for element in offence.elements
        )
        parts += _table(("where", "element", "facts"), rows)
    return "\n".join(parts) + "\n"


_HEADINGS = ("code", "citation", "what it says", "what to do", "trying again helps", "since")


def _cells(code: Code) -> tuple[str, ...]:
    again = "yes" if code.retriable else "no"
    return (code.code, code.citation, code.sentence, code.remedy or "–", again, code.since)


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    return [
        f"| {' | '.join(headings)} |",
        f"|{'---|' * len(headings)}",
        *(f"| {' | '.join(row)} |" for row in rows),
    ]
