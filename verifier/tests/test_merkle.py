"""The tree against RFC 6962's own recursion, for each size from 0 to 300."""

from __future__ import annotations

import pytest
from honest_log import leaf, path, tree

from lawgate_verifier.merkle import check_inclusion, leaf_hash, root_of
from lawgate_verifier.refused import Refused
from lawgate_verifier.tiles import tile_path, widths

ENTRIES = [b"entry %d" % n for n in range(300)]
LEAVES = [leaf(entry) for entry in ENTRIES]


def test_roots_are_those_of_the_recursion_for_each_size() -> None:
    assert [leaf_hash(entry) for entry in ENTRIES] == LEAVES
    for size in range(301):
        assert root_of(LEAVES[:size]) == tree(LEAVES[:size]), size


def test_proofs_of_the_recursion_hold_for_each_size_and_nowhere_else() -> None:
    for size in range(1, 301):
        leaves = LEAVES[:size]
        root = tree(leaves)
        for index in {0, size // 3, size - 1}:
            steps = path(index, leaves)
            check_inclusion(leaves[index], index, size, steps, root)
            wrong = [
                (leaf(b"other"), index, size, steps, root),
                (leaves[index], index + 1, size, steps, root),
                (leaves[index], index, size, [*steps, root], root),
                (leaves[index], size, size, steps, root),
            ]
            wrong += [(leaves[index], index, size, steps[:-1], root)] if steps else []
            for arguments in wrong:
                with pytest.raises(Refused):
                    check_inclusion(*arguments)


@pytest.mark.parametrize(
    ("number", "name"),
    [(0, "000"), (999, "999"), (1000, "x001/000"), (1234067, "x001/x234/067")],
)
def test_tile_numbers_are_written_in_groups_of_three(number: int, name: str) -> None:
    assert tile_path("0", number, 256) == f"tile/0/{name}"
    assert tile_path("entries", number, 7) == f"tile/entries/{name}.p/7"


def test_a_size_asks_for_full_tiles_and_one_partial_tile() -> None:
    assert list(widths(0)) == []
    assert list(widths(256)) == [(0, 256)]
    assert list(widths(513)) == [(0, 256), (1, 256), (2, 1)]
