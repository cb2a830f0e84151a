"""Makes a home."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import nullcontext, suppress
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lawgate.adapters.durable import make_folder, settle, write_atomic
from lawgate.adapters.key_files import load_key, new_key
from lawgate.adapters.local_witness import begin_witness
from lawgate.adapters.sealer_desk import begin_sealer, name_sealer, trust_policy
from lawgate.adapters.sealer_socket import sealer_key
from lawgate.domain.errors import QuorumError, SettingsError
from lawgate.gate import begin_log
from lawgate.ledger.note import COSIGNATURE, ED25519, Signer
from lawgate.ledger.policy import Group, write_policy
from lawgate.places import LEDGER, POLICY_FILE, ROOTS_FILE, remote_key, roots_of
from lawgate.settings import Settings, load_settings
from lawgate.wiring.files import SEALER, SETTINGS_FILE, TERMS_FILE, WRAPPING
from lawgate.wiring.home import gate_of, system_clock
from lawgate.wiring.keys import HOME_OWNER, vault_of, wrapping_of
from lawgate.wiring.store import close_store, open_store

TERMS = """\
Terms of use of this answer

This answer was made for the engaged officer to whose key it is sealed, for the one matter that the request named, and is used for nothing
else. What the law of its ground adds stands below. A stop or recall that reaches the holder of this answer binds from its receipt.
"""


def create_home(
    home: Path,
    settings_file: Path,
    clock: Callable[[], datetime] = system_clock,
    roots_file: Path | None = None,
) -> None:
    """Make a home: settings, keys, vault, database, witnesses, policy, and a published log with its first entry. With a file of roots,
    nothing leaves until two of them have signed the policy.

    Raises SettingsError if the folder exists, or the settings lack something. A crash halfway leaves a folder of another
    name, which the next call clears away: a home is there whole or not at all.
    """
    settings = load_settings(settings_file)
    if home.exists():
        raise SettingsError(f"{home} exists already; a home is never overwritten")
    half = home.with_name(f".{home.name}.half-made")
    if half.exists():
        shutil.rmtree(half)
    make_folder(half)
    write_atomic(half / SETTINGS_FILE, settings_file.read_bytes())
    if roots_file is not None:
        write_atomic(half / ROOTS_FILE, roots_file.read_bytes())
        roots_of(half)
    _make_secrets(half, settings)
    write_atomic(half / TERMS_FILE, TERMS.encode())
    policy = _policy_text(half, settings)
    write_atomic(half / POLICY_FILE, policy.encode(), 0o644)
    if settings.sealer is None:
        begin_sealer(half / SEALER, None if roots_file is None else (half / ROOTS_FILE).read_bytes())
        trust_policy(half / SEALER, policy)
    else:
        make_folder(half / SEALER)
        name_sealer(half / SEALER, sealer_key(Path(settings.sealer.socket)))
    open_store(half, create=True)
    # Witnesses elsewhere learn this log's key only now; until they cosign, entry 0 waits and nothing is published.
    with suppress(QuorumError) if settings.witnesses.remote else nullcontext():
        begin_log(gate_of(half, settings, clock))
    close_store()
    half.rename(home)
    settle(home.parent)


def _make_secrets(home: Path, settings: Settings) -> None:
    for part in ("keys", "vault", LEDGER):
        make_folder(home / part)
    wrapping_of(home, WRAPPING).begin()
    vault_of(home).new_key(HOME_OWNER)
    new_key(home / "keys" / "log.pem", Ed25519PrivateKey.generate())
    for n in range(1, len(settings.witnesses.names) + 1):
        folder = home / "witnesses" / str(n)
        begin_witness(folder)
        new_key(folder / "key.pem", Ed25519PrivateKey.generate())


def _policy_text(home: Path, settings: Settings) -> str:
    log = Signer(settings.gateway.origin, load_key(home / "keys" / "log.pem")).key(ED25519)
    keys = {
        f"w{n}": Signer(name, load_key(home / "witnesses" / str(n) / "key.pem")).key(COSIGNATURE)
        for n, name in enumerate(settings.witnesses.names, 1)
    }
    urls = {}
    for n, remote in enumerate(settings.witnesses.remote, 1):
        keys[f"r{n}"], urls[f"r{n}"] = remote_key(remote.vkey), remote.url
    group = Group(settings.witnesses.quorum, tuple(keys))
    return write_policy(log, keys, {"witnesses": group}, "witnesses", urls)
