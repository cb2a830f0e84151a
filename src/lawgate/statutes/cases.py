"""Reads a pack's worked cases (``cases.toml``): one well-formed base request, and what each case changes in it and expects.

A case is written for a lawyer to read: facts by their names, findings by rule, and the letter the line ends with.
"""

from __future__ import annotations

import copy
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from lawgate.domain.errors import StatuteError
from lawgate.domain.finding import Finding, Outcome
from lawgate.domain.standing import (
    Agency,
    Agreement,
    EnrolledKey,
    OfficeHolder,
    Role,
    Safeguard,
    SafeguardStatus,
    Standing,
)
from lawgate.domain.steps import Attestation, Checked, Cover, Line
from lawgate.evidence.canonical import canonical, sha256_hex
from lawgate.statutes.check import check_request, findings_on, letter_of, prepare_cover
from lawgate.statutes.facts import line_facts
from lawgate.statutes.pack import Pack, Switch

GOES_ON = "on"
"""How a case says that the line may go on to guard."""

_MEMBERS = {"title", "change", "remove", "forget", "find", "ask", "end"}


@dataclass(frozen=True, slots=True)
class Case:
    """One worked case: the situation, complete, and what must be found. ``ask`` is None where the case does not say.

    ``forgotten`` names facts taken away after everything was read, as if the gateway could not learn them.
    """

    title: str
    cover: Cover
    received_at: datetime
    standing: Standing
    line: Line
    now: datetime
    switches: Mapping[str, bool]
    forgotten: frozenset[str]
    find: Mapping[str, Outcome]
    ask: tuple[str, ...] | None
    end: str

    def pack_read_so(self, pack: Pack) -> Pack:
        """Return the pack in the reading this case supposes: the same, but for the switches the case names."""
        switched = (Switch(s.name, self.switches.get(s.name, s.value), s.authority) for s in pack.switches)
        return replace(pack, switches=tuple(switched))

    def facts(self, pack: Pack) -> dict[str, object]:
        """Return every fact of the situation: the pack's own, the submission's, the line's, without what is forgotten."""
        reading = self.pack_read_so(pack)
        prepared = prepare_cover(reading, self.cover, self.received_at, self.standing, self.now)
        known = {**prepared.facts, **line_facts(self.line, prepared.offence)}
        return {name: value for name, value in known.items() if name not in self.forgotten}

    def checked(self, pack: Pack) -> Checked:
        """Check the case's line, in the reading it supposes, on the path every line goes."""
        reading = self.pack_read_so(pack)
        prepared = prepare_cover(reading, self.cover, self.received_at, self.standing, self.now)
        if self.forgotten:
            return Checked(self.line, findings_on(pack.rules, self.facts(pack)))
        return check_request(prepared, self.line)

    def deviations(self, findings: Sequence[Finding]) -> tuple[str, ...]:
        """Return what was found otherwise than expected, in words; nothing if the case holds."""
        found = {f.rule: f.outcome for f in findings}
        wrong = [
            f"{rule} is {found[rule].value if rule in found else 'not there'}, not {wanted.value}"
            for rule, wanted in self.find.items()
            if found.get(rule) is not wanted
        ]
        letter = letter_of(findings)
        end = letter.value if letter else GOES_ON
        if end != self.end:
            wrong.append(f"ends {end}, not {self.end}")
        asked = tuple(rule for rule, outcome in found.items() if outcome is Outcome.ASK)
        if self.ask is not None and asked != self.ask:
            wrong.append(f"asks {', '.join(asked) or 'nothing'}, not {', '.join(self.ask)}")
        return tuple(wrong)


def read_cases(text: str) -> tuple[Case, ...]:
    """Read a ``cases.toml``. Raises StatuteError if a case has an unknown member or changes what the base does not have."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise StatuteError(f"cases.toml: this is no TOML: {fault}") from None
    if not document.get("base") or not document.get("case"):
        raise StatuteError("cases.toml: it needs a [base] in good order and at least one [[case]]")
    return tuple(_case(document["base"], written) for written in document["case"])


def house_cases(own: str, house: str, pack: Pack) -> tuple[Case, ...]:
    """Read the worked cases of the rules of the house on a pack's own base: those whose rules the pack has.

    ``own`` is the pack's ``cases.toml``, ``house`` the ``house.toml`` of this room.
    """
    base, rules = tomllib.loads(own)["base"], {element.id for element in pack.rules}
    written = tomllib.loads(house)["case"]
    return tuple(_case(base, case) for case in written if case["find"].keys() <= rules)


def failures(pack: Pack, text: str) -> tuple[str, ...]:
    """Run every case of a ``cases.toml`` against a pack; return each deviation after its case's title, nothing if all hold."""
    return tuple(
        f"{case.title}: {deviation}"
        for case in read_cases(text)
        for deviation in case.deviations(case.checked(pack).findings)
    )


def _case(base: Mapping[str, Any], written: Mapping[str, Any]) -> Case:
    where = f"cases.toml, case “{written.get('title', 'without a title')}”"
    if unknown := set(written) - _MEMBERS:
        raise StatuteError(
            f"{where}: unknown members: {', '.join(sorted(unknown))}; write {', '.join(sorted(_MEMBERS))}"
        )
    for needed in ("title", "find", "end"):
        if needed not in written:
            raise StatuteError(f"{where}: {needed} is missing; write it")
    try:
        return _read_case(base, written)
    except StatuteError as fault:
        raise StatuteError(f"{where}: {fault}") from None
    except (KeyError, TypeError, ValueError) as fault:
        raise StatuteError(f"{where}: the base or the case cannot be read: {fault}") from None


def _read_case(base: Mapping[str, Any], written: Mapping[str, Any]) -> Case:
    facts = copy.deepcopy(dict(base))
    for path, value in written.get("change", {}).items():
        _set(facts, path, value)
    for path in written.get("remove", []):
        _remove(facts, path)
    return Case(
        title=written["title"],
        cover=Cover(**{"delegation": None, **facts["cover"]}),
        received_at=facts["received_at"],
        standing=_standing(facts["standing"]),
        line=_line(facts["line"], facts.get("attestation")),
        now=facts["now"],
        switches=facts["switches"],
        forgotten=frozenset(written.get("forget", [])),
        find={rule: Outcome(outcome) for rule, outcome in written["find"].items()},
        ask=tuple(written["ask"]) if "ask" in written else None,
        end=written["end"],
    )


def _parent(facts: dict[str, Any], path: str) -> tuple[dict[str, Any], str]:
    *way, last = path.split(".")
    for step in way:
        if not isinstance(facts.get(step), dict):
            raise StatuteError(f"it changes {path}, which the base does not have")
        facts = facts[step]
    return facts, last


def _set(facts: dict[str, Any], path: str, value: object) -> None:
    parent, last = _parent(facts, path)
    parent[last] = value


def _remove(facts: dict[str, Any], path: str) -> None:
    parent, last = _parent(facts, path)
    if last not in parent:
        raise StatuteError(f"it removes {path}, which the base does not have")
    del parent[last]


def _line(data: dict[str, Any], attestation: dict[str, str] | None) -> Line:
    attested = Attestation(**attestation) if attestation else None
    return Line(1, str(data.get("request_key", "")), data, sha256_hex(canonical(data)), attested)


def _standing(register: Mapping[str, Mapping[str, dict[str, Any]]]) -> Standing:
    def rows(kind: str) -> list[dict[str, Any]]:
        return list(register[kind].values())

    return Standing(
        agencies=tuple(Agency(**row) for row in rows("agency")),
        offices=tuple(OfficeHolder(**row) for row in rows("office")),
        agreements=tuple(Agreement(**row) for row in rows("agreement")),
        safeguards=tuple(
            Safeguard(**{**row, "status": SafeguardStatus(row["status"])}) for row in rows("safeguard")
        ),
        keys=tuple(EnrolledKey(**{**row, "role": Role(row["role"])}) for row in rows("key")),
    )
