"""The files of a submission: which there must be, what identifies them together."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping

from lawgate.domain.errors import MalformedRequestError
from lawgate.domain.steps import Json, Sent, SubmissionId
from lawgate.evidence.canonical import canonical, sha256_hex

COVER = "cover.json"
ATTESTATIONS = "attestations.jsonl"
LINE_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}\.(jsonl|csv|tsv|txt|dat|xlsx|parquet)")
"""What a line file may be called: a plain name whose ending says what it is."""

MAX_COVER_BYTES = 1024 * 1024
"""The greatest size of a cover request. An honest one has two kilobytes."""

_CROCKFORD = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "0123456789ABCDEFGHJKMNPQRSTVWXYZ")
"""From the alphabet of RFC 4648 §6 to Crockford's, which has no I, L, O and U."""


def sent(files: Mapping[str, bytes]) -> Sent:
    """Make a ``Sent`` of files that are at hand whole."""

    def whole(name: str) -> list[bytes]:
        return [files[name]]

    return Sent({name: sha256_hex(raw) for name, raw in files.items()}, whole, whole)


def line_file_of(submission: Sent) -> str:
    """Return the line file's name. Raises MalformedRequestError ("101") if one of the three files is missing, is too many, or has no plain name."""
    files = submission.digests
    others = [name for name in files if name not in (COVER, ATTESTATIONS)]
    if COVER not in files or ATTESTATIONS not in files or not others:
        raise MalformedRequestError("101", "cover.json, attestations.jsonl or the line file is missing")
    if len(others) > 1:
        raise MalformedRequestError("101", f"{len(files)} files where three are expected")
    (name,) = others
    if LINE_FILE.fullmatch(name) is None:
        raise MalformedRequestError("101", "the line file needs a plain name with an ending that is known")
    return name


def cover_of(submission: Sent) -> bytes:
    """Read the cover request. Raises MalformedRequestError ("102") if it is larger than any cover may be."""
    raw = b""
    for piece in submission.read(COVER):
        raw += piece
        if len(raw) > MAX_COVER_BYTES:
            raise MalformedRequestError("102", f"the cover request is larger than {MAX_COVER_BYTES} bytes")
    return raw


def manifest_sha256(digests: Mapping[str, str]) -> str:
    """Return SHA-256 (hex) over the canonical JSON of {file name: SHA-256 of its bytes}."""
    # A name that no UTF-8 can write still needs a digest: the rejection of the submission is recorded under it.
    manifest: dict[str, Json] = {
        name.encode("utf-8", "backslashreplace").decode("utf-8"): digest for name, digest in digests.items()
    }
    return hashlib.sha256(canonical(manifest)).hexdigest()


def submission_id(manifest: str) -> SubmissionId:
    """Return the confirmation number of a manifest digest: its first 80 bits in Crockford's base32, 16 characters."""
    return SubmissionId(base64.b32encode(bytes.fromhex(manifest)[:10]).decode("ascii").translate(_CROCKFORD))
