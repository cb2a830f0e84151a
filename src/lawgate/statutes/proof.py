"""Proves a pack: that its rules are the words' rules, that its cases try them, and that nothing but its elements lets a request on.

Pure: a pack's files come in as text, the proof goes out as plain data. The long sweeps can be shared out among processes with
``sweep_share``; the proof is the same however many there are, and holds no times, so that a committed one can be compared.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from lawgate.domain.finding import Outcome
from lawgate.domain.steps import Json
from lawgate.evidence.canonical import canonical, sha256_hex
from lawgate.statutes import binding, situations
from lawgate.statutes.cases import Case, house_cases, read_cases
from lawgate.statutes.mutants import breaks
from lawgate.statutes.pack import Pack
from lawgate.statutes.rule import ANSWERABLE, Element, Rule
from lawgate.statutes.situations import Sweep
from lawgate.statutes.text import word_digests

FORMAT = "lawgate/pack-proof/v1"


@dataclass(frozen=True, slots=True)
class PackFiles:
    """A pack with its data files as text, and the sources of its rules and of the evaluator, by file name.

    ``house`` holds the worked cases of the rules of the house.
    """

    pack: Pack
    text: str
    cases: str
    house: str
    particulars: str
    rules_source: Mapping[str, str]
    evaluator_source: Mapping[str, str]

    def worked(self) -> tuple[Case, ...]:
        """Return the pack's own worked cases, and those of the rules of the house that it has."""
        return (*read_cases(self.cases), *house_cases(self.cases, self.house, self.pack))


@dataclass(frozen=True, slots=True)
class Proof:
    """What was tried (``counts``), of what (``digests``), which case notices each change (``noticed``), and what failed."""

    pack: str
    version: str
    digests: Mapping[str, str]
    counts: Mapping[str, Mapping[str, int]]
    noticed: Mapping[str, str]
    failures: tuple[str, ...]

    def document(self) -> dict[str, Json]:
        """Return the proof as it is written to ``proof.json``."""
        return {
            "type": FORMAT,
            "pack": self.pack,
            "version": self.version,
            "digests": {**self.digests},
            "counts": {name: {**counts} for name, counts in self.counts.items()},
            "noticed": {**self.noticed},
            "failures": [*self.failures],
        }


@dataclass(frozen=True, slots=True)
class Shared:
    """One share of the long sweeps: whole lines, and pairs of facts."""

    lines: Sweep
    pairs: Sweep


def sweep_share(files: PackFiles, part: int, parts: int) -> Shared:
    """Do one share of ``parts`` of the long sweeps, which together try every line and every pair."""
    tried = _tried(files)
    known, bases = situations.states(files.pack, tried), situations.bases(files.pack, tried)
    three = situations.three_states(files.pack, tried[0], known)
    return Shared(
        situations.sweep_lines(files.pack, tried[0], three, part, parts),
        situations.sweep_pairs(files.pack, bases, known, part, parts),
    )


def prove(files: PackFiles, shares: Sequence[Shared]) -> Proof:
    """Prove a pack, given all shares of the long sweeps. What does not hold is among the failures, each in words."""
    pack, cases, tried = files.pack, files.worked(), _tried(files)
    bonds = binding.read_bonds(files.particulars)
    known = situations.states(pack, tried)
    elements = _sum([situations.sweep_element(element, known) for element in pack.rules])
    forgetting = situations.forgetting(_each(pack), tried)
    lines, pairs = _sum([s.lines for s in shares]), _sum([s.pairs for s in shares])
    noticed = breaks(pack, cases, tried)
    failures = [
        *binding.unaccounted(pack, files.text, bonds),
        *binding.unbound(pack, files.text, bonds),
        *binding.unfounded(pack, bonds),
        *(
            f"cases.toml, case {case.title}: {d}"
            for case in cases
            for d in case.deviations(case.checked(pack).findings)
        ),
        *_untried(pack, cases),
        *_answerable_though_denied(pack, lines, pairs),
        *(wrong for sweep in (elements, forgetting, lines, pairs) for wrong in sweep.wrong),
        *(
            f"cases.toml: no case notices: {name}; write one that does"
            for name, title in noticed.items()
            if not title
        ),
    ]
    counts = {
        "pack": _pack_counts(files, bonds, cases),
        "elements": _counts(elements),
        "forgetting": {"tried": forgetting.tried, "improved": len(forgetting.wrong)},
        "lines": {"facts": len(situations.three_states(pack, tried[0], known)), **_counts(lines)},
        "pairs": {"facts": len(known), "bases": len(situations.bases(pack, tried)), **_counts(pairs)},
        "mutants": {"tried": len(noticed), "noticed": sum(map(bool, noticed.values()))},
    }
    return Proof(pack.id, pack.version, digests(files), counts, noticed, tuple(dict.fromkeys(failures)))


def digests(files: PackFiles) -> dict[str, str]:
    """Return the SHA-256 (hex) of everything a proof is about: the pack as data, each of its files, its rules and the evaluator."""
    return {
        "pack": sha256_hex(canonical(_plain(_declaration(files.pack)))),
        "text": sha256_hex(files.text.encode()),
        "cases": sha256_hex(files.cases.encode()),
        "house": sha256_hex(files.house.encode()),
        "particulars": sha256_hex(files.particulars.encode()),
        "rules_source": sha256_hex(canonical(dict(files.rules_source))),
        "evaluator_source": sha256_hex(canonical(dict(files.evaluator_source))),
    }


def _declaration(pack: Pack) -> dict[str, object]:
    """Return a pack as data: everything it declares, its rules by their declarations (predicates by name)."""
    plain = {
        name: getattr(pack, name)
        for name in ("id", "title", "version", "citation", "offices", "justice_offices")
    }
    plain |= {
        name: getattr(pack, name)
        for name in ("accounted", "purpose_code", "authority", "terms", "minimising", "denies")
    }
    plain |= {"since": pack.since, "until": pack.until, "applied": pack.applied}
    plain |= {
        "rests_on": [str(authority) for authority in pack.rests_on],
        "rules": [_declared(element) for element in pack.rules],
    }
    for name in ("sources", "permitted", "switches", "steps"):
        plain[name] = [asdict(row) for row in getattr(pack, name)]
    return plain


def _declared(element: Element) -> dict[str, object]:
    names = ("id", "element", "citation", "basis", "code", "sentence", "facts", "anchor")
    declared: dict[str, object] = {name: getattr(element, name) for name in names}
    if isinstance(element, Rule):
        return {
            **declared,
            "question": element.question,
            "predicate": getattr(element.predicate, "__name__", ""),
        }
    return {**declared, "alternatives": [_declared(rule) for rule in element.rules]}


def _plain(value: object) -> Json:
    if isinstance(value, Mapping):
        return {str(name): _plain(member) for name, member in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(member) for member in value]
    return value if isinstance(value, str | bool | int) else str(value)


def _tried(files: PackFiles) -> list[dict[str, object]]:
    return [case.facts(files.pack) for case in files.worked()]


def _each(pack: Pack) -> list[Element]:
    """Return every element, and every alternative beside the element it stands in."""
    alternatives = [r for element in pack.rules if not isinstance(element, Rule) for r in element.rules]
    return [*pack.rules, *alternatives]


def _answerable_though_denied(pack: Pack, *sweeps: Sweep) -> list[str]:
    if not pack.denies or not any(sweep.answerable for sweep in sweeps):
        return []
    return ["the ground denies every request, and yet a request may go on"]


def _untried(pack: Pack, cases: Sequence[Case]) -> list[str]:
    """Return every element that no case finds at its best (MET, or ASK), UNMET, or UNKNOWN; a denial has no best."""
    found: dict[str, set[Outcome]] = {element.id: set() for element in pack.rules}
    for case in cases:
        for rule, outcome in case.find.items():
            found.setdefault(rule, set()).add(outcome)
    wrong = [
        f"cases.toml: no case tries {rule} at its best; write one that finds it MET or ASK"
        for rule, outcomes in found.items()
        if not outcomes & ANSWERABLE and rule not in pack.denies
    ]
    for missing in (Outcome.UNMET, Outcome.UNKNOWN):
        wrong += [
            f"cases.toml: no case tries {rule} {missing.value}; write one that finds it so"
            for rule, outcomes in found.items()
            if missing not in outcomes
        ]
    return wrong


def _sum(sweeps: Sequence[Sweep]) -> Sweep:
    return Sweep(
        sum(s.tried for s in sweeps),
        sum(s.answerable for s in sweeps),
        sum(s.forgettings for s in sweeps),
        tuple(dict.fromkeys(wrong for s in sweeps for wrong in s.wrong)),
    )


def _counts(sweep: Sweep) -> dict[str, int]:
    forgettings = {"forgettings": sweep.forgettings} if sweep.forgettings else {}
    return {"tried": sweep.tried, "answerable": sweep.answerable, **forgettings, "wrong": len(sweep.wrong)}


def _pack_counts(files: PackFiles, bonds: binding.Bonds, cases: Sequence[Case]) -> dict[str, int]:
    return {
        "elements": len(files.pack.rules),
        "alternatives": sum(len(e.rules) for e in files.pack.rules if not isinstance(e, Rule)),
        "provisions": len(word_digests(files.text)),
        "excused": len(bonds.excused),
        "bound": len(bonds.bound),
        "requirements": len(bonds.requirements),
        "cases": len(cases),
    }
