"""Shows a requester what a gateway would find wrong with the form of a submission, before it is sent; touches no record and keeps nothing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from lawgate.domain.errors import RequestFaultError
from lawgate.domain.standing import Standing
from lawgate.domain.steps import Fault, Received, Rejected, Sent, SubmissionId
from lawgate.evidence.envelope import unverified_payload
from lawgate.intake.cover import CoverDocument, read_document
from lawgate.intake.layout import reading_of
from lawgate.intake.lines import stream_file
from lawgate.intake.parts import (
    ATTESTATIONS,
    cover_of,
    line_file_of,
    manifest_sha256,
    submission_id,
)
from lawgate.intake.receive import (
    as_many,
    polite,
    read_received,
    receive,
    same_attestations,
    same_line_file,
)
from lawgate.intake.rows import stream_lines

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Preview:
    """What was seen. ``problems`` are ``(code, message)`` that would reject the whole; ``faults`` are ``(ordinal, fault)`` of single lines.

    ``attested`` counts lines with a verified attestation, or, while ``signatures_checked`` is False, the attestations there are.
    """

    submission: SubmissionId
    signatures_checked: bool
    problems: tuple[tuple[str, str], ...] = ()
    file_name: str = ""
    file_sha256: str = ""
    lines: int = 0
    attested: int = 0
    columns: Mapping[str, str] = field(default_factory=dict)
    faults: tuple[tuple[int, Fault], ...] = ()

    @property
    def acceptable(self) -> bool:
        """Say whether a gateway would receive it: sure only if the signatures were checked."""
        return not self.problems


def check(
    submission: Sent, standing: Standing | None, now: datetime, grounds: Collection[str] = ()
) -> Preview:
    """Look at a submission's form. With a register, and the ``grounds`` answered, it is checked just as ``receive`` would; without one, signatures are not."""
    if standing is None:
        return _without_register(submission)
    outcome = receive(submission, standing, now, grounds)
    if isinstance(outcome, Rejected):
        return _rejected(submission, outcome)
    return _accepted(submission, outcome, standing)


def _accepted(submission: Sent, received: Received, standing: Standing) -> Preview:
    faults: list[tuple[int, Fault]] = []
    attested = 0
    for line in read_received(submission, received, standing):
        attested += line.attestation is not None
        faults += ((line.ordinal, fault) for fault in line.faults)
    return Preview(
        submission=received.submission,
        signatures_checked=True,
        file_name=received.cover.file_name,
        file_sha256=received.cover.file_sha256,
        lines=received.cover.line_count,
        attested=attested,
        columns=received.cover.columns,
        faults=tuple(faults),
    )


def _rejected(submission: Sent, rejected: Rejected) -> Preview:
    """Show the reason of rejection first, then what else is wrong with the structure."""
    rest = _without_register(submission)
    others = tuple(problem for problem in rest.problems if problem[0] != rejected.code)
    return Preview(
        submission=rest.submission,
        signatures_checked=True,
        problems=((rejected.code, rejected.message), *others),
        file_name=rest.file_name,
        file_sha256=rest.file_sha256,
        lines=rest.lines,
        columns=rest.columns,
        faults=rest.faults,
    )


def _without_register(submission: Sent) -> Preview:
    number = submission_id(manifest_sha256(submission.digests))
    problems: list[tuple[str, str]] = []
    name = _attempt(problems, lambda: line_file_of(submission))
    if name is None:
        return Preview(number, signatures_checked=False, problems=tuple(problems))
    document = _attempt(problems, lambda: read_document(unverified_payload(cover_of(submission), "cover")))
    columns, layout = ({}, "") if document is None else (document.columns, document.layout)
    count, faults = _attempt(problems, lambda: _read(submission, name, columns, layout)) or (0, ())
    if document is not None:
        _compare(problems, submission, name, document, count)
    return Preview(
        submission=number,
        signatures_checked=False,
        problems=tuple(problems),
        file_name=name,
        file_sha256=submission.digests[name],
        lines=count,
        attested=sum(1 for _ in stream_lines(submission.read(ATTESTATIONS))),
        columns=dict(columns),
        faults=faults,
    )


def _read(
    submission: Sent, name: str, columns: Mapping[str, str], layout: str
) -> tuple[int, tuple[tuple[int, Fault], ...]]:
    """Read the lines one by one, and keep their number and their faults."""
    count, faults = 0, []
    for line in stream_file(reading_of(name, columns, layout), submission.records(name)):
        count += 1
        faults += [(line.ordinal, fault) for fault in line.faults]
    return count, tuple(faults)


def _compare(
    problems: list[tuple[str, str]], submission: Sent, name: str, document: CoverDocument, lines: int
) -> None:
    stated = document.line_file
    _attempt(problems, lambda: same_line_file(submission, name, stated.name, stated.sha256))
    _attempt(problems, lambda: same_attestations(submission, document.attestations_sha256))
    _attempt(problems, lambda: as_many(lines, stated.count))


def _attempt(problems: list[tuple[str, str]], step: Callable[[], T]) -> T | None:
    """Run one step; a fault becomes a problem to show, and the next step still runs."""
    try:
        return step()
    except RequestFaultError as fault:
        problems.append((fault.code, polite(fault)))
        return None
