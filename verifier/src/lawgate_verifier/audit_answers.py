"""What entries about requests and answers must agree in: numbers without gaps, the people of an answer, stops that bit."""

from __future__ import annotations

from lawgate_verifier.entries import Entry
from lawgate_verifier.merkle import EMPTY_ROOT
from lawgate_verifier.walk import Walk

_ROLES = {
    "recipient_keyid": "engaged-officer",
    "decision_keyid": "disclosure-officer",
    "authorisation_keyid": "releasing-officer",
}


def _submission(walk: Walk, entry: Entry) -> None:
    identity = entry.text("submission")
    walk.demand(identity not in walk.submissions, entry, "A submission is logged twice.")
    walk.submissions.setdefault(identity, entry)
    _check_lines(walk, entry)


def _determinations(walk: Walk, entry: Entry) -> None:
    identity = entry.text("submission")
    _check_lines(walk, entry)
    walk.letters.update(entry.counted())
    walk.batches[identity] += 1
    walk.demand(
        entry.number("batch") == walk.batches[identity],
        entry,
        "The batches of a submission are not numbered 1, 2, and so on.",
    )
    walk.determined[identity] += entry.number("lines")
    submission = walk.submissions.get(identity)
    if submission is None:
        walk.demand(False, entry, "A determination is of a submission that is not in the log before it.")
    else:
        known = walk.determined[identity] <= submission.number("lines")
        walk.demand(known, entry, "More lines are determined than the submission has.")


def _check_lines(walk: Walk, entry: Entry) -> None:
    lines = entry.number("lines")
    nothing = entry.text("lines_root") == EMPTY_ROOT.hex()
    walk.demand(nothing == (lines == 0), entry, "The root over the lines does not fit their number.")


def _answer(walk: Walk, entry: Entry) -> None:
    new = walk.answers.add(entry.text("answer"), entry.text("recipient_keyid"))
    walk.demand(new, entry, "An answer's id stands twice in the log.")
    count = entry.number("stops") == walk.stop_entries
    walk.demand(count, entry, "An answer does not count the stop entries before it right.")
    _check_chain(walk, entry)
    _check_people(walk, entry)
    _check_submission(walk, entry)
    for stop in walk.stops.values():
        forbidden = stop.holds_at(entry.index) and stop.reaches(entry)
        walk.demand(
            not forbidden, entry, f"An answer was logged while the stop of entry {stop.ordered.index} held."
        )


def _check_chain(walk: Walk, entry: Entry) -> None:
    recipient = entry.text("recipient_keyid")
    last = walk.chains.get(recipient)
    sequence, previous = (last.number("sequence") + 1, str(last.index)) if last else (1, "")
    follows = entry.number("sequence") == sequence
    walk.demand(follows, entry, "The recipient's sequence has a gap or a repetition.")
    joined = entry.text("previous") == previous
    walk.demand(joined, entry, "An answer does not name the recipient's answer before it.")
    walk.chains[recipient] = entry


def _check_submission(walk: Walk, entry: Entry) -> None:
    identity = entry.text("submission")
    submission = walk.submissions.get(identity)
    if submission is None:
        walk.demand(False, entry, "An answer is to a submission that is not in the log before it.")
        return
    walk.answered[identity] += 1
    open_to_answers = submission.text("code") == "" and walk.answered[identity] <= submission.number("lines")
    walk.demand(
        open_to_answers, entry, "A submission has more answers than it has lines that can be answered."
    )
    same = all(entry.text(member) == submission.text(member) for member in ("agency", "pack"))
    walk.demand(same, entry, "An answer names another agency or pack than its submission.")


def _check_people(walk: Walk, entry: Entry) -> None:
    """Who receives, who approved and who released are three keys, each enrolled for just that.

    An approval stands that was signed before its key was revoked; nothing is released by a revoked key, or to one.
    """
    for member, role in _ROLES.items():
        keyid = entry.text(member)
        walk.demand(
            walk.keys.get(keyid) == role,
            entry,
            f"An answer's {member} is not an enrolled key for the role {role}.",
        )
        current = member == "decision_keyid" or keyid not in walk.revoked
        walk.demand(current, entry, f"An answer's {member} was revoked before it.")


def _ack(walk: Walk, entry: Entry) -> None:
    identity = entry.text("answer")
    recipient = walk.answers.recipient(identity)
    if recipient is None:
        walk.demand(False, entry, "An acknowledgement is of an answer that is not in the log before it.")
        return
    walk.demand(walk.answers.acknowledge(identity), entry, "An answer is acknowledged twice.")
    own = entry.text("keyid") == recipient
    walk.demand(own, entry, "An acknowledgement is by another key than the recipient's.")


def _statement(walk: Walk, entry: Entry) -> None:
    identity, keyid = entry.text("answer"), entry.text("keyid")
    recipient = walk.answers.recipient(identity)
    if recipient is None:
        walk.demand(False, entry, "A statement is of an answer that is not in the log before it.")
        return
    once = walk.answers.state(identity, entry.text("act"))
    walk.demand(once, entry, "The same is stated of an answer twice, or it is said to end twice.")
    # Once the recipient's own key is revoked, nobody could speak for the agency but its official.
    for_another = recipient in walk.revoked and walk.keys.get(keyid) == "requesting-official"
    by_whom = keyid not in walk.revoked and (keyid == recipient or for_another)
    walk.demand(
        by_whom,
        entry,
        "A statement is by another key than the recipient's, or than an official's for one revoked.",
    )


def _tag(walk: Walk, entry: Entry) -> None:
    identity, tag = entry.text("answer"), entry.text("tag")
    there = walk.answers.recipient(identity) is not None
    walk.demand(there, entry, "A tag is of an answer that is not in the log before it.")
    once = walk.answers.tag(identity, tag)
    walk.demand(once, entry, "An answer is tagged twice, or a tag stands twice in the log.")


def _recall(walk: Walk, entry: Entry) -> None:
    identity, due = entry.text("answer"), entry.text("due")
    there = walk.answers.recipient(identity) is not None
    walk.demand(there, entry, "A recall is of an answer that is not in the log before it.")
    walk.open_or_close(entry, walk.recalled, identity, due, entry.text("act") == "notice")


def _source(walk: Walk, entry: Entry) -> None:
    rows, lookups = entry.number("rows"), entry.number("lookups")
    walk.demand(
        rows == lookups, entry, f"The record system counts {rows} reads, the gateway {lookups} look-ups."
    )
    walk.demand(
        lookups >= len(walk.answers), entry, "The gateway counts fewer look-ups than it logged answers."
    )


STEPS = {
    "submission": _submission,
    "determinations": _determinations,
    "answer": _answer,
    "ack": _ack,
    "statement": _statement,
    "tag": _tag,
    "recall": _recall,
    "source": _source,
}
