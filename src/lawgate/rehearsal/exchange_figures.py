"""The exchange of 2025 in figures: what is documented, with where; and every assumption the reconstruction makes beside it, with why.

Sources are named as far as they are public; where they conflict, the figures of the declaration and the rulings are used. Counts are at full size and scale with the lines asked for.
"""

from __future__ import annotations

from dataclasses import dataclass

FULL_SIZE = 1_280_000
RELEASED, BY_NUMBER, UPDATED = 47_289, 42_695, 33_000
BY_ADDRESS = RELEASED - BY_NUMBER
INSUFFICIENT_RELEASED = RELEASED // 20
"""Just under five in a hundred of the released."""
LINES_OF_AN_OFFICER = 300
PERIODS: tuple[str, ...] = ("2023", "2024", "2025")


@dataclass(frozen=True, slots=True)
class Documented:
    """One figure on record: what it counts, its value as text, and the source that gives it."""

    name: str
    value: str
    source: str


@dataclass(frozen=True, slots=True)
class Assumption:
    """One figure or condition nobody published: its value as text, and one sentence why it was chosen so."""

    name: str
    value: str
    why: str


DOCUMENTED: tuple[Documented, ...] = (
    Documented(
        "lines of the request of 27 June 2025",
        "1.28 million",
        "rulings and declaration as reported",
    ),
    Documented(
        "fields of the datafile",
        "first name, last name, SSN where held, date of final order, one free-text address",
        "declaration and ruling as reported",
    ),
    Documented("addresses released on 7 August 2025", "47,289", "Romo declaration, 11 February 2026"),
    Documented(
        "released on name and taxpayer number, the address not compared",
        "42,695",
        "opinion of 26 February 2026; Romo declaration",
    ),
    Documented("released on name and address", "4,594", "by subtraction"),
    Documented(
        "released although the stated address was potentially incomplete or insufficient",
        "just under 5 %",
        "Romo declaration",
    ),
    Documented(
        "released that differed from the address stated",
        "about 33,000",
        "declarations of 22 December 2025",
    ),
    Documented(
        "officials named as personally and directly engaged",
        "1",
        "opinion of 21 November 2025",
    ),
    Documented(
        "what stood in place of an address",
        "“Failed to Provide” beside a ZIP, “Unknown Address”, “NA NA”, no street or number, facilities without a location",
        "Romo declaration; opinion of 26 February 2026",
    ),
    Documented(
        "what passed for an address where a number was given",
        "a field that was not blank and held five or nine digits",
        "opinion of 26 February 2026",
    ),
)

MOVED_SHARE = UPDATED / RELEASED
FORMER_ON_RECORD = 0.7
NAMES_A_RELATIVE = 0.01
MISSED = 40_000
INSUFFICIENT_SHARE = 0.06
BLANK_SHARE = 0.25
NUMBERS_OF_STRANGERS = 0.1
PEOPLE_FOR_A_LINE = 0.4

DECOYS: dict[str, float] = {
    "relative not on record": 0.02,
    "stranger at an address on record": 0.01,
    "former tenant not on record": 0.005,
    "namesake next door": 0.001,
    "one digit off": 0.002,
    "same street, other town": 0.001,
    "child of the same name not on record": 0.0001,
    "stranger in an institution": 0.002,
}
"""Shares of all lines that are built to fool a matcher: nobody on record is meant, but something of a record fits."""

ASSUMPTIONS: tuple[Assumption, ...] = (
    Assumption(
        "share of the released, by either script, who had moved",
        f"{MOVED_SHARE:.1%}",
        "33,000 of 47,289, taken to be the same for both scripts, because no source tells them apart.",
    ),
    Assumption(
        "stated addresses of movers from which they once filed",
        f"{FORMER_ON_RECORD:.0%} of those matched by number",
        "A requester's address may be one from which no return ever came; no source gives the share.",
    ),
    Assumption(
        "numbers that are another's in the household",
        f"{NAMES_A_RELATIVE:.0%} of those matched by number",
        "A match on number and the beginning of a surname takes a relative for the person; rulings name the risk, not its size.",
    ),
    Assumption(
        "people on record whom the scripts of 2025 missed",
        f"{MISSED:,}",
        "The Inspector General found true matches missed for slight variations in writing; how many is redacted or unknown.",
    ),
    Assumption(
        "insufficient addresses in the whole file",
        f"{INSUFFICIENT_SHARE:.0%}",
        "Just under 5 % is documented for the released, who had a number and so the better kept rows; the file is taken to be a little worse.",
    ),
    Assumption(
        "blank fields among the insufficient ones not released",
        f"{BLANK_SHARE:.0%}",
        "The only test of 2025 was that the field is not blank, so there were blank ones.",
    ),
    Assumption(
        "taxpayer numbers stated of people on no record",
        f"{NUMBERS_OF_STRANGERS:.0%} of them",
        "Numbers were given “where held”; that most of those held matched is the least that 42,695 releases imply.",
    ),
    Assumption(
        "lines built to fool a matcher",
        ", ".join(f"{share:.2%} {name}" for name, share in DECOYS.items()),
        "Common names, shared homes and apartment houses are named in the rulings; shares are chosen so that thousands of each occur.",
    ),
    Assumption(
        "the records",
        f"{PEOPLE_FOR_A_LINE} people for each line, histories 2018 to 2025, of each stay the first and the last return",
        "Large enough that every line about somebody on record has a person of its own, with a household and neighbours.",
    ),
    Assumption(
        "two of one name at one address",
        "in one household parent and child only, and then the parent's suffix is on record, and nobody is called by a short form of a housemate's name; "
        "former and present tenants by chance",
        "Where a line states first and last name alone, nothing can tell such people apart. Answers to such lines are listed one by one and counted apart.",
    ),
    Assumption(
        "writing of names and addresses",
        "five ways of writing; typing errors in 2 % of surnames and streets; units left out for 15 % of flats",
        "“Lack of uniformity in the formatting” is documented, its kinds and shares are not.",
    ),
)

ROW_2: tuple[Assumption, ...] = (
    Assumption(
        "the cover",
        "signed by the head of a simulated agency in order",
        "So that only the lines decide, not who asks.",
    ),
    Assumption(
        "engaged officers",
        f"one simulated officer for {LINES_OF_AN_OFFICER} lines, each signing with a key of its own",
        "The datafile named one official for all; a line without its officer's signature is refused, so signatures are simulated.",
    ),
    Assumption(
        "case, reason, authority, periods, offence",
        "made up for each line; 8 U.S.C. 1253(a)(1) with the line's own date of final order; periods 2023 to 2025",
        "The datafile had none of them but the date; a request without them is refused.",
    ),
    Assumption(
        "the answers that only people may give",
        "given by scripts that say so: yes to every question, no error in any sample",
        "The most favourable answers there could be: what is refused still, is refused by the lines themselves.",
    ),
    Assumption(
        "guard's limits and the agreement's number of lines",
        "raised above the size of the file",
        "Row 3 shows what they do when they are not.",
    ),
)


CANNOT_SHOW: tuple[str, ...] = (
    "Who the people of 2025 were, what stood in their lines, and how many answers were about the wrong person: nobody published it.",
    "Two people of one name at one address of whom only one is on record, where nothing stated tells them apart. The generator makes none, so the zero does not cover them.",
    "What real officers would have decided. Scripts say yes to every question here; the statute leaves those to named people.",
    "The true shares of ways of writing, typing errors, movers and numbers. They are assumed, with a reason each, and the counts of released and confirmed depend on them.",
    "The agency's own records. Those here are simulated, smaller, and cleaner than the register of a whole country.",
)
"""What no reconstruction from published figures can answer, in whole sentences."""
