"""What keeps the log: years, timestamps, policies and their roots, mirrors, and witnesses of other people's logs."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

from lawgate.adapters.durable import in_turn, make_folder, settle, write_atomic
from lawgate.adapters.http_ledger import HttpLedger
from lawgate.adapters.key_files import load_key, new_key
from lawgate.adapters.ledger_files import LedgerFiles
from lawgate.adapters.local_witness import begin_witness
from lawgate.adapters.sealer_desk import trust_policy
from lawgate.adapters.stamp_files import KeptStamp, StampFiles
from lawgate.adapters.timestamp import Anchors, ask_stamp, check_stamp, read_anchors
from lawgate.adapters.witness_desk import WitnessDesk, begin_desk
from lawgate.adapters.witness_server import WitnessServer
from lawgate.domain.errors import LedgerError, QuorumError, SettingsError
from lawgate.domain.steps import SubmissionId
from lawgate.evidence.canonical import sha256_hex
from lawgate.gate import Gate, publish, shard_of
from lawgate.ledger.audit import verify_log
from lawgate.ledger.checkpoint import checkpoint_of
from lawgate.ledger.leaves import check_leaf, policy_leaf, timestamp_leaf
from lawgate.ledger.note import ED25519, Signer, VerifierKey, parse_note
from lawgate.ledger.policy import write_policy
from lawgate.ledger.roots import add_signature, signed_policy
from lawgate.ledger.shard import Shard, published_head
from lawgate.ledger.stored import StoredTree, entries_of
from lawgate.ledger.tree import frontier_of
from lawgate.places import (
    BASE_FILE,
    LEDGER,
    NEXT_POLICY,
    POLICY_FILE,
    SHARDS,
    erasures_in,
    places_of,
    require_good_keys,
    roots_of,
    settle_policy,
)
from lawgate.settings import TimestampSettings, load_settings
from lawgate.wiring import LOCK, SEALER, SETTINGS_FILE, open_home, system_clock


def erasures_at(gate: Gate, prefix: str) -> frozenset[SubmissionId]:
    """Read the erasures of this year's log from a mirror, whole and verified."""
    mirror = HttpLedger(prefix)
    size = verify_log(mirror, gate.policy, gate.earlier).size
    return erasures_in(entries_of(mirror, 0, size))


def sign_policy(file: Path, key: Path, key_name: str, out: Path) -> None:
    """Sign a policy file, or add a signature to one, with a root's key: offline, at its holder's desk; no home is needed."""
    try:
        text = add_signature(file.read_text(encoding="utf-8"), Signer(key_name, load_key(key)))
    except LedgerError as fault:
        raise SettingsError(f"the policy: {fault}") from None
    write_atomic(out, text.encode(), 0o644)


def root_key(path: Path, key_name: str) -> VerifierKey:
    """Make a root's key file and return its verifier key."""
    private = Ed25519PrivateKey.generate()
    try:
        signer = Signer(key_name, private)
    except LedgerError as fault:
        raise SettingsError(str(fault)) from None
    new_key(path, private)
    return signer.key(ED25519)


def adopt_policy(home: Path, signed: Path, clock: Callable[[], datetime] = system_clock) -> Gate:
    """Put a policy in force that two of the home's roots signed: other witnesses, another quorum; never another log key.

    Raises SettingsError if the home has no roots, or they did not sign it, or a key in it could be judged differently by different
    programs. A crash leaves the old policy or the new one in force.
    """
    gate, place, raw = open_home(home, clock), places_of(home)[-1], signed.read_text(encoding="utf-8")
    try:
        policy = signed_policy(raw, roots_of(home))
    except LedgerError as fault:
        raise SettingsError(f"the policy: {fault}") from None
    if policy.log != gate.policy.log:
        raise SettingsError("a log's key never changes; `lawgate ledger succeed` begins a log with another")
    require_good_keys(policy)
    with gate.alone():
        write_atomic(place / NEXT_POLICY, raw.encode(), 0o644)
        if policy.text != gate.policy.text:
            # The commit point: what the log names last is in force; opening the home brings the files after it.
            gate.memory.append(
                [
                    policy_leaf(
                        at=gate.now(),
                        origin=policy.log.name,
                        policy_sha256=sha256_hex(policy.text.encode()),
                        terms_sha256=sha256_hex(gate.terms),
                    )
                ]
            )
        settle_policy(place, gate)
    return open_home(home, clock)


def new_witness(folder: Path, name: str, *, ml_dsa: bool) -> WitnessDesk:
    """Make a witness's folder and open it."""
    begin_desk(folder, name, Ed25519PrivateKey.generate(), MLDSA44PrivateKey.generate() if ml_dsa else None)
    return WitnessDesk(folder)


def open_witness(folder: Path) -> WitnessDesk:
    """Open a witness's folder. Raises SettingsError if it is none."""
    return WitnessDesk(folder)


def witness_server(folder: Path, address: tuple[str, int], report: Callable[[str], None]) -> WitnessServer:
    """Bind a witness's server to an address. Raises SettingsError if the address cannot be had."""
    try:
        return WitnessServer(address, WitnessDesk(folder), system_clock, report)
    except OSError:
        raise SettingsError("the address cannot be listened on; another program may have it") from None


def ledger_at(prefix: str) -> HttpLedger:
    """Read a published log from a static host."""
    return HttpLedger(prefix)


def stamp_ledger(home: Path, clock: Callable[[], datetime] = system_clock) -> str | None:
    """Have today's checkpoint stamped, once a day, and log it. Returns the day, or None if it has its stamp or nobody is asked for one.

    Raises QuorumError if the authority cannot be reached, LedgerError if its stamp does not verify: nothing is logged then.
    """
    settings = load_settings(home / SETTINGS_FILE).timestamp
    gate = open_home(home, clock)
    files = StampFiles(places_of(home)[-1] / LEDGER)
    if settings is None:
        return None
    with gate.alone():
        # One moment for the folder and the entry: a reader finds the folder by the entry's day.
        now = gate.now()
        day = now.strftime("%Y-%m-%d")
        if files.has(day):
            return None
        publish(gate)
        head = published_head(Shard(gate.base, gate.tiles, gate.policy))
        content = str(head.note).encode()
        try:
            response = ask_stamp(content, settings.url, _anchors(home, settings))
        except OSError:
            raise QuorumError("the time stamping authority cannot be reached; try again later") from None
        # The files first: a crash before the leaf leaves a stamp that the log does not name, which harms nothing.
        files.keep(KeptStamp(day, content, response))
        checkpoint = head.checkpoint
        gate.memory.append(
            [
                timestamp_leaf(
                    at=now,
                    size=checkpoint.size,
                    root=checkpoint.root.hex(),
                    stamp_sha256=sha256_hex(response),
                )
            ]
        )
        publish(gate)
    return day


def check_stamps(home: Path) -> int:
    """Verify every logged timestamp of every year, with its file, its checkpoint and the trust anchors; return how many.

    Which witnesses the policy named that day makes no difference: the log signed the checkpoint with the key it keeps for life, and its
    root is the one that the log's own files have at that size, as `lawgate-verify` holds it. Raises LedgerError if one is missing, is of
    something else, or does not verify.
    """
    settings = load_settings(home / SETTINGS_FILE).timestamp
    gate = open_home(home)
    kept = {sha256_hex(s.response): s for place in places_of(home) for s in StampFiles(place / LEDGER).all()}
    found = 0
    for number, raw in enumerate(gate.memory.entries(0, gate.memory.size())):
        leaf = check_leaf(raw)
        if leaf["type"] != "timestamp":
            continue
        stamp = kept.get(str(leaf["stamp_sha256"]))
        if stamp is None or settings is None:
            raise LedgerError(f"the timestamp of entry {number} is missing, or there are no trust anchors")
        shard = shard_of(gate, number)
        head = checkpoint_of(parse_note(stamp.checkpoint.decode("utf-8", "replace")), shard.policy.log)
        root = frontier_of(head.size, StoredTree(shard.tiles, head.size).node).root()
        if (head.size, head.root.hex()) != (leaf["size"], leaf["root"]) or head.root != root:
            raise LedgerError(f"the timestamp of entry {number} is of another checkpoint")
        check_stamp(stamp.response, stamp.checkpoint, _anchors(home, settings))
        found += 1
    return found


def _anchors(home: Path, settings: TimestampSettings) -> Anchors:
    try:
        return read_anchors((home / settings.anchors).read_bytes())
    except OSError:
        raise SettingsError("timestamp.anchors: the file cannot be read") from None


def prune_ledger(home: Path) -> int:
    """Remove superseded partial files from the home's published log; return how many."""
    with in_turn(home / LOCK):
        return sum(LedgerFiles(place / LEDGER).prune() for place in places_of(home))


def write_private(path: Path, content: bytes) -> None:
    """Write a file that its owner alone can read. Raises SettingsError if it cannot be written."""
    try:
        write_atomic(path, content)
    except OSError:
        raise SettingsError("the file cannot be written there") from None


def succeed_log(home: Path, origin: str, clock: Callable[[], datetime] = system_clock) -> Gate:
    """Close this year's log and begin its successor: a new key and origin, the same witnesses, and a commitment to the last head.

    Raises SettingsError if the origin cannot be one or was one, and QuorumError, with nothing changed, while the old log's last head
    is not cosigned. A crash leaves the old log as it was, or the new one, which the next command finishes beginning.
    """
    gate, settings = open_home(home, clock), load_settings(home / SETTINGS_FILE)
    used = {gate.policy.log.name, *(shard.policy.log.name for shard in gate.earlier)}
    if origin in used:
        raise SettingsError("a log that begins anew needs an origin of its own")
    with gate.alone():
        publish(gate)
        places = places_of(home)
        half = home / SHARDS / ".half-made"
        if half.exists():
            shutil.rmtree(half)
        for part in ("keys", LEDGER):
            make_folder(half / part)
        private = Ed25519PrivateKey.generate()
        new_key(half / "keys" / "log.pem", private)
        for n in range(1, len(settings.witnesses.names) + 1):
            begin_witness(half / "witnesses" / str(n))
        old = gate.policy
        try:
            log = Signer(origin, private).key(ED25519)
            text = write_policy(log, old.witnesses, old.groups, old.quorum, old.urls)
        except LedgerError as fault:
            raise SettingsError(f"--origin: {fault}") from None
        write_atomic(half / POLICY_FILE, text.encode(), 0o644)
        write_atomic(half / BASE_FILE, f"{gate.memory.size()}\n".encode())
        if settings.sealer is None:
            # Whoever runs this answers for the new log's policy, as whoever made the home did for the first; with roots, they sign it.
            # A sealer under a user of its own is told by that user.
            trust_policy(home / SEALER, text)
        # The commit point: from here on the old log is not published on, and whoever opens the home begins the new one.
        half.rename(home / SHARDS / f"{len(places) + 1:04d}")
        settle(home / SHARDS)
    return open_home(home, clock)
