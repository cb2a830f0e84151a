"""Opens the memory: Django is loaded here, where a home needs it."""

from __future__ import annotations

import os
from pathlib import Path

from lawgate.adapters.key_store import KeyVault
from lawgate.domain.kept import Memory
from lawgate.wiring.files import DATABASE, DATABASE_URL


def memory_under(vault: KeyVault) -> Memory:
    """Return the memory, its personal parts sealed under a vault. The store must be open."""
    from lawgate.store.memory import memory_on  # Django's models can be imported only after its set-up

    return memory_on(vault)


def database_rights(writer: str, reader: str) -> str:
    """Write the statements of PostgreSQL's that give two accounts their rights in a home's database. Raises SettingsError for a name that is none."""
    _set_up_django()
    from lawgate.store.rights import rights

    return rights(writer, reader)


def _set_up_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lawgate.django_settings")
    import django  # loaded only when the memory's tables are needed

    django.setup()


def open_store(home: Path, *, create: bool) -> None:
    """Open the database of a home for this process, and make its tables if asked. Raises StoreError."""
    _set_up_django()
    from lawgate.store.open import open_database

    open_database(home / DATABASE, create=create, url=os.environ.get(DATABASE_URL))


def close_store() -> None:
    """Close this process's connections to the database."""
    from lawgate.store.open import close_database

    close_database()
