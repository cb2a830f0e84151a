"""What an engaged officer does: collect sealed packages over a link that works once, acknowledge, certify destruction, state what became of answers.

Nothing sealed lies ready. An answer is sealed while it is collected, so stops, standing, keys, proof and quorum are looked at at that very moment
(I-7, I-13), and there is nothing to purge but links. A collection that broke off is not resumed: another link gives the same answers
again. Both the pages and the API can call these; none knows a request.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from lawgate import called_back, complete, pipeline, statements
from lawgate.accounts.models import Account
from lawgate.domain.errors import MalformedRequestError, NotPermittedError
from lawgate.domain.kept import HAND_OVER_LINES, Delivery, HandedOver
from lawgate.domain.standing import Role
from lawgate.domain.steps import Package, SubmissionId, day_of
from lawgate.evidence.envelope import unverified_payload
from lawgate.gate import Gate
from lawgate.portal.models import Link

LINK_AGE = timedelta(minutes=15)
"""How long a link waits for its one use: long enough to start a program, short enough to be of no use to who finds it later."""
ACK_AGE = timedelta(days=3)
"""An answer that left longer ago than that and is not acknowledged is overdue."""
TOKEN_BYTES = 32
MOST_OWED = 50
"""How many answers about which a statement is owed are named, the first due first."""
MOST_DOCUMENTS = 500
"""How many signed documents are entered in one go."""


@dataclass(frozen=True, slots=True)
class Duties:
    """What an officer owes: ``unacknowledged`` answers that left more than ``ACK_AGE`` ago, recalls without a certificate, and at most
    ``MOST_OWED`` answers about which a statement is owed, the first due first; ``today`` is the day that this is held against."""

    unacknowledged: int
    recalls: tuple[called_back.Recall, ...]
    overdue: tuple[called_back.Recall, ...]
    owed: tuple[HandedOver, ...]
    today: date


def keys_of(gate: Gate, account: Account) -> tuple[str, ...]:
    """Return the ids of the officer's own keys that are valid now and to which answers are sealed."""
    now = gate.now()
    return tuple(
        key.keyid
        for key in gate.memory.standing().keys
        if (key.person, key.agency, key.role) == (account.person, account.agency, Role.ENGAGED_OFFICER)
        and key.valid_at(now)
    )


def deliveries(gate: Gate, account: Account) -> tuple[Delivery, ...]:
    """Return what is sealed to this officer, submission by submission."""
    keys = keys_of(gate, account)
    return gate.memory.deliveries(keys) if keys else ()


def make_link(gate: Gate, account: Account, number: str) -> str:
    """Make a link by which this officer collects what is sealed to them of one submission, and return its token, which is kept nowhere.

    Raises NotPermittedError if nothing of it is sealed to them.
    """
    if number not in {each.submission for each in deliveries(gate, account)}:
        raise NotPermittedError("no answer of a submission with this confirmation number is sealed to you")
    now = gate.now()
    Link.objects.filter(Q(expires__lt=now) | Q(used__isnull=False)).delete()
    token = base64.urlsafe_b64encode(gate.random_bytes(TOKEN_BYTES)).decode().rstrip("=")
    Link.objects.create(token_sha256=_digest(token), account=account, number=number, expires=now + LINK_AGE)
    return token


def use_link(gate: Gate, account: Account, token: str) -> SubmissionId:
    """Use a link up, and return which submission it is for. Raises NotPermittedError if it is another's, was used, or has expired.

    One statement decides, so that of two who use it at once one is turned away. A crash after it costs a new link, never an answer.
    """
    now = gate.now()
    mine = Link.objects.filter(token_sha256=_digest(token), account=account)
    if not mine.filter(used=None, expires__gte=now).update(used=now):
        raise NotPermittedError("this link was used, has expired, or is somebody else's; make another")
    return SubmissionId(mine.values_list("number", flat=True).get())


def packages(gate: Gate, account: Account, number: SubmissionId) -> Iterator[bytes]:
    """Seal what may leave to this officer at this moment and yield it as one zip file, package after package: a folder of four files each.

    That an answer leaves is durable before its first byte does. What is kept back is counted by code in ``kept-back.json``.
    """
    handed = pipeline.hand_over(gate, number, HAND_OVER_LINES, keys_of(gate, account))
    return _zipped(handed)


def duties(gate: Gate, account: Account) -> Duties:
    """Return what this officer owes."""
    keys = keys_of(gate, account)
    before = gate.now() - ACK_AGE
    late = (
        [d for d in gate.memory.deliveries(keys) if d.oldest is not None and d.oldest < before]
        if keys
        else []
    )
    mine = [r for r in called_back.recalls(gate) if not r.destroyed and _is_to(gate, r.answer, keys)]
    overdue = called_back.overdue(gate)
    return Duties(
        sum(d.left - d.acknowledged for d in late),
        tuple(mine),
        tuple(r for r in mine if r in overdue),
        gate.memory.owed_statements(MOST_OWED, keys) if keys else (),
        day_of(gate.now()),
    )


def enter_documents(gate: Gate, documents: Sequence[bytes]) -> dict[str, int]:
    """Enter signed acknowledgements, certificates of destruction and statements, as the commands do; return how many of each kind.

    Raises MalformedRequestError for a document that is none of them, or too many, and what the core raises for one that is not permitted;
    acknowledgements are entered all or none, and so are statements.
    """
    if not 1 <= len(documents) <= MOST_DOCUMENTS:
        raise MalformedRequestError("102", f"1 to {MOST_DOCUMENTS} documents are entered at a time")
    by_kind: dict[str, list[bytes]] = {kind: [] for kind in _ENTERED}
    for raw in documents:
        by_kind[_kind_of(raw)].append(raw)
    if by_kind["ack"]:
        pipeline.acknowledge_all(gate, by_kind["ack"])
    for raw in by_kind["destruction"]:
        complete.certify_destroyed(gate, raw)
    if by_kind["statement"]:
        statements.enter(gate, by_kind["statement"])
    return {called: len(by_kind[kind]) for kind, called in _ENTERED.items()}


_ENTERED = {"ack": "acknowledgements", "destruction": "certificates", "statement": "statements"}


def _kind_of(raw: bytes) -> str:
    for kind in _ENTERED:
        try:
            unverified_payload(raw, kind)
        except MalformedRequestError:
            continue
        return kind
    raise MalformedRequestError(
        "102",
        "a document is neither an acknowledgement nor a certificate of destruction nor a statement that an officer's tool signed",
    )


def _is_to(gate: Gate, answer: str, keys: Sequence[str]) -> bool:
    found = gate.memory.handed_over([answer]).get(answer)
    return found is not None and found.recipient_keyid in keys


def _zipped(handed: Iterable[Package | str]) -> Iterator[bytes]:
    out = _Passing()
    kept_back: Counter[str] = Counter()
    # Ciphertext cannot be made smaller.
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for each in handed:
            if isinstance(each, str):
                kept_back[each] += 1
                continue
            for name, content in each.files.items():
                archive.writestr(f"{each.sequence:06d}-{each.answer}/{name}", content)
            yield out.taken()
        archive.writestr("kept-back.json", json.dumps(dict(sorted(kept_back.items()))) + "\n")
    yield out.taken()


class _Passing(io.RawIOBase):
    """A file that is only written on, and gives out what was written since it was last asked."""

    def __init__(self) -> None:
        self._waiting = bytearray()
        self._passed = 0

    def writable(self) -> bool:
        """Say that it is written on."""
        return True

    def tell(self) -> int:
        """Say how much was written."""
        return self._passed + len(self._waiting)

    def write(self, piece: bytes) -> int:  # type: ignore[override]
        """Take some bytes."""
        self._waiting += piece
        return len(piece)

    def taken(self) -> bytes:
        """Give out what was written since the last time."""
        given = bytes(self._waiting)
        self._passed += len(given)
        self._waiting.clear()
        return given


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
