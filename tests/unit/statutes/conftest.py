"""The base request of the worked cases, as a complete situation."""

from __future__ import annotations

from pathlib import Path

import pytest

from lawgate.statutes.cases import Case, read_cases
from lawgate.statutes.check import Prepared, prepare_cover
from lawgate.statutes.packs import usc26_6103_i_2

CASES = Path(str(usc26_6103_i_2.__file__)).with_name("cases.toml")


@pytest.fixture(scope="session")
def base() -> Case:
    """A request in good order."""
    return read_cases(CASES.read_text(encoding="utf-8"))[0]


@pytest.fixture(scope="session")
def all_cases() -> tuple[Case, ...]:
    return read_cases(CASES.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def prepared(base: Case) -> Prepared:
    return prepare_cover(usc26_6103_i_2.PACK, base.cover, base.received_at, base.standing, base.now)
