"""A year ends: the next log commits to the last head, answers of both years leave and are opened, and a half-made change is finished or undone."""

from __future__ import annotations

import dataclasses
import http.server
import os
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import django
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lawgate import pipeline, places, upkeep, wiring
from lawgate.adapters.key_files import load_key, new_key
from lawgate.adapters.ledger_files import LedgerFiles
from lawgate.adapters.stamp_files import KeptStamp, StampFiles
from lawgate.adapters.submission_files import read_submission
from lawgate.adapters.timestamp import ask_stamp, check_stamp, read_anchors
from lawgate.domain.errors import LedgerError, QuorumError, SettingsError
from lawgate.domain.steps import Package, SubmissionId
from lawgate.evidence.canonical import sha256_hex
from lawgate.evidence.envelope import sign
from lawgate.gate import Gate, heartbeat, publish, shard_of
from lawgate.ledger import append, audit
from lawgate.ledger.checkpoint import Checkpoint, sign_checkpoint
from lawgate.ledger.leaves import timestamp_leaf
from lawgate.ledger.note import COSIGNATURE, Signer
from lawgate.rehearsal import people, scripts
from lawgate.store.open import close_database
from lawgate_verifier.audit import audit as outsiders_audit
from lawgate_verifier.ledger import Log, open_log
from lawgate_verifier.officer import read_officer
from lawgate_verifier.package import go_on, open_package
from lawgate_verifier.policy import Policy, parse_policy
from lawgate_verifier.readers import folder_reader
from lawgate_verifier.refused import Refused
from lawgate_verifier.stamped import check_stamps
from lawgate_verifier.state import State, load_state, save_state
from lawgate_verifier.timestamp import read_anchors as outsiders_anchors

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
NEW_YEAR = "gateway.example/rehearsal/2027"
Copy = Callable[..., Path]


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lawgate.django_settings")
    django.setup()
    yield
    close_database()


def opened(world: Path) -> Gate:
    return wiring.open_home(world / "home", lambda: NOW)


def released(gate: Gate, world: Path, name: str) -> SubmissionId:
    """Play one submission until its answers are logged."""
    number = pipeline.receive(gate, read_submission(world / name)).submission
    pipeline.decide(gate, number, (world / "signed" / f"{name}-decision").read_bytes())
    (batch,) = gate.memory.batches(number)
    for person in (people.DISCLOSURE_OFFICER, people.COUNSEL):
        looked = scripts.sample_body(number, 1, batch.sample, NOW)
        pipeline.look_at_sample(
            gate, number, sign("sample", looked, load_key(world / "keys" / f"{person}.pem"))
        )
    pipeline.authorise(gate, number, (world / "signed" / f"{name}-authorisation").read_bytes())
    return number


def packages(gate: Gate, number: SubmissionId) -> list[Package]:
    found = list(pipeline.hand_over(gate, number))
    assert all(isinstance(each, Package) for each in found), found
    return [each for each in found if isinstance(each, Package)]


def years(world: Path) -> list[Path]:
    return [world / "home", world / "home" / places.SHARDS / "0002"]


def policy_in(place: Path) -> Policy:
    return parse_policy((place / places.POLICY_FILE).read_bytes())


def chain(world: Path) -> tuple[Log, Log]:
    old, new = years(world)
    first = open_log(folder_reader(old / places.LEDGER), policy_in(old))
    base = first.head.checkpoint.size
    return first, open_log(folder_reader(new / places.LEDGER), policy_in(new), base)


def open_all(world: Path, place: Path, found: list[Package], states: dict[str, State]) -> int:
    count = 0
    for path in sorted((world / "keys").glob("*.age")):
        person = path.stem
        officer = read_officer(path.read_bytes(), (world / "keys" / f"{person}.pem").read_bytes())
        own = [p for p in found if p.recipient in officer.recipients]
        for package in sorted(own, key=lambda p: p.sequence):
            seen = open_package(dict(package.files), policy_in(place), officer, states.get(person, {}))
            states[person] = seen.state
            count += 1
    return count


def test_answers_of_both_years_leave_and_are_opened_and_the_two_logs_are_checked_as_one(
    copied: Copy, tmp_path: Path
) -> None:
    world = copied("begun")
    gate = opened(world)
    number = released(gate, world, "submission")
    old_size = gate.memory.size()
    after = upkeep.succeed_log(world / "home", NEW_YEAR, lambda: NOW)
    assert (after.base, after.memory.size(), after.policy.log.name) == (old_size, old_size + 2, NEW_YEAR)
    with pytest.raises(LedgerError, match="successor"):
        heartbeat(gate)
    publish(after)

    # Logged last year, handed over this year: proved by last year's log.
    states: dict[str, State] = {}
    early = packages(after, number)
    assert open_all(world, years(world)[0], early, states) == 4
    later = released(after, world, "large")
    fresh = packages(after, later)
    assert fresh

    # An officer whose tool has not been told of the new year opens nothing from it; told, it goes on with the next number.
    entry = str(append.prove(1, after.tiles, after.policy)).encode()
    new = policy_in(years(world)[1])
    known = dict(states)
    with pytest.raises(Refused, match="check 7"):
        open_all(world, years(world)[1], [p for p in fresh if p.sequence > 1], dict(known))
    for person, state in known.items():
        states[person] = go_on(entry, new, state)
        with pytest.raises(Refused, match="accepted from this log already"):
            go_on(entry, new, states[person])
    save_state(tmp_path / "state", next(iter(states.values())))
    assert load_state(tmp_path / "state") == next(iter(states.values()))
    assert open_all(world, years(world)[1], fresh, states) == len(fresh)

    summary = audit.verify_log(after.tiles, after.policy, after.earlier)
    assert sum(summary.entries_by_type.values()) == after.memory.size()
    first, second = chain(world)
    found = outsiders_audit(second, [first])
    assert (found.faults, found.types["shard"]) == ((), 1)
    assert shard_of(after, 0).policy.log.name != NEW_YEAR


def test_a_successor_that_commits_to_another_past_is_found_by_both_programs(copied: Copy) -> None:
    world = copied("logged")
    gate = upkeep.succeed_log(world / "home", NEW_YEAR, lambda: NOW)
    publish(gate)
    other = copied("logged", "other")
    heartbeat(opened(other))
    shorter = dataclasses.replace(gate.earlier[0], tiles=LedgerFiles(other / "home" / places.LEDGER))
    with pytest.raises(LedgerError, match="does not commit"):
        audit.verify_log(gate.tiles, gate.policy, [shorter])
    with pytest.raises(LedgerError, match="says so"):
        audit.verify_log(gate.tiles, gate.policy)
    _, second = chain(world)
    first = open_log(folder_reader(other / "home" / places.LEDGER), policy_in(years(world)[0]))
    assert any("last head" in fault.sentence for fault in outsiders_audit(second, [first]).faults)
    assert any("succeeds" in fault.sentence for fault in outsiders_audit(second).faults)
    # Nothing was seen of the log before: there is nothing to go on from.
    with pytest.raises(Refused, match="Nothing was accepted"):
        go_on(str(append.prove(1, gate.tiles, gate.policy)).encode(), policy_in(years(world)[1]), {})


def test_a_year_is_not_ended_without_a_quorum_and_a_half_begun_one_is_finished(
    copied: Copy, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = copied("logged")
    gate = opened(world)
    size, lock = gate.memory.size(), world / "home" / "witnesses" / "2" / "lock"
    lock.unlink(missing_ok=True)
    lock.mkdir()
    with pytest.raises(QuorumError):
        upkeep.succeed_log(world / "home", NEW_YEAR, lambda: NOW)
    lock.rmdir()
    assert heartbeat(gate) == size + 1
    for bad in (gate.policy.log.name, "two words", ""):
        with pytest.raises(SettingsError):
            upkeep.succeed_log(world / "home", bad, lambda: NOW)

    def crash(gate: Gate) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(wiring.home, "begin_sequence", crash)
        with pytest.raises(KeyboardInterrupt):
            upkeep.succeed_log(world / "home", NEW_YEAR, lambda: NOW)
    again = opened(world)
    assert again.memory.size() == again.base + 2
    publish(again)
    assert audit.verify_log(again.tiles, again.policy, again.earlier).size == 2


def test_an_old_backup_of_the_second_year_signs_nothing(copied: Copy) -> None:
    world = copied("logged")
    gate = upkeep.succeed_log(world / "home", NEW_YEAR, lambda: NOW)
    publish(gate)
    close_database()
    shutil.copytree(world, world.with_name("backup"))
    gate = opened(world)
    heartbeat(gate)
    close_database()
    for part in (wiring.DATABASE, wiring.DATABASE + "-wal", wiring.DATABASE + "-shm"):
        (world / "home" / part).unlink(missing_ok=True)
        if (world.with_name("backup") / "home" / part).exists():
            shutil.copy2(world.with_name("backup") / "home" / part, world / "home" / part)
    restored = opened(world)
    head = restored.memory.load_head()
    with pytest.raises(LedgerError):
        heartbeat(restored)
    assert restored.memory.load_head() == head


# -- RFC 3161 ----------------------------------------------------------------------------------------------------------

CONFIG = """
[ca]
basicConstraints = critical,CA:true
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[tsa_cert]
basicConstraints = critical,CA:false
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[tsa]
default_tsa = one
[one]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
accuracy = secs:1
ess_cert_id_alg = sha256
"""


def openssl(*words: object, code: int = 0) -> str:
    done = subprocess.run(["openssl", *map(str, words)], capture_output=True, text=True, timeout=60)
    assert done.returncode == code, done.stderr
    return done.stdout + done.stderr


def make_authority(folder: Path) -> None:
    folder.mkdir()
    (folder / "serial").write_text("01\n")
    (folder / "conf").write_text(CONFIG.format(folder=folder))
    for name in ("root", "tsa"):
        openssl("ecparam", "-genkey", "-name", "prime256v1", "-out", folder / f"{name}.key")
        openssl(
            "req",
            "-new",
            "-key",
            folder / f"{name}.key",
            "-subj",
            f"/CN=test {name}",
            "-out",
            folder / f"{name}.csr",
        )
    conf = ("-extfile", folder / "conf", "-days", "36500")
    openssl(
        "x509",
        "-req",
        "-in",
        folder / "root.csr",
        "-signkey",
        folder / "root.key",
        *conf,
        "-extensions",
        "ca",
        "-out",
        folder / "root.pem",
    )
    by = ("-CA", folder / "root.pem", "-CAkey", folder / "root.key", "-CAcreateserial")
    openssl(
        "x509",
        "-req",
        "-in",
        folder / "tsa.csr",
        *by,
        *conf,
        "-extensions",
        "tsa_cert",
        "-out",
        folder / "tsa.pem",
    )


class Authority(http.server.BaseHTTPRequestHandler):
    """``openssl ts`` behind a POST."""

    folder: Path

    def do_POST(self) -> None:
        (self.folder / "query").write_bytes(self.rfile.read(int(self.headers["Content-Length"])))
        openssl(
            "ts",
            "-reply",
            "-config",
            self.folder / "conf",
            "-section",
            "one",
            "-queryfile",
            self.folder / "query",
            "-out",
            self.folder / "reply",
        )
        raw = (self.folder / "reply").read_bytes()
        self.send_response(200)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def authority(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    if shutil.which("openssl") is None:
        if os.environ.get("LAWGATE_REQUIRE") == "all":
            pytest.fail("missing: openssl")
        pytest.skip("missing: openssl")
    folder = tmp_path / "authority"
    make_authority(folder)
    handler = type("OwnAuthority", (Authority,), {"folder": folder})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield folder, f"http://127.0.0.1:{server.server_address[1]}/tsa"
        server.shutdown()


def test_one_checkpoint_a_day_is_stamped_and_openssl_says_so_too(
    copied: Copy, authority: tuple[Path, str], tmp_path: Path
) -> None:
    world = copied("logged")
    home = world / "home"
    assert upkeep.stamp_ledger(home, lambda: NOW) is None, "no authority is configured"
    stamping(world, authority)
    assert upkeep.stamp_ledger(home, lambda: NOW) == "2026-03-02"
    assert upkeep.stamp_ledger(home, lambda: NOW) is None, "one a day"
    assert upkeep.check_stamps(home) == 1

    stamps = home / places.LEDGER / "timestamps" / "2026-03-02"
    verify = ("ts", "-verify", "-in", stamps / "response.tsr", "-CAfile", home / "anchors.pem", "-data")
    assert "Verification: OK" in openssl(*verify, stamps / "checkpoint")
    other = tmp_path / "other"
    other.write_bytes((stamps / "checkpoint").read_bytes() + b"\n")
    assert "Verification: FAILED" in openssl(*verify, other, code=1)

    gate = opened(world)
    log = open_log(folder_reader(home / places.LEDGER), policy_in(home))
    *_, last = log.entries
    assert (outsiders_audit(log).faults, last.kind) == ((), "timestamp")
    assert audit.verify_log(gate.tiles, gate.policy).entries_by_type["timestamp"] == 1
    trusted = outsiders_anchors((home / "anchors.pem").read_bytes())
    ((held,), faults) = check_stamps([log], trusted)
    assert (held.entry.index, held.stamp.authority, faults) == (last.index, "CN=test tsa", ())
    (stamps / "checkpoint").write_bytes(other.read_bytes())
    with pytest.raises(LedgerError):
        upkeep.check_stamps(home)
    assert [fault.index for fault in check_stamps([log], trusted)[1]] == [last.index]
    (stamps / "response.tsr").unlink()
    with pytest.raises(LedgerError, match="missing"):
        upkeep.check_stamps(home)


def stamping(world: Path, authority: tuple[Path, str]) -> Path:
    folder, url = authority
    home = world / "home"
    settings = home / wiring.SETTINGS_FILE
    settings.write_text(settings.read_text() + f'\n[timestamp]\nurl = "{url}"\nanchors = "anchors.pem"\n')
    shutil.copy(folder / "root.pem", home / "anchors.pem")
    return home


def test_a_stamp_holds_after_the_policy_has_other_witnesses(
    copied: Copy, authority: tuple[Path, str]
) -> None:
    """Whoever cosigns today, the log signed that checkpoint with its one key, and had that root at that size."""
    world = copied("logged")
    home = stamping(world, authority)
    assert upkeep.stamp_ledger(home, lambda: NOW) == "2026-03-02"
    policy, key = home / places.POLICY_FILE, home / "witnesses" / "1" / "key.pem"
    name = opened(world).policy.witnesses["w1"].name
    private = Ed25519PrivateKey.generate()
    key.unlink()
    new_key(key, private)
    changed = policy.read_text().replace(
        str(opened(world).policy.witnesses["w1"]), str(Signer(name, private).key(COSIGNATURE))
    )
    assert changed != policy.read_text()
    policy.write_text(changed)
    gate = opened(world)
    heartbeat(gate)
    assert upkeep.check_stamps(home) == 1
    trusted = outsiders_anchors((home / "anchors.pem").read_bytes())
    held, faults = check_stamps([open_log(folder_reader(home / places.LEDGER), policy_in(home))], trusted)
    assert (len(held), faults) == (1, ())


def test_a_stamp_of_a_past_that_the_log_never_had_is_refused_although_the_log_signed_it(
    copied: Copy, authority: tuple[Path, str]
) -> None:
    world = copied("logged")
    home = stamping(world, authority)
    gate = opened(world)
    fork = Checkpoint(gate.policy.log.name, 3, b"f" * 32)
    content = str(sign_checkpoint(fork, gate.signer)).encode()
    response = ask_stamp(content, authority[1], read_anchors((home / "anchors.pem").read_bytes()))
    StampFiles(home / places.LEDGER).keep(KeptStamp("2026-03-02", content, response))
    leaf = timestamp_leaf(at=NOW, size=3, root=fork.root.hex(), stamp_sha256=sha256_hex(response))
    gate.memory.append([leaf])
    with pytest.raises(LedgerError, match="another checkpoint"):
        upkeep.check_stamps(home)


def test_a_stamp_by_another_authority_of_other_bytes_or_with_a_flipped_byte_is_refused(
    authority: tuple[Path, str], tmp_path: Path
) -> None:
    folder, url = authority
    anchors = read_anchors((folder / "root.pem").read_bytes())
    stamp = ask_stamp(b"a checkpoint", url, anchors)
    assert abs((check_stamp(stamp, b"a checkpoint", anchors) - datetime.now(UTC)).total_seconds()) < 60
    make_authority(tmp_path / "second")
    others = read_anchors((tmp_path / "second" / "root.pem").read_bytes())
    for response, content, trusted in (
        (stamp, b"another", anchors),
        (stamp, b"a checkpoint", others),
        (stamp[:-1], b"a checkpoint", anchors),
        (b"", b"a checkpoint", anchors),
    ):
        with pytest.raises(LedgerError):
            check_stamp(response, content, trusted)
    for at in range(0, len(stamp), 7):
        spoilt = stamp[:at] + bytes([stamp[at] ^ 1]) + stamp[at + 1 :]
        try:
            check_stamp(spoilt, b"a checkpoint", anchors)
        except LedgerError:
            continue
        # What a flip may change and still hold is outside the signature: the certificate is sent along, the root is ours.
        assert spoilt != stamp
    with pytest.raises(SettingsError):
        read_anchors((folder / "tsa.pem").read_bytes())
    with pytest.raises(SettingsError):
        read_anchors(b"nothing")
    with pytest.raises(OSError):
        ask_stamp(b"a checkpoint", "http://127.0.0.1:9/tsa", anchors)
