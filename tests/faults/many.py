"""One submission through a home that many processes work on at once; each verb is a process that may be killed anywhere and started again.

``many.py VERB FOLDER [NUMBER]``. ``make`` makes the home and sends ``LINES`` lines to it as the portal does; ``plain`` does the whole walk undisturbed;
``decide``, ``release`` and ``collect`` do their step until nothing is left of it; ``look`` prints what became of everything.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from lawgate import pipeline, wiring
from lawgate.adapters.key_files import load_key
from lawgate.adapters.outbox import collect as put_out
from lawgate.adapters.record_sources import COLUMNS
from lawgate.adapters.submission_files import open_submission, write_folder
from lawgate.domain.errors import LawgateError
from lawgate.domain.finding import Outcome
from lawgate.domain.kept import HAND_OVER_LINES, line_ranges, pieces
from lawgate.domain.standing import Agreement
from lawgate.domain.steps import LineState, SubmissionId
from lawgate.evidence.canonical import canonical
from lawgate.evidence.envelope import sign
from lawgate.gate import Gate
from lawgate.intake.compose import compose
from lawgate.intake.form import Form
from lawgate.intake.parts import manifest_sha256, submission_id
from lawgate.ledger.audit import verify_log
from lawgate.oversight.survey import reconcile_home
from lawgate.rehearsal import people, scripts, stage
from lawgate.rehearsal.reasons import REASONS, reason
from lawgate.rehearsal.submissions import form_of

LINES = int(os.environ.get("LAWGATE_MANY_LINES", "2000"))
DECIDED = max(200, LINES // 200)  # lines in one decision: many decisions, so that many are interrupted
SMALL = 6
"""Submissions of three lines that are sent through the service meanwhile."""
TOWNS = (("Boise", "ID", "83702"), ("Tucson", "AZ", "85701"), ("Eugene", "OR", "97401"))
SURNAMES = ("Quillfeather", "Brackenthorpe", "Wolfenstone", "Vandersnickle", "Applegarth", "Thistledown")
GIVEN = ("Zebulon", "Ottoline", "Peregrine", "Cosimo", "Hortensia", "Barnaby", "Araminta")


def person(n: int) -> dict[str, str]:
    city, state, postcode = TOWNS[n % len(TOWNS)]
    return {
        "given": GIVEN[n % len(GIVEN)], "surname": SURNAMES[n % len(SURNAMES)], "number": str(10 + n), "street": "Marzipan Row",
        "city": city, "state": state, "zip": postcode,
    }  # fmt: skip


PEOPLE = len(SURNAMES) * len(GIVEN)


def rows() -> Iterator[dict[str, str]]:
    """Most people are on record where they are asked for; some have moved since, some are on record twice, some not at all."""
    for n in range(PEOPLE):
        if n % 7 == 3:
            continue
        common = {"birth_date": "1961-05-17", "country": "US", "source": "taxpayer", "form": "1040"}
        for copy in range(2 if n % 11 == 5 else 1):
            one = person(n) | common | {"record_id": f"R{n}-{copy}"}
            yield one | {"tax_year": "2022"}
            yield one | {"tax_year": "2024"} | ({"number": "901"} if n % 5 == 2 else {})


def asked(n: int) -> dict[str, Any]:
    who = person(n % PEOPLE)
    faulty = {"reasons": ""} if n % 29 == 7 else {}
    return {
        "request_key": f"key-{n:06d}", "name": {"given": who["given"], "surname": who["surname"]},
        "address": {part: who[part] for part in ("number", "street", "city", "state", "zip")},
        "taxable_periods": ["2022", "2023", "2024"], "criminal_statute": "18 U.S.C. 1343", "statutory_authority": "28 U.S.C. 533",
        "proceeding": {"kind": "investigation", "case_number": f"CASE-{n:06d}", "opened": "2026-01-05", "status": "open"},
        "reasons": f"Ledger {n}. {reason(n % REASONS)}", "engaged_officer": people.OFFICERS[n % 2], "items_requested": ["address"],
        **faulty,
    }  # fmt: skip


def make(folder: Path) -> None:
    with (folder / "records.csv").open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, COLUMNS, restval="")
        writer.writeheader()
        writer.writerows(rows())
    settings = stage.rehearsal_settings()
    if url := os.environ.get("LAWGATE_MANY_URL"):
        settings += f'\n[service]\nurl = "{url}"\n'
    stage.rehearsal_settings = lambda: settings
    entries = [
        replace(e, max_lines=10**7) if isinstance(e, Agreement) else e for e in people.standing_entries()
    ]
    people.standing_entries = lambda: tuple(entries)
    made = stage.set_stage(folder, folder / "records.csv")
    keys = {who: made.key(who) for who in (people.FRAUD_HEAD, *people.OFFICERS[:2])}
    form = Form.model_validate(form_of(people.FRAUD_HEAD, "agency-head"))
    for name, first, count in (("big", 0, LINES), *((f"small-{n}", 10**6 + 3 * n, 3) for n in range(SMALL))):
        raw = b"".join(canonical(asked(n)) + b"\n" for n in range(first, first + count))
        nonce = hashlib.sha256(name.encode()).hexdigest()[:32]
        official = keys[people.FRAUD_HEAD]
        officers = {who: keys[who] for who in people.OFFICERS[:2]}
        write_folder(
            folder / name, compose(form, raw, "requests.jsonl", official, officers, made.gate.now(), nonce)
        )
    # What the portal leaves for the worker: files that have arrived and that nobody has read.
    if "LAWGATE_MANY_URL" in os.environ:
        kept = made.gate.originals.take(open_submission(folder / "big"))
        print(submission_id(manifest_sha256(kept.digests)))


def decide(gate: Gate, number: SubmissionId, folder: Path) -> None:
    waiting = gate.memory.ordinals(number, LineState.DOCKETED, LineState.HELD)
    for some in pieces(waiting, DECIDED):
        docket = gate.memory.docket(number, some)
        fit = [
            a for a in docket if not (a.checked.having(Outcome.UNMET) or a.checked.having(Outcome.UNKNOWN))
        ]
        if fit:
            body = scripts.decision_body(
                number, fit, gate.now(), release=[a.checked.line.ordinal for a in fit]
            )
            pipeline.decide(gate, number, signed(folder, "decision", body, people.DISCLOSURE_OFFICER))


def release(gate: Gate, number: SubmissionId, folder: Path) -> None:
    pipeline.catch_up(gate, number)
    for batch in gate.memory.batches(number):
        left = [p.matched.approved.line.ordinal for p in gate.memory.proposals(number, batch.ordinals)]
        if not left:
            continue
        seen = {review.review.person for review in gate.memory.sample_reviews(number, batch.number)}
        for who in sorted({people.DISCLOSURE_OFFICER, people.COUNSEL} - seen):
            looked = scripts.sample_body(number, batch.number, batch.sample, gate.now())
            pipeline.look_at_sample(gate, number, signed(folder, "sample", looked, who))
        body = scripts.authorisation_body(number, batch.number, left, gate.now())
        pipeline.authorise(gate, number, signed(folder, "authorisation", body, people.RELEASING_OFFICER))


def collect(gate: Gate, number: SubmissionId, folder: Path) -> None:
    put_out(folder / "outbox", pipeline.hand_over(gate, number, HAND_OVER_LINES), HAND_OVER_LINES)


def plain(gate: Gate, folder: Path) -> None:
    number = pipeline.receive(gate, open_submission(folder / "big")).submission
    for step in (decide, release, collect):
        step(gate, number, folder)
    for n in range(SMALL):
        pipeline.receive(gate, open_submission(folder / f"small-{n}"))
    print(number)


def look(gate: Gate, number: SubmissionId, folder: Path) -> None:
    memory, lines, kinds = gate.memory, hashlib.sha256(), hashlib.sha256()
    told: Counter[str] = Counter()
    for some in line_ranges(LINES):
        for s in memory.statuses(number, some):
            lines.update(
                repr((s.ordinal, s.request_key, s.state.value, s.disposition.value, s.codes)).encode()
            )
        logged = memory.logged(number, some)
        said = memory.kinds([each.answer for each in logged])
        for each in logged:
            told[said[each.answer].value] += 1
            kinds.update(
                repr(
                    (each.authorised.proposed.matched.approved.line.ordinal, said[each.answer].value)
                ).encode()
            )
    reconciled = reconcile_home(gate)
    entries = verify_log(gate.tiles, gate.policy).entries_by_type
    packages = sorted(p.name for p in (folder / "outbox").iterdir() if p.is_dir())
    # Two officers, each with packages from one on.
    numbers = Counter(int(p.partition("-")[0]) for p in packages)
    out = {
        "lines": lines.hexdigest(), "answers": kinds.hexdigest(), "told": dict(sorted(told.items())),
        "tally": {name: n for name, n in asdict(memory.tally()).items() if name != "entries"},
        "leaves": {kind: entries[kind] for kind in ("submission", "answer")},
        "packages": len(packages), "distinct": len({p.rpartition("-")[2] for p in packages}),
        "whole": all(len(list((folder / "outbox" / p).iterdir())) == 4 for p in packages),
        "not exact": [e.name for e in reconciled.broken()], "unfinished": list(memory.unfinished()),
        "in order": set(numbers) == set(range(1, max(numbers, default=0) + 1)) and max(numbers.values(), default=0) <= 2,
    }  # fmt: skip
    print(json.dumps(out))


def signed(folder: Path, kind: str, body: Any, who: str) -> bytes:
    return sign(kind, body, load_key(folder / "demo-keys" / f"{people.player(who).key_name}.pem"))


def main() -> None:
    verb, folder = sys.argv[1], Path(sys.argv[2])
    if verb == "make":
        make(folder)
        return
    gate = wiring.open_home(folder / "home")
    if verb == "plain":
        plain(gate, folder)
        return
    {"decide": decide, "release": release, "collect": collect, "look": look}[verb](
        gate, SubmissionId(sys.argv[3]), folder
    )


if __name__ == "__main__":
    try:
        main()
    except LawgateError as fault:
        print(f"{type(fault).__name__}: {fault}", file=sys.stderr)
        sys.exit(fault.exit_code)
