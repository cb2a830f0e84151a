"""Shows a requester what a gateway would find wrong with the form of a submission, before it is sent; touches no record and keeps nothing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from lawgate.domain.errors import RequestFaultError
from lawgate.domain.standing import Standing
from lawgate.domain.steps import Fault, Line, Received, Rejected, SubmissionId
from lawgate.evidence.canonical import sha256_hex
from lawgate.evidence.envelope import unverified_payload
from lawgate.intake.cover import CoverDocument, read_document
from lawgate.intake.lines import read_lines
from lawgate.intake.parts import Parts, manifest_sha256, parts_of, submission_id
from lawgate.intake.receive import as_many, polite, receive, same_attestations, same_line_file
from lawgate.intake.rows import physical_lines

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
    files: Mapping[str, bytes], standing: Standing | None, now: datetime, grounds: Collection[str] = ()
) -> Preview:
    """Look at a submission's form. With a register, and the ``grounds`` answered, it is checked just as ``receive`` would; without one, signatures are not."""
    if standing is None:
        return _without_register(files)
    outcome = receive(files, standing, now, grounds)
    if isinstance(outcome, Rejected):
        return _rejected(files, outcome)
    return _accepted(outcome)


def _accepted(received: Received) -> Preview:
    return Preview(
        submission=received.submission,
        signatures_checked=True,
        file_name=received.cover.file_name,
        file_sha256=received.cover.file_sha256,
        lines=len(received.lines),
        attested=sum(line.attestation is not None for line in received.lines),
        columns=received.cover.columns,
        faults=_faults(received.lines),
    )


def _rejected(files: Mapping[str, bytes], rejected: Rejected) -> Preview:
    """Show the reason of rejection first, then what else is wrong with the structure."""
    rest = _without_register(files)
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


def _without_register(files: Mapping[str, bytes]) -> Preview:
    submission = submission_id(manifest_sha256(files))
    problems: list[tuple[str, str]] = []
    parts = _attempt(problems, lambda: parts_of(files))
    if parts is None:
        return Preview(submission, signatures_checked=False, problems=tuple(problems))
    document = _attempt(problems, lambda: read_document(unverified_payload(parts.cover, "cover")))
    columns = {} if document is None else document.columns
    lines = _attempt(problems, lambda: read_lines(parts.name, parts.lines, columns)) or ()
    if document is not None:
        _compare(problems, parts, document, len(lines))
    return Preview(
        submission=submission,
        signatures_checked=False,
        problems=tuple(problems),
        file_name=parts.name,
        file_sha256=sha256_hex(parts.lines),
        lines=len(lines),
        attested=len(physical_lines(parts.attestations)),
        columns=dict(columns),
        faults=_faults(lines),
    )


def _compare(problems: list[tuple[str, str]], parts: Parts, document: CoverDocument, lines: int) -> None:
    stated = document.line_file
    _attempt(problems, lambda: same_line_file(parts, stated.name, stated.sha256))
    _attempt(problems, lambda: same_attestations(parts, document.attestations_sha256))
    _attempt(problems, lambda: as_many(lines, stated.count))


def _attempt(problems: list[tuple[str, str]], step: Callable[[], T]) -> T | None:
    """Run one step; a fault becomes a problem to show, and the next step still runs."""
    try:
        return step()
    except RequestFaultError as fault:
        problems.append((fault.code, polite(fault)))
        return None


def _faults(lines: tuple[Line, ...]) -> tuple[tuple[int, Fault], ...]:
    return tuple((line.ordinal, fault) for line in lines for fault in line.faults)
