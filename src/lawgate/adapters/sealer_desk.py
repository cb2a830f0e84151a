"""The sealer's own folder and process: its key, the policies or roots it believes, the newest heads it has seen.

Run as ``python -m lawgate.adapters.sealer_desk FOLDER LOGS DESCRIPTOR`` it serves the gateway at the other end of one connection and ends with it.
It loads no database, no settings, no pipeline, no rules and no record engine. Several processes may work on one folder: what was seen is kept
under a lock, and read anew each time.
"""

from __future__ import annotations

import re
import socket
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from lawgate.adapters.durable import exclusive, make_folder, write_atomic
from lawgate.adapters.http_ledger import HttpLedger
from lawgate.adapters.key_files import load_sealer_key, new_sealer_key
from lawgate.adapters.ledger_files import LedgerFiles
from lawgate.adapters.sealer_wire import Line
from lawgate.domain.errors import LawgateError, LedgerError, SettingsError
from lawgate.domain.leaving import KeptLog
from lawgate.domain.steps import Json
from lawgate.evidence.canonical import canonical, parse_canonical, sha256_hex
from lawgate.evidence.enclosure import take_out
from lawgate.ledger.policy import Policy, parse_policy
from lawgate.ledger.roots import parse_roots, signed_policy
from lawgate.ledger.stored import TileStore
from lawgate.sealer import Head, Sealer

_PLACE = re.compile(r"(?:shards/[0-9]{4}/)?ledger")
KEY, PUBLIC, ROOTS, POLICIES, SEEN, LOCK = "key.pem", "public", "roots", "policies", "seen.json", "lock"


def begin_sealer(folder: Path, roots: bytes | None) -> str:
    """Make a sealer's folder, which nobody else can open, with a key of its own and, if there are any, the offline roots whose policies it
    will believe; return the public half of its key (hex). Raises SettingsError if it has a key."""
    if (folder / KEY).exists():
        raise SettingsError("the sealer has a key already; no key is ever overwritten")
    make_folder(folder)
    folder.chmod(0o700)
    make_folder(folder / POLICIES)
    if roots is not None:
        write_atomic(folder / ROOTS, roots)
    private = X25519PrivateKey.generate()
    # The key last but one: a crash before it leaves a folder without one, which is begun again.
    new_sealer_key(folder / KEY, private)
    public = private.public_key().public_bytes_raw().hex()
    name_sealer(folder, public)
    return public


def name_sealer(folder: Path, public: str) -> None:
    """Keep the public half (hex) of a sealer's key, for which answers are enclosed."""
    write_atomic(folder / PUBLIC, f"{public}\n".encode(), 0o644)


def trust_policy(folder: Path, policy: str) -> bool:
    """Have the sealer believe a policy. Where it has roots, they sign it instead: this changes nothing and says False."""
    if (folder / ROOTS).exists():
        return False
    write_atomic(folder / POLICIES / sha256_hex(policy.encode()), policy.encode())
    return True


def sealer_public(folder: Path) -> X25519PublicKey:
    """Read the public half of the sealer's key. Raises SettingsError if it is not there."""
    try:
        return X25519PublicKey.from_public_bytes(bytes.fromhex((folder / PUBLIC).read_text("ascii").strip()))
    except (OSError, ValueError):
        raise SettingsError(
            f"{folder} is no sealer's folder, or not this user's to read; a home made before there was a sealer is not opened: make a new one"
        ) from None


def require_key(folder: Path) -> None:
    """Raise SettingsError if the sealer's key is not there, or not the one for which answers are enclosed."""
    public = load_sealer_key(folder / KEY).public_key().public_bytes_raw()
    if public != sealer_public(folder).public_bytes_raw():
        raise SettingsError("the sealer's key is not the one for which answers are enclosed")


def open_sealer(folder: Path, logs: str) -> Sealer:
    """Open a sealer's folder. ``logs`` is where it reads the published logs: a home's folder, or an http(s) address that shows one.

    Raises SettingsError for a key that others can read.
    """
    private = load_sealer_key(folder / KEY)
    return Sealer(
        trusted=lambda log: _trusted(folder, log),
        open_log=lambda place: _log_at(logs, place),
        take_out=lambda answer, enclosed: take_out(private, answer, enclosed),
        seen=lambda: _seen(folder),
        remember=lambda heads: _remember(folder, heads),
    )


def serve(line: Line, folder: Path, logs: str) -> None:
    """Answer one gateway until it ends the connection. What has another form, or cannot be sealed, is refused, with a sentence that has
    nothing personal in it."""
    sealer: Sealer | None = None
    while True:
        try:
            asked = line.asked()
            if asked is None:
                return
            begun = time.process_time_ns()
            try:
                sealer = sealer or open_sealer(folder, logs)
                outcomes = list(sealer.seal(asked))
            except OSError as fault:
                sentence = f"the sealer's files cannot be read or written: {type(fault).__name__}"
                raise LedgerError(sentence) from None
        except LawgateError as fault:
            line.refuse(str(fault))
            continue
        line.say(outcomes, (time.process_time_ns() - begun) // 1000)


def _trusted(folder: Path, log: KeptLog) -> Policy:
    try:
        if (folder / ROOTS).exists():
            policy = signed_policy(log.signed, parse_roots((folder / ROOTS).read_text("utf-8")))
            if policy.text != log.policy:
                raise LedgerError("the roots have signed another policy than the one in force")
            return policy
        if (folder / POLICIES / sha256_hex(log.policy.encode())).exists():
            return parse_policy(log.policy)
    except (OSError, UnicodeError):
        raise LedgerError("the sealer's folder cannot be read") from None
    raise LedgerError("the log's policy is none that the sealer believes")


def _log_at(logs: str, place: str) -> TileStore:
    if _PLACE.fullmatch(place) is None:
        raise LedgerError("the sealer was told of a log where a home has none")
    return HttpLedger(f"{logs.rstrip('/')}/{place}") if "://" in logs else LedgerFiles(Path(logs) / place)


def _seen(folder: Path) -> dict[str, Head]:
    try:
        said = parse_canonical((folder / SEEN).read_bytes())
        return {
            origin: (int(size), bytes.fromhex(root)) for origin, (size, root) in _pairs(said["heads"]).items()
        }
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError):
        raise LedgerError("what the sealer has seen is damaged") from None


def _pairs(heads: Json) -> dict[str, tuple[str, str]]:
    if not isinstance(heads, dict):
        raise ValueError("not heads by origin")
    pairs: dict[str, tuple[str, str]] = {}
    for origin, each in heads.items():
        size, root = str(each).split(" ")
        pairs[origin] = size, root
    return pairs


def _remember(folder: Path, heads: Mapping[str, Head]) -> None:
    """Keep the newest heads. Raises LedgerError if another process of the sealer's has meanwhile seen a newer or another one."""
    with exclusive(folder / LOCK):
        known = _seen(folder)
        for origin, (size, root) in heads.items():
            before, then = known.get(origin, (0, b""))
            if size < before or (size == before and root != then):
                raise LedgerError(
                    "another process of the sealer's has seen a newer head, or another; ask again"
                )
        if {**known, **heads} != known:
            texts: dict[str, Json] = {
                origin: f"{size} {root.hex()}" for origin, (size, root) in {**known, **heads}.items()
            }
            write_atomic(folder / SEEN, canonical({"heads": texts}))


def main(folder: str, logs: str, descriptor: str) -> None:
    """Serve the gateway that started this process."""
    line = Line(socket.socket(fileno=int(descriptor)))
    try:
        serve(line, Path(folder), logs)
    except OSError:
        pass  # the gateway has ended, or was ended
    finally:
        line.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
