"""A replay whose process is killed at random moments, and started again until it is done, comes to what an undisturbed one comes to."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from random import Random
from typing import Any

import pytest

LINES = 5000
RUN = "import sys; from lawgate.cli.main import main; main()"
OWN = ("seconds", "processor_seconds", "peak_memory_mb")
"""What differs from run to run."""
ALIKE = "403"
"""Guard sketches reasons under the home's own secret: how many lines it finds alike differs a little from home to home."""


def started(folder: Path) -> subprocess.Popen[bytes]:
    words = ["replay-2025", "--lines", str(LINES), "--seed", "8", "--folder", str(folder), "--json"]
    return subprocess.Popen(
        [sys.executable, "-c", RUN, *words], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )


def counts(raw: bytes) -> list[dict[str, Any]]:
    document = json.loads(raw)
    assert document["sound"]
    for row in document["rows"]:
        row["held_by_code"].pop(ALIKE, None)
        row["why_held"].pop(ALIKE, None)
    return [{name: value for name, value in row.items() if name not in OWN} for row in document["rows"]]


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_killed_at_random_and_started_again_it_comes_to_the_same(tmp_path: Path) -> None:
    began = time.monotonic()
    undisturbed = started(tmp_path / "undisturbed")
    whole, _ = undisturbed.communicate()
    took = time.monotonic() - began
    expected = counts(whole)
    assert undisturbed.returncode == 0
    assert expected[1]["reconciliation_exact"]

    rng = Random(20250807)
    killed = 0
    while True:
        # The first three get so little time that none can end, however much faster the machine has become; later ones more and more.
        most = 0.12 if killed < 3 else 0.25 + 0.1 * killed
        patience = rng.uniform(0.02, most) * took
        with started(tmp_path / "killed") as process:
            try:
                raw, _ = process.communicate(timeout=patience)
                break
            except subprocess.TimeoutExpired:
                process.kill()
                killed += 1
    assert process.returncode == 0
    assert killed >= 3
    assert counts(raw) == expected
    assert json.loads(raw)["resumed"]
