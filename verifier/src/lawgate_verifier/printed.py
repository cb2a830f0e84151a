"""What the command prints, for people and as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence

from lawgate_verifier.audit import Audit
from lawgate_verifier.canonical import Json
from lawgate_verifier.ledger import Fault, Log
from lawgate_verifier.package import Opened
from lawgate_verifier.stamped import Stamped
from lawgate_verifier.stops import Sides, Stop


def print_json(document: dict[str, Json]) -> None:
    """Print one JSON document."""
    print(json.dumps(document, indent=1))


def visible(text: str) -> str:
    """Spell what others wrote so that it does not steer the terminal of who reads it."""
    # What others wrote must not steer the reader's terminal.
    return "".join(ch if ch.isprintable() else f"\\u{ord(ch):04x}" for ch in text)


def ledger_json(log: Log, found: Audit, same: bool) -> dict[str, Json]:
    """Say what a log holds."""
    head = log.head.checkpoint
    return {
        "origin": head.origin,
        "size": head.size,
        "root": head.root.hex(),
        "witnesses": list(log.head.witnesses),
        "types": dict(found.types),
        "lines": dict(found.lines),
        "policy_as_logged": same,
    }


def faults_json(faults: Sequence[Fault]) -> dict[str, Json]:
    """Say whether all of it holds, and what does not."""
    listed: list[Json] = [{"index": fault.index, "sentence": fault.sentence} for fault in faults]
    return {"ok": not faults, "faults": listed}


def stamps_json(stamped: Sequence[Stamped] | None) -> dict[str, Json]:
    """``timestamps`` is null where no anchors were given: nothing is said of them then."""
    if stamped is None:
        return {"timestamps": None}
    listed: list[Json] = [
        {
            "index": each.entry.index,
            "size": each.size,
            "root": each.entry.text("root"),
            "stamped": each.stamp.moment.isoformat(),
            "authority": each.stamp.authority,
        }
        for each in stamped
    ]
    return {"timestamps": listed}


def print_ledger(log: Log, found: Audit, same: bool) -> None:
    """Print what a log holds."""
    head = log.head.checkpoint
    print(f"log        {visible(head.origin)}")
    print(f"entries    {head.size}")
    print(f"cosigned   {', '.join(map(visible, log.head.witnesses)) or 'by nobody'}")
    for kind in sorted(found.types):
        print(f"{kind:<15}{found.types[kind]:>8}")
    for letter, count in found.lines.items():
        print(f"lines {letter:<9}{count:>8}")
    if not same:
        print("note: the policy file is not, byte for byte, the one that the log's last policy entry names")


def print_stamps(stamped: Sequence[Stamped] | None, named: int) -> None:
    """Print which size of the log was seen when, and by whom."""
    if stamped is None and named:
        print("note: the timestamps were not checked; --anchors names the authorities to believe")
    for each in stamped or ():
        moment = each.stamp.moment.strftime("%Y-%m-%dT%H:%M:%SZ")
        print(
            f"stamped    {each.size} entries, {moment}, by {visible(each.stamp.authority)} (entry {each.entry.index})"
        )


def print_faults(faults: Sequence[Fault]) -> None:
    """Print what does not hold, and in one sentence whether all does."""
    for fault in faults:
        where = "log" if fault.index is None else f"entry {fault.index}"
        print(f"FAULT {where}: {visible(fault.sentence)}")
    print("Something is wrong with this log." if faults else "Everything in this log holds.")


def show(opened: Opened, as_json: bool) -> None:
    """Print an answer that was accepted."""
    if as_json:
        accepted = {"index": opened.answer.index, "sequence": opened.answer.number("sequence")}
        print_json({"ok": True, **accepted, "again": opened.again, "payload": dict(opened.payload)})
        return
    print(
        f"Everything holds: entry {opened.answer.index}, number {opened.answer.number('sequence')} to this key."
    )
    for member in ("request_key", "kind", "sentence"):
        print(f"{member:<12}{visible(str(opened.payload[member]))}")
    for member in ("fields", "items", "periods"):
        print(f"{member:<12}{visible(json.dumps(opened.payload[member], ensure_ascii=False))}")


def stop_json(log: Log, stop: Stop, found: Sides, *, order_checked: bool) -> dict[str, Json]:
    """Say what became of one stop."""
    head = log.head.checkpoint
    answers: dict[str, Json] = {
        name.replace(" ", "_"): list(indexes) for name, indexes in _listed(found).items()
    }
    return {
        "ok": not found.during,
        "ordered": stop.ordered.index,
        "lifted": None if stop.lifted is None else stop.lifted.index,
        "scope": stop.scope,
        "order_checked": order_checked,
        "visible": stop.scope != "person",
        "answers": answers,
        "origin": head.origin,
        "size": log.base + head.size,
        "root": head.root.hex(),
    }


def print_stop(log: Log, stop: Stop, found: Sides, *, served: bool) -> None:
    """Print what became of one stop; ``served`` says whether the issuer's own record of its service was given."""
    print(f"ordered    entry {stop.ordered.index}, {stop.ordered.text('time')}, scope {stop.scope}")
    lifted = "no" if stop.lifted is None else f"entry {stop.lifted.index}, {stop.lifted.text('time')}"
    print(f"lifted     {lifted}")
    for label, indexes in _listed(found).items():
        if label != "between" or served:
            print(f"answers {label:<20}{len(indexes):>6}  {' '.join(map(str, indexes))}".rstrip())
    until = (
        "its lifting" if stop.lifted else f"the log's last entry, {log.base + log.head.checkpoint.size - 1}"
    )
    if stop.scope == "person":
        print("Which answers a stop on a person reaches cannot be seen from outside.")
    elif found.during:
        print("FAULT: answers that it reaches were logged while it held.")
    else:
        print(f"No answer that it reaches stands in the log between entry {stop.ordered.index} and {until}.")


def _listed(found: Sides) -> dict[str, tuple[int, ...]]:
    return {
        "before": found.before,
        "between": found.between,
        "during": found.during,
        "after": found.after,
        "acknowledged during": found.acknowledged_during,
    }
