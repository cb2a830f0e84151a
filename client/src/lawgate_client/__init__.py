"""A thin client of a Lawgate gateway's API: submit, wait, read determinations, collect, acknowledge."""

from __future__ import annotations

from lawgate_client.call import Caller, RefusedError, Reply
from lawgate_client.gateway import Gateway

__all__ = ["Caller", "Gateway", "RefusedError", "Reply"]
