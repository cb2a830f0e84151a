"""Django's settings for the relational memory alone: no web parts and no secrets.

``LAWGATE_DB_PATH`` names the file for tools that start by themselves (migrations, type checking); without it they work on an empty
database in memory. ``lawgate.store.open.open_database`` points a running gateway at its own database.
"""

from __future__ import annotations

import os

INSTALLED_APPS = ["lawgate.store"]

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": os.environ.get("LAWGATE_DB_PATH", ":memory:"),
    }
}

USE_TZ = True
TIME_ZONE = "UTC"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
