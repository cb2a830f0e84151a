"""Settings → adapters → gate: the only composition root. It owns the clock and randomness, and loads Django where a home needs it."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager, nullcontext, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lawgate.adapters.durable import exclusive, make_folder, settle, write_atomic
from lawgate.adapters.http_witness import HttpWitness
from lawgate.adapters.key_files import load_key, new_age_identity, new_key
from lawgate.adapters.key_store import KeyVault, fingerprint, marks
from lawgate.adapters.ledger_files import LedgerFiles
from lawgate.adapters.local_witness import LocalWitness, begin_witness
from lawgate.adapters.originals import OriginalFiles
from lawgate.adapters.pack_shelf import pack_files
from lawgate.adapters.processes import worker_pool
from lawgate.adapters.record_sources import RecordsInMemory, Source
from lawgate.adapters.sealer_child import SealerChild
from lawgate.adapters.sealer_desk import begin_sealer, name_sealer, require_key, sealer_public, trust_policy
from lawgate.adapters.sealer_lines import SealerEnd, SealerLines
from lawgate.adapters.sealer_socket import SealerConnection, sealer_key
from lawgate.adapters.wrapping_keys import WrappingKeys
from lawgate.domain.errors import QuorumError, RecordEngineError, SettingsError
from lawgate.domain.kept import Memory, line_ranges
from lawgate.domain.leaving import KeptLog, Sealing
from lawgate.domain.steps import SubmissionId
from lawgate.erasure import replay as replay_erasures
from lawgate.evidence.enclosure import enclose
from lawgate.gate import Gate, begin_log, begin_sequence
from lawgate.guard.limits import Limits
from lawgate.ledger.leaves import check_leaf, minute
from lawgate.ledger.note import COSIGNATURE, ED25519, Signer
from lawgate.ledger.policy import Group, write_policy
from lawgate.ledger.shard import Shard
from lawgate.oversight.replay import Part, Past, Replayed
from lawgate.places import (
    LEDGER,
    NEXT_POLICY,
    POLICY_FILE,
    ROOTS_FILE,
    SIGNED_POLICY,
    base_of,
    erasures_beyond,
    places_of,
    policy_is_signed,
    policy_of,
    remote_key,
    roots_of,
    settle_policy,
)
from lawgate.reading import Desk, Reader, Task
from lawgate.records.engine import IndexInfo, RecordEngine
from lawgate.records.rule import RuleLimits
from lawgate.settings import KeySettings, Settings, load_settings
from lawgate.statutes.pack import Ground, Pack
from lawgate.statutes.packs import (
    usc5_552a_b_7,
    usc13_9,
    usc26_6103_i_2,
    usc26_6103_i_5,
    usc26_6103_m_2,
    usc38_5701_f_2,
)
from lawgate.statutes.proof import Proof, Shared, prove, sweep_share
from lawgate.store.arriving import ArrivalBox

if TYPE_CHECKING:
    from lawgate.adapters.pkcs11_token import Token

C = TypeVar("C")
R = TypeVar("R")
Watch = Callable[[str, int, float], None]

GROUNDS: tuple[Ground, ...] = (
    usc26_6103_i_2.GROUND,
    usc26_6103_i_5.GROUND,
    usc26_6103_m_2.GROUND,
    usc5_552a_b_7.GROUND,
    usc38_5701_f_2.GROUND,
    usc13_9.GROUND,
)
"""Every ground there is, in all its readings. It answers nothing until a home's settings name it."""

PACKS: tuple[Pack, ...] = tuple(ground.current for ground in GROUNDS)
"""Of every ground the reading that is applied now."""

TERMS = """\
Terms of use of this answer

This answer was made for the engaged officer to whose key it is sealed, for the one matter that the request named, and is used for nothing
else. What the law of its ground adds stands below. A stop or recall that reaches the holder of this answer binds from its receipt.
"""

SETTINGS_FILE = "lawgate.toml"
DATABASE = "lawgate.sqlite3"
DATABASE_URL = "LAWGATE_DATABASE_URL"
"""Names a database of PostgreSQL's that keeps the home's memory instead. In the environment, because it may hold a password."""
TERMS_FILE = "terms.txt"
SUBJECTS = "subjects"
WRAPPING = Path("keys") / "vault"
SUBJECTS_WRAPPING = Path(SUBJECTS) / "wrapping-key"
HOME_OWNER = "home"
"""Whose data key the home's own secrets come of: those of fingerprints, of the index of records, and of the service."""
RECORDS = Path("records") / "index"
LOCK = "lock"
RECEIVING = "receiving"
SEALER = "sealer"
ORIGINALS = "originals"
SECRET_BYTES = 32
WORTH_PROCESSES = 5000
"""From how many lines on the start of other processes is made good."""
AHEAD = 2
"""How many pieces each of them may have waiting."""


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
    if (places_of(home)[-1] / NEXT_POLICY).exists():
        with exclusive(home / LOCK):
            settle_policy(places_of(home)[-1], _gate(home, settings, clock))
    gate = _gate(home, settings, clock)
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


def index_records(home: Path, sources: list[Path], view: str | None = None) -> IndexInfo:
    """Build the home's index of records from CSV or Parquet files and a database's view; the old index stays until the new one is whole."""
    if not (home / SETTINGS_FILE).is_file():
        raise SettingsError(f"{home} is not a home")
    # loaded only by what indexes or matches: it compiles
    from lawgate.adapters.index_build import index_sources

    given = _record_sources(sources, view)
    make_folder(home / RECORDS.parent)
    return index_sources(given, home / RECORDS, home_secret(home, "records"), random_bytes=os.urandom)


def update_records(
    home: Path, changed: list[Path], withdrawn: list[Path], view: str | None = None
) -> IndexInfo:
    """Put changed and new records into the home's index and take withdrawn ones out; the old index stays until the new one is whole."""
    from lawgate.adapters.index_update import update_index
    from lawgate.adapters.record_sources import WithdrawnIds

    target, gone = _index(home), [WithdrawnIds(path) for path in withdrawn]
    given = _record_sources(changed, view)
    return update_index(given, gone, target, home_secret(home, "records"), random_bytes=os.urandom)


def _record_sources(files: list[Path], view: str | None) -> list[Source]:
    from lawgate.adapters.record_sources import RecordSource

    sources: list[Source] = [RecordSource(path) for path in files]
    if view is not None:
        from lawgate.adapters.record_database import DATABASE, DatabaseView

        if not os.environ.get(DATABASE):
            raise SettingsError(f"a view was named, but {DATABASE} is not set; it says which database")
        sources.append(DatabaseView(os.environ[DATABASE], view))
    return sources


@contextmanager
def records_apart(source: RecordsInMemory) -> Iterator[tuple[RecordEngine, IndexInfo]]:
    """Index records in a folder and under a key of their own, which go with the block: whoever measures looks there, not into a home."""
    from lawgate.adapters.index_build import index_sources
    from lawgate.adapters.local_records import open_index

    with tempfile.TemporaryDirectory() as folder:
        target, key = Path(folder) / "index", os.urandom(SECRET_BYTES)
        info = index_sources([source], target, key, random_bytes=os.urandom)
        yield open_index(target, key), info


def records_info(home: Path) -> IndexInfo:
    """Open the index, check every byte of it, and say what it holds: counts only."""
    from lawgate.adapters.local_records import open_index

    records = open_index(_index(home), home_secret(home, "records"))
    records.check_all()
    return records.info


def replay_past(
    home: Path, gate: Gate, submission: SubmissionId, new: Pack, watch: Watch = unwatched
) -> Replayed:
    """Read a past submission of an opened home again under another reading, and tell ``watch`` of each piece; for a large one in as many
    processes as there are processors. Raises what ``Past`` raises."""
    past = Past(gate.memory, ground_named(new.id), submission, new)
    pieces, processes = line_ranges(past.line_count), _processes(past.line_count)
    if processes == 1:
        return past.whole(_watched(((past.part(some), 0.0) for some in pieces), watch))
    pool = worker_pool(processes, _begin_replay, (home, submission, new.name))
    try:
        return past.whole(_watched(_there(pool, AHEAD * processes, _replay_there, pieces), watch))
    finally:
        pool.shutdown(cancel_futures=True)


def _watched(parts: Iterable[tuple[Part, float]], watch: Watch) -> Iterator[Part]:
    for part, seconds in parts:
        watch("replay", part.lines, seconds)
        yield part


_pasts: list[Past] = []
"""In a process that reads past lines again: their submission."""


def _begin_replay(home: Path, submission: SubmissionId, new: str) -> None:
    _open_store(home, create=False)
    pack = pack_named(new)
    _pasts.append(Past(_memory(_vault(home)), ground_named(pack.id), submission, pack))


def _replay_there(some: range) -> Part:
    return _pasts[0].part(some)


def new_person_key(path: Path, receive: Path | None) -> tuple[str, str | None]:
    """Make a person's signing key file and, if asked, an age identity; return public key (hex) and age recipient."""
    private = Ed25519PrivateKey.generate()
    new_key(path, private)
    recipient = None if receive is None else new_age_identity(receive)
    return private.public_key().public_bytes_raw().hex(), recipient


def new_nonce() -> str:
    """Return 32 random hex digits, for a cover request."""
    return os.urandom(16).hex()


def prove_pack(pack: Pack, processes: int = 2) -> Proof:
    """Prove a pack, the long sweeps shared out among processes. The proof is the same for any number of them."""
    with ProcessPoolExecutor(processes) as pool:
        shares = pool.map(_prove_share, [pack.id] * processes, range(processes), [processes] * processes)
        return prove(pack_files(pack), list(shares))


def _prove_share(pack: str, part: int, parts: int) -> Shared:
    return sweep_share(pack_files(pack_named(pack)), part, parts)


def ground_named(pack: str) -> Ground:
    """Find a ground by its id. Raises SettingsError if there is none."""
    for known in GROUNDS:
        if known.id == pack:
            return known
    raise SettingsError(f"there is no pack {pack}; there is {', '.join(g.id for g in GROUNDS)}")


def pack_named(pack: str) -> Pack:
    """Find a pack by its id, in the reading applied now, or by id and version: ``usc26-6103-i-2@1``.

    Raises SettingsError if there is no such pack, StatuteError if it has no such version.
    """
    name, _, version = pack.partition("@")
    ground = ground_named(name)
    return ground.version(version) if version else ground.current


def _gate(home: Path, settings: Settings, clock: Callable[[], datetime]) -> Gate:
    *earlier, place = places_of(home)
    policy = policy_of(place)
    vault = _vault(home)
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
        memory=_memory(vault),
        open_records=_records_of(home),
        tiles=LedgerFiles(place / LEDGER),
        signer=log,
        witnesses=(*local, *remote),
        policy=policy,
        base=base_of(place),
        earlier=tuple(Shard(base_of(p), LedgerFiles(p / LEDGER), policy_of(p)) for p in earlier),
        superseded=lambda: places_of(home)[-1] != place,
        patience=timedelta(minutes=settings.witnesses.patience_minutes),
        policy_is_signed=policy_is_signed(home, place, policy),
        subject_key=_subject_keys(home),
        terms=(home / TERMS_FILE).read_bytes(),
        limits=Limits(**limits.model_dump(exclude={"filers_per_address"})),
        rule_limits=RuleLimits(max_filers=limits.filers_per_address),
        sample_size=release.sample_size,
        approval_age=timedelta(days=release.approval_days),
        scripted_allowed=release.scripted_people,
        fingerprint=fingerprint(home_secret(home, "fingerprint")),
        mark=marks(home_secret(home, "fingerprint")),
        originals=OriginalFiles(home / ORIGINALS, vault, os.urandom),
        reader=lambda task: Reader(_desk(home), task),
        spread=partial(_spread, home),
        receiving=lambda: exclusive(home / RECEIVING),
        line_salts=_line_salts(vault),
        now=clock,
        random_bytes=os.urandom,
        alone=lambda: exclusive(home / LOCK),
        ticks=time.process_time,
        watch=unwatched,
        enclose=partial(enclose, sealer_public(home / SEALER)),
        logs=tuple(_kept_log(home, p) for p in (*earlier, place)),
        sealers=SealerLines(_sealer_end(home, settings), _processes),
    )


def _memory(vault: KeyVault) -> Memory:
    from lawgate.store.memory import memory_on  # Django's models can be imported only after its set-up

    return memory_on(vault)


def _vault(home: Path) -> KeyVault:
    return KeyVault(home / "vault", _wrapping(home, WRAPPING), os.urandom)


def _subjects(home: Path) -> KeyVault:
    """Subjects' keys lie in a vault of their own, under a wrapping key of its own, so that another desk can keep them."""
    return KeyVault(home / SUBJECTS / "keys", _wrapping(home, SUBJECTS_WRAPPING), os.urandom)


def _wrapping(home: Path, file: Path) -> WrappingKeys:
    keys = load_settings(home / SETTINGS_FILE).keys
    return WrappingKeys(home / file, None if keys is None else partial(_token, home, keys), os.urandom)


def _token(home: Path, keys: KeySettings) -> Token:
    """Return this process's one login to the token."""
    from lawgate.adapters.pkcs11_token import Token, pin_place  # a home without a token never loads it

    which = Path(keys.module), keys.token, pin_place(keys.pin_file, home)
    with _one_at_a_time:
        if which not in _tokens:
            _tokens[which] = Token(*which)
        return _tokens[which]


_tokens: dict[tuple[Path, str, Path], Token] = {}
_one_at_a_time = Lock()


def rotate_keys(home: Path) -> int:
    """Wrap all data keys of a home under new wrapping keys, made where its settings say, destroy the old ones, and return how many were
    wrapped anew. A call that was cut short is gone on with. Raises KeyStoreError, StoreError."""
    if not (home / SETTINGS_FILE).is_file():
        raise SettingsError(f"{home} is not a home")
    vaults = [_vault(home)]
    if (home / SUBJECTS_WRAPPING).exists():
        vaults.append(_subjects(home))
    return sum(vault.rotate() for vault in vaults)


def require_wrapping_key(home: Path) -> None:
    """Look whether data keys open, and the wrapping key is where the settings say. Raises KeyStoreError, SettingsError, StoreError."""
    wrapping = _wrapping(home, WRAPPING)
    home_secret(home, "fingerprint")
    if wrapping.where != wrapping.wanted:
        raise SettingsError("the wrapping key is not where the settings say; `lawgate vault rotate` moves it")


def home_secret(home: Path, name: str) -> bytes:
    """Return one of the home's own 32-byte secrets, which come of a data key like any other. Raises StoreError, KeyStoreError."""
    return _vault(home).salts(HOME_OWNER)(name)


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


def _processes(lines: int) -> int:
    """How many processes work on so many lines: one, or as many as there are processors."""
    return 1 if lines < WORTH_PROCESSES else len(os.sched_getaffinity(0))


def _spread(home: Path, task: Task, work: Callable[[Reader, C], R], items: Iterator[C]) -> Iterator[R]:
    """Read chunks in this process, or for a large submission in as many as there are processors, and yield what comes of them in order."""
    processes = _processes(task.received.cover.line_count)
    if processes == 1:
        reader = Reader(_desk(home), task)
        yield from (work(reader, item) for item in items)
        return
    pool = worker_pool(processes, _begin_reading, (home, task))
    try:
        done = _there(pool, AHEAD * processes, partial(_read_there, work), items)
        yield from (result for result, _ in done)
    finally:
        pool.shutdown(cancel_futures=True)


_readers: list[Reader] = []
"""In a process that reads chunks: its reader."""


def _begin_reading(home: Path, task: Task) -> None:
    _readers.append(Reader(_desk(home), task))


def _read_there(work: Callable[[Reader, C], R], item: C) -> R:
    return work(_readers[0], item)


def _desk(home: Path) -> Desk:
    vault = _vault(home)

    @contextmanager
    def sealer(submission: SubmissionId) -> Iterator[ArrivalBox]:
        with vault.opened(submission) as box:
            yield ArrivalBox(submission, box)

    return Desk(
        packs={ground.id: ground for ground in GROUNDS},
        mark=marks(home_secret(home, "fingerprint")),
        sealer=sealer,
        line_salts=vault.salts,
        ticks=time.process_time,
    )


def _subject_keys(home: Path) -> Callable[[str], bytes]:
    def key_of(subject: str) -> bytes:
        vault = _subjects(home)
        if not (home / SUBJECTS_WRAPPING).exists():
            make_folder(home / SUBJECTS)
            _wrapping(home, SUBJECTS_WRAPPING).begin()
        vault.new_key(subject)
        return vault.salts(subject)("subject")

    return key_of


def _line_salts(vault: KeyVault) -> Callable[[SubmissionId], Callable[[str], bytes]]:
    def salts(submission: SubmissionId) -> Callable[[str], bytes]:
        vault.new_key(submission)
        return vault.salts(submission)

    return salts


def _make_secrets(home: Path, settings: Settings) -> None:
    for part in ("keys", "vault", LEDGER):
        make_folder(home / part)
    _wrapping(home, WRAPPING).begin()
    _vault(home).new_key(HOME_OWNER)
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


def _open_records(home: Path) -> RecordEngine:
    from lawgate.adapters.local_records import open_index

    return open_index(_index(home), home_secret(home, "records"))


def _index(home: Path) -> Path:
    if not (home / RECORDS).is_file():
        raise RecordEngineError("there is no index of records; `lawgate records index` builds one")
    return home / RECORDS


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


def _records_of(home: Path) -> Callable[[], RecordEngine]:
    """Return what opens the index, and opens it again only after another was built: it is read and checked as a whole each time."""
    held: dict[tuple[int, int], RecordEngine] = {}

    def open_records() -> RecordEngine:
        # A new index takes the old one's name as another file (adapters.durable).
        file = (home / RECORDS).stat() if (home / RECORDS).is_file() else None
        which = (0, 0) if file is None else (file.st_ino, file.st_mtime_ns)
        if which not in held:
            held.clear()
            held[which] = _open_records(home)
        return held[which]

    return open_records


def database_rights(writer: str, reader: str) -> str:
    """Write the statements of PostgreSQL's that give two accounts their rights in a home's database. Raises SettingsError for a name that is none."""
    _set_up_django()
    from lawgate.store.rights import rights

    return rights(writer, reader)


def _set_up_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lawgate.django_settings")
    import django  # loaded only when the memory's tables are needed

    django.setup()


def _open_store(home: Path, *, create: bool) -> None:
    _set_up_django()
    from lawgate.store.open import open_database

    open_database(home / DATABASE, create=create, url=os.environ.get(DATABASE_URL))


def _close_store() -> None:
    from lawgate.store.open import close_database

    close_database()
