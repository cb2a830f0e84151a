"""A real browser: an official sends and reads the determinations; the officer collects, opens, acknowledges, and sees what is owed.

Every page of the portal in light, dark and narrow, held against WCAG 2.2 AA by axe-core. Screenshots go to the folder that
LAWGATE_SCREENSHOTS names, if it does.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from invented.browsing import signed_in
from lawgate import complete, pipeline, wiring
from lawgate.adapters.key_files import load_key
from lawgate.domain.steps import SubmissionId
from lawgate.evidence.canonical import canonical
from lawgate.evidence.envelope import sign
from lawgate.intake.compose import compose
from lawgate.intake.form import Form
from lawgate.rehearsal import people, scripts
from lawgate.rehearsal.submissions import form_of
from lawgate.store.open import close_database

pytestmark = pytest.mark.slow
VERIFY = Path(sys.executable).parent / "lawgate-verify"
OFFICIAL, OFFICER = people.FRAUD_HEAD, people.OFFICERS[0]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOOKS: dict[str, tuple[str, dict[str, int]]] = {
    "light": ("light", {"width": 1280, "height": 900}),
    "dark": ("dark", {"width": 1280, "height": 900}),
    "narrow": ("light", {"width": 360, "height": 740}),
}


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield opened
        opened.close()


def seen(page: Any, name: str) -> list[str]:
    """Look at a page as it lies there, in every way; return what axe finds, and where it is wider than the screen."""
    from axe_playwright_python.sync_playwright import Axe

    faults = []
    for look, (scheme, viewport) in LOOKS.items():
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size(viewport)
        folder = os.environ.get("LAWGATE_SCREENSHOTS")
        if folder:
            page.screenshot(path=Path(folder) / f"portal-{name}-{look}.png", full_page=True)
        options = {"runOnly": {"type": "tag", "values": TAGS}}
        found = Axe().run(page, options=options).response["violations"]
        faults += [f"{name} {look} {v['id']}: {v['nodes'][0]['html'][:120]}" for v in found]
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            faults.append(f"{name} {look}: wider than the screen")
    page.set_viewport_size(LOOKS["light"][1])
    return faults


def choose(page: Any, folder: Path) -> None:
    page.get_by_label("Cover (cover.json)").set_input_files(folder / "cover.json")
    page.get_by_label("Attestations").set_input_files(folder / "attestations.jsonl")
    page.get_by_label("Line file").set_input_files(folder / "requests.jsonl")


def test_a_request_is_sent_answered_collected_and_acknowledged(
    browser: Any, scene: Any, everybody: Any, tmp_path: Path
) -> None:
    folder = composed(scene, tmp_path)
    official = signed_in(browser, scene, everybody[OFFICIAL])
    official.goto(scene.url)
    official.get_by_role("navigation").get_by_role("link", name="Requests").click()
    faults = seen(official, "requests")
    official.get_by_role("link", name="Validate or send").click()
    faults += seen(official, "send")
    choose(official, folder)
    official.get_by_role("button", name="Validate only").click()
    assert "233" in official.inner_text("main") or "223" in official.inner_text("main")
    faults += seen(official, "validation")
    official.goto(f"{scene.url}/requests/send/")
    choose(official, folder)
    official.get_by_role("button", name="Send", exact=True).click()
    number = official.url.split("/")[4]
    for _ in range(120):
        if official.locator("h2", has_text="The nine steps").count():
            break
        official.wait_for_timeout(500)
        official.reload()
    faults += seen(official, "request")

    apart(decide, scene, number)
    official.get_by_role("link", name="Determinations, line by line").click()
    said = official.inner_text("main")
    assert re.search(r"1\s+key-201\s+A ", said), said
    assert re.search(r"2\s+key-202\s+X ", said), said
    faults += seen(official, "determinations")

    officer = signed_in(browser, scene, everybody[OFFICER])
    officer.goto(f"{scene.url}/packages/")
    officer.get_by_role("button", name=f"Make a link for {number}").click()
    faults += seen(officer, "link")
    with officer.expect_download() as coming:
        officer.get_by_role("link", name="Collect the packages").click()
    with zipfile.ZipFile(coming.value.path()) as archive:
        archive.extractall(tmp_path / "collected")
    (package,) = [path for path in (tmp_path / "collected").iterdir() if path.is_dir()]
    ack = tmp_path / "ack.json"
    opened = verify(scene, tmp_path, package, ack)
    assert opened.returncode == 0, opened.stderr

    officer.goto(f"{scene.url}/packages/")
    officer.get_by_label("Signed documents").set_input_files(ack)
    officer.get_by_role("button", name="Enter them").click()
    assert "1 acknowledgements" in officer.inner_text("main")
    assert "Nothing is due" in officer.inner_text("main")
    row = officer.locator("tr", has_text=number)
    assert row.locator("td").all_inner_texts()[:3] == ["1", "1", "1"]

    answer, statement = package.name.partition("-")[2], tmp_path / "statement"
    state(scene, answer, statement)
    officer.get_by_label("Signed documents").set_input_files(statement)
    officer.get_by_role("button", name="Enter them").click()
    assert "1 statements" in officer.inner_text("main")
    officer.get_by_label("Signed documents").set_input_files(statement)
    officer.get_by_role("button", name="Enter them").click()
    apart(recall, scene, answer)
    officer.goto(f"{scene.url}/packages/")
    assert "called back" in officer.inner_text("main")
    faults += seen(officer, "packages")
    assert faults == []


def apart(do: Callable[..., None], *given: Any) -> None:
    """Work in a thread of its own: in the browser's there is a loop, in which Django works for nobody."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(do, *given).result()


def composed(scene: Any, tmp_path: Path) -> Path:
    def line(number: int, **changes: Any) -> dict[str, Any]:
        address = {"number": "12", "street": "Marzipan Row", "city": "Boise", "state": "ID", "zip": "83702"}
        return {
            "request_key": f"key-{number:03d}", "name": {"given": "Zebulon", "surname": "Quillfeather"}, "address": address,
            "taxable_periods": ["2024"], "criminal_statute": "18 U.S.C. 1343", "statutory_authority": "28 U.S.C. 533",
            "proceeding": {"kind": "investigation", "case_number": f"CASE-{number:03d}", "opened": "2026-01-05", "status": "open"},
            "reasons": f"Voucher {number} was paid twice, and this person signed for both.", "engaged_officer": OFFICER,
            "items_requested": ["address"],
        } | changes  # fmt: skip

    lines = [line(201), line(202, address={"street": "Failed to Provide", "zip": "83702"})]
    raw = b"".join(canonical(one) + b"\n" for one in lines)
    form = Form.model_validate(form_of(OFFICIAL, "agency-head"))
    officers = {OFFICER: load_key(scene.keys[OFFICER])}
    made = compose(
        form,
        raw,
        "requests.jsonl",
        load_key(scene.keys[OFFICIAL]),
        officers,
        wiring.system_clock(),
        wiring.new_nonce(),
    )
    folder = tmp_path / "sent"
    folder.mkdir()
    for name, content in made.items():
        (folder / name).write_bytes(content)
    return folder


def decide(scene: Any, number: str) -> None:
    """What the holder's people do: one line is let go on, looked up, sampled and released."""
    gate, submission = wiring.open_home(scene.home), SubmissionId(number)

    def signed(kind: str, body: Any, who: str) -> bytes:
        return sign(kind, body, load_key(scene.keys[who]))

    fit = gate.memory.docket(submission)
    decision = scripts.decision_body(
        submission, fit, gate.now(), release=[a.checked.line.ordinal for a in fit]
    )
    pipeline.decide(gate, submission, signed("decision", decision, people.DISCLOSURE_OFFICER))
    (batch,) = gate.memory.batches(submission)
    looked = scripts.sample_body(submission, 1, batch.sample, gate.now())
    for who in (people.DISCLOSURE_OFFICER, people.COUNSEL):
        pipeline.look_at_sample(gate, submission, signed("sample", looked, who))
    body = scripts.authorisation_body(submission, 1, batch.ordinals, gate.now())
    pipeline.authorise(gate, submission, signed("authorisation", body, people.RELEASING_OFFICER))
    close_database()


def recall(scene: Any, answer: str) -> None:
    gate = wiring.open_home(scene.home)
    body = {"answer": answer, "due": f"{gate.now() + timedelta(days=9):%Y-%m-%d}", "reason": "an error"}
    complete.recall(gate, sign("recall", body, load_key(scene.keys[people.DISCLOSURE_OFFICER])))
    close_database()


def state(scene: Any, answer: str, out: Path) -> None:
    """The officer's own tool signs that the matter is closed."""
    words = [VERIFY, "statement", "closure", answer, "--used", "no", "--charged", "no"]
    words += ["--key", scene.keys[OFFICER], "--out", out]
    subprocess.run(list(map(str, words)), capture_output=True, text=True, check=True)


def verify(scene: Any, tmp_path: Path, package: Path, ack: Path) -> subprocess.CompletedProcess[str]:
    who = scene.keys[OFFICER]
    # What other tests had handed over to the same officer before this never came here.
    before = map(str, range(1, int(package.name.partition("-")[0])))
    words = [
        VERIFY, "package", package, "--policy", scene.home / "policy", "--log", scene.home / "ledger",
        "--identity", who.with_suffix(".age"), "--key", who, "--ack", ack, "--state", tmp_path / "state",
        *(word for number in before for word in ("--missing", number)),
    ]  # fmt: skip
    return subprocess.run(list(map(str, words)), capture_output=True, text=True, check=False)
