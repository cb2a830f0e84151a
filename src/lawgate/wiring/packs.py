"""The packs there are, by name, and their proof."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor

from lawgate.adapters.pack_shelf import pack_files
from lawgate.domain.errors import SettingsError
from lawgate.statutes.pack import Ground, Pack
from lawgate.statutes.packs import (
    usc5_552a_b_7,
    usc13_9,
    usc26_6103_i_2,
    usc26_6103_i_5,
    usc26_6103_m_2,
    usc38_5701_f_2,
)
from lawgate.statutes.proof import Proof, Shared, prove, sweep_share

GROUNDS: tuple[Ground, ...] = (
    usc26_6103_i_2.GROUND,
    usc26_6103_i_5.GROUND,
    usc26_6103_m_2.GROUND,
    usc5_552a_b_7.GROUND,
    usc38_5701_f_2.GROUND,
    usc13_9.GROUND,
)
"""Every ground there is, in all its readings. It answers nothing until a home's settings name it."""
PACKS: tuple[Pack, ...] = tuple(ground.current for ground in GROUNDS)
"""Of every ground the reading that is applied now."""


def ground_named(pack: str) -> Ground:
    """Find a ground by its id. Raises SettingsError if there is none."""
    for known in GROUNDS:
        if known.id == pack:
            return known
    raise SettingsError(f"there is no pack {pack}; there is {', '.join(g.id for g in GROUNDS)}")


def pack_named(pack: str) -> Pack:
    """Find a pack by its id, in the reading applied now, or by id and version: ``usc26-6103-i-2@1``.

    Raises SettingsError if there is no such pack, StatuteError if it has no such version.
    """
    name, _, version = pack.partition("@")
    ground = ground_named(name)
    return ground.version(version) if version else ground.current


def prove_pack(pack: Pack, processes: int = 2) -> Proof:
    """Prove a pack, the long sweeps shared out among processes. The proof is the same for any number of them."""
    with ProcessPoolExecutor(processes) as pool:
        shares = pool.map(_prove_share, [pack.id] * processes, range(processes), [processes] * processes)
        return prove(pack_files(pack), list(shares))


def _prove_share(pack: str, part: int, parts: int) -> Shared:
    return sweep_share(pack_files(pack_named(pack)), part, parts)
