"""The command line, run as a person types it: in this process for speed, and through the console script where that matters."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from lawgate.cli.frame import run
from lawgate.cli.main import app

SCRIPTS = Path(sys.executable).parent


@dataclass(frozen=True)
class Said:
    """How a command ended, and what it wrote where."""

    words: tuple[str, ...]
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def typed_here(folder: Path, environment: Mapping[str, str], words: Sequence[object]) -> Said:
    """Run ``lawgate`` in this process, in a folder and with an environment of its own."""
    out, err, before = io.StringIO(), io.StringIO(), Path.cwd()
    typed = [str(word) for word in words]
    os.chdir(folder)
    try:
        with (
            patch.dict(os.environ, environment),
            patch.object(sys, "argv", ["lawgate", *typed]),
            redirect_stdout(out),
            redirect_stderr(err),
        ):
            code = run(app)
    finally:
        os.chdir(before)
    return Said(tuple(typed), code, out.getvalue(), err.getvalue())


def typed_there(
    folder: Path, environment: Mapping[str, str], words: Sequence[object], program: str = "lawgate"
) -> Said:
    """Run a console script as a process of its own."""
    typed = [str(word) for word in words]
    done = subprocess.run(
        [str(SCRIPTS / program), *typed], cwd=folder, env={**os.environ, **environment},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return Said((program, *typed), done.returncode, done.stdout, done.stderr)


Typed = Callable[[Path, Mapping[str, str], Sequence[object]], Said]

RECORDS = """\
record_id,given,middle,surname,suffix,birth_date,taxpayer_number,number,street,unit,box,city,state,zip,country,tax_year,source,form,bars
R1,Zebulon,,Quillfeather,,1961-05-17,900016103,12,Marzipan Row,,,Boise,ID,83702,US,2023,taxpayer,1040,
R2,Ottoline,,Brackenthorpe,,1970-01-02,900026103,48,Gingerbread Ln,,,Tucson,AZ,85701,US,2022,taxpayer,1040,
R2,Ottoline,,Brackenthorpe,,1970-01-02,900026103,7,Saffron Ct,,,Eugene,OR,97401,US,2023,taxpayer,1040,
"""

LINES = """\
request_key,name.given,SURNAME,address.number,address.street,address.city,address.state,address.zip,taxable_periods,criminal_statute,proceeding.kind,proceeding.case_number,proceeding.opened,proceeding.status,statutory_authority,reasons,engaged_officer,items_requested
K-1,Zebulon,Quillfeather,12,Marzipan Row,Boise,ID,83702,2022;2023,18 U.S.C. 1343,investigation,C-1,2026-01-05,open,28 U.S.C. 533,Invoices for a hospital that was never built were paid to this person.,p-officer,address
K-2,Ottoline,Brackenthorpe,48,Gingerbread Ln,Tucson,AZ,85701,2022;2023,18 U.S.C. 1343,investigation,C-2,2026-01-06,open,28 U.S.C. 533,The auction log shows one truck sold by this seller to four buyers.,p-officer,address
K-3,Cosimo,Vandersnickle,,Failed to Provide,,,85701,2022;2023,18 U.S.C. 1343,investigation,C-3,2026-01-07,open,28 U.S.C. 533,Refund cheques taken from the mail room carry this signature on the back.,p-officer,address
"""

REGISTER = """\
[[agency]]
id = "fraud-service"
name = "Fraud Service (fictional)"
justice = false
since = 2025-01-01

[[office]]
agency = "fraud-service"
office = "agency-head"
person = "p-head"
name = "Head of the Fraud Service"
since = 2025-01-01

[[agreement]]
id = "agreement-1"
agency = "fraud-service"
pack = "usc26-6103-i-2"
max_lines = 100
since = 2025-01-01

[[safeguard]]
agency = "fraud-service"
status = "accepted"
reference = "review-1"
since = 2025-01-01
"""

FORM = """\
agency = "fraud-service"
office = "agency-head"
holder = "p-head"
delegation = ""
pack = "usc26-6103-i-2"
agreement = "agreement-1"
certification = "Solely for the investigation stated in each line, by the officers named there."

[columns]
"name.surname" = "SURNAME"
"""

PEOPLE = {
    "head": ("p-head", "fraud-service", "requesting-official"),
    "officer": ("p-officer", "fraud-service", "engaged-officer"),
    "disclosure": ("p-disclosure", "revenue-records", "disclosure-officer"),
    "releasing": ("p-releasing", "revenue-records", "releasing-officer"),
    "counsel": ("p-counsel", "revenue-records", "counsel"),
    "court": ("p-court", "court", "court"),
}


@dataclass
class Desk:
    """A folder in which somebody types; every command is kept with what it said."""

    folder: Path
    typed: Typed = typed_here
    home: str = "lawgate-home"
    said: dict[str, Said] = field(default_factory=dict)

    def __call__(self, *words: object, name: str = "", code: int | None = 0) -> Said:
        said = self.typed(self.folder, {"LAWGATE_HOME": self.home}, words)
        if code is not None:
            assert said.code == code, said
        self.said[name or " ".join(map(str, words[:2]))] = said
        return said

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    def make_home(self) -> None:
        """A home as docs/operations.md makes it: real settings, no script anywhere."""
        self.write("lawgate.toml", self("init", "--example").out)
        self("init", "--settings", "lawgate.toml")
        self.write("records.csv", RECORDS)
        self("records", "index", "records.csv")

    def register_people(self) -> None:
        self.write("register.toml", REGISTER)
        self("standing", "add", "register.toml")
        for who, (person, agency, role) in PEOPLE.items():
            receive = ("--receive", f"{who}.age") if role == "engaged-officer" else ()
            made = self("key", "new", f"{who}.pem", *receive, name=f"key new {who}")
            values = dict(line.split(" = ") for line in made.out.splitlines())
            place = (
                ("--recipient", values["recipient"], "--custodian", "Custodian 1", "--location", "Room 1")
                if receive
                else ()
            )
            self(
                "key", "enrol", "--public", values["public"], "--person", person, "--agency", agency, "--role", role, *place,
                name=f"key enrol {who}",
            )  # fmt: skip

    def compose(self, folder: str = "folder", lines: str = LINES) -> None:
        self.write("lines.csv", lines)
        self.write("form.toml", FORM)
        self(
            "submission", "new", "lines.csv", "--form", "form.toml", "--key", "head.pem",
            "--officer-key", "p-officer=officer.pem", "--out", folder,
        )  # fmt: skip

    def receive(self, folder: str = "folder", code: int = 3) -> str:
        return str(self("submission", "receive", folder, "--json", code=code).json["submission"])

    def decisions(self, number: str, name: str = "decisions.json", **more: Any) -> None:
        """Answer every question of the docket with yes, as an officer's own tool would write it."""
        docket = self("review", "list", number, "--json").json[number]
        lines = [
            {
                "ordinal": entry["ordinal"], "verdict": "approve", "release_hold": bool(entry["holds"]),
                "answers": {a["rule"]: {"met": True, "reason": "Read the file."} for a in entry["asks"]}, **more,
            }
            for entry in docket
        ]  # fmt: skip
        self.write(name, json.dumps(lines))

    def decide(self, number: str, code: int = 0) -> Said:
        self.decisions(number)
        return self(
            "review",
            "decide",
            number,
            "--decisions",
            "decisions.json",
            "--key",
            "disclosure.pem",
            "--json",
            code=code,
        )

    def look(self, number: str) -> None:
        self("answer", "sample", number, "--batch", 1, name="answer sample, shown")
        for who in ("disclosure", "counsel"):
            self(
                "answer", "sample", number, "--batch", 1, "--key", f"{who}.pem", name=f"answer sample, {who}"
            )

    def authorise(self, number: str, count: int = 2, code: int = 0) -> Said:
        return self(
            "answer", "authorise", number, "--batch", 1, "--count", count, "--key", "releasing.pem", "--json", code=code,
        )  # fmt: skip

    def ready(self) -> str:
        """A home with everybody registered and one submission received; returns its number."""
        self.make_home()
        self.register_people()
        self.compose()
        return self.receive()


def close() -> None:
    from lawgate.store.open import close_database

    close_database()


@pytest.fixture(scope="session")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A desk as it is after one submission was received."""
    desk = Desk(tmp_path_factory.mktemp("stocked"))
    number = desk.ready()
    close()
    return desk.folder, number


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """An empty desk."""
    yield Desk(tmp_path)
    close()


@pytest.fixture
def busy(stocked: tuple[Path, str], tmp_path: Path) -> Iterator[tuple[Desk, str]]:
    """A desk of its own with one submission received, and that submission's number."""
    import shutil

    shutil.copytree(stocked[0], tmp_path / "desk")
    yield Desk(tmp_path / "desk"), stocked[1]
    close()


@pytest.fixture
def script() -> Typed:
    """The console script ``lawgate``, as a process."""
    return typed_there


class DesksIn:
    """Makes a desk in a folder, for fixtures that live longer than a test."""

    def __call__(self, folder: Path) -> Desk:
        return Desk(folder)

    def close(self) -> None:
        close()


@pytest.fixture(scope="session")
def desk_in() -> DesksIn:
    return DesksIn()


@pytest.fixture(scope="session")
def verifier() -> Callable[..., Callable[..., Said]]:
    """``lawgate-verify``, another program, always as a process of its own."""

    def at(folder: Path, kept: dict[str, Said] | None = None) -> Callable[..., Said]:
        def verify(*words: object, code: int = 0) -> Said:
            said = typed_there(folder, {}, words, "lawgate-verify")
            assert said.code == code, said
            if kept is not None:
                kept[" ".join(said.words[:3])] = said
            return said

        return verify

    return at
