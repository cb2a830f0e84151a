"""What somebody found of a batch's sample, answer by answer, until all of it is signed."""

from __future__ import annotations

from lawgate.accounts.models import Account
from lawgate.domain.kept import Batch
from lawgate.gate import Gate
from lawgate.signing.models import Judged


def judge(gate: Gate, account: Account, batch: Batch, ordinal: int, *, right: bool) -> None:
    """Keep what the account found of one sampled answer. A crash just here loses that one look."""
    Judged.objects.update_or_create(
        account=account,
        submission=batch.submission,
        batch=batch.number,
        ordinal=ordinal,
        defaults={"right": right, "at": gate.now()},
    )


def judged(account: Account, batch: Batch) -> dict[int, bool]:
    """Return what the account found so far, by ordinal: whether the answer is right."""
    kept = Judged.objects.filter(account=account, submission=batch.submission, batch=batch.number)
    return {row.ordinal: row.right for row in kept if row.ordinal in batch.sample}
