"""``lawgate ledger``: the gateway's own check of its log, and proofs for outsiders."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Annotated

import typer

from lawgate import places, upkeep, wiring
from lawgate.cli.frame import DEFAULT_HOME, HomeOption, JsonOption, new_app, progress, say, say_json
from lawgate.gate import heartbeat as beat
from lawgate.gate import publish, shard_of
from lawgate.ledger import append, audit
from lawgate.ledger.leaves import check_leaf
from lawgate.settings import load_settings
from lawgate.subject import tag_answers

app = new_app("The log: verify, prove, heartbeat, succeed, prune.")


@app.command("verify")
def verify(
    at: Annotated[str, typer.Option(help="Check the log as it is served at this http(s) prefix.")] = "",
    home: HomeOption = DEFAULT_HOME,
    as_json: JsonOption = False,
) -> None:
    """Recompute the log: every entry, tile, root and signature. `lawgate-verify ledger` does the same without our code."""
    gate = wiring.open_home(home)
    summary = audit.verify_log(upkeep.ledger_at(at) if at else gate.tiles, gate.policy, gate.earlier)
    stamps = upkeep.check_stamps(home)
    if as_json:
        say_json({**dataclasses.asdict(summary), "timestamps": stamps})
    else:
        say(f"{summary.size} entries, root {summary.root}: all recomputed, log and quorum signatures good")
        for kind, count in sorted(summary.entries_by_type.items()):
            say(f"  {count} {kind}")
        if stamps:
            say(f"{stamps} timestamps verified")


@app.command("prove")
def prove(
    index: Annotated[int, typer.Argument(min=0, help="The entry's number, counted through all years.")],
    out: Annotated[Path | None, typer.Option(help="Write the proof here instead of standard output.")] = None,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Write the C2SP tlog-proof of one entry, the entry itself in its extra line."""
    gate = wiring.open_home(home)
    shard = shard_of(gate, index)
    proof = str(append.prove(index - shard.base, shard.tiles, shard.policy))
    if out is None:
        say(proof.rstrip("\n"))
    else:
        out.write_text(proof, encoding="utf-8")


@app.command("succeed")
def succeed(
    origin: Annotated[str, typer.Option(help="The new log's name, e.g. gateway.example/disclosures/2027.")],
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Begin the next year's log, with a new key; its second entry commits to this one's last head. Also after a log key was stolen."""
    gate = upkeep.succeed_log(home, origin)
    say(f"{origin} begins with entry {gate.base}; its key, for the witnesses: {gate.policy.log}")
    if load_settings(home / wiring.SETTINGS_FILE).sealer and not (home / places.ROOTS_FILE).exists():
        policy = places.places_of(home)[-1] / places.POLICY_FILE
        say(f"nothing leaves until the sealer trusts the policy {policy}: see `lawgate sealer`")
    publish(gate)


@app.command("prune")
def prune(home: HomeOption = DEFAULT_HOME) -> None:
    """Remove partial tiles and bundles that full ones have superseded (C2SP tlog-tiles)."""
    say(f"{upkeep.prune_ledger(home)} superseded files removed")


@app.command("heartbeat")
def heartbeat(home: HomeOption = DEFAULT_HOME) -> None:
    """The day's entries, so that silence is visible: answers' tags, a heartbeat, cosignatures, and the day's timestamp if one is configured."""
    gate = wiring.open_home(home)
    size = beat(gate)
    size += tag_answers(gate)
    say(f"{size} entries")
    day = upkeep.stamp_ledger(home)
    if day is not None:
        say(f"stamped for {day}")
    year = str(check_leaf(gate.memory.entries(gate.base, gate.base + 1)[0])["time"])[:4]
    if year != f"{gate.now():%Y}":
        progress.print(f"this log began in {year}; begin its successor with `lawgate ledger succeed`")
