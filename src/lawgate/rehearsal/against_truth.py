"""Holds the answers of a played submission against the truth of the world, and says why nothing was told where it could have been."""

from __future__ import annotations

from collections.abc import Sequence

from lawgate.domain.code import code
from lawgate.domain.steps import Line, Proposed, SubmissionId
from lawgate.records.evaluate import cause_of
from lawgate.records.row import RecordRow
from lawgate.rehearsal.asks import Ask
from lawgate.rehearsal.stage import Stage
from lawgate.rehearsal.truth import COMPANION, MEMBER, STRANGER, Measured, Truth, measure
from lawgate.rehearsal.world import world_records, world_truth


def measured(stage: Stage, submission: SubmissionId, asks: Sequence[Ask]) -> Measured:
    """Hold every answer against the truth, which nothing but this ever reads; ``asks`` are the submission's lines in order."""
    records, known = world_records(), world_truth()
    lines = stage.gate.memory.lines(submission)
    given = {
        logged.authorised.proposed.matched.approved.line.request_key: logged.authorised.proposed
        for logged in stage.gate.memory.logged(submission)
    }
    truths, causes = [], {}
    for ask, line in zip(asks, lines, strict=True):
        who, proposed = known[ask.key], given.get(line.request_key)
        situation = MEMBER if who.record_id else COMPANION if who.with_members else STRANGER
        truths.append(Truth(line.request_key, who.record_id, situation))
        if who.record_id:
            causes[line.request_key] = _why_silent(line, proposed, records.history(who.record_id))
    answers = {key: (p.kind, p.matched.verdict.record_id or "") for key, p in given.items()}
    return measure(truths, answers, causes)


def _why_silent(line: Line, proposed: Proposed | None, own: Sequence[RecordRow]) -> str:
    if proposed is not None and proposed.matched.verdict.record_id:
        return code(proposed.reason).sentence
    return cause_of(line.data, proposed.matched.verdict if proposed else None, own)
