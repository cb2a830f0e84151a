"""Deciding on pages, over HTTP: whatever is not one's own signature over exactly the prepared decision is refused, and nothing is recorded."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest

from invented.forms import answers, assertion, path_of, prepared, sign_in_a_file, signed
from invented.passkey import Passkey
from lawgate.adapters.key_files import load_key
from lawgate.evidence.canonical import parse_canonical
from lawgate.evidence.envelope import sign
from lawgate.rehearsal import people

pytestmark = pytest.mark.slow
OFFICER, RELEASING, COUNSEL = people.DISCLOSURE_OFFICER, people.RELEASING_OFFICER, people.COUNSEL
SECRETS = {OFFICER: 21, RELEASING: 22, COUNSEL: 23}


@pytest.fixture(scope="module")
def passkeys() -> Mapping[str, Passkey]:
    return {person: Passkey(secret, "localhost") for person, secret in SECRETS.items()}


class Ledger:
    """How many entries were sequenced, which lines wait: what must not change when something is refused."""

    def __init__(self, scene: Any, person: Any) -> None:
        self.scene, self.person = scene, person

    def state(self) -> tuple[str, str]:
        (entries,) = re.findall(r"Entries sequenced</dt><dd>(\d+)", self.person.get("/ledger/").text)
        docket = self.person.get(f"/submissions/{self.scene.deciding}/docket/").text
        waiting = re.findall(r"<caption>(\d+) waiting", docket)
        return entries, waiting[0] if waiting else "0"


@pytest.fixture
def ledger(scene: Any, everybody: Any) -> Ledger:
    return Ledger(scene, everybody[OFFICER])


def line(scene: Any, ordinal: int) -> str:
    return f"/submissions/{scene.deciding}/docket/{ordinal}/"


def test_a_decision_by_passkey_is_recorded_and_an_outsider_finds_it_good(
    scene: Any, everybody: Any, passkeys: Any, ledger: Ledger, tmp_path: Any
) -> None:
    officer = everybody[OFFICER]
    page = prepared(officer, line(scene, 1))
    assert "Decision on 1 line" in page.text
    waiting = ledger.state()[1]
    done = signed(officer, page, passkeys[OFFICER])
    assert "1 approved and looked up" in done.text
    assert ledger.state()[1] == str(int(waiting) - 1)
    _verified(scene, passkeys[OFFICER], page, tmp_path)


def _verified(scene: Any, passkey: Passkey, page: Any, folder: Any) -> None:
    """The evidence kept for the page's document is a passkey's signature over exactly its bytes."""
    from lawgate import wiring
    from lawgate.domain.standing import EnrolledKey
    from lawgate.evidence.envelope import keyid_of, open_envelope
    from lawgate.store.open import close_database

    gate = wiring.open_home(scene.home)
    try:
        key = gate.memory.standing().key(keyid_of(passkey.public))
        assert isinstance(key, EnrolledKey)
        line_of = [p for p in gate.memory.proposals(scene.deciding) if p.matched.approved.line.ordinal == 1]
        decision = line_of[0].matched.approved.decision
        raw = gate.memory.envelope(decision.sha256)
        assert raw is not None
        opened = open_envelope(raw, "decision", {key.keyid: key}.get, gate.now())
        assert opened.payload["count"] == 1
    finally:
        close_database()


@pytest.mark.parametrize(
    "how",
    [
        {"origin": "https://elsewhere.example"},
        {"origin": "http://localhost:1"},
        {"flags": 0x01},
        {"purpose": "webauthn.create"},
        {"domain": "elsewhere.example"},
    ],
)
def test_an_assertion_made_otherwise_records_nothing(
    scene: Any, everybody: Any, passkeys: Any, ledger: Ledger, how: dict[str, Any]
) -> None:
    officer = everybody[OFFICER]
    page, before = prepared(officer, line(scene, 2)), ledger.state()
    origin = how.pop("origin", scene.url)
    sent = assertion(page, passkeys[OFFICER], origin, **how)
    assert officer.fill(page, path_of(page), **sent).status == 422
    assert ledger.state() == before


def test_an_assertion_over_another_decision_records_nothing(
    scene: Any, everybody: Any, passkeys: Any, ledger: Ledger
) -> None:
    officer = everybody[OFFICER]
    refusal, approval = (
        prepared(officer, line(scene, 2), verdict=verdict) for verdict in ("refuse", "approve")
    )
    before = ledger.state()
    sent = assertion(refusal, passkeys[OFFICER], scene.url)
    assert officer.fill(approval, path_of(approval), **sent).status == 422
    assert ledger.state() == before


def test_a_passkey_of_another_person_or_role_records_nothing(
    scene: Any, everybody: Any, passkeys: Any, ledger: Ledger
) -> None:
    officer = everybody[OFFICER]
    page, before = prepared(officer, line(scene, 2)), ledger.state()
    for who in (RELEASING, COUNSEL):
        assert signed(officer, page, passkeys[who]).status == 422
        # nor does the page open to them
        assert everybody[who].get(path_of(page)).status == 404
    assert signed(officer, page, Passkey(99, "localhost")).status == 422
    assert ledger.state() == before


def test_nobody_but_a_disclosure_officer_prepares_a_decision(
    scene: Any, everybody: Any, ledger: Ledger
) -> None:
    officer, releasing = everybody[OFFICER], everybody[RELEASING]
    shown, before = officer.get(line(scene, 2)), ledger.state()
    theirs = releasing.get(line(scene, 2))
    assert 'name="verdict"' not in theirs.text
    reply = releasing.fill(theirs, line(scene, 2), **answers(shown.text))
    assert reply.status == 403
    assert ledger.state() == before


def test_a_line_that_was_not_shown_is_not_answered_for(scene: Any, everybody: Any, ledger: Ledger) -> None:
    """Another's look does not count, nor a form filled in without the page."""
    officer = everybody[OFFICER]
    shown = officer.get(line(scene, 2))
    unseen = officer.fill(shown, line(scene, 12), **{**answers(shown.text), "lines": "12"})
    assert unseen.status == 422
    assert "was not shown to you" in unseen.text


def test_an_assertion_counts_once(scene: Any, everybody: Any, passkeys: Any, ledger: Ledger) -> None:
    officer = everybody[OFFICER]
    page = prepared(officer, line(scene, 3))
    sent = assertion(page, passkeys[OFFICER], scene.url)
    assert "Recorded" in officer.fill(page, path_of(page), **sent).text
    before = ledger.state()
    assert officer.fill(page, path_of(page), **sent).status == 404
    # nor is it good for the same words prepared again
    again = prepared(officer, line(scene, 2))
    assert officer.fill(again, path_of(again), **sent).status == 422
    assert ledger.state() == before


def test_a_counter_that_goes_back_records_nothing(
    scene: Any, everybody: Any, passkeys: Any, ledger: Ledger
) -> None:
    officer, passkey = everybody[OFFICER], passkeys[OFFICER]
    passkey.count = 1000
    assert "Recorded" in signed(officer, prepared(officer, line(scene, 4)), passkey).text
    page, before = prepared(officer, line(scene, 2)), ledger.state()
    passkey.count = 500
    refused = signed(officer, page, passkey)
    assert refused.status == 422
    assert "counter went back" in refused.text
    assert ledger.state() == before
    passkey.count = 2000


def test_what_would_be_refused_is_not_prepared(scene: Any, everybody: Any) -> None:
    officer = everybody[OFFICER]
    shown = officer.get(line(scene, 2))
    for changes, words in (
        ({name: "" for name in answers(shown.text) if name.startswith("reason-")}, "without a reason"),
        ({name: "" for name in answers(shown.text) if name.startswith("met-")}, "left unanswered"),
        ({"verdict": ""}, "none of approve"),
    ):
        reply = officer.fill(shown, line(scene, 2), **{**answers(shown.text), **changes})
        assert (reply.status, words in reply.text) == (422, True), words
        assert "Looked at in a test" in reply.text or "reason" in words


def test_without_javascript_a_key_in_a_file_signs_the_same_bytes(
    scene: Any, everybody: Any, ledger: Ledger, tmp_path: Any
) -> None:
    officer = everybody[OFFICER]
    page, before = prepared(officer, line(scene, 5), verdict="return"), ledger.state()
    document = officer.get(f"{path_of(page)}document/")
    assert "attachment" in document.headers["Content-Disposition"]
    taken, out = tmp_path / "decision.json", tmp_path / "signed.json"
    taken.write_text(document.text)
    sign_in_a_file(taken, scene.keys[RELEASING], out)
    assert officer.upload(page, path_of(page), "signed", out.read_bytes()).status == 422
    body = parse_canonical(document.text.encode())
    body.pop("type")
    changed = sign("decision", {**body, "count": 2}, load_key(scene.keys[OFFICER]))
    assert officer.upload(page, path_of(page), "signed", changed).status == 422
    assert officer.upload(page, path_of(page), "signed", b"{}").status == 422
    assert officer.fill(page, path_of(page)).status == 422
    assert ledger.state() == before
    sign_in_a_file(taken, scene.keys[OFFICER], out)
    done = officer.upload(page, path_of(page), "signed", out.read_bytes())
    assert "1 refused or returned" in done.text
    assert ledger.state()[1] == str(int(before[1]) - 1)
    assert officer.upload(page, path_of(page), "signed", out.read_bytes()).status == 404


def test_a_group_is_answered_alike_for_what_was_shown_and_the_count_is_signed(
    scene: Any, everybody: Any, passkeys: Any, ledger: Ledger
) -> None:
    officer = everybody[OFFICER]
    docket = officer.get(f"/submissions/{scene.deciding}/docket/").text
    (way,) = re.findall(
        rf'href="(/submissions/{scene.deciding}/docket/group/0/\d+/)">12 lines: 13–24', docket
    )
    page = prepared(officer, way, verdict="refuse")
    # Twelve belong together, ten were on the page.
    assert "Decision on 10 lines" in page.text
    assert "10 lines: 13–22" in page.text
    waiting = int(ledger.state()[1])
    assert "10 refused or returned" in signed(officer, page, passkeys[OFFICER]).text
    assert int(ledger.state()[1]) == waiting - 10


def test_a_form_cannot_name_more_lines_than_were_shown(scene: Any, everybody: Any) -> None:
    officer = everybody[OFFICER]
    way = f"/submissions/{scene.deciding}/docket/6/"
    shown = officer.get(way)
    reply = officer.fill(shown, way, **{**answers(shown.text), "lines": "6–8"})
    assert (reply.status, "other lines wait" in reply.text) == (422, True)
