"""What the scripted people sign in a rehearsal: bodies of decisions, sample reviews, authorisations and stops.

Every answer says that a script gave it. The bodies are plain dicts; whoever runs the rehearsal signs them with the players' keys.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from lawgate.domain.finding import Finding, Outcome
from lawgate.domain.steps import Admitted, Json, LineStatus
from lawgate.domain.stop import StopScope

REASON = "Answered by a script in a rehearsal."


def moment(at: datetime) -> str:
    """Write a UTC moment to the second, as signed documents have it."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def decision_body(
    submission: str,
    docket: Sequence[Admitted],
    made: datetime,
    *,
    refuse: Collection[int] = (),
    release: Collection[int] = (),
) -> dict[str, Json]:
    """The disclosure officer's script: approve every line of the docket, answering each ASK.

    Ordinals in ``refuse`` are refused. A held line is approved only if its ordinal is in ``release``; else it is returned.
    """
    lines: list[Json] = [
        _decided(a.checked.line.ordinal, a.checked.findings, bool(a.holds), refuse, release) for a in docket
    ]
    return {"submission": submission, "made": moment(made), "count": len(lines), "lines": lines}


def yes_body(submission: str, waiting: Sequence[LineStatus], made: datetime) -> dict[str, Json]:
    """The same script where it need not read the lines: yes to every ASK; what guard holds is returned."""
    lines: list[Json] = [_decided(s.ordinal, s.findings, bool(s.holds), (), ()) for s in waiting]
    return {"submission": submission, "made": moment(made), "count": len(lines), "lines": lines}


def _decided(
    ordinal: int, findings: Sequence[Finding], holds: bool, refuse: Collection[int], release: Collection[int]
) -> dict[str, Json]:
    met = ordinal not in refuse
    held = holds and ordinal not in release
    asked = (f.rule for f in findings if f.outcome is Outcome.ASK)
    answers: dict[str, Json] = {rule: {"met": met, "reason": REASON} for rule in asked}
    verdict = "refuse" if not met else "return" if held else "approve"
    return {"ordinal": ordinal, "verdict": verdict, "answers": answers, "release_hold": holds and not held}


def sample_body(
    submission: str, batch: int, sample: Sequence[int], made: datetime, errors: Sequence[int] = ()
) -> dict[str, Json]:
    """One reviewer's script: looked at the sample, found ``errors`` (none by default)."""
    return {
        "submission": submission,
        "batch": batch,
        "made": moment(made),
        "sample": list(sample),
        "errors": list(errors),
    }


def authorisation_body(
    submission: str, batch: int, ordinals: Sequence[int], made: datetime, withhold: Collection[int] = ()
) -> dict[str, Json]:
    """The releasing officer's script: authorise all, except ``withhold``, where a determination under 6103(i)(6) stands."""
    lines: list[Json] = [
        {
            "ordinal": ordinal,
            "verdict": "withhold" if ordinal in withhold else "authorise",
            "determination": "informant-or-impairment" if ordinal in withhold else "none",
        }
        for ordinal in ordinals
    ]
    return {
        "submission": submission,
        "batch": batch,
        "made": moment(made),
        "count": len(lines),
        "lines": lines,
    }


def stop_body(
    act: str, stop: str, scope: StopScope, subject: str, authority: str, made: datetime
) -> dict[str, Json]:
    """The court's script: ``act`` is ``order`` or ``lift``; ``authority`` refers to the order."""
    return {
        "act": act,
        "stop": stop,
        "scope": scope.value,
        "subject": subject,
        "authority": authority,
        "made": moment(made),
    }
