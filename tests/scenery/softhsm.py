"""A PKCS #11 token of the tests' own: SoftHSM, as Debian has it, with everything it keeps in one folder."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from lawgate.adapters.pkcs11_token import Token

MODULES = (
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/local/lib/softhsm/libsofthsm2.so",
)
CONF = "SOFTHSM2_CONF"
LABEL = "lawgate test"
PIN = "4711-0815"


class SoftToken:
    """One token; ``environment`` is what a process needs to see it. A process sees the tokens of its first such setting only."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.kept = folder / "tokens"
        self.kept.mkdir(parents=True)
        self.conf = folder / "softhsm2.conf"
        self.conf.write_text(
            f"directories.tokendir = {self.kept}\nobjectstore.backend = file\nlog.level = ERROR\n"
        )
        self.pin_file = folder / "pin"
        self.set_pin_file(PIN)
        self.module = next(path for path in MODULES if Path(path).exists())
        subprocess.run(
            ["softhsm2-util", "--init-token", "--free", "--label", LABEL, "--pin", PIN, "--so-pin", "87654321"],
            env=self.environment, check=True, capture_output=True,
        )  # fmt: skip

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, CONF: str(self.conf)}

    @property
    def settings(self) -> str:
        return f'\n[keys]\nmodule = "{self.module}"\ntoken = "{LABEL}"\npin_file = "{self.pin_file}"\n'

    def set_pin_file(self, pin: str) -> None:
        self.pin_file.write_text(pin + "\n")
        self.pin_file.chmod(0o600)

    def open(self) -> Token:
        return Token(Path(self.module), LABEL, self.pin_file)


def soft_token(folder: Path) -> SoftToken:
    """Make a token, or skip by name; where everything is required, fail."""
    if shutil.which("softhsm2-util") is None or not any(Path(path).exists() for path in MODULES):
        if os.environ.get("LAWGATE_REQUIRE") == "all":
            pytest.fail("SoftHSM is not installed (Debian: softhsm2)")
        pytest.skip("SoftHSM is not installed (Debian: softhsm2)")
    return SoftToken(folder)


_here: list[SoftToken] = []


def token_of_this_process(factory: pytest.TempPathFactory) -> SoftToken:
    """The one token that this process of the tests sees."""
    if not _here:
        _here.append(soft_token(factory.mktemp("softhsm")))
        os.environ[CONF] = str(_here[0].conf)
    return _here[0]
