"""Who calls the API, from the key a call was signed with; and what must be remembered of calls: nonces, how many, and replies.

All of it lies in the service's database, so that it holds for every process together and after a restart.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connections, transaction

from lawgate.accounts.models import Account, CallKey, KeptReply, SpentNonce
from lawgate.accounts.roles import Part, parts_of
from lawgate.accounts.router import SERVICE
from lawgate.domain.errors import NotPermittedError, SettingsError
from lawgate.domain.standing import Standing
from lawgate.evidence.envelope import keyid_of
from lawgate.evidence.key_check import is_signing_key
from lawgate.gate import Gate

SKEW = timedelta(seconds=60)
"""How far the moment a call was signed may lie from the gateway's clock."""
KEEP_NONCE = 3 * SKEW
"""A call that is let in ``SKEW`` early could come again until 2 × ``SKEW`` later; a nonce is kept longer than that."""
WINDOW, CALLS = timedelta(minutes=1), 600
"""So many calls of one key in any such window."""
KEEP_REPLY = timedelta(days=1)
PATIENCE = timedelta(minutes=15)
"""A reply that is not there after it never comes: the process that made it was killed. All acts may be repeated, so the call is done again."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who called: the ``person`` of an ``agency`` (empty for a post), and what it may be at this moment."""

    keyid: str
    public: bytes
    person: str
    agency: str
    parts: frozenset[Part]


@dataclass(slots=True)
class _Owner:
    person: str
    agency: str
    post: str = ""


def caller_of(keyid: str, standing: Standing, holder: str, now: datetime) -> Caller | None:
    """Find whose key it is: a person's in the register, for that key's one role; or an account's machine's, for whatever the account may be.

    None for a key nobody knows, one that is not valid now, a passkey, and for whom the register gives nothing.
    """
    key = standing.key(keyid)
    if key is not None:
        if key.relying_party is not None or not key.valid_at(now):
            return None
        owner = _Owner(key.person, key.agency)
        parts = parts_of(owner, standing, holder, now) & {key.role}
        return Caller(keyid, bytes.fromhex(key.public), key.person, key.agency, parts) if parts else None
    own = CallKey.objects.select_related("account").filter(keyid=keyid, account__is_active=True).first()
    if own is None:
        return None
    account: Account = own.account
    parts = parts_of(account, standing, holder, now)
    return Caller(keyid, bytes.fromhex(own.public), account.person, account.agency, parts) if parts else None


def add_call_key(gate: Gate, login: str, public: str) -> str:
    """Let a machine call for an account, and return its key's id.

    Raises NotPermittedError if there is no such account, SettingsError for what is no Ed25519 key of the prime-order group or is enrolled.
    """
    account = Account.objects.filter(login=login).first()
    if account is None:
        raise NotPermittedError("there is no account of that login")
    try:
        raw = bytes.fromhex(public)
        keyid = keyid_of(raw)
    except ValueError:
        raise SettingsError("a machine's key is an Ed25519 public key: 64 hex digits") from None
    if len(raw) != 32 or raw.hex() != public or not is_signing_key(raw):
        raise SettingsError("a machine's key is an Ed25519 public key: 64 lower-case hex digits")
    if gate.memory.standing().key(keyid) is not None:
        raise SettingsError("this key is a person's in the register; a machine has one of its own")
    if CallKey.objects.filter(keyid=keyid).exclude(account=account).exists():
        raise SettingsError("this key is another account's")
    CallKey.objects.update_or_create(keyid=keyid, defaults={"public": public, "account": account})
    return keyid


def remove_call_key(keyid: str) -> None:
    """Let nobody call with a key any more. Raises NotPermittedError if there is none of that id."""
    if not CallKey.objects.filter(keyid=keyid).delete()[0]:
        raise NotPermittedError("no machine's key of that id is there")


@dataclass(slots=True)
class _Call:
    keyid: str
    nonce: str
    at: datetime
    refused: str | None = None
    """The code of why it is not let in, or nothing; None until that is durable."""


_waiting: deque[_Call] = deque()
_turn = threading.Lock()


def let_in(keyid: str, nonce: str, now: datetime) -> str:
    """Remember a call whose signature is good. Returns the code of why it is not let in: received before, or too many; else nothing.

    A crash after the commit leaves a call that was never answered, and whose nonce is spent: it is signed anew. One writer at a time: the
    count is exact. Calls that come while another waits for the disk are remembered together, in the one transaction that comes next.
    """
    call = _Call(keyid, nonce, now)
    _waiting.append(call)
    with _turn:
        if call.refused is None:
            together = [_waiting.popleft() for _ in range(len(_waiting))]
            # Where this fails, those that wait take their own turn, and fail or are let in by it.
            try:
                _remember(together)
            except BaseException:
                _waiting.extend(one for one in together if one is not call)
                raise
    return call.refused or ""


def _remember(calls: Sequence[_Call]) -> None:
    connection = connections[SERVICE]
    moment, table = (
        connection.ops.adapt_datetimefield_value,
        connection.ops.quote_name(SpentNonce._meta.db_table),
    )
    refused = []
    # Written out, because every call comes through here while another's lock is held: by objects the same takes thrice as long.
    with transaction.atomic(using=SERVICE), connection.cursor() as cursor:
        oldest = moment(min(call.at for call in calls) - KEEP_NONCE)
        cursor.execute(f"DELETE FROM {table} WHERE at < %s", [oldest])  # noqa: S608  a name of our own
        for call in calls:
            cursor.execute(
                f"SELECT COUNT(*) FROM {table} WHERE keyid = %s AND at > %s",  # noqa: S608
                [call.keyid, moment(call.at - WINDOW)],
            )
            if cursor.fetchone()[0] >= CALLS:
                refused.append("906")
                continue
            cursor.execute(
                f"INSERT INTO {table} (keyid, nonce, at) VALUES (%s, %s, %s) ON CONFLICT (keyid, nonce) DO NOTHING",  # noqa: S608
                [call.keyid, call.nonce, moment(call.at)],
            )
            refused.append("" if cursor.rowcount == 1 else "510")
    for call, code in zip(calls, refused, strict=True):
        call.refused = code


def begin_reply(keyid: str, key: str, call: str, now: datetime) -> KeptReply | None:
    """Begin to answer a call with an idempotency key: None if this call is the first with it, else what is kept.

    A crash after the commit leaves a reply that is begun; after ``PATIENCE`` the same call is done again.
    """
    with transaction.atomic(using=SERVICE):
        KeptReply.objects.filter(at__lt=now - KEEP_REPLY).delete()
        kept, fresh = KeptReply.objects.get_or_create(
            keyid=keyid, key=key, defaults={"call": call, "at": now}
        )
        given_up = not kept.status and kept.call == call and kept.at < now - PATIENCE
        if given_up:
            KeptReply.objects.filter(pk=kept.pk).update(at=now)
    return None if fresh or given_up else kept


def keep_reply(keyid: str, key: str, status: int, body: str) -> None:
    """Keep what was replied. A crash before it: the call is done again after ``PATIENCE``."""
    KeptReply.objects.filter(keyid=keyid, key=key).update(status=status, body=body)


def forget_reply(keyid: str, key: str) -> None:
    """Let an idempotency key be used again, where the call failed and nothing was replied that could be kept."""
    KeptReply.objects.filter(keyid=keyid, key=key, status=0).delete()
