"""What every command shares: the home option, output as text or JSON, errors as exit codes (design section 6)."""

from __future__ import annotations

import dataclasses
import ipaddress
import json
import sys
import time
import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import chain, repeat
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from lawgate.domain.errors import LawgateError, SettingsError

progress = Console(stderr=True, highlight=False)
"""People read this; it never carries personal data."""

HomeOption = Annotated[
    Path, typer.Option("--home", envvar="LAWGATE_HOME", help="The gateway's home folder.", show_default=True)
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON on standard output.")]
KeyOption = Annotated[
    Path, typer.Option("--key", help="The signing person's key file.", exists=True, dir_okay=False)
]

DEFAULT_HOME = Path("lawgate-home")

TELL_EVERY = 5.0  # seconds
SOME_REFUSED = 3
REJECTED = 4
STOPPED = 5
LEDGER_FAILED = 6
TRY_AGAIN = 75


class Meter:
    """A gate's ``watch`` that tells on stderr, every few seconds, how far one step has come in reading a submission of ``total`` lines (0: unknown)."""

    def __init__(
        self,
        total: int,
        seconds: Callable[[], float] = time.monotonic,
        tell: Callable[[str], None] | None = None,
        step: str = "receive",
    ) -> None:
        self._total = total
        self._step = step
        self._seconds = seconds
        self._tell = tell or (lambda text: progress.print(text, markup=False, soft_wrap=True))
        self._begun = self._told = seconds()
        self._lines = 0

    def __call__(self, step: str, lines: int, _seconds: float) -> None:
        """Count what a step did."""
        if step != self._step:
            return
        self._lines += lines
        now = self._seconds()
        if not self._lines:
            self._begun = now
        if now - self._told < TELL_EVERY:
            return
        self._told = now
        if not self._lines:
            self._tell("verifying attestations")
            return
        rate = self._lines / (now - self._begun)
        of, left = "", ""
        if self._total >= self._lines:
            of = f" of {self._total:,}"
            left = f", about {(self._total - self._lines) / rate:,.0f} s left"
        self._tell(f"read {self._lines:,}{of} lines, {rate:,.0f} a second{left}")


def new_app(help_text: str) -> typer.Typer:
    """Make a command group that never prints the values of local variables."""
    return typer.Typer(
        help=help_text, no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False
    )


def listening_at(listen: str, *, public: bool) -> tuple[str, int]:
    """Read an address and a port to listen at. Raises SettingsError if it is none, or other machines reach it and that is not meant."""
    host, _, port = listen.rpartition(":")
    try:
        address, number = ipaddress.ip_address(host.strip("[]")), int(port)
    except ValueError:
        raise SettingsError(
            "--listen takes an IP address, a colon and a port, such as 127.0.0.1:7380"
        ) from None
    if not 0 <= number < 1 << 16:
        raise SettingsError("--listen: a port is a number below 65536")
    if not (address.is_loopback or public):
        raise SettingsError(
            "--listen names an address that other machines can reach; say --public if that is meant"
        )
    return str(address), number


def say(text: str) -> None:
    """Write one line of data to standard output."""
    sys.stdout.write(text + "\n")


def say_json(value: object) -> None:
    """Write a value to standard output as JSON: dataclasses as objects, moments in ISO 8601."""
    say(json.dumps(value, indent=2, ensure_ascii=False, default=_plain))


def say_json_lists(lists: Mapping[str, Iterable[object]]) -> None:
    """Write an object of lists as ``say_json`` would, but for the white space, taking the lists' values one by one."""
    names = (f"{json.dumps(name, ensure_ascii=False)}: [" for name in lists)
    sys.stdout.write("{")
    for before, name, values in zip(chain([""], repeat(", ")), names, lists.values(), strict=False):
        sys.stdout.write(before + name)
        for number, value in enumerate(values):
            sys.stdout.write(
                (",\n" if number else "\n") + json.dumps(value, ensure_ascii=False, default=_plain)
            )
        sys.stdout.write("]")
    say("}")


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if dataclasses.is_dataclass(value):
        # Not dataclasses.asdict: it makes a wrong copy of a Counter.
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, (set, tuple)):
        return list(value)
    return str(value)


def show_table(title: str, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a table to standard output; not a terminal gets the same table without colour."""
    table = Table(title=title, title_justify="left")
    for heading in headings:
        table.add_column(heading)
    for row in rows:
        table.add_row(*(str(cell) for cell in row))
    Console(highlight=False, width=None if sys.stdout.isatty() else 140).print(table)


def run(app: Callable[[], object]) -> int:
    """Run the command line and turn how it ends into an exit code.

    Our own errors say what to do and never carry personal data. Of any other exception only its kind and place are shown,
    because its text might hold a person's data.
    """
    try:
        app()
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 1
    except LawgateError as fault:
        progress.print(f"lawgate: {fault}", markup=False, soft_wrap=True)
        return fault.exit_code
    except KeyboardInterrupt:
        progress.print("lawgate: interrupted; run the same command again to go on", markup=False)
        return 130
    except Exception as fault:  # the last border: see the docstring
        place = traceback.extract_tb(fault.__traceback__)[-1]
        progress.print(
            f"lawgate: unexpected {type(fault).__name__} at {Path(place.filename).name}:{place.lineno}; "
            "nothing more was released",
            markup=False,
            soft_wrap=True,
        )
        return 1
    return 0
