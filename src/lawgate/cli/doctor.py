"""``lawgate doctor``: what is present on this machine and in this home, what is missing, and what that costs."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import typer

from lawgate import wiring
from lawgate.cli.frame import DEFAULT_HOME, HomeOption, JsonOption, say_json, show_table
from lawgate.domain.errors import LawgateError, SettingsError
from lawgate.gate import publish

Row = tuple[str, bool, str]
PYTHON = (3, 11)


def doctor(home: HomeOption = DEFAULT_HOME, as_json: JsonOption = False) -> None:
    """Say what is present, what is missing and what that costs. Ends with 1 only if something needed to answer is missing."""
    needed = [*_machine(), *_home(home)]
    helpful = list(_helpful())
    if as_json:
        say_json(
            [
                {"what": w, "present": p, "note": n, "needed": (w, p, n) in needed}
                for w, p, n in [*needed, *helpful]
            ]
        )
    else:
        show_table("needed", ("what", "", "if missing"), [(w, "yes" if p else "NO", n) for w, p, n in needed])
        show_table(
            "helpful", ("what", "", "if missing"), [(w, "yes" if p else "no", n) for w, p, n in helpful]
        )
    if not all(present for _, present, _ in needed):
        raise typer.Exit(1)


def _machine() -> Iterator[Row]:
    yield f"Python {'.'.join(map(str, PYTHON))} or later", sys.version_info >= PYTHON, "nothing runs"
    verifier = shutil.which(
        "lawgate-verify", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    )
    yield (
        "lawgate-verify",
        verifier is not None,
        "officers cannot open packages here, and the demo cannot show the check",
    )


def _home(home: Path) -> Iterator[Row]:
    there = (home / wiring.SETTINGS_FILE).is_file()
    yield (
        f"a home at {home}",
        there,
        "make one with `lawgate init`; only `demo`, `submission new` and `submission check` work without",
    )
    if there:
        yield (
            "the home opens",
            _works(lambda: wiring.open_home(home)),
            "nothing is received or answered; see what `submission status` says",
        )
        yield (
            "the key that wraps data keys, where the settings say",
            _works(lambda: wiring.require_wrapping_key(home)),
            "nothing is read or released; see [keys] in docs/operations.md",
        )
        yield (
            "a quorum of witnesses that knows this log",
            _works(lambda: _require_quorum(home)),
            "releases are stopped; requests are still recorded",
        )
        yield (
            "the sealer, with a key of its own, who believes the log",
            _works(lambda: _require_sealer(home)),
            "what is logged cannot leave; start the sealer, have it trust the policy, or put the copy of its folder back",
        )
        yield (
            "the policy's signatures, if it has roots",
            _works(lambda: _require_signed(home)),
            "releases are stopped; see `lawgate root`",
        )
        yield (
            "index of records",
            _works(lambda: wiring.records_info(home)),
            "requests are received and decided, none is looked up",
        )


def _require_quorum(home: Path) -> None:
    """Only asking the witnesses tells whether they are there, and whether they have seen this log and no other."""
    gate = wiring.open_home(home)
    with gate.alone():
        publish(gate)


def _require_sealer(home: Path) -> None:
    wiring.require_sealer(home)
    wiring.try_sealer(wiring.open_home(home))


def _require_signed(home: Path) -> None:
    if not wiring.open_home(home).policy_is_signed:
        raise SettingsError("the policy is not signed")


def _helpful() -> Iterator[Row]:
    yield "Go", shutil.which("go") is not None, "the log is not checked by Go's own tools in the tests"
    yield "age", shutil.which("age") is not None, "no other program opens a package in the tests"
    yield "openssl", shutil.which("openssl") is not None, "timestamps are not judged by OpenSSL in the tests"
    vectors = Path(os.environ.get("LAWGATE_VECTORS", "../shared/vectors"))
    yield "third-party vectors (LAWGATE_VECTORS)", vectors.is_dir(), "conformance tests are skipped by name"
    law = Path(os.environ.get("LAWGATE_LAW", "../shared/law"))
    yield (
        "statute texts (LAWGATE_LAW)",
        law.is_dir(),
        "packs' quotations are not compared with the words in the tests",
    )


def _works(step: Callable[[], object]) -> bool:
    try:
        step()
    except (LawgateError, OSError):
        return False
    return True
