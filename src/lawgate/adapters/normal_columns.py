"""Normal forms of whole columns: every distinct text is brought to its form once, by the functions of the identity room."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

import numpy as np

from lawgate.adapters.arrow import Column, Table, arrow, compute
from lawgate.identity.address import AddressParts, stated_parts
from lawgate.identity.name import NameParts
from lawgate.identity.normal import NormalAddress, NormalName, normal_address, normal_name
from lawgate.records import encode
from lawgate.records.compare import birth_date_form, taxpayer_number_form

_BETWEEN = "\x1f"  # no source holds it
_PLAIN_NUMBER = "^[0-9]{9}$"
_PLAIN_NAME = "^[A-Za-z]+$"  # one word of plain letters is its own form in capitals, and no suffix by itself
_PLAIN_CODE = "^[0-9]{5}$"

Plain: TypeAlias = tuple[Column, tuple[Column, ...]]
"""Which values of a column are plain, and the forms of those that are."""


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
    (suffix,) = _each(stated["suffix"], lambda v: (_name(suffix=v).suffix,))
    (middle,) = _each(stated["middle"], lambda v: (_name(middle=v).middle,))
    # A suffix written behind the surname or the given name counts where none is stated in its own place: the surname's first.
    surname, cut, found = _each(
        stated["surname"],
        lambda v: _with_suffix(_name(surname=v), _name(surname=v, suffix="JR"), "surname"),
        _plain_names,
    )
    moved = _moved(suffix, found)
    surname, suffix = compute.if_else(moved, cut, surname), compute.if_else(moved, found, suffix)
    given, cut, found = _each(
        stated["given"],
        lambda v: _with_suffix(_name(given=v), _name(given=v, suffix="JR"), "given"),
        _plain_names,
    )
    moved = _moved(suffix, found)
    given, suffix = compute.if_else(moved, cut, given), compute.if_else(moved, found, suffix)
    return {"given": given, "middle": middle, "surname": surname, "suffix": suffix}  # fmt: skip


def _name(given: str = "", middle: str = "", surname: str = "", suffix: str = "") -> NormalName:
    return normal_name(NameParts(given, middle, surname, suffix))


def _with_suffix(cut: NormalName, whole: NormalName, part: str) -> tuple[str, ...]:
    return getattr(whole, part), getattr(cut, part), cut.suffix


def _plain_names(values: Column) -> Plain:
    capitals = compute.utf8_upper(values)
    return compute.match_substring_regex(values, _PLAIN_NAME), (
        capitals,
        capitals,
        arrow.repeat("", len(values)),
    )


def _moved(suffix: Column, found: Column) -> Column:
    return compute.and_(_empty(suffix), compute.invert(_empty(found)))


def _addresses(stated: Table) -> dict[str, Column]:
    street, box = _street_and_box(stated)
    (country,) = _each(stated["country"], lambda v: (_address(country=v).country,))
    home = compute.equal(country, "US")
    abroad = compute.invert(home)
    (state,) = _each(stated["state"], lambda v: (_address(state=v).state,))
    (state_abroad,) = _each(
        _where(abroad, stated["state"]), lambda v: (_address(state=v, country="FR").state,)
    )
    (code,) = _each(stated["zip"], lambda v: (_address(zip=v).zip,), _plain_codes)
    (code_abroad,) = _each(_where(abroad, stated["zip"]), lambda v: (_address(zip=v, country="FR").zip,))
    state = compute.if_else(home, state, state_abroad)
    (number,) = _each(stated["number"], lambda v: (_address(number=v).number,))
    island = compute.and_(home, compute.equal(state, "PR"))
    (on_island,) = _each(_where(island, stated["number"]), lambda v: (_address(number=v, state="PR").number,))
    (unit,) = _each(stated["unit"], lambda v: (_address(unit=v).unit,))
    # A unit written behind the street counts where none is stated in its own place.
    whole, cut, found = _each(street, lambda v: _with_unit(_address(street=v), _address(street=v, unit="1")))
    (box,) = _each(box, lambda v: (_address(box=v).box,))
    (city,) = _each(stated["city"], lambda v: (_address(city=v).city,))
    no_unit = _empty(unit)
    return {
        "number": compute.if_else(island, on_island, number),
        "street": compute.if_else(no_unit, cut, whole),
        "unit": compute.if_else(no_unit, found, unit),
        "box": box,
        "city": city,
        "state": state,
        "zip": compute.if_else(home, code, code_abroad),
        "country": country,
    }  # fmt: skip


def _address(
    number: str = "",
    street: str = "",
    unit: str = "",
    box: str = "",
    city: str = "",
    state: str = "",
    zip: str = "",
    country: str = "",
) -> NormalAddress:
    stripped = (part.strip() for part in (number, street, unit, box, city, state, zip, country))
    return normal_address(AddressParts(*stripped))


def _plain_codes(values: Column) -> Plain:
    told = compute.and_(
        compute.match_substring_regex(values, _PLAIN_CODE), compute.invert(_one_digit(values, 5))
    )
    return told, (values,)


def _with_unit(cut: NormalAddress, whole: NormalAddress) -> tuple[str, ...]:
    return whole.street, cut.street, cut.unit


def _street_and_box(stated: Table) -> tuple[Column, Column]:
    street, way = stated["street"], stated["predirectional"]
    if compute.any(compute.invert(_empty(way))).as_py():
        both = compute.binary_join_element_wise(way, street, _BETWEEN)
        (street,) = _each(both, lambda v: (_joined(*v.partition(_BETWEEN)[::2]),))
    (number,) = _each(stated["number"], lambda v: (v.strip(),))
    (box,) = _each(stated["box"], lambda v: (v.strip(),))
    (written,) = _each(street, lambda v: (stated_parts({"street": v}).box,))
    moved = compute.and_(compute.and_(_empty(number), _empty(box)), compute.invert(_empty(written)))
    return compute.if_else(moved, "", street), compute.if_else(moved, written, stated["box"])


def _joined(way: str, street: str) -> str:
    return stated_parts({"predirectional": way, "street": street, "number": "1"}).street


def _numbers(stated: Table) -> dict[str, Column]:
    numbers = stated["taxpayer_number"]
    # Nine plain digits need no reading, unless they are one digit over and over; there are as many of them as people.
    plain = compute.and_(
        compute.match_substring_regex(numbers, _PLAIN_NUMBER), compute.invert(_one_digit(numbers, 9))
    )
    (rest,) = _each(compute.if_else(plain, "", numbers), lambda v: (taxpayer_number_form(v),))
    (birth,) = _each(stated["birth_date"], lambda v: (birth_date_form(v),))
    return {"birth_date": birth, "taxpayer_number": compute.if_else(plain, numbers, rest)}


def _one_digit(numbers: Column, digits: int) -> Column:
    return compute.is_in(numbers, value_set=arrow.array([str(d) * digits for d in range(10)], numbers.type))


def _each(
    texts: Column, forms: Callable[[str], tuple[str, ...]], plain: Callable[[Column], Plain] | None = None
) -> list[Column]:
    # ``plain`` says of which values the forms can be told from the whole column at once, and what they are: most names are such.
    codes = _one_piece(texts).dictionary_encode()
    values, nothing = compute.cast(codes.dictionary, arrow.string()), forms("")
    if plain is None:
        return [
            _strings(column).take(codes.indices)
            for column in _turned(map(forms, values.to_pylist()), nothing)
        ]
    told, ready = plain(values)
    rest = _turned(
        (forms(v) if v else nothing for v in compute.if_else(told, "", values).to_pylist()), nothing
    )
    return [
        compute.if_else(told, at_once, _strings(column)).take(codes.indices)
        for at_once, column in zip(ready, rest, strict=True)
    ]


def _turned(rows: Iterable[tuple[str, ...]], empty: tuple[str, ...]) -> list[tuple[str, ...]]:
    return list(zip(*rows, strict=True)) or [()] * len(empty)


def _strings(texts: Sequence[str]) -> Column:
    return arrow.array(texts, arrow.string())


def _where(mask: Column, texts: Column) -> Column:
    return compute.if_else(mask, texts, "")


def _empty(texts: Column) -> Column:
    return compute.equal(texts, "")


def _one_piece(texts: Column) -> Column:
    return texts.combine_chunks() if isinstance(texts, arrow.ChunkedArray) else texts
