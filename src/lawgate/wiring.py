"""Settings → adapters → gate: the only composition root. It owns the clock and randomness, and loads Django where a home needs it."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager, nullcontext, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from importlib.resources import files
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

from lawgate.adapters.durable import exclusive, make_folder, settle, write_atomic
from lawgate.adapters.http_ledger import HttpLedger
from lawgate.adapters.http_witness import HttpWitness
from lawgate.adapters.key_files import load_key, new_age_identity, new_key
from lawgate.adapters.key_store import KeyVault, fingerprint
from lawgate.adapters.ledger_files import LedgerFiles
from lawgate.adapters.local_records import IndexInfo, LocalRecords, build_index, open_index
from lawgate.adapters.local_witness import LocalWitness, begin_witness
from lawgate.adapters.stamp_files import KeptStamp, StampFiles
from lawgate.adapters.timestamp import Anchors, ask_stamp, check_stamp, read_anchors
from lawgate.adapters.witness_desk import WitnessDesk, begin_desk
from lawgate.adapters.witness_server import WitnessServer
from lawgate.domain.errors import LawgateError, LedgerError, QuorumError, RecordEngineError, SettingsError
from lawgate.domain.steps import SubmissionId
from lawgate.erasure import replay as replay_erasures
from lawgate.evidence.canonical import sha256_hex
from lawgate.evidence.key_check import is_signing_key
from lawgate.gate import Gate, Workers, begin_log, begin_sequence, publish, shard_of
from lawgate.guard.admit import Limits
from lawgate.ledger.audit import verify_log
from lawgate.ledger.leaves import check_leaf, minute, policy_leaf, timestamp_leaf
from lawgate.ledger.note import COSIGNATURE, ED25519, Signer, VerifierKey, parse_note, parse_vkey
from lawgate.ledger.policy import Group, Policy, believe, parse_policy, write_policy
from lawgate.ledger.roots import add_signature, parse_roots, signed_policy
from lawgate.ledger.shard import Shard, published_head
from lawgate.ledger.stored import entries_of
from lawgate.records.rule import RuleLimits
from lawgate.settings import Settings, TimestampSettings, load_settings
from lawgate.statutes import packs
from lawgate.statutes.pack import Pack
from lawgate.statutes.packs import usc26_6103_i_2
from lawgate.statutes.proof import PackFiles, Proof, Shared, prove, sweep_share

PACKS: tuple[Pack, ...] = (usc26_6103_i_2.PACK,)
"""Every pack there is. A pack answers nothing until a home's settings name it."""

TERMS = """\
Terms of use of this answer

This answer was made for the engaged officer to whose key it is sealed, for the one matter that the request named. It may be used solely
in the preparation, investigation or grand jury proceeding so named (26 U.S.C. 6103(i)(2)(A)), by officers and employees personally and
directly engaged in it. It is kept, shown and disposed of as 26 U.S.C. 6103(p)(4) requires. Unauthorised disclosure or inspection is a crime
(26 U.S.C. 7213, 7213A). A stop or recall that reaches the holder of this answer binds from its receipt.
"""

SETTINGS_FILE = "lawgate.toml"
DATABASE = "lawgate.sqlite3"
POLICY_FILE = "policy"
SIGNED_POLICY = "policy.signed"
NEXT_POLICY = "policy.next"
ROOTS_FILE = "roots"
"""Three verifier keys, two of which sign the policy; a home without this file has no roots."""
BASE_FILE = "base"
"""How many entries the logs before a successor hold."""
TERMS_FILE = "terms.txt"
PROOF_FILE = "proof.json"
LEDGER = "ledger"
SHARDS = "shards"
SUBJECTS = "subjects"
RECORDS = Path("records") / "index"
LOCK = "lock"
SECRET_BYTES = 32
WORTH_PROCESSES = 5000
"""From how many lines on the start of other processes is made good."""
AHEAD = 2
"""How many pieces each of them may have waiting."""

C = TypeVar("C")
R = TypeVar("R")


def system_clock() -> datetime:
    """Return this moment, in UTC."""
    return datetime.now(UTC)


def unwatched(_step: str, _lines: int, _seconds: float) -> None:
    """Tell nobody how far a step has come."""


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
        _roots(half)
    _make_secrets(half, settings)
    write_atomic(half / TERMS_FILE, TERMS.encode())
    write_atomic(half / POLICY_FILE, _policy_text(half, settings).encode())
    _open_store(half, create=True)
    # Witnesses elsewhere learn this log's key only now; until they cosign, entry 0 waits and nothing is published.
    with suppress(QuorumError) if settings.witnesses.remote else nullcontext():
        begin_log(_gate(half, settings, clock))
    _close_store()
    half.rename(home)
    settle(home.parent)


def open_home(home: Path, clock: Callable[[], datetime] = system_clock) -> Gate:
    """Open a home and return its gate. Raises SettingsError if it is not one, and what its parts raise if they cannot be trusted."""
    if not (home / SETTINGS_FILE).is_file():
        raise SettingsError(
            f"{home} is not a home; `lawgate init` makes one, --home or LAWGATE_HOME names one"
        )
    settings = load_settings(home / SETTINGS_FILE)
    _open_store(home, create=False)
    if (_places(home)[-1] / NEXT_POLICY).exists():
        with exclusive(home / LOCK):
            _settle_policy(_places(home)[-1], _gate(home, settings, clock))
    gate = _gate(home, settings, clock)
    _require_forward_clock(gate)
    # A restored vault brings keys back that were destroyed. They do not survive the first opening.
    replay_erasures(gate, _published_beyond(gate))
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


def _published_beyond(gate: Gate) -> frozenset[SubmissionId]:
    """Read the erasures of a published log that knows more than a restored database."""
    try:
        size = published_head(Shard(gate.base, gate.tiles, gate.policy)).checkpoint.size
        known = gate.memory.size() - gate.base
        return _erasures(entries_of(gate.tiles, known, size)) if size > known else frozenset()
    except LawgateError:
        # Whatever is wrong with the published log, publishing will say so and sign nothing.
        return frozenset()


def _erasures(raws: Iterable[bytes]) -> frozenset[SubmissionId]:
    leaves = map(check_leaf, raws)
    return frozenset(SubmissionId(str(leaf["submission"])) for leaf in leaves if leaf["type"] == "erasure")


def erasures_at(gate: Gate, prefix: str) -> frozenset[SubmissionId]:
    """Read the erasures of this year's log from a mirror, whole and verified."""
    mirror = HttpLedger(prefix)
    size = verify_log(mirror, gate.policy, gate.earlier).size
    return _erasures(entries_of(mirror, 0, size))


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
    gate, place, raw = open_home(home, clock), _places(home)[-1], signed.read_text(encoding="utf-8")
    try:
        policy = signed_policy(raw, _roots(home))
    except LedgerError as fault:
        raise SettingsError(f"the policy: {fault}") from None
    if policy.log != gate.policy.log:
        raise SettingsError("a log's key never changes; `lawgate ledger succeed` begins a log with another")
    _require_good_keys(policy)
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
        _settle_policy(place, gate)
    return open_home(home, clock)


def _settle_policy(place: Path, gate: Gate) -> None:
    """Finish, or drop, a change of policy that a crash may have left half done: the log's last policy entry says which."""
    raw = (place / NEXT_POLICY).read_text(encoding="utf-8")
    text = parse_note(raw).text
    named = str(check_leaf(gate.memory.leaves_of("policy")[-1])["policy_sha256"])
    if sha256_hex(text.encode()) == named:
        write_atomic(place / POLICY_FILE, text.encode())
        write_atomic(place / SIGNED_POLICY, raw.encode(), 0o644)
    (place / NEXT_POLICY).unlink()
    settle(place)


def _is_signed(home: Path, place: Path, policy: Policy) -> bool:
    if not (home / ROOTS_FILE).exists():
        return True
    try:
        raw = (place / SIGNED_POLICY).read_text(encoding="utf-8")
        return signed_policy(raw, _roots(home)).text == policy.text
    except (OSError, LedgerError):
        return False


def _roots(home: Path) -> tuple[VerifierKey, ...]:
    try:
        return parse_roots((home / ROOTS_FILE).read_text(encoding="utf-8"))
    except OSError:
        raise SettingsError(
            "this home has no offline roots; `lawgate init --roots` makes one that has"
        ) from None
    except LedgerError as fault:
        raise SettingsError(f"the roots: {fault}") from None


def _require_good_keys(policy: Policy) -> None:
    """ML-DSA keys have one spelling and no small subgroups; Ed25519 keys are looked at."""
    if not all(is_signing_key(k.public) for k in policy.witnesses.values() if k.algorithm == COSIGNATURE):
        raise SettingsError("a witness's key is no point of the prime-order group")


def index_records(home: Path, sources: list[Path]) -> IndexInfo:
    """Build the home's index of records from CSV or Parquet files; the old index stays until the new one is whole."""
    if not (home / SETTINGS_FILE).is_file():
        raise SettingsError(f"{home} is not a home")
    make_folder(home / RECORDS.parent)
    return build_index(sources, home / RECORDS, _secret(home, "records"), random_bytes=os.urandom)


def records_info(home: Path) -> IndexInfo:
    """Open the index, check it, and say what it holds: counts only."""
    return _open_records(home).info


def new_person_key(path: Path, receive: Path | None) -> tuple[str, str | None]:
    """Make a person's signing key file and, if asked, an age identity; return public key (hex) and age recipient."""
    private = Ed25519PrivateKey.generate()
    new_key(path, private)
    recipient = None if receive is None else new_age_identity(receive)
    return private.public_key().public_bytes_raw().hex(), recipient


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
    place, day = _places(home)[-1], gate.now().strftime("%Y-%m-%d")
    files = StampFiles(place / LEDGER)
    if settings is None or files.has(day):
        return None
    with gate.alone():
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
                    at=gate.now(),
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

    Raises LedgerError if one is missing, is of something else, or does not verify.
    """
    settings = load_settings(home / SETTINGS_FILE).timestamp
    gate = open_home(home)
    kept = {sha256_hex(s.response): s for place in _places(home) for s in StampFiles(place / LEDGER).all()}
    found = 0
    for number, raw in enumerate(gate.memory.entries(0, gate.memory.size())):
        leaf = check_leaf(raw)
        if leaf["type"] != "timestamp":
            continue
        stamp = kept.get(str(leaf["stamp_sha256"]))
        if stamp is None or settings is None:
            raise LedgerError(f"the timestamp of entry {number} is missing, or there are no trust anchors")
        head = believe(stamp.checkpoint.decode("utf-8"), shard_of(gate, number).policy).checkpoint
        if (head.size, head.root.hex()) != (leaf["size"], leaf["root"]):
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
    with exclusive(home / LOCK):
        return sum(LedgerFiles(place / LEDGER).prune() for place in _places(home))


def write_private(path: Path, content: bytes) -> None:
    """Write a file that its owner alone can read. Raises SettingsError if it cannot be written."""
    try:
        write_atomic(path, content)
    except OSError:
        raise SettingsError("the file cannot be written there") from None


def new_nonce() -> str:
    """Return 32 random hex digits, for a cover request."""
    return os.urandom(16).hex()


def pack_files(pack: Pack) -> PackFiles:
    """Read a pack's data files, and the sources of its rules and of the evaluator."""
    folder = _pack_folder(pack)
    return PackFiles(
        pack=pack,
        text=(folder / "text.md").read_text(encoding="utf-8"),
        cases=(folder / "cases.toml").read_text(encoding="utf-8"),
        particulars=(folder / "pack.toml").read_text(encoding="utf-8"),
        rules_source=_sources(folder),
        evaluator_source=_sources(folder.parent.parent),
    )


def prove_pack(pack: Pack, processes: int = 2) -> Proof:
    """Prove a pack, the long sweeps shared out among processes. The proof is the same for any number of them."""
    with ProcessPoolExecutor(processes) as pool:
        shares = pool.map(_prove_share, [pack.id] * processes, range(processes), [processes] * processes)
        return prove(pack_files(pack), list(shares))


def committed_proof(pack: Pack) -> object:
    """Return the proof that lies beside the pack, as JSON; None if there is none or it is no JSON."""
    try:
        return json.loads((_pack_folder(pack) / PROOF_FILE).read_bytes())
    except (FileNotFoundError, ValueError):
        return None


def write_proof(pack: Pack, proof: Proof) -> Path:
    """Put a proof beside its pack, in one motion: a crash leaves the old proof or the new one."""
    path = _pack_folder(pack) / PROOF_FILE
    text = json.dumps(proof.document(), indent=1, ensure_ascii=False, sort_keys=True)
    write_atomic(path, f"{text}\n".encode())
    return path


def _prove_share(pack: str, part: int, parts: int) -> Shared:
    return sweep_share(pack_files(pack_named(pack)), part, parts)


def _pack_folder(pack: Pack) -> Path:
    return Path(str(files(packs))) / pack.id.replace("-", "_")


def _sources(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.py"))}


def pack_named(pack: str) -> Pack:
    """Find a pack by its id. Raises SettingsError if there is none."""
    for known in PACKS:
        if known.id == pack:
            return known
    raise SettingsError(f"there is no pack {pack}; there is {', '.join(p.id for p in PACKS)}")


def _gate(home: Path, settings: Settings, clock: Callable[[], datetime]) -> Gate:
    from lawgate.store.memory import memory_on  # Django's models can be imported only after its set-up

    *earlier, place = _places(home)
    policy = _policy_of(place)
    vault = KeyVault(home / "vault", _secret(home, "vault"), os.urandom)
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
        packs={name: pack_named(name) for name in settings.gateway.packs},
        memory=memory_on(vault),
        open_records=_records_of(home),
        tiles=LedgerFiles(place / LEDGER),
        signer=log,
        witnesses=(*local, *remote),
        policy=policy,
        base=_base(place),
        earlier=tuple(Shard(_base(p), LedgerFiles(p / LEDGER), _policy_of(p)) for p in earlier),
        superseded=lambda: _places(home)[-1] != place,
        patience=timedelta(minutes=settings.witnesses.patience_minutes),
        policy_is_signed=_is_signed(home, place, policy),
        subject_key=_subject_keys(home),
        terms=(home / TERMS_FILE).read_bytes(),
        limits=Limits(**limits.model_dump(exclude={"filers_per_address"})),
        rule_limits=RuleLimits(max_filers=limits.filers_per_address),
        sample_size=release.sample_size,
        approval_age=timedelta(days=release.approval_days),
        scripted_allowed=release.scripted_people,
        fingerprint=fingerprint(_secret(home, "fingerprint")),
        line_salts=_line_salts(vault),
        now=clock,
        random_bytes=os.urandom,
        alone=lambda: exclusive(home / LOCK),
        ticks=time.process_time,
        watch=unwatched,
        workers=_workers,
    )


def _subject_keys(home: Path) -> Callable[[str], bytes]:
    """Subjects' keys lie in a vault of their own, under a wrapping key of its own, so that another desk can keep them."""
    keeper = home / SUBJECTS

    def key_of(subject: str) -> bytes:
        if not (keeper / "wrapping-key").exists():
            make_folder(keeper)
            write_atomic(keeper / "wrapping-key", os.urandom(SECRET_BYTES))
        vault = KeyVault(keeper / "keys", (keeper / "wrapping-key").read_bytes(), os.urandom)
        vault.new_key(subject)
        return vault.salts(subject)("subject")

    return key_of


def _places(home: Path) -> list[Path]:
    """Where the home's logs lie, the first year's first: in the home itself, and each successor in a folder of its own."""
    return [home, *sorted((home / SHARDS).glob("[0-9][0-9][0-9][0-9]"))]


def _base(place: Path) -> int:
    file = place / BASE_FILE
    return int(file.read_text("ascii")) if file.exists() else 0


def _policy_of(place: Path) -> Policy:
    return parse_policy((place / POLICY_FILE).read_text(encoding="utf-8"))


def succeed_log(home: Path, origin: str, clock: Callable[[], datetime] = system_clock) -> Gate:
    """Close this year's log and begin its successor: a new key and origin, the same witnesses, and a commitment to the last head.

    Raises SettingsError if the origin cannot be one or was one, and QuorumError, with nothing changed, while the old log's last head
    is not cosigned. A crash leaves the old log as it was, or the new one, which the next command finishes beginning.
    """
    gate = open_home(home, clock)
    used = {gate.policy.log.name, *(shard.policy.log.name for shard in gate.earlier)}
    if origin in used:
        raise SettingsError("a log that begins anew needs an origin of its own")
    with gate.alone():
        publish(gate)
        places = _places(home)
        half = home / SHARDS / ".half-made"
        if half.exists():
            shutil.rmtree(half)
        for part in ("keys", LEDGER):
            make_folder(half / part)
        private = Ed25519PrivateKey.generate()
        new_key(half / "keys" / "log.pem", private)
        for n in range(1, len(load_settings(home / SETTINGS_FILE).witnesses.names) + 1):
            begin_witness(half / "witnesses" / str(n))
        old = gate.policy
        try:
            log = Signer(origin, private).key(ED25519)
            text = write_policy(log, old.witnesses, old.groups, old.quorum, old.urls)
        except LedgerError as fault:
            raise SettingsError(f"--origin: {fault}") from None
        write_atomic(half / POLICY_FILE, text.encode())
        write_atomic(half / BASE_FILE, f"{gate.memory.size()}\n".encode())
        # The commit point: from here on the old log is not published on, and whoever opens the home begins the new one.
        half.rename(home / SHARDS / f"{len(places) + 1:04d}")
        settle(home / SHARDS)
    return open_home(home, clock)


def _line_salts(vault: KeyVault) -> Callable[[SubmissionId], Callable[[str], bytes]]:
    def salts(submission: SubmissionId) -> Callable[[str], bytes]:
        vault.new_key(submission)
        return vault.salts(submission)

    return salts


def _make_secrets(home: Path, settings: Settings) -> None:
    for part in ("keys", "vault", LEDGER):
        make_folder(home / part)
    for name in ("vault", "fingerprint", "records"):
        write_atomic(home / "keys" / name, os.urandom(SECRET_BYTES))
    new_key(home / "keys" / "log.pem", Ed25519PrivateKey.generate())
    for n in range(1, len(settings.witnesses.names) + 1):
        folder = home / "witnesses" / str(n)
        begin_witness(folder)
        new_key(folder / "key.pem", Ed25519PrivateKey.generate())


def _secret(home: Path, name: str) -> bytes:
    secret = (home / "keys" / name).read_bytes()
    if len(secret) != SECRET_BYTES:
        raise SettingsError(f"the home's secret “{name}” is damaged")
    return secret


def _policy_text(home: Path, settings: Settings) -> str:
    log = Signer(settings.gateway.origin, load_key(home / "keys" / "log.pem")).key(ED25519)
    keys = {
        f"w{n}": Signer(name, load_key(home / "witnesses" / str(n) / "key.pem")).key(COSIGNATURE)
        for n, name in enumerate(settings.witnesses.names, 1)
    }
    urls = {}
    for n, remote in enumerate(settings.witnesses.remote, 1):
        keys[f"r{n}"], urls[f"r{n}"] = _remote_key(remote.vkey), remote.url
    group = Group(settings.witnesses.quorum, tuple(keys))
    return write_policy(log, keys, {"witnesses": group}, "witnesses", urls)


def _remote_key(vkey: str) -> VerifierKey:
    try:
        key = parse_vkey(vkey)
    except LedgerError as fault:
        raise SettingsError(f"witnesses.remote: {fault}") from None
    if key.algorithm == COSIGNATURE and not is_signing_key(key.public):
        raise SettingsError("witnesses.remote: a key is no point of the prime-order group")
    return key


def _open_records(home: Path) -> LocalRecords:
    if not (home / RECORDS).is_file():
        raise RecordEngineError("there is no index of records; `lawgate records index` builds one")
    return open_index(home / RECORDS, _secret(home, "records"))


@contextmanager
def _workers(line_count: int) -> Iterator[Workers]:
    """Work in this process or, where there are many lines, in as many others as there are processors."""
    processes = len(os.sched_getaffinity(0))
    if processes == 1 or line_count < WORTH_PROCESSES:
        yield _here
        return
    # Spawned, not forked: an open database or a lock must not live on in another process.
    pool = ProcessPoolExecutor(processes, get_context("spawn"))
    try:
        yield partial(_there, pool, AHEAD * processes)
    finally:
        pool.shutdown(cancel_futures=True)


def _here(work: Callable[[C], R], pieces: Iterable[C]) -> Iterator[tuple[R, float]]:
    return ((work(piece), 0.0) for piece in pieces)


def _there(
    pool: ProcessPoolExecutor, ahead: int, work: Callable[[C], R], pieces: Iterable[C]
) -> Iterator[tuple[R, float]]:
    waiting: deque[Future[tuple[R, float]]] = deque()
    for piece in pieces:
        waiting.append(pool.submit(_timed_work, work, piece))
        if len(waiting) > ahead:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _timed_work(work: Callable[[C], R], piece: C) -> tuple[R, float]:
    begun = time.process_time()
    done = work(piece)
    return done, time.process_time() - begun


def _records_of(home: Path) -> Callable[[], LocalRecords]:
    """Return what opens the index, and opens it again only after another was built: it is read and checked as a whole each time."""
    held: dict[tuple[int, int], LocalRecords] = {}

    def open_records() -> LocalRecords:
        # A new index takes the old one's name as another file (adapters.durable).
        file = (home / RECORDS).stat() if (home / RECORDS).is_file() else None
        which = (0, 0) if file is None else (file.st_ino, file.st_mtime_ns)
        if which not in held:
            held.clear()
            held[which] = _open_records(home)
        return held[which]

    return open_records


def _open_store(home: Path, *, create: bool) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lawgate.django_settings")
    import django  # loaded only when a home is opened

    django.setup()
    from lawgate.store.open import open_database

    open_database(home / DATABASE, create=create)


def _close_store() -> None:
    from lawgate.store.open import close_database

    close_database()
