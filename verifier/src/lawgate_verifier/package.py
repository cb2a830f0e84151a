"""The officer's tool: the ten checks of a sealed answer, in their order, before anything of it is shown (format section 4)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from lawgate_verifier.canonical import Json, encode
from lawgate_verifier.dsse import sign_envelope
from lawgate_verifier.encoding import hex_sha256, sha256
from lawgate_verifier.entries import Entry, parse_entry
from lawgate_verifier.ledger import Log
from lawgate_verifier.merkle import check_inclusion, leaf_hash
from lawgate_verifier.notes import Checkpoint
from lawgate_verifier.officer import Officer
from lawgate_verifier.package_files import FILES, check_names
from lawgate_verifier.policy import Policy, check_head
from lawgate_verifier.proof import Proof, parse_proof
from lawgate_verifier.refused import Refused, check, demand
from lawgate_verifier.sealed import check_agreement, unseal
from lawgate_verifier.state import Accepted, Last, Seen, State, accept
from lawgate_verifier.stops import replay

ACK_TYPE = "application/vnd.lawgate.ack+json"


@dataclass(frozen=True, slots=True, repr=False)
class Opened:
    """A package for which everything held. ``state`` must be kept durably before ``payload`` is shown.

    ``cosigned`` is the POSIX second by which a quorum had seen the head that proves it.
    """

    answer: Entry
    payload: Mapping[str, Json]
    package_sha256: str
    again: bool
    state: State
    cosigned: int


def open_package(
    files: Mapping[str, bytes],
    policy: Policy,
    officer: Officer,
    state: State,
    missing: Collection[int] = (),
) -> Opened:
    """Run the ten checks. ``missing`` are the sequence numbers that the officer says never came: a gap must be named to be passed.

    Raises Refused with the number of the first check that fails.
    """
    with check(1):
        check_names(files)
    with check(2):
        proof = parse_proof(files["answer.tlog-proof"])
        answer = parse_entry(proof.index + _base(policy, state), proof.entry)
        demand(answer.kind == "answer", "The entry is not an answer.")
    with check(3):
        head = check_head(policy, proof.note)
        checkpoint = head.checkpoint
    with check(4):
        # The extra line is unauthenticated by itself: the entry counts because its own leaf hash is the one proved.
        leaf = leaf_hash(proof.entry)
        check_inclusion(leaf, proof.index, checkpoint.size, proof.path, checkpoint.root)
    with check(5):
        own = (
            answer.text("recipient") in officer.recipients and answer.text("recipient_keyid") == officer.keyid
        )
        demand(own, "The answer is for another officer.")
    with check(6):
        terms = hex_sha256(files["terms.txt"]) == answer.text("terms_sha256")
        demand(terms, "The terms of use are not those that the log names.")
    seen = state.get(checkpoint.origin, Seen())
    with check(7):
        again, last = _check_sequence(answer, proof, seen, missing)
    with check(8):
        sealed = unseal(files["payload.age"], files["openings.age"], officer.identities)
    with check(9):
        check_agreement(answer, sealed)
    with check(10):
        _check_fresh(checkpoint, seen, again)
    newer = checkpoint.size > seen.size
    newest = replace(seen, size=checkpoint.size, root=checkpoint.root.hex()) if newer else seen
    kept = newest if again else _remember(newest, answer, proof, last)
    now = {**state, checkpoint.origin: kept}
    return Opened(answer, sealed.payload, package_digest(files), again, now, head.cosigned)


def check_standing(opened: Opened, log: Log) -> None:
    """Check that the log, as published now, holds the answer and nothing that keeps it from being used: a stop in force, or a recall.

    Raises Refused. Whom a stop on a person reaches cannot be seen; the gateway looks at those before it hands over.
    """
    answer = opened.answer
    here, called_back = False, False
    for entry in log.entries:
        here = here or entry == answer
        called_back = called_back or (
            entry.kind == "recall" and entry.text("answer") == answer.text("answer")
        )
    demand(here, "The published log does not hold this answer at its place.")
    end = log.base + log.head.checkpoint.size
    for stop in replay(log.stops)[0].values():
        stopped = stop.holds_at(end) and stop.reaches(answer)
        demand(not stopped, f"The stop of entry {stop.ordered.index} is in force and reaches this answer.")
    demand(not called_back, "This answer was called back.")


def go_on(raw: bytes, policy: Policy, state: State) -> State:
    """Go on from last year's log to the one that succeeds it, whose second entry is proved by the proof file ``raw``.

    ``policy`` is the new log's. Raises Refused unless the entry commits to a log that was seen, and contradicts nothing seen of it.
    """
    proof = parse_proof(raw)
    checkpoint = check_head(policy, proof.note).checkpoint
    check_inclusion(leaf_hash(proof.entry), proof.index, checkpoint.size, proof.path, checkpoint.root)
    shard = parse_entry(proof.index, proof.entry)
    demand(
        shard.kind == "shard" and proof.index == 1,
        "The proof is not of the entry by which a log succeeds another.",
    )
    seen = state.get(shard.text("predecessor"))
    if seen is None:
        raise Refused(0, "Nothing was accepted from the log before; a new state file needs no going on.")
    demand(checkpoint.origin not in state, "Something was accepted from this log already.")
    size, root = shard.number("size"), shard.text("root")
    demand(
        seen.size < size or (seen.size, seen.root) == (size, root),
        "The log before was seen with another end.",
    )
    newer = replace(seen, size=checkpoint.size, root=checkpoint.root.hex(), base=shard.number("base"))
    return {**state, checkpoint.origin: newer}


def _base(policy: Policy, state: State) -> int:
    seen = state.get(policy.log.name)
    return 0 if seen is None else seen.base


def package_digest(files: Mapping[str, bytes]) -> str:
    """Digest a package: over the digests of its four files in the order of the format's table."""
    return hex_sha256(b"".join(sha256(files[name]) for name in FILES))


def acknowledge(opened: Opened, officer: Officer, received: str) -> bytes:
    """Sign the acknowledgement; ``received`` is ``YYYY-MM-DDTHH:MM:SSZ``. Returns a DSSE envelope."""
    statement: dict[str, Json] = {
        "type": "lawgate/ack/v1",
        "answer": opened.answer.text("answer"),
        "index": opened.answer.index,
        "package_sha256": opened.package_sha256,
        "received": received,
    }
    return sign_envelope(ACK_TYPE, encode(statement), officer.private)


def _check_sequence(answer: Entry, proof: Proof, seen: Seen, missing: Collection[int]) -> tuple[bool, Last]:
    """Demand the recipient's next answer, one accepted before, or one named as missing before.

    Returns whether it is one accepted before, and what is last then. A number may be passed over only if the officer names it.
    """
    sequence, index = answer.number("sequence"), answer.index
    last = seen.recipients.get(answer.text("recipient_keyid"), Last(0, -1))
    before = seen.accepted.get(index)
    if before is not None:
        same = before == Accepted(answer.text("answer"), hex_sha256(proof.entry))
        demand(same, "Another answer was accepted from this place of the log.")
        return True, last
    if sequence in last.missing:
        demand(index < last.index, "An answer that was named as missing stands after the last one accepted.")
        return False, replace(last, missing=tuple(n for n in last.missing if n != sequence))
    gap = tuple(range(last.sequence + 1, sequence))
    next_one = sequence > last.sequence and gap == tuple(sorted(set(missing)))
    demand(
        next_one, "The answer is not the next of the officer's sequence; name what never came with --missing."
    )
    demand(index > last.index, "The answer stands before the last one accepted.")
    previous = answer.text("previous")
    if gap:
        follows = previous != "" and last.index < int(previous) < index
    else:
        follows = previous == ("" if last.index < 0 else str(last.index))
    demand(follows, "The answer does not follow the last one accepted.")
    return False, Last(sequence, index, (*last.missing, *gap))


def _check_fresh(checkpoint: Checkpoint, seen: Seen, again: bool) -> None:
    """An answer accepted before keeps its older proof; a new one must not come with a log shorter than was seen."""
    demand(again or checkpoint.size >= seen.size, "The checkpoint is older than the last one seen.")
    forked = checkpoint.size == seen.size and checkpoint.root.hex() != seen.root
    demand(
        not forked, "The checkpoint has the size of the last one seen and another root: the log is forked."
    )


def _remember(seen: Seen, answer: Entry, proof: Proof, last: Last) -> Seen:
    remembered = Accepted(answer.text("answer"), hex_sha256(proof.entry))
    return accept(seen, answer.text("recipient_keyid"), last, answer.index, remembered)
