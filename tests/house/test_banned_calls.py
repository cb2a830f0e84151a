"""The banned calls are really banned: each deliberate violation is caught where it stands, and allowed where it belongs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

VIOLATIONS = {
    "datetime-now": "from datetime import UTC, datetime\n\nX = datetime.now(UTC)\n",
    "date-today": "from datetime import date\n\nX = date.today()\n",
    "time-time": "import time\n\nX = time.time()\n",
    "dynamic-import": "import importlib\n\nX = importlib.import_module('json')\n",
    "random": "import random\n\nX = random.random()\n",
    "secrets": "import secrets\n\nX = secrets.token_bytes(32)\n",
    "urandom": "import os\n\nX = os.urandom(32)\n",
    "uuid4": "import uuid\n\nX = uuid.uuid4()\n",
    "pickle": "import pickle\n\nX = pickle.dumps(1)\n",
    "make-receipt": "from lawgate.domain.receipt import make_receipt\n\nX = make_receipt(0, b'', 1, '')\n",
    "print": "print('a name')\n",
}


def banned(snippet: str, filename: str) -> bool:
    """Lint a snippet as if it stood at that place; say whether the ban (and not something else) hit it."""
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "ruff",
            "check",
            "--select",
            "TID251,T201",
            "--no-cache",
            "--stdin-filename",
            filename,
            "-",
        ],
        input=snippet,
        text=True,
        capture_output=True,
        cwd=ROOT,
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr
    return done.returncode == 1


@pytest.mark.parametrize("name", sorted(VIOLATIONS))
def test_a_banned_call_in_a_room_is_caught(name: str) -> None:
    assert banned(VIOLATIONS[name], "src/lawgate/disclosure/seal.py")


def test_a_receipt_may_be_made_where_the_log_is_appended_and_nowhere_else() -> None:
    assert not banned(VIOLATIONS["make-receipt"], "src/lawgate/ledger/append.py")
    assert banned(VIOLATIONS["make-receipt"], "src/lawgate/pipeline.py")


def test_the_clock_and_randomness_belong_to_wiring() -> None:
    assert not banned(VIOLATIONS["datetime-now"], "src/lawgate/wiring/home.py")
    assert not banned(VIOLATIONS["urandom"], "src/lawgate/wiring/home.py")
    assert banned(VIOLATIONS["datetime-now"], "src/lawgate/cli/main.py")
