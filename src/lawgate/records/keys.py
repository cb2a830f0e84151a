"""The keys under which rows are found. There is none without a house, box or route number, and none of a name.

This is their definition; ``encode.py`` writes the same keys as fingerprints, and tests/properties/test_engine.py holds it to these.
"""

from __future__ import annotations

from lawgate.identity.normal import NormalAddress


def keys_of(address: NormalAddress) -> tuple[str, ...]:
    """Return the keys of an address: its delivery line with its ZIP, and with its city and state.

    Two addresses that the rule can call the same share one of them. Abroad the delivery line goes with city and country;
    a house number may there be part of the street. Returns nothing where no number is stated.
    """
    lines = []
    if address.street and (address.number or _numbered_abroad(address)):
        lines.append(f"S|{address.number}|{address.street}")
    if address.box:
        lines.append(f"B|{address.box}")
    return tuple(f"{line}|{place}" for line in lines for place in _places(address))


def _places(address: NormalAddress) -> list[str]:
    if address.country != "US":
        return [f"{address.city}|{address.country}"] if address.city and address.country else []
    places = [address.zip] if address.zip else []
    return places + ([f"{address.city}|{address.state}"] if address.city and address.state else [])


def _numbered_abroad(address: NormalAddress) -> bool:
    return address.country != "US" and any(c.isdigit() for c in address.street)
