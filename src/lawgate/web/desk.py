"""The one open gate of this process."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from lawgate.gate import Gate
from lawgate.service import REHEARSAL, open_service


def gate() -> Gate:
    """Return the open gate; it is opened again once another process has begun the next year's log."""
    if _opened().superseded():
        _opened.cache_clear()
    return _opened()


@cache
def _opened() -> Gate:
    return open_service(Path(os.environ["LAWGATE_HOME"]), rehearsal=os.environ.get(REHEARSAL) == "1")
