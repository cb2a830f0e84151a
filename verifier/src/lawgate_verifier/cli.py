"""The command ``lawgate-verify``: runs the checks over the files it is given. The only module with a clock.

Exit codes: 0 everything holds, 6 something does not, 2 the command or one of the caller's own files cannot be used.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime

from lawgate_verifier.arguments import parser
from lawgate_verifier.audit import audit
from lawgate_verifier.canonical import Json, encode
from lawgate_verifier.decision import check_decision
from lawgate_verifier.dsse import sign_envelope
from lawgate_verifier.ledger import Log, Years, open_log
from lawgate_verifier.officer import read_private
from lawgate_verifier.own_files import (
    Unusable,
    open_years,
    own_anchors,
    own_file,
    own_officer,
    own_policy,
    own_state,
    public_key,
)
from lawgate_verifier.package import acknowledge, check_standing, go_on, open_package
from lawgate_verifier.package_files import read_package
from lawgate_verifier.printed import (
    faults_json,
    ledger_json,
    print_faults,
    print_json,
    print_ledger,
    print_stamps,
    print_stop,
    show,
    stamps_json,
    stop_json,
    visible,
)
from lawgate_verifier.readers import reader
from lawgate_verifier.refused import Refused, demand
from lawgate_verifier.stamped import check_stamps
from lawgate_verifier.state import save_state, write_durably
from lawgate_verifier.stops import check_order, replay, sides
from lawgate_verifier.subject import about, read_subject_key

HOLDS, USAGE, REFUSED = 0, 2, 6


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    options = parser(_RUNS).parse_args(arguments)
    try:
        code: int = options.run(options)
    except Unusable as unusable:
        print(unusable, file=sys.stderr)
        return USAGE
    except Refused as refusal:
        if options.json:
            print_json({"ok": False, "refused": refusal.number, "sentence": refusal.sentence})
        print(f"REFUSED: {refusal}", file=sys.stderr)
        return REFUSED
    return code


def _ledger(options: argparse.Namespace) -> int:
    policy, policy_sha256 = own_policy(options)
    anchors = own_anchors(options)
    before, log = open_years(options, policy)
    found = audit(log, before)
    same = found.policy_sha256 == policy_sha256
    stamped, faults = None, found.faults
    if anchors is not None:
        stamped, unproved = check_stamps((*before, log), anchors)
        faults += unproved
    if options.json:
        print_json(ledger_json(log, found, same) | stamps_json(stamped) | faults_json(faults))
    else:
        print_ledger(log, found, same)
        print_stamps(stamped, found.types.get("timestamp", 0))
        print_faults(faults)
    return REFUSED if faults else HOLDS


def _stop(options: argparse.Namespace) -> int:
    policy, _ = own_policy(options)
    before, log = open_years(options, policy)
    if _has_faults(options, (*before, log)):
        return REFUSED
    entries = Years((*before, log))
    stop = replay(entry for year in (*before, log) for entry in year.stops)[0].get(options.stop)
    if stop is None:
        raise Refused(0, "No stop of that id was ever ordered in this log.")
    if options.order is not None:
        check_order(
            stop,
            entries,
            own_file(options.order, "order"),
            public_key(options.issuer),
            options.relying_party,
        )
    found = sides(stop, entries, options.served or "")
    if options.json:
        print_json(stop_json(log, stop, found, order_checked=options.order is not None))
    else:
        print_stop(log, stop, found, served=bool(options.served))
    return REFUSED if found.during else HOLDS


def _decision(options: argparse.Namespace) -> int:
    policy, _ = own_policy(options)
    before, log = open_years(options, policy)
    if _has_faults(options, (*before, log)):
        return REFUSED
    found = check_decision(
        Years((*before, log)),
        own_file(options.envelope, "decision"),
        public_key(options.signer),
        options.relying_party,
    )
    if options.json:
        print_json(
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


def _has_faults(options: argparse.Namespace, years: Sequence[Log]) -> bool:
    """Print the faults of logs that do not hold, and say whether there are any."""
    faults = [fault for year in years for fault in year.faults]
    if faults and options.json:
        print_json(faults_json(faults))
    elif faults:
        print_faults(faults)
    return bool(faults)


def _package(options: argparse.Namespace) -> int:
    policy, _ = own_policy(options)
    officer = own_officer(options)
    opened = open_package(
        read_package(options.package), policy, officer, own_state(options), options.missing or ()
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
        raise Unusable("The state file cannot be written, so nothing is shown.") from None
    show(opened, options.json)
    if options.ack is not None:
        received = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        try:
            # A crash just here leaves an answer shown and unacknowledged: open it again to acknowledge.
            write_durably(options.ack, acknowledge(opened, officer, received))
        except OSError:
            raise Unusable("The acknowledgement cannot be written. Open the package again.") from None
    return HOLDS


def _subject(options: argparse.Namespace) -> int:
    policy, _ = own_policy(options)
    try:
        key = read_subject_key(own_file(options.subject_key, "subject's key file"))
    except Refused as refusal:
        raise Unusable(refusal.sentence) from None
    before, log = open_years(options, policy)
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
        print_json({"ok": not faults, "count": len(found), "answers": answers, "untagged": untagged})
        return REFUSED if faults else HOLDS
    for answer, _ in found:
        print(
            f"entry {answer.index:<8}{answer.text('time')}  {visible(answer.text('agency'))}, {visible(answer.text('pack'))}"
        )
    print(f"{len(found)} answers about you stand in this log; {untagged} answers of all are not tagged yet")
    if faults:
        print_faults(faults)
    return REFUSED if faults else HOLDS


def _destroyed(options: argparse.Namespace) -> int:
    try:
        notice = json.loads(own_file(options.notice, "notice"))
        statement: dict[str, Json] = {
            "type": "lawgate/destruction/v1",
            "answer": str(notice["answer"]),
            "made": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        }
    except (ValueError, KeyError, TypeError):
        raise Unusable("The notice cannot be read.") from None
    try:
        private = read_private(own_file(options.key, "key file"))
        raw = sign_envelope("application/vnd.lawgate.destruction+json", encode(statement), private)
        write_durably(options.out, raw)
    except Refused as refusal:
        raise Unusable(refusal.sentence) from None
    except OSError:
        raise Unusable("The certificate cannot be written.") from None
    print("Signed: the answer and every copy of it are destroyed.")
    return HOLDS


def _statement(options: argparse.Namespace) -> int:
    said: dict[str, Json] = {
        "type": "lawgate/statement/v1",
        "act": options.act,
        "answer": options.answer,
        "made": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    for flag, acts in (("used", ("use", "closure")), ("charged", ("closure",))):
        given = getattr(options, flag)
        if (given is not None) != (options.act in acts):
            raise Unusable(f"--{flag} goes with {' and '.join(acts)}, and with nothing else.")
        if given is not None:
            said[flag] = given
    try:
        private = read_private(own_file(options.key, "key file"))
        raw = sign_envelope("application/vnd.lawgate.statement+json", encode(said), private)
        write_durably(options.out, raw)
    except Refused as refusal:
        raise Unusable(refusal.sentence) from None
    except OSError:
        raise Unusable("The statement cannot be written.") from None
    print(f"Signed: {options.act} of answer {options.answer}.")
    return HOLDS


def _year(options: argparse.Namespace) -> int:
    policy, _ = own_policy(options)
    try:
        state = go_on(own_file(options.proof, "proof file"), policy, own_state(options))
        save_state(options.state, state)
    except OSError:
        raise Unusable("The state file cannot be written.") from None
    if options.json:
        print_json({"ok": True, "origin": policy.log.name})
    else:
        print(f"The log {visible(policy.log.name)} goes on from the one before.")
    return HOLDS


_RUNS = {
    "ledger": _ledger,
    "package": _package,
    "stop": _stop,
    "decision": _decision,
    "subject": _subject,
    "destroyed": _destroyed,
    "statement": _statement,
    "year": _year,
}
