"""Stops as kept here: a stop bites from the commit that keeps it, and only a second order lifts it (I-7)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

from lawgate.domain.errors import StoreError
from lawgate.domain.steps import SignedDecision
from lawgate.domain.stop import Stop, StopScope
from lawgate.store import models
from lawgate.store.envelopes import EnvelopePart
from lawgate.store.log import append_leaves
from lawgate.store.sealing import place, seal, unseal
from lawgate.store.transaction import one_transaction, reading
from lawgate.store.vault import REGISTER, Box

CLEAR = (
    "stop", "scope", "reaches", "issuer", "envelope_sha256", "received_at", "lifted_at", "lift_sha256",
)  # fmt: skip


class StopPart(EnvelopePart):
    """Stops and their lifting."""

    def stops(self) -> tuple[Stop, ...]:
        """Read all stops, lifted ones included, oldest first."""
        with reading("read the stops"):
            rows = list(models.Stop.objects.order_by("received_at", "id"))
            if not rows:
                return ()
            with self._vault.opened(REGISTER) as box:
                return tuple(_stop(box, row) for row in rows)

    def clear_stops(self) -> tuple[Stop, ...]:
        """Read all stops without what only holders of the register's key may read; nothing sealed is opened for it."""
        with reading("read the stops"):
            rows = models.Stop.objects.order_by("received_at", "id").values_list(*CLEAR)
            return tuple(
                Stop(stop, StopScope(scope), reaches, "", *rest) for stop, scope, reaches, *rest in rows
            )

    def keep_stop(self, stop: Stop, envelope: bytes, leaves: Sequence[bytes]) -> None:
        """Keep a stop; the same again changes nothing. Raises StoreError if its id stands for another order."""
        self._vault.new_key(REGISTER)
        # A crash before this commit: the order was not received, and whoever brought it is not told that it was.
        with one_transaction("keep a stop"):
            kept = models.Stop.objects.filter(stop=stop.id).first()
            if kept is not None:
                if kept.envelope_sha256 != stop.envelope_sha256:
                    raise StoreError("this stop's id stands for another order")
                return
            order = SignedDecision(
                sha256=stop.envelope_sha256, keyid="", person=stop.issuer, at=stop.received_at
            )
            self._keep_envelope("stop", None, order, envelope)
            with self._vault.opened(REGISTER) as box:
                _stop_row(box, stop).save(force_insert=True)
            append_leaves(leaves)

    def lift_stop(self, stop: str, at: datetime, envelope: bytes, leaves: Sequence[bytes]) -> None:
        """Lift a stop by a second order; a stop already lifted stays lifted as it was. Raises StoreError for an unknown stop."""
        digest = hashlib.sha256(envelope).hexdigest()
        with one_transaction("lift a stop"):
            row = models.Stop.objects.filter(stop=stop).first()
            if row is None:
                raise StoreError("there is no such stop to lift")
            if row.lifted_at is not None:
                return
            order = SignedDecision(sha256=digest, keyid="", person="", at=at)
            self._keep_envelope("lift", None, order, envelope)
            row.lifted_at, row.lift_sha256 = at, digest
            row.save(update_fields=["lifted_at", "lift_sha256"])
            append_leaves(leaves)


def _stop_row(box: Box, stop: Stop) -> models.Stop:
    return models.Stop(
        stop=stop.id,
        scope=stop.scope.value,
        subject=stop.subject,
        authority=seal(box, place("stop", stop.id), stop.authority),
        issuer=stop.issuer,
        envelope_sha256=stop.envelope_sha256,
        received_at=stop.received_at,
        lifted_at=stop.lifted_at,
        lift_sha256=stop.lift_sha256,
    )


def _stop(box: Box, row: models.Stop) -> Stop:
    return Stop(
        id=row.stop,
        scope=StopScope(row.scope),
        subject=row.subject,
        authority=unseal(box, place("stop", row.stop), str, row.authority),
        issuer=row.issuer,
        envelope_sha256=row.envelope_sha256,
        received_at=row.received_at,
        lifted_at=row.lifted_at,
        lift_sha256=row.lift_sha256,
    )
