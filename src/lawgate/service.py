"""The service's side of a home: its secret, its second database, and what must hold before anything is served."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from lawgate import wiring
from lawgate.domain.errors import SettingsError
from lawgate.gate import Gate
from lawgate.settings import DEFAULT_URL, load_settings

DATABASE = "service.sqlite3"
SETTINGS = "lawgate.service_settings"
REHEARSAL = "LAWGATE_REHEARSAL"
READER_URL = "LAWGATE_DATABASE_READER_URL"
"""Names the account by which those who only look read, where the memory is in PostgreSQL."""


def open_service(home: Path, *, rehearsal: bool) -> Gate:
    """Open a home together with its accounts and sessions, to serve its pages. Raises what ``open_accounts_of`` and
    ``require_real_people`` raise."""
    gate = open_accounts_of(home)
    require_real_people(gate, rehearsal=rehearsal)
    return gate


def open_reader_of(home: Path) -> None:
    """Open the second way into the memory, by which those who only look read. Call after ``open_service``.

    Raises SettingsError if the memory is in PostgreSQL and no account for reading is named, and what ``store.reader.open_reader`` raises.
    """
    from lawgate.store.reader import open_reader  # Django is loaded only where a home is opened

    url = os.environ.get(READER_URL)
    if wiring.DATABASE_URL in os.environ and not url:
        raise SettingsError(
            f"the memory is in PostgreSQL: {READER_URL} must name an account that may only read; `lawgate database rights` prints its rights"
        )
    open_reader(home / wiring.DATABASE, url if wiring.DATABASE_URL in os.environ else None)


def open_accounts_of(home: Path) -> Gate:
    """Open a home together with its accounts and sessions. Raises SettingsError if it is none, and what ``wiring.open_home`` raises."""
    if not (home / wiring.SETTINGS_FILE).is_file():
        raise SettingsError(f"{home} is not a home; `lawgate init` makes one")
    os.environ["LAWGATE_HOME"] = str(home.resolve())
    os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS
    gate = wiring.open_home(home)
    from lawgate.accounts.open import open_accounts  # its models can be imported only after Django's set-up

    open_accounts(home / DATABASE)
    _require_provider_key(home)
    return gate


def current_gate() -> Gate:
    """Return the open gate of the home that ``LAWGATE_HOME`` names; it is opened again once another process has begun the next year's log."""
    if _opened().superseded():
        _opened.cache_clear()
    return _opened()


@cache
def _opened() -> Gate:
    return open_service(Path(os.environ["LAWGATE_HOME"]), rehearsal=os.environ.get(REHEARSAL) == "1")


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


def _require_provider_key(home: Path) -> None:
    """Refuse settings that name an identity provider and no key to sign to it with. Raises SettingsError."""
    oidc = load_settings(home / wiring.SETTINGS_FILE).oidc
    if oidc is None:
        return
    from lawgate.accounts.oidc import read_key

    try:
        read_key((home / oidc.key).read_bytes())
    except OSError:
        raise SettingsError("[oidc] key names a file that cannot be read") from None


def issuer_of(home: Path) -> str:
    """Return the identity provider that the settings name. Raises SettingsError if they name none."""
    oidc = load_settings(home / wiring.SETTINGS_FILE).oidc
    if oidc is None:
        raise SettingsError("the settings name no identity provider; [oidc] does")
    return oidc.issuer


def url_of(home: Path) -> str:
    """Return the address at which people reach the service, as the settings name it."""
    service = load_settings(home / wiring.SETTINGS_FILE).service
    return service.url if service else DEFAULT_URL
