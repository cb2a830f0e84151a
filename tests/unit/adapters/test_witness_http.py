"""A witness over HTTP on loopback: the statuses of C2SP tlog-witness, what a stranger may cost, and a log that lives by it."""

from __future__ import annotations

import functools
import gzip
import http.client
import http.server
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

from lawgate.adapters.http_ledger import HttpLedger
from lawgate.adapters.http_witness import HttpWitness
from lawgate.adapters.ledger_files import LedgerFiles
from lawgate.adapters.witness_desk import WitnessDesk, begin_desk
from lawgate.adapters.witness_server import LARGEST_BODY, WitnessServer
from lawgate.domain.errors import LedgerError, QuorumError, SettingsError
from lawgate.ledger.append import publish
from lawgate.ledger.audit import verify_log
from lawgate.ledger.checkpoint import Checkpoint, sign_checkpoint
from lawgate.ledger.leaves import heartbeat_leaf, policy_leaf
from lawgate.ledger.note import ED25519, ML_DSA_44, Signer, VerifierKey, parse_signatures
from lawgate.ledger.policy import Group, parse_policy, write_policy
from lawgate.ledger.tree import EMPTY_ROOT
from lawgate.ledger.witness import Seen, write_request
from lawgate_verifier.audit import audit
from lawgate_verifier.ledger import open_log
from lawgate_verifier.policy import parse_policy as verifiers_policy
from lawgate_verifier.readers import reader
from lawgate_verifier.refused import Refused

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
LOG = Signer("log.example/test", Ed25519PrivateKey.from_private_bytes(b"L" * 32))
OTHER = Signer("other.example/test", Ed25519PrivateKey.from_private_bytes(b"O" * 32))
Serve = Callable[..., WitnessServer]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Start witnesses on loopback ports of their own; none outlives the test."""
    started: list[WitnessServer] = []

    def start(name: str = "w.example", *, ml_dsa: bool = False, port: int = 0) -> WitnessServer:
        folder = tmp_path / name
        if not folder.exists():
            seed = name.encode().ljust(32, b"-")
            second = MLDSA44PrivateKey.from_seed_bytes(seed) if ml_dsa else None
            begin_desk(folder, name, Ed25519PrivateKey.from_private_bytes(seed), second)
            WitnessDesk(folder).trust(str(LOG.key(ED25519)))
        server = WitnessServer(("127.0.0.1", port), WitnessDesk(folder), lambda: NOW, lambda said: None)
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        started.append(server)
        return server

    yield start
    for server in started:
        server.shutdown()
        server.server_close()


def request(old: int, size: int, root: bytes, signer: Signer = LOG, proof: tuple[bytes, ...] = ()) -> str:
    return write_request(old, proof, sign_checkpoint(Checkpoint(signer.name, size, root), signer))


def test_statuses_are_those_of_the_standard(serve: Serve) -> None:
    witness = HttpWitness("w", serve().url)
    ask = functools.partial(witness.add_checkpoint, now=NOW)
    assert ask(request(0, 1, b"a" * 32, OTHER)).status == 404
    stranger = Signer(LOG.name, OTHER.private)
    assert ask(request(0, 1, b"a" * 32, stranger)).status == 403
    assert ask("old 0\n").status == 400
    assert ask(request(2, 1, b"a" * 32)).status == 400
    assert ask(request(0, 1, b"a" * 32, proof=(b"p" * 32,))).status == 422
    first = ask(request(0, 1, b"a" * 32))
    assert (first.status, len(parse_signatures(first.body))) == (200, 1)
    assert (ask(request(0, 2, b"b" * 32)).status, ask(request(0, 2, b"b" * 32)).body) == (409, "1\n")
    assert ask(request(1, 1, b"b" * 32)).status == 409
    assert ask(request(1, 1, b"a" * 32)).status == 200
    assert ask(request(1, 2, b"b" * 32, proof=(b"p" * 32,))).status == 422


def test_a_witness_of_two_keys_gives_two_lines_and_remembers_when_started_again(
    serve: Serve, tmp_path: Path
) -> None:
    server = serve(ml_dsa=True)
    lines = parse_signatures(HttpWitness("w", server.url).add_checkpoint(request(0, 1, b"a" * 32), NOW).body)
    text = sign_checkpoint(Checkpoint(LOG.name, 1, b"a" * 32), LOG).text
    vkeys = WitnessDesk(tmp_path / "w.example").vkeys
    assert [key.verifies(text, line) for key, line in zip(vkeys, lines, strict=True)] == [True, True]
    assert vkeys[1].algorithm == ML_DSA_44
    again = serve()
    assert HttpWitness("w", again.url).add_checkpoint(request(0, 1, b"b" * 32), NOW).body == "1\n"
    assert again.desk.logs() == {LOG.name: Seen(1, b"a" * 32)}


def test_a_log_is_trusted_once_and_under_one_key(serve: Serve) -> None:
    desk = serve().desk
    desk.trust(str(LOG.key(ED25519)))
    assert desk.logs() == {LOG.name: Seen(0, EMPTY_ROOT)}
    for bad in (str(Signer(LOG.name, OTHER.private).key(ED25519)), str(LOG.witness_key), "nothing"):
        with pytest.raises(SettingsError):
            desk.trust(bad)


def test_a_log_whose_key_is_outside_the_prime_order_group_is_not_watched(serve: Serve) -> None:
    small = VerifierKey("small.example", ED25519, b"\x01" + bytes(31))
    with pytest.raises(SettingsError, match="prime-order"):
        serve().desk.trust(str(small))


def test_a_witness_that_lets_us_wait_in_vain_is_left_alone_for_a_while() -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        witness = HttpWitness("w", f"http://127.0.0.1:{deaf.getsockname()[1]}", seconds=0.3)
        body = request(0, 1, b"a" * 32)
        with pytest.raises(TimeoutError):
            witness.add_checkpoint(body, NOW)
        start = time.monotonic()
        for _ in range(20):
            with pytest.raises(TimeoutError):
                witness.add_checkpoint(body, NOW)
        assert time.monotonic() - start < 0.25


def test_a_connection_that_breaks_off_is_reported_without_a_word_of_it(serve: Serve) -> None:
    server, said = serve(), list[str]()
    server.report = said.append
    host, port = server.server_address[:2]
    with socket.create_connection((str(host), port)) as broken:
        broken.sendall(b"POST /add-checkpoint HTTP/1.1\r\nContent-Length: 9\r\n\r\nsecret")
        broken.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    assert HttpWitness("w", server.url).add_checkpoint(request(0, 1, b"a" * 32), NOW).status == 200
    assert not any("secret" in line for line in said)


def test_two_hundred_requests_at_once_leave_one_history(serve: Serve) -> None:
    """Sixteen clients race with sixteen different trees of one size: one is cosigned, and no other ever."""
    server = serve()

    def ask(number: int) -> int:
        host = HttpWitness("w", server.url)
        return host.add_checkpoint(request(0, 1, bytes([number % 16]) * 32), NOW).status

    with ThreadPoolExecutor(16) as pool:
        statuses = list(pool.map(ask, range(200)))
    assert statuses.count(200) == 1
    assert set(statuses) <= {200, 409, 503}


def raw(server: WitnessServer, method: str, path: str, body: bytes = b"", **headers: str) -> int:
    host, port = server.server_address[:2]
    connection = http.client.HTTPConnection(str(host), port, timeout=10)
    connection.putrequest(method, path)
    for name, value in headers.items():
        connection.putheader(name.replace("_", "-"), value)
    connection.endheaders(body or None)
    status = connection.getresponse().status
    connection.close()
    return status


def test_what_is_not_the_one_call_is_refused(serve: Serve) -> None:
    server = serve()
    assert raw(server, "GET", "/add-checkpoint") == 405
    assert raw(server, "POST", "/other", Content_Length="0") == 404
    assert raw(server, "POST", "/add-checkpoint") == 411
    assert raw(server, "POST", "/add-checkpoint", Content_Length="-1") == 411
    assert raw(server, "POST", "/add-checkpoint", Transfer_Encoding="chunked", Content_Length="1") == 411
    assert raw(server, "POST", "/add-checkpoint", Content_Length=str(LARGEST_BODY + 1)) == 413
    assert raw(server, "POST", "/add-checkpoint", b"\xff", Content_Length="1") == 400


def test_a_witness_with_a_lost_memory_cosigns_nothing_and_says_so(serve: Serve, tmp_path: Path) -> None:
    server, said = serve(), list[str]()
    server.report = said.append
    (memory,) = (tmp_path / "w.example" / "logs").glob("*/last-seen")
    memory.unlink()
    assert HttpWitness("w", server.url).add_checkpoint(request(0, 1, b"a" * 32), NOW).status == 500
    assert "lost its memory" in said[0]


@pytest.mark.parametrize("prefix", ["", "ftp://host", "http://", "http://host:x", "http://host?q=1", "/path"])
def test_an_address_of_another_form_is_refused(prefix: str) -> None:
    with pytest.raises(SettingsError):
        HttpWitness("w", prefix)


class Source:
    """Entries and head in memory."""

    def __init__(self) -> None:
        self.all = [policy_leaf(at=NOW, origin=LOG.name, policy_sha256="0" * 64, terms_sha256="0" * 64)]
        self.head: str | None = None

    def grow(self, count: int) -> None:
        self.all += [heartbeat_leaf(at=NOW, entries=len(self.all) + n) for n in range(count)]

    def size(self) -> int:
        return len(self.all)

    def entries(self, start: int, end: int) -> list[bytes]:
        return self.all[start:end]

    def load_head(self) -> str | None:
        return self.head

    def swap_head(self, old: str | None, new: str) -> bool:
        self.head = new
        return True


class Static(http.server.SimpleHTTPRequestHandler):
    """Any static host; it may compress without being asked."""

    gzipped = False

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        file = Path(self.translate_path(self.path))
        if not file.is_file():
            self.send_error(404)
            return
        content = gzip.compress(file.read_bytes()) if self.gzipped else file.read_bytes()
        self.send_response(200)
        if self.gzipped:
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


class Zipping(Static):
    gzipped = True


@pytest.fixture(params=[Static, Zipping])
def static(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    (tmp_path / "log").mkdir()
    handler = functools.partial(request.param, directory=str(tmp_path))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/log/"
        server.shutdown()


def test_a_log_with_three_witnesses_over_http_is_read_by_both_programs_from_a_static_host(
    serve: Serve, static: str, tmp_path: Path
) -> None:
    servers = [serve(f"w{n}.example", ml_dsa=n == 2) for n in range(3)]
    keys = {f"w{n}": server.desk.vkeys[-1] for n, server in enumerate(servers)}
    urls = {f"w{n}": server.url for n, server in enumerate(servers)}
    text = write_policy(LOG.key(ED25519), keys, {"two": Group(2, tuple(keys))}, "two", urls, static)
    policy = parse_policy(text)
    witnesses = [HttpWitness(name, url) for name, url in policy.urls.items()]
    source, files = Source(), LedgerFiles(tmp_path / "log")
    for grown in (0, 300, 700):
        source.grow(grown)
        publish(source, files, source, LOG, witnesses, policy, NOW)

    every = (each for each in (tmp_path / "log").rglob("*") if each.is_file())
    kept = {
        path: files.read(path) for path in (each.relative_to(tmp_path / "log").as_posix() for each in every)
    }
    assert kept.keys() >= {"checkpoint", "tile/entries/000", "tile/0/003.p/233"}
    over_http = HttpLedger(policy.log_url)
    assert {path: over_http.read(path) for path in kept} == kept, "byte for byte"
    assert over_http.read("tile/0/004") is None
    for read_here in (files, over_http):
        found = verify_log(read_here, policy)
        assert (found.size, found.cosigners) == (1001, ("w0", "w1", "w2"))
    log = open_log(reader(static), verifiers_policy(text.encode()))
    assert (len(log.entries), audit(log).faults) == (1001, ())

    before = (tmp_path / "log" / "tile/0/000.p/1").exists()
    assert (before, files.prune(), files.prune()) == (True, 4, 0)
    assert not (tmp_path / "log" / "tile/0/000.p").exists()
    assert verify_log(over_http, policy).size == 1001
    assert open_log(reader(static), verifiers_policy(text.encode())).faults == ()

    for server in servers[:2]:
        server.shutdown()
        server.server_close()
    witnesses = [HttpWitness(name, url) for name, url in policy.urls.items()]
    source.grow(1)
    with pytest.raises(QuorumError):
        publish(source, files, source, LOG, witnesses, policy, NOW)
    assert over_http.read("checkpoint") == kept["checkpoint"]
    serve("w1.example", port=int(urls["w1"].rpartition(":")[2]))
    publish(source, files, source, LOG, witnesses, policy, NOW)
    assert verify_log(over_http, policy).size == 1002


def test_a_head_read_before_pruning_is_verified_from_the_full_files(tmp_path: Path) -> None:
    """Between reading a checkpoint and its tiles a log may grow and be pruned: the full file's beginning says the same."""
    text = write_policy(LOG.key(ED25519), {}, {}, "none")
    policy, source, files = parse_policy(text), Source(), LedgerFiles(tmp_path / "log")
    source.grow(99)
    publish(source, files, source, LOG, [], policy, NOW)
    early = files.read("checkpoint")
    assert early is not None
    source.grow(300)
    publish(source, files, source, LOG, [], policy, NOW)
    files.prune()
    assert files.read("tile/0/000.p/100") is None
    files.write("checkpoint", early)
    assert verify_log(files, policy).size == 100
    log = open_log(reader(str(tmp_path / "log")), verifiers_policy(text.encode()))
    assert (len(log.entries), log.faults) == (100, ())
    (tmp_path / "log" / "tile/0/000").unlink()
    with pytest.raises(LedgerError, match="missing"):
        verify_log(files, policy)


def test_a_host_that_is_away_or_answers_something_else_is_no_log(serve: Serve) -> None:
    gone = HttpLedger("http://127.0.0.1:9/log")
    with pytest.raises(LedgerError, match="cannot be fetched"):
        gone.read("checkpoint")
    with pytest.raises(LedgerError, match="does not serve"):
        HttpLedger(serve().url).read("checkpoint")
    with pytest.raises(LedgerError, match="not the name"):
        gone.read("../secret")
    with pytest.raises(LedgerError, match="not written"):
        gone.write("checkpoint", b"")
    for place in ("http://127.0.0.1:9/log", serve("second.example").url):
        with pytest.raises(Refused):
            reader(place)("checkpoint", 10)
