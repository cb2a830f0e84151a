"""Where ``LAWGATE_TEST_POSTGRES`` asks for it, the tests below keep every home's memory in PostgreSQL."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

SERVER = None
DATABASES = None

# Here, and not in a hook: the conftests further down import what is exchanged.
if os.environ.get("LAWGATE_TEST_POSTGRES"):
    import lawgate.store.open as opener
    import postgres

    if "PYTEST_XDIST_WORKER" not in os.environ:
        SERVER = postgres.Server()
        os.environ[postgres.SERVER] = str(SERVER.folder)
    DATABASES = postgres.Databases(os.environ[postgres.SERVER])
    opener.open_database = DATABASES.open_database


def pytest_unconfigure() -> None:
    if SERVER is not None:
        SERVER.stop()


def pytest_runtest_setup(item: pytest.Item) -> None:
    if DATABASES is not None and item.get_closest_marker("sqlite"):
        pytest.skip("about the memory's own file, which is kept in PostgreSQL here")
    if DATABASES is None and item.get_closest_marker("postgres"):
        pytest.skip("about PostgreSQL; LAWGATE_TEST_POSTGRES=1 runs it")


@pytest.fixture(autouse=True)
def _databases_of_this_test(request: pytest.FixtureRequest) -> Iterator[None]:
    """A database goes with the test that made it: each takes some megabytes."""
    yield
    folder = request.node.funcargs.get("tmp_path")
    if DATABASES is not None and isinstance(folder, Path):
        DATABASES.drop_below(folder)
