"""How fast the API validates: many clients, each with a key of its own, think a second, send a submission of a few lines to be validated, and
wait. Prints JSON: p50 and p95 by the clock, errors, the server's processor time for each validation and the clients' own, with the machine's load
beside it. The clients share the processors with the server, so their calls are signed before the clock runs: a run ends well within the
minute for which a signature is good."""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import io
import json
import os
import random
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
import zipfile
from collections import Counter
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lawgate import register, wiring
from lawgate.adapters.key_files import load_key
from lawgate.domain.standing import EnrolledKey, Role
from lawgate.evidence.canonical import canonical
from lawgate.evidence.envelope import keyid_of
from lawgate.intake.compose import compose
from lawgate.intake.form import Form
from lawgate.rehearsal import people
from lawgate.rehearsal.reasons import reason
from lawgate.rehearsal.stage import rehearsal_settings
from lawgate.rehearsal.submissions import form_of
from lawgate_client import Caller

COMMAND = Path(sys.executable).parent / "lawgate"
TICKS = os.sysconf("SC_CLK_TCK")
PATH = "/api/v1/validations"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--lines", type=int, default=3)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(measured(Path(folder), given.clients, given.seconds, given.lines), indent=1))


def measured(folder: Path, clients: int, seconds: float, lines: int) -> dict[str, object]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://localhost:{port}"
    content, callers = prepared(folder, url, clients, lines)
    command = [COMMAND, "serve", "--rehearsal", "--listen", f"127.0.0.1:{port}", "--home", folder / "home"]
    server = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(url, timeout=10).close()
                break
            except OSError:
                time.sleep(0.1)
        asyncio.run(all_clients(callers[:4], port, content, 3))  # until its processes are warm
        used: list[float] = []
        before, began = processor_seconds(server.pid), time.monotonic()
        took, errors = asyncio.run(all_clients(callers, port, content, seconds, used))
        spent, lasted = processor_seconds(server.pid) - before, time.monotonic() - began - used[1]
    finally:
        server.terminate()
        server.wait(60)
    took.sort()
    return {
        "clients": clients,
        "lines": lines,
        "validations": len(took),
        "a_second": round(len(took) / lasted, 1),
        "p50_ms": round(took[len(took) // 2] * 1000, 1),
        "p95_ms": round(took[len(took) * 95 // 100] * 1000, 1),
        "errors": dict(errors),
        "server_processor_ms": round(spent / len(took) * 1000, 2),
        "clients_processor_ms": round(used[0] / len(took) * 1000, 2),
        "cores": os.cpu_count(),
        "load_average": os.getloadavg()[0],
    }


def prepared(folder: Path, url: str, clients: int, lines: int) -> tuple[bytes, list[Caller]]:
    """Make a home with as many officials' keys as there are clients, and one submission in a zip file."""
    from lawgate.store.open import close_database

    (folder / "lawgate.toml").write_text(f'{rehearsal_settings()}\n[service]\nurl = "{url}"\n')
    wiring.create_home(folder / "home", folder / "lawgate.toml")
    gate = wiring.open_home(folder / "home")
    for entry in people.standing_entries():
        register.add_standing(gate, entry)
    keys = {}
    for person in (people.FRAUD_HEAD, people.OFFICERS[0]):
        who = people.player(person)
        identity = folder / f"{person}.age" if who.location else None
        public, recipient = wiring.new_person_key(folder / f"{person}.pem", identity)
        register.enrol_key(gate, people.enrolled(who, public, gate.now(), recipient))
        keys[person] = load_key(folder / f"{person}.pem")
    own = [Ed25519PrivateKey.generate() for _ in range(clients)]
    publics = [key.public_key().public_bytes_raw() for key in own]
    agency = people.player(people.FRAUD_HEAD).agency
    register.enrol_keys(
        gate,
        [
            EnrolledKey(keyid_of(p), p.hex(), f"official-{n}", agency, Role.REQUESTING_OFFICIAL, gate.now())
            for n, p in enumerate(publics)
        ],
    )
    asked = [
        {
            "request_key": f"K-{n}", "name": {"given": "Zebulon", "surname": "Quillfeather"},
            "address": {"number": "12", "street": "Marzipan Row", "city": "Boise", "state": "ID", "zip": "83702"},
            "taxable_periods": ["2024"], "criminal_statute": "18 U.S.C. 1343", "statutory_authority": "28 U.S.C. 533",
            "proceeding": {"kind": "investigation", "case_number": f"CASE-{n}", "opened": "2026-01-05", "status": "open"},
            "reasons": reason(n), "engaged_officer": people.OFFICERS[0], "items_requested": ["address"],
        }
        for n in range(lines)
    ]  # fmt: skip
    files = compose(
        Form.model_validate(form_of(people.FRAUD_HEAD, "agency-head")),
        b"".join(canonical(line) + b"\n" for line in asked),
        "requests.jsonl",
        keys[people.FRAUD_HEAD],
        {people.OFFICERS[0]: keys[people.OFFICERS[0]]},
        gate.now(),
        wiring.new_nonce(),
    )
    close_database()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, raw in files.items():
            archive.writestr(name, raw)
    return out.getvalue(), [Caller(url, key) for key in own]


async def all_clients(
    callers: list[Caller], port: int, content: bytes, seconds: float, used: list[float] | None = None
) -> tuple[list[float], Counter[str]]:
    """Let all clients call for so long. ``used`` gets their processor seconds, and those by the clock that signing took beforehand."""
    took: list[float] = []
    errors: Counter[str] = Counter()
    digest = hashlib.sha256(content).digest()
    begun_signing = time.monotonic()
    signed = [[message(c, port, content, digest) for _ in range(int(seconds) + 1)] for c in callers]
    signing, before = time.monotonic() - begun_signing, time.process_time()
    end = time.monotonic() + seconds

    async def one(calls: list[bytes]) -> None:
        await asyncio.sleep(random.random())
        while time.monotonic() < end:
            begun = time.monotonic()
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.write(calls.pop())
                said = await reader.read()
                writer.close()
                status = said[9:12].decode()
            except OSError as fault:
                status = type(fault).__name__
            took.append(time.monotonic() - begun)
            if status != "200":
                errors[status] += 1
            await asyncio.sleep(1)

    await asyncio.gather(*map(one, signed))
    if used is not None:
        used += [time.process_time() - before, signing]
    return took, errors


def message(caller: Caller, port: int, content: bytes, digest: bytes) -> bytes:
    headers = caller.signed("POST", PATH, digest, {"Content-Type": "application/zip"})
    lines = [f"POST {PATH} HTTP/1.1", f"Host: localhost:{port}", f"Content-Length: {len(content)}"]
    lines += [*(f"{k}: {v}" for k, v in headers.items()), "Connection: close", "", ""]
    return "\r\n".join(lines).encode() + content


def processor_seconds(pid: int) -> float:
    """Seconds of processor time of a process and of all below it that live."""
    total, waiting = 0.0, [pid]
    while waiting:
        one = waiting.pop()
        try:
            fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
            children = Path(f"/proc/{one}/task/{one}/children").read_text().split()
        except OSError:
            continue
        total += (int(fields[11]) + int(fields[12])) / TICKS
        waiting += [int(child) for child in children]
    return total


if __name__ == "__main__":
    main()
