"""The second person's part on pages, and counsel's: samples, authorisations, stops; every way round them is refused."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

import pytest

from invented.forms import assertion, path_of, prepared, sign_in_a_file, signed
from invented.passkey import Passkey
from lawgate.rehearsal import people

pytestmark = pytest.mark.slow
OFFICER, RELEASING, COUNSEL = people.DISCLOSURE_OFFICER, people.RELEASING_OFFICER, people.COUNSEL
VERIFY = "import sys; from lawgate_verifier.cli import main; sys.exit(main())"


@pytest.fixture(scope="module")
def passkeys(scene: Any) -> Mapping[str, Passkey]:
    made = {person: Passkey(n, "localhost") for person, n in ((OFFICER, 21), (RELEASING, 22), (COUNSEL, 23))}
    for passkey in made.values():
        passkey.count = 10_000  # beyond what other tests have used
    return made


@pytest.fixture(scope="module")
def approved(scene: Any, everybody: Any, passkeys: Any) -> str:
    """A batch of three answers, approved together; the way to its page."""
    return _approved(everybody, passkeys, scene.releasing)


def _approved(everybody: Any, passkeys: Any, number: str) -> str:
    officer = everybody[OFFICER]
    page = prepared(officer, f"/submissions/{number}/docket/group/0/1/")
    assert "3 approved and looked up" in signed(officer, page, passkeys[OFFICER]).text
    return f"/submissions/{number}/answers/1/"


def judged(person: Any, batch: str, wrong: int = 0) -> None:
    """Look at each answer of the sample, and find it right, or one wrong."""
    for way in re.findall(r'href="([^"]+/sample/(\d+)/)"', person.get(batch).text):
        person.send(way[0], found="wrong" if int(way[1]) == wrong else "right")


def look(person: Any, batch: str, passkey: Passkey, wrong: int = 0) -> Any:
    judged(person, batch, wrong)
    return signed(person, person.send(batch, act="look"), passkey)


def state(person: Any, batch: str) -> tuple[str, str]:
    (entries,) = re.findall(r"Entries sequenced</dt><dd>(\d+)", person.get("/ledger/").text)
    (waiting,) = re.findall(r"Waiting</dt><dd>(\d+)", person.get(batch).text)
    return entries, waiting


def test_a_sample_shows_what_agrees_and_no_record_to_choose(everybody: Any, approved: str) -> None:
    officer = everybody[OFFICER]
    ways = re.findall(r'href="([^"]+/sample/\d+/)"', officer.get(approved).text)
    assert len(ways) == 3
    shown = officer.get(ways[0]).text
    assert "agrees" in shown
    assert "R1" not in shown
    assert everybody[COUNSEL].get(ways[0]).status == 403


def test_nobody_signs_for_a_sample_that_was_not_looked_at(everybody: Any, approved: str) -> None:
    releasing = everybody[RELEASING]
    reply = releasing.fill(releasing.get(f"{approved}sample/1/"), approved, act="look")
    assert (reply.status, "look at every answer" in reply.text) == (422, True)


def test_nothing_is_authorised_before_two_looked(everybody: Any, approved: str, passkeys: Any) -> None:
    officer, releasing = everybody[OFFICER], everybody[RELEASING]
    before = state(officer, approved)
    assert "sample is waiting" in look(officer, approved, passkeys[OFFICER]).text
    again = officer.fill(officer.get("/keys/"), approved, act="look")
    assert (again.status, "already" in again.text) == (422, True)
    early = releasing.fill(releasing.get(f"{approved}sample/1/"), approved, act="release", count="3")
    assert (early.status, "the batch&#x27;s sample is waiting" in early.text) == (422, True)
    assert state(officer, approved) == before


def test_the_second_person_authorises_and_an_outsider_finds_both_signatures_good(
    scene: Any, everybody: Any, approved: str, passkeys: Any, tmp_path: Any
) -> None:
    officer, releasing = everybody[OFFICER], everybody[RELEASING]
    assert "sample is passed" in look(releasing, approved, passkeys[RELEASING]).text
    # Who approved has no form for it, and sending one is of no use.
    assert "Authorise</h2>" not in officer.get(approved).text
    assert officer.fill(officer.get("/keys/"), approved, act="release", count="3").status == 403
    changed = releasing.send(approved, act="release", count="2")
    assert (changed.status, "other answers wait" in changed.text) == (422, True)
    page = releasing.send(approved, act="release", count="3", withhold="2")
    assert "Authorisation of 3 answers" in page.text
    assert "2 lines: 1, 3" in page.text
    before = state(officer, approved)
    for wrong in (passkeys[OFFICER], passkeys[COUNSEL]):
        assert signed(releasing, page, wrong).status == 422
    elsewhere = assertion(page, passkeys[RELEASING], "https://elsewhere.example")
    assert releasing.fill(page, path_of(page), **elsewhere).status == 422
    assert state(officer, approved) == before
    assert "3 logged" in signed(releasing, page, passkeys[RELEASING]).text
    assert state(officer, approved)[1] == "0"
    for person, kind in ((OFFICER, "decision"), (RELEASING, "authorisation")):
        found = _verified(scene, kind, passkeys[person], tmp_path / f"{kind}.json")
        assert (found["kind"], found["passkey"], len(found["answers"])) == (kind, True, 3)


def _verified(scene: Any, kind: str, passkey: Passkey, out: Any) -> Any:
    from lawgate import wiring
    from lawgate.domain.steps import SubmissionId
    from lawgate.store.open import close_database

    gate = wiring.open_home(scene.home)
    try:
        (first, *_) = gate.memory.logged(SubmissionId(scene.releasing))
        answer = first.authorised
        by = answer.authorisation if kind == "authorisation" else answer.proposed.matched.approved.decision
        raw = gate.memory.envelope(by.sha256)
        assert raw is not None
        out.write_bytes(raw)
    finally:
        close_database()
    done = subprocess.run(
        [sys.executable, "-c", VERIFY, "decision", str(scene.home / "ledger"), "--policy", str(scene.home / "policy"),
         "--envelope", str(out), "--signer", passkey.public.hex(), "--relying-party", "localhost", "--json"],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_one_answer_found_wrong_stops_the_batch(scene: Any, everybody: Any, passkeys: Any) -> None:
    officer, releasing = everybody[OFFICER], everybody[RELEASING]
    batch = _approved(everybody, passkeys, scene.erring)
    assert "sample is failed" in look(officer, batch, passkeys[OFFICER], wrong=2).text
    look(releasing, batch, passkeys[RELEASING])
    before = state(officer, batch)
    reply = releasing.fill(releasing.get("/keys/"), batch, act="release", count="3")
    assert (reply.status, "sample is failed" in reply.text) == (422, True)
    assert state(officer, batch) == before


def test_after_an_n_a_request_is_refused_once_it_was_looked_at_and_counsels_determination_is_in_what_is_signed(
    scene: Any, everybody: Any, passkeys: Any
) -> None:
    officer, releasing, counsel = everybody[OFFICER], everybody[RELEASING], everybody[COUNSEL]
    about = {"submission": scene.unfound, "lines": "1", "authority": "Memo 7"}
    assert counsel.send("/stops/determine/", **{**about, "lines": "9"}).status == 422
    page = counsel.send("/stops/determine/", **about)
    assert "Determination on 1 line" in page.text
    assert "6103(i)(6)" in page.text
    assert releasing.get(path_of(page)).status == 404
    assert "nothing is told of 1 line" in signed(counsel, page, passkeys[COUNSEL]).text

    found, missing = (f"/submissions/{scene.unfound}/answers/{n}/" for n in (1, 2))
    for first, approved in ((1, 1), (2, 2)):
        page = prepared(officer, f"/submissions/{scene.unfound}/docket/group/0/{first}/")
        assert f"{approved} approved and looked up" in signed(officer, page, passkeys[OFFICER]).text
    for batch in (found, missing):
        look(officer, batch, passkeys[OFFICER])
        look(releasing, batch, passkeys[RELEASING])

    form = releasing.get(found)
    assert re.findall(r'id="line-(\d+)"', releasing.get(f"{found}unanswered/").text) == []
    page = releasing.fill(form, found, act="release", count="1", refuse="1")
    assert "Withhold:" in page.text, "what counsel determined is in what is signed"
    assert "1 logged" in signed(releasing, page, passkeys[RELEASING]).text

    form = releasing.get(missing)
    for unseen in ({"refuse": "2"}, {"return": "3"}):
        reply = releasing.fill(form, missing, act="release", count="2", **unseen)
        assert (reply.status, "look first" in reply.text) == (422, True)
    shown = releasing.get(f"{missing}unanswered/").text
    assert re.findall(r'id="line-(\d+)"', shown) == ["2", "3"]
    assert "Marzipan" in shown
    assert "R1" not in shown
    for wrong in ({"refuse": "2", "return": "2"}, {"refuse": "7"}):
        assert releasing.fill(form, missing, act="release", count="2", **wrong).status == 422
    page = releasing.fill(form, missing, act="release", count="2", refuse="2", **{"return": "3"})
    for words in ("Refuse", "Return"):
        assert f"{words}:" in page.text
    assert "2 logged" in signed(releasing, page, passkeys[RELEASING]).text


def test_counsel_stops_a_person_by_a_line_and_lifts_it_and_nothing_names_anybody(
    scene: Any, everybody: Any, passkeys: Any, tmp_path: Any
) -> None:
    counsel = everybody[COUNSEL]
    page = counsel.send(
        "/stops/order/", scope="person", submission=scene.deciding, ordinal="7", authority="No. 26-9"
    )
    assert f"whoever line 7 of submission {scene.deciding} names" in page.text
    document = counsel.get(f"{path_of(page)}document/").text
    assert not any(word in page.text + document for word in ("Zebulon", "Quillfeather", "Marzipan"))
    done = signed(counsel, page, passkeys[COUNSEL])
    (stop,) = re.findall(r"(stop-[0-9a-f]{16}) is in force", done.text)
    officer = everybody[OFFICER]
    lifting = counsel.send(f"/stops/lift/?stop={stop}", authority="No. 26-9, second order")
    taken, out = tmp_path / "stop.json", tmp_path / "signed.json"
    taken.write_text(counsel.get(f"{path_of(lifting)}document/").text)
    sign_in_a_file(taken, scene.keys[OFFICER], out)
    assert counsel.upload(lifting, path_of(lifting), "signed", out.read_bytes()).status == 422
    sign_in_a_file(taken, scene.keys[COUNSEL], out)
    assert f"{stop} is lifted" in counsel.upload(lifting, path_of(lifting), "signed", out.read_bytes()).text
    assert officer.get(f"/stops/lift/?stop={stop}").status == 403


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        (
            {"scope": "person", "submission": "0000000000000000", "ordinal": "1"},
            "no submission here has that line",
        ),
        ({"scope": "person"}, "no submission here has that line"),
        ({"scope": "officer", "subject-officer": "0" * 32}, "no engaged officer"),
        ({"scope": "agency"}, "does not state its subject"),
        ({"scope": "nothing"}, "none of the known ones"),
        ({"scope": "everything", "authority": " "}, "does not state its authority"),
    ],
)
def test_an_order_that_would_reach_nobody_is_not_prepared(
    everybody: Any, sent: dict[str, str], words: str
) -> None:
    reply = everybody[COUNSEL].send("/stops/order/", **{"authority": "No. 26-9", **sent})
    assert (reply.status, words in reply.text) == (422, True)


def test_counsel_does_not_lift_what_a_court_ordered(everybody: Any) -> None:
    reply = everybody[COUNSEL].send("/stops/lift/?stop=stop-1", authority="No. 26-9")
    assert (reply.status, "only a court lifts" in reply.text) == (422, True)
