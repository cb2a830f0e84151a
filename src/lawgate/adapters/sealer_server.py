"""The sealer under a user of its own, at a Unix socket: its side. One process for each connection; all end with this one.

Who may ask is settled by the kernel's word for the user at the other end (SO_PEERCRED), beside the socket's own rights.
"""

from __future__ import annotations

import os
import socket
import stat
import struct
import sys
import threading
from collections.abc import Callable, Collection
from contextlib import suppress
from pathlib import Path
from socketserver import BaseRequestHandler, ForkingMixIn, UnixStreamServer

from lawgate.adapters.key_files import load_sealer_key
from lawgate.adapters.sealer_desk import KEY, serve
from lawgate.adapters.sealer_wire import Line
from lawgate.domain.errors import SettingsError

AT_ONCE = 32
"""Connections at one time: gateway processes, each with as many as there are processors."""
_CREDENTIALS = struct.Struct("3i")
_OWNER_AND_GROUP = 0o660


class SealerServer(ForkingMixIn, UnixStreamServer):
    """Serves a sealer's folder at ``path`` to the users ``peers`` (user ids). ``report`` gets a line of plain words for what an operator
    must see.

    Raises SettingsError for a folder or a key that others can read, or a path that cannot be listened on.
    """

    block_on_close = False

    def __init__(
        self, path: Path, folder: Path, logs: str, peers: Collection[int], report: Callable[[str], None]
    ) -> None:
        self.folder = folder
        self.logs = logs
        self.peers = frozenset(peers)
        self.report = report
        if stat.S_IMODE(_status(folder).st_mode) & 0o077:
            raise SettingsError("the sealer's folder is open to others; set its mode to 0700")
        self.key = load_sealer_key(folder / KEY).public_key().public_bytes_raw().hex()
        # The reading end sees its end when this process has ended, however it did.
        self._alive, self._held = os.pipe()
        _clear(path)
        umask = os.umask(0o777 & ~_OWNER_AND_GROUP)
        try:
            super().__init__(str(path), BaseRequestHandler)
        except OSError as fault:
            raise SettingsError(f"the socket cannot be made there: {type(fault).__name__}") from None
        finally:
            os.umask(umask)

    def server_activate(self) -> None:
        """Let a burst of gateways wait a moment instead of being turned away."""
        self.socket.listen(AT_ONCE)

    def verify_request(self, request: object, _client: object) -> bool:
        """Turn away whoever is not one of ``peers``, and more than ``AT_ONCE``; both are told why."""
        assert isinstance(request, socket.socket)
        user = peer_of(request)
        self.collect_children()
        if user not in self.peers:
            self.report(f"user {user} asked, and is none of those who may")
            _refuse(request, "this user may not ask the sealer")
        elif len(self.active_children or ()) >= AT_ONCE:
            self.report("too many connections at one time")
            _refuse(request, "as many are connected as it serves; ask again later")
        else:
            return True
        return False

    def finish_request(self, request: object, _client: object) -> None:
        """Serve one gateway, in a process of its own."""
        assert isinstance(request, socket.socket)
        self.socket.close()
        os.close(self._held)
        threading.Thread(target=_end_with, args=(self._alive,), daemon=True).start()
        line = Line(request)
        line.greet(self.key)
        serve(line, self.folder, self.logs)

    def handle_error(self, request: object, client_address: object) -> None:
        """A gateway that ends while it is answered is no fault: it asks again."""

    def server_close(self) -> None:
        """Stop listening. Processes that serve end with this one."""
        super().server_close()
        Path(str(self.server_address)).unlink(missing_ok=True)


def peer_of(connection: socket.socket) -> int:
    """Return the user id of the process that connected."""
    raw = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    return int(_CREDENTIALS.unpack(raw)[1])


def _refuse(request: socket.socket, why: str) -> None:
    line = Line(request)
    with suppress(OSError):  # whoever it was may have gone
        line.greet("", why)
    line.close()


def _end_with(alive: int) -> None:
    os.read(alive, 1)
    # As if killed: the next gateway that asks finds what is on the disk, which is whole.
    os._exit(0)


def _status(folder: Path) -> os.stat_result:
    try:
        return folder.stat()
    except OSError:
        raise SettingsError(
            f"{folder} is no sealer's folder that this user can read; `lawgate sealer new` makes one"
        ) from None


def _clear(path: Path) -> None:
    """Remove the socket that a sealer which was killed has left. Raises SettingsError if one listens at it, or it is something else."""
    if not path.exists():
        return
    if not path.is_socket():
        raise SettingsError("where the socket is to be made, there is something else")
    with socket.socket(socket.AF_UNIX) as tried:
        try:
            tried.connect(str(path))
        except ConnectionRefusedError:
            path.unlink(missing_ok=True)
            return
        except OSError as fault:
            raise SettingsError(f"the socket cannot be made there: {type(fault).__name__}") from None
    raise SettingsError("a sealer listens at this socket already")


def main(path: str, folder: str, logs: str, *peers: str) -> None:
    """Serve until ended; exits with 2 for what must be set right first."""
    try:
        server = SealerServer(Path(path), Path(folder), logs, [int(peer) for peer in peers], _report)
    except SettingsError as fault:
        _report(str(fault))
        sys.exit(fault.exit_code)
    _report(f"serving {path}")
    with server:
        server.serve_forever()


def _report(text: str) -> None:
    sys.stderr.write(f"lawgate sealer: {text}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
