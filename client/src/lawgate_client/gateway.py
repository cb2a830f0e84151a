"""What a requesting agency does with a gateway, call by call."""

from __future__ import annotations

import io
import json
import re
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, Any

from lawgate_client.call import Caller

API = "/api/v1"
IN_MEMORY = 16 << 20
AT_ONCE = 100
PACKAGE = re.compile(r"[0-9]{6,}-[0-9A-Za-z_-]+")
FILE = re.compile(r"[a-z][a-z.-]*")


class Gateway:
    """One gateway, called with one key: a requesting official's or an engaged officer's in its register, or a machine's of their account."""

    def __init__(self, caller: Caller) -> None:
        self.caller = caller

    def validate(self, submission: Path) -> dict[str, Any]:
        """Say what the gateway would find wrong with a submission (a folder or a zip file), without sending it in."""
        return self._send("/validations", submission, {})

    def submit(self, submission: Path, idempotency_key: str = "", follows: str = "") -> dict[str, Any]:
        """Send a submission in, and return where it stands. Sending the same again changes nothing. ``follows`` names the one it corrects."""
        headers = {"Idempotency-Key": idempotency_key} if idempotency_key else {}
        return self._send("/submissions" + (f"?follows={follows}" if follows else ""), submission, headers)

    def withdraw(self, number: str) -> dict[str, Any]:
        """Take a submission back that is not received yet."""
        said: dict[str, Any] = self.caller.call("POST", f"{API}/submissions/{number}/withdrawal").json()
        return said

    def status(self, number: str) -> dict[str, Any]:
        """Say where a submission stands."""
        said: dict[str, Any] = self.caller.call("GET", f"{API}/submissions/{number}").json()
        return said

    def wait(
        self,
        number: str,
        done: Callable[[dict[str, Any]], bool] = lambda status: bool(status["settled"]),
        seconds: float = 3600,
        sleep: Callable[[float], None] = time.sleep,
    ) -> dict[str, Any]:
        """Ask again, as often as the gateway says, until ``done`` says so of the status. Raises TimeoutError after so many ``seconds``."""
        tag, waited = "", 0.0
        status: dict[str, Any] = {}
        while True:
            reply = self.caller.call(
                "GET", f"{API}/submissions/{number}", headers={"If-None-Match": tag} if tag else {}
            )
            if reply.status != 304:
                status, tag = reply.json(), reply.headers.get("ETag") or ""
                if done(status):
                    return status
            pause = float(reply.headers.get("Retry-After") or 60)
            if waited + pause > seconds:
                raise TimeoutError("the submission is not settled yet")
            sleep(pause)
            waited += pause

    def determinations(self, number: str) -> Iterator[dict[str, Any]]:
        """Give every line's determination, in order."""
        path = f"{API}/submissions/{number}/determinations?limit=1000"
        yield from self._pages(path, "lines")

    def packages(self) -> dict[str, Any]:
        """Say what is sealed to the caller, an engaged officer, and what the officer owes."""
        said: dict[str, Any] = self.caller.call("GET", f"{API}/packages").json()
        return said

    def collect(self, number: str, out: Path) -> tuple[list[Path], dict[str, int]]:
        """Collect what of a submission may leave now into folders below ``out``, one for each answer, to be opened by `lawgate-verify package`.

        A package that is there already is left as it is. Returns the folders, and how many answers are kept back, by code.
        """
        content = self.caller.call("POST", f"{API}/packages/{number}").content
        folders: dict[str, Path] = {}
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                folder, _, file = name.partition("/")
                if PACKAGE.fullmatch(folder) and FILE.fullmatch(file):
                    folders[folder] = out / folder
            for folder, target in folders.items():
                if not target.is_dir():
                    _written(archive, folder, target)
            kept_back: dict[str, int] = json.loads(archive.read("kept-back.json"))
        return list(folders.values()), kept_back

    def enter(self, documents: Iterable[Path]) -> dict[str, int]:
        """Send acknowledgements, certificates of destruction and statements that the officer's tool wrote; all of them, some hundred at a time."""
        entered = {"acknowledgements": 0, "certificates": 0, "statements": 0}
        waiting = [path.read_text(encoding="utf-8") for path in documents]
        for start in range(0, len(waiting), AT_ONCE):
            content = json.dumps({"documents": waiting[start : start + AT_ONCE]}).encode()
            said = self.caller.call(
                "POST", f"{API}/documents", content, {"Content-Type": "application/json"}
            ).json()
            entered = {kind: entered[kind] + said[kind] for kind in entered}
        return entered

    def _pages(self, path: str, name: str) -> Iterator[dict[str, Any]]:
        cursor = ""
        while True:
            page = self.caller.call("GET", path + (f"&cursor={cursor}" if cursor else "")).json()
            yield from page[name]
            cursor = page.get("next") or ""
            if not cursor:
                return

    def _send(self, path: str, submission: Path, headers: dict[str, str]) -> dict[str, Any]:
        with _zipped(submission) as file:
            reply = self.caller.call("POST", API + path, file, {"Content-Type": "application/zip", **headers})
        said: dict[str, Any] = reply.json()
        return said


def _zipped(submission: Path) -> IO[bytes]:
    """Open a zip file, or make one of a folder. The same folder gives the same bytes."""
    if submission.is_file():
        return submission.open("rb")
    file = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(submission.iterdir()):
            entry = zipfile.ZipInfo(path.name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            with path.open("rb") as source, archive.open(entry, "w", force_zip64=True) as target:
                while piece := source.read(1 << 20):
                    target.write(piece)
    file.seek(0)
    return file


def _written(archive: zipfile.ZipFile, folder: str, target: Path) -> None:
    """Write one package; it appears under its name complete or not at all."""
    partial = Path(tempfile.mkdtemp(prefix=".package-", dir=target.parent))
    for name in archive.namelist():
        inside, _, file = name.partition("/")
        if inside == folder and FILE.fullmatch(file):
            (partial / file).write_bytes(archive.read(name))
    partial.rename(target)
