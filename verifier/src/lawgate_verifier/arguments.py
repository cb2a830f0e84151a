"""The command line of ``lawgate-verify``: its commands and what each of them takes."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Mapping
from pathlib import Path

from lawgate_verifier.entries import is_minute

Run = Callable[[argparse.Namespace], int]


def parser(runs: Mapping[str, Run]) -> argparse.ArgumentParser:
    """Describe the command line; ``runs`` is what each command does, by its name."""
    whole = argparse.ArgumentParser(prog="lawgate-verify", description="Checks what a Lawgate gateway says.")
    commands = whole.add_subparsers(
        required=True, metavar="ledger|package|stop|decision|subject|year|destroyed|statement"
    )
    ledger = commands.add_parser(
        "ledger", help="recompute a whole log and everything its entries say together"
    )
    ledger.add_argument(
        "--anchors",
        type=Path,
        metavar="PEM",
        help="roots of the time stamping authorities you believe, and certificates under them: the log's timestamps are checked too",
    )
    ledger.set_defaults(run=runs["ledger"])
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
    package.set_defaults(run=runs["package"])
    stop = commands.add_parser("stop", help="replay one stop from the public log")
    stop.add_argument("--stop", required=True, metavar="ID")
    stop.add_argument(
        "--served",
        type=_minute,
        metavar="MINUTE",
        help="when you served the order, by your own record (YYYY-MM-DDTHH:MMZ): names what was logged from then to its entry",
    )
    stop.add_argument("--order", type=Path, metavar="FILE", help="the signed order, as its issuer keeps it")
    stop.add_argument("--issuer", metavar="HEX", help="the issuer's public key, with --order")
    stop.set_defaults(run=runs["stop"])
    decision = commands.add_parser(
        "decision", help="hold a signed decision or authorisation against the public log"
    )
    decision.add_argument("--envelope", type=Path, required=True, metavar="FILE", help="the signed document")
    decision.add_argument("--signer", required=True, metavar="HEX", help="the public key that signed it")
    decision.set_defaults(run=runs["decision"])
    for command in (stop, decision):
        command.add_argument(
            "--relying-party",
            default="",
            metavar="DOMAIN",
            help="of a passkey: the domain on whose pages it signs",
        )
    subject = commands.add_parser("subject", help="find the answers about yourself")
    subject.add_argument(
        "--key",
        dest="subject_key",
        type=Path,
        required=True,
        metavar="FILE",
        help="your key, from the holder",
    )
    subject.set_defaults(run=runs["subject"])
    destroyed = commands.add_parser("destroyed", help="certify that an answer called back is destroyed")
    destroyed.add_argument("notice", type=Path, metavar="NOTICE", help="the holder's notice")
    destroyed.add_argument(
        "--key", type=Path, required=True, metavar="PEM", help="Ed25519 key of the officer"
    )
    destroyed.add_argument(
        "--out", type=Path, required=True, metavar="OUT", help="write the certificate here"
    )
    destroyed.set_defaults(run=runs["destroyed"], json=False)
    statement = commands.add_parser("statement", help="sign what became of an answer")
    statement.add_argument("act", choices=("use", "closure", "return", "destruction"))
    statement.add_argument("answer", type=_answer, metavar="ANSWER", help="the answer's id")
    statement.add_argument(
        "--used", choices=("yes", "no"), help="with use and closure: was it used in a proceeding"
    )
    statement.add_argument(
        "--charged", choices=("yes", "no"), help="with closure: were charges brought in its matter"
    )
    statement.add_argument(
        "--key", type=Path, required=True, metavar="PEM", help="Ed25519 key of the officer"
    )
    statement.add_argument("--out", type=Path, required=True, metavar="OUT", help="write the statement here")
    statement.set_defaults(run=runs["statement"], json=False)
    for command in (ledger, stop, decision, subject):
        command.add_argument("log", metavar="DIR|URL", help="the log's folder, or where it is served")
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
    year.set_defaults(run=runs["year"])
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
    return whole


def _minute(text: str) -> str:
    # Minutes are compared as they are spelt.
    if not is_minute(text):
        raise ValueError
    return text


def _answer(text: str) -> str:
    if re.fullmatch("[0-9a-f]{32}", text) is None:
        raise ValueError
    return text
