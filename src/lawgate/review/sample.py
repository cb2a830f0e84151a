"""The sample two people look at before the first answer of a batch leaves; one error stops the batch (I-8)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from enum import Enum

from lawgate.domain.errors import NotPermittedError, SettingsError
from lawgate.domain.kept import Batch, SampleReview
from lawgate.domain.standing import EnrolledKey, Role
from lawgate.domain.steps import Cover, Json, SignedDecision
from lawgate.evidence.canonical import canonical, sha256_hex
from lawgate.review.person import require_person
from lawgate.review.signed_text import number_of, ordinals_of, text_of

SAMPLE_ROLES = (Role.DISCLOSURE_OFFICER, Role.RELEASING_OFFICER, Role.COUNSEL)


class SampleState(Enum):
    """Where a batch's sample stands; only PASSED lets anything leave."""

    WAITING = "waiting"
    PASSED = "passed"
    FAILED = "failed"


def batch_seed(root: str, submission: str, number: int) -> str:
    """Return a batch's seed (64 hex digits) from the text of the log's last checkpoint or root: nobody who reviews can choose it."""
    return sha256_hex(canonical({"root": root, "submission": submission, "batch": number}))


def draw_sample(seed: str, ordinals: Collection[int], size: int) -> tuple[int, ...]:
    """Return ``size`` of the ordinals (all, if fewer), those with the smallest SHA-256 of seed and ordinal, in line order.

    Raises SettingsError for a size below one.
    """
    if size < 1:
        raise SettingsError("a sample has at least one line")
    ranked = sorted(set(ordinals), key=lambda ordinal: sha256_hex(f"{seed}:{ordinal}".encode()))
    return tuple(sorted(ranked[:size]))


def review_sample(
    payload: Mapping[str, Json],
    review: SignedDecision,
    key: EnrolledKey,
    batch: Batch,
    cover: Cover,
    *,
    scripted_allowed: bool,
) -> SampleReview:
    """Return one person's verified look at exactly the batch's sample.

    Raises NotPermittedError when this person may not look, or the document is about another batch or sample.
    """
    require_person(review, key, SAMPLE_ROLES, cover, scripted_allowed=scripted_allowed)
    if (text_of(payload, "submission"), number_of(payload, "batch")) != (batch.submission, batch.number):
        raise NotPermittedError("the review is about another batch")
    if ordinals_of(payload, "sample") != tuple(sorted(batch.sample)):
        raise NotPermittedError("the review does not list exactly the sample")
    errors = ordinals_of(payload, "errors")
    if not set(errors) <= set(batch.sample):
        raise NotPermittedError("the review names an error outside the sample")
    return SampleReview(batch.submission, batch.number, review, errors)


def sample_passed(reviews: Sequence[SampleReview], needed: int = 2) -> SampleState:
    """Say where the looks at one batch's sample stand: any error fails it, else ``needed`` different persons pass it."""
    if any(review.errors for review in reviews):
        return SampleState.FAILED
    persons = {review.review.person for review in reviews}
    return SampleState.PASSED if len(persons) >= max(needed, 2) else SampleState.WAITING
