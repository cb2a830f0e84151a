"""Kill at every durable write of one submission: after restart no unlogged answer, no double answer, no lost request (I-6, I-7).

``driver.py`` enumerates the points and plays; here stands what must be so at each of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

MOVES = ("replace", "rename", "link", "mkdir")
BOTH = ("before", "after")
KINDS_BY_KEY = {"FFIS-001": "R", "FFIS-002": "C", "FFIS-003": "N", "FFIS-005": "R"}


@dataclass
class Killed:
    """What the driver found: the undisturbed run's notes and ends, and a report for each point and mode."""

    undisturbed: dict[str, Any]
    reports: list[dict[str, Any]]

    @property
    def writes(self) -> list[dict[str, Any]]:
        return [note for note in self.undisturbed["undisturbed"] if "n" in note]

    def require_enumerated(self, every: int, modes: tuple[str, ...], least: int) -> None:
        """Every chosen point was reached, in each mode, and its process died there: nothing was tested silently."""
        assert self.undisturbed["code"] == 0, self.undisturbed["again"]
        assert len(self.writes) > least
        assert [w["n"] for w in self.writes] == list(range(1, len(self.writes) + 1))
        expected = {(w["n"], w["kind"], mode) for w in self.writes[::every] for mode in modes}
        expected |= {(w["n"], "commit", "after") for w in self.writes if w["kind"] == "commit"}
        assert Counter((r["n"], r["kind"], r["mode"]) for r in self.reports) == Counter(expected)
        assert all(r["killed"] for r in self.reports)
        assert {"commit", "replace"} <= {r["kind"] for r in self.reports}

    def require_restarted(self) -> None:
        """The restart went through at all points, and the outsider's tool refused nothing that lay there before it or after."""
        failed = {where(r): r["again"] for r in self.reports if r["code"]}
        assert failed == {}
        refused = {where(r): r[w] for r in self.reports for w in ("seen", "after") if isinstance(r[w], str)}
        assert refused == {}


def where(report: dict[str, Any]) -> str:
    """Say at which write the process was killed."""
    return f"{report['mode']} write {report['n']}, a {report['kind']}"


Kill = Callable[..., Killed]


@pytest.fixture
def kill(actor: Callable[..., Any], prepared: Path, tmp_path: Path) -> Kill:
    """Enumerate one of the driver's plays."""

    def enumerate_points(what: str, every: int, modes: tuple[str, ...]) -> Killed:
        first, *reports = actor("kill", prepared, tmp_path, what, every, *modes).end()
        return Killed(first, reports)

    return enumerate_points


def require_nothing_unlogged(seen: dict[str, Any]) -> None:
    """What is visible outside: a sound log, and beside it only packages that all open, each of an answer this log holds, once."""
    assert seen["faults"] == []
    assert seen["unlogged"] == []
    assert sorted(seen["opened"]) == seen["lying"]
    assert set(seen["lying"]) <= set(seen["answers"])
    assert len(set(seen["answers"])) == len(seen["answers"])


def require_whole(report: dict[str, Any], undisturbed: dict[str, Any]) -> None:
    """After the restart everything is as if nothing had happened, but for one more heartbeat."""
    again, after = report["again"], report["after"]
    assert again["broken promises"] == []
    assert again["packages of answers not handed over"] == []
    assert again["not exact"] == []
    assert again["original kept"] is True
    assert again["hidden"] == []
    for name in set(again) - {"answers"}:  # whose ids are drawn anew
        assert again[name] == undisturbed["again"][name], (name, where(report))

    require_nothing_unlogged(after)
    assert after["lying"] == sorted(after["answers"]) == again["answers"]
    assert dict(after["opened"].values()) == KINDS_BY_KEY
    expected = undisturbed["seen"]["types"]
    assert {k: n for k, n in after["types"].items() if k != "heartbeat"} == {
        k: n for k, n in expected.items() if k != "heartbeat"
    }
    assert after["lines"] == undisturbed["seen"]["lines"]


def play_submission(kill: Kill, every: int, modes: tuple[str, ...]) -> None:
    killed = kill("submission", every, modes)
    killed.require_enumerated(every, modes, least=80)
    again = killed.undisturbed["again"]
    assert [line[2] for line in again["lines"]] == ["A", "A", "A", "X", "A", "X"]
    assert again["compared"] > 10
    assert again["tally"]["answers"] == again["tally"]["acknowledged"] == len(KINDS_BY_KEY)
    killed.require_restarted()
    for report in killed.reports:
        require_nothing_unlogged(report["seen"])
        require_whole(report, killed.undisturbed)


@pytest.mark.slow
def test_a_submission_killed_at_every_durable_write_loses_doubles_and_leaks_nothing(kill: Kill) -> None:
    play_submission(kill, every=1, modes=(*BOTH, "twice"))


def test_a_submission_killed_at_some_durable_writes_loses_doubles_and_leaks_nothing(kill: Kill) -> None:
    play_submission(kill, every=17, modes=BOTH)


def test_a_stop_bites_from_its_commit_even_if_the_process_is_killed_just_after_it(kill: Kill) -> None:
    killed = kill("stop", 1, BOTH)
    killed.require_enumerated(1, BOTH, least=5)
    commit = next(w["n"] for w in killed.writes if w["kind"] == "commit")
    (left,) = killed.undisturbed["seen"]["lying"]
    killed.require_restarted()
    for report in killed.reports:
        again, after = report["again"], report["after"]
        received = report["n"] > commit or (report["n"] == commit and report["mode"] == "after")
        assert again["known"] == int(received), where(report)
        assert again["at once"] == (["701"] * 4 if received else [])
        assert again["outcomes"] == ["701"] * 4
        assert again["left before"] == [left], "what had left is listed, also when the order is brought again"
        assert (again["stops"], after["types"]["stop"]) == (1, 1)
        assert again["broken promises"] == again["not exact"] == []
        require_nothing_unlogged(report["seen"])
        require_nothing_unlogged(after)
        assert after["lying"] == [left]


@pytest.mark.parametrize("every", [pytest.param(1, marks=pytest.mark.slow), 4])
def test_a_home_killed_anywhere_while_it_is_made_is_absent_or_whole(kill: Kill, every: int) -> None:
    killed = kill("home", every, BOTH)
    killed.require_enumerated(every, BOTH, least=20)
    (appears,) = (w["n"] for w in killed.writes if w["kind"] == "rename")
    killed.require_restarted()
    for report in killed.reports:
        again = report["again"]
        there = report["n"] > appears or (report["n"] == appears and report["mode"] == "after")
        assert again["there"] is there, where(report)
        assert (report["seen"] is not None) is there
        assert again["refused"] == ("SettingsError" if there else ""), "a home is never overwritten"
        assert again["left over"] == again["broken promises"] == []
        assert report["after"]["faults"] == []
        # One heartbeat for each use of it: the log goes on from its first entry.
        assert report["after"]["types"] == {"policy": 1, "heartbeat": 2 if there else 1}


@pytest.mark.parametrize("what", ["submission", "stop", "home"])
def test_every_name_that_changes_is_made_lasting_before_the_next_durable_write(kill: Kill, what: str) -> None:
    """A kill does not lose what the kernel holds; a power cut does. So the order of syncs is looked at by itself."""
    notes = kill(what, 10_000, ("before",)).undisturbed["undisturbed"]
    synced: set[int] = set()
    waiting: set[int] = set()
    for at, note in enumerate(notes):
        if note["kind"] == "sync":
            synced.add(note["inode"])
        elif note["kind"] == "sync of all":
            # Hidden folders filled just before appear in the notes by their making only: they last now, and what is in them.
            synced |= waiting
        elif note["kind"] in MOVES:
            if note["kind"] == "mkdir":
                waiting.add(note["made"])
            else:
                assert note["inode"] in synced, f"{note['name']} appears before its content lasts"
                synced.discard(note["inode"])
            # Several names may come into one folder, one after the other, and be made lasting together.
            following = next(each for each in notes[at + 1 :] if each.get("into") != note["into"])
            settled = following["kind"] == "sync of all" or (
                following["kind"] == "sync" and following["inode"] == note["into"]
            )
            assert settled, f"{note['name']} is relied on before its name lasts"
    assert sum(note["kind"] in MOVES for note in notes) > 3
