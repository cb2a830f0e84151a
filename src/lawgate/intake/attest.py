"""Finds for each line the engaged officer's signature under exactly that line; a bad or missing one leaves only its own line without.

What follows from a missing attestation is a rule's question (R-10, code 229), not a fault of form.
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from itertools import accumulate
from operator import itemgetter

from lawgate.domain.errors import RequestFaultError
from lawgate.domain.kept import CHUNK_LINES
from lawgate.domain.standing import EnrolledKey, Role, Standing
from lawgate.domain.steps import Attestation, Json, Line
from lawgate.evidence.envelope import Signed, open_envelope
from lawgate.intake.rows import MAX_BYTES, cut_records, physical_lines

STATEMENT = "personally and directly engaged"
"""The words of 26 U.S.C. 6103(i)(2)(A) an officer signs under."""

_BOUND, _PLACE = 32, 4
ENTRY = _BOUND + _PLACE + 32
_FEW = 1 << 12
"""Up to so many entries one leading byte leads near enough to the place; beyond, two do."""
_bound_of = itemgetter(slice(0, _BOUND))


def attestation_body(nonce: str, line: Line, officer: str) -> dict[str, Json]:
    """Return what an officer signs: this one line, within this one submission."""
    return {
        "nonce": nonce,
        "request_key": line.request_key,
        "line_sha256": line.digest,
        "officer": officer,
        "statement": STATEMENT,
    }


def cut_attestations(pieces: Iterable[bytes], most: int = CHUNK_LINES) -> Iterator[bytes]:
    """Cut ``attestations.jsonl``, one envelope a line, into chunks of at most so many lines."""
    return (chunk.raw for chunk in cut_records(pieces, most))


def read_attestations(chunk: bytes, nonce: str, standing: Standing, now: datetime) -> bytes:
    """Open every envelope of a chunk and return an entry of ``ENTRY`` bytes for each good one, in order: what ``Attested`` is made of."""
    places: dict[str, int] = {}
    for place, key in enumerate(standing.keys):
        places.setdefault(key.keyid, place)
    found = []
    for piece in physical_lines(chunk):
        signed = _opened(piece, lambda keyid: standing.keys[places[keyid]] if keyid in places else None, now)
        bound = None if signed is None else _bound_by(signed, nonce)
        if signed is not None and bound is not None:
            number = places[signed.key.keyid].to_bytes(_PLACE, "big")
            found.append(bound + number + bytes.fromhex(signed.sha256))
    return b"".join(found)


class Attested:
    """Every good attestation of a submission, compact enough for a million lines; the first of several alike counts.

    Each is an entry: what it is bound to (SHA-256 over request key, line digest and officer), the place of the signing key in the register,
    the envelope's SHA-256. They stand sorted in one piece of memory, ``packed``, which can be handed to another process as it is.
    """

    def __init__(self, packed: bytes, standing: Standing) -> None:
        self.packed = packed
        self._keys = standing.keys
        # Digests are spread evenly, so their first bytes lead near the place.
        count = len(packed) // ENTRY
        self._lead = lead = 1 if count <= _FEW else 2
        starts = array("L", bytes(array("L").itemsize * ((1 << 8 * lead) + 1)))
        for n in range(count):
            starts[int.from_bytes(packed[n * ENTRY : n * ENTRY + lead], "big") + 1] += 1
        self._starts = array("L", accumulate(starts))

    def to(self, line: Line) -> Attestation | None:
        """Find the attestation signed for exactly this line, by the officer whom the line itself names."""
        bound = _bound(line.request_key, line.digest, _officer(line))
        head = int.from_bytes(bound[: self._lead], "big")
        for n in range(self._starts[head], self._starts[head + 1]):
            if self.packed.startswith(bound, n * ENTRY):
                rest = self.packed[n * ENTRY + _BOUND : (n + 1) * ENTRY]
                key = self._keys[int.from_bytes(rest[:_PLACE], "big")]
                return Attestation(key.keyid, key.person, rest[_PLACE:].hex())
        return None


def packed(found: Iterable[bytes]) -> bytes:
    """Sort the entries of all chunks, given in order, by what they are bound to; of several bound to the same the first stays first."""
    entries = [piece[n : n + ENTRY] for piece in found for n in range(0, len(piece), ENTRY)]
    entries.sort(key=_bound_of)
    return b"".join(entries)


def attest(lines: Iterable[Line], attested: Attested) -> Iterator[Line]:
    """Put each attestation to the line it was signed for."""
    return (replace(line, attestation=attested.to(line)) for line in lines)


def _officer(line: Line) -> str:
    officer = line.data.get("engaged_officer")
    return officer if isinstance(officer, str) else ""


def _opened(piece: bytes, key_for: Callable[[str], EnrolledKey | None], now: datetime) -> Signed | None:
    if len(piece) > MAX_BYTES:
        return None
    try:
        return open_envelope(piece, "attestation", key_for, now)
    except RequestFaultError:
        return None


def _bound(request_key: str, digest: str, officer: str) -> bytes:
    """Return 32 bytes that stand for what an attestation is bound to beside the nonce."""
    stated = f"{digest} {len(request_key)} {request_key}{officer}"
    return hashlib.sha256(stated.encode("utf-8", "surrogatepass")).digest()


def _bound_by(signed: Signed, nonce: str) -> bytes | None:
    """Say what an opened attestation is bound to; None unless an engaged officer signed exactly the known form in person."""
    stated = signed.payload
    key, digest, officer = (stated.get(name) for name in ("request_key", "line_sha256", "officer"))
    expected = {
        "type": "lawgate/attestation/v1",
        "nonce": nonce,
        "request_key": key,
        "line_sha256": digest,
        "officer": signed.key.person,
        "statement": STATEMENT,
    }
    if stated != expected or signed.key.role is not Role.ENGAGED_OFFICER or not officer:
        return None
    return _bound(key, digest, str(officer)) if isinstance(key, str) and isinstance(digest, str) else None
