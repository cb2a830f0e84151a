"""Where a home's logs lie, which policy is in force for each, and who signed it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from lawgate.adapters.durable import settle, write_atomic
from lawgate.domain.errors import LawgateError, LedgerError, SettingsError
from lawgate.domain.steps import SubmissionId
from lawgate.evidence.canonical import sha256_hex
from lawgate.evidence.key_check import is_signing_key
from lawgate.gate import Gate
from lawgate.ledger.leaves import check_leaf
from lawgate.ledger.note import COSIGNATURE, VerifierKey, parse_note, parse_vkey
from lawgate.ledger.policy import Policy, parse_policy
from lawgate.ledger.roots import parse_roots, signed_policy
from lawgate.ledger.shard import Shard, published_head
from lawgate.ledger.stored import entries_of

POLICY_FILE = "policy"
BASE_FILE = "base"
"""How many entries the logs before a successor hold."""
SIGNED_POLICY = "policy.signed"
NEXT_POLICY = "policy.next"
ROOTS_FILE = "roots"
"""Three verifier keys, two of which sign the policy; a home without this file has no roots."""
LEDGER = "ledger"
SHARDS = "shards"


def places_of(home: Path) -> list[Path]:
    """Where the home's logs lie, the first year's first: in the home itself, and each successor in a folder of its own."""
    return [home, *sorted((home / SHARDS).glob("[0-9][0-9][0-9][0-9]"))]


def base_of(place: Path) -> int:
    """Return how many entries the logs before this one hold."""
    file = place / BASE_FILE
    return int(file.read_text("ascii")) if file.exists() else 0


def policy_of(place: Path) -> Policy:
    """Read the policy in force for a log. Raises LedgerError."""
    return parse_policy((place / POLICY_FILE).read_text(encoding="utf-8"))


def policy_is_signed(home: Path, place: Path, policy: Policy) -> bool:
    """Say whether two of the home's roots signed this very policy, or it has none."""
    if not (home / ROOTS_FILE).exists():
        return True
    try:
        raw = (place / SIGNED_POLICY).read_text(encoding="utf-8")
        return signed_policy(raw, roots_of(home)).text == policy.text
    except (OSError, LedgerError):
        return False


def roots_of(home: Path) -> tuple[VerifierKey, ...]:
    """Read the home's roots. Raises SettingsError if there are none, or they are none."""
    try:
        return parse_roots((home / ROOTS_FILE).read_text(encoding="utf-8"))
    except OSError:
        raise SettingsError(
            "this home has no offline roots; `lawgate init --roots` makes one that has"
        ) from None
    except LedgerError as fault:
        raise SettingsError(f"the roots: {fault}") from None


def settle_policy(place: Path, gate: Gate) -> None:
    """Finish, or drop, a change of policy that a crash may have left half done: the log's last policy entry says which."""
    raw = (place / NEXT_POLICY).read_text(encoding="utf-8")
    text = parse_note(raw).text
    named = str(check_leaf(gate.memory.leaves_of("policy")[-1])["policy_sha256"])
    if sha256_hex(text.encode()) == named:
        write_atomic(place / POLICY_FILE, text.encode(), 0o644)
        write_atomic(place / SIGNED_POLICY, raw.encode(), 0o644)
    (place / NEXT_POLICY).unlink()
    settle(place)


def erasures_beyond(gate: Gate) -> frozenset[SubmissionId]:
    """Read the erasures of a published log that knows more than a restored database."""
    try:
        size = published_head(Shard(gate.base, gate.tiles, gate.policy)).checkpoint.size
        known = gate.memory.size() - gate.base
        return erasures_in(entries_of(gate.tiles, known, size)) if size > known else frozenset()
    except LawgateError:
        # Whatever is wrong with the published log, publishing will say so and sign nothing.
        return frozenset()


def erasures_in(raws: Iterable[bytes]) -> frozenset[SubmissionId]:
    """Return the submissions whose erasure these entries order."""
    leaves = map(check_leaf, raws)
    return frozenset(SubmissionId(str(leaf["submission"])) for leaf in leaves if leaf["type"] == "erasure")


def require_good_keys(policy: Policy) -> None:
    """ML-DSA keys have one spelling and no small subgroups; Ed25519 keys are looked at."""
    if not all(is_signing_key(k.public) for k in policy.witnesses.values() if k.algorithm == COSIGNATURE):
        raise SettingsError("a witness's key is no point of the prime-order group")


def remote_key(vkey: str) -> VerifierKey:
    """Read the key of a witness elsewhere. Raises SettingsError."""
    try:
        key = parse_vkey(vkey)
    except LedgerError as fault:
        raise SettingsError(f"witnesses.remote: {fault}") from None
    if key.algorithm == COSIGNATURE and not is_signing_key(key.public):
        raise SettingsError("witnesses.remote: a key is no point of the prime-order group")
    return key
