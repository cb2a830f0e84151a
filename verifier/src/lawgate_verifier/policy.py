"""The policy an outsider holds (C2SP tlog-policy): whose log it is, and which witnesses must have cosigned its head."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from lawgate_verifier.encoding import from_decimal
from lawgate_verifier.notes import (
    ED25519,
    MOST_SIGNATURES,
    Checkpoint,
    Key,
    cosigned_at,
    parse_checkpoint,
    parse_note,
    parse_vkey,
    verified_by,
)
from lawgate_verifier.refused import Refused, demand

_OUTSIDE = re.compile("[^\n\t\x20-\x7e\x80-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Group:
    """At least ``needed`` of ``members`` (witnesses or groups) must hold."""

    needed: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """A parsed policy; ``quorum`` names a witness or group, or is ``none``."""

    log: Key
    witnesses: Mapping[str, Key]
    groups: Mapping[str, Group]
    quorum: str
    urls: Mapping[str, str] = field(default_factory=dict)
    log_url: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """A checkpoint that satisfies the policy, and the policy's names of the witnesses whose cosignatures verify.

    ``cosigned`` is the POSIX second by which, at the latest, a quorum of them had seen it; 0 if the policy asks for none.
    """

    checkpoint: Checkpoint
    witnesses: tuple[str, ...]
    cosigned: int


@dataclass(slots=True)
class _Draft:
    log: Key | None = None
    witnesses: dict[str, Key] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    quorum: str | None = None
    grouped: set[str] = field(default_factory=set)
    urls: dict[str, str] = field(default_factory=dict)
    log_url: str = ""


def parse_policy(raw: bytes) -> Policy:
    """Read a policy file. Raises Refused for any line it does not know, for no or two logs, and for no or two quorums."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused(0, "The policy file is not UTF-8.") from None
    allowed = text.endswith("\n") and _OUTSIDE.search(text) is None
    demand(allowed, "The policy file is not lines of text, each ended by a newline.")
    draft = _Draft()
    for line in text.split("\n"):
        words = [word for word in line.replace("\t", " ").split(" ") if word]
        if words and not words[0].startswith("#"):
            _read_line(draft, words)
    if draft.log is None or draft.quorum is None:
        raise Refused(0, "The policy file lacks its log or its quorum line.")
    publics = [key.public for key in (draft.log, *draft.witnesses.values())]
    # One key under two names would count twice towards a quorum.
    demand(len(set(publics)) == len(publics), "A key stands twice in the policy file.")
    demand(len(publics) <= MOST_SIGNATURES, "The policy file names more keys than a note has lines for.")
    return Policy(draft.log, draft.witnesses, draft.groups, draft.quorum, draft.urls, draft.log_url)


def parse_signed_policy(raw: bytes, roots_file: bytes) -> tuple[Policy, bytes]:
    """Read a policy that two of three offline roots signed: a note whose text is the policy file. Returns it and the file's bytes.

    Raises Refused if fewer signed it, or the roots are not three different Ed25519 keys.
    """
    try:
        lines = roots_file.decode("utf-8").removesuffix("\n").split("\n")
    except UnicodeDecodeError:
        raise Refused(0, "The roots file is not UTF-8.") from None
    roots = [parse_vkey(line) for line in lines]
    different = len(roots) == len({key.public for key in roots}) == len({key.name for key in roots}) == 3
    demand(
        different and all(key.kind == ED25519 for key in roots),
        "The roots are not three different Ed25519 keys.",
    )
    note = parse_note(raw)
    demand(len(verified_by(note, roots)) >= 2, "Fewer than two of the three roots have signed the policy.")
    return parse_policy(note.text.encode()), note.text.encode()


def check_head(policy: Policy, raw: bytes) -> Head:
    """Check that a signed checkpoint satisfies the policy: the log's own signature and the quorum's. Raises Refused."""
    note = parse_note(raw)
    signers = verified_by(note, [policy.log, *policy.witnesses.values()])
    demand(policy.log in signers, "The log itself has not signed the checkpoint.")
    checkpoint = parse_checkpoint(note.text)
    demand(checkpoint.origin == policy.log.name, "The checkpoint is of another log.")
    present = {name for name, key in policy.witnesses.items() if key in signers}
    demand(_holds(policy, policy.quorum, present), "Too few witnesses have cosigned the checkpoint.")
    times = {name: cosigned_at(note, policy.witnesses[name]) for name in present}
    quorums = (
        t for t in times.values() if _holds(policy, policy.quorum, {n for n in times if times[n] >= t})
    )
    return Head(checkpoint, tuple(sorted(present)), max(quorums, default=0))


def _holds(policy: Policy, name: str, present: set[str]) -> bool:
    if name == "none":
        return True
    group = policy.groups.get(name)
    if group is None:
        return name in present
    return sum(_holds(policy, member, present) for member in group.members) >= group.needed


def _read_line(draft: _Draft, words: list[str]) -> None:
    match words:
        case ["log", vkey, *url] if len(url) < 2:
            demand(draft.log is None, "The policy file names two logs.")
            draft.log, draft.log_url = parse_vkey(vkey), "".join(url)
            demand(draft.log.kind == ED25519, "The log's key is not an Ed25519 key.")
        case ["witness", name, vkey, *url] if len(url) < 2:
            _read_witness(draft, name, vkey)
            if url:
                draft.urls[name] = url[0]
        case ["group", name, needed, *members] if members:
            _read_group(draft, name, needed, tuple(members))
        case ["quorum", name]:
            demand(draft.quorum is None, "The policy file has two quorum lines.")
            demand(
                name == "none" or _is_known(draft, name), "The quorum is not a witness or group named before."
            )
            draft.quorum = name
        case _:
            raise Refused(0, "The policy file has a line that is not one of log, witness, group and quorum.")


def _read_witness(draft: _Draft, name: str, vkey: str) -> None:
    key = parse_vkey(vkey)
    demand(key.kind != ED25519, "A witness's key is not a key for cosignatures.")
    demand(name != "none" and not _is_known(draft, name), "A name stands twice in the policy file.")
    draft.witnesses[name] = key


def _read_group(draft: _Draft, name: str, needed: str, members: tuple[str, ...]) -> None:
    demand(name != "none" and not _is_known(draft, name), "A name stands twice in the policy file.")
    demand(
        all(_is_known(draft, member) for member in members), "A group has a member that is not named before."
    )
    # A name counts in one group only, so that no witness stands for two (C2SP tlog-policy).
    once = len(set(members)) == len(members) and not draft.grouped.intersection(members)
    demand(once, "The policy file counts a member twice.")
    draft.grouped.update(members)
    count = {"all": len(members), "any": 1}.get(needed) or from_decimal(needed)
    demand(1 <= count <= len(members), "A group asks for none, or for more members than it has.")
    draft.groups[name] = Group(count, members)


def _is_known(draft: _Draft, name: str) -> bool:
    return name in draft.witnesses or name in draft.groups
