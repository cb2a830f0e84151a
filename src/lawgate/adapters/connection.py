"""One kept HTTP connection to one prefix: bounded in time and size, no redirects, every failure an OSError."""

from __future__ import annotations

import http.client
import weakref
import zlib
from dataclasses import dataclass
from urllib.parse import urlsplit

from lawgate.domain.errors import SettingsError

SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class HttpReply:
    """``body`` is decompressed already."""

    status: int
    content_type: str
    body: bytes


class Connection:
    """Speaks to ``http(s)://host[:port]/prefix``. Not for several threads at once."""

    def __init__(self, prefix: str, seconds: float = SECONDS) -> None:
        where = urlsplit(prefix)
        try:
            port = where.port
        except ValueError:
            port = -1
        if where.scheme not in ("http", "https") or not where.hostname or port == -1 or where.query:
            raise SettingsError("an address is not of the form http(s)://host[:port]/prefix")
        make = http.client.HTTPSConnection if where.scheme == "https" else http.client.HTTPConnection
        self._connection = make(where.hostname, port, timeout=seconds)
        self._path = where.path.rstrip("/")
        weakref.finalize(self, self._connection.close)

    def ask(
        self, method: str, name: str, most: int, body: bytes | None = None, content_type: str = "text/plain"
    ) -> HttpReply:
        """Send one request; a kept connection that the other side has ended is made anew once.

        Raises OSError if nobody answers in time, the answer is not HTTP, or it has more than ``most`` bytes.
        """
        headers = {"Accept-Encoding": "gzip, identity"}
        if body is not None:
            headers["Content-Type"] = content_type
        try:
            try:
                return self._once(method, name, most, body, headers)
            except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
                self._connection.close()
                return self._once(method, name, most, body, headers)
        except http.client.HTTPException:
            self._connection.close()
            raise OSError("the answer is not HTTP") from None
        except OSError:
            self._connection.close()
            raise

    def _once(
        self, method: str, name: str, most: int, body: bytes | None, headers: dict[str, str]
    ) -> HttpReply:
        self._connection.request(method, f"{self._path}/{name}" if name else self._path or "/", body, headers)
        response = self._connection.getresponse()
        # What does not get smaller by compression gets a little larger.
        raw = response.read(most + most // 64 + 1024)
        if not response.isclosed():
            raise OSError("the answer is too long")
        encoding = response.getheader("Content-Encoding", "").lower()
        if encoding == "gzip":
            raw = _unzipped(raw, most)
        elif encoding not in ("", "identity"):
            raise OSError("the answer is in an unknown encoding")
        if len(raw) > most:
            raise OSError("the answer is too long")
        return HttpReply(response.status, response.getheader("Content-Type", ""), raw)


def _unzipped(raw: bytes, most: int) -> bytes:
    unzip = zlib.decompressobj(wbits=31)
    try:
        clear = unzip.decompress(raw, most + 1)
    except zlib.error:
        raise OSError("the answer is badly compressed") from None
    if not unzip.eof or unzip.unused_data or len(clear) > most:
        raise OSError("the answer is cut short or too long")
    return clear
