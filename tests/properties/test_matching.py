"""The rule, held to a plain restatement of design section 5 that looks at every row for every request.

tests/properties/test_engine.py holds the compiled engine to the rule.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from functools import cache

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from lawgate.domain.steps import Verdict
from lawgate.identity.address import PARTS, AddressParts, read_address, stated_parts
from lawgate.identity.fold import fold, words
from lawgate.identity.name import NameParts, stated_name
from lawgate.identity.nicknames import PAIRS
from lawgate.identity.normal import normal_address, normal_name
from lawgate.records.keys import keys_of
from lawgate.records.row import RecordRow
from lawgate.records.rule import RuleLimits, decide, query_of

Person = dict[str, str]
Row = dict[str, str]
HARD = ("suffix", "birth_date", "taxpayer_number")
LIMIT = 3


# -- the restatement: every row, every clause, as plainly as possible ---------------------------------------------------


@cache
def seen(items: tuple[tuple[str, str], ...]) -> Row:
    data = dict(items)
    facts = {k: data.get(k, "") for k in ("birth_date", "taxpayer_number", "record_id", "tax_year")}
    return asdict(normal_name(stated_name(data))) | asdict(normal_address(stated_parts(data))) | facts


# fmt: off
def plain(request: Person, world: list[Person]) -> tuple[str, str | None]:
    q, *rows = (seen(tuple(r.items())) for r in (request, *world))
    def of(i: str) -> list[Row]: return [r for r in rows if r["record_id"] == i]
    def line(r: Row) -> bool: return (r["number"], r["street"]) == (q["number"], q["street"]) if q["street"] else "" != q["box"] == r["box"]
    def place(r: Row) -> bool: return "" != q["zip"] == r["zip"] or (r["city"], r["state"]) == (q["city"], q["state"])
    def unit(r: Row) -> bool: return not both(r, "unit") or r["unit"] == q["unit"]
    def both(r: Row, field: str) -> bool: return bool(q[field] and r[field])
    def parts(n: Row) -> list[str]: return n["surname"].split()
    def part(r: Row) -> bool: return (q["surname"] in parts(r) or r["surname"] in parts(q)) and len(q["middle"]) > 1 and q["middle"] == r["middle"]
    def surname(r: Row) -> bool: return sorted(parts(r)) == sorted(parts(q)) or part(r)
    def kin(r: Row) -> bool: return bool(set(parts(r)) & set(parts(q)))
    def whole(n: Row) -> list[str]: return (n["given"] + " " + n["middle"]).split()
    def cut(a: str, b: str) -> bool: return 1 in (len(a), len(b)) and a[0] == b[0]
    def full(r: Row) -> bool: return not cut(r["given"], q["given"]) and (r["given"] == q["given"] or whole(r) == whole(q))
    def given(r: Row) -> bool: return cut(r["given"], q["given"]) or full(r) or {r["given"], q["given"]} in PAIRS
    def named(r: Row) -> bool: return unit(r) and surname(r) and given(r)
    def middle(r: Row) -> bool: return (whole(r) == whole(q) and (q["middle"] or r["middle"]) != "") or (both(r, "middle") and (r["middle"] == q["middle"] or cut(r["middle"], q["middle"])))
    def impossible(i: str) -> bool: return any(not 0 <= int(r["tax_year"]) - int(b[:4]) <= 120 for r in of(i) for b in [q["birth_date"], *(s["birth_date"] for s in of(i))] if b)
    def wrong(i: str) -> set[str]: return {f for f in HARD if any(both(r, f) and r[f] != q[f] for r in of(i))} | {"birth_date" for _ in [0] if impossible(i)} | {"middle" for _ in [0] if any(both(r, "middle") for r in of(i)) and not any(map(middle, of(i)))}
    def right(i: str) -> set[str]: return ({f for f in HARD if any(both(r, f) for r in of(i))} | {"middle" for _ in [0] if any(map(middle, of(i)))}) - wrong(i)
    building = [r for r in rows if line(r) and place(r) and not (both(r, "box") and r["box"] != q["box"])]
    fits = sorted({r["record_id"] for r in building if named(r) and not wrong(r["record_id"])})
    if len(fits) != 1:
        return ("ambiguous" if fits else "none"), None
    one, mine = fits[0], [r for r in building if r["record_id"] == fits[0] and named(r)]
    exact = [r for r in mine if r["unit"] == q["unit"]]
    others = [r for r in building if r["record_id"] != one and kin(r) and (unit(r) or not exact)]
    sure = right(one) & {"birth_date", "taxpayer_number"}
    nick = not any(map(full, exact or mine)) and "middle" not in right(one)
    more = q["middle"] != "" and not any(map(middle, of(one)))
    doubts = (all(cut(r["given"], q["given"]) for r in exact or mine) and not sure, (nick or more) and not sure, others and not any(map(full, exact or mine)), any(given(r) and not right(one) & wrong(r["record_id"]) for r in others),
              not q["unit"] and len({r["unit"] for r in building if r["record_id"] == one} - {""}) > 1, any(r["suffix"] for r in of(one)) != bool(q["suffix"]) and not sure,
              len({r["record_id"] for r in building if unit(r)}) > LIMIT and not sure)
    return ("ambiguous", None) if any(doubts) else ("one", one)
# fmt: on


# -- small worlds: families, namesakes, Jr. and Sr., double surnames, nicknames, units, people who moved -----------------

NAME = st.fixed_dictionaries(
    {
        "given": st.sampled_from(["Robert", "Bob", "Rob", "R", "Maria", "María José", "Jose", "Pepe", "J."]),
        "middle": st.sampled_from(["", "", "A", "Ann", "Albert", "Jose"]),
        "surname": st.sampled_from(["Smith", "SMITH", "Garcia", "García López", "Lopez-Garcia", "De la Cruz", "delacruz", "Smith Lopez"]),
        "suffix": st.sampled_from(["", "", "", "Jr.", "Sr", "II"]),
    }
)  # fmt: skip
HOME = st.fixed_dictionaries(
    {
        "number": st.sampled_from(["12", "012", "14"]),
        "street": st.sampled_from(["N Main St", "North Main Street", "Main St"]),
        "unit": st.sampled_from(["", "", "Apt 1", "#1", "2"]),
        "box": st.sampled_from(["", "", "", "PO Box 7", "8"]),
        "city": st.sampled_from(["Springfield", "Chatham"]),
        "zip": st.sampled_from(["62704", "62704-1234", "62629"]),
    }
) | st.just({"number": "", "street": "", "unit": "", "box": "P.O. Box 7", "city": "Springfield", "zip": "62704"})  # fmt: skip
FACTS = st.fixed_dictionaries(
    {
        "birth_date": st.sampled_from(["", "", "", "1950-01-02", "1980-05-06", "2021-07-08"]),
        "taxpayer_number": st.sampled_from(["", "", "", "900701234", "900705678"]),
    }
)
YEAR = st.sampled_from(["2019", "2022"])


@st.composite
def worlds(draw: st.DrawFn) -> list[Person]:
    homes = draw(st.lists(HOME, min_size=1, max_size=2))
    rows = []
    for number in range(draw(st.integers(1, 5))):
        name, facts = draw(NAME), draw(FACTS)
        for _ in range(draw(st.integers(1, 2))):
            home = draw(st.sampled_from(homes)) | {"unit": draw(st.sampled_from(["", "", "1", "2"]))}
            rows.append(
                {
                    **name,
                    **home,
                    **facts,
                    "state": "IL",
                    "country": "",
                    "record_id": f"r{number}",
                    "tax_year": draw(YEAR),
                }
            )
    return rows


@st.composite
def requests(draw: st.DrawFn, world: list[Person]) -> Person:
    """Somebody of that world, mostly as on record, sometimes with a part written by somebody else."""
    row = {k: v for k, v in draw(st.sampled_from(world)).items() if k not in ("record_id", "tax_year")}
    for part in (NAME, HOME, FACTS):
        other = draw(part)
        for field in draw(st.sets(st.sampled_from(sorted(other)), max_size=2)):
            row[field] = other[field]
    return row


class Rows:
    """The rows in memory, found by their keys."""

    def __init__(self, world: list[Person]) -> None:
        self.rows = [
            RecordRow(
                r["record_id"],
                stated_name(r),
                stated_parts(r),
                r["birth_date"],
                r["taxpayer_number"],
                int(r["tax_year"]),
                "taxpayer",
                "1040",
            )
            for r in world
        ]

    def candidates(self, keys: Sequence[str]) -> list[RecordRow]:
        return [r for r in self.rows if set(keys) & set(keys_of(normal_address(r.address)))]

    def history(self, record_id: str) -> list[RecordRow]:
        return [r for r in self.rows if r.record_id == record_id]


def ask(engine: Rows, request: Person, limit: int = LIMIT) -> Verdict:
    query = query_of(
        stated_name(request), stated_parts(request), request["birth_date"], request["taxpayer_number"]
    )
    return decide(query, engine.candidates(keys_of(query.address)), engine.history, RuleLimits(limit))


def short(verdict: Verdict) -> tuple[str, str | None]:
    return verdict.kind.value, verdict.record_id


many = settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@many
@given(st.data())
def test_the_rule_says_what_the_plain_restatement_says(data: st.DataObject) -> None:
    world = data.draw(worlds())
    engine = Rows(world)
    for request in data.draw(st.lists(requests(world), min_size=1, max_size=6)):
        assert short(ask(engine, request)) == plain(request, world)


@many
@given(st.data())
def test_taking_a_record_away_finds_nobody_whom_the_restatement_does_not(data: st.DataObject) -> None:
    world = data.draw(worlds())
    gone = data.draw(st.sampled_from(sorted({r["record_id"] for r in world})))
    left = [r for r in world if r["record_id"] != gone]
    request = data.draw(requests(world))
    before, after = ask(Rows(world), request), ask(Rows(left), request)
    assert short(after) == plain(request, left)
    if before.kind.value == "none":
        assert after.record_id is None or before.reason == "331"


@many
@given(st.data())
def test_a_contradicting_birth_date_or_number_is_never_answered(data: st.DataObject) -> None:
    world = data.draw(worlds())
    engine, request = Rows(world), data.draw(requests(world))
    found = ask(engine, request)
    assume(found.record_id)
    for field, other in (("birth_date", "1961-02-03"), ("taxpayer_number", "900709999")):
        history = [r for r in world if r["record_id"] == found.record_id]
        if any(r[field] for r in history):
            assert ask(engine, request | {field: other}).record_id != found.record_id
        assert ask(engine, request | {field: "unreadable"}).record_id in (None, found.record_id)


@many
@given(st.data())
def test_neither_order_nor_ids_nor_forms_nor_far_rows_matter(data: st.DataObject) -> None:
    world = data.draw(worlds())
    request = data.draw(requests(world))
    query = query_of(
        stated_name(request), stated_parts(request), request["birth_date"], request["taxpayer_number"]
    )
    engine = Rows(world)
    every = [row for number in range(5) for row in engine.history(f"r{number}")]
    straight = decide(query, every, engine.history, RuleLimits(LIMIT))
    assert straight == ask(engine, request)  # rows the keys did not bring change nothing
    renamed = {f"r{n}": f"{9 - n}x" for n in range(5)}
    other = [replace(r, record_id=renamed[r.record_id], source="agency", form="W-2") for r in reversed(every)]
    turned = decide(query, other, lambda i: [r for r in other if r.record_id == i], RuleLimits(LIMIT))
    assert (turned.kind, turned.reason, turned.differs) == (straight.kind, straight.reason, straight.differs)
    assert turned.record_id == (renamed[straight.record_id] if straight.record_id else None)


@many
@given(st.data())
def test_a_lower_limit_for_shared_addresses_only_ever_takes_away(data: st.DataObject) -> None:
    world = data.draw(worlds())
    engine, request = Rows(world), data.draw(requests(world))
    strict, loose = ask(engine, request, 0), ask(engine, request, 99)
    assert strict.record_id in (None, loose.record_id)


# -- addresses and normal forms -----------------------------------------------------------------------------------------

WHOLE = st.fixed_dictionaries(
    {
        "number": st.integers(1, 99999).map(str) | st.just("12A") | st.just("45-12"),
        "street": st.sampled_from(["Main St", "N 5th Ave", "Evergreen Terrace", "Broadway", "Avenue X", "W 300 S", "County Road 12"]),
        "place": st.sampled_from([("Springfield", "IL", "62704"), ("St. Louis", "MO", "63101-1234"), ("Coeur d'Alene", "ID", "83814")]),
    }
).map(lambda a: {k: v for k, v in a.items() if k != "place"} | dict(zip(("city", "state", "zip"), a["place"], strict=True)))  # fmt: skip
TEXT = st.text(max_size=12) | st.sampled_from(
    [
        "ST",
        "N",
        "DE LA Y",
        "O D",
        "APT 0",
        "UNIT X",
        "STREET RD",
        "Y",
        "RR 2",
        "0A 1",
        "½",
        "JR",
        "North St W",
        "AVE NORTH",
    ]
)


@given(WHOLE, st.data())
def test_without_or_with_a_struck_out_needed_part_no_address_is_one(
    address: Person, data: st.DataObject
) -> None:
    assert read_address(dict(address)).sufficient
    part = data.draw(st.sampled_from(sorted(address)))
    mask = data.draw(
        st.sampled_from(["", " ", "*" * 3, "XXXX", "?", "____", "N/A", "Unknown", "00000", "█████"])
    )
    keep = data.draw(st.integers(0, 2))
    struck = mask if mask.strip("*_█") or not mask.strip() else address[part][:keep] + mask
    reading = read_address({**address, part: struck})
    assert not reading.sufficient
    assert part in reading.missing
    assert reading.parts is None


@given(
    st.dictionaries(
        st.sampled_from([*PARTS, "text"]), TEXT | st.none() | st.integers() | st.just({}), max_size=9
    )
)
def test_reading_never_fails_and_names_what_is_missing(address: dict[str, object]) -> None:
    reading = read_address(address)  # type: ignore[arg-type]
    assert reading.sufficient == (reading.parts is not None) == (not reading.missing) == (not reading.code)
    if reading.parts is not None:
        assert keys_of(normal_address(reading.parts)) or normal_address(reading.parts).country != "US"


@settings(max_examples=600)
@given(st.lists(TEXT, min_size=8, max_size=8), st.lists(TEXT, min_size=4, max_size=4))
def test_normal_forms_are_normal(address: list[str], name: list[str]) -> None:
    normal = normal_address(AddressParts(*address))
    assert normal_address(AddressParts(**asdict(normal))) == normal
    named = normal_name(NameParts(*name))
    assert normal_name(NameParts(**asdict(named))) == named


@given(st.text(max_size=20))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert words(" ".join(words(text))) == words(text)
