"""Erasures that survive restores, holds that block them; witnesses that fall silent; a policy that two of three offline people signed."""

from __future__ import annotations

import dataclasses
import functools
import http.server
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import django
import pytest

from lawgate import erasure, incident, pipeline, places, stop_orders, upkeep, wiring
from lawgate.adapters.key_files import load_key
from lawgate.adapters.submission_files import read_submission
from lawgate.cli.doctor import _home as doctors_rows
from lawgate.domain.errors import LedgerError, NotPermittedError, QuorumError, SettingsError, StoreError
from lawgate.domain.steps import Package, SubmissionId
from lawgate.evidence.envelope import sign
from lawgate.gate import Gate, heartbeat, publish
from lawgate.ledger import audit
from lawgate.oversight.survey import reconcile_home
from lawgate.rehearsal import people
from lawgate.store.open import close_database
from lawgate_verifier.audit import audit as outsiders_audit
from lawgate_verifier.ledger import open_log
from lawgate_verifier.policy import parse_policy, parse_signed_policy
from lawgate_verifier.readers import folder_reader
from lawgate_verifier.refused import Refused

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
Copy = Callable[..., Path]
VAULT = ("vault",)
MEMORY = tuple(wiring.DATABASE + end for end in ("", "-wal", "-shm"))


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lawgate.django_settings")
    django.setup()
    yield
    close_database()


def opened(world: Path, now: datetime = NOW) -> Gate:
    return wiring.open_home(world / "home", lambda: now)


def only(gate: Gate) -> SubmissionId:
    (summary,) = gate.memory.summaries()
    return summary.submission


def signed(world: Path, document: str, person: str, now: datetime = NOW, /, **body: Any) -> bytes:
    return sign(
        document, {**body, "made": f"{now:%Y-%m-%dT%H:%M:%SZ}"}, load_key(world / "keys" / f"{person}.pem")
    )


def handed_over(world: Path) -> tuple[Gate, SubmissionId]:
    gate = opened(world)
    number = only(gate)
    assert all(isinstance(each, Package) for each in pipeline.hand_over(gate, number))
    return gate, number


def erase(world: Path, gate: Gate, number: str, person: str = people.DISCLOSURE_OFFICER) -> SubmissionId:
    return erasure.erase(gate, signed(world, "erasure", person, submission=number, ground="schedule 4.2"))


def is_readable(gate: Gate, number: SubmissionId) -> bool:
    try:
        gate.memory.received(number)
    except StoreError:
        return False
    return True


def original(gate: Gate, number: SubmissionId) -> dict[str, bytes]:
    sent = gate.originals.sent(number)
    return {name: b"".join(sent.read(name)) for name in sent.digests}


def outsiders_faults(world: Path) -> tuple[Any, ...]:
    home = world / "home"
    policy = parse_policy((home / places.POLICY_FILE).read_bytes())
    return outsiders_audit(open_log(folder_reader(home / places.LEDGER), policy)).faults


def restore(backup: Path, world: Path, parts: tuple[str, ...]) -> None:
    close_database()
    for part in parts:
        there, kept = world / "home" / part, backup / "home" / part
        shutil.rmtree(there) if there.is_dir() else there.unlink(missing_ok=True)
        if kept.is_dir():
            shutil.copytree(kept, there)
        elif kept.exists():
            shutil.copy2(kept, there)


def back_up(world: Path) -> Path:
    close_database()
    shutil.copytree(world, world.with_name("backup"))
    return world.with_name("backup")


def test_an_erasure_is_logged_first_and_leaves_log_accounting_and_counts_as_they_were(copied: Copy) -> None:
    world = copied("logged")
    gate, number = handed_over(world)
    accounting = gate.memory.accounting()
    begun = gate.originals.sent(number)
    assert original(gate, number) == read_submission(world / "submission")
    assert erase(world, gate, number) == number
    assert not is_readable(gate, number)
    with pytest.raises(StoreError):
        gate.originals.sent(number)
    for name in begun.digests:
        with pytest.raises(StoreError):
            b"".join(begun.read(name))
    assert gate.memory.accounting() == accounting
    assert audit.verify_log(gate.tiles, gate.policy).entries_by_type["erasure"] == 1
    assert outsiders_faults(world) == ()
    size = gate.memory.size()
    assert erase(world, gate, number) == number, "again changes nothing"
    assert gate.memory.size() == size


def test_nothing_is_destroyed_until_the_witnesses_have_seen_that_it_will_be(copied: Copy) -> None:
    world = copied("logged")
    gate, number = handed_over(world)
    alone = dataclasses.replace(gate, witnesses=())
    with pytest.raises(QuorumError):
        erase(world, alone, number)
    assert is_readable(gate, number)
    assert erase(world, gate, number) == number
    assert not is_readable(gate, number)


@pytest.mark.parametrize(
    "parts",
    [VAULT, (*VAULT, *MEMORY), (*VAULT, *MEMORY, wiring.ORIGINALS)],
    ids=["vault", "vault and database", "vault, database and originals"],
)
def test_erased_data_does_not_come_back_with_a_restored_backup(copied: Copy, parts: tuple[str, ...]) -> None:
    world = copied("logged")
    _, number = handed_over(world)
    backup = back_up(world)
    erase(world, opened(world), number)
    restore(backup, world, parts)
    assert (world / "home" / "vault" / f"{number}.key").exists(), "the backup brought the key back"
    gate = opened(world)
    assert not (world / "home" / "vault" / f"{number}.key").exists()
    assert not is_readable(gate, number)
    with pytest.raises(StoreError):
        original(gate, number)
    # The same bytes sent once more are known, and do not bring back what was erased; a database older than its log signs nothing.
    with nullcontext() if parts == VAULT else pytest.raises(LedgerError, match="already public"):
        pipeline.receive(gate, read_submission(world / "submission"))
    assert not is_readable(gate, number)
    with pytest.raises(StoreError):
        original(gate, number)


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def test_erased_data_does_not_come_back_even_if_everything_here_is_restored_and_a_mirror_is_left(
    copied: Copy,
) -> None:
    world = copied("logged")
    _, number = handed_over(world)
    backup = back_up(world)
    erase(world, opened(world), number)
    mirror = world.with_name("mirror")
    shutil.copytree(world / "home" / places.LEDGER, mirror)
    restore(backup, world, (*VAULT, *MEMORY, places.LEDGER))
    gate = opened(world)
    assert is_readable(gate, number), "nothing here knows of the erasure"
    with pytest.raises(LedgerError):
        publish(gate)
    handler = functools.partial(Quiet, directory=str(mirror))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        more = upkeep.erasures_at(gate, f"http://127.0.0.1:{server.server_address[1]}/")
        server.shutdown()
    assert (more, erasure.replay(gate, more)) == ({number}, 1)
    assert not is_readable(gate, number)


def test_a_stop_or_a_preservation_blocks_an_erasure_until_it_is_lifted(copied: Copy) -> None:
    world = copied("logged")
    gate, number = handed_over(world)

    def preserve(act: str, person: str = people.COURT, subject: str = number, name: str = "hold-1") -> None:
        body = {"act": act, "preservation": name, "submission": subject, "authority": "scripted"}
        erasure.preserve(gate, signed(world, "preservation", person, **body))

    for subject in (number, ""):
        preserve("order", subject=subject, name=f"hold-{subject}")
        with pytest.raises(NotPermittedError, match="preservation order is in force"):
            erase(world, gate, number)
        with pytest.raises(NotPermittedError):
            preserve("order", subject=subject, name=f"hold-{subject}", person=people.COUNSEL)
        preserve("lift", subject=subject, name=f"hold-{subject}")
    preserve("order", subject="0" * 16, name="hold-other")
    with pytest.raises(NotPermittedError, match="no such preservation"):
        preserve("lift", name="never")
    with pytest.raises(NotPermittedError, match="court or counsel"):
        preserve("order", person=people.DISCLOSURE_OFFICER, name="hold-2")
    stop_orders.order_stop(gate, (world / "signed" / "stop-stop").read_bytes())
    with pytest.raises(NotPermittedError, match="stop is in force"):
        erase(world, gate, number)
    assert is_readable(gate, number)
    lift = {"act": "lift", "stop": "stop-1", "authority": "scripted order 2"}
    stop_orders.lift_stop(gate, signed(world, "stop", people.COURT, **lift))
    erase(world, gate, number)
    assert outsiders_faults(world) == ()
    assert [(p.id, bool(p.lifted)) for p in erasure.preservations(gate)][-1] == ("hold-other", False)


def test_who_may_not_erase_and_what_may_not_be_erased(copied: Copy) -> None:
    world = copied("logged")
    gate = opened(world)
    number = only(gate)
    with pytest.raises(NotPermittedError, match="still wait"):
        erase(world, gate, number)
    with pytest.raises(NotPermittedError, match="disclosure officer"):
        erase(world, gate, number, people.COURT)
    with pytest.raises(NotPermittedError, match="that there is"):
        erase(world, gate, "0" * 16)


def test_an_erasure_under_a_hold_is_a_fault_for_the_outsider(copied: Copy) -> None:
    """If the gateway's own check were taken out, the log itself would say so."""
    world = copied("logged")
    gate, number = handed_over(world)
    body = {"act": "order", "preservation": "hold-1", "submission": "", "authority": "scripted"}
    erasure.preserve(gate, signed(world, "preservation", people.COURT, **body))
    gate.memory.append([erasure.erasure_leaf(at=NOW, submission=number, order_sha256="0" * 64)])
    publish(gate)
    (fault,) = outsiders_faults(world)
    assert "preservation order held" in fault.sentence


# -- a quorum that falls silent -----------------------------------------------------------------------------------------


def test_a_quorum_silent_for_too_long_stops_releases_raises_an_alarm_and_loses_no_request(
    copied: Copy,
) -> None:
    world = copied("logged")
    gate = opened(world)
    number = only(gate)
    silent = dataclasses.replace(gate, witnesses=())
    assert set(pipeline.hand_over(silent, number)) == {"903"}
    assert incident.incidents(gate) == ()

    later = dataclasses.replace(silent, now=lambda: NOW + gate.patience + timedelta(minutes=1))
    for _ in range(2):
        assert set(pipeline.hand_over(later, number)) == {"904"}
    (found,) = incident.incidents(gate)
    assert (found.kind, found.closed) == ("no-quorum", "")
    received = pipeline.receive(later, read_submission(world / "another"))
    assert original(gate, received.submission) == read_submission(world / "another")

    back = dataclasses.replace(later, witnesses=gate.witnesses)
    assert all(isinstance(each, Package) for each in pipeline.hand_over(back, number))
    moment = back.now()
    for body in ({"act": "open", "incident": found.id}, {"act": "close", "incident": "0" * 32}):
        with pytest.raises(NotPermittedError):
            incident.report(
                back, signed(world, "incident", people.COUNSEL, moment, kind="no-quorum", text="x", **body)
            )
    close = {"act": "close", "incident": found.id, "kind": "no-quorum", "text": "a cable"}
    assert incident.report(back, signed(world, "incident", people.COUNSEL, moment, **close)).closed
    assert outsiders_faults(world) == ()
    assert audit.verify_log(back.tiles, back.policy).entries_by_type["incident"] == 2
    assert reconcile_home(back).exact


def test_an_incident_is_opened_and_closed_by_named_people_only(copied: Copy) -> None:
    world = copied("logged")
    gate = opened(world)
    body = {"act": "open", "kind": "wrong-release", "text": "two answers crossed"}
    with pytest.raises(NotPermittedError):
        incident.report(gate, signed(world, "incident", people.FRAUD_HEAD, **body))
    envelope = signed(world, "incident", people.DISCLOSURE_OFFICER, **body)
    found = incident.report(gate, envelope)
    assert incident.report(gate, envelope) == found
    assert len(incident.incidents(gate)) == 1


# -- offline roots -----------------------------------------------------------------------------------------------------


@pytest.fixture
def roots(tmp_path: Path) -> Path:
    keys = [upkeep.root_key(tmp_path / f"root{n}.pem", f"root{n}.example") for n in range(3)]
    (tmp_path / "roots").write_text("".join(f"{key}\n" for key in keys))
    return tmp_path / "roots"


def by_roots(roots: Path, policy: Path, *which: int) -> Path:
    file = policy
    for n in which:
        out = roots.with_name(f"signed-{n}")
        upkeep.sign_policy(file, roots.with_name(f"root{n}.pem"), f"root{n}.example", out)
        file = out
    return file


def test_nothing_leaves_until_two_of_three_roots_signed_the_policy(copied: Copy, roots: Path) -> None:
    world = copied("logged")
    home = world / "home"
    shutil.copy(roots, home / places.ROOTS_FILE)
    gate = opened(world)
    number = only(gate)
    assert set(pipeline.hand_over(gate, number)) == {"905"}
    heartbeat(gate)
    policy = home / places.POLICY_FILE
    for too_few in (by_roots(roots, policy, 0), by_roots(roots, policy, 1, 1)):
        with pytest.raises(SettingsError, match="fewer than two"):
            upkeep.adopt_policy(home, too_few, lambda: NOW)
    size = gate.memory.size()
    both = by_roots(roots, policy, 0, 2)
    again = upkeep.adopt_policy(home, both, lambda: NOW)
    assert (again.policy_is_signed, again.memory.size()) == (True, size)
    assert all(isinstance(each, Package) for each in pipeline.hand_over(again, number))

    outside, text = parse_signed_policy(both.read_bytes(), roots.read_bytes())
    assert (text, outside) == (policy.read_bytes(), parse_policy(policy.read_bytes()))
    with pytest.raises(Refused, match="Fewer than two"):
        parse_signed_policy(by_roots(roots, policy, 1).read_bytes(), roots.read_bytes())
    with pytest.raises(Refused, match="three different"):
        parse_signed_policy(both.read_bytes(), roots.read_bytes().splitlines(True)[0] * 3)
    # Whoever changes the file in force changes what is signed.
    policy.write_text("# a word\n" + policy.read_text())
    assert set(pipeline.hand_over(opened(world), number)) == {"905"}


def test_a_witness_is_exchanged_by_two_roots_and_a_crash_leaves_the_old_policy_or_the_new(
    copied: Copy, roots: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = copied("logged")
    home = world / "home"
    shutil.copy(roots, home / places.ROOTS_FILE)
    old = (home / places.POLICY_FILE).read_text()
    one_witness = old.replace("group witnesses 2 w1 w2", "group witnesses 1 w1 w2")
    assert one_witness != old
    draft = roots.with_name("draft")
    draft.write_text(one_witness)
    new = by_roots(roots, draft, 1, 2)

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    before = opened(world).memory.size()
    with monkeypatch.context() as patch:
        patch.setattr(upkeep, "settle_policy", crash)
        with pytest.raises(KeyboardInterrupt):
            upkeep.adopt_policy(home, new, lambda: NOW)
    gate = opened(world)
    assert (gate.policy.text, gate.policy_is_signed) == (one_witness, True), (
        "the log named it: it is in force"
    )
    assert gate.memory.size() == before + 1
    publish(gate)
    assert audit.verify_log(gate.tiles, gate.policy).policy_current
    assert outsiders_faults(world) == ()

    # A crash before the log named it: the old one stays, and nothing of the new one does.
    (home / places.NEXT_POLICY).write_text(by_roots(roots, _written(draft, old), 0, 1).read_text())
    assert opened(world).policy.text == one_witness
    assert not (home / places.NEXT_POLICY).exists()


def _written(file: Path, text: str) -> Path:
    file.write_text(text)
    return file


def test_a_policy_with_another_log_or_a_key_outside_the_group_is_not_adopted(
    copied: Copy, roots: Path
) -> None:
    world = copied("logged")
    home = world / "home"
    with pytest.raises(SettingsError, match="no offline roots"):
        upkeep.adopt_policy(home, by_roots(roots, home / places.POLICY_FILE, 0, 1), lambda: NOW)
    shutil.copy(roots, home / places.ROOTS_FILE)
    text = (home / places.POLICY_FILE).read_text()
    log, witness = text.split()[1], text.split("witness w1 ")[1].split()[0]
    from lawgate.ledger.note import COSIGNATURE, ED25519, VerifierKey

    other = str(VerifierKey(log.split("+")[0], ED25519, b"\x01" * 32))
    small = str(VerifierKey(witness.split("+")[0], COSIGNATURE, b"\x01" + bytes(31)))
    for changed, said in (
        (text.replace(log, other), "never changes"),
        (text.replace(witness, small), "prime-order"),
    ):
        draft = _written(roots.with_name("draft"), changed)
        with pytest.raises(SettingsError, match=said):
            upkeep.adopt_policy(home, by_roots(roots, draft, 0, 1), lambda: NOW)


def test_the_doctor_tells_of_a_lost_quorum_and_an_unsigned_policy(copied: Copy, roots: Path) -> None:
    world = copied("logged")
    home = world / "home"
    rows = {what: present for what, present, _ in doctors_rows(home)}
    assert rows["a quorum of witnesses that knows this log"]
    assert rows["the policy's signatures, if it has roots"]
    shutil.copy(roots, home / places.ROOTS_FILE)
    for n in (1, 2):
        (home / "witnesses" / str(n) / "lock").unlink(missing_ok=True)
        (home / "witnesses" / str(n) / "lock").mkdir()
    rows = {what: present for what, present, _ in doctors_rows(home)}
    assert not rows["a quorum of witnesses that knows this log"]
    assert not rows["the policy's signatures, if it has roots"]
