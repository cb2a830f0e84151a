"""The README keeps its promises: short, its commands exist, and the worked case is what the code really says."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from lawgate.domain.steps import AnswerKind, Disposition

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
VARYING = {"record", "ordinal", "confirmation", "answer"}
"""Members that a quotation leaves out: the kind of row, its place, and numbers that differ from run to run."""


def quoted() -> list[dict[str, Any]]:
    return [json.loads(block) for block in re.findall(r"```json\n(.*?)```", README, re.DOTALL)]


def without_varying(said: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in said.items() if name not in VARYING}


def test_at_most_ten_lines_of_prose_stand_before_the_picture() -> None:
    before, _, after = README.partition("\n![")
    title, *prose = [line for line in before.splitlines() if line.strip()]
    assert title == "# Lawgate"
    assert len(prose) <= 10
    assert max(map(len, prose)) <= 140
    assert after


def test_there_is_one_picture_and_it_says_in_words_what_it_shows() -> None:
    ((words, path),) = re.findall(r"!\[(.*?)\]\((.*?)\)", README, re.DOTALL)
    assert len(words.split()) > 20
    picture = (ROOT / path).read_text(encoding="utf-8")
    for step in ("Receive", "Check", "Guard", "Decide", "Match", "Minimise", "Log", "Seal", "Account"):
        assert step in picture
        assert step.lower() in words.lower()
    assert "prefers-color-scheme: dark" in picture


def test_the_pictures_letters_are_the_dispositions_and_answers_there_are() -> None:
    picture = (ROOT / "docs" / "picture.svg").read_text(encoding="utf-8")
    shown = set(re.findall(r'class="strong">([A-Z])<', picture))
    assert shown == {d.value for d in Disposition} | {k.value for k in AnswerKind}


def test_its_make_commands_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"(?m)^ {4}make ([a-z-]+)", README))
    assert named == {"demo", "test"}
    assert named <= targets


def test_its_links_lead_somewhere() -> None:
    links = re.findall(r"\]\(([^)]+)\)", README)
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_the_worked_case_is_what_the_code_says(desk: Any) -> None:
    line, refused, change, answered, inside = quoted()
    first = desk.ask(line)
    assert without_varying(dict(first.determination)) == refused
    assert first.inside is None
    assert desk.gate.memory.tally().lookups == 0

    second = desk.ask(line | change)
    assert without_varying(dict(second.determination)) == answered
    assert second.inside is not None
    assert without_varying(dict(second.inside)) == inside
    assert desk.gate.memory.tally().lookups == 1


def test_the_worked_case_asks_as_many_questions_as_it_says(desk: Any) -> None:
    line, _, change, *_ = quoted()
    words = {
        1: "one question",
        2: "two questions",
        3: "three questions",
        4: "four questions",
        5: "five questions",
    }
    (entry,) = desk.docket(line | change)
    assert f"A named officer answers {words[len(entry.asks)]} about it" in README
