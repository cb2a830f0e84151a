"""Sets the stage: a home that allows scripts, records in its index, the cast registered with keys that say ``demo``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lawgate import register, wiring
from lawgate.adapters.key_files import load_key
from lawgate.gate import Gate
from lawgate.rehearsal import people
from lawgate.rehearsal.people import CAST, Player
from lawgate.settings import EXAMPLE

ORIGIN = "demo.gateway.example/disclosures"


@dataclass(frozen=True, slots=True)
class Stage:
    """An open home of the rehearsal and where everybody's keys lie. ``keys`` and ``identities`` are by person."""

    folder: Path
    home: Path
    gate: Gate
    keys: Mapping[str, Path]
    identities: Mapping[str, Path]

    def key(self, person: str) -> Ed25519PrivateKey:
        """Load somebody's signing key."""
        return load_key(self.keys[person])


def set_stage(folder: Path, records: Path) -> Stage:
    """Make a home below ``folder`` (which is new and empty), index the records, enrol the cast."""
    settings = folder / "lawgate.toml"
    settings.write_text(rehearsal_settings(), encoding="utf-8")
    home = folder / "home"
    wiring.create_home(home, settings)
    wiring.index_records(home, [records])
    gate = wiring.open_home(home)
    for entry in people.standing_entries():
        register.add_standing(gate, entry)
    keys, identities = _enrol_cast(gate, folder / "demo-keys")
    return Stage(folder, home, gate, keys, identities)


def rehearsal_settings() -> str:
    """Return the example settings with another origin and holder, and with scripts allowed, which no real home does."""
    text = EXAMPLE.replace("gateway.example/disclosures", ORIGIN)
    text = text.replace('"revenue-records"', f'"{people.HOLDER}"')
    return text.replace("scripted_people = false", "scripted_people = true")


def _enrol_cast(gate: Gate, folder: Path) -> tuple[dict[str, Path], dict[str, Path]]:
    folder.mkdir(mode=0o700)
    keys: dict[str, Path] = {}
    identities: dict[str, Path] = {}
    for who in CAST:
        keys[who.person] = folder / f"{who.key_name}.pem"
        identity = folder / f"{who.key_name}.age" if who.location else None
        _enrol(gate, who, keys[who.person], identity)
        if identity is not None:
            identities[who.person] = identity
    return keys, identities


def _enrol(gate: Gate, who: Player, key: Path, identity: Path | None) -> None:
    public, recipient = wiring.new_person_key(key, identity)
    register.enrol_key(gate, people.enrolled(who, public, gate.now(), recipient))
