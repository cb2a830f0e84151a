"""What the parts of a home are called."""

from __future__ import annotations

from pathlib import Path

SETTINGS_FILE = "lawgate.toml"
DATABASE = "lawgate.sqlite3"
DATABASE_URL = "LAWGATE_DATABASE_URL"
"""Names a database of PostgreSQL's that keeps the home's memory instead. In the environment, because it may hold a password."""
TERMS_FILE = "terms.txt"
SUBJECTS = "subjects"
WRAPPING = Path("keys") / "vault"
SUBJECTS_WRAPPING = Path(SUBJECTS) / "wrapping-key"
RECORDS = Path("records") / "index"
LOCK = "lock"
RECEIVING = "receiving"
SEALER = "sealer"
ORIGINALS = "originals"
