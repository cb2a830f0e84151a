"""Renders the report as one self-contained HTML file: no script, nothing loaded, everything escaped, nothing about a person."""

from __future__ import annotations

from collections.abc import Mapping

from lawgate.oversight.chart import funnel
from lawgate.oversight.data import DeficientEnd, Event, FollowedLine, ReportData
from lawgate.oversight.markup import Html, element, joined, table
from lawgate.oversight.reconcile import Reconciliation
from lawgate.oversight.style import STYLE, style_hash

BANNER = "Nobody on this page exists. Every request, record and decision was made by a script in a rehearsal."


def render(report: ReportData) -> str:
    """Return the whole page as text, to be written as UTF-8."""
    body = element("body", _banner(), _header(report), element("main", *_sections(report)), _footer(report))
    return "<!DOCTYPE html>\n" + element("html", _head(report), body, attrs={"lang": "en"}) + "\n"


def _head(report: ReportData) -> Html:
    policy = f"default-src 'none'; style-src '{style_hash()}'; base-uri 'none'; form-action 'none'"
    return element(
        "head",
        element("meta", attrs={"charset": "utf-8"}),
        element("meta", attrs={"http-equiv": "Content-Security-Policy", "content": policy}),
        element("meta", attrs={"name": "viewport", "content": "width=device-width, initial-scale=1"}),
        element("meta", attrs={"name": "referrer", "content": "no-referrer"}),
        element("title", f"{report.title} (synthetic)"),
        element("style", Html(STYLE)),
    )


def _banner() -> Html:
    inside = element("p", element("strong", "SYNTHETIC"), " · ", BANNER)
    return element("div", inside, attrs={"class": "banner", "role": "note", "aria-label": "Synthetic data"})


def _header(report: ReportData) -> Html:
    first, last = report.steps[0].lines, sum(row.lines for row in report.dispositions if row.letter == "A")
    touched = sum(end.lookups for end in report.deficient)
    exact = report.reconciliation.exact
    figures = (
        (str(first), "requests received"),
        (str(last), "answered under seal, each logged first"),
        (str(touched), f"records touched for the {len(report.deficient)} deficient submissions"),
        (str(report.head.size), "entries in the public log"),
        ("exact" if exact else "NOT exact", "reconciliation of all counts"),
    )
    tiles = [element("li", element("b", number), element("span", words)) for number, words in figures]
    return element(
        "header",
        element("h1", report.title),
        element(
            "p",
            f"A lawful-disclosure gateway answers requests under {report.ground}. ",
            _made(report),
            attrs={"class": "soft"},
        ),
        element("ul", *tiles, attrs={"class": "figures"}),
    )


def _made(report: ReportData) -> str:
    return f"Made {report.made:%d %B %Y, %H:%M} UTC by Lawgate {report.version}."


def _sections(report: ReportData) -> tuple[Html, ...]:
    parts = (
        ("The nine steps", _steps(report)),
        ("What became of the lines", _dispositions(report)),
        ("One answer and one refusal, followed through the log", _followed(report)),
        ("What the deficient submissions ended in", _deficient(report)),
        *((("Answers held against the truth", _measured(report)),) if report.measured else ()),
        ("Do the counts agree?", _reconciliation(report.reconciliation)),
        ("Check it yourself", _checks(report)),
    )
    return tuple(
        element(
            "section",
            element("h2", title, attrs={"id": f"part-{n}"}),
            part,
            attrs={"aria-labelledby": f"part-{n}"},
        )
        for n, (title, part) in enumerate(parts, 1)
    )


def _steps(report: ReportData) -> Html:
    words = "The law is checked first; a record is touched only at step 5, once for each approved request."
    rows = [(f"{s.number} {s.word}", s.sentence, s.lines, _counts(s.ended)) for s in report.steps]
    chart = element(
        "div", funnel(report.steps, narrow=False), funnel(report.steps, narrow=True), attrs={"class": "card"}
    )
    numbers = table(
        "The same as a table", ("Step", "What happens", "Lines", "Ended or wait here"), rows, (2,)
    )
    return joined(element("p", words), chart, numbers)


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{number} {word}" for word, number in counts.items() if number) or "none"


def _letter(letter: str) -> Html:
    return element("span", letter, attrs={"class": "letter good" if letter == "A" else "letter bad"})


def _dispositions(report: ReportData) -> Html:
    words = (
        "Each line ends with one letter. Reasons on the request's side are told in full, with the provision. What the records "
        "hold is told inside the sealed envelope only: released, confirmed and no answer all show as A."
    )
    rows = [
        (joined(_letter(r.letter), " ", r.meaning), r.code or "none needed", r.sentence, r.citation, r.lines)
        for r in report.dispositions
    ]
    headings = ("Disposition", "Code", "What it means", "Provision or policy", "Lines")
    return joined(element("p", words), table("Lines by disposition and reason", headings, rows, (4,)))


def _followed(report: ReportData) -> Html:
    return joined(
        element(
            "p",
            "Each step below names its entry in the log by index and leaf hash (shortened). "
            "Values are committed to, never written: the log and this page hold none of them.",
        ),
        element("div", _walk(report.answer), _walk(report.refusal), attrs={"class": "two"}),
    )


def _walk(line: FollowedLine) -> Html:
    steps = element("ol", *(_event(event) for event in line.events), attrs={"class": "walk"})
    return element(
        "div", element("h3", line.title), element("p", line.outcome), steps, attrs={"class": "card"}
    )


def _event(event: Event) -> Html:
    script = (
        joined(" ", element("span", "a script", attrs={"class": "mark script"}))
        if event.scripted
        else Html("")
    )
    who = joined(" by ", event.who, script) if event.who else Html("")
    return element(
        "li",
        element("b", event.step),
        event.what,
        element("span", _where(event), who, attrs={"class": "where"}),
    )


def _where(event: Event) -> Html:
    if event.index is None:
        return joined("no log entry of its own,")
    return joined("log entry ", event.index, " ", event.entry, " ", element("code", shortened(event.leaf)))


def shortened(digest: str) -> str:
    """Show the first 12 characters of a digest, and that there are more."""
    return digest if len(digest) <= 12 else f"{digest[:12]}…"


def _deficient(report: ReportData) -> Html:
    words = (
        "Each repeats, in small, something that is on record about the exchange of 2025. None reached step 5."
        if not any(end.lookups for end in report.deficient)
        else "Records were touched for a deficient submission: that must never happen."
    )
    headings = ("Submission", "What is wrong with it", "How it ended", "Lines", "Reasons", "Look-ups")
    rows = [_deficient_row(end) for end in report.deficient]
    return joined(element("p", words), table("Deficient submissions", headings, rows, (5,)))


def _deficient_row(end: DeficientEnd) -> tuple[Html | str | int, ...]:
    letters = ", ".join(f"{number} {letter}" for letter, number in end.letters.items()) or "none read"
    return (end.name, end.story, end.ended, letters, ", ".join(end.codes), end.lookups)


def _measured(report: ReportData) -> Html:
    asked, right = sum(r.requests for r in report.measured), sum(r.right for r in report.measured)
    words = (
        f"Whom each request is about is known, in a file apart from requests and records. {right} of {asked} requests ended as they "
        f"must; {report.wrong_person} answers were about the wrong person. The rest are people on record of whom nothing was told."
    )
    rows = [(r.difficulty, r.requests, r.right) for r in report.measured]
    causes = list(report.missed_by_cause.items())
    return joined(
        element("p", words),
        table("By whom they are about", ("Asked about", "Requests", "Right"), rows, (1, 2)),
        *((table("Why nothing was told", ("Cause", "Requests"), causes, (1,)),) if causes else ()),
    )


def _reconciliation(result: Reconciliation) -> Html:
    words = (
        "Every comparison holds."
        if result.exact
        else f"{len(result.broken())} comparisons do not hold: nothing may be relied on."
    )
    rows = [(e.name, e.left, e.right, _holds(e.holds)) for e in result.equalities]
    headings = ("What must agree", "Left", "Right", "Holds")
    return joined(
        element("p", words), table("Counts of the memory, the lines and the log", headings, rows, (1, 2))
    )


def _holds(holds: bool) -> Html:
    return element(
        "span", "✓ yes" if holds else "✗ NO", attrs={"class": "mark good" if holds else "mark bad"}
    )


def _checks(report: ReportData) -> Html:
    head = report.head
    words = (
        f"The log {head.origin} has {head.size} entries; its root hash begins {shortened(head.root)}; "
        f"{', '.join(head.witnesses) or 'no witness'} cosigned it. The checker is a second program that shares no code with the gateway."
    )
    commands = [
        joined(
            element("pre", element("code", check.command)),
            element("p", check.proves, attrs={"class": "soft"}),
        )
        for check in report.checks
    ]
    return joined(element("p", words), *commands)


def _footer(report: ReportData) -> Html:
    return element("footer", element("p", _made(report), " This file loads nothing and runs no script."))
