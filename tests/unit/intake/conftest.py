"""A small requesting agency: one official, two engaged officers, their keys, a form, and an honest line file of each kind."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lawgate.domain.standing import Agency, EnrolledKey, Role, Standing
from lawgate.domain.steps import Json
from lawgate.evidence.envelope import keyid_of, sign, unverified_payload
from lawgate.intake.compose import compose
from lawgate.intake.form import Form

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
NONCE = "0f" * 16


def private(seed: int) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)


def enrol(key: Ed25519PrivateKey, person: str, role: Role) -> EnrolledKey:
    public = key.public_key().public_bytes_raw()
    since = datetime(2026, 1, 1, tzinfo=UTC)
    return EnrolledKey(keyid_of(public), public.hex(), person, "agency-1", role, since)


@dataclass
class Agent:
    """The requesting side, and the register that knows it."""

    now: datetime = NOW
    nonce: str = NONCE
    official: Ed25519PrivateKey = field(default_factory=lambda: private(1))
    grounds: frozenset[str] = frozenset({"pack-1"})
    officers: dict[str, Ed25519PrivateKey] = field(
        default_factory=lambda: {"p-officer-1": private(2), "p-officer-2": private(3)}
    )
    form: Form = field(
        default_factory=lambda: Form(
            agency="agency-1",
            office="agency-head",
            holder="p-official",
            pack="pack-1",
            agreement="agreement-1",
            certification="Solely for the proceedings stated.",
        )
    )

    @property
    def standing(self) -> Standing:
        keys = [enrol(self.official, "p-official", Role.REQUESTING_OFFICIAL)]
        keys += [enrol(key, person, Role.ENGAGED_OFFICER) for person, key in self.officers.items()]
        agencies = (Agency("agency-1", "Example Agency", justice=True, since=date(2026, 1, 1)),)
        return Standing(agencies=agencies, keys=tuple(keys))

    def data(self, number: int) -> dict[str, Json]:
        return {
            "request_key": f"R-{number:04}",
            "name": {"given": "Ada", "surname": f"Marker{number}"},
            "address": {
                "number": str(number),
                "street": "N Main St",
                "city": "Dayton",
                "state": "OH",
                "zip": "45402",
            },
            "taxable_periods": ["2022", "2023"],
            "offence_facts": {"days": number, "final": True},
            "proceeding": {"kind": "investigation", "case_number": f"C-{number}"},
            "reasons": 'Because, in this "matter",\nthe address is needed.',
            "engaged_officer": f"p-officer-{number % 2 + 1}",
            "items_requested": ["address"],
        }

    def jsonl(self, count: int = 3) -> bytes:
        return b"".join(json.dumps(self.data(number)).encode() + b"\n" for number in range(1, count + 1))

    def csv(self, count: int = 3) -> bytes:
        lines = ["request_key,name.given,name.surname,address.zip,taxable_periods,engaged_officer,reasons"]
        lines += [
            f'R-{n:04},Ada,Marker{n},,2022; 2023,p-officer-{n % 2 + 1},"A ""reason"",\r\nin two lines"'
            for n in range(1, count + 1)
        ]
        return "\r\n".join(lines).encode() + b"\r\n"

    def compose(self, raw: bytes | None = None, name: str = "lines.jsonl") -> dict[str, bytes]:
        raw = self.jsonl() if raw is None else raw
        return compose(self.form, raw, name, self.official, self.officers, self.now, self.nonce)

    def cover(self, files: dict[str, bytes], **changed: Json) -> dict[str, bytes]:
        """Sign the cover again with some members changed (None removes a member)."""
        body = {**unverified_payload(files["cover.json"], "cover"), **changed}
        body = {name: value for name, value in body.items() if value is not None and name != "type"}
        return {**files, "cover.json": sign("cover", body, self.official)}

    def with_columns(self, columns: dict[str, str]) -> Agent:
        return replace(self, form=self.form.model_copy(update={"columns": columns}))


@pytest.fixture
def agent() -> Agent:
    return Agent()
