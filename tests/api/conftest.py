"""One rehearsal home behind the real command, and machines that call its API with the keys of its scripted people."""

from __future__ import annotations

import csv
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from invented.record_source import COLUMNS
from lawgate import register, wiring
from lawgate.adapters.key_files import load_key
from lawgate.adapters.submission_files import write_folder
from lawgate.evidence.canonical import canonical
from lawgate.intake.compose import compose
from lawgate.intake.form import Form
from lawgate.rehearsal import people
from lawgate.rehearsal.reasons import reason
from lawgate.rehearsal.stage import rehearsal_settings
from lawgate.rehearsal.submissions import form_of
from lawgate_client import Caller, Gateway

COMMAND = Path(sys.executable).parent / "lawgate"
ON_RECORD = {
    "record_id": "R1", "given": "Zebulon", "surname": "Quillfeather", "birth_date": "1961-05-17", "source": "taxpayer", "form": "1040",
    "country": "US", "number": "12", "street": "Marzipan Row", "city": "Boise", "state": "ID", "zip": "83702",
}  # fmt: skip
PLAYERS = (
    people.FRAUD_HEAD, people.CLAIMS_HEAD, *people.OFFICERS[:2], people.DISCLOSURE_OFFICER, people.RELEASING_OFFICER, people.COUNSEL,
    people.COURT,
)  # fmt: skip


def asked(number: int, **changes: Any) -> dict[str, Any]:
    """A request in which nothing is wrong but for the changes."""
    address = {part: ON_RECORD[part] for part in ("number", "street", "city", "state", "zip")}
    return {
        "request_key": f"key-{number:03d}", "name": {"given": "Zebulon", "surname": "Quillfeather"}, "address": address,
        "taxable_periods": ["2024"], "criminal_statute": "18 U.S.C. 1343", "statutory_authority": "28 U.S.C. 533",
        "proceeding": {"kind": "investigation", "case_number": f"CASE-{number:03d}", "opened": "2026-01-05", "status": "open"},
        "reasons": f"Ledger {number}. {reason(number)}", "engaged_officer": people.OFFICERS[number % 2],
        "items_requested": ["address"],
    } | changes  # fmt: skip


@dataclass
class Served:
    """The home, who has which key, and where it is served."""

    folder: Path
    url: str
    made: int = 0
    log: Path = field(init=False)

    def __post_init__(self) -> None:
        self.log = self.folder / "served.log"

    @property
    def home(self) -> Path:
        return self.folder / "home"

    def key(self, person: str) -> Path:
        return self.folder / f"{person}.pem"

    def caller(self, person: str) -> Caller:
        return Caller(self.url, load_key(self.key(person)))

    def gateway(self, person: str) -> Gateway:
        return Gateway(self.caller(person))

    def command(self, *words: str) -> str:
        done = subprocess.run(
            [COMMAND, *words, "--home", str(self.home)], capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    def submission(self, lines: list[dict[str, Any]], official: str = people.FRAUD_HEAD) -> Path:
        """Compose a submission and write it to a folder, as the official's own tool does."""
        raw = b"".join(canonical(line) + b"\n" for line in lines)
        officers = {person: load_key(self.key(person)) for person in people.OFFICERS[:2]}
        form = Form.model_validate(form_of(official, "agency-head"))
        files = compose(
            form,
            raw,
            "requests.jsonl",
            load_key(self.key(official)),
            officers,
            wiring.system_clock(),
            wiring.new_nonce(),
        )
        self.made += 1
        folder = self.folder / f"submission-{self.made}"
        write_folder(folder, files)
        return folder


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Make the home and serve it."""
    folder = tmp_path_factory.mktemp("api")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    made = Served(folder, f"http://localhost:{port}")
    settings = f'{rehearsal_settings()}\n[service]\nurl = "{made.url}"\n'
    (folder / "lawgate.toml").write_text(settings, encoding="utf-8")
    _make_home(made)
    with made.log.open("w") as log:
        words = [COMMAND, "serve", "--rehearsal", "--listen", f"127.0.0.1:{port}", "--home", str(made.home)]
        server = subprocess.Popen(words, stdout=log, stderr=log, env=os.environ | {"LAWGATE_REHEARSAL": ""})
        try:
            _await(made.url, server)
            yield made
        finally:
            server.terminate()
            server.wait(30)


def _make_home(made: Served) -> None:
    from lawgate.store.open import close_database

    wiring.create_home(made.home, made.folder / "lawgate.toml")
    with (made.folder / "records.csv").open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, COLUMNS, restval="")
        writer.writeheader()
        writer.writerow(ON_RECORD | {"tax_year": "2024"})
    wiring.index_records(made.home, [made.folder / "records.csv"])
    gate = wiring.open_home(made.home)
    for entry in people.standing_entries():
        register.add_standing(gate, entry)
    for person in PLAYERS:
        who = people.player(person)
        identity = made.folder / f"{person}.age" if who.location else None
        public, recipient = wiring.new_person_key(made.key(person), identity)
        register.enrol_key(gate, people.enrolled(who, public, gate.now(), recipient))
    close_database()


def _await(url: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        if server.poll() is not None:
            raise AssertionError("the service ended at once")
        try:
            urllib.request.urlopen(url, timeout=20).close()
            return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise AssertionError("the service does not answer")


def settle(gateway: Gateway, folder: Path, key: str = "") -> dict[str, Any]:
    """Send a submission in and wait until a worker has received it."""
    number = gateway.submit(folder, key)["submission"]
    return gateway.wait(number, lambda said: said["state"] != "sent", sleep=lambda _: time.sleep(0.3))


@pytest.fixture
def official(served: Served) -> Gateway:
    """The requesting official's machine."""
    return served.gateway(people.FRAUD_HEAD)


@pytest.fixture(scope="session")
def shared() -> Mapping[str, Any]:
    """What tests build lines with."""
    return {"asked": asked, "settle": settle}
