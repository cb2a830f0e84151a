"""The requester's tool signs what the form and the lines say, and tells its makers what is missing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from lawgate.domain.errors import MalformedRequestError
from lawgate.intake.compose import compose_with_report
from lawgate.intake.fields import known_columns
from lawgate.intake.form import parse_form
from lawgate.intake.lines import read_lines
from lawgate.intake.parts import sent
from lawgate.intake.preview import check
from lawgate.intake.template import csv_header, example_form


def report(agent: Any, raw: bytes, name: str = "lines.jsonl") -> Any:
    return compose_with_report(agent.form, raw, name, agent.official, agent.officers, agent.now, agent.nonce)


def test_composing_twice_gives_the_same_files_and_leaves_the_line_file_as_it_is(agent: Any) -> None:
    composed = report(agent, agent.csv(), "lines.csv")
    assert composed.files == agent.compose(agent.csv(), "lines.csv")
    assert composed.files["lines.csv"] == agent.csv()
    assert (composed.lines, composed.faulty, composed.unattested) == (3, (), ())


def test_lines_without_an_officers_key_are_reported_and_not_attested(agent: Any) -> None:
    del agent.officers["p-officer-2"]
    raw = agent.jsonl(3) + b'garbage\n{"request_key":"no officer"}\n'
    composed = report(agent, raw)
    assert (composed.lines, composed.faulty, composed.unattested) == (5, (4,), (1, 3, 4, 5))
    assert composed.files["attestations.jsonl"].count(b"\n") == 1


def test_the_mapping_that_was_signed_is_shown(agent: Any) -> None:
    mapped = agent.with_columns({"request_key": "ID"})
    composed = report(mapped, b"ID,engaged_officer\nA,p-officer-1\n", "l.csv")
    assert composed.columns == {"request_key": "ID"}
    assert check(sent(composed.files), mapped.standing, mapped.now, mapped.grounds).columns == {
        "request_key": "ID"
    }


def test_a_bad_name_mapping_or_nonce_is_refused(agent: Any) -> None:
    for name, columns in (("lines.pdf", {}), ("../l.csv", {}), ("l.jsonl", {"request_key": "ID"})):
        with pytest.raises(MalformedRequestError):
            agent.with_columns(columns).compose(b"", name)
    with pytest.raises(ValueError, match="nonce"):
        replace(agent, nonce="short").compose()


def test_the_example_form_is_a_form_and_the_example_header_a_header() -> None:
    form = parse_form(example_form())
    assert (form.office, form.delegation, form.columns) == ("agency-head", "", {})
    record = ",".join(f"v{place}" for place in range(len(known_columns())))
    (line,) = read_lines("l.csv", (csv_header() + record + "\r\n").encode(), {})
    assert line.faults == ()
    assert line.request_key == "v0"


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda text: text.replace('agency = "example-agency"', 'agency = ""'), "agency"),
        (lambda text: text.replace("certification =", "purpose ="), "certification, purpose"),
        (lambda text: text.replace('"p-official"', "7"), "holder"),
        (lambda text: text + '[columns]\n"nationality" = "N"\n', "columns"),
        (lambda text: text + '[columns]\n"name.given" = "N"\n"name.surname" = "N"\n', "columns"),
        (lambda text: text + "???", "not TOML"),
    ],
)
def test_a_form_with_a_fault_is_refused_by_name(change: Any, named: str) -> None:
    with pytest.raises(MalformedRequestError, match=named) as caught:
        parse_form(change(example_form()))
    assert caught.value.code == "102"


def test_a_form_may_map_columns() -> None:
    form = parse_form(example_form() + '[columns]\n"name.given" = "FIRST"\n')
    assert form.columns == {"name.given": "FIRST"}


def test_a_preview_with_the_register_is_what_the_gateway_would_find(agent: Any) -> None:
    raw = agent.jsonl(2) + b"garbage\n"
    seen = check(sent(agent.compose(raw)), agent.standing, agent.now, agent.grounds)
    assert seen.acceptable
    assert seen.signatures_checked
    assert (seen.lines, seen.attested, seen.file_name) == (3, 2, "lines.jsonl")
    assert [(ordinal, fault.code) for ordinal, fault in seen.faults] == [(3, "110")]


def test_a_preview_without_the_register_says_that_signatures_were_not_checked(agent: Any) -> None:
    files = agent.compose()
    seen, sure = (
        check(sent(files), None, agent.now),
        check(sent(files), agent.standing, agent.now, agent.grounds),
    )
    assert not seen.signatures_checked
    assert replace(seen, signatures_checked=True) == sure


def test_a_preview_lists_every_problem_of_structure_at_once(agent: Any) -> None:
    files = agent.compose()
    files["lines.jsonl"] += b"{}\n"
    files["attestations.jsonl"] = b""
    assert [code for code, _ in check(sent(files), None, agent.now).problems] == ["103", "105", "104"]
    files["cover.json"] = b"x"
    assert [code for code, _ in check(sent(files), None, agent.now).problems] == ["102"]
    assert [code for code, _ in check(sent({}), None, agent.now).problems] == ["101"]


def test_a_preview_of_what_would_be_rejected_begins_with_the_reason(agent: Any) -> None:
    files = agent.cover(agent.compose(), holder="p-other")
    files["lines.jsonl"] += b"{}\n"
    seen = check(sent(files), agent.standing, agent.now, agent.grounds)
    assert [code for code, _ in seen.problems] == ["501", "103", "104"]
    assert not seen.acceptable
    assert seen.lines == 4
