"""The command ``lawgate-verify``: reads files, runs the checks, prints what holds. The only module with a clock and a terminal.

Exit codes: 0 everything holds, 6 something does not, 2 the command or one of the caller's own files cannot be used.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from lawgate_verifier.audit import Audit, audit
from lawgate_verifier.canonical import Json, encode
from lawgate_verifier.decision import check_decision
from lawgate_verifier.dsse import sign_envelope
from lawgate_verifier.encoding import hex_sha256
from lawgate_verifier.ledger import Fault, Log, Years, open_log
from lawgate_verifier.officer import Officer, read_officer, read_private
from lawgate_verifier.package import Opened, acknowledge, check_standing, go_on, open_package
from lawgate_verifier.package_files import read_package
from lawgate_verifier.policy import Policy, parse_policy, parse_signed_policy
from lawgate_verifier.readers import reader
from lawgate_verifier.refused import Refused, demand
from lawgate_verifier.state import State, load_state, save_state, write_durably
from lawgate_verifier.stops import check_order, replay, sides
from lawgate_verifier.subject import about, read_subject_key

HOLDS, USAGE, REFUSED = 0, 2, 6


class _Unusable(Exception):
    """A file of the caller's own cannot be used; the sentence names what it is for, never where it lies."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    options = _parser().parse_args(arguments)
    try:
        code: int = options.run(options)
    except _Unusable as unusable:
        print(unusable, file=sys.stderr)
        return USAGE
    except Refused as refusal:
        if options.json:
            _print_json({"ok": False, "refused": refusal.number, "sentence": refusal.sentence})
        print(f"REFUSED: {refusal}", file=sys.stderr)
        return REFUSED
    return code


def _ledger(options: argparse.Namespace) -> int:
    policy, policy_sha256 = _policy(options)
    before, log = _years(options, policy)
    found = audit(log, before)
    same = found.policy_sha256 == policy_sha256
    if options.json:
        _print_json(_ledger_json(log, found, same))
    else:
        _print_ledger(log, found, same)
    return REFUSED if found.faults else HOLDS


def _ledger_json(log: Log, found: Audit, same: bool) -> dict[str, Json]:
    head = log.head.checkpoint
    return {
        "ok": not found.faults,
        "origin": head.origin,
        "size": head.size,
        "root": head.root.hex(),
        "witnesses": list(log.head.witnesses),
        "types": dict(found.types),
        "lines": dict(found.lines),
        "policy_as_logged": same,
        "faults": [{"index": fault.index, "sentence": fault.sentence} for fault in found.faults],
    }


def _print_ledger(log: Log, found: Audit, same: bool) -> None:
    head = log.head.checkpoint
    print(f"log        {_visible(head.origin)}")
    print(f"entries    {head.size}")
    print(f"cosigned   {', '.join(map(_visible, log.head.witnesses)) or 'by nobody'}")
    for kind in sorted(found.types):
        print(f"{kind:<15}{found.types[kind]:>8}")
    for letter, count in found.lines.items():
        print(f"lines {letter:<9}{count:>8}")
    if not same:
        print("note: the policy file is not, byte for byte, the one that the log's last policy entry names")
    _print_faults(found.faults)


def _print_faults(faults: Sequence[Fault]) -> None:
    for fault in faults:
        where = "log" if fault.index is None else f"entry {fault.index}"
        print(f"FAULT {where}: {_visible(fault.sentence)}")
    print("Something is wrong with this log." if faults else "Everything in this log holds.")


def _stop(options: argparse.Namespace) -> int:
    policy, _ = _policy(options)
    before, log = _years(options, policy)
    faults = [fault for year in (*before, log) for fault in year.faults]
    if faults:
        _print_faults(faults)
        return REFUSED
    entries = Years((*before, log))
    stop = replay(entry for year in (*before, log) for entry in year.stops)[0].get(options.stop)
    if stop is None:
        raise Refused(0, "No stop of that id was ever ordered in this log.")
    if options.order is not None:
        check_order(
            stop, entries, _own_file(options.order, "order"), _public(options.issuer), options.relying_party
        )
    found = sides(stop, entries, options.served or "")
    lists = {
        "before": found.before,
        "between": found.between,
        "during": found.during,
        "after": found.after,
        "acknowledged during": found.acknowledged_during,
    }
    seen = stop.scope != "person"
    obeyed = seen and not found.during
    head = log.head.checkpoint
    if options.json:
        answers: dict[str, Json] = {name.replace(" ", "_"): list(found) for name, found in lists.items()}
        _print_json(
            {
                "ok": not found.during,
                "ordered": stop.ordered.index,
                "lifted": None if stop.lifted is None else stop.lifted.index,
                "scope": stop.scope,
                "order_checked": options.order is not None,
                "visible": seen,
                "answers": answers,
                "origin": head.origin,
                "size": log.base + head.size,
                "root": head.root.hex(),
            }
        )
        return REFUSED if found.during else HOLDS
    print(f"ordered    entry {stop.ordered.index}, {stop.ordered.text('time')}, scope {stop.scope}")
    lifted = "no" if stop.lifted is None else f"entry {stop.lifted.index}, {stop.lifted.text('time')}"
    print(f"lifted     {lifted}")
    for label, indexes in lists.items():
        if label != "between" or options.served:
            print(f"answers {label:<20}{len(indexes):>6}  {' '.join(map(str, indexes))}".rstrip())
    until = "its lifting" if stop.lifted else f"the log's last entry, {log.base + head.size - 1}"
    if obeyed:
        print(f"No answer that it reaches stands in the log between entry {stop.ordered.index} and {until}.")
    elif not seen:
        print("Which answers a stop on a person reaches cannot be seen from outside.")
    else:
        print("FAULT: answers that it reaches were logged while it held.")
    return REFUSED if found.during else HOLDS


def _public(text: str | None) -> bytes:
    try:
        raw = bytes.fromhex(text or "")
    except ValueError:
        raw = b""
    if len(raw) not in (32, 33):
        raise _Unusable("Say whose public key signed it: 64 hex digits, a passkey's 66.")
    return raw


def _decision(options: argparse.Namespace) -> int:
    policy, _ = _policy(options)
    before, log = _years(options, policy)
    faults = [fault for year in (*before, log) for fault in year.faults]
    if faults:
        _print_faults(faults)
        return REFUSED
    found = check_decision(
        Years((*before, log)),
        _own_file(options.envelope, "decision"),
        _public(options.signer),
        options.relying_party,
    )
    if options.json:
        _print_json(
            {
                "ok": True,
                "kind": found.kind,
                "keyid": found.keyid,
                "passkey": found.passkey,
                "answers": list(found.answers),
            }
        )
        return HOLDS
    print(f"{found.kind:<10} signed by {'passkey' if found.passkey else 'key'} {found.keyid}")
    print(f"answers    {len(found.answers)}: {' '.join(map(str, found.answers))}")
    print("The key was enrolled for it, and these answers rest on this very document.")
    return HOLDS


def _package(options: argparse.Namespace) -> int:
    policy, _ = _policy(options)
    officer = _officer(options)
    opened = open_package(
        read_package(options.package), policy, officer, _state(options), options.missing or ()
    )
    if options.max_age is not None:
        age = datetime.now(UTC).timestamp() - opened.cosigned
        demand(age <= options.max_age * 3600, "The head that proves this answer was cosigned too long ago.")
    if options.log is not None:
        seen = opened.state[policy.log.name]
        log = open_log(reader(options.log), policy, seen.base)
        if log.faults:
            raise Refused(0, "The published log does not hold; see `lawgate-verify ledger`.")
        check_standing(opened, log)
    try:
        # Before anything is shown: a crash just here leaves an answer accepted and unseen, and it opens again.
        save_state(options.state, opened.state)
    except OSError:
        raise _Unusable("The state file cannot be written, so nothing is shown.") from None
    _show(opened, options.json)
    if options.ack is not None:
        received = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        try:
            # A crash just here leaves an answer shown and unacknowledged: open it again to acknowledge.
            write_durably(options.ack, acknowledge(opened, officer, received))
        except OSError:
            raise _Unusable("The acknowledgement cannot be written. Open the package again.") from None
    return HOLDS


def _show(opened: Opened, as_json: bool) -> None:
    if as_json:
        accepted = {"index": opened.answer.index, "sequence": opened.answer.number("sequence")}
        _print_json({"ok": True, **accepted, "again": opened.again, "payload": dict(opened.payload)})
        return
    print(
        f"Everything holds: entry {opened.answer.index}, number {opened.answer.number('sequence')} to this key."
    )
    for member in ("request_key", "kind", "sentence"):
        print(f"{member:<12}{_visible(str(opened.payload[member]))}")
    for member in ("fields", "items", "periods"):
        print(f"{member:<12}{_visible(json.dumps(opened.payload[member], ensure_ascii=False))}")


def _subject(options: argparse.Namespace) -> int:
    policy, _ = _policy(options)
    try:
        key = read_subject_key(_own_file(options.subject_key, "subject's key file"))
    except Refused as refusal:
        raise _Unusable(refusal.sentence) from None
    before, log = _years(options, policy)
    audited = audit(log, before)
    faults = audited.faults
    found = about(key, Years((*before, log)))
    untagged = audited.types.get("answer", 0) - audited.types.get("tag", 0)
    if options.json:
        answers: list[Json] = [
            {
                "index": answer.index,
                "time": answer.text("time"),
                "agency": answer.text("agency"),
                "pack": answer.text("pack"),
                "answer": answer.text("answer"),
            }
            for answer, _ in found
        ]
        _print_json({"ok": not faults, "count": len(found), "answers": answers, "untagged": untagged})
        return REFUSED if faults else HOLDS
    for answer, _ in found:
        print(
            f"entry {answer.index:<8}{answer.text('time')}  {_visible(answer.text('agency'))}, {_visible(answer.text('pack'))}"
        )
    print(f"{len(found)} answers about you stand in this log; {untagged} answers of all are not tagged yet")
    if faults:
        _print_faults(faults)
    return REFUSED if faults else HOLDS


def _destroyed(options: argparse.Namespace) -> int:
    try:
        notice = json.loads(_own_file(options.notice, "notice"))
        statement: dict[str, Json] = {
            "type": "lawgate/destruction/v1",
            "answer": str(notice["answer"]),
            "made": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        }
    except (ValueError, KeyError, TypeError):
        raise _Unusable("The notice cannot be read.") from None
    try:
        private = read_private(_own_file(options.key, "key file"))
        raw = sign_envelope("application/vnd.lawgate.destruction+json", encode(statement), private)
        write_durably(options.out, raw)
    except Refused as refusal:
        raise _Unusable(refusal.sentence) from None
    except OSError:
        raise _Unusable("The certificate cannot be written.") from None
    print("Signed: the answer and every copy of it are destroyed.")
    return HOLDS


def _year(options: argparse.Namespace) -> int:
    policy, _ = _policy(options)
    try:
        state = go_on(_own_file(options.proof, "proof file"), policy, _state(options))
        save_state(options.state, state)
    except OSError:
        raise _Unusable("The state file cannot be written.") from None
    print(f"The log {_visible(policy.log.name)} goes on from the one before.")
    return HOLDS


def _years(options: argparse.Namespace, policy: Policy) -> tuple[list[Log], Log]:
    """Open the logs of earlier years and the one asked for, numbered through."""
    before: list[Log] = []
    base = 0
    for place, file in options.before or ():
        try:
            earlier = parse_policy(_own_file(Path(file), "policy file of an earlier year"))
        except Refused as refusal:
            raise _Unusable(refusal.sentence) from None
        before.append(open_log(reader(place), earlier, base))
        base += before[-1].head.checkpoint.size
    return before, open_log(reader(options.log), policy, base)


def _policy(options: argparse.Namespace) -> tuple[Policy, str]:
    raw = _own_file(options.policy, "policy file")
    try:
        if options.roots is not None:
            policy, text = parse_signed_policy(raw, _own_file(options.roots, "roots file"))
            return policy, hex_sha256(text)
        return parse_policy(raw), hex_sha256(raw)
    except Refused as refusal:
        raise _Unusable(refusal.sentence) from None


def _officer(options: argparse.Namespace) -> Officer:
    identity, key = _own_file(options.identity, "identity file"), _own_file(options.key, "key file")
    try:
        return read_officer(identity, key)
    except Refused as refusal:
        raise _Unusable(refusal.sentence) from None


def _state(options: argparse.Namespace) -> State:
    try:
        return load_state(options.state)
    except Refused as refusal:
        raise _Unusable(refusal.sentence) from None
    except OSError:
        raise _Unusable("The state file cannot be read.") from None


def _own_file(path: Path, what: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        raise _Unusable(f"The {what} cannot be read.") from None


def _print_json(document: dict[str, Json]) -> None:
    print(json.dumps(document, indent=1))


def _minute(text: str) -> str:
    datetime.strptime(text, "%Y-%m-%dT%H:%MZ").replace(tzinfo=UTC)
    return text


def _visible(text: str) -> str:
    # What others wrote must not steer the reader's terminal.
    return "".join(ch if ch.isprintable() else f"\\u{ord(ch):04x}" for ch in text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="lawgate-verify", description="Checks what a Lawgate gateway says.")
    commands = parser.add_subparsers(required=True, metavar="ledger|package|stop|subject|year|destroyed")
    ledger = commands.add_parser(
        "ledger", help="recompute a whole log and everything its entries say together"
    )
    ledger.add_argument("log", metavar="DIR|URL", help="the log's folder, or where it is served")
    ledger.set_defaults(run=_ledger)
    package = commands.add_parser("package", help="open a sealed answer, if the log proves it")
    package.add_argument("package", type=Path, metavar="DIR", help="a folder or a zip")
    package.add_argument(
        "--identity", type=Path, required=True, metavar="FILE", help="age identity of the officer"
    )
    package.add_argument("--key", type=Path, required=True, metavar="PEM", help="Ed25519 key of the officer")
    package.add_argument("--state", type=Path, required=True, metavar="FILE", help="what was accepted before")
    package.add_argument(
        "--missing",
        type=int,
        action="append",
        metavar="NUMBER",
        help="a number of your sequence that never came, for instance because a stop keeps it back; once for each",
    )
    package.add_argument(
        "--max-age",
        type=int,
        metavar="HOURS",
        help="refuse a proof that a quorum cosigned longer ago than this",
    )
    package.add_argument(
        "--log",
        metavar="DIR|URL",
        help="the log as published now: refuse what it shows stopped or called back",
    )
    package.add_argument("--ack", type=Path, metavar="OUT", help="write the signed acknowledgement here")
    package.set_defaults(run=_package)
    stop = commands.add_parser("stop", help="replay one stop from the public log")
    stop.add_argument("log", metavar="DIR|URL", help="the log's folder, or where it is served")
    stop.add_argument("--stop", required=True, metavar="ID")
    stop.add_argument(
        "--served",
        type=_minute,
        metavar="MINUTE",
        help="when you served the order, by your own record (YYYY-MM-DDTHH:MMZ): names what was logged from then to its entry",
    )
    stop.add_argument("--order", type=Path, metavar="FILE", help="the signed order, as its issuer keeps it")
    stop.add_argument("--issuer", metavar="HEX", help="the issuer's public key, with --order")
    stop.set_defaults(run=_stop)
    decision = commands.add_parser(
        "decision", help="hold a signed decision or authorisation against the public log"
    )
    decision.add_argument("log", metavar="DIR|URL", help="the log's folder, or where it is served")
    decision.add_argument("--envelope", type=Path, required=True, metavar="FILE", help="the signed document")
    decision.add_argument("--signer", required=True, metavar="HEX", help="the public key that signed it")
    decision.set_defaults(run=_decision)
    for command in (stop, decision):
        command.add_argument(
            "--relying-party",
            default="",
            metavar="DOMAIN",
            help="of a passkey: the domain on whose pages it signs",
        )
    subject = commands.add_parser("subject", help="find the answers about yourself")
    subject.add_argument("log", metavar="DIR|URL", help="the log's folder, or where it is served")
    subject.add_argument(
        "--key",
        dest="subject_key",
        type=Path,
        required=True,
        metavar="FILE",
        help="your key, from the holder",
    )
    subject.set_defaults(run=_subject)
    destroyed = commands.add_parser("destroyed", help="certify that an answer called back is destroyed")
    destroyed.add_argument("notice", type=Path, metavar="NOTICE", help="the holder's notice")
    destroyed.add_argument(
        "--key", type=Path, required=True, metavar="PEM", help="Ed25519 key of the officer"
    )
    destroyed.add_argument(
        "--out", type=Path, required=True, metavar="OUT", help="write the certificate here"
    )
    destroyed.set_defaults(run=_destroyed, json=False)
    for command in (ledger, stop, decision, subject):
        command.add_argument(
            "--before",
            nargs=2,
            action="append",
            metavar=("DIR|URL", "POLICY"),
            help="a log of an earlier year and its policy; once for each, oldest first",
        )
    year = commands.add_parser("year", help="go on to the log that succeeds the one seen so far")
    year.add_argument("proof", type=Path, metavar="PROOF", help="proof file of the new log's entry 1")
    year.add_argument("--state", type=Path, required=True, metavar="FILE", help="what was accepted before")
    year.set_defaults(run=_year)
    for command in (ledger, package, stop, decision, subject, year):
        command.add_argument(
            "--policy", type=Path, required=True, metavar="FILE", help="tlog-policy file you hold"
        )
        command.add_argument(
            "--roots",
            type=Path,
            metavar="FILE",
            help="three offline roots you hold; the policy must then be signed by two of them",
        )
        command.add_argument("--json", action="store_true", help="print JSON")
    return parser
