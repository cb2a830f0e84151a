"""Renders a pack as one self-contained page for lawyers: each provision beside its rules, their outcomes, their cases, their authority."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from lawgate.domain.code import CODES
from lawgate.domain.finding import Outcome
from lawgate.oversight.markup import Html, element, joined, table
from lawgate.oversight.style import STYLE, style_hash
from lawgate.statutes.binding import read_bonds
from lawgate.statutes.cases import GOES_ON, Case
from lawgate.statutes.pack import Pack
from lawgate.statutes.precedence import BARS, Effect, meetings
from lawgate.statutes.proof import PackFiles
from lawgate.statutes.rule import Element, Rule
from lawgate.statutes.text import headings, own_words

_MEANING = {
    Outcome.MET: "met",
    Outcome.ASK: "a named person is asked",
    Outcome.UNKNOWN: "not known: returned as incomplete",
    Outcome.UNMET: "not met: refused",
}
_EFFECT = {Effect.STOPS: "stops", Effect.CONFLICT: "stops, and is put to a person"}
_ENDS = {GOES_ON: "may go on", "X": "refused", "I": "returned as incomplete"}


def render_pack(files: PackFiles) -> str:
    """Return the whole page as text, to be written as UTF-8. It holds nothing but the pack: law, rules and invented cases."""
    pack = files.pack
    policy = f"default-src 'none'; style-src '{style_hash()}'; base-uri 'none'; form-action 'none'"
    head = element(
        "head",
        element("meta", attrs={"charset": "utf-8"}),
        element("meta", attrs={"http-equiv": "Content-Security-Policy", "content": policy}),
        element("meta", attrs={"name": "viewport", "content": "width=device-width, initial-scale=1"}),
        element("title", f"{pack.citation}: {pack.title}"),
        element("style", Html(STYLE)),
    )
    body = element("body", _header(files), element("main", *_sections(files)), _footer(pack))
    return "<!DOCTYPE html>\n" + element("html", head, body, attrs={"lang": "en"}) + "\n"


def _header(files: PackFiles) -> Html:
    pack, bonds = files.pack, read_bonds(files.particulars)
    provisions = headings(files.text)
    encoded = sum(1 for heading in provisions if heading not in bonds.excused)
    figures = (
        (encoded, "provisions encoded"),
        (len(bonds.excused), "excused, each with its reason"),
        (len(pack.rules), "elements, each of which must be met"),
        (len(files.worked()), "worked cases"),
    )
    tiles = [element("li", element("b", number), element("span", words)) for number, words in figures]
    until = f" until {_day(pack.until)}" if pack.until else ""
    return element(
        "header",
        element("h1", pack.citation),
        element("p", pack.title),
        element(
            "p",
            f"Version {pack.version}, in force from {_day(pack.since)}{until}. ",
            _standing(pack),
            attrs={"class": "soft"},
        ),
        element("ul", *tiles, attrs={"class": "figures"}),
    )


def _standing(pack: Pack) -> str:
    return (
        "Requests are checked under it."
        if pack.applied
        else "Kept for comparison: nothing is answered under it."
    )


def _day(day: object) -> str:
    return f"{day:%-d %B %Y}" if day is not None else "a day not known here"


def _sections(files: PackFiles) -> Iterator[Html]:
    yield _section("What it rests on", _authorities(files.pack))
    yield _section("The words, and the rules written from them", *_provisions(files))
    yield _section("What may be given", _given(files.pack))
    yield _section("What a bar on a record means beside it", _bars(files.pack))
    if files.pack.steps:
        yield _section("What people must do, which no rule can", _steps(files.pack))


def _section(title: str, *content: Html) -> Html:
    return element("section", element("h2", title), *content)


def _authorities(pack: Pack) -> Html:
    rests = [element("li", element("b", a.kind.value), " ", a.name) for a in pack.rests_on]
    sources = [
        element(
            "li", element("b", "text"), f" {s.name}: ", element("code", s.file), f", SHA-256 {s.sha256[:16]}…"
        )
        for s in pack.sources
    ]
    parts = [element("ul", *rests, *sources, attrs={"class": "plain"})]
    if pack.switches:
        rows = [(_words(s.name), "yes" if s.value else "no", str(s.authority)) for s in pack.switches]
        parts.append(
            table("Questions the words leave open", ("question", "answer", "on whose authority"), rows)
        )
    return element("div", *parts, attrs={"class": "card"})


def prose(text: str) -> Html:
    """Set what a text has between backticks as code; the rest stays text."""
    return joined(*(element("code", part) if n % 2 else part for n, part in enumerate(text.split("`"))))


def _words(name: str) -> str:
    return name.replace("_", " ")


def _provisions(files: PackFiles) -> Iterator[Html]:
    excused, own = read_bonds(files.particulars).excused, own_words(files.text)
    cases = files.worked()
    for heading, quoted in headings(files.text).items():
        words = [element("blockquote", *(element("p", p) for p in quoted if p.strip()))] if quoted else []
        comment = element("p", prose(own[heading]), attrs={"class": "soft"}) if own[heading] else ""
        rules = [_rule(e, cases) for e in files.pack.rules if e.anchor == heading]
        if heading in excused:
            rules = [
                joined(
                    element("span", "no rule", attrs={"class": "mark"}), element("p", prose(excused[heading]))
                )
            ]
        yield element(
            "div",
            element("h3", heading),
            element(
                "div", element("div", *words, comment), element("div", *rules), attrs={"class": "beside"}
            ),
            attrs={"class": "card"},
        )


def _rule(rule: Element, cases: Sequence[Case]) -> Html:
    parts: list[Html | str] = [
        element("h4", element("code", rule.id), " ", rule.sentence),
        element(
            "p",
            element("b", rule.basis.value),
            f" · {rule.citation} · code {rule.code}: {CODES[rule.code].sentence}",
        ),
        element("p", "It sees ", ", ".join(rule.facts), ".", attrs={"class": "soft"}),
    ]
    for alternative in () if isinstance(rule, Rule) else rule.rules:
        parts.append(element("p", element("code", alternative.id), f" or: {alternative.sentence}"))
    questions = [r.question for r in ((rule,) if isinstance(rule, Rule) else rule.rules) if r.question]
    parts += [element("p", element("b", "Asked: "), question) for question in questions]
    parts.append(_outcomes(_tried(rule.id, cases)))
    return element("div", *parts, attrs={"class": "rule"})


def _tried(rule: str, cases: Sequence[Case]) -> dict[Outcome, list[Case]]:
    found: dict[Outcome, list[Case]] = {}
    for case in cases:
        if rule in case.find:
            found.setdefault(case.find[rule], []).append(case)
    return found


def _outcomes(tried: Mapping[Outcome, Sequence[Case]]) -> Html:
    rows = []
    for outcome in (o for o in _MEANING if o in tried):
        kind = "good" if outcome in (Outcome.MET, Outcome.ASK) else "bad"
        mark = element("span", outcome.value, attrs={"class": f"mark {kind}"})
        titles = [element("li", case.title, f" ({_ENDS[case.end]})") for case in tried[outcome]]
        rows.append(element("li", mark, " ", _MEANING[outcome], element("ul", *titles)))
    return element("ul", *rows, attrs={"class": "outcomes"})


def _given(pack: Pack) -> Html:
    rows = [(p.item, ", ".join(p.sources), p.authority) for p in pack.permitted]
    offices = ", ".join(map(_words, pack.offices)) or "nobody"
    justice = (
        f"; at the Department of Justice also: {', '.join(pack.justice_offices)}"
        if pack.justice_offices
        else ""
    )
    return element(
        "div",
        table("Items and where they may come from", ("item", "sources, best first", "authority"), rows)
        if rows
        else element("p", "Nothing."),
        element("p", f"Who is heard: {offices}{justice}."),
        element("p", f"The least answer rests on: {pack.minimising}."),
        element("p", f"Disclosures are {'accounted for' if pack.accounted else 'not accounted for'}."),
        element("p", f"Terms of use: {pack.terms}"),
        attrs={"class": "card"},
    )


def _bars(pack: Pack) -> Html:
    rows = [
        (met.bar, CODES[met.bar].sentence, _EFFECT[met.effect], met.why) for met in meetings(pack.id, BARS)
    ]
    return element(
        "div",
        table("Nothing is told under any of them", ("bar", "what it marks", "what follows", "why"), rows),
        attrs={"class": "card"},
    )


def _steps(pack: Pack) -> Html:
    rows = [(s.id, s.sentence, s.citation, s.kept) for s in pack.steps]
    return element(
        "div",
        table("By the releasing officer", ("step", "what", "citation", "where it is kept"), rows),
        attrs={"class": "card"},
    )


def _footer(pack: Pack) -> Html:
    said = (
        f"Rendered from the pack {pack.name}. Its words are of the day their source names; counsel confirms the current text before anybody "
        "relies on it. Everybody in the cases is invented."
    )
    return element("footer", element("p", said))
