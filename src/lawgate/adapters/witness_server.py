"""C2SP tlog-witness over HTTP/1.1: one call, ``POST <prefix>/add-checkpoint``, and nothing else to ask for.

Nobody logs in: the log's signature on the checkpoint is the only authentication (C2SP tlog-witness). So what a stranger may cost is bounded:
sizes, seconds and how many are served at once.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from socketserver import ThreadingMixIn

from lawgate.adapters.http_witness import SIZE_TYPE
from lawgate.adapters.witness_desk import WitnessDesk
from lawgate.domain.errors import LedgerError
from lawgate.ledger.witness import CONFLICT, MALFORMED, WitnessReply

LARGEST_BODY = 1 << 18
"""Room for 63 hashes and a note of 64 lines of the longest kind of signature."""
SECONDS = 10.0
AT_ONCE = 32
WAITING = 64
NOT_FOUND, NOT_ALLOWED, NO_LENGTH, TOO_LARGE, BROKEN, BUSY = 404, 405, 411, 413, 500, 503


class WitnessServer(ThreadingMixIn, HTTPServer):
    """Serves one witness at an address. ``report`` gets a line of plain words for what an operator must see."""

    daemon_threads = True

    def __init__(
        self,
        address: tuple[str, int],
        desk: WitnessDesk,
        now: Callable[[], datetime],
        report: Callable[[str], None],
    ) -> None:
        super().__init__(address, _Handler)
        self.desk = desk
        self.now = now
        self.report = report
        self.places = threading.BoundedSemaphore(AT_ONCE)

    def server_activate(self) -> None:
        """Let a burst of logs wait a moment instead of being turned away."""
        self.socket.listen(WAITING)

    def handle_error(self, request: object, client_address: object) -> None:
        """Report that a connection broke; whose it was, and what was in it, is nobody's to read in a log."""
        self.report("a connection ended before it was answered")

    @property
    def url(self) -> str:
        """The submission prefix."""
        host, port = self.server_address[:2]
        shown = f"[{host!s}]" if ":" in str(host) else str(host)
        return f"http://{shown}:{port}"

    def answer(self, raw: bytes) -> WitnessReply:
        """Answer one body. A witness that cannot trust its own memory cosigns nothing, and says so to its operator."""
        try:
            return self.desk.add_checkpoint(raw.decode("utf-8"), self.now())
        except UnicodeDecodeError:
            return WitnessReply(MALFORMED)
        except (LedgerError, OSError) as fault:
            self.report(f"cosigned nothing: {fault}")
            return WitnessReply(BROKEN)


class _Handler(BaseHTTPRequestHandler):
    """One connection, kept open for its next request."""

    server: WitnessServer
    protocol_version = "HTTP/1.1"
    server_version = "lawgate-witness"
    sys_version = ""
    timeout = SECONDS
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        if self.path.rpartition("/")[2] != "add-checkpoint":
            self._end(WitnessReply(NOT_FOUND), close=True)
            return
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdigit()) or self.headers.get("Transfer-Encoding"):
            self._end(WitnessReply(NO_LENGTH), close=True)
        elif len(length) > 9 or int(length) > LARGEST_BODY:
            self._end(WitnessReply(TOO_LARGE), close=True)
        elif not self.server.places.acquire(blocking=False):
            self._end(WitnessReply(BUSY), close=True)
        else:
            try:
                raw = self.rfile.read(int(length))
                cut_short = len(raw) != int(length)
                self._end(WitnessReply(MALFORMED) if cut_short else self.server.answer(raw), close=cut_short)
            finally:
                self.server.places.release()

    def do_GET(self) -> None:
        self._end(WitnessReply(NOT_ALLOWED), close=True)

    do_HEAD = do_PUT = do_DELETE = do_GET

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing of who asks: a witness keeps heads, not visitors."""

    def _end(self, reply: WitnessReply, *, close: bool) -> None:
        body = reply.body.encode()
        self.send_response(reply.status)
        self.send_header(
            "Content-Type", SIZE_TYPE if reply.status == CONFLICT else "text/plain; charset=utf-8"
        )
        self.send_header("Content-Length", str(len(body)))
        if reply.status == NOT_ALLOWED:
            self.send_header("Allow", "POST")
        if close:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
