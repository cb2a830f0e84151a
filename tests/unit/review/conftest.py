from __future__ import annotations

import pytest

from invented.decided import World


@pytest.fixture
def world() -> World:
    return World()
