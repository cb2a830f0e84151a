"""One matter by machine from end to end: sent, decided by people, collected by the officer, opened, acknowledged, seen by the overseer."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from lawgate import pipeline, wiring
from lawgate.adapters.key_files import load_key
from lawgate.domain.steps import SubmissionId
from lawgate.evidence.envelope import sign
from lawgate.rehearsal import people, scripts
from lawgate_client import RefusedError

pytestmark = pytest.mark.slow
VERIFY = Path(sys.executable).parent / "lawgate-verify"


def decided(served: Any, number: SubmissionId) -> None:
    """The holder's people decide, look and release, each with a key of their own."""
    from lawgate.store.open import close_database

    gate = wiring.open_home(served.home)

    def signed(kind: str, body: Any, who: str) -> bytes:
        return sign(kind, body, load_key(served.key(who)))

    decision = scripts.decision_body(number, gate.memory.docket(number), gate.now())
    pipeline.decide(gate, number, signed("decision", decision, people.DISCLOSURE_OFFICER))
    (batch,) = gate.memory.batches(number)
    looked = scripts.sample_body(number, 1, batch.sample, gate.now())
    for who in (people.DISCLOSURE_OFFICER, people.COUNSEL):
        pipeline.look_at_sample(gate, number, signed("sample", looked, who))
    body = scripts.authorisation_body(number, 1, batch.ordinals, gate.now())
    pipeline.authorise(gate, number, signed("authorisation", body, people.RELEASING_OFFICER))
    close_database()


def theirs(served: Any, person: str, folder: Path, tmp_path: Path) -> Path:
    """A statement of another officer about an answer that is not theirs."""
    body = {"act": "return", "answer": folder.name.partition("-")[2], "made": "2026-03-02T09:30:00Z"}
    (tmp_path / "theirs").write_bytes(sign("statement", body, load_key(served.key(person))))
    return tmp_path / "theirs"


def test_a_whole_matter(served: Any, official: Any, shared: Any, tmp_path: Path) -> None:
    person, other = people.OFFICERS[0], people.OFFICERS[1]
    folder = served.submission([shared["asked"](n) for n in (300, 302)])
    number = shared["settle"](official, folder)["submission"]
    officer, stranger = served.gateway(person), served.gateway(other)
    assert officer.packages()["deliveries"] == []
    decided(served, SubmissionId(number))

    status = official.wait(number)
    assert status["dispositions"] == {"A": 2}
    assert [line["disposition"] for line in official.determinations(number)] == ["A", "A"]
    (delivered,) = officer.packages()["deliveries"]
    assert (delivered["submission"], delivered["logged"], delivered["left"]) == (number, 2, 0)

    for nobody in (stranger, official):
        with pytest.raises(RefusedError) as refused:
            nobody.collect(number, tmp_path)
        assert refused.value.code in ("512", "513")
    folders, kept_back = officer.collect(number, tmp_path)
    assert (len(folders), kept_back) == (2, {})
    assert officer.collect(number, tmp_path)[0] == folders

    acks = []
    for each in folders:
        acks.append(tmp_path / f"{each.name}.ack")
        opened = subprocess.run(
            [
                VERIFY, "package", each, "--policy", served.home / "policy", "--identity", served.folder / f"{person}.age",
                "--key", served.key(person), "--state", tmp_path / "state.json", "--ack", acks[-1],
            ],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert opened.returncode == 0, opened.stderr
    with pytest.raises(RefusedError) as refused:
        official.enter(acks)
    assert refused.value.code == "512"
    assert officer.enter(acks) == {"acknowledgements": 2, "certificates": 0, "statements": 0}
    assert officer.enter(acks) == {"acknowledgements": 2, "certificates": 0, "statements": 0}
    assert officer.packages()["deliveries"][0]["acknowledged"] == 2

    stated = tmp_path / "statement"
    words = [
        "statement",
        "use",
        folders[0].name.partition("-")[2],
        "--used",
        "no",
        "--key",
        served.key(person),
        "--out",
        stated,
    ]
    subprocess.run([VERIFY, *words], check=True, capture_output=True)
    assert officer.enter([stated]) == {"acknowledgements": 0, "certificates": 0, "statements": 1}
    with pytest.raises(RefusedError) as refused:
        stranger.enter([theirs(served, other, folders[0], tmp_path)])
    assert refused.value.status == 422 or refused.value.code == "512"
    assert officer.packages()["statements"] == [], "no agreement here sets a term"

    counsel = served.caller(people.COUNSEL)
    seen = counsel.call("GET", f"/api/v1/oversight/submissions/{number}").json()
    assert [step["lines"] for step in seen["steps"]] == [2] * 9


def test_what_is_no_document_is_not_entered(served: Any, tmp_path: Path) -> None:
    officer = served.gateway(people.OFFICERS[0])
    (tmp_path / "no.json").write_text(json.dumps({"not": "signed"}))
    with pytest.raises(RefusedError) as refused:
        officer.enter([tmp_path / "no.json"])
    assert (refused.value.status, refused.value.code) == (422, "102")


def test_a_correction_names_what_it_follows(served: Any, official: Any, shared: Any) -> None:
    first = shared["settle"](official, served.submission([shared["asked"](310, reasons="")]))["submission"]
    second = official.submit(served.submission([shared["asked"](311)]), follows=first)["submission"]
    assert official.status(second)["follows"] == first
    assert official.status(first)["followed_by"] == [second]
    with pytest.raises(RefusedError):
        official.submit(served.submission([shared["asked"](312)]), follows="0" * 16)


def test_what_is_received_cannot_be_withdrawn(served: Any, official: Any, shared: Any) -> None:
    number = shared["settle"](official, served.submission([shared["asked"](320)]))["submission"]
    with pytest.raises(RefusedError) as refused:
        official.withdraw(number)
    assert refused.value.code == "512"


def test_a_cover_of_another_agency_is_not_sent_for_it(served: Any, shared: Any) -> None:
    folder = served.submission([shared["asked"](330)])
    with pytest.raises(RefusedError) as refused:
        served.gateway(people.CLAIMS_HEAD).submit(folder)
    assert refused.value.code == "501"
