"""Normal forms of whole columns: every distinct text is brought to its form once, by the functions of the identity room."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace

import numpy as np

from lawgate.adapters.arrow import Column, Table, arrow, compute
from lawgate.identity.address import AddressParts, stated_parts
from lawgate.identity.name import NameParts
from lawgate.identity.normal import normal_address, normal_name
from lawgate.records import encode
from lawgate.records.compare import birth_date_form, taxpayer_number_form

_NO_NAME = NameParts("", "", "", "")
_NO_ADDRESS = AddressParts("", "", "", "", "", "", "", "")
_BETWEEN = "\x1f"  # no source holds it
_PLAIN_NUMBER = "^[0-9]{9}$"


def normal_columns(stated: Table) -> dict[str, encode.Column]:
    """Return the columns that ``encode`` takes, for a table of text columns named as in ``record_sources.COLUMNS``.

    Row by row they are ``normal_name(stated_name(row))``, ``normal_address(stated_parts(row))`` and the forms of the numbers.
    """
    columns = {**_names(stated), **_addresses(stated), **_numbers(stated)}
    return {name: as_column(columns[name]) for name in encode.COLUMNS}


def as_column(texts: Column) -> encode.Column:
    """See an Arrow column of texts as bytes and positions."""
    whole = compute.cast(_one_piece(texts), arrow.large_string())
    if not len(whole):
        return encode.Column(np.zeros(0, np.uint8), np.zeros(1, np.int64))
    _, offsets, data = whole.buffers()
    at = np.frombuffer(offsets, np.int64)[whole.offset : whole.offset + len(whole) + 1]
    return encode.Column(np.frombuffer(data or b"", np.uint8), at)


def _names(stated: Table) -> dict[str, Column]:
    # A suffix written behind the surname or the given name counts where none is stated in its own place: the surname's first.
    suffix = _each(stated["suffix"], lambda v: normal_name(replace(_NO_NAME, suffix=v)).suffix)
    out = {"middle": _each(stated["middle"], lambda v: normal_name(replace(_NO_NAME, middle=v)).middle)}
    for part in ("surname", "given"):
        found = _each(stated[part], _suffix_behind(part))
        moved = compute.and_(_empty(suffix), compute.invert(_empty(found)))
        whole = _each(stated[part], _part(part, suffix="JR"))
        out[part] = compute.if_else(moved, _each(stated[part], _part(part, suffix="")), whole)
        suffix = compute.if_else(moved, found, suffix)
    return out | {"suffix": suffix}


def _suffix_behind(part: str) -> Callable[[str], str]:
    return lambda v: normal_name(replace(_NO_NAME, **{part: v})).suffix


def _part(part: str, suffix: str) -> Callable[[str], str]:
    return lambda v: str(asdict(normal_name(replace(_NO_NAME, **{part: v}, suffix=suffix)))[part])


def _addresses(stated: Table) -> dict[str, Column]:
    street, box = _street_and_box(stated)
    country = _each(stated["country"], _address("country", "country"))
    home = compute.equal(country, "US")
    state = compute.if_else(home, _each(stated["state"], _address("state", "state")), _each(stated["state"], _address("state", "state", country="FR")))  # fmt: skip
    island = compute.and_(home, compute.equal(state, "PR"))
    unit = _each(stated["unit"], _address("unit", "unit"))
    no_unit = _empty(unit)
    return {
        "number": compute.if_else(island, _each(stated["number"], _address("number", "number", state="PR")), _each(stated["number"], _address("number", "number"))),
        # A unit written behind the street counts where none is stated in its own place.
        "street": compute.if_else(no_unit, _each(street, _address("street", "street")), _each(street, _address("street", "street", unit="1"))),
        "unit": compute.if_else(no_unit, _each(street, _address("street", "unit")), unit),
        "box": _each(box, _address("box", "box")),
        "city": _each(stated["city"], _address("city", "city")),
        "state": state,
        "zip": compute.if_else(home, _each(stated["zip"], _address("zip", "zip")), _each(stated["zip"], _address("zip", "zip", country="FR"))),
        "country": country,
    }  # fmt: skip


def _address(stated: str, wanted: str, **beside: str) -> Callable[[str], str]:
    return lambda v: str(
        asdict(normal_address(replace(_NO_ADDRESS, **{stated: v.strip()}, **beside)))[wanted]
    )


def _street_and_box(stated: Table) -> tuple[Column, Column]:
    street, way = stated["street"], stated["predirectional"]
    if compute.any(compute.invert(_empty(way))).as_py():
        both = compute.binary_join_element_wise(way, street, _BETWEEN)
        street = _each(both, lambda v: _joined(*v.partition(_BETWEEN)[::2]))
    alone = compute.and_(_empty(_each(stated["number"], str.strip)), _empty(_each(stated["box"], str.strip)))
    moved_box = _each(street, lambda v: stated_parts({"street": v}).box)
    moved = compute.and_(alone, compute.invert(_empty(moved_box)))
    return compute.if_else(moved, "", street), compute.if_else(moved, moved_box, stated["box"])


def _joined(way: str, street: str) -> str:
    return stated_parts({"predirectional": way, "street": street, "number": "1"}).street


def _numbers(stated: Table) -> dict[str, Column]:
    numbers = stated["taxpayer_number"]
    # Nine plain digits need no reading, unless they are one digit over and over; there are as many of them as people.
    plain = compute.and_(
        compute.match_substring_regex(numbers, _PLAIN_NUMBER), compute.invert(_one_digit(numbers))
    )
    rest = _each(compute.if_else(plain, "", numbers), taxpayer_number_form)
    return {
        "birth_date": _each(stated["birth_date"], birth_date_form),
        "taxpayer_number": compute.if_else(plain, numbers, rest),
    }


def _one_digit(numbers: Column) -> Column:
    return compute.is_in(numbers, value_set=arrow.array([str(d) * 9 for d in range(10)], numbers.type))


def _each(texts: Column, form: Callable[[str], str]) -> Column:
    codes = _one_piece(texts).dictionary_encode()
    return arrow.array([form(v) for v in codes.dictionary.to_pylist()], arrow.string()).take(codes.indices)


def _empty(texts: Column) -> Column:
    return compute.equal(texts, "")


def _one_piece(texts: Column) -> Column:
    return texts.combine_chunks() if isinstance(texts, arrow.ChunkedArray) else texts
