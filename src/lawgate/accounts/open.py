"""Opens the file of accounts and sessions for this process. Whoever holds the home may lay it out anew: no request depends on it."""

from __future__ import annotations

from pathlib import Path

from django.core.management import call_command
from django.db import Error

from lawgate.accounts.router import SERVICE
from lawgate.adapters.durable import exclusive
from lawgate.domain.errors import StoreError
from lawgate.store.open import touch


def open_accounts(path: Path) -> None:
    """Make the file for its owner only if it is not there, and give it the tables of this code. Call after ``django.setup()``.

    Raises StoreError if it cannot be used.
    """
    try:
        # Pages and workers may be started together; SQLite would let both begin the first step.
        with exclusive(path.with_suffix(".lock")):
            touch(path)
            call_command("migrate", database=SERVICE, verbosity=0, interactive=False)
            call_command("createcachetable", database=SERVICE, verbosity=0)
    except Error as fault:
        raise StoreError(f"the service's database cannot be opened: {type(fault).__name__}") from None
