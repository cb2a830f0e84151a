"""Commands that never match do not load the compiled engine."""

from __future__ import annotations

import subprocess
import sys

import pytest

PROGRAM = """
import sys
from lawgate.cli.main import app
try:
    app(sys.argv[1:])
except SystemExit as ended:
    assert ended.code in (0, 3), ended.code
print([m for m in ("numba", "llvmlite", "lawgate.records.kernel") if m in sys.modules])
"""


@pytest.mark.parametrize("command", [["--help"], ["address", "check"], ["pack", "list"]])
def test_the_engine_is_loaded_by_what_matches_alone(command: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *command], input="12 Main St", capture_output=True, text=True, check=True
    )  # fmt: skip
    assert done.stdout.splitlines()[-1] == "[]"


SEALER = """
import sys
import lawgate.adapters.sealer_server
unwanted = ("django", "pydantic", "numba", "pyarrow", "lawgate.pipeline", "lawgate.wiring", "lawgate.store", "lawgate.gate")
print([m for m in unwanted if m in sys.modules])
"""


def test_the_sealers_process_loads_nothing_of_the_gateway_that_decides_or_remembers() -> None:
    done = subprocess.run([sys.executable, "-c", SEALER], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
