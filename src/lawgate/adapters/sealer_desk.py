"""The sealer's own folder and process: its key, the policies or roots it believes, the newest heads it has seen.

Run as ``python -m lawgate.adapters.sealer_desk FOLDER DESCRIPTOR`` it serves the gateway at the other end of one connection and ends with it.
It loads no database, no settings, no pipeline, no rules and no record engine.
"""

from __future__ import annotations

import socket
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from lawgate.adapters.durable import exclusive, make_folder, write_atomic
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
from lawgate.sealer import Head, Sealer

KEY, PUBLIC, ROOTS, POLICIES, SEEN, LOCK = "key.pem", "public", "roots", "policies", "seen.json", "lock"


def begin_sealer(folder: Path, roots: bytes | None) -> None:
    """Make a sealer's folder, with a key of its own and, if there are any, the offline roots whose policies it will believe."""
    make_folder(folder / POLICIES)
    private = X25519PrivateKey.generate()
    new_sealer_key(folder / KEY, private)
    write_atomic(folder / PUBLIC, private.public_key().public_bytes_raw().hex().encode() + b"\n", 0o644)
    if roots is not None:
        write_atomic(folder / ROOTS, roots)


def trust_policy(folder: Path, policy: str) -> None:
    """Have the sealer believe a policy. Where it has roots, they sign it instead, and this changes nothing."""
    if not (folder / ROOTS).exists():
        write_atomic(folder / POLICIES / sha256_hex(policy.encode()), policy.encode())


def sealer_public(folder: Path) -> X25519PublicKey:
    """Read the public half of the sealer's key. Raises SettingsError if it is not there."""
    try:
        return X25519PublicKey.from_public_bytes(bytes.fromhex((folder / PUBLIC).read_text("ascii").strip()))
    except (OSError, ValueError):
        raise SettingsError(
            f"{folder} is not a sealer's folder; a home made before there was a sealer cannot be opened: make a new one"
        ) from None


def require_key(folder: Path) -> None:
    """Raise SettingsError if the sealer's key is not there, or not the one for which answers are enclosed."""
    public = load_sealer_key(folder / KEY).public_key().public_bytes_raw()
    if public != sealer_public(folder).public_bytes_raw():
        raise SettingsError("the sealer's key is not the one for which answers are enclosed")


def open_sealer(folder: Path) -> Sealer:
    """Open a sealer's folder. Raises SettingsError for a key that others can read, LedgerError for a folder that is damaged."""
    private = load_sealer_key(folder / KEY)
    return Sealer(
        trusted=lambda log: _trusted(folder, log),
        open_log=lambda path: LedgerFiles(Path(path)),
        take_out=lambda answer, enclosed: take_out(private, answer, enclosed),
        seen=_seen(folder),
        remember=lambda heads: _remember(folder, heads),
    )


def serve(line: Line, folder: Path) -> None:
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
                sealer = sealer or open_sealer(folder)
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
    """Keep the newest heads; of two sealers at work the one that has seen more wins."""
    with exclusive(folder / LOCK):
        known = _seen(folder)
        newest = {origin: max(head, known.get(origin, head)) for origin, head in heads.items()}
        if {**known, **newest} != known:
            texts: dict[str, Json] = {
                origin: f"{size} {root.hex()}" for origin, (size, root) in {**known, **newest}.items()
            }
            write_atomic(folder / SEEN, canonical({"heads": texts}))


def main(folder: str, descriptor: str) -> None:
    """Serve the gateway that started this process."""
    line = Line(socket.socket(fileno=int(descriptor)))
    try:
        serve(line, Path(folder))
    except OSError:
        pass  # the gateway has ended, or was ended
    finally:
        line.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
