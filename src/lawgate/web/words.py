"""What a prepared document says, in plain words and in full: lines that say the same stand together, nothing is left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from lawgate import pipeline
from lawgate.domain.errors import NotPermittedError
from lawgate.domain.kept import BATCH_LINES
from lawgate.domain.steps import Json, SubmissionId
from lawgate.evidence.canonical import canonical
from lawgate.gate import Gate, ground

Rows = tuple[tuple[str, str], ...]

VERDICTS = {
    "approve": "Approve: the request is looked up once, and its least answer proposed",
    "refuse": "Refuse: final, without a look-up [610]",
    "return": "Return as incomplete: final, may be submitted again complete [611]",
}

RELEASES = {
    "authorise": "Authorise: the answer is logged and may leave; no determination under 6103(i)(6) stands against it",
    "withhold": "Withhold: telling it would identify a confidential informant or seriously impair an investigation, 6103(i)(6); the answer says nothing [602]",
    "refuse": "Refuse: no answer was found; what leaves says nothing, as for any other [610]",
    "return": "Return: no answer was found, and it may be asked again complete; what leaves says nothing, as for any other [611]",
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


def _sample(gate: Gate, said: Mapping[str, Json]) -> Said:
    number, errors, sample = SubmissionId(str(said["submission"])), said["errors"], said["sample"]
    assert isinstance(errors, list)
    assert isinstance(sample, list)
    found = (
        f"wrong: {spans(int(str(n)) for n in errors)}. This stops the batch."
        if errors
        else "all of them right"
    )
    return Said(
        f"Your look at the sample of batch {said['batch']}",
        f"policy: two people look before the first answer leaves ({_provision(gate, number)})",
        (
            ("Submission", number),
            ("Batch", str(said["batch"])),
            ("Answers looked at", f"{len(sample)}: {spans(int(str(n)) for n in sample)}"),
            ("You found", found),
            ("Made", str(said["made"])),
        ),
    )


def _authorisation(gate: Gate, said: Mapping[str, Json]) -> Said:
    number, lines = SubmissionId(str(said["submission"])), _lines(said)

    def rows(line: Mapping[str, Json]) -> Rows:
        return (("Verdict", RELEASES[str(line["verdict"])]),)

    return Said(
        f"Authorisation of {_count(len(lines), 'answer')}",
        f"{_provision(gate, number)}, with a determination under 26 U.S.C. 6103(i)(6) on each",
        (
            ("Submission", number),
            ("Batch", str(said["batch"])),
            ("Answers named", str(said["count"])),
            ("Made", str(said["made"])),
        ),
        _groups(lines, rows),
    )


def _impairment(gate: Gate, said: Mapping[str, Json]) -> Said:
    lines = _lines(said)
    return Said(
        f"Determination on {_count(len(lines), 'line')}",
        "26 U.S.C. 6103(i)(6): telling it would identify a confidential informant or seriously impair a civil or criminal tax investigation",
        (
            ("Submission", str(said["submission"])),
            ("Lines", spans(ordinal for ordinal, _ in lines)),
            ("Lines named", str(said["count"])),
            ("What it does", "their answers say nothing, whatever is authorised [602]"),
            ("Authority", str(said["authority"])),
            ("Made", str(said["made"])),
        ),
    )


def _stop(gate: Gate, said: Mapping[str, Json]) -> Said:
    authority = ("Authority", str(said["authority"]))
    made = ("Made", str(said["made"]))
    if said["act"] == "lift":
        return Said(
            "Lifting of a stop", "counsel's second order", (("Stop", str(said["stop"])), authority, made)
        )
    line = said.get("line")
    subject = (
        f"whoever line {line['ordinal']} of submission {line['submission']} names"
        if isinstance(line, dict)
        else str(said["subject"]) or "everything"
    )
    return Said(
        "Order of a stop",
        "counsel's order; it bites from the moment it is received",
        (("Stop", str(said["stop"])), ("Scope", str(said["scope"])), ("Reaches", subject), authority, made),
    )


def _standing(gate: Gate, said: Mapping[str, Json]) -> Said:
    return Said(
        "What is in force of an agency ends",
        "policy: the register's entries have dates; what ended is looked at again at release and hand-over",
        (
            ("What ends", str(said["kind"])),
            ("Agency", str(said["agency"])),
            ("Only", str(said["name"]) or "all that is in force of it"),
            ("First day no longer in force", str(said["until"])),
            ("Authority", str(said["authority"])),
            ("Made", str(said["made"])),
        ),
    )


def _key(gate: Gate, said: Mapping[str, Json]) -> Said:
    if said["act"] == "revoke":
        return Said(
            "A key is revoked",
            "policy: nothing more is decided with it, or sealed to it",
            (
                ("Key", str(said["keyid"])),
                ("Authority", str(said["authority"])),
                ("Made", str(said["made"])),
            ),
        )
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


_WORDS: dict[str, Callable[[Gate, Mapping[str, Json]], Said]] = {
    "decision": _decision,
    "sample": _sample,
    "authorisation": _authorisation,
    "impairment": _impairment,
    "stop": _stop,
    "standing": _standing,
    "key": _key,
}


def numbers_in(text: str) -> tuple[int, ...]:
    """Read line numbers as ``spans`` writes them, with a hyphen or a dash. Raises NotPermittedError for anything else."""
    found: set[int] = set()
    for part in text.replace(" ", "").replace("-", "–").split(","):
        ends = part.split("–")
        if not part:
            continue
        if len(ends) > 2 or not all(end.isdecimal() and len(end) < 10 for end in ends):
            raise NotPermittedError("line numbers are written like 3, 7–9")
        first, last = int(ends[0]), int(ends[-1])
        if not 0 < first <= last or last - first > BATCH_LINES:
            raise NotPermittedError("line numbers are written like 3, 7–9")
        found.update(range(first, last + 1))
    return tuple(sorted(found))


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
