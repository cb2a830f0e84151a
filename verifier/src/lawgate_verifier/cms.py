"""CMS SignedData (RFC 5652) as timestamps use it: one signer, its certificate sent along, and signed attributes that bind the content."""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from lawgate_verifier.der import (
    INTEGER,
    OCTETS,
    OID,
    SEQUENCE,
    SET,
    Parts,
    Value,
    algorithm,
    dotted,
    integer,
    only,
)
from lawgate_verifier.refused import Refused, demand

SHA256 = "2.16.840.1.101.3.4.2.1"
_HASHES: Mapping[str, hashes.HashAlgorithm] = {
    SHA256: hashes.SHA256(),
    "2.16.840.1.101.3.4.2.2": hashes.SHA384(),
    "2.16.840.1.101.3.4.2.3": hashes.SHA512(),
}
_RSA: Mapping[str, hashes.HashAlgorithm] = {
    "1.2.840.113549.1.1.11": hashes.SHA256(),
    "1.2.840.113549.1.1.12": hashes.SHA384(),
    "1.2.840.113549.1.1.13": hashes.SHA512(),
}
_ECDSA: Mapping[str, hashes.HashAlgorithm] = {
    "1.2.840.10045.4.3.2": hashes.SHA256(),
    "1.2.840.10045.4.3.3": hashes.SHA384(),
    "1.2.840.10045.4.3.4": hashes.SHA512(),
}
# Names no hash of its own: it takes the signer's.
_PLAIN_RSA = "1.2.840.113549.1.1.1"
_SIGNED_DATA = "1.2.840.113549.1.7.2"
_CONTENT_TYPE, _MESSAGE_DIGEST = "1.2.840.113549.1.9.3", "1.2.840.113549.1.9.4"
_SIGNING_CERTIFICATE, _SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.12", "1.2.840.113549.1.9.16.2.47"


_UNREADABLE = (
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
    UnsupportedAlgorithm,
)


@dataclass(frozen=True, slots=True)
class Signed:
    """Content that the certificate's key signed; ``beside`` are all certificates sent along. Whether to believe the certificate is not said."""

    content: bytes
    certificate: x509.Certificate
    beside: tuple[x509.Certificate, ...]


@dataclass(frozen=True, slots=True)
class _Signer:
    named: Value
    digest: str
    attributes: Value
    algorithm: str
    signature: bytes


def read_signed(message: Value, kind: str) -> Signed:
    """Read a ContentInfo whose signed content is of that type, and check its signature. Raises Refused."""
    outer = message.parts()
    demand(dotted(outer.take(OID)) == _SIGNED_DATA, "The timestamp is not signed data.")
    data = only(outer.take(0xA0).content, SEQUENCE).parts()
    outer.end()
    demand(integer(data.take(INTEGER)) == 3, "The signed data is of another version.")
    digests = [algorithm(each) for each in data.take(SET).parts().all(SEQUENCE)]
    inner = data.take(SEQUENCE).parts()
    demand(dotted(inner.take(OID)) == kind, "The signed data is of another type.")
    content = only(inner.take(0xA0).content, OCTETS).content
    inner.end()
    beside = tuple(map(_certificate, data.take(0xA0).parts().all(SEQUENCE)))
    data.maybe(0xA1)  # revocation lists, as sent; they decide nothing here
    signers = data.take(SET).parts()
    signer = _read_signer(signers.take(SEQUENCE).parts())
    signers.end()
    data.end()
    demand(digests == [signer.digest] and signer.digest in _HASHES, "The signer's hash is not one of SHA-2.")
    found = [each for each in beside if _is_named(signer.named, each)]
    demand(len(found) == 1, "The timestamp does not carry its signer's certificate, once.")
    _check_attributes(signer, kind, content, found[0])
    _check_signature(signer, found[0])
    return Signed(content, found[0], beside)


def _read_signer(parts: Parts) -> _Signer:
    version = integer(parts.take(INTEGER))
    by_key = parts.maybe(0x80)
    named = by_key or parts.take(SEQUENCE)
    demand(version == (3 if by_key else 1), "The signer is named in a way that its version does not know.")
    digest, attributes = algorithm(parts.take(SEQUENCE)), parts.take(0xA0)
    signer = _Signer(named, digest, attributes, algorithm(parts.take(SEQUENCE)), parts.take(OCTETS).content)
    parts.maybe(0xA1)  # attributes that nobody signed; they decide nothing here
    parts.end()
    return signer


def _certificate(value: Value) -> x509.Certificate:
    try:
        with warnings.catch_warnings():
            # What the library warns of (a negative serial number, for one) it will refuse one day; nobody should rely on it here.
            warnings.simplefilter("error")
            certificate = x509.load_der_x509_certificate(value.raw)
            # These are read when they are first asked for: what cannot be read is to be found here.
            for part in ("serial_number", "issuer", "subject", "extensions"):
                getattr(certificate, part)
    except (ValueError, Warning, *_UNREADABLE):
        raise Refused(0, "A certificate in the timestamp cannot be read.") from None
    return certificate


def _is_named(named: Value, certificate: x509.Certificate) -> bool:
    if named.tag == SEQUENCE:
        parts = named.parts()
        issuer, serial = parts.take(SEQUENCE), integer(parts.take(INTEGER))
        parts.end()
        return (issuer.raw, serial) == (certificate.issuer.public_bytes(), certificate.serial_number)
    try:
        own = certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest
    except x509.ExtensionNotFound:
        return False
    return own == named.content


def _check_attributes(signer: _Signer, kind: str, content: bytes, certificate: x509.Certificate) -> None:
    """The attributes name the content's type and hash, and which certificate is meant (RFC 5035, or RFC 2634 before it)."""
    values: dict[str, bytes] = {}
    for each in signer.attributes.parts().all(SEQUENCE):
        parts = each.parts()
        name = dotted(parts.take(OID))
        demand(name not in values, "A signed attribute stands twice.")
        values[name] = parts.take(SET).content
        parts.end()

    def the(name: str, tag: int) -> Value:
        demand(name in values, "The timestamp lacks a signed attribute that it must have.")
        return only(values[name], tag)

    demand(dotted(the(_CONTENT_TYPE, OID)) == kind, "The signature is over another type of content.")
    same = the(_MESSAGE_DIGEST, OCTETS).content == _digest(_HASHES[signer.digest], content)
    demand(same, "The signature is over another content.")
    encoded = certificate.public_bytes(Encoding.DER)
    newer = _SIGNING_CERTIFICATE_V2 in values
    named = the(_SIGNING_CERTIFICATE_V2 if newer else _SIGNING_CERTIFICATE, SEQUENCE)
    first = named.parts().take(SEQUENCE).parts().take(SEQUENCE).parts()
    stated = first.maybe(SEQUENCE) if newer else None
    hashed = first.take(OCTETS).content
    if newer:
        name = SHA256 if stated is None else algorithm(stated)
        demand(name in _HASHES, "The signer's certificate is named by an unknown hash.")
        bound = hashed == _digest(_HASHES[name], encoded)
    else:
        # The older attribute knows SHA-1 alone. It says which certificate is meant; signature and chain are checked by themselves.
        bound = hashed == hashlib.sha1(encoded, usedforsecurity=False).digest()
    demand(bound, "The signature names another certificate than the one sent along.")


def _check_signature(signer: _Signer, certificate: x509.Certificate) -> None:
    # RFC 5652 section 5.4: what is signed is the attributes as a SET, whatever tag they are sent under.
    signed = bytes([SET]) + signer.attributes.raw[1:]
    rsa_hashes = {**_RSA, _PLAIN_RSA: _HASHES[signer.digest]}
    try:
        key = certificate.public_key()
        if isinstance(key, rsa.RSAPublicKey) and signer.algorithm in rsa_hashes:
            key.verify(signer.signature, signed, padding.PKCS1v15(), rsa_hashes[signer.algorithm])
        elif isinstance(key, ec.EllipticCurvePublicKey) and signer.algorithm in _ECDSA:
            key.verify(signer.signature, signed, ec.ECDSA(_ECDSA[signer.algorithm]))
        else:
            raise Refused(0, "The signature is of a kind that is not read here.")
    except (InvalidSignature, UnsupportedAlgorithm, ValueError):
        raise Refused(0, "The signature under the timestamp does not verify.") from None


def _digest(algorithm: hashes.HashAlgorithm, raw: bytes) -> bytes:
    state = hashes.Hash(algorithm)
    state.update(raw)
    return state.finalize()
