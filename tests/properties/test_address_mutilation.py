"""Ten minutes of mutilated addresses (I-3): none is accepted, nothing crashes. ``bench/address_fuzz.py`` takes any time and seed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

FUZZER = Path(__file__).parents[2] / "bench" / "address_fuzz.py"


def fuzzed(seconds: float, seed: int) -> dict[str, object]:
    done = subprocess.run(
        [sys.executable, str(FUZZER), str(seconds), str(seed)], capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    result: dict[str, object] = json.loads(done.stdout)
    return result


def test_no_mutilated_address_is_accepted_in_a_few_seconds() -> None:
    result = fuzzed(5, 11)
    assert result["ok"], result["first"]
    assert all(count > 100 for count in result["tried"].values())  # type: ignore[attr-defined]


@pytest.mark.slow
def test_no_mutilated_address_is_accepted_in_ten_minutes() -> None:
    result = fuzzed(float(os.environ.get("FUZZ_SECONDS", "600")), 12)
    assert result["ok"], result["first"]
