"""Step 1: a submission's bytes become ``Received`` if its envelope is good, else ``Rejected``; the only place that makes either.

The same bytes give the same result and the same confirmation number, however often they are sent.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime

from lawgate.domain.code import code
from lawgate.domain.errors import MalformedRequestError, NotAuthenticatedError, RequestFaultError
from lawgate.domain.standing import Standing
from lawgate.domain.steps import Cover, Line, Received, Rejected, Sent, day_of
from lawgate.evidence.envelope import Signed, open_envelope
from lawgate.intake.attest import Attested, attest, cut_attestations, packed, read_attestations
from lawgate.intake.cover import read_cover
from lawgate.intake.layout import Reading, reading_of
from lawgate.intake.lines import cut_lines, stream_file
from lawgate.intake.parts import ATTESTATIONS, cover_of, line_file_of, manifest_sha256, submission_id


def receive(
    submission: Sent, standing: Standing, now: datetime, grounds: Collection[str]
) -> Received | Rejected:
    """Receive a submission, the register as it is at ``now`` (UTC-aware).

    In this order: 1. the three files are there (101); 2. the cover's envelope opens (102, 501, 506); 3. its fields are typed (102) and its signer
    is the official it names (501), whose agency is registered (502) and whose ground is one of ``grounds`` (508); 4. line file and attestations are those it was signed for (103, 105);
    5. the lines are as many as it states (104). The first that fails rejects the submission as a whole; a bad line never does.
    Whether the request is lawful is not looked at here: office, agreement and certification are for the rules. Nor is any line read: ``read_received`` does.
    """
    manifest = manifest_sha256(submission.digests)
    number = submission_id(manifest)
    agency = None
    try:
        name = line_file_of(submission)  # 1
        signed = _opened(cover_of(submission), standing, now)  # 2
        agency = signed.key.agency
        cover = read_cover(signed)  # 3
        _registered(standing, cover, now)
        _answered(cover, grounds)
        same_line_file(submission, name, cover.file_name, cover.file_sha256)  # 4
        same_attestations(submission, cover.attestations_sha256)
        as_many(count_lines(submission, name, cover_reading(cover)), cover.line_count)  # 5
    except RequestFaultError as fault:
        return Rejected(number, manifest, fault.code, polite(fault), agency, now)
    return Received(number, manifest, cover, now)


def read_received(submission: Sent, received: Received, standing: Standing) -> Iterator[Line]:
    """Read every line of a received submission, with its attestation, one chunk after the other."""
    cover, now = received.cover, received.received_at
    chunks = cut_attestations(submission.read(ATTESTATIONS))
    entries = packed(read_attestations(chunk, cover.nonce, standing, now) for chunk in chunks)
    attested = Attested(entries, standing)
    yield from attest(stream_file(cover_reading(cover), submission.records(cover.file_name)), attested)


def polite(fault: RequestFaultError) -> str:
    """Say what is wrong with a submission and what helps, without any of its data."""
    reason = code(fault.code)
    return f"{reason.sentence} {reason.remedy} (Found: {fault})"


def same_line_file(submission: Sent, name: str, stated: str, sha256: str) -> None:
    """Raise MalformedRequestError ("103") if name or bytes of the line file are not those the cover names."""
    if name != stated or submission.digests[name] != sha256:
        raise MalformedRequestError("103", "name or digest of the line file differ from the cover's")


def same_attestations(submission: Sent, sha256: str) -> None:
    """Raise MalformedRequestError ("105") if the bytes of the attestations are not those the cover names."""
    if submission.digests[ATTESTATIONS] != sha256:
        raise MalformedRequestError("105", "the digest of the attestations differs from the cover's")


def cover_reading(cover: Cover) -> Reading:
    """Say how the line file of a signed cover is read. Raises as ``reading_of`` does."""
    return reading_of(cover.file_name, cover.columns, cover.layout)


def count_lines(submission: Sent, name: str, reading: Reading) -> int:
    """Count the lines or records of the line file without reading any."""
    return sum(chunk.count for chunk in cut_lines(reading, submission.records(name)))


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
