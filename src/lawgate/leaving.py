"""Sealing a piece of a chunk of answers: pure work, handed everything as values, so that another process may do it with the same result."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lawgate.disclosure.answer import AnswerTerms
from lawgate.disclosure.seal import seal
from lawgate.domain.errors import LawgateError
from lawgate.domain.kept import LoggedAnswer
from lawgate.domain.receipt import Receipt
from lawgate.domain.standing import EnrolledKey
from lawgate.domain.steps import Package
from lawgate.ledger.policy import believe, parse_policy
from lawgate.ledger.proof import parse_proof, verify_proof


@dataclass(frozen=True, slots=True)
class Leaving:
    """One answer about to leave; ``refusal`` is what the look just before it found."""

    logged: LoggedAnswer
    receipt: Receipt
    recipient: EnrolledKey
    refusal: str | None


@dataclass(frozen=True, slots=True)
class Sealing:
    """Answers to seal at one moment, the terms they go under, and the policy and public checkpoint (both as text) that their proofs are held against."""

    answers: tuple[Leaving, ...]
    terms: AnswerTerms
    terms_text: bytes
    policy: str
    checkpoint: str


def seal_all(given: Sealing) -> tuple[Package, ...]:
    """Seal every answer, in order. Raises what ``disclosure.seal.seal`` raises, and then seals none."""
    holds = _proof_holds(given)
    return tuple(
        seal(
            each.logged,
            each.receipt,
            proof_holds=holds,
            recipient=each.recipient,
            terms=given.terms,
            terms_text=given.terms_text,
            refusal=each.refusal,
        )
        for each in given.answers
    )


def _proof_holds(given: Sealing) -> Callable[[str], bool]:
    """Say of a proof's text whether inclusion, the log's signature and the witnesses' quorum verify; the signatures under a checkpoint are
    looked at once for all proofs that rest on it."""
    policy = parse_policy(given.policy)
    believed = believe(given.checkpoint, policy)

    def holds(proof: str) -> bool:
        try:
            verify_proof(parse_proof(proof), policy, believed)
        except LawgateError:
            return False
        return True

    return holds
