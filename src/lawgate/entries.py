"""The log's entries about submissions and their lines: counts in clear, everything else a commitment (docs/ledger-format.md)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from lawgate.domain.kept import is_final
from lawgate.domain.steps import Json, LineStatus, Received, Rejected, SubmissionId
from lawgate.evidence.commitment import commit
from lawgate.gate import Gate
from lawgate.ledger import leaves


def rejection_leaf(rejected: Rejected, at: datetime) -> bytes:
    """Return the entry of a submission that was rejected whole: 6103(p)(3)(A) asks for an accounting of all requests."""
    return leaves.submission_leaf(
        at=at,
        submission=rejected.submission,
        agency=rejected.agency or "",
        pack="",
        manifest_sha256=rejected.manifest_sha256,
        lines=0,
        lines_root=leaves.lines_root(()),
        counts={},
        code=rejected.code,
    )


def submission_leaf(gate: Gate, received: Received, lines_root: str, counts: Mapping[str, int]) -> bytes:
    """Return the entry of a received submission: the root over one commitment for each line (``reading.request_commitment``), and the letters known so far.

    Its time is that of entering it: reading a large submission takes minutes, and a log's times never go back.
    """
    return leaves.submission_leaf(
        at=gate.now(),
        submission=received.submission,
        agency=received.cover.agency,
        pack=received.cover.pack,
        manifest_sha256=received.manifest_sha256,
        lines=received.cover.line_count,
        lines_root=lines_root,
        counts=counts,
        code="",
    )


def determinations(
    gate: Gate, received: Received, statuses: Sequence[LineStatus], number: int
) -> list[bytes]:
    """Return the entry in which those of the lines that are final become so, or nothing if none is."""
    final = [(s.ordinal, s.disposition.value, s.codes) for s in statuses if is_final(s)]
    return final_lines_leaf(gate, received.submission, final, number)


def final_lines_leaf(
    gate: Gate, submission: SubmissionId, final: Iterable[tuple[int, str, Sequence[str]]], number: int
) -> list[bytes]:
    """Return the entry in which these lines become final, or nothing if there are none."""
    made = Determinations(gate, submission, number)
    for ordinal, letter, codes in final:
        made.add(ordinal, letter, codes)
    return made.leaf()


class Determinations:
    """The entry in which lines become final, made line by line; nothing of a line is held but what the tree needs."""

    def __init__(self, gate: Gate, submission: SubmissionId, number: int) -> None:
        self._gate = gate
        self._submission = submission
        self._number = number
        self._salt = gate.line_salts(submission)
        self._root = leaves.LinesRoot()
        self._counts: dict[str, int] = {}

    def add(self, ordinal: int, letter: str, codes: Sequence[str]) -> None:
        """Add the next line, in line order."""
        said: Json = {"ordinal": ordinal, "disposition": letter, "codes": list(codes)}
        self._root.add(commit(self._salt(f"{self._number}/{ordinal}"), "line", said))
        self._counts[letter] = self._counts.get(letter, 0) + 1

    def leaf(self) -> list[bytes]:
        """Return the entry, or nothing if no line was added."""
        if not self._counts:
            return []
        leaf = leaves.determinations_leaf(
            at=self._gate.now(),
            submission=self._submission,
            batch=self._number,
            lines=sum(self._counts.values()),
            lines_root=self._root.hex(),
            counts=self._counts,
        )
        return [leaf]
