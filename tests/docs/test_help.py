"""Every command says what it does, and every command and option that the documents name is there."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from lawgate.cli.main import app
from lawgate_verifier import arguments
from lawgate_verifier import cli as verifier

ROOT = Path(__file__).parents[2]
DOCUMENTS = (
    "README.md", "CONTRIBUTING.md", "docs/operations.md", "docs/story.md", "docs/writing-a-pack.md", "verifier/README.md",
)  # fmt: skip
LAWGATE = typer.main.get_command(app)
SPOKEN = re.compile(r"(?<![\w/.-])(lawgate(?:-verify)?) ([^`\n]*)")


def commands(group: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    if hasattr(group, "commands"):
        for name, command in group.commands.items():
            yield from commands(command, (*path, name))
    else:
        yield path, group


ALL = dict(commands(LAWGATE))
GROUPS = {path[0] for path in ALL if len(path) > 1}


def verifier_commands() -> dict[str, argparse.ArgumentParser]:
    parser = arguments.parser(verifier._RUNS)
    (subparsers,) = [a for a in parser._actions if isinstance(a, argparse._SubParsersAction)]
    return dict(subparsers.choices)


def spoken(document: str) -> Iterator[tuple[str, list[str]]]:
    """Every command line in a document's code: an indented line, or a phrase in backticks."""
    text = (ROOT / document).read_text(encoding="utf-8")
    for code in re.findall(r"(?m)^ {4}(?! )(.*)$|`([^`\n]+)`", text):
        said = SPOKEN.search("".join(code).partition(" #")[0].partition("   ")[0])
        if said:
            yield said[1], said[2].split()


def options_of(command: Any) -> set[str]:
    return {name for param in command.params for name in (*param.opts, *param.secondary_opts)}


def unknown(program: str, said: list[str]) -> str | None:
    """Say what of a command line is not there, or None."""
    given = {word for word in said if word.startswith("--") and len(word) > 2}
    if program == "lawgate-verify":
        parser = verifier_commands().get(said[0])
        there = parser._option_string_actions if parser else {}
        return None if parser and given <= set(there) else " ".join(said)
    path = next((tuple(said[:n]) for n in (2, 1) if tuple(said[:n]) in ALL), None)
    if path is None:
        return None if len(said) == 1 and said[0] in GROUPS else " ".join(said)
    return None if given <= options_of(ALL[path]) | {"--help"} else " ".join(said)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_command_and_option_that_a_document_names_is_there(document: str) -> None:
    missing = [
        f"{program} {line}" for program, said in spoken(document) if said and (line := unknown(program, said))
    ]
    assert missing == []


def test_the_operations_page_names_a_command_of_every_group() -> None:
    named = {said[0] for _, said in spoken("docs/operations.md") if said}
    assert {path[0] for path in ALL} - named <= {"demo", "pack", "replay-2025", "version"}


def test_a_command_that_is_not_there_is_noticed() -> None:
    assert unknown("lawgate", ["records", "search"]) == "records search"
    assert unknown("lawgate", ["records", "info", "--name"]) == "records info --name"
    assert unknown("lawgate-verify", ["package", "x", "--force"]) == "package x --force"


@pytest.mark.parametrize("path", sorted(ALL), ids=" ".join)
def test_a_command_says_what_it_does(path: tuple[str, ...]) -> None:
    command = ALL[path]
    assert command.help
    assert command.help[0].isupper()
    done = CliRunner().invoke(app, [*path, "--help"])
    assert done.exit_code == 0, done.output
    options = [p for p in command.params if p.param_type_name == "option"]
    undescribed = [p.name for p in options if not p.help]
    assert undescribed == []


@pytest.mark.parametrize("path", sorted(ALL), ids=" ".join)
def test_no_command_takes_a_name_or_an_address_as_an_argument(path: tuple[str, ...]) -> None:
    personal = {
        "name",
        "surname",
        "given",
        "address",
        "street",
        "taxpayer_number",
        "ssn",
        "birth_date",
        "like",
    }
    assert not {param.name for param in ALL[path].params} & personal


def test_the_verifiers_commands_say_what_they_do() -> None:
    for name, parser in verifier_commands().items():
        assert name in parser.format_help()
    assert set(verifier_commands()) == {
        "decision",
        "destroyed",
        "ledger",
        "package",
        "statement",
        "stop",
        "subject",
        "year",
    }
