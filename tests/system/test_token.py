"""A home whose wrapping key is in a PKCS #11 token: a submission's whole life, an erasure, a rotation, and a token that is away."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import softhsm
from lawgate import wiring
from lawgate.domain.errors import KeyStoreError, StoreError
from lawgate.rehearsal.stage import rehearsal_settings

LAWGATE = Path(sys.executable).with_name("lawgate")
SECONDS = 60


@pytest.fixture
def token(tmp_path_factory: pytest.TempPathFactory) -> softhsm.SoftToken:
    return softhsm.token_of_this_process(tmp_path_factory)


@pytest.fixture
def kept_in_it(house: Any, token: softhsm.SoftToken) -> Any:
    """The prepared home, its keys moved into the token."""
    settings = house.home / wiring.SETTINGS_FILE
    settings.write_text(settings.read_text() + token.settings)
    assert wiring.rotate_keys(house.home) >= 1
    wiring.require_wrapping_key(house.home)
    # Whoever opened the home before knows no token: such a process ends, and is started again.
    house.gate = replace(wiring.open_home(house.home, house.clock), open_records=lambda: house.engine)
    return house


def test_a_submission_lives_its_whole_life(kept_in_it: Any) -> None:
    house = kept_in_it
    submission = house.logged(*house.many())
    packages = house.packages(submission)
    assert len(packages) == 6
    for package in packages:
        assert house.read(package)["v"] == 1
    assert (house.home / "keys" / "vault").read_text().startswith("token lawgate-")
    assert sorted(path.name for path in (house.home / "keys").iterdir()) == ["log.pem", "vault"]


def test_erasing_still_destroys_and_rotation_reaches_the_backups(kept_in_it: Any) -> None:
    house = kept_in_it
    gone, kept = house.logged(*house.many()[:3]), house.logged(*house.many()[3:])
    file = house.home / "vault" / f"{gone}.key"
    backup = file.read_bytes()
    house.packages(gone)
    house.gate.memory.erase(gone)
    with pytest.raises(StoreError):
        house.gate.memory.received(gone)
    wiring.rotate_keys(house.home)
    file.write_bytes(backup)
    with pytest.raises(StoreError):
        house.gate.memory.received(gone)
    assert len(house.packages(kept)) == 3


def test_a_forked_process_logs_in_for_itself(kept_in_it: Any) -> None:
    secret = wiring.home_secret(kept_in_it.home, "fingerprint")
    child = os.fork()
    if not child:
        os._exit(0 if wiring.home_secret(kept_in_it.home, "fingerprint") == secret else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert wiring.home_secret(kept_in_it.home, "fingerprint") == secret


def lawgate(token: softhsm.SoftToken, *words: object) -> tuple[int, str]:
    done = subprocess.run(
        [str(LAWGATE), *map(str, words)],
        env=token.environment, capture_output=True, text=True, timeout=SECONDS, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


@pytest.mark.sqlite
def test_while_the_token_is_away_or_refuses_everything_waits_and_nothing_is_lost(tmp_path: Path) -> None:
    token = softhsm.soft_token(tmp_path / "softhsm")
    settings = tmp_path / "lawgate.toml"
    settings.write_text(rehearsal_settings() + token.settings)
    home = tmp_path / "home"
    assert lawgate(token, "init", "--settings", settings, "--home", home)[0] == 0
    works = ("vault", "rotate", "--home", home)
    assert lawgate(token, *works)[0] == 0

    token.set_pin_file("wrong-pin")
    code, said = lawgate(token, *works)
    assert (code, "refuses the PIN" in said) == (75, True)
    token.set_pin_file(softhsm.PIN)
    token.pin_file.chmod(0o640)
    code, said = lawgate(token, *works)
    assert (code, "0600" in said) == (2, True)
    token.pin_file.chmod(0o600)

    token.kept.rename(tmp_path / "away")
    token.kept.mkdir()
    code, said = lawgate(token, *works)
    assert (code, "cannot be used" in said) == (75, True)
    token.kept.rmdir()
    (tmp_path / "away").rename(token.kept)
    assert lawgate(token, *works)[0] == 0
    assert softhsm.PIN not in said


def test_who_takes_a_missing_key_for_an_erased_one_does_not_take_a_missing_token_for_it() -> None:
    assert not issubclass(KeyStoreError, StoreError)
    assert KeyStoreError.exit_code == 75
