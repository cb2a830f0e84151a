"""C2SP tlog-policy: which log, which witnesses, and how many of them must have cosigned before a checkpoint is believed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Set
from dataclasses import dataclass, field

from lawgate.domain.errors import LedgerError, QuorumError
from lawgate.ledger.checkpoint import Checkpoint, checkpoint_of
from lawgate.ledger.note import (
    COSIGNATURE,
    ED25519,
    MAX_SIGNATURES,
    ML_DSA_44,
    Note,
    VerifierKey,
    good_signers,
    parse_note,
    parse_vkey,
)

NONE = "none"
_OUTSIDE = re.compile(r"[^\n\t\x20-\x7e\x80-\U0010ffff]")
_DECIMAL = re.compile(r"[1-9][0-9]{0,3}")


@dataclass(frozen=True, slots=True)
class Group:
    """Witnesses a checkpoint when at least ``threshold`` of its members do."""

    threshold: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy file as read; ``text`` is the file itself, whose digest stands in the log."""

    text: str
    log: VerifierKey
    witnesses: Mapping[str, VerifierKey]
    groups: Mapping[str, Group]
    quorum: str
    urls: Mapping[str, str] = field(default_factory=dict)
    """Where witnesses are asked (the submission prefix of C2SP tlog-witness), by their names in this file."""
    log_url: str = ""
    """Where the log is read (the prefix of C2SP tlog-tiles), or nothing."""

    def satisfied_by(self, cosigners: Set[str]) -> bool:
        """Say whether these witnesses (by their names in this file) are a quorum."""
        return self.quorum == NONE or self._holds(self.quorum, cosigners)

    def _holds(self, name: str, cosigners: Set[str]) -> bool:
        group = self.groups.get(name)
        if group is None:
            return name in cosigners
        return sum(self._holds(member, cosigners) for member in group.members) >= group.threshold


@dataclass(frozen=True, slots=True)
class Believed:
    """A checkpoint that satisfies a policy, with the names of the witnesses that cosigned it; ``text`` is the note as it was read."""

    text: str
    checkpoint: Checkpoint
    note: Note
    cosigners: tuple[str, ...]


def believe(raw: str, policy: Policy) -> Believed:
    """Read a cosigned checkpoint and hold it against the policy.

    Raises LedgerError if it is malformed, not the log's, or bears a known key's bad signature; QuorumError if all that is
    missing are cosignatures.
    """
    note = parse_note(raw)
    checkpoint = checkpoint_of(note, policy.log)
    cosigners = cosigners_of(note, policy)
    if not policy.satisfied_by(set(cosigners)):
        raise QuorumError(
            f"{len(cosigners)} of {len(policy.witnesses)} witnesses cosigned; the quorum is not reached"
        )
    return Believed(raw, checkpoint, note, cosigners)


def cosigners_of(note: Note, policy: Policy) -> tuple[str, ...]:
    """Return the policy's names of the witnesses that cosigned. Raises LedgerError for a known witness's bad signature."""
    found = set(good_signers(note, tuple(policy.witnesses.values())))
    return tuple(name for name, key in policy.witnesses.items() if key in found)


def parse_policy(text: str) -> Policy:
    """Read a policy file.

    Raises LedgerError for an unknown line, a name used before it is defined or twice, one key under two names, a group that
    cannot be satisfied, not exactly one log and one quorum, or more witnesses than a note has lines for.
    """
    if not text.endswith("\n") or _OUTSIDE.search(text) is not None:
        raise LedgerError("a policy file is lines of text, each ended by a newline")
    reading = _Reading()
    for line in text.split("\n"):
        words = re.findall(r"[^ \t]+", line)
        if words and not words[0].startswith("#"):
            reading.take(words)
    return reading.finish(text)


class _Reading:
    """A policy file half read."""

    def __init__(self) -> None:
        self.logs: list[VerifierKey] = []
        self.witnesses: dict[str, VerifierKey] = {}
        self.groups: dict[str, Group] = {}
        self.quorums: list[str] = []
        self.grouped: set[str] = set()
        self.urls: dict[str, str] = {}
        self.log_url = ""

    def take(self, words: list[str]) -> None:
        match words:
            case ["log", vkey, *url] if len(url) < 2:
                self.logs.append(_key(vkey, ED25519))
                self.log_url = "".join(url)
            case ["witness", name, vkey, *url] if len(url) < 2:
                self.define(name)
                self.witnesses[name] = _key(vkey, COSIGNATURE, ML_DSA_44)
                if url:
                    self.urls[name] = url[0]
            case ["group", name, threshold, *members] if members:
                self.define(name)
                self.groups[name] = self.group(threshold, members)
            case ["quorum", name] if name == NONE or self.known(name):
                self.quorums.append(name)
            case _:
                raise LedgerError("a policy file has a line that it cannot have")

    def known(self, name: str) -> bool:
        return name in self.witnesses or name in self.groups

    def define(self, name: str) -> None:
        if name == NONE or self.known(name):
            raise LedgerError("a policy file defines a name twice, or `none`")

    def group(self, threshold: str, members: list[str]) -> Group:
        # Each name counts in one group only, so no witness can stand for two (C2SP tlog-policy).
        if len(set(members)) != len(members) or self.grouped.intersection(members):
            raise LedgerError("a policy file counts a member twice")
        if not all(map(self.known, members)):
            raise LedgerError("a policy file groups a name before it defines it")
        self.grouped.update(members)
        words = {"any": 1, "all": len(members)}
        needed = words.get(threshold) or (int(threshold) if _DECIMAL.fullmatch(threshold) else 0)
        if not 1 <= needed <= len(members):
            raise LedgerError("a policy file has a group that nothing or anything satisfies")
        return Group(needed, tuple(members))

    def finish(self, text: str) -> Policy:
        publics = [key.public for key in (*self.logs, *self.witnesses.values())]
        if len(self.logs) != 1 or len(self.quorums) != 1:
            raise LedgerError("a policy file has exactly one log and one quorum")
        if len(set(publics)) != len(publics) or len(publics) > MAX_SIGNATURES:
            raise LedgerError("a policy file has one key twice, or more keys than a note has signature lines")
        return Policy(
            text, self.logs[0], self.witnesses, self.groups, self.quorums[0], self.urls, self.log_url
        )


def _key(vkey: str, *algorithms: int) -> VerifierKey:
    key = parse_vkey(vkey)
    if key.algorithm not in algorithms:
        raise LedgerError("a policy file has a key of the wrong kind")
    return key


def write_policy(
    log: VerifierKey,
    witnesses: Mapping[str, VerifierKey],
    groups: Mapping[str, Group],
    quorum: str,
    urls: Mapping[str, str] | None = None,
    log_url: str = "",
) -> str:
    """Write a policy file; members must come before the groups that name them. Raises LedgerError if it would not be read back."""
    where = {name: f" {url}" for name, url in (urls or {}).items()}
    lines = [f"log {log} {log_url}" if log_url else f"log {log}"]
    lines += [f"witness {name} {key}{where.get(name, '')}" for name, key in witnesses.items()]
    lines += [f"group {name} {group.threshold} {' '.join(group.members)}" for name, group in groups.items()]
    text = "\n".join([*lines, f"quorum {quorum}"]) + "\n"
    parse_policy(text)
    return text
