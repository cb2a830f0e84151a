"""One word per idea: every word of the glossary is used, and no identifier uses another word for the same thing."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SRC = ROOT / "src" / "lawgate"
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")

BANNED = {
    # the word we use: the words we do not use in identifiers for the same thing
    "look-up": ("search", "query_by_name", "find_person", "lookup_by_name", "person_search", "fuzzy"),
    "match": ("dedupe", "linkage", "resolve_entity", "entity_resolution"),
    "minimise": ("minimize", "redact", "sanitize", "sanitise"),
    "authorise": ("authorize", "authorized", "signoff"),
    "requester": ("applicant", "petitioner"),
    "submission": ("upload", "dossier", "filing_batch"),
    "line": ("item_request", "subrequest"),
    "finding": ("assessment", "judgment", "judgement"),
    "docket": ("inbox", "todo", "worklist", "queue"),
    "hold": ("quarantine", "suspicion", "suspicious", "fraud_score"),
    "stop": ("injunction", "embargo", "freeze", "halt", "kill_switch"),
    "witness": ("notary", "cosigner_service"),
    "placeholder": ("dummy", "junk", "garbage"),
    "engaged officer": ("case_agent", "end_user"),
    "record": ("dossier", "profile"),
    "policy": ("override", "bypass", "whitelist", "blacklist"),
    # no word at all: nothing here may know, rank or list people by these (I-11)
    "(nothing)": (
        "nationality", "citizenship", "citizen", "immigrant", "immigration", "immigration_status", "alien", "ethnicity", "race", "religion",
        "rank_people", "risk_score", "watchlist", "list_people", "people_by_name",
    ),
    # names that say nothing
    "(a name that says what it does)": ("utils", "util", "misc", "helper", "helpers", "manager", "factory", "abstract", "stuff"),
}  # fmt: skip


def words() -> list[str]:
    return re.findall(r"(?m)^\| \*\*(.+?)\*\* \|", GLOSSARY)


def identifiers(root: Path) -> Iterator[tuple[str, str]]:
    """Every name that our code gives to something, and where."""
    for path in sorted(root.rglob("*.py")):
        where = str(path.relative_to(root))
        yield where, path.stem
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                yield where, node.name
            elif isinstance(node, ast.arg):
                yield where, node.arg
            elif path.stem.endswith("_settings"):
                continue  # there the names are Django's
            elif isinstance(node, (ast.Name, ast.Attribute)) and isinstance(node.ctx, ast.Store):
                yield where, node.id if isinstance(node, ast.Name) else node.attr


def snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower().strip("_")


def contains(name: str, banned: str) -> bool:
    return f"_{banned}_" in f"_{snake(name)}_"


def offences(root: Path) -> set[tuple[str, str, str]]:
    given = set(identifiers(root))
    return {
        (where, name, f"say {word}")
        for word, synonyms in BANNED.items()
        for synonym in synonyms
        for where, name in given
        if contains(name, synonym)
    }


def test_no_identifier_says_it_in_another_word() -> None:
    assert offences(SRC) == set()


@pytest.mark.parametrize("source", ["def search_people(): ...", "class NameSearch: ...", "risk_score = 1", "def f(nationality): ..."])  # fmt: skip
def test_a_planted_word_is_found(source: str, tmp_path: Path) -> None:
    (tmp_path / "planted.py").write_text(source)
    assert len(offences(tmp_path)) == 1


def test_the_glossary_is_in_order_and_says_each_word_once() -> None:
    assert words() == sorted(set(words()), key=lambda w: w.lower().replace("-", " "))


@cache
def prose() -> str:
    places = [*SRC.rglob("*.py"), ROOT / "docs" / "ledger-format.md", ROOT / "docs" / "story.md"]
    return "\n".join(path.read_text(encoding="utf-8").replace("_", " ") for path in places)


@pytest.mark.parametrize("word", words())
def test_a_word_of_the_glossary_is_used(word: str) -> None:
    form = r"\b" + "[- ]?".join(re.split("[- ]", word))
    assert re.search(form, prose(), re.IGNORECASE)


def test_the_words_that_replace_others_are_words_of_the_glossary() -> None:
    # "match", "requester" and "(…)" have their meaning from the steps and from plain English.
    plain = {"match", "requester"}
    assert {word for word in BANNED if not word.startswith("(")} - plain <= set(words())
