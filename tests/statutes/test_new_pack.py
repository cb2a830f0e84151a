"""A pack is begun whole: what `lawgate pack new` writes proves itself, and what is wrong later is named with file, heading and advice."""

from __future__ import annotations

import sys
import types
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from lawgate import wiring
from lawgate.adapters.pack_shelf import pack_files
from lawgate.cli.pack import app
from lawgate.cli.start import main
from lawgate.domain.code import CODES
from lawgate.domain.errors import StatuteError
from lawgate.oversight.markup import element
from lawgate.oversight.pack_page import prose, render_pack
from lawgate.statutes.binding import read_bonds
from lawgate.statutes.cases import read_cases
from lawgate.statutes.particulars import read_ground
from lawgate.statutes.precedence import BARS, meetings
from lawgate.statutes.proof import PackFiles, prove, sweep_share
from lawgate.statutes.scaffold import NewPack, scaffold
from lawgate.statutes.text import headings, misquoted
from lawgate.wiring import PACKS

LAW = "# Title 99\n#### § 1. Invented\n(a) Silence means no.\n\n(b) The keeper may tell an address to an agency that writes why.\n"
NEW = NewPack(
    "usc99-1-b",
    "99 U.S.C. 1(b)",
    "An invented ground",
    "usc-99-1.md",
    LAW,
    date(2026, 1, 2),
    "(b) The keeper",
)


def as_pack(written: dict[str, str]) -> PackFiles:
    """Run the written rules as Python would, without putting them among the packs."""
    module = types.ModuleType("usc99_1_b_rules")
    exec(compile(written["rules.py"], "rules.py", "exec"), module.__dict__)
    pack = read_ground(written["pack.toml"], module.RULES).current
    house = pack_files(PACKS[0]).house
    return PackFiles(pack, written["text.md"], written["cases.toml"], house, written["pack.toml"], {}, {})


@pytest.fixture
def files() -> PackFiles:
    return as_pack(scaffold(NEW))


def test_a_new_pack_proves_itself(files: PackFiles) -> None:
    proof = prove(files, [sweep_share(files, part, 2) for part in range(2)])
    assert proof.failures == ()
    assert proof.counts["lines"]["answerable"] == 1
    assert misquoted(files.text, [LAW]) == ()
    assert "99 U.S.C. 1(b)" in files.pack.terms


@pytest.mark.parametrize("name", ["__init__.py", "rules.py"])
def test_what_is_written_is_formatted_python(name: str, tmp_path: Path) -> None:
    compile(scaffold(NEW)[name], name, "exec")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"id": "mine"}, "is no id"),
        ({"begins": "(c)"}, "0 paragraphs"),
        ({"begins": "("}, "2 paragraphs"),
        ({"begins": ""}, "paragraphs"),
    ],
)
def test_a_pack_that_cannot_be_begun_says_what_to_write(changed: dict[str, str], said: str) -> None:
    with pytest.raises(StatuteError, match=said):
        scaffold(replace(NEW, **changed))


def test_the_command_writes_a_folder_and_never_over_one(tmp_path: Path) -> None:
    law = tmp_path / "usc-99-1.md"
    law.write_text(LAW, encoding="utf-8")
    arguments = [
        "new", NEW.id, "--citation", NEW.citation, "--title", NEW.title, "--law", str(law), "--day", "2026-01-02",
        "--begins", NEW.begins, "--into", str(tmp_path),
    ]  # fmt: skip
    assert CliRunner().invoke(app, arguments).exit_code == 0
    folder = tmp_path / "usc99_1_b"
    assert {p.name: p.read_text(encoding="utf-8") for p in folder.iterdir()} == scaffold(NEW)
    again = CliRunner().invoke(app, arguments)
    assert again.exit_code != 0
    assert "never overwritten" in str(again.exception)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            'find = { E-1 = "UNMET" }',
            'find = { E-1 = "PERHAPS" }',
            "case “A word is no reason”: the base or the case cannot be read",
        ),
        ('end = "I"', "", "case “No reason was sent”: end is missing; write it"),
        (
            'remove = ["line.reasons"]',
            'remove = ["line.raisins"]',
            "case “No reason was sent”: it removes line.raisins",
        ),
        (
            'remove = ["line.reasons"]',
            'delete = ["line.reasons"]',
            "case “No reason was sent”: unknown members: delete; write",
        ),
        (
            'agency = "example-agency"\noffice',
            'agence = "example-agency"\noffice',
            "the base or the case cannot be read",
        ),
        ('title = "A word is no reason"\n', "", "case “without a title”: title is missing"),
        ("[base]\n", "[base\n", "cases.toml: this is no TOML"),
    ],
)
def test_a_fault_in_a_case_is_named_with_its_title(old: str, new: str, said: str) -> None:
    written = scaffold(NEW)["cases.toml"]
    assert old in written
    with pytest.raises(StatuteError) as fault:
        read_cases(written.replace(old, new, 1))
    assert said in str(fault.value)


def test_a_page_without_cases_says_so() -> None:
    with pytest.raises(StatuteError, match=r"needs a \[base\]"):
        read_cases("")


def test_a_quotation_that_is_not_the_laws_fails_where_the_law_is_at_hand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pack = wiring.pack_named("usc13-9")
    (tmp_path / "usc-13-9.md").write_text("(a) Another law.", encoding="utf-8")
    done = CliRunner().invoke(app, ["verify", pack.id, "--law", str(tmp_path)])
    assert done.exit_code == 7
    assert "text.md: not word for word in its source: “(a) Neither the Secretary" in done.output
    (tmp_path / "usc-13-9.md").unlink()
    assert (
        "usc-13-9.md is not in the folder"
        in CliRunner().invoke(app, ["verify", pack.id, "--law", str(tmp_path)]).output
    )


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The commands cannot be loaded, because a pack has a fault."""

    class Loader:
        def find_spec(self, name: str, *_: Any) -> None:
            if name == "lawgate.cli.main":
                raise StatuteError("pack.toml, accounted: it is missing; write it")

    monkeypatch.delitem(sys.modules, "lawgate.cli.main", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Loader(), *sys.meta_path])
    return


def test_a_pack_with_a_fault_is_a_sentence_and_not_a_traceback(
    broken: None, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 7
    assert capsys.readouterr().err == "lawgate: pack.toml, accounted: it is missing; write it\n"


# -- the page ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("pack", PACKS, ids=lambda p: p.id)
def test_the_page_sets_every_provision_beside_its_rules_or_its_excuse(pack: Any) -> None:
    files = pack_files(pack)
    page, bonds = render_pack(files), read_bonds(files.particulars)
    for heading, quoted in headings(files.text).items():
        assert element("h3", heading) in page
        assert all(element("p", words) in page for words in quoted if words.strip())
    for rule in pack.rules:
        assert element("code", rule.id) in page
    assert all(element("p", prose(reason)) in page for reason in bonds.excused.values())
    for case in files.worked():
        if case.find.keys() & {r.id for r in pack.rules}:
            assert str(element("i", case.title))[3:-4] in page
    for authority in pack.rests_on:
        assert str(element("i", authority.name))[3:-4] in page


@pytest.mark.parametrize("pack", PACKS, ids=lambda p: p.id)
def test_the_page_says_what_each_bar_means_beside_the_ground(pack: Any) -> None:
    page = render_pack(pack_files(pack))
    for met in meetings(pack.id, BARS):
        assert str(element("i", met.why))[3:-4] in page
        assert str(element("i", CODES[met.bar].sentence))[3:-4] in page


def test_the_page_loads_nothing_and_runs_nothing() -> None:
    page = render_pack(pack_files(PACKS[0]))
    assert "<script" not in page
    assert "http:" not in page
    assert "https:" not in page
    assert "default-src &#x27;none&#x27;" in page
    assert "prefers-color-scheme:dark" in page
    assert "@media print" in page


def test_the_command_prints_the_page() -> None:
    done = CliRunner().invoke(app, ["show", "usc13-9", "--html"])
    assert done.exit_code == 0
    assert done.output.startswith("<!DOCTYPE html>")
