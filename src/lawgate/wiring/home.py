"""Opens a home: settings, keys, memory, log, witnesses and sealer become one gate. The clock is here."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from lawgate.adapters.durable import exclusive, in_turn
from lawgate.adapters.http_witness import HttpWitness
from lawgate.adapters.key_files import load_key
from lawgate.adapters.key_store import fingerprint, marks
from lawgate.adapters.ledger_files import LedgerFiles
from lawgate.adapters.local_witness import LocalWitness
from lawgate.adapters.originals import OriginalFiles
from lawgate.adapters.sealer_child import SealerChild
from lawgate.adapters.sealer_desk import require_key, sealer_public
from lawgate.adapters.sealer_lines import SealerEnd, SealerLines
from lawgate.adapters.sealer_socket import SealerConnection
from lawgate.domain.errors import SettingsError
from lawgate.domain.leaving import KeptLog, Sealing
from lawgate.erasure import replay as replay_erasures
from lawgate.evidence.enclosure import enclose
from lawgate.gate import Gate, begin_sequence
from lawgate.guard.limits import Limits
from lawgate.ledger.leaves import check_leaf, minute
from lawgate.ledger.note import Signer
from lawgate.ledger.shard import Shard
from lawgate.places import (
    LEDGER,
    NEXT_POLICY,
    SIGNED_POLICY,
    base_of,
    erasures_beyond,
    places_of,
    policy_is_signed,
    policy_of,
    settle_policy,
)
from lawgate.reading import Reader
from lawgate.records.rule import RuleLimits
from lawgate.settings import Settings, load_settings
from lawgate.wiring.files import LOCK, ORIGINALS, RECEIVING, SEALER, SETTINGS_FILE, TERMS_FILE
from lawgate.wiring.keys import home_secret, line_salts_of, subject_keys_of, vault_of
from lawgate.wiring.packs import ground_named
from lawgate.wiring.records import records_of
from lawgate.wiring.spread import desk_of, processes_for, spread, unwatched
from lawgate.wiring.store import memory_under, open_store


def system_clock() -> datetime:
    """Return this moment, in UTC."""
    return datetime.now(UTC)


def open_home(home: Path, clock: Callable[[], datetime] = system_clock) -> Gate:
    """Open a home and return its gate. Raises SettingsError if it is not one, and what its parts raise if they cannot be trusted."""
    if not (home / SETTINGS_FILE).is_file():
        raise SettingsError(
            f"{home} is not a home; `lawgate init` makes one, --home or LAWGATE_HOME names one"
        )
    settings = load_settings(home / SETTINGS_FILE)
    open_store(home, create=False)
    if (places_of(home)[-1] / NEXT_POLICY).exists():
        with exclusive(home / LOCK):
            settle_policy(places_of(home)[-1], gate_of(home, settings, clock))
    gate = gate_of(home, settings, clock)
    _require_forward_clock(gate)
    # A restored vault brings keys back that were destroyed. They do not survive the first opening.
    replay_erasures(gate, erasures_beyond(gate))
    if gate.earlier and gate.memory.size() == gate.base:
        with gate.alone():
            begin_sequence(gate)
    return gate


def _require_forward_clock(gate: Gate) -> None:
    """Checkers refuse a log whose times go backwards, and no later entry could mend it."""
    size = gate.memory.size()
    if size and minute(gate.now()) < str(check_leaf(gate.memory.entries(size - 1, size)[0])["time"]):
        raise SettingsError(
            "the clock stands before the log's last entry; set it right before anything is written"
        )


def require_sealer(home: Path) -> None:
    """Look whether the sealer's key is there, and the one for which answers are enclosed. Raises SettingsError, and where the sealer has a
    user of its own what ``SealerConnection`` raises."""
    settings = load_settings(home / SETTINGS_FILE)
    if settings.sealer is None:
        require_key(home / SEALER)
    else:
        _sealer_end(home, settings)().end()


def try_sealer(gate: Gate) -> None:
    """Have the sealer read the log, and seal nothing. Raises LedgerError if it refuses, SealerAwayError if it is not there."""
    list(gate.sealers([Sealing(gate.now(), gate.logs, (), {}, b"", ())], 0))


def gate_of(home: Path, settings: Settings, clock: Callable[[], datetime]) -> Gate:
    """Join the parts of a home into its gate. The store must be open. Raises what the parts raise if they cannot be trusted."""
    *earlier, place = places_of(home)
    policy = policy_of(place)
    vault = vault_of(home)
    log = Signer(policy.log.name, load_key(place / "keys" / "log.pem"))
    local = tuple(
        LocalWitness(
            place / "witnesses" / str(n),
            Signer(name, load_key(home / "witnesses" / str(n) / "key.pem")),
            policy.log,
        )
        for n, name in enumerate(settings.witnesses.names, 1)
    )
    # Whom to ask elsewhere is the policy's word, not the settings': those only made the first policy.
    remote = tuple(HttpWitness(policy.witnesses[name].name, url) for name, url in policy.urls.items())
    limits, release = settings.limits, settings.release
    return Gate(
        holder=settings.gateway.holder,
        packs={name: ground_named(name) for name in settings.gateway.packs},
        memory=memory_under(vault),
        open_records=records_of(home),
        tiles=LedgerFiles(place / LEDGER),
        signer=log,
        witnesses=(*local, *remote),
        policy=policy,
        base=base_of(place),
        earlier=tuple(Shard(base_of(p), LedgerFiles(p / LEDGER), policy_of(p)) for p in earlier),
        superseded=lambda: places_of(home)[-1] != place,
        patience=timedelta(minutes=settings.witnesses.patience_minutes),
        policy_is_signed=policy_is_signed(home, place, policy),
        subject_key=subject_keys_of(home),
        terms=(home / TERMS_FILE).read_bytes(),
        limits=Limits(**limits.model_dump(exclude={"filers_per_address"})),
        rule_limits=RuleLimits(max_filers=limits.filers_per_address),
        sample_size=release.sample_size,
        approval_age=timedelta(days=release.approval_days),
        scripted_allowed=release.scripted_people,
        fingerprint=fingerprint(home_secret(home, "fingerprint")),
        mark=marks(home_secret(home, "fingerprint")),
        originals=OriginalFiles(home / ORIGINALS, vault, os.urandom),
        reader=lambda task: Reader(desk_of(home), task),
        spread=partial(spread, home),
        receiving=lambda: exclusive(home / RECEIVING),
        line_salts=line_salts_of(vault),
        now=clock,
        random_bytes=os.urandom,
        alone=lambda: in_turn(home / LOCK),
        ticks=time.process_time,
        watch=unwatched,
        enclose=partial(enclose, sealer_public(home / SEALER)),
        logs=tuple(_kept_log(home, p) for p in (*earlier, place)),
        sealers=SealerLines(_sealer_end(home, settings), processes_for),
    )


def _sealer_end(home: Path, settings: Settings) -> Callable[[], SealerEnd]:
    if settings.sealer is None:
        return partial(SealerChild, home / SEALER, str(home.absolute()))
    public = sealer_public(home / SEALER).public_bytes_raw().hex()
    return partial(SealerConnection, Path(settings.sealer.socket), public)


def _kept_log(home: Path, place: Path) -> KeptLog:
    signed = place / SIGNED_POLICY
    return KeptLog(
        base_of(place),
        (place / LEDGER).relative_to(home).as_posix(),
        policy_of(place).text,
        signed.read_text(encoding="utf-8") if signed.exists() else "",
    )
