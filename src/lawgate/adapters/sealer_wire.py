"""How gateway and sealer speak: over a socket, one message each way at a time, each canonical JSON of a closed form and raw parts behind it.

A sealer that is reached over a socket of its own greets first, with the public half of its key.
A message is a 4-byte length and canonical JSON, whose ``parts`` is a number, and so many times a 4-byte length and raw bytes. Nothing else is read.
"""

from __future__ import annotations

import socket
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Literal, TypeVar, cast

import msgspec

from lawgate.domain.errors import LedgerError
from lawgate.domain.leaving import BitingStop, KeptLog, KeySpan, Leaving, Outcome, Sealed, Sealing
from lawgate.domain.steps import Json
from lawgate.domain.stop import StopScope
from lawgate.evidence.canonical import canonical, parse_canonical

LARGEST_MESSAGE = 8 * 1024 * 1024
LARGEST_PART = 1024 * 1024
MOST_PARTS = 4096
_LENGTH = 4


class _Form(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    v: Literal[1]
    parts: int


class _Log(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    base: int
    place: str
    policy: str
    signed: str


class _Stop(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    scope: StopScope
    subject: str


class _Span(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    since: str
    until: str


class _Answer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    number: int
    proof: str
    persons: list[str]


class _Asked(_Form, frozen=True, forbid_unknown_fields=True):
    at: str
    logs: list[_Log]
    stops: list[_Stop]
    keys: dict[str, _Span]
    answers: list[_Answer]


class _Said(_Form, frozen=True, forbid_unknown_fields=True):
    kept_back: list[str]
    microseconds: int
    fault: str


class _Greeted(_Form, frozen=True, forbid_unknown_fields=True):
    key: str
    fault: str


F = TypeVar("F", bound=_Form)


class Line:
    """One end of a connection."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._from = connection.makefile("rb")

    def close(self) -> None:
        """End the connection."""
        self._from.close()
        self._connection.close()

    def greet(self, key: str, fault: str = "") -> None:
        """Say whose line this is, by the public half of its key (hex), or why nobody is served. Raises OSError."""
        self._write({"v": 1, "key": key, "fault": fault}, [])

    def greeted(self) -> str:
        """Read whose line this is. Raises OSError if nobody says, LedgerError if the sealer does not serve this gateway."""
        form, _ = self._answer(_Greeted)
        if form.fault:
            raise LedgerError(f"the sealer refuses: {form.fault}")
        return form.key

    def ask(self, asked: Sealing) -> None:
        """Hand over answers to be sealed. Raises OSError."""
        self._write(
            {
                "v": 1,
                "at": _text(asked.at),
                "logs": [
                    {"base": log.base, "place": log.place, "policy": log.policy, "signed": log.signed}
                    for log in asked.logs
                ],
                "stops": [{"scope": stop.scope.value, "subject": stop.subject} for stop in asked.stops],
                "keys": {
                    keyid: {
                        "since": _text(span.since),
                        "until": "" if span.until is None else _text(span.until),
                    }
                    for keyid, span in asked.keys.items()
                },
                "answers": [
                    {"number": each.number, "proof": each.proof, "persons": cast(Json, sorted(each.persons))}
                    for each in asked.answers
                ],
            },
            [asked.terms_text, *(each.enclosed for each in asked.answers)],
        )

    def asked(self) -> Sealing | None:
        """Read what the gateway hands over; None once it has ended the connection. Raises LedgerError for anything of another form."""
        try:
            found = self._read(_Asked)
        except EOFError:
            raise LedgerError("a message between gateway and sealer is cut off") from None
        if found is None:
            return None
        form, parts = found
        if len(parts) != 1 + len(form.answers):
            raise LedgerError("the sealer was handed more or fewer parts than answers")
        try:
            return Sealing(
                at=_moment(form.at),
                logs=tuple(KeptLog(log.base, log.place, log.policy, log.signed) for log in form.logs),
                stops=tuple(BitingStop(stop.scope, stop.subject) for stop in form.stops),
                keys={
                    keyid: KeySpan(_moment(span.since), _moment(span.until) if span.until else None)
                    for keyid, span in form.keys.items()
                },
                terms_text=parts[0],
                answers=tuple(
                    Leaving(each.number, each.proof, enclosed, frozenset(each.persons))
                    for each, enclosed in zip(form.answers, parts[1:], strict=True)
                ),
            )
        except ValueError:
            raise LedgerError("the sealer was handed a moment that is none") from None

    def say(self, outcomes: Sequence[Outcome], microseconds: int) -> None:
        """Give back what came of each. Raises OSError."""
        parts = [
            part for each in outcomes if isinstance(each, Sealed) for part in (each.payload, each.openings)
        ]
        kept_back: list[Json] = [each if isinstance(each, str) else "" for each in outcomes]
        self._write({"v": 1, "kept_back": kept_back, "microseconds": microseconds, "fault": ""}, parts)

    def refuse(self, fault: str) -> None:
        """Say why nothing is sealed. Raises OSError."""
        self._write({"v": 1, "kept_back": [], "microseconds": 0, "fault": fault}, [])

    def said(self, answers: int) -> tuple[tuple[Outcome, ...], float]:
        """Read what came of so many answers, and the seconds that took. Raises OSError if the sealer is gone, LedgerError if it refuses."""
        form, parts = self._answer(_Said)
        if form.fault:
            raise LedgerError(f"the sealer refuses: {form.fault}")
        if len(form.kept_back) != answers or len(parts) != 2 * form.kept_back.count(""):
            raise LedgerError("the sealer answered for more or fewer answers than it was handed")
        files = iter(parts)
        outcomes = tuple(code or Sealed(next(files), next(files)) for code in form.kept_back)
        return outcomes, form.microseconds / 1e6

    def _answer(self, form: type[F]) -> tuple[F, list[bytes]]:
        try:
            found = self._read(form)
        except EOFError:
            found = None
        if found is None:
            raise ConnectionError("the other end is gone")
        return found

    def _write(self, said: dict[str, Json], parts: Sequence[bytes]) -> None:
        pieces = [canonical({**said, "parts": len(parts)}), *parts]
        self._connection.sendall(b"".join(b"".join((len(each).to_bytes(_LENGTH), each)) for each in pieces))

    def _read(self, form: type[F]) -> tuple[F, list[bytes]] | None:
        first = self._from.read(_LENGTH)
        if not first:
            return None
        raw = self._piece(first, LARGEST_MESSAGE)
        try:
            said = msgspec.convert(parse_canonical(raw), form, strict=True)
        except (ValueError, msgspec.ValidationError):
            raise LedgerError("a message between gateway and sealer is of another form") from None
        if not 0 <= said.parts <= MOST_PARTS:
            raise LedgerError("a message between gateway and sealer has too many parts")
        return said, [self._piece(self._from.read(_LENGTH), LARGEST_PART) for _ in range(said.parts)]

    def _piece(self, length: bytes, most: int) -> bytes:
        """Read one piece. Raises EOFError if the other end is gone before its end."""
        size = int.from_bytes(length)
        if len(length) == _LENGTH and size > most:
            raise LedgerError("a message between gateway and sealer is too long")
        raw = self._from.read(size) if len(length) == _LENGTH else b""
        if len(length) != _LENGTH or len(raw) != size:
            raise EOFError
        return raw


def _text(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def _moment(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError("a moment without a time zone is no moment")
    return at
