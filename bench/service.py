"""Measures a submission sent through the service against the plain command, by turns; prints JSON. ``python bench/service.py [lines] [turns]``.

Both homes are made alike and know the same register; nobody in them exists. Processor seconds are those of all processes of a way: the command
and what reads for it; or server, worker and what reads for it, less what the same server uses when nothing is sent. Clock seconds run from the
first byte sent to the moment when determinations can be read.
"""

from __future__ import annotations

import csv
import http.client
import io
import json
import os
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

from pipeline import raise_limits, submission_of

from lawgate.adapters.submission_files import write_folder
from lawgate.rehearsal import people, play, stage
from lawgate.rehearsal.submissions import THEIR_HEADINGS
from lawgate.rehearsal.world import RECORDS
from lawgate.store.open import close_database

COMMAND = str(Path(sys.executable).parent / "lawgate")
ACCOUNT = """
import sys
from pathlib import Path
from lawgate import service
gate = service.open_service(Path(sys.argv[1]), rehearsal=True)
from allauth.mfa.models import Authenticator
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from lawgate.accounts.models import Account
account = Account.objects.create(login="official", person=sys.argv[2], agency=sys.argv[3], password="!")
Authenticator.objects.create(user=account, type="totp", data={})
session = SessionStore()
session.update({SESSION_KEY: str(account.pk), HASH_SESSION_KEY: account.get_session_auth_hash(),
                BACKEND_SESSION_KEY: "allauth.account.auth_backends.AuthenticationBackend"})
session.save()
print(session.session_key)
"""
TOKEN = "a" * 32
OF_THE_WORLD = 6000
"""Requests that the shipped world has of this kind."""


def processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def by_command(home: Path, sent: Path) -> tuple[float, float]:
    clock, used = time.monotonic(), processor_seconds()
    subprocess.run([COMMAND, "submission", "receive", sent, "--home", home], capture_output=True, check=False)
    return time.monotonic() - clock, processor_seconds() - used


def by_service(home: Path, sent: Path | None, port: int, most: dict[str, int]) -> tuple[float, float]:
    """Serve a home, send a submission (or nothing), wait for its determinations, and end. ``most`` gets the memory that each kind of process
    had at most."""
    words = [sys.executable, "-c", ACCOUNT, home, people.FRAUD_HEAD, people.FRAUD_SERVICE]
    key = subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip()
    used = processor_seconds()
    serve = [COMMAND, "serve", "--rehearsal", "--listen", f"127.0.0.1:{port}", "--home", home]
    server = subprocess.Popen(serve, stderr=subprocess.DEVNULL)
    headers = {"Cookie": f"__Host-session={key}; __Host-csrf={TOKEN}", "Origin": f"http://localhost:{port}"}
    while True:
        try:
            asked(port, "GET", "/account/login/", headers)
            break
        except OSError:
            time.sleep(0.2)
    time.sleep(6)  # the worker has begun
    clock = time.monotonic()
    if sent is not None:
        body = form_of(sent)
        more = {
            "Content-Type": "multipart/form-data; boundary=limit",
            "Content-Length": str(body.stat().st_size),
        }
        with body.open("rb") as file:
            status, location, _ = asked(port, "POST", "/requests/send/", headers | more, file)
        assert status == 302, status
        while "The nine steps" not in asked(port, "GET", location, headers)[2]:
            note_memory(server.pid, most)
            time.sleep(1)
    took = time.monotonic() - clock
    note_memory(server.pid, most)
    server.terminate()
    server.wait()
    return took, processor_seconds() - used


def note_memory(pid: int, most: dict[str, int]) -> None:
    """Note the most memory (megabytes) that any process of a kind had so far, of those that live below this one."""
    waiting = [pid]
    while waiting:
        one = waiting.pop()
        try:
            words = Path(f"/proc/{one}/cmdline").read_bytes()
            peak = Path(f"/proc/{one}/status").read_text().partition("VmHWM:")[2].split()[0]
            waiting += map(int, Path(f"/proc/{one}/task/{one}/children").read_text().split())
        except (OSError, IndexError):
            continue  # it has ended
        kind = next((k for k in ("gunicorn", "worker") if k.encode() in words), "beside them")
        most[kind] = max(most.get(kind, 0), int(peak) // 1024)


def asked(
    port: int, method: str, path: str, headers: dict[str, str], body: Any = None
) -> tuple[int, str, str]:
    connection = http.client.HTTPConnection("localhost", port, timeout=3600)
    connection.request(method, path, body, headers)
    reply = connection.getresponse()
    said = reply.status, reply.headers.get("Location", ""), reply.read().decode()
    connection.close()
    return said


def form_of(sent: Path) -> Path:
    """Write the form a browser would send, once."""
    path = sent.with_suffix(".form")
    if not path.exists():
        with path.open("wb") as out:
            out.write(_part("csrfmiddlewaretoken") + TOKEN.encode())
            for name, file in (("cover", "cover.json"), ("attestations", "attestations.jsonl")):
                out.write(_part(name, file) + (sent / file).read_bytes())
            (lines,) = [f for f in sent.iterdir() if f.name not in ("cover.json", "attestations.jsonl")]
            out.write(_part("lines", lines.name))
            with lines.open("rb") as file:
                shutil.copyfileobj(file, out)
            out.write(_part("act") + b"send\r\n--limit--\r\n")
    return path


def _part(name: str, file: str = "") -> bytes:
    named = f'; filename="{file}"\r\nContent-Type: application/octet-stream' if file else ""
    return f'\r\n--limit\r\nContent-Disposition: form-data; name="{name}"{named}\r\n\r\n'.encode()


def many(lines: int) -> Any:
    """Make a submission of so many lines; beyond what the world has, the same people are asked for again, each time in another matter."""
    ingredients = submission_of(min(lines, OF_THE_WORLD))
    heading, *rows = csv.reader(io.StringIO(ingredients.raw.decode()))
    key, case = (
        heading.index(THEIR_HEADINGS.get(name, name)) for name in ("request_key", "proceeding.case_number")
    )
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(heading)
    for number in range(lines):
        row = list(rows[number % len(rows)])
        row[key], row[case] = f"S-{number}", f"SERVICE-{number}"
        table.writerow(row)
    return replace(ingredients, raw=out.getvalue().encode())


def main() -> None:
    lines, turns = (int(w) for w in (*sys.argv[1:], *("20000", "2")[len(sys.argv) - 1 :]))
    raise_limits()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made = stage.set_stage(folder, RECORDS)
        sent = folder / "submission"
        write_folder(sent, play._composed(made, many(lines)))
        close_database()
        with (folder / "home" / "lawgate.toml").open("a") as settings:
            settings.write(f'\n[service]\nurl = "http://localhost:{port}"\n')
        rows = []
        most: dict[str, int] = {}
        for _ in range(turns):
            ways = {}
            for way in ("command", "idle", "service"):
                home = folder / way
                shutil.copytree(folder / "home", home)
                ways[way] = (
                    by_command(home, sent)
                    if way == "command"
                    else by_service(
                        home, sent if way == "service" else None, port, most if way == "service" else {}
                    )
                )
                shutil.rmtree(home)
            rows.append(ways)
    command = [row["command"][1] for row in rows]
    service = [row["service"][1] - row["idle"][1] for row in rows]
    said = {
        "lines": lines,
        "turns": turns,
        "load": os.getloadavg()[0],
        "command": {"processor_seconds": command, "seconds": [row["command"][0] for row in rows]},
        "service": {
            "processor_seconds": service,
            "seconds": [row["service"][0] for row in rows],
            "most_megabytes": most,
        },
        "processor_ratio": round(median(service) / median(command), 2),
        "clock_ratio": round(
            median(r["service"][0] for r in rows) / median(r["command"][0] for r in rows), 2
        ),
    }
    print(json.dumps(said, indent=1))


if __name__ == "__main__":
    main()
