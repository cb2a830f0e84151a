"""Shared fixtures: an honest log with its packages, and the third-party vectors."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from honest_log import House, honest_house

from lawgate_verifier.officer import Officer, read_officer
from lawgate_verifier.policy import Policy, parse_policy

PROJECT = Path(__file__).parents[2]


def require(present: bool, what: str) -> None:
    """Skip a test naming what it lacks, or fail where everything is demanded."""
    if not present:
        if os.environ.get("LAWGATE_REQUIRE") == "all":
            pytest.fail(f"missing: {what}")
        pytest.skip(f"missing: {what}")


@pytest.fixture(scope="session")
def vectors() -> Path:
    folder = Path(os.environ.get("LAWGATE_VECTORS", PROJECT.parent / "shared" / "vectors"))
    require(folder.is_dir(), "the third-party vectors (LAWGATE_VECTORS)")
    return folder


@pytest.fixture(scope="session")
def openssl() -> str:
    found = shutil.which("openssl")
    require(found is not None, "openssl")
    return str(found)


@pytest.fixture(scope="session")
def house() -> House:
    """An honest house; tests must not change it."""
    return honest_house()


@pytest.fixture
def own_house() -> House:
    """An honest house that a test may spoil."""
    return honest_house()


@pytest.fixture(scope="session")
def policy(house: House) -> Policy:
    return parse_policy(house.policy())


@pytest.fixture(scope="session")
def officer(house: House) -> Officer:
    return read_officer(house.identity_file(), house.officer_pem())
