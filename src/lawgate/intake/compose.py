"""The requester's tool: from a form, a line file and keys to the files of a signed submission. The line file stays as it is, byte for byte."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lawgate.domain.errors import MalformedRequestError
from lawgate.domain.steps import Json, Line
from lawgate.evidence.canonical import sha256_hex
from lawgate.evidence.envelope import sign
from lawgate.intake.attest import attestation_body
from lawgate.intake.cover import MOMENT
from lawgate.intake.form import Form
from lawgate.intake.layout import reading_of
from lawgate.intake.lines import stream_file
from lawgate.intake.parts import ATTESTATIONS, COVER, LINE_FILE

_NONCE = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Composed:
    """The submission's ``files`` by name, and what its makers should look at before sending it.

    ``faulty`` and ``unattested`` are ordinals of lines (a faulty line is not attested either); ``columns`` is the mapping that was signed.
    """

    files: dict[str, bytes]
    lines: int
    faulty: tuple[int, ...]
    unattested: tuple[int, ...]
    columns: Mapping[str, str]


def compose(
    form: Form,
    raw: bytes,
    name: str,
    official: Ed25519PrivateKey,
    officers: Mapping[str, Ed25519PrivateKey],
    now: datetime,
    nonce: str,
    layout: str = "",
) -> dict[str, bytes]:
    """Compose a submission and return its files; see ``compose_with_report``."""
    return compose_with_report(form, raw, name, official, officers, now, nonce, layout).files


def compose_with_report(
    form: Form,
    raw: bytes,
    name: str,
    official: Ed25519PrivateKey,
    officers: Mapping[str, Ed25519PrivateKey],
    now: datetime,
    nonce: str,
    layout: str = "",
    records: Iterable[bytes] | None = None,
) -> Composed:
    """Compose a submission: ``raw`` is the line file called ``name``, ``officers`` the engaged officers' keys by person id.

    ``layout`` says how its cells are cut, where its ending does not; ``records`` are its lines, where its bytes are no text (``intake.cells``).
    Each officer signs the lines that name them and no others; a line whose officer has no key here stays without an attestation and is
    reported. ``nonce`` is 32 random hex digits (else ValueError). Raises MalformedRequestError ("101", "102") as ``reading_of`` does.
    """
    if _NONCE.fullmatch(nonce) is None:
        raise ValueError("the nonce must be 32 hex digits")
    if LINE_FILE.fullmatch(name) is None:
        raise MalformedRequestError("101", "the line file needs a plain name with an ending that is known")
    reading = reading_of(name, form.columns, layout)
    lines = tuple(stream_file(reading, [raw] if records is None else records))
    signed = {line.ordinal: _attestation(line, officers, nonce) for line in lines}
    attestations = b"".join(envelope + b"\n" for envelope in signed.values() if envelope)
    cover = _cover(form, _line_file(name, raw, lines), layout, sha256_hex(attestations), now, nonce)
    return Composed(
        files={COVER: sign("cover", cover, official), ATTESTATIONS: attestations, name: raw},
        lines=len(lines),
        faulty=tuple(line.ordinal for line in lines if line.faults),
        unattested=tuple(ordinal for ordinal, envelope in signed.items() if not envelope),
        columns=dict(form.columns),
    )


def _attestation(line: Line, officers: Mapping[str, Ed25519PrivateKey], nonce: str) -> bytes:
    officer = line.data.get("engaged_officer")
    if line.faults or not isinstance(officer, str) or officer not in officers:
        return b""
    return sign("attestation", attestation_body(nonce, line, officer), officers[officer])


def _line_file(name: str, raw: bytes, lines: Sequence[Line]) -> dict[str, Json]:
    return {"name": name, "sha256": sha256_hex(raw), "count": len(lines)}


def _cover(
    form: Form, line_file: dict[str, Json], layout: str, attestations: str, now: datetime, nonce: str
) -> dict[str, Json]:
    stated: dict[str, Json] = {"layout": layout} if layout else {}
    return stated | {
        "nonce": nonce,
        "created": now.astimezone(UTC).strftime(MOMENT),
        "agency": form.agency,
        "office": form.office,
        "holder": form.holder,
        "delegation": form.delegation,
        "pack": form.pack,
        "agreement": form.agreement,
        "line_file": line_file,
        "attestations_sha256": attestations,
        "columns": dict(form.columns),
        "certification": {"use": form.certification},
    }
