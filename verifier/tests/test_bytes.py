"""Every byte that the format covers: flip it and the checker refuses. What it leaves uncovered is listed exactly."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import pytest
from honest_log import House, b64, note_id, private

from lawgate_verifier.ledger import open_log
from lawgate_verifier.officer import Officer
from lawgate_verifier.package import open_package
from lawgate_verifier.policy import Policy, check_head, parse_policy
from lawgate_verifier.refused import Refused

# The lowest bit, the bit of a letter's case, and the highest.
MASKS = (0x01, 0x20, 0x80)


def flips(raw: bytes, places: Iterable[int] | None = None) -> Iterator[tuple[int, bytes]]:
    for at in range(len(raw)) if places is None else places:
        for mask in MASKS:
            yield at, raw[:at] + bytes([raw[at] ^ mask]) + raw[at + 1 :]


def believed(spoilt: Iterable[tuple[int, bytes]], accepts: Callable[[bytes], bool]) -> set[int]:
    return {at for at, raw in spoilt if accepts(raw)}


def log_holds(files: dict[str, bytes], policy: Policy) -> bool:
    try:
        return not open_log(lambda path, most: files.get(path), policy).faults
    except Refused:
        return False


def package_opens(files: dict[str, bytes], policy: Policy, officer: Officer) -> bool:
    try:
        open_package(files, policy, officer, {})
    except Refused:
        return False
    return True


@pytest.mark.parametrize("path", ["checkpoint", "tile/0/000.p/16", "tile/entries/000.p/16"])
def test_no_byte_of_a_log_can_change(house: House, policy: Policy, path: str) -> None:
    files = house.log_files()
    assert log_holds(files, policy)
    # The bundle is large and each byte of it is under the same hash: one mask at each byte is enough there.
    spoilt = flips(files[path])
    if "entries" in path:
        spoilt = ((at, raw) for place, (at, raw) in enumerate(spoilt) if place % len(MASKS) == 0)
    assert believed(spoilt, lambda raw: log_holds({**files, path: raw}, policy)) == set()


@pytest.mark.parametrize("name", ["answer.tlog-proof", "terms.txt"])
def test_no_byte_of_proof_or_terms_can_change(
    house: House, policy: Policy, officer: Officer, name: str
) -> None:
    files = house.package(house.indexes("answer")[0])
    assert package_opens(files, policy, officer)
    accepts: Callable[[bytes], bool] = lambda raw: package_opens({**files, name: raw}, policy, officer)  # noqa: E731
    assert believed(flips(files[name]), accepts) == set()
    for spoilt in (files[name][:-1], files[name] + b"\n", files[name] + b"x", b""):
        assert not accepts(spoilt)


@pytest.mark.parametrize("name", ["payload.age", "openings.age"])
def test_no_byte_of_a_sealed_file_can_change(
    house: House, policy: Policy, officer: Officer, name: str
) -> None:
    """Every byte of the age header and of what follows it closely, then every 61st, then the last 40."""
    files = house.package(house.indexes("answer")[0])
    raw = files[name]
    body = raw.index(b"\n--- ") + 80
    places = [*range(body), *range(body, len(raw) - 40, 61), *range(len(raw) - 40, len(raw))]
    accepts: Callable[[bytes], bool] = lambda spoilt: package_opens({**files, name: spoilt}, policy, officer)  # noqa: E731
    assert accepts(raw)
    assert believed(flips(raw, places), accepts) == set()
    for spoilt in (raw[:-1], raw + b"\x00", b""):
        assert not accepts(spoilt)


def test_of_a_checkpoint_only_an_unknown_keys_line_is_uncovered(house: House, policy: Policy) -> None:
    files = house.log_files()
    known = files["checkpoint"]
    text = known.decode().split("\n\n")[0] + "\n"
    name = "public.example/w3"
    line = f"— {name} {b64(note_id(name, 1, 'w3') + private('w3').sign(text.encode()))}\n".encode()
    accepted = believed(flips(known + line), lambda raw: log_holds({**files, "checkpoint": raw}, policy))
    # Its name, key id and signature; not the dash, the spaces, the newline, or a padding that leaves canonical base64.
    assert accepted
    assert min(accepted) >= len(known) + len("— ".encode())
    assert max(accepted) < len(known + line) - 1


def test_of_a_policy_only_comments_are_uncovered(house: House) -> None:
    raw, checkpoint = house.policy(), house.checkpoint()
    comment = raw.index(b"\n")

    def accepts(spoilt: bytes) -> bool:
        try:
            check_head(parse_policy(spoilt), checkpoint)
        except Refused:
            return False
        return True

    # The sign of the comment itself is covered: without it the line is none that a policy may have.
    assert believed(flips(raw), accepts) == set(range(1, comment))
