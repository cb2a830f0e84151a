"""RFC 3161: who, under anchors that the reader trusts, states when they saw some bytes. Read from the RFC, without the gateway's library."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID
from cryptography.x509.verification import (
    Criticality,
    ExtensionPolicy,
    Policy,
    PolicyBuilder,
    Store,
    VerificationError,
)

from lawgate_verifier.cms import SHA256, Signed, read_signed
from lawgate_verifier.der import (
    BOOLEAN,
    INTEGER,
    OCTETS,
    OID,
    SEQUENCE,
    TIME,
    algorithm,
    dotted,
    integer,
    only,
)
from lawgate_verifier.encoding import sha256
from lawgate_verifier.refused import Refused, demand

LARGEST_RESPONSE = 1 << 16
_TST_INFO = "1.2.840.113549.1.9.16.1.4"
_PURPOSES = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
_READ_HERE = {x509.BasicConstraints.oid, x509.KeyUsage.oid, x509.ExtendedKeyUsage.oid}
_MOMENT = re.compile(rb"([0-9]{14})(?:\.([0-9]{0,5}[1-9]))?Z")


@dataclass(frozen=True, slots=True)
class Anchors:
    """Whom to believe about time: roots, and certificates between them and the authorities."""

    roots: tuple[x509.Certificate, ...]
    between: tuple[x509.Certificate, ...]


@dataclass(frozen=True, slots=True)
class Stamp:
    """``moment`` is when ``authority`` (its certificate's subject, RFC 4514) saw the bytes."""

    moment: datetime
    authority: str


def read_anchors(pem: bytes) -> Anchors:
    """Read trust anchors: every certificate that issued itself is a root. Raises Refused if there is none."""
    try:
        found = x509.load_pem_x509_certificates(pem)
    except ValueError:
        raise Refused(0, "The trust anchors are no PEM certificates.") from None
    roots = tuple(each for each in found if each.issuer == each.subject)
    demand(bool(roots), "The trust anchors hold no root certificate.")
    return Anchors(roots, tuple(each for each in found if each not in roots))


def check_stamp(response: bytes, content: bytes, anchors: Anchors) -> Stamp:
    """Check that an authority under these anchors states to have seen exactly this content, and when. Raises Refused.

    The chain is held against the moment stated, not against today: a stamp outlives its certificates.
    """
    parts = only(response, SEQUENCE).parts()
    status = parts.take(SEQUENCE).parts()
    demand(integer(status.take(INTEGER)) in (0, 1), "The authority did not grant the timestamp.")
    status.maybe(SEQUENCE)  # a text for people
    status.end()
    signed = read_signed(parts.take(SEQUENCE), _TST_INFO)
    parts.end()
    moment = _read_statement(signed.content, content)
    _check_chain(signed, anchors, moment)
    return Stamp(moment, signed.certificate.subject.rfc4514_string())


def _read_statement(raw: bytes, content: bytes) -> datetime:
    """Read a TSTInfo over this content and return its moment, in whole microseconds."""
    parts = only(raw, SEQUENCE).parts()
    demand(integer(parts.take(INTEGER)) == 1, "The timestamp is of another version.")
    dotted(parts.take(OID))
    imprint = parts.take(SEQUENCE).parts()
    demand(algorithm(imprint.take(SEQUENCE)) == SHA256, "The timestamp is over another hash than SHA-256.")
    demand(imprint.take(OCTETS).content == sha256(content), "The timestamp is of other bytes.")
    imprint.end()
    integer(parts.take(INTEGER))
    moment = _moment(parts.take(TIME).content)
    for tag in (
        SEQUENCE,
        BOOLEAN,
        INTEGER,
        0xA0,
    ):  # accuracy, ordering, nonce and name: signed, and not relied on
        parts.maybe(tag)
    # Extensions could change what the statement means.
    parts.end()
    return moment


def _moment(raw: bytes) -> datetime:
    found = _MOMENT.fullmatch(raw)
    demand(found is not None, "The timestamp's moment is not written as it must be.")
    assert found is not None
    digits, fraction = found[1].decode(), (found[2] or b"").decode()
    try:
        return datetime.strptime(digits + fraction.ljust(6, "0"), "%Y%m%d%H%M%S%f").replace(tzinfo=UTC)
    except ValueError:
        raise Refused(0, "The timestamp's moment is none.") from None


def _check_chain(signed: Signed, anchors: Anchors, moment: datetime) -> None:
    """RFC 3161 section 2.3: a certificate for time stamping alone, critically so; and a chain to a root that held at that moment."""
    authority = ExtensionPolicy.permit_all()
    authority = authority.require_present(x509.ExtendedKeyUsage, Criticality.CRITICAL, _stamps_alone)
    authority = authority.may_be_present(x509.KeyUsage, Criticality.AGNOSTIC, _signs)
    builder = (
        PolicyBuilder()
        .store(Store(list(anchors.roots)))
        .time(moment)
        .extension_policies(ca_policy=ExtensionPolicy.webpki_defaults_ca(), ee_policy=authority)
    )
    known = all(each.oid in _READ_HERE for each in signed.certificate.extensions if each.critical)
    demand(known, "The authority's certificate has a critical extension that is not read here.")
    try:
        builder.build_client_verifier().verify(signed.certificate, [*signed.beside, *anchors.between])
    except (VerificationError, ValueError):
        raise Refused(
            0,
            "The authority's certificate is not one for timestamps that the trust anchors vouched for then.",
        ) from None


def _stamps_alone(policy: Policy, certificate: x509.Certificate, usage: x509.ExtendedKeyUsage) -> None:
    if usage != _PURPOSES:
        raise ValueError


def _signs(policy: Policy, certificate: x509.Certificate, usage: x509.KeyUsage | None) -> None:
    if usage is not None and not (usage.digital_signature or usage.content_commitment):
        raise ValueError
