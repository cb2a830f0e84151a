"""Three keys kept offline, two of which sign the policy: whoever holds the gateway cannot choose its witnesses alone.

The signed policy is a C2SP signed note whose text is the policy file. The roots are a file of three verifier keys, one a line.
"""

from __future__ import annotations

from lawgate.domain.errors import LedgerError
from lawgate.ledger.note import (
    ED25519,
    Note,
    Signer,
    VerifierKey,
    good_signers,
    parse_note,
    parse_vkey,
)
from lawgate.ledger.policy import Policy, parse_policy

ROOTS, NEEDED = 3, 2


def parse_roots(text: str) -> tuple[VerifierKey, ...]:
    """Read the roots. Raises LedgerError unless they are three different Ed25519 keys for notes."""
    keys = tuple(parse_vkey(line) for line in text.removesuffix("\n").split("\n"))
    different = len({key.public for key in keys}) == len({key.name for key in keys}) == ROOTS == len(keys)
    if not different or any(key.algorithm != ED25519 for key in keys):
        raise LedgerError("the roots are three different Ed25519 keys, one a line")
    return keys


def add_signature(raw: str, signer: Signer) -> str:
    """Sign a policy file, or add a signature to one that is signed already. Raises LedgerError if it is neither."""
    if "\n\n— " in raw:
        note = parse_note(raw)
        parse_policy(note.text)
        others = tuple(line for line in note.signatures if not signer.key(ED25519).made(line))
        return str(Note(note.text, (*others, signer.sign(note.text))))
    parse_policy(raw)
    return str(Note(raw, (signer.sign(raw),)))


def signed_policy(raw: str, roots: tuple[VerifierKey, ...]) -> Policy:
    """Return the policy that two of the three roots signed. Raises LedgerError if they did not, or it is none."""
    note = parse_note(raw)
    if len(good_signers(note, roots)) < NEEDED:
        raise LedgerError("fewer than two of the three roots have signed the policy")
    return parse_policy(note.text)
