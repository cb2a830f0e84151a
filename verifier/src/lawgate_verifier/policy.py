"""The policy an outsider holds (C2SP tlog-policy): whose log it is, and which witnesses must have cosigned its head."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lawgate_verifier.encoding import from_decimal
from lawgate_verifier.notes import (
    ED25519,
    Checkpoint,
    Key,
    parse_checkable_vkey,
    parse_checkpoint,
    parse_note,
    parse_vkey,
    verified_by,
)
from lawgate_verifier.refused import Refused, demand


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


@dataclass(frozen=True, slots=True)
class Head:
    """A checkpoint that satisfies the policy, and the policy's names of the witnesses whose cosignatures verify."""

    checkpoint: Checkpoint
    witnesses: tuple[str, ...]


@dataclass(slots=True)
class _Draft:
    log: Key | None = None
    witnesses: dict[str, Key] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    quorum: str | None = None


def parse_policy(raw: bytes) -> Policy:
    """Read a policy file. Raises Refused for any line it does not know, for no or two logs, and for no or two quorums."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused(0, "The policy file is not UTF-8.") from None
    draft = _Draft()
    for line in text.split("\n"):
        words = [word for word in line.replace("\t", " ").split(" ") if word]
        if words and not words[0].startswith("#"):
            _read_line(draft, words)
    if draft.log is None or draft.quorum is None:
        raise Refused(0, "The policy file lacks its log or its quorum line.")
    return Policy(draft.log, draft.witnesses, draft.groups, draft.quorum)


def check_head(policy: Policy, raw: bytes) -> Head:
    """Check that a signed checkpoint satisfies the policy: the log's own signature and the quorum's. Raises Refused."""
    note = parse_note(raw)
    signers = verified_by(note, [policy.log, *policy.witnesses.values()])
    demand(policy.log in signers, "The log itself has not signed the checkpoint.")
    checkpoint = parse_checkpoint(note.text)
    demand(checkpoint.origin == policy.log.name, "The checkpoint is of another log.")
    present = {name for name, key in policy.witnesses.items() if key in signers}
    demand(_holds(policy, policy.quorum, present), "Too few witnesses have cosigned the checkpoint.")
    return Head(checkpoint, tuple(sorted(present)))


def _holds(policy: Policy, name: str, present: set[str]) -> bool:
    if name == "none":
        return True
    group = policy.groups.get(name)
    if group is None:
        return name in present
    return sum(_holds(policy, member, present) for member in group.members) >= group.needed


def _read_line(draft: _Draft, words: list[str]) -> None:
    match words:
        case ["log", vkey]:
            demand(draft.log is None, "The policy file names two logs.")
            draft.log = parse_checkable_vkey(vkey)
            demand(draft.log.kind == ED25519, "The log's key is not an Ed25519 key.")
        case ["witness", name, vkey]:
            _read_witness(draft, name, vkey)
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
    # A key of an algorithm that is unknown here keeps its name, so that others can rely on it; its signature never counts.
    key = parse_vkey(vkey)
    demand(name != "none" and not _is_known(draft, name), "A name stands twice in the policy file.")
    # One key under two names would count twice towards a quorum.
    known = {witness.public for witness in draft.witnesses.values()}
    demand(key.public not in known, "A witness key stands twice in the policy file.")
    draft.witnesses[name] = key


def _read_group(draft: _Draft, name: str, needed: str, members: tuple[str, ...]) -> None:
    demand(name != "none" and not _is_known(draft, name), "A name stands twice in the policy file.")
    demand(
        all(_is_known(draft, member) for member in members), "A group has a member that is not named before."
    )
    demand(len(set(members)) == len(members), "A group names a member twice.")
    count = {"all": len(members), "any": 1}.get(needed) or from_decimal(needed)
    demand(1 <= count <= len(members), "A group asks for none, or for more members than it has.")
    draft.groups[name] = Group(count, members)


def _is_known(draft: _Draft, name: str) -> bool:
    return name in draft.witnesses or name in draft.groups
