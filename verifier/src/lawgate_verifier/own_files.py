"""The files that a caller of the command names: each is read here, and one that cannot be used is said so by what it is for."""

from __future__ import annotations

import argparse
from pathlib import Path

from lawgate_verifier.encoding import hex_sha256
from lawgate_verifier.ledger import Log, open_log
from lawgate_verifier.officer import Officer, read_officer
from lawgate_verifier.policy import Policy, parse_policy, parse_signed_policy
from lawgate_verifier.readers import reader
from lawgate_verifier.refused import Refused
from lawgate_verifier.state import State, load_state
from lawgate_verifier.timestamp import Anchors, read_anchors


class Unusable(Exception):
    """A file of the caller's own cannot be used; the sentence names what it is for, never where it lies."""


def own_file(path: Path, what: str) -> bytes:
    """Read a file. Raises Unusable, naming what it is for."""
    try:
        return path.read_bytes()
    except OSError:
        raise Unusable(f"The {what} cannot be read.") from None


def own_policy(options: argparse.Namespace) -> tuple[Policy, str]:
    """Read the policy, believed by its roots where these are given; with the digest of its text."""
    raw = own_file(options.policy, "policy file")
    try:
        if options.roots is not None:
            policy, text = parse_signed_policy(raw, own_file(options.roots, "roots file"))
            return policy, hex_sha256(text)
        return parse_policy(raw), hex_sha256(raw)
    except Refused as refusal:
        raise Unusable(refusal.sentence) from None


def open_years(options: argparse.Namespace, policy: Policy) -> tuple[list[Log], Log]:
    """Open the logs of earlier years and the one asked for, numbered through."""
    before: list[Log] = []
    base = 0
    for place, file in options.before or ():
        try:
            earlier = parse_policy(own_file(Path(file), "policy file of an earlier year"))
        except Refused as refusal:
            raise Unusable(refusal.sentence) from None
        before.append(open_log(reader(place), earlier, base))
        base += before[-1].head.checkpoint.size
    return before, open_log(reader(options.log), policy, base)


def own_anchors(options: argparse.Namespace) -> Anchors | None:
    """Read the trust anchors, or None where none are named."""
    if options.anchors is None:
        return None
    try:
        return read_anchors(own_file(options.anchors, "anchors file"))
    except Refused as refusal:
        raise Unusable(refusal.sentence) from None


def own_officer(options: argparse.Namespace) -> Officer:
    """Read the identity and the key of the officer."""
    identity, key = own_file(options.identity, "identity file"), own_file(options.key, "key file")
    try:
        return read_officer(identity, key)
    except Refused as refusal:
        raise Unusable(refusal.sentence) from None


def own_state(options: argparse.Namespace) -> State:
    """Read the state file."""
    try:
        return load_state(options.state)
    except Refused as refusal:
        raise Unusable(refusal.sentence) from None
    except OSError:
        raise Unusable("The state file cannot be read.") from None


def public_key(text: str | None) -> bytes:
    """Read a signer's public key from its hex digits: 64, a passkey's 66."""
    try:
        raw = bytes.fromhex(text or "")
    except ValueError:
        raw = b""
    if len(raw) not in (32, 33):
        raise Unusable("Say whose public key signed it: 64 hex digits, a passkey's 66.")
    return raw
