"""C2SP tlog-cosignature: a witness's statement that at this second it saw the log grow to this checkpoint and never otherwise."""

from __future__ import annotations

from datetime import datetime

from lawgate.ledger.note import SignatureLine, Signer, cosigned_message


def cosign(signer: Signer, text: str, now: datetime) -> SignatureLine:
    """Cosign a checkpoint's text, with whichever kind of key it is; the time is ``now`` (aware) in whole POSIX seconds."""
    time, key = int(now.timestamp()), signer.witness_key
    signature = signer.private.sign(cosigned_message(key.algorithm, signer.name, text, time))
    return SignatureLine(signer.name, key.key_id, time.to_bytes(8, "big") + signature)


def cosigned_at(line: SignatureLine) -> int:
    """Return the POSIX second that a verified cosignature states."""
    return int.from_bytes(line.blob[:8], "big")
