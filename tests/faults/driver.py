"""Plays one small submission in a home of its own, kills the process at a chosen durable write, starts again, and says what it found.

Run by the tests of this folder, never imported by them. ``prepare`` makes the homes; ``kill`` forks once for each point; the other
words are one process's part in a race. Everybody here is a script and nobody on record exists. The clock stands still.

What counts as a durable write: replacing, renaming, linking a file, making a folder, committing a transaction. ``os.fsync`` is noted and
not done: a killed process loses nothing that the kernel holds, and whether each write is made lasting in its order is seen from the notes.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import stat
import sys
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "scenery"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lawgate.django_settings")
import django

django.setup()

from django.db.backends.base.base import BaseDatabaseWrapper  # noqa: E402

import lawgate.store.memory  # noqa: E402, F401  # imported before any fork: children start at once
from invented.asks import Ask, hundred_asks  # noqa: E402
from invented.record_source import write_records  # noqa: E402
from invented.town import Town, build_town  # noqa: E402
from lawgate import pipeline, places, register, stop_orders, wiring  # noqa: E402
from lawgate.adapters.key_files import load_key  # noqa: E402
from lawgate.adapters.outbox import write_package, write_packages  # noqa: E402
from lawgate.adapters.submission_files import read_submission, write_folder  # noqa: E402
from lawgate.domain.errors import SettingsError  # noqa: E402
from lawgate.domain.steps import Package, SubmissionId  # noqa: E402
from lawgate.domain.stop import StopScope  # noqa: E402
from lawgate.evidence.envelope import sign  # noqa: E402
from lawgate.gate import Gate, heartbeat  # noqa: E402
from lawgate.intake.compose import compose  # noqa: E402
from lawgate.intake.form import Form  # noqa: E402
from lawgate.oversight.survey import reconcile_home  # noqa: E402
from lawgate.rehearsal import people, scripts  # noqa: E402
from lawgate.rehearsal.stage import rehearsal_settings  # noqa: E402
from lawgate.rehearsal.submissions import COLUMNS, form_of, request_row, to_csv  # noqa: E402
from lawgate.store.open import close_database  # noqa: E402
from lawgate_verifier.audit import audit  # noqa: E402
from lawgate_verifier.ledger import Log, open_log  # noqa: E402
from lawgate_verifier.officer import Officer, read_officer  # noqa: E402
from lawgate_verifier.package import acknowledge, open_package  # noqa: E402
from lawgate_verifier.package_files import read_package  # noqa: E402
from lawgate_verifier.policy import Policy, parse_policy  # noqa: E402
from lawgate_verifier.proof import parse_proof  # noqa: E402
from lawgate_verifier.readers import folder_reader  # noqa: E402
from lawgate_verifier.state import State, load_state, save_state, write_durably  # noqa: E402

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
OFFICERS = people.OFFICERS[:2]
SAMPLERS = (people.DISCLOSURE_OFFICER, people.COUNSEL)
PLAYERS = (*OFFICERS, people.FRAUD_HEAD, *SAMPLERS, people.RELEASING_OFFICER, people.COURT)
KILLED = 137
CHILD_SECONDS = 120
KILL_SECONDS = 1800
WORKERS = 2
AT_ONCE = 3
SOON = 7
REFUSED_BY_PERSON = 6
LINES = ("moved", "current", "address not on record", "current", "moved", "moved")
"""What each line of the submission is about: R, C, N, refused by a rule (an item the statute does not give), R, refused by a person."""
MANY = ("moved",) * 6 + ("current",) * 4 + ("address not on record",) * 2


def original(gate: Gate, submission: SubmissionId) -> dict[str, bytes]:
    """The files of a submission as they were sent."""
    sent = gate.originals.sent(submission)
    return {name: b"".join(sent.read(name)) for name in sent.digests}


# -- the homes ---------------------------------------------------------------------------------------------------------


def clock() -> datetime:
    return NOW


def prepare(folder: Path) -> None:
    """Make ``begun`` (a home, two submissions, signed envelopes), ``logged`` (answers logged, none handed over), ``many`` (twelve of them),
    ``one-left`` (``logged`` with one package handed over) and ``nothing`` (settings only)."""
    town = build_town()
    asks = _asks(town)
    begun = folder / "begun"
    begun.mkdir(parents=True)
    _set_stage(begun, replace(town, filings=_filings_of(town, asks)))
    _compose(begun, "submission", [*_rows(asks[: len(LINES)])], "1")
    _compose(begun, "another", [*_rows(asks[2:5], first=20)], "2")
    _compose(begun, "large", [*_rows(asks[len(LINES) :], first=40)], "3")
    _sign_all(begun, folder)
    _copy(begun, folder / "one-left")
    gate = _opened(folder / "one-left")
    _log_all(gate, folder / "one-left")
    next(_hand_over(gate, folder / "one-left", submission_of(gate), 1))
    nothing = folder / "nothing"
    nothing.mkdir()
    (nothing / "lawgate.toml").write_text(rehearsal_settings(), encoding="utf-8")


def _asks(town: Town) -> list[Ask]:
    waiting = list(hundred_asks(town))
    chosen = []
    for phenomenon in (*LINES, *MANY):
        chosen.append(next(ask for ask in waiting if ask.phenomenon == phenomenon))
        waiting.remove(chosen[-1])
    return chosen


def _filings_of(town: Town, asks: Sequence[Ask]) -> Any:
    wanted = {ask.person.id for ask in asks}
    return tuple(filing for filing in town.filings if filing.person.id in wanted)


def _rows(asks: Sequence[Ask], first: int = 0) -> Iterator[dict[str, str]]:
    for number, ask in enumerate(asks):
        row = request_row(first + number, ask, OFFICERS)
        yield row | {"items_requested": "total-income"} if not first and number == 3 else row


def _set_stage(folder: Path, town: Town) -> None:
    settings = folder / "lawgate.toml"
    settings.write_text(rehearsal_settings(), encoding="utf-8")
    wiring.create_home(folder / "home", settings, clock)
    records = folder / "records.csv"
    write_records(records, town)
    wiring.index_records(folder / "home", [records])
    gate = _opened(folder)
    for entry in people.standing_entries():
        if people.FRAUD_SERVICE in (getattr(entry, "agency", ""), getattr(entry, "id", "")):
            register.add_standing(gate, entry)
    (folder / "keys").mkdir(mode=0o700)
    for person in PLAYERS:
        who = people.player(person)
        identity = folder / "keys" / f"{person}.age" if who.location else None
        public, recipient = wiring.new_person_key(folder / "keys" / f"{person}.pem", identity)
        register.enrol_key(gate, people.enrolled(who, public, NOW, recipient))
        (folder / "desks" / person).mkdir(parents=True)


def _compose(folder: Path, name: str, rows: Iterable[dict[str, str]], nonce: str) -> None:
    files = compose(
        Form.model_validate(form_of(people.FRAUD_HEAD, "agency-head")),
        to_csv(rows, COLUMNS),
        "requests.csv",
        _key(folder, people.FRAUD_HEAD),
        {person: _key(folder, person) for person in OFFICERS},
        NOW,
        nonce * 32,
    )
    write_folder(folder / name, files)


def _sign_all(begun: Path, folder: Path) -> None:
    """Sign every document once, beforehand: a command that is run again brings the same document again."""
    (begun / "signed").mkdir()
    body = scripts.stop_body("order", "stop-1", StopScope.EVERYTHING, "", "scripted order 1", NOW)
    _write_signed(begun, "stop", "stop", body, people.COURT)
    for name, stage in (("submission", "logged"), ("large", "many")):
        _copy(begun, folder / stage)
        gate = _opened(folder / stage)
        number = pipeline.receive(gate, read_submission(begun / name)).submission
        waiting = gate.memory.docket(number)
        refuse = {REFUSED_BY_PERSON} if name == "submission" else set()
        decision = scripts.decision_body(number, waiting, NOW, refuse=refuse)
        _write_signed(begun, name, "decision", decision, people.DISCLOSURE_OFFICER)
        pipeline.decide(gate, number, _signed(begun, name, "decision"))
        (batch,) = gate.memory.batches(number)
        for person in SAMPLERS:
            looked = scripts.sample_body(number, 1, batch.sample, NOW)
            _write_signed(begun, name, "sample", looked, person, f"sample-{person}")
        body = scripts.authorisation_body(number, 1, batch.ordinals, NOW)
        _write_signed(begun, name, "authorisation", body, people.RELEASING_OFFICER)
        shutil.copytree(begun / "signed", folder / stage / "signed", dirs_exist_ok=True)
        _release(gate, folder / stage, name, number)


def _write_signed(folder: Path, name: str, kind: str, body: Any, person: str, file: str = "") -> None:
    (folder / "signed" / f"{name}-{file or kind}").write_bytes(sign(kind, body, _key(folder, person)))


def _signed(folder: Path, name: str, kind: str) -> bytes:
    return (folder / "signed" / f"{name}-{kind}").read_bytes()


def _key(folder: Path, person: str) -> Any:
    return load_key(folder / "keys" / f"{person}.pem")


def _copy(source: Path, target: Path) -> None:
    close_database()
    shutil.copytree(source, target)


def _opened(folder: Path) -> Gate:
    return wiring.open_home(folder / "home", clock)


# -- one submission's whole life, which may be played again from its start ---------------------------------------------


def live(folder: Path, promise: Callable[[str], None]) -> None:
    """Play it from receipt to acknowledgement. ``promise`` is told what a caller was told is done."""
    gate = _opened(folder)
    number = pipeline.receive(gate, read_submission(folder / "submission")).submission
    promise("received")
    pipeline.decide(gate, number, _signed(folder, "submission", "decision"))
    promise("decided")
    _release(gate, folder, "submission", number)
    promise("authorised")
    for package in _hand_over(gate, folder, number):
        promise(f"handed {package.name}")
    for ack in _officers(folder):
        answer = pipeline.acknowledge(gate, ack.read_bytes())
        promise(f"acknowledged {answer}")
    heartbeat(gate)


def _log_all(gate: Gate, folder: Path) -> None:
    number = pipeline.receive(gate, read_submission(folder / "submission")).submission
    pipeline.decide(gate, number, _signed(folder, "submission", "decision"))
    _release(gate, folder, "submission", number)


def _release(gate: Gate, folder: Path, name: str, number: SubmissionId) -> None:
    for person in SAMPLERS:
        pipeline.look_at_sample(gate, number, _signed(folder, name, f"sample-{person}"))
    pipeline.authorise(gate, number, _signed(folder, name, "authorisation"))


def _hand_over(gate: Gate, folder: Path, number: SubmissionId, at_once: int = AT_ONCE) -> Iterator[Path]:
    """Collect in bulk, so that a process is killed between the packages of one chunk too, and between two chunks."""
    handed = pipeline.hand_over(gate, number, at_once)
    while some := tuple(islice(handed, at_once)):
        packages = [each for each in some if isinstance(each, Package)]
        if len(packages) != len(some):
            raise RuntimeError(f"an answer was kept back: {some}")
        yield from write_packages(folder / "outbox", packages)


def submission_of(gate: Gate) -> SubmissionId:
    (summary,) = gate.memory.summaries()
    return summary.submission


def _officers(folder: Path) -> list[Path]:
    """Each engaged officer opens the packages sealed to them, in their order, with the officer's tool, and signs that they came."""
    policy = _policy(folder)
    acks = []
    for person in OFFICERS:
        officer = _officer(folder, person)
        desk = folder / "desks" / person
        for package in _packages_for(folder, officer):
            opened = open_package(read_package(package), policy, officer, load_state(desk / "state"))
            save_state(desk / "state", opened.state)
            ack = desk / f"{package.name}.ack"
            write_durably(ack, acknowledge(opened, officer, scripts.moment(NOW)))
            acks.append(ack)
    return acks


def _officer(folder: Path, person: str) -> Officer:
    keys = folder / "keys"
    return read_officer((keys / f"{person}.age").read_bytes(), (keys / f"{person}.pem").read_bytes())


def _policy(folder: Path) -> Policy:
    return parse_policy((folder / "home" / places.POLICY_FILE).read_bytes())


def _packages(folder: Path) -> list[Path]:
    """What lies in the outbox for collection, whatever it is; hidden names are nobody's to collect."""
    outbox = folder / "outbox"
    return sorted(p for p in outbox.iterdir() if p.name[0] != ".") if outbox.is_dir() else []


def _packages_for(folder: Path, officer: Officer) -> list[Path]:
    return [p for p in _packages(folder) if _recipient(p) == officer.keyid]


def _recipient(package: Path) -> str:
    entry = parse_proof((package / "answer.tlog-proof").read_bytes()).entry
    return str(json.loads(entry)["recipient_keyid"])


# -- what can be seen from outside, without the gateway ----------------------------------------------------------------


def outside(folder: Path) -> dict[str, Any]:
    """Check what lies there with the outsider's own tool: the published log, and every package in its officer's order.

    A package that the log does not prove raises Refused; one whose entry is not the published log's is named under ``unlogged``.
    """
    log = _log(folder)
    found, logged = audit(log), tuple(log.entries)
    opened, unlogged = {}, []
    for person in OFFICERS if (folder / "outbox").is_dir() else ():
        officer = _officer(folder, person)
        state: State = {}
        for package in _packages_for(folder, officer):
            seen = open_package(read_package(package), _policy(folder), officer, state)
            state = seen.state
            opened[package.name] = [seen.payload["request_key"], seen.payload["kind"]]
            if seen.answer.index >= len(logged) or logged[seen.answer.index] != seen.answer:
                unlogged.append(package.name)
    return {
        "faults": [fault.sentence for fault in found.faults],
        "types": dict(sorted(found.types.items())),
        "lines": dict(found.lines),
        "answers": [f"{e.number('sequence'):06d}-{e.text('answer')}" for e in logged if e.kind == "answer"],
        "opened": opened,
        "unlogged": unlogged,
        "lying": [p.name for p in _packages(folder)],
    }


def _log(folder: Path) -> Log:
    return open_log(folder_reader(folder / "home" / places.LEDGER), _policy(folder))


# -- the fuse ----------------------------------------------------------------------------------------------------------


@dataclass
class Fuse:
    """Counts durable writes and ends the process at the one chosen, just before or just after it; notes every write and every sync."""

    at: int = 0
    mode: str = ""
    count: int = 0
    notes: list[dict[str, Any]] = field(default_factory=list)

    def burn(self, kind: str, act: Callable[[], Any], **about: Any) -> Any:
        self.count += 1
        self.notes.append({"n": self.count, "kind": kind, **about})
        if self.count == self.at and self.mode == "before":
            os._exit(KILLED)
        done = act()
        if self.count == self.at and self.mode == "after":
            os._exit(KILLED)
        return done

    def install(self) -> None:
        replace_, rename, link, mkdir = os.replace, os.rename, os.link, os.mkdir
        commit = BaseDatabaseWrapper._commit

        def note_sync(descriptor: int) -> None:
            found = os.fstat(descriptor)
            self.notes.append({"kind": "sync", "inode": found.st_ino, "folder": stat.S_ISDIR(found.st_mode)})

        def note_sync_of_all() -> None:
            self.notes.append({"kind": "sync of all"})

        def moving(kind: str, real: Any) -> Any:
            def moved(source: Any, target: Any, **more: Any) -> Any:
                about = {"inode": os.stat(source).st_ino, "into": os.stat(Path(target).parent).st_ino}
                return self.burn(kind, lambda: real(source, target, **more), name=Path(target).name, **about)

            return moved

        def made(path: Any, *more: Any, **named: Any) -> Any:
            if os.path.isdir(path):
                return mkdir(path, *more, **named)
            about = {"into": os.stat(Path(path).parent).st_ino, "name": Path(path).name}
            self.burn("mkdir", lambda: mkdir(path, *more, **named), **about)
            self.notes[-1]["made"] = os.stat(path).st_ino
            return None

        def committed(wrapper: Any) -> Any:
            return None if wrapper.connection is None else self.burn("commit", lambda: commit(wrapper))

        os.fsync = note_sync  # type: ignore[assignment]
        os.sync = note_sync_of_all
        os.replace, os.rename = moving("replace", replace_), moving("rename", rename)
        os.link, os.mkdir = moving("link", link), made
        BaseDatabaseWrapper._commit = committed


# -- forks -------------------------------------------------------------------------------------------------------------


def in_child(act: Callable[[Callable[[str], None]], Any], fuse: Fuse) -> tuple[int, list[str], Any]:
    """Do something in a process of its own. Returns its exit code, what it promised before it ended, and what it returned."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        signal.alarm(CHILD_SECONDS)
        os.close(read)
        fuse.install()
        code = 1
        try:
            done = act(lambda text: _tell(write, {"promise": text}))
            _tell(write, {"done": done})
            code = 0
        except BaseException:
            _tell(write, {"done": traceback.format_exc()})
        os._exit(code)
    os.close(write)
    with os.fdopen(read) as told:
        said = [json.loads(line) for line in told]
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    promised = [each["promise"] for each in said if "promise" in each]
    return code, promised, next((each["done"] for each in said if "done" in each), None)


def _tell(descriptor: int, what: dict[str, Any]) -> None:
    raw = json.dumps(what).encode() + b"\n"
    while raw:
        raw = raw[os.write(descriptor, raw) :]


# -- three things that are killed --------------------------------------------------------------------------------------


def live_again(folder: Path, promised: Sequence[str]) -> dict[str, Any]:
    """After a crash: is what was promised kept? Then play the same again from the start, and say what is there."""
    gate = _opened(folder)
    broken = [text for text in promised if not _kept(gate, folder, text)]
    loose = [p.name for p in _packages(folder) if not _is_handed_over(gate, p.name)]
    live(folder, lambda _text: None)
    gate = _opened(folder)
    number = submission_of(gate)
    logged = gate.memory.logged(number)
    reconciled = reconcile_home(gate)
    return {
        "broken promises": broken,
        "packages of answers not handed over": loose,
        "submission": number,
        "original kept": original(gate, number) == read_submission(folder / "submission"),
        "lines": [
            [s.ordinal, s.state.value, s.disposition.value, *s.codes] for s in gate.memory.statuses(number)
        ],
        "tally": _counts(gate),
        "not exact": [e.name for e in reconciled.broken()],
        "compared": len(reconciled.equalities),
        "answers": sorted(f"{a.sequence:06d}-{a.answer}" for a in logged),
        "hidden": sorted(p.name for p in (folder / "outbox").iterdir() if p.name[0] == "." and p.is_dir()),
    }


def _counts(gate: Gate) -> dict[str, Any]:
    t = gate.memory.tally()
    return {
        "submissions": t.submissions,
        "lines": t.lines,
        "letters": dict(t.by_disposition),
        "approved": t.approved,
        "lookups": t.lookups,
        "answers": t.answers,
        "accounting": t.accounting_rows,
        "handed over": t.handed_over,
        "acknowledged": t.acknowledged,
    }


def _kept(gate: Gate, folder: Path, promised: str) -> bool:
    word, _, name = promised.partition(" ")
    number = submission_of(gate)
    if word == "received":
        return original(gate, number) == read_submission(folder / "submission")
    if word == "decided":
        return gate.memory.tally().lookups == gate.memory.tally().approved > 0
    if word == "authorised":
        published = {e.text("answer") for e in _log(folder).entries if e.kind == "answer"}
        return {a.answer for a in gate.memory.logged(number)} == published != set()
    if word == "handed":
        return _is_handed_over(gate, name) and (folder / "outbox" / name).is_dir()
    answer = gate.memory.answer(name)
    return word == "acknowledged" and answer is not None and answer.acknowledged_at is not None


def _is_handed_over(gate: Gate, package: str) -> bool:
    answer = gate.memory.answer(package.partition("-")[2])
    return answer is not None and answer.handed_over_at is not None


def stop_all(folder: Path, promise: Callable[[str], None]) -> None:
    stop_orders.order_stop(_opened(folder), _signed(folder, "stop", "stop"))
    promise("stopped")


def stop_again(folder: Path, promised: Sequence[str]) -> dict[str, Any]:
    """After a crash: does a stop that was received bite at once? Then bring the same order again, and try to hand over."""
    gate = _opened(folder)
    number = submission_of(gate)
    known = len(gate.memory.stops())
    at_once = [o if isinstance(o, str) else "left" for o in pipeline.hand_over(gate, number)] if known else []
    stop, left = stop_orders.order_stop(gate, _signed(folder, "stop", "stop"))
    outcomes = [o if isinstance(o, str) else "left" for o in pipeline.hand_over(gate, number)]
    heartbeat(gate)
    return {
        "broken promises": [text for text in promised if not known],
        "known": known,
        "at once": at_once,
        "stop": stop.id,
        "left before": [f"{a.sequence:06d}-{a.answer}" for a in left],
        "outcomes": outcomes,
        "stops": len(gate.memory.stops()),
        "not exact": [e.name for e in reconcile_home(gate).broken()],
    }


def make_home(folder: Path, promise: Callable[[str], None]) -> None:
    wiring.create_home(folder / "home", folder / "lawgate.toml", clock)
    promise("made")


def make_again(folder: Path, promised: Sequence[str]) -> dict[str, Any]:
    """After a crash: is the home absent or whole? Then make it again, and use it."""
    there = (folder / "home").exists()
    if there:
        _use(folder)
    refused = ""
    try:
        wiring.create_home(folder / "home", folder / "lawgate.toml", clock)
    except SettingsError as fault:
        refused = type(fault).__name__
    _use(folder)
    return {
        "broken promises": [text for text in promised if not there],
        "there": there,
        "refused": refused,
        "left over": sorted(p.name for p in folder.iterdir() if p.name[0] == "."),
    }


def _use(folder: Path) -> None:
    heartbeat(_opened(folder))


@dataclass(frozen=True)
class Play:
    """What is killed, what is done after it, and in which of the prepared folders."""

    stage: str
    first: Callable[[Path, Callable[[str], None]], None]
    again: Callable[[Path, Sequence[str]], dict[str, Any]]


PLAYS = {
    "submission": Play("begun", live, live_again),
    "stop": Play("one-left", stop_all, stop_again),
    "home": Play("nothing", make_home, make_again),
}


def kill(prepared: Path, work: Path, what: str, every: int, modes: Sequence[str]) -> None:
    """Count the writes of an undisturbed run, then kill at every ``every``-th of them in each of the modes, and after each commit of a
    transaction whatever ``every`` is, if ``after`` is among the modes; a JSON line each.

    ``before`` and ``after`` the write; ``twice``: after it, and the second attempt again, before one of its first writes.
    """
    play = PLAYS[what]
    notes = undisturbed(prepared, work, play)
    writes = [note for note in notes if "n" in note]
    points = [
        (write, mode)
        for place, write in enumerate(writes)
        for mode in modes
        if place % every == 0 or (write["kind"], mode) == ("commit", "after")
    ]
    workers = []
    for share in range(WORKERS):
        worker = os.fork()
        if worker == 0:
            code = 1
            try:
                for write, mode in points[share::WORKERS]:
                    _tell(1, one_point(prepared / play.stage, work, play, write, mode))
                code = 0
            except BaseException:
                traceback.print_exc()
            os._exit(code)
        workers.append(worker)
    codes = [os.waitstatus_to_exitcode(os.waitpid(worker, 0)[1]) for worker in workers]
    sys.exit(max(codes))


def undisturbed(prepared: Path, work: Path, play: Play) -> list[dict[str, Any]]:
    folder = work / "undisturbed"
    shutil.copytree(prepared / play.stage, folder)
    fuse = Fuse()

    def first(promise: Callable[[str], None]) -> Any:
        play.first(folder, promise)
        return fuse.notes

    code, promised, notes = in_child(first, fuse)
    if code:
        raise RuntimeError(notes)
    seen = outside(folder)
    code, _, again = in_child(lambda _: play.again(folder, promised), Fuse())
    _tell(1, {"undisturbed": notes, "seen": seen, "code": code, "again": again, "after": outside(folder)})
    return list(notes)


def one_point(stage: Path, work: Path, play: Play, write: dict[str, Any], mode: str) -> dict[str, Any]:
    folder = work / f"{write['n']}-{mode}"
    shutil.copytree(stage, folder)
    fuse = Fuse(write["n"], "before" if mode == "before" else "after")
    code, promised, _ = in_child(lambda promise: play.first(folder, promise), fuse)
    if mode == "twice":
        soon = Fuse(write["n"] % SOON + 1, "before")
        promised += in_child(lambda promise: play.first(folder, promise), soon)[1]
    report: dict[str, Any] = {"n": write["n"], "kind": write["kind"], "mode": mode, "killed": code == KILLED}
    report["seen"] = _tried(lambda: outside(folder) if (folder / "home").is_dir() else None)
    report["code"], _, report["again"] = in_child(lambda _: play.again(folder, promised), Fuse())
    report["after"] = _tried(lambda: outside(folder))
    shutil.rmtree(folder)
    return report


def _tried(look: Callable[[], Any]) -> Any:
    try:
        return look()
    except Exception:
        return traceback.format_exc()


# -- one process of two ------------------------------------------------------------------------------------------------


def _ready() -> None:
    """Say that everything is opened, and wait for the word to go."""
    _say("ready")
    sys.stdin.readline()


def _say(what: Any) -> None:
    print(json.dumps(what), flush=True)


def act_receive(folder: Path, name: str) -> None:
    gate, files = _opened(folder), read_submission(folder / name)
    _ready()
    _say(pipeline.receive(gate, files).submission)


def act_hand_over(folder: Path, pause_after: str) -> None:
    """Hand over everything that may leave; after so many packages wait, one of them yielded and not yet written, to be told to go on."""
    gate = _opened(folder)
    number = submission_of(gate)
    _ready()
    outcomes: Counter[str] = Counter()
    packages = []
    for outcome in pipeline.hand_over(gate, number):
        if isinstance(outcome, Package):
            packages.append(outcome)
            if len(packages) == int(pause_after):
                _ready()
            write_package(folder / "outbox", outcome)
        else:
            outcomes[outcome] += 1
    _say({"left": [f"{p.sequence:06d}-{p.answer}" for p in packages], "kept back": dict(outcomes)})


def act_stop(folder: Path) -> None:
    gate, order = _opened(folder), _signed(folder, "stop", "stop")
    _ready()
    stop, left = stop_orders.order_stop(gate, order)
    _say({"stop": stop.id, "left": sorted(f"{a.sequence:06d}-{a.answer}" for a in left)})


def act_look(folder: Path) -> None:
    """Say what is there afterwards, from inside and from outside."""
    gate = _opened(folder)
    _say(
        {
            "seen": outside(folder),
            "tally": _counts(gate),
            "not exact": [e.name for e in reconcile_home(gate).broken()],
            "handed over": sorted(
                f"{a.sequence:06d}-{a.answer}"
                for s in gate.memory.summaries()
                for a in gate.memory.logged(s.submission)
                if a.handed_over_at
            ),
        }
    )


def main() -> None:
    word, *rest = sys.argv[1:]
    signal.alarm(KILL_SECONDS if word == "kill" else CHILD_SECONDS)
    if word == "prepare":
        prepare(Path(rest[0]))
    elif word == "kill":
        kill(Path(rest[0]), Path(rest[1]), rest[2], int(rest[3]), rest[4:])
    else:
        acts: dict[str, Callable[..., None]] = {
            "receive": act_receive,
            "hand-over": act_hand_over,
            "stop": act_stop,
            "look": act_look,
        }
        acts[word](Path(rest[0]), *rest[1:])


if __name__ == "__main__":
    main()
