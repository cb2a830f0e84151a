"""The sealer under a user of its own, at a Unix socket: the gateway's way to it."""

from __future__ import annotations

import select
import socket
import weakref
from pathlib import Path

from lawgate.adapters.sealer_lines import SealerEnd
from lawgate.adapters.sealer_wire import Line
from lawgate.domain.errors import SealerAwayError, SettingsError

SECONDS = 600.0
"""How long an answer may take: the first of a connection reads the log from its beginning. The home's lock is held all the while."""


class SealerConnection(SealerEnd):
    """One connection, which is one process of the sealer's.

    Raises SealerAwayError if nobody answers, LedgerError if the sealer does not serve this user, and SettingsError if its key is not
    ``public`` (hex): what is enclosed for that one it could not open.
    """

    def __init__(self, path: Path, public: str) -> None:
        self._connection, line, key = _reach(path)
        super().__init__(line)
        self._end = weakref.finalize(self, line.close)
        if key != public:
            self._end()
            raise SettingsError("the sealer's key is not the one for which this home's answers are enclosed")

    def is_there(self) -> bool:
        """Say whether the other end is open. It says nothing unasked, so whatever can be read is its end."""
        return self._connection.fileno() >= 0 and not select.select([self._connection], [], [], 0)[0]

    def end(self) -> None:
        """End the connection."""
        self._end()


def sealer_key(path: Path) -> str:
    """Ask the sealer at a socket for the public half of its key (hex). Raises as ``SealerConnection`` does."""
    _, line, key = _reach(path)
    line.close()
    return key


def _reach(path: Path) -> tuple[socket.socket, Line, str]:
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(SECONDS)
    line = Line(connection)
    try:
        connection.connect(str(path))
        return connection, line, line.greeted()
    except OSError as fault:
        line.close()
        raise SealerAwayError(
            f"the sealer does not answer at its socket ({type(fault).__name__}); what is logged waits until it does"
        ) from None
    except BaseException:
        line.close()
        raise
