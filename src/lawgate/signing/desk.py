"""Documents that wait for their signature: prepared, shown, and spent by the first signature that holds."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from lawgate.accounts.box import box
from lawgate.accounts.models import Account
from lawgate.accounts.router import SERVICE
from lawgate.domain.errors import NotPermittedError
from lawgate.domain.standing import EnrolledKey, Role
from lawgate.domain.steps import Json
from lawgate.gate import Gate
from lawgate.signing import check
from lawgate.signing.models import Passkey, Prepared

KEPT_FOR = timedelta(days=1)
"""How long a prepared document waits: a key in a file may be on a machine that is not online."""
_USE = "prepared documents"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A document that its one account may still sign."""

    number: str
    asked: check.Document


def prepare(gate: Gate, account: Account, kind: str, said: dict[str, Json]) -> str:
    """Keep a document for its account to sign, and return its number. What waited too long is forgotten.

    A crash just here leaves a document nobody was shown; it is forgotten within a day.
    """
    now = gate.now()
    made = check.document(kind, said, now)
    number = gate.random_bytes(16).hex()
    with transaction.atomic(using=SERVICE):
        Prepared.objects.filter(made_at__lt=now - KEPT_FOR).delete()
        sealed = box(_USE).encrypt(made.payload)
        Prepared.objects.create(number=number, account=account, kind=kind, sealed=sealed, made_at=now)
    return number


def waiting(account: Account, number: str, now: datetime) -> Waiting:
    """Find a document that this account may sign now. Raises NotPermittedError for another's, or one that was signed or waited too long."""
    since = now - KEPT_FOR
    found = Prepared.objects.filter(number=number, account=account, spent_at=None, made_at__gte=since).first()
    if found is None:
        raise NotPermittedError(
            "no document of yours waits under this number; it was signed, or waited for more than a day"
        )
    return Waiting(number, check.Document(found.kind, box(_USE).decrypt(bytes(found.sealed))))


def keys_now(gate: Gate, account: Account, roles: Collection[Role]) -> tuple[EnrolledKey, ...]:
    """Return the account's keys of these roles that are in force at this moment."""
    return check.keys_of(gate.memory.standing(), account.person, account.agency, roles, gate.now())


def sign_with_passkey(
    gate: Gate,
    account: Account,
    document: Waiting,
    roles: Collection[Role],
    given: check.Assertion,
    origin: str,
) -> bytes:
    """Return the signed envelope. Raises what ``check.by_passkey`` and ``check.next_count`` raise, and NotPermittedError if it is spent.

    A crash just after this leaves a document that is spent and did nothing: its person prepares it again.
    """
    keys = keys_now(gate, account, roles)
    envelope, key = check.by_passkey(document.asked, given, keys, origin, gate.now())
    with transaction.atomic(using=SERVICE):
        known, _ = Passkey.objects.get_or_create(keyid=key.keyid)
        known.count = check.next_count(known.count, given.count)
        known.save()
        _spend(document, gate.now())
    return envelope


def sign_with_file(
    gate: Gate, account: Account, document: Waiting, roles: Collection[Role], envelope: bytes
) -> bytes:
    """Return the envelope that was signed elsewhere. Raises what ``check.by_file`` raises, and NotPermittedError if it is spent.

    A crash just after this leaves a document that is spent and did nothing: its person prepares it again.
    """
    check.by_file(document.asked, envelope, keys_now(gate, account, roles), gate.now())
    with transaction.atomic(using=SERVICE):
        _spend(document, gate.now())
    return envelope


def _spend(document: Waiting, now: datetime) -> None:
    if not Prepared.objects.filter(number=document.number, spent_at=None).update(spent_at=now):
        raise NotPermittedError("this document was signed already")
