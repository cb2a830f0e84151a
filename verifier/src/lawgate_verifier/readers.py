"""Where a log is read from: a folder, or any static file host over HTTP. Nothing that is read is believed for where it came from."""

from __future__ import annotations

import http.client
import weakref
import zlib
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from lawgate_verifier.refused import Refused, demand
from lawgate_verifier.tiles import Read

SECONDS = 20
_GONE = (404, 410)


def reader(place: str) -> Read:
    """Make a reader of a log's files from a folder's path or an ``http://`` or ``https://`` prefix."""
    return _over_http(place) if place.startswith(("http://", "https://")) else folder_reader(Path(place))


def folder_reader(folder: Path) -> Read:
    """Make a reader of the files below a log's folder."""

    def read(path: str, most: int) -> bytes | None:
        try:
            with (folder / path).open("rb") as file:
                raw = file.read(most + 1)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError:
            raise Refused(0, f"The log's {path} cannot be read.") from None
        demand(len(raw) <= most, f"The file {path} is larger than it can be.")
        return raw

    return read


def _over_http(prefix: str) -> Read:
    """One connection, kept open. A host may compress without being asked (C2SP tlog-tiles); it may not redirect."""
    where = urlsplit(prefix)
    demand(bool(where.hostname) and not where.query and not where.fragment, "The log's address is malformed.")
    host = _Host(where)

    def read(path: str, most: int) -> bytes | None:
        try:
            status, encoding, raw = host.get(f"{where.path.rstrip('/')}/{path}", most)
        except (OSError, http.client.HTTPException):
            raise Refused(0, f"The log's {path} cannot be fetched.") from None
        if status in _GONE:
            return None
        demand(status == 200, f"The host does not serve the log's {path}.")
        raw = _unzipped(raw, most, path) if encoding == "gzip" else raw
        demand(encoding in ("", "identity", "gzip"), f"The host serves {path} in an unknown encoding.")
        demand(len(raw) <= most, f"The file {path} is larger than it can be.")
        return raw

    return read


class _Host:
    def __init__(self, where: SplitResult) -> None:
        make = http.client.HTTPSConnection if where.scheme == "https" else http.client.HTTPConnection
        self._connection = make(where.hostname or "", where.port, timeout=SECONDS)
        weakref.finalize(self, self._connection.close)

    def get(self, path: str, most: int) -> tuple[int, str, bytes]:
        for attempt in (1, 2):
            try:
                self._connection.request("GET", path, headers={"Accept-Encoding": "gzip, identity"})
                response = self._connection.getresponse()
                # What does not get smaller by compression gets a little larger.
                raw = response.read(most + most // 64 + 1024)
                if not response.isclosed():
                    self._connection.close()
                return response.status, response.getheader("Content-Encoding", "").lower(), raw
            except (OSError, http.client.HTTPException):
                # A kept connection may have been ended by the other side; a fresh one is tried once.
                self._connection.close()
                if attempt == 2:
                    raise
        raise AssertionError("a loop of two attempts returns or raises")


def _unzipped(raw: bytes, most: int, path: str) -> bytes:
    unzip = zlib.decompressobj(wbits=31)
    try:
        clear = unzip.decompress(raw, most + 1)
    except zlib.error:
        raise Refused(0, f"The host serves {path} badly compressed.") from None
    demand(unzip.eof and not unzip.unused_data, f"The file {path} is cut short or larger than it can be.")
    return clear
