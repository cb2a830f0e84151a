"""``lawgate key``: people's own keys: made by the person, enrolled and revoked at the gateway."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lawgate import register, wiring
from lawgate.cli.frame import DEFAULT_HOME, HomeOption, JsonOption, new_app, say, say_json, show_table
from lawgate.domain.standing import EnrolledKey, Role

app = new_app("Keys of people: new, enrol, revoke, list.")


@app.command("new")
def new(
    out: Annotated[Path, typer.Argument(help="The signing key's file to write, readable by you alone.")],
    receive: Annotated[
        Path | None,
        typer.Option(help="Also write an age identity here: an engaged officer's, to open answers."),
    ] = None,
) -> None:
    """Make a person's key. Prints the public key and, with --receive, the recipient to enrol; needs no home."""
    public, recipient = wiring.new_person_key(out, receive)
    say(f"public = {public}")
    if recipient:
        say(f"recipient = {recipient}")


@app.command("enrol")
def enrol(
    public: Annotated[str, typer.Option(help="The public key: 64 hex digits, a passkey's 66.")],
    person: Annotated[str, typer.Option(help="The person's id.")],
    agency: Annotated[str, typer.Option(help="The person's agency.")],
    role: Annotated[Role, typer.Option(help="What the key may be used for.")],
    recipient: Annotated[str | None, typer.Option(help="An engaged officer's age recipient.")] = None,
    custodian: Annotated[str | None, typer.Option(help="Who keeps the receiving key.")] = None,
    location: Annotated[str | None, typer.Option(help="Where it is kept.")] = None,
    relying_party: Annotated[
        str | None, typer.Option(help="A passkey's domain: that of the pages on which it signs.")
    ] = None,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Enrol a person's key for one role. An engaged officer's needs recipient, custodian and location; nobody else's may have them."""
    gate = wiring.open_home(home)
    key = EnrolledKey(
        keyid=register.public_key(public),
        public=public,
        person=person,
        agency=agency,
        role=role,
        since=gate.now(),
        recipient=recipient,
        custodian=custodian,
        location=location,
        relying_party=relying_party,
    )
    say(register.enrol_key(gate, key))


@app.command("revoke")
def revoke_key(
    keyid: Annotated[str, typer.Argument(help="The key's id.")], home: HomeOption = DEFAULT_HOME
) -> None:
    """Revoke a key from now on. Nothing more is sealed to it or decided with it."""
    register.revoke_key(wiring.open_home(home), keyid)
    say(f"{keyid} is revoked")


@app.command("list")
def list_keys(home: HomeOption = DEFAULT_HOME, as_json: JsonOption = False) -> None:
    """List enrolled keys, revoked ones included."""
    keys = wiring.open_home(home).memory.standing().keys
    rows = [
        (k.keyid, k.person, k.agency, k.role.value, "script" if k.scripted else "", k.since, k.until or "")
        for k in keys
    ]
    headings = ("keyid", "person", "agency", "role", "scripted", "since", "until")
    if as_json:
        say_json([dict(zip(headings, row, strict=True)) for row in rows])
    else:
        show_table("", headings, rows)
