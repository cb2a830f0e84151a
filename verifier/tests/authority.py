"""A time stamping authority for tests: certificates by `cryptography`, responses by ``openssl ts``, and by ``openssl cms`` where that refuses to sign."""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
STAMPING, CODE_SIGNING = ExtendedKeyUsageOID.TIME_STAMPING, ExtendedKeyUsageOID.CODE_SIGNING
CONFIG = """
[one]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = {digest}
default_policy = 1.2.3.4.1
digests = sha256, sha512
accuracy = secs:1
ess_cert_id_alg = {bound_by}
"""


def run(*words: object) -> tuple[int, str]:
    """Run OpenSSL; its exit code and all that it said."""
    done = subprocess.run(["openssl", *map(str, words)], capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout + done.stderr


def openssl(*words: object) -> str:
    code, said = run(*words)
    assert code == 0, said
    return said


def name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


class Authority:
    """A root, perhaps a certificate between, and a signer, with what a test wants to be different about them."""

    def __init__(
        self,
        folder: Path,
        *,
        purposes: Sequence[x509.ObjectIdentifier] = (STAMPING,),
        critical: bool = True,
        between: bool = False,
        between_signs: bool = True,
        size: int = 0,
        begins: datetime = datetime(2020, 1, 1, tzinfo=UTC),
        ends: datetime = datetime(2120, 1, 1, tzinfo=UTC),
        digest: str = "sha256",
        bound_by: str = "sha256",
    ) -> None:
        self.folder = folder
        folder.mkdir()
        (folder / "serial").write_text("01\n")
        (folder / "conf").write_text(CONFIG.format(folder=folder, digest=digest, bound_by=bound_by))

        def key() -> Key:
            return rsa.generate_private_key(65537, size) if size else ec.generate_private_key(ec.SECP256R1())

        wide = (datetime(2020, 1, 1, tzinfo=UTC), datetime(2120, 1, 1, tzinfo=UTC))
        root_key, between_key, self.key = key(), key(), key()
        root = certificate("test root", root_key, "test root", root_key, wide, ca=True)
        issuer, issuer_key = "test root", root_key
        self.between: tuple[x509.Certificate, ...] = ()
        if between:
            made = certificate("test between", between_key, issuer, issuer_key, wide, ca=between_signs)
            self.between, issuer, issuer_key = (made,), "test between", between_key
        self.certificate = certificate(
            "test authority", self.key, issuer, issuer_key, (begins, ends), ca=False, purposes=purposes, critical=critical
        )  # fmt: skip
        self.anchors = folder / "anchors.pem"
        self.anchors.write_bytes(b"".join(c.public_bytes(Encoding.PEM) for c in (root, *self.between)))
        self.between_file = folder / "between.pem"
        self.between_file.write_bytes(b"".join(c.public_bytes(Encoding.PEM) for c in self.between))
        (folder / "tsa.pem").write_bytes(self.certificate.public_bytes(Encoding.PEM))
        (folder / "tsa.key").write_bytes(
            self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        )

    def stamp(self, content: bytes) -> bytes:
        """Have OpenSSL stamp the content, now."""
        (self.folder / "data").write_bytes(content)
        openssl(
            "ts", "-query", "-data", self.folder / "data", "-sha256", "-cert", "-out", self.folder / "query"
        )
        openssl(
            "ts", "-reply", "-config", self.folder / "conf", "-section", "one",
            "-queryfile", self.folder / "query", "-out", self.folder / "reply",
        )  # fmt: skip
        return (self.folder / "reply").read_bytes()

    def state(self, statement: bytes) -> bytes:
        """Sign any statement at all as a timestamp, and wrap it as a granted response."""
        (self.folder / "statement").write_bytes(statement)
        openssl(
            "cms", "-sign", "-binary", "-nodetach", "-cades", "-nosmimecap", "-md", "sha256",
            "-econtent_type", "1.2.840.113549.1.9.16.1.4", "-in", self.folder / "statement",
            "-signer", self.folder / "tsa.pem", "-inkey", self.folder / "tsa.key",
            "-outform", "DER", "-out", self.folder / "token",
        )  # fmt: skip
        return der(0x30, der(0x30, der(2, b"\x00")) + (self.folder / "token").read_bytes())

    def openssl_agrees(self, response: bytes, content: bytes, at: datetime) -> bool:
        """Say whether ``openssl ts -verify`` holds the response for good at a moment, under this authority's anchors."""
        (self.folder / "verify-data").write_bytes(content)
        (self.folder / "verify-response").write_bytes(response)
        between = ("-untrusted", self.between_file) if self.between else ()
        code, _ = run(
            "ts", "-verify", "-data", self.folder / "verify-data", "-in", self.folder / "verify-response",
            "-CAfile", self.anchors, *between, "-attime", int(at.timestamp()),
        )  # fmt: skip
        return code == 0


def certificate(
    subject: str,
    key: Key,
    issuer: str,
    issuer_key: Key,
    valid: tuple[datetime, datetime],
    *,
    ca: bool,
    purposes: Sequence[x509.ObjectIdentifier] = (),
    critical: bool = True,
) -> x509.Certificate:
    usage = x509.KeyUsage(not ca, False, False, False, False, ca, ca, False, False)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name(subject))
        .issuer_name(name(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(valid[0])
        .not_valid_after(valid[1])
        .add_extension(x509.BasicConstraints(ca, None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False
        )
    )
    if purposes:
        builder = builder.add_extension(x509.ExtendedKeyUsage(purposes), critical=critical)
    return builder.sign(issuer_key, hashes.SHA256())


def der(tag: int, content: bytes) -> bytes:
    """Encode one DER value."""
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content


SHA256_NAME = bytes.fromhex("0609608648016503040201")
SHA1_NAME = bytes.fromhex("06052b0e03021a")


def statement(
    content: bytes,
    moment: str = "20260302120000Z",
    *,
    version: int = 1,
    hashed_by: str = "sha256",
    extensions: bytes = b"",
) -> bytes:
    """Write a TSTInfo over some content by hand."""
    algorithm = SHA256_NAME if hashed_by == "sha256" else SHA1_NAME
    imprint = der(0x30, der(0x30, algorithm) + der(4, hashlib.new(hashed_by, content).digest()))
    return der(
        0x30,
        der(2, bytes([version])) + der(6, b"\x2a\x03\x04\x01") + imprint + der(2, b"\x07")
        + der(0x18, moment.encode()) + extensions,
    )  # fmt: skip


def later(**by: float) -> datetime:
    return datetime.now(UTC) + timedelta(**by)
