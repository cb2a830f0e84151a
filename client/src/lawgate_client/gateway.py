"""What a requesting agency does with a gateway, call by call."""

from __future__ import annotations

import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

from lawgate_client.call import Caller

API = "/api/v1"
IN_MEMORY = 16 << 20


class Gateway:
    """One gateway, called with one key: a requesting official's or an engaged officer's in its register, or a machine's of their account."""

    def __init__(self, caller: Caller) -> None:
        self.caller = caller

    def validate(self, submission: Path) -> dict[str, Any]:
        """Say what the gateway would find wrong with a submission (a folder or a zip file), without sending it in."""
        return self._send("/validations", submission, {})

    def submit(self, submission: Path, idempotency_key: str = "") -> dict[str, Any]:
        """Send a submission in, and return where it stands. Sending the same again changes nothing."""
        headers = {"Idempotency-Key": idempotency_key} if idempotency_key else {}
        return self._send("/submissions", submission, headers)

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
