"""Plays one submission through the nine steps with scripted people; each signs with a key of their own, and says to be a script."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import groupby, islice
from pathlib import Path

from lawgate import pipeline, places, wiring
from lawgate.adapters.outbox import write_determination, write_packages
from lawgate.adapters.submission_files import open_submission, write_folder
from lawgate.domain.kept import HAND_OVER_LINES, SubmissionSummary, letters_of, pieces
from lawgate.domain.steps import Json, LineState, Package, SubmissionId
from lawgate.evidence.envelope import sign
from lawgate.intake.compose import compose
from lawgate.intake.form import Form
from lawgate.rehearsal import people, scripts
from lawgate.rehearsal.stage import Stage
from lawgate.rehearsal.submissions import Ingredients
from lawgate.review.signed_text import MOST_LINES

SAMPLERS = (people.DISCLOSURE_OFFICER, people.COUNSEL)
VERIFY = "import sys; from lawgate_verifier.cli import main; sys.exit(main())"
VERIFY_EACH = "import json, sys; from lawgate_verifier.cli import main; sys.exit(max(map(main, json.load(sys.stdin)), default=0))"
WORKERS = 2


@dataclass(frozen=True, slots=True)
class Opened:
    """What ``lawgate-verify``, another program, said: packages opened, and acknowledgements it signed, by package folder."""

    opened: int
    refused: int
    acks: tuple[Path, ...]


def send(stage: Stage, ingredients: Ingredients) -> SubmissionSummary:
    """Compose a submission as the requester does, and receive it: steps 1 to 3."""
    folder = stage.folder / "submissions" / ingredients.name
    folder.parent.mkdir(exist_ok=True)
    write_folder(folder, _composed(stage, ingredients))
    return pipeline.receive(stage.gate, open_submission(folder))


def _composed(stage: Stage, ingredients: Ingredients) -> dict[str, bytes]:
    files = compose(
        Form.model_validate(ingredients.form),
        ingredients.raw,
        ingredients.file_name,
        stage.key(ingredients.official),
        {person: stage.key(person) for person in ingredients.officers},
        stage.gate.now(),
        wiring.new_nonce(),
    )
    if ingredients.swapped_after_signing is not None:
        files[ingredients.file_name] = ingredients.swapped_after_signing
    return files


def decide(stage: Stage, submission: SubmissionId) -> dict[str, int]:
    """Steps 4 to 6, first half: the scripted officer answers every ASK; approved requests are looked up and minimised."""
    done: Counter[str] = Counter()
    waiting = stage.gate.memory.ordinals(submission, LineState.DOCKETED, LineState.HELD)
    for some in pieces(waiting, MOST_LINES):
        docket = stage.gate.memory.docket(submission, some)
        body = scripts.decision_body(submission, docket, stage.gate.now())
        envelope = _signed(stage, "decision", body, people.DISCLOSURE_OFFICER)
        done.update(pipeline.decide(stage.gate, submission, envelope))
    return dict(done)


def release(stage: Stage, submission: SubmissionId) -> dict[str, int]:
    """Steps 6 and 7: two scripted people look at the sample, a third authorises, rows and leaves are written."""
    done: Counter[str] = Counter()
    for batch in stage.gate.memory.batches(submission):
        for person in SAMPLERS:
            looked = scripts.sample_body(submission, batch.number, batch.sample, stage.gate.now())
            pipeline.look_at_sample(stage.gate, submission, _signed(stage, "sample", looked, person))
        body = scripts.authorisation_body(submission, batch.number, batch.ordinals, stage.gate.now())
        envelope = _signed(stage, "authorisation", body, people.RELEASING_OFFICER)
        done.update(pipeline.authorise(stage.gate, submission, envelope))
    return dict(done)


def collect(stage: Stage, submission: SubmissionId) -> tuple[Path, ...]:
    """Step 8: hand over every package that may leave, and the determination; returns the packages' folders."""
    outbox = stage.folder / "outbox" / submission
    handed = pipeline.hand_over(stage.gate, submission, HAND_OVER_LINES)
    leaving = (each for each in handed if isinstance(each, Package))
    packages: tuple[Path, ...] = ()
    while some := tuple(islice(leaving, HAND_OVER_LINES)):
        packages += write_packages(outbox, some)
    if stage.gate.memory.received(submission) is not None:
        write_determination(outbox, pipeline.determination(stage.gate, submission))
    return packages


def open_packages(stage: Stage, packages: tuple[Path, ...]) -> Opened:
    """Let each engaged officer's tool, a program of its own, check, open and acknowledge that officer's packages in their order."""
    owners = _owners(stage)
    by_officer = [
        (person, tuple(group))
        for person, group in groupby(
            sorted(packages, key=lambda p: (owners[p.name], p.name)), lambda p: owners[p.name]
        )
    ]
    with ThreadPoolExecutor(WORKERS) as pool:
        done = list(pool.map(lambda each: _open_all(stage, *each), by_officer))
    acks = tuple(ack for found in done for ack in found)
    return Opened(len(acks), len(packages) - len(acks), acks)


def acknowledge(stage: Stage, acks: tuple[Path, ...]) -> int:
    """Enter the officers' acknowledgements into the ledger."""
    for some in (acks[start : start + HAND_OVER_LINES] for start in range(0, len(acks), HAND_OVER_LINES)):
        pipeline.acknowledge_all(stage.gate, [ack.read_bytes() for ack in some])
    return len(acks)


def verify_ledger(stage: Stage) -> tuple[bool, Mapping[str, Json]]:
    """Let ``lawgate-verify``, another program, recompute the whole log."""
    done = _verify(
        "ledger", stage.home / places.LEDGER, "--policy", stage.home / places.POLICY_FILE, "--json"
    )
    said: Mapping[str, Json] = json.loads(done.stdout) if done.stdout.startswith("{") else {}
    return done.returncode == 0, said


def _open_all(stage: Stage, person: str, packages: tuple[Path, ...]) -> list[Path]:
    desk = stage.folder / "officers" / person
    desk.mkdir(parents=True, exist_ok=True)
    acks = [desk / f"{package.name}.ack.json" for package in packages]
    beside = (
        "--policy", stage.home / places.POLICY_FILE, "--identity", stage.identities[person], "--key", stage.keys[person],
        "--state", desk / "state.json", "--ack",
    )  # fmt: skip
    commands = [
        [str(word) for word in ("package", package, *beside, ack)]
        for package, ack in zip(packages, acks, strict=True)
    ]
    # One process opens an officer's packages one after the other; each command is what the officer would type.
    _verifier(VERIFY_EACH, given=json.dumps(commands))
    return [ack for ack in acks if ack.exists()]


def _owners(stage: Stage) -> dict[str, str]:
    keys = {key.keyid: key.person for key in stage.gate.memory.standing().keys}
    found = {}
    for summary in stage.gate.memory.summaries():
        for logged in stage.gate.memory.logged(summary.submission):
            recipient = logged.authorised.proposed.matched.approved.recipient_keyid
            found[f"{logged.sequence:06d}-{logged.answer}"] = keys[recipient]
    return found


def _signed(stage: Stage, kind: str, body: Mapping[str, Json], person: str) -> bytes:
    return sign(kind, body, stage.key(person))


def _verify(*words: object) -> subprocess.CompletedProcess[str]:
    return _verifier(VERIFY, *words)


def _verifier(program: str, *words: object, given: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603  our own verifier, in a process of its own, with words of our own
        [sys.executable, "-c", program, *map(str, words)],
        input=given,
        text=True,
        capture_output=True,
        check=False,
    )


def letters(stage: Stage, submission: SubmissionId) -> dict[str, int]:
    """Count a submission's lines by letter."""
    return letters_of(stage.gate.memory.letters(submission))
