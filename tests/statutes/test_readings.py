"""Readings have dates: the day of receipt chooses one, two are told apart in words, and one kept for comparison answers nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from typer.testing import CliRunner

from lawgate.adapters.pack_shelf import pack_files
from lawgate.cli.pack import app
from lawgate.domain.errors import SettingsError, StatuteError
from lawgate.domain.steps import Received, SubmissionId
from lawgate.statutes.cases import read_cases
from lawgate.statutes.changes import changes, flipped_cases
from lawgate.statutes.check import prepare
from lawgate.statutes.pack import Authority, Ground, Pack, Rests
from lawgate.statutes.packs.usc26_6103_i_2 import GROUND, PACK
from lawgate.statutes.particulars import faults, read_ground
from lawgate.wiring import pack_named

FIRST, LATER = date(2026, 2, 24), date(2027, 1, 1)
CASES = read_cases(pack_files(PACK).cases)


def later_reading(**changed: Any) -> Pack:
    """A reading that follows the applied one and allows a delegation."""
    switches = tuple(
        replace(s, value=True, authority=Authority(Rests.RULING, "an invented ruling"))
        if s.name == "delegation_allowed"
        else s
        for s in PACK.switches
    )
    return replace(PACK, version="2", since=LATER, switches=switches, **changed)


TWO = Ground((replace(PACK, until=LATER), later_reading()))


@pytest.mark.parametrize(
    ("day", "version"),
    [(FIRST, "1"), (LATER - timedelta(days=1), "1"), (LATER, "2"), (date(2030, 1, 1), "2")],
)
def test_the_day_of_receipt_chooses_the_reading(day: date, version: str) -> None:
    assert TWO.on(day).version == version
    assert TWO.on(day).in_force(day)


def test_where_no_reading_is_in_force_the_newest_is_asked_and_finds_that_it_is_not() -> None:
    assert not GROUND.on(date(2025, 6, 27)).in_force(date(2025, 6, 27))
    case = next(c for c in CASES if c.title == "Before this reading was in force it answers nothing")
    assert case.deviations(case.checked(GROUND.on(case.received_at.date())).findings) == ()


def test_a_reading_kept_for_comparison_is_in_force_on_no_day_and_no_request_is_checked_under_it() -> None:
    policy = GROUND.version("policy-2025")
    assert not any(policy.in_force(date(2025, month, 15)) for month in range(1, 13))
    case = CASES[0]
    received = Received(SubmissionId("0" * 16), "0" * 64, case.cover, (case.line,), case.received_at)
    with pytest.raises(StatuteError, match="no request is checked under it"):
        prepare(policy.as_if_in_force(case.now.date()), received, case.standing, case.now)


def test_nothing_is_answered_on_an_address_that_need_not_match() -> None:
    with pytest.raises(StatuteError, match="matches no record"):
        replace(GROUND.version("policy-2025"), applied=True)


@pytest.mark.parametrize(
    "versions",
    [
        (PACK, later_reading()),  # the first has no end
        (replace(PACK, until=LATER), later_reading(id="usc26-6103-i-3")),
        (replace(PACK, until=LATER), replace(later_reading(), version="1")),
        (replace(PACK, until=LATER), later_reading(), replace(later_reading(), version="3", since=FIRST)),
        (GROUND.version("manual"),),
        (replace(PACK, until=LATER), replace(later_reading(), switches=())),
    ],
)
def test_readings_that_do_not_stand_beside_each_other_are_refused(versions: tuple[Pack, ...]) -> None:
    with pytest.raises(StatuteError):
        Ground(versions)


def test_what_changed_is_said_in_words_with_its_authority() -> None:
    said = " ".join(changes(GROUND.version("policy-2025"), PACK))
    assert "delegation_allowed: no (statute: 26 U.S.C. 6103(i)(2)(A) names no delegate" in said
    assert "not no (policy: the practice of August 2025" in said
    assert changes(PACK, PACK) == ()


def test_a_changed_element_is_described_by_what_changed_in_it() -> None:
    other = replace(
        PACK,
        rules=tuple(
            replace(r, citation="elsewhere") if r.id == "R-8" else r for r in PACK.rules if r.id != "R-9"
        ),  # type: ignore[arg-type]
    )
    said = changes(PACK, other)
    assert any(s.startswith("element R-8") and "citation “elsewhere”, not “26 U.S.C." in s for s in said)
    assert any(s.startswith("element R-9") and "is gone" in s for s in said)
    assert any(s.startswith("new element R-9") for s in changes(other, PACK))


def test_the_worked_cases_that_flip_are_named_with_their_rules() -> None:
    flips = flipped_cases(PACK, GROUND.version("policy-2025"), CASES)
    assert [(f.title, f.before, f.after, f.rules) for f in flips] == [
        ("A delegation is stated: the statute names no delegate", "X", "on", (("R-2", "UNMET", "ASK"),))
    ]
    by_manual = flipped_cases(PACK, GROUND.version("manual"), CASES)
    assert {f.rules for f in by_manual} == {(("R-17", "MET", "UNMET"),)}
    assert by_manual[0].title == CASES[0].title


def run(*arguments: str) -> Any:
    return CliRunner().invoke(app, arguments)


def test_the_command_says_it() -> None:
    done = run("diff", f"{PACK.id}@policy-2025", PACK.id)
    assert done.exit_code == 0, done.output
    assert (
        "A delegation is stated: the statute names no delegate: ends X, not on (R-2 UNMET for ASK)"
        in done.stdout
    )
    whole = json.loads(run("diff", f"{PACK.id}@1", f"{PACK.id}@manual", "--json").stdout)
    assert (whole["from"], whole["to"]) == (f"{PACK.id}@1", f"{PACK.id}@manual")
    assert len(whole["cases"]) > 100


@pytest.mark.parametrize("name", ["no-such-pack@1", f"{PACK.id}@no-such-version"])
def test_a_reading_that_is_not_there_is_named(name: str) -> None:
    with pytest.raises((StatuteError, SettingsError), match=r"there is no pack|has no version"):
        pack_named(name)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            'kind = "ruling"',
            'kind = "judgment"',
            "[[version]] number 3, [[rests_on]] number 2, kind: write one of 'statute'",
        ),
        ("applied = false", 'applied = "perhaps"', "[[version]] number 1, applied: write true or false"),
        (
            "in_force_from = 2026-02-24",
            'in_force_from = "in spring"',
            "[[version]] number 3, in_force_from: write a day",
        ),
        ("accounted = true", "", "pack.toml, accounted: it is missing"),
        ('purpose_code = "', 'porpoise_code = "', "porpoise_code: no such key is known"),
        (
            'sources = ["taxpayer"',
            'sources = ["neighbour"',
            "[[permitted]] number 1, [[sources]] number 1: write text of the form",
        ),
        ('id = "usc26-6103-i-2"', "id = usc26", "this is no TOML"),
        ("[[source]]", "[[sauce]]", "source: it is missing"),
    ],
)
def test_a_fault_in_the_particulars_is_named_with_its_heading_and_what_to_write(
    old: str, new: str, said: str
) -> None:
    written = pack_files(PACK).particulars
    assert faults(written) == ()
    changed = written.replace(old, new)
    assert any(said in fault for fault in faults(changed)), faults(changed)
    with pytest.raises(StatuteError):
        read_ground(changed, PACK.rules)
