"""C2SP tlog-cosignature: a witness's statement that at this second it saw the log grow to this checkpoint and never otherwise."""

from __future__ import annotations

from datetime import datetime

from lawgate.ledger.note import COSIGNATURE, SignatureLine, Signer, cosigned_message


def cosign(signer: Signer, text: str, now: datetime) -> SignatureLine:
    """Cosign a checkpoint's text; the time is ``now`` (aware) in whole POSIX seconds."""
    time = int(now.timestamp())
    blob = time.to_bytes(8, "big") + signer.private.sign(cosigned_message(text, time))
    return SignatureLine(signer.name, signer.key(COSIGNATURE).key_id, blob)


def cosigned_at(line: SignatureLine) -> int:
    """Return the POSIX second that a verified cosignature states."""
    return int.from_bytes(line.blob[:8], "big")
