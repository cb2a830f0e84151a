"""``lawgate pack``: the statutes this code knows, each with its words, rules and authorities."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from lawgate import wiring
from lawgate.adapters import pack_shelf
from lawgate.cli import pack_compare, pack_new
from lawgate.cli.frame import JsonOption, new_app, progress, say, say_json, show_table
from lawgate.domain.errors import SettingsError, StatuteError
from lawgate.oversight.code_page import codes_page, offences_page
from lawgate.oversight.pack_page import render_pack
from lawgate.statutes.pack import Pack
from lawgate.statutes.packs.usc26_6103_i_2.checklists import CHECKLISTS
from lawgate.statutes.text import misquoted

app = new_app("Packs: list, show, verify, compare two readings, replay the past under another one.")
app.command("diff")(pack_compare.diff)
app.command("new")(pack_new.new)
app.command("replay")(pack_compare.replay)


@app.command("list")
def list_packs(as_json: JsonOption = False) -> None:
    """List the packs; needs no home."""
    headings = ("id", "version", "in force from", "until", "applied", "citation", "rules", "title")
    rows = [
        (
            p.id,
            p.version,
            p.since or "",
            p.until or "",
            "yes" if p.applied else "no",
            p.citation,
            len(p.rules),
            p.title,
        )
        for ground in wiring.GROUNDS
        for p in ground.versions
    ]
    if as_json:
        say_json([dict(zip(headings, row, strict=True)) for row in rows])
    else:
        show_table("", headings, rows)


@app.command("show")
def show(
    pack: Annotated[str, typer.Argument(help="The pack's id, or id@version.")],
    as_json: JsonOption = False,
    as_html: Annotated[
        bool,
        typer.Option("--html", help="Print one page: each provision beside its rules, cases and authority."),
    ] = False,
) -> None:
    """Show a pack's elements: provision, statute or policy, what is asked, which facts it sees. Needs no home."""
    known = wiring.pack_named(pack)
    if as_html:
        say(render_pack(pack_shelf.pack_files(known)).rstrip())
        return
    headings = ("rule", "basis", "citation", "code", "what must be so", "facts")
    rows = [(r.id, r.basis.value, r.citation, r.code, r.sentence, ", ".join(r.facts)) for r in known.rules]
    if as_json:
        say_json([dict(zip(headings, row, strict=True)) for row in rows])
        return
    span = f"in force from {known.since or 'no day named'}{f' until {known.until}' if known.until else ''}"
    say(f"{known.title} ({known.citation}), version {known.version}, {span}")
    if not known.applied:
        say("Kept for comparison; nothing is answered under it.")
    for authority in known.rests_on:
        say(f"Rests on {authority}")
    for source in known.sources:
        say(f"Words from: {source.file}, {source.day}: {source.name}")
    for permitted in known.permitted:
        say(f"May be given: {permitted.item}, from {', '.join(permitted.sources)} ({permitted.authority})")
    say(f"The least answer rests on: {known.minimising}")
    for switch in known.switches:
        say(f"{switch.name}: {'yes' if switch.value else 'no'} ({switch.authority})")
    for step in known.steps:
        say(f"{step.id}, {step.basis.value}, by the {step.by.value}: {step.sentence} ({step.citation})")
    show_table("", headings, rows)


@app.command("codes")
def codes() -> None:
    """Print the page of all reason codes, as docs/codes.md. Needs no home."""
    say(codes_page().rstrip())


@app.command("offences")
def offences() -> None:
    """Print the page of the offences whose elements are looked at, as docs/offences.md. Needs no home."""
    say(offences_page(CHECKLISTS).rstrip())


@app.command("verify")
def verify(
    pack: Annotated[str, typer.Argument(help="The pack's id; all packs if none is named.")] = "",
    as_json: JsonOption = False,
    every: Annotated[bool, typer.Option("--all", help="All packs; the same as naming none.")] = False,
    write: Annotated[
        bool, typer.Option("--write", help="Write proof.json beside the pack, if the proof holds.")
    ] = False,
    law: Annotated[
        Path | None,
        typer.Option(
            envvar="LAWGATE_LAW",
            help="The folder of the law files: every quotation is compared with them.",
            exists=True,
            file_okay=False,
        ),
    ] = None,
) -> None:
    """Prove packs against their words and cases, and their committed proofs against that; exits with 7 if anything fails."""
    if pack and every:
        raise SettingsError("name a pack or ask for --all, not both")
    wanted = [wiring.pack_named(pack)] if pack else list(wiring.PACKS)
    results = [_verify(known, law, write=write) for known in wanted]
    if as_json:
        say_json(results)
    else:
        for result in results:
            _say_result(result)
        if len(results) > 1:
            _say_total(results)
    if any(result["failures"] for result in results):
        raise typer.Exit(StatuteError.exit_code)


def _verify(pack: Pack, law: Path | None, *, write: bool) -> dict[str, object]:
    progress.print(f"proving {pack.id} …")
    begun = time.perf_counter()
    proof = wiring.prove_pack(pack)
    seconds = round(time.perf_counter() - begun, 1)
    failures = [*_misquotations(pack, law), *proof.failures]
    if write and not failures:
        pack_shelf.write_proof(pack, proof)
    if pack_shelf.committed_proof(pack) != proof.document():
        failures.append("proof.json is not the proof of this pack; `lawgate pack verify --write` writes it")
    return {**proof.document(), "failures": failures, "seconds": seconds}


def _misquotations(pack: Pack, law: Path | None) -> list[str]:
    """Return what of the page is not word for word in the law files named; nothing where none are."""
    if law is None:
        return []
    text, laws = pack_shelf.pack_files(pack).text, pack_shelf.laws_in(law)
    missing = [s.file for s in pack.sources if s.file not in laws]
    said = [f"pack.toml, [[source]]: {name} is not in the folder of the law files" for name in missing]
    quoted = misquoted(text, [laws[s.file] for s in pack.sources if s.file in laws])
    return [
        *said,
        *(f"text.md: not word for word in its source: “{words[:60]}…”; copy it again" for words in quoted),
    ]


def _say_total(results: Sequence[dict[str, object]]) -> None:
    """Say of all packs together what was encoded and what was tried."""

    def total(part: str, what: str) -> int:
        counts = [result["counts"] for result in results]
        return sum(c.get(part, {}).get(what, 0) for c in counts if isinstance(c, dict))

    tried = total("elements", "tried") + total("lines", "tried") + total("pairs", "tried")
    provisions, excused = total("pack", "provisions"), total("pack", "excused")
    say(
        f"{len(results)} packs: {provisions - excused} provisions encoded, {excused} excused; {total('pack', 'elements')} elements with "
        f"{total('pack', 'alternatives')} alternatives; {total('pack', 'cases')} cases; {tried:,} abstract requests; "
        f"{total('mutants', 'noticed')} of {total('mutants', 'tried')} mutants killed"
    )


def _say_result(result: dict[str, object]) -> None:
    counts, failures = result["counts"], result["failures"]
    if isinstance(counts, dict):
        rows = [
            (name, ", ".join(f"{n:,} {what}" for what, n in tried.items())) for name, tried in counts.items()
        ]
        show_table(f"{result['pack']}, version {result['version']}", ("proof", "counts"), rows)
    if isinstance(failures, list):
        for failure in failures:
            say(f"FAILED {failure}")
        say(
            f"{result['pack']}: {f'{len(failures)} failures' if failures else 'proved'} in {result['seconds']} seconds"
        )
