"""Reads past lines again under another reading: which answers should not have left, and what else would have ended otherwise.

Pure, over a stream, and without a look-up: it has the lines as stated, what was found then, and what the one look-up of each came to.
Only the elements on which the two readings differ are asked again; for the others the finding of the day stands. Nothing here can
release anything: a line that another reading would have answered is named, and that is all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from lawgate.domain.finding import Finding, Outcome
from lawgate.domain.past import PastLine, Told
from lawgate.domain.standing import Standing
from lawgate.domain.steps import Cover
from lawgate.statutes.check import Slot, findings_on, letter_of, of_a_line
from lawgate.statutes.facts import OFFENCE, common_facts, line_facts
from lawgate.statutes.pack import ADDRESS_MUST_MATCH, Authority, Pack
from lawgate.statutes.rule import ANSWERABLE, evaluate

FOR_WANT_OF_THE_ADDRESS = frozenset({"310", "320", "340"})
"""Why a look-up found nobody because of the stated address, and for no other reason."""

_GOES_ON = tuple(
    ANSWERABLE
)  # looked through by identity, which is quicker by the million than a set of Enum's


class Flip(Enum):
    """What another reading would have made of a line, in words.

    The last is none of that: register or code changed since, so that the reading of the day no longer gives the findings of the day.
    """

    SHOULD_NOT_HAVE_LEFT = "should not have left"
    NOT_ASKED = "left without a question that a person should have answered"
    SHOULD_NOT_HAVE_BEEN_LOOKED_UP = "should not have been looked up"
    WOULD_NOT_GO_ON = "would not go on"
    WOULD_GO_ON = "would have gone on to a person"
    MIGHT_HAVE_BEEN_FOUND = "might have been found without its address"
    OTHER_LETTER = "would be refused or returned otherwise"
    FOUND_OTHERWISE_NOW = "is found otherwise now than then under the reading of the day"


LEFT = frozenset({Flip.SHOULD_NOT_HAVE_LEFT, Flip.NOT_ASKED})
"""The flips of lines of which something left."""


@dataclass(frozen=True, slots=True)
class Flipped:
    """One line that another reading would have dealt with otherwise: ``because`` of which findings, and on which ``authority`` where a switch decides."""

    ordinal: int
    flip: Flip
    told: Told
    because: tuple[Finding, ...]
    authority: Authority | None = None


@dataclass(frozen=True, slots=True)
class Side:
    """One reading, prepared for one submission: the elements on which the two readings differ, and what they may see of all lines."""

    slots: tuple[Slot, ...]
    shared: Mapping[str, object]

    def findings(self, facts: Mapping[str, object]) -> tuple[Finding, ...]:
        """Find on those elements for one line's facts."""
        return findings_on(self.slots, {**facts, **self.shared})


@dataclass(frozen=True, slots=True)
class Rereading:
    """Two readings of one ground over one submission: what differs between them, ``old`` and ``new``.

    ``asked_again`` are the ids of the elements that differ, ``wanted`` the facts of a line that these see; ``authorities``
    say for those that see a switch on whose authority the new reading sets it. ``address_freed`` says
    that the new reading no longer asks for a stated address that matches a record, as the old one did.
    """

    old: Side
    new: Side
    asked_again: frozenset[str]
    wanted: frozenset[str]
    authorities: Mapping[str, Authority]
    address_must_match: bool
    address_freed: bool
    address_authority: Authority | None


def reread(
    old: Pack, new: Pack, cover: Cover, received_at: datetime, standing: Standing, moment: datetime
) -> Rereading:
    """Prepare two readings, both taken as in force on the day of receipt, with the register as it stands at ``moment`` (UTC)."""
    day = received_at.date()
    common = common_facts(cover, received_at, standing, moment)
    before, after = old.as_if_in_force(day), new.as_if_in_force(day)
    was, now = {**common, **before.own_facts()}, {**common, **after.own_facts()}
    moved = {name for name in was.keys() | now.keys() if was.get(name) != now.get(name)}
    known = {element.id: element for element in before.rules}
    same = {e.id for e in after.rules if known.get(e.id) == e and not moved.intersection(e.facts)}
    elements = [[e for e in pack.rules if e.id not in same] for pack in (before, after)]
    seen = {fact for both in elements for e in both if of_a_line(e) for fact in e.facts}
    sides = [
        Side(
            tuple(e if of_a_line(e) else evaluate(e, facts) for e in some),
            {name: value for name, value in facts.items() if name in seen},
        )
        for some, facts in zip(elements, (was, now), strict=True)
    ]
    return Rereading(
        old=sides[0],
        new=sides[1],
        asked_again=frozenset(e.id for some in elements for e in some),
        wanted=frozenset(seen),
        authorities={
            element.id: switch.authority
            for element in elements[1]
            for switch in after.switches
            if f"pack.{switch.name}" in moved.intersection(element.facts)
        },
        address_must_match=new.address_must_match,
        address_freed=old.address_must_match and not new.address_must_match,
        address_authority=next((s.authority for s in new.switches if s.name == ADDRESS_MUST_MATCH), None),
    )


def replay(reading: Rereading, past: Iterable[PastLine]) -> Iterator[Flipped]:
    """Yield every line that the new reading would have dealt with otherwise, in the order of the lines.

    A line that was never checked (a format error, a duplicate) has no findings, and another reading of the law changes nothing for it.
    """
    offence = frozenset(f.removeprefix(OFFENCE) for f in reading.wanted if f.startswith(OFFENCE))
    for line in past:
        if line.findings and (flipped := _flipped(reading, line, offence)) is not None:
            yield flipped


def _flipped(reading: Rereading, past: PastLine, offence: frozenset[str]) -> Flipped | None:
    facts = line_facts(past.line, offence, reading.wanted) if reading.wanted and past.line else {}
    was = {f.rule: f for f in reading.old.findings(facts)}
    kept = {f.rule: f for f in past.findings}
    unlike = tuple(kept[r] for r, f in was.items() if r in kept and not _reproduced(kept[r], f))
    if unlike:
        return Flipped(past.ordinal, Flip.FOUND_OTHERWISE_NOW, past.told, unlike)
    stays = [f for f in past.findings if f.rule not in reading.asked_again]
    asked: list[Finding] = []
    for found in reading.new.findings(facts):
        before = was.get(found.rule)
        if before is not None and found.outcome is before.outcome and found.rule in kept:
            stays.append(kept[found.rule])  # asked and answered on the day, or found alike
        else:
            stays.append(found)
            asked += [found] if found.outcome is Outcome.ASK else []
    return _flip(reading, past, stays, asked)


def _reproduced(kept: Finding, found: Finding) -> bool:
    """A person may have answered what was asked; anything else is found today as it was then."""
    return kept.outcome is found.outcome or found.outcome is Outcome.ASK


def _flip(
    reading: Rereading, past: PastLine, found: Sequence[Finding], asked: Sequence[Finding]
) -> Flipped | None:
    before, after = letter_of(past.findings), letter_of(found)
    bad = () if after is None else tuple([f for f in found if f.outcome not in _GOES_ON])
    switched = _authority(reading, bad or asked)
    ordinal, told = past.ordinal, past.told
    if told in (Told.RELEASED, Told.CONFIRMED):
        if after is not None:
            return Flipped(ordinal, Flip.SHOULD_NOT_HAVE_LEFT, told, bad, switched)
        if reading.address_must_match and not past.address_matched:
            return Flipped(ordinal, Flip.SHOULD_NOT_HAVE_LEFT, told, (), reading.address_authority)
    elif past.reason:
        if after is not None:
            return Flipped(ordinal, Flip.SHOULD_NOT_HAVE_BEEN_LOOKED_UP, told, bad, switched)
        if reading.address_freed and past.reason in FOR_WANT_OF_THE_ADDRESS:
            return Flipped(ordinal, Flip.MIGHT_HAVE_BEEN_FOUND, told, (), reading.address_authority)
    if told is not Told.NOTHING:
        return Flipped(ordinal, Flip.NOT_ASKED, told, tuple(asked), switched) if asked else None
    if before is after:
        return None
    if before is None:
        return Flipped(ordinal, Flip.WOULD_NOT_GO_ON, told, bad, switched)
    if after is None:
        return Flipped(ordinal, Flip.WOULD_GO_ON, told, tuple(asked), switched)
    return Flipped(ordinal, Flip.OTHER_LETTER, told, bad, switched)


def _authority(reading: Rereading, because: Sequence[Finding]) -> Authority | None:
    """Return on whose authority the new reading decides, where a switch does."""
    return next((reading.authorities[f.rule] for f in because if f.rule in reading.authorities), None)
