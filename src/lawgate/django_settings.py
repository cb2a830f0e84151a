"""Django's settings for the relational memory alone: one SQLite file, durable commits, no web parts and no secrets.

``LAWGATE_DB_PATH`` names the file for tools that start by themselves (migrations, type checking); without it they work on an empty
database in memory. ``lawgate.store.open.open_database`` points a running gateway at its own file.
"""

from __future__ import annotations

import os

INSTALLED_APPS = ["lawgate.store"]

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": os.environ.get("LAWGATE_DB_PATH", ":memory:"),
        "OPTIONS": {
            # A writer takes its lock when it begins, so that what it reads is still true when it writes.
            "transaction_mode": "IMMEDIATE",
            "timeout": 60,
            # FULL: a commit that returned is on the disk. A power cut after it loses nothing of it.
            "init_command": (
                "PRAGMA busy_timeout=60000; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON"
            ),
        },
    }
}

USE_TZ = True
TIME_ZONE = "UTC"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
