"""What a prepared document says, in plain words and in full: lines that say the same stand together, nothing is left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from lawgate import pipeline
from lawgate.domain.steps import Json, SubmissionId
from lawgate.evidence.canonical import canonical
from lawgate.gate import Gate, ground

Rows = tuple[tuple[str, str], ...]

VERDICTS = {
    "approve": "Approve: the request is looked up once, and its least answer proposed",
    "refuse": "Refuse: final, without a look-up [610]",
    "return": "Return as incomplete: final, may be submitted again complete [611]",
}


@dataclass(frozen=True, slots=True)
class Group:
    """Lines about which a document says the same."""

    lines: str
    count: int
    rows: Rows


@dataclass(frozen=True, slots=True)
class Said:
    """A document in words: what it is, under which provision, and all it says."""

    title: str
    provision: str
    facts: Rows
    groups: tuple[Group, ...] = ()


def words_of(gate: Gate, kind: str, said: Mapping[str, Json]) -> Said:
    """Put a document that this service prepared into words."""
    return _WORDS[kind](gate, said)


def _decision(gate: Gate, said: Mapping[str, Json]) -> Said:
    number = SubmissionId(str(said["submission"]))
    lines = _lines(said)
    entries = pipeline.docket(gate, number, tuple(ordinal for ordinal, _ in lines))
    cited = {f.rule: f"{f.citation}, {f.basis.value}" for entry in entries for f in entry.findings}

    def rows(line: Mapping[str, Json]) -> Rows:
        answers = line.get("answers")
        found = [("Verdict", VERDICTS[str(line["verdict"])])]
        for rule, answer in (answers if isinstance(answers, dict) else {}).items():
            if isinstance(answer, dict):
                met = "met" if answer["met"] else "not met"
                found.append((f"{rule} ({cited.get(rule, 'not asked')})", f"{met}: {answer['reason']}"))
        for name, words in (("items", "Only these items"), ("periods", "Only these periods")):
            if isinstance(some := line.get(name), list):
                found.append((words, ", ".join(map(str, some))))
        if "release_hold" in line:
            found.append(("The hold", "released" if line["release_hold"] else "not released"))
        return tuple(found)

    return Said(
        f"Decision on {_count(len(lines), 'line')}",
        _provision(gate, number),
        (("Submission", number), ("Lines named", str(said["count"])), ("Made", str(said["made"]))),
        _groups(lines, rows),
    )


def _key(gate: Gate, said: Mapping[str, Json]) -> Said:
    return Said(
        "A passkey becomes one of your signing keys",
        "policy; docs/adr/0039 and 0047",
        (
            ("Person", str(said["person"])),
            ("Agency", str(said["agency"])),
            ("For the role", str(said["role"]).replace("-", " ")),
            ("Public key", str(said["public"])),
            ("Signs on pages of", str(said["relying_party"])),
            ("Made", str(said["made"])),
        ),
    )


_WORDS: dict[str, Callable[[Gate, Mapping[str, Json]], Said]] = {"decision": _decision, "key": _key}


def spans(ordinals: Iterable[int]) -> str:
    """Write line numbers with runs drawn together: 1–3, 7."""
    runs: list[list[int]] = []
    for n in sorted(ordinals):
        if runs and n == runs[-1][1] + 1:
            runs[-1][1] = n
        else:
            runs.append([n, n])
    return ", ".join(str(a) if a == b else f"{a}–{b}" for a, b in runs)


def _lines(said: Mapping[str, Json]) -> Sequence[tuple[int, dict[str, Json]]]:
    lines = said["lines"]
    assert isinstance(lines, list)
    return [(int(str(line["ordinal"])), line) for line in lines if isinstance(line, dict)]


def _groups(
    lines: Sequence[tuple[int, dict[str, Json]]], rows: Callable[[Mapping[str, Json]], Rows]
) -> tuple[Group, ...]:
    alike: dict[bytes, list[int]] = {}
    first: dict[bytes, dict[str, Json]] = {}
    for ordinal, line in lines:
        rest = {name: value for name, value in line.items() if name != "ordinal"}
        alike.setdefault(canonical(rest), []).append(ordinal)
        first.setdefault(canonical(rest), rest)
    return tuple(Group(spans(some), len(some), rows(first[case])) for case, some in alike.items())


def _provision(gate: Gate, number: SubmissionId) -> str:
    received = pipeline.summary(gate, number)
    pack = ground(gate, received.pack)
    kept = gate.memory.received(number)
    return pack.version(kept.pack_version).citation if kept else received.pack


def _count(n: int, word: str) -> str:
    return f"{n} {word}" if n == 1 else f"{n} {word}s"
