"""A line file is read line by line: what is good stays as stated, what is bad says where and why, and costs only itself."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest

from lawgate.domain.errors import MalformedRequestError
from lawgate.domain.steps import Line
from lawgate.evidence.canonical import canonical
from lawgate.intake.fields import check_fields, is_column, known_columns
from lawgate.intake.lines import read_lines
from lawgate.intake.rows import MAX_BYTES, MAX_FAULTS

GOOD = b'{"request_key":"A","reasons":"x"}'
LAST = b'{"request_key":"Z"}'


def jsonl(*lines: bytes) -> tuple[Line, ...]:
    return read_lines("l.jsonl", b"\n".join(lines) + b"\n", {})


def csv(text: str | bytes, columns: dict[str, str] | None = None) -> tuple[Line, ...]:
    return read_lines("l.csv", text if isinstance(text, bytes) else text.encode(), columns or {})


def codes(line: Line) -> list[tuple[str, str | None]]:
    return [(fault.code, fault.column) for fault in line.faults]


def test_a_json_line_is_kept_exactly_as_stated(agent: Any) -> None:
    lines = read_lines("l.jsonl", agent.jsonl(3), {})
    assert [line.ordinal for line in lines] == [1, 2, 3]
    assert [dict(line.data) for line in lines] == [agent.data(number) for number in (1, 2, 3)]
    assert [line.request_key for line in lines] == ["R-0001", "R-0002", "R-0003"]
    assert all(line.faults == () and line.attestation is None for line in lines)
    assert lines[0].digest == hashlib.sha256(canonical(agent.data(1))).hexdigest()


def test_key_order_spacing_and_line_ends_of_json_do_not_change_the_digest() -> None:
    plain, other = jsonl(GOOD), jsonl(b' { "reasons" : "\\u0078" , "request_key" : "A" } \r')
    assert plain == other
    assert read_lines("l.jsonl", GOOD, {}) == plain


def test_absent_blank_and_placeholder_stay_three_values() -> None:
    absent, blank, placeholder = jsonl(
        b'{"request_key":"1","address":{}}',
        b'{"request_key":"2","address":{"zip":""}}',
        b'{"request_key":"3","address":{"zip":"Failed to Provide"}}',
    )
    assert (absent.data["address"], blank.data["address"]) == ({}, {"zip": ""})
    assert placeholder.data["address"] == {"zip": "Failed to Provide"}
    assert len({absent.digest, blank.digest, placeholder.digest}) == 3
    without, with_blank = csv("request_key\n1\n"), csv("request_key,address.zip\n1,\n")
    assert (without[0].data, with_blank[0].data) == (
        {"request_key": "1"},
        {"request_key": "1", "address": {"zip": ""}},
    )


@pytest.mark.parametrize(
    ("bad", "where"),
    [
        (b"", "line 2, column 1: "),
        (b"garbage", "line 2, column 1: "),
        (b"[1]", "line 2, column 1: "),
        (b"null", "line 2, column 1: "),
        (b'{"request_key":"B"', "line 2, column 19: "),
        (b'{"request_key":"B"} {}', "line 2, column 21: "),
        (b"\xef\xbb\xbf" + GOOD, "line 2, column 1: "),
        (b'{"reasons":"\xff"}', "line 2, column 13: not UTF-8"),
        ('{"reasons":"åå'.encode() + b"\xc3", "line 2, column 15: not UTF-8"),
        (b'{"reasons":"a","request_key":"B","reasons":"b"}', "line 2, column 34: a member stands twice"),
        (b'{"a":{"x":"}{","y":1},"name":{"given":"a","\\u0067iven":"b"}}', "line 2, column 43: a member"),
        (b'{"request_key":"B","x":NaN}', "line 2: "),
        (b'{"request_key":"B","x":' + b"9" * 5000 + b"}", "line 2: "),
        (b"[" * 50_000, "line 2: "),
        (b'{"request_key":"' + b"B" * MAX_BYTES + b'"}', "line 2: longer than"),
    ],
)  # fmt: skip
def test_an_unreadable_json_line_says_where_and_leaves_its_neighbours(bad: bytes, where: str) -> None:
    lines = jsonl(GOOD, bad, LAST)
    assert [(line.ordinal, line.request_key) for line in lines] == [(1, "A"), (2, ""), (3, "Z")]
    assert codes(lines[1]) == [("110", None)]
    assert lines[1].faults[0].message.startswith(where)
    assert (lines[0], lines[2].digest) == (jsonl(GOOD)[0], jsonl(LAST)[0].digest)
    assert lines[0].faults == lines[2].faults == ()


@pytest.mark.parametrize(
    ("member", "code", "column"),
    [
        ('"surname":"x"', "113", "surname"),
        ('"nationality":"x"', "113", "nationality"),
        ('"name":{"first":"x"}', "113", "name.first"),
        ('"offence_facts":{"Not A Name!":1}', "113", "(a name not fit to print)"),
        ('"name":"x"', "112", "name"),
        ('"name":{"given":1}', "112", "name.given"),
        ('"address":{"zip":45402}', "112", "address.zip"),
        ('"taxpayer_number":null', "112", "taxpayer_number"),
        ('"taxable_periods":"2022"', "112", "taxable_periods"),
        ('"taxable_periods":[2022]', "112", "taxable_periods"),
        ('"offence_facts":{"days":1.5}', "112", "offence_facts.days"),
        ('"offence_facts":{"days":9007199254740993}', "112", "offence_facts.days"),
        ('"offence_facts":{"days":[]}', "112", "offence_facts.days"),
        ('"reasons":"\\ud800"', "112", "reasons"),
        ('"request_key":7', "112", "request_key"),
    ],
)
def test_a_field_not_known_or_not_in_its_form_is_named(member: str, code: str, column: str) -> None:
    first = "" if "request_key" in member else '"request_key":"B",'
    _, line, _ = jsonl(GOOD, f"{{{first}{member}}}".encode(), LAST)
    assert codes(line) == [(code, column)]
    assert line.request_key == ("B" if first else "")
    assert set(line.data) <= {"request_key"}


@pytest.mark.parametrize("sign", ["\u200b", "\ufeff", "\u00ad", "\u202e", "\ufe0f", "\u3164", "\x08"])
def test_a_sign_in_a_name_or_address_that_cannot_be_seen_is_named_with_its_column(sign: str) -> None:
    stated = {
        "request_key": "A",
        "name": {"full": "Ann Example"},
        "address": {"number": f"1{sign}2", "city": "Tulsa"},
    }
    (line,) = jsonl(json.dumps(stated).encode())
    assert codes(line) == [("114", "address.number")]
    assert line.data == {"request_key": "A", "name": {"full": "Ann Example"}}
    (line,) = csv(f"request_key,name.given,name.surname,reasons\nA,An{sign}n,Example,so it{sign} is\n")
    assert codes(line) == [("114", "name.given")]
    (line,) = jsonl(json.dumps({"request_key": "A", "reasons": f"so it{sign} is"}).encode())
    assert line.faults == ()


def test_a_line_with_very_many_faults_reports_some() -> None:
    line = jsonl(json.dumps({f"x{number}": 1 for number in range(500)}).encode())[0]
    assert len(line.faults) == MAX_FAULTS


def test_a_missing_blank_or_unprintable_key_is_a_fault() -> None:
    lines = jsonl(
        b"{}", b'{"request_key":""}', b'{"request_key":"a\\u0000"}', b'{"request_key":"' + b"a" * 129 + b'"}'
    )
    assert [codes(line) for line in lines] == [[("111", "request_key")]] * 2 + [[("112", "request_key")]] * 2
    assert {line.request_key for line in lines} == {""}


def test_of_two_good_lines_with_one_key_the_first_keeps_it() -> None:
    lines = jsonl(GOOD, GOOD, LAST)
    assert [codes(line) for line in lines] == [[], [("111", "request_key")], []]


def test_a_faulty_line_takes_no_key_from_a_good_one() -> None:
    lines = jsonl(b'{"request_key":"A","x":1}', GOOD)
    assert [codes(line) for line in lines] == [[("113", "x")], []]


def test_a_csv_record_becomes_the_same_data_as_its_json() -> None:
    header = "request_key,name.given,address.number,taxable_periods,offence_facts.final_order_date,proceeding.kind,reasons"
    (line,) = csv(
        header + '\r\nB,Zoë,12,2022; 2023,2024-01-02,investigation,"so, ""quoted""\r\nand broken"\r\n'
    )
    assert line.faults == ()
    assert line == jsonl(json.dumps({
        "request_key": "B", "name": {"given": "Zoë"}, "address": {"number": "12"}, "taxable_periods": ["2022", "2023"],
        "offence_facts": {"final_order_date": "2024-01-02"}, "proceeding": {"kind": "investigation"},
        "reasons": 'so, "quoted"\r\nand broken',
    }).encode())[0]  # fmt: skip


def test_an_empty_list_cell_is_a_blank_list() -> None:
    assert csv("request_key,taxable_periods\n1,\n")[0].data["taxable_periods"] == []


def test_a_byte_order_mark_is_let_pass_before_csv_only() -> None:
    assert csv(b"\xef\xbb\xbfrequest_key\nB\n") == csv("request_key\nB\n")
    assert codes(jsonl(b"\xef\xbb\xbf" + GOOD)[0]) == [("110", None)]


def test_a_mapping_gives_their_columns_our_names() -> None:
    text = "ID,FIRST,address.zip\nB,Ada,45402\n,,\n"
    lines = csv(text, {"request_key": "ID", "name.given": "FIRST"})
    assert lines[0].data == {"request_key": "B", "name": {"given": "Ada"}, "address": {"zip": "45402"}}
    assert codes(lines[1]) == [("111", "ID")]


def test_a_column_nobody_mapped_is_a_fault_of_every_line() -> None:
    lines = csv("request_key,Order Date\nB,2024\nC,2025\n")
    assert [codes(line) for line in lines] == [[("113", "Order Date")]] * 2
    assert [line.request_key for line in lines] == ["B", "C"]


@pytest.mark.parametrize(
    ("text", "columns", "column"),
    [
        ("B,Ada\nC,Eve\n", {}, "request_key"),
        ('"request_key\nC\n', {}, None),
        ("request_key,request_key\nB,C\n", {}, None),
        ("request_key,ID\nB,C\n", {"request_key": "ID"}, None),
        ("request_key,x,x\nB,C,D\n", {}, None),
        ("request_key\nB\n", {"name.given": "FIRST"}, "FIRST"),
        (b"request_key,\xff\nB,C\n", {}, None),
    ],
)
def test_a_bad_header_is_a_fault_of_every_line(
    text: str | bytes, columns: dict[str, str], column: str | None
) -> None:
    lines = csv(text, columns)
    assert lines
    assert all(codes(line) == [("110", column)] for line in lines)


@pytest.mark.parametrize(
    "bad",
    [
        b"", b"M", b"M,x,y,z", b'M,"x', b'M,x"y,z', b'M,"x"y,z', b'M,5" pipe', b'"', b'""",,', b"M,\xff,x", b"M,x\ry,z",
        b"M,x," + b"y" * MAX_BYTES, b'"M,x,' + b"y" * MAX_BYTES, b'M,"x\n\n', b'"\n"M,x,y',
    ],
)  # fmt: skip
def test_an_unreadable_csv_record_leaves_its_neighbours(bad: bytes) -> None:
    header, first, last = b"request_key,name.given,reasons\n", b'A,"Ada","b\nc"\n', b'Z,"Zoe ""Z""",\n'
    good = csv(header + first + last)
    lines = csv(header + first + bad + b"\n" + last)
    assert (lines[0], lines[-1].data, lines[-1].digest) == (good[0], good[1].data, good[1].digest)
    assert lines[-1].faults == ()
    assert [codes(line) for line in lines[1:-1]] == [[("110", None)]] * (bad.count(b"\n") + 1)
    assert lines[1].faults[0].message.startswith("line 4")


def test_a_bad_csv_record_says_how_many_cells_it_has() -> None:
    assert csv("request_key,reasons\nB\n")[0].faults[0].message == "line 2: 1 cells where the header has 2"


def test_many_open_quotes_are_read_in_reasonable_time() -> None:
    lines = csv("request_key,reasons\n" + 'B,"x\n' * 4001)
    assert len(lines) >= 1000
    assert all(line.faults for line in lines)


def test_an_empty_file_or_a_bare_header_has_no_lines() -> None:
    assert read_lines("l.jsonl", b"", {}) == csv("") == csv("request_key\n") == csv(b"\xef\xbb\xbf") == ()


def test_another_kind_of_file_or_a_mapping_for_json_is_refused() -> None:
    for name, columns, code in (("l.pdf", {}, "101"), ("l.jsonl", {"request_key": "ID"}, "102")):
        with pytest.raises(MalformedRequestError) as caught:
            read_lines(name, b"", columns)
        assert caught.value.code == code


def test_every_known_column_passes_its_own_check() -> None:
    assert len(set(known_columns())) == len(known_columns())
    assert all(is_column(name) for name in known_columns())
    assert is_column("offence_facts.final_order_date")
    for name in (
        "name",
        "name.first",
        "offence_facts",
        "offence_facts.",
        "offence_facts.A",
        "offence_facts.a.b",
        "",
        "status",
    ):
        assert not is_column(name), name
    assert check_fields({"request_key": "x"}) == ({"request_key": "x"}, [])
