"""What somebody without a browser does on the pages that decide: fill in the form as it was shown, and sign what the page prepared."""

from __future__ import annotations

import base64
import re
import subprocess
import sys
import urllib.parse
from pathlib import Path
from typing import Any

from invented.passkey import Passkey


def answers(shown: str, met: str = "yes", verdict: str = "approve") -> dict[str, str]:
    """Fill in the form of answers as it was shown."""
    found = dict.fromkeys(re.findall(r'name="(met-[^"]+)"', shown), met)
    found |= dict.fromkeys(re.findall(r'name="(reason-[^"]+)"', shown), "Looked at in a test.")
    (lines,) = re.findall(r'name="lines" value="([^"]*)"', shown)
    return {**found, "lines": lines, "verdict": verdict, "release_hold": "yes"}


def prepared(person: Any, path: str, **changes: str) -> Any:
    """Look at waiting lines, answer, and come to the page that signs."""
    shown = person.get(path)
    reply = person.fill(shown, path, **{**answers(shown.text), **changes})
    assert "/signing/" in reply.url, re.findall(r"role=\"alert\">([^<]+)", reply.text)
    return reply


def assertion(page: Any, passkey: Passkey, origin: str, **how: Any) -> dict[str, str]:
    """What a browser would send for the page's challenge."""
    (text,) = re.findall(r'data-challenge="([^"]+)"', page.text)
    challenge = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    made = passkey.answer(challenge, origin=origin, **how)
    names = ("authenticator_data", "client_data", "signature")
    return {name: base64.b64encode(part).decode() for name, part in zip(names, made, strict=True)}


def path_of(page: Any) -> str:
    return urllib.parse.urlsplit(page.url).path


def signed(person: Any, page: Any, passkey: Passkey, **how: Any) -> Any:
    return person.fill(page, path_of(page), **assertion(page, passkey, person.scene.url, **how))


def sign_in_a_file(document: Any, key: Any, out: Any) -> None:
    """Sign a document that was taken from a page with the command, as its person does at another machine."""
    lawgate = Path(sys.executable).parent / "lawgate"
    command = [lawgate, "key", "sign", document, "--key", key, "--out", out, "--yes"]
    subprocess.run(command, check=True, capture_output=True)
