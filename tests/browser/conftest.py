"""One rehearsal home with something on every page, served by the real command; people who sign in over HTTP as anybody would."""

from __future__ import annotations

import base64
import csv
import http.cookiejar
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from invented.passkey import Passkey
from invented.record_source import COLUMNS
from lawgate import pipeline, register, stop_orders, wiring
from lawgate.adapters.key_files import load_key
from lawgate.domain.finding import Outcome
from lawgate.domain.standing import Role
from lawgate.domain.steps import SubmissionId
from lawgate.domain.stop import StopScope
from lawgate.evidence.canonical import canonical
from lawgate.evidence.envelope import sign
from lawgate.gate import Gate
from lawgate.intake.compose import compose
from lawgate.intake.form import Form
from lawgate.rehearsal import people, scripts
from lawgate.rehearsal.reasons import reason
from lawgate.rehearsal.stage import rehearsal_settings
from lawgate.rehearsal.submissions import form_of
from postgres import two_accounts

COMMAND = Path(sys.executable).parent / "lawgate"
CHROMIUM = os.environ.get("LAWGATE_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
PASSWORD = "a long enough phrase for rehearsals"
STEP = 30  # seconds that an app shows a code
GIVEN, SURNAME = "Zebulon", "Quillfeather"
ON_RECORD = {
    "record_id": "R1", "given": GIVEN, "surname": SURNAME, "birth_date": "1961-05-17", "source": "taxpayer", "form": "1040",
    "country": "US", "number": "12", "street": "Marzipan Row", "city": "Boise", "state": "ID", "zip": "83702",
}  # fmt: skip
SECOND = people.Player(
    "scripted-second-officer", "Second Officer (a script)", people.HOLDER, Role.DISCLOSURE_OFFICER
)
SECOND_RELEASING = people.Player(
    "scripted-second-releasing-officer",
    "Second Releasing Officer (a script)",
    people.HOLDER,
    Role.RELEASING_OFFICER,
)
SECOND_COUNSEL = people.Player(
    "scripted-second-counsel", "Second Counsel (a script)", people.HOLDER, Role.COUNSEL
)
SECONDS = {player.person: player for player in (SECOND, SECOND_RELEASING, SECOND_COUNSEL)}
POSTS = ("operator", "overseer", "auditor")
PERSONS = (
    people.DISCLOSURE_OFFICER, people.RELEASING_OFFICER, people.COUNSEL, people.FRAUD_HEAD, people.OFFICERS[0],
)  # fmt: skip


SIGNERS = {people.DISCLOSURE_OFFICER: 21, people.RELEASING_OFFICER: 22, people.COUNSEL: 23}
"""Whose passkeys are enrolled, and the secrets they are made from."""


def passkey_of(secret: int) -> Passkey:
    """A passkey of ours, bound to this machine's own name."""
    return Passkey(secret, "localhost")


def asked(number: int, **changes: Any) -> dict[str, Any]:
    """A request in which nothing is wrong but for the changes."""
    address = {part: ON_RECORD[part] for part in ("number", "street", "city", "state", "zip")}
    return {
        "request_key": f"key-{number:03d}", "name": {"given": GIVEN, "surname": SURNAME}, "address": address,
        "taxable_periods": ["2024"], "criminal_statute": "18 U.S.C. 1343", "statutory_authority": "28 U.S.C. 533",
        "proceeding": {"kind": "investigation", "case_number": f"CASE-{number:03d}", "opened": "2026-01-05", "status": "open"},
        "reasons": f"Ledger {number}. {reason(number)}", "engaged_officer": people.OFFICERS[number % 2],
        "items_requested": ["address"],
    } | changes  # fmt: skip


@dataclass
class Scene:
    """The home, what was sent, and where it is served."""

    folder: Path
    url: str
    answered: str = ""
    waiting: str = ""
    rejected: str = ""
    deciding: str = ""
    releasing: str = ""
    erring: str = ""
    walking: str = ""
    unfound: str = ""
    keys: Mapping[str, Path] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def home(self) -> Path:
        return self.folder / "home"

    def command(self, *words: str) -> str:
        done = subprocess.run(
            [COMMAND, *words, "--home", str(self.home)],
            capture_output=True,
            text=True,
            check=False,
            env=self.environment,
        )
        print(done.stderr)  # shown where a test fails
        done.check_returncode()
        return done.stdout.strip()

    def link(self, login: str) -> str:
        """Make an account as an operator does, and return its one-time link."""
        if login in POSTS:
            return self.command("account", "add", login, "--post", login)
        agency = SECONDS[login].agency if login in SECONDS else people.player(login).agency
        return self.command("account", "add", login, "--person", login, "--agency", agency)

    def pages(self) -> dict[str, str]:
        """Every page of the console by name."""
        return {
            "home": "/", "submissions": "/submissions/", "answered": f"/submissions/{self.answered}/",
            "waiting": f"/submissions/{self.waiting}/", "rejected": f"/submissions/{self.rejected}/",
            "docket": f"/submissions/{self.waiting}/docket/", "request": f"/submissions/{self.waiting}/docket/1/",
            "group": f"/submissions/{self.waiting}/docket/group/0/1/", "keys": "/keys/",
            "passkey": "/keys/passkey/disclosure-officer/",
            "answers": f"/submissions/{self.answered}/answers/", "batch": f"/submissions/{self.answered}/answers/1/",
            "unanswered": f"/submissions/{self.answered}/answers/1/unanswered/", "determine": "/stops/determine/",
            "end": "/standing/end/", "revoke": "/keys/revoke/", "order": "/stops/order/", "lift": "/stops/lift/?stop=stop-1",
            "standing": "/standing/", "stops": "/stops/", "ledger": "/ledger/",
            "requests": "/requests/", "send": "/requests/send/", "sent": f"/requests/{self.answered}/",
            "determinations": f"/requests/{self.answered}/determinations/", "packages": "/packages/",
        }  # fmt: skip


@pytest.fixture(scope="session")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """Make the home, send three submissions, serve it."""
    folder = tmp_path_factory.mktemp("served")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    made = Scene(folder, f"http://localhost:{port}")
    settings = f'{rehearsal_settings()}\n[service]\nurl = "{made.url}"\nsubmission_megabytes = 2\n'
    (folder / "lawgate.toml").write_text(settings, encoding="utf-8")
    wiring.create_home(made.home, folder / "lawgate.toml")
    _fill(made)
    url = os.environ.get("LAWGATE_DATABASE_URL")
    made.environment = dict(os.environ) | (two_accounts(url) if url else {})
    log = (folder / "served.log").open("w")
    command = [COMMAND, "serve", "--rehearsal", "--listen", f"127.0.0.1:{port}", "--home", str(made.home)]
    server = subprocess.Popen(command, stdout=log, stderr=log, env=made.environment)
    try:
        _await(made.url, server)
        yield made
    finally:
        server.terminate()
        server.wait(30)
        log.close()


def _await(url: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(1500):
        if server.poll() is not None:
            raise AssertionError("the service ended at once")
        try:
            urllib.request.urlopen(url, timeout=20).close()
            return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise AssertionError("the service does not answer")


def _fill(made: Scene) -> None:
    from lawgate.store.open import close_database

    with (made.folder / "records.csv").open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, COLUMNS, restval="")
        writer.writeheader()
        writer.writerow(ON_RECORD | {"tax_year": "2024"})
    wiring.index_records(made.home, [made.folder / "records.csv"])
    gate = wiring.open_home(made.home)
    for entry in people.standing_entries():
        register.add_standing(gate, entry)
    keys = {}
    for who in (*people.CAST, *SECONDS.values()):
        keys[who.person] = made.folder / f"{who.key_name}.pem"
        identity = made.folder / f"{who.key_name}.age" if who.location else None
        public, recipient = wiring.new_person_key(keys[who.person], identity)
        register.enrol_key(gate, people.enrolled(who, public, gate.now(), recipient))
    made.answered = _answered(gate, keys)
    made.keys = keys
    for who, secret in SIGNERS.items():
        _enrol_passkey(gate, who, passkey_of(secret))
    made.waiting = pipeline.receive(gate, _sent(gate, keys, [asked(n) for n in range(10, 14)])).submission
    made.deciding = pipeline.receive(
        gate, _sent(gate, keys, [*map(asked, range(20, 32)), *_one_case(40, 52)])
    ).submission
    made.releasing, made.erring, made.walking = (
        pipeline.receive(gate, _sent(gate, keys, _one_case(first, first + 3))).submission
        for first in (60, 70, 80)
    )
    elsewhere = {**asked(0)["address"], "number": "13"}
    found, *missing = _one_case(90, 93)
    lines = [found, *({**line, "address": elsewhere} for line in missing)]
    made.unfound = pipeline.receive(gate, _sent(gate, keys, lines)).submission
    made.rejected = pipeline.receive(
        gate, {"cover.json": b"{}", "attestations.jsonl": b"", "requests.jsonl": b"x"}
    ).submission
    order = scripts.stop_body("order", "stop-1", StopScope.SUBMISSION, made.rejected, "No. 26-1", gate.now())
    stop_orders.order_stop(gate, sign("stop", order, load_key(keys[people.COURT])))
    close_database()


def _one_case(first: int, end: int) -> list[dict[str, Any]]:
    """Requests of one officer in one case."""
    case = asked(100 + first)["proceeding"]
    officer = people.OFFICERS[0]
    return [asked(n, proceeding=case, engaged_officer=officer) for n in range(first, end)]


def _enrol_passkey(gate: Gate, person: str, passkey: Passkey) -> None:
    who = people.player(person)
    key = people.enrolled(who, passkey.public.hex(), gate.now())
    register.enrol_key(gate, replace(key, relying_party=passkey.domain))


def _sent(gate: Gate, keys: Mapping[str, Path], lines: list[dict[str, Any]]) -> dict[str, bytes]:
    raw = b"".join(canonical(line) + b"\n" for line in lines)
    officers = {person: load_key(keys[person]) for person in people.OFFICERS[:2]}
    form = Form.model_validate(form_of(people.FRAUD_HEAD, "agency-head"))
    official = load_key(keys[people.FRAUD_HEAD])
    return compose(form, raw, "requests.jsonl", official, officers, gate.now(), wiring.new_nonce())


def _answered(gate: Gate, keys: Mapping[str, Path]) -> str:
    lines = [
        asked(1),
        asked(2),
        asked(3, address={"street": "Failed to Provide", "zip": "83702"}),
        asked(4, reasons=""),
    ]
    number = pipeline.receive(gate, _sent(gate, keys, lines)).submission

    def signed(kind: str, body: Any, who: str) -> bytes:
        return sign(kind, body, load_key(keys[who]))

    fit = [
        a
        for a in gate.memory.docket(number)
        if not a.checked.having(Outcome.UNMET) and not a.checked.having(Outcome.UNKNOWN)
    ]
    release = [a.checked.line.ordinal for a in fit]
    decision = scripts.decision_body(number, fit, gate.now(), release=release)
    pipeline.decide(gate, number, signed("decision", decision, people.DISCLOSURE_OFFICER))
    (batch,) = gate.memory.batches(number)
    looked = scripts.sample_body(number, 1, batch.sample, gate.now())
    for who in (people.DISCLOSURE_OFFICER, people.COUNSEL):
        pipeline.look_at_sample(gate, number, signed("sample", looked, who))
    body = scripts.authorisation_body(number, 1, batch.ordinals, gate.now())
    pipeline.authorise(gate, number, signed("authorisation", body, people.RELEASING_OFFICER))
    assert len(list(pipeline.hand_over(gate, SubmissionId(number)))) == 2
    return number


# -- people without a browser: what works here, works without JavaScript ---------------------------------------------------


@dataclass
class Reply:
    status: int
    url: str
    text: str
    headers: Any
    raw: bytes = b""


@dataclass
class Person:
    """Somebody with cookies who fills in forms."""

    scene: Scene
    login: str = ""
    secret: str = ""
    used: int = 0
    cookies: http.cookiejar.CookieJar = field(
        default_factory=lambda: http.cookiejar.CookieJar(
            http.cookiejar.DefaultCookiePolicy(secure_protocols=("http", "https"))
        )
    )

    def get(self, path: str, data: bytes | None = None, origin: str = "", kind: str = "") -> Reply:
        url = path if path.startswith("http") else self.scene.url + path
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))
        request = urllib.request.Request(
            url, data, {"Origin": origin or self.scene.url} if data is not None else {}
        )
        if kind:
            request.add_header("Content-Type", kind)
        try:
            with opener.open(request, timeout=30) as got:
                raw = got.read()
                return Reply(got.status, got.url, raw.decode(errors="replace"), got.headers, raw)
        except urllib.error.HTTPError as refused:
            with refused:
                return Reply(refused.code, refused.url, refused.read().decode(), refused.headers)

    def send(self, path: str, **fields: str) -> Reply:
        """Load a page and send its form."""
        return self.fill(self.get(path), path, **fields)

    def fill(self, shown: Reply, path: str, **fields: str) -> Reply:
        """Send the form of a page as it was shown."""
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', shown.text)
        assert token is not None
        return self.get(path, urllib.parse.urlencode({"csrfmiddlewaretoken": token[1], **fields}).encode())

    def send_files(
        self, path: str, files: Mapping[str, tuple[str, bytes]], most: int | None = None, **fields: str
    ) -> Reply:
        """Send a page's form with files as a browser does; the fields come after the files, but for the token. ``most``: so many bytes of it."""
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.get("/").text)
        assert token is not None
        body = _part("csrfmiddlewaretoken", token[1].encode())
        body += b"".join(_part(name, raw, file) for name, (file, raw) in files.items())
        body += b"".join(_part(name, said.encode()) for name, said in fields.items()) + b"--limit--\r\n"
        return self.get(path, body[:most], kind="multipart/form-data; boundary=limit")

    def upload(self, shown: Reply, path: str, name: str, raw: bytes) -> Reply:
        """Send a file with the form of a page as it was shown."""
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', shown.text)
        assert token is not None
        edge = "edge-of-a-part"
        head = f"--{edge}\r\nContent-Disposition: form-data; name="
        body = (
            f'{head}"csrfmiddlewaretoken"\r\n\r\n{token[1]}\r\n'
            f'{head}"{name}"; filename="signed.json"\r\nContent-Type: application/json\r\n\r\n'
        ).encode()
        kind = f"multipart/form-data; boundary={edge}"
        return self.get(path, body + raw + f"\r\n--{edge}--\r\n".encode(), kind=kind)

    def begin(self, login: str) -> Reply:
        """Be given an account, follow its link, choose a password, add an authenticator app."""
        return self.follow(self.scene.link(login), login)

    def follow(self, link: str, login: str) -> Reply:
        self.login = login
        self.send(link, new_password1=PASSWORD, new_password2=PASSWORD)
        app = "/account/factors/totp/activate/"
        shown = self.get(app)  # each look at the page gives another secret
        found = re.search(r"<code>([A-Z2-7]{16,})</code>", shown.text)
        assert found is not None
        self.secret = found[1]
        return self.fill(shown, app, code=self.code())

    def code(self) -> str:
        """The code that the authenticator app shows. Each works once: wait for the next if this one was used."""
        while int(time.time()) // STEP == self.used:
            time.sleep(0.5)
        self.used = int(time.time()) // STEP
        key = base64.b32decode(self.secret + "=" * (-len(self.secret) % 8))
        return TOTP(key, 6, SHA1(), STEP, enforce_key_length=False).generate(self.used * STEP).decode()


def _part(name: str, raw: bytes, file: str | None = None) -> bytes:
    said = f'Content-Disposition: form-data; name="{name}"'
    if file is not None:
        said += f'; filename="{file}"\r\nContent-Type: application/octet-stream'
    return f"--limit\r\n{said}\r\n\r\n".encode() + raw + b"\r\n"


def required(what: str) -> None:
    """Skip by name, or fail where everything is required."""
    if os.environ.get("LAWGATE_REQUIRE") == "all":
        pytest.fail(what)
    pytest.skip(what)


@pytest.fixture(scope="session")
def everybody(scene: Scene) -> dict[str, Person]:
    """Everybody, signed in with a password and an authenticator app."""
    found = {}
    for login in (*PERSONS, *POSTS):
        found[login] = Person(scene)
        found[login].begin(login)
    return found


@pytest.fixture
def stranger(scene: Scene) -> Person:
    """Somebody who has not signed in."""
    return Person(scene)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser; without it its tests are skipped by name, or fail if everything is required."""
    if CHROMIUM is None:
        required("Chromium is not there (Debian's package chromium; LAWGATE_CHROMIUM names another place)")
    return str(CHROMIUM)
