"""A key and its enrolment, made from a fixed seed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lawgate.domain.standing import EnrolledKey, Role
from lawgate.evidence.envelope import keyid_of


@pytest.fixture
def private() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


@pytest.fixture
def enrolled(private: Ed25519PrivateKey) -> EnrolledKey:
    public = private.public_key().public_bytes_raw()
    return EnrolledKey(
        keyid=keyid_of(public),
        public=public.hex(),
        person="p-1",
        agency="agency-1",
        role=Role.DISCLOSURE_OFFICER,
        since=datetime(2026, 1, 1, tzinfo=UTC),
        until=datetime(2026, 12, 1, tzinfo=UTC),
    )
