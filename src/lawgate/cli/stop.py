"""``lawgate stop``: court's and counsel's orders; they bite from the moment they are received."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lawgate import stop_orders, wiring
from lawgate.cli.frame import (
    DEFAULT_HOME,
    HomeOption,
    JsonOption,
    KeyOption,
    new_app,
    say,
    say_json,
    show_table,
)
from lawgate.cli.signing import own_document, read_object, sign_with
from lawgate.domain.steps import Json
from lawgate.domain.stop import Stop, StopScope
from lawgate.evidence.canonical import canonical

app = new_app("Stops: order, lift, list.")


@app.command("order")
def order(
    scope: Annotated[StopScope, typer.Option(help="What it reaches.")],
    authority: Annotated[str, typer.Option(help="The order's reference, e.g. a docket number.")],
    key: KeyOption,
    subject: Annotated[
        str, typer.Option(help="The pack, agency, submission or officer's keyid it reaches.")
    ] = "",
    person: Annotated[
        Path | None,
        typer.Option(
            help="For a person: a JSON file with name and address, never given as arguments.", exists=True
        ),
    ] = None,
    own_id: Annotated[
        str,
        typer.Option(
            "--id", help="The issuer's own id for the stop; one is made from the order if left out."
        ),
    ] = "",
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Order a stop. It reaches everything of its scope that has not been handed over."""
    gate = wiring.open_home(home)
    body: dict[str, Json] = {"act": "order", "scope": scope.value, "subject": subject, "authority": authority}
    if person is not None:
        body["person"] = read_object(person)
    # Named by a keyed fingerprint of what it says: the same order again is the same stop, and the name tells nobody whom it reaches.
    lifted = sum(s.lifted_at is not None for s in gate.memory.stops())
    stop = own_id or f"stop-{gate.fingerprint('stop', f'{lifted} {canonical(body).decode()}')[:16]}"
    # An id that the issuer gave may stand for another order: only the same one again is the same stop.
    same = [s for s in gate.memory.stops() if s.id == stop and s.bites_at(gate.now())]
    if same and (
        not own_id or (same[0].scope, same[0].subject, same[0].authority) == (scope, subject, authority)
    ):
        say(f"{stop} is in force already")
        return
    body["stop"] = stop
    with own_document():
        known, left = stop_orders.order_stop(gate, sign_with(gate, "stop", body, key))
    say(f"{known.id} is in force; {len(left)} answers of its scope had left before")
    for answer in left:
        say(f"  entry {answer.index}, handed over {answer.at:%Y-%m-%dT%H:%M:%SZ}")


@app.command("lift")
def lift(
    stop: Annotated[str, typer.Argument(help="The stop's id.")],
    authority: Annotated[str, typer.Option(help="The second order's reference.")],
    key: KeyOption,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Lift a stop by a second order."""
    gate = wiring.open_home(home)
    body: dict[str, Json] = {"act": "lift", "stop": stop, "authority": authority}
    with own_document():
        lifted = stop_orders.lift_stop(gate, sign_with(gate, "stop", body, key))
    say(f"{lifted.id} is lifted")


@app.command("list")
def list_stops(home: HomeOption = DEFAULT_HOME, as_json: JsonOption = False) -> None:
    """List all stops, lifted ones included."""
    headings = ("stop", "scope", "subject", "authority", "received", "lifted")
    rows = [_row(stop) for stop in wiring.open_home(home).memory.stops()]
    if as_json:
        say_json([dict(zip(headings, row, strict=True)) for row in rows])
    else:
        show_table("", headings, rows)


def _row(stop: Stop) -> tuple[object, ...]:
    subject = "(a person)" if stop.scope is StopScope.PERSON else stop.subject
    return (stop.id, stop.scope.value, subject, stop.authority, stop.received_at, stop.lifted_at or "")
