"""The one open gate of this process."""

from __future__ import annotations

from lawgate.gate import Gate
from lawgate.service import current_gate


def gate() -> Gate:
    """Return the open gate; it is opened again once another process has begun the next year's log."""
    return current_gate()
