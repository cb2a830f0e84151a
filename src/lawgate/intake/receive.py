"""Step 1: a submission's bytes become ``Received`` if its envelope is good, else ``Rejected``; the only place that makes either.

The same bytes give the same result and the same confirmation number, however often they are sent.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from lawgate.domain.code import code
from lawgate.domain.errors import MalformedRequestError, NotAuthenticatedError, RequestFaultError
from lawgate.domain.standing import Standing
from lawgate.domain.steps import Cover, Line, Received, Rejected, day_of
from lawgate.evidence.canonical import sha256_hex
from lawgate.evidence.envelope import Signed, open_envelope
from lawgate.intake.attest import attest, read_attestations
from lawgate.intake.cover import read_cover
from lawgate.intake.lines import read_lines
from lawgate.intake.parts import Parts, manifest_sha256, parts_of, submission_id


def receive(
    files: Mapping[str, bytes], standing: Standing, now: datetime, grounds: Collection[str]
) -> Received | Rejected:
    """Receive a submission: ``files`` by name, the register as it is at ``now`` (UTC-aware).

    In this order: 1. the three files are there (101); 2. the cover's envelope opens (102, 501, 506); 3. its fields are typed (102) and its signer
    is the official it names (501), whose agency is registered (502) and whose ground is one of ``grounds`` (508); 4. line file and attestations are those it was signed for (103, 105);
    5. the lines are as many as it states (104). The first that fails rejects the submission as a whole; a bad line never does.
    Whether the request is lawful is not looked at here: office, agreement and certification are for the rules.
    """
    manifest = manifest_sha256(files)
    submission = submission_id(manifest)
    agency = None
    try:
        parts = parts_of(files)  # 1
        signed = _opened(parts.cover, standing, now)  # 2
        agency = signed.key.agency
        cover = read_cover(signed)  # 3
        _registered(standing, cover, now)
        _answered(cover, grounds)
        same_line_file(parts, cover.file_name, cover.file_sha256)  # 4
        same_attestations(parts, cover.attestations_sha256)
        lines = _lines(parts, cover, standing, now)  # 5
    except RequestFaultError as fault:
        return Rejected(submission, manifest, fault.code, polite(fault), agency, now)
    return Received(submission, manifest, cover, lines, now)


def polite(fault: RequestFaultError) -> str:
    """Say what is wrong with a submission and what helps, without any of its data."""
    reason = code(fault.code)
    return f"{reason.sentence} {reason.remedy} (Found: {fault})"


def same_line_file(parts: Parts, name: str, sha256: str) -> None:
    """Raise MalformedRequestError ("103") if name or bytes of the line file are not those the cover names."""
    if parts.name != name or sha256_hex(parts.lines) != sha256:
        raise MalformedRequestError("103", "name or digest of the line file differ from the cover's")


def same_attestations(parts: Parts, sha256: str) -> None:
    """Raise MalformedRequestError ("105") if the bytes of the attestations are not those the cover names."""
    if sha256_hex(parts.attestations) != sha256:
        raise MalformedRequestError("105", "the digest of the attestations differs from the cover's")


def as_many(lines: int, stated: int) -> None:
    """Raise MalformedRequestError ("104") if the lines are not as many as the cover states."""
    if lines != stated:
        raise MalformedRequestError("104", f"{lines} lines found, {stated} stated")


def _opened(cover: bytes, standing: Standing, now: datetime) -> Signed:
    # The newline that open_envelope lets pass would be a second spelling of the submission, under another confirmation number.
    if cover.endswith(b"\n"):
        raise MalformedRequestError("102", "bytes after the envelope")
    return open_envelope(cover, "cover", standing.key, now)


def _registered(standing: Standing, cover: Cover, now: datetime) -> None:
    if standing.agency(cover.agency, day_of(now)) is None:
        raise NotAuthenticatedError("502", "the signer's agency is not in the register on this day")


def _answered(cover: Cover, grounds: Collection[str]) -> None:
    if cover.pack not in grounds:
        raise MalformedRequestError("508", "the ground named is not answered here")


def _lines(parts: Parts, cover: Cover, standing: Standing, now: datetime) -> tuple[Line, ...]:
    lines = read_lines(parts.name, parts.lines, cover.columns)
    as_many(len(lines), cover.line_count)
    return attest(lines, read_attestations(parts.attestations, cover.nonce, standing.key, now))
