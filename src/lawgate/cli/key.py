"""``lawgate key``: people's own keys: made by the person, enrolled and revoked at the gateway."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from lawgate import register, wiring
from lawgate.adapters.key_files import load_key
from lawgate.cli.frame import (
    DEFAULT_HOME,
    HomeOption,
    JsonOption,
    KeyOption,
    new_app,
    progress,
    say,
    say_json,
    show_table,
)
from lawgate.cli.signing import key_id, prepared_document
from lawgate.domain.standing import EnrolledKey, Role
from lawgate.evidence.envelope import sign

app = new_app("Keys of people: new, enrol, sign, revoke, list.")


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


@app.command("sign")
def sign_document(
    document: Annotated[
        Path, typer.Argument(help="A document that a page prepared, as it was taken from there.", exists=True)
    ],
    key: KeyOption,
    out: Annotated[Path, typer.Option(help="The signed document to write, for the page.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask after showing it.")] = False,
) -> None:
    """Sign with your key file a document that a page of the service prepared. It is shown first; needs no home."""
    kind, body = prepared_document(document)
    progress.print_json(json.dumps(body))
    if not yes and not typer.confirm(f"Sign this {kind}?", err=True):
        raise typer.Exit(2)
    out.write_bytes(sign(kind, body, load_key(key)))
    say(f"{out.name} holds it signed by {key_id(key)}")


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
