"""A strict reader of DER (X.690), as far as a timestamp needs it: one spelling of each length, nothing left over, nothing guessed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lawgate_verifier.refused import Refused, demand

INTEGER, BOOLEAN, OCTETS, NULL, OID = 0x02, 0x01, 0x04, 0x05, 0x06
SEQUENCE, SET, TIME = 0x30, 0x31, 0x18


@dataclass(frozen=True, slots=True)
class Value:
    """One value: its tag, its content, and its whole encoding."""

    tag: int
    content: bytes
    raw: bytes

    def parts(self) -> Parts:
        """Go through the values inside a constructed one."""
        demand(bool(self.tag & 0x20), "A value that should hold others does not.")
        return Parts(self.content)


class Parts:
    """The values in some bytes, taken one after the other. Every method raises Refused where the bytes are something else."""

    def __init__(self, raw: bytes) -> None:
        self._raw, self._at = raw, 0

    def take(self, tag: int) -> Value:
        """Take the next value, which must have this tag."""
        demand(self._next() == tag, "A value is missing, or of another kind than it should be.")
        start, size = self._at, len(self._raw)
        demand(start + 2 <= size, "A value ends early.")
        length, begin = self._raw[start + 1], start + 2
        if length & 0x80:
            count = length & 0x7F
            begin += count
            demand(1 <= count <= 4 and begin <= size, "A length cannot be read.")
            length = int.from_bytes(self._raw[start + 2 : begin], "big")
            shortest = length > 0x7F and length.bit_length() > 8 * (count - 1)
            demand(shortest, "A length is not in its shortest form.")
        self._at = begin + length
        demand(self._at <= size, "A value ends early.")
        return Value(tag, self._raw[begin : self._at], self._raw[start : self._at])

    def maybe(self, tag: int) -> Value | None:
        """Take the next value if it has this tag."""
        return self.take(tag) if self._next() == tag else None

    def all(self, tag: int) -> Iterator[Value]:
        """Take all the rest, each of this tag."""
        while self._next() is not None:
            yield self.take(tag)

    def end(self) -> None:
        """Demand that nothing is left."""
        demand(self._next() is None, "A value is followed by something that should not be there.")

    def _next(self) -> int | None:
        return self._raw[self._at] if self._at < len(self._raw) else None


def only(raw: bytes, tag: int) -> Value:
    """Read bytes that are one value and nothing more. Raises Refused."""
    parts = Parts(raw)
    value = parts.take(tag)
    parts.end()
    return value


def integer(value: Value) -> int:
    """Read an integer in its shortest form. Raises Refused."""
    raw = value.content
    demand(bool(raw), "A number is empty.")
    padded = len(raw) > 1 and ((raw[0] == 0 and raw[1] < 0x80) or (raw[0] == 0xFF and raw[1] >= 0x80))
    demand(not padded, "A number is not in its shortest form.")
    return int.from_bytes(raw, "big", signed=True)


def dotted(value: Value) -> str:
    """Read an object identifier as dotted decimals. Raises Refused."""
    raw = value.content
    demand(bool(raw) and not raw[-1] & 0x80, "An object identifier cannot be read.")
    arcs: list[int] = []
    arc, fresh = 0, True
    for byte in raw:
        demand(not (fresh and byte == 0x80), "An object identifier is not in its shortest form.")
        arc, fresh = arc << 7 | byte & 0x7F, not byte & 0x80
        if fresh:
            arcs.append(arc)
            arc = 0
    first = min(arcs[0] // 40, 2)
    return ".".join(map(str, (first, arcs[0] - 40 * first, *arcs[1:])))


def algorithm(value: Value) -> str:
    """Read an AlgorithmIdentifier without parameters, or with the empty ones, as the algorithm's dotted name. Raises Refused."""
    parts = value.parts()
    name = dotted(parts.take(OID))
    empty = parts.maybe(NULL)
    parts.end()
    if empty is not None and empty.content:
        raise Refused(0, "An algorithm has parameters that are not read here.")
    return name
