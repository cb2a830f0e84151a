"""``lawgate account``: who may open the service's pages, and whose machines may call its API. An operator makes accounts and hands over links; nobody's password is known to it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lawgate import service
from lawgate.accounts.roles import Post
from lawgate.cli.frame import (
    DEFAULT_HOME,
    HomeOption,
    JsonOption,
    new_app,
    progress,
    say,
    say_json,
    show_table,
)
from lawgate.gate import Gate

app = new_app("Accounts of the service: add, renew, close, list, and the machines that call for them.")

LoginArgument = Annotated[str, typer.Argument(help="What its owner types to sign in.")]


@app.command("add")
def add(
    login: LoginArgument,
    person: Annotated[str, typer.Option(help="The person's id in the register.")] = "",
    agency: Annotated[str, typer.Option(help="The person's agency.")] = "",
    post: Annotated[
        Post | None, typer.Option(help="For a post that has no key; instead of a person.")
    ] = None,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Make an account of an enrolled person, or of a post, and print a link that begins it: it works once, for a day."""
    if (post is None) != bool(person and agency) or (post is not None and (person or agency)):
        raise typer.BadParameter("give --person and --agency, or --post")
    gate = _opened(home)
    from lawgate.accounts import begin

    path = begin.add_post(login, post) if post else begin.add_account(gate, login, person, agency)
    _hand_over(home, path)


@app.command("renew")
def renew(login: LoginArgument, home: HomeOption = DEFAULT_HOME) -> None:
    """Forget an account's password and second factors, end its sessions, and print a new link. First make sure who asks."""
    _opened(home)
    from lawgate.accounts import begin

    _hand_over(home, begin.renew_account(login))


@app.command("close")
def close(login: LoginArgument, home: HomeOption = DEFAULT_HOME) -> None:
    """Let nobody in with an account any more; `renew` opens it again."""
    _opened(home)
    from lawgate.accounts import begin

    begin.close_account(login)
    say(f"{login} is closed")


@app.command("bind")
def bind(
    login: LoginArgument,
    subject: Annotated[str, typer.Option(help="What the provider's claim says of its owner.")],
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Let somebody of the identity provider that the settings name sign in to an account. First make sure who it is."""
    _opened(home)
    from lawgate.accounts import begin

    begin.bind(login, service.issuer_of(home), subject)
    say(f"{login} is bound")


@app.command("unbind")
def unbind(login: LoginArgument, home: HomeOption = DEFAULT_HOME) -> None:
    """Let nobody sign in to an account by an identity provider any more, and end its sessions."""
    _opened(home)
    from lawgate.accounts import begin

    begin.unbind(login)
    say(f"{login} is bound to nobody")


@app.command("add-machine")
def add_machine(
    login: LoginArgument,
    public: Annotated[str, typer.Option(help="The machine's public key, Ed25519: 64 hex digits.")],
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Let a machine call the API for an account, with a key that signs nothing else. Prints the key's id."""
    gate = _opened(home)
    from lawgate.accounts import calls

    say(calls.add_call_key(gate, login, public))


@app.command("remove-machine")
def remove_machine(
    keyid: Annotated[str, typer.Argument(help="The key's id.")], home: HomeOption = DEFAULT_HOME
) -> None:
    """Let a machine call no more."""
    _opened(home)
    from lawgate.accounts import calls

    calls.remove_call_key(keyid)
    say(f"{keyid} calls no more")


@app.command("list")
def list_accounts(home: HomeOption = DEFAULT_HOME, as_json: JsonOption = False) -> None:
    """List the accounts with what the register lets each of them do now."""
    gate = _opened(home)
    from lawgate.accounts import begin

    headings, rows = ("login", "closed", "may be"), begin.rows_of(gate)
    if as_json:
        say_json([dict(zip(headings, row, strict=True)) for row in rows])
    else:
        show_table("", headings, rows)


def _opened(home: Path) -> Gate:
    # Accounts are no part of the nine steps: whether scripts may decide is asked where pages are served.
    return service.open_accounts_of(home)


def _hand_over(home: Path, path: str) -> None:
    progress.print(
        "give this link to its owner by a way you trust; whoever has it first, has the account", markup=False
    )
    say(f"{service.url_of(home)}{path}")
