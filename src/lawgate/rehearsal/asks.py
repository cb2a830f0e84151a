"""What requesters of the rehearsal write: about a thousand requests of the world, chosen without looking at the truth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lawgate.domain.steps import Json
from lawgate.identity.address import read_address
from lawgate.identity.name import read_name
from lawgate.identity.normal import address_key_text, normal_address, normal_name, person_text
from lawgate.rehearsal.world import Asked

THOUSAND = 1000
FAULTY = 40
"""So many are sent although name or address is none: the requester's own ``submission check`` stopped the others."""
ONE_ADDRESS = 2
"""Nobody asks about more people at one address; the third would make guard look."""
RECENT = (2023, 2024, 2025)


@dataclass(frozen=True, slots=True)
class Ask:
    """One request as its line states it: ``fields`` by dotted name, ``periods`` the years asked for, ``key`` that of the world."""

    fields: Mapping[str, str]
    periods: tuple[int, ...]
    key: str = ""


def choose_asks(world: Iterable[Asked], count: int = THOUSAND) -> tuple[Ask, ...]:
    """Take requests in the world's order, which is a shuffled one: nobody twice, few at one address, few that are no request.

    Members, people who moved, people not on record and those they live with come as they come.
    """
    asks: list[Ask] = []
    faulty = 0
    seen: Counter[str] = Counter()
    for asked in world:
        name, address = read_name(asked.data["name"]).parts, read_address(asked.data["address"]).parts
        if name is None or address is None:
            faulty += 1
            if faulty > FAULTY:
                continue
        else:
            home = normal_address(address)
            place, person = address_key_text(home), person_text(normal_name(name), home)
            if seen[place] >= ONE_ADDRESS or seen[person]:
                continue
            seen.update((place, person))
        asks.append(Ask(_fields(asked.data), RECENT, asked.key))
        if len(asks) == count:
            break
    return tuple(asks)


def addresses(asks: Iterable[Ask]) -> frozenset[str]:
    """Return the addresses asked about, as ``address_key_text`` writes them."""
    read = (
        read_address({name[8:]: value for name, value in ask.fields.items() if name.startswith("address.")})
        for ask in asks
    )
    return frozenset(address_key_text(normal_address(r.parts)) for r in read if r.parts is not None)


def _fields(data: Mapping[str, Json]) -> dict[str, str]:
    fields: dict[str, str] = {}
    for name, value in data.items():
        if isinstance(value, Mapping):
            fields |= {f"{name}.{part}": inner for part, inner in value.items() if isinstance(inner, str)}
        elif isinstance(value, str):
            fields[name] = value
    return fields
