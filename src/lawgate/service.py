"""The service's side of a home: its secret, its second database, and what must hold before anything is served."""

from __future__ import annotations

import os
from pathlib import Path

from lawgate import wiring
from lawgate.domain.errors import SettingsError
from lawgate.gate import Gate
from lawgate.settings import DEFAULT_URL, load_settings

DATABASE = "service.sqlite3"
SETTINGS = "lawgate.service_settings"
REHEARSAL = "LAWGATE_REHEARSAL"


def open_service(home: Path, *, rehearsal: bool) -> Gate:
    """Open a home together with its accounts and sessions, to serve its pages. Raises what ``open_accounts_of`` and
    ``require_real_people`` raise."""
    gate = open_accounts_of(home)
    require_real_people(gate, rehearsal=rehearsal)
    return gate


def open_accounts_of(home: Path) -> Gate:
    """Open a home together with its accounts and sessions. Raises SettingsError if it is none, and what ``wiring.open_home`` raises."""
    if not (home / wiring.SETTINGS_FILE).is_file():
        raise SettingsError(f"{home} is not a home; `lawgate init` makes one")
    os.environ["LAWGATE_HOME"] = str(home.resolve())
    os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS
    gate = wiring.open_home(home)
    from lawgate.accounts.open import open_accounts  # its models can be imported only after Django's set-up

    open_accounts(home / DATABASE)
    return gate


def require_real_people(gate: Gate, *, rehearsal: bool) -> None:
    """Refuse demo keys and scripts outside a rehearsal, and a rehearsal in a home that allows no scripts. Raises SettingsError."""
    if rehearsal:
        if not gate.scripted_allowed:
            raise SettingsError("this home's settings allow no scripted people; it is no rehearsal")
        return
    names = (gate.policy.log.name, *(key.name for key in gate.policy.witnesses.values()))
    demo = [name for name in names if "demo" in name.lower()]
    if demo:
        raise SettingsError(f"the policy names a demo key, {demo[0]}; only `--rehearsal` serves it")
    now = gate.now()
    if gate.scripted_allowed or any(k.scripted and k.valid_at(now) for k in gate.memory.standing().keys):
        raise SettingsError("scripts may decide in this home; only `--rehearsal` serves it")


def url_of(home: Path) -> str:
    """Return the address at which people reach the service, as the settings name it."""
    service = load_settings(home / wiring.SETTINGS_FILE).service
    return service.url if service else DEFAULT_URL
