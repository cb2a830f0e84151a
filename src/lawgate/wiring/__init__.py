"""Settings → adapters → gate: the only composition root. It owns the clock and randomness, and loads Django where a home needs it.

Others import from here, not from its parts.
"""

from __future__ import annotations

from lawgate.wiring.begin import create_home
from lawgate.wiring.files import (
    DATABASE,
    DATABASE_URL,
    LOCK,
    ORIGINALS,
    RECORDS,
    SEALER,
    SETTINGS_FILE,
    SUBJECTS,
)
from lawgate.wiring.home import open_home, require_sealer, system_clock, try_sealer
from lawgate.wiring.keys import home_secret, new_nonce, new_person_key, require_wrapping_key, rotate_keys
from lawgate.wiring.packs import GROUNDS, PACKS, ground_named, pack_named, prove_pack
from lawgate.wiring.records import index_records, records_apart, records_info, update_records
from lawgate.wiring.replay import replay_past
from lawgate.wiring.spread import Watch, unwatched
from lawgate.wiring.store import database_rights

__all__ = [
    "DATABASE",
    "DATABASE_URL",
    "GROUNDS",
    "LOCK",
    "ORIGINALS",
    "PACKS",
    "RECORDS",
    "SEALER",
    "SETTINGS_FILE",
    "SUBJECTS",
    "Watch",
    "create_home",
    "database_rights",
    "ground_named",
    "home_secret",
    "index_records",
    "new_nonce",
    "new_person_key",
    "open_home",
    "pack_named",
    "prove_pack",
    "records_apart",
    "records_info",
    "replay_past",
    "require_sealer",
    "require_wrapping_key",
    "rotate_keys",
    "system_clock",
    "try_sealer",
    "unwatched",
    "update_records",
]
