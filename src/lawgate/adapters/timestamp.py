"""RFC 3161: an authority elsewhere states when it saw some bytes; what it says outlives all of our keys, and a court's expert knows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from lawgate.adapters.connection import Connection
from lawgate.domain.errors import LedgerError, SettingsError

_LARGEST = 1 << 16
_QUERY = "application/timestamp-query"


@dataclass(frozen=True, slots=True)
class Anchors:
    """Whom to believe about time: roots, and certificates between them and the authority."""

    roots: tuple[x509.Certificate, ...]
    between: tuple[x509.Certificate, ...]


def read_anchors(pem: bytes) -> Anchors:
    """Read trust anchors: every certificate that issued itself is a root. Raises SettingsError if there is none."""
    try:
        found = x509.load_pem_x509_certificates(pem)
    except ValueError:
        raise SettingsError("the trust anchors are no PEM certificates") from None
    roots = tuple(each for each in found if each.issuer == each.subject)
    if not roots:
        raise SettingsError("the trust anchors hold no root certificate")
    return Anchors(roots, tuple(each for each in found if each not in roots))


def ask_stamp(content: bytes, url: str, anchors: Anchors) -> bytes:
    """Have the content stamped and return the response, verified. Raises OSError if nobody answers, LedgerError if the stamp is no good."""
    request = TimestampRequestBuilder().data(content).hash_algorithm(HashAlgorithm.SHA256).build()
    reply = Connection(url).ask("POST", "", _LARGEST, request.as_bytes(), _QUERY)
    if reply.status != 200:
        raise OSError("the time stamping authority does not stamp")
    check_stamp(reply.body, content, anchors, request.nonce)
    return reply.body


def check_stamp(response: bytes, content: bytes, anchors: Anchors, nonce: int | None = None) -> datetime:
    """Return the moment at which an authority under these anchors says it saw this content.

    Raises LedgerError if it is not so. ``openssl ts -verify`` answers the same question.
    """
    builder = VerifierBuilder(roots=list(anchors.roots), intermediates=list(anchors.between), nonce=nonce)
    try:
        stamp = decode_timestamp_response(response)
        builder.build().verify_message(stamp, content)
    except (VerificationError, ValueError):
        raise LedgerError("a timestamp does not verify under the trust anchors") from None
    return stamp.tst_info.gen_time
