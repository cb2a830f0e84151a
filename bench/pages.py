"""Measures every page of the console on a home that holds as much as the exchange of 2025, and prints JSON.

``python bench/pages.py [--lines N] [--docket N] [--requests N]`` makes the home, measures and throws it away; ``--folder F`` keeps it, and measures what
lies there if it is there. With ``LAWGATE_DATABASE_URL`` (empty, of the owner's) and ``LAWGATE_DATABASE_READER_URL`` the memory is in PostgreSQL.

The home: real submissions of the rehearsal, received and answered by the pipeline, and clones of their lines kept through the memory, one submission
with most of the lines and the docket in it, the others of a hundred lines each. Each page is asked for as the one who sees most, and as the overseer
where that one may: in this process (time and processor time between request and answer), and over HTTP from the real command, one request at
a time and by four at once. Times are in milliseconds.
"""

from __future__ import annotations

import argparse
import hashlib
import http.client
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import cycle
from pathlib import Path
from typing import Any

from lawgate import wiring
from lawgate.domain.kept import CHUNK_LINES, Accounting, AnswerDraft, Owed, Slot
from lawgate.domain.standing import EnrolledKey, Role
from lawgate.domain.steps import (
    AnswerKind,
    Approved,
    Authorised,
    Disposition,
    Line,
    LineState,
    LineStatus,
    Matched,
    Proposed,
    SignedDecision,
    SubmissionId,
    Verdict,
    VerdictKind,
)
from lawgate.gate import Gate, publish
from lawgate.ledger.leaves import heartbeat_leaf
from lawgate.rehearsal import people, play, stage
from lawgate.rehearsal.submissions import well_formed
from lawgate.rehearsal.world import RECORDS, world_requests
from lawgate.store.arriving import ArrivalBox

SMALL = 100
SMALL_SHARE = 16
"""One line of so many lies in a small submission."""
ANSWERED = 64
"""One line of so many is answered."""
KEYS = 500
WARM = 3
FEW = SignedDecision("0" * 64, "0" * 32, "somebody", wiring.system_clock())


# -- the home --------------------------------------------------------------------------------------------------------------


def make_home(folder: Path, lines: int, docket: int) -> None:
    port = free_port()
    settings = stage.rehearsal_settings()
    stage.rehearsal_settings = lambda: f'{settings}\n[service]\nurl = "http://localhost:{port}"\n'
    made = stage.set_stage(folder, RECORDS)
    gate = made.gate
    sent = play.send(made, well_formed(world_requests())[0]).submission
    templates = zip(gate.memory.lines(sent), gate.memory.statuses(sent), strict=True)
    waiting = [
        (line, status) for line, status in templates if status.state in (LineState.DOCKETED, LineState.HELD)
    ]
    closed = [
        (line, replace(s, state=LineState.FINAL, disposition=letter, codes=codes, holds=(), hints=()))
        for (line, s), (letter, codes) in zip(
            waiting,
            cycle(
                [
                    (Disposition.REFUSED, ("223",)),
                    (Disposition.REFUSED, ("226", "229")),
                    (Disposition.RETURNED, ("222",)),
                ]
            ),
            strict=False,
        )
    ]
    enrol(gate)
    small = lines // SMALL_SHARE // SMALL
    big = lines - small * SMALL
    answered = lines // ANSWERED
    numbers = (SubmissionId(f"{n:016d}") for n in range(10**15, 10**15 + small + 1))
    for _ in range(small // 2):
        keep(gate, next(numbers), SMALL, lambda n: closed[n % len(closed)])
    number = next(numbers)
    every = max(1, big // (docket + answered))
    keep(
        gate, number, big, lambda n: waiting[n % len(waiting)] if n % every == 0 else closed[n % len(closed)]
    )
    release(gate, number, list(range(every, big + 1, every))[:answered])
    for _ in range(small - small // 2):
        keep(gate, next(numbers), SMALL, lambda n: closed[n % len(closed)])
    publish(gate)
    (folder / "big").write_text(number)


def enrol(gate: Gate) -> None:
    keys = []
    for n in range(KEYS):
        public = hashlib.sha256(str(n).encode()).hexdigest()
        key = EnrolledKey(
            hashlib.sha256(bytes.fromhex(public)).hexdigest()[:32], public, f"officer-{n}", people.OFFICERS[0], Role.ENGAGED_OFFICER,
            gate.now(), recipient=f"age1{n}", custodian=f"custodian {n}", location="room 4", scripted=True,
        )  # fmt: skip
        keys.append((key, []))
    gate.memory.keep_keys(keys)


def keep(gate: Gate, number: SubmissionId, count: int, of: Callable[[int], tuple[Line, LineStatus]]) -> None:
    """Keep a submission of clones, in the way in which one arrives."""
    memory, vault = gate.memory, gate.memory._vault  # type: ignore[attr-defined]
    known = memory.received(memory.summaries()[0].submission)
    assert known is not None
    received = replace(
        known, submission=number, manifest_sha256=hashlib.sha256(number.encode()).hexdigest(),
        cover=replace(known.cover, line_count=count), received_at=gate.now(),
    )  # fmt: skip
    vault.new_key(number)
    memory.begin_arrival()
    with vault.opened(number) as box:
        sealer = ArrivalBox(number, box)
        for first in range(1, count + 1, CHUNK_LINES):
            some = range(first, min(first + CHUNK_LINES, count + 1))
            stated = [sealer.line(replace(of(n)[0], ordinal=n, request_key=f"key-{n}")) for n in some]
            memory.keep_arriving(first, stated, sealer.found(first, b"x"))
    statuses = (
        replace(of(n)[1], submission=number, ordinal=n, request_key=f"key-{n}") for n in range(1, count + 1)
    )
    memory.keep_received(received, statuses, lambda: (), lambda: (), lambda: [leaf(memory.size())])


def release(gate: Gate, number: SubmissionId, ordinals: list[int]) -> None:
    """Take lines as far as handed over and, every other one, acknowledged: nobody is asked, nothing is sealed to anybody."""
    memory = gate.memory
    verdict = Verdict(VerdictKind.NONE, "340")
    keyid = memory.standing().keys[0].keyid
    for start in range(0, len(ordinals), CHUNK_LINES):
        some = ordinals[start : start + CHUNK_LINES]
        envelope = f"decision {start}".encode()
        signed = replace(FEW, sha256=hashlib.sha256(envelope).hexdigest())
        docket = memory.docket(number, some)
        memory.keep_decision(
            number, signed, envelope,
            [Approved(number, a.checked.line, a.checked.findings, ("address",), (2024,), keyid, signed) for a in docket], [], [],
        )  # fmt: skip
        memory.keep_lookups(
            [
                Proposed(Matched(a, verdict), AnswerKind.NO_ANSWER, {}, "340")
                for a in memory.approved(number, some)
            ],
            gate.now(),
        )
        envelope = f"authorisation {start}".encode()
        signed = replace(FEW, sha256=hashlib.sha256(envelope).hexdigest())
        drafts = [draft(number, proposed, signed) for proposed in memory.proposals(number, some)]
        memory.log_answers(number, signed, envelope, drafts, [leaf(1)])
        answers = [each.answer for each in drafts]
        memory.keep_hand_overs(answers, gate.now(), Owed())


def draft(number: SubmissionId, proposed: Proposed, signed: SignedDecision) -> AnswerDraft:
    approved = proposed.matched.approved
    answer = hashlib.sha256(f"{number}/{approved.line.ordinal}".encode()).hexdigest()[:32]

    def build(slot: Slot) -> bytes:
        return leaf(slot.index)

    account = Accounting(
        answer, number, approved.line.ordinal, "agency", "office", "official", "pack", "", FEW.at, FEW.at, approved.recipient_keyid, "room 4",
        "person-1", "person-2", ("address",), (), (2024,), "9" * 64, "", "i2",
    )  # fmt: skip
    return AnswerDraft(answer, Authorised(proposed, signed, 1), bytes(1200), bytes(32), account, build)


def leaf(index: int) -> bytes:
    """An entry that the log takes: what an entry says, no page reads."""
    return heartbeat_leaf(at=FEW.at, entries=index + 1)


# -- measuring -------------------------------------------------------------------------------------------------------------


def pages(big: str, further: Callable[[str], str]) -> dict[str, tuple[str, str]]:
    """Every page by name: who asks for it, and its address."""
    officer, overseer = people.DISCLOSURE_OFFICER, "overseer"
    one = f"/submissions/{big}/"
    docket = f"{one}docket/"
    return {
        "home": (officer, "/"),
        "submissions": (officer, "/submissions/"),
        "submissions, further": (officer, further("/submissions/")),
        "submission": (officer, one),
        "docket": (officer, docket),
        "docket, further": (officer, further(docket)),
        "request": (officer, further(f"{one}docket/#line")),
        "register": (officer, "/standing/"),
        "stops": (officer, "/stops/"),
        "ledger": (officer, "/ledger/"),
        "overseer: home": (overseer, "/"),
        "overseer: submissions": (overseer, "/submissions/"),
        "overseer: submission": (overseer, one),
        "overseer: register": (overseer, "/standing/"),
        "overseer: stops": (overseer, "/stops/"),
        "overseer: ledger": (overseer, "/ledger/"),
    }


def quantile(times: Iterable[float], share: float) -> float:
    ordered = sorted(times)
    return round(1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))], 1)


def figures(wall: list[float], processor: list[float]) -> dict[str, float]:
    return {
        "p50": quantile(wall, 0.5), "p95": quantile(wall, 0.95), "most": quantile(wall, 1),
        "processor": round(1000 * sum(processor) / max(len(processor), 1), 1),
    }  # fmt: skip


def measure(folder: Path, requests: int) -> dict[str, Any]:
    home = folder / "home"
    os.environ |= {"LAWGATE_HOME": str(home), "LAWGATE_REHEARSAL": "1"}
    from django.test import Client

    from lawgate.web import wsgi  # noqa: F401  opens the home as the server does

    clients = {login: signed_in(Client, login) for login in (people.DISCLOSURE_OFFICER, "overseer")}

    def further(path: str) -> str:
        shown = clients[people.DISCLOSURE_OFFICER].get(path.partition("#")[0]).content.decode()
        if path.endswith("#line"):
            found = re.search(r'href="([^"]*/docket/\d+/)"', shown)
            return found[1] if found else path
        found = re.search(r'href="(\?[^"]*)">Further', shown)
        return path + found[1].replace("&amp;", "&") if found else path

    asked = pages((folder / "big").read_text(), further)
    inside = {}
    for name, (login, path) in asked.items():
        wall, processor = [], []
        for n in range(WARM + requests):
            begun, used = time.perf_counter(), time.process_time()
            reply = clients[login].get(path)
            if n >= WARM:
                wall.append(time.perf_counter() - begun)
                processor.append(time.process_time() - used)
            assert reply.status_code == 200, (name, path, reply.status_code)
        inside[name] = figures(wall, processor)
    cookies = {login: client.cookies["__Host-session"].value for login, client in clients.items()}
    return {"in this process": inside, **over_http(home, asked, cookies, requests)}


def signed_in(kind: Any, login: str) -> Any:
    from allauth.mfa.models import Authenticator

    from lawgate.accounts.models import Account

    whose = {"post": login} if login == "overseer" else {"person": login, "agency": people.HOLDER}
    account, _ = Account.objects.get_or_create(login=login, defaults=whose)
    Authenticator.objects.get_or_create(user=account, type="totp", defaults={"data": {}})
    client = kind(SERVER_NAME="localhost")
    client.force_login(account)
    return client


def over_http(
    home: Path, asked: dict[str, tuple[str, str]], cookies: dict[str, str], requests: int
) -> dict[str, Any]:
    port = free_port()
    command = [
        Path(sys.executable).parent / "lawgate",
        "serve",
        "--rehearsal",
        "--listen",
        f"127.0.0.1:{port}",
        "--home",
        home,
    ]
    server = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        await_server(port)

        def ask(login: str, path: str) -> float:
            begun = time.perf_counter()
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
            connection.request(
                "GET", path, headers={"Host": "localhost", "Cookie": f"__Host-session={cookies[login]}"}
            )
            reply = connection.getresponse()
            reply.read()
            connection.close()
            assert reply.status == 200, (path, reply.status)
            return time.perf_counter() - begun

        single, four = {}, {}
        with ThreadPoolExecutor(4) as pool:
            for name, (login, path) in asked.items():
                for _ in range(WARM):
                    list(pool.map(lambda _, a=(login, path): ask(*a), range(4)))
                used = processor_of(server.pid)
                wall = [ask(login, path) for _ in range(requests)]
                single[name] = figures(wall, [(processor_of(server.pid) - used) / requests])
                four[name] = figures(list(pool.map(lambda _, a=(login, path): ask(*a), range(requests))), [])
        return {"over HTTP": single, "over HTTP, four at once": four}
    finally:
        server.terminate()
        server.wait(60)


def await_server(port: int) -> None:
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the service does not answer")


def processor_of(pid: int) -> float:
    """Seconds of the server's processes that answer, by Linux's account of them; the worker beside them is not among them."""
    ticks = 0
    for task in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = task.read_text().rpartition(")")[2].split()
            command = task.with_name("cmdline").read_bytes()
        except OSError:
            continue
        if os.getsid(int(task.parent.name)) == pid and b"gunicorn" in command:
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def main() -> None:
    parser = argparse.ArgumentParser(description="Milliseconds of every page of the console, as JSON.")
    parser.add_argument("--lines", type=int, default=20_000)
    parser.add_argument("--docket", type=int, default=1_000)
    parser.add_argument("--requests", type=int, default=40)
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.folder or Path(temporary)
        made = 0.0
        if not (folder / "big").exists():
            folder.mkdir(exist_ok=True)
            begun = time.perf_counter()
            # In a process of its own: the commands' Django is set up there, the service's here.
            make = [
                sys.executable,
                "-c",
                "import pages, sys; from pathlib import Path; pages.make_home(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))",
            ]
            environment = os.environ | {
                "PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), *sys.path])
            }
            subprocess.run([*make, folder, str(given.lines), str(given.docket)], check=True, env=environment)
            made = time.perf_counter() - begun
        done = measure(folder, given.requests)
        kept = "PostgreSQL" if wiring.DATABASE_URL in os.environ else "SQLite"
        said = {
            "bench": "pages",
            "lines": given.lines,
            "docket": given.docket,
            "memory": kept,
            "seconds_to_make": round(made),
        }
        print(json.dumps(said | done, indent=1))


if __name__ == "__main__":
    main()
