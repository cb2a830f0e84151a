"""The ``lawgate`` command: every group of commands, put together."""

from __future__ import annotations

import sys

from lawgate import __version__
from lawgate.cli import (
    account,
    address,
    answer,
    database,
    demo,
    doctor,
    erasure,
    home,
    incident,
    key,
    ledger,
    pack,
    recall,
    records,
    replay,
    report,
    review,
    root,
    sealer,
    serve,
    standing,
    statement,
    stop,
    subject,
    submission,
    vault,
    witness,
    worker,
)
from lawgate.cli.frame import new_app, run, say

app = new_app("Lawgate, a lawful-disclosure gateway.")
app.add_typer(submission.app, name="submission")
app.add_typer(review.app, name="review")
app.add_typer(answer.app, name="answer")
app.add_typer(stop.app, name="stop")
app.add_typer(standing.app, name="standing")
app.add_typer(key.app, name="key")
app.add_typer(vault.app, name="vault")
app.add_typer(address.app, name="address")
app.add_typer(records.app, name="records")
app.add_typer(ledger.app, name="ledger")
app.add_typer(pack.app, name="pack")
app.add_typer(report.app, name="report")
app.add_typer(incident.app, name="incident")
app.add_typer(erasure.app, name="erasure")
app.add_typer(erasure.preservation, name="preservation")
app.add_typer(recall.app, name="recall")
app.add_typer(statement.app, name="statement")
app.add_typer(subject.app, name="subject")
app.add_typer(root.app, name="root")
app.add_typer(witness.app, name="witness")
app.add_typer(sealer.app, name="sealer")
app.add_typer(account.app, name="account")
app.add_typer(database.app, name="database")
app.command("init")(home.init)
app.command("serve")(serve.serve)
app.command("worker")(worker.worker)
app.command("doctor")(doctor.doctor)
app.command("demo")(demo.demo)
app.command("replay-2025")(replay.replay_2025)


@app.command("version")
def version() -> None:
    """Print the version."""
    say(__version__)


def main() -> None:
    """Run the command line; exits with one of the codes of design section 6."""
    sys.exit(run(app))
