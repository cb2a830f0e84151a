"""Keys that programs could judge differently, and recipients to which everybody has the key."""

from __future__ import annotations

import os

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

# A compiled module without type stubs: its names are there, but type checkers cannot see them.
from pyrage import x25519  # type: ignore[attr-defined]

from lawgate.evidence.key_check import _BECH32, _polymod, is_recipient, is_signing_key

P = 2**255 - 19
D = -121665 * pow(121666, -1, P) % P
ORDER = 2**252 + 27742317777372353535851937790883648493


def point_with(y: int) -> tuple[int, int] | None:
    u, v = (y * y - 1) % P, (D * y * y + 1) % P
    square = u * pow(v, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * pow(2, (P - 1) // 4, P) % P
    return (x, y) if x * x % P == square else None


def add(one: tuple[int, int], two: tuple[int, int]) -> tuple[int, int]:
    (a, b), (c, d) = one, two
    shared = D * a * c * b * d % P
    return (
        (a * d + b * c) * pow(1 + shared, -1, P) % P,
        (b * d + a * c) * pow(1 - shared, -1, P) % P,
    )


def times(n: int, point: tuple[int, int]) -> tuple[int, int]:
    total = (0, 1)
    while n:
        total = add(total, point) if n & 1 else total
        point, n = add(point, point), n >> 1
    return total


def encoded(point: tuple[int, int]) -> bytes:
    return (point[1] | (point[0] & 1) << 255).to_bytes(32, "little")


def decoded(raw: bytes) -> tuple[int, int]:
    number = int.from_bytes(raw, "little")
    point = point_with(number & (2**255 - 1))
    assert point is not None
    return point if point[0] & 1 == number >> 255 else (-point[0] % P, point[1])


def small_points() -> list[tuple[int, int]]:
    """The eight points whose order divides 8: a multiple of any point by the prime order is one of them."""
    found: set[tuple[int, int]] = set()
    y = 2
    while len(found) < 8:
        point = point_with(y)
        if point is not None:
            step = times(ORDER, point)
            found |= {times(n, step) for n in range(8)}
        y += 1
    return sorted(found)


def honest() -> bytes:
    return Ed25519PrivateKey.generate().public_key().public_bytes_raw()


def test_honest_keys_are_keys() -> None:
    assert all(is_signing_key(honest()) for _ in range(50))
    assert all(is_recipient(str(x25519.Identity.generate().to_public())) for _ in range(50))


def test_every_point_of_small_order_is_refused() -> None:
    assert not any(is_signing_key(encoded(point)) for point in small_points())


def test_every_honest_key_moved_by_a_point_of_small_order_is_refused() -> None:
    """These verify their own signatures in some libraries and not in others: valid for me, invalid for you."""
    key = decoded(honest())
    assert is_signing_key(encoded(key))
    moved = [encoded(add(key, point)) for point in small_points() if point != (0, 1)]
    assert len(moved) == 7
    assert not any(map(is_signing_key, moved))


@pytest.mark.parametrize("raw", [b"", bytes(31), bytes(33), b"\xff" * 32, (P + 1).to_bytes(32, "little"), (2).to_bytes(32, "little")])  # fmt: skip
def test_other_lengths_other_spellings_and_points_off_the_curve_are_refused(raw: bytes) -> None:
    assert not is_signing_key(raw)


def spelt(raw: bytes, spare: int = 0) -> str:
    number = int.from_bytes(raw, "big") << 4 | spare
    values = [number >> 5 * at & 31 for at in reversed(range(52))]
    prefix = [3, 3, 3, 0, 1, 7, 5]
    check = _polymod([*prefix, *values, *[0] * 6]) ^ 1
    return "age1" + "".join(_BECH32[v] for v in [*values, *(check >> 5 * (5 - n) & 31 for n in range(6))])


SMALL_X25519 = [
    0,
    1,
    325606250916557431795983626356110631294008115727848805560023387167927233504,
    39382357235489614581723060781553021112529911719440698176882885853963445705823,
    P - 1,
]


def test_every_recipient_of_small_order_is_refused_and_so_is_every_second_spelling() -> None:
    raw = os.urandom(31) + b"\x05"
    assert is_recipient(spelt(raw))
    for number in SMALL_X25519:
        assert not is_recipient(spelt(number.to_bytes(32, "little")))
    for number in (P, P + 1, P + 5):
        assert not is_recipient(spelt(number.to_bytes(32, "little")))
    assert not is_recipient(spelt(raw[:31] + b"\x85")), "the ignored bit"
    assert not is_recipient(spelt(raw, spare=1))


def test_a_recipient_with_a_changed_character_is_refused() -> None:
    good = str(x25519.Identity.generate().to_public())
    for at in range(len(good)):
        assert not is_recipient(good[:at] + ("q" if good[at] != "q" else "p") + good[at + 1 :])
    for bad in ("", "age1", good.upper(), good[:-1], good + "q", good.replace("age1", "age2"), f" {good}"):
        assert not is_recipient(bad)
