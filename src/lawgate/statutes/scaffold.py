"""Writes the first version of a pack's files: the words named, the rules of the house, one rule of its own, and cases that try it.

What comes out is a whole pack, which proves itself, and is meant to be written on: docs/writing-a-pack.md goes through it.
"""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass
from datetime import date

from lawgate.domain.errors import StatuteError
from lawgate.evidence.canonical import canonical, sha256_hex
from lawgate.statutes import house
from lawgate.statutes.first_cases import first_cases
from lawgate.statutes.rule import Rule

_ID = re.compile(r"usc[0-9]+-[0-9a-z-]+")
_MARKS = re.compile(r"^#+ ")
OWN_RULE = "E-1"
_RULES: tuple[Rule, ...] = (*house.REQUESTER, *house.SUBJECT, *house.OFFICER, house.MATTER, house.ITEMS)


@dataclass(frozen=True, slots=True)
class NewPack:
    """What a lawyer names to begin: id, citation, title, the law file with its ``law`` text and ``day``, and how the provision ``begins``."""

    id: str
    citation: str
    title: str
    file: str
    law: str
    day: date
    begins: str


def scaffold(new: NewPack) -> dict[str, str]:
    """Return a new pack's files by name. Raises StatuteError if the id has another form, or no one paragraph of the law begins so."""
    if _ID.fullmatch(new.id) is None:
        raise StatuteError(f"{new.id} is no id of a pack; write the title and section, as usc26-6103-i-2")
    bare = [_MARKS.sub("", line) for line in new.law.splitlines()]
    found = [line for line in bare if line.startswith(new.begins) and line.strip()]
    if len(found) != 1:
        raise StatuteError(
            f"{len(found)} paragraphs of {new.file} begin with these words; give the first words of exactly one"
        )
    return {
        "__init__.py": _module(new),
        "rules.py": _rules(new),
        "text.md": _text(new, found[0]),
        "pack.toml": _particulars(new, found[0]),
        "cases.toml": first_cases(new.id, new.citation, OWN_RULE, _RULES),
    }


def module_name(pack: str) -> str:
    """Return the folder and module a pack of this id stands in."""
    return pack.replace("-", "_")


def _module(new: NewPack) -> str:
    return f'''"""{new.citation}: {new.title}.

The words are in ``text.md``, the particulars and versions in ``pack.toml``, the rules in ``rules.py``, the worked cases in ``cases.toml``.
"""

from __future__ import annotations

from importlib.resources import files

from lawgate.statutes.packs.{module_name(new.id)}.rules import RULES
from lawgate.statutes.particulars import read_ground

__all__ = ["GROUND", "PACK"]

GROUND = read_ground(files(__name__).joinpath("pack.toml").read_text(encoding="utf-8"), RULES)
"""The ground in all its readings."""
PACK = GROUND.current
"""The ground as this gateway applies it."""
'''


def _rules(new: NewPack) -> str:
    return f'''"""The elements of {new.citation}, in the order in which they are found; each names the words it was written from."""

from __future__ import annotations

from lawgate.domain.finding import Basis
from lawgate.statutes import house, predicates
from lawgate.statutes.rule import Element, Rule

CITATION = "{new.citation}"

_OWN: tuple[Element, ...] = (
    Rule(
        "{OWN_RULE}", "reasons", CITATION, Basis.STATUTE, "226", "The request states why the disclosure is one that the provision allows.",
        ("line.reasons",), predicates.reasons_are_set_forth, CITATION,
        "Do the reasons show that the disclosure is one that the provision allows?",
    ),
)  # fmt: skip

RULES: tuple[Element, ...] = (
    *house.REQUESTER, *_OWN, *house.SUBJECT, *house.OFFICER, house.MATTER, house.ITEMS,
)  # fmt: skip
"""All elements, in the order in which findings are kept."""
'''


_HOUSE = (
    "These are policy and say so; no words of the statute are claimed for them. They are the same on every ground (`lawgate.statutes.house`): the "
    "request names a ground the gateway answers, in a reading in force; the agency is registered, has an agreement in force for this ground, and its "
    "safeguards are accepted; the signing key is enrolled and valid; the official holds the office named, signs in person a request in writing, and "
    "certifies the use. A line names one person at one address, says from which years an address may be given, and asks for nothing but what the ground "
    "makes available. The officer who is to receive the answer belongs to the agency, attests the line, and has a key to seal to."
)


def _text(new: NewPack, words: str) -> str:
    day = f"{new.day.day} {new.day:%B %Y}"
    return f"""# {new.citation}: the words the rules were written from

Taken from the text of {day}:

- `{new.file}`, SHA-256 `{sha256_hex(new.law.encode())}`

Counsel confirms the current text before anybody relies on it. Paragraphs set off with a bar are quoted word for word, and a test compares each
with its source; everything else on this page is the project's own. A rule names the heading under which its words stand, and `pack.toml` holds
the digest of those words as they were when the rule was written: changed words break the proof.

## {new.citation}

> {words}

## {house.HEADING}

{_wrapped(_HOUSE)}
"""


def _wrapped(words: str) -> str:
    return textwrap.fill(words, 140, break_long_words=False, break_on_hyphens=False)


def _particulars(new: NewPack, words: str) -> str:
    policy = ", ".join(f'"{rule.id}"' for rule in _RULES)
    own, theirs = sha256_hex(canonical([words])), sha256_hex(canonical([*_wrapped(_HOUSE).splitlines()]))
    bound = "".join(f'"{rule.id}" = "{theirs}"\n' for rule in _RULES)
    return f'''# The particulars of this pack: its readings with their dates and authorities, what may be given, who may ask, what people must do.
# `lawgate pack verify` holds the last three tables to the page of the law, text.md.
id = "{new.id}"
title = "{new.title}"
citation = "{new.citation}"
accounted = true
purpose_code = "{new.id}"
authority = "{new.citation}"
minimising = "policy: an address, and nothing beside it"
terms = "For the officer to whom it is sealed, for the matter stated in the request and for nothing else ({new.citation})."

[[source]]
name = "the text of {new.day.day} {new.day:%B %Y}; counsel confirms the current text before anybody relies on it"
file = "{new.file}"
day = {new.day.isoformat()}
sha256 = "{sha256_hex(new.law.encode())}"

# What may be asked for and given, and from which sources on record, best first. What has another source is never given.
[[permitted]]
item = "address"
sources = ["taxpayer", "third-party", "agency"]
authority = "{new.citation}"

[offices]
any_agency = ["agency-head"]
justice = []

# Readings, oldest first. A request is checked under the version in force on the day of its receipt.
[[version]]
version = "1"
in_force_from = 2026-11-01
rests_on = [{{ kind = "statute", name = "{new.citation}" }}]

[[version.switch]]
name = "delegation_allowed"
value = false
authority = {{ kind = "policy", name = "this gateway hears the office-holder in person" }}

# What a named person of the record holder must do before anything leaves; no rule can do it.
[[step]]
id = "E-2"
citation = "policy; the holder's own delegation order says who may disclose"
basis = "policy"
by = "releasing-officer"
sentence = "Who releases is enrolled by the record holder for that, and is neither the requester nor the approver."
kept = "review: authorise asks for the role, and for another person than the one who approved"

# What the page quotes and no rule encodes, and why: "heading" = "reason".
[excused]

# What a request must be. Each row has the elements that encode it, or the reason why none does.
[[requirement]]
id = "{new.citation}"
elements = ["{OWN_RULE}"]

[[requirement]]
id = "policy"
elements = [{policy}]

# The words each rule was written from, as a digest of the paragraphs under its heading in text.md. If the words change, read the rule
# again, change it if need be, and only then enter the new digest, which `lawgate pack verify` names.
[bound]
"{OWN_RULE}" = "{own}"
{bound}'''
