"""The register as kept here: entries and keys are added and ended, never changed or removed."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import TypeVar

from lawgate.domain.errors import StoreError
from lawgate.domain.kept import StandingEntry
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
from lawgate.store import models
from lawgate.store.bodies import Custody
from lawgate.store.bulk import all_rows, edition
from lawgate.store.log import append_leaves
from lawgate.store.sealing import Sealed, place, seal, unseal
from lawgate.store.transaction import one_transaction, reading
from lawgate.store.vault import REGISTER, Box, Vault

Row = models.Agency | models.OfficeHolder | models.Agreement | models.Safeguard
_TABLES = (models.Agency, models.OfficeHolder, models.Agreement, models.Safeguard, models.Key)
CLEAR_KEY = ("keyid", "person", "agency", "role", "since", "until", "scripted")
E = TypeVar("E", Agency, OfficeHolder, Agreement, Safeguard, EnrolledKey)


def is_same(kept: E, given: E) -> bool:
    """Say whether the kept entry is the given one, perhaps ended earlier since."""
    if replace(kept, until=given.until) != given:
        return False
    if kept.until is None or given.until is None:
        return given.until is None
    return kept.until <= given.until


class RegisterPart(Sealed):
    """Agencies, office-holders, agreements, safeguards and keys."""

    def __init__(self, vault: Vault) -> None:
        super().__init__(vault)
        self._last: tuple[list[list[tuple[object, ...]]], Standing] | None = None
        self._here = threading.local()

    def standing(self) -> Standing:
        """Read the whole register, history included, in the order it was entered.

        Its rows are read each time, unless the database says that nothing in it was changed since this thread read them; and opened again only
        where any of them is not what it was the last time.
        """
        with reading("read the register"):
            # Asked before the rows are read: a change that comes in between makes it another the next time.
            now = edition()
            seen: tuple[object, Standing] | None = getattr(self._here, "seen", None)
            if now is None or seen is None or seen[0] != now:
                seen = now, self._standing_by_rows()
                self._here.seen = seen
            elif seen[1].offices or seen[1].keys:
                with self._vault.opened(REGISTER):
                    pass  # raises if its key was erased
            return seen[1]

    def _standing_by_rows(self) -> Standing:
        rows = [all_rows(model) for model in _TABLES]
        last = self._last
        if last is not None and last[0] == rows and any(rows):
            with self._vault.opened(REGISTER):
                return last[1]
        # A change that comes in between makes what is opened newer than these rows; the next reading sees other rows, and opens it.
        opened = self._opened_register()
        self._last = rows, opened
        return opened

    def _opened_register(self) -> Standing:
        with reading("read the register"):
            offices = list(models.OfficeHolder.objects.order_by("id"))
            keys = list(models.Key.objects.order_by("id"))
            if not offices and not keys:
                sealed: tuple[tuple[OfficeHolder, ...], tuple[EnrolledKey, ...]] = ((), ())
            else:
                with self._vault.opened(REGISTER) as box:
                    sealed = tuple(_office(box, r) for r in offices), tuple(_key(box, r) for r in keys)
            return Standing(
                agencies=tuple(_agency(r) for r in models.Agency.objects.order_by("id")),
                offices=sealed[0],
                agreements=tuple(_agreement(r) for r in models.Agreement.objects.order_by("id")),
                safeguards=tuple(_safeguard(r) for r in models.Safeguard.objects.order_by("id")),
                keys=sealed[1],
            )

    def clear_standing(self) -> Standing:
        """Read the register without what is sealed, and of keys without what only the steps need; no key is opened for it."""
        offices = models.OfficeHolder.objects.order_by("id").defer("name")
        keys = models.Key.objects.order_by("id").values_list(*CLEAR_KEY)
        with reading("read the register"):
            return Standing(
                agencies=tuple(_agency(r) for r in models.Agency.objects.order_by("id")),
                offices=tuple(
                    OfficeHolder(r.agency, r.office, r.person, "", r.since, r.until) for r in offices
                ),
                agreements=tuple(_agreement(r) for r in models.Agreement.objects.order_by("id")),
                safeguards=tuple(_safeguard(r) for r in models.Safeguard.objects.order_by("id")),
                keys=tuple(
                    EnrolledKey(keyid, "", person, agency, Role(role), since, until, scripted=scripted)
                    for keyid, person, agency, role, since, until, scripted in keys
                ),
            )

    def keep_standing(self, entry: StandingEntry, leaves: Sequence[bytes]) -> None:
        """Add an entry; the same again changes nothing. Raises StoreError if one like it began that day with other particulars."""
        self._vault.new_key(REGISTER)
        with one_transaction("keep a register entry"), self._vault.opened(REGISTER) as box:
            if _find(box, entry) is None:
                _row(box, entry).save(force_insert=True)
                append_leaves(leaves)

    def end_standing(self, entry: StandingEntry, until: date, leaves: Sequence[bytes]) -> None:
        """End an entry on a day; an end that is not later stands. Raises StoreError if the entry is not kept."""
        with one_transaction("end a register entry"), self._vault.opened(REGISTER) as box:
            row = _find(box, entry)
            if row is None:
                raise StoreError("the register has no such entry to end")
            if row.until is None or until < row.until:
                row.until = until
                row.save(update_fields=["until"])
                append_leaves(leaves)

    def keep_key(self, key: EnrolledKey, leaves: Sequence[bytes]) -> None:
        """Enrol a key; the same again changes nothing. Raises StoreError if its id is enrolled with other particulars."""
        self.keep_keys([(key, leaves)])

    def keep_keys(self, keys: Sequence[tuple[EnrolledKey, Sequence[bytes]]]) -> None:
        """Enrol several keys at once, all or none. Raises StoreError as ``keep_key`` does."""
        self._vault.new_key(REGISTER)
        with one_transaction("enrol a key"), self._vault.opened(REGISTER) as box:
            for key, leaves in keys:
                row = models.Key.objects.filter(keyid=key.keyid).first()
                if row is None:
                    _key_row(box, key).save(force_insert=True)
                    append_leaves(leaves)
                elif not is_same(_key(box, row), key):
                    raise StoreError("this key is enrolled already with other particulars")

    def revoke_key(self, keyid: str, at: datetime, leaves: Sequence[bytes]) -> None:
        """Revoke a key from that moment; an earlier revocation stands. Raises StoreError for a key never enrolled."""
        with one_transaction("revoke a key"):
            row = models.Key.objects.filter(keyid=keyid).first()
            if row is None:
                raise StoreError("the register has no such key to revoke")
            if row.until is None or at < row.until:
                row.until = at
                row.save(update_fields=["until"])
                append_leaves(leaves)


def _find(box: Box, entry: StandingEntry) -> Row | None:
    row: Row | None
    match entry:
        case Agency():
            row = models.Agency.objects.filter(agency=entry.id, since=entry.since).first()
            same = row is None or is_same(_agency(row), entry)
        case OfficeHolder():
            row = models.OfficeHolder.objects.filter(
                agency=entry.agency, office=entry.office, person=entry.person, since=entry.since
            ).first()
            same = row is None or is_same(_office(box, row), entry)
        case Agreement():
            row = models.Agreement.objects.filter(agreement=entry.id, since=entry.since).first()
            same = row is None or is_same(_agreement(row), entry)
        case Safeguard():
            row = models.Safeguard.objects.filter(
                agency=entry.agency, reference=entry.reference, since=entry.since
            ).first()
            same = row is None or is_same(_safeguard(row), entry)
    if not same:
        raise StoreError("the register has an entry like this with other particulars from the same day")
    return row


def _row(box: Box, entry: StandingEntry) -> Row:
    match entry:
        case Agency():
            return models.Agency(
                agency=entry.id,
                name=entry.name,
                justice=entry.justice,
                since=entry.since,
                until=entry.until,
            )
        case OfficeHolder():
            return models.OfficeHolder(
                agency=entry.agency,
                office=entry.office,
                person=entry.person,
                name=seal(box, _office_place(entry), entry.name),
                since=entry.since,
                until=entry.until,
            )
        case Agreement():
            return models.Agreement(
                agreement=entry.id,
                agency=entry.agency,
                pack=entry.pack,
                max_lines=entry.max_lines,
                since=entry.since,
                until=entry.until,
                statement_days=entry.statement_days,
                end_days=entry.end_days,
            )
        case Safeguard():
            return models.Safeguard(
                agency=entry.agency,
                status=entry.status.value,
                reference=entry.reference,
                since=entry.since,
                until=entry.until,
            )


def _office(box: Box, row: models.OfficeHolder) -> OfficeHolder:
    return OfficeHolder(
        agency=row.agency,
        office=row.office,
        person=row.person,
        name=unseal(box, _office_place(row), str, row.name),
        since=row.since,
        until=row.until,
    )


def _key_row(box: Box, key: EnrolledKey) -> models.Key:
    custody = Custody(custodian=key.custodian, location=key.location)
    return models.Key(
        keyid=key.keyid,
        public=key.public,
        person=key.person,
        agency=key.agency,
        role=key.role.value,
        since=key.since,
        until=key.until,
        recipient=key.recipient,
        custody=seal(box, place("key", key.keyid), custody),
        scripted=key.scripted,
        relying_party=key.relying_party,
    )


def _key(box: Box, row: models.Key) -> EnrolledKey:
    custody = unseal(box, place("key", row.keyid), Custody, row.custody)
    return EnrolledKey(
        keyid=row.keyid,
        public=row.public,
        person=row.person,
        agency=row.agency,
        role=Role(row.role),
        since=row.since,
        until=row.until,
        recipient=row.recipient,
        custodian=custody.custodian,
        location=custody.location,
        scripted=row.scripted,
        relying_party=row.relying_party,
    )


def _office_place(holder: OfficeHolder | models.OfficeHolder) -> bytes:
    return place("office", holder.agency, holder.office, holder.person, holder.since.isoformat())


def _agency(row: models.Agency) -> Agency:
    return Agency(id=row.agency, name=row.name, justice=row.justice, since=row.since, until=row.until)


def _agreement(row: models.Agreement) -> Agreement:
    return Agreement(
        id=row.agreement,
        agency=row.agency,
        pack=row.pack,
        max_lines=row.max_lines,
        since=row.since,
        until=row.until,
        statement_days=row.statement_days,
        end_days=row.end_days,
    )


def _safeguard(row: models.Safeguard) -> Safeguard:
    return Safeguard(
        agency=row.agency,
        status=SafeguardStatus(row.status),
        reference=row.reference,
        since=row.since,
        until=row.until,
    )
