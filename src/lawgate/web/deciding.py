"""Step 4 on pages: what an officer answers on a form becomes a prepared decision; nothing is decided before it is signed."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import QueryDict

from lawgate.accounts.models import Account
from lawgate.domain.errors import NotPermittedError
from lawgate.domain.standing import Role
from lawgate.domain.steps import Json, SignedDecision, SubmissionId
from lawgate.gate import Gate
from lawgate.review.decide import Decided, decide
from lawgate.review.docket import Entry
from lawgate.signing import desk
from lawgate.signing.shown import shown_of

DECIDES = frozenset({Role.DISCLOSURE_OFFICER})
NOT_SIGNED = ""


def prepare_decision(
    opened: Gate, account: Account, number: SubmissionId, entries: Sequence[Entry], sent: QueryDict
) -> str:
    """Prepare one decision that says the same of each of these lines, and return the number of the document to sign.

    Raises NotPermittedError for a line that was not shown to this account as it is now, and whatever ``review.decide`` refuses.
    """
    seen = shown_of(opened, account, number, entries)
    if unseen := [e.ordinal for e in entries if e.ordinal not in seen]:
        raise NotPermittedError(
            f"line {unseen[0]} was not shown to you as it is now; look at every line before you answer for it"
        )
    lines: list[Json] = [answered(entry, sent) for entry in entries]
    said: dict[str, Json] = {"submission": number, "count": len(lines), "lines": lines}
    _tried(opened, account, number, [e.ordinal for e in entries], said)
    return desk.prepare(opened, account, "decision", said)


def answered(entry: Entry, sent: QueryDict) -> Json:
    """Return what a form says of one line, in the form of a decision. What it leaves out stays unanswered, and nothing is narrowed by silence."""
    answers: dict[str, Json] = {}
    for ask in entry.asks:
        met = sent.get(f"met-{ask.rule}", "")
        if met in ("yes", "no"):
            answers[ask.rule] = {"met": met == "yes", "reason": sent.get(f"reason-{ask.rule}", "").strip()}
    line: dict[str, Json] = {
        "ordinal": entry.ordinal,
        "verdict": sent.get("verdict", ""),
        "answers": answers,
    }
    if entry.holds:
        line["release_hold"] = sent.get("release_hold") == "yes"
    if line["verdict"] == "approve":
        for name, asked in (("items", "items_requested"), ("periods", "taxable_periods")):
            chosen: list[Json] = [*sent.getlist(name)]
            if f"offers-{name}" in sent and chosen != entry.data.get(asked):
                line[name] = chosen
    return line


def _tried(
    opened: Gate, account: Account, number: SubmissionId, ordinals: Sequence[int], said: dict[str, Json]
) -> Decided:
    """Ask the one function that decides what it would say, so that nobody signs what would be refused. Nothing of it is kept."""
    keys = desk.keys_now(opened, account, DECIDES)
    received = opened.memory.received(number)
    if not keys or received is None:
        raise NotPermittedError("you have no key in force that may decide here")
    by = SignedDecision(NOT_SIGNED, keys[0].keyid, keys[0].person, opened.now())
    docket = opened.memory.docket(number, tuple(ordinals))
    return decide(docket, said, by, keys[0], received, scripted_allowed=opened.scripted_allowed)
