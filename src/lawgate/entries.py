"""The log's entries about submissions and their lines: counts in clear, everything else a commitment (docs/ledger-format.md)."""

from __future__ import annotations

from collections.abc import Sequence

from lawgate.domain.kept import is_final, letter_counts
from lawgate.domain.steps import LineStatus, Received, Rejected, SubmissionId
from lawgate.evidence.commitment import commit
from lawgate.gate import Gate
from lawgate.ledger import leaves


def rejection_leaf(rejected: Rejected) -> bytes:
    """Return the entry of a submission that was rejected whole: 6103(p)(3)(A) asks for an accounting of all requests."""
    return leaves.submission_leaf(
        at=rejected.received_at,
        submission=rejected.submission,
        agency=rejected.agency or "",
        pack="",
        manifest_sha256=rejected.manifest_sha256,
        lines=0,
        lines_root=leaves.lines_root(()),
        counts={},
        code=rejected.code,
    )


def submission_leaf(gate: Gate, received: Received, statuses: Sequence[LineStatus]) -> bytes:
    """Return the entry of a received submission, with one commitment for each line and the dispositions known so far."""
    # Derived, not drawn (docs/adr/0005); batch 0 is this entry, the determinations count from 1.
    salt = gate.line_salts(received.submission)
    salted = (
        commit(
            salt(f"0/{line.ordinal}"),
            "request",
            {"ordinal": line.ordinal, "digest": line.digest},
        )
        for line in received.lines
    )
    return leaves.submission_leaf(
        at=received.received_at,
        submission=received.submission,
        agency=received.cover.agency,
        pack=received.cover.pack,
        manifest_sha256=received.manifest_sha256,
        lines=len(received.lines),
        lines_root=leaves.lines_root(tuple(salted)),
        counts=letter_counts(statuses),
        code="",
    )


def determinations(
    gate: Gate, received: Received, statuses: Sequence[LineStatus], number: int
) -> list[bytes]:
    """Return the entry in which those of the lines that are final become so, or nothing if none is."""
    final = [(s.ordinal, s.disposition.value, s.codes) for s in statuses if is_final(s)]
    return final_lines_leaf(gate, received.submission, final, number)


def final_lines_leaf(
    gate: Gate, submission: SubmissionId, final: Sequence[tuple[int, str, Sequence[str]]], number: int
) -> list[bytes]:
    """Return the entry in which these lines become final, or nothing if there are none."""
    if not final:
        return []
    salt = gate.line_salts(submission)
    salted = (
        commit(
            salt(f"{number}/{ordinal}"),
            "line",
            {"ordinal": ordinal, "disposition": letter, "codes": list(codes)},
        )
        for ordinal, letter, codes in final
    )
    counts: dict[str, int] = {}
    for _, letter, _ in final:
        counts[letter] = counts.get(letter, 0) + 1
    root = leaves.lines_root(tuple(salted))
    return [
        leaves.determinations_leaf(
            at=gate.now(),
            submission=submission,
            batch=number,
            lines=len(final),
            lines_root=root,
            counts=counts,
        )
    ]
