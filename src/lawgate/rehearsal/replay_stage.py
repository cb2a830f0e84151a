"""The reconstruction's homes: one with the example settings as they are, one with guard's limits raised; both with the same cast."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lawgate import register, wiring
from lawgate.adapters.key_files import load_key
from lawgate.domain.kept import StandingEntry
from lawgate.domain.standing import Agency, Agreement, OfficeHolder, Role, Safeguard, SafeguardStatus
from lawgate.domain.steps import Json
from lawgate.gate import Gate
from lawgate.rehearsal.exchange_officers import Officer
from lawgate.rehearsal.people import (
    COUNSEL,
    DISCLOSURE_OFFICER,
    HOLDER,
    PACK,
    RELEASING_OFFICER,
    SINCE,
    Player,
    enrolled,
    player,
)
from lawgate.rehearsal.submissions import USE
from lawgate.settings import EXAMPLE

AGENCY = "federal-requesting-service"
HEAD = "simulated-head-of-requesting-service"
AGREEMENT = f"agreement-{AGENCY}"
EXAMPLE_AGREEMENT, RAISED = 1000, 100_000_000
"""Lines that the agreement allows in one submission: in the rehearsal's usual agreement, and where limits are raised."""
ORIGIN = "replay.gateway.example/disclosures"
SAMPLERS = (DISCLOSURE_OFFICER, COUNSEL)


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody who signs: the requester's head and the holder's three people by key, and the simulated officers."""

    keys: Mapping[str, Ed25519PrivateKey]
    officers: tuple[Officer, ...]

    def key(self, person: str) -> Ed25519PrivateKey:
        """Return somebody's signing key."""
        return self.keys[person]


def demo_cast(folder: Path, officers: tuple[Officer, ...]) -> Cast:
    """Load the keys of the head and the holder's people, or make them the first time."""
    keys = {}
    for who in _desks():
        path = folder / f"{who.key_name}.pem"
        if not path.exists():
            wiring.new_person_key(path, None)
        keys[who.person] = load_key(path)
    return Cast(keys, officers)


def open_home(home: Path, cast: Cast, *, raised: bool, records: Sequence[Path]) -> Gate:
    """Open a home, which is made first if need be, with its register, and with an index if ``records`` are given.

    Each part is made whole or not at all, so that the same call after a crash goes on where it ended.
    """
    if not home.exists():
        settings = home.with_name(f"{home.name}.toml")
        settings.write_text(settings_text(raised=raised), encoding="utf-8")
        wiring.create_home(home, settings)
    if records and not (home / wiring.RECORDS).is_file():
        wiring.index_records(home, list(records))
    gate = wiring.open_home(home)
    for entry in _standing(RAISED if raised else EXAMPLE_AGREEMENT):
        register.add_standing(gate, entry)
    since = gate.now()
    desks = [enrolled(who, _public(cast.key(who.person)), since) for who in _desks()]
    engaged = [
        enrolled(_officer(number, o), o.public, since, o.recipient)
        for number, o in enumerate(cast.officers, 1)
    ]
    register.enrol_keys(gate, [*desks, *engaged])
    return gate


def settings_text(*, raised: bool) -> str:
    """Return the example settings for a rehearsal; with ``raised`` every limit that counts lines or shares lets everything by."""
    text = EXAMPLE.replace("gateway.example/disclosures", ORIGIN).replace('"revenue-records"', f'"{HOLDER}"')
    text = text.replace("scripted_people = false", "scripted_people = true")
    if not raised:
        return text
    text = re.sub(r"(?m)^(\w+_per_(?:submission|window)|template_words) = \d+", rf"\1 = {RAISED}", text)
    return re.sub(r"(?m)^(\w+_share) = [\d.]+", r"\1 = 1.0", text)


def limits_of(text: str) -> dict[str, str]:
    """Return the limits that a settings text states, by name."""
    return dict(re.findall(r"(?m)^(\w+) = ([\d.]+)", text.partition("[limits]")[2].partition("[release]")[0]))


def cover_of(now: str, nonce: str) -> dict[str, Json]:
    """Return the cover request in order, without its line file, which is added when the file is there."""
    return {
        "nonce": nonce, "created": now, "agency": AGENCY, "office": "agency-head", "holder": HEAD, "delegation": "",
        "pack": PACK, "agreement": AGREEMENT, "columns": {}, "certification": {"use": USE},
    }  # fmt: skip


def _desks() -> tuple[Player, ...]:
    head = Player(HEAD, "Head of the Requesting Service (simulated)", AGENCY, Role.REQUESTING_OFFICIAL)
    return (head, *(player(person) for person in (DISCLOSURE_OFFICER, RELEASING_OFFICER, COUNSEL)))


def _officer(number: int, officer: Officer) -> Player:
    base = Player(officer.person, f"Engaged Officer {number} (simulated)", AGENCY, Role.ENGAGED_OFFICER)
    return replace(
        base, custodian=f"Evidence Custodian {number} (simulated)", location=f"Secure room {number}"
    )


def _public(key: Ed25519PrivateKey) -> str:
    return key.public_key().public_bytes_raw().hex()


def _standing(max_lines: int) -> tuple[StandingEntry, ...]:
    until: date | None = None
    return (
        Agency(AGENCY, "Federal Requesting Service (simulated)", False, SINCE),
        OfficeHolder(AGENCY, "agency-head", HEAD, "Head of the Requesting Service (simulated)", SINCE),
        Agreement(id=AGREEMENT, agency=AGENCY, pack=PACK, max_lines=max_lines, since=SINCE, until=until),
        Safeguard(AGENCY, SafeguardStatus.ACCEPTED, "simulated-review-1", SINCE),
    )
