"""Step 8's own judgement: what the sealer's process checks by itself of every answer, before it takes out what is enclosed and seals it.

It believes nothing of what the gateway hands it but what a quorum of witnesses cosigned. The gateway's register is held against an answer as
well: it can keep one back, and never let one out that the log forbids.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from lawgate.disclosure.seal import seal
from lawgate.domain.errors import LedgerError
from lawgate.domain.leaving import BitingStop, KeptLog, Leaving, Outcome, Sealing
from lawgate.domain.steps import AnswerKind, Json
from lawgate.domain.stop import StopScope
from lawgate.history import History
from lawgate.ledger.append import Published, published
from lawgate.ledger.leaves import check_leaf
from lawgate.ledger.policy import Policy
from lawgate.ledger.proof import parse_proof, verify_proof
from lawgate.ledger.stored import TileStore

STOPPED, RECIPIENT_LAPSED, APPROVER_LAPSED, RELEASER_LAPSED = "701", "505", "901", "902"

Head = tuple[int, bytes]
"""Size and root."""


class Sealer:
    """``trusted`` gives the policy of a log if the sealer's own folder says it is one; ``open_log`` reads the log at a place in the home;
    ``take_out`` opens what is enclosed for an answer; ``seen`` reads the newest heads that any process of the sealer's has seen, by origin,
    and ``remember`` keeps them before anything rests on them, or raises LedgerError if another process has seen newer or other ones."""

    def __init__(
        self,
        *,
        trusted: Callable[[KeptLog], Policy],
        open_log: Callable[[str], TileStore],
        take_out: Callable[[str, bytes], bytes],
        seen: Callable[[], Mapping[str, Head]],
        remember: Callable[[Mapping[str, Head]], None],
    ) -> None:
        self._trusted = trusted
        self._open_log = open_log
        self._take_out = take_out
        self._seen = seen
        self._remember = remember
        self._history = History()

    def seal(self, asked: Sealing) -> Iterator[Outcome]:
        """Seal each answer that may leave, in order; give the code of what keeps another back.

        Raises LedgerError, before anything is given, if a log is not one that the sealer trusts, or not cosigned, or its past is another;
        and for an answer that the log does not prove, that is out of its recipient's order, or is not what its entry commits to.
        """
        years = self._read(asked)
        stops = (*asked.stops, *self._history.stops.values())
        return iter([self._one(asked, each, years, stops) for each in asked.answers])

    def _read(self, asked: Sealing) -> list[Published]:
        years: list[Published] = []
        heads: dict[str, Head] = {}
        seen = self._seen()
        try:
            for log in asked.logs:
                policy, store = self._trusted(log), self._open_log(log.place)
                # QuorumError is the gateway's to wait for; the gateway looked for it a moment ago.
                year = published(store, policy, asked.at, log.base)
                if log.base != (years[-1].base + years[-1].tree.size if years else 0):
                    raise LedgerError("the logs do not follow one another")
                self._history.read_on(log.base, store, year.believed, seen.get(policy.log.name))
                heads[policy.log.name] = year.tree.size, year.believed.checkpoint.root
                years.append(year)
            if not set(seen) <= set(heads):
                raise LedgerError("a log that the sealer has seen is not among those it was handed")
            if heads != seen:
                self._remember(heads)
        except LedgerError:
            self._history = History()
            raise
        return years

    def _one(
        self, asked: Sealing, leaving: Leaving, years: list[Published], stops: Sequence[BitingStop]
    ) -> Outcome:
        leaf = self._proven(leaving, years)
        if leaving.number in self._history.out_of_order:
            raise LedgerError("the answer's sequence number does not follow the one before")
        lapsed = self._lapsed(asked, leaf)
        if lapsed is not None:
            return lapsed
        if any(_reaches(stop, leaf, ()) for stop in stops):
            return STOPPED
        opened = self._take_out(str(leaf["answer"]), leaving.enclosed)
        sealed, kind = seal(leaf, opened, asked.terms_text)
        # Whether an answer that says nothing was silenced by the stop or logged before it, only the gateway knows (look.withheld, ADR 0038):
        # the sealer keeps back what says something.
        told = kind is not AnswerKind.NO_ANSWER
        if told and any(_reaches(stop, leaf, leaving.persons) for stop in stops):
            return STOPPED
        return sealed

    @staticmethod
    def _proven(leaving: Leaving, years: list[Published]) -> dict[str, Json]:
        year = next((each for each in reversed(years) if each.base <= leaving.number), None)
        proof = parse_proof(leaving.proof)
        if year is None or year.base + proof.index != leaving.number:
            raise LedgerError("the proof is of another entry")
        if proof.checkpoint != year.believed.text:
            raise LedgerError("the proof does not rest on the log's newest cosigned head")
        verify_proof(proof, year.policy, year.believed)
        leaf = check_leaf(proof.entry)
        if leaf["type"] != "answer":
            raise LedgerError("the proof is of an entry that is no answer")
        return leaf

    def _lapsed(self, asked: Sealing, leaf: Mapping[str, Json]) -> str | None:
        """Whose key no longer holds, by the log or by the register."""
        for member, code in (
            ("recipient_keyid", RECIPIENT_LAPSED),
            ("decision_keyid", APPROVER_LAPSED),
            ("authorisation_keyid", RELEASER_LAPSED),
        ):
            keyid = str(leaf[member])
            if not self._history.keys.get(keyid, False) or not _valid(asked, keyid):
                return code
        return None


def _valid(asked: Sealing, keyid: str) -> bool:
    span = asked.keys.get(keyid)
    return span is not None and span.since <= asked.at and (span.until is None or asked.at < span.until)


_MEMBER = {
    StopScope.PACK: "pack",
    StopScope.AGENCY: "agency",
    StopScope.SUBMISSION: "submission",
    StopScope.OFFICER: "recipient_keyid",
}


def _reaches(stop: BitingStop, leaf: Mapping[str, Json], persons: Collection[str]) -> bool:
    if stop.scope is StopScope.PERSON:
        return not set(stop.subject.split()).isdisjoint(persons)
    return stop.scope is StopScope.EVERYTHING or stop.subject == leaf[_MEMBER[stop.scope]]
