"""The demonstration: a world of records, a thousand requests, five deficient submissions, nine steps, another program's check, a report."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from lawgate.domain.errors import SettingsError
from lawgate.domain.kept import SubmissionSummary
from lawgate.oversight.data import ReportData
from lawgate.oversight.page import render
from lawgate.rehearsal import play, story
from lawgate.rehearsal.against_truth import measured
from lawgate.rehearsal.asks import addresses
from lawgate.rehearsal.deficient import deficient, people_to_name
from lawgate.rehearsal.stage import set_stage
from lawgate.rehearsal.submissions import well_formed
from lawgate.rehearsal.truth import Measured
from lawgate.rehearsal.world import RECORDS, world_requests

MARK = ".lawgate-demo"


@dataclass(frozen=True, slots=True)
class Performance:
    """What a demonstration came to. ``sound`` is True only if every check of it held."""

    folder: Path
    report: Path
    data: ReportData
    against_truth: Measured
    packages: int
    opened: int
    ledger_sound: bool
    deficient_lookups: int
    ended_as_expected: bool

    @property
    def sound(self) -> bool:
        """Say whether the log verified, counts agree, packages opened, no wrong person, no look-up where none may be."""
        return (
            self.ledger_sound
            and self.data.reconciliation.exact
            and self.opened == self.packages > 0
            and self.against_truth.wrong_person == 0
            and self.deficient_lookups == 0
            and self.ended_as_expected
        )


def perform(folder: Path, tell: Callable[[str], None]) -> Performance:
    """Perform in ``folder``, which is made anew; ``tell`` gets one line a step.

    Raises SettingsError if the folder exists and no demonstration made it.
    """
    _clear(folder)
    tell(
        "setting the stage: a simulated population's records, a home, a cast of scripts (nobody here is a person)"
    )
    stage = set_stage(folder, RECORDS)

    ingredients, asks = well_formed(world_requests())
    tell(f"1-3  receive, check, guard: {len(asks)} requests, then five submissions that are not in order")
    good = play.send(stage, ingredients)
    others = [(bad, play.send(stage, bad)) for bad in deficient(people_to_name(addresses(asks)))]
    tell("4-5  decide (a script answers every ASK, and says so), then one look-up for each approved request")
    play.decide(stage, good.submission)
    tell("6-7  sample by two, authorise by a third, then accounting row, leaf and cosigned checkpoint")
    play.release(stage, good.submission)
    tell("8    seal and hand over")
    packages = play.collect(stage, good.submission)
    tell(f"     {len(packages)} packages opened by lawgate-verify, a program of its own")
    opened = play.open_packages(stage, packages)
    tell("9    account: acknowledgements, reconciliation, the log recomputed by lawgate-verify")
    acknowledged = play.acknowledge(stage, opened.acks)
    ledger_sound, _ = play.verify_ledger(stage)

    against_truth = measured(stage, good.submission, asks)
    data = story.tell(stage, good, others, against_truth, acknowledged)
    report = folder / "report.html"
    report.write_text(render(data), encoding="utf-8")
    return Performance(
        folder=folder,
        report=report,
        data=data,
        against_truth=against_truth,
        packages=len(packages),
        opened=opened.opened,
        ledger_sound=ledger_sound,
        deficient_lookups=sum(end.lookups for end in data.deficient),
        ended_as_expected=all(
            _as_expected(play.letters(stage, s.submission), s, bad.expected.letters, bad.expected.rejected)
            for bad, s in others
        ),
    )


def _as_expected(
    letters: dict[str, int], summary: SubmissionSummary, wanted: frozenset[str], rejected: str
) -> bool:
    return summary.rejected_code == rejected and set(letters) == wanted


def _clear(folder: Path) -> None:
    if folder.exists():
        if not (folder / MARK).is_file():
            raise SettingsError(f"{folder} exists and was not made by a demonstration; name another folder")
        shutil.rmtree(folder)
    folder.mkdir(parents=True, mode=0o700)
    (folder / MARK).write_text("Made by `lawgate demo`; the next one clears it away.\n", encoding="utf-8")
