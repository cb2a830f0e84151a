"""Lines as they were dealt with, read for another reading of the law: by the million, so only what that needs is opened.

Of an answer that is its kind, of a look-up its verdict's kind and reason, of approval and status which findings. Salts, fields, decisions
and the accounting stay sealed or are passed over; what a line states is opened only where somebody asks for it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import msgspec

from lawgate.domain.errors import StoreError
from lawgate.domain.past import PastLine, Told
from lawgate.domain.steps import Line, LineState, SubmissionId, VerdictKind
from lawgate.store import models
from lawgate.store.counting import ANSWERED
from lawgate.store.findings import FindingSets
from lawgate.store.line_box import LinePart, required
from lawgate.store.lines import values_within
from lawgate.store.sealing import line_place, place, unseal
from lawgate.store.transaction import reading
from lawgate.store.vault import Box

T = TypeVar("T")

COLUMNS = (
    "ordinal", "state", "status", "approval", "lookup__body", "answer__answer", "answer__body",
)  # fmt: skip
STATED = "text__body"
LOOKED_UP = frozenset({LineState.PROPOSED.value, *ANSWERED})
TOLD = {told.value: told for told in Told}


class Found(msgspec.Struct):
    """Of ``StatusBody`` and ``ApprovalBody``: the number of the findings."""

    findings: int


class SaidKind(msgspec.Struct):
    """Of ``Said``."""

    kind: str


class FoundBy(msgspec.Struct):
    """Of ``Verdict``."""

    kind: str
    reason: str


class Looked(msgspec.Struct):
    """Of ``LookupBody``."""

    verdict: FoundBy
    said: SaidKind


class Left(msgspec.Struct):
    """Of ``AnswerBody``: what was said instead of what was proposed, if that is another thing."""

    said: SaidKind | None


def _reader(kind: type[T]) -> Callable[[bytes], T]:
    """Return what reads some members of a kept value, and passes over the others."""
    quick = msgspec.json.Decoder(kind).decode

    def read(raw: bytes) -> T:
        try:
            return quick(raw)
        except msgspec.MsgspecError:
            pass
        try:
            # Half a surrogate pair, which JSON can say (see ``store.codec``).
            return msgspec.convert(json.loads(raw), kind)
        except (ValueError, RecursionError):
            raise StoreError(
                f"what is kept of a line ({kind.__name__}) does not have the form this version reads"
            ) from None

    return read


_found, _looked, _left = _reader(Found), _reader(Looked), _reader(Left)


class PastPart(LinePart):
    """Lines as they were dealt with."""

    def past(
        self, submission: SubmissionId, within: Sequence[int] | None = None, *, stated: bool = False
    ) -> tuple[PastLine, ...]:
        """Lines with what was found and what became of them, in line order; with what they state only if asked for."""
        columns = (*COLUMNS, STATED) if stated else COLUMNS
        with reading("read past lines"):
            rows = list(values_within(models.Line.objects.all(), "", columns, submission, within))
            if not rows:
                return ()
            with self._vault.opened(submission) as box:
                findings = FindingSets(submission, box, self._known)
                return tuple([_past(submission, box, findings, *row) for row in rows])


def _past(
    submission: SubmissionId,
    box: Box,
    findings: FindingSets,
    ordinal: int,
    state: str,
    status: bytes,
    approval: bytes | None,
    lookup: bytes | None,
    answer: str | None,
    answered: bytes | None,
    stated: bytes | None = None,
) -> PastLine:
    def opened(column: str, sealed: bytes | None) -> bytes:
        return box.open(line_place(submission, ordinal, column), bytes(required(ordinal, sealed)))

    line: Any = None
    if stated is not None:
        line = unseal(box, line_place(submission, ordinal, "stated"), Line, stated)
    if state not in LOOKED_UP:
        return PastLine(ordinal, findings.of(_found(opened("status", status)).findings), line=line)
    found, told = _looked(opened("lookup", lookup)), Told.NOTHING
    if state in ANSWERED:
        if answer is None or answered is None:
            raise StoreError(f"line {ordinal} lacks an answer, which its state needs")
        said = _left(box.open(place("answer", answer), bytes(answered))).said or found.said
        told = TOLD[said.kind]
    return PastLine(
        ordinal,
        findings.of(_found(opened("approval", approval)).findings),
        told,
        found.verdict.reason,
        found.verdict.kind == VerdictKind.ONE.value,
        line,
    )
