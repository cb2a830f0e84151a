"""What is printed: everything that a page says, black on white, with nothing to press, and each table's head on every sheet it runs over."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from invented.browsing import signed_in
from lawgate.rehearsal import people

pytestmark = pytest.mark.slow
SHEET = 700
"""Pixels between the margins of a Letter or A4 sheet."""
PRINTED = (
    (people.DISCLOSURE_OFFICER, ("docket", "group", "request", "waiting", "keys")),
    (people.FRAUD_HEAD, ("sent", "determinations", "send")),
    (people.OFFICERS[0], ("packages",)),
)
TO_PRESS = "nav a, button, input[type=file], .go, .doors"


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.mark.parametrize(("login", "names"), PRINTED)
def test_a_printed_page_is_black_on_white_and_has_nothing_to_press(
    browser: Any, scene: Any, everybody: Any, login: str, names: tuple[str, ...]
) -> None:
    page = signed_in(browser, scene, everybody[login])
    page.emulate_media(media="print", color_scheme="dark")
    page.set_viewport_size({"width": SHEET, "height": 900})
    for name in names:
        page.goto(scene.url + scene.pages()[name])
        colours = page.evaluate("(s => [s.color, s.backgroundColor])(getComputedStyle(document.body))")
        assert colours == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"], name
        shown = [found.inner_text() for found in page.locator(TO_PRESS).all() if found.is_visible()]
        assert shown == [], name
        assert page.evaluate("document.documentElement.scrollWidth") <= SHEET, name
        assert "Rehearsal." in page.inner_text("body"), name
    page.context.close()


def test_every_row_is_printed_and_each_sheet_has_the_head_of_its_table(
    browser: Any, scene: Any, everybody: Any, tmp_path: Path
) -> None:
    """On sheets so small that the docket's one table runs over several of them."""
    page = signed_in(browser, scene, everybody[people.DISCLOSURE_OFFICER])
    page.goto(f"{scene.url}/submissions/{scene.deciding}/docket/")
    rows = [row.split(",")[0] for row in page.locator("tbody th").all_inner_texts()]  # the rest may wrap
    assert len(rows) == len(set(rows)) > 10
    sheets = printed(page, tmp_path, width="210mm", height="105mm")
    with_rows = [sheet for sheet in sheets if any(row in sheet for row in rows)]
    assert len(with_rows) > 1
    assert all("Engaged officer" in sheet and "Shown to" in sheet for sheet in with_rows)
    whole = "\n".join(sheets)
    assert [row for row in rows if not re.search(rf"\b{re.escape(row)}\b", whole)] == []
    assert "Sign out" not in whole
    page.context.close()


def test_what_is_folded_away_on_the_screen_is_printed(
    browser: Any, scene: Any, everybody: Any, tmp_path: Path
) -> None:
    """The words of the law beside a request, and the table behind a chart."""
    page = signed_in(browser, scene, everybody[people.DISCLOSURE_OFFICER])
    for name, folded in (("request", "blockquote p"), ("waiting", "details td")):
        page.goto(scene.url + scene.pages()[name])
        assert not page.locator(folded).first.is_visible()
        said = " ".join(page.locator(folded).first.text_content().split())
        assert said in " ".join(" ".join(printed(page, tmp_path, format="Letter")).split()), name
    page.context.close()


def printed(page: Any, folder: Path, **size: str) -> list[str]:
    """Print a page; return the text of each sheet as it lies on it."""
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not there (Debian's package poppler-utils)")
    made = folder / "printed.pdf"
    page.pdf(path=made, prefer_css_page_size=False, **size)
    done = subprocess.run(
        ["pdftotext", "-layout", made, "-"], capture_output=True, text=True, check=True, timeout=60
    )
    return [sheet for sheet in done.stdout.split("\f") if sheet.strip()]
